#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The status page of a pool without a database. REEVE_BIN names the program."""

import json
import os
import re
import signal
import socket
import struct
import sys
import threading
import unittest
from html.parser import HTMLParser

import fastcgi
import test_pool
from test_pool import PATIENCE_S, wait_until

# By hand: 10000.
REQUESTS = int(os.environ.get("REEVE_REQUESTS", "400"))
CLIENTS = 4


class Page:
    def __init__(self, data):
        head, _, body = data.partition(b"\r\n\r\n")
        self.head = head.decode("latin-1")
        self.status = int(self.head.split()[1])
        self.type = re.search(r"(?im)^Content-Type: (.*?)\r?$", self.head)[1]
        self.body = body.decode()

    def json(self):
        return json.loads(self.body)


class StatusCase(test_pool.PoolCase):
    def setUp(self):
        super().setUp()
        self.status_socket = self.path("status.sock")

    def start(self, *arguments, **keys):
        keys.setdefault("status_socket", self.status_socket)
        return super().start(*arguments, **keys)

    def connect_status(self, address=None):
        family = socket.AF_INET if address else socket.AF_UNIX
        sock = socket.socket(family, socket.SOCK_STREAM)
        sock.settimeout(PATIENCE_S)
        self.addCleanup(sock.close)
        sock.connect(address or self.status_socket)
        return sock

    def raw(self, data, address=None):
        with self.connect_status(address) as sock:
            sock.sendall(data)
            received = b""
            while True:
                block = sock.recv(65536)
                if not block:
                    return Page(received)
                received += block

    def get(self, target, address=None, method="GET"):
        return self.raw(f"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n"
                        .encode(), address)

    def status(self):
        return self.get("/status?json").json()

    def requests(self):
        """{(route, status): how many}"""
        return {(each["route"], each["status"]): each["value"]
                for each in self.status().get("requests", [])}

    def workers(self):
        return {each["state"]: each["value"]
                for each in self.status()["workers"]}


class Pages(StatusCase):
    def test_no_page_by_default(self):
        process = super().start(status_socket="")
        self.assertEqual(len(test_pool.children(process.pid)), 2)

    def test_the_same_on_both_sockets(self):
        address = ("127.0.0.1", test_pool.free_port())
        self.start(status_listen="%s:%d" % address)
        for where in (None, address):
            for target, status, body in (
                    ("/ping", 200, r"^pong\n$"),
                    ("/ready", 503, r"^not ready: database: .*no-database"),
                    ("/status", 200, r"(?m)^workers: +2 +idle$"),
                    ("/status?json", 200, r'"workers_configured":2\b'),
                    ("/", 404, "/status"),
                    ("/v2/accounts", 404, "/status")):
                with self.subTest(target, where=where):
                    page = self.get(target, where)
                    self.assertEqual(page.status, status, page.body)
                    self.assertRegex(page.body, body)

    def test_refused_requests(self):
        self.start()
        for data, status in (
                (b"POST /ping HTTP/1.0\r\n\r\n", 405),
                (b"DELETE /status HTTP/1.1\r\nHost: x\r\n\r\n", 405),
                (b"nonsense\r\n\r\n", 400),
                (b"GET /ping\r\n\r\n", 400),
                (b"GET  HTTP/1.0\r\n\r\n", 400),
                (b"GET /ping\0 HTTP/1.0\r\n\r\n", 400),
                (b"GET /" + 4091 * b"x", 400)):
            with self.subTest(data[:40]):
                self.assertEqual(self.raw(data).status, status)
        self.assertEqual(self.get("/ping").status, 200)

    def test_head_has_no_body(self):
        self.start()
        page = self.get("/ping", method="HEAD")
        self.assertEqual((page.status, page.body), (200, ""))
        self.assertIn("Content-Length: 5", page.head)

    def test_silent_visitors_keep_nobody_waiting(self):
        self.start()
        silent = [self.connect_status() for _ in range(40)]
        for sock in silent:
            sock.sendall(b"GET /ping")
        self.assertEqual(self.get("/ping").body, "pong\n")

    def test_mode_of_the_socket(self):
        self.start(listen_mode="0600")

        self.assertEqual(os.stat(self.status_socket).st_mode & 0o7777, 0o600)


# A sample of OpenMetrics: name, labels, value.
SAMPLE = re.compile(
    r'([a-z_]+)((?:\{[a-z]+="(?:[^"\\]|\\["\\n])*"'
    r'(?:,[a-z]+="(?:[^"\\]|\\["\\n])*")*\})?)'
    r' (-?[0-9]+(?:\.[0-9]+)?|NaN)')
