#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deletes of what others depend on: refused by name, or all of it goes."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from reeve import MASTER_TOKEN, Seller, new_id, request  # noqa: E402


class DeleteTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()

    def ask(self, method, account, rest, data=None, status=None, **more):
        answer = request(method, "/v2/accounts/%s/%s" % (account, rest),
                         self.seller.token, data=data, **more)
        if status is not None:
            self.assertEqual(status, answer.status, answer)
        return answer


class Bookkeepers(DeleteTest):
    def setUp(self):
        self.account = self.seller.account().id
        self.bookkeeper = self.ask("PUT", self.seller.id, "bookkeepers", {
            "name": "B", "bookkeeper": {"type": "http"}}, 201).data["id"]

    def plan(self, **more):
        return self.seller.plan("p" + new_id(), {
            "devices": {"fax": {"rate": 0}}}, **more)

    def assign(self, plan, account=None, **more):
        self.ask("POST", account or self.account, "services", dict(
            more, add=[plan]), 200)

    def delete(self, status=200):
        return self.ask("DELETE", self.seller.id, "bookkeepers/" +
                        self.bookkeeper, status=status)

    def refused(self, plans, accounts=0):
        answer = self.delete(409)
        self.assertEqual((plans, accounts), (
            answer.data["plans"], answer.data["accounts"]))
        for plan in plans:
            self.assertIn(plan, answer.data["message"])
        self.ask("GET", self.seller.id, "bookkeepers/" + self.bookkeeper,
                 status=200)

    def named(self):
        return {"type": "http", "id": self.bookkeeper}

    def test_one_that_assigned_plans_name_stays(self):
        plans = sorted(self.plan(bookkeeper=self.named()) for _ in range(2))
        for plan in plans:
            self.assign(plan)
        self.refused(plans)
        self.ask("DELETE", self.account, "services/" + plans[0], status=200)
        self.refused(plans[1:])
        self.ask("DELETE", self.account, "services/" + plans[1], status=200)
        self.delete()

    def test_an_old_version_that_is_paid_by_counts(self):
        plan = self.plan(bookkeeper=self.named())
        self.ask("POST", self.account, "services", {"add": [{
            "id": plan, "version": 1}]}, 200)
        self.ask("POST", self.seller.id, "service_plans/" + plan, {
            "name": "N", "plan": {}}, 200)
        self.refused([plan])

    def test_a_plan_that_names_its_vendor_counts_and_another_s_does_not(self):
        for vendor, refused in ((self.seller.id, True), (new_id(), False)):
            plan = self.plan(bookkeeper=dict(self.named(), vendor_id=vendor))
            self.assign(plan)
            if refused:
                self.refused([plan])
                self.ask("DELETE", self.account, "services/" + plan,
                         status=200)
        self.delete()

    def test_a_plan_of_a_seller_below_counts(self):
        below = Seller(parent=self.seller.id)
        plan = below.plan("b" + new_id(), {}, bookkeeper=dict(
            self.named(), vendor_id=self.seller.id))
        answer = request("POST", "/v2/accounts/%s/services" %
                         below.account().id, below.token, data={"add": [plan]})
        self.assertEqual(200, answer.status, answer)
        self.refused([plan])

    def test_overrides_that_name_it_count(self):
        plan = self.plan()
        self.ask("POST", self.account, "services", {"add": [{
            "id": plan, "overrides": {"bookkeeper": self.named()}}]}, 200)
        self.refused([plan])

    def test_account_wide_overrides_that_name_it_count(self):
        self.ask("POST", self.account, "services", {
            "overrides": {"bookkeeper": self.named()}}, 200)
        self.refused([], 1)

    def test_one_that_only_unassigned_plans_name_goes(self):
        self.plan(bookkeeper=self.named())
        self.assign(self.plan())
        self.delete()

    def test_a_plan_whose_account_was_deleted_does_not_count(self):
        plan = self.plan(bookkeeper=self.named())
        self.assign(plan)
        request("DELETE", "/v2/accounts/" + self.account, self.seller.token)
        self.delete()

    def test_accounts_that_were_moved_away_keep_nothing_here(self):
        plan, other = self.plan(bookkeeper=self.named()), Seller()
        self.assign(plan)
        answer = request("POST", "/v2/accounts/%s/move" % self.account,
                         MASTER_TOKEN, data={"to": other.id})
        self.assertEqual(200, answer.status, answer)
        self.delete()


if __name__ == "__main__":
    unittest.main()
