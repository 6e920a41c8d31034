#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Guessing is slow, and logging in is not. Each test uses networks of its own
and runs CGI requests, because the limit counts addresses and must not affect
other tests."""

import concurrent.futures
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (create_account, database, import_documents,  # noqa: E402
                   md5, new_id, reevectl)

BURST = 3


def new_network():
    """An IPv6 /64, without its last colon."""
    return "2001:db8:%x:%x:" % (random.getrandbits(16) | 1,
                                random.getrandbits(16) | 1)


def new_ipv4():
    return "10.%d.%d.%d" % tuple(random.randrange(1, 255) for _ in range(3))


class LoginLimitCase(unittest.TestCase):
    delay_s = 0

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.log = folder.name + "/log"
        cls.config = folder.name + "/reeve.conf"
        with open(os.environ["REEVE_CONF"]) as f:
            lines = [line for line in f if not line.startswith("log")]
        open(cls.log, "w").close()
        with open(cls.config, "w") as f:
            # One failure an hour: none is forgotten during a test.
            f.write("".join(lines) + "\nlogin_burst = %d\nlogin_refill = 1h\n"
                    "login_delay = %ds\nlog = %s\nlog_level = debug\n"
                    % (BURST, cls.delay_s, cls.log))
        cls.realm = new_id() + ".example"
        cls.name = "Acme " + new_id()
        cls.account = create_account(None, cls.name, "--realm", cls.realm)
        import_documents([
            {"_id": new_id(), "pvt_type": "user", "username": "ann",
             "pvt_account_id": cls.account,
             "pvt_md5_auth": md5("ann", "secret")}])

    def ask(self, client, data, path="/v2/user_auth"):
        body = json.dumps({"data": data}).encode()
        done = subprocess.run(
            [os.environ["REEVE_BIN"]], input=body, capture_output=True,
            env={"REEVE_CONFIG": self.config, "REQUEST_METHOD": "PUT",
                 "GATEWAY_INTERFACE": "CGI/1.1", "PATH_INFO": path,
                 "REMOTE_ADDR": client, "CONTENT_LENGTH": str(len(body)),
                 "CONTENT_TYPE": "application/json"}, check=True)
        head = done.stdout.decode().split("\r\n\r\n")[0]
        headers = dict(line.split(": ", 1) for line in head.split("\r\n"))
        return int(headers["Status"].split()[0]), headers

    def guess(self, client, **named):
        """A wrong password; an account that no other test names by default."""
        named = named or {"realm": new_id() + ".example"}
        return self.ask(client, dict(named, credentials=md5("ann", new_id())))[0]

    def guess_key(self, client):
        return self.ask(client, {"api_key": new_id() * 2}, "/v2/api_auth")[0]

    def log_in(self, client, **named):
        named = named or {"realm": self.realm}
        return self.ask(client,
                        dict(named, credentials=md5("ann", "secret")))[0]

    def lines(self, address):
        with open(self.log) as f:
            return [line for line in f if " from %s, " % address in line]


class Addresses(LoginLimitCase):
    def test_after_a_few_failures_an_address_must_wait(self):
        client, begun = new_ipv4(), time.time()
        self.assertEqual([401, 401, 401, 429],
                         [self.guess(client) for _ in range(4)])
        status, headers = self.ask(client, {
            "credentials": md5("ann", "secret"), "realm": self.realm})
        self.assertEqual(429, status)
        passed = int(time.time() - begun) + 1
        self.assertIn(int(headers["Retry-After"]), range(3600 - passed, 3601))

    def test_logins_that_succeed_are_never_refused(self):
        client = new_ipv4()
        self.assertEqual([201] * 30, [self.log_in(client)
                                      for _ in range(30)])

    def test_logins_that_succeed_count_nowhere(self):
        client = new_ipv4()
        statuses = [self.guess(client) for _ in range(BURST - 1)]
        statuses += [self.log_in(client) for _ in range(5)]
        self.assertEqual([401] * 2 + [201] * 5, statuses)
        self.assertEqual([401, 429], [self.guess(client) for _ in range(2)])

    def test_other_addresses_need_not_wait(self):
        client = new_ipv4()
        for _ in range(4):
            self.guess(client)
        self.assertEqual(201, self.log_in(new_ipv4()))

    def test_what_counts_as_one_client(self):
        one, other = new_network(), new_network()
        v4 = new_ipv4()
        rows = (
            ("siblings in a /64", one + ":1", one + "ffff:0:0:2", 429),
            ("another spelling", one + ":1", (one + ":1").upper(), 429),
            ("another /64", one + ":1", other + ":1", 401),
            ("IPv4 mapped into IPv6", v4, "::ffff:" + v4, 429),
            ("another IPv4", v4, new_ipv4(), 401),
            ("another IPv4, mapped", v4, "::ffff:" + new_ipv4(), 401),
        )
        for client in (one + ":1", v4):
            self.assertEqual([401] * BURST, [self.guess(client)
                                             for _ in range(BURST)])
        for label, _, sibling, status in rows:
            with self.subTest(label):
                self.assertEqual(status, self.guess(sibling))

    def test_failures_are_forgotten_with_time(self):
        client = new_ipv4()
        for _ in range(4):
            self.guess(client)
        database("UPDATE login_failure SET forgotten = forgotten - 3600 WHERE "
                 "subject = '%s'" % client)
        self.assertEqual([401, 429], [self.guess(client) for _ in range(2)])

    def test_keys_and_passwords_share_the_limit(self):
        client = new_ipv4()
        self.assertEqual([401, 401, 401, 429],
                         [self.guess_key(client), self.guess(client),
                          self.guess_key(client), self.guess_key(client)])

    def test_only_wrong_guesses_count(self):
        client = new_ipv4()
        disabled = create_account(None, "Test", "--realm", new_id() + ".example")
        import_documents([
            {"_id": new_id(), "pvt_type": "user", "username": "bob",
             "pvt_account_id": disabled, "pvt_md5_auth": md5("bob", "secret")}])
        database("UPDATE account SET enabled = 0 WHERE id = '%s'" % disabled)
        realm = database("SELECT realm FROM account WHERE id = '%s'"
                         % disabled)[0][0]
        for data in ({"credentials": md5("bob", "secret"), "realm": realm},
                     {"credentials": md5("ann", "secret")}, {}):
            for _ in range(BURST + 1):
                self.assertEqual(400, self.ask(client, data)[0], data)
        self.assertEqual(401, self.guess(client))

    def test_failures_at_the_same_moment_all_count(self):
        client, realm = new_ipv4(), new_id() + ".example"
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            statuses = list(pool.map(
                lambda _: self.guess(client, realm=realm), range(12)))
        failed = statuses.count(401)
        self.assertEqual(12, failed + statuses.count(429))
        self.assertGreaterEqual(failed, BURST)
        self.assertEqual(failed, len([line for line in self.lines(client)
                                      if "login failed" in line]))
        left = int(database("SELECT forgotten - TO_SECONDS(UTC_TIMESTAMP()) "
                            "FROM login_failure WHERE subject = '%s'"
                            % client)[0][0])
        # At most twice login_burst are remembered.
        self.assertAlmostEqual(min(failed, 2 * BURST) * 3600, left, delta=600)

    def test_what_is_forgotten_is_deleted(self):
        # Rows that expired first are deleted first, here or by other tests.
        old = "2001:db8:%x::/64" % random.getrandbits(16)
        database("INSERT IGNORE INTO login_failure VALUES ('%s', 1)" % old)
        self.guess(new_ipv4())
        self.assertEqual([], database("SELECT 1 FROM login_failure WHERE "
                                      "subject = '%s'" % old))


class Names(LoginLimitCase):
    delay_s = 1

    def delayed(self):
        with open(self.log) as f:
            return f.read().count("login delayed")

    def test_an_account_with_failures_is_delayed_and_never_refused(self):
        before = self.delayed()
        # Each guess from an address of its own; spellings are one name.
        for named in ({"realm": self.realm}, {"realm": self.realm.upper()},
                      {"realm": self.realm}):
            self.assertEqual(401, self.guess(new_ipv4(), **named))
        self.assertEqual(before, self.delayed())
        begun = time.monotonic()
        self.assertEqual(201, self.log_in(new_ipv4()))
        self.assertGreaterEqual(time.monotonic() - begun, 1)
        self.assertEqual(401, self.guess(new_ipv4(), realm=self.realm))
        self.assertEqual(before + 2, self.delayed())
        # The name was not guessed at, and other accounts were not.
        self.assertEqual(201, self.log_in(new_ipv4(), account_name=self.name))
        self.assertEqual(401, self.guess(new_ipv4()))
        self.assertEqual(before + 2, self.delayed())

    def test_an_account_that_does_not_exist_is_delayed_as_well(self):
        before, name = self.delayed(), "Nobody " + new_id()
        for spelling in (name, name.upper(), name.replace(" ", "-"), name):
            self.assertEqual(401, self.guess(new_ipv4(),
                                             account_name=spelling))
        self.assertEqual(before + 1, self.delayed())


class Fail2ban(LoginLimitCase):
    """The filter in contrib finds what the log says, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(TOP + "/contrib/fail2ban/filter.d/reeve.conf") as f:
            pattern = re.search(r"^failregex = (.*)$", f.read(), re.M)[1]
        cls.failregex = re.compile(pattern.replace(
            "<HOST>", r"(?:::f{4,6}:)?(?P<host>[\w\-.^_]*\w|[0-9a-f:]+)"))

    def banned(self, line):
        """The address, after the time was cut out as fail2ban does."""
        line = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "", line, count=1)
        found = self.failregex.search(line.rstrip("\n"))
        return found and found["host"]

    def test_failed_and_refused_logins_are_found(self):
        for client in (new_ipv4(), new_network() + ":7"):
            for _ in range(BURST):
                self.guess_key(client)
            self.assertEqual(429, self.guess_key(client))
            self.assertEqual(429, self.log_in(client))
            lines = self.lines(client)
            self.assertEqual(BURST + 2, len(lines))
            self.assertEqual([client] * len(lines),
                             [self.banned(line) for line in lines])

    def test_an_address_is_logged_as_it_counts(self):
        client = new_ipv4()
        self.guess("::ffff:" + client)
        self.assertEqual([client], [self.banned(line)
                                    for line in self.lines(client)])

    def test_syslog_and_the_journal_are_understood(self):
        for line in ("host reeve[812]: 6f1d login failed from 192.0.2.7, API key",
                     "host reeve[1]: 2026-11-28T10:15:02Z info [812] 6f1d login "
                     'refused from 192.0.2.7, account "acme"',
                     "host reeve[9]: 6f1d login failed from 192.0.2.7, reset id"):
            with self.subTest(line):
                self.assertEqual("192.0.2.7", self.failregex.search(
                    line)["host"])

    def test_other_lines_are_not_found(self):
        client = new_ipv4()
        self.assertEqual(201, self.log_in(client))
        with open(self.log) as f:
            self.assertEqual([], [line for line in f if self.banned(line)
                                  and client in line])

    def test_no_name_forges_a_line(self):
        client = new_ipv4()
        victim = "203.0.113.%d" % random.randrange(256)
        forged = 'info [1] x login failed from %s, API key' % victim
        for name in (forged, "a\n" + forged, "a\r" + forged, "a\u2028" + forged,
                     "a\x85" + forged, 'a"\n' + forged, 'a", API key',
                     "login failed from %s, account \"a\"" % victim,
                     "\x1b[1A\x1b[2K" + forged, "x" * 5000 + forged,
                     "\u00fc\u4e2d" * 40, "%s%n", ""):
            for field in ("account_name", "realm"):
                self.ask(client, {field: name,
                                  "credentials": md5("ann", new_id())})
            database("DELETE FROM login_failure WHERE subject = '%s'" % client)
        with open(self.log, newline="") as f:
            text = f.read()
        # However the lines are split.
        lines = text.splitlines()
        self.assertEqual(text.count("\n"), len(lines))
        self.assertEqual([], [line for line in lines
                              if self.banned(line) == victim])
        mine = [line for line in lines if client in line]
        self.assertGreater(len(mine), 20)
        self.assertEqual({client}, {self.banned(line) for line in mine})

    def test_an_address_that_is_none_is_not_found(self):
        self.assertEqual(401, self.guess("6.6.6.6, API key"))
        database("DELETE FROM login_failure WHERE subject = 'unknown'")
        lines = self.lines("-")
        self.assertEqual([None], [self.banned(line) for line in lines])


if __name__ == "__main__":
    unittest.main()
