# SPDX-License-Identifier: GPL-3.0-or-later
"""Conflicting writers, and missing procedures."""

import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY_0, REEVE, REEVECTL, InBackground,  # noqa: E402
                         StackTest, audit_document, lines, require,
                         wait_until)
from reeve import md5, new_id  # noqa: E402

LOCK_HEAD = "SELECT sequence FROM audit_head WHERE account_id = '%s' FOR UPDATE"


@require(REEVECTL)
class Deadlocks(StackTest):
    def accounts(self):
        return self.stack.create_account("A"), self.stack.create_account("B")

    def entries_of(self, account):
        return self.stack.number("SELECT COUNT(DISTINCT id) FROM audit_entry"
                                 " WHERE account_id = '%s'" % account)

    def finish(self, importing):
        output, errors = importing.communicate()
        self.assertEqual(0, importing.returncode, errors)
        return output

    def test_the_victim_of_a_deadlock_is_repeated(self):
        first, second = self.accounts()
        path = self.stack.file(lines(
            [audit_document(first, n, DAY_0 + n) for n in range(20)] +
            [audit_document(second, n, DAY_0 + 100 + n) for n in range(20)]))
        # The server ends the transaction that has written less: not this one.
        self.stack.sql("CREATE TABLE ballast (n INT PRIMARY KEY)")
        holder = self.stack.session()
        self.addCleanup(holder.close)
        holder.run("BEGIN; INSERT INTO ballast VALUES " +
                   ",".join("(%d)" % n for n in range(5000)))
        holder.run(LOCK_HEAD % second)
        importing = self.stack.spawn_reevectl("import", path)
        self.stack.wait_for_lock_wait()
        holder.run(LOCK_HEAD % first)
        holder.run("ROLLBACK")
        self.assertIn("40 imported", self.finish(importing))
        self.assertEqual((20, 20), (self.entries_of(first),
                                    self.entries_of(second)))
        self.assert_verified(first)
        self.assert_verified(second)

    def test_imports_that_take_accounts_in_opposite_orders_both_finish(self):
        first, second = self.accounts()
        forth = [audit_document(first if n < 60 else second, n, DAY_0 + n)
                 for n in range(120)]
        back = [audit_document(second if n < 60 else first, 1000 + n, DAY_0 + n)
                for n in range(120)]
        running = [self.stack.spawn_reevectl(
            "import", self.stack.file(lines(documents)))
            for documents in (forth, back)]
        for importing in running:
            self.assertIn("120 imported", self.finish(importing))
        self.assertEqual((120, 120), (self.entries_of(first),
                                      self.entries_of(second)))
        self.assert_verified(first)
        self.assert_verified(second)

    def test_a_lock_wait_that_times_out_is_repeated(self):
        account, _ = self.accounts()
        holder = self.stack.session()
        self.addCleanup(holder.close)
        holder.run("BEGIN; " + LOCK_HEAD % account)
        importing = self.stack.spawn_reevectl("import", self.stack.file(lines(
            [audit_document(account, 1)])))
        waits = set()

        def another_waits():
            waits.update(row[0] for row in self.stack.sql(
                "SELECT trx_id FROM information_schema.innodb_trx WHERE "
                "trx_state = 'LOCK WAIT'"))
            return len(waits) > 1 or importing.poll() is not None

        wait_until(another_waits, pause=0.15)
        self.assertIsNone(importing.poll())
        holder.run("ROLLBACK")
        self.assertIn("1 imported", self.finish(importing))


