#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counts of documents: t/oracle/counting.json, by import and by the API.

A row has documents as a Kazoo keeps them, requests that make the same objects,
and what its calculators count them as, with the source of that. "view" is there
where a Kazoo saves something else in the services document. All of them are
imported alone, before and behind a services document, and made by the API."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVE, REEVECTL, TOP, StackTest,  # noqa: E402
                         account_document, lines, require)
from reeve import new_id  # noqa: E402

with open(TOP + "/t/oracle/counting.json") as oracle:
    ROWS = json.load(oracle)


class Scene:
    """A row for an account of its own: its placeholders are filled in."""

    serial = 0

    def __init__(self, row, app, parents):
        Scene.serial += 1
        self.row, self.account = row, new_id()
        self.tree = parents
        self.words = {
            "{account}": self.account, "{app}": app,
            "{n}": "%07d" % (5550000 + Scene.serial),
            "{ip}": "10.0.%d.%d" % divmod(Scene.serial, 250),
            "{word}": "w" + new_id()}

    def fill(self, value):
        text = json.dumps(value)
        for word, meaning in self.words.items():
            text = text.replace(word, meaning)
        return json.loads(text)

    def counts(self):
        return dict(self.row["counts"], accounts={"account": 1})

    def account_document(self):
        return account_document(self.account, self.tree,
                                name="a" + self.account,
                                **self.row.get("account", {}))

    def services(self):
        return {"_id": self.account, "pvt_type": "service",
                "pvt_account_id": self.account, "quantities": {
                    "account": dict(self.row.get("view", self.row["counts"]),
                                    accounts={"account": 1})}}

    def documents(self):
        return [dict({"_id": new_id(), "pvt_account_id": self.account}, **d)
                for d in self.fill(self.row["documents"])]


def total(tables):
    """The sum of tables of quantities."""
    out = {}
    for table in tables:
        for category, items in table.items():
            for item, number in items.items():
                kept = out.setdefault(category, {})
                kept[item] = kept.get(item, 0) + number
    return out


class CountingTest(StackTest):
    pool = True
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.token = cls.stack.issue_token(cls.stack.master)
        cls.app = cls.ask("PUT", cls.stack.master, "apps",
                          {"name": "crm"}).data["id"]

    @classmethod
    def ask(cls, method, account, rest, data=None):
        answer = cls.stack.request(method, ("/v2/accounts/%s/%s" % (
            account, rest)).rstrip("/"), cls.token, data)
        if answer.status not in (200, 201):
            raise AssertionError("%s %s: %s" % (method, rest, answer))
        return answer

    def quantities(self, account):
        return self.ask("GET", account, "services/summary").data["quantities"]

    def report(self, documents):
        done = self.stack.reevectl("import", "--json", self.stack.file(
            lines(documents)))
        return json.loads(done.stdout)


