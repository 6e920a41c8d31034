#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Receivers that keep failing are paused: each pause costs one attempt, however
many messages wait. A clock that was ahead leaves no message stuck."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bookkeeper import Bookkeeper  # noqa: E402
from fault.stack import (REEVE, REEVECTL, StackTest,  # noqa: E402
                         require, wait_until)
from reeve import new_id  # noqa: E402

PAUSE_S, PAUSE_MAX_S = 600, 3600
DAY_S = 86400
FAILURES = 3  # in a row, before a pause
ACCOUNTS = FAILURES + 1


@require(REEVE, REEVECTL)
class Receivers(StackTest):
    """All in one class: they share a stack."""
    pool = True
    bare = False
    options = {"workers": "2", "couriers": "0", "courier_private": "1",
               "courier_timeout": "10m", "courier_lease": "20m",
               "courier_attempts": "5", "courier_pause": "10m",
               "courier_pause_max": "1h"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.stack.create_account("Vendor", "--reseller")
        cls.token = cls.stack.issue_token(cls.vendor)

    def setUp(self):
        self.bookkeeper = Bookkeeper()
        self.addCleanup(self.bookkeeper.close)
        self.clear()

    def clear(self):
        self.stack.sql("UPDATE outbox SET state = 'delivered', settled = 1;"
                       "UPDATE outbox_line SET due = NULL, claim = NULL;"
                       "DELETE FROM outbox_receiver;"
                       "DELETE FROM object WHERE kind = 'webhooks'")

    def ask(self, method, account, path, data=None):
        answer = self.stack.request(method, "/v2/accounts/%s/%s" % (
            account, path), self.token, data)
        self.assertIn(answer.status, (200, 201), answer)
        return answer.data

    def tell(self, how, **more):
        """A message of each account to a bookkeeper that answers like this."""
        name = self.ask("PUT", self.vendor, "bookkeepers", dict({
            "name": "B", "bookkeeper": {"type": "http"},
            "url": self.bookkeeper.url(how),
            "secret": "between the two of us"}, **more))["id"]
        plan = new_id()
        self.ask("PUT", self.vendor, "service_plans", {
            "id": plan, "name": "P", "plan": {"devices": {"fax": {"rate": 1}}},
            "bookkeeper": {"type": "http", "id": name}})
        self.accounts = [self.ask("PUT", self.vendor, "", {
            "name": new_id()})["id"] for _ in range(ACCOUNTS)]
        for account in self.accounts:
            self.ask("POST", account, "services?accept_charges=true",
                     {"add": [plan]})
            self.change(account, 1)
        del self.bookkeeper.told[:]

    def change(self, account, count):
        self.ask("PATCH", account, "services/manual?accept_charges=true",
                 {"devices": {"fax": count}})

    def deliver(self):
        self.stack.reevectl("deliver", check=False)

    def pass_time(self, seconds):
        self.stack.sql(
            "UPDATE outbox_line SET due = due - {0} WHERE due > {0};"
            "UPDATE outbox_receiver SET since = since - {0}, paused_until = "
            "GREATEST(paused_until - {0}, 0)".format(seconds))

    def end_pauses(self, accounts):
        """Of the receiver, and of the lines of some accounts."""
        for account in accounts:
            self.stack.sql("UPDATE outbox_line SET due = 1 WHERE account_id = "
                           "'%s' AND due > 1" % account)
        self.stack.sql("UPDATE outbox_receiver SET paused_until = 1")

    def receiver(self):
        """(failures, length of the last pause)"""
        row, = self.stack.sql(
            "SELECT failures, paused_until - UNIX_TIMESTAMP() - 62167219200 "
            "FROM outbox_receiver")
        return int(row[0]), int(row[1])

    def states(self):
        return {row[0]: int(row[1]) for row in self.stack.sql(
            "SELECT state, COUNT(*) FROM outbox WHERE settled IS NULL OR "
            "settled > 1 GROUP BY state")}

    # ---- pauses ----

    def test_a_receiver_that_fails_costs_one_attempt_a_pause(self):
        """The first time-out begins a pause, or the third failure of another
        kind; the pause doubles."""
        rows = (("500", 5, FAILURES, {}), ("reset", 2, FAILURES, {}),
                ("redirect", 2, FAILURES, {}), ("429", 2, FAILURES, {}),
                ("hang", 2, 1, {"timeout_ms": 500}))
        lengths = 600, 1200, 2400, 3600, 3600
        for how, pauses, first, more in rows:
            with self.subTest(how):
                self.tell(how, **more)
                for n, length in enumerate(lengths[:pauses], first):
                    self.deliver()
                    self.assertEqual(n, len(self.bookkeeper.told))
                    counted, left = self.receiver()
                    self.assertEqual(n, counted)
                    self.assertAlmostEqual(length, left, delta=60)
                    self.pass_time(length)
                self.clear()

    def test_a_success_ends_the_pause(self):
        self.tell("500")
        self.deliver()
        self.pass_time(PAUSE_S)
        self.bookkeeper.how = "200"
        self.deliver()
        self.assertEqual({"delivered": ACCOUNTS}, self.states())
        self.assertEqual(FAILURES + ACCOUNTS, len(self.bookkeeper.told))
        self.assertEqual([], self.stack.sql("SELECT * FROM outbox_receiver"))

    def test_answers_about_the_message_pause_nobody(self):
        for how in ("missing", "400", "underway"):
            with self.subTest(how):
                self.tell(how)
                self.deliver()
                self.assertEqual(ACCOUNTS, len(self.bookkeeper.told))
                self.assertEqual([], self.stack.sql(
                    "SELECT * FROM outbox_receiver"))
                self.clear()

    def test_what_is_never_taken_keeps_nobody_waiting(self):
        """The account of the message that is refused comes first in the order
        of every index."""
        self.tell("picky")
        for count in range(1, FAILURES + 1):
            self.clear()
            self.bookkeeper.refused = sorted(self.accounts)[:count]
            for account in sorted(self.accounts):
                self.change(account, 1 + count)
            self.deliver()
            for _ in range(count):
                self.pass_time(PAUSE_S)
                self.deliver()
            with self.subTest(count):
                self.assertEqual({"delivered": ACCOUNTS - count,
                                  "waiting": count}, self.states())

    def test_two_do_not_try_at_once(self):
        self.tell("500")
        self.deliver()
        self.pass_time(PAUSE_S)
        self.bookkeeper.how = "held"
        del self.bookkeeper.told[:]
        first, second = (subprocess.Popen(
            [REEVECTL, "-c", self.stack.conf, "deliver"],
            stdout=subprocess.DEVNULL) for _ in range(2))
        wait_until(lambda: self.bookkeeper.told and None in (
            first.poll(), second.poll()) and (first.poll(), second.poll()) != (
                None, None))
        self.assertEqual(1, len(self.bookkeeper.told))
        self.bookkeeper.how = "200"
        self.bookkeeper.release.set()
        first.wait(), second.wait()
        self.assertEqual({"delivered": ACCOUNTS}, self.states())

    def test_new_messages_wait_for_the_end_of_the_pause(self):
        self.tell("500")
        self.deliver()
        for account in self.accounts:
            self.change(account, 2)
        self.deliver()
        self.assertEqual(FAILURES, len(self.bookkeeper.told))

    def test_other_receivers_are_told(self):
        self.tell("500")
        self.deliver()
        self.tell("200")
        self.deliver()
        self.assertEqual(ACCOUNTS, len(self.bookkeeper.told))

    def test_a_stuck_line_holds_up_no_other_account(self):
        """Pauses begin and end without the lines of the receiver."""
        self.tell("500")
        stuck = max(self.accounts)
        holder = self.stack.session()
        self.addCleanup(holder.close)
        holder.run("BEGIN; SELECT * FROM outbox_line WHERE account_id = '%s' "
                   "FOR UPDATE" % stuck)
        self.deliver()
        self.assertEqual(FAILURES, len(self.bookkeeper.told))
        self.change(min(self.accounts), 2)
        self.bookkeeper.how = "200"
        self.end_pauses(sorted(self.accounts)[:-1])
        self.deliver()
        holder.run("COMMIT")
        self.deliver()
        self.assertEqual({"delivered": ACCOUNTS + 1}, self.states())

    def test_a_replay_ends_the_pause(self):
        self.tell("500")
        self.deliver()
        self.stack.sql("UPDATE outbox SET state = 'dead', settled = 2 WHERE "
                       "account_id = '{0}' AND state = 'waiting';UPDATE "
                       "outbox_line SET due = NULL WHERE account_id = '{0}'"
                       .format(self.bookkeeper.told[0].account))
        self.bookkeeper.how = "200"
        self.deliver()
        self.assertEqual({"waiting": ACCOUNTS - 1, "dead": 1}, self.states())
        self.stack.reevectl("outbox", "replay", "--all")
        self.deliver()
        # The others that failed keep their own pauses.
        self.assertEqual({"waiting": FAILURES - 1, "delivered": 2},
                         self.states())

    def test_a_synchronization_asks_during_a_pause(self):
        self.tell("500")
        self.deliver()
        failed = {told.account for told in self.bookkeeper.told}
        other = next(one for one in self.accounts if one not in failed)
        self.bookkeeper.how = "200"
        self.stack.stop_pool()
        self.stack.start_pool(workers="8")
        done = self.ask("POST", other, "services/synchronization")
        self.assertEqual(["completed"], [one["status"] for one in done])
        self.deliver()
        self.assertEqual({"delivered": 2, "waiting": FAILURES}, self.states())
        self.pass_time(PAUSE_S)
        self.deliver()
        self.assertEqual({"delivered": ACCOUNTS + 1}, self.states())

    # ---- webhooks that are given up ----

    def hook(self, how):
        self.ask("PUT", self.vendor, "webhooks", {
            "name": "W", "uri": self.bookkeeper.url(how),
            "hooks": ["services.changed"]})

    def events(self, count):
        for account in self.accounts:
            for n in range(count):
                self.ask("PUT", account, "devices?accept_charges=true",
                         {"name": "d%d" % n, "device_type": "fax"})

    def test_what_a_dead_webhook_did_not_take_for_a_day_is_given_up(self):
        """Without an attempt for each, and not before a day has passed."""
        self.tell("200")
        self.deliver()
        del self.bookkeeper.told[:]
        self.stack.sql("UPDATE outbox SET settled = 1")
        self.hook("500")
        self.events(2)
        self.deliver()
        webhook = "SELECT COUNT(*) FROM outbox WHERE target LIKE 'webhook/%'" \
            " AND state = '%s'"
        told = [t for t in self.bookkeeper.told if t.path == "/500"]
        self.assertEqual(FAILURES, len(told))
        self.assertEqual(2 * ACCOUNTS, self.stack.number(
            webhook.replace("%s", "waiting")))
        self.stack.sql("UPDATE outbox SET created = created - %d WHERE target "
                       "LIKE 'webhook/%%'" % DAY_S)
        self.pass_time(DAY_S)
        self.deliver()
        told = [t for t in self.bookkeeper.told if t.path == "/500"]
        self.assertEqual(FAILURES + 1, len(told))
        self.assertEqual(2 * ACCOUNTS, self.stack.number(webhook.replace("%s", "dead")))
        self.events(1)
        self.deliver()
        told = [t for t in self.bookkeeper.told if t.path == "/500"]
        self.assertEqual(FAILURES + 1, len(told))
        self.assertEqual(ACCOUNTS, self.stack.number(
            webhook.replace("%s", "waiting")))

    def test_old_messages_are_tried_if_the_receiver_has_just_failed(self):
        """No courier ran for a day."""
        self.tell("200")
        self.deliver()
        self.stack.sql("UPDATE outbox SET settled = 1")
        self.hook("next")
        self.bookkeeper.answers = ["500"]
        self.events(1)
        self.stack.sql("UPDATE outbox SET state = 'delivered', settled = 1 "
                       "WHERE target LIKE 'bookkeeper/%'")
        self.stack.sql("UPDATE outbox SET created = created - %d" % DAY_S)
        self.deliver()
        self.pass_time(PAUSE_S)
        self.deliver()
        self.assertEqual({"dead": 1, "delivered": ACCOUNTS - 1}, self.states())

    # ---- due lies further ahead than the longest pause ----

    def ahead(self, more=""):
        self.tell("200")
        self.stack.sql("UPDATE outbox_line SET due = due + %d %s" % (
            10 * DAY_S, more))

    def test_what_was_put_off_by_a_clock_that_was_ahead_is_due(self):
        self.ahead()
        self.deliver()
        self.assertEqual({"delivered": ACCOUNTS}, self.states())

    def test_a_courier_of_the_pool_finds_it(self):
        self.ahead()
        self.stack.stop_pool()
        self.stack.start_pool(couriers="1")
        wait_until(lambda: self.states() == {"delivered": ACCOUNTS})
        self.stack.stop_pool()
        self.stack.start_pool(couriers="0")

    def test_a_claim_made_then_ends_with_its_lease(self):
        self.ahead(", claim = 'claim'")
        self.deliver()
        self.assertEqual({"waiting": ACCOUNTS}, self.states())
        self.assertEqual(ACCOUNTS, self.stack.number(
            "SELECT COUNT(*) FROM outbox_line WHERE due <= UNIX_TIMESTAMP() + "
            "62167219200 + 1200"))
        self.pass_time(1200)
        self.deliver()
        self.assertEqual({"delivered": ACCOUNTS}, self.states())

    def test_a_pause_made_then_ends(self):
        self.tell("500")
        self.deliver()
        self.stack.sql("UPDATE outbox_receiver SET paused_until = "
                       "paused_until + {0};UPDATE outbox_line SET due = due + "
                       "{0}".format(10 * DAY_S))
        self.bookkeeper.how = "200"
        self.deliver()
        self.assertEqual({"delivered": ACCOUNTS}, self.states())

    def test_the_longest_pause_is_kept(self):
        self.tell("200")
        self.stack.sql("UPDATE outbox_line SET due = UNIX_TIMESTAMP() + "
                       "62167219200 + %d WHERE due > 0" % PAUSE_MAX_S)
        self.deliver()
        self.assertEqual({"waiting": ACCOUNTS}, self.states())


if __name__ == "__main__":
    unittest.main()
