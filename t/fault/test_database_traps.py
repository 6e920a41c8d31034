# SPDX-License-Identifier: GPL-3.0-or-later
"""Traps of servers and of their client library that Reeve must avoid."""

import json
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY, DAY_0, REEVE, REEVECTL, Stack,  # noqa: E402
                         StackTest, account_document, audit_document, require,
                         server_knows)
from reeve import new_id  # noqa: E402

NAMES = ("\U0001f4de Telefon", "Łódź żółć", "日本語", "e\u0301", "\U0001f468\u200d\U0001f469")


@require(REEVE, REEVECTL)
class ServerOfLatin1(StackTest):
    """A server whose default character set is latin1, as in mariadbd."""

    pool = True
    options = {"server_options": (
        "--character-set-server=latin1", "--collation-server=latin1_swedish_ci")}

    def test_the_server_is_what_this_test_needs(self):
        self.assertEqual([["latin1"]],
                         self.stack.sql("SELECT @@global.character_set_server"))

    def test_names_of_any_alphabet_are_kept(self):
        account = self.stack.create_account()
        self.stack.import_documents([
            audit_document(account, n, service=name)
            for n, name in enumerate(NAMES)])
        answer = self.stack.summary(account)
        self.assertEqual(set(NAMES), set(answer.data))
        self.assert_verified(account)

    def test_such_a_service_can_be_selected(self):
        account = self.stack.create_account()
        self.stack.import_documents([
            audit_document(account, 1, service="\U0001f4de")])
        answer = self.stack.summary(account, service="%F0%9F%93%9E")
        self.assertEqual(1, len(answer.data))

    def test_names_of_accounts_are_kept(self):
        account = new_id()
        self.stack.import_documents([account_document(
            account, [self.stack.master], name=NAMES[0])])
        shown = self.stack.reevectl("account", "show", "--json", account).stdout
        self.assertEqual(NAMES[0], json.loads(shown)["name"])


@require(REEVECTL)
class ServerThatIgnoresClientCharset(StackTest):
    """A server that ignores the character set that clients request when they
    connect."""

    option = "character-set-client-handshake"
    options = {"server_options": (
        "--character-set-server=latin1", "--collation-server=latin1_swedish_ci",
        "--%s=OFF" % option)}

    @classmethod
    def setUpClass(cls):
        if not server_knows(cls.option):
            raise unittest.SkipTest("this server has no --" + cls.option)
        super().setUpClass()

    def test_names_are_stored_unchanged(self):
        self.stack.create_account("\u00e9")
        self.assertEqual(1, self.stack.number(
            "SELECT COUNT(*) FROM account WHERE HEX(name) = 'C3A9'"))

    def test_a_trail_of_any_alphabet_is_verified(self):
        account = self.stack.create_account()
        self.stack.import_documents([
            audit_document(account, n, service=name)
            for n, name in enumerate(NAMES)])
        self.assert_verified(account)


@require(REEVECTL)
class DatabaseOfLatin1(StackTest):
    """A database created manually, with the server's defaults."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(migrate=False)
        cls.addClassCleanup(cls.stack.close)
        cls.stack.sql("CREATE DATABASE reeve CHARACTER SET latin1", "mysql")
        cls.stack.reevectl("migrate", "--create")
        cls.stack.create_master()

    def test_names_of_any_alphabet_are_kept(self):
        account = self.stack.create_account(NAMES[0])
        shown = self.stack.reevectl("account", "show", "--json", account).stdout
        self.assertEqual(NAMES[0], json.loads(shown)["name"])


@require(REEVE, REEVECTL)
class LargeAnswers(StackTest):
    """400 days of 60 services: more than the max size of a server's string."""

    pool = True
    DAYS = 400
    SERVICES = 60

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.stack.create_account()
        documents = []
        for day in range(cls.DAYS):
            document = audit_document(cls.account, day, DAY_0 + day * DAY)
            document["invoice"]["items"] = [{
                "item": "service %02d" % n, "billable": day * 100 + n,
                "changes": {"difference": {"billable": n + 1}}}
                for n in range(cls.SERVICES)]
            documents.append(document)
        cls.stack.import_documents(documents)

    def test_a_summary_of_all_services_is_complete(self):
        answer = self.stack.summary(self.account, days=self.DAYS - 1)
        self.assertEqual(200, answer.status)
        self.assertGreater(len(answer.body), 1 << 20)
        self.assertEqual(self.SERVICES, len(answer.data))
        for n in range(self.SERVICES):
            rows = answer.data["service %02d" % n]
            self.assertEqual(
                [day * 100 + n for day in range(self.DAYS)],
                [row["quantity"] for days in rows for row in days.values()])

    def test_the_worker_gives_the_memory_back(self):
        self.stack.summary(self.account, days=self.DAYS - 1)

        def resident():
            total = 0
            for pid in self.stack.workers():
                with open("/proc/%d/statm" % pid) as f:
                    total += int(f.read().split()[1]) * 4096
            return total

        for _ in range(4):
            self.stack.summary(self.account, days=self.DAYS - 1)
        before = resident()
        for _ in range(10):
            self.stack.summary(self.account, days=self.DAYS - 1)
        self.assertLess(resident() - before, 4 << 20)

    def test_a_long_document_is_complete(self):
        account = self.stack.create_account()
        note = "n" * 3000000
        self.stack.import_documents([audit_document(account, 1, note=note)])
        answer = self.stack.get("/v2/accounts/%s/services/audit/201904-%032x"
                                % (account, 1))
        self.assertEqual(note, answer.data["note"])


