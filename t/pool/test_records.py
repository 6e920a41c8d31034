#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bytes on the FastCGI socket that are not a request: none ends a worker, holds it
or stays in its memory. REEVE_BIN names the program.
"""

import contextlib
import json
import os
import socket
import struct
import sys
import threading
import time
import unittest

import fastcgi
import test_pool
from fastcgi import ABORT, BEGIN, END, GET_VALUES, PARAMS, STDIN, STDOUT
from fastcgi import begin, pairs, record, records

DATA = 8
UNKNOWN = 99
# Each known name adds to an answer for which libfcgi has 64 bytes.
KNOWN = pairs([("FCGI_MAX_CONNS", ""), ("FCGI_MAX_REQS", ""),
               ("FCGI_MPXS_CONNS", "")] * 8)
VALUES = record(GET_VALUES, KNOWN, 0)
# Of a route that reads the body of anyone.
PARAMETERS = pairs(fastcgi.environment(
    "/v2/user_auth", "PUT", b"{}").items())
HEAD = begin() + records(PARAMS, PARAMETERS)
HALF = begin() + record(PARAMS, PARAMETERS)
TAIL = record(PARAMS) + record(STDIN)


def padded(kind, content, padding, request=1):
    return struct.pack("!BBHHBx", 1, kind, request, len(content),
                       len(padding)) + content + padding


def lengths(name, value, text=64 * b"x"):
    """A parameter whose lengths promise more than its text."""
    return record(PARAMS, struct.pack("!II", 1 << 31 | name, 1 << 31 | value) +
                  text)


# Bytes that a connection sends before it waits for the end. They are not a
# request, so there is no answer.
MANAGEMENT = {
    "values first": VALUES,
    "values after the begin": begin() + VALUES + TAIL,
    "values between parameters": HALF + VALUES + TAIL,
    "values within a parameter": begin() +
        record(PARAMS, PARAMETERS[:3]) + VALUES + TAIL,
    "values in a body": HEAD + VALUES + record(STDIN),
    "values after some body": HEAD + record(STDIN, b"{") + VALUES,
    "values of the request": begin() + record(GET_VALUES, KNOWN) + TAIL,
    "a hundred values": begin() +
        record(GET_VALUES, pairs([("FCGI_MAX_CONNS", "")] * 100), 0) + TAIL,
    "values that are cut off": begin() + VALUES[:40] + TAIL,
    "values in the padding of a begin": padded(
        BEGIN, struct.pack("!HB5x", 1, 0), VALUES[:255]) + TAIL,
    "values in the padding of the parameters' end": HALF +
        padded(PARAMS, b"", VALUES[:255]) + record(STDIN),
    "an unknown type first": record(UNKNOWN, b"", 0),
    "an unknown type": begin() + record(UNKNOWN, b"x" * 500, 0) + TAIL,
    "unknown types in a body": HEAD + record(UNKNOWN, b"", 0) * 200,
    "an abort without an id": begin() + record(ABORT, b"", 0) + TAIL,
}
LENGTHS = {
    "both 2^31 - 2": begin() + lengths(2**31 - 2, 2**31 - 2),
    "both 2^31 - 1": begin() + lengths(2**31 - 1, 2**31 - 1),
    "a name of 2^31 - 2": begin() + lengths(2**31 - 2, 0),
    "a value of 2^31 - 2": begin() + lengths(0, 2**31 - 2),
    "a sum of 2^31": begin() + lengths(2**30, 2**30),
    "a sum of 2^32 - 1": begin() + lengths(2**31 - 1, 2**31 - 2),
    "a sum that wraps to 1": begin() + lengths(2**31 - 3, 2**31 - 2),
    "2 GiB less a page": begin() + lengths(2**31 - 4096, 1),
    "256 MiB": begin() + lengths(2**28, 2**28),
    "after other parameters": HALF + lengths(2**31 - 2, 2**31 - 2),
    "across two records": begin() + record(PARAMS, b"\xff\xff\xff") +
        record(PARAMS, b"\xfe\xff\xff\xff\xfe" + 64 * b"x"),
    "beyond the end": begin() + lengths(200, 200) + TAIL,
    "an end within a length": begin() + record(PARAMS, b"\x80\0") + TAIL,
    "an end between lengths": begin() + record(PARAMS, b"\1") + TAIL,
    "an end within a parameter": begin() +
        record(PARAMS, PARAMETERS[:-1]) + TAIL,
}
ORDER = {
    "HTTP": b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "version 2": b"\x02" + begin()[1:] + TAIL,
    "version 2 later": begin() + b"\x02" + TAIL[1:],
    "parameters first": record(PARAMS, PARAMETERS) + TAIL,
    "a begin without an id": begin(request=0) + TAIL,
    "a short begin": record(BEGIN, b"\0\1\0") + TAIL,
    "a long begin": record(BEGIN, b"\0\1" + 300 * b"\0") + TAIL,
    "another role": begin(role=2) + records(PARAMS, PARAMETERS) + record(STDIN),
    "no role": begin(role=0) + records(PARAMS, PARAMETERS) + record(STDIN),
    "two begins": begin() * 2 + records(PARAMS, PARAMETERS) + record(STDIN),
    "a begin of another": begin() + begin(request=2) + TAIL,
    "a begin in a body": HEAD + begin() + record(STDIN),
    "parameters of another": begin() + records(PARAMS, PARAMETERS, 2),
    "a body of another": HEAD + records(STDIN, b"{}", 2),
    "parameters after their end": HEAD + record(PARAMS, PARAMETERS) +
        record(STDIN),
    "two ends of parameters": HEAD + record(PARAMS) + record(STDIN),
    "a body before the parameters": begin() + record(STDIN, b"{}") + TAIL,
    "the input of a filter": HEAD + record(DATA, b"{}") + record(STDIN),
    "an answer": begin() + record(STDOUT, b"{}") + TAIL,
    "an end": begin() + record(END, 8 * b"\0") + TAIL,
    "an abort": HALF + record(ABORT),
    "an abort in a body": HEAD + record(STDIN, b"{") + record(ABORT),
    "an unknown type": begin() + record(UNKNOWN, b"x" * 500) + TAIL,
}
# Input without an end: the first part once, the second for ever.
ENDLESS = {
    "parameters of many MB": (begin(), record(PARAMS, pairs([
        ("A", 60000 * "x")]))),
    "one long parameter": (begin() + lengths(2**20, 0), record(
        PARAMS, 60000 * b"x")),
    "empty parameters": (begin(), record(PARAMS, 1000 * b"\0\0")),
    "padding among parameters": (begin(), padded(PARAMS, b"\1\0A",
                                                 255 * b"\0")),
    "parameters of another": (begin(), record(PARAMS, PARAMETERS, 2)),
    "padding of another": (begin(), padded(STDIN, b"", 255 * b"\0", 2)),
    "unknown types": (begin(), record(UNKNOWN, b"", 0)),
    "begins": (begin(), begin()),
    "a body": (HEAD, record(STDIN, 60000 * b"x")),
    "padding in a body": (HEAD, padded(STDIN, b"x", 255 * b"\0")),
    "bodies of another": (HEAD, record(STDIN, b"x", 2)),
}
# Parts of a request, after which the web server goes away.
PARTS = {
    "nothing": b"",
    "one byte": b"\x01",
    "seven bytes": begin()[:7],
    "a header": begin()[:8],
    "half a begin": begin()[:12],
    "a begin": begin(),
    "half a header of parameters": begin() + record(PARAMS)[:5],
    "half the parameters": HALF[:-20],
    "parameters without an end": HALF,
    "half an end": HALF + record(PARAMS)[:7],
    "a head": HEAD,
    "half a header of a body": HEAD + record(STDIN)[:3],
    "half a body": HEAD + record(STDIN, b"{}")[:-1],
    "a body without an end": HEAD + record(STDIN, b"{}"),
    "half of the last header": HEAD + record(STDIN, b"{}") + record(STDIN)[:7],
}


class OneWorker(test_pool.PoolCase):
    """A pool of one worker: while that is held or dead, nobody answers."""

    def setUp(self):
        super().setUp()
        self.pool = self.start(workers=1, max_body=10000)
        self.workers = self.wait_for_workers(self.pool.pid, 1)

    def assert_lives(self):
        self.assert_serves()
        self.assertEqual(test_pool.children(self.pool.pid), self.workers,
                         self.said())

    def assert_drops(self, data):
        """The worker ends the connection by itself and answers nothing."""
        answer = fastcgi.read_answer(self.connect(data), until_closed=True)
        self.assertEqual(answer.stdout, b"")


class Attacks(OneWorker):
    def attack(self, table):
        for label, data in table.items():
            with self.subTest(label):
                self.assert_drops(data)
                self.assert_lives()
        self.assertNotIn("died of signal", self.said())

    def test_management_records(self):
        self.attack(MANAGEMENT)

    def test_lengths(self):
        self.attack(LENGTHS)

    def test_order(self):
        self.attack(ORDER)

    def test_byte_by_byte(self):
        for label in ("values after the begin", "an unknown type"):
            self.assert_byte_by_byte(label, MANAGEMENT[label])
        for label in ("both 2^31 - 2", "a sum that wraps to 1"):
            self.assert_byte_by_byte(label, LENGTHS[label])

    def assert_byte_by_byte(self, label, data):
        with self.subTest(label):
            sock = self.connect()
            try:
                for at in range(len(data)):
                    sock.sendall(data[at:at + 1])
            except OSError:
                pass  # it was refused before its end
            fastcgi.read_answer(sock, until_closed=True)
            self.assert_lives()

    def test_what_never_ends(self):
        for label, (first, again) in ENDLESS.items():
            with self.subTest(label):
                self.assert_ends(first, again)
                self.assert_lives()

    def assert_ends(self, first, again):
        sock = self.connect(first)
        sock.settimeout(test_pool.PATIENCE_S)
        reader = threading.Thread(target=fastcgi.read_answer,
                                  args=(sock, True))
        reader.start()
        block = again * (1 + 65536 // len(again))
        with self.assertRaises(OSError):
            for _ in range(2**34 // len(block)):
                sock.sendall(block)
        reader.join()

    def test_nothing_stays_in_memory(self):
        def kib():
            """Of the worker, and of its files in memory."""
            place = f"/proc/{next(iter(self.workers))}"
            with open(f"{place}/status") as file:
                size = int(file.read().partition("VmRSS:")[2].split()[0])
            return size + sum(
                os.stat(f"{place}/fd/{name}").st_blocks // 2
                for name in os.listdir(f"{place}/fd")
                if "memfd:" in os.readlink(f"{place}/fd/{name}"))

        attacks = (begin() + record(UNKNOWN, b"", 0) * 1000,
                   HALF + VALUES, begin() + lengths(2**20 - 100, 0),
                   begin() + lengths(0, 960000, b"") + 15 * record(
                       PARAMS, 64000 * b"x"))
        self.ask()
        before = kib()
        for _ in range(100):
            for data in attacks:
                sock = self.connect(data)
                sock.shutdown(socket.SHUT_WR)
                fastcgi.read_answer(sock, until_closed=True)
                sock.close()
        self.assert_lives()
        self.assertLess(kib() - before, 512)


class Clients(OneWorker):
    def test_one_that_goes_away_holds_nothing(self):
        start = time.monotonic()
        for label, data in PARTS.items():
            with self.subTest(label):
                sock = self.connect(data)
                sock.shutdown(socket.SHUT_WR)
                answer = fastcgi.read_answer(sock, until_closed=True)
                self.assertEqual(answer.stdout, b"")
                self.assert_lives()
        # Each would take 10 s if the worker waited for the rest.
        self.assertLess(time.monotonic() - start, 10)

    def test_what_follows_a_request_is_not_read(self):
        for label, data in (("values", VALUES), ("a begin", begin()),
                            ("an abort", record(ABORT)),
                            ("bytes", 100000 * b"x")):
            with self.subTest(label):
                sock = self.connect()
                # The worker may hang up while the last bytes are sent.
                with contextlib.suppress(BrokenPipeError):
                    sock.sendall(fastcgi.request() + data)
                answer = fastcgi.read_answer(sock, until_closed=True)
                self.assertEqual(answer.status, 404)
                self.assertEqual(answer.kinds[-1], END)
                self.assert_lives()

    def test_a_request_in_any_pieces(self):
        """Records and padding of any size, in reads of any size: the same
        answer, which names what is wrong with the body."""
        body = b'{"data":{"credentials":"\xc3\xa4","account_name":7}}'
        values = pairs(fastcgi.environment(
            "/v2/user_auth", "PUT", body).items())
        data = (begin() + b"".join(
            padded(PARAMS, values[at:at + 5], 7 * b"\0")
            for at in range(0, len(values), 5)) + record(PARAMS) + b"".join(
                padded(STDIN, body[at:at + 3], 255 * b"\0")
                for at in range(0, len(body), 3)) + record(STDIN))
        expected = self.ask(path="/v2/user_auth", method="PUT", body=body)
        self.assertEqual(expected.status, 400, expected.stdout)
        for size in (1, 7, 100, 10000):
            with self.subTest(size):
                sock = self.connect()
                for at in range(0, len(data), size):
                    sock.sendall(data[at:at + size])
                answer = fastcgi.read_answer(sock, until_closed=True)
                self.assertEqual(json.loads(answer.body)["data"],
                                 json.loads(expected.body)["data"])

    def test_many_parameters(self):
        """Of more bytes than one record or a read has."""
        values = fastcgi.environment(
            **{f"HTTP_X_{i}": 1000 * "v" for i in range(900)})
        sock = self.connect(begin() + records(
            PARAMS, pairs(values.items())) + record(STDIN))
        self.assertEqual(fastcgi.read_answer(sock).status, 404)
        self.assert_lives()


class Slow(test_pool.PoolCase):
    # Each sends the first part at once, the second byte by byte, for ever.
    DRIPS = {
        "nothing": (b"", b""),
        "a header": (begin()[:7], b""),
        "parameters": (begin() + record(PARAMS, 60000 * b"\x7f")[:9], b"x"),
        "padding": (begin() + record(PARAMS, b"\0\0") * 100,
                    padded(PARAMS, b"\0\0", 255 * b"\0")),
        "a body": (HEAD + record(STDIN, 60000 * b"x")[:9], b"x"),
        "the end of a body": (HEAD + record(STDIN, b"{}") + b"\x01", b""),
    }

    def test_one_that_never_finishes_is_dropped(self):
        pool = self.start(workers=len(self.DRIPS))
        workers = self.wait_for_workers(pool.pid, len(self.DRIPS))
        dropped = {}
        threads = [threading.Thread(target=self.drip,
                                    args=(label, dropped, *parts))
                   for label, parts in self.DRIPS.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        # All of them before request_terminate_timeout ends the worker.
        self.assertEqual({label for label, s in dropped.items() if s < 30},
                         set(self.DRIPS), dropped)
        self.assert_serves()
        self.assertEqual(test_pool.children(pool.pid), workers, self.said())

    def drip(self, label, dropped, first, again):
        start = time.monotonic()
        sock = fastcgi.connect(self.socket)
        sock.sendall(first)
        sock.settimeout(0.3)
        at = 0
        while time.monotonic() - start < test_pool.PATIENCE_S:
            try:
                if again:
                    sock.sendall(again[at % len(again):][:1])
                    at += 1
                if sock.recv(65536) == b"":
                    break
            except socket.timeout:
                continue
            except OSError:
                break
        dropped[label] = time.monotonic() - start
        sock.close()


if __name__ == "__main__":
    if not os.access(test_pool.REEVE, os.X_OK):
        sys.exit(f"{test_pool.REEVE}: no such program; set REEVE_BIN")
    unittest.main()
