# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents that import refuses after it began to write, or because of what was
done in Reeve since."""

import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY_0, REEVE, REEVECTL, StackTest,  # noqa: E402
                         account_document, audit_document, ledger_document,
                         lines, require, yearly_document)
from reeve import md5, new_id  # noqa: E402


class RefusedTest(StackTest):
    def run_import(self, *documents):
        """Imports the documents: (report, exit status)."""
        done = self.stack.reevectl(
            "import", "--json", self.stack.file(lines(documents)), check=False)
        self.assertTrue(done.stdout, done.stderr)
        return json.loads(done.stdout), done.returncode

    def rows_of(self, *accounts):
        """The rows of these accounts in every table, as lines of bytes."""
        columns = self.stack.sql(
            "SELECT table_name, column_name FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'reeve' AND table_type = 'BASE TABLE' AND"
            " column_name IN ('account_id', 'id', 'ancestor_id')")
        query = "".join(
            "SELECT '%s', t.* FROM %s AS t WHERE %s IN ('%s');\n" % (
                table, table, column, "', '".join(accounts))
            for table, column in columns)
        done = subprocess.run(self.stack.client + ["reeve"], check=True,
                              input=query.encode(), capture_output=True)
        return sorted(done.stdout.splitlines())

    def user(self, account, name="ann"):
        return {"_id": new_id(), "pvt_type": "user", "username": name,
                "pvt_account_id": account, "pvt_md5_auth": md5(name, "x")}

    def service(self, account, **members):
        return dict({"_id": account, "pvt_type": "service",
                     "pvt_account_id": account}, **members)


@require(REEVECTL)
class Halves(RefusedTest):
    """A document that is written by several calls, the last of which refuses:
    nothing of it is left, and the others are imported."""

    def setUp(self):
        self.account = self.stack.create_account()

    def assert_all_or_nothing(self, document, table, condition="TRUE"):
        """The database refuses such rows of a table for a while."""
        other = audit_document(self.stack.create_account(), 1)
        self.stack.sql(
            "DELIMITER //\nCREATE TRIGGER refusal BEFORE INSERT ON %s"
            " FOR EACH ROW BEGIN IF %s THEN SIGNAL SQLSTATE '45409' SET"
            " MESSAGE_TEXT = 'part: refused'; END IF; END//" % (
                table, condition))
        self.addCleanup(self.stack.sql, "DROP TRIGGER IF EXISTS refusal")
        accounts = self.account, self.stack.master, document["_id"]
        before = self.rows_of(*accounts)
        report, _ = self.run_import(document, other)
        self.stack.sql("DROP TRIGGER refusal")
        self.assertEqual((1, 1), (report["imported"], report["skipped"]),
                         report)
        self.assertIn("refused", report["reports"][0]["reason"])
        self.assertEqual(before, self.rows_of(*accounts))
        report, status = self.run_import(document, other)
        self.assertEqual((0, 1, 1), (status, report["imported"],
                                     report["known"]), report)

    def test_an_account(self):
        self.assert_all_or_nothing(account_document(
            new_id(), [self.stack.master, self.account]), "api_key")

    def test_a_user(self):
        self.assert_all_or_nothing(self.user(self.account), "user_credential")


@require(REEVECTL)
class Meanwhile(RefusedTest):
    """Services that moved on in Reeve before they were imported, as between an
    import that was killed and the next one."""

    def setUp(self):
        self.account = self.stack.create_account()
        self.document = self.service(
            self.account, plans={"gold": {"vendor_id": self.stack.master}},
            quantities={"account": {"users": {"user": 3}}})

    def change(self, **columns):
        self.stack.sql("UPDATE service SET version = version + 3%s WHERE "
                       "account_id = '%s'" % ("".join(
                           ", %s = '%s'" % c for c in columns.items()),
                           self.account))

    def assigned(self):
        return self.stack.number(
            "SELECT COUNT(*) FROM service_assignment WHERE account_id = '%s'"
            % self.account)

    def test_those_that_were_only_counted_are_imported_once(self):
        self.change()
        for imported in (1, 0):
            report, status = self.run_import(self.document)
            self.assertEqual((0, imported, 1 - imported), (
                status, report["imported"], report["known"]), report)
            self.assertEqual(1, self.assigned())
            self.change()

    def test_what_was_set_in_reeve_is_not_overwritten_and_reported(self):
        for change in ({"billing_id": self.stack.master},
                       {"standing": "delinquent"}, {"overrides": '{"a":{}}'}):
            with self.subTest(change):
                self.setUp()
                self.change(**change)
                before = self.rows_of(self.account)
                report, _ = self.run_import(self.document)
                self.assertEqual((0, 1), (
                    report["known"], report["skipped"]), report)
                self.assertIn("set in Reeve", report["reports"][0]["reason"])
                self.assertEqual(before, self.rows_of(self.account))


@require(REEVECTL)
class MissingParents(RefusedTest):
    def test_each_is_named_once_with_what_was_left_out(self):
        lost, other, child, grandchild, alone = (new_id() for _ in range(5))
        master = self.stack.master
        report, status = self.run_import(
            account_document(grandchild, [master, lost, child]),
            account_document(child, [master, lost]),
            account_document(alone, [master, other]),
            self.service(child), self.user(grandchild),
            {"_id": "gold", "pvt_type": "service_plan", "name": "Gold",
             "pvt_account_id": new_id(), "plan": {}})
        self.assertEqual((0, 0, 6), (status, report["imported"],
                                     report["skipped"]), report)
        self.assertEqual({lost: 4, other: 1}, {
            row["missing_parent"]: row["left_out"]
            for row in report["reports"] if "missing_parent" in row})

    def test_a_parent_that_comes_later_is_not_missing(self):
        parent, child = new_id(), new_id()
        report, _ = self.run_import(
            account_document(child, [self.stack.master, parent]),
            account_document(parent, [self.stack.master]))
        self.assertEqual((2, []), (report["imported"], report["reports"]))


@require(REEVE, REEVECTL)
class Deleted(RefusedTest):
    """Nothing is written into an account that was deleted."""

    pool = True
    bare = False

    def test_every_kind(self):
        account = self.stack.create_account("Gone", "--reseller")
        self.assertEqual(200, self.stack.request(
            "DELETE", "/v2/accounts/" + account, self.stack.token).status)
        before = self.rows_of(account)
        for document, reason in (
                (account_document(account, [self.stack.master]),
                 "the account with this id was deleted"),
                (account_document(new_id(), [self.stack.master, account]),
                 "parent: no such account"),
                (self.user(account), None),
                ({"_id": new_id(), "pvt_type": "device", "name": "d",
                  "pvt_account_id": account}, None),
                ({"_id": "+14155550100", "pvt_type": "number",
                  "pvt_assigned_to": account}, None),
                ({"_id": "gold", "pvt_type": "service_plan", "name": "Gold",
                  "pvt_account_id": account, "plan": {}}, None),
                (self.service(account), None),
                (audit_document(account, 1), None),
                (yearly_document(account, 2), None),
                (ledger_document(account, 3, DAY_0), None)):
            with self.subTest(document["pvt_type"] if "pvt_type" in document
                              else "yearly"):
                report, status = self.run_import(document)
                self.assertEqual((0, 0, 1), (
                    status, report["imported"], report["skipped"]), report)
                self.assertIn(reason or "the account was deleted",
                              report["reports"][0]["reason"])
                self.assertEqual(before, self.rows_of(account))


if __name__ == "__main__":
    unittest.main()