@require(REEVE, REEVECTL)
class ReplacedProcedures(StackTest):
    """Procedures that break their contract (sql/README): the call fails, and
    the worker and its connection keep working."""

    pool = True
    # A procedure that is dropped takes along what was granted of it alone.
    options = {"workers": "1", "one_user": True}

    ROW = ("SELECT 'user' AS service, '2019-04-03' AS day, 0 AS is_usage,"
           " 1 AS addition, 0 AS removal, 1 AS quantity, 1 AS last_timestamp,"
           " CAST(NULL AS CHAR) AS unit")

    def setUp(self):
        self.assertEqual(200, self.read().status)
        self.before = self.stack.connections(), self.stack.workers()

    def tearDown(self):
        self.stack.reevectl("migrate")
        self.assertEqual(200, self.read().status)
        self.assertEqual(self.before, (self.stack.connections(),
                                       self.stack.workers()))

    def read(self):
        return self.stack.summary(self.stack.master)

    def replace(self, body):
        self.stack.sql(
            "DROP PROCEDURE audit_day_list;\nDELIMITER //\n"
            "CREATE PROCEDURE audit_day_list(IN p_account CHAR(32),"
            " IN p_view VARCHAR(10), IN p_service VARCHAR(128),"
            " IN p_from BIGINT, IN p_to BIGINT)\nBEGIN\n%s\nEND//\n" % body)

    def assert_fault(self, log):
        """Expects 500 once, and a line in the log with the reason."""
        seen = len(self.stack.pool_log())
        answer = self.read()
        self.assertEqual(500, answer.status, answer)
        self.assertEqual("500", answer.envelope["error"])
        self.assertNotIn("audit_day_list", answer.body.decode())
        new = [line for line in self.stack.pool_log()[seen:].splitlines()
               if log in line]
        self.assertEqual(1, len(new), self.stack.pool_log()[seen:])

    def test_a_replaced_procedure_is_prepared_again(self):
        self.replace(self.ROW + ";")
        self.assertEqual(["user"], list(self.read().data))

    def test_a_signal_after_rows_is_not_missed(self):
        self.replace(self.ROW + "; SIGNAL SQLSTATE '45404'"
                     " SET MESSAGE_TEXT = 'account: gone';")
        self.assertEqual(404, self.read().status)

    def test_an_unknown_signal_after_rows_is_a_fault(self):
        self.replace(self.ROW + "; SIGNAL SQLSTATE '45000'"
                     " SET MESSAGE_TEXT = 'something else';")
        self.assert_fault("something else")

    def test_a_signal_before_rows(self):
        self.replace("SIGNAL SQLSTATE '45403' SET MESSAGE_TEXT = 'x: no'; " +
                     self.ROW + ";")
        self.assertEqual(403, self.read().status)

    def test_two_result_sets(self):
        self.replace((self.ROW + "; ") * 2)
        self.assert_fault("two result sets")

    def test_no_result_set(self):
        self.replace("DO 1;")
        self.assert_fault("no result set")

    def test_an_additional_column(self):
        self.replace(self.ROW + ", 1 AS more;")
        self.assert_fault("9 columns instead of 8")

    def test_a_missing_column(self):
        self.replace("SELECT 'user' AS service;")
        self.assert_fault("1 columns instead of 8")

    def test_a_failing_statement(self):
        self.replace("SELECT * FROM nowhere;")
        self.assert_fault("nowhere")

    def test_a_null_where_none_is_expected(self):
        self.replace(self.ROW.replace("1 AS quantity", "NULL AS quantity") + ";")
        self.assertIn(self.read().status, (200, 500))


@require(REEVECTL)
class ReplacedMigrationList(StackTest):
    options = {"one_user": True}

    def test_check_reports_a_signal_after_rows(self):
        self.stack.sql(
            "DROP PROCEDURE migration_list;\nDELIMITER //\n"
            "CREATE PROCEDURE migration_list()\nBEGIN\n"
            "SELECT name, checksum FROM schema_migration ORDER BY name;\n"
            "SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not today';\nEND//\n")
        done = self.stack.reevectl("migrate", "--check", check=False)
        self.assertNotEqual(0, done.returncode)
        self.assertIn("not today", done.stderr)
        self.stack.reevectl("migrate")
        self.stack.reevectl("migrate", "--check")


@require(REEVE, REEVECTL)
class SmallPackets(StackTest):
    pool = True
    options = {"server_options": ("--max-allowed-packet=4M",)}

    def test_the_start_says_that_bodies_are_too_large_for_the_database(self):
        self.assertRegex(self.stack.pool_log(), "max_allowed_packet of the "
                         "database is 4194304, .* max_batch_body needs")


@require(REEVE, REEVECTL)
class Clocks(StackTest):
    """The database's sessions have the time of a test."""
    pool = True

    def test_the_start_says_that_clocks_differ(self):
        now = int(time.time())
        rows = (("ahead", now - 4000, r"is (39|40|41)\d\d s ahead of that"),
                ("behind", now + 4000, r"is (39|40)\d\d s behind that"),
                ("like it", now + 5, None))
        for label, at, said in rows:
            with self.subTest(label):
                self.stack.sql("SET GLOBAL init_connect = "
                               "'SET timestamp = %d'" % at)
                self.stack.stop_pool()
                size = len(self.stack.pool_log())
                self.stack.start_pool()
                log = self.stack.pool_log()[size:]
                if said:
                    self.assertRegex(log, "error .* the clock of this host " +
                                     said)
                else:
                    self.assertNotIn("the clock of this host", log)


if __name__ == "__main__":
    unittest.main()
