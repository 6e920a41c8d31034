# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl migrate, and the pool, which checks the schema."""

import os
import shutil
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (ONE_USER, REEVE, REEVECTL, SQL_DIR, Session,  # noqa: E402
                         Stack, StackTest, audit_document, lines, require,
                         wait_until)


class MigrateTest(StackTest):
    def setUp(self):
        # A copy for each test, which it may change.
        self.sql_dir = self.stack.dir + "/sql"
        shutil.rmtree(self.sql_dir, ignore_errors=True)
        shutil.copytree(SQL_DIR, self.sql_dir)
        self.stack.configure(sql_dir=SQL_DIR)
        self.addCleanup(self.stack.configure, sql_dir=SQL_DIR)

    def migrate(self, *options):
        return self.stack.reevectl("migrate", *options, check=False)

    def schema(self):
        """Everything that migrate may change, without timestamps."""
        return self.stack.sql(
            "SELECT table_name, column_name, column_type FROM"
            " information_schema.columns WHERE table_schema = 'reeve'"
            " ORDER BY table_name, ordinal_position;"
            "SELECT routine_name, SHA2(routine_definition, 256) FROM"
            " information_schema.routines WHERE routine_schema = 'reeve'"
            " ORDER BY routine_name;"
            "SELECT name, checksum FROM schema_migration ORDER BY name")

    def change_file(self, name, before, after):
        path = os.path.join(self.sql_dir, name)
        with open(path) as f:
            text = f.read()
        self.assertIn(before, text)
        with open(path, "w") as f:
            f.write(text.replace(before, after))
        self.stack.configure(sql_dir=self.sql_dir)


@require(REEVECTL)
class Migrate(MigrateTest):
    def test_it_may_run_again(self):
        before = self.schema()
        for options in ((), ("--create",), ()):
            done = self.migrate(*options)
            self.assertEqual(0, done.returncode, done.stderr)
            self.assertEqual(before, self.schema())

    def test_it_keeps_existing_rows(self):
        self.migrate("--create")
        self.assertEqual(1, self.stack.number("SELECT COUNT(*) FROM account"))

    def test_it_reports_its_actions(self):
        self.assertIn("routines", self.migrate().stderr)

    def test_check_succeeds_afterwards(self):
        self.assertEqual(0, self.migrate("--check").returncode)

    def test_check_changes_nothing(self):
        self.stack.sql("DROP PROCEDURE account_show")
        before = self.schema()
        self.migrate("--check")
        self.assertEqual(before, self.schema())
        self.migrate()

    def test_a_new_migration_is_applied_once(self):
        with open(self.sql_dir + "/schema/0900-extra.sql", "w") as f:
            f.write("-- Something new.\nCREATE TABLE extra (x INT PRIMARY KEY);\n"
                    "INSERT INTO extra VALUES (1);\n")
        self.stack.configure(sql_dir=self.sql_dir)
        for _ in range(2):
            done = self.migrate()
            self.assertEqual(0, done.returncode, done.stderr)
        self.assertEqual([["1"]], self.stack.sql("SELECT x FROM extra"))
        self.stack.sql("DROP TABLE extra; DELETE FROM schema_migration"
                       " WHERE name = '0900-extra'")

    def test_a_failed_migration_is_named_and_not_recorded(self):
        with open(self.sql_dir + "/schema/0901-bad.sql", "w") as f:
            f.write("CREATE TABLE half (x INT PRIMARY KEY);\n"
                    "CREATE TABLE nonsense;\n")
        self.stack.configure(sql_dir=self.sql_dir)
        done = self.migrate()
        self.assertNotEqual(0, done.returncode)
        self.assertIn("0901-bad.sql", done.stderr)
        self.assertEqual(0, self.stack.number(
            "SELECT COUNT(*) FROM schema_migration WHERE name = '0901-bad'"))
        self.stack.sql("DROP TABLE half")

    @unittest.skipIf(ONE_USER, "the one user has every right")
    def test_without_rights_it_says_so_and_changes_nothing(self):
        before = self.schema()
        self.stack.configure(db_admin_user=None)
        self.addCleanup(self.stack.configure, db_admin_user="root")
        done = self.migrate()
        self.assertNotEqual(0, done.returncode)
        self.assertIn("denied", done.stderr)
        self.assertEqual(before, self.schema())

    def test_a_missing_sql_dir_is_named(self):
        self.stack.configure(sql_dir="/nowhere")
        done = self.migrate()
        self.assertNotEqual(0, done.returncode)
        self.assertIn("/nowhere", done.stderr)
        self.assertIn("sql_dir", done.stderr)


