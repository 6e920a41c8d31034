#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The price of an account: services/summary, with an example worked out to the
cent."""

import csv
import io
import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import Seller, import_documents  # noqa: E402


class WorkedExample(unittest.TestCase):
    """A plan, the quantities, and each line of the invoice."""

    PLAN = {
        "users": {"_all": {"name": "Seat", "as": "seat", "rate": 8,
                           "rates": {"5": 12, "20": 10},
                           "activation_charge": 15}},
        "devices": {"_all": {"as": "sip_device", "rate": 4,
                             "exceptions": ["softphone"],
                             "discounts": {"cumulative": {
                                 "maximum": 3, "rate": 1.5}}},
                    "softphone": {"rate": 1, "minimum": 5}},
        "phone_numbers": {"did_us": {"name": "US DID", "rate": 2,
                                     "cascade": True,
                                     "discounts": {"single": {"rate": 2}}}},
        "limits": {"twoway_trunks": {"flat_rates": {"5": 99.95, "10": 179.95},
                                     "rate": 19.99}}}

    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()
        cls.seller.plan("plan_base", cls.PLAN)
        cls.account = cls.seller.account()
        import_documents([{
            "_id": cls.account.id, "pvt_type": "service",
            "plans": {"plan_base": {"vendor_id": cls.seller.id}},
            "quantities": {
                "account": {"users": {"admin": 1, "user": 4},
                            "devices": {"sip_device": 6, "softphone": 2,
                                        "fax": 1},
                            "phone_numbers": {"did_us": 3},
                            "limits": {"twoway_trunks": 4}},
                "cascade": {"phone_numbers": {"did_us": 7}},
                "manual": {"devices": {"fax": 2}}}}], cls.account.id)

    def line(self, category, item):
        line = self.account.lines()[category, item]
        return (line["quantity"], line["billable"], line["rate"],
                line.get("discounts", {}).get("total", 0), line["total"])

    def test_seats_are_all_users_in_the_tier_up_to_5(self):
        self.assertEqual((5, 5, 12, 0, 60), self.line("users", "seat"))
        self.assertEqual("Seat", self.account.lines()["users", "seat"]["name"])

    def test_devices_except_softphones(self):
        self.assertEqual((8, 8, 4, 4.5, 27.5),
                         self.line("devices", "sip_device"))

    def test_softphones_are_at_least_5(self):
        self.assertEqual((2, 5, 1, 0, 5), self.line("devices", "softphone"))

    def test_numbers_of_descendants_are_counted(self):
        self.assertEqual((10, 10, 2, 2, 18),
                         self.line("phone_numbers", "did_us"))

    def test_trunks_have_a_flat_price(self):
        self.assertEqual((4, 1, 99.95, 0, 99.95),
                         self.line("limits", "twoway_trunks"))

    def test_the_total(self):
        invoice, = self.account.get("/summary").data["invoices"]
        self.assertEqual({"recurring": 210.45, "today": 0}, invoice["summary"])
        self.assertEqual((self.PLAN, [], []), (
            invoice["plan"], invoice["taxes"], invoice["activation_charges"]))

    def test_one_more_user(self):
        more = self.account.ask("POST", "/quote", {
            "add": ["plan_base"], "quantities": {"account": {
                "users": {"admin": 1, "user": 5}, "devices": {
                    "sip_device": 6, "softphone": 2, "fax": 1},
                "phone_numbers": {"did_us": 3},
                "limits": {"twoway_trunks": 4}}}}).data
        invoice, = more["invoices"]
        line, = [i for i in invoice["items"] if i["item"] == "seat"]
        self.assertEqual({"type": "modified", "difference": {
            "billable": 1, "quantity": 1, "rate": -2}}, line["changes"])
        self.assertEqual(60, line["total"])
        self.assertEqual([{"billable": 1, "category": "users", "item": "_all",
                           "name": "Seat", "rate": 15, "total": 15}],
                         invoice["activation_charges"])
        self.assertEqual({"today": 15, "recurring": 210.45},
                         invoice["summary"])


class Summary(unittest.TestCase):
    def setUp(self):
        self.seller = Seller()
        self.account = self.seller.account()

    def test_its_shape_without_plans(self):
        data = self.account.get("/summary").data
        cycle = data.pop("billing_cycle")
        self.assertEqual((1, "month"), (cycle["period"], cycle["unit"]))
        self.assertGreater(cycle["next"], 63962637716)
        self.assertEqual({
            "plans": {}, "overrides": {}, "invoices": [],
            "quantities": {"account": {"accounts": {"account": 1}},
                           "cascade": {}, "manual": {}},
            "reseller": {"id": self.seller.id, "is_reseller": False},
            "ratedeck": {}, "applications": {}, "limits": {"id": "limits"},
            "im": {}, "payment_tokens": {},
            "status": {"acceptable": True,
                       "reason": "no service plans assigned"}}, data)

    def test_other_fields_of_plans(self):
        self.seller.plan("more", {}, ratedeck={"id": "bulk", "name": "Bulk"},
                         limits={"twoway_trunks": 5},
                         applications={
                             "a1": {"name": "voip", "vendor_id": "v"},
                             "a2": {"name": "off", "enabled": False}},
                         im={"sms": {"enabled": True,
                                     "rate": {"inbound": 0.01}}})
        self.account.assign("more")
        data = self.account.get("/summary").data
        self.assertEqual({"id": "bulk", "name": "Bulk"}, data["ratedeck"])
        self.assertEqual({"id": "limits", "twoway_trunks": 5}, data["limits"])
        self.assertEqual({"a1": {"name": "voip", "vendor_id": "v"}},
                         data["applications"])
        self.assertEqual({"sms": {"enabled": True, "rate": {"inbound": 0.01}}},
                         data["im"])
        self.assertEqual(data["status"], {
            "acceptable": True, "reason":
            "account %s is in good standing" % self.account.id})

    def test_each_bookkeeper_has_an_invoice(self):
        for n, vendor in enumerate((None, "a", "b")):
            bookkeeper = {"id": "bank", "type": "http", "vendor_id": vendor}
            self.seller.plan("p%d" % n, {"devices": {"sip_device": {
                "rate": n + 1}}}, ratedeck={"id": "deck%d" % n},
                **({"bookkeeper": bookkeeper} if vendor else {}))
        self.account.assign("p2", "p1", "p0")
        self.account.manual({"devices": {"sip_device": 2}})
        data = self.account.get("/summary").data
        self.assertEqual(
            [("bank", "a", 4), ("bank", "b", 6),
             ("default_bookkeeper", self.seller.id, 2)],
            [(i["bookkeeper"]["id"], i["bookkeeper"]["vendor_id"],
              i["summary"]["recurring"]) for i in data["invoices"]])
        self.assertEqual({"id": "deck1"}, data["ratedeck"])

    def test_reading_writes_nothing(self):
        self.seller.plan("p", {"devices": {"sip_device": {"rate": 1}}})
        self.account.assign("p")
        entries = len(self.account.entries())
        first = self.account.get("/summary")
        second = self.account.get("/summary")
        self.assertEqual(first.headers["etag"], second.headers["etag"])
        self.assertEqual(entries, len(self.account.entries()))
        self.assertEqual(304, self.account.ask("GET", "/summary", headers={
            "If-None-Match": first.headers["etag"]}).status)

    def test_lines_as_a_table(self):
        self.assertEqual(204, self.account.get("/summary", accept="csv").status)
        self.seller.plan("p", {"devices": {
            "sip_device": {"rate": 1.5}, "fax": {"rate": 2, "minimum": 1}}})
        self.account.assign("p")
        answer = self.account.get("/summary", accept="csv", depth=4,
                                  identifier="items")
        rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
        self.assertEqual([("fax", "2", "2"), ("sip_device", "1.5", "0")],
                         [(r["item"], r["rate"], r["total"]) for r in rows])

    def test_prices_are_explained(self):
        self.seller.plan("p", {"devices": {"sip_device": {
            "rate": 2, "minimum": 3}}})
        self.account.assign("p")
        self.account.ask("PATCH", "/overrides", {"plan": {"devices": {
            "sip_device": {"rate": 1.5}}}})
        line, = self.account.get("/summary", explain="true").data[
            "invoices"][0]["items"]
        self.assertEqual({"rate": "account-wide override",
                          "minimum": "plan p version 1"},
                         line["explain"]["fields"])
        self.assertEqual(["quantity 0", "at least 3", "rate 1.5",
                          "total 3 x 1.5 = 4.5"], line["explain"]["steps"])
        line, = self.account.get("/summary").data["invoices"][0]["items"]
        self.assertNotIn("explain", line)

    def test_a_possible_proration_is_explained_only(self):
        self.seller.plan("p", {"devices": {"sip_device": {
            "rate": 2, "minimum": 3, "prorate": {"additions": True}}}})
        answer = self.account.ask("POST", "/quote", {"plans": ["p"]},
                                  query={"explain": "true"})
        line, = answer.data["invoices"][0]["items"]
        self.assertEqual("total was 0: changes by 6 a month",
                         line["explain"]["steps"][-2])
        self.assertRegex(
            line["explain"]["steps"][-1], r"^would be prorated for \d+ of \d+ "
            r"days from [0-9-]{10}: 6 - [0-9.]+ \(6 x \d+ / \d+\) = [0-9.]+, "
            r"if prorate were on$")
        self.assertNotIn("prorated", line)
        self.assertNotIn("prorated", answer.data["invoices"][0]["summary"])
        self.account.assign("p")
        line, = self.account.get("/summary", explain="true").data[
            "invoices"][0]["items"]
        self.assertRegex(line["explain"]["steps"][-1],
                         "^would be prorated for .*, if prorate were on$")
        self.assertNotIn("prorated", line)


if __name__ == "__main__":
    unittest.main()
