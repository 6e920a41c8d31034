# SPDX-License-Identifier: GPL-3.0-or-later
"""Instructions that a list or a command executes for each byte of the stored
documents that it reads: to copy and pass over them takes a few, to parse and
print them hundreds. The database is not counted."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY_0, REEVE, REEVECTL, StackTest,  # noqa: E402
                         audit_document, fastcgi, require, wait_until)

ENTRIES = 60
ITEMS = {"small": 2, "large": 60}  # of each document
RANGE = "?created_from=%d&created_to=%d" % (DAY_0, DAY_0 + 86400)

# (the list, instructions for each byte); a whole list is read like a page
LISTS = (
    ("services/audit" + RANGE, 30),
    ("services/audit" + RANGE + "&paginate=false", 30),
)

# The hash alone executes about 55.
VERIFY = 150


def item(number):
    return {"billable": 5, "category": "devices", "item": "device%d" % number,
            "changes": {"difference": {"billable": 1, "quantity": 1},
                        "type": "modified"},
            "name": "Device \"%d\"" % number, "maximum": 20, "quantity": 5,
            "prorate": {"additions": True, "removals": True}, "rate": 3.5,
            "total": 17.5, "discount": {}, "exceptions": ["a", "b"]}


def document(account, number, items):
    return audit_document(
        account, number, DAY_0 + number, audit={
            "changes": {"type": ["device"]}, "account": {"id": account}},
        invoice={"items": [item(n) for n in range(items)],
                 "summary": {"recurring": 70, "today": 15}})


@require(REEVE, REEVECTL)
@unittest.skipUnless(shutil.which("valgrind"), "no valgrind here")
class Instructions(StackTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts, cls.bytes = {}, {}
        for size, items in ITEMS.items():
            account = cls.stack.create_account()
            documents = [document(account, n, items) for n in range(ENTRIES)]
            cls.stack.import_documents(documents)
            cls.accounts[size] = account
            cls.bytes[size] = cls.stack.number(
                "SELECT SUM(LENGTH(document)) FROM audit_entry"
                " WHERE account_id = '%s'" % account)
        cls.counts = cls.stack.dir + "/callgrind"
        cls.program = ["valgrind", "--quiet", "--tool=callgrind",
                       "--callgrind-out-file=" + cls.counts]

    def counted(self):
        with open(self.counts) as f:
            return int(re.search(r"^(?:summary|totals): (\d+)", f.read(),
                                 re.M)[1])

    def for_each_byte(self, work):
        """Instructions of work for each byte by which the documents of one
        account are larger than those of the other."""
        counts = {size: work(account)
                  for size, account in self.accounts.items()}
        return ((counts["large"] - counts["small"]) /
                (self.bytes["large"] - self.bytes["small"]))

    def list(self, path):
        """Instructions of a worker that lists once."""
        if os.path.exists(self.stack.pool_socket):
            os.unlink(self.stack.pool_socket)
        worker = subprocess.Popen(
            self.program + [REEVE, "-c", self.stack.conf, "--workers", "0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(lambda: os.path.exists(self.stack.pool_socket) or
                       worker.poll() is not None)
            answer = fastcgi(self.stack.pool_socket, "GET", path, {
                "X-Auth-Token": self.stack.token})
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait()
        self.assertEqual(200, answer.status, answer)
        self.assertEqual(ENTRIES if "paginate" in path else 50,
                         len(answer.data))
        return self.counted()

    def test_lists_pass_over_stored_documents(self):
        for path, most in LISTS:
            with self.subTest(path):
                self.assertLess(self.for_each_byte(
                    lambda account: self.list("/v2/accounts/%s/%s" % (
                        account, path))), most)

    def verify(self, account):
        done = subprocess.run(
            self.program + [REEVECTL, "-c", self.stack.conf, "--json", "audit",
                            "verify", account], capture_output=True, text=True)
        self.assertEqual((0, ENTRIES), (done.returncode, json.loads(
            done.stdout)["entries"]), done.stderr)
        return self.counted()

    def test_verification_parses_no_document(self):
        self.assertLess(self.for_each_byte(self.verify), VERIFY)


if __name__ == "__main__":
    unittest.main()
