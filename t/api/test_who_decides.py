#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decisions about others: what a document or an id makes the system do for a
caller who may call the route."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

from reeve import (MASTER_ID, MASTER_TOKEN, Seller, database,  # noqa: E402
                   issue_token, reevectl, request)


class DecisionTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller("Seller")
        cls.foreign = Seller("Foreign")
        cls.parent = cls.seller.account("Parent")
        cls.child = cls.seller.account("Child", parent=cls.parent.id)
        cls.sibling = cls.seller.account("Sibling")
        cls.tokens = {"master": MASTER_TOKEN, "seller": cls.seller.token,
                      "foreign": cls.foreign.token}
        for name in ("parent", "child", "sibling"):
            cls.tokens[name] = issue_token(getattr(cls, name).id)

    def id_of(self, name):
        return MASTER_ID if name == "master" else getattr(self, name).id

    def ask(self, caller, method, account, path, data=None, **more):
        return request(method, "/v2/accounts/%s/%s" % (
            self.id_of(account), path), self.tokens[caller], data=data,
            envelope={"accept_charges": True}, **more)


class Payers(DecisionTest):
    ROWS = (  # caller, account, payer, status
        ("seller", "child", "parent", 200),
        ("master", "child", "parent", 200),
        ("seller", "child", "child", 200),
        ("seller", "parent", "seller", 200),
        ("master", "seller", "master", 200),
        ("master", "seller", "seller", 200),
        ("seller", "child", "seller", 400),
        ("seller", "child", "master", 400),
        ("master", "child", "seller", 400),
        ("seller", "parent", "master", 400),
        ("seller", "parent", "child", 400),
        ("seller", "child", "sibling", 400),
        ("seller", "parent", "foreign", 400),
        ("seller", "seller", "master", 403),
        ("parent", "child", "parent", 403),
        ("child", "child", "parent", 403),
        ("foreign", "child", "foreign", 403),
    )

    def test_the_account_or_its_parent_pays(self):
        for caller, account, payer, status in self.ROWS:
            with self.subTest("%s: %s pays for %s" % (caller, payer, account)):
                before = self.payer(account)
                answer = self.ask(caller, "POST", account, "services",
                                  {"billing_id": self.id_of(payer)})
                self.assertEqual(status, answer.status, answer)
                self.assertEqual(self.id_of(payer) if status == 200 else
                                 before, self.payer(account))
                if status == 400:
                    self.assertEqual("invalid_billing_id",
                                     answer.envelope["message"])

    def payer(self, account):
        return self.ask("master", "GET", account,
                        "services?details=true").data["billing_id"]

    def test_a_payer_further_above_stays_until_it_is_changed(self):
        child = self.child.id
        database("UPDATE service SET billing_id = '%s' WHERE account_id = '%s'"
                 % (self.seller.id, child))
        self.assertIn("%s  Child, paid by %s  Seller" % (child, self.seller.id),
                      reevectl("account", "payers").stdout.splitlines())
        for data in ({"billing_id": self.seller.id}, {"add": []}):
            answer = self.ask("seller", "POST", "child", "services", data)
            self.assertEqual(200, answer.status, answer)
            self.assertEqual(self.seller.id, self.payer("child"))
        answer = self.ask("seller", "POST", "child", "services",
                          {"billing_id": child})
        self.assertEqual(200, answer.status, answer)
        self.assertNotIn(child, reevectl("account", "payers").stdout)
        answer = self.ask("seller", "POST", "child", "services",
                          {"billing_id": self.seller.id})
        self.assertEqual(400, answer.status, answer)


if __name__ == "__main__":
    unittest.main()
