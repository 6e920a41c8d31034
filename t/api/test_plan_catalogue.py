#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plans of a reseller: saved as versions, checked against the schema,
shown to customers; and the nouns of clients before 4.3."""

import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import Seller, database, get, import_documents, request  # noqa: E402

PLAN = {"devices": {"sip_device": {"rate": 5}}}
AT_TEN = {"devices": {"sip_device": {"rate": 10}}}


class CatalogueTest(unittest.TestCase):
    def setUp(self):
        self.seller = Seller()

    def ask(self, method, rest="", data=None, **more):
        return request(method, self.seller.path + rest, self.seller.token,
                       data=data, **more)


class Saving(CatalogueTest):
    def test_a_plan_is_created(self):
        answer = self.ask("PUT", "", {"id": "gold", "name": "Gold",
                                      "plan": PLAN, "_private": 1,
                                      "ui_metadata": {"ui": "x"}})
        self.assertEqual(201, answer.status)
        self.assertEqual("/v2/accounts/%s/service_plans/gold" % self.seller.id,
                         answer.headers["location"])
        self.assertEqual({"id": "gold", "name": "Gold", "plan": PLAN,
                          "version": 1}, {k: answer.data[k] for k in set(
                              answer.data) - {"created", "modified"}})
        self.assertEqual(answer.data, self.ask("GET", "/gold").data)

    def test_a_plan_without_an_id_gets_one(self):
        answer = self.ask("PUT", "", {"name": "N", "plan": {}})
        self.assertRegex(answer.data["id"], "^[0-9a-f]{32}$")

    def test_an_id_is_unique(self):
        self.seller.plan("gold", PLAN)
        answer = self.ask("PUT", "", {"id": "gold", "name": "G", "plan": {}})
        self.assertEqual(409, answer.status)
        self.assertEqual(1, self.ask("GET", "/gold").data["version"])

    def test_each_save_is_a_permanent_version(self):
        self.seller.plan("gold", PLAN, description="first")
        answer = self.ask("POST", "/gold", {"name": "Gold 2", "plan": AT_TEN})
        self.assertEqual((200, 2), (answer.status, answer.data["version"]))
        self.assertNotIn("description", answer.data)
        answer = self.ask("PATCH", "/gold", {"plan": {"devices": {
            "sip_device": {"rate": None, "minimum": 1}}}})
        self.assertEqual({"minimum": 1},
                         answer.data["plan"]["devices"]["sip_device"])
        self.assertEqual("Gold 2", answer.data["name"])
        for version, rate in ((1, 5), (2, 10), (3, None)):
            plan = self.ask("GET", "/gold?version=%d" % version).data
            self.assertEqual(version, plan["version"])
            self.assertEqual(rate, plan["plan"]["devices"]["sip_device"].get(
                "rate"))
        self.assertEqual(404, self.ask("GET", "/gold?version=4").status)
        self.assertEqual(400, self.ask("GET", "/gold?version=x").status)

    def test_versions_are_listed_with_those_who_pay_by_them(self):
        self.seller.plan("gold", PLAN)
        pinned, follower = self.seller.account(), self.seller.account()
        pinned.ask("POST", "/gold", {"version": 1})
        follower.assign("gold")
        self.ask("POST", "/gold", {"name": "Gold 2", "plan": AT_TEN})
        self.ask("POST", "/gold", {"name": "Gold 3", "plan": {}})
        answer = self.ask("GET", "/gold/versions")
        self.assertEqual([(3, "Gold 3", 1), (2, "Gold 2", 0), (1, "Gold", 1)],
                         [(v["version"], v["name"], v["accounts"])
                          for v in answer.data])
        first = self.ask("GET", "/gold/versions?page_size=2")
        rest = self.ask("GET", "/gold/versions?start_key=%s" %
                        first.envelope["next_start_key"])
        self.assertEqual(answer.data, first.data + rest.data)
        self.assertEqual(404, self.ask("GET", "/silver/versions").status)

    def test_a_list_tells_how_many_accounts_have_a_plan(self):
        self.seller.plan("gold", PLAN)
        self.seller.plan("silver", PLAN)
        for _ in range(2):
            self.seller.account().assign("gold")
        self.assertEqual(
            {"gold": 2, "silver": 0}, {p["id"]: p["accounts"] for p in
                                       self.ask("GET", "?accounts=true").data})
        self.assertNotIn("accounts", self.ask("GET").data[0])
        whole = self.ask("GET", "?accounts=true&details=true").data[0]
        self.assertIn("plan", whole)
        self.assertIn("accounts", whole)

    def test_an_unchanged_save_adds_no_version(self):
        self.seller.plan("gold", PLAN)
        for method in ("POST", "PATCH"):
            answer = self.ask(method, "/gold", {"id": "gold", "name": "Gold",
                                                "plan": PLAN})
            self.assertEqual((200, 1), (answer.status, answer.data["version"]))

    def test_an_id_cannot_change(self):
        self.seller.plan("gold", PLAN)
        answer = self.ask("PATCH", "/gold", {"id": "silver"})
        self.assertEqual(400, answer.status)
        self.assertIn("id", answer.data)

    def test_a_version_names_its_author(self):
        self.seller.plan("gold", PLAN)
        author, = database("SELECT author FROM service_plan WHERE account_id = "
                           "'%s' AND id = 'gold'" % self.seller.id)[0]
        self.assertIn(self.seller.id, author)

    def test_accounts_follow_the_newest_unless_pinned(self):
        self.seller.plan("gold", PLAN)
        follower, pinned = self.seller.account(), self.seller.account()
        follower.assign("gold")
        answer = pinned.ask("POST", "/gold", {"version": 1})
        self.assertEqual(1, answer.data["gold"]["version"])
        for account in (follower, pinned):
            account.manual({"devices": {"sip_device": 2}})
        self.ask("POST", "/gold", {"name": "G", "plan": AT_TEN})
        self.assertEqual((20, 10), (follower.recurring(), pinned.recurring()))
        self.assertNotIn("version", follower.get().data["gold"])
        pinned.assign("gold")
        self.assertEqual(20, pinned.recurring())

    def test_numbers_may_be_strings_and_counts_are_rounded(self):
        self.seller.plan("gold", {"devices": {"sip_device": {
            "rates": {"05": "2.50", "20": "2"}, "minimum": "3", "step": 1.4,
            "activation_charge": "1"}}})
        account = self.seller.account()
        account.assign("gold")
        self.assertEqual(7.5, account.recurring())

    def test_a_trailing_blank_makes_another_id(self):
        self.seller.plan("gold", PLAN)
        for method in ("GET", "PATCH", "DELETE"):
            with self.subTest(method):
                self.assertEqual(404, self.ask(method, "/gold%20", {}).status)
        self.assertEqual(200, self.ask("GET", "/gold").status)

    def test_only_an_unused_plan_is_deleted(self):
        self.seller.plan("gold", PLAN)
        account = self.seller.account()
        account.assign("gold")
        answer = self.ask("DELETE", "/gold")
        self.assertEqual(409, answer.status)
        self.assertIn("assigned to 1 account", answer.data["message"])
        account.ask("DELETE", "/gold")
        self.assertEqual(200, self.ask("DELETE", "/gold").status)
        for method in ("GET", "POST", "PATCH", "DELETE"):
            self.assertEqual(404, self.ask(method, "/gold", {}).status)
        self.assertEqual([], self.ask("GET").data)
        self.assertEqual(404, account.assign("gold").status)
        with self.subTest("a plan of the same id continues its versions"):
            self.assertEqual(2, self.ask("PUT", "", {
                "id": "gold", "name": "G", "plan": {}}).data["version"])


class Followed(CatalogueTest):
    """A new version changes the bills of accounts; each is a change like any
    other."""

    def setUp(self):
        super().setUp()
        self.seller.plan("gold", PLAN)
        self.account = self.seller.account()
        self.account.assign("gold")
        self.account.manual({"devices": {"sip_device": 3}})

    def test_every_changed_invoice_is_audited(self):
        self.ask("PATCH", "/gold", {"plan": {"devices": {"sip_device": {
            "minimum": 10}}}})
        entry = self.account.entries()[0]
        line, = entry["invoice"]["items"]
        self.assertEqual({"type": "modified", "difference": {
            "billable": 7, "minimum": 10}}, line["changes"])
        self.assertEqual(("PATCH", self.seller.path + "/gold"), (
            entry["audit"]["request"]["method"],
            entry["audit"]["request"]["path"]))
        changes = entry["audit"]["changes"]
        self.assertEqual((1, 2), tuple(
            changes[side]["plans"]["gold"]["version"]
            for side in ("before", "after")))
        self.assertEqual({"sip_device": (10, 0, 10)}, self.account.days())
        with self.subTest("the days add up to the current quantities"):
            self.account.manual({"devices": {"sip_device": 12}})
            self.account.ask("DELETE", "/gold")
            self.assertEqual({"sip_device": (12, 12, 0)}, self.account.days())

    def test_a_bookkeeper_is_told(self):
        self.ask("PATCH", "/gold", {"bookkeeper": {"type": "iou", "id": "b"}})
        self.assertEqual([["iou"]], database(
            "SELECT bookkeeper_type FROM outbox WHERE account_id = '%s'" %
            self.account.id))

    def test_an_account_with_a_pinned_version_does_not_follow(self):
        pinned = self.seller.account()
        pinned.ask("POST", "/gold", {"version": 1})
        before = len(pinned.entries())
        self.ask("PATCH", "/gold", {"plan": AT_TEN})
        self.assertEqual(before, len(pinned.entries()))

    def test_many_accounts_follow(self):
        others = [self.seller.account() for _ in range(20)]
        for account in others:
            account.assign("gold")
            account.manual({"devices": {"sip_device": 1}})
        self.ask("POST", "/gold", {"name": "Gold", "plan": AT_TEN})
        self.assertEqual([10] * 20, [a.recurring() for a in others])

    def test_an_interrupted_save_is_resumed(self):
        database("UPDATE service_plan_head SET version = 2 WHERE account_id = "
                 "'%s'; INSERT INTO service_plan (account_id, id, version, "
                 "document, created) SELECT account_id, id, 2, REPLACE("
                 "document, '5', '6'), created FROM service_plan WHERE "
                 "account_id = '%s'" % (self.seller.id, self.seller.id))
        self.assertEqual(15, self.account.recurring())
        with self.subTest("by saving the plan again"):
            self.ask("PATCH", "/gold", {"name": "Gold"})
            self.assertEqual(18, self.account.recurring())

    def test_an_account_with_too_large_a_bill_keeps_its_version(self):
        self.account.manual({"devices": {"sip_device": 10**12}})
        answer = self.ask("PATCH", "/gold", {"plan": {"devices": {
            "sip_device": {"rate": 8 * 10**9}}}})
        self.assertEqual(200, answer.status)
        self.assertEqual([self.account.id], list(answer.data["unapplied"]))
        self.assertEqual(5 * 10**12, self.account.recurring())
        with self.subTest("the next version corrects it"):
            for answer in (self.account.ask("POST", "/manual", {}),
                           self.account.ask("DELETE", "/gold")):
                self.assertEqual(200, answer.status)


class Refused(CatalogueTest):
    def refused(self, body, *fields, method="PUT", rest=""):
        answer = self.ask(method, rest, body)
        self.assertEqual(400, answer.status, answer)
        self.assertEqual(set(fields), set(answer.data))

    def test_missing_fields_are_named(self):
        self.refused({}, "name", "plan")
        self.refused({"name": "", "plan": {}}, "name")
        self.refused([], "data")

    def test_wrong_types_are_named_by_path(self):
        item = "plan.devices.sip_device."
        for field, value, path in (
                ("step", 0, "step"), ("rate", {}, "rate"),
                ("rates", {"many": 1}, "rates.many"),
                ("rates", {"5x": 1}, "rates.5x"),
                ("rates", {"5": 0.0000001}, "rates.5"),
                ("rate", 0.0000125, "rate"), ("rate", "0.0000001", "rate"),
                ("flat_rates", {"5": "x"}, "flat_rates.5"),
                ("minimum", -1, "minimum"), ("minimum", "some", "minimum"),
                ("cascade", "yes", "cascade"), ("exceptions", "x", "exceptions"),
                ("exceptions", [1], "exceptions.0"), ("as", 5, "as"),
                ("discounts", {"single": {"rate": "x"}},
                 "discounts.single.rate"),
                ("rate", 1e300, "rate"), ("prorate", {"additions": 1},
                                          "prorate.additions")):
            with self.subTest((field, value)):
                self.refused({"name": "N", "plan": {"devices": {
                    "sip_device": {field: value}}}}, item + path)
        self.refused({"name": "N", "plan": {"devices": 5}}, "plan.devices")
        self.refused({"name": "N", "plan": {"devices": {"x": 5}}},
                     "plan.devices.x")
        self.refused({"name": "N", "plan": {"d" * 129: {}}}, "plan." + "d" * 129)
        self.refused({"name": "N", "plan": {"d": {"x ": {}}}}, "plan.d.x ")
        self.refused({"name": "N", "plan": {}, "merge": {"strategy": "odd"}},
                     "merge.strategy")

    def test_a_refused_plan_is_not_saved(self):
        self.seller.plan("gold", PLAN)
        for method in ("POST", "PATCH"):
            self.refused({"name": "G", "plan": {"devices": {"sip_device": {
                "step": 0}}}}, "plan.devices.sip_device.step", method=method,
                rest="/gold")
        self.assertEqual(1, self.ask("GET", "/gold").data["version"])

    def test_bad_ids_are_refused(self):
        for word in ("summary", "manual", "available", "current", "topup",
                     "synchronization", "", "a b", "ä", "x" * 65, "a/b", ".."):
            with self.subTest(word):
                self.refused({"id": word, "name": "N", "plan": {}}, "id")
        self.refused({"id": 5, "name": "N", "plan": {}}, "id")


class Offered(CatalogueTest):
    def setUp(self):
        super().setUp()
        for n in range(5):
            self.seller.plan("p%d" % n, PLAN, category="c%d" % (n % 2), merge={
                "strategy": "cumulative" if n % 2 else "simple", "priority": n})
        self.account = self.seller.account()

    def ids(self, **query):
        return [p["id"] for p in self.account.get("/available", **query).data]

    def test_plans_are_shown_to_customers(self):
        self.assertEqual(["p4", "p3", "p2", "p1", "p0"], self.ids())
        self.assertEqual(["p0", "p1", "p2", "p3", "p4"],
                         self.ids(ascending="true"))
        self.assertEqual({"id": "p4", "name": "P4", "category": "c0"},
                         self.account.get("/available").data[0])

    def test_plans_in_detail(self):
        plan = self.account.get("/available", details="true").data[-1]
        self.assertEqual(("p0", PLAN, {"strategy": "simple", "priority": 0}),
                         (plan["id"], plan["plan"], plan["merge"]))

    def test_page_by_page(self):
        seen, key = [], None
        while True:
            query = {"page_size": 2}
            if key:
                query["start_key"] = key
            envelope = self.account.get("/available", **query).envelope
            seen += [p["id"] for p in envelope["data"]]
            key = envelope.get("next_start_key")
            if not key:
                break
        self.assertEqual(["p4", "p3", "p2", "p1", "p0"], seen)

    def test_plans_are_filtered_by_a_field(self):
        query = {"paginate": "false", "filter_merge.strategy": "cumulative"}
        self.assertEqual(["p3", "p1"], self.ids(**query))
        self.assertEqual(["p3"], self.ids(**dict(query, filter_id="p3")))
        page = self.account.get("/available", page_size=1, **{
            "filter_merge.strategy": "cumulative"}).envelope
        self.assertEqual(["p3"], [p["id"] for p in page["data"]])
        self.assertEqual("p1", page["next_start_key"])

    def test_bad_page_parameters_are_refused(self):
        self.assertEqual(400, self.account.get("/available",
                                               page_size="x").status)
        self.assertEqual(400, self.account.get("/available",
                                               start_key="x" * 65).status)

    def test_a_reseller_sees_its_own_plans_and_those_of_its_reseller(self):
        below = Seller("Below", self.seller.id)
        below.plan("own", PLAN)
        self.assertEqual(["own"], [p["id"] for p in get(
            below.path, below.token).data])
        self.assertEqual(5, len(get(
            "/v2/accounts/%s/services/available" % below.id,
            below.token).data))
        self.assertEqual(404, self.ask("GET", "/own").status)


class Editable(CatalogueTest):
    def test_every_item_by_category(self):
        account = self.seller.account()
        data = account.get("/editable").data
        self.assertEqual(data, get("/v2/services/editable", account.token).data)
        self.assertEqual({"_all", "admin", "user"}, set(data["users"]))
        self.assertLessEqual({"as", "exceptions", "rate"},
                             set(data["devices"]["_all"]))
        item = data["devices"]["sip_device"]
        self.assertNotIn("as", item)
        self.assertNotIn("exceptions", item)
        self.assertTrue(item["prorate"]["properties"]["removals"]["default"])
        self.assertIn("number", item["rates"]["patternProperties"][
            "^[0-9]{1,18}$"]["type"])

    def test_anybody_may_read_the_schema(self):
        answer = get("/v2/schemas/service_plans")
        self.assertEqual((200, "service_plans"),
                         (answer.status, answer.data["id"]))
        self.assertEqual(["name", "plan"], answer.data["required"])


class EarlierNouns(CatalogueTest):
    """Requests of clients before 4.3, slashes included."""

    def setUp(self):
        super().setUp()
        self.seller.plan("gold", PLAN)
        self.account = self.seller.account()
        self.path = "/v2/accounts/%s/service_plans" % self.account.id

    def test_available(self):
        self.assertEqual([{"id": "gold", "name": "Gold"}],
                         get(self.path + "/available", self.account.token).data)
        plan = get(self.path + "/available/gold", self.account.token).data
        self.assertEqual(PLAN, plan["plan"])
        self.assertEqual(404, get(self.path + "/available/x",
                                  self.account.token).status)
        self.assertEqual([], get(self.path, self.account.token).data)

    def test_add_and_delete(self):
        token = self.seller.token
        answer = request("POST", self.path + "/", token,
                         data={"add": ["gold"], "ui_metadata": {}})
        self.assertEqual((200, ["gold"]), (answer.status, list(answer.data)))
        for word in ("delete", "plans", "add"):
            request("POST", self.path, token, data={"add": ["gold"]})
            answer = request("DELETE", self.path + "/", token,
                             data={word: ["gold"]})
            self.assertEqual((200, {}), (answer.status, answer.data))
        self.assertEqual(404, request("DELETE", self.path, token,
                                      data={"delete": ["gold"]}).status)
        self.assertEqual(400, request("DELETE", self.path, token,
                                      data={"delete": [5]}).status)

    def test_current(self):
        self.account.assign("gold")
        self.account.manual({"devices": {"sip_device": 3}})
        form = get(self.path + "/current", self.account.token).data
        self.assertEqual(self.account.get("", details="true").data, form)
        self.assertEqual(["gold"], list(form["plans"]))
        self.assertEqual((5, 3), (
            form["items"]["devices"]["sip_device"]["rate"],
            form["items"]["devices"]["sip_device"]["quantity"]))

    def test_current_has_every_field_of_a_line(self):
        """single_discount is true if the quantity is above 0."""
        self.seller.plan("earlier", {
            "devices": {"_all": {
                "as": "phones", "rate": 5, "activation_charge": 3,
                "exceptions": ["landline"], "minimum": 2,
                "discounts": {"cumulative": {"maximum": 20, "rate": 1}}}},
            "limits": {"trunks": {
                "rate": 2.5, "discounts": {"single": {"rate": 1}}}}})
        self.account.assign("earlier")
        self.account.manual({"devices": {"fax": 3, "landline": 4},
                             "limits": {"trunks": 1}})
        self.assertEqual({
            "devices": {"phones": {
                "category": "devices", "item": "phones",
                "name": "devices", "quantity": 3, "rate": 5,
                "single_discount": True, "single_discount_rate": 0,
                "cumulative_discount": 3, "cumulative_discount_rate": 1,
                "activation_charge": 3, "minimum": 2,
                "exceptions": ["landline"]}},
            "limits": {"trunks": {
                "category": "limits", "item": "trunks",
                "name": "limits/trunks", "quantity": 1, "rate": 2.5,
                "single_discount": True, "single_discount_rate": 1,
                "cumulative_discount": 0, "cumulative_discount_rate": 0,
                "activation_charge": 0, "minimum": 0, "exceptions": []}}},
            get(self.path + "/current", self.account.token).data["items"])

    def test_reconciliation_with_an_empty_body(self):
        import_documents([{
            "_id": self.account.id, "pvt_type": "service", "quantities": {
                "account": {"devices": {"sip_device": 3}}}}], self.account.id)
        answer = request("POST", self.path + "/reconciliation",
                         self.seller.token, body=b"",
                         headers={"Content-Type": "application/json"})
        self.assertEqual({"accounts": {"account": 1},
                          "devices": {"sip_device": 3}},
                         answer.data["account"])

    def test_editable(self):
        self.assertEqual(self.account.get("/editable").data,
                         get(self.path + "/editable", self.account.token).data)


if __name__ == "__main__":
    unittest.main()