@require(REEVECTL)
class Refusals(MigrateTest):
    """migrate refuses before it changes anything."""

    def assert_refused(self, text):
        before = self.schema()
        done = self.migrate()
        self.assertNotEqual(0, done.returncode)
        self.assertIn(text, done.stderr)
        self.assertEqual(before, self.schema())

    def test_a_migration_changed_after_it_was_applied(self):
        self.change_file("schema/0003-audit.sql", "The audit trail", "A trail")
        self.assert_refused("0003-audit.sql was changed")

    def newer_database(self):
        self.stack.sql("INSERT INTO schema_migration VALUES"
                       " ('9999-future', 'x', 0)")
        self.addCleanup(self.stack.sql, "DELETE FROM schema_migration"
                        " WHERE name = '9999-future'")

    def test_a_database_that_is_newer(self):
        self.newer_database()
        self.assert_refused("9999-future")

    def test_the_procedures_of_a_newer_database_stay(self):
        self.change_file("routines/account_show.sql", "SELECT a.id,",
                         "SELECT /* of the future */ a.id,")
        self.migrate()
        self.addCleanup(self.migrate)
        self.newer_database()
        self.stack.configure(sql_dir=SQL_DIR)
        self.assert_refused("newer")


@require(REEVECTL)
class Halfway(MigrateTest):
    """A migration of several statements, beside somebody who holds locks."""

    FILE = "schema/0902-steps.sql"

    def setUp(self):
        super().setUp()
        self.stack.configure(sql_dir=self.sql_dir)
        self.stack.sql("CREATE TABLE busy (x INT PRIMARY KEY);"
                       "INSERT INTO busy VALUES (1)")
        self.addCleanup(self.stack.sql, "DROP TABLE IF EXISTS busy, made;"
                        "DELETE FROM schema_migration WHERE name = '0902-steps';"
                        "DELETE FROM schema_progress")
        self.holder = Session(self.stack)
        self.addCleanup(self.holder.close)

    def write(self, *statements):
        with open(os.path.join(self.sql_dir, self.FILE), "w") as f:
            f.write("-- Steps.\n" + "".join(s + ";\n" for s in statements))

    def begin(self, text):
        """Starts migrate, and waits until it says the text."""
        running = self.stack.spawn_reevectl("migrate")
        self.addCleanup(self.end, running)
        for line in running.stderr:
            if text in line:
                return running
        raise AssertionError("migrate ended")

    def end(self, running):
        if running.poll() is None:
            running.kill()
            running.communicate()

    def assert_done(self, running):
        _, errors = running.communicate()
        self.assertEqual(0, running.returncode, errors)
        self.assertEqual(0, self.stack.number(
            "SELECT COUNT(*) FROM schema_progress"))
        self.assertEqual(1, self.stack.number(
            "SELECT COUNT(*) FROM schema_migration WHERE name = '0902-steps'"))

    MADE = "CREATE TABLE made (x INT PRIMARY KEY)"
    FILLED = "INSERT INTO made SELECT x FROM busy"
    WIDER = "ALTER TABLE busy ADD COLUMN y INT NULL"

    def test_a_lock_of_a_table_is_waited_for_again(self):
        self.write(self.MADE, self.WIDER)
        self.holder.run("BEGIN; SELECT * FROM busy")
        running = self.begin("waiting for a lock")
        self.holder.run("COMMIT")
        self.assert_done(running)

    def test_a_lock_of_a_row_is_waited_for_again(self):
        self.write(self.MADE, self.FILLED, "UPDATE busy SET x = x + 1")
        self.holder.run("BEGIN; SELECT * FROM busy FOR UPDATE")
        running = self.begin("waiting for a lock")
        self.holder.run("COMMIT")
        self.assert_done(running)
        self.assertEqual([["2"]], self.stack.sql("SELECT x FROM busy"))

    def test_one_that_was_killed_goes_on_where_it_stopped(self):
        self.write(self.MADE, self.FILLED, self.WIDER)
        self.holder.run("BEGIN; SELECT * FROM busy")
        running = self.begin("waiting for a lock")
        running.kill()
        running.communicate()
        self.assertEqual([["2", "3"]], self.stack.sql(
            "SELECT done, begun FROM schema_progress"))
        self.holder.run("COMMIT")
        self.assert_done(self.begin("going on"))
        self.assertEqual([["1"]], self.stack.sql("SELECT x FROM made"))

    def test_a_statement_that_was_done_and_not_noted_counts(self):
        """The process died after the statement committed by itself."""
        self.write(self.MADE, self.WIDER)
        self.holder.run("BEGIN; SELECT * FROM busy")
        running = self.begin("waiting for a lock")
        running.kill()
        running.communicate()
        self.stack.sql("UPDATE schema_progress SET done = 0")
        self.holder.run("COMMIT")
        self.assert_done(self.begin("applying"))

    def test_a_statement_that_was_refused_may_be_corrected(self):
        self.write(self.MADE, self.FILLED, "ALTER TABLE nowhere ADD y INT")
        done = self.migrate()
        self.assertIn("nowhere", done.stderr)
        self.assertEqual([["2", "2"]], self.stack.sql(
            "SELECT done, begun FROM schema_progress"))
        self.write(self.MADE, self.FILLED, self.WIDER)
        self.assert_done(self.begin("going on"))
        self.assertEqual([["1"]], self.stack.sql("SELECT x FROM made"))

    def test_a_refused_statement_that_finds_its_table_there_is_told(self):
        self.write(self.MADE, "CREATE TABLE busy (x INT PRIMARY KEY)")
        done = self.migrate()
        self.assertIn("already exists", done.stderr)
        self.assertNotEqual(0, self.migrate().returncode)

    def test_a_statement_that_was_done_cannot_be_changed(self):
        self.write(self.MADE, "ALTER TABLE nowhere ADD y INT")
        self.migrate()
        self.write(self.MADE.replace("INT", "BIGINT"), self.WIDER)
        done = self.migrate()
        self.assertNotEqual(0, done.returncode)
        self.assertIn("applied in part", done.stderr)

    def beside_one_whose_lease_expired(self, server, text):
        """Two migrates with one statement of rows. The lease of the first
        expires while it waits for the row. Returns their exit statuses."""
        self.write(self.MADE, "UPDATE busy SET x = x + 1")
        self.holder.run("BEGIN; SELECT * FROM busy FOR UPDATE")
        first = self.begin("waiting for a lock")
        self.stack.sql("UPDATE lease SET expires = 0" + server)
        second = self.begin(text)
        self.holder.run("COMMIT")
        statuses = []
        for running in (first, second):
            running.communicate()
            statuses.append(running.returncode)
        self.assertEqual([["2"]], self.stack.sql("SELECT x FROM busy"))
        return statuses

    def test_two_run_no_statement_of_rows_twice(self):
        self.assertEqual([73, 0], self.beside_one_whose_lease_expired(
            ", server = 'elsewhere'", "waiting for a lock"))

    def test_an_expired_lease_is_kept_by_an_open_connection(self):
        self.assertEqual([0, 0], self.beside_one_whose_lease_expired(
            "", "waiting for reevectl"))

    # Migrates at the nodes of a cluster, which share no named locks.

    WHO = "reevectl migrate on elsewhere"

    def hold(self, seconds):
        self.stack.sql(
            "UPDATE lease SET owner = '%s', server = 'elsewhere', expires ="
            " UNIX_TIMESTAMP() + %d WHERE name = 'migrate'"
            % (self.WHO, seconds))

    def end_of_lease(self, running):
        _, errors = running.communicate()
        self.assertEqual(0, running.returncode, errors)
        self.assertEqual([[""]], self.stack.sql("SELECT owner FROM lease"))

    def test_another_s_is_waited_for_until_it_is_given_back(self):
        self.hold(1000)
        running = self.begin("waiting for " + self.WHO)
        self.stack.sql("UPDATE lease SET owner = ''")
        self.end_of_lease(running)

    def test_another_s_is_waited_for_until_it_expires(self):
        self.hold(2)
        self.end_of_lease(self.begin("waiting for " + self.WHO))

    def test_nothing_is_changed_while_it_waits(self):
        self.write("DROP TABLE busy")
        self.hold(1000)
        running = self.begin("waiting for " + self.WHO)
        self.assertEqual(1, self.stack.number("SELECT COUNT(*) FROM busy"))
        self.end(running)
        self.stack.sql("UPDATE lease SET owner = ''")

    def test_one_that_died_at_this_server_keeps_nobody_waiting(self):
        self.write("ALTER TABLE busy ADD COLUMN y INT NULL")
        self.holder.run("BEGIN; SELECT * FROM busy")
        running = self.begin("waiting for a lock")
        running.kill()
        running.communicate()
        self.assertLess(20, self.stack.number(
            "SELECT expires - UNIX_TIMESTAMP() FROM lease"))
        self.holder.run("COMMIT")
        wait_until(lambda: self.stack.number(
            "SELECT COUNT(*) FROM information_schema.processlist"
            " WHERE db = 'reeve'") < 3)
        self.assertNotIn("waiting for reevectl", self.migrate().stderr)


