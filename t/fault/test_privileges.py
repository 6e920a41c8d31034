# SPDX-License-Identifier: GPL-3.0-or-later
"""The database users: the pool's and reevectl's may only call procedures, each
those that the heads of the procedures' files say; the owner alone migrates."""

import glob
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import CLIENT, ONE_USER, REEVE, REEVECTL, SQL_DIR, Stack, \
    StackTest, is_mysql, require  # noqa: E402

POOL, COMMANDS = "reeve", "reevectl"
USERS = (POOL, COMMANDS)

PASSWORDS = {POOL: "db_password", COMMANDS: "db_reevectl_password"}


def callers():
    """{procedure: the users who may call it} as the files' heads say."""
    found = {}
    for path in glob.glob(SQL_DIR + "/routines/*.sql"):
        with open(path, encoding="utf-8") as f:
            head = f.read().split("\nCREATE ")[0] + "\n"
        if re.search(r" Internal\.$|^-- Called by migrate\.$", head, re.M):
            users = set()
        elif "\n-- Called by reevectl.\n" in head:
            users = {COMMANDS}
        else:
            users = {POOL, COMMANDS}
        found[os.path.basename(path)[:-len(".sql")]] = users
    return found


class PrivilegeTest(StackTest):
    def errors(self, user, statements):
        """The server's lines when the user runs these, one for each that it
        refuses."""
        done = subprocess.run(
            [CLIENT, "--no-defaults", "-u" + user, "-NB", "--force",
             "-p" + self.stack.settings[PASSWORDS[user]],
             "-S", self.stack.db_socket, "reeve"], input=";\n".join(statements),
            capture_output=True, text=True)
        return [line for line in done.stderr.splitlines()
                if line.startswith("ERROR")]

    def assert_denied(self, user, statements):
        errors = self.errors(user, statements)
        self.assertEqual(len(statements), len(errors), (user, errors))
        for statement, error in zip(statements, errors):
            self.assertRegex(error, "(?i)denied", (user, statement))

    def tables(self):
        rows = self.stack.sql("SELECT table_name FROM information_schema.tables"
                              " WHERE table_schema = 'reeve'")
        self.assertGreater(len(rows), 10)
        return [row[0] for row in rows]

    def assert_calls_are_as_heads_say(self):
        """A call with too many arguments is refused for these (1318), unless
        the user may not call at all (1370)."""
        wanted = callers()
        self.assertGreater(len(wanted), 100)
        names = sorted(wanted)
        for user in USERS:
            errors = self.errors(user, [
                "CALL %s(%s)" % (name, ",".join("0" * 60)) for name in names])
            numbers = [re.match(r"ERROR (\d+)", e)[1] for e in errors]
            self.assertLessEqual({"1318", "1370"}, set(numbers))
            self.assertEqual(
                {name: "1318" if user in wanted[name] else "1370"
                 for name in names}, dict(zip(names, numbers)), user)


@unittest.skipIf(ONE_USER, "one user for everything")
@require(REEVECTL)
class ExecuteOnly(PrivilegeTest):
    def test_each_calls_what_the_heads_name(self):
        self.assert_calls_are_as_heads_say()

    def test_users_need_their_passwords(self):
        self.assertEqual(1, len(subprocess.run(
            [CLIENT, "--no-defaults", "-u" + POOL, "-pother", "-S",
             self.stack.db_socket, "-e", "SELECT 1"], capture_output=True,
            text=True).stderr.splitlines()))

    def test_no_table_is_read_or_written(self):
        for user in USERS:
            self.assert_denied(user, [
                statement % {"t": table} for table in self.tables()
                for statement in ("SELECT * FROM %(t)s", "DELETE FROM %(t)s",
                                  "INSERT INTO %(t)s SELECT * FROM %(t)s")])

    def test_nothing_is_created_or_dropped(self):
        for user in USERS:
            self.assert_denied(user, [
                "DROP TABLE audit_entry", "TRUNCATE audit_entry",
                "ALTER TABLE audit_entry ADD x INT", "CREATE TABLE x (x INT)",
                "CREATE TEMPORARY TABLE x (x INT)",
                "CREATE PROCEDURE x() SELECT 1", "DROP PROCEDURE account_show",
                "CREATE VIEW x AS SELECT 1", "DROP DATABASE reeve",
                "CREATE USER x", "LOCK TABLES audit_entry READ",
                "GRANT EXECUTE ON reeve.* TO reeve@localhost"])

    def test_neither_migrates(self):
        self.addCleanup(self.stack.configure, db_admin_user="root",
                        db_admin_password=None)
        for user in USERS:
            self.stack.configure(
                db_admin_user=user,
                db_admin_password=self.stack.settings[PASSWORDS[user]])
            done = self.stack.reevectl("migrate", check=False)
            self.assertNotEqual(0, done.returncode, user)
            self.assertIn("denied", done.stderr)

    def test_they_have_no_rights_besides(self):
        for user in USERS:
            grants = [row[0] for row in self.stack.sql(
                "SHOW GRANTS FOR %s@localhost" % user)]
            self.assertEqual(1, sum("GRANT USAGE ON *.*" in g for g in grants))
            self.assertEqual(len(grants) - 1, sum(
                "GRANT EXECUTE ON PROCEDURE `reeve`." in g for g in grants))

    def test_create_revokes_other_rights(self):
        for user in USERS:
            self.stack.sql("GRANT SELECT ON reeve.* TO %s@localhost" % user)
            self.assertEqual([], self.errors(user, ["SELECT * FROM account"]))
        self.stack.reevectl("migrate", "--create")
        for user in USERS:
            self.assert_denied(user, ["SELECT * FROM account"])
        self.assert_calls_are_as_heads_say()


