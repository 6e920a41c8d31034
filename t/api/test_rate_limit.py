#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rate limit of all routes. Each test starts a pool of its own on the
stack's database and speaks FastCGI, so that it can choose addresses. Buckets
gain a request a minute, and so none during a test."""

import concurrent.futures
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "t"), os.path.join(TOP, "t", "pool")]

import fastcgi  # noqa: E402
from reeve import create_account, issue_token, new_id  # noqa: E402

PATIENCE_S = 120
NO_LIMIT = 0


class RateLimit(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.account = create_account()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.token = issue_token(self.account)

    def start(self, **keys):
        """Starts a pool; by default nothing is limited."""
        self.socket = self.folder + "/reeve.sock"
        with open(os.environ["REEVE_CONF"]) as f:
            lines = [line for line in f if not line.startswith(
                ("listen", "pid_file", "log", "workers", "token_",
                 "address_", "status_"))]
        values = dict({"listen": self.socket, "log": self.folder + "/log",
                       "workers": 2, "couriers": 0, "token_rate": NO_LIMIT,
                       "address_rate": NO_LIMIT}, **keys)
        config = self.folder + "/reeve.conf"
        with open(config, "w") as f:
            f.write("".join(lines))
            f.write("".join("%s = %s\n" % each for each in values.items()))
        pool = subprocess.Popen([os.environ["REEVE_BIN"], "-c", config])
        self.addCleanup(pool.wait)
        self.addCleanup(pool.terminate)
        end = time.monotonic() + PATIENCE_S
        while not self.listens():
            self.assertIsNone(pool.poll())
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    def listens(self):
        """The socket's file is there before somebody listens at it."""
        try:
            fastcgi.connect(self.socket, PATIENCE_S).close()
        except OSError:
            return False
        return True

    def ask(self, token=None, address="192.0.2.1", path="/v2/token_auth", **how):
        if token is not None:
            how["HTTP_X_AUTH_TOKEN"] = token
        return fastcgi.ask(self.socket, PATIENCE_S, path=path,
                           REMOTE_ADDR=address, **how)

    def statuses(self, count, *arguments, **how):
        return [self.ask(*arguments, **how).status for _ in range(count)]

    def test_a_token_with_too_many_requests_must_wait(self):
        self.start(token_rate=1, token_burst=3)
        # The first request is the address's: nobody knows the token yet.
        self.assertEqual([200] * 4 + [429] * 2, self.statuses(6, self.token))
        # Another address does not help, nor another route or method.
        self.assertEqual(429, self.ask(self.token, "192.0.2.2").status)
        self.assertEqual(429, self.ask(
            self.token, path="/v2/accounts/%s" % self.account).status)
        self.assertEqual(429, self.ask(self.token, path="/v2/account").status)
        self.assertEqual(429, self.ask(self.token, method="DELETE").status)

    def test_the_answer_says_when_to_try_again(self):
        self.start(token_rate=1, token_burst=1)
        self.statuses(2, self.token)
        answer = self.ask(self.token)
        self.assertEqual(429, answer.status)
        head = answer.stdout.partition(b"\r\n\r\n")[0].decode()
        wait = dict(line.split(": ", 1)
                    for line in head.split("\r\n"))["Retry-After"]
        self.assertIn(int(wait), range(1, 61))
        self.assertEqual("too_many_requests",
                         json.loads(answer.body)["message"])

    def test_other_tokens_are_unaffected(self):
        other = issue_token(self.account)
        self.start(token_rate=1, token_burst=3)
        self.assertIn(429, self.statuses(6, self.token))
        self.assertEqual([200] * 4, self.statuses(4, other))

    def test_tokens_of_an_address_that_is_refused_are_unaffected(self):
        self.start(address_rate=1, address_burst=3)
        self.assertEqual(200, self.ask(self.token).status)
        self.assertEqual([401, 401, 429], self.statuses(3))
        self.assertEqual([200] * 20, self.statuses(20, self.token))

    def test_an_address_without_a_token_must_wait(self):
        self.start(address_rate=1, address_burst=3)
        self.assertEqual([401] * 3 + [429], self.statuses(4))
        self.assertEqual(429, self.ask(path="/v2/schemas").status)
        self.assertEqual(429, self.ask(path="/v2/user_auth", method="PUT",
                                       body=b'{"data":{}}').status)
        self.assertEqual(401, self.ask(address="192.0.2.2").status)
        # To say that there is no such path costs as little as to refuse it.
        self.assertEqual(404, self.ask(path="/v2/nonsense").status)

    def test_what_counts_as_one_address(self):
        net = "2001:db8:%x:" % random.getrandbits(15)
        self.start(address_rate=1, address_burst=2)
        self.assertEqual([401, 401], self.statuses(2, address=net + ":1"))
        for address, status in ((net + ":2", 429), (net + "0:9::1", 429),
                                (net + "1::1", 401), ("::ffff:192.0.2.7", 401),
                                ("192.0.2.7", 401), ("::ffff:c000:207", 429)):
            with self.subTest(address):
                self.assertEqual(status, self.ask(address=address).status)

    def test_forged_tokens_count_for_their_address(self):
        self.start(address_rate=1, address_burst=3)
        forged = ["reeve." + (new_id() * 2)[:43] for _ in range(6)]
        self.assertEqual([401] * 3 + [429] * 3,
                         [self.ask(token).status for token in forged])
        self.assertEqual(401, self.ask(forged[0], "192.0.2.2").status)

    def test_tokens_that_are_asked_about_count_for_their_address(self):
        """Also if the caller has a token of their own, with its own rate."""
        self.start(address_rate=1, address_burst=4)
        self.assertEqual([200] * 5, self.statuses(5, self.token))
        about = lambda token: self.ask(
            self.token, path="/v2/auth/tokeninfo", method="POST",
            body=b'{"data":{"token":"%s"}}' % token.encode()).status
        self.assertEqual([401] * 3 + [429] * 2,
                         [about("x.y." + new_id()) for _ in range(5)])
        self.assertEqual([200] * 5, [about(self.token) for _ in range(5)])

    def test_a_refused_request_is_not_read(self):
        self.start(address_rate=1, address_burst=1)
        self.assertEqual([401], self.statuses(1))
        # The body that was announced does not come.
        with fastcgi.connect(self.socket, PATIENCE_S) as sock:
            values = dict(fastcgi.environment("/v2/user_auth", "PUT"),
                          CONTENT_LENGTH="60000",
                          CONTENT_TYPE="application/json")
            sock.sendall(fastcgi.begin() + fastcgi.records(
                fastcgi.PARAMS, fastcgi.pairs(values.items())) +
                fastcgi.record(fastcgi.STDIN, b'{"data":'))
            self.assertEqual(429, fastcgi.read_answer(sock).status)

    def test_a_preflight_is_always_granted(self):
        self.start(address_rate=1, address_burst=1)
        self.assertEqual([401, 429], self.statuses(2))
        self.assertEqual([200] * 3, self.statuses(3, method="OPTIONS"))

    def test_all_workers_count_together(self):
        self.start(workers=4, token_rate=1, token_burst=50)
        self.assertEqual(200, self.ask(self.token).status)
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            statuses = list(threads.map(
                lambda _: self.ask(self.token).status, range(80)))
        self.assertEqual((50, 30), (statuses.count(200), statuses.count(429)))

    def test_nothing_is_limited_at_a_rate_of_0(self):
        self.start(token_burst=1, address_burst=1)
        self.assertEqual([200] * 20, self.statuses(20, self.token))
        self.assertEqual([401] * 20, self.statuses(20))


if __name__ == "__main__":
    unittest.main()