@require(REEVE, REEVECTL)
class Beside(MigrateTest):
    """migrate beside programs that use the database."""

    def setUp(self):
        super().setUp()
        self.change_file("routines/account_show.sql", "SELECT a.id,",
                         "SELECT /* of the future */ a.id,")
        self.addCleanup(self.stack.reevectl, "migrate", "--beside")
        self.addCleanup(self.stack.configure, sql_dir=SQL_DIR)
        self.addCleanup(self.stack.stop_pool)

    def assert_refused(self, who):
        before = self.schema()
        done = self.migrate()
        self.assertEqual(73, done.returncode, done.stderr)
        self.assertIn(who, done.stderr)
        self.assertIn("--beside", done.stderr)
        self.assertEqual(before, self.schema())

    def test_a_pool_that_never_had_a_request_is_a_reason_to_refuse(self):
        for couriers, who in (("0", "reeve on"), ("1", "reeve-courier on")):
            with self.subTest(who):
                self.stack.configure(couriers=couriers)
                self.stack.start_pool()
                wait_until(lambda: self.stack.number(
                    "SELECT COUNT(*) FROM program") > 0)
                self.assert_refused(who)
                self.stack.stop_pool()
        self.stack.configure(couriers="0")

    def test_a_pool_that_was_refused_beside_goes_on(self):
        self.stack.start_pool()
        self.stack.summary(self.stack.master)
        self.assert_refused("reeve on")
        self.assertEqual(200, self.stack.summary(self.stack.master).status)

    def test_a_pool_that_was_stopped_is_not_waited_for(self):
        self.stack.start_pool()
        self.stack.summary(self.stack.master)
        self.stack.stop_pool()
        done = self.migrate()
        self.assertEqual(0, done.returncode, done.stderr)

    def test_a_command_that_takes_long_is_a_reason_to_refuse(self):
        holder = Session(self.stack)
        self.addCleanup(holder.close)
        holder.run("BEGIN; SELECT * FROM audit_head FOR UPDATE")
        running = self.stack.spawn_reevectl("import", self.stack.file(
            lines([audit_document(self.stack.master, 1)])))
        wait_until(lambda: self.stack.number(
            "SELECT COUNT(*) FROM program WHERE name = 'reevectl'"))
        self.assert_refused("reevectl on")
        holder.run("COMMIT")
        running.communicate()
        done = self.migrate()
        self.assertEqual(0, done.returncode, done.stderr)

    def test_with_beside_the_old_pool_answers_503_and_changes_nothing(self):
        self.stack.start_pool()
        self.assertEqual(200, self.stack.summary(self.stack.master).status)
        running = self.stack.spawn_reevectl("migrate", "--beside")
        answer = wait_until(lambda: self.answer_of_the_old())
        self.assertIn("retry-after", answer.headers)
        _, errors = running.communicate()
        self.assertEqual(0, running.returncode, errors)
        self.assertEqual(503, self.stack.summary(self.stack.master).status)
        self.assertEqual(0, self.stack.number(
            "SELECT COUNT(*) FROM program WHERE expires > UNIX_TIMESTAMP()"))

    def answer_of_the_old(self):
        answer = self.stack.summary(self.stack.master)
        self.assertIn(answer.status, (200, 503))
        return answer if answer.status == 503 else None

    def test_a_migrate_that_changes_nothing_disturbs_no_pool(self):
        self.stack.configure(sql_dir=SQL_DIR)
        self.stack.start_pool()
        for _ in range(3):
            self.assertEqual(200, self.stack.summary(self.stack.master).status)
            done = self.migrate()
            self.assertEqual(0, done.returncode, done.stderr)
            self.assertNotIn("creating account_show", done.stderr)
        self.assertEqual(200, self.stack.summary(self.stack.master).status)

    def note(self):
        """Notes a program that is waited for."""
        self.stack.sql("INSERT INTO program VALUES"
                       " ('here', 1, 'reeve', UNIX_TIMESTAMP() + 1000)")
        self.addCleanup(self.stack.sql, "DELETE FROM program")

    def test_one_that_is_interrupted_while_it_waits_lets_programs_go_on(self):
        self.note()
        before = self.schema()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                running = self.stack.spawn_reevectl("migrate", "--beside")
                for line in running.stderr:
                    if "waiting for reeve on" in line:
                        break
                running.send_signal(number)
                _, errors = running.communicate()
                self.assertEqual(69, running.returncode, errors)
                self.assertIn("interrupted before", errors)
                self.assertEqual(before, self.schema())

    def test_one_that_was_killed_while_it_waited_is_told(self):
        self.note()
        running = self.stack.spawn_reevectl("migrate", "--beside")
        for line in running.stderr:
            if "waiting for reeve on" in line:
                break
        running.kill()
        running.communicate()
        done = self.migrate()
        self.assertEqual(73, done.returncode, done.stderr)
        self.assertIn("stopped halfway: run it with --beside", done.stderr)
        self.assertNotIn("nothing was changed", done.stderr)
        self.stack.sql("DELETE FROM program")
        done = self.migrate("--beside")
        self.assertEqual(0, done.returncode, done.stderr)

    def test_one_that_stopped_halfway_keeps_programs_out(self):
        with open(self.sql_dir + "/schema/0903-bad.sql", "w") as f:
            f.write("ALTER TABLE nowhere ADD COLUMN y INT;\n")
        self.assertNotEqual(0, self.migrate().returncode)
        os.remove(self.sql_dir + "/schema/0903-bad.sql")
        done = self.stack.reevectl("account", "list", check=False)
        self.assertEqual(69, done.returncode, done.stderr)
        self.assertIn("being migrated", done.stderr)


