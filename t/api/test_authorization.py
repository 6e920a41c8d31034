#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Permissions: every route of the table, called by every kind of caller.

A route that is added to src/api/routes.c without a row here fails the suite.
"""

import os
import re
import sys
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_TOKEN, create_account, get, issue_token,  # noqa: E402
                   new_id, request)

CALLERS = ("none", "garbage", "expired", "foreign", "sibling", "child",
           "self", "parent", "reseller", "grandparent", "master")

# Visible to the account, its ancestors and descendants only.
FAMILY = {"none": 401, "garbage": 401, "expired": 401, "foreign": 403,
          "sibling": 403, "child": 403}
# The sellers of the account: its reseller and the master account.
SELLER = dict(FAMILY, self=403, parent=403, grandparent=403)
# Only the master account.
ADMIN = dict(SELLER, reseller=403)
# The ancestors of the account.
ABOVE = dict(FAMILY, self=403)
# Anyone with a valid token.
CALLER = {"none": 401, "garbage": 401, "expired": 401}

# Route: the status, and the callers who get another one.
EXPECTED = {
    ("PUT", "user_auth"): (400, {}),  # empty data: named, but not refused
    ("PUT", "user_auth/recovery"): (400, {}),
    ("POST", "user_auth/recovery"): (400, {}),
    ("PUT", "api_auth"): (400, {}),
    ("PUT", "auth"): (400, CALLER),
    ("GET", "auth/tokeninfo"): (400, {}),
    ("POST", "auth/tokeninfo"): (400, {}),
    ("GET", "requests/{REQUEST}"): (200, CALLER),
    ("GET", "system/status"): (200, dict.fromkeys(
        ("child", "foreign", "grandparent", "parent", "reseller", "self",
         "sibling"), 403) | CALLER),
    ("GET", "token_auth"): (200, CALLER),
    ("DELETE", "token_auth"): (200, CALLER),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit/summary"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit/summary/{SOURCE_SERVICE}"):
        (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit/verify"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit/{AUDIT_ID}"): (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit_summary"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/services/audit_summary/{SOURCE_SERVICE}"):
        (200, FAMILY),
    ("GET", "schemas"): (200, {}),
    ("GET", "schemas/{SCHEMA}"): (200, {}),
    ("GET", "whitelabel/{DOMAIN}"): (404, {}),
    ("GET", "whitelabel/{DOMAIN}/logo"): (404, {}),
    ("GET", "whitelabel/{DOMAIN}/icon"): (404, {}),
    ("GET", "accounts/{ACCOUNT_ID}/whitelabel/logo"):
        (404, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/whitelabel/logo"):
        (404, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/whitelabel/logo"):
        (404, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/whitelabel/logo"):
        (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/whitelabel/icon"):
        (404, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/whitelabel/icon"):
        (404, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/whitelabel/icon"):
        (404, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/whitelabel/icon"):
        (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon"):
        (404, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon"):
        (404, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon"):
        (404, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon"):
        (404, FAMILY),
    ("PUT", "accounts"): (400, CALLER),
    ("GET", "accounts/{ACCOUNT_ID}"): (200, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}"): (400, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}"): (400, FAMILY),
    ("PATCH", "accounts/{ACCOUNT_ID}"): (200, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}"): (409, ABOVE),
    ("GET", "accounts/{ACCOUNT_ID}/api_key"): (200, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/api_key"): (201, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/children"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/customers"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/descendants"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/descendants/port_requests"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/overview"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/parents"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/siblings"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/token_restrictions"): (404, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/token_restrictions"): (400, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/token_restrictions"): (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/tree"): (200, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/move"): (400, ADMIN),
    ("PUT", "accounts/{ACCOUNT_ID}/reseller"): (201, ADMIN),
    ("DELETE", "accounts/{ACCOUNT_ID}/reseller"): (200, ADMIN),
    ("GET", "accounts/{ACCOUNT_ID}/{KIND}"): (200, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/{KIND}"): (400, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/{KIND}/collection"):
        (400, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/{KIND}/{ID}"): (404, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/{KIND}/{ID}"): (404, FAMILY),
    ("PATCH", "accounts/{ACCOUNT_ID}/{KIND}/{ID}"): (404, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/{KIND}/{ID}"): (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/{SETTING}"): (404, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/{SETTING}"): (400, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/{SETTING}"): (400, FAMILY),
    ("PATCH", "accounts/{ACCOUNT_ID}/{SETTING}"): (400, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/{SETTING}"): (404, FAMILY),
    ("GET", "phone_numbers/classifiers"): (200, CALLER),
    ("GET", "accounts/{ACCOUNT_ID}/phone_numbers/classifiers"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/phone_numbers"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/access_lists"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/channels"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/configs/{NAME}"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/devices/status"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/directories"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/groups"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/multi_factor"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/security"): (200, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/collection"):
        (400, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/phone_numbers/collection"):
        (400, FAMILY),
    ("PATCH", "accounts/{ACCOUNT_ID}/phone_numbers/collection"):
        (400, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/phone_numbers/collection"):
        (400, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/collection/activate"):
        (400, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"):
        (400, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"):
        (400, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"):
        (400, FAMILY),
    ("PATCH", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"):
        (400, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"):
        (400, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}/activate"):
        (400, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}/reserve"):
        (400, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/ips"): (200, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/ips"): (400, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/ips/assigned"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/ips/{IP}"): (400, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/ips/{IP}"): (400, SELLER),
    ("DELETE", "accounts/{ACCOUNT_ID}/ips/{IP}"): (400, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/apps_store"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/apps_store/blacklist"):
        (200, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/apps_store/blacklist"):
        (200, ABOVE),
    ("GET", "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}"):
        (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}/icon"):
        (404, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}"):
        (404, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}"):
        (404, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}"):
        (404, FAMILY),
    ("PATCH", "accounts/{ACCOUNT_ID}/port_requests/{ID}/{STATE}"):
        (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/available"): (200, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/ledgers/credit"): (400, SELLER),
    ("PUT", "accounts/{ACCOUNT_ID}/ledgers/debit"): (400, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/entries"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/summary/{MONTH}"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/total"): (200, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/ledgers/usage"): (400, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/{SOURCE_SERVICE}"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/ledgers/{SOURCE_SERVICE}/{LEDGER_ID}"):
        (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/transactions"): (200, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/transactions/credit"): (400, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/transactions/current_balance"):
        (200, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/transactions/debit"): (400, SELLER),
    ("PUT", "accounts/{ACCOUNT_ID}/transactions/refund"): (400, SELLER),
    ("PUT", "accounts/{ACCOUNT_ID}/transactions/sale"): (400, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/transactions/{TRANSACTION_ID}"):
        (404, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/services/topup"): (400, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/services/synchronization"): (200, SELLER),
    ("POST", "accounts/{ACCOUNT_ID}/service_plans/synchronization"):
        (200, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/allotments"): (400, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/allotments"):
        (200, dict(FAMILY, self=400, parent=400, grandparent=400)),
    ("GET", "accounts/{ACCOUNT_ID}/allotments/consumed"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/users/{ID}/tokens"): (404, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/users/{ID}/tokens"): (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/deliveries"): (200, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/deliveries/{ID}/replay"): (404, ADMIN),
    ("GET", "accounts/{ACCOUNT_ID}/webhooks/{ID}/attempts"): (404, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/webhooks/{ID}/replay"): (404, FAMILY),
    ("GET", "services/editable"): (200, CALLER),
    ("POST", "services/quote"): (200, CALLER),
    ("GET", "accounts/{ACCOUNT_ID}/services"): (200, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/services"): (200, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/services/available"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/services/editable"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/services/manual"): (200, SELLER),
    ("POST", "accounts/{ACCOUNT_ID}/services/manual"): (200, SELLER),
    ("PATCH", "accounts/{ACCOUNT_ID}/services/manual"): (200, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/services/overrides"): (200, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/services/overrides"): (200, SELLER),
    ("PATCH", "accounts/{ACCOUNT_ID}/services/overrides"): (200, SELLER),
    ("POST", "accounts/{ACCOUNT_ID}/services/quote"): (200, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/services/reconciliation"): (200, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/services/status"): (200, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/services/status"): (400, ADMIN),
    ("GET", "accounts/{ACCOUNT_ID}/services/summary"): (200, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/services/{PLAN_ID}"): (404, SELLER),
    ("DELETE", "accounts/{ACCOUNT_ID}/services/{PLAN_ID}"): (404, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans"): (200, FAMILY),
    ("PUT", "accounts/{ACCOUNT_ID}/service_plans"): (400, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/service_plans"): (200, SELLER),
    ("DELETE", "accounts/{ACCOUNT_ID}/service_plans"): (400, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/available"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/available/{PLAN_ID}"):
        (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/current"): (200, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/editable"): (200, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/service_plans/reconciliation"):
        (200, SELLER),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}"): (404, FAMILY),
    ("GET", "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}/versions"): (404, FAMILY),
    ("POST", "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}"): (404, FAMILY),
    ("PATCH", "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}"): (404, FAMILY),
    ("DELETE", "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}"): (404, FAMILY),
}

PARAMETERS = {"AUDIT_ID": "202611-" + "0" * 32, "SOURCE_SERVICE": "user",
              "REQUEST": "unknown",
              "PLAN_ID": "no_such_plan", "SCHEMA": "devices",
              "DOMAIN": "no.such.domain", "KIND": "devices",
              "SETTING": "whitelabel", "ID": "0" * 32, "NUMBER": "x", "IP": "x",
              "APP_ID": "no_such_app", "NAME": "x", "MONTH": "202611",
              "TRANSACTION_ID": "202611-" + "0" * 32,
              "LEDGER_ID": "202611-" + "0" * 32, "STATE": "submitted"}

# Bodies that are refused, for routes that would take an empty one.
REFUSED_BODIES = {
    (method, "accounts/{ACCOUNT_ID}/{SETTING}"): {"domain": "x"}
    for method in ("PUT", "POST", "PATCH")}


def routes():
    with open(os.path.join(TOP, "src", "api", "routes.c")) as f:
        return re.findall(r'\{ METHOD_(\w+), +"([^"]+)"', f.read())


class EveryRoute(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        grandparent = create_account(None, "Grandparent", "--reseller")
        reseller = create_account(grandparent, "Reseller", "--reseller")
        parent = create_account(reseller, "Parent")
        cls.account = create_account(parent, "Self")
        cls.accounts = {
            "grandparent": grandparent, "reseller": reseller, "parent": parent,
            "self": cls.account, "child": create_account(cls.account, "Child"),
            "sibling": create_account(parent, "Sibling"),
            "foreign": create_account(None, "Foreign", "--reseller")}
        cls.accounts["master"] = os.environ["REEVE_MASTER_ID"]
        cls.tokens = {"none": None, "garbage": "garbage",
                      "expired": issue_token(cls.account, "--expiry", "1s")}
        time.sleep(2)

    def token(self, caller, route=None):
        """The caller's token; another one if the route may revoke it."""
        if route == "token_auth" and caller in self.accounts:
            return issue_token(self.accounts[caller])
        if caller not in self.tokens:
            self.tokens[caller] = issue_token(self.accounts[caller])
        return self.tokens[caller]

    def path(self, route, account):
        path = route.replace("{ACCOUNT_ID}", account)
        for name, value in PARAMETERS.items():
            path = path.replace("{%s}" % name, value)
        return "/v2/" + path

    def test_the_table_is_covered(self):
        table, expected = routes(), set(EXPECTED)
        self.assertEqual(len(set(table)), len(table), "a route stands twice")
        self.assertEqual(set(), set(table) - expected,
                         "routes without a row in EXPECTED")
        self.assertEqual(set(), expected - set(table),
                         "rows of EXPECTED without a route")

    def test_every_caller_gets_the_status_of_the_table(self):
        for (method, route), (usual, others) in EXPECTED.items():
            for caller in CALLERS:
                with self.subTest("%s %s by %s" % (method, route, caller)):
                    answer = request(method, self.path(route, self.account),
                                     self.token(caller, route),
                                     data=REFUSED_BODIES.get((method, route)))
                    self.assertEqual(others.get(caller, usual), answer.status,
                                     answer)

    def test_nobody_learns_which_accounts_exist(self):
        strip = lambda answer: {k: v for k, v in answer.envelope.items()
                                if k not in ("request_id", "timestamp")}
        for method, route in EXPECTED:
            if "{ACCOUNT_ID}" not in route:
                continue
            for caller in ("none", "garbage", "foreign", "sibling", "child"):
                with self.subTest("%s by %s" % (route, caller)):
                    token = self.token(caller)
                    there = request(method, self.path(route, self.account),
                                    token)
                    not_there = request(method, self.path(route, new_id()),
                                        token)
                    self.assertEqual(there.status, not_there.status)
                    self.assertEqual(strip(there), strip(not_there))

    def test_the_master_account_learns_which_accounts_exist(self):
        unknown = new_id()
        answer = get("/v2/accounts/%s/services/audit" % unknown, MASTER_TOKEN)
        self.assertEqual(404, answer.status)
        self.assertEqual("bad_identifier", answer.envelope["message"])
        self.assertEqual({"cause": unknown, "message": "bad identifier"},
                         answer.data)


if __name__ == "__main__":
    unittest.main()
