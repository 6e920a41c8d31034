# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads of requests use indexes: their cost does not grow with the database.
The statements are taken from sql/routines, with values for their parameters."""

import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY, DAY_0, REEVECTL, SQL_DIR, StackTest,  # noqa: E402
                         require)

ACCOUNTS = 10000
ENTRIES = 40  # of each of 500 accounts
DAYS = 200    # of each of 500 accounts
MIDDLE = 250  # the account that is asked for

# Account n: hex of n, padded. Digits by cross join: no server's own sequence.
ACCOUNT = "LPAD(HEX(n), 32, '0')"
NUMBERS = (
    "CREATE TABLE digit (d INT PRIMARY KEY);"
    "INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);"
    "CREATE TABLE number (n INT PRIMARY KEY) SELECT a.d + 10 * b.d + 100 * c.d"
    " + 1000 * d.d + 1 AS n FROM digit a, digit b, digit c, digit d;")
LOAD = NUMBERS + """
INSERT INTO account (id, parent_id, reseller_id, name, name_key, document,
                     created, modified)
  SELECT {account}, '{master}', '{master}', n, n, '{{}}', {day_0}, {day_0}
    FROM number;
INSERT INTO account_closure SELECT {account}, {account}, 0 FROM number;
INSERT INTO account_closure SELECT '{master}', {account}, 1 FROM number;
INSERT INTO account_user (id, account_id, username, created, modified)
  SELECT {account}, {account}, n, {day_0}, {day_0} FROM number;
INSERT INTO user_credential
  SELECT {account}, {account}, 'md5', UNHEX(SHA2(n, 256)), 'x', '' FROM number;
INSERT INTO api_key
  SELECT {account}, {account}, 'x', UNHEX(SHA2(n, 256)), {day_0}, '' FROM number;
INSERT INTO auth_token (digest, account_id, user_id, method, created)
  SELECT UNHEX(SHA2(n, 256)), {account}, {account}, 'x', {day_0} FROM number;
INSERT INTO object (account_id, kind, id, claim, document, created, modified)
  SELECT LPAD(HEX({middle}), 32, '0'), 'devices', LPAD(HEX(n), 32, '0'),
         CONCAT('devices/', n), '{{}}', {day_0}, {day_0} FROM number;
INSERT INTO audit_day
  SELECT {account}, 'billable', FROM_DAYS({day_0} DIV 86400 + e.d), 'user',
         1, 0, 1, {day_0}, NULL
    FROM number, (SELECT n - 1 AS d FROM number WHERE n <= {days}) AS e
   WHERE n <= 500;
INSERT INTO audit_entry (account_id, sequence, id, form, created, recorded,
                         document, line_items, hash)
  SELECT {account}, e.d + 1, CONCAT('201904-', LPAD(e.d, 32, '0')), 'invoice',
         {day_0} + e.d DIV 2, {day_0}, '{{}}', '[]', REPEAT('x', 32)
    FROM number, (SELECT n - 1 AS d FROM number WHERE n <= {entries}) AS e
   WHERE n <= 500;