@require(REEVECTL)
class TwoAtOnce(MigrateTest):
    def both(self, stack, *options):
        running = [stack.spawn_reevectl("migrate", *options) for _ in range(2)]
        ended = [(migrating.communicate(), migrating.returncode)
                 for migrating in running]
        for (_, errors), status in ended:
            self.assertEqual(0, status, errors)

    def test_on_a_migrated_database(self):
        for _ in range(5):
            self.both(self.stack)
        self.stack.reevectl("migrate", "--check")

    def test_on_an_empty_server(self):
        fresh = Stack(migrate=False)
        self.addCleanup(fresh.close)
        for _ in range(4):
            fresh.sql("DROP DATABASE IF EXISTS reeve;"
                      "DROP USER IF EXISTS reeve@localhost", "mysql")
            self.both(fresh, "--create")
            fresh.reevectl("migrate", "--check")


class PoolTest(MigrateTest):
    def assert_refuses(self, text):
        done = subprocess.run([REEVE, "-c", self.stack.conf], timeout=300,
                              capture_output=True, text=True)
        self.assertEqual(69, done.returncode, done.stderr)
        self.assertIn(text, done.stdout + done.stderr)
        self.assertFalse(os.path.exists(self.stack.pool_socket))
        check = self.migrate("--check")
        self.assertEqual(1, check.returncode)
        self.assertIn(text, check.stderr)