@unittest.skipIf(ONE_USER, "one user for everything")
@require(REEVECTL, REEVE)
class Grants(PrivilegeTest):
    """migrate grants what is missing, and takes what is too much."""

    def test_a_procedure_of_the_version_before(self):
        for name in ("account_show", "audit_scan", "lease_take"):
            self.stack.sql("DROP PROCEDURE %s; CREATE PROCEDURE %s() "
                           "COMMENT 'before' SELECT 1" % (name, name))
        self.stack.sql("UPDATE schema_migration SET checksum = REPEAT('0', 64)"
                       " WHERE name = 'routines'")
        self.stack.reevectl("migrate", "--beside")
        self.assert_calls_are_as_heads_say()

    def test_an_installation_that_gets_the_second_user(self):
        ours = {key: self.stack.settings[key]
                for key in ("db_reevectl_user", "db_reevectl_password")}
        self.addCleanup(self.stack.configure, **ours)
        self.stack.configure(**dict.fromkeys(ours))
        self.stack.sql("DROP USER reevectl@localhost")
        self.stack.reevectl("migrate", "--create")
        self.stack.reevectl("account", "list")
        self.stack.configure(**ours)
        done = self.stack.reevectl("migrate", check=False)
        self.assertEqual(73, done.returncode, done.stderr)
        self.assertIn("--create makes users", done.stderr)
        self.stack.sql("CREATE USER reevectl@localhost IDENTIFIED BY '%s'" %
                       ours["db_reevectl_password"])
        self.stack.reevectl("migrate")
        self.assert_calls_are_as_heads_say()

    def test_too_much_is_taken(self):
        self.stack.sql("".join("GRANT EXECUTE ON reeve.* TO %s@localhost;"
                               % user for user in USERS))
        self.stack.reevectl("migrate")
        self.assert_calls_are_as_heads_say()

    def test_an_owner_who_is_not_root(self):
        self.stack.sql("CREATE USER keeper@localhost IDENTIFIED BY 'keeps';"
                       "GRANT ALL PRIVILEGES ON reeve.* TO keeper@localhost")
        self.addCleanup(self.stack.configure, db_admin_user="root",
                        db_admin_password=None)
        self.stack.configure(db_admin_user="keeper", db_admin_password="keeps")
        before = self.stack.sql("SELECT * FROM schema_migration")
        done = self.stack.reevectl("migrate", check=False)
        self.assertNotEqual(0, done.returncode)
        self.assertIn("needs the right to grant", done.stderr)
        self.assertEqual(before,
                         self.stack.sql("SELECT * FROM schema_migration"))
        self.stack.sql("GRANT GRANT OPTION ON reeve.* TO keeper@localhost")
        if is_mysql():  # where nobody else may drop what is root's
            self.stack.sql("GRANT SYSTEM_USER ON *.* TO keeper@localhost")
        self.stack.reevectl("migrate")
        self.assert_calls_are_as_heads_say()
        self.stack.reevectl("account", "list")

    def test_a_missing_grant_says_what_to_do(self):
        self.stack.sql("REVOKE EXECUTE ON PROCEDURE account_list FROM "
                       "reevectl@localhost; REVOKE EXECUTE ON PROCEDURE "
                       "migration_list FROM reeve@localhost")
        done = self.stack.reevectl("account", "list", check=False)
        self.assertEqual(69, done.returncode, done.stderr)
        self.assertIn("db_reevectl_user may not call it: reevectl migrate",
                      done.stderr)
        pool = subprocess.run([REEVE, "-c", self.stack.conf], text=True,
                              capture_output=True)
        self.assertEqual(69, pool.returncode, pool.stderr)
        self.assertRegex(pool.stderr, "may call .*account|migration_list.*"
                         "run reevectl migrate")
        self.stack.reevectl("migrate")
        self.stack.reevectl("account", "list")

    def test_run_due_is_the_pool(self):
        alter = "ALTER USER reevectl@localhost IDENTIFIED BY '%s'"
        self.addCleanup(self.stack.sql, alter % self.stack.settings[
            PASSWORDS[COMMANDS]])
        self.stack.sql(alter % "gone")
        self.stack.reevectl("run-due", "--dry-run")
        done = self.stack.reevectl("account", "list", check=False)
        self.assertEqual(69, done.returncode, done.stderr)
        self.assertIn("db_reevectl_user and its password", done.stderr)


@require(REEVECTL, REEVE)
class OneUser(unittest.TestCase):
    def test_one_user_does_everything(self):
        stack = Stack(one_user=True)
        self.addCleanup(stack.close)
        self.assertNotIn("db_admin_user", stack.settings)
        stack.create_master()
        stack.start_pool()
        account = stack.create_account()
        stack.reevectl("audit", "verify", "--all")
        stack.reevectl("run-due")
        stack.reevectl("migrate", "--check")
        stack.reevectl("migrate")
        self.assertEqual(200, stack.get("/v2/accounts/" + account, stack.token).status)


if __name__ == "__main__":
    unittest.main()
