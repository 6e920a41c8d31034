#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guessing is slow. Each test uses an address of its own and runs a CGI
request, because the limit counts addresses and must not affect other tests."""

import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import database, md5, new_id  # noqa: E402


class LoginLimit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(os.environ["REEVE_CONF"]) as f:
            lines = [line for line in f if not line.startswith("login_")]
        cls.config = tempfile.NamedTemporaryFile("w", suffix=".conf")
        # One attempt an hour: none comes back during a test.
        cls.config.write("".join(lines) +
                         "\nlogin_burst = 3\nlogin_refill = 1h\n")
        cls.config.flush()

    @classmethod
    def tearDownClass(cls):
        cls.config.close()

    def log_in(self, client, path="/v2/user_auth", **data):
        body = json.dumps({"data": data or {
            "credentials": md5("ann", new_id()), "realm": "no.example"}})
        done = subprocess.run(
            [os.environ["REEVE_BIN"]], input=body.encode(), capture_output=True,
            env={"REEVE_CONFIG": self.config.name, "REQUEST_METHOD": "PUT",
                 "GATEWAY_INTERFACE": "CGI/1.1", "PATH_INFO": path,
                 "REMOTE_ADDR": client, "CONTENT_LENGTH": str(len(body)),
                 "CONTENT_TYPE": "application/json"}, check=True)
        head = done.stdout.decode().split("\r\n\r\n")[0]
        headers = dict(line.split(": ", 1) for line in head.split("\r\n"))
        return int(headers["Status"].split()[0]), headers

    def test_after_a_few_attempts_a_client_must_wait(self):
        client, begun = "192.0.2." + new_id()[:20], time.time()
        self.assertEqual([401, 401, 401, 429],
                         [self.log_in(client)[0] for _ in range(4)])
        status, headers = self.log_in(client)
        self.assertEqual(429, status)
        passed = int(time.time() - begun) + 1
        self.assertIn(int(headers["Retry-After"]),
                      range(3600 - passed, 3601))

    def test_other_clients_need_not_wait(self):
        client = "192.0.2." + new_id()[:20]
        for _ in range(4):
            self.log_in(client)
        self.assertEqual(401, self.log_in(client + "x")[0])

    def test_attempts_come_back_with_time(self):
        client = "192.0.2." + new_id()[:20]
        for _ in range(4):
            self.log_in(client)
        database("UPDATE login_bucket SET updated = updated - 3600 WHERE "
                 "client = '%s'" % client)
        self.assertEqual([401, 429], [self.log_in(client)[0]
                                      for _ in range(2)])

    def test_keys_and_passwords_share_the_limit(self):
        client = "192.0.2." + new_id()[:20]
        statuses = [self.log_in(client, "/v2/api_auth", api_key="0" * 64)[0]
                    for _ in range(3)] + [self.log_in(client)[0]]
        self.assertEqual([401, 401, 401, 429], statuses)


if __name__ == "__main__":
    unittest.main()
