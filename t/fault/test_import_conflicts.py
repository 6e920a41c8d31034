# SPDX-License-Identifier: GPL-3.0-or-later
"""A document that is imported again and says something else is a conflict that
names its members: it is never taken for what is here."""

import copy
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY_0, REEVECTL, StackTest,  # noqa: E402
                         account_document, audit_document, ledger_document,
                         lines, require, yearly_document)
from reeve import new_id  # noqa: E402

OUTCOMES = "imported", "known", "conflict", "skipped"


class ConflictTest(StackTest):
    def run_import(self, documents):
        """The report of an import, whose outcomes add up, and its status."""
        done = self.stack.reevectl("import", "--json", self.stack.file(
            lines(documents)), check=False)
        self.assertTrue(done.stdout, done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(len(documents), sum(
            report.get(name, 0) for name in OUTCOMES), report)
        return report, done.returncode

    def assert_outcome(self, name, document, status=0, names=None):
        report, got = self.run_import([document])
        self.assertEqual((status, 1), (got, report.get(name)), report)
        if names is None:
            self.assertEqual([], report["reports"])
            return
        row, = report["reports"]
        self.assertEqual(name == "conflict", row.get("conflict", False))
        self.assertEqual(names, row["reason"].split(": ")[-1].split(", "))


@require(REEVECTL)
class EveryKind(ConflictTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.stack.create_account()

    def document(self, kind, **members):
        return dict({"_id": new_id(), "pvt_type": kind, "pvt_created": DAY_0,
                     "pvt_account_id": self.account}, **members)

    def kinds(self):
        """A document, and changes of it, each with the members that differ."""
        stand_in = new_id()
        yield audit_document(self.account, 1, status="completed"), (
            ({"pvt_created": DAY_0 + 1}, ["pvt_created"]),
            ({"invoice": {"items": []}}, ["invoice"]),
            ({"status": "failed"}, ["status"]),
            ({"more": 1, "reason": "x"}, ["more", "reason"]))
        yield yearly_document(self.account, 2), (
            ({"audit": []}, ["audit"]),)
        yield ledger_document(self.account, 3, amount=50000), (
            ({"amount": 60000}, ["amount"]),
            ({"amount": None}, ["amount"]),
            ({"usage": {"type": "voice", "quantity": 61, "unit": "sec"}},
             ["usage"]),
            ({"pvt_created": DAY_0 + 5}, ["pvt_created"]),
            ({"pvt_ledger_type": "credit"}, ["amount"]),
            ({"description": "x"}, ["description"]))
        yield self.document("device", name="D", x={"y": 1}), (
            ({"name": "E"}, ["name"]), ({"x": {"y": 2}}, ["x"]),
            ({"x": None}, ["x"]), ({"new": True, "name": "E"},
                                   ["name", "new"]))
        yield self.document("user", username="u" + stand_in, first_name="A",
                            last_name="B"), (
            ({"first_name": "C"}, ["first_name"]),
            ({"email": "a@b.example"}, ["email"]))
        yield self.document("service_plan", _id="p" + stand_in, name="P",
                            plan={"c": {"i": {"rate": 1}}}), (
            ({"name": "Q"}, ["name"]),
            ({"plan": {"c": {"i": {"rate": 2}}}}, ["plan"]))
        yield self.document("service_plan", _id="v" + stand_in, name="P",
                            plan={}, pvt_plan_version=3), (
            ({"name": "Q"}, ["name"]),)
        yield self.document("service", _id=self.account, quantities={
            "manual": {"a": {"b": 1}}}), (
            ({"quantities": {"manual": {"a": {"b": 2}}}}, ["quantities"]),)
        yield account_document(new_id(), [self.stack.master]), (
            ({"name": "Other"}, ["name"]), ({"x": 1}, ["x"]),
            ({"pvt_tree": [self.stack.master, self.account]}, ["pvt_tree"]),
            ({"pvt_enabled": False}, ["enabled"]))

    def test_a_repeat_is_known_and_a_change_is_a_conflict(self):
        for document, changes in self.kinds():
            label = document.get("pvt_type", "yearly")
            with self.subTest(label):
                self.assert_outcome("imported", document)
                self.assert_outcome("known", document)
            for members, names in changes:
                changed = dict(copy.deepcopy(document), **members)
                for name in [n for n in members if members[n] is None]:
                    del changed[name]
                with self.subTest("%s: %s" % (label, members)):
                    self.assert_outcome("conflict", changed, 65, names)
            with self.subTest(label + ", unchanged by the conflicts"):
                self.assert_outcome("known", document)

    def test_an_export_is_known_where_it_comes_from(self):
        self.stack.import_documents([
            audit_document(self.account, 11), yearly_document(self.account, 12),
            ledger_document(self.account, 13, amount=1),
            self.document("device", name="D"),
            self.document("user", username="of the export")])
        exported = self.stack.reevectl("export").stdout
        documents = [json.loads(line) for line in exported.splitlines()]
        # Services that were only counted so far are imported by the first.
        for _ in range(2):
            report, status = self.run_import(documents)
            self.assertEqual((0, []), (status, report["reports"]))
        self.assertEqual(len(documents), report["known"])

    def test_an_account_that_was_named_by_the_import_is_known(self):
        for members in {"name": None}, {"name": ""}, {"name": None, "realm": None}:
            document = account_document(new_id(), [self.stack.master],
                                        **members)
            self.assert_outcome("imported", document)
            self.assert_outcome("known", document)

    def test_an_outcome_that_came_later_is_no_conflict(self):
        document = audit_document(self.account, 21, status="pending")
        self.assert_outcome("imported", document)
        self.stack.sql("UPDATE audit_entry SET status = 'completed' WHERE id = "
                       "'%s'" % document["_id"])
        self.assert_outcome("known", document)


@require(REEVECTL)
class ChangedHere(ConflictTest):
    def test_later_changes_are_told_and_are_no_conflict(self):
        account = self.stack.create_account()
        device = {"_id": new_id(), "pvt_type": "device", "name": "D",
                  "pvt_account_id": account, "pvt_created": DAY_0}
        self.assert_outcome("imported", device)
        self.stack.sql("UPDATE object SET document = '{\"name\":\"Here\"}', "
                       "modified = modified + 1 WHERE id = '%s'" % device["_id"])
        self.assert_outcome("known", device, names=["name"])
        self.assert_outcome("conflict", dict(
            device, pvt_modified=DAY_0 + 9), 65, ["name"])

    def test_the_text_says_it(self):
        account = self.stack.create_account()
        entry = ledger_document(account, 1, amount=1)
        self.stack.import_documents([entry])
        done = self.stack.reevectl("import", self.stack.file(lines(
            [entry, dict(entry, amount=2)])), check=False)
        self.assertEqual(65, done.returncode)
        self.assertIn("1 here already, 0 skipped, 1 in conflict", done.stdout)
        self.assertIn(":2: conflict %s: " % entry["_id"], done.stderr)


if __name__ == "__main__":
    unittest.main()