@require(REEVE, REEVECTL)
class HeldRows(StackTest):
    """A login while another connection locks its account."""

    pool = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.stack.create_account("Test", "--realm", "test.example")
        cls.stack.import_documents([
            {"_id": new_id(), "pvt_type": "user", "username": "ann",
             "pvt_account_id": cls.account,
             "pvt_md5_auth": md5("ann", "secret")}])

    def login(self):
        return self.stack.login(md5("ann", "secret"), "test.example")

    def held(self):
        holder = self.stack.session()
        self.addCleanup(holder.close)
        holder.run("BEGIN; SELECT id FROM account FOR UPDATE")
        return holder

    def restart(self, **config):
        self.stack.stop_pool()
        self.stack.start_pool(**config)

    def test_a_login_waits_until_the_row_is_free(self):
        self.login()
        holder = self.held()
        login = InBackground(self.login)
        self.stack.wait_for_lock_wait(unless=lambda: login.answer)
        self.assertIsNone(login.answer, "it did not wait")
        holder.run("ROLLBACK")
        self.assertEqual(201, login.result().status)

    def user_of(self, realm):
        """Account and user of a realm of their own."""
        account = self.stack.create_account("Test", "--realm", realm)
        self.stack.import_documents([
            {"_id": new_id(), "pvt_type": "user", "username": "ann",
             "pvt_account_id": account, "pvt_md5_auth": md5("ann", "secret")}])
        return account, self.stack.sql("SELECT id FROM account_user WHERE "
                                       "account_id = '%s'" % account)[0][0]

    def test_a_login_beside_a_change_of_what_it_is_made_under_gets_no_token(self):
        for label, change in (
                ("password", "user_credential_set('%s', '%s', 'md5',"
                 " UNHEX(SHA2('x', 256)), 'another', 's')"),
                ("disabled", "user_save('%s', '%s', 'ann', NULL, NULL, NULL,"
                 " 'user', NULL, 0, 1, 1)"),
                ("renamed", "user_save('%s', '%s', 'eve', NULL, NULL, NULL,"
                 " 'user', NULL, 1, 0, 1)")):
            with self.subTest(label):
                user = self.user_of(label + ".example")
                holder = self.stack.session()
                self.addCleanup(holder.close)
                holder.run("BEGIN; CALL " + change % user)
                login = InBackground(lambda: self.stack.login(
                    md5("ann", "secret"), label + ".example"))
                self.stack.wait_for_lock_wait(unless=lambda: login.answer)
                self.assertIsNone(login.answer, "it did not wait")
                holder.run("COMMIT")
                self.assertEqual(401, login.result().status)
                self.assertEqual(0, self.stack.number(
                    "SELECT COUNT(*) FROM auth_token WHERE account_id = '%s'" %
                    user[0]))

    def test_a_token_is_not_renewed_beside_what_ends_it(self):
        for label, change in (
                ("password", "user_credential_set('%s', '%s', 'md5',"
                 " UNHEX(SHA2('y', 256)), 'another', 's')"),
                ("disabled", "user_save('%s', '%s', 'ann', NULL, NULL, NULL,"
                 " 'user', NULL, 0, 1, 1)"),
                ("ended", "token_end_all('%s', '%s')"),
                ("template", "token_template_save('%s', '{}', 1); CALL"
                 " token_end('{0}', 'cb_user_auth', 'user', '{}')")):
            with self.subTest(label):
                user = self.user_of("renewed-%s.example" % label)
                token = self.stack.login(
                    md5("ann", "secret"), "renewed-%s.example" % label
                    ).envelope["auth_token"]
                holder = self.stack.session()
                self.addCleanup(holder.close)
                holder.run("BEGIN; CALL " + change.replace(
                    "{0}", user[0]) % user[:change.count("%s")])
                renewal = InBackground(lambda: self.stack.request(
                    "PUT", "/v2/auth", token, {"action": "refresh_token"}))
                self.stack.wait_for_lock_wait(unless=lambda: renewal.answer)
                self.assertIsNone(renewal.answer, "it did not wait")
                holder.run("COMMIT")
                self.assertEqual(401, renewal.result().status)
                self.assertEqual(0, self.stack.number(
                    "SELECT COUNT(*) FROM auth_token WHERE account_id = '%s'" %
                    user[0]))

    def test_a_login_gives_up_with_503_and_changes_nothing(self):
        self.login()
        holder = self.held()
        tokens = self.stack.number("SELECT COUNT(*) FROM auth_token")
        self.restart(db_read_timeout="1s")
        self.assert_unavailable(self.login())
        holder.run("ROLLBACK")
        self.restart(db_read_timeout=None)
        self.assertEqual(tokens, self.stack.number(
            "SELECT COUNT(*) FROM auth_token"))
        self.assertEqual(201, self.login().status)


@require(REEVE, REEVECTL)
class MissingProcedures(StackTest):
    pool = True

    def read(self):
        return self.stack.summary(self.stack.master)

    def test_a_dropped_procedure_is_503_until_migrate_restores_it(self):
        self.assertEqual(200, self.read().status)
        self.stack.sql("DROP PROCEDURE audit_day_list")
        for _ in range(4):
            self.assert_unavailable(self.read())
        self.assertIn("audit_day_list", self.stack.pool_log())
        self.stack.reevectl("migrate")
        self.assertEqual([200] * 4, [self.read().status for _ in range(4)])

    def test_migrate_during_requests_causes_no_fault(self):
        statuses = set()
        done = threading.Event()

        def ask():
            while not done.is_set():
                statuses.add(self.read().status)

        asking = threading.Thread(target=ask)
        asking.start()
        for _ in range(5):
            self.stack.reevectl("migrate")
        done.set()
        asking.join()
        self.assertIn(200, statuses)
        self.assertLessEqual(statuses, {200, 503})


if __name__ == "__main__":
    unittest.main()
