# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents that import refuses after it began to write, or because of what was
done in Reeve since."""

import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVECTL, StackTest,  # noqa: E402
                         account_document, audit_document, lines, require)
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


if __name__ == "__main__":
    unittest.main()
