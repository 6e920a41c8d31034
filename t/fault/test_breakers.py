#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Receivers that keep failing do not cost others: after three time-outs in a row
one attempt at a time is made until there is an answer."""

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

PATIENT = {"courier_timeout": "20m", "courier_lease": "30m",
           "synchronization_timeout": "5m"}
QUICK = {"courier_timeout": "1s", "courier_lease": "10s",
         "synchronization_timeout": "5m"}


@require(REEVE, REEVECTL)
class BreakersTest(StackTest):
    pool = True
    bare = False
    options = dict(QUICK, workers="16", couriers="0", courier_private="1",
                   courier_pause="1s", courier_pause_max="1s",
                   request_terminate_timeout="30m")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.stack.create_account("Vendor", "--reseller")
        cls.token = cls.stack.issue_token(cls.vendor)

    def setUp(self):
        self.bookkeeper = Bookkeeper()
        self.addCleanup(self.reload, **QUICK)
        self.addCleanup(self.bookkeeper.close)

    def ask(self, method, account, path, data=None):
        return self.stack.request(method, "/v2/accounts/%s/%s" % (
            account, path), self.token, data)

    def customers(self, how, count):
        """Accounts that pay through one bookkeeper that answers like this."""
        name = self.ask("PUT", self.vendor, "bookkeepers", {
            "name": "B", "bookkeeper": {"type": "http"},
            "url": self.bookkeeper.url(how),
            "secret": "between the two of us"}).data["id"]
        plan = new_id()
        self.ask("PUT", self.vendor, "service_plans", {
            "id": plan, "name": "P", "plan": {"devices": {"fax": {"rate": 1}}},
            "bookkeeper": {"type": "http", "id": name}})
        accounts = [self.stack.create_account("Customer", "--parent",
                                              self.vendor)
                    for _ in range(count)]
        for account in accounts:
            self.ask("POST", account, "services?accept_charges=true",
                     {"add": [plan]})
        return accounts

    def topup(self, account):
        return self.ask("POST", account, "services/topup", {"amount": 25})

    def sell(self, account):
        return self.ask("PUT", account, "transactions/sale", {"amount": 3})

    def synchronize(self, account):
        return self.ask("POST", account, "services/synchronization")

    def in_background(self, work, *arguments):
        def request():
            with contextlib.suppress(ConnectionError):
                return work(*arguments)

        return InBackground(request)

    def assert_pending(self, answer):
        self.assertEqual(500, answer.status, answer)
        self.assertNotIn("retry-after", answer.headers)
        self.assertIn("not confirmed yet",
                      answer.data["bookkeeper"]["results"]["message"])
        self.assertEqual("pending", answer.data["status"])
        self.assertTrue(answer.data["id"])

    def assert_asked(self, answer, reason="timeout"):
        self.assertEqual((500, "pending", reason), (
            answer.status, answer.data["status"],
            answer.data["bookkeeper"]["results"]["reason"]), answer)

    def count_logged(self, text):
        return self.stack.pool_log().count(text)

    def reload(self, **config):
        """The pool goes on with new workers; breakers stay as they are."""
        before = set(self.stack.workers())
        self.stack.configure(**config)
        self.stack.pool.send_signal(signal.SIGHUP)
        wait_until(lambda: not before & set(self.stack.workers()))
        wait_until(lambda: self.ask("GET", self.vendor, "").status == 200)

    def opened(self, accounts):
        """Three top-ups time out; then attempts take as long as they like."""
        for account in accounts[:3]:
            self.assert_asked(self.topup(account))
        self.reload(**PATIENT)
        del self.bookkeeper.told[:]
        return accounts[3:]

    def trial(self, order, account):
        trial = self.in_background(order, account)
        wait_until(lambda: self.bookkeeper.told)
        return trial


class Clients(BreakersTest):
    def test_one_at_a_time_tries_and_an_answer_closes_the_breaker(self):
        opened, closed = "did not answer in time 3 times", "answers again"
        before = self.count_logged(opened), self.count_logged(closed)
        accounts = self.opened(self.customers("hang", 8))
        trial = self.trial(self.topup, accounts[0])
        for account in accounts[1:3]:
            self.assert_pending(self.topup(account))
            self.assert_pending(self.sell(account))
        answer = self.synchronize(accounts[3])
        self.assertEqual(["pending"], [one["status"] for one in answer.data])
        self.assertEqual(1, len(self.bookkeeper.told))
        self.assertEqual(before[0] + 1, self.count_logged(opened))
        self.assert_shown(accounts[0], 1)
        self.bookkeeper.how = "200"
        self.bookkeeper.release.set()
        # It is cut off, which is an answer.
        self.assert_asked(trial.result(), "connection")
        self.assertEqual(200, self.topup(accounts[4]).status)
        self.assertEqual((before[0] + 1, before[1] + 1), (
            self.count_logged(opened), self.count_logged(closed)))

    def assert_shown(self, account, tries):
        """The status page has the open breaker of an account's bookkeeper."""
        (vendor, bookkeeper), = self.stack.sql(
            "SELECT vendor_id, bookkeeper_id FROM payment WHERE account_id = "
            "'%s' LIMIT 1" % account)
        receiver = "bookkeeper/%s/%s" % (vendor, bookkeeper)
        figures = self.stack.figures()
        host = self.bookkeeper.url("").split("/")[2]
        self.assertIn((receiver, host, 3), figures["breaker_timeouts"])
        self.assertIn((receiver, tries), figures["breaker_tries"])
        self.assertEqual(figures["breakers_open"],
                         len(figures["breaker_timeouts"]))
        self.assertGreaterEqual(figures["breakers_refused"], 4)

    def test_each_kind_of_attempt_is_the_one_that_tries(self):
        for order in (self.sell, self.synchronize):
            with self.subTest(order.__name__):
                accounts = self.opened(self.customers("hang", 5))
                trial = self.trial(order, accounts[0])
                self.assert_pending(self.topup(accounts[1]))
                self.assertEqual(1, len(self.bookkeeper.told))
                self.bookkeeper.how = "200"
                self.bookkeeper.release.set()
                trial.result()
                self.bookkeeper.how = None
                self.bookkeeper.release.clear()
                self.reload(**QUICK)

    def test_other_bookkeepers_are_asked(self):
        accounts = self.opened(self.customers("hang", 4))
        other, = self.customers("200", 1)
        self.trial(self.topup, accounts[0])
        self.assertEqual(200, self.topup(other).status)

    def test_answers_between_time_outs_keep_it_closed(self):
        """Refusals and failures are answers."""
        self.bookkeeper.answers = ["hang", "hang", "500", "hang", "declined",
                                   "hang", "hang", "reset", "hang", "200"]
        accounts = self.customers("next", 10)
        answers = [self.topup(account) for account in accounts]
        self.assertEqual(10, len(self.bookkeeper.told))
        self.assertEqual(200, answers[-1].status)

    def test_a_time_out_lets_the_next_one_try(self):
        accounts = self.customers("hang", 6)
        for account in accounts:
            self.assert_asked(self.topup(account))
        self.assertEqual(6, len(self.bookkeeper.told))

    def test_a_process_outside_the_pool_asks(self):
        """run-due is not held back."""
        accounts = self.customers("hang", 4)
        rest = self.opened(accounts)
        trial = self.trial(self.topup, rest[0])
        self.bookkeeper.how = "200"
        self.stack.sql("UPDATE payment SET modified = modified - 3600")
        self.stack.reevectl("run-due", "--only", "payments", accounts[0])
        self.assertEqual(["completed"], [
            one["status"] for one in self.ask("GET", accounts[0],
                                              "transactions").data])
        self.assertIsNone(trial.answer)