@require(REEVE, REEVECTL)
class PoolAndSchema(PoolTest):
    """The pool does not start on a schema of another version."""

    def tearDown(self):
        self.stack.reevectl("migrate")

    def test_an_empty_database(self):
        self.stack.sql("DROP PROCEDURE migration_list")
        self.assert_refuses("run reevectl migrate")

    def test_procedures_of_another_version(self):
        self.change_file("routines/account_show.sql", "SELECT a.id,",
                         "SELECT /* other */ a.id,")
        self.stack.reevectl("migrate")
        self.stack.configure(sql_dir=SQL_DIR)
        self.assert_refuses("run reevectl migrate")

    def test_tables_that_are_older(self):
        newest = self.stack.sql("SELECT name, checksum FROM schema_migration"
                                " WHERE name <> 'routines'"
                                " ORDER BY name DESC LIMIT 1")[0]
        self.stack.sql("DELETE FROM schema_migration WHERE name = '%s'"
                       % newest[0])
        self.addCleanup(self.stack.reevectl, "migrate")
        try:
            self.assert_refuses("run reevectl migrate")
        finally:
            self.stack.sql("INSERT INTO schema_migration VALUES ('%s', '%s', 1)"
                           % tuple(newest))

    def test_tables_that_are_newer(self):
        self.stack.sql("INSERT INTO schema_migration VALUES"
                       " ('9999-future', 'x', 0)")
        try:
            self.assert_refuses("upgrade reeve")
        finally:
            self.stack.sql("DELETE FROM schema_migration"
                           " WHERE name = '9999-future'")

    def test_tables_of_the_same_version(self):
        self.stack.start_pool()
        self.addCleanup(self.stack.stop_pool)
        self.assertEqual(200, self.stack.summary(self.stack.master).status)


