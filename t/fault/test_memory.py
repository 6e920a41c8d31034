# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of reevectl that walk over accounts, documents or lines need the
same memory however many there are."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY_0, REEVECTL, StackTest,  # noqa: E402
                         account_document, lines, require)

# Each size fills what a command reads or writes at once. What grows by a few
# hundred bytes for each account, object or line is found.
GROWTH_KIB = 1024
ACCOUNTS = 500, 2000
BELONGINGS = 2000, 10000
LINES = 2400, 9600

ACCOUNT = "%032x"

NUMBERS = """
CREATE TABLE digit (d INT PRIMARY KEY);
INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
CREATE TABLE number (n INT PRIMARY KEY) SELECT a.d + 10 * b.d + 100 * c.d
  + 1000 * d.d + 1 AS n FROM digit a, digit b, digit c, digit d;
"""
BELONGING_ROWS = """
INSERT INTO object
  SELECT '{a}', 'devices', LPAD(HEX(n), 32, '0'), CONCAT('devices/', n),
         '{{"device_type":"sip_device","name":"a desk phone"}}', 1, 1
    FROM number WHERE n BETWEEN {first} AND {last};
INSERT INTO service_plan_head (account_id, id, version, created, modified)
  SELECT '{a}', CONCAT('p', n), 1, 1, 1
    FROM number WHERE n BETWEEN {first} AND {last};
INSERT INTO service_plan (account_id, id, version, document, created)
  SELECT '{a}', CONCAT('p', n), 1, '{{"name":"a plan","plan":{{}}}}', 1
    FROM number WHERE n BETWEEN {first} AND {last};
INSERT INTO ledger (account_id, id, type, service, source_id, amount,
                    created, recorded, document, dedupe, available)
  SELECT '{a}', CONCAT('201904-', LPAD(LOWER(HEX(n)), 32, '0')), 'debit',
         'voip', n, 1, {day_0} + n, 1,
         '{{"description":"a call","source":{{"service":"voip"}}}}',
         UNHEX(LPAD(HEX(n), 32, '0')), 0
    FROM number WHERE n BETWEEN {first} AND {last};
INSERT INTO audit_entry (account_id, sequence, id, form, created, recorded,
                         document, line_items, hash)
  SELECT '{a}', n, CONCAT('201904-', LPAD(LOWER(HEX(n)), 32, '0')), 'invoice',
         {day_0} + n, 1, '{{"audit":{{"request":{{"a":"b"}}}}}}', '[]',
         REPEAT('x', 32)
    FROM number WHERE n BETWEEN {first} AND {last};
"""

WALKS = (
    ("account", "list"), ("account", "list", "--json"), ("account", "tree"),
    ("recount", "--all"), ("export",),
    ("run-due",),  # does what is due
    ("run-due",),  # finds nothing due
    ("quantities",),
)


# The peak of a process counts from its fork on, when it is a copy of its parent:
# a small parent asks.
ASK_PEAK = """
import os, sys
null = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=null)
_, status, usage = os.wait4(pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
"""


class MemoryTest(StackTest):
    def peak(self, *arguments, statuses=(0, 1, 65)):
        """The largest resident memory of a run of reevectl, in KiB."""
        asked = subprocess.run(
            [sys.executable, "-I", "-S", "-c", ASK_PEAK, REEVECTL, "-c",
             self.stack.conf] + list(arguments),
            check=True, stdout=subprocess.PIPE, text=True)
        status, peak = map(int, asked.stdout.split())
        self.assertIn(status, statuses, arguments)
        return peak

    def check(self, small, large):
        """Compares the peaks {what: KiB} of two sizes."""
        for what in small:
            with self.subTest(what):
                self.assertLess(large[what], small[what] + GROWTH_KIB)


@require(REEVECTL)
class Accounts(MemoryTest):
    def accounts(self, first, last):
        """A file of accounts, half of them below others behind them."""
        master = self.stack.master
        return self.stack.file(lines(
            account_document(
                ACCOUNT % n, [master, ACCOUNT % (n + 1)] if n % 2 else [master],
                realm="r%d.example" % n) for n in range(first, last)))

    def peaks(self, first, last):
        load = ("import", "--batch", "100", self.accounts(first, last))
        return dict({"import": self.peak(*load),
                     "import again": self.peak(*load, "--json")}, **{
            "%d. %s" % (n, " ".join(walk)): self.peak(*walk)
            for n, walk in enumerate(WALKS)})

    def test_accounts(self):
        small, large = ACCOUNTS
        self.check(self.peaks(0, small), self.peaks(small, small + large))


@require(REEVECTL)
class Belongings(MemoryTest):
    """Objects, plans and entries of one account."""

    def peaks(self, account, first, last):
        self.stack.sql(BELONGING_ROWS.format(
            a=account, first=first, last=last, day_0=DAY_0))
        return {" ".join(command): self.peak(*command) for command in (
            ("export", account), ("recount", account, "--dry-run"),
            ("object", "list", "devices", "--account", account))}

    def test_belongings_of_an_account(self):
        account = self.stack.create_account()
        self.stack.sql(NUMBERS)
        small, large = BELONGINGS
        self.check(self.peaks(account, 1, small),
                   self.peaks(account, small + 1, large))


@require(REEVECTL)
class Lines(MemoryTest):
    """Lines that are refused, and such that are priced; before them, one that is
    imported."""

    GOOD = ('{"amount":1,"source":{"service":"voip","id":"x"},"usage":'
            '{"type":"voice","quantity":1,"unit":"sec"}}\n')

    NOBODY = ('{"_id":"a","pvt_type":"user","pvt_account_id":"' + "f" * 32 +
              '","name":"' + "x" * 200 + '"}')
    # (which, command, the first lines, what is repeated)
    FILES = (
        ("unreadable", ("import",), GOOD, "[\n"),
        ("unreadable, as JSON", ("import", "--json"), GOOD, "[\n"),
        ("unknown", ("import", "--json"), GOOD, '{"_id":"a","pvt_type":"x"}\n'),
        ("of no account", ("import",), GOOD, '{"_id":"a","pvt_type":"user"}\n'),
        ("of nobody", ("import", "--json"), GOOD, NOBODY + "\n"),
        ("a broken first line", ("import",), "oops\n", NOBODY + "\n"),
        ("a dump", ("import",), '{"docs":[{}', "," + NOBODY),
        ("a dump in lines", ("import",), '{"rows":[\n{}',
         ',\n{"doc":' + NOBODY + "}"),
        ("usage", ("usage", "import"), GOOD, '{"amount":"x"}\n'),
        ("pricing", ("price",), GOOD, '{"services":{"quantities":{}}}\n'),
    )

    def peaks(self, count):
        return {label: self.peak(*command, self.stack.file(
            first + text * count)) for label, command, first, text in self.FILES}

    def test_lines(self):
        self.check(*(self.peaks(count) for count in LINES))


if __name__ == "__main__":
    unittest.main()
