#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measurements work: the short form of make bench runs each part, which
prints its figures. No test looks at a time. REEVE_BIN names the program, in the
folder where the bench programs are built."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

BENCH = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.dirname(os.path.abspath(os.environ.get("REEVE_BIN", "reeve")))
PROGRAMS = ("make", "mariadb", "mariadbd", "nginx", "spawn-fcgi", "wrk")
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
RATIO = r"\s+\d+\.\d\d"
RATES = r"\s+\d+\s+[\d.]+\s+[\d.]+\s+\d+, (\d+|-), \d+$"
# Patterns of the lines that each part prints.
PARTS = {
    "audit": (
        r"  return 200" + RATES, r"  hello" + RATES, r"  bare" + RATES,
        r"  reeve" + RATES, r"  reeve / bare, requests a second" + RATIO,
        r"  time with \d+ / time with \d+" + RATIO,
        r"a page of \d+ audit entries of \d+ bytes:",
        r"  listing: reeve / calls" + RATIO,
        r"  Rss of an idle worker, MiB" + RATIO,
        r"  audit_entry_write / bare pair, 1 connection, 1 account" + RATIO),
    "services": (
        r"  summary: reeve / calls" + RATIO, r"  quote: reeve / calls" + RATIO,
        r"  commit, 1 account: reeve / pair" + RATIO,
        r"  commit, \d+ accounts: reeve / calls" + RATIO,
        r"  \d+ changes answered, \d+ audit entries, 2 each: ok",
        r"audit verify: \d+ accounts are ok"),
    "objects": (
        r"  priced: reeve / calls" + RATIO,
        r"  unpriced: reeve / constant" + RATIO,
        r"  a page of \d+ devices / of \d+" + RATIO,
        r"  a page of \d+ users / of \d+" + RATIO,
        r"  descendants of \d+ accounts / of \d+" + RATIO,
        r"  creating at depth \d+ / at depth 1, time" + RATIO,
        r"  recount --all --dry-run: \d+ accounts, \d+ devices in"),
    "ledgers": (
        r"  batches of \d+: reeve / bare INSERT" + RATIO,
        r"  single entries: reeve / bare CALL" + RATIO,
        r"  adding to \d+ entries / to \d+, time" + RATIO,
        r"  sums of \d+ entries / of \d+, time" + RATIO,
        r"  entries sent, each stored once, days and balances verified"),
    "price": (
        r"  price\s+\d+ lines/s", r"  price / parse" + RATIO,
        r"  price / no plans" + RATIO),
}
# The figure of a rival, and the script that it runs.
RIVALS = (("php-fpm", "summary", r"  audit_summary: reeve / php-fpm" + RATIO),
          ("node", "summary", r"  audit_summary: reeve / node" + RATIO),
          ("php-fpm", "usage", r"  batches of \d+: reeve / php-fpm" + RATIO))


def free_ports():
    """The first of two free ports that follow each other."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                other.bind(("127.0.0.1", port + 1))
                return port
            except (OSError, OverflowError):
                continue


def missing():
    return [name for name in PROGRAMS if shutil.which(name, path=PATH) is None]


@unittest.skipIf(missing(), "not installed: " + ", ".join(missing()))
@unittest.skipUnless(os.path.exists(BUILD + "/Makefile"),
                     "REEVE_BIN names no program in a build directory")
class ShortForm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.mkdtemp(prefix="reeve-bench-test-")
        cls.addClassCleanup(shutil.rmtree, cls.dir, True)
        built = subprocess.run(
            ["make", "-s", "-C", BUILD, "bench-programs"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if built.returncode != 0:
            raise AssertionError(built.stdout)
        env = {name: value for name, value in os.environ.items()
               if not name.startswith(("BENCH_", "REEVE_"))
               or name == "REEVE_PREPARED"}
        env.update(top_builddir=BUILD, BENCH_PORT=str(free_ports()), PATH=PATH,
                   BENCH_OUT=cls.dir + "/figures")
        with open(cls.dir + "/said", "w+") as f:
            cls.status = subprocess.run(
                [sys.executable, BENCH + "/run", "--short"], env=env,
                stdin=subprocess.DEVNULL, stdout=f, stderr=f).returncode
            f.seek(0)
            cls.said = f.read()

    def test_each_part_runs_and_prints_its_figures(self):
        self.assertEqual(self.status, 0, self.said)
        parts = re.split(r"^==== (\w+)$", self.said, flags=re.MULTILINE)
        printed = dict(zip(parts[1::2], parts[2::2]))
        self.assertEqual(list(printed), list(PARTS))
        for part, patterns in PARTS.items():
            for pattern in patterns:
                with self.subTest(part, line=pattern):
                    self.assertRegex(printed[part],
                                     re.compile("^" + pattern, re.MULTILINE))
        with open(self.dir + "/figures") as f:
            figures = json.load(f)
        for name, figure in figures.items():
            with self.subTest(name):
                self.assertTrue(figure)

    def test_a_rival_is_compared_or_the_run_says_why_not(self):
        for name, script, pattern in RIVALS:
            left_out = r"^%s is left out of %s: .+|^" % (name, script)
            with self.subTest(name, script=script):
                self.assertRegex(self.said, re.compile(left_out + pattern,
                                                       re.MULTILINE))


class Failures(unittest.TestCase):
    """A failing command ends the run and is heard."""

    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, BENCH)
        global lab
        import lab

    def test_what_a_failing_command_says_is_printed(self):
        with self.assertRaisesRegex(SystemExit, "status 3\n.*why") as caught:
            lab.output(["sh", "-c", "echo why >&2; exit 3"])
        self.assertNotEqual(caught.exception.code, 0)

    @unittest.skipUnless(os.environ.get("REEVE_DB_SOCKET"), "no stack")
    def test_what_the_database_answers_is_printed(self):
        stack = lab.Stack.__new__(lab.Stack)
        stack.demo = os.environ
        with self.assertRaisesRegex(SystemExit, "ERROR 1054 .*Unknown column"):
            stack.sql("SELECT nothing FROM account;")


class Documents(unittest.TestCase):
    def test_documents_are_as_large_as_real_ones(self):
        sys.path.insert(0, BENCH)
        import documents
        account = "5b1c3e9f7a2d4c60b8e4d19a6f03c752"
        for name, document, size in (
                ("audit entry", documents.audit_document(account), 2000),
                ("call", documents.call(1, account, 63962000000), 1000),
                ("device", documents.device(1), 1000),
                ("user", documents.user(1), 1000)):
            with self.subTest(name):
                self.assertAlmostEqual(len(documents.text(document)), size,
                                       delta=size / 4)


if __name__ == "__main__":
    unittest.main()
