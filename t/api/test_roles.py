#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles of users: every route of the table by every role, in the own account and
in a descendant, by each form of the request; and what users may say about rights.

A route that is added to src/api/routes.c is the admin's unless it reads, and the
viewer's if it does; what differs stands in LEAST.
"""

import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))
sys.path.insert(0, os.path.join(TOP, "t", "api"))

from reeve import (MASTER_ID, MASTER_TOKEN, create_account, get, issue_token,  # noqa: E402
                   new_id, reevectl, request)
from test_authorization import (EXPECTED, PARAMETERS,  # noqa: E402
                                REFUSED_BODIES)

ROLES = ("user", "viewer", "clerk", "admin")
A = "accounts/{ACCOUNT_ID}"

LEAST = {("GET", A + "/api_key"): "admin",
         ("GET", A + "/deliveries"): "admin",
         ("GET", A + "/users/{ID}/tokens"): "admin"}
LEAST.update(dict.fromkeys([
    ("POST", "services/quote"), ("POST", A + "/services/quote"),
    ("POST", A + "/services/topup"), ("POST", A + "/services/synchronization"),
    ("POST", A + "/service_plans/synchronization"),
    ("PUT", A + "/ledgers/credit"), ("PUT", A + "/ledgers/debit"),
    ("PUT", A + "/ledgers/usage"), ("PUT", A + "/transactions/credit"),
    ("PUT", A + "/transactions/debit"), ("PUT", A + "/transactions/refund"),
    ("PUT", A + "/transactions/sale")], "clerk"))
LEAST.update(dict.fromkeys([
    ("GET", "token_auth"), ("DELETE", "token_auth"), ("PUT", "auth"), ("GET", A),
    ("GET", A + "/children"), ("GET", A + "/overview"),
    ("GET", A + "/services/summary"),
    ("GET", A + "/ledgers"), ("GET", A + "/ledgers/available"),
    ("GET", A + "/ledgers/total"), ("GET", A + "/ledgers/{SOURCE_SERVICE}"),
    ("GET", A + "/transactions"), ("GET", A + "/apps_store"),
    ("GET", "phone_numbers/classifiers"),
    ("GET", A + "/phone_numbers/classifiers"),
    ("GET", A + "/apps_store/blacklist"), ("GET", A + "/apps_store/{APP_ID}"),
    ("GET", A + "/apps_store/{APP_ID}/icon"),
    ("GET", A + "/apps/{APP_ID}/icon"), ("GET", A + "/whitelabel/logo"),
    ("GET", A + "/whitelabel/icon"),
    ("GET", A + "/access_lists"), ("GET", A + "/channels"),
    ("GET", A + "/configs/{NAME}"), ("GET", A + "/devices/status"),
    ("GET", A + "/directories"), ("GET", A + "/groups"),
    ("GET", A + "/multi_factor"), ("GET", A + "/security")], "user"))
# Allotments are there here.
FOUND = {("GET", A + "/allotments"): 200}
OPEN = {("PUT", "user_auth"), ("PUT", "user_auth/recovery"),
        ("POST", "user_auth/recovery"), ("PUT", "api_auth"), ("GET", "schemas"),
        ("GET", "auth/tokeninfo"), ("POST", "auth/tokeninfo"),
        ("GET", "schemas/{SCHEMA}"), ("GET", "whitelabel/{DOMAIN}"),
        ("GET", "whitelabel/{DOMAIN}/logo"),
        ("GET", "whitelabel/{DOMAIN}/icon")}


def least(method, route):
    return LEAST.get((method, route), "viewer" if method == "GET" else "admin")


def rank(role):
    return ROLES.index(role)


def create_user(account, role=None, **members):
    """A user of a role, without a password; "user" has no role."""
    if role not in (None, "user"):
        members["role"] = role
    answer = request("PUT", "/v2/accounts/%s/users" % account, MASTER_TOKEN,
                     data=dict({"first_name": "A", "last_name": "B"}, **members),
                     envelope={"accept_charges": True})
    if answer.status != 201:
        raise AssertionError(answer)
    return answer.data["id"]


class EveryRole(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        grandparent = create_account(None, "Grandparent", "--reseller")
        cls.seller = create_account(grandparent, "Seller", "--reseller")
        cls.account = create_account(cls.seller, "Self")
        create_account(cls.account, "Child")  # so that it is not deleted
        request("POST", "/v2/accounts/%s/allotments" % cls.account, MASTER_TOKEN,
                data={})
        cls.users = {(account, role): create_user(account, role)
                     for account in (cls.seller, cls.account) for role in ROLES}
        cls.tokens = {}

    def token(self, account, role, route):
        key = account, role
        if route == "token_auth" or key not in self.tokens:
            token = issue_token(account, "--user", self.users[key])
            if route == "token_auth":
                return token
            self.tokens[key] = token
        return self.tokens[key]

    @staticmethod
    def path(route, account="account"):
        path = route.replace(A, account if account == "account" else
                             "accounts/" + account)
        for name, value in PARAMETERS.items():
            path = path.replace("{%s}" % name, value)
        return "/v2/" + path

    def each(self):
        for (method, route), (usual, others) in EXPECTED.items():
            if (method, route) not in OPEN:
                for role in ROLES:
                    yield method, route, role, usual, others

    def expected(self, method, route, role, status, below):
        may = rank(role) >= rank(least(method, route)) and not (
            below and role == "user" and A in route)
        return FOUND.get((method, route), status) if may else 403

    def test_in_the_own_account(self):
        for method, route, role, usual, others in self.each():
            with self.subTest("%s %s by %s" % (method, route, role)):
                answer = request(method, self.path(route, self.account),
                                 self.token(self.account, role, route),
                                 data=REFUSED_BODIES.get((method, route)))
                self.assertEqual(self.expected(
                    method, route, role, others.get("self", usual), False),
                    answer.status, answer)

    def test_in_an_account_below(self):
        for method, route, role, usual, others in self.each():
            with self.subTest("%s %s by %s" % (method, route, role)):
                answer = request(method, self.path(route, self.account),
                                 self.token(self.seller, role, route),
                                 data=REFUSED_BODIES.get((method, route)))
                self.assertEqual(self.expected(
                    method, route, role, others.get("reseller", usual), True),
                    answer.status, answer)

    def test_by_the_alias(self):
        for method, route, role, usual, others in self.each():
            if A not in route:
                continue
            with self.subTest("%s %s by %s" % (method, route, role)):
                answer = request(method, self.path(route),
                                 self.token(self.account, role, route),
                                 data=REFUSED_BODIES.get((method, route)))
                self.assertEqual(self.expected(
                    method, route, role, others.get("self", usual), False),
                    answer.status, answer)

    def test_by_a_verb_in_the_body_and_in_the_head(self):
        for method, route, role, usual, others in self.each():
            if method in ("GET", "POST") or role not in ("user", "clerk"):
                continue
            status = self.expected(method, route, role,
                                   others.get("self", usual), False)
            for label, more in (
                    ("body", {"data": {}, "envelope": {"verb": method}}),
                    ("head", {"headers": {"X-HTTP-Method-Override": method}})):
                with self.subTest("%s %s by %s" % (method, route, role), at=label):
                    answer = request(
                        "POST", self.path(route, self.account),
                        self.token(self.account, role, route), **more)
                    self.assertEqual(status == 403, answer.status == 403, answer)

    def test_as_csv_and_as_head(self):
        for method, route, role, usual, others in self.each():
            if method != "GET" or role == "admin":
                continue
            status = self.expected(method, route, role,
                                   others.get("self", usual), False)
            for form, more in (("GET", {"query": {"accept": "csv"}}),
                               ("HEAD", {})):
                with self.subTest("%s %s by %s" % (form, route, role)):
                    answer = request(form, self.path(route, self.account),
                                     self.token(self.account, role, route),
                                     **more)
                    self.assertEqual(status == 403, answer.status == 403, answer)

    def test_batches(self):
        entry = {"source": {"service": "voip", "id": "x"}, "amount": 1,
                 "usage": {"quantity": 1, "type": "voice", "unit": "sec"}}
        for rest, data, expected in (
                ("ledgers/usage", [entry], (403, 403, 201, 201)),
                ("devices/collection", [{"name": "d"}], (403, 403, 403, 201)),
                ("users/collection", [{"first_name": "a", "last_name": "b"}],
                 (403, 403, 403, 201)),
                ("phone_numbers/collection", {"numbers": ["no number"]},
                 (403, 403, 403, 400))):
            for role, status in zip(ROLES, expected):
                with self.subTest("%s by %s" % (rest, role)):
                    answer = request(
                        "PUT", "/v2/accounts/%s/%s" % (self.account, rest),
                        self.token(self.seller, role, rest), data=data,
                        envelope={"accept_charges": True})
                    self.assertEqual(status, answer.status, answer)


START_UP = ["", "/external_numbers", "/users/{USER}", "/apps_store",
            "/apps_store/blacklist", "/alerts", "/children?ascending=true",
            "/services/summary", "/services/summary?depth=4&identifier=items"
            "&accept=csv", "/ledgers", "/ledgers/total", "/ledgers/available",
            "/ledgers/per-minute-voip?page_size=50"
            "&filter_not_metadata.manual_bookkeeping_tool=true",
            "/ledgers/adjustments?accept=csv&paginate=false", "/limits",
            "/transactions", "/callflows?filter_numbers=no_match",
            "/access_lists"]


class Clients(unittest.TestCase):
    """The requests of user interfaces, by the roles of those who use them."""

    @classmethod
    def setUpClass(cls):
        cls.realm = new_id() + ".test"
        cls.account = create_account(None, "Clients", "--realm", cls.realm)
        cls.below = create_account(cls.account, "Below")
        cls.users, cls.tokens = {}, {}
        for role in ROLES:
            cls.users[role] = create_user(cls.account, role)
            cls.tokens[role] = issue_token(cls.account, "--user",
                                           cls.users[role])

    def test_pending_payments_of_accounts_below_are_not_a_users(self):
        for role, status in zip(ROLES, (403, 200, 200, 200)):
            with self.subTest(role):
                self.assertEqual(status, self.ask(
                    "GET", "/transactions?status=pending&descendants=true",
                    role).status)
                self.assertEqual(200, self.ask(
                    "GET", "/transactions?status=pending", role).status)

    def ask(self, method, rest, role, account=None, **more):
        return request(method, "/v2/accounts/%s%s" % (
            account or self.account, rest.replace("{USER}", self.users[role])),
            self.tokens[role], **more)

    def test_the_start_up_reads_for_every_role(self):
        for role in ROLES:
            for rest in START_UP:
                with self.subTest("%s by %s" % (rest, role)):
                    self.assertIn(self.ask("GET", rest, role).status, (200, 204))

    def test_the_account_is_written_back_by_admins_only(self):
        for role, status in (("user", 403), ("viewer", 403), ("clerk", 403),
                             ("admin", 200)):
            with self.subTest(role):
                data = dict(self.ask("GET", "", role).data, ui_restrictions={})
                self.assertEqual(status, self.ask("POST", "", role,
                                                  data=data).status)

    def test_the_own_user_is_written_by_every_role(self):
        for role in ROLES:
            with self.subTest(role):
                data = self.ask("GET", "/users/{USER}", role).data
                for method, change in (
                        ("POST", dict(data, language="de-DE")),
                        ("PATCH", {"appList": ["x"]}),
                        ("POST", dict({"first_name": "New", "last_name": "Name"},
                                      **{"role": role} if role == "admin"
                                      else {}))):
                    self.assertEqual(200, self.ask(
                        method, "/users/{USER}", role, data=change).status)
                after = self.ask("GET", "/users/{USER}", role).data
                for member in ("priv_level", "role", "enabled"):
                    if role != "admin":
                        self.assertEqual(data.get(member), after.get(member))

    def test_users_do_not_change_their_rights(self):
        for role in ("user", "viewer", "clerk"):
            before = self.ask("GET", "/users/{USER}", role).data
            for label, change in (
                    ("priv_level", {"priv_level": "admin"}),
                    ("a role", {"role": "admin"}), ("no role", {"role": None}),
                    ("another role", {"role": "viewer" if role != "viewer" else
                                      "clerk"}),
                    ("enabled", {"enabled": False}),
                    ("restrictions", {"restrictions": {"get": ["#"]}})):
                if label == "no role" and role == "user":
                    continue  # there is none
                with self.subTest("%s by %s" % (label, role)):
                    self.assertEqual(403, self.ask(
                        "PATCH", "/users/{USER}", role, data=change).status)
            self.assertEqual(before, self.ask("GET", "/users/{USER}", role).data)

    def test_other_users_are_the_admins(self):
        rest = "/users/" + self.users["admin"]
        for role, reads in (("user", 403), ("viewer", 200), ("clerk", 200)):
            with self.subTest(role):
                self.assertEqual(reads, self.ask("GET", rest, role).status)
                self.assertEqual(403, self.ask("PATCH", rest, role,
                                               data={"language": "x"}).status)
                self.assertEqual(403, self.ask("DELETE", "/users/{USER}",
                                               role).status)

    def test_an_id_of_the_own_user_opens_nothing_below(self):
        for role in ("user", "viewer", "clerk"):
            with self.subTest(role):
                self.assertEqual(403, self.ask(
                    "PATCH", "/users/{USER}", role, self.below,
                    data={"language": "x"}).status)
        self.assertEqual(403, self.ask("GET", "", "user", self.below).status)

    def test_a_device_of_the_own_user_id_is_not_the_own_user(self):
        self.assertEqual(403, self.ask("PATCH", "/devices/{USER}", "user",
                                       data={"name": "x"}).status)

    def test_an_api_key_is_an_admin(self):
        key = reevectl("key", "create", self.account).stdout.strip()
        token = request("PUT", "/v2/api_auth",
                        data={"api_key": key}).envelope["auth_token"]
        self.assertEqual(201, request(
            "PUT", "/v2/accounts/%s/api_key" % self.account, token).status)

    def test_a_clerk_of_the_master_account_is_a_clerk_everywhere(self):
        clerk = issue_token(MASTER_ID, "--user", create_user(MASTER_ID, "clerk"))
        path = "/v2/accounts/" + self.account
        self.assertEqual(200, get(path, clerk).status)
        self.assertEqual(403, request("PATCH", path, clerk,
                                      data={"name": "x"}).status)
        self.assertEqual(400, request("PUT", path + "/ledgers/credit", clerk,
                                      data={}).status)

    def test_a_role_is_one_of_three(self):
        for role in ("user", "Admin", "root", "", 1):
            with self.subTest(role):
                answer = self.ask("PUT", "/users", "admin", data={
                    "first_name": "a", "last_name": "b", "role": role})
                self.assertEqual(400, answer.status)
                self.assertIn("role", answer.data)


class LastAdmin(unittest.TestCase):
    def setUp(self):
        self.account = create_account()
        self.token = issue_token(self.account)
        self.path = "/v2/accounts/%s/users/" % self.account
        self.admin = create_user(self.account, priv_level="admin")

    def ask(self, method, user, data=None):
        return request(method, self.path + user, self.token, data=data)

    CHANGES = (("PATCH", {"priv_level": "user"}), ("PATCH", {"role": "clerk"}),
               ("PATCH", {"role": "viewer"}), ("PATCH", {"enabled": False}),
               ("POST", {"first_name": "a", "last_name": "b"}),
               ("DELETE", None))

    def test_the_last_admin_stays(self):
        create_user(self.account, "clerk")
        create_user(self.account)
        for method, data in self.CHANGES:
            with self.subTest(method, data=data):
                before = self.ask("GET", self.admin).data
                answer = self.ask(method, self.admin, data)
                self.assertEqual(409, answer.status, answer)
                self.assertEqual(before, self.ask("GET", self.admin).data)

    def test_one_who_is_not_the_last_may_go(self):
        for method, data in self.CHANGES:
            with self.subTest(method, data=data):
                user = create_user(self.account, "admin")
                answer = self.ask(method, user, data)
                self.assertEqual(200, answer.status, answer)
                if method != "DELETE":
                    self.assertEqual(200, self.ask("DELETE", user).status)

    def test_a_disabled_admin_is_not_counted(self):
        other = create_user(self.account, "admin")
        self.assertEqual(200, self.ask("PATCH", other, {"enabled": False}).status)
        self.assertEqual(409, self.ask("PATCH", self.admin,
                                       {"role": "viewer"}).status)

    def test_an_admin_by_role_takes_over(self):
        other = create_user(self.account)
        self.assertEqual(200, self.ask("PATCH", other, {"role": "admin"}).status)
        self.assertEqual(200, self.ask("DELETE", self.admin).status)
        self.assertEqual(409, self.ask("PATCH", other, {"role": None}).status)

    def test_an_account_without_an_admin_loses_none(self):
        account = create_account()
        user = create_user(account, "clerk")
        self.assertEqual(200, request(
            "DELETE", "/v2/accounts/%s/users/%s" % (account, user),
            issue_token(account)).status)


class Changes(unittest.TestCase):
    """A token is as good as the rights it was made under."""

    def test_a_change_of_rights_ends_the_tokens(self):
        account = create_account()
        admin = issue_token(account)
        create_user(account, "admin")
        for change, ends in (({"role": "clerk"}, True),
                             ({"priv_level": "admin"}, True),
                             ({"enabled": False}, True),
                             ({"language": "de"}, False),
                             ({"first_name": "New"}, False),
                             ({"role": "viewer", "language": "de"}, True)):
            with self.subTest(change):
                user = create_user(account)
                path = "/v2/accounts/%s/users/%s" % (account, user)
                tokens = [issue_token(account, "--user", user) for _ in "ab"]
                self.assertEqual(200, request("PATCH", path, admin,
                                              data=change).status)
                for token in tokens:
                    self.assertEqual(401 if ends else 200,
                                     get("/v2/token_auth", token).status)
                self.assertEqual(200, get("/v2/token_auth", admin).status)


if __name__ == "__main__":
    unittest.main()
