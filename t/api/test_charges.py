#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Charges are accepted before they are made: who must confirm, the invoices
shown, and the payer. The accounts of the tests:

    M               the master account
    |- R1           a reseller that M's plan is assigned to
    |  |- R2        a reseller without a plan
    |  |  `- D3     its customer
    |  `- D2        a customer without a plan
    `- D1           a direct customer of M, with M's plan
"""

import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_ID, MASTER_TOKEN, create_account, get,  # noqa: E402
                   issue_token, new_id, request)

DEVICE = {"name": "Phone"}


def account_path(account, rest=""):
    return "/v2/accounts/%s%s" % (account, rest)


class TreeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.plan = "simple_" + new_id()[:8]
        cls.offer(MASTER_ID, MASTER_TOKEN, cls.plan, {
            "devices": {"sip_device": {"rate": 1}}})

    @classmethod
    def offer(cls, vendor, token, plan_id, plan):
        answer = request("PUT", account_path(vendor, "/service_plans"), token,
                         data={"id": plan_id, "name": plan_id, "plan": plan})
        assert answer.status == 201, answer

    def setUp(self):
        self.r1 = create_account(None, "R1", "--reseller")
        self.r2 = create_account(self.r1, "R2", "--reseller")
        self.d1 = create_account(None, "D1")
        self.d2 = create_account(self.r1, "D2")
        self.d3 = create_account(self.r2, "D3")
        self.tokens = {MASTER_ID: MASTER_TOKEN}
        for account in (self.r1, self.r2, self.d1, self.d2, self.d3):
            self.tokens[account] = issue_token(account)
        for account in (self.r1, self.d1):
            self.assign(account, self.plan, MASTER_TOKEN)

    def assign(self, account, plan, token):
        answer = request("POST", account_path(account, "/services"), token,
                         data={"add": [plan]}, envelope={
                             "accept_charges": True})
        self.assertEqual(200, answer.status, answer)

    def put(self, account, by=None, accept=False, noun="/devices", data=None,
            **more):
        envelope = {"accept_charges": True} if accept else {}
        return request("PUT", account_path(account, noun),
                       self.tokens[by or account],
                       data=DEVICE if data is None else data,
                       envelope=envelope, **more)

    def asked(self, answer):
        """The invoices to confirm, by payer."""
        self.assertEqual(402, answer.status, answer)
        self.assertEqual("accept charges", answer.envelope["message"])
        self.assertEqual("402", answer.envelope["error"])
        for invoice in answer.data:
            self.assertIn("type", invoice["bookkeeper"])
        return answer.data

    def line(self, invoice, item="sip_device"):
        return [i for i in invoice["items"] if i["item"] == item][0]

    def summary(self, account):
        return get(account_path(account, "/services/summary"),
                   self.tokens[account]).data

    def recurring(self, account):
        return sum(i["summary"]["recurring"]
                   for i in self.summary(account)["invoices"])


class Dialogs(TreeTest):
    """User interfaces show the items of the invoices that they are asked
    about, and add them up."""

    def test_the_items_of_an_invoice_add_up(self):
        plan = "once_" + new_id()[:8]
        self.offer(MASTER_ID, MASTER_TOKEN, plan, {"devices": {"fax": {
            "rate": 10, "discounts": {"single": {"rate": 3}},
            "activation_charge": 5}}})
        self.assign(self.d1, plan, MASTER_TOKEN)
        invoice, = self.asked(self.put(self.d1, data={
            "name": "F", "device_type": "fax"}))
        self.assertEqual(
            {"sip_device": (0, 1, 0, 0, False), "fax": (1, 10, 3, 7, False),
             "activation_of_fax": (1, 5, 0, 5, True)},
            {i["item"]: (i["quantity"], i["rate"], i["discount"], i["total"],
                         i.get("one_off", False)) for i in invoice["items"]})
        self.assertEqual({"today": 5, "recurring": 7}, invoice["summary"])
        self.assertEqual(1, len(invoice["activation_charges"]))
        self.assertEqual("Default bookkeeper", invoice["bookkeeper"]["name"])

    def test_a_bookkeeper_has_the_name_of_its_document(self):
        books = [request("PUT", account_path(vendor, "/bookkeepers"),
                         self.tokens[vendor], data={
                             "name": "Books & Sons",
                             "bookkeeper": {"type": "default"}}).data["id"]
                 for vendor in (self.r1, self.d1)]
        for vendor, book, name in (
                (self.r1, books[0], "Books & Sons"),
                (self.r1, "gone", "gone"),
                (self.d1, books[1], books[1])):  # not a seller of the account
            with self.subTest(name):
                plan = "books_" + new_id()[:8]
                answer = request(
                    "PUT", account_path(self.r1, "/service_plans"),
                    self.tokens[self.r1], data={
                        "id": plan, "name": plan,
                        "plan": {"devices": {"fax": {"rate": 1}}},
                        "bookkeeper": {"type": "http", "id": book,
                                       "vendor_id": vendor}})
                self.assertEqual(201, answer.status, answer)
                self.assign(self.d2, plan, self.tokens[self.r1])
                self.assertEqual([name], [
                    i["bookkeeper"]["name"]
                    for i in self.summary(self.d2)["invoices"]])
                request("DELETE", account_path(
                    self.d2, "/services/" + plan), self.tokens[self.r1])


class Payers(TreeTest):
    def test_m_confirms_nothing_for_itself(self):
        self.assertEqual(201, self.put(MASTER_ID).status)

    def test_r1_confirms_its_own_charges(self):
        for n in (1, 2):
            invoice, = self.asked(self.put(self.r1))
            self.assertEqual((n, n), (self.line(invoice)["quantity"],
                                      invoice["summary"]["recurring"]))
            self.assertEqual(201, self.put(self.r1, accept=True).status)
            self.assertEqual(n, self.recurring(self.r1))

    def test_m_confirms_charges_of_r1(self):
        """R1's own bill changes: M must see it, too (rules/changes 10)."""
        invoice, = self.asked(self.put(self.r1, MASTER_ID))
        self.assertEqual(1, self.line(invoice)["quantity"])
        self.assertEqual(201, self.put(self.r1, MASTER_ID, True).status)
        self.assertEqual(1, self.recurring(self.r1))

    def test_d1_confirms_like_r1(self):
        self.asked(self.put(self.d1))
        self.assertEqual(201, self.put(self.d1, accept=True).status)
        self.assertEqual(1, self.recurring(self.d1))

    def test_d2_pays_nothing_and_need_not_confirm(self):
        self.assertEqual(201, self.put(self.d2).status)
        self.assertEqual(0, self.recurring(self.r1))

    def test_r1_need_not_confirm_for_d2_without_a_cascade(self):
        self.assertEqual(201, self.put(self.d2, self.r1).status)

    def test_r1_confirms_its_own_bill_for_d2_with_a_cascade(self):
        plan = "cascade_" + new_id()[:8]
        self.offer(MASTER_ID, MASTER_TOKEN, plan, {
            "devices": {"sip_device": {"rate": 2, "cascade": True}}})
        request("DELETE", account_path(self.r1, "/services/" + self.plan),
                MASTER_TOKEN)
        self.assign(self.r1, plan, MASTER_TOKEN)
        with self.subTest("R1 confirms its own bill"):
            invoice, = self.asked(self.put(self.d2, self.r1))
            self.assertEqual(2, invoice["summary"]["recurring"])
        with self.subTest("D2 need not confirm, and R1 pays"):
            self.assertEqual(201, self.put(self.d2).status)
            self.assertEqual(2, self.recurring(self.r1))
        with self.subTest("also for customers of R2"):
            self.assertEqual(201, self.put(self.d3).status)
            self.assertEqual(4, self.recurring(self.r1))
        entry = get(account_path(self.r1, "/services/audit"),
                    self.tokens[self.r1]).data[0]
        self.assertEqual(["cascade"], entry["type"])
        changes = get(account_path(self.r1, "/services/audit/" + entry["id"]),
                      self.tokens[self.r1]).data["audit"]["changes"]
        self.assertEqual(self.d3, changes["account_id"])

    def test_r2_without_a_plan_need_not_confirm(self):
        self.assertEqual(201, self.put(self.r2).status)

    def test_a_new_account_is_charged_by_a_plan_that_counts_accounts(self):
        plan = "accounts_" + new_id()[:8]
        self.offer(MASTER_ID, MASTER_TOKEN, plan, {
            "accounts": {"account": {"rate": 10, "cascade": True}}})
        self.assign(self.r1, plan, MASTER_TOKEN)
        before = self.recurring(self.r1)
        answer = self.put(self.r1, noun="", data={"name": "New"})
        self.asked(answer)
        self.assertEqual(before, self.recurring(self.r1))
        answer = self.put(self.r1, accept=True, noun="", data={"name": "New"})
        self.assertEqual(201, answer.status)
        self.assertEqual(before + 10, self.recurring(self.r1))


class Confirmation(TreeTest):
    def with_plan(self, item):
        plan = "p_" + new_id()[:8]
        self.offer(self.r1, self.tokens[self.r1], plan,
                   {"devices": {"sip_device": item}})
        self.assign(self.d2, plan, self.tokens[self.r1])

    def put_many(self, n):
        return request("PUT", account_path(self.d2, "/devices/collection"),
                       self.tokens[self.d2], data=[DEVICE] * n)

    def test_a_free_item_needs_none(self):
        self.with_plan({"rate": 0})
        self.assertEqual(201, self.put(self.d2).status)

    def test_a_quantity_within_the_minimum_needs_none(self):
        self.with_plan({"rate": 3, "minimum": 3})
        self.assertEqual(201, self.put_many(3).status)
        self.asked(self.put(self.d2))

    def test_a_cheaper_tier_needs_none(self):
        self.with_plan({"rates": {"1": 10, "2": 5, "5": 4}})
        self.asked(self.put(self.d2))
        self.assertEqual(201, self.put(self.d2, accept=True).status)
        self.assertEqual(201, self.put(self.d2).status)  # 2 x 5 is 10, too
        self.asked(self.put(self.d2))

    def test_a_rising_flat_price_needs_it(self):
        self.with_plan({"flat_rates": {"1": 10, "2": 18}})
        self.assertEqual(201, self.put(self.d2).status)  # 10 is paid for none
        self.asked(self.put(self.d2))

    def test_an_activation_charge_needs_it(self):
        self.with_plan({"rate": 0, "activation_charge": 5})
        invoice, = self.asked(self.put(self.d2))
        self.assertEqual({"today": 5, "recurring": 0}, invoice["summary"])

    def test_removal_needs_none(self):
        self.with_plan({"rate": 3})
        thing = self.put(self.d2, accept=True).data["id"]
        answer = request("DELETE", account_path(self.d2, "/devices/" + thing),
                         self.tokens[self.d2])
        self.assertEqual(200, answer.status)
        self.assertEqual(0, self.recurring(self.d2))

    def test_enabling_needs_it(self):
        self.with_plan({"rate": 3})
        thing = self.put(self.d2, data=dict(DEVICE, enabled=False)).data["id"]
        path = account_path(self.d2, "/devices/" + thing)
        self.asked(request("PATCH", path, self.tokens[self.d2],
                           data={"enabled": True}))
        self.assertEqual(200, request(
            "PATCH", path, self.tokens[self.d2], data={
                "enabled": True, "accept_charges": True}).status)
        self.assertEqual(3, self.recurring(self.d2))

    def test_a_batch_needs_one(self):
        self.with_plan({"rate": 3})
        invoice, = self.asked(self.put_many(3))
        self.assertEqual(9, invoice["summary"]["recurring"])
        before = len(self.entries())
        answer = request(
            "PUT", account_path(self.d2, "/devices/collection"),
            self.tokens[self.d2], data=[DEVICE] * 3,
            query={"accept_charges": "true"})
        self.assertEqual((201, 3), (answer.status, len(answer.data)))
        self.assertEqual(before + 1, len(self.entries()))

    def entries(self):
        return get(account_path(self.d2, "/services/audit"),
                   self.tokens[self.d2], query={"paginate": "false"}).data

    def test_nothing_is_written_until_it_is_accepted(self):
        self.with_plan({"rate": 3})
        before = (self.entries(), self.summary(self.d2))
        self.asked(self.put(self.d2))
        self.assertEqual(before, (self.entries(), self.summary(self.d2)))
        self.assertEqual([], get(account_path(self.d2, "/devices"),
                                 self.tokens[self.d2]).data)

    def test_charges_are_accepted_in_data_query_and_envelope(self):
        self.with_plan({"rate": 3})
        for more in ({"data": dict(DEVICE, accept_charges=True)},
                     {"accept": True}, {"query": {"accept_charges": "true"}}):
            with self.subTest(more):
                answer = self.put(self.d2, **more)
                self.assertEqual(201, answer.status, answer)
                self.assertNotIn("accept_charges", answer.data)
        self.assertEqual(9, self.recurring(self.d2))


class Standing(TreeTest):
    def test_an_account_in_bad_standing_cannot_increase_its_bill(self):
        request("POST", account_path(self.d1, "/services/status"),
                MASTER_TOKEN, data={"in_good_standing": False,
                                    "reason": "unpaid since May"})
        answer = self.put(self.d1, accept=True)
        self.assertEqual((402, "billing_issue"),
                         (answer.status, answer.envelope["message"]))
        self.assertEqual({"reason": "delinquent", "amount": 1,
                          "message": "unpaid since May"}, answer.data)
        with self.subTest("free items are allowed"):
            self.assertEqual(201, self.put(self.d1, data=dict(
                DEVICE, device_type="fax")).status)

    def test_the_standing_of_the_payer_decides(self):
        request("POST", account_path(self.d1, "/services"), MASTER_TOKEN,
                data={"billing_id": MASTER_ID})
        request("POST", account_path(self.d1, "/services/status"),
                MASTER_TOKEN, data={"in_good_standing": False})
        self.assertEqual(201, self.put(self.d1, accept=True).status)


if __name__ == "__main__":
    unittest.main()