@require(REEVE, REEVECTL)
class StatementBinlog(PoolTest):
    """A server with binlog_format=STATEMENT refuses every write at READ
    COMMITTED. The pool says so at start, instead of answering each write with
    500."""

    options = {"server_options": ("--log-bin=binlog", "--server-id=1",
                                  "--binlog-format=ROW")}

    def set_format(self, name):
        self.stack.sql("SET GLOBAL binlog_format = '%s'" % name)

    def setUp(self):
        super().setUp()
        self.set_format("STATEMENT")
        self.addCleanup(self.set_format, "ROW")

    def test_the_pool_does_not_start(self):
        self.assert_refuses("binlog_format")

    def test_migrate_refuses_before_it_changes_anything(self):
        self.stack.sql("DROP DATABASE reeve; DROP USER reeve@localhost",
                       "mysql")
        done = self.migrate("--create")
        self.assertNotEqual(0, done.returncode)
        self.assertIn("set it to ROW", done.stderr)
        self.assertEqual(0, self.stack.number(
            "SELECT COUNT(*) FROM schema_migration"))
        self.set_format("ROW")
        done = self.migrate("--create")
        self.assertEqual(0, done.returncode, done.stderr)


@require(REEVE, REEVECTL)
class MailLane(StackTest):
    """A database whose messages were for bookkeepers and webhooks only."""

    def test_messages_keep_their_lanes(self):
        account = self.stack.create_account("Test")
        migrations = ("0038-password-resets", "0045-mail-lane")
        self.stack.sql(
            "DROP TABLE password_reset; ALTER TABLE outbox MODIFY COLUMN lane"
            " VARCHAR(16) GENERATED ALWAYS AS (CASE WHEN state <> 'waiting'"
            " THEN NULL WHEN LEFT(target, 8) = 'webhook/' THEN 'webhook'"
            " ELSE 'bookkeeper' END) STORED;" + "".join(
                "DELETE FROM %s WHERE name = '%s';" % (table, name)
                for table in ("schema_migration", "schema_progress")
                for name in migrations) +
            "INSERT INTO outbox (account_id, created, document, target, state)"
            " VALUES " + ", ".join(
                "('%s', 1, '{}', '%s', '%s')" % (account, target, state)
                for target, state in (
                    ("bookkeeper/a/b", "waiting"), ("webhook/a/b", "waiting"),
                    ("webhook/a/b", "delivered"), ("payment/a/b", "dead"))))
        self.stack.reevectl("migrate")
        lanes = lambda: self.stack.sql(
            "SELECT target, IFNULL(lane, '-') FROM outbox ORDER BY id")
        kept = [["bookkeeper/a/b", "bookkeeper"], ["webhook/a/b", "webhook"],
                ["webhook/a/b", "-"], ["payment/a/b", "-"]]
        self.assertEqual(kept, lanes())
        self.stack.sql("INSERT INTO outbox (account_id, created, document,"
                       " target) VALUES ('%s', 1, '{}', 'mail/smarthost/1')" %
                       account)
        self.assertEqual(kept + [["mail/smarthost/1", "mail"]], lanes())


