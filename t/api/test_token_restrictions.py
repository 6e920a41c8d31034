#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens that are good for some requests only: what a login may ask for."""

import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))
sys.path.insert(0, os.path.join(TOP, "t", "api"))

from reeve import (MASTER_ID, MASTER_TOKEN, create_account, get, md5,  # noqa: E402
                   new_id, reevectl, request)

PASSWORD = "se:cret-99"
DENIED = {"message": "access denied by token restrictions"}


class Logins(unittest.TestCase):
    """An account with an admin, a user and an API key, and an account below."""

    @classmethod
    def setUpClass(cls):
        cls.realm = new_id() + ".test"
        cls.account = create_account(None, "Restricted", "--realm", cls.realm)
        cls.below = create_account(cls.account, "Below")
        cls.users = {}
        for name, more in (("ann", ["--role", "admin"]), ("bob", [])):
            cls.users[name] = reevectl(
                "user", "create", name, "--account", cls.account, "--password",
                PASSWORD, *more).stdout.strip()
        cls.key = get("/v2/accounts/%s/api_key" % cls.account,
                      MASTER_TOKEN).data["api_key"]

    def log_in(self, name="ann", **more):
        """By the API key if name is None."""
        if name is None:
            return request("PUT", "/v2/api_auth", data=dict(
                more, api_key=self.key))
        return request("PUT", "/v2/user_auth", data=dict(
            more, credentials=md5(name, PASSWORD), account_realm=self.realm))

    def token(self, restrictions, name="ann"):
        answer = self.log_in(name, restrictions=restrictions)
        self.assertEqual(201, answer.status, answer)
        return answer.envelope["auth_token"]

    def path(self, path):
        for name, value in (("A", self.account), ("B", self.below)):
            path = path.replace("{%s}" % name, value)
        return path

    def assert_denied(self, answer):
        self.assertEqual(403, answer.status, answer)
        self.assertEqual("forbidden", answer.envelope["message"])
        self.assertEqual(DENIED, answer.data)


