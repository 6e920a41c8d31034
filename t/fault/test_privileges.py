# SPDX-License-Identifier: GPL-3.0-or-later
"""The database user of the application may only call procedures."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import CLIENT, REEVECTL, StackTest, require  # noqa: E402


@require(REEVECTL)
class ExecuteOnly(StackTest):
    def run_as_application(self, statement, password=None):
        return subprocess.run(
            [CLIENT, "--no-defaults", "-ureeve", "-NB",
             "-p" + (password or self.stack.settings["db_password"]),
             "-S", self.stack.db_socket, "reeve", "-e", statement],
            capture_output=True, text=True)

    def assert_denied(self, statement):
        done = self.run_as_application(statement)
        self.assertNotEqual(0, done.returncode, statement)
        self.assertRegex(done.stderr, "(?i)denied", statement)

    def tables(self):
        rows = self.stack.sql("SELECT table_name FROM information_schema.tables"
                              " WHERE table_schema = 'reeve'")
        self.assertGreater(len(rows), 10)
        return [row[0] for row in rows]

    def test_the_application_may_call_procedures(self):
        done = self.run_as_application("CALL account_show('%s')"
                                       % self.stack.master)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("Master", done.stdout)

    def test_the_application_needs_its_password(self):
        self.assertNotEqual(0, self.run_as_application(
            "SELECT 1", "another password").returncode)

    def test_the_application_reads_no_table(self):
        for table in self.tables():
            with self.subTest(table):
                self.assert_denied("SELECT * FROM " + table)

    def test_the_application_writes_no_table(self):
        for table in self.tables():
            with self.subTest(table):
                self.assert_denied("DELETE FROM " + table)
                self.assert_denied("INSERT INTO %s SELECT * FROM %s"
                                   % (table, table))

    def test_the_application_creates_and_drops_nothing(self):
        for statement in ("DROP TABLE audit_entry", "TRUNCATE audit_entry",
                          "ALTER TABLE audit_entry ADD x INT",
                          "CREATE TABLE x (x INT)",
                          "CREATE TEMPORARY TABLE x (x INT)",
                          "CREATE PROCEDURE x() SELECT 1",
                          "DROP PROCEDURE account_show",
                          "CREATE VIEW x AS SELECT 1", "DROP DATABASE reeve",
                          "CREATE USER x", "LOCK TABLES audit_entry READ",
                          "GRANT EXECUTE ON reeve.* TO reeve@localhost"):
            with self.subTest(statement):
                self.assert_denied(statement)

    def test_its_grants_are_execute_only(self):
        grants = "\n".join(row[0] for row in self.stack.sql(
            "SHOW GRANTS FOR reeve@localhost"))
        self.assertIn("GRANT USAGE ON *.*", grants)
        self.assertIn("GRANT EXECUTE ON `reeve`.*", grants)
        self.assertEqual(2, grants.count("GRANT "), grants)

    def test_migrate_revokes_other_rights(self):
        self.stack.sql("GRANT SELECT ON reeve.* TO reeve@localhost")
        self.assertEqual(0, self.run_as_application(
            "SELECT * FROM account").returncode)
        self.stack.reevectl("migrate", "--create")
        self.assert_denied("SELECT * FROM account")


if __name__ == "__main__":
    unittest.main()
