#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Top-ups and transactions without a bookkeeper that moves money, and bad
input. t/fault/test_payments.py tests them with one."""

import os
import sys
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_TOKEN, Seller, database, import_documents,  # noqa: E402
                   new_id, reevectl, request)


class PaymentsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()

    def setUp(self):
        self.customer = self.seller.account()

    def ask(self, method, rest, data=None, token=None, **more):
        return request(method, "/v2/accounts/%s/%s" % (self.customer.id, rest),
                       token or self.seller.token, data=data, **more)

    def balance(self):
        return self.ask("GET", "ledgers/total").data["amount"]

    def refused(self, answer, field, code):
        self.assertEqual((400, {field: {code}}), (
            answer.status, {k: set(v) for k, v in answer.data.items()}))


def hang(account, created, status="pending"):
    """A payment that its bookkeeper has not settled."""
    payment = "201904-" + new_id()
    database("INSERT INTO payment (account_id, id, type, status, amount, created,"
             " modified, executor, credits, document) VALUES ('%s', '%s', 'sale',"
             " '%s', 5, %d, 1, 'manual', 0, '{}')" % (account, payment, status,
                                                      created))
    return payment


class Hanging(unittest.TestCase):
    """transactions?status=pending, with descendants=true of a whole subtree."""

    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()
        cls.near = cls.seller.account("Near")
        cls.far = cls.seller.account("Far", parent=cls.near.id)
        cls.other = Seller("Other")
        cls.stranger = cls.other.account("Stranger")
        cls.now = int(time.time()) + 62167219200
        # Long ago, in the same second, and now; some are settled, or foreign.
        cls.payments = [hang(cls.near.id, 63000000000),
                        hang(cls.far.id, 63000000005),
                        hang(cls.near.id, 63000000005),
                        hang(cls.seller.id, cls.now - 10)]
        cls.payments[1:3] = sorted(cls.payments[1:3])
        hang(cls.far.id, 63000000005, "completed")
        hang(cls.stranger.id, 63000000005)

    def ask(self, account, query, token=None):
        return request("GET", "/v2/accounts/%s/transactions?%s" % (
            account, query), token or self.seller.token)

    def ids(self, answer):
        self.assertEqual(200, answer.status, answer)
        return [row["id"] for row in answer.data]

    def test_those_of_an_account_or_of_its_subtree(self):
        all_of_them = self.payments
        for label, account, query, token, wanted in (
                ("newest first", self.seller.id, "&descendants=true", None,
                 all_of_them[::-1]),
                ("oldest first", self.seller.id,
                 "&descendants=true&ascending=true", None, all_of_them),
                ("of the account alone", self.seller.id, "", None,
                 all_of_them[3:]),
                ("of a part of the tree", self.near.id, "&descendants=true",
                 self.near.token, all_of_them[2::-1]),
                ("of a range", self.seller.id, "&descendants=true"
                 "&created_from=%d" % (self.now - 100), None, all_of_them[3:])):
            with self.subTest(label):
                self.assertEqual(wanted, self.ids(self.ask(
                    account, "status=pending" + query, token)))

    def test_pages(self):
        for ascending in "false", "true":
            found, key = [], ""
            while key is not None:
                answer = self.ask(
                    self.seller.id, "status=pending&descendants=true&page_size=1"
                    "&ascending=" + ascending +
                    ("&start_key=" + key if key else ""))
                found += self.ids(answer)
                key = answer.envelope.get("next_start_key")
            self.assertEqual(self.payments[::1 if ascending == "true" else -1],
                             found)

    def test_a_row_names_its_account(self):
        row = self.ask(self.near.id, "status=pending&descendants=true"
                       "&ascending=true").data[0]
        self.assertEqual((self.payments[0], 5, "pending",
                          {"id": self.near.id, "name": "Near"}),
                         tuple(row[k] for k in ("id", "amount", "status",
                                                "account")))

    def test_bad_queries(self):
        for query, code in (("descendants=true", "required"),
                            ("status=completed", "enum"), ("status=", "enum")):
            with self.subTest(query):
                answer = self.ask(self.seller.id, query)
                self.assertEqual((400, {code}), (answer.status,
                                                 set(answer.data["status"])))

    def test_nobody_sees_those_of_others(self):
        for label, account, token, status in (
                ("a sibling", self.stranger.id, None, 403),
                ("its parent account", self.seller.id, self.near.token, 403)):
            with self.subTest(label):
                self.assertEqual(status, self.ask(
                    account, "status=pending&descendants=true", token).status)


class TopUp(PaymentsTest):
    def test_the_seller_credits_an_account(self):
        answer = self.ask("POST", "services/topup", {
            "amount": 12.34, "ui_metadata": {"ui": "x"}})
        self.assertEqual(200, answer.status, answer)
        ledger = answer.data["ledger"]
        self.assertEqual(["ledger"], list(answer.data))
        self.assertEqual(
            (12.34, "Manual top-up", "payments", {"quantity": 0},
             {"automatic_description": True}, 0),
            (ledger["amount"], ledger["description"],
             ledger["source"]["service"], ledger["usage"], ledger["metadata"],
             ledger["audit"]["available_units"]))
        self.assertEqual(12.34, self.balance())
        self.assertEqual([], self.ask("GET", "transactions").data)

    def test_no_account_credits_itself(self):
        answer = self.ask("POST", "services/topup", {"amount": 5},
                          token=self.customer.token)
        self.assertEqual(403, answer.status)
        answer = request("POST", "/v2/accounts/%s/services/topup" %
                         self.seller.id, self.seller.token,
                         data={"amount": 5})
        self.assertEqual(403, answer.status)
        self.assertEqual(0, self.balance())

    def test_an_idempotency_key_makes_one_payment(self):
        key = {"Idempotency-Key": new_id()}
        first, again = (self.ask("POST", "services/topup", {"amount": 5},
                                 headers=key) for _ in range(2))
        self.assertEqual((200, first.data), (again.status, again.data))
        self.assertEqual(5, self.balance())

    def test_bad_amounts_are_refused(self):
        for data, code in (({}, "required"), ({"amount": 0}, "required"),
                           ({"amount": -5}, "required"),
                           ({"amount": "5"}, "type"),
                           ({"amount": 0.0000001}, "multipleOf"),
                           ({"amount": 1.0000001}, "multipleOf"),
                           ({"amount": 10**10}, "maximum"),
                           ({"amount": 10**30}, "maximum")):
            with self.subTest(data):
                answer = self.ask("POST", "services/topup", data)
                if "data" not in answer.data and answer.data.get("json"):
                    self.assertEqual(400, answer.status)
                    continue
                self.refused(answer, "amount", code)
        self.assertEqual(0, self.balance())


class Transactions(PaymentsTest):
    def test_a_sale_needs_a_bookkeeper_that_moves_money(self):
        for kind in ("sale", "refund"):
            answer = self.ask("PUT", "transactions/" + kind, {"amount": 5})
            self.assertEqual((500, "invalid_bookkeeper", {}), (
                answer.status, answer.envelope["message"], answer.data))

    def test_manual_credits_and_debits(self):
        credit = self.ask("PUT", "transactions/credit", {
            "amount": 2.6, "description": "Sorry", "reason": "manual_addition"})
        debit = self.ask("PUT", "transactions/debit", {"amount": 0.1})
        self.assertEqual((201, 201), (credit.status, debit.status))
        self.assertEqual(
            (2.6, "completed", "credit", "Sorry"),
            tuple(credit.data[k] for k in ("amount", "status", "type",
                                           "description")))
        self.assertEqual(2.5, self.balance())
        self.assertEqual(2.5, self.ask(
            "GET", "transactions/current_balance").data["balance"])
        listed = self.ask("GET", "transactions").data
        self.assertEqual({2.6, -0.1}, {one["amount"] for one in listed})
        self.assertEqual(credit.data, self.ask(
            "GET", "transactions/" + credit.data["id"]).data)
        self.assertEqual({2.6, -0.1}, {one["amount"] for one in self.ask(
            "GET", "ledgers/adjustments").data})
        self.assertIn("  ok", reevectl("audit", "verify",
                                       self.customer.id).stdout)

    def test_an_idempotency_key_makes_one_payment(self):
        key = {"Idempotency-Key": new_id()}
        for _ in range(2):
            self.ask("PUT", "transactions/credit", {"amount": 5}, headers=key)
        self.assertEqual(5, self.balance())

    def test_page_by_page(self):
        made = {self.ask("PUT", "transactions/credit",
                         {"amount": n + 1}).data["id"] for n in range(5)}
        seen, query = [], {"page_size": 2}
        while True:
            envelope = self.ask("GET", "transactions", query=query).envelope
            seen += [one["id"] for one in envelope["data"]]
            if "next_start_key" not in envelope:
                break
            query["start_key"] = envelope["next_start_key"]
        self.assertEqual((5, made), (len(seen), set(seen)))
        self.assertEqual(5, len(self.ask("GET", "transactions", query={
            "paginate": "false", "reason": "no_calls"}).data))

    def test_bad_input(self):
        for kind in ("sale", "refund", "credit", "debit"):
            path = "transactions/" + kind
            self.refused(self.ask("PUT", path, {}), "amount", "required")
            self.refused(self.ask("PUT", path, {"amount": 0}), "amount",
                         "minimum")
            for name in ("credit_type", "description", "metadata", "order_id",
                         "reason"):
                self.refused(self.ask("PUT", path, {"amount": 1, name: True}),
                             name, "type")
            self.refused(self.ask("PUT", path, {
                "amount": 1, "description": "x" * 1025}),
                "description", "maxLength")
        for id in ("x", "202611-" + new_id()):
            self.assertEqual(404, self.ask("GET", "transactions/" + id).status)

    def test_permissions(self):
        for kind in ("sale", "refund", "credit", "debit"):
            self.assertEqual(403, self.ask(
                "PUT", "transactions/" + kind, {"amount": 1},
                token=self.customer.token).status)
        self.assertEqual(200, self.ask("GET", "transactions",
                                       token=self.customer.token).status)
        self.assertEqual(201, self.ask("PUT", "transactions/credit",
                                       {"amount": 1},
                                       token=MASTER_TOKEN).status)


class Allotments(PaymentsTest):
    SET = {"did_us": {"amount": 600, "cycle": "weekly", "increment": 60},
           "emergency": {"amount": 0, "cycle": "monthly"}}
    MONDAY = 63721296000  # 2019-04-01

    def test_no_allotments_are_set_at_first(self):
        for rest in ("", "/consumed"):
            answer = self.ask("GET", "allotments" + rest)
            self.assertEqual(
                (400, "allotments are not configured for this account yet",
                 {}), (answer.status, answer.envelope["message"], answer.data))

    def test_allotments_are_set_as_a_whole(self):
        for wanted in (self.SET, {"did_us": self.SET["did_us"]}):
            answer = self.ask("POST", "allotments", wanted)
            self.assertEqual((200, wanted), (answer.status, answer.data))
            self.assertEqual(wanted, self.ask("GET", "allotments").data)

    def test_bad_input(self):
        for allotment, field in (({"amount": 5}, "x.cycle"),
                                 ({"cycle": "daily"}, "x.amount"),
                                 ({"amount": -1, "cycle": "daily"}, "x.amount"),
                                 ({"amount": 1, "cycle": "yearly"}, "x.cycle")):
            answer = self.ask("POST", "allotments", {"x": allotment})
            self.assertEqual((400, [field]), (answer.status,
                                              list(answer.data)))
        self.assertEqual(400, self.ask("POST", "allotments",
                                       {"a b": self.SET["did_us"]}).status)

    def test_permissions(self):
        answer = self.ask("POST", "allotments", self.SET,
                          token=self.customer.token)
        self.assertEqual(400, answer.status)
        self.assertIn("contact the reseller", answer.envelope["message"])

    def test_consumption_of_allotments(self):
        self.ask("POST", "allotments", self.SET)
        for n, start in enumerate((self.MONDAY - 1, self.MONDAY,
                                   self.MONDAY - 7 * 86400 - 1)):
            self.ask("PUT", "ledgers/usage", [{
                "source": {"service": "allotments", "id": "c%d" % n}, "amount": 0,
                "usage": {"quantity": 60 + n, "type": "did_us", "unit": "sec"},
                "period": {"start": start}}])
        consumed = lambda **query: self.ask("GET", "allotments/consumed",
                                            query=query).data
        # The end of a cycle is the start of the next; it counts in both.
        self.assertEqual({"did_us": {
            "cycle": "weekly", "consumed": 121,
            "consumed_from": self.MONDAY - 7 * 86400,
            "consumed_to": self.MONDAY}},
            consumed(created_from=self.MONDAY - 5))
        self.assertEqual(61, consumed(created_to=self.MONDAY)["did_us"]
                         ["consumed"])
        self.assertEqual(
            {"cycle": "manual", "consumed": 183, "consumed_from": 1,
             "consumed_to": self.MONDAY},
            consumed(created_from=1, created_to=self.MONDAY)["did_us"])

    def test_an_imported_allotment_without_a_cycle(self):
        import_documents([{
            "_id": "allotments", "pvt_type": "allotments",
            "pvt_account_id": self.customer.id, "voice": {"amount": 60}}])
        self.ask("PUT", "ledgers/usage", [{
            "source": {"service": "allotments", "id": "c"}, "amount": 0,
            "usage": {"quantity": 60, "type": "voice", "unit": "sec"}}])
        answer = self.ask("GET", "allotments/consumed")
        self.assertEqual((200, {}), (answer.status, answer.data))


if __name__ == "__main__":
    unittest.main()
