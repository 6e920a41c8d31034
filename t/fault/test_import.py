# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports that are interrupted, repeated, or run in parallel with others."""

import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY, DAY_0, REEVECTL, StackTest,  # noqa: E402
                         account_document, audit_document, ledger_document,
                         lines, require, wait_until)
from reeve import md5, new_id  # noqa: E402


@require(REEVECTL)
class Interrupted(StackTest):
    """kill -9 in the middle of a large import; then the same file again."""

    ENTRIES = 6000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.stack.create_account()
        documents = []
        for n in range(cls.ENTRIES):
            documents.append(audit_document(
                cls.account, n, DAY_0 + n % 40 * DAY + n, "item_%d" % (n % 7),
                difference=n % 3 - 1 or 2, billable=n))
        for n in range(cls.ENTRIES, cls.ENTRIES + 500):
            documents.append(ledger_document(
                cls.account, n, DAY_0 + n % 40 * DAY, quantity=n))
        cls.documents = documents
        path = cls.stack.file(lines(documents))
        importing = cls.stack.spawn_reevectl("import", "--batch", "50", path)
        wait_until(lambda: cls.entries() > 500, pause=0)
        importing.send_signal(signal.SIGKILL)
        importing.communicate()
        cls.killed = importing.returncode
        cls.entries_then = cls.entries()
        cls.verified_then = cls.stack.reevectl(
            "audit", "verify", cls.account, check=False)
        cls.again = cls.stack.reevectl("import", path)

    @classmethod
    def entries(cls):
        return cls.stack.number("SELECT COUNT(*) FROM audit_entry")

    def test_it_was_killed_half_way(self):
        self.assertEqual(-signal.SIGKILL, self.killed)
        self.assertLess(self.entries_then, self.ENTRIES)

    def test_a_killed_import_leaves_whole_batches(self):
        self.assertEqual(0, self.entries_then % 50)
        self.assertEqual(0, self.verified_then.returncode,
                         self.verified_then.stdout)

    def test_the_second_run_adds_only_the_rest(self):
        self.assertEqual("%d imported, %d here already, 0 skipped\n" % (
            len(self.documents) - self.entries_then, self.entries_then),
            self.again.stdout)

    def test_every_document_is_there_exactly_once(self):
        for table, prefix in (("audit_entry", 0), ("ledger", self.ENTRIES)):
            self.assertEqual([["%d" % (self.ENTRIES if prefix == 0 else 500)] * 2],
                             self.stack.sql("SELECT COUNT(*), COUNT(DISTINCT id)"
                                            " FROM " + table))

    def test_chain_lines_and_days_are_verified(self):
        self.assert_verified(self.account)

    def test_the_days_equal_the_sums_of_the_documents(self):
        expected = {}
        for document in self.documents:
            day = document["pvt_created"] // DAY
            if document["pvt_type"] == "ledger":
                key = (day, "per-minute-voip")
                total = expected.get(key, (0, 0, 0))[2]
                expected[key] = (0, 0, total + document["usage"]["quantity"])
                continue
            item = document["invoice"]["items"][0]
            change = item["changes"]["difference"]["billable"]
            rise, fall, _ = expected.get((day, item["item"]), (0, 0, 0))
            expected[(day, item["item"])] = (
                rise + max(change, 0), fall + max(-change, 0), item["billable"])
        found = {(int(day), service): (int(rise), int(fall), int(quantity))
                 for day, service, rise, fall, quantity in self.stack.sql(
                     "SELECT TO_DAYS(day), service, addition, removal, quantity"
                     " FROM audit_day")}
        self.assertEqual(expected, found)


@require(REEVECTL)
class SideBySide(StackTest):
    """Two imports of one file at once, of documents of every kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parent, cls.child = new_id(), new_id()
        master = cls.stack.master
        documents = [
            account_document(cls.parent, [master], realm="p.example"),
            account_document(cls.child, [master, cls.parent]),
            {"_id": new_id(), "pvt_type": "user", "username": "ann",
             "pvt_account_id": cls.child, "pvt_md5_auth": md5("ann", "x")},
            {"_id": "gold", "pvt_type": "service_plan", "name": "Gold",
             "pvt_account_id": cls.parent, "plan": {}},
            {"_id": cls.child, "pvt_type": "service",
             "pvt_account_id": cls.child,
             "plans": {"gold": {"vendor_id": cls.parent}},
             "quantities": {"account": {"users": {"user": 3}}}}]
        for n in range(400):
            documents.append(audit_document(
                cls.child if n % 2 else cls.parent, n, DAY_0 + n % 30 * DAY + n))
        for n in range(400, 600):
            documents.append(ledger_document(cls.child, n, DAY_0 + n))
        cls.documents = documents
        path = cls.stack.file(lines(documents))
        running = [cls.stack.spawn_reevectl("import", "--batch", "40", path)
                   for _ in range(2)]
        cls.done = [(p.communicate(), p.returncode) for p in running]

    def test_both_succeed(self):
        for (_, errors), status in self.done:
            self.assertEqual(0, status, errors)

    def test_each_document_is_imported_by_one_and_found_by_the_other(self):
        imported = [int(output.split()[0]) for (output, _), _ in self.done]
        self.assertEqual(len(self.documents), sum(imported), self.done)

    def test_each_document_is_there_once(self):
        for table, count in (("account", 3), ("account_user", 1),
                             ("service_plan", 1), ("service WHERE version > 1", 1),
                             # The existence of accounts; and the users.
                             ("service_source", 5),
                             ("service_assignment", 1), ("service_quantity", 6),
                             ("audit_entry", 400), ("ledger", 200)):
            with self.subTest(table):
                self.assertEqual(count, self.stack.number(
                    "SELECT COUNT(*) FROM " + table))

    def test_chains_and_days_are_verified(self):
        self.assert_verified(self.parent)
        self.assert_verified(self.child)


if __name__ == "__main__":
    unittest.main()
