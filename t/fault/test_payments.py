# SPDX-License-Identifier: GPL-3.0-or-later
"""Payments through a bookkeeper: the effects of each answer; nothing is paid
twice, or paid and not credited, whatever is killed."""

import contextlib
import json
import os
import random
import re
import signal
import sys
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bookkeeper import Bookkeeper  # noqa: E402
from fault.stack import (REEVE, REEVECTL, InBackground,  # noqa: E402
                         StackTest, Trouble, require, wait_until)
from reeve import new_id  # noqa: E402

SEED = int(os.environ.get("REEVE_SEED", random.randrange(10**6)))
SHORT = {"timeout_ms": 500}  # for a bookkeeper that does not answer


UNCONFIRMED = (r"^The payment of 25 of 20\d\d-\d\d-\d\d \d\d:\d\d UTC is not "
               "confirmed yet. It is being looked into; until then, the same "
               "top-up can be sent again and is not paid twice.$")


@require(REEVE, REEVECTL)
class PaymentsTest(StackTest):
    pool = True
    bare = False
    # A long timeout, so that slow machines pass.
    options = {"workers": "24", "couriers": "0", "courier_private": "1",
               "courier_timeout": "5m", "courier_lease": "10m",
               "request_terminate_timeout": "20m", "automatic_topup": "1"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.stack.create_account("Vendor", "--reseller")
        cls.token = cls.stack.issue_token(cls.vendor)

    def setUp(self):
        self.made = []  # bookkeepers
        self.bookkeeper = Bookkeeper()
        self.addCleanup(self.bookkeeper.close)

    def ask(self, method, account, path, data=None, token=None, **headers):
        return self.stack.request(
            method, "/v2/accounts/%s/%s" % (account, path),
            token or self.token, data, **headers)

    def customer(self, how, **more):
        """An account that pays through a bookkeeper that answers like this."""
        bookkeeper = self.ask("PUT", self.vendor, "bookkeepers", dict({
            "name": "B", "bookkeeper": {"type": "http"},
            "url": self.bookkeeper.url(how), "secret": "between the two of us"}, **more)).data["id"]
        self.made.append(bookkeeper)
        plan = new_id()
        self.ask("PUT", self.vendor, "service_plans", {
            "id": plan, "name": "P", "plan": {"devices": {"fax": {"rate": 1}}},
            "bookkeeper": {"type": "http", "id": bookkeeper}})
        account = self.stack.create_account("Customer", "--parent",
                                            self.vendor)
        self.ask("POST", account, "services?accept_charges=true",
                 {"add": [plan]})
        return account

    def customer_of_a_silent_one(self):
        """A customer whose first request, sent by this test, is not
        answered."""
        self.bookkeeper.answers[:] = ["hang", "200"]
        return self.customer("next", **SHORT)

    def wait_for_answers(self):
        """Sets a long timeout for the newest bookkeeper."""
        answer = self.ask("PATCH", self.vendor, "bookkeepers/" + self.made[-1],
                          {"timeout_ms": None})
        self.assertEqual(200, answer.status, answer)

    def topup(self, account, amount=25, **more):
        return self.ask("POST", account, "services/topup", {"amount": amount},
                        **more)

    def balance(self, account):
        return self.ask("GET", account, "ledgers/total").data["amount"]

    def payments(self, account):
        return self.ask("GET", account, "transactions").data


class TopUps(PaymentsTest):
    def test_a_paid_top_up_is_credited(self):
        account = self.customer("200")
        answer = self.topup(account, 25.5,
                            token=self.stack.issue_token(account))
        self.assertEqual(200, answer.status, answer)
        payment, ledger = answer.data["transaction"], answer.data["ledger"]
        self.assertEqual(
            ("completed", 25.5, "Manual top-up", "sale", "http", self.vendor,
             "success"),
            (payment["status"], payment["amount"], payment["description"],
             payment["type"], payment["bookkeeper"]["type"],
             payment["bookkeeper"]["vendor_id"],
             payment["bookkeeper"]["results"]["status"]))
        self.assertEqual(
            (25.5, {"service": "payments", "id": payment["id"]},
             {"trigger": "manual", "module": "kz_services_topup"},
             {"transaction": {"id": payment["id"], "created": True},
              "automatic_description": True}),
            (ledger["amount"], ledger["source"], ledger["executor"],
             ledger["metadata"]))
        self.assertEqual(25.5, self.balance(account))
        told = json.loads(self.bookkeeper.of(account)[-1].body)
        self.assertEqual(("sale.request", payment["id"]), (
            told["Event-Name"], told["Transaction-ID"]))
        self.assert_verified(account)

    def test_a_declined_top_up_has_a_reason(self):
        account = self.customer("declined")
        answer = self.topup(account)
        self.assertEqual((500, "no_card"), (answer.status,
                                            answer.envelope["message"]))
        self.assertEqual("the card has expired",
                         answer.data["bookkeeper"]["results"]["message"])
        self.assertEqual(["failed"], [one["status"] for one in
                                      self.payments(account)])
        self.assertEqual(0, self.balance(account))

    def test_effects_of_each_answer(self):
        for how, status in (("402", "failed"), ("500", "pending"),
                            ("hang", "pending"), ("garbage", "pending"),
                            ("reset", "pending"), ("slow", "pending"),
                            ("redirect", "pending"), ("text", "pending"),
                            ("underway", "pending"), ("404", "failed")):
            with self.subTest(how):
                account = self.customer(how, **(
                    SHORT if how in ("hang", "slow") else {}))
                answer = self.topup(account)
                self.assertEqual(500, answer.status, answer)
                told = answer.data["bookkeeper"]["results"]
                self.assertTrue(told["message"])
                if status == "pending":
                    for said in (told["message"],
                                 answer.data["bookkeeper"]["message"]):
                        self.assertRegex(said, UNCONFIRMED)
                    # One that answers "pending" says nothing of its own.
                    self.assertEqual(how != "underway", "cause" in told)
                    self.assertRegex(self.stack.pool_log(), (
                        "payment %s of account %s is not confirmed: .*%s" % (
                            answer.data["id"], account,
                            re.escape(told.get("cause", "-")))))
                    self.assertEqual(
                        [told], [one["bookkeeper"]["results"]
                                 for one in self.payments(account)])
                self.assertEqual([status], [
                    one["status"] for one in self.payments(account)])
                self.assertEqual(0, self.balance(account))

    def test_a_bookkeeper_that_moves_no_money_is_not_asked(self):
        """The document of the bookkeeper decides, not the plan
        (rules/bookkeepers 7)."""
        account = self.customer("200")
        changed = self.ask("PATCH", self.vendor, "bookkeepers/" + self.made[-1],
                           {"bookkeeper": {"type": "default"}})
        self.assertEqual(200, changed.status, changed)
        own = self.stack.issue_token(account)
        self.assertEqual(403, self.topup(account, token=own).status)
        self.assertEqual([], self.payments(account))
        self.assertEqual(0, self.balance(account))
        answer = self.ask("PUT", account, "transactions/sale", {"amount": 1})
        self.assertEqual((500, "invalid_bookkeeper"), (
            answer.status, answer.envelope["message"]))
        with self.subTest("the seller may credit it"):
            self.assertEqual(200, self.topup(account).status)
            self.assertEqual(25, self.balance(account))

    def test_an_idempotency_key_pays_once(self):
        account = self.customer("200")
        key = {"IDEMPOTENCY_KEY": new_id()}
        first, again = (self.topup(account, **key) for _ in range(2))
        self.assertEqual(first.data, again.data)
        self.assertEqual(25, self.balance(account))
        self.assertEqual(1, len(self.bookkeeper.of(account)))
        self.assertEqual(422, self.topup(account, 26, **key).status)
        with self.subTest("at once"), ThreadPoolExecutor(6) as pool:
            key = {"IDEMPOTENCY_KEY": new_id()}
            answers = list(pool.map(lambda _: self.topup(account, **key),
                                    range(6)))
            self.assertEqual({200}, {a.status for a in answers})
            self.assertEqual(1, len({a.data["transaction"]["id"]
                                     for a in answers}))
            self.assertEqual(50, self.balance(account))
            self.assertEqual(2, len({
                told.delivery for told in self.bookkeeper.of(account)}))
        self.assert_verified(account)

    def test_an_unanswered_request_is_repeated(self):
        account = self.customer_of_a_silent_one()
        key = {"IDEMPOTENCY_KEY": new_id()}
        self.assertEqual(500, self.topup(account, **key).status)
        self.wait_for_answers()
        self.assertEqual(200, self.topup(account, **key).status)
        first, second = self.bookkeeper.of(account)
        self.assertEqual(first.delivery, second.delivery)
        self.assertEqual(25, self.balance(account))

    def test_one_process_at_a_time_asks(self):
        """A bookkeeper may decline a repetition of the charge in progress."""
        account = self.customer("gateway")
        for order in (lambda **key: self.topup(account, 9, **key),
                      lambda **key: self.ask("PUT", account,
                                             "transactions/sale",
                                             {"amount": 9}, **key)):
            key = {"IDEMPOTENCY_KEY": new_id()}
            with ThreadPoolExecutor(3) as pool:
                answers = list(pool.map(lambda _: order(**key), range(3)))
            self.assertTrue({a.status for a in answers} <= {200, 201}, answers)
        self.assertEqual(["completed"] * 2, [
            one["status"] for one in self.payments(account)])
        self.assertEqual(2, len(self.bookkeeper.of(account)))
        self.assertEqual(9, self.balance(account))

    def test_a_waiting_process_does_not_ask_again(self):
        account = self.customer("hang")
        key = {"IDEMPOTENCY_KEY": new_id()}
        asking = [InBackground(lambda: self.topup(account, **key))]
        wait_until(lambda: self.bookkeeper.of(account))
        # Both processes wait for their turn before the payment ends.
        holder = self.stack.session()
        self.addCleanup(holder.close)
        holder.run("BEGIN; SELECT id FROM payment WHERE account_id = '%s' "
                   "FOR UPDATE" % account)
        asking += [InBackground(lambda: self.topup(account, **key))
                   for _ in range(2)]
        self.stack.wait_for_lock_wait(2)
        holder.run("ROLLBACK")
        self.bookkeeper.release.set()
        self.assertEqual([500] * 3, [one.result().status for one in asking])
        self.assertEqual(1, len(self.bookkeeper.of(account)))
        self.assertEqual(["pending"], [
            one["status"] for one in self.payments(account)])

    def test_a_retry_without_a_key_pays_once(self):
        account = self.customer("next")
        self.bookkeeper.answers[:] = ["500", "500", "200"]
        self.assertEqual([500, 500], [self.topup(account).status
                                      for _ in range(2)])
        with self.subTest("another amount is another order"):
            answer = self.topup(account, 26)
            self.assertEqual((500, "payment_pending", 25), (
                answer.status, answer.envelope["message"],
                answer.data["amount"]), answer)
            for said in (answer.data["bookkeeper"]["results"]["message"],
                         answer.data["bookkeeper"]["message"]):
                self.assertRegex(said, r"payment of 25 of 20\d\d-\d\d-\d\d "
                                 r"\d\d:\d\d UTC is not confirmed yet")
            self.assertEqual(1, len(self.payments(account)))
        self.assertEqual(200, self.topup(account).status)
        self.assertEqual(25, self.balance(account))
        self.assertEqual(1, len({told.delivery for told in
                                 self.bookkeeper.of(account)}))
        self.bookkeeper.answers[:] = ["200"]
        self.assertEqual(200, self.topup(account).status)
        self.assertEqual(50, self.balance(account))

    def test_another_amount_beside_a_pending_one(self):
        """A bookkeeper that charges once for each delivery id takes it."""
        account = self.customer("next", idempotent=True)
        self.bookkeeper.answers[:] = ["500", "500", "200", "200"]
        self.assertEqual(500, self.topup(account).status)
        with self.subTest("the same amount is the same order"):
            self.assertEqual(500, self.topup(account).status)
        self.assertEqual(200, self.topup(account, 26).status)
        self.assertEqual([("completed", 26), ("pending", 25)], sorted(
            (one["status"], one["amount"]) for one in self.payments(account)))
        self.assertEqual(200, self.topup(account).status)
        self.assertEqual(51, self.balance(account))
        self.assertEqual(2, len({told.delivery for told in
                                 self.bookkeeper.of(account)}))

    def test_an_account_deleted_meanwhile(self):
        account = self.customer("next")
        self.bookkeeper.answers[:] = ["500", "200"]
        self.assertEqual(500, self.topup(account).status)
        self.assertEqual(200, self.ask("DELETE", account, "").status)
        self.stack.sql("UPDATE payment SET modified = modified - 120 WHERE "
                       "account_id = '%s'" % account)
        self.stack.reevectl("run-due", "--only", "payments")
        self.assertEqual([["completed"]], self.stack.sql(
            "SELECT status FROM payment WHERE account_id = '%s'" % account))


class Storm(PaymentsTest):
    # A killed process keeps its turn for this time.
    options = dict(PaymentsTest.options, courier_timeout="1s")

    def test_every_payment_of_a_storm_with_kills_is_credited_once(self):
        account = self.customer("200")
        dice = random.Random(SEED)

        def pay(n):
            key = {"IDEMPOTENCY_KEY": new_id()}
            for _ in range(200):
                try:
                    answer = self.topup(account, n + 1, **key)
                except (OSError, ValueError, KeyError):
                    continue
                trouble.done()
                if answer.status == 200:
                    return
                time.sleep(0.05)
            raise AssertionError("never paid: SEED %d" % SEED)

        with Trouble(lambda: os.kill(dice.choice(self.stack.workers()),
                                     signal.SIGKILL), dice) as trouble:
            paid = 0
            # The storm lasts until something was killed, even on a fast
            # machine.
            while paid < 30 or (trouble.times <= 5 and paid < 3000):
                with ThreadPoolExecutor(5) as pool:
                    list(pool.map(pay, range(paid, paid + 30)))
                paid += 30
        self.assertGreater(trouble.times, 5)
        self.assertEqual(sum(range(paid + 1)), self.balance(account))
        self.assertEqual(paid, len({told.delivery for told in
                                    self.bookkeeper.of(account)}))
        self.assertEqual({"completed"}, {one["status"] for one in
                                         self.payments(account)})
        self.assert_verified(account)


class Left(PaymentsTest):
    """One worker never waits for a bookkeeper: the courier asks."""
    options = dict(PaymentsTest.options, workers="1", couriers="1",
                   courier_pause="5m", courier_pause_max="5m")

    def setUp(self):
        super().setUp()
        self.key = {"IDEMPOTENCY_KEY": new_id()}
        self.stack.sql("DELETE FROM outbox_receiver")

    def leave(self, account, cause=None):
        """A top-up that is answered as pending, for this cause if it has one."""
        answer = self.topup(account, **self.key)
        self.assertEqual((500, "pending"), (answer.status,
                                            answer.data["status"]), answer)
        results = answer.data["bookkeeper"]["results"]
        self.assertIn("not confirmed yet", results["message"])
        if cause is not None:
            self.assertIn(cause, results["cause"])
        return answer.data["id"]

    def message(self, account):
        """State and attempts of the message that names the payment."""
        return self.stack.sql(
            "SELECT state, attempts FROM outbox WHERE account_id = '%s' AND "
            "target LIKE 'payment/%%'" % account)

    def wait_for(self, account, status, state):
        wait_until(lambda: [row[0] for row in self.message(account)] ==
                   [state] and [status] == [one["status"] for one in
                                            self.payments(account)])

    def hasten(self, account):
        """A lease, a turn and a pause are over."""
        self.stack.sql(
            "DELETE FROM outbox_receiver; UPDATE outbox_line SET due = 1 "
            "WHERE account_id = '{0}' AND due > 1; UPDATE payment SET "
            "asked_until = 1 WHERE account_id = '{0}' AND asked_until > 1"
            .format(account))

    def processes(self, name):
        found = []
        for pid in self.stack.workers():
            with contextlib.suppress(OSError), open("/proc/%d/comm" % pid) as f:
                if f.read().strip() == name:
                    found.append(pid)
        return found

    def kill(self, name):
        before = self.processes(name)
        self.assertTrue(before)
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not set(before) & set(self.processes(name)))

    def lock(self, statement):
        holder = self.stack.session()
        self.addCleanup(holder.close)
        holder.run("BEGIN; " + statement)
        return holder

    def assert_paid_once(self, account, requests):
        """The client gets the result, and nobody asks again."""
        self.wait_for(account, "completed", "delivered")
        self.assertEqual(200, self.topup(account, **self.key).status)
        self.assertEqual(25, self.balance(account))
        told = self.bookkeeper.of(account)
        self.assertEqual((requests, 1), (len(told), len({
            each.delivery for each in told})))
        self.assert_verified(account)

    def test_the_courier_asks_for_what_got_no_place(self):
        account = self.customer("200")
        payment = self.leave(account)
        self.assert_paid_once(account, 1)
        self.assertEqual(payment[7:], self.bookkeeper.of(account)[0].delivery)
        for kind, paid in (("sale", 3), ("refund", -2)):
            with self.subTest(kind):
                answer = self.ask("PUT", account, "transactions/" + kind,
                                  {"amount": abs(paid)})
                self.assertEqual((500, "pending"), (
                    answer.status, answer.data["status"]), answer)
                wait_until(lambda: self.ask(
                    "GET", account, "transactions/" + answer.data["id"])
                    .data["status"] == "completed")
        self.assertEqual(3, len(self.bookkeeper.of(account)))
        self.assertEqual(25, self.balance(account))

    def test_effects_of_each_answer(self):
        for how, status, state in (
                ("declined", "failed", "delivered"),
                ("402", "failed", "delivered"),
                ("404", "failed", "delivered"),
                ("500", "pending", "waiting"),
                ("reset", "pending", "waiting"),
                ("hang", "pending", "waiting")):
            with self.subTest(how):
                account = self.customer(how, **(SHORT if how == "hang"
                                                else {}))
                self.leave(account)
                wait_until(lambda: self.message(account) == [[state, "1"]] and
                           not self.stack.number(
                               "SELECT COUNT(*) FROM outbox_line WHERE "
                               "claim IS NOT NULL"))
                self.assertEqual([status], [
                    one["status"] for one in self.payments(account)])
                self.assertEqual(0, self.balance(account))
                self.assertEqual([["good_standing"]], self.stack.sql(
                    "SELECT standing FROM service WHERE account_id = '%s'" %
                    account))
                self.assertEqual(1, len(self.bookkeeper.of(account)))

    def test_a_bookkeeper_that_was_removed_was_not_asked(self):
        account = self.customer("next")
        self.bookkeeper.answers[:] = ["500"]
        self.leave(account)
        wait_until(lambda: self.message(account) == [["waiting", "1"]])
        self.ask("PATCH", self.vendor, "bookkeepers/" + self.made[-1],
                 {"enabled": False})
        with self.subTest("asked before: it may have been paid"):
            self.hasten(account)
            wait_until(lambda: self.message(account) == [["waiting", "2"]])
            self.assertEqual(["pending"], [
                one["status"] for one in self.payments(account)])
        with self.subTest("never asked"):
            self.stack.sql(
                "UPDATE payment SET asked = 0 WHERE account_id = '%s'" %
                account)
            self.hasten(account)
            self.wait_for(account, "failed", "delivered")
        self.assertEqual(0, self.balance(account))
        self.assertEqual(1, len(self.bookkeeper.of(account)))

    def test_the_client_and_run_due_wait_for_the_courier(self):
        account = self.customer("held")
        self.leave(account)
        wait_until(lambda: self.bookkeeper.of(account))
        self.leave(account)
        self.stack.sql("UPDATE payment SET modified = modified - 120")
        due = InBackground(lambda: self.stack.reevectl(
            "run-due", "--only", "payments", account))
        self.assertEqual([["waiting", "1"]], self.message(account))
        self.bookkeeper.release.set()
        self.assertEqual(0, due.result().returncode)
        self.assert_paid_once(account, 1)

    def test_the_courier_comes_last(self):
        """After run-due, and after the client, who asked themselves."""
        def run_due(account):
            self.stack.sql("UPDATE payment SET modified = modified - 120")
            self.stack.reevectl("run-due", "--only", "payments", account)

        def repeat(account):
            self.assertEqual(200, self.topup(account, **self.key).status)

        accounts = []
        for _ in range(2):
            account = self.customer("next")
            self.bookkeeper.answers[:] = ["500", "200"]
            self.leave(account)
            wait_until(lambda: self.message(account) == [["waiting", "1"]] and
                       [["0"]] == self.stack.sql(
                           "SELECT asked_until FROM payment WHERE account_id "
                           "= '%s'" % account))
            accounts.append(account)
        run_due(accounts[0])
        self.stack.stop_pool()
        self.stack.start_pool(workers="8")
        self.addCleanup(self.stack.start_pool, workers="1")
        self.addCleanup(self.stack.stop_pool)
        self.bookkeeper.answers[:] = ["200"]
        repeat(accounts[1])
        for account in accounts:
            self.hasten(account)
            self.assert_paid_once(account, 2)

    def test_what_was_given_up_is_left_again(self):
        account = self.customer("next")
        self.bookkeeper.answers[:] = ["500", "200"]
        self.leave(account)
        wait_until(lambda: self.message(account) == [["waiting", "1"]])
        self.stack.sql("UPDATE outbox SET state = 'dead', settled = 1 WHERE "
                       "account_id = '{0}' AND state = 'waiting'; UPDATE "
                       "outbox_line SET due = NULL, claim = NULL WHERE "
                       "account_id = '{0}'; DELETE FROM outbox_receiver"
                       .format(account))
        self.leave(account, "as 500")
        self.assert_paid_once(account, 2)

    def test_without_couriers_run_due_asks(self):
        self.stack.stop_pool()
        self.stack.start_pool(couriers="0")
        self.addCleanup(self.stack.start_pool, couriers="1")
        self.addCleanup(self.stack.stop_pool)
        account = self.customer("200")
        self.leave(account)
        self.assertEqual([], self.message(account))
        self.stack.sql("UPDATE payment SET modified = modified - 120")
        self.stack.reevectl("run-due", "--only", "payments", account)
        self.assertEqual(200, self.topup(account, **self.key).status)
        self.assertEqual(1, len(self.bookkeeper.of(account)))

    def test_a_worker_killed_before_it_left_the_payment(self):
        account = self.customer("200")
        holder = self.lock(
            "INSERT INTO outbox_line (account_id, target) VALUES ('%s', "
            "'payment/%s/%s')" % (account, self.vendor, self.made[-1]))

        def request():
            with contextlib.suppress(ConnectionError):
                return self.topup(account, **self.key)

        client = InBackground(request)
        self.stack.wait_for_lock_wait()
        self.kill("reeve-worker")
        client.result()
        holder.run("ROLLBACK")
        self.leave(account)
        self.assert_paid_once(account, 1)

    def test_a_courier_killed_while_it_asks(self):
        account = self.customer("next")
        self.bookkeeper.answers[:] = ["hang", "200"]
        self.leave(account)
        wait_until(lambda: self.bookkeeper.of(account))
        self.kill("reeve-courier")
        self.hasten(account)
        self.assert_paid_once(account, 2)

    def test_a_courier_killed_in_each_step(self):
        payment = "SELECT id FROM payment WHERE account_id = '%s' FOR UPDATE"
        line = "SELECT due FROM outbox_line WHERE account_id = '%s' AND " \
            "target LIKE 'payment/%%' FOR UPDATE"
        for step, row, requests in (("settles the payment", payment, 2),
                                    ("settles the message", line, 1)):
            with self.subTest(step):
                account = self.customer("held")
                self.key = {"IDEMPOTENCY_KEY": new_id()}
                self.bookkeeper.release.clear()
                self.leave(account)
                wait_until(lambda: self.bookkeeper.of(account))
                holder = self.lock(row % account)
                self.bookkeeper.release.set()
                self.stack.wait_for_lock_wait()
                self.kill("reeve-courier")
                holder.run("ROLLBACK")
                self.hasten(account)
                self.assert_paid_once(account, requests)
        with self.subTest("takes its turn"):
            account = self.customer("next")
            self.key = {"IDEMPOTENCY_KEY": new_id()}
            self.bookkeeper.answers[:] = ["500", "200"]
            self.leave(account)
            wait_until(lambda: self.message(account) == [["waiting", "1"]])
            holder = self.lock(payment % account)
            self.stack.sql("UPDATE outbox_line SET due = 1 WHERE account_id ="
                           " '%s' AND due > 1" % account)
            self.stack.wait_for_lock_wait()
            self.kill("reeve-courier")
            holder.run("ROLLBACK")
            self.hasten(account)
            self.assert_paid_once(account, 2)


