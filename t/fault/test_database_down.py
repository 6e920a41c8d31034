# SPDX-License-Identifier: GPL-3.0-or-later
"""The API reports a database that is down, and recovers when it is back."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVE, REEVECTL, InBackground, Stack,  # noqa: E402
                         StackTest, account_document, audit_document,
                         free_port, lines, require, wait_until)
from reeve import md5, new_id  # noqa: E402


class WithUser(StackTest):
    """A stack with one account that has a user and an audit entry."""

    pool = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.stack.create_account("Test", "--realm", "test.example")
        cls.stack.import_documents([
            audit_document(cls.account, 1),
            {"_id": new_id(), "pvt_type": "user", "username": "ann",
             "pvt_account_id": cls.account,
             "pvt_md5_auth": md5("ann", "secret")}])

    def setUp(self):
        if self.stack.server is None:
            self.stack.start_database()
        self.eventually_works()

    def read(self):
        return self.stack.summary(self.account)

    def write(self):
        return self.stack.login(md5("ann", "secret"), "test.example")

    def eventually_works(self):
        # Each of the two workers must notice by itself.
        wait_until(lambda: all(self.read().status == 200 for _ in range(6)))


@require(REEVE, REEVECTL)
class DatabaseDown(WithUser):
    def test_reads_and_writes_answer_503_with_retry_after(self):
        self.stack.kill_database()
        self.assert_unavailable(self.read())
        self.assert_unavailable(self.write())

    def test_requests_without_database_access_are_answered(self):
        self.stack.kill_database()
        self.assertEqual(404, self.stack.get("/v2/nonsense").status)

    def test_requests_do_not_wait_for_a_database_that_is_down(self):
        """Workers try to connect now and then; requests in between fail at
        once."""
        self.stack.kill_database()
        self.assert_unavailable(self.read())
        looked = lambda: self.stack.pool_log().count("cannot connect")
        before = looked()
        for _ in range(20):
            self.assert_unavailable(self.read())
        self.assertLess(looked() - before, 20)

    def test_workers_survive_and_recover(self):
        before = self.stack.workers()
        self.stack.kill_database()
        for _ in range(6):
            self.assert_unavailable(self.read())
        self.stack.start_database()
        self.eventually_works()
        self.assertEqual(201, self.write().status)
        self.assertEqual(before, self.stack.workers())

    def test_an_orderly_restart_of_the_database_goes_unnoticed(self):
        self.stack.stop_database()
        self.stack.start_database()
        self.assertEqual([200] * 4, [self.read().status for _ in range(4)])
        self.assertEqual([201] * 4, [self.write().status for _ in range(4)])

    def test_the_log_reports_the_outage_and_its_end(self):
        self.stack.kill_database()
        self.read()
        self.assertIn("cannot connect to the database", self.stack.pool_log())
        self.stack.start_database()
        self.eventually_works()
        self.assertIn("connected to the database again", self.stack.pool_log())

    def test_a_pool_started_without_a_database_serves_when_it_is_up(self):
        self.stack.stop_pool()
        self.stack.kill_database()
        self.stack.start_pool()
        self.assert_unavailable(self.read())
        self.stack.start_database()
        self.eventually_works()

    def test_reevectl_exits_69_and_says_where_to_look(self):
        self.stack.kill_database()
        done = self.stack.reevectl("account", "list", check=False)
        self.assertEqual(69, done.returncode)
        self.assertIn("db_socket", done.stderr)


@require(REEVE, REEVECTL)
class DatabaseKilledMidRequest(WithUser):
    def killed_while(self, request, is_waiting):
        waiting = InBackground(request)
        is_waiting()
        self.stack.kill_database()
        return waiting.result()

    def test_a_write_that_waited_for_a_lock_answers_503(self):
        holder = self.stack.session()
        self.addCleanup(holder.close)
        self.assertEqual(201, self.write().status)
        holder.run("BEGIN; SELECT id FROM account FOR UPDATE")
        self.assert_unavailable(self.killed_while(
            self.write, self.stack.wait_for_lock_wait))
        self.stack.start_database()
        self.eventually_works()
        self.assertEqual(201, self.write().status)

    def test_a_read_that_waited_for_a_table_answers_503(self):
        holder = self.stack.session()
        self.addCleanup(holder.close)
        holder.run("LOCK TABLES audit_day WRITE")
        self.assert_unavailable(self.killed_while(
            self.read, lambda: wait_until(lambda: self.stack.number(
                "SELECT COUNT(*) FROM information_schema.processlist"
                " WHERE state LIKE 'Waiting for table%'"))))
        self.stack.start_database()
        self.eventually_works()

    def test_nothing_is_half_written(self):
        holder = self.stack.session()
        self.addCleanup(holder.close)
        documents = [audit_document(self.account, n) for n in range(100, 150)]
        path = self.stack.file(lines(documents))
        holder.run("BEGIN; SELECT sequence FROM audit_head FOR UPDATE")
        importing = self.stack.spawn_reevectl("import", path)
        self.stack.wait_for_lock_wait()
        self.stack.kill_database()
        _, errors = importing.communicate()
        self.assertEqual(69, importing.returncode, errors)
        self.stack.start_database()
        self.assertEqual(1, self.stack.number(
            "SELECT COUNT(*) FROM audit_entry"))
        self.assert_verified(self.account)


@require(REEVE, REEVECTL)
class ConnectionsKilled(WithUser):
    def kill_all(self):
        for connection in self.stack.connections():
            self.stack.sql("KILL %d" % connection)

    def test_the_next_reads_just_work(self):
        self.kill_all()
        self.assertEqual([200] * 6, [self.read().status for _ in range(6)])

    def test_the_next_writes_just_work(self):
        self.kill_all()
        self.assertEqual([201] * 6, [self.write().status for _ in range(6)])

    def test_a_write_whose_connection_is_killed_while_it_waits_is_repeated(self):
        holder = self.stack.session()
        self.addCleanup(holder.close)
        self.assertEqual(201, self.write().status)
        holder.run("BEGIN; SELECT id FROM account FOR UPDATE")
        before = self.stack.number("SELECT COUNT(*) FROM auth_token")
        waiting = InBackground(self.write)
        self.stack.wait_for_lock_wait()
        self.kill_all()
        holder.run("ROLLBACK")
        self.assertEqual(201, waiting.result().status)
        self.assertEqual(before + 1, self.stack.number(
            "SELECT COUNT(*) FROM auth_token"))


@require(REEVE, REEVECTL)
class ListOfHosts(StackTest):
    """db_hosts, over TCP."""

    port = free_port()
    options = {
        "server_options": ("--bind-address=127.0.0.1", "--port=%d" % port,
                           "--skip-name-resolve"),
        "db_socket": None,
        "db_hosts": "127.0.0.1:%d, 127.0.0.1:%d" % (free_port(), port),
        "migrate": False,
    }

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(**cls.options)
        cls.addClassCleanup(cls.stack.close)
        cls.stack.migrate_over_tcp()
        cls.stack.create_master()
        cls.stack.start_pool()

    def test_a_dead_first_host_is_skipped(self):
        self.assertEqual(200, self.stack.summary(self.stack.master).status)

    def test_reevectl_skips_it_too(self):
        account = new_id()
        self.assertEqual(1, self.stack.import_documents([
            account_document(account, [self.stack.master])])["imported"])


if __name__ == "__main__":
    unittest.main()
