#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes of an account's services: plans, overrides, manual quantities,
standing, payer, recount. A success leaves all its traces, a failure none."""

import os
import sys
import threading
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_TOKEN, Seller, database, get,  # noqa: E402
                   import_documents, issue_token, reevectl, request)

DEVICES = {"devices": {"sip_device": {"rate": 5, "activation_charge": 2}}}
TEN = {"devices": {"sip_device": 10}}


class ChangeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()
        cls.seller.plan("devices", DEVICES)
        cls.seller.plan("users", {"users": {"user": {"rate": 3}}})

    def setUp(self):
        self.account = self.seller.account()

    def tearDown(self):
        done = reevectl("audit", "verify", self.account.id)
        self.assertIn(" ok", done.stdout)

    def state(self):
        """Everything that a refused change must not touch."""
        account = self.account
        return (account.get().data, account.get("/overrides").data,
                account.get("/manual", self.seller.token).data,
                account.get("/status").data, account.entries(),
                account.days(), account.days("audit/summary"))

    def refused(self, status, method, rest, data=None, field=None, **more):
        before = self.state()
        answer = self.account.ask(method, rest, data, **more)
        self.assertEqual(status, answer.status, answer)
        if field:
            self.assertIn(field, answer.data)
        self.assertEqual(before, self.state())
        return answer


class Plans(ChangeTest):
    def test_an_assigned_plan_is_shown(self):
        answer = self.account.assign("devices", "users")
        wanted = {"devices": {"vendor_id": self.seller.id, "overrides": {}},
                  "users": {"vendor_id": self.seller.id, "overrides": {}}}
        self.assertEqual((200, wanted), (answer.status, answer.data))
        self.assertEqual(wanted, self.account.get().data)

    def test_a_new_account_has_no_plans(self):
        self.assertEqual({}, self.account.get().data)

    def test_plans_means_add(self):
        answer = self.account.ask("POST", data={"plans": [{"id": "devices"}]})
        self.assertEqual(["devices"], list(answer.data))

    def test_add_and_delete_at_once(self):
        self.account.assign("devices")
        answer = self.account.ask("POST", "/", {
            "add": ["users"], "delete": ["devices"], "overrides": {
                "plan": {"users": {"user": {"rate": 4}}}}})
        self.assertEqual(["users"], list(answer.data))
        self.assertEqual({"plan": {"users": {"user": {"rate": 4}}}},
                         self.account.get("/overrides").data)

    def test_a_plan_with_overrides_and_contract(self):
        body = {"overrides": {"plan": {"devices": {"sip_device": {"rate": 4}}}},
                "contract": {"months": 24}}
        answer = self.account.ask("POST", "/devices", body)
        self.assertEqual(dict(body, vendor_id=self.seller.id),
                         answer.data["devices"])
        with self.subTest("another assignment without any keeps them"):
            answer = self.account.ask("POST", "/devices", {})
            self.assertEqual(body["overrides"],
                             answer.data["devices"]["overrides"])
        with self.subTest("merge adds to them"):
            answer = self.account.ask(
                "POST", "/devices", {"overrides": {"plan": {"devices": {
                    "sip_device": {"minimum": 1}}}}}, envelope={"merge": True})
            self.assertEqual({"rate": 4, "minimum": 1}, answer.data["devices"][
                "overrides"]["plan"]["devices"]["sip_device"])
        with self.subTest("{} empties them"):
            answer = self.account.ask("POST", "/devices", {"overrides": {}})
            self.assertEqual({}, answer.data["devices"]["overrides"])

    def test_a_plan_is_removed(self):
        self.account.assign("devices", "users")
        answer = self.account.ask("DELETE", "/devices")
        self.assertEqual((200, ["users"]), (answer.status, list(answer.data)))

    def test_a_deleted_plan_can_be_removed(self):
        import_documents([{
            "_id": self.account.id, "pvt_type": "service",
            "plans": {"gone": {"vendor_id": self.seller.id}}}], self.account.id)
        self.assertEqual(["gone"], list(self.account.get().data))
        self.assertEqual([], self.account.get("/summary").data["invoices"])
        answer = self.account.ask("DELETE", "/gone")
        self.assertEqual((200, {}), (answer.status, answer.data))

    def test_a_body_may_be_missing(self):
        self.assertEqual(200, self.account.ask("POST").status)
        self.assertEqual(200, self.account.ask("POST", "/users").status)

    def test_common_members_of_clients_are_ignored(self):
        foreign = {"ui_metadata": {"version": [1, None], "ui": "monster-ui"},
                   "accept_charges": True}
        answer = self.account.ask("POST", "/manual", dict(TEN, **foreign))
        self.assertEqual(TEN, answer.data)
        answer = self.account.ask("POST", "/overrides", foreign)
        self.assertEqual({}, answer.data)
        answer = self.account.ask("POST", "", dict(foreign, add=["users"]))
        self.assertEqual(["users"], list(answer.data))

    def test_unknown_plans(self):
        answer = self.refused(404, "POST", "", {"add": ["users", "nonesuch"]})
        self.assertEqual("nonesuch", answer.data["cause"])
        self.refused(404, "POST", "", {"plans": ["nonesuch"]})
        self.refused(404, "POST", "/nonesuch", {})
        self.refused(404, "DELETE", "/users")
        self.refused(404, "POST", "", {"delete": ["users"]})

    def test_a_plan_of_another_vendor_is_refused(self):
        other = Seller("Other")
        other.plan("theirs", DEVICES)
        self.refused(404, "POST", "/theirs", {})
        self.refused(400, "POST", "/theirs", {"vendor_id": other.id},
                     field="vendor_id")
        self.refused(400, "POST", "", {"add": [
            "users", {"id": "theirs", "vendor_id": other.id}]},
            field="add.1.vendor_id")

    def test_wrong_types(self):
        for body, field in (
                ({"add": "devices"}, "add"), ({"add": {}}, "add"),
                ({"add": [5]}, "add.0"), ({"add": [{"x": 1}]}, "add.0.id"),
                ({"add": [{"id": 5}]}, "add.0.id"),
                ({"delete": "x"}, "delete"), ({"delete": [1]}, "delete.0"),
                ({"overrides": []}, "overrides"),
                ({"add": [{"id": "users", "overrides": 1}]},
                 "add.0.overrides"),
                ({"add": [{"id": "users", "contract": 1}]}, "add.0.contract"),
                ({"add": [{"id": "users", "version": "1"}]}, "add.0.version"),
                ({"add": [{"id": "users", "version": 9}]}, "add.0.version"),
                ({"overrides": {"plan": {"d": {"s": {"step": 0}}}}},
                 "overrides.plan.d.s.step"),
                ({"add": [{"id": "users", "overrides": {"merge": {
                    "strategy": "odd"}}}]},
                 "add.0.overrides.merge.strategy"),
                ([1], "data"), ("text", "data")):
            with self.subTest(body):
                self.refused(400, "POST", "", body, field=field)

    def test_a_trailing_blank_makes_another_id(self):
        self.account.assign("devices")
        for answer in (self.account.assign("devices "),
                       self.account.ask("POST", "/devices%20", {}),
                       self.account.ask("DELETE", "/devices%20")):
            self.assertEqual(404, answer.status)

    def test_another_assignment_replaces_all_but_overrides(self):
        self.account.ask("POST", "/devices", {"contract": {"x": 1}})
        answer = self.account.ask("POST", "/devices", {}, envelope={
            "merge": True})
        self.assertEqual({"x": 1}, answer.data["devices"]["contract"])
        answer = self.account.ask("POST", "/devices", {})
        self.assertNotIn("contract", answer.data["devices"])

    def test_reserved_words_are_not_plans(self):
        for word in ("summary", "quote", "manual", "audit_summary"):
            answer = self.account.ask("POST", "/" + word, {}, token=MASTER_TOKEN)
            self.assertIn(answer.status, (200, 400, 405), word)
            self.assertEqual({}, self.account.get().data)

    def test_bad_strings_are_refused(self):
        json_type = {"Content-Type": "application/json"}
        answer = request("POST", self.account.path, self.seller.token,
                         body=b'{"data":{"add":["\xff\xfe"]}}',
                         headers=json_type)
        self.assertEqual(400, answer.status)
        self.assertEqual(400, self.account.ask("POST", "/%ff%fe", {}).status)
        self.assertEqual({}, self.account.get().data)

    def test_the_earlier_form(self):
        self.account.assign("devices")
        self.account.manual(TEN)
        form = self.account.get("", details="true").data
        self.assertEqual(TEN, form["manual_quantities"])
        self.assertEqual({"accounts": {"account": 1}},
                         form["account_quantities"])
        self.assertEqual(self.account.id, form["billing_id"])
        self.assertEqual(self.seller.id, form["reseller_id"])
        self.assertEqual((False, False, True), (
            form["reseller"], form["dirty"], form["in_good_standing"]))
        item = form["items"]["devices"]["sip_device"]
        self.assertEqual((10, 5, 2), (item["quantity"], item["rate"],
                                      item["activation_charge"]))


class Payer(ChangeTest):
    def test_the_account_or_its_parent_may_pay(self):
        answer = self.account.ask("POST", "", {"billing_id": self.seller.id})
        self.assertEqual((200, self.seller.id),
                         (answer.status, answer.data["billing_id"]))
        answer = self.account.ask("POST", "", {"billing_id": self.account.id})
        self.assertEqual(self.account.id, answer.data["billing_id"])
        self.assertEqual(2, len(self.account.entries()))

    def test_no_other_account_may_pay(self):
        other = self.seller.account()
        answer = self.refused(400, "POST", "", {"billing_id": other.id},
                              field="billing_id")
        self.assertEqual("invalid_billing_id", answer.envelope["message"])
        self.refused(400, "POST", "", {"billing_id": 5}, field="billing_id")


class Overrides(ChangeTest):
    RATE = {"plan": {"devices": {"sip_device": {"rate": 4}}}}

    def test_replaced_patched_emptied(self):
        account = self.account
        answer = account.ask("POST", "/overrides", self.RATE)
        self.assertEqual((200, self.RATE), (answer.status, answer.data))
        answer = account.ask("PATCH", "/overrides", {
            "plan": {"devices": {"sip_device": {"minimum": 2}}}})
        self.assertEqual({"rate": 4, "minimum": 2}, answer.data["plan"][
            "devices"]["sip_device"])
        answer = account.ask("PATCH", "/overrides", {
            "plan": {"devices": {"sip_device": {"rate": None}}}})
        self.assertEqual({"minimum": 2}, answer.data["plan"]["devices"][
            "sip_device"])
        self.assertEqual(answer.data, account.get("/overrides").data)
        answer = account.ask("POST", "/overrides", {})
        self.assertEqual({}, answer.data)
        self.assertEqual({}, account.get("/overrides").data)

    def test_changed_overrides_are_a_change_of_services(self):
        self.account.assign("devices")
        self.account.manual(TEN)
        self.assertEqual(50, self.account.recurring())
        self.account.ask("POST", "/overrides", self.RATE)
        self.assertEqual(40, self.account.recurring())
        line, = self.account.entries()[0]["invoice"]["items"]
        self.assertEqual({"type": "modified", "difference": {"rate": -1}},
                         line["changes"])

    def test_wrong_types_at_depth(self):
        wrong = {"plan": {"devices": {"sip_device": {
            "rate": [], "step": 0, "rates": {"five": 1}, "discounts": {
                "cumulative": {"maximum": "x"}}}}},
            "bookkeeper": {"type": 5}}
        answer = self.refused(400, "PATCH", "/overrides", wrong)
        item = "plan.devices.sip_device."
        self.assertEqual({item + "rate", item + "step", item + "rates.five",
                          item + "discounts.cumulative.maximum",
                          "bookkeeper.type"}, set(answer.data))

    def test_depth_is_limited(self):
        deep = {}
        for _ in range(200):
            deep = {"a": deep}
        self.refused(400, "POST", "/overrides", deep)
        with self.subTest("max depth is stored and priced"):
            deep = {"z": 1}
            for _ in range(90):
                deep = {"a": deep}
            self.account.assign("devices")
            self.assertEqual(200, self.account.ask("POST", "/overrides",
                                                   deep).status)
            self.assertEqual(deep, self.account.get("/overrides").data)
            self.assertEqual(200, self.account.get("/summary").status)


class Manual(ChangeTest):
    def test_replaced_patched_emptied(self):
        account = self.account
        for method, body, wanted in (
                ("POST", TEN, TEN),
                ("PATCH", {"users": {"user": 2}}, dict(TEN, users={"user": 2})),
                ("PATCH", {"devices": {"fax": 0}},
                 {"devices": {"sip_device": 10, "fax": 0}, "users": {"user": 2}}),
                ("PATCH", {"devices": {"fax": None, "sip_device": None}},
                 {"users": {"user": 2}}),
                ("POST", {"devices": {"fax": 1}}, {"devices": {"fax": 1}}),
                ("POST", {}, {})):
            with self.subTest((method, body)):
                answer = account.ask(method, "/manual", body)
                self.assertEqual((200, wanted), (answer.status, answer.data))
                self.assertEqual(wanted, account.get(
                    "/manual", self.seller.token).data)

    def test_a_quantity_of_a_million_millions(self):
        self.seller.plan("cheap", {"devices": {"sip_device": {
            "rate": 1.000001}}})
        self.account.assign("cheap")
        answer = self.account.manual({"devices": {"sip_device": 10**12}})
        self.assertEqual(200, answer.status)
        self.assertEqual(1000001000000, self.account.recurring())

    def test_an_overflowing_price_is_refused(self):
        self.account.assign("devices")
        self.refused(400, "PATCH", "/manual", {"devices": {
            "sip_device": 2 * 10**12}}, field="devices.sip_device")

    def test_many_quantities_at_once(self):
        table = {"devices": {"d%d" % n: n for n in range(4000)}}
        self.assertEqual(200, self.account.ask("POST", "/manual", table).status)
        self.assertEqual(table, self.account.get(
            "/manual", token=self.seller.token).data)
        self.assertEqual(200, self.account.ask("POST", "/manual", {}).status)
        self.assertEqual(8001, int(database(
            "SELECT SUM(JSON_LENGTH(line_items)) FROM audit_entry WHERE "
            "account_id = '%s'" % self.account.id)[0][0]))

    def test_blanks_around_names_are_refused(self):
        for body, path in (({"devices": {"fax ": 1}}, "devices.fax "),
                           ({"devices": {" fax": 1}}, "devices. fax"),
                           ({"devices ": {"fax": 1}}, "devices ")):
            with self.subTest(body):
                answer = self.account.manual(body)
                self.assertEqual((400, [path]),
                                 (answer.status, list(answer.data)))

    def test_bad_quantities(self):
        for body, field in (({"devices": {"x": -1}}, "devices.x"),
                            ({"devices": {"x": "1"}}, "devices.x"),
                            ({"devices": {"x": 1.5}}, "devices.x"),
                            ({"devices": {"x": True}}, "devices.x"),
                            ({"devices": {"x": [1]}}, "devices.x"),
                            ({"devices": {"x": 10**15 + 1}}, "devices.x"),
                            ({"devices": 3}, "devices"),
                            ({"devices": {"x" * 129: 1}},
                             "devices." + "x" * 129),
                            ({"": {"x": 1}}, ""), ([], "data")):
            for method in ("POST", "PATCH"):
                with self.subTest((method, str(body)[:40])):
                    answer = self.refused(400, method, "/manual", body)
                    self.assertIn(field, answer.data)


class Charges(ChangeTest):
    """402 with the invoices until the charges are accepted."""

    def test_plans_overrides_and_quantities_need_confirmation(self):
        account = self.account
        self.assertEqual(200, account.ask("POST", "/devices", {},
                                          accept=False).status)
        answer = self.refused(402, "PATCH", "/manual", TEN, accept=False)
        self.assertEqual(("402", "accept charges"), (
            answer.envelope["error"], answer.envelope["message"]))
        invoice, = answer.data
        self.assertEqual({"today": 20, "recurring": 50}, invoice["summary"])
        self.assertEqual("default", invoice["bookkeeper"]["type"])
        self.assertEqual([{"category": "devices", "item": "sip_device",
                           "name": "devices/sip_device", "billable": 10,
                           "rate": 2, "total": 20}],
                         invoice["activation_charges"])
        account.manual(TEN)
        self.refused(402, "PATCH", "/overrides", {
            "plan": {"devices": {"sip_device": {"rate": 6}}}}, accept=False)
        self.refused(402, "POST", "", {"add": [{"id": "devices", "overrides": {
            "plan": {"devices": {"sip_device": {"minimum": 11}}}}}]},
            accept=False)

    def test_charges_are_accepted_in_data_query_and_envelope(self):
        self.account.assign("devices")
        ask = self.account.ask
        self.assertEqual(200, ask("PATCH", "/manual", dict(
            TEN, accept_charges=True), accept=False).status)
        self.assertEqual(200, ask(
            "PATCH", "/manual?accept_charges=true",
            {"devices": {"sip_device": 11}}, accept=False).status)
        self.assertEqual(200, ask(
            "PATCH", "/manual", {"devices": {"sip_device": 12}}, accept=False,
            envelope={"accept_charges": True}).status)
        self.refused(402, "PATCH", "/manual", {
            "devices": {"sip_device": 13}, "accept_charges": False},
            accept=False)

    def test_a_change_without_higher_cost_needs_no_confirmation(self):
        self.account.assign("devices")
        self.account.manual(TEN)
        for method, rest, body in (
                ("PATCH", "/manual", {"devices": {"sip_device": 9}}),
                ("PATCH", "/manual", {"devices": {"free": 100}}),
                ("PATCH", "/overrides", {"plan": {"devices": {
                    "sip_device": {"rate": 4}}}}),
                ("DELETE", "/devices", None)):
            with self.subTest((method, rest)):
                answer = self.account.ask(method, rest, body, accept=False)
                self.assertEqual(200, answer.status, answer)


class Traces(ChangeTest):
    def test_each_changed_invoice_has_one_entry(self):
        self.account.assign("devices")
        answer = self.account.manual(TEN)
        entry, _ = self.account.entries()
        self.assertEqual("completed", entry["status"])
        self.assertEqual({"id": "default_bookkeeper", "type": "default",
                          "vendor_id": self.seller.id, "results": []},
                         entry["bookkeeper"])
        self.assertNotIn("plan", entry["invoice"])
        self.assertEqual({"today": 20, "recurring": 50},
                         entry["invoice"]["summary"])
        line, = entry["invoice"]["items"]
        self.assertEqual({"type": "modified", "difference": {
            "quantity": 10, "billable": 10}}, line["changes"])
        audit = entry["audit"]
        self.assertTrue(audit["crossbar_request"])
        self.assertEqual(self.seller.id, audit["authentication"]["account_id"])
        self.assertEqual({"id": self.account.id, "name": "Customer"},
                         audit["account"])
        self.assertEqual({"type": ["manual"], "account_id": self.account.id,
                          "account_name": "Customer"}, audit["changes"])
        self.assertEqual(answer.envelope["request_id"], audit["request"]["id"])
        self.assertEqual(("PATCH", self.account.path + "/manual"), (
            audit["request"]["method"], audit["request"]["path"]))
        self.assertNotIn("agent", audit)

    def test_entries_name_the_user(self):
        user = "%032x" % int(self.seller.id[:8], 16)
        reevectl("user", "create", "--account", self.seller.id, "--id", user,
                 "--username", "ann", "--password", "secret99", "--first-name",
                 "Ann", "--last-name", "Lee", "--role", "admin")
        token = issue_token(self.seller.id, "--user", user)
        self.account.manual(TEN, token=token)
        self.assertEqual({"type": "user", "type_id": user,
                          "account_id": self.seller.id, "first_name": "Ann",
                          "last_name": "Lee", "full_name": "Ann Lee"},
                         self.account.entries()[0]["audit"]["agent"])

    def test_days_follow_a_change(self):
        self.account.assign("devices")
        self.account.manual(TEN)
        self.account.manual({"devices": {"sip_device": 0}})
        self.account.manual({"devices": {"sip_device": 3}})
        self.assertEqual({"sip_device": (13, 10, 3)}, self.account.days())
        self.assertEqual({"sip_device": (13, 10, 3)},
                         self.account.days("audit/summary"))

    def test_a_change_without_invoices_is_audited(self):
        self.account.manual(TEN)
        entry, = self.account.entries()
        self.assertEqual([], entry["invoice"]["items"])
        self.assertEqual(["manual"], entry["audit"]["changes"]["type"])
        self.assertEqual({}, self.account.days())
        self.assertEqual({"sip_device": (10, 0, 10)},
                         self.account.days("audit/summary"))

    def test_changed_terms_are_audited(self):
        self.account.assign("devices")
        self.account.ask("POST", "/status", {
            "in_good_standing": False, "reason": "unpaid", "reason_code": 7},
            token=MASTER_TOKEN)
        changes = self.account.entries()[0]["audit"]["changes"]
        self.assertEqual({"standing": "good_standing"}, changes["before"])
        self.assertEqual({"standing": "delinquent", "reason": "unpaid",
                          "reason_code": 7}, changes["after"])
        self.account.ask("POST", "/overrides", {"plan": {}})
        changes = self.account.entries()[0]["audit"]["changes"]
        self.assertEqual(({"overrides": {}}, {"overrides": {"plan": {}}}),
                         (changes["before"], changes["after"]))

    def test_manual_quantities_replace_counted_ones(self):
        database("INSERT INTO service_source VALUES ('%s', 'x', 'devices', "
                 "'sip_device', 5)" % self.account.id)
        self.account.ask("POST", "/reconciliation")
        self.account.manual({"devices": {"sip_device": 0}})
        self.assertEqual({"sip_device": (5, 5, 0)},
                         self.account.days("audit/summary"))

    def test_no_change_writes_nothing(self):
        self.account.assign("devices")
        self.account.manual(TEN)
        before = self.state()
        self.account.assign("devices")
        self.account.manual(TEN)
        self.account.ask("POST", "/overrides", {})
        self.account.ask("POST", "/reconciliation")
        self.assertEqual(before, self.state())

    def test_a_bookkeeper_that_moves_money_gets_a_message(self):
        self.seller.plan("paid", DEVICES,
                         bookkeeper={"id": "bank", "type": "http"})
        self.account.assign("paid")
        self.account.manual(TEN)
        entry, _ = self.account.entries()
        self.assertEqual("pending", entry["status"])
        self.assertNotIn("results", entry["bookkeeper"])
        rows = database("SELECT audit_id, bookkeeper_id, bookkeeper_type, "
                        "vendor_id FROM outbox WHERE account_id = '%s' "
                        "ORDER BY id" % self.account.id)
        self.assertEqual([entry["id"], "bank", "http", self.seller.id],
                         rows[-1])

    def test_the_master_account_is_not_audited_unless_configured(self):
        entries = lambda: int(database(
            "SELECT COUNT(*) FROM audit_entry AS e JOIN account AS a "
            "ON a.id = e.account_id WHERE a.master = 1")[0][0])
        before = entries()
        master = os.environ["REEVE_MASTER_ID"]
        for n in (1, None):
            self.assertEqual(200, request(
                "PATCH", "/v2/accounts/%s/services/manual" % master,
                MASTER_TOKEN, data={"devices": {"test": n}},
                envelope={"accept_charges": True}).status)
        self.assertEqual(before, entries())


class Standing(ChangeTest):
    def set(self, body, token=MASTER_TOKEN):
        return self.account.ask("POST", "/status", body, token=token)

    def test_standing_is_set_and_restored(self):
        self.assertEqual({"in_good_standing": True},
                         self.account.get("/status").data)
        bad = {"in_good_standing": False, "reason": "unpaid", "reason_code": 7}
        answer = self.set(bad)
        self.assertEqual((200, bad), (answer.status, answer.data))
        self.assertEqual(bad, self.account.get("/status").data)
        self.assertEqual({"acceptable": False, "reason": "delinquent",
                          "message": "unpaid"},
                         self.account.get("/summary").data["status"])
        self.set({"in_good_standing": True})
        self.assertEqual({"in_good_standing": True},
                         self.account.get("/status").data)
        self.assertEqual(2, len(self.account.entries()))

    def test_by_the_master_account_only(self):
        self.refused(403, "POST", "/status", {"in_good_standing": False})
        self.refused(403, "POST", "/status", {"in_good_standing": False},
                     token=self.account.token)

    def test_bad_bodies(self):
        for body, field in (({}, "in_good_standing"),
                            ({"in_good_standing": "no"}, "in_good_standing"),
                            ({"in_good_standing": True, "reason": 1}, "reason"),
                            ({"in_good_standing": True, "reason": "x" * 256},
                             "reason"),
                            ({"in_good_standing": True, "reason_code": 1.5},
                             "reason_code")):
            with self.subTest(str(body)[:40]):
                self.refused(400, "POST", "/status", body, field=field,
                             token=MASTER_TOKEN)


class Reconciliation(ChangeTest):
    def drift(self, account, item, n):
        database("REPLACE INTO service_source VALUES ('%s', 'object', "
                 "'devices', '%s', %d)" % (account.id, item, n))

    def test_imported_and_other_sources_are_counted(self):
        import_documents([{
            "_id": self.account.id, "pvt_type": "service",
            "quantities": {"account": {"devices": {"sip_device": 3}},
                           "cascade": {"devices": {"sip_device": 99}}}}],
            self.account.id)
        self.account.assign("devices")
        self.drift(self.account, "sip_device", 4)
        answer = self.account.ask("POST", "/reconciliation")
        self.assertEqual({"account": {"accounts": {"account": 1},
                                      "devices": {"sip_device": 7}},
                          "cascade": {}, "manual": {}}, answer.data)
        self.assertEqual(35, self.account.recurring())
        entry = self.account.entries()[0]
        self.assertEqual(["account", "cascade"],
                         entry["audit"]["changes"]["type"])
        self.assertEqual("POST", entry["audit"]["request"]["method"])

    def test_ancestors_are_updated(self):
        self.seller.plan("cascade", {"devices": {"sip_device": {
            "rate": 1, "cascade": True, "activation_charge": 3}}})
        parent = self.seller.account("Parent")
        child = self.seller.account("Child", parent.id)
        parent.assign("cascade")
        self.drift(child, "sip_device", 6)
        self.assertEqual(200, child.ask("POST", "/reconciliation").status)
        self.assertEqual(6, parent.recurring())
        self.assertEqual({"accounts": {"account": 1},
                          "devices": {"sip_device": 6}},
                         parent.get("/summary").data["quantities"]["cascade"])
        entry = parent.entries()[0]
        self.assertEqual({"type": ["cascade"], "account_id": child.id,
                          "account_name": "Child"}, entry["audit"]["changes"])
        self.assertEqual({"id": parent.id, "name": "Parent"},
                         entry["audit"]["account"])
        self.assertEqual({"today": 18, "recurring": 6},
                         entry["invoice"]["summary"])
        self.assertEqual((6, 0, 6), parent.days()["sip_device"])
        self.drift(child, "sip_device", 2)
        child.ask("POST", "/reconciliation", body=b"", headers={
            "Content-Type": "application/json"})
        self.assertEqual((6, 4, 2), parent.days()["sip_device"])
        self.assertIn(" ok", reevectl("audit", "verify", parent.id).stdout)

    def test_negative_quantities_leave_ancestors_alone(self):
        parent = self.account
        one, other = (self.seller.account(parent=parent.id) for _ in range(2))

        def below(child, count):
            """The parent's cascade when the child has this many."""
            database("REPLACE INTO service_source VALUES ('%s', 'x', "
                     "'devices', 'fax', %d)" % (child.id, count))
            self.assertEqual(200, child.ask("POST", "/reconciliation").status)
            return parent.get("/summary").data["quantities"]["cascade"].get(
                "devices", {}).get("fax", 0)

        self.assertEqual([5, 7, 5, 5, 6, 1], [
            below(one, 5), below(other, 2), below(other, -3),
            below(other, -1), below(other, 1), below(one, -9)])
        with self.subTest("nor after a recount"):
            self.assertEqual(200, parent.ask("POST", "/reconciliation").status)
            self.assertEqual({"fax": 1}, parent.get("/summary").data[
                "quantities"]["cascade"]["devices"])


