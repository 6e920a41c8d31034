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


class Quotes(DecisionTest):
    """Callers who sell nothing to the account quote no terms of it."""
    FREE = {"plan": {"devices": {"sip_device": {"rate": 0}}}}
    TERMS = (  # the member that is named, the body
        ("overrides", {"add": ["base"], "overrides": FREE}),
        ("add.0.overrides", {"add": [{"id": "base", "overrides": FREE}]}),
        ("plans.0.overrides", {"plans": [{"id": "base", "overrides": FREE}]}),
        ("add.1.contract", {"add": ["base", {"id": "base",
                                             "contract": {"months": 0}}]}),
        ("add.0.version", {"add": [{"id": "base", "version": 1}]}),
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.plan("base", {"devices": {"sip_device": {"rate": 36}}})

    def test_terms_are_quoted_by_the_seller_only(self):
        path = "/v2/accounts/%s/services/quote" % self.child.id
        for member, body in self.TERMS:
            for caller, url in (("child", path), ("parent", path),
                                ("child", "/v2/services/quote"),
                                ("seller", path), ("master", path),
                                ("seller", "/v2/services/quote")):
                with self.subTest("%s quotes %s by %s" % (
                        caller, member, url)):
                    answer = request("POST", url, self.tokens[caller],
                                     data=body)
                    if caller in ("seller", "master"):
                        self.assertEqual(200, answer.status, answer)
                    else:
                        self.assertEqual(403, answer.status, answer)
                        self.assertIn(member + ":", answer.data["message"])

    def test_a_clerk_of_the_seller_quotes_no_terms(self):
        path = "/v2/accounts/%s/" % self.seller.id
        answer = request("PUT", path + "users", self.seller.token, data={
            "username": "clerk", "password": "a clerk's password",
            "first_name": "C", "last_name": "K", "role": "clerk"})
        self.assertEqual(201, answer.status, answer)
        token = issue_token(self.seller.id, "--user", answer.data["id"])
        path = "/v2/accounts/%s/services/quote" % self.child.id
        for url in (path, "/v2/services/quote"):
            for member, body in self.TERMS:
                with self.subTest("%s by %s" % (member, url)):
                    answer = request("POST", url, token, data=body)
                    self.assertEqual(403, answer.status, answer)
            answer = request("POST", url, token, data={"add": ["base"]})
            self.assertEqual(200, answer.status, answer)

    def test_the_terms_of_the_account_stay_in_a_quote_of_its_own(self):
        dear = {"plan": {"devices": {"sip_device": {"rate": 40}}}}
        answer = self.ask("seller", "POST", "sibling", "services", {
            "add": [{"id": "base", "overrides": dear}]})
        self.assertEqual(200, answer.status, answer)
        quote = self.ask("sibling", "POST", "sibling", "services/quote",
                         {"add": [{"id": "base", "overrides": {}}]}).data
        self.assertEqual(dear, quote["plans"]["base"]["overrides"])
        answer = self.ask("seller", "POST", "sibling", "services",
                          {"quote": quote["quote"]["id"]})
        self.assertEqual(dear, answer.data["base"]["overrides"])

    def test_a_quote_says_who_asked(self):
        for caller in ("child", "parent", "seller", "master"):
            quote = self.ask(caller, "POST", "child", "services/quote",
                             {"add": ["base"]}).data["quote"]
            self.assertEqual(self.id_of(caller),
                             quote["asked_by"]["account_id"])

    def test_a_quote_of_an_unknown_asker_is_asked_for_again(self):
        quote = self.ask("child", "POST", "child", "services/quote",
                         {"add": ["base"]}).data["quote"]["id"]
        database("UPDATE service_quote SET asker = NULL WHERE id = '%s'"
                 % quote)
        answer = self.ask("seller", "POST", "child", "services",
                          {"quote": quote})
        self.assertEqual(409, answer.status, answer)
        self.assertIn("who asked", answer.data["message"])


class Moves(unittest.TestCase):
    """A former seller decides nothing about accounts that were moved away."""

    def setUp(self):
        self.left = Seller("Left")
        self.right = Seller("Right")
        self.left.plan("base", {"devices": {"sip_device": {"rate": 36}}})
        self.top = self.left.account("Top")
        self.below = self.left.account("Below", parent=self.top.id)
        for account in (self.top, self.below):
            account.assign("base")
            account.manual({"devices": {"sip_device": 1}})

    def ask(self, method, path, token=MASTER_TOKEN, data=None):
        return request(method, "/v2/accounts/" + path, token, data=data,
                       envelope={"accept_charges": True})

    def move(self, to, **more):
        answer = self.ask("POST", self.top.id + "/move",
                          data=dict({"to": to}, **more))
        self.assertEqual(200, answer.status, answer)
        return answer.data["plans"]

    def bill(self, account):
        return sum(i["summary"]["recurring"] for i in self.ask(
            "GET", account.id + "/services/summary").data["invoices"])

    def plans(self, account):
        return self.ask("GET", account.id + "/services").data

    def notes(self, account):
        """Event and plans of the newest entry of the trail."""
        return database(
            "SELECT JSON_VALUE(document, '$.audit.changes.event'), "
            "JSON_VALUE(document, '$.audit.changes.plans') FROM audit_entry "
            "WHERE account_id = '%s' AND form = 'invoice' "
            "ORDER BY sequence DESC LIMIT 1" % account.id)

    def raise_price(self):
        answer = self.ask("PATCH", self.left.id + "/service_plans/base",
                          self.left.token,
                          {"plan": {"devices": {"sip_device": {"rate": 297}}}})
        self.assertEqual(200, answer.status, answer)
        return answer.data

    def test_a_move_pins_plans_by_default(self):
        self.assertEqual("pin", self.move(self.right.id))
        self.assertEqual([["moved", "pin"]], self.notes(self.top))
        for account in (self.top, self.below):
            plan = self.plans(account)["base"]
            self.assertEqual((self.left.id, 1),
                             (plan["vendor_id"], plan["version"]))
        self.assertNotIn("unapplied", self.raise_price())
        for account in (self.top, self.below):
            self.ask("POST", account.id + "/services/reconciliation", data={})
            self.assertEqual(36, self.bill(account))

    def test_a_move_removes_plans_if_it_says_so(self):
        self.assertEqual("remove", self.move(self.right.id, plans="remove"))
        for account in (self.top, self.below):
            self.assertEqual({}, self.plans(account))
            self.assertEqual(0, self.bill(account))
            self.assertEqual([["moved", "remove"]], self.notes(account))
        self.assertIn(" ok", reevectl("audit", "verify", self.top.id).stdout)

    def test_other_treatments_are_refused(self):
        for plans in ("keep", "", 5, ["pin"]):
            answer = self.ask("POST", self.top.id + "/move", data={
                "to": self.right.id, "plans": plans})
            self.assertEqual(400, answer.status, answer)
            self.assertIn("plans", answer.data)

    def test_the_version_outlives_the_plan(self):
        self.move(self.right.id)
        path = self.left.id + "/service_plans/base"
        answer = self.ask("DELETE", path, self.left.token)
        self.assertEqual(200, answer.status, answer)
        self.assertEqual(404, self.ask("GET", path, self.left.token).status)
        self.assertEqual(36, self.bill(self.top))
        with self.subTest("a new plan of this name is another one"):
            self.left.plan("base", {"devices": {"sip_device": {"rate": 99}}})
            self.ask("POST", self.top.id + "/services/reconciliation", data={})
            self.assertEqual(36, self.bill(self.top))

    def test_the_former_seller_sees_nothing(self):
        customer = self.left.account("Customer")
        customer.assign("base")
        self.move(self.right.id)
        answer = self.ask("DELETE", self.left.id + "/service_plans/base",
                          self.left.token)
        self.assertEqual(409, answer.status, answer)
        self.assertIn("1 account:", answer.data["message"])
        for path in ("", "/services", "/services/summary"):
            self.assertEqual(403, self.ask("GET", self.top.id + path,
                                           self.left.token).status)

    def test_a_quote_of_the_former_seller_is_none_of_the_new_one(self):
        answer = self.ask("POST", self.top.id + "/services/quote",
                          self.left.token, {"overrides": {
                              "devices": {"sip_device": {"rate": 1}}}})
        self.assertEqual(200, answer.status, answer)
        self.move(self.right.id)
        for token in (self.right.token, MASTER_TOKEN):
            done = self.ask("POST", self.top.id + "/services", token,
                            {"quote": answer.data["quote"]["id"]})
            self.assertEqual(404, done.status, done)
        self.assertEqual(36, self.bill(self.top))

    def test_the_new_seller_overrides_and_unassigns(self):
        self.move(self.right.id)
        self.raise_price()
        path = self.top.id + "/services"
        for body, price in (
                ({"add": [{"id": "base", "overrides": {"plan": {
                    "devices": {"sip_device": {"rate": 20}}}}}]}, 20),
                ({"add": [{"id": "base", "vendor_id": self.left.id,
                           "overrides": {}}]}, 36)):
            answer = self.ask("POST", path, self.right.token, body)
            self.assertEqual(200, answer.status, answer)
            self.assertEqual(1, answer.data["base"]["version"])
            self.assertEqual(price, self.bill(self.top))
        quote = self.ask("POST", path + "/quote", self.right.token,
                         {"add": ["base"]}).data
        self.assertEqual(36, quote["invoices"][0]["summary"]["recurring"])
        answer = self.ask("POST", path, self.right.token,
                          {"quote": quote["quote"]["id"]})
        self.assertEqual(200, answer.status, answer)
        answer = self.ask("POST", path, self.right.token, {"add": [
            {"id": "base", "version": 2}]})
        self.assertEqual(400, answer.status, answer)
        answer = self.ask("DELETE", path + "/base", self.right.token)
        self.assertEqual(200, answer.status, answer)
        self.assertEqual(0, self.bill(self.top))
        answer = self.ask("POST", path, self.right.token, {"add": ["base"]})
        self.assertEqual(404, answer.status, answer)

    def test_the_former_seller_s_bookkeeper_is_not_asked(self):
        answer = self.ask("PUT", self.left.id + "/bookkeepers", self.left.token,
                          {"name": "B", "bookkeeper": {"type": "http"},
                           "secret": 20 * "s", "url": "https://b.example.org/"})
        self.ask("PATCH", self.left.id + "/service_plans/base", self.left.token,
                 {"bookkeeper": {"id": answer.data["id"], "type": "http"}})
        self.move(self.right.id)
        path = self.top.id + "/services"
        answer = self.ask("POST", path + "/topup", self.right.token,
                          {"amount": 5})
        self.assertEqual("bookkeeper_unknown", answer.envelope["message"])
        with self.subTest("the new seller names another"):
            own = {"type": "default", "vendor_id": self.right.id}
            answer = self.ask("POST", path, self.right.token, {"add": [
                {"id": "base", "overrides": {"bookkeeper": own}}]})
            self.assertEqual(200, answer.status, answer)
            self.assertEqual(36, self.bill(self.top))
            answer = self.ask("POST", path + "/topup", self.right.token,
                              {"amount": 5})
            self.assertEqual(200, answer.status, answer)

    def test_a_plan_of_the_new_seller_replaces_it(self):
        self.right.plan("base", {"devices": {"sip_device": {"rate": 5}}})
        self.move(self.right.id)
        answer = self.ask("POST", self.top.id + "/services", self.right.token,
                          {"add": ["base"]})
        self.assertEqual(self.right.id, answer.data["base"]["vendor_id"])
        self.assertEqual(5, self.bill(self.top))

    def test_a_promotion_pins_as_well(self):
        answer = self.ask("PUT", self.top.id + "/reseller", data={})
        self.assertEqual(201, answer.status, answer)
        self.raise_price()
        self.assertEqual(36, self.bill(self.below))
        self.assertEqual(297, self.bill(self.top))


if __name__ == "__main__":
    unittest.main()