"""

TABLES = ("account", "account_closure", "account_user", "user_credential",
          "api_key", "auth_token", "audit_day", "audit_entry", "object")


def statements(procedure):
    """The SELECTs of a procedure that answer rows."""
    with open("%s/routines/%s.sql" % (SQL_DIR, procedure)) as f:
        text = re.sub(r"--.*", "", f.read())
    found = [s.strip() for s in re.findall(r"\bSELECT\b[^;]*;", text)]
    found = [s.rstrip(";") for s in found if " INTO v_" not in s]
    if not found:
        raise AssertionError("no SELECT in " + procedure)
    return found


def literal(value):
    if value is None:
        return "NULL"
    if isinstance(value, bytes):
        return "x'%s'" % value.hex()
    return str(value) if isinstance(value, int) else "'%s'" % value


def filled_in(statement, values):
    return re.sub(r"\b[pv]_(\w+)\b",
                  lambda m: literal(values[m.group(1)]), statement)


@require(REEVECTL)
class Indexes(StackTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stack.sql(LOAD.format(
            account=ACCOUNT, master=cls.stack.master, day_0=DAY_0, days=DAYS,
            entries=ENTRIES, middle=MIDDLE))
        cls.stack.sql("".join("ANALYZE TABLE %s;" % t for t in TABLES))
        cls.account = "%032X" % MIDDLE
        cls.digest = bytes.fromhex(cls.stack.sql(
            "SELECT SHA2(%d, 256)" % MIDDLE)[0][0])

    def explain(self, statement):
        """Rows of EXPLAIN as {column: text}."""
        done = subprocess.run(
            [word for word in self.stack.client if word != "-NB"] +
            ["-B", "reeve", "-e", "EXPLAIN FORMAT=TRADITIONAL " + statement],
            capture_output=True, text=True)
        self.assertEqual(0, done.returncode, done.stderr)
        head, *rows = [line.split("\t") for line in done.stdout.splitlines()]
        return [dict(zip(head, row)) for row in rows]

    def rows_read(self, statement):
        """The number of rows that the server reads."""
        rows = self.stack.sql(
            "FLUSH STATUS; %s; SELECT 'status';"
            " SHOW SESSION STATUS LIKE 'Handler_read%%'" % statement)
        counts = rows[rows.index(["status"]) + 1:]
        return len(rows) - len(counts) - 1, sum(int(n) for _, n in counts)

    def assert_cheap(self, procedure, most, **values):
        for statement in statements(procedure):
            text = filled_in(statement, values)
            with self.subTest(procedure, statement=text):
                for step in self.explain(text):
                    self.assertNotIn(step["type"], ("ALL", "index"), step)
                    self.assertNotEqual("NULL", step["key"], step)
                    self.assertNotIn("filesort", step["Extra"] if
                                     procedure.endswith("_list") else "")
                answered, read = self.rows_read(text)
                self.assertGreater(answered, 0)
                self.assertLessEqual(read, most)

    def test_session_find(self):
        self.assert_cheap("session_find", 10, digest=self.digest,
                          target=self.account)

    def test_user_by_credential(self):
        self.assert_cheap("user_by_credential", 10, lookup=self.digest,
                          method="md5")

    def test_key_find(self):
        self.assert_cheap("key_find", 4, digest=self.digest)

    def test_account_list(self):
        for after in ("", self.account, "%032X" % (ACCOUNTS - 100)):
            self.assert_cheap("account_list", 150, top=self.stack.master,
                              after=after, limit=50)

    def test_account_show(self):
        self.assert_cheap("account_show", 5, id=self.account)

    def test_descendants(self):
        for ascending in (0, 1):
            for procedure in ("account_children", "account_descendants"):
                statement = statements(procedure)[1 - ascending]
                text = filled_in(statement, {
                    "parent": self.stack.master, "top": self.stack.master,
                    "at": "%032X" % (ACCOUNTS // 2), "limit": 50})
                with self.subTest(procedure, ascending=ascending):
                    answered, read = self.rows_read(text)
                    self.assertEqual(50, answered)
                    self.assertLessEqual(read, 400)

    def test_ancestors(self):
        self.assert_cheap("account_parents", 10, account=self.account)

    def test_objects(self):
        self.assert_cheap("object_show", 3, account=self.account,
                          kind="devices", id="%032X" % 7)
        self.assert_cheap("object_by_claim", 3, claim="devices/7")
        for statement in statements("object_list"):
            text = filled_in(statement, {
                "account": self.account, "kind": "devices",
                "at": "%032X" % (ACCOUNTS // 2), "limit": 50})
            with self.subTest(statement=text):
                answered, read = self.rows_read(text)
                self.assertEqual(50, answered)
                self.assertLessEqual(read, 60)

    def test_audit_day_list_in_all_its_forms(self):
        first, last = DAY_0 // DAY + 50, DAY_0 // DAY + 80
        days = dict(zip(("from", "to"), (row[0] for row in self.stack.sql(
            "SELECT FROM_DAYS(%d); SELECT FROM_DAYS(%d)" % (first, last)))))
        self.stack.sql(
            "INSERT IGNORE INTO audit_day SELECT account_id, 'quantity', day,"
            " service, 1, 0, 1, last_timestamp, NULL FROM audit_day"
            " WHERE family = 'billable'; ANALYZE TABLE audit_day")
        self.assertEqual(4, len(statements("audit_day_list")))
        # 31 days are asked for, of 200 000 rows.
        self.assert_cheap("audit_day_list", 70, account=self.account,
                          service="user", **days)

    def audit_entries(self, **place):
        self.assert_cheap("audit_entry_list", 25, account=self.account,
                          ascending=0, limit=10,
                          **{"from": DAY_0 - DAY, "to": DAY_0 + DAY}, **place)

    def test_audit_entry_list_in_both_directions(self):
        self.assertEqual(2, len(statements("audit_entry_list")))
        self.audit_entries(at_created=None, at_sequence=None)

    def test_audit_entry_list_from_a_start_key(self):
        self.audit_entries(at_created=DAY_0 + 10, at_sequence=21)

    def test_audit_entry_show(self):
        self.assert_cheap("audit_entry_show", 2, account=self.account,
                          id="201904-%032d" % 7)


if __name__ == "__main__":
    unittest.main()