@require(REEVE, REEVECTL)
class Oracle(CountingTest):
    def scenes(self, rows):
        """A new account below master, and scenes below it."""
        self.top = new_id()
        self.stack.import_documents([account_document(
            self.top, [self.stack.master], name="t" + self.top)])
        return [Scene(row, self.app, [self.stack.master, self.top])
                for row in rows]

    def assert_counted(self, scenes):
        """Of each account, and of their parent account."""
        for scene in scenes:
            with self.subTest(scene.row["label"]):
                self.assertEqual(scene.counts(), self.quantities(
                    scene.account)["account"])
        self.assertEqual(total(s.counts() for s in scenes),
                         self.quantities(self.top)["cascade"])
        done = self.stack.reevectl("recount", "--all", "--dry-run",
                                   check=False)
        self.assertEqual(0, done.returncode, done.stdout)

    def assert_imported(self, documents):
        """All of them, except for those that are deleted."""
        report = self.report(documents)
        self.assertEqual(["deleted"] * report["skipped"], [
            r["reason"] for r in report["reports"] if r["skipped"]])
        self.assertEqual(len(documents) - report["skipped"],
                         report["imported"], report)

    def test_documents_alone(self):
        scenes = self.scenes(ROWS)
        self.assert_imported([s.account_document() for s in scenes] +
                             [d for s in scenes for d in s.documents()])
        self.assert_counted(scenes)

    def test_documents_and_services_at_once(self):
        """The quantities of a services document are those of the objects."""
        scenes = self.scenes(ROWS)
        self.assert_imported([s.account_document() for s in scenes] +
                             [s.services() for s in scenes] +
                             [d for s in scenes for d in s.documents()])
        self.assert_moved(scenes)

    def test_documents_before_services(self):
        scenes = self.scenes(ROWS)
        self.assert_imported([s.account_document() for s in scenes] +
                             [d for s in scenes for d in s.documents()])
        self.assert_imported([s.services() for s in scenes])
        self.assert_moved(scenes)

    def test_private_members_that_reeve_shows(self):
        self.scenes([])
        account = self.top
        self.report([
            {"_id": "limits", "pvt_type": "limits", "pvt_account_id": account,
             "pvt_allow_postpay": True, "pvt_max_postpay_amount": -12.5},
            {"_id": "apps_store", "pvt_account_id": account,
             "blacklist": [None, 5, self.app], "apps": {}},
            {"_id": "10.9.9.9", "pvt_type": "dedicated_ip",
             "pvt_assigned_to": account, "pvt_zone": "east"}])
        self.assertEqual([], self.ask("GET", account, "apps_store").data)
        limits = self.ask("GET", account, "limits").data
        self.assertEqual((True, 12.5), (limits["allow_postpay"],
                                        limits["max_postpay_amount"]))
        self.assertEqual(
            {"id": "10.9.9.9", "ip": "10.9.9.9", "zone": "east",
             "enabled": True, "assigned_to": account, "status": "assigned",
             "type": "dedicated_ip"},
            self.ask("GET", account, "ips/10.9.9.9").data)

    def assert_moved(self, scenes):
        """No cascade was in the dump: what the documents explained is not in
        it, until it is counted again."""
        self.stack.reevectl("recount", "--all")
        self.assert_counted(scenes)

    def test_the_api(self):
        scenes = self.scenes([r for r in ROWS if r["requests"] is not None])
        self.stack.import_documents([s.account_document() for s in scenes])
        for scene in scenes:
            made = None
            for method, rest, data in scene.fill(scene.row["requests"]):
                made = self.ask(method, scene.account, rest.replace(
                    "{made}", str(made)), data).data.get("id")
        self.assert_counted(scenes)

    def test_what_the_api_cannot_make_has_a_reason(self):
        for row in ROWS:
            with self.subTest(row["label"]):
                self.assertTrue(row["requests"] or row["why"])
                self.assertTrue(row["source"])


