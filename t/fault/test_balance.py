# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool with require_balance on: the payer's balance, or postpay limit, must
cover an increase."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import REEVE, REEVECTL, StackTest, require  # noqa: E402


@require(REEVE, REEVECTL)
class BalanceTest(StackTest):
    pool = True
    bare = False
    options = {"require_balance": "1", "couriers": "0"}

    def setUp(self):
        stack = self.stack
        self.seller = stack.create_account("Seller", "--reseller")
        self.token = stack.issue_token(self.seller)
        self.account = stack.create_account("Customer", "--parent",
                                            self.seller)
        self.ask("PUT", self.seller, "service_plans", {
            "id": "base", "name": "Base", "plan": {
                "devices": {"sip_device": {"rate": 2.5,
                                           "activation_charge": 1},
                            "fax": {"rate": 0}}}})
        self.ask("POST", self.account, "services?accept_charges=true",
                 {"add": ["base"]})

    def ask(self, method, account, path, data=None):
        return self.stack.request(method, "/v2/accounts/%s/%s" % (
            account, path), self.token, data)

    def device(self, kind="sip_device", accept="true"):
        return self.ask("PUT", self.account, "devices?accept_charges=" + accept,
                        {"name": "d", "device_type": kind})

    def credit(self, amount, account=None):
        self.ask("POST", account or self.account, "services/topup",
                 {"amount": amount})

    def refused(self, answer, amount):
        self.assertEqual(
            (402, "billing_issue", "not_enough_funds", amount),
            (answer.status, answer.envelope["message"],
             answer.data.get("reason"), answer.data.get("amount")))
        self.assertTrue(answer.data["message"])

    def test_the_balance_must_cover_the_increase(self):
        self.refused(self.device(), 3.5)
        self.credit(3.49)
        self.refused(self.device(), 3.5)
        self.credit(0.01)
        self.assertEqual(201, self.device().status)

    def test_charges_are_confirmed_first(self):
        answer = self.device(accept="false")
        self.assertEqual((402, "accept charges"),
                         (answer.status, answer.envelope["message"]))

    def test_free_items_need_no_balance(self):
        self.assertEqual(201, self.device("fax").status)

    def test_the_postpay_limit_is_added(self):
        self.ask("POST", self.account, "limits", {
            "allow_postpay": False, "max_postpay_amount": 100})
        self.refused(self.device(), 3.5)
        self.ask("POST", self.account, "limits", {
            "allow_postpay": True, "max_postpay_amount": 3})
        self.refused(self.device(), 3.5)
        self.credit(0.5)
        self.assertEqual(201, self.device().status)

    def test_the_balance_of_the_payer_decides(self):
        below = self.stack.create_account("Below", "--parent", self.account)
        self.ask("POST", below, "services?accept_charges=true",
                 {"add": ["base"], "billing_id": self.account})
        device = lambda: self.ask("PUT", below, "devices?accept_charges=true",
                                  {"name": "d"})
        self.credit(10, below)
        self.refused(device(), 3.5)
        self.credit(10)
        self.assertEqual(201, device().status)


if __name__ == "__main__":
    unittest.main()