class Couriers(BreakersTest):
    options = dict(BreakersTest.options, couriers="1")

    def test_a_courier_sends_nothing_while_another_process_tries(self):
        accounts = self.opened(self.customers("hang", 6))
        trial = self.trial(self.topup, accounts[0])
        self.ask("PATCH", accounts[1], "services/manual?accept_charges=true",
                 {"devices": {"fax": 3}})
        # The courier claims it and gives it back.
        wait_until(lambda: self.stack.number(
            "SELECT COUNT(*) FROM outbox_line AS l JOIN outbox AS o ON "
            "o.account_id = l.account_id AND o.target = l.target WHERE "
            "o.state = 'waiting' AND l.account_id = '%s' AND l.due > "
            "o.created" % accounts[1]))
        self.assert_pending(self.topup(accounts[2]))
        self.assertEqual(1, len(self.bookkeeper.told))
        self.assertEqual(0, self.stack.number(
            "SELECT attempts FROM outbox WHERE account_id = '%s' AND state = "
            "'waiting'" % accounts[1]))
        self.bookkeeper.how = "200"
        self.bookkeeper.release.set()
        trial.result()
        wait_until(lambda: self.bookkeeper.of(accounts[1]))
        # The courier also asks for what could not be asked for then.
        wait_until(lambda: self.stack.number(
            "SELECT COUNT(*) FROM payment WHERE account_id = '%s' AND status "
            "= 'completed'" % accounts[2]))


del BreakersTest

if __name__ == "__main__":
    unittest.main()