@require(REEVE, REEVECTL)
class ImportedNumbers(CountingTest):
    """The features of an imported number, before and after a change."""

    serial = 0

    def number(self, features, **members):
        ImportedNumbers.serial += 1
        self.account = self.stack.create_account()
        number = "+1416%07d" % (5550000 + ImportedNumbers.serial)
        self.report([dict({
            "_id": number, "pvt_type": "number", "pvt_features": features,
            "pvt_module_name": "knm_bandwidth2",
            "pvt_assigned_to": self.account}, **members)])
        return "phone_numbers/" + number

    def features(self, rest):
        """Those that are shown, which are those that count."""
        shown = self.ask("GET", self.account, rest).data
        self.assertNotIn("pvt_features", shown)
        counted = self.quantities(self.account)["account"].get(
            "number_services", {})
        self.assertEqual({name: 1 for name in shown["features"]}, counted)
        return set(shown["features"])

    CASES = (
        # the number, the change, its features afterwards
        ("a change of something else", {"sms": {}, "port": {}, "x": None},
         {}, "PATCH", {"used_by": "callflow"}, {"sms", "port", "x"}),
        ("a feature that is set", {"sms": {}}, {},
         "PATCH", {"e911": {"locality": "X"}}, {"sms", "e911"}),
        ("a feature that is unset", {"e911": {"locality": "X"}, "port": {}},
         {}, "PATCH", {"e911": None}, {"port"}),
        ("a name that it had all the time is no feature yet", {"sms": {}},
         {"cnam": {"display_name": "Us"}}, "PATCH", {"x": 1}, {"sms"}),
        ("a name that changes is one", {"sms": {}},
         {"cnam": {"display_name": "Us"}},
         "PATCH", {"cnam": {"display_name": "We"}}, {"sms", "outbound_cnam"}),
        ("without caller names, there is no feature of them",
         {"cnam": {}, "inbound_cnam": {}}, {"cnam": {"inbound_lookup": True}},
         "PATCH", {"cnam": None}, set()),
        ("all members are replaced", {"mms": {}, "port": {}, "sms": {}}, {},
         "POST", {"sms": {"enabled": True}}, {"mms", "port", "sms"}),
        ("one that is disabled", {"mms": {}, "port": {}, "sms": {}}, {},
         "PATCH", {"sms": {"enabled": False}, "port": False}, {"mms"}),
        ("the carrier becomes a local one", {"sms": {}}, {},
         "PATCH", {"carrier_name": "knm_local"}, {"sms", "local"}),
        ("and is none any longer", {"local": {}},
         {"pvt_module_name": "knm_local"},
         "PATCH", {"carrier_name": "knm_other"}, set()),
        ("a body cannot set the list", {"sms": {}}, {}, "PATCH",
         {"pvt_features": {"mms": {}}, "features": ["e911"]}, {"sms"}))

    def test_features_follow_what_is_set(self):
        for label, had, members, method, change, has in self.CASES:
            with self.subTest(label):
                rest = self.number(had, **members)
                self.assertEqual(set(had), self.features(rest))
                self.ask(method, self.account, rest, change)
                self.assertEqual(has, self.features(rest))

    def test_what_is_read_can_be_written(self):
        rest = self.number({"sms": {}, "port": {}, "e911": {"locality": "X"}})
        shown = self.ask("GET", self.account, rest).data
        self.ask("POST", self.account, rest, shown)
        self.assertEqual({"sms", "port", "e911"}, self.features(rest))
        self.assertEqual(shown, self.ask("GET", self.account, rest).data)

    def test_an_export_has_the_features_of_every_number(self):
        rest = self.number({"sms": {}, "port": {}})
        made = "phone_numbers/+14165550000"
        self.ask("PUT", self.account, made, {"cnam": {"inbound_lookup": True}})
        exported = [json.loads(line) for line in self.stack.reevectl(
            "export", self.account).stdout.splitlines()]
        self.assertEqual(
            {rest: {"sms", "port"}, made: {"inbound_cnam"}},
            {"phone_numbers/" + d["_id"]: set(d["pvt_features"])
             for d in exported if d.get("pvt_type") == "number"})
        report = self.report(exported)
        self.assertNotIn("conflict", report)
        self.assertEqual(0, report["skipped"])


# Of the fixtures of the reference: documents of before 4.3, a reseller and its
# customer's customer.
FLAT = {"users": {"admin": 1, "user": 0}, "branding": {"whitelabel": 0},
        "devices": {"sip_device": 1, "mobile": 0, "softphone": 0},
        "limits": {"inbound_trunks": 1, "outbound_trunks": 1,
                   "twoway_trunks": 2},
        "ledgers": {}, "number_services": {}, "ui_apps": {}}
TAKEN = {"users": {"admin": 1}, "devices": {"sip_device": 1}, "limits": {
    "inbound_trunks": 1, "outbound_trunks": 1, "twoway_trunks": 2}}


