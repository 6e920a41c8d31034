# SPDX-License-Identifier: GPL-3.0-or-later
"""A month with a faked clock: usage, changes and payments every day, run-due
as cron runs it, and at the end every figure is compared with a small model."""

import collections
import csv
import datetime
import glob
import io
import os
import random
import sys
import unittest
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import REEVE, REEVECTL, StackTest, require  # noqa: E402

SEED = int(os.environ.get("REEVE_SEED", random.randrange(10**6)))
LIBRARY = (glob.glob("/usr/lib/*/faketime/libfaketime.so.1") + [""])[0]
RATE, ACTIVATION = Decimal("7.25"), Decimal("1.5")
DAYS = 31
UTC = datetime.timezone.utc


def moment(day, second=0, month=10):
    """Gregorian seconds of a day of October 2026."""
    at = datetime.datetime(2026, month, day, tzinfo=UTC)
    return int(at.timestamp()) + 62167219200 + second


def date(day, month=10):
    return "2026-%02d-%02d" % (month, day)


class Model:
    """The expected figures of an account, computed from the requests."""

    def __init__(self):
        self.entries = {}  # (service, source): (day, amount, quantity)
        self.devices = 0
        self.changes = collections.defaultdict(lambda: [0, 0, 0])

    def add(self, service, source, day, amount, quantity=0):
        self.entries.setdefault((service, source), (day, amount, quantity))

    def change(self, day, difference):
        self.devices += difference
        row = self.changes[date(day)]
        row[0 if difference > 0 else 1] += abs(difference)
        row[2] = self.devices

    def sums(self):
        out = collections.defaultdict(lambda: [Decimal(0), 0])
        for (service, _), (_, amount, quantity) in self.entries.items():
            out[service][0] += amount
            out[service][1] += quantity
        return {service: tuple(both) for service, both in out.items()}

    def balance(self):
        return sum((e[1] for e in self.entries.values()), Decimal(0))

    def used(self):
        days = collections.Counter()
        for (service, _), (day, _, quantity) in self.entries.items():
            if service == "per-minute-voip":
                days[date(day)] += quantity
        return dict(days)


