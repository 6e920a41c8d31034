# SPDX-License-Identifier: GPL-3.0-or-later
"""Parallel usage and top-ups, while workers, couriers, connections and the
database itself are killed: every accepted entry exists once, and balances and
days equal the sums of the entries."""

import json
import os
import random
import signal
import sys
import threading
import time
import unittest
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bookkeeper import Bookkeeper  # noqa: E402
from fault.stack import (DAY, DAY_0, REEVE, REEVECTL, InBackground,  # noqa: E402
                         Stack, StackTest, Trouble, ledger_document, lines,
                         require)
from reeve import new_id  # noqa: E402

SEED = int(os.environ.get("REEVE_SEED", random.randrange(10**6)))
THREADS = 5
BATCHES = 12
PAYMENTS = 15


@require(REEVE, REEVECTL)
class LedgersTest(StackTest):
    pool = True
    bare = False
    options = {"workers": "4"}

    def setUp(self):
        stack = self.stack
        self.reseller = stack.create_account("Reseller", "--reseller")
        self.token = stack.issue_token(self.reseller)
        self.accounts = [stack.create_account("Customer", "--parent",
                                              self.reseller)
                         for _ in range(3)]

    def ask(self, method, account, path, data=None, **headers):
        return self.stack.request(
            method, "/v2/accounts/%s/%s" % (account, path), self.token, data,
            **headers)

    def until_answered(self, *request, **headers):
        """Repeats a request until the answer is final. All of these may be
        sent again: they have keys, or sources."""
        for _ in range(400):
            try:
                answer = self.ask(*request, **headers)
            except (OSError, ValueError, KeyError):
                continue  # the worker was killed meanwhile
            # 500: the request to the bookkeeper was interrupted.
            if answer.status < 500 and \
                    answer.envelope.get("message") != "uncertain" or \
                    answer.status == 500 and "bookkeeper" in answer.data:
                self.trouble.done()
                return answer
            time.sleep(0.05)
        raise AssertionError("never answered: SEED %d" % SEED)

    def balance(self, account):
        return Decimal(self.stack.sql(
            "SELECT COALESCE(SUM(amount), 0) FROM ledger_balance WHERE "
            "account_id = '%s'" % account)[0][0])


