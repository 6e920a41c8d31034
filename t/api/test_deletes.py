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



class Users(DeleteTest):
    def setUp(self):
        self.account = self.seller.account().id
        self.user, self.other = (self.make("users", first_name="A",
                                           last_name="B") for _ in range(2))
        self.box = self.make("vmboxes", name="v", mailbox="1",
                             owner_id=self.user)
        self.phones = [self.make("devices", name="d", owner_id=self.user)
                       for _ in range(2)]
        self.left = [self.make("devices", name="o", owner_id=self.other),
                     self.make("devices", name="n")]

    def make(self, noun, **data):
        return self.ask("PUT", self.account, noun + "?accept_charges=true",
                        data, 201).data["id"]

    def ids(self, noun):
        return {one["id"] for one in self.ask("GET", self.account, noun).data}

    def quantities(self):
        own = self.ask("GET", self.account, "services/summary").data
        return {category: sum(items.values()) for category, items in
                own["quantities"]["account"].items()}

    def delete(self, status=200, data=None, **query):
        return self.ask("DELETE", self.account, "users/" + self.user, data,
                        status, query=query)

    def entries(self):
        return len(self.ask("GET", self.account, "services/audit").data)

    def test_without_object_types_they_stay(self):
        self.delete()
        self.assertEqual(set(self.phones + self.left), self.ids("devices"))

    def test_the_named_kinds_go_along(self):
        rows = (({"object_types": "device"}, None, True, False),
                ({"object_types": "devices,vmbox"}, None, True, True),
                ({"object_types": "all"}, None, True, True),
                ({}, {"object_types": ["vmboxes"]}, False, True),
                ({}, {"object_types": "device"}, True, False),
                ({}, {"object_types": []}, False, False))
        for query, data, phones, box in rows:
            with self.subTest(query or data):
                self.setUp()
                entries = self.entries()
                answer = self.delete(data=data, **query)
                self.assertEqual((self.user, True), (
                    answer.data["id"], answer.data["_read_only"]["deleted"]))
                self.assertEqual(entries + 1, self.entries())
                self.assertEqual(set(self.left + (
                    [] if phones else self.phones)), self.ids("devices"))
                self.assertEqual(set() if box else {self.box},
                                 self.ids("vmboxes"))
                self.assertEqual({self.other}, self.ids("users"))
                now = self.quantities()
                self.assertEqual((1, 2 if phones else 4, 0 if box else 1), (
                    now["users"], now["devices"], now.get("voicemails", 0)))

    def test_it_is_refused_whole(self):
        for given in ("callflow", "device,callflow", "", "users", 7, [7],
                      {"device": True}):
            with self.subTest(given):
                answer = self.delete(400, {"object_types": given})
                self.assertIn("object_types", answer.data)
        answer = self.ask("DELETE", self.account, "devices/" + self.left[0],
                          query={"object_types": "device"}, status=400)
        self.assertIn("unsupported", answer.data["object_types"])
        self.assertEqual(4, len(self.ids("devices")))
        self.assertEqual({self.user, self.other}, self.ids("users"))

    def test_a_thousand_at_most(self):
        for count in (997, 3):
            self.ask("PUT", self.account, "devices/collection", [
                {"name": "m", "owner_id": self.user}] * count, 201,
                query={"accept_charges": "true"})
        answer = self.delete(400, object_types="device")
        self.assertIn("maxItems", answer.data["object_types"])
        self.assertEqual({self.user, self.other}, self.ids("users"))


if __name__ == "__main__":
    unittest.main()