# Ends of the names of samples, after that of their family.
SUFFIXES = {"counter": {"_total"}, "gauge": {""}, "info": {"_info"},
            "histogram": {"_bucket", "_count", "_sum"}}


def parse_openmetrics(text):
    """{family: {sample with its labels: value}}; raises AssertionError if the
    text is not well formed."""
    *rows, last, empty = text.split("\n")
    assert (last, empty) == ("# EOF", ""), text[-40:]
    families, name, kind = {}, None, None
    for row in rows:
        if row.startswith("# TYPE "):
            _, _, name, kind = row.split(" ")
            assert kind in SUFFIXES and name not in families, row
            families[name] = {}
        elif row.startswith("# HELP "):
            assert row.startswith("# HELP %s " % name), row
            assert not families[name], row
        else:
            sample = SAMPLE.fullmatch(row)
            assert sample, row
            assert sample[1][:len(name)] == name, row
            assert sample[1][len(name):] in SUFFIXES[kind], row
            assert sample[1] + sample[2] not in families[name], row
            families[name][sample[1] + sample[2]] = sample[3]
    assert all(families.values()), families
    return families


class Outline(HTMLParser):
    """The cells of each row of a page's tables. Raises on a tag that does not
    belong where it stands."""
    INSIDE = {"tr": "table", "td": "tr", "th": "tr"}
    ENDED = {"html", "head", "title", "style", "body", "h1", "h2", "table",
             "tr"}

    def __init__(self, text):
        super().__init__()
        self.open, self.rows = [], []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        assert tag in self.ENDED | {"meta", "td", "th"}, tag
        assert tag not in self.INSIDE or \
            self.open[-1] == self.INSIDE[tag], self.open
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        if tag in self.ENDED:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        if self.open and self.open[-1] == "tr":
            self.rows[-1][-1] += data


class Forms(StatusCase):
    """All forms have the same figures, and are what they say they are."""

    def setUp(self):
        super().setUp()
        self.start()
        self.ask(path="/v2/schemas")
        wait_until(lambda: ("GET schemas", "2xx") in self.requests())

    def test_openmetrics(self):
        page = self.get("/status?openmetrics")
        self.assertEqual("application/openmetrics-text; version=1.0.0; "
                         "charset=utf-8", page.type)
        families = parse_openmetrics(page.body)
        names = set()
        for name in self.status():
            names.add("reeve_" + re.sub(r"(?<=_seconds)_(bucket|count|sum)$",
                                        "", name))
        self.assertEqual(names, set(families))
        self.assertEqual({
            'reeve_requests_total{route="%s",status="%s"}' % labels: str(value)
            for labels, value in self.requests().items()
        }, families["reeve_requests"])
        self.assertEqual({'reeve_places{for="bookkeeper"}': "1",
                          'reeve_places{for="one account"}': "1",
                          'reeve_places{for="all"}': "1"},
                         families["reeve_places"])

    def test_the_parser_refuses_what_is_not_openmetrics(self):
        for label, text in (
                ("no end", "# TYPE a gauge\n# HELP a A.\na 1\n"),
                ("after the end", "# TYPE a gauge\na 1\n# EOF\n\n"),
                ("counter without _total", "# TYPE a counter\na 1\n# EOF\n"),
                ("family twice", "# TYPE a gauge\na 1\n# TYPE a gauge\na 1\n"
                                 "# EOF\n"),
                ("sample twice", "# TYPE a gauge\na 1\na 1\n# EOF\n"),
                ("quote", '# TYPE a gauge\na{b="""} 1\n# EOF\n'),
                ("help of another", "# TYPE a gauge\n# HELP b B.\na 1\n"
                                    "# EOF\n")):
            with self.subTest(label), self.assertRaises(AssertionError):
                parse_openmetrics(text)

    def test_html(self):
        page = self.get("/status?html&full")
        self.assertEqual("text/html; charset=utf-8", page.type)
        self.assertNotIn("<script", page.body)
        rows = Outline(page.body).rows
        self.assertIn(["requests_total", "GET schemas", "2xx", "1"],
                      [[cell.strip() for cell in row] for row in rows])
        self.assertIn("Requests that were answered",
                      [row[0] for row in rows if len(row) == 1])
        self.assertEqual(3, sum(len(row) == 7 and row[1] in
                                ("worker", "status") for row in rows))

    def test_text_is_aligned(self):
        for row in self.get("/status").body.splitlines():
            with self.subTest(row):
                self.assertRegex(row, r"^[a-z_]+: +(?<=^.{34})\S+"
                                      r"( +(?<=^.{46})\S.*)?$")


