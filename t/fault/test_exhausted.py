#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory runs out in the middle of a request: each allocation of the program, of
json-c and of the database's client library fails once. The request is answered,
nothing of it is half done, and the worker lives."""

import mmap
import os
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import md5, new_id  # noqa: E402
from fault.stack import (REEVE, REEVECTL, StackTest,  # noqa: E402
                         is_release_build, require, wait_until)

SOURCE = os.path.join(TOP, "t", "fault", "failing_malloc.c")
COMPILER = shutil.which("cc")

# Each allocation up to here fails, then some: the later ones are those of many
# equal members or rows.
EACH = 60
STEP = 13

# A request allocates less often.
ENOUGH = 5000

USERNAME, PASSWORD, REALM = "ann", "a password", "test.example"


def compile_allocator(place):
    library = os.path.join(place, "failing_malloc.so")
    subprocess.run([COMPILER, "-shared", "-fPIC", "-O1", "-o", library, SOURCE,
                    "-ldl"], check=True)
    return library


@unittest.skipIf(COMPILER is None, "there is no C compiler")
@unittest.skipUnless(platform.libc_ver()[0] == "glibc", "needs glibc's malloc")
@require(REEVE, REEVECTL)
class MemoryTest(StackTest):
    allocator = None
    filling = ""  # makes documents larger

    @classmethod
    def setUpClass(cls):
        if cls.allocator is None:
            raise unittest.SkipTest("the classes below name allocators")
        if not is_release_build():
            raise unittest.SkipTest("sanitizers have a malloc of their own")
        super().setUpClass()
        place = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, place)
        path = os.path.join(place, "countdown")
        with open(path, "wb") as file:
            file.write(bytes(mmap.PAGESIZE))
        file = open(path, "r+b")
        cls.addClassCleanup(file.close)
        cls.countdown = mmap.mmap(file.fileno(), 0)
        cls.addClassCleanup(cls.countdown.close)
        added = {"LD_PRELOAD": compile_allocator(place),
                 "REEVE_TEST_COUNTDOWN": path,
                 "REEVE_TEST_ALLOCATOR": cls.allocator}
        os.environ.update(added)
        try:
            cls.stack.start_pool(workers="1")
        finally:
            for name in added:
                del os.environ[name]
        cls.account = cls.stack.create_account("Test", "--realm", REALM)
        cls.stack.import_documents([
            {"_id": new_id(), "pvt_type": "user", "username": USERNAME,
             "pvt_account_id": cls.account,
             "pvt_md5_auth": md5(USERNAME, PASSWORD)}])

    def set_countdown(self, number):
        self.countdown[:4] = struct.pack("i", number)

    def left(self):
        return struct.unpack("i", self.countdown[:4])[0]

    def ask(self, method, rest, data=None):
        return self.stack.request(method, "/v2/accounts/%s/%s" % (
            self.account, rest), self.stack.token, data)

    def count(self, table, more=""):
        return self.stack.number("SELECT COUNT(*) FROM %s WHERE account_id = "
                                 "'%s' %s" % (table, self.account, more))

    def make_ready(self):
        """Called before each request that fails."""

    def answer_with_failure(self, number, request):
        """The answer, None if the worker ended, and whether an allocation
        failed."""
        self.set_countdown(number)
        try:
            answer = request()
        except ConnectionError:
            answer = None
        failed = self.left() == 0
        self.set_countdown(0)
        return answer, failed

    def fail_each(self, request, good, check, prepare=lambda: None, deaths=0):
        """Sends the request until none of its allocations failed, each time
        after prepare. check takes the answer, or None instead of one that
        refuses. deaths: of workers, which are forgiven."""
        number, failures = 1, 0
        while number < ENOUGH:
            with self.subTest(allocation=number):
                self.make_ready()
                prepare()
                pid = self.stack.workers()
                answer, failed = self.answer_with_failure(number, request)
                if answer is None and deaths > 0:
                    deaths -= 1
                else:
                    self.assertIsNotNone(answer, self.stack.pool_log()[-1000:])
                    self.assertIn(answer.status, {good, 413, 503}, answer)
                    self.assertEqual(pid, self.stack.workers())
                check(answer if answer and answer.status == good else None)
            if not failed:
                self.assertEqual(good, answer.status)
                self.assertGreater(failures, 0, "nothing failed")
                return
            failures += 1
            number += 1 if number < EACH else STEP
        self.fail("the request allocates without end")


class Cases:
    def test_a_change_is_made_or_not(self):
        device = {"name": "Desk phone", "numbers": [1, 2.5, None, True],
                  "sip": {"realm": "example.com" * 10}, "notes": self.filling}
        good = self.ask("PUT", "devices", device).data
        self.assertEqual(good, dict(good, **device))
        done = self.count("object", "AND kind = 'devices'")

        def check(answer):
            nonlocal done
            before, done = done, self.count("object", "AND kind = 'devices'")
            if answer is None:
                self.assertEqual(before, done)
                return
            self.assertEqual(before + 1, done)
            self.assertEqual(dict(good, id=answer.data["id"]), answer.data)
            self.assertEqual(answer.data, self.ask(
                "GET", "devices/" + answer.data["id"]).data)

        self.fail_each(lambda: self.ask("PUT", "devices", device), 201, check)
        self.assert_verified(self.account)

    def test_a_list_is_whole_or_not_answered(self):
        for number in range(3):
            self.assertEqual(201, self.ask("PUT", "users", {
                "first_name": "Ann", "last_name": str(number),
                "notes": self.filling}).status)
        whole = self.ask("GET", "users").data

        def check(answer):
            if answer is not None:
                self.assertEqual(whole, answer.data)

        self.fail_each(lambda: self.ask("GET", "users"), 200, check)

    def test_a_batch_of_usage_is_entered_or_not(self):
        done = self.count("ledger")
        batch = 0

        def request():
            nonlocal batch
            batch += 1
            return self.ask("PUT", "ledgers/usage", [
                {"source": {"service": "calls",
                            "id": "%d of %d" % (number, batch)},
                 "usage": {"type": "voice", "quantity": 60, "unit": "sec"},
                 "amount": 0.25,
                 "metadata": {"to": "+1\u20ac\n" + self.filling}}
                for number in range(3)])

        def check(answer):
            nonlocal done
            before, done = done, self.count("ledger")
            if answer is None:
                self.assertEqual(before, done)
                return
            self.assertEqual(["created"] * 3, [
                entry["status"] for entry in answer.data])
            self.assertEqual(before + 3, done)

        self.fail_each(request, 201, check)


class Login:
    def test_a_login_succeeds_or_is_not_answered(self):
        def check(answer):
            if answer is not None:
                token = answer.envelope["auth_token"]
                self.assertEqual(200, self.stack.get(
                    "/v2/accounts/" + self.account, token).status)

        self.fail_each(lambda: self.stack.login(
            md5(USERNAME, PASSWORD), REALM), 201, check)


class InJson(Cases, Login, MemoryTest):
    allocator = "libjson-c"


class InClientLibrary(Cases, Login, MemoryTest):
    @classmethod
    def setUpClass(cls):
        with open(REEVE, "rb") as file:
            program = file.read()
        cls.allocator = ("libmariadb" if b"libmariadb.so" in program else
                         "libmysqlclient")
        super().setUpClass()

    def make_ready(self):
        """A worker that gave up its connection opens another one here, after a
        pause if it did not succeed at once."""
        wait_until(lambda: self.ask("GET", "devices").status == 200)

    def lose_connection(self):
        for row in self.stack.sql("SELECT id FROM information_schema.processlist"
                                  " WHERE user = 'reeve'"):
            self.stack.sql("KILL %s" % row[0])

    def test_a_connection_is_opened_or_the_request_refused(self):
        """Connector/C 3.3 itself ends the process if it finds no memory for two
        of the texts that it copies in mysql_real_connect: the master replaces
        the worker."""
        whole = self.ask("GET", "").data

        def check(answer):
            if answer is not None:
                self.assertEqual(whole, answer.data)

        self.fail_each(lambda: self.ask("GET", ""), 200, check,
                       self.lose_connection, deaths=2)


class InReeve(Cases, MemoryTest):
    """Its memory is the arena, which has enough for small requests, and for any
    login."""

    allocator = "reeve"
    filling = "some notes " * 30000


if __name__ == "__main__":
    unittest.main()
