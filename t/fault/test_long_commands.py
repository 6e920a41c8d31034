# SPDX-License-Identifier: GPL-3.0-or-later
"""Long commands of reevectl: they have limits of their own, keep what they have
done, and spend nothing on accounts that have nothing."""

import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY, DAY_0, REEVECTL, TOP, StackTest,  # noqa: E402
                         audit_document, ledger_document, lines, require)

# Commands that read or write few rows. All others have the limits of long work.
SHORT = {
    "account_create", "account_show", "check_config", "deliver", "key_create",
    "key_revoke", "migrate", "price", "token_issue", "token_revoke",
    "user_create", "user_password"}

BARE = """
CREATE TEMPORARY TABLE part (id CHAR(32));
INSERT INTO part SELECT LPAD(a.n * 100 + b.n * 10 + c.n, 32, 'e')
  FROM %s AS a, %s AS b, %s AS c;
INSERT INTO account (id, parent_id, reseller_id, is_reseller, name, name_key,
                     document, created, modified)
  SELECT id, '{parent}', '{parent}', 0, id, id, '{{}}', 1, 1 FROM part;
INSERT INTO audit_head SELECT id, 0, REPEAT(CHAR(0), 32) FROM part;
""" % (("(%s)" % " UNION ALL ".join("SELECT %d AS n" % n
                                   for n in range(10)),) * 3)
BARE_ACCOUNTS = 1000


@require(REEVECTL)
class LongCommands(StackTest):
    options = {"db_read_timeout": "1s"}

    def setUp(self):
        self.account = self.stack.create_account()
        # One in April, one in May, one in June.
        self.stack.import_documents([
            audit_document(self.account, n, DAY_0 + n * 30 * DAY, billable=n + 1)
            for n in range(3)])
        self.days = self.stack.days(self.account)

    def test_every_command_is_short_or_has_the_limits_of_long_work(self):
        with open(os.path.join(TOP, "src", "ctl", "main.c")) as f:
            needs = dict(re.findall(r"command_(\w+), (NEEDS_\w+)", f.read()))
        self.assertLessEqual(SHORT, set(needs))
        self.assertEqual(set(needs) - SHORT, {
            name for name, need in needs.items() if need == "NEEDS_PATIENCE"})

    def test_calls_outlast_the_limits_of_requests(self):
        """A lock is held for longer than db_read_timeout and than requests
        wait for locks."""
        document = self.stack.file(lines([
            audit_document(self.account, 10, DAY_0)]))
        usage = self.stack.file(lines([ledger_document(
            self.account, 11, DAY_0)]))
        calls = (("audit", "rebuild", self.account),
                 ("audit", "verify", self.account),
                 ("import", document), ("import", usage))
        session = self.stack.session()
        self.addCleanup(session.close)
        session.run("START TRANSACTION; SELECT 1 FROM audit_head WHERE"
                    " account_id = '%s' FOR UPDATE" % self.account)
        running = [self.stack.spawn_reevectl(*call) for call in calls]
        self.stack.wait_for_lock_wait(
            len(calls), lambda: any(r.poll() is not None for r in running))
        session.run("DO SLEEP(7); ROLLBACK")
        for call, process in zip(calls, running):
            with self.subTest(call):
                _, errors = process.communicate()
                self.assertEqual(0, process.returncode, errors)

    def test_a_rebuild_keeps_the_months_before_a_failure(self):
        self.stack.sql(
            "UPDATE audit_day SET quantity = 99 WHERE account_id = '{0}';"
            "UPDATE audit_entry SET line_items = CONCAT('[', line_items)"
            " WHERE account_id = '{0}' AND sequence = 2".format(self.account))
        done = self.stack.reevectl("audit", "rebuild", self.account,
                                   check=False)
        self.assertEqual(70, done.returncode, done.stderr)
        self.assertIn("up to 2019-04-30", done.stderr)
        quantities = [row[2] for _, row in sorted(
            self.stack.days(self.account).items())]
        self.assertEqual([1, 99, 99], quantities)
        self.stack.sql(
            "UPDATE audit_entry SET line_items = SUBSTRING(line_items, 2)"
            " WHERE account_id = '%s' AND sequence = 2" % self.account)
        self.stack.reevectl("audit", "rebuild", self.account, "--from",
                            "2019-05-01")
        self.assertEqual(self.days, self.stack.days(self.account))
        self.assert_verified(self.account)

    def test_a_wrong_balance_is_corrected(self):
        self.stack.import_documents([ledger_document(
            self.account, 20, DAY_0, amount=50000)])
        self.stack.sql("UPDATE ledger_balance SET amount = amount + 3 WHERE"
                       " account_id = '%s'" % self.account)
        done = self.stack.reevectl("audit", "verify", self.account,
                                   check=False)
        self.assertIn("BALANCE WRONG", done.stdout)
        self.stack.reevectl("audit", "rebuild", self.account)
        self.assert_verified(self.account)

    def counters(self):
        """The numbers of looks for rows and of calls so far."""
        status = dict(self.stack.sql("SHOW GLOBAL STATUS"))
        return (sum(int(value) for name, value in status.items()
                    if name.startswith("Handler_read")),
                int(status["Com_stmt_execute"]))

    def read_by(self, *command):
        """The looks for rows and the calls by a command."""
        before = self.counters()
        self.stack.reevectl(*command)
        return [new - old for new, old in zip(self.counters(), before)]

    def test_accounts_without_entries_cost_their_row_of_figures(self):
        for command, looks, each in (("verify", 1, 11.1),
                                     ("rebuild", 2, 21.1)):
            with self.subTest(command):
                self.stack.sql("DELETE FROM audit_head WHERE account_id LIKE"
                               " 'eee%'; DELETE FROM account WHERE id LIKE"
                               " 'eee%'")
                rows, calls = self.read_by("audit", command, "--all")
                self.stack.sql(BARE.format(parent=self.stack.master))
                more, many = self.read_by("audit", command, "--all")
                # Its row of figures is compared, and written.
                self.assertLess(many - calls, looks * BARE_ACCOUNTS + 5)
                self.assertLess(more - rows, each * BARE_ACCOUNTS)


if __name__ == "__main__":
    unittest.main()