class Counts(StatusCase):
    def test_equal_what_the_client_counted(self):
        """REEVE_REQUESTS: how many requests, instead of 400."""
        self.start(workers=3, max_requests=7)
        asked = {}
        lock = threading.Lock()
        cases = [("/v2/nonsense", "GET"), ("/v2/schemas", "GET"),
                 ("/v2/schemas/none", "GET"), ("/v2/token_auth", "GET"),
                 ("/v2/schemas", "PUT"), ("/v2/user_auth", "PUT")]

        def client(number):
            for i in range(number, REQUESTS, CLIENTS):
                path, method = cases[i % len(cases)]
                status = self.ask(path=path, method=method).status
                with lock:
                    key = path, method, f"{status // 100}xx"
                    asked[key] = asked.get(key, 0) + 1

        before = self.requests()
        threads = [threading.Thread(target=client, args=[n])
                   for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # The page may be asked before the last worker has counted.
        counted = wait_until(lambda: self.counted(before, REQUESTS))
        labels = {"/v2/nonsense": "none", "/v2/schemas": "GET schemas",
                  "/v2/schemas/none": "GET schemas/{SCHEMA}",
                  "/v2/token_auth": "GET token_auth",
                  "/v2/user_auth": "PUT user_auth"}
        expected = {}
        for (path, method, status), n in asked.items():
            label = "none" if (path, method) == ("/v2/schemas", "PUT") \
                else labels[path]
            expected[label, status] = expected.get((label, status), 0) + n
        self.assertEqual(counted, expected)
        status = self.status()
        self.assertEqual(status["request_duration_seconds_count"],
                         sum(self.requests().values()))
        last = status["request_duration_seconds_bucket"][-1]
        self.assertEqual((last["le"], last["value"]),
                         ("+Inf", status["request_duration_seconds_count"]))
        starts = {each["role"]: each["value"]
                  for each in status["process_starts"]}
        self.assertGreaterEqual(starts["worker"], REQUESTS // 7)

    def counted(self, before, total):
        now = self.requests()
        counted = {key: now[key] - before.get(key, 0) for key in now
                   if now[key] != before.get(key, 0)}
        return counted if sum(counted.values()) >= total else None

    def test_the_dead(self):
        process = self.start()
        worker = self.process("worker")
        self.kill(worker)
        wait_until(lambda: {"role": "worker", "how": "died", "value": 1}
                   in self.status()["process_deaths"])
        wait_until(lambda: self.workers()["idle"] == 2)
        self.assertIsNone(process.poll())

    def test_reloads(self):
        process = self.start()
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.status()["reloads"] == 1)

    def kill(self, pid):

        os.kill(pid, signal.SIGKILL)

    def process(self, role):
        return next(each["pid"]
                    for each in self.get("/status?json&full")
                    .json()["each_process"] if each["role"] == role)

    def test_a_dead_status_process_is_replaced(self):
        self.start()
        before = self.process("status")
        self.kill(before)
        wait_until(lambda: self.process("status") != before)


class Log(StatusCase):
    def test_every_answer_has_its_request_id(self):
        self.start(log_level="info")
        for path, status in (("/v2/schemas", 200), ("/v2/none", 404),
                             ("/v2/token_auth", 401)):
            with self.subTest(path):
                identity = "id-of-" + path.rpartition("/")[2]
                self.ask(path=path, HTTP_X_REQUEST_ID=identity)
                self.wait_for_log(rf"info \[\d+\] {identity} GET {path}: "
                                  rf"{status} in \d+ ms")

    def test_an_error_that_repeats_is_a_line_and_then_a_count(self):
        process = self.start(workers=1, log_level="info")
        for i in range(30):
            answer = self.ask(path=f"/v2/accounts/{i:032x}/services",
                              HTTP_X_AUTH_TOKEN="x",
                              HTTP_X_REQUEST_ID=f"id{i}")
            self.assertEqual(answer.status, 503)
        process.send_signal(signal.SIGQUIT)
        self.assertEqual(process.wait(PATIENCE_S), 0)
        said = self.said()
        whole = re.findall(r"error \[\d+\] id\d+ .*: 503: (.*)", said)
        counts = re.findall(r"error \[\d+\] - (\d+) times in \d+ s: "
                            r"503: (.*)", said)
        self.assertEqual(len(whole) + sum(int(n) for n, _ in counts), 30)
        self.assertEqual(len(set(whole)), len(whole), said)
        self.assertLessEqual({event for _, event in counts}, set(whole))
        for i in range(30):
            self.assertRegex(said, rf"info \[\d+\] id{i} GET .*: 503 in")

    def slow(self, **keys):
        """A request whose body takes more than a second."""
        process = self.start(log_level="info", **keys)
        sock = self.half_request(process)
        wait_until(lambda: any(
            each["state"] == "busy" and each["state_ms"] > 1000 for each in
            self.get("/status?json&full").json()["each_process"]))
        self.finish(sock)
        self.wait_for_log(r"PUT /v2/user_auth: \d+ in \d{4,} ms")

    def test_slow_requests(self):
        self.slow(slow_log="1s")
        self.wait_for_log(r"warn .* slow: PUT /v2/user_auth: \d{4,} ms, of "
                          r"which \d+ ms in \d+ calls of the database; the "
                          r"longest: \w+ with \d+ ms")

    def test_no_slow_log(self):
        self.slow(slow_log="0")
        self.assertNotIn("slow:", self.said())


class Gone(StatusCase):
    """Clients that have gone while a worker was busy with another request."""

    def setUp(self):
        super().setUp()
        self.port = test_pool.free_port()

    def start_one(self, is_tcp):
        """A pool of one worker, and its address."""
        if not is_tcp:
            return self.start(workers=1), self.socket
        address = "127.0.0.1", self.port
        return self.start(workers=1, listen="%s:%d" % address,
                          address=address), address

    def dropped(self):
        return self.status()["requests_dropped"]

    def queue(self, address, how):
        """A request that waits for the worker; how its client treats it."""
        before = self.status()["queue_connections"]
        sock = self.connect(fastcgi.request(path="/v2/" + how), address)
        wait_until(lambda: self.status()["queue_connections"] > before)
        if how == "close":
            sock.close()
        elif how == "finish":
            sock.shutdown(socket.SHUT_WR)
        elif how == "reset":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                            struct.pack("ii", 1, 0))
            sock.close()
        return sock

    def test_only_requests_without_a_client_are_dropped(self):
        for is_tcp in (False, True):
            with self.subTest(tcp=is_tcp):
                process, address = self.start_one(is_tcp)
                busy = self.half_request(process, address=address)
                waiting = {how: self.queue(address, how)
                           for how in ("close", "stay", "finish", "reset")}
                self.finish(busy)
                for how in ("stay", "finish"):
                    answer = fastcgi.read_answer(waiting[how], True)
                    self.assertEqual((answer.status, answer.ended),
                                     (404, True), how)
                self.assertEqual(self.dropped(), 2)
                for how in ("close", "reset"):
                    self.assertNotIn("/v2/" + how, self.said())
                self.end(process)

    def test_a_request_that_has_begun_is_finished(self):
        for is_tcp in (False, True):
            with self.subTest(tcp=is_tcp):
                process, address = self.start_one(is_tcp)
                before = self.requests().get(("PUT user_auth", "4xx"), 0)
                sock = self.half_request(process, address=address)
                sock.sendall(fastcgi.records(fastcgi.STDIN, b'ta":{}}'))
                sock.close()
                wait_until(lambda: self.requests().get(
                    ("PUT user_auth", "4xx"), 0) == before + 1)
                self.assertEqual(self.dropped(), 0)
                self.end(process)


