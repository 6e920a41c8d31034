# SPDX-License-Identifier: GPL-3.0-or-later
"""ask_charges says whose invoices must be accepted before a change. A reload takes
it. The accounts:

    Reseller    master's plan: devices at 1, with those of its customers
    `- Customer  the reseller's plan: devices at 2
"""

import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import REEVE, REEVECTL, StackTest, require, wait_until  # noqa: E402

DEVICE = ("devices", {"name": "Phone"})
MANUAL = ("services/manual", {"devices": {"sip_device": 5}})

# (label, caller, the change, the invoices shown by ask_charges: their sums)
CASES = (
    ("the customer adds a device", "customer", DEVICE,
     {"actor": [2], "owner": [2], "both": [2]}),
    ("the reseller adds it", "reseller", DEVICE,
     {"actor": [1], "owner": [2], "both": [2, 1]}),
    ("the master adds it, who has no plan", "master", DEVICE,
     {"actor": [], "owner": [2], "both": [2]}),
    ("the reseller sets a quantity by hand", "reseller", MANUAL,
     {"actor": [], "owner": [10], "both": [10]}),
)


@require(REEVE, REEVECTL)
class Asking(StackTest):
    pool = True
    bare = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reseller = cls.stack.create_account("Reseller", "--reseller")
        cls.tokens = {"master": cls.stack.token,
                      "reseller": cls.stack.issue_token(cls.reseller)}
        cls.offer(cls.stack.master, "above", 1, cascade=True)
        cls.assign(cls.reseller, "above")
        cls.offer(cls.reseller, "below", 2)

    @classmethod
    def offer(cls, vendor, plan, rate, **more):
        cls.stack.insist(
            "PUT", "/v2/accounts/%s/service_plans" % vendor,
            cls.stack.token, {"id": plan, "name": plan, "plan": {
                "devices": {"sip_device": dict(rate=rate, **more)}}})

    @classmethod
    def assign(cls, account, plan):
        cls.stack.insist("POST", "/v2/accounts/%s/services?accept_charges=true" %
                         account, cls.stack.token, {"add": [plan]})

    def customer(self):
        """A new one, whose reseller's bill begins at 0 again."""
        account = self.stack.create_account("Customer", "--parent", self.reseller)
        self.tokens["customer"] = self.stack.issue_token(account)
        self.assign(account, "below")
        return account

    def ask(self, account, caller, change, rest=""):
        noun, data = change
        method = "POST" if "services" in noun else "PUT"
        return self.stack.request(method, "/v2/accounts/%s/%s%s" % (
            account, noun, rest), self.tokens[caller], data)

    def test_names_may_repeat_where_they_are_not_compared(self):
        for on, status in ("1", 400), ("0", 201):
            self.configure(unique_account_names=on)
            self.stack.insist("PUT", "/v2/accounts/" + self.reseller,
                              self.stack.token, {"name": "Twin"})
            self.assertEqual(status, self.stack.insist(
                "PUT", "/v2/accounts/" + self.reseller, self.stack.token,
                {"name": "Twin"}).status)

    def configure(self, **settings):
        self.stack.configure(**settings)
        before = self.stack.workers()
        self.stack.pool.send_signal(signal.SIGHUP)
        wait_until(lambda: not set(before) & set(self.stack.workers()) and
                   len(self.stack.workers()) == len(before))

    def shown(self, answer):
        if answer.status != 402:
            self.assertIn(answer.status, (200, 201), answer)
            return []
        return [invoice["summary"]["recurring"] for invoice in answer.data]

    def remove_devices(self, account):
        path = "/v2/accounts/%s/devices" % account
        for device in self.stack.get(path, self.stack.token).data:
            self.stack.insist("DELETE", path + "/" + device["id"],
                              self.stack.token)

    def test_the_invoices_of_the_one_asked_are_shown(self):
        for mode in ("actor", "owner", "both"):
            self.configure(ask_charges=mode)
            for label, caller, change, expected in CASES:
                with self.subTest(label, ask_charges=mode):
                    account = self.customer()
                    answer = self.ask(account, caller, change)
                    self.assertEqual(expected[mode], self.shown(answer), answer)
                    answer = self.ask(account, caller, change,
                                      "?accept_charges=true")
                    self.assertIn(answer.status, (200, 201), answer)
                self.remove_devices(account)

    def test_the_standing_of_payers_counts_whatever_is_asked(self):
        for mode, prompt in (("actor", 1), ("owner", 1), ("both", 0)):
            self.configure(ask_charges=mode, prompt_service_changes=prompt)
            for caller in ("customer", "reseller", "master"):
                with self.subTest(caller, ask_charges=mode, prompt=prompt):
                    account = self.customer()
                    self.stack.insist(
                        "POST", "/v2/accounts/%s/services/status" % account,
                        self.stack.token, {"in_good_standing": False,
                                           "reason": "unpaid"})
                    answer = self.ask(account, caller, DEVICE,
                                      "?accept_charges=true")
                    self.assertEqual((402, "unpaid"), (
                        answer.status, answer.data["message"]), answer)
        self.configure(prompt_service_changes=1)

    def test_nothing_is_asked_where_prompts_are_off(self):
        self.configure(ask_charges="both", prompt_service_changes=0)
        for label, caller, change, _ in CASES:
            with self.subTest(label):
                account = self.customer()
                answer = self.ask(account, caller, change)
                self.assertIn(answer.status, (200, 201), answer)
                self.remove_devices(account)
        self.configure(prompt_service_changes=1)


if __name__ == "__main__":
    unittest.main()
