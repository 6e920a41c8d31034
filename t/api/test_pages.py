#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of the user interfaces that people have, as tables: the requests
that a page sends, in order, and what it reads of each answer. A page whose rows
pass opens and shows what it should.

A row is (method, path, data, status, reads): reads are lines of "path type",
where [] means each element of a list, * each value of an object, and ? that it
may be missing. In paths and data, {name} is filled in (Page.names); "keep" names
a member of the answer for later rows.
"""

import base64
import json
import os
import random
import sys
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from test_pictures import PNG  # noqa: E402
from reeve import (Seller, create_account, issue_token, md5,  # noqa: E402
                   new_id, request)

# Of every body of Monster UI; nobody's category, plan or member.
METADATA = {"version": "5.5-1", "ui": "monster-ui", "origin": "myaccount"}
TYPES = {"string": str, "list": list, "object": dict, "boolean": bool,
         "number": (int, float), "integer": int}
ACCOUNT = """data.id string
    data.name string
    data.realm string
    metadata.enabled boolean
    metadata.superduper_admin boolean
    metadata.wnm_allow_additions boolean
    metadata.created integer
    metadata.is_reseller boolean
    metadata.reseller_id string
    metadata.billing_mode string"""
USER = """data.id string
    data.first_name string
    data.last_name string
    data.priv_level string"""
SUMMARY = """data.invoices list
    data.invoices[].bookkeeper.name string
    data.invoices[].bookkeeper.type string
    data.invoices[].summary.today number
    data.invoices[].summary.recurring number
    data.invoices[].items[].category string
    data.invoices[].items[].item string
    data.invoices[].items[].name string
    data.invoices[].items[].billable integer
    data.invoices[].items[].rate number
    data.invoices[].items[].total number
    data.invoices[].items[].discounts.total number?
    data.billing_cycle.next integer"""
LIMITS = """data.twoway_trunks integer?
    data.inbound_trunks integer?
    data.outbound_trunks integer?"""
ENTRIES = """page_size integer
    data[].id string
    data[].amount number
    data[].account.name string
    data[].period.start integer
    data[].source.id string
    data[].usage.quantity integer
    data[].metadata.from string
    data[].metadata.to string"""
QUESTION = """error string
    data[].bookkeeper.type string
    data[].items[].item string
    data[].items[].quantity integer
    data[].items[].rate number
    data[].items[].discount number
    data[].items[].total number
    data[].summary.today number
    data[].summary.recurring number"""
TABLE = """data.invoices[].plan.*.*.name string?
    data.invoices[].plan.*.*.rate number
    data.invoices[].items[].item string
    data.invoices[].items[].rate number"""
CLASSES = "data.*.friendly_name string"
LISTED = "data[].id string"
FLOW = {"numbers": ["no_match"], "flow": {
    "module": "offnet", "data": {}, "children": {}}}
CREDIT = {"amount": 5, "source": {"service": "adjustments", "id": "{new}"},
          "usage": {"type": "credit", "quantity": 0, "unit": "USD"},
          "description": "A gift",
          "metadata": {"ui_request": True, "automatic_description": True}}
RANGE = "created_from={from}&created_to={to}"
PER_MINUTE = "/ledgers/per-minute-voip?" + RANGE

# Monster UI 5.
START = (
    ("GET", "whitelabel/{domain}", None, 200, "data.domain string"),
    ("GET", "whitelabel/{domain}/logo", "picture", 200, "image/png"),
    ("GET", "whitelabel/{domain}/icon", "picture", 404, ""),  # a stock one
    ("PUT", "user_auth", {"credentials": "{credentials}",
                          "account_name": "{name}"}, 201,
     """auth_token string
     data.account_id string
     data.owner_id string
     data.is_reseller boolean
     data.reseller_id string"""),
    ("GET", "{A}/external_numbers", None, 200, "data list"),
    ("GET", "{A}/users/{user}", None, 200, USER),
    ("GET", "{A}", None, 200, ACCOUNT),
    ("GET", "{A}/apps_store", None, 200, "data[].id string\ndata[].name string"
     "\ndata[].api_url string\ndata[].i18n object"),
    ("GET", "{A}/apps_store/blacklist", None, 200, "data object"),
    ("GET", "{A}/apps_store/{app}/icon?auth_token={token}", "picture", 200,
     "image/png"),
    ("GET", "{A}/alerts", None, 200, "data list"),
    ("GET", "{A}/children?ascending=true", None, 200, "data list"),
    ("PATCH", "{A}/users/{user}", {"appList": ["{app}"]}, 200, USER),
    ("POST", "{A}", {"name": "{name}", "realm": "{realm}", "enabled": True,
                     "ui_restrictions": {"myaccount": {}}}, 200, ACCOUNT))

# A load with a cookie, and a link with ?t=TOKEN; older versions ask by GET.
RELOAD = (
    ("POST", "auth/tokeninfo", {"token": "{token}"}, 200,
     """data.account_id string
     data.owner_id string
     data.method string
     data.id string"""),
    ("GET", "auth/tokeninfo?token={token}", None, 200,
     "data.account_id string\ndata.owner_id string"),
    ("GET", "{A}/users/{user}", None, 200, USER),
    ("GET", "{A}", None, 200, ACCOUNT),
    ("GET", "{A}/apps_store", None, 200, LISTED))

# My account.
SETTINGS = (
    ("GET", "{A}", None, 200, ACCOUNT),
    ("GET", "{A}/callflows?filter_numbers=no_match", None, 200, LISTED),
    ("GET", "{A}/access_lists", None, 200, "data object"),
    ("GET", "{A}/external_numbers", None, 200, "data list"))
SERVICE_PLAN = (
    ("GET", "{A}/services/summary", None, 200, SUMMARY),
    ("GET", "{A}/services/summary?depth=4&identifier=items&accept=csv"
     "&auth_token={token}", "csv", 200, "category,item,rate,billable,total"))
BALANCE = (
    ("GET", "{A}/services/summary", None, 200, SUMMARY),
    ("GET", "{A}/ledgers/total", None, 200, "data.amount number"),
    ("GET", "{A}/ledgers?" + RANGE, None, 200, "data.*.amount number"
     "\ndata.per-minute-voip.usage.quantity integer"),
    ("GET", "{A}/ledgers/available", None, 200, "data[].name string"),
    ("GET", "{A}/limits", None, 200, LIMITS),
    ("GET", "{A}" + PER_MINUTE + "&page_size=50"
     "&filter_not_metadata.manual_bookkeeping_tool=true", None, 200, ENTRIES),
    ("GET", "{A}/ledgers/adjustments?" + RANGE + "&paginate=false"
     "&filter_metadata.manual_bookkeeping_tool=true", None, 200, "data list"),
    ("GET", "{A}" + PER_MINUTE + "&accept=csv&paginate=false"
     "&auth_token={token}", "csv", 200,
     "ID,Amount,Source ID,Usage Quantity"),
    ("POST", "{A}", {"name": "{name}", "realm": "{realm}",
                     "topup": {"threshold": 10, "amount": 25},
                     "notifications": {"low_balance": {
                         "enabled": True, "threshold": 5}}}, 200,
     "data.topup.amount number\ndata.notifications.low_balance.enabled boolean"),
    ("PATCH", "{A}", {"topup": {"monthly": {"exact": False}}}, 200,
     "data.topup.monthly object"))
# The dialog of a top-up shows nothing else.
TOP_UP_ERRORS = (
    ("POST", "{A}/services/topup", {"amount": "much"}, 400,
     "data.amount.type.message string"),
    ("POST", "{A}/services/topup", {"amount": 25}, 500,
     "data.bookkeeper.results.message string\ndata.bookkeeper.message string"),
    ("GET", "{A}/ledgers/total", None, 200, "data.amount number"),
    ("GET", "{A}/transactions?" + RANGE, None, 200, """data[].amount number
     data[].status string
     data[].created integer
     data[].executor.module string
     data[].executor.trigger string
     data[].description string
     data[].bookkeeper.message string
     data[].type string"""))
TRANSACTIONS = (
    ("GET", "{A}/transactions?paginate=false&reason=no_calls&" + RANGE, None,
     200, "data list"),)
PAYMENT_DETAILS = (
    ("GET", "{A}/braintree/customer", None, 404, "data.message string"),)
TRUNKS = (
    ("GET", "{A}/limits", None, 200, LIMITS),
    ("POST", "{A}/limits", {"twoway_trunks": 3, "inbound_trunks": 0}, 402,
     QUESTION),
    ("POST", "{A}/limits", {"twoway_trunks": 3, "inbound_trunks": 0,
                            "accept_charges": True}, 200,
     "data.twoway_trunks integer"),
    ("GET", "{A}/limits", None, 200, "data.twoway_trunks integer"))
APP_EXCHANGE = (
    ("GET", "{A}/apps_store", None, 200, "data[].id string\ndata[].name string"),
    ("PUT", "{A}/apps_store/{app}", {"allowed_users": "admins",
                                     "accept_charges": True}, 201, "data object"),
    ("POST", "{A}/apps_store/{app}", {"allowed_users": "all",
                                      "accept_charges": True}, 200,
     "data.allowed_users string"),
    ("GET", "{A}/apps_store/{app}", None, 200, "data.allowed_users string"))

# The accounts app, of a reseller.
ACCOUNT_LIST = (
    ("GET", "{R}/children?ascending=true", None, 200,
     "data[].id string\ndata[].name string\ndata[].realm string"),
    ("GET", "{R}/children?ascending=true&paginate=false", None, 200, LISTED))
ACCOUNT_OPENED = (
    ("GET", "{A}", None, 200, ACCOUNT),
    ("GET", "{A}/users", None, 200, "data[].id string\ndata[].priv_level string"),
    ("GET", "{A}/limits", None, 200, LIMITS),
    ("GET", "{A}/ledgers/total", None, 200, "data.amount number"),
    ("GET", "{A}/service_plans?paginate=false", None, 200, "data list"),
    ("GET", "{A}/services/summary", None, 200, SUMMARY),
    ("GET", "{A}/apps_store", None, 200, LISTED),
    ("GET", "{A}/apps_store/blacklist", None, 200, "data object"),
    ("GET", "{A}/phone_numbers/classifiers", None, 200, CLASSES),
    ("GET", "{A}/callflows?filter_numbers=no_match", None, 200, LISTED),
    ("GET", "{A}/multi_factor", None, 200, "data.multi_factor_providers list"),
    ("GET", "{A}/security", None, 200,
     "data.account object\ndata.inherited_config object"))
WIZARD = (
    ("GET", "{R}/service_plans?paginate=false", None, 200,
     "data[].id string\ndata[].name string"),
    ("GET", "{R}/services/available?paginate=false"
     "&filter_merge.strategy=cumulative", None, 200, "data list"),
    ("GET", "{R}/services/editable", None, 200, "data.devices object"),
    ("GET", "{R}/services/overrides", None, 200, "data object"),
    ("POST", "{R}/services/quote", {"plans": ["{plan}"]}, 200, TABLE),
    ("POST", "{R}/services/quote", {"plans": ["nonesuch"]}, 404,
     "data.cause string"),
    ("GET", "phone_numbers/classifiers", None, 200, CLASSES),
    ("PUT", "{R}", {"name": "Made by the wizard", "realm": "w{new}.test",
                    "accept_charges": True}, 201,
     "data.id string\ndata.reseller_id string"),
    ("keep", "made", "data.id"),
    ("POST", "accounts/{made}/services/", {"add": ["{plan}"],
                                           "accept_charges": True}, 200,
     "data.*.vendor_id string"),
    ("GET", "accounts/{made}/limits", None, 200, LIMITS),
    ("POST", "accounts/{made}/limits", {"twoway_trunks": 2,
                                        "accept_charges": True}, 200,
     "data.twoway_trunks integer"),
    ("PUT", "accounts/{made}/ledgers/credit", CREDIT, 201, "data.amount number"),
    ("PUT", "accounts/{made}/users", {
        "first_name": "A", "last_name": "B", "username": "u{new}",
        "password": "a password", "priv_level": "admin",
        "accept_charges": True}, 201, "data.id string"),
    ("PUT", "accounts/{made}/callflows", dict(FLOW, accept_charges=True), 201,
     "data.id string\ndata.numbers list"),
    ("POST", "accounts/{made}/apps_store/blacklist", {
        "blacklist": ["{app}"], "accept_charges": True}, 200, "data object"))
ACCOUNT_CHANGED = (
    ("PUT", "{A}/ledgers/credit", CREDIT, 201, "data.amount number"),
    ("PUT", "{A}/ledgers/debit", dict(CREDIT, usage={
        "type": "debit", "quantity": 0, "unit": "USD"}), 201,
     "data.amount number"),
    ("GET", "{A}/ledgers/total", None, 200, "data.amount number"),
    ("POST", "{A}", {"name": "{name}", "realm": "{realm}"}, 200, ACCOUNT),
    ("PUT", "{R}", {"name": "To be deleted"}, 201, "data.id string"),
    ("keep", "gone", "data.id"),
    ("DELETE", "accounts/{gone}", {}, 200, "data.id string"))

# SmartPBX, Numbers, CSV onboarding: their lists open, without telephony.
TELEPHONY = (
    ("GET", "{R}/services/available?paginate=false"
     "&filter_merge.strategy=cumulative", None, 200, "data list"),
    ("GET", "{A}/directories", None, 200, "data list"),
    ("GET", "{A}/groups", None, 200, "data list"),
    ("GET", "{A}/channels", None, 200, "data list"),
    ("GET", "{A}/devices/status", None, 200, "data list"),
    ("GET", "{A}/devices?with_status=true", None, 200, LISTED),
    ("GET", "{A}/devices?filter_device_type=mobile&has_key=mobile", None, 200,
     "data[].device_type string"),
    ("GET", "{A}/callflows?has_type=type", None, 200, LISTED),
    ("GET", "{A}/configs/kazoo_endpoint", None, 200, "data object"),
    ("GET", '{A}/phone_numbers?filter_state=["in_service","port_in"]', None, 200,
     "data.numbers.*.state string"))


# kazoo-ui; and crossbar-nodejs, which sends the method of a DELETE as its data.
KAZOO_UI = (
    ("GET", "{A}/service_plans/current", None, 200, """data.plans object
     data.items.*.*.rate number
     data.items.*.*.quantity integer"""),
    ("GET", "{A}/limits", None, 200, LIMITS),
    ("GET", "{A}/braintree/customer", None, 404, "message string"),
    ("GET", "{A}/braintree/credits", None, 404, "message string"),
    ("PUT", "{A}/devices", {"name": "P", "accept_charges": True}, 201,
     "data.id string"),
    ("keep", "device", "data.id"),
    ("DELETE", "{A}/devices/{device}", "verb", 200, "data.id string"))


def values_at(tree, parts):
    """The values at a path, each with the place where it was found; None: it is
    missing there."""
    if not parts:
        return [tree]
    if parts[0] == "[]":
        return [v for one in tree for v in values_at(one, parts[1:])]
    if parts[0] == "*":
        return [v for one in tree.values() for v in values_at(one, parts[1:])]
    if not isinstance(tree, dict) or parts[0] not in tree:
        return [None]
    return values_at(tree[parts[0]], parts[1:])


class PageTest(unittest.TestCase):
    """A reseller with a plan, whose customer has some of everything."""

    @classmethod
    def setUpClass(cls):
        cls.reseller = Seller("Pages")
        cls.plan = cls.reseller.plan("gold" + new_id()[:8], {
            "devices": {"sip_device": {"name": "Phones", "rate": 2}},
            "limits": {"twoway_trunks": {
                "name": "Trunks", "rate": 20, "activation_charge": 7,
                "discounts": {"single": {"rate": 5}}}},
            "account_apps": {"_all": {"name": "Applications", "rate": 0}}})
        cls.name, cls.realm = "pages" + new_id(), new_id() + ".test"
        cls.account = create_account(cls.reseller.id, cls.name, "--realm",
                                     cls.realm)
        cls.names = {
            "A": "accounts/" + cls.account, "R": "accounts/" + cls.reseller.id,
            "name": cls.name, "realm": cls.realm, "plan": cls.plan,
            "domain": "d%s.example.org" % cls.account,
            "credentials": md5("ann", "a password")}
        cls.now = int(time.time()) + 62167219200  # Gregorian seconds
        cls.names.update({"from": cls.now - 86400, "to": cls.now + 60})
        cls.token = cls.reseller.token
        made = cls.make("PUT", "/users", {
            "first_name": "Ann", "last_name": "A", "username": "ann",
            "password": "a password", "priv_level": "admin"})
        cls.names["user"] = made["id"]
        cls.names["app"] = cls.make("PUT", "/apps", {
            "name": "crm", "api_url": "https://crm.example.org/",
            "i18n": {"en-US": {"label": "CRM"}}}, cls.reseller.id)["id"]
        cls.make("POST", "/services", {"add": [cls.plan]})
        cls.make("PUT", "/whitelabel", {"domain": cls.names["domain"],
                                        "company_name": "Pages"})
        for rest, account in (("whitelabel/logo", cls.account),
                              ("apps/{app}/icon", cls.reseller.id)):
            request("PUT", "/v2/accounts/%s/%s" % (account, rest.replace(
                "{app}", cls.names["app"])), cls.token, body=PNG,
                    headers={"Content-Type": "image/png"})
        cls.make("PUT", "/callflows", FLOW)
        cls.make("PUT", "/devices", {"name": "Phone"})
        cls.make("PUT", "/devices", {"name": "M", "device_type": "mobile",
                                     "mobile": {"mdn": "+14155550199"}})
        cls.names["number"] = "+1415%07d" % random.randrange(10**7)
        cls.make("PUT", "/phone_numbers/" + cls.names["number"], {})
        cls.make("PUT", "/phone_numbers/%s/activate" % cls.names["number"], {})
        cls.make("PUT", "/ledgers/debit", {
            "amount": 1.5, "source": {"service": "per-minute-voip", "id": "c1"},
            "usage": {"quantity": 60, "type": "voice", "unit": "sec"},
            "period": {"start": cls.now - 60, "end": cls.now},
            "metadata": {"from": "a@x", "to": "b@x", "direction": "inbound"}})
        cls.names["token"] = cls.log_in()

    @classmethod
    def make(cls, method, rest, data, account=None):
        answer = request(method, "/v2/accounts/%s%s" % (
            account or cls.account, rest), cls.token, data=data,
                         envelope={"accept_charges": True})
        if answer.status not in (200, 201):
            raise AssertionError(answer)
        return answer.data

    @classmethod
    def log_in(cls):
        return request("PUT", "/v2/user_auth", data={
            "credentials": cls.names["credentials"],
            "account_name": cls.name}).envelope["auth_token"]

    def filled(self, value):
        if isinstance(value, dict):
            return {k: self.filled(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self.filled(v) for v in value]
        if not isinstance(value, str):
            return value
        for name, text in dict(self.names, new=new_id()).items():
            value = value.replace("{%s}" % name, str(text))
        return value

    def send(self, method, path, data, token):
        """As the JavaScript SDK of Monster UI does."""
        path = "/v2/" + self.filled(path).replace('"', "%22").replace(
            "[", "%5B").replace("]", "%5D")
        if data in ("csv", "picture"):  # the browser sends no token for these
            return request(method, path, None, headers={
                "Accept": "text/html" if data == "csv" else "image/*"})
        if data == "verb":
            return request(method, path, token, body=b'{"verb":"DELETE"}',
                           headers={"Content-Type": "application/json"})
        if method == "GET":
            path += "%s_=%d" % ("&" if "?" in path else "?", self.now)
        envelope = {}
        if data is not None:
            data = self.filled(data)
            if data.pop("accept_charges", False):
                envelope["accept_charges"] = True
            data["ui_metadata"] = METADATA
        if path.startswith(("/v2/whitelabel/", "/v2/user_auth")):
            token = "undefined"
        elif path.startswith("/v2/auth/"):
            token = None
        return request(method, path, token, data=data, envelope=envelope,
                       headers={"Content-Type": "application/json"})

    def check_reads(self, answer, reads):
        for line in reads.splitlines():
            path, kind = line.split()
            needed, kind = not kind.endswith("?"), TYPES[kind.rstrip("?")]
            found = values_at(answer.envelope, path.replace(
                "[]", ".[]").split("."))
            self.assertTrue(found, "%s: nothing is there" % line)
            for value in found:
                if value is None and not needed:
                    continue
                self.assertIsInstance(value, kind, "%s of %s" % (line, answer))
                self.assertFalse(isinstance(value, bool) and kind is not bool,
                                 line)

    def open(self, page, token):
        """Replays a page; returns its last answer."""
        answer = None
        for row in page:
            if row[0] == "keep":
                self.names[row[1]] = values_at(answer.envelope,
                                               row[2].split("."))[0]
                continue
            method, path, data, status, reads = row
            with self.subTest("%s %s" % (method, path)):
                answer = self.send(method, path, data, token)
                self.assertEqual(status, answer.status, answer)
                if data == "csv":
                    self.assertIn("attachment",
                                  answer.headers["content-disposition"])
                    self.assertLessEqual(set(reads.split(",")), set(
                        answer.body.decode().splitlines()[0].split(",")))
                    continue
                if data == "picture" and status == 200:
                    self.assertEqual(reads, answer.headers["content-type"])
                    continue
                self.assertEqual("application/json",
                                 answer.headers["content-type"])
                self.assertIsInstance(json.loads(answer.body)["data"],
                                      (dict, list))
                self.check_reads(answer, reads)
        return answer


class MyAccount(PageTest):
    """Monster UI, by a customer's admin."""

    def open(self, page, token=None):
        return super().open(page, token or self.names["token"])

    def test_start(self):
        self.open(START)

    def test_reload(self):
        self.open(RELOAD)
        payload = self.names["token"].split(".")[1]  # as jwt_decode does
        payload = json.loads(base64.urlsafe_b64decode(payload + "=="))
        self.assertEqual((self.account, self.names["user"]), (
            payload["account_id"], payload["owner_id"]))
        self.assertGreater(payload["exp"], time.time())

    def test_settings(self):
        self.open(SETTINGS)

    def test_service_plan(self):
        self.open(SERVICE_PLAN)

    def test_balance(self):
        self.open(BALANCE)

    def test_transactions(self):
        self.open(TRANSACTIONS)

    def test_payment_details(self):
        self.open(PAYMENT_DETAILS)

    def test_app_exchange(self):
        self.open(APP_EXCHANGE)

    def test_kazoo_ui(self):
        self.open(KAZOO_UI)

    def test_errors_of_a_top_up(self):
        """Those of a bookkeeper that cannot be asked."""
        bookkeeper = self.make("PUT", "/bookkeepers", {
            "name": "Cards", "bookkeeper": {"type": "http"}, "enabled": False,
            "url": "https://cards.example.org/"}, self.reseller.id)
        plan = self.reseller.plan("cards" + new_id()[:8], {
            "devices": {"fax": {"rate": 1}}}, bookkeeper={
                "type": "http", "id": bookkeeper["id"]})
        self.make("POST", "/services", {"add": [plan]})
        self.open(TOP_UP_ERRORS)
        self.assertEqual({"Cards", "Default bookkeeper"}, {
            i["bookkeeper"]["name"] for i in self.send(
                "GET", "{A}/services/summary", None,
                self.token).data["invoices"]})
        self.make("DELETE", "/services/" + plan, {})

    def test_trunks(self):
        """By the reseller, who is asked with the sums that the dialog shows."""
        self.open(TRUNKS[:1])
        answer = self.open((TRUNKS[1][:3] + (403, "data.message string"),))
        self.assertIn("phone provider", answer.data["message"])
        answer = self.open(TRUNKS[1:2], self.token)
        for invoice in answer.data:
            self.assertEqual(sum(invoice["summary"].values()),
                             sum(i["total"] for i in invoice["items"]))
            for item in invoice["items"]:
                if item["quantity"] > 0:
                    self.assertEqual(item["total"], item["quantity"] *
                                     item["rate"] - item["discount"], item)
        self.open(TRUNKS[2:], self.token)