@require(REEVE, REEVECTL)
class BeforeScopes(CountingTest):
    """Services documents of before 4.3, whose quantities have no scopes."""

    def accounts(self):
        self.top, self.middle, self.low = (new_id() for _ in range(3))
        tree = [self.stack.master]
        documents = []
        for account in self.top, self.middle, self.low:
            documents.append(account_document(account, tree,
                                              name="a" + account))
            tree = tree + [account]
        return documents

    def services(self, account, **members):
        return dict({"_id": account, "pvt_type": "service", "pvt_vsn": "1",
                     "pvt_account_id": account, "quantities": FLAT,
                     "plans": {}, "pvt_dirty": True}, **members)

    def device(self):
        return {"_id": new_id(), "pvt_type": "device", "name": "d",
                "pvt_account_id": self.low}

    def test_quantities_without_scopes_are_those_of_the_account(self):
        for label, batches in (
                ("at once", lambda a, s, d: [a + s + d]),
                ("documents first", lambda a, s, d: [a, d, s]),
                ("services first", lambda a, s, d: [a, s, d])):
            with self.subTest(label):
                documents = self.accounts()
                for batch in batches(
                        documents, [self.services(account) for account in
                                    (self.middle, self.low)],
                        [self.device()]):
                    report = self.report(batch)
                    self.assertEqual((len(batch), 0, []), (
                        report["imported"], report["skipped"],
                        report["reports"]))
                self.assert_taken()

    def without_zeros(self, table):
        return {category: kept for category, items in table.items() if (
            kept := {i: n for i, n in items.items() if n}) and
            category != "accounts"}

    def assert_taken(self):
        for account, own, below in (
                (self.low, TAKEN, {}), (self.middle, TAKEN, TAKEN),
                (self.top, {}, total([TAKEN, TAKEN]))):
            found = self.quantities(account)
            self.assertEqual((own, below), (
                self.without_zeros(found["account"]),
                self.without_zeros(found["cascade"])))
        done = self.stack.reevectl("recount", self.top, "--dry-run",
                                   check=False)
        self.assertEqual(0, done.returncode, done.stdout)

    def test_mailboxes_have_todays_names(self):
        documents = self.accounts()
        self.report(documents + [
            self.services(self.low, quantities={
                "voicemails": {"vmbox": 1}, "faxes": {"faxbox": 1},
                "users": {"user": 2}}),
            {"_id": new_id(), "pvt_type": "vmbox", "mailbox": "1",
             "pvt_account_id": self.low},
            {"_id": new_id(), "pvt_type": "faxbox",
             "pvt_account_id": self.low}])
        self.assertEqual(
            {"accounts": {"account": 1}, "voicemails": {"mailbox": 1},
             "faxes": {"mailbox": 1}, "users": {"user": 2}},
            self.quantities(self.low)["account"])

    def test_manual_quantities_and_the_standing_are_taken(self):
        self.report(self.accounts() + [self.services(
            self.low, manual_quantities={"users": {"user": 7}},
            pvt_status="delinquent", pvt_status_reason="no card",
            pvt_status_reason_code=4)])
        self.assertEqual({"users": {"user": 7}},
                         self.quantities(self.low)["manual"])
        exported = [json.loads(line) for line in self.stack.reevectl(
            "export", self.low).stdout.splitlines()]
        service, = (d for d in exported if d.get("pvt_type") == "service")
        self.assertEqual(("delinquent", "no card", 4), tuple(
            service["pvt_status" + end] for end in ("", "_reason",
                                                    "_reason_code")))

    PLANS = (
        # an assigned plan of the reseller, and the amount of its invoice
        ("overrides are prices", {
            "account_id": "TOP", "category": "base",
            "overrides": {"users": {"admin": {"rate": 3}}}}, 3),
        ("they may have today's shape", {"account_id": "TOP", "overrides": {
            "plan": {"users": {"admin": {"rate": 4}}}}}, 4),
        ("no vendor is the reseller", {}, 1))

    def test_plans_and_their_overrides_are_taken(self):
        for label, plan, amount in self.PLANS:
            with self.subTest(label):
                documents = self.accounts()
                documents[0]["pvt_reseller"] = True
                plan = json.loads(json.dumps(plan).replace("TOP", self.top))
                report = self.report(documents + [
                    {"_id": "gold", "pvt_type": "service_plan", "name": "Gold",
                     "pvt_account_id": self.top,
                     "plan": {"users": {"admin": {"rate": 1}}}},
                    self.services(self.middle, plans={"gold": plan},
                                  pvt_reseller_id=self.top)])
                self.assertEqual([], report["reports"])
                summary = self.ask("GET", self.middle, "services/summary").data
                self.assertEqual(amount, summary["invoices"][0]["summary"]
                                 ["recurring"])

    CASES = (
        ("a payer", {"billing_id": "parent"}, "billing_id"),
        ("charges", {"transactions": [{"amount": 5}]}, "transactions (1"),
        ("of a plan", {"plans": {"gold": {"account_id": "0" * 32, "x": 1}}},
         "plans.gold.x"),
        ("quantities", {"quantities": [1]}, "quantities (not an object)"),
        ("beside scopes", {"quantities": {"account": {}, "users": {}}},
         "quantities.users"),
        ("call centres", {"quantities": {"account": {"qubicle": {"pro": 1}}}},
         "quantities.account.qubicle.pro"))

    def test_what_is_not_taken_is_told(self):
        for label, members, told in self.CASES:
            with self.subTest(label):
                report = self.report(self.accounts() + [
                    self.services(self.low, **members)])
                self.assertEqual(0, report["skipped"])
                reason, = (r["reason"] for r in report["reports"])
                self.assertIn(told, reason)


if __name__ == "__main__":
    unittest.main()
