# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool with prorate on: quotes, refusals and the audit trail show the cost
of a change for the rest of the month. With prorate off they do not."""

import os
import sys
import time
import unittest
from decimal import ROUND_HALF_UP, Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import DAY, REEVE, REEVECTL, StackTest, require  # noqa: E402

UNIX_EPOCH = 62167219200
MILLIONTH = Decimal("0.000001")

BOTH = {"additions": True, "removals": True}
PLAN = {"devices": {"sip_device": {"rate": 7.5, "prorate": BOTH},
                    "fax": {"rate": 2}},
        "users": {"user": {"rate": 3, "prorate": {"additions": True}}}}


def share(amount, prorated):
    """The prorated amount, computed by definition."""
    of = prorated["days_in_month"]

    def until(day):
        exact = Decimal(str(amount)) * day / of
        return exact.quantize(MILLIONTH, ROUND_HALF_UP)

    return until(of) - until(of - prorated["days"])


def decimal(number):
    return Decimal(str(number))


@require(REEVE, REEVECTL)
class ProrationTest(StackTest):
    pool = True
    options = {"prorate": "1"}

    def setUp(self):
        stack = self.stack
        self.reseller = stack.create_account("Reseller", "--reseller")
        self.token = stack.issue_token(self.reseller)
        self.account = stack.create_account("Child", "--parent", self.reseller)
        self.offer("p", PLAN)
        self.change("", {"add": ["p"]})

    def path(self, rest=""):
        return "/v2/accounts/%s/services%s" % (self.account, rest)

    def offer(self, plan_id, plan):
        answer = self.stack.request(
            "PUT", "/v2/accounts/%s/service_plans" % self.reseller, self.token,
            {"id": plan_id, "name": plan_id, "plan": plan})
        self.assertEqual(201, answer.status, answer)

    def ask(self, rest, data, query=""):
        return self.stack.request("POST", self.path(rest) + query, self.token,
                                  data)

    def change(self, rest, data):
        answer = self.ask(rest, data, "?accept_charges=true")
        self.assertEqual(200, answer.status, answer)

    def entries(self):
        """Invoices of the audit trail, newest first."""
        ids = [entry["id"] for entry in self.stack.get(
            self.path("/audit"), self.token).data]
        entries = [self.stack.get(self.path("/audit/" + entry_id),
                                  self.token).data for entry_id in ids]
        return [entry["invoice"] for entry in entries if "invoice" in entry]

    def lines(self, invoice):
        return {line["item"]: line for line in invoice["items"]}

    def assert_rest_of_month(self, prorated):
        today = (int(time.time()) + UNIX_EPOCH) // DAY * DAY
        self.assertIn(prorated["from"], (today, today - DAY))
        self.assertEqual(prorated["from"] + prorated["days"] * DAY,
                         prorated["to"])
        self.assertLessEqual(prorated["days"], prorated["days_in_month"])

    def test_a_refusal_shows_the_cost_of_the_rest_of_the_month(self):
        answer = self.ask("/manual", {"devices": {"sip_device": 3, "fax": 1}})
        self.assertEqual(402, answer.status, answer)
        invoice = answer.data[0]
        lines = self.lines(invoice)
        self.assert_rest_of_month(lines["sip_device"]["prorated"])
        due = decimal(lines["sip_device"]["prorated"]["amount"])
        self.assertEqual(share(22.5, lines["sip_device"]["prorated"]), due)
        self.assertNotIn("prorated", lines["fax"])
        self.assertNotIn("prorated", lines["user"])
        self.assertEqual(due, decimal(invoice["summary"]["prorated"]))

    def test_the_audit_trail_has_it_and_a_decrease_refunds_it(self):
        self.change("/manual", {"devices": {"sip_device": 3}})
        self.change("/manual", {"devices": {"sip_device": 0}})
        fall, rise = (self.lines(invoice)["sip_device"]["prorated"]
                      for invoice in self.entries()[:2])
        self.assertEqual(share(22.5, rise), decimal(rise["amount"]))
        self.assertEqual(share(-22.5, fall), decimal(fall["amount"]))
        self.assert_verified(self.account)

    def test_removals_are_prorated_only_if_the_plan_says_so(self):
        self.change("/manual", {"users": {"user": 2}})
        self.change("/manual", {"users": {"user": 1}})
        fall, rise = self.entries()[:2]
        self.assertEqual(share(6, self.lines(rise)["user"]["prorated"]),
                         decimal(rise["summary"]["prorated"]))
        self.assertNotIn("prorated", self.lines(fall)["user"])
        self.assertEqual(0, fall["summary"]["prorated"])

    def test_a_summary_has_no_changes_and_no_sum(self):
        data = self.stack.get(self.path("/summary"), self.token).data
        self.assertNotIn("prorated", data["invoices"][0]["summary"])

    def test_a_quote_shows_explains_and_binds_it(self):
        self.offer("q", {"devices": {"softphone": {
            "rate": 1, "minimum": 4, "prorate": BOTH}}})
        answer = self.ask("/quote", {"plans": ["p", "q"]}, "?explain=true")
        self.assertEqual(200, answer.status, answer)
        invoice = answer.data["invoices"][0]
        line = self.lines(invoice)["softphone"]
        self.assertEqual(share(4, line["prorated"]),
                         decimal(line["prorated"]["amount"]))
        said = [step for step in line["explain"]["steps"]
                if step.startswith("prorated for %d of %d days from " % (
                    line["prorated"]["days"],
                    line["prorated"]["days_in_month"]))]
        self.assertEqual(1, len(said), line["explain"]["steps"])
        self.assertTrue(said[0].endswith(" = %s" % line["prorated"]["amount"]))
        answer = self.ask("", {"add": ["q"],
                               "quote": answer.data["quote"]["id"]})
        self.assertEqual(200, answer.status, answer)

    def test_with_prorate_off_only_explain_mentions_it(self):
        self.stack.stop_pool()
        self.stack.configure(prorate="0")
        self.stack.start_pool()
        try:
            answer = self.ask("/manual", {"devices": {"sip_device": 3}})
            self.assertEqual(402, answer.status, answer)
            self.assertNotIn(b"prorated", answer.body)
            data = self.stack.get(self.path("/summary?explain=true"),
                                  self.token).data
            steps = {item: " ".join(line["explain"]["steps"]) for item, line
                     in self.lines(data["invoices"][0]).items()}
            self.assertIn("would be prorated for", steps["sip_device"])
            self.assertIn("if prorate were on", steps["user"])
            self.assertNotIn("prorate", steps["fax"])
        finally:
            self.stack.stop_pool()
            self.stack.configure(prorate="1")
            self.stack.start_pool()


if __name__ == "__main__":
    unittest.main()