class Storm(LedgersTest):
    options = {"workers": "4", "couriers": "1", "courier_private": "1",
               "courier_timeout": "5s", "courier_lease": "10s"}

    def setUp(self):
        super().setUp()
        self.bookkeeper = Bookkeeper()
        self.addCleanup(self.bookkeeper.close)
        path = "/v2/accounts/%s/" % self.reseller
        bookkeeper = self.stack.request("PUT", path + "bookkeepers", self.token, {
            "name": "B", "bookkeeper": {"type": "http"},
            "url": self.bookkeeper.url("200"),
            "secret": "between the two of us"}).data["id"]
        self.stack.request("PUT", path + "service_plans", self.token, {
            "id": "base", "name": "Base",
            "plan": {"devices": {"fax": {"rate": 1}}},
            "bookkeeper": {"type": "http", "id": bookkeeper}})
        for account in self.accounts:
            self.stack.request("POST", "/v2/accounts/%s/services" % account,
                               self.token, {"add": ["base"]})

    def usage(self, dice, n):
        """Usage of a few hundred calls, which the batches share."""
        call = dice.randrange(150)
        return {"account": {"id": self.accounts[call % 3]},
                "source": {"service": "calls", "id": "c%d" % call},
                "usage": {"quantity": call, "unit": "sec", "type": "voice"},
                "amount": 0.25,
                "period": {"start": DAY_0 + (call % 4) * DAY}}

    def feed(self, n):
        dice = random.Random(SEED + n)
        for _ in range(BATCHES):
            batch = [self.usage(dice, n) for _ in range(40)]
            answer = self.until_answered("PUT", self.reseller, "ledgers/usage", batch)
            self.assertEqual(201, answer.status, answer)
            with self.lock:
                self.sent.update(
                    (e["account"]["id"], e["source"]["id"],
                     e["usage"]["quantity"]) for e in batch)

    def pay(self, n):
        """Top-ups of 3, each repeated with its key until it is paid and
        credited."""
        dice = random.Random(SEED - n)
        for _ in range(PAYMENTS):
            account, key = dice.choice(self.accounts), new_id()
            # It stays pending while others have the place to wait for the
            # bookkeeper.
            for _ in range(400):
                answer = self.until_answered(
                    "POST", account, "services/topup", {"amount": 3},
                    IDEMPOTENCY_KEY=key)
                if answer.status == 200:
                    break
                time.sleep(0.1)
            self.assertEqual(200, answer.status, answer)
            with self.lock:
                self.paid.append(account)

    def kill(self, dice):
        kind = dice.randrange(20)
        if kind < 10:
            os.kill(dice.choice(self.stack.workers()), signal.SIGKILL)
            self.kills += 1
        elif kind < 19:
            for connection in self.stack.connections()[:1]:
                self.stack.sql("KILL CONNECTION %d" % connection)
        elif self.crashes < 2:
            self.crashes += 1
            self.stack.kill_database()
            self.stack.start_database()

    def run_quietly(self, work, n):
        try:
            work(n)
        except Exception as problem:  # reported by the test's own thread
            self.wrong.append(problem)

    def test_every_entry_exists_once(self):
        self.sent, self.paid, self.wrong = set(), [], []
        self.lock, self.crashes, self.kills = threading.Lock(), 0, 0
        threads = [threading.Thread(target=self.run_quietly, args=(work, n))
                   for n in range(THREADS) for work in (self.feed, self.pay)]
        dice = random.Random(SEED)
        with Trouble(lambda: self.kill(dice), dice) as self.trouble:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual([], self.wrong, "REEVE_SEED=%d" % SEED)
        self.assertGreater(self.kills, 0, "no worker was killed")
        self.assertEqual(THREADS * PAYMENTS, len(self.paid))
        self.assertEqual(THREADS * PAYMENTS, len({
            told.delivery for told in self.bookkeeper.told
            if b"sale.request" in told.body}))
        for account in self.accounts:
            stored = {(account, row[0], int(row[1])) for row in self.stack.sql(
                "SELECT source_id, usage_quantity FROM ledger WHERE "
                "account_id = '%s' AND service = 'calls'" % account)}
            mine = {e for e in self.sent if e[0] == account}
            self.assertEqual(mine, stored, "REEVE_SEED=%d" % SEED)
            self.assertEqual(
                3 * self.paid.count(account) - Decimal("0.25") * len(mine),
                self.balance(account), "REEVE_SEED=%d" % SEED)
            self.assert_verified(account)


class Turns(LedgersTest):
    def test_one_writer_per_account_at_a_time(self):
        account = self.accounts[0]
        holder = self.stack.session()
        self.addCleanup(holder.close)
        holder.run("BEGIN; SELECT sequence FROM audit_head WHERE account_id = "
                   "'%s' FOR UPDATE" % account)
        writing = InBackground(lambda: self.ask(
            "PUT", account, "ledgers/usage", [{
                "source": {"service": "calls", "id": "c"}, "amount": 2,
                "usage": {"quantity": 1}}]))
        self.stack.wait_for_lock_wait(unless=lambda: writing.answer)
        self.assertIsNone(writing.answer, "it did not wait")
        self.assertEqual(0, self.balance(account))
        holder.run("ROLLBACK")
        self.assertEqual(201, writing.result().status)
        self.assertEqual(-2, self.balance(account))


