#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nginx configuration in front of a pool without a database, and without a
pool. REEVE_BIN names the program.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import unittest

import test_pool
import test_status

NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
CONFIGURATION = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "../../nginx")


class Reply:
    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers.setdefault(name.lower(), []).append(value.strip())


@unittest.skipUnless(NGINX, "no nginx here")
class NginxCase(test_pool.PoolCase):
    def setUp(self):
        super().setUp()
        os.chmod(self.dir, 0o755)
        self.port = test_pool.free_port()
        self.start_nginx()

    def start_nginx(self):
        with open(os.path.join(CONFIGURATION, "nginx-private.conf.in")) as file:
            text = file.read()
        for name in os.listdir(CONFIGURATION):
            os.symlink(os.path.abspath(os.path.join(CONFIGURATION, name)),
                       self.path("site-" + name if name == "reeve.conf"
                                 else name))
        for name, value in (("PORT", self.port), ("SOCKET", self.socket),
                            ("RUNDIR", self.dir)):
            text = text.replace(f"@{name}@", str(value))
        with open(self.path("nginx.conf"), "w") as file:
            file.write(text)
        done = subprocess.run([NGINX, "-e", self.path("nginx-error.log"),
                               "-c", self.path("nginx.conf")],
                              stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.addCleanup(self.stop_nginx)

    def stop_nginx(self):
        with open(self.path("nginx.pid")) as file:
            pid = int(file.read())
        os.kill(pid, signal.SIGTERM)
        test_pool.wait_until(lambda: not test_pool.is_alive(pid))

    def access_log(self):
        with open(self.path("nginx-access.log")) as file:
            return file.read()

    def raw(self, data):
        with socket.create_connection(("127.0.0.1", self.port),
                                      test_pool.PATIENCE_S) as sock:
            sock.sendall(data)
            received = b""
            while True:
                try:
                    block = sock.recv(65536)
                except ConnectionResetError:
                    break
                if not block:
                    break
                received += block
        return Reply(received)

    def get(self, target, method="GET", body=b"", **headers):
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost",
                 "Connection: close"]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        lines += [f"{name.replace('_', '-')}: {value}"
                  for name, value in headers.items()]
        return self.raw("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def assert_error(self, reply, status, message):
        """An error of nginx, in the form of the pool's errors."""
        self.assertEqual(reply.status, status)
        self.assertEqual(reply.headers["content-type"], ["application/json"])
        self.assertEqual(reply.headers["access-control-allow-origin"], ["*"])
        envelope = json.loads(reply.body)
        self.assertEqual(envelope["status"], "error")
        self.assertEqual(envelope["error"], str(status))
        self.assertEqual(envelope["message"], message)
        self.assertEqual(envelope["version"], "5.0.0")
        self.assertTrue(envelope["data"]["message"])
        self.assertEqual(reply.headers["x-request-id"],
                         [envelope["request_id"]])

    def assert_of_pool(self, reply, status):
        """Only the pool's envelopes carry a node."""
        self.assertEqual(reply.status, status, reply.body)
        self.assertIn("node", json.loads(reply.body))
        self.assertEqual(reply.headers["content-type"], ["application/json"])
        self.assertEqual(reply.headers["access-control-allow-origin"], ["*"])


class Nginx(NginxCase):
    def test_errors_of_the_pool_pass(self):
        self.start()
        for target in ("/v2/nonsense", "/v1/nonsense", "/v3/nonsense", "/v2",
                       "/v2//nonsense", "/v2/accounts//services"):
            with self.subTest(target):
                self.assert_of_pool(self.get(target), 404)
        reply = self.get("/v2/user_auth", method="PUT", body=b"{ no JSON")
        self.assert_of_pool(reply, 400)
        reply = self.get(f"/v2/accounts/{32 * 'a'}/services/audit",
                         X_Auth_Token="any")
        self.assert_of_pool(reply, 503)
        self.assertEqual(reply.headers["retry-after"], ["5"])

    def test_empty_account_reaches_the_pool(self):
        self.start()
        self.get("/v2/accounts//services/audit")
        self.wait_for_log("/v2/accounts//services/audit")

    def test_authorization_reaches_the_pool(self):
        self.start()
        target = f"/v2/accounts/{32 * 'a'}/services/audit"
        self.assertEqual(self.get(target).status, 401)
        # A lookup needs the database.
        self.assertEqual(self.get(target, Authorization="Bearer x").status,
                         503)

    def test_request_id(self):
        self.start()
        reply = self.get("/v2/nonsense")
        self.assertRegex(reply.headers["x-request-id"][0], "^[0-9a-f]{32}$")
        self.assertEqual(json.loads(reply.body)["request_id"],
                         reply.headers["x-request-id"][0])
        reply = self.get("/v2/nonsense", X_Request_ID="mine")
        self.assertEqual(reply.headers["x-request-id"], ["mine"])

    def test_head_and_options(self):
        self.start()
        reply = self.get("/v2/nonsense", method="HEAD")
        self.assertEqual((reply.status, reply.body), (404, b""))
        reply = self.get("/v2/user_auth", method="OPTIONS")
        self.assertEqual(reply.headers["access-control-allow-origin"], ["*"])
        self.assertEqual(reply.status, 200)

    def test_body_just_above_the_limit_of_the_pool(self):
        self.start()
        reply = self.get("/v2/user_auth", method="PUT", body=8000001 * b"x")
        self.assert_of_pool(reply, 413)

    def test_no_pool(self):
        reply = self.get("/v2/nonsense")
        self.assert_error(reply, 503, "datastore_unreachable")
        self.assertEqual(reply.headers["retry-after"], ["5"])

    def test_a_pool_started_later_is_used(self):
        self.assertEqual(self.get("/v2/nonsense").status, 503)
        self.start()
        self.assert_of_pool(self.get("/v2/nonsense"), 404)

    def test_a_worker_dies_during_a_request(self):
        self.configure()
        with test_pool.listening_unix(self.socket) as sock:
            with socket.create_connection(("127.0.0.1", self.port)) as client:
                client.sendall(b"GET /v2/x HTTP/1.0\r\n\r\n")
                sock.settimeout(test_pool.PATIENCE_S)
                sock.accept()[0].close()
                reply = Reply(client.makefile("rb").read())
        self.assert_error(reply, 503, "datastore_unreachable")

    def test_own_errors(self):
        self.start()
        for data, status, message in (
                (b"nonsense\r\n\r\n", 400, "validation error"),
                (b"GET /%00 HTTP/1.0\r\n\r\n", 400, "validation error"),
                (b"GET /v2/x HTTP/1.1\r\n\r\n", 400, "validation error"),
                (b"TRACE / HTTP/1.0\r\n\r\n", 405, "invalid_method"),
                (b"PUT /v2/user_auth HTTP/1.0\r\nContent-Length: 17000000\r\n"
                 b"\r\n", 413, "payload_too_large"),
                (b"GET /" + 9000 * b"x" + b" HTTP/1.0\r\n\r\n", 414,
                 "uri_too_long"),
                (b"GET / HTTP/1.0\r\nX: " + 9000 * b"x" + b"\r\n\r\n", 431,
                 "headers_too_large"),
                (b"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: odd\r\n"
                 b"\r\n", 501, "not_implemented"),
                (b"GET / HTTP/3.0\r\n\r\n", 505, "version_not_supported")):
            with self.subTest(data[:40]):
                reply = self.raw(data)
                self.assert_error(reply, status, message)
                self.assertNotIn("retry-after", reply.headers)

    def test_longest_request_fits_a_record(self):
        self.start()
        target = "/v2/nonsense?" + 8100 * "q"
        headers = {f"X_{i}": 8000 * "h" for i in range(3)}
        self.assert_of_pool(self.get(target, **headers), 404)

    def test_error_addresses_are_not_for_clients(self):
        reply = self.get("/:error/400;/any/text")
        self.assert_error(reply, 404, "not_found")


class Console(NginxCase):
    """Exactly "/" and "/console/" are files, whatever the console consists of."""

    FILES = {"index.html": ("text/html", "<title>Console</title>"),
             "main.js": ("text/javascript", "start();" * 100),
             "console.css": ("text/css", "a { b: c }" * 100),
             "icons.svg": ("image/svg+xml", "<svg/>"),
             "lib/lit-html.js": ("text/javascript", "library")}

    def setUp(self):
        super().setUp()
        os.unlink(self.path("console"))
        for name, (_, text) in self.FILES.items():
            path = self.path("console/" + name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text)

    def file(self, path, method="GET", head=""):
        return self.raw((
            f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            f"{head}\r\n").encode())

    def test_files_have_their_type_and_the_policy(self):
        with open(os.path.join(CONFIGURATION, "console-policy")) as file:
            policy = file.read().strip()
        for path, name in [("/", "index.html"), ("/?x=1", "index.html"),
                           *(("/console/" + name, name) for name in self.FILES)]:
            with self.subTest(path):
                reply = self.file(path)
                self.assertEqual(200, reply.status)
                kind, text = self.FILES[name]
                self.assertIn(text, reply.body.decode())
                self.assertEqual(kind, reply.headers["content-type"][0].split(
                    ";")[0])
                for header, value in (("content-security-policy", policy),
                                      ("x-content-type-options", "nosniff"),
                                      ("referrer-policy", "no-referrer"),
                                      ("cache-control", "no-cache")):
                    self.assertEqual([value], reply.headers.get(header))
                self.assertIn("etag", reply.headers)

    def test_scripts_and_styles_are_compressed(self):
        for name in ("main.js", "console.css"):
            with self.subTest(name):
                reply = self.file("/console/" + name,
                                 head="Accept-Encoding: gzip\r\n")
                self.assertEqual(["gzip"], reply.headers["content-encoding"])

    def test_all_else_stays_as_it_was(self):
        self.start()
        for label, method, path, status in (
                ("a change of a file", "POST", "/", 405),
                ("a change below", "PUT", "/console/main.js", 405),
                ("no such file", "GET", "/console/none.js", 404),
                ("a folder", "GET", "/console/lib/", 404),
                ("out of the folder", "GET", "/console/../nginx.conf", 404),
                ("out of it, encoded", "GET", "/console/%2e%2e/nginx.conf", 404),
                ("out of it by a link", "GET", "/console/..%2fnginx.conf", 404),
                ("the name without a slash", "GET", "/console", 404),
                ("a file without the folder", "GET", "/main.js", 404),
                ("a path of the API", "GET", "/v2/none", 404),
                ("an empty account", "GET", "/v2/accounts//users", 404)):
            with self.subTest(label):
                reply = self.file(path, method, "Content-Length: 0\r\n")
                self.assertEqual(status, reply.status, reply.body)
                self.assertEqual("error", json.loads(reply.body)["status"])

    def test_without_its_library_it_says_what_is_missing(self):
        os.unlink(self.path("console/lib/lit-html.js"))
        reply = self.file("/")
        self.assertEqual(404, reply.status)
        self.assertIn("console-lib", reply.body.decode())


class AccessLog(NginxCase):
    """Lines of nginx's log: the id of the request, and nothing of its query."""

    def line(self, number):
        test_pool.wait_until(
            lambda: self.access_log().count("\n") > number)
        return self.access_log().split("\n")[number]

    def test_no_query_and_the_id_of_the_request(self):
        self.start()
        token = "auth_token=" + 32 * "5"
        rows = (
            ("of the pool", "GET", "/v2/about", "/v2/about", 404),
            ("refused by the pool", "GET", "/v2/nonsense", "/v2/nonsense",
             404),
            ("an escape stays as it is", "GET", "/v2/a%0Ab", "/v2/a%0Ab", 404),
            ("an error of nginx", "TRACE", "/v2/about", "/v2/about", 405),
            ("nginx's own address", "GET", "/:error/400;/any/text",
             "/:error/400;/any/text", 404))
        for number, (label, method, target, path, status) in enumerate(rows):
            with self.subTest(label):
                reply = self.get(f"{target}?{token}&a=b?c", method=method)
                self.assertEqual(reply.status, status)
                line = self.line(number)
                self.assertIn(f' "{method} {path} HTTP/1.1" {status} ', line)
                self.assertIn(reply.headers["x-request-id"][0], line)
                self.assertNotIn("5555", line)
                self.assertNotIn("?", line)

    def test_the_id_of_a_client(self):
        self.start()
        self.get("/v2/about", X_Request_ID="mine")
        self.assertIn(' "mine"', self.line(0))


class Gone(test_status.StatusCase, NginxCase):
    """Clients that do not wait for their answers."""

    def queue(self):
        return self.status()["queue_connections"]

    def abandon(self, target, has_arrived):
        """Closes the client's connection when the pool has its request."""
        with socket.create_connection(("127.0.0.1", self.port)) as sock:
            sock.sendall(f"PUT {target} HTTP/1.1\r\nHost: localhost\r\n"
                         "Content-Length: 2\r\n\r\n{}".encode())
            test_pool.wait_until(has_arrived)
        test_pool.wait_until(lambda: f'PUT {target} HTTP/1.1" 499'
                             in self.access_log())

    def test_what_waits_is_dropped(self):
        process = self.start(workers=1)
        busy = self.half_request(process)
        for count, target in enumerate(("/v2/schemas", "/v2/user_auth"), 1):
            self.abandon(target, lambda: self.queue() == count)
        self.finish(busy)
        test_pool.wait_until(lambda: self.status()["requests_dropped"] == 2)
        self.assert_serves()
        self.assertNotIn("PUT /v2/schemas", self.said())


if __name__ == "__main__":
    if not os.access(test_pool.REEVE, os.X_OK):
        sys.exit(f"{test_pool.REEVE}: no such program; set REEVE_BIN")
    unittest.main()