class Automatic(PaymentsTest):
    def run_due(self, task, account, status=0):
        done = self.stack.reevectl("run-due", "--only", task, account,
                                   check=False)
        self.assertEqual(status, done.returncode, done.stderr)
        return done

    def automatic_customer(self, how, **topup):
        account = self.customer(how)
        self.ask("PATCH", account, "", {"topup": topup})
        return account

    def test_an_account_below_its_threshold_is_topped_up_once_a_day(self):
        account = self.automatic_customer("200", amount=20, threshold=5)
        for _ in range(2):
            self.run_due("topup", account)
        self.assertEqual(20, self.balance(account))
        payment, = self.payments(account)
        self.assertEqual(("Automatic top-up", "automatic"), (
            payment["description"], payment["executor"]["trigger"]))
        self.ask("PUT", account, "transactions/debit", {"amount": 16})
        with self.subTest("in 24 hours"):
            self.run_due("topup", account)
            self.assertEqual(4, self.balance(account))
        with self.subTest("after that"):
            self.stack.sql("UPDATE payment SET created = created - 90000 "
                           "WHERE account_id = '%s'" % account)
            self.run_due("topup", account)
            self.assertEqual(24, self.balance(account))
        with self.subTest("and not above its threshold"):
            self.stack.sql("UPDATE payment SET created = created - 90000 "
                           "WHERE account_id = '%s'" % account)
            self.run_due("topup", account)
            self.assertEqual(24, self.balance(account))
        self.assert_verified(account)

    def test_a_migration_finds_the_accounts_that_top_up(self):
        account = self.automatic_customer("200", amount=20, threshold=5)
        marked = "SELECT id FROM account WHERE tops_up = 1 ORDER BY id"
        before = self.stack.sql(marked)
        self.assertIn([account], before)
        # It may not run beside a pool.
        self.stack.stop_pool()
        self.addCleanup(self.stack.start_pool)
        self.stack.sql("ALTER TABLE account DROP KEY tops_up,"
                       " DROP COLUMN tops_up;"
                       "ALTER TABLE payment DROP KEY waiting;"
                       "DELETE FROM schema_migration WHERE name LIKE '0020%'")
        self.stack.reevectl("migrate")
        self.assertEqual(before, self.stack.sql(marked))

    def test_accounts_that_no_longer_top_up_are_not_looked_at(self):
        account = self.automatic_customer("200", amount=20, threshold=5)
        self.ask("PATCH", account, "", {"topup": None})
        self.assertEqual(0, self.stack.number(
            "SELECT COUNT(*) FROM account WHERE tops_up = 1 AND id = '%s'"
            % account))

    def test_parallel_runs_top_up_once(self):
        account = self.automatic_customer("200", amount=20, threshold=5)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: self.run_due("topup", account), range(4)))
        self.assertEqual(20, self.balance(account))

    def test_a_dry_run_lists_due_top_ups(self):
        def due(task, account):
            done = self.stack.reevectl("--json", "run-due", "--dry-run",
                                       "--only", task, account, check=False)
            return json.loads(done.stdout)[task]["due"], done.returncode

        account = self.automatic_customer("200", amount=20, threshold=5)
        self.assertEqual([(0, 0), (1, 1)], [due("payments", account),
                                            due("topup", account)])
        self.run_due("topup", account)
        self.ask("PUT", account, "transactions/debit", {"amount": 16})
        self.assertEqual((0, 0), due("topup", account))
        self.stack.sql("UPDATE payment SET created = created - 90000, status = "
                       "'pending', modified = 0 WHERE account_id = '%s' AND "
                       "credits = 1" % account)
        self.assertEqual([(1, 1), (0, 0)], [due("payments", account),
                                            due("topup", account)])

    def test_a_declined_top_up_does_not_count(self):
        account = self.automatic_customer("next", amount=20, threshold=5)
        self.bookkeeper.answers[:] = ["declined", "200"]
        done = self.run_due("topup", account)
        self.assertIn("the card has expired", done.stderr)
        self.assertEqual(0, self.balance(account))
        self.run_due("topup", account)
        self.assertEqual(20, self.balance(account))

    def test_an_account_without_a_bookkeeper_is_not_credited(self):
        account = self.stack.create_account("Poor", "--parent", self.vendor)
        self.ask("PATCH", account, "", {"topup": {"amount": 20,
                                                  "threshold": 5}})
        self.run_due("topup", account)
        self.assertEqual(0, self.balance(account))

    def test_amount_and_threshold_are_required(self):
        for topup in ({}, {"amount": 5}, {"threshold": 5},
                      {"amount": 0, "threshold": 5},
                      {"amount": "5", "threshold": 5}):
            account = self.automatic_customer("200", **topup)
            self.run_due("topup", account)
            self.assertEqual([], self.payments(account))

    def test_a_payment_without_an_outcome_is_requested_again(self):
        account = self.customer("next")
        self.bookkeeper.answers[:] = ["500", "200"]
        self.assertEqual(500, self.topup(account).status)
        self.run_due("payments", account)
        self.assertEqual(0, self.balance(account))
        self.stack.sql("UPDATE payment SET modified = modified - 120 WHERE "
                       "account_id = '%s'" % account)
        self.run_due("payments", account)
        self.assertEqual(25, self.balance(account))
        self.assertEqual(1, len({told.delivery for told in
                                 self.bookkeeper.of(account)}))
        self.assert_verified(account)

    def unconfirmed_customer(self):
        """The customer of a top-up that was charged, but not confirmed."""
        account = self.customer_of_a_silent_one()
        self.assertEqual(500, self.topup(account).status)
        self.wait_for_answers()
        self.stack.sql("UPDATE payment SET modified = modified - 120 WHERE "
                       "account_id = '%s'" % account)
        return account

    def test_a_requested_payment_is_not_given_up(self):
        """A missing bookkeeper does not mean that nothing was paid."""
        account = self.unconfirmed_customer()
        url = "bookkeepers/" + self.made[-1]
        for wrong, right in (({"enabled": False}, {"enabled": True}),
                             ({"form": "2015"}, {"form": "update"}),
                             ({"bookkeeper": {"type": "default"}},
                              {"bookkeeper": {"type": "http"}})):
            with self.subTest(**wrong):
                self.assertEqual(200, self.ask("PATCH", self.vendor, url,
                                               wrong).status)
                self.run_due("payments", account)
                self.assertEqual(["pending"], [
                    one["status"] for one in self.payments(account)])
                self.assertEqual(200, self.ask("PATCH", self.vendor, url,
                                               right).status)
                self.stack.sql("UPDATE payment SET modified = modified - 120 "
                               "WHERE account_id = '%s'" % account)
        self.run_due("payments", account)
        self.assertEqual(25, self.balance(account))
        self.assert_verified(account)

    def test_a_payment_confirmed_a_month_later(self):
        """Later months include it, although their rollovers were written
        before."""
        account = self.unconfirmed_customer()
        self.stack.sql("UPDATE payment SET created = created - 40 * 86400 "
                       "WHERE account_id = '%s'" % account)
        (ordered,), = self.stack.sql("SELECT created FROM payment WHERE "
                                     "account_id = '%s'" % account)
        (month, now), = self.stack.sql(
            "SELECT DATE_FORMAT(UTC_TIMESTAMP(), '%Y%m'), "
            "TO_SECONDS(UTC_TIMESTAMP())")
        self.stack.sql("CALL ledger_rollover('%s', '%s', %s, '%s', '{}', %s)" % (
            account, month, now, new_id(), now))
        self.run_due("payments", account)
        (recorded, ), = self.stack.sql(
            "SELECT recorded FROM ledger WHERE account_id = '%s' AND service "
            "= 'payments' AND created = %s" % (account, ordered))
        self.assertGreaterEqual(int(recorded), int(now))
        self.assertEqual([25], [one["amount"] for one in self.ask(
            "GET", account, "ledgers/rollovers").data])
        self.assert_verified(account)