@require(REEVE, REEVECTL)
@unittest.skipUnless(LIBRARY, "no libfaketime here")
class Month(StackTest):
    bare = False
    options = {"workers": "2", "couriers": "0", "recurring_debits": "1",
               "clock_difference_max": "0"}

    def set_clock(self, text):
        """Sets the clock of the pool and of reevectl."""
        os.environ.update(LD_PRELOAD=LIBRARY, FAKETIME="@" + text, TZ="UTC",
                          FAKETIME_DONT_FAKE_MONOTONIC="1")
        self.stack.stop_pool()
        self.stack.start_pool(**self.options)

    def tearDown(self):
        for name in ("LD_PRELOAD", "FAKETIME", "TZ",
                     "FAKETIME_DONT_FAKE_MONOTONIC"):
            os.environ.pop(name, None)

    def ask(self, method, path, data=None, status=200, account=None):
        answer = self.stack.request(method, "/v2/accounts/%s/%s" % (
            account or self.account, path), self.token, data)
        self.assertEqual(status, answer.status, answer)
        return answer.data

    def begin(self):
        self.set_clock("2026-09-30 12:00:00")
        seller = self.stack.create_account("Seller", "--reseller")
        self.token = self.stack.issue_token(seller, "--expiry", "0")
        self.account = self.stack.create_account("Customer", "--parent", seller)
        self.ask("PUT", "service_plans", {
            "id": "base", "name": "Base", "plan": {"devices": {"sip_device": {
                "rate": float(RATE), "activation_charge": float(ACTIVATION)}}}},
            201, seller)
        self.ask("POST", "services?accept_charges=true", {"add": ["base"]})

    # ---- a day ----

    def use(self, dice, today):
        """Usage of today and earlier days; some of it was sent before."""
        batch = []
        for _ in range(dice.randrange(12)):
            call = dice.randrange(120)
            day = 1 + call % today
            source = "c%d-%d" % (call, day)
            amount = Decimal(call) / 1000
            quantity = 6 * call
            batch.append({
                "source": {"service": "per-minute-voip", "id": source},
                "usage": {"quantity": quantity, "type": "voice",
                          "unit": "sec"},
                "amount": float(amount),
                "period": {"start": moment(day, call)}})
            self.model.add("per-minute-voip", source, day, -amount, quantity)
        if batch:
            self.ask("PUT", "ledgers/usage", batch, 201)
            if dice.random() < 0.5:
                self.ask("PUT", "ledgers/usage", batch[::-1], 201)

    def change(self, dice, today):
        if self.devices and dice.random() < 0.4:
            self.ask("DELETE", "devices/" + self.devices.pop())
            self.model.change(today, -1)
        elif dice.random() < 0.7:
            self.devices.append(self.ask(
                "PUT", "devices?accept_charges=true", {"name": "d"},
                201)["id"])
            self.model.change(today, 1)

    def pay(self, dice, today):
        amount = Decimal(dice.randrange(1, 5000)) / 100
        if dice.random() < 0.4:
            ledger = self.ask("POST", "services/topup",
                              {"amount": float(amount)})["ledger"]
            self.model.add("payments", ledger["id"], today, amount)
        if dice.random() < 0.2:
            made = self.ask("PUT", "ledgers/debit", {
                "amount": float(amount), "source": {
                    "service": "adjustments", "id": "a%d" % today},
                "usage": {"type": "debit", "quantity": 0, "unit": "USD"}}, 201)
            self.model.add("adjustments", made["id"], today, -amount)

    # ---- checks ----

    def assert_ledgers(self):
        summary = self.ask("GET", "ledgers/summary/202610")
        found = {service: (Decimal(str(one["amount"])),
                           one["usage"]["quantity"])
                 for service, one in summary["summary"].items()}
        self.assertEqual(self.model.sums(), found)
        account, = summary["breakdown"]
        self.assertEqual((self.account, self.model.balance()), (
            account["account"]["id"], Decimal(str(account["total"]))))

    def assert_days(self):
        days = self.ask("GET", "services/audit_summary?created_from=%d&"
                        "created_to=%d" % (moment(1), moment(1, month=11) - 1))
        # The daily sums of a ledger, or the increases and decreases of an
        # item.
        used = {day: row["quantity"] for one in days.get("per-minute-voip", [])
                for day, row in one.items()}
        self.assertEqual(self.model.used(), used)
        changed = {day: [row["addition"], row["removal"], row["quantity"]]
                   for one in days.get("sip_device", [])
                   for day, row in one.items()}
        self.assertEqual(dict(self.model.changes), changed)

    def assert_rolled_over(self):
        recurring = RATE * self.model.devices
        rollover, = self.ask("GET", "ledgers/rollovers")
        self.assertEqual(self.model.balance(), Decimal(str(rollover["amount"])))
        total = self.ask("GET", "ledgers/total")["amount"]
        self.assertEqual(self.model.balance() - recurring, Decimal(str(total)))
        charged = self.ask("GET", "ledgers/services")
        self.assertEqual([-recurring] if recurring else [], [
            Decimal(str(one["amount"])) for one in charged])

    def assert_snapshot(self):
        text = self.stack.reevectl("quantities", self.account, "--from",
                                   "202610", "--to", "202610").stdout
        rows = {row["item"]: (row["quantity_bom"], row["quantity_eom"])
                for row in csv.DictReader(io.StringIO(text))}
        devices = self.model.devices
        self.assertEqual(("", str(devices)) if devices else None,
                         rows.get("sip_device"))

    def test_every_figure_matches_the_model(self):
        self.model, self.devices = Model(), []
        dice = random.Random(SEED)
        self.begin()
        with self.subTest(seed=SEED):
            for today in range(1, DAYS + 1):
                self.set_clock(date(today) + " 00:05:00")
                self.stack.reevectl("run-due")
                for _ in range(2):
                    self.use(dice, today)
                    self.change(dice, today)
                self.pay(dice, today)
            self.set_clock(date(1, 11) + " 00:05:00")
            for _ in range(2):
                self.stack.reevectl("run-due")
            self.assert_ledgers()
            self.assert_days()
            self.assert_rolled_over()
            self.assert_snapshot()
            self.assert_verified(self.account)


if __name__ == "__main__":
    unittest.main()