@require(REEVE, REEVECTL)
class Roles(StackTest):
    """A database with users, before they had roles."""

    def test_its_users_keep_their_rights_until_the_configuration_decides(self):
        account = self.stack.create_account("Test")
        user = self.stack.reevectl(
            "user", "create", "ann", "--account", account, "--password",
            "secret-1").stdout.strip()
        token = self.stack.reevectl("token", "issue", account, "--user",
                                    user).stdout.strip()
        migrate = lambda: self.stack.reevectl("migrate")
        self.assertNotIn("user_role", migrate().stderr)
        self.stack.sql(
            "DROP TABLE installation; ALTER TABLE account_user DROP KEY admins,"
            " DROP COLUMN role; DELETE FROM schema_migration"
            " WHERE name = '0027-roles';"
            "DELETE FROM schema_progress WHERE name = '0027-roles'")
        for _ in "ab":
            self.assertIn("user_role", migrate().stderr)
        path = "/v2/accounts/" + account
        for role, changes, reads in (("", 200, 200), ("user", 403, 403),
                                     ("viewer", 403, 200)):
            with self.subTest(role):
                self.stack.start_pool(user_role=role)
                self.assertEqual(changes, self.stack.request(
                    "PATCH", path, token, {"name": "New"}).status)
                self.assertEqual(reads, self.stack.request(
                    "GET", path + "/devices", token).status)
                self.stack.stop_pool()
        self.assertNotIn("user_role", migrate().stderr)


@require(REEVECTL)
class FormerSellers(StackTest):
    """A database of before moves pinned plans, and quotes said who asked."""
    # Plan: its seller, the version asked for and the one it is priced by, and
    # the version that the migration leaves.
    ASSIGNMENTS = {
        "own": ("seller", "NULL", "2", "NULL"),
        "former": ("former", "NULL", "1", "1"),
        "pinned": ("former", "3", "3", "3"),
        "missing": ("former", "NULL", "NULL", "NULL"),
    }

    def test_their_plans_stay_at_the_version_that_is_paid_by(self):
        accounts = {"former": self.stack.create_account("Former"),
                    "seller": self.stack.master}
        account = self.stack.create_account("Customer")
        self.stack.sql(
            "ALTER TABLE service_quote DROP COLUMN asker;"
            "INSERT INTO service_quote (id, account_id, vendor_id, created,"
            " expires, document) VALUES ('q', '%s', '%s', 1, 2, '{}');"
            % (account, self.stack.master) + "".join(
                "INSERT INTO service_assignment (account_id, plan_id,"
                " vendor_id, position, overrides, version, priced)"
                " VALUES ('%s', '%s', '%s', 1, '{}', %s, %s);" % (
                    account, plan, accounts[vendor], version, priced)
                for plan, (vendor, version, priced, _)
                in self.ASSIGNMENTS.items()) + "".join(
                    "DELETE FROM %s WHERE name LIKE '%%-former-plans'"
                    " OR name LIKE '%%-quote-askers';" % table
                    for table in ("schema_migration", "schema_progress")))
        self.stack.reevectl("migrate")
        self.assertEqual(
            {plan: row[3] for plan, row in self.ASSIGNMENTS.items()},
            dict(self.stack.sql("SELECT plan_id, version FROM"
                                " service_assignment WHERE account_id = '%s'"
                                % account)))
        self.assertEqual([["NULL"]], self.stack.sql(
            "SELECT asker FROM service_quote WHERE id = 'q'"))


if __name__ == "__main__":
    unittest.main()