class Trouble(StatusCase):
    def test_answered_while_every_worker_hangs(self):
        process = self.start()
        hanging = [self.half_request(process) for _ in range(2)]
        wait_until(lambda: self.workers()["busy"] == 2)
        # Four more wait in the queue.
        for _ in range(4):
            self.connect()
        self.assertEqual(self.status()["queue_connections"], 4)
        self.assertEqual(self.get("/ping").status, 200)
        for sock in hanging:
            self.finish(sock)

    def test_not_ready_while_the_pool_stops(self):
        process = self.start()
        hanging = self.half_request(process)
        process.send_signal(signal.SIGQUIT)
        wait_until(lambda: "stops" in self.get("/ready").body)
        self.assertEqual(self.get("/ready").status, 503)
        self.assertEqual(self.status()["draining"], 1)
        self.finish(hanging)
        self.assertEqual(process.wait(PATIENCE_S), 0)

    def test_a_frozen_database_stops_nothing(self):
        self.start(db_read_timeout="1h", db_connect_timeout="1h")
        frozen = test_pool.listening_unix(self.path("no-database"))
        self.addCleanup(frozen.close)
        page = self.get("/ready")
        self.assertEqual(page.status, 503)
        self.assertIn("database", page.body)
        self.assertEqual(self.get("/status").status, 200)

    def test_one_process_says_that_it_has_none(self):
        self.start(workers=0)
        self.assertRegex(self.said(), "status.sock: one process has no status "
                                      "page")


if __name__ == "__main__":
    sys.exit(unittest.main())