class Accounts(PageTest):
    """The accounts app, by a reseller's admin."""

    def open(self, page, token=None):
        return super().open(page, token or self.token)

    def test_list(self):
        self.open(ACCOUNT_LIST)

    def test_open_an_account(self):
        self.open(ACCOUNT_OPENED)

    def test_wizard(self):
        self.open(WIZARD)
        self.assertEqual([self.plan], list(request(
            "GET", "/v2/accounts/%s/services" % self.names["made"],
            self.token).data))

    def test_change_an_account(self):
        self.open(ACCOUNT_CHANGED)

    def test_telephony(self):
        self.open(TELEPHONY)


class Refusals(PageTest):
    """Each of Reeve's own, and the place where clients show its text
    (doc/compatibility 3.1)."""

    def conflict(self, answer, name, field="request"):
        self.assertEqual((409, name), (answer.status,
                                       answer.envelope["message"]), answer)
        text = answer.data["message"]
        self.assertEqual({"message": text, name: {"message": text}},
                         answer.data[field])
        self.assertNotIn(None, answer.data.values())

    def ask(self, method, path, data=None, **more):
        return request(method, "/v2/" + self.filled(path), self.token,
                       data=data, **more)

    def test_conflicts(self):
        child = create_account(self.reseller.id, "Parent")
        create_account(child, "Child")
        quote = self.ask("POST", "{A}/services/quote",
                         {"add": [self.plan]}).data["quote"]["id"]
        self.ask("PATCH", "{A}/services/manual", {"devices": {"fax": 1}},
                 envelope={"accept_charges": True})
        entry = dict(CREDIT, source={"service": "adjustments", "id": "once"},
                     period={"start": self.now})
        self.ask("PUT", "{A}/ledgers/credit", entry)
        book = self.make("PUT", "/bookkeepers", {
            "name": "B", "bookkeeper": {"type": "default"}}, self.reseller.id)
        plan = self.reseller.plan("named" + new_id()[:8], {}, bookkeeper={
            "type": "http", "id": book["id"]})
        self.make("POST", "/services", {"add": [plan]})
        for name, row in (
                ("account_has_descendants", ("DELETE", "accounts/" + child)),
                ("quote differs", ("POST", "{A}/services", {"quote": quote})),
                ("datastore_conflict", ("PUT", "{A}/ledgers/credit", entry)),
                ("datastore_conflict", ("PUT", "{A}/whitelabel", {
                    "domain": "another.example.org"})),
                ("number_exists", (
                    "PUT", "{A}/phone_numbers/{number}", {})),
                ("datastore_conflict", ("DELETE", "{R}/bookkeepers/" +
                                        book["id"])),
                ("datastore_conflict", ("DELETE", "{R}/service_plans/" + plan))):
            with self.subTest(row[:2]):
                answer = self.ask(*row)
                fields = set(answer.data) & {"request", "id", "account"}
                self.conflict(answer, name, fields and sorted(fields)[-1])

    def test_those_of_clients_that_send_more(self):
        key = {"Idempotency-Key": new_id()}
        self.ask("PATCH", "{A}/services/manual", {}, headers=key)
        for status, name, row, headers in (
                (412, "precondition failed", ("PATCH", "{A}", {}),
                 {"If-Match": '"x"'}),
                (422, "idempotency key reused", (
                    "PATCH", "{A}/services/manual", {"d": {"i": 1}}), key)):
            with self.subTest(status):
                answer = self.ask(*row, headers=headers)
                self.assertEqual((status, name), (
                    answer.status, answer.envelope["message"]), answer)
                self.assertTrue(answer.data["message"])

    def test_the_page_names_them_all(self):
        with open(os.path.join(TOP, "doc", "compatibility")) as f:
            page = f.read()
        part = page[page.index("Refusals of Reeve's own"):]
        part = part[:part.index("\n3.2 ")]
        with open(os.path.join(TOP, "src", "base", "problem.c")) as f:
            table = f.read()
        for row in table.split("[PROBLEM_")[1:]:
            words = row.split('"')
            status = int(words[0].split("{")[1].strip(" ,\n\t"))
            if status in (402, 409, 412, 422, 423, 429):
                self.assertIn(words[1], part)


if __name__ == "__main__":
    unittest.main()