class AtOnce(ChangeTest):
    def test_parallel_patches_lose_nothing(self):
        self.account.assign("devices")
        wrong = []

        def patch(n):
            for i in range(5):
                answer = self.account.manual({"c%d" % n: {"i%d" % i: n}})
                if answer.status != 200:
                    wrong.append(answer)

        threads = [threading.Thread(target=patch, args=(n,))
                   for n in range(1, 7)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], wrong)
        self.assertEqual({"c%d" % n: {"i%d" % i: n for i in range(5)}
                          for n in range(1, 7)},
                         self.account.get("/manual", self.seller.token).data)


class Drafts(ChangeTest):
    """A plan that is priced before it is saved."""

    DEARER = {"plan": {"devices": {"sip_device": {"rate": 7}}},
              "name": "Dearer"}

    def price(self, body, rest="/quote", **more):
        return self.account.ask("POST", rest, body, accept=False, **more)

    def test_a_draft_stands_for_the_plan_of_its_id(self):
        self.account.assign("users")
        self.account.assign("devices")
        self.account.manual(TEN)
        before = self.state()
        answer = self.price({"plan": dict(self.DEARER, id="devices")})
        self.assertEqual(200, answer.status, answer)
        self.assertEqual({"users", "devices"}, set(answer.data["plans"]))
        self.assertEqual({"draft": True}, answer.data["quote"])
        lines = {line["item"]: line for invoice in answer.data["invoices"]
                 for line in invoice["items"]}
        self.assertEqual((70, 7), (lines["sip_device"]["total"],
                                   lines["sip_device"]["rate"]))
        self.assertIn("changes", lines["sip_device"])
        self.assertEqual(before, self.state())

    def test_a_draft_is_priced_beside_the_plans_named(self):
        self.account.assign("users")
        for label, draft in (("no id", self.DEARER),
                             ("a new id", dict(self.DEARER, id="dearer"))):
            with self.subTest(label):
                answer = self.price({"plan": draft, "add": [], "quantities": {
                    "manual": TEN}})
                self.assertEqual(200, answer.status, answer)
                plan, = answer.data["plans"]
                self.assertEqual(draft.get("id", plan), plan)
                self.assertEqual([70], [i["summary"]["recurring"]
                                        for i in answer.data["invoices"]])

    def test_a_pinned_version_stays(self):
        self.account.ask("POST", "/devices", {"version": 1})
        self.account.manual(TEN)
        answer = self.price({"plan": dict(self.DEARER, id="devices")})
        self.assertEqual(50, answer.data["invoices"][0]["summary"]["recurring"])

    def test_a_draft_is_for_those_who_may_save_it(self):
        body = {"plan": dict(self.DEARER, id="devices"),
                "quantities": {"manual": TEN}}
        for label, token, path, status in (
                ("its seller", self.seller.token, self.account.path, 200),
                ("its seller, for a future account", self.seller.token,
                 "/v2/services", 200),
                ("its seller, at its own URL", self.seller.token,
                 "/v2/accounts/%s/services" % self.seller.id, 200),
                ("the account", self.account.token, self.account.path, 403),
                ("the account, for a future one", self.account.token,
                 "/v2/services", 403)):
            with self.subTest(label):
                answer = request("POST", path + "/quote", token, data=body)
                self.assertEqual(status, answer.status, answer)
                if status == 200:
                    self.assertEqual([70], [i["summary"]["recurring"]
                                            for i in answer.data["invoices"]])

    def test_a_wrong_draft_is_refused(self):
        for label, draft, field in (
                ("an id with a slash", dict(self.DEARER, id="a/b"), "plan.id"),
                ("an id that is a number", dict(self.DEARER, id=1), "plan.id"),
                ("no plan", {"name": "N"}, "plan.plan"),
                ("a rate of words", {"name": "N", "plan": {"devices": {
                    "sip_device": {"rate": "dear"}}}},
                 "plan.plan.devices.sip_device.rate"),
                ("no object", 7, "plan")):
            with self.subTest(label):
                answer = self.price({"plan": draft})
                self.assertEqual(400, answer.status, answer)
                self.assertEqual([field], list(answer.data))

    def test_a_draft_is_calculated_each_time(self):
        body = {"plan": self.DEARER, "quantities": {"manual": TEN}}
        key = {"Idempotency-Key": "draft"}
        first = self.price(body, headers=key)
        other = self.price({"plan": self.DEARER}, headers=key)
        self.assertEqual((200, 200), (first.status, other.status))


