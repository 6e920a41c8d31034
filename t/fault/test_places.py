# SPDX-License-Identifier: GPL-3.0-or-later
"""Nobody waits for a stranger: only a part of the workers waits for bookkeepers
and for accounts that another holds."""

import contextlib
import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bookkeeper import Bookkeeper  # noqa: E402
from fault.stack import (REEVE, REEVECTL, InBackground,  # noqa: E402
                         StackTest, require, wait_until)
from reeve import new_id  # noqa: E402

HOLD = ("BEGIN; SELECT id FROM account WHERE id = '%s' FOR UPDATE; "
        "SELECT sequence FROM audit_head WHERE account_id = '%s' FOR UPDATE")


@require(REEVE, REEVECTL)
class PlacesTest(StackTest):
    pool = True
    bare = False
    options = {"workers": "8", "couriers": "0", "courier_private": "1",
               "courier_timeout": "20m", "courier_lease": "30m",
               "synchronization_timeout": "5m",
               "request_terminate_timeout": "30m"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.stack.create_account("Vendor", "--reseller")
        cls.token = cls.stack.issue_token(cls.vendor)
        cls.other = cls.stack.create_account("Other", "--reseller")
        cls.other_token = cls.stack.issue_token(cls.other)

    def setUp(self):
        self.bookkeeper = Bookkeeper()
        self.addCleanup(self.bookkeeper.close)

    def ask(self, method, account, path, data=None, token=None, **headers):
        return self.stack.request(method, "/v2/accounts/%s/%s" % (
            account, path), token or self.token, data, **headers)

    def customers(self, how, count):
        """Accounts that pay through one bookkeeper that answers like this."""
        bookkeeper = self.ask("PUT", self.vendor, "bookkeepers", {
            "name": "B", "bookkeeper": {"type": "http"},
            "url": self.bookkeeper.url(how),
            "secret": "between the two of us"}).data["id"]
        plan = new_id()
        self.ask("PUT", self.vendor, "service_plans", {
            "id": plan, "name": "P", "plan": {"devices": {"fax": {"rate": 1}}},
            "bookkeeper": {"type": "http", "id": bookkeeper}})
        accounts = [self.stack.create_account("Customer", "--parent",
                                              self.vendor)
                    for _ in range(count)]
        for account in accounts:
            self.ask("POST", account, "services?accept_charges=true",
                     {"add": [plan]})
        return accounts

    def topup(self, account):
        return self.ask("POST", account, "services/topup", {"amount": 25})

    def in_background(self, work, *arguments):
        def request():
            with contextlib.suppress(ConnectionError):
                return work(*arguments)

        return InBackground(request)

    def hold(self, account):
        """Another session locks the account; returns it."""
        holder = self.stack.session()
        self.addCleanup(holder.close)
        holder.run(HOLD % (account, account))
        return holder

    def assert_pending(self, answer):
        self.assertEqual(500, answer.status, answer)
        self.assertNotIn("retry-after", answer.headers)
        self.assertIn("not confirmed yet. It is being made: ",
                      answer.data["bookkeeper"]["results"]["message"])
        self.assertEqual("pending", answer.data["status"])
        self.assertTrue(answer.data["id"])

    def assert_others_are_served(self):
        for path in ("", "services", "transactions", "services/audit"):
            answer = self.ask("GET", self.other, path, token=self.other_token)
            self.assertEqual(200, answer.status, answer)

    def answered(self, asking):
        return [one.answer for one in asking if one.answer is not None]


class Bookkeepers(PlacesTest):
    def test_others_are_served_while_a_bookkeeper_does_not_answer(self):
        accounts = self.customers("hang", 8)
        orders = [
            ("top-ups", self.topup),
            ("sales", lambda account: self.ask(
                "PUT", account, "transactions/sale", {"amount": 3})),
        ]
        for label, order in orders:
            with self.subTest(label):
                self.bookkeeper.release.clear()
                told = len(self.bookkeeper.told)
                asking = [self.in_background(order, account)
                          for account in accounts]
                wait_until(lambda: len(self.answered(asking)) >= 6)
                for answer in self.answered(asking):
                    self.assert_pending(answer)
                self.assert_others_are_served()
                figures = self.stack.figures()
                self.assertEqual({("bookkeeper", 2), ("account", 0)},
                                 figures["places_taken"])
                self.assertEqual({("bookkeeper", 2), ("one account", 2),
                                  ("all", 4)}, figures["places"])
                self.assertGreaterEqual(figures["places_refused"], 6)
                self.assertEqual(6, len(self.answered(asking)))
                self.assertLessEqual(len(self.bookkeeper.told) - told, 2)
                self.bookkeeper.release.set()
                self.assertEqual({500}, {one.result().status
                                         for one in asking})
        self.assertIn("no place to wait: ", self.stack.pool_log())

    def test_others_are_served_while_synchronizations_wait(self):
        accounts = self.customers("hang", 8)
        asking = [self.in_background(self.ask, "POST", account,
                                     "services/synchronization")
                  for account in accounts]
        wait_until(lambda: len(self.answered(asking)) >= 6)
        for answer in self.answered(asking):
            self.assertEqual(200, answer.status, answer)
            self.assertEqual(["pending"], [one["status"]
                                           for one in answer.data])
        self.assert_others_are_served()
        self.stack.stop_pool()  # one would deliver all messages
        self.stack.start_pool()

    def test_a_killed_worker_keeps_no_place(self):
        first, *_ = self.customers("hang", 1)
        second, *_ = self.customers("200", 1)
        self.stack.stop_pool()
        self.stack.start_pool(workers="2")
        asking = self.in_background(self.topup, first)
        wait_until(lambda: self.bookkeeper.of(first))
        self.assert_pending(self.topup(second))
        workers = self.stack.workers()
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        asking.join()
        wait_until(lambda: not set(workers) & set(self.stack.workers()))
        self.assertEqual(200, self.topup(second).status)
        self.stack.stop_pool()
        self.stack.start_pool(workers="8")


class Accounts(PlacesTest):
    def rename(self, account):
        return self.ask("PATCH", account, "", {"name": new_id()})

    def test_others_are_served_while_an_account_is_locked(self):
        account, *_ = self.customers("200", 1)
        writers = [
            ("changes", self.rename),
            ("devices", lambda account: self.ask(
                "PUT", account, "devices?accept_charges=true",
                {"name": new_id(), "device_type": "fax"})),
            ("credits", lambda account: self.ask(
                "PUT", account, "ledgers/credit", {
                    "amount": 1, "source": {"service": "s", "id": new_id()},
                    "usage": {"type": "t", "quantity": 1, "unit": "u"}})),
        ]
        for label, write in writers:
            with self.subTest(label):
                holder = self.hold(account)
                writing = [self.in_background(write, account)
                           for _ in range(10)]
                wait_until(lambda: len(self.answered(writing)) >= 7)
                refused = self.answered(writing)
                self.assert_others_are_served()
                wait_until(lambda: ("account", 3) in
                           self.stack.figures()["places_taken"])
                holder.run("ROLLBACK")
                for answer in refused:
                    self.assert_unavailable(answer)
                    self.assertEqual("1", answer.headers["retry-after"])
                self.assertEqual(3, sum(one.result().status in (200, 201)
                                        for one in writing))

    def test_writers_that_repeat_get_their_work_done(self):
        account, *_ = self.customers("200", 1)

        def work():
            for _ in range(5):
                wait_until(lambda: self.ask(
                    "PUT", account, "devices?accept_charges=true",
                    {"name": new_id(), "device_type": "fax"}).status == 201)
            return True

        writers = [self.in_background(work) for _ in range(10)]
        self.assertEqual([True] * 10, [one.result() for one in writers])
        self.assertEqual(50, len(self.ask(
            "GET", account, "devices?paginate=false").data))
        self.assert_verified(account)


class Passwords(PlacesTest):
    options = dict(PlacesTest.options, verifier_memory="16M",
                   verifier_passes="20")

    def test_an_account_is_not_locked_while_passwords_are_hashed(self):
        account, *_ = self.customers("200", 1)
        users = self.in_background(
            self.ask, "PUT", account, "users/collection?accept_charges=true",
            [{"first_name": "A", "last_name": "B", "username": "user%d" % n,
              "password": "a password %d" % n} for n in range(10)])
        changes = 0
        while users.answer is None:
            answer = self.ask("PUT", account, "devices?accept_charges=true",
                              {"name": new_id()})
            self.assertEqual(201, answer.status, answer)
            changes += users.answer is None
        self.assertEqual(201, users.answer.status, users.answer)
        # A few may come before the first lock.
        self.assertGreater(changes, 10)
        self.assertEqual(20, self.stack.number(
            "SELECT COUNT(*) FROM user_credential WHERE account_id = '%s'" %
            account))
        self.assert_verified(account)


class OneWorker(PlacesTest):
    options = dict(PlacesTest.options, workers="1")

    def test_a_top_up_is_pending_at_once(self):
        account, *_ = self.customers("200", 1)
        for workers in ("1", "0"):
            with self.subTest(workers=workers):
                self.stack.stop_pool()
                self.stack.start_pool(workers=workers)
                self.assert_pending(self.topup(account))
                self.assertEqual([], self.bookkeeper.of(account))
        self.stack.sql("UPDATE payment SET modified = modified - 3600")
        self.stack.reevectl("run-due", "--only", "payments")
        self.assertEqual(["completed"], [
            one["status"] for one in self.ask("GET", account,
                                              "transactions").data])

    def test_a_lock_is_waited_for_once(self):
        account, *_ = self.customers("200", 1)
        self.hold(account)
        writing = self.in_background(self.ask, "PATCH", account, "",
                                     {"name": new_id()})
        waits = set()

        def is_answered():
            waits.update(row[0] for row in self.stack.sql(
                "SELECT trx_id FROM information_schema.innodb_trx WHERE "
                "trx_state = 'LOCK WAIT'"))
            return writing.answer

        self.assert_unavailable(wait_until(is_answered, pause=0.15))
        self.assertEqual(1, len(waits))


if __name__ == "__main__":
    unittest.main()