class Found(LedgersTest):
    def test_a_balance_that_differs_from_the_sum_of_entries(self):
        account = self.accounts[0]
        self.ask("PUT", account, "ledgers/credit", {
            "amount": 5, "source": {"service": "p", "id": "1"},
            "usage": {"quantity": 0, "type": "c", "unit": "USD"}})
        self.stack.sql("UPDATE ledger_balance SET amount = 7 WHERE "
                       "account_id = '%s'" % account)
        done = self.stack.reevectl("audit", "verify", account, check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("BALANCE WRONG: it is 7.000000, the ledgers add up to "
                      "5.000000", done.stdout)
        self.assertIn("balance_wrong", json.loads(self.stack.reevectl(
            "--json", "audit", "verify", account, check=False).stdout))
        self.stack.reevectl("audit", "rebuild", account)
        self.assert_verified(account)
        self.assertEqual(5, self.balance(account))


class Rebuilt(LedgersTest):
    def test_two_at_once_correct_a_balance_once(self):
        """On two nodes of a cluster, named locks of one are not the other's;
        and neither waits for the other's connection to end. An entry comes
        after the entries were summed."""
        account = self.accounts[0]
        self.ask("PUT", account, "ledgers/credit", {
            "amount": 5, "source": {"service": "p", "id": "1"},
            "usage": {"quantity": 0, "type": "c", "unit": "USD"}})
        self.stack.sql("UPDATE ledger_balance SET amount = 7 WHERE "
                       "account_id = '%s'" % account)
        holder, *rebuilding = [self.stack.session() for _ in range(3)]
        for session in holder, *rebuilding:
            self.addCleanup(session.close)
        holder.run("BEGIN; UPDATE ledger SET amount = amount + 1 WHERE "
                   "account_id = '{0}'; UPDATE ledger_balance SET amount = "
                   "amount + 1 WHERE account_id = '{0}'".format(account))
        for session in rebuilding:
            session.send("CALL ledger_balance_rebuild('%s')" % account)
        self.stack.wait_for_lock_wait(2)
        holder.run("COMMIT")
        for session in rebuilding:
            session.run("DO 0")
        self.assertEqual(6, self.balance(account))
        rebuilding[0].run("CALL ledger_balance_rebuild('%s')" % account)
        self.assertEqual(6, self.balance(account))

    def test_a_balance_that_is_missing_is_made_once(self):
        account = self.accounts[0]
        self.ask("PUT", account, "ledgers/credit", {
            "amount": 5, "source": {"service": "p", "id": "1"},
            "usage": {"quantity": 0, "type": "c", "unit": "USD"}})
        self.stack.sql("DELETE FROM ledger_balance WHERE account_id = '%s'"
                       % account)
        for _ in range(2):
            self.stack.reevectl("audit", "rebuild", account)
            self.assertEqual(5, self.balance(account))


class Late(LedgersTest):
    def test_later_months_include_late_entries(self):
        account = self.accounts[0]
        months = ("201904", "201905", "201906")
        documents = [ledger_document(account, 1, DAY_0, amount=10000)]
        for n, month in enumerate(months[1:]):
            documents.append({
                "_id": month + "-ledgers_monthly_rollover",
                "pvt_type": "ledger", "pvt_account_id": account,
                "pvt_ledger_type": "debit", "amount": 10000,
                "pvt_created": DAY_0 + (30 + n * 31) * DAY,
                "source": {"service": "rollovers", "id": month}})
        self.stack.reevectl("import", "-", stdin=lines(documents))
        late = {"source": {"service": "calls", "id": "late"},
                "usage": {"quantity": 1}, "amount": 2,
                "period": {"start": DAY_0 + 35 * DAY}}
        self.ask("PUT", account, "ledgers/usage", [late])
        self.assertEqual(
            [["201905", "1.000000"], ["201906", "3.000000"]],
            self.stack.sql(
                "SELECT LEFT(id, 6), amount FROM ledger WHERE service = "
                "'rollovers' AND account_id = '%s' ORDER BY id" % account))
        self.assertEqual(-3, self.balance(account))
        self.assert_verified(account)


class ImportedLate(LedgersTest):
    """Entries that an import brings after rollovers of later months. (Day 0 is
    in April 2019, so are the entries numbered 1.)"""

    def setUp(self):
        super().setUp()
        self.account = self.accounts[0]

    def rollover(self, months_later, amount):
        created = DAY_0 + (28, 59, 89)[months_later - 1] * DAY
        month = "20190%d" % (4 + months_later)
        return {"_id": month + "-ledgers_monthly_rollover",
                "pvt_type": "ledger", "pvt_account_id": self.account,
                "pvt_ledger_type": "debit", "amount": amount * 10000,
                "pvt_created": created,
                "source": {"service": "rollovers", "id": month}}

    def entry(self, number, months_later=0, amount=1):
        document = ledger_document(
            self.account, number, DAY_0 + 30 * months_later * DAY,
            amount=amount * 10000)
        document["_id"] = "20190%d-%d" % (4 + months_later, number)
        return document

    def bring(self, *documents):
        self.stack.reevectl("import", "-", stdin=lines(documents))

    def roll_over(self, month):
        """Reeve's own rollover, as run-due writes it."""
        self.stack.sql(
            "CALL ledger_rollover('%s', '2019%02d', %d, NULL, '{}', %d)" % (
                self.account, month, DAY_0 + (month - 4) * 30 * DAY, DAY_0))

    def rollovers(self):
        return {int(month): float(amount) for month, amount in self.stack.sql(
            "SELECT SUBSTR(id, 5, 2), IF(type = 'debit', -amount, amount)"
            " FROM ledger WHERE service = 'rollovers' AND account_id = '%s'"
            % self.account)}

    def assert_right(self, rollovers, balance):
        self.assertEqual(rollovers, self.rollovers())
        self.assertEqual(balance, self.balance(self.account))
        self.assert_verified(self.account)
        self.assertEqual(sum(rollovers.values()), float(self.stack.sql(
            "SELECT SUM(amount) FROM ledger_day WHERE service = 'rollovers'"
            " AND account_id = '%s'" % self.account)[0][0]))

    def test_reeve_s_own_rollovers_include_it(self):
        self.bring(self.entry(1))
        self.roll_over(5)
        self.roll_over(6)
        self.bring(self.entry(2, amount=2))
        self.assert_right({5: -3, 6: -3}, -3)
        self.bring(self.entry(3, months_later=1, amount=4))
        self.assert_right({5: -3, 6: -7}, -7)

    def test_an_entry_may_have_any_id(self):
        self.bring(self.entry(1))
        self.roll_over(5)
        self.stack.sql("INSERT INTO due_done (account_id, task, period, done) "
                       "VALUES ('%s', 'rollover', '201905', 1)" % self.account)
        for number, name in enumerate(("1", "1x", "000000"), 2):
            self.bring(dict(self.entry(number), _id=name))
        self.assert_right({5: -4}, -4)

    def test_imported_rollovers_stay_as_they_are(self):
        self.bring(self.entry(1, months_later=1), self.rollover(2, 50))
        self.roll_over(7)
        self.bring(self.entry(2, months_later=1, amount=2))
        self.assert_right({6: -50, 7: -3}, -3)

    def test_an_imported_rollover_of_an_earlier_month_is_not_added(self):
        self.bring(self.entry(1))
        self.roll_over(6)
        self.bring(self.rollover(1, 1))
        self.assert_right({5: -1, 6: -1}, -1)

    def test_what_is_before_everything_is_added(self):
        """The first rollover stands for what was before."""
        self.bring(self.entry(1, months_later=2))
        self.roll_over(7)
        self.bring(self.rollover(1, 9))
        self.assert_right({5: -9, 7: -10}, -10)

    def test_entries_replace_the_rollover_that_restates_them(self):
        self.bring(self.rollover(1, 10), self.entry(1, months_later=1))
        self.roll_over(6)
        self.assert_right({5: -10, 6: -11}, -11)
        self.bring(self.entry(2, amount=7))
        self.assert_right({5: -10, 6: -8}, -8)
        self.bring(self.entry(3, amount=3))
        self.assert_right({5: -10, 6: -11}, -11)


class Exported(LedgersTest):
    def test_an_imported_export_is_identical(self):
        account = self.accounts[0]
        self.ask("PUT", account, "ledgers/debit", {
            "amount": 0.000001, "source": {"service": "p", "id": "1"},
            "usage": {"quantity": 3, "type": "c", "unit": "x"},
            "metadata": {"a": [1.50]}, "description": "\u00e9"})
        self.ask("PUT", account, "ledgers/usage", [{
            "source": {"service": "p", "id": "2"}, "amount": 0,
            "usage": {"quantity": 1}}])
        text = self.stack.reevectl("export").stdout
        other = Stack()
        self.addCleanup(other.close)
        other.reevectl("import", "-", stdin=text)
        self.assertEqual(sorted(text.splitlines()), sorted(
            other.reevectl("export").stdout.splitlines()))
        self.assertEqual(
            self.stack.sql("SELECT HEX(dedupe), amount, for_id, counted FROM "
                           "ledger ORDER BY id"),
            other.sql("SELECT HEX(dedupe), amount, for_id, counted FROM "
                      "ledger ORDER BY id"))


if __name__ == "__main__":
    unittest.main()