class Quotes(ChangeTest):
    def quote(self, body, **more):
        answer = self.account.ask("POST", "/quote", body, accept=False, **more)
        self.assertEqual(200, answer.status, answer)
        return answer.data

    def test_a_quote_changes_nothing(self):
        self.account.assign("users")
        before = self.state()
        quote = self.quote({"add": ["devices"], "quantities": {
            "manual": TEN}}, token=self.account.token)
        self.assertEqual(before, self.state())
        invoice, = quote["invoices"]
        self.assertEqual({"today": 20, "recurring": 50}, invoice["summary"])
        self.assertEqual(["devices"], list(quote["plans"]))
        self.assertEqual(TEN, quote["quantities"]["manual"])
        self.assertEqual(900, quote["quote"]["expires"] -
                         quote["quote"]["created"])
        self.assertEqual({"devices": 1}, quote["quote"]["versions"])
        changes = {line["item"]: line["changes"]["type"]
                   for line in invoice["items"] if "changes" in line}
        self.assertEqual({"sip_device": "created"}, changes)
        self.assertEqual(DEVICES, invoice["plan"])

    def test_a_quote_is_carried_out_exactly(self):
        self.account.manual(TEN)
        quote = self.quote({"add": [{"id": "devices", "overrides": {
            "plan": {"devices": {"sip_device": {"rate": 4}}}}}]})
        answer = self.account.ask("POST", "", {"quote": quote["quote"]["id"]},
                                  accept=False)
        self.assertEqual((200, quote["plans"]), (answer.status, answer.data))
        self.assertEqual(40, self.account.recurring())

    def test_a_body_must_match_the_quote(self):
        self.account.manual(TEN)
        quote = self.quote({"add": ["devices"]})
        answer = self.account.ask("POST", "/devices", {}, accept=False,
                                  envelope={"quote": quote["quote"]["id"]})
        self.assertEqual(200, answer.status)

    def test_a_difference_is_refused_and_shown(self):
        self.seller.plan("moving", DEVICES)
        self.account.manual(TEN)
        quote = self.quote({"add": ["moving"]})
        body = {"quote": quote["quote"]["id"]}
        with self.subTest("quantities"):
            self.account.manual({"devices": {"sip_device": 11}})
            answer = self.refused(409, "POST", "", body)
            self.assertEqual("quote differs", answer.envelope["message"])
            self.assertEqual(50, answer.data["quoted"]["recurring"])
            self.assertEqual(55, answer.data["now"]["recurring"])
            self.assertEqual(TEN, answer.data["quoted"]["quantities"]["manual"])
            self.assertNotIn("plans", answer.data["now"])
            self.account.manual(TEN)
        with self.subTest("another plan"):
            self.refused(409, "POST", "", dict(body, add=["users"]))
        with self.subTest("a new version of the plan"):
            request("PATCH", self.seller.path + "/moving", self.seller.token,
                    data={"description": "new"})
            answer = self.refused(409, "POST", "", body)
            self.assertEqual((1, 2), tuple(
                answer.data[side]["plans"][0]["version"]
                for side in ("quoted", "now")))

    def test_the_payer_is_part_of_a_quote(self):
        quote = self.quote({"add": ["devices"]})["quote"]
        answer = self.account.ask("POST", data={
            "quote": quote["id"], "add": ["devices"],
            "billing_id": self.seller.id})
        self.assertEqual(409, answer.status)
        self.assertEqual({"billing_id": self.seller.id}, {
            k: v for k, v in answer.data["now"].items() if k == "billing_id"})

    def test_quotes_of_others_and_unknown_quotes_are_refused(self):
        other = self.seller.account()
        quote = other.ask("POST", "/quote", {"add": ["devices"]}).data
        self.refused(404, "POST", "", {"quote": quote["quote"]["id"]})
        self.refused(404, "POST", "", {"quote": "0" * 32})
        self.refused(404, "POST", "", {"quote": "nonsense"})
        self.refused(400, "POST", "", {"quote": 5}, field="quote")

    def test_an_expired_quote_is_refused(self):
        quote = self.quote({"add": ["devices"]})["quote"]["id"]
        database("UPDATE service_quote SET expires = created WHERE id = '%s'"
                 % quote)
        answer = self.refused(409, "POST", "", {"quote": quote})
        self.assertIn("expired", answer.data["message"])

    def test_a_quote_for_a_future_account(self):
        answer = request("POST", "/v2/services/quote", self.seller.token,
                         data={"plans": ["devices"],
                               "quantities": {"account": TEN}})
        self.assertEqual(50, answer.data["invoices"][0]["summary"]["recurring"])
        quote = request("POST", "/v2/services/quote", self.account.token,
                        data={"plans": ["devices"]}).data["quote"]["id"]
        answer = self.account.ask("POST", "", {"quote": quote})
        self.assertEqual((200, ["devices"]),
                         (answer.status, list(answer.data)))
        stranger = Seller("Stranger").account()
        self.assertEqual(404, stranger.ask("POST", "", {"quote": quote}).status)

    def test_a_reseller_quotes_its_own_plans_at_its_own_url(self):
        """They are for its customers, never for itself."""
        above = Seller("Above")
        above.plan("above", DEVICES)
        reseller = Seller("Reseller", above.id)
        reseller.plan("own", DEVICES)
        url = "/v2/accounts/%s/services" % reseller.id
        mine = {"plans": ["own"]}
        for caller, token in (("itself", reseller.token),
                              ("its seller", above.token)):
            with self.subTest("by " + caller):
                answer = request("POST", url + "/quote", token, data=mine)
                self.assertEqual(200, answer.status, answer)
                invoice, = answer.data["invoices"]
                self.assertEqual(DEVICES, invoice["plan"])
                self.assertEqual([("devices", "sip_device", 0)], [
                    (line["category"], line["item"], line["quantity"])
                    for line in invoice["items"]])
        quote = {"quote": answer.data["quote"]["id"], "add": ["own"],
                 "billing_id": reseller.id}  # as it was quoted
        with self.subTest("good for a customer"):
            answer = request("POST", "/v2/accounts/%s/services" %
                             reseller.account().id, reseller.token, data=quote)
            self.assertEqual((200, ["own"]), (answer.status,
                                              list(answer.data["plans"])))
        with self.subTest("not for the reseller"):
            self.assertEqual(404, request("POST", url, above.token,
                                          data=quote).status)
        for body, status in (
                ({"plans": ["above"]}, 200), ({"plans": ["own", "above"]}, 404),
                ({"plans": ["nonesuch"]}, 404),
                ({"plans": [{"id": "own", "vendor_id": above.id}]}, 404),
                ({"plans": [{"id": "own", "overrides": {"plan": {}}}]}, 200),
                ({"plans": "own"}, 400)):
            with self.subTest(body):
                answer = request("POST", url + "/quote", reseller.token,
                                 data=body)
                self.assertEqual(status, answer.status, answer)

    def test_bad_quote_requests(self):
        for body, field in (({"quantities": 5}, "quantities"),
                            ({"quantities": {"manual": []}},
                             "quantities.manual"),
                            ({"quantities": {"account": {"d": {"x": -1}}}},
                             "quantities.account.d.x")):
            with self.subTest(body):
                self.refused(400, "POST", "/quote", body, field=field)
        self.refused(404, "POST", "/quote", {"add": ["nonesuch"]})
        self.assertEqual(401, get("/v2/services/editable").status)


if __name__ == "__main__":
    unittest.main()