class AskedAtLogin(Logins):
    READS = {"get": ["#"]}
    USERS = {"get": ["accounts/{A}/users/#"], "patch": ["accounts/{A}/users/*"],
             "put": ["accounts/{A}/users"]}
    DEVICES = {"*": ["accounts/{A}/devices/#"]}
    BELOW = {"_": ["accounts/{B}/#"]}
    ALIAS = {"get": ["account/limits"]}
    # (restrictions, allowed requests, denied ones)
    TABLE = (
        ("reads", READS,
         ("GET accounts/{A}", "HEAD accounts/{A}", "GET account/devices",
          "GET accounts/{B}/devices?accept=csv", "GET token_auth"),
         ("PUT accounts/{A}/devices", "PATCH accounts/{A}", "DELETE token_auth",
          "POST accounts/{A}", "PUT accounts/{A}/devices/collection",
          "PUT accounts/{A}/ledgers/usage")),
        ("users", USERS,
         ("GET accounts/{A}/users", "GET accounts/{A}/users/", "GET account/users",
          "HEAD accounts/{A}/users", "GET accounts/{A}/%75sers",
          "GET accounts/{A}/users?accept=csv", "PUT accounts/{A}/users",
          "PATCH accounts/{A}/users/x"),
         ("GET accounts/{A}", "GET accounts/{A}/devices", "GET accounts/{B}/users",
          "PATCH accounts/{A}",
          "POST accounts/{A}/users/x", "DELETE accounts/{A}/users/x",
          "PUT accounts/{A}/users/collection", "GET services/editable")),
        ("devices by any verb", DEVICES,
         ("GET accounts/{A}/devices", "PUT accounts/{A}/devices/collection",
          "DELETE accounts/{A}/devices/x", "PUT account/devices"),
         ("GET accounts/{B}/devices", "GET accounts/{A}/users",
          "GET accounts/{A}/limits")),
        ("an account below", BELOW,
         ("GET accounts/{B}", "GET accounts/{B}/users", "PATCH accounts/{B}"),
         ("GET accounts/{A}", "GET account", "GET accounts/{A}/descendants")),
        ("the alias", ALIAS,
         ("GET account/limits", "GET accounts/{A}/limits"),
         ("GET accounts/{B}/limits", "GET accounts/{A}", "GET account/users")),
        ("no path", {"get": []}, (), ("GET account", "GET token_auth")),
        ("a path that nobody has", {"get": ["accounts"]}, (),
         ("GET account", "PUT accounts")),
        ("encoded slashes make no words",
         {"get": ["accounts/{A}/users/a/b"]}, (),
         ("GET accounts/{A}/users/a%2Fb", "GET accounts/{A}/users/a")),
    )

    def rules(self, restrictions):
        return {verb: [self.path(p) for p in paths]
                for verb, paths in restrictions.items()}

    def test_what_is_allowed_and_what_is_not(self):
        for label, restrictions, allowed, denied in self.TABLE:
            for name in ("ann", None):
                token = self.token(self.rules(restrictions), name)
                for line in allowed + denied:
                    verb, path = self.path(line).split(" ")
                    data = None if verb in ("GET", "HEAD") else {}
                    answer = request(verb, "/v2/" + path, token, data=data)
                    with self.subTest(label, request=line, by=name):
                        if line in allowed:
                            self.assertNotEqual(403, answer.status, answer)
                        elif verb == "HEAD":
                            self.assertEqual(403, answer.status)
                        else:
                            self.assert_denied(answer)

    def test_a_post_for_another_verb_is_that_verb(self):
        token = self.token({"post": ["#"]})
        for label, more in (
                ("body", {"envelope": {"verb": "DELETE"}}),
                ("query", {"query": {"verb": "DELETE"}}),
                ("head", {"headers": {"X-HTTP-Method-Override": "DELETE"}})):
            with self.subTest(label):
                self.assert_denied(request(
                    "POST", "/v2/accounts/%s/devices/x" % self.account, token,
                    data={}, **more))

    def test_a_token_in_another_place_is_restricted_too(self):
        token = self.token(self.READS)
        path = "/v2/accounts/%s/devices" % self.account
        for label, more in (
                ("bearer", {"headers": {"Authorization": "Bearer " + token}}),
                ("query", {"query": {"auth_token": token}}),
                ("body", {"envelope": {"auth_token": token}})):
            with self.subTest(label):
                self.assert_denied(request("PUT", path, data={}, **more))

    def test_restrictions_give_no_rights(self):
        token = self.token({"*": ["#"]}, "bob")
        answer = request("PATCH", "/v2/accounts/%s" % self.account, token, data={})
        self.assertEqual(403, answer.status)
        self.assertEqual({"message": "forbidden"}, answer.data)
        self.assertEqual(403, get("/v2/accounts/%s" % MASTER_ID,
                                  self.token({"*": ["#"]})).status)

    def test_an_empty_one_is_none(self):
        token = self.token({})
        self.assertEqual(200, request("PATCH", "/v2/accounts/%s" % self.account,
                                      token, data={}).status)

    def test_what_is_not_understood_is_named(self):
        for label, restrictions, field in (
                ("a list", ["#"], "restrictions"),
                ("a text", "get", "restrictions"),
                ("no verb", {"read": ["#"]}, "restrictions.read"),
                ("upper case", {"GET": ["#"]}, "restrictions.GET"),
                ("a path alone", {"get": "#"}, "restrictions.get"),
                ("a number", {"get": [1]}, "restrictions.get.0"),
                ("a sign in a word", {"get": ["#", "users/a*"]},
                 "restrictions.get.1"),
                ("an empty word", {"get": ["a//b"]}, "restrictions.get.0"),
                ("a line feed", {"get": ["a\nb"]}, "restrictions.get.0"),
                ("a quote", {"get": ['a"b']}, "restrictions.get.0"),
                ("long", {"get": ["a" * 500] * 20}, "restrictions")):
            for name in ("ann", None):
                with self.subTest(label, by=name):
                    answer = self.log_in(name, restrictions=restrictions)
                    self.assertEqual(400, answer.status, answer)
                    self.assertEqual([field], list(answer.data))


if __name__ == "__main__":
    unittest.main()