class SalesAndRefunds(PaymentsTest):
    def order(self, kind, account, **data):
        return self.ask("PUT", account, "transactions/" + kind, data)

    def test_sales_and_refunds_are_listed(self):
        account = self.customer("200")
        sale = self.order("sale", account, amount=2.6, description="D",
                          order_id="o", metadata={"a": 1})
        refund = self.order("refund", account, amount=0.4)
        self.assertEqual((201, 201), (sale.status, refund.status))
        self.assertEqual((2.6, -0.4), (sale.data["amount"],
                                       refund.data["amount"]))
        listed = {one["id"]: one for one in self.payments(account)}
        self.assertEqual({sale.data["id"], refund.data["id"]}, set(listed))
        self.assertEqual(("D", "o", {"a": 1}), tuple(
            listed[sale.data["id"]][k]
            for k in ("description", "order_id", "metadata")))
        self.assertEqual(sale.data, self.ask(
            "GET", account, "transactions/" + sale.data["id"]).data)
        self.assertEqual(0, self.balance(account))

    def refused(self, answer, left):
        self.assertEqual((400, "%s is left to refund of what was paid" % left),
                         (answer.status, answer.data["amount"]["maximum"]
                          ["message"]))

    def test_more_than_was_paid_is_not_refunded(self):
        account = self.customer("200")
        self.refused(self.order("refund", account, amount=1), 0)
        self.order("sale", account, amount=10)
        self.topup(account, 2.5)
        self.order("credit", account, amount=50)
        asked = len(self.bookkeeper.of(account))
        for amount, left in ((12.51, "12.5"), (12.500001, "12.5"), (5, None),
                             (7.500001, "7.5"), (7.5, None), (0.000001, "0")):
            answer = self.order("refund", account, amount=amount)
            if left is None:
                asked += 1
                self.assertEqual(201, answer.status, answer)
            else:
                self.refused(answer, left)
            self.assertEqual(asked, len(self.bookkeeper.of(account)))
        self.order("sale", account, amount=1)
        self.refused(self.order("refund", account, amount=1.01), 1)

    def test_refunds_that_failed_do_not_count_and_pending_ones_do(self):
        account = self.customer("200")
        self.order("sale", account, amount=10)
        for status, left in (("failed", "10"), ("pending", "0")):
            self.stack.sql(
                "INSERT INTO payment (account_id, id, type, status, amount,"
                " created, modified, executor, credits, vendor_id, document)"
                " SELECT account_id, CONCAT('202001-', LEFT(SHA2('%s', 256), 32)), 'refund',"
                " '%s', 10, 1, 1, 'manual', 0, vendor_id, '{}' FROM payment"
                " WHERE account_id = '%s' AND type = 'sale'" % (
                    status, status, account))
            self.refused(self.order("refund", account, amount=10.01), left)

    def test_a_sale_that_failed_or_is_pending_is_not_refunded(self):
        account = self.customer("402")
        self.order("sale", account, amount=10)
        self.stack.sql("INSERT INTO payment (account_id, id, type, status,"
                       " amount, created, modified, executor, credits,"
                       " vendor_id, document) SELECT account_id, '202001-0',"
                       " 'sale', 'pending', 10, 1, 1, 'manual', 0, vendor_id,"
                       " '{}' FROM payment WHERE account_id = '%s'" % account)
        self.refused(self.order("refund", account, amount=1), 0)

    def test_what_another_seller_was_paid_is_not_refunded(self):
        account = self.customer("200")
        self.order("sale", account, amount=10)
        self.stack.sql("UPDATE payment SET vendor_id = '%s' WHERE account_id ="
                       " '%s'" % (self.stack.master, account))
        self.refused(self.order("refund", account, amount=1), 0)

    def test_a_repeated_order_is_not_another_refund(self):
        account, key = self.customer("200"), new_id()
        self.order("sale", account, amount=10)
        first, again = [self.ask("PUT", account, "transactions/refund",
                                 {"amount": 10}, IDEMPOTENCY_KEY=key)
                        for _ in range(2)]
        self.assertEqual((201, 201, first.data["id"]), (
            first.status, again.status, again.data["id"]))

    def test_two_at_once_do_not_pass_together(self):
        account = self.customer("200")
        self.order("sale", account, amount=10)
        with ThreadPoolExecutor() as pool:
            answers = list(pool.map(lambda _: self.order(
                "refund", account, amount=10).status, range(4)))
        self.assertEqual([201, 400, 400, 400], sorted(answers))
        self.assertEqual(2, len(self.bookkeeper.of(account)))

    def test_a_sale_without_a_bookkeeper(self):
        account = self.customer("tokenless")
        answer = self.order("sale", account, amount=1)
        self.assertEqual((402, "no_payment_token"),
                         (answer.status, answer.envelope["message"]))
        self.assertEqual("http", answer.data[0]["bookkeeper"]["type"])
        with self.subTest("a top-up reports it in a form that clients show"):
            answer = self.topup(account)
            self.assertEqual((500, "no_payment_token"),
                             (answer.status, answer.envelope["message"]))


if __name__ == "__main__":
    unittest.main()
