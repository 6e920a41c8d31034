# SPDX-License-Identifier: GPL-3.0-or-later
"""The bookkeeper of the tests: an HTTP server that records requests. The last
part of the path selects the answer: /200, /402, /500, /hang, /reset, /slow,
/held, /garbage, /redirect, /declined, /tokenless; /next takes answers from a
list.
"""

import collections
import http.server
import json
import socket
import struct
import threading
import time

Told = collections.namedtuple("Told", "path headers body account delivery "
                              "begun ended")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.bookkeeper.got.append(self.path)
        self.answer(200, b"{}")

    def do_POST(self):
        begun = time.monotonic()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        data = json.loads(body)
        account = data.get("Account-ID") or data.get("account_id")
        bookkeeper = self.server.bookkeeper
        how = bookkeeper.how or self.path.rpartition("/")[2]
        if how == "next":
            with bookkeeper.lock:
                how = bookkeeper.answers.pop(0) if bookkeeper.answers else "200"
        told = Told(self.path, dict(self.headers), body, account,
                    self.headers["Reeve-Delivery-ID"], begun, None)
        with bookkeeper.lock:
            bookkeeper.told.append(told)
            bookkeeper.under_way[account] += 1
            bookkeeper.most = max(bookkeeper.most, sum(
                bookkeeper.under_way.values()))
            if bookkeeper.under_way[account] > 1:
                bookkeeper.overlaps.append(account)
        try:
            getattr(self, "how_" + how, self.how_status)(how)
        except (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            with bookkeeper.lock:
                bookkeeper.under_way[account] -= 1

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def how_status(self, how):
        time.sleep(self.server.bookkeeper.delay)
        body = {"message": "as %s" % how}
        if how == "200":
            body["status"] = "success"
        self.answer(int(how), json.dumps(body).encode())

    def how_picky(self, how):
        """Has an error for some accounts only."""
        told = self.server.bookkeeper.told[-1]
        refused = told.account in self.server.bookkeeper.refused
        self.how_status("500" if refused else "200")

    def how_missing(self, how):
        self.answer(404, b"{}")

    def how_declined(self, how):
        self.answer(200, json.dumps({
            "Status": "error", "Reason": "no_card",
            "Message": "the card has expired"}).encode())

    def how_gateway(self, how):
        """Declines a repetition of the charge in progress, as many gateways
        do."""
        bookkeeper = self.server.bookkeeper
        delivery = self.headers["Reeve-Delivery-ID"]
        with bookkeeper.lock:
            under_way = delivery in bookkeeper.charging
            bookkeeper.charging.add(delivery)
        if under_way:
            self.answer(200, b'{"status": "error", "reason": "duplicate"}')
            return
        time.sleep(0.5)
        bookkeeper.charging.discard(delivery)
        self.answer(200, b'{"status": "Success"}')

    def how_underway(self, how):
        self.answer(200, b'{"status": "pending"}')

    def how_tokenless(self, how):
        self.answer(200, json.dumps({
            "Status": "error", "Reason": "no_payment_token"}).encode())

    def how_text(self, how):
        self.answer(200, b"well done")

    def how_hang(self, how):
        self.server.bookkeeper.release.wait(600)
        self.close_connection = True

    def how_held(self, how):
        """Says yes when it is let go."""
        self.server.bookkeeper.release.wait(600)
        self.answer(200, b'{"status": "success"}')

    def how_slow(self, how):
        """Sends the header at once, and then single bytes, slowly."""
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(100):
            if self.server.bookkeeper.release.wait(0.2):
                break
            self.wfile.write(b" ")
        self.close_connection = True

    def how_reset(self, how):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                                   struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def how_garbage(self, how):
        self.wfile.write(b"\x00\xff this is not HTTP\r\n\r\n")
        self.close_connection = True

    def how_redirect(self, how):
        self.answer(302, b"", Location=self.server.bookkeeper.url("200"))

    def how_long(self, how):
        self.answer(200, b"x" * (1 << 20))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass


class Bookkeeper:
    """Listens at every address of 127.0.0.0/8: to a client, each is a host."""

    def __init__(self):
        self.lock = threading.Lock()
        self.told = []
        self.got = []      # paths of GET: must stay empty
        self.answers = []  # of /next
        self.refused = ()  # accounts, by /picky
        self.delay = 0
        self.release = threading.Event()
        self.under_way = collections.Counter()
        self.most = 0  # the most requests at once
        self.how = None  # the answer to all, whatever the path
        self.charging = set()  # ids that the gateway is charging
        self.overlaps = []  # accounts with two requests at once
        self.server = Server(("0.0.0.0", 0), Handler)
        self.server.bookkeeper = self
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    def url(self, how, host="127.0.0.1"):
        return "http://%s:%d/%s" % (host, self.server.server_port, how)

    def of(self, account):
        with self.lock:
            return [told for told in self.told if told.account == account]

    def close(self):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()
