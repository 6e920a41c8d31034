#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens that are good for some requests only: what a login may ask for, and
templates of accounts."""

import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))
sys.path.insert(0, os.path.join(TOP, "t", "api"))

from reeve import (MASTER_ID, MASTER_TOKEN, create_account,  # noqa: E402
                   database, get, md5, new_id, reevectl, request)

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
        for name, more in (("ann", ["--priv-level", "admin"]), ("bob", [])):
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
          "PUT accounts/{A}/ledgers/usage", "GET account/api_key",
          "GET accounts/{A}/api_key")),
        ("everything, which is not the API key", {"_": ["#"]},
         ("GET account", "PATCH accounts/{A}/users/x"),
         ("GET account/api_key", "GET accounts/{B}/api_key",
          "PUT accounts/{A}/api_key")),
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



def everything(*verbs):
    return [{"rules": {"#": list(verbs)}}]


READ = {"_": everything("GET")}
NOTHING = {"restrictions": {}}


class Templates(Logins):
    def setUp(self):
        request("DELETE", self.at(), MASTER_TOKEN)

    def at(self, account=None):
        return "/v2/accounts/%s/token_restrictions" % (account or self.account)

    def save(self, template, token=MASTER_TOKEN, status=200, account=None, **more):
        answer = request("POST", self.at(account), token, data=template, **more)
        self.assertEqual(status, answer.status, answer)
        return answer

    def token_of(self, name):
        answer = self.log_in(name)
        self.assertEqual(201, answer.status, answer)
        return answer.envelope["auth_token"]

    def status(self, token, verb="GET", path="/devices", account=None):
        return request(verb, "/v2/accounts/%s%s" % (
            account or self.account, path), token,
            data=None if verb == "GET" else {}).status

    def test_it_is_shown_as_it_was_written(self):
        bare = {"_": {"_": {"users": [
            {"rules": {"b": ["GET"], "a": ["PUT"], "/": ["_"]}}], "devices": []}}}
        for template in (bare, {"restrictions": bare}, NOTHING):
            with self.subTest(template):
                for answer in (self.save(template),
                               get(self.at(), MASTER_TOKEN)):
                    self.assertEqual(repr(template), repr(answer.data))
        answer = request("DELETE", self.at(), MASTER_TOKEN)
        self.assertEqual((200, NOTHING), (answer.status, answer.data))
        for verb in ("GET", "DELETE"):
            self.assertEqual(404, request(verb, self.at(), MASTER_TOKEN).status)

    def test_the_id_that_crossbar_shows_is_left_out(self):
        self.save({"id": "token_restrictions", "restrictions": {}})
        self.assertEqual({"restrictions": {}}, get(self.at(), MASTER_TOKEN).data)

    def test_there_are_no_other_verbs(self):
        for verb in ("PUT", "PATCH"):
            answer = request(verb, self.at(), MASTER_TOKEN, data={})
            self.assertEqual(405, answer.status)

    def test_what_is_not_understood_is_named(self):
        def entry(**entry):
            return {"_": {"_": {"users": [dict({"rules": {}}, **entry)]}}}

        users = "_._.users.0."
        for label, template, field in (
                ("a method", {"user_auth": {}}, "user_auth"),
                ("a level", {"_": {"clerk": {}}}, "_.clerk"),
                ("a noun", {"_": {"_": {"a/b": []}}}, "_._.a/b"),
                ("no list", {"_": {"_": {"users": {}}}}, "_._.users"),
                ("no rules", {"_": {"_": {"users": [{}]}}}, users + "rules"),
                ("another member", entry(account="_"), users + "account"),
                ("an account", entry(allowed_accounts=["mine"]),
                 users + "allowed_accounts.0"),
                ("a verb", entry(rules={"#": ["READ"]}), users + "rules.#.0"),
                ("lower case", entry(rules={"#": ["get"]}), users + "rules.#.0"),
                ("a pattern", entry(rules={"a*": ["GET"]}), users + "rules.a*"),
                ("a text", "x", "data"), ("nothing", {}, "restrictions"),
                ("beside it", {"restrictions": {}, "note": ""}, "note"),
                ("wrapped", {"restrictions": {"x": {}}}, "restrictions.x"),
                ("nothing wrapped", {"restrictions": None}, "restrictions"),
                ("long", entry(rules={"a" * 33000: ["GET"]}), "data")):
            with self.subTest(label):
                self.assertEqual([field], list(self.save(template, status=400).data))

    def test_who_may_write_it(self):
        ann, bob = self.token_of("ann"), self.token_of("bob")
        self.save(NOTHING, bob, 403)
        self.save(NOTHING, ann)
        self.save(NOTHING, self.token_of(None), account=self.below)

    def test_it_is_chosen_by_method_and_level(self):
        self.save({"cb_api_auth": {"_": {"users": everything("_")}},
                   "_": {"user": READ, "_": {"devices": everything("_")}}})
        for name, verb, path, status in (
                (None, "GET", "/users", 200), (None, "GET", "/devices", 403),
                ("ann", "GET", "/devices", 200), ("ann", "GET", "/users", 403),
                ("ann", "PUT", "/devices", 400),
                ("bob", "GET", "", 200), ("bob", "PATCH", "", 403)):
            with self.subTest(path, by=name, verb=verb):
                self.assertEqual(status, self.status(
                    self.token_of(name), verb, path))

    def test_no_match_is_told(self):
        self.save({"_": {"_": {"users": everything("GET")}}})
        token = self.token_of("ann")
        for verb, path in (("GET", "devices"), ("DELETE", "users/x"),
                           ("PUT", "users/collection"), ("GET", "users/../devices")):
            with self.subTest(path):
                answer = request(verb, "/v2/account/" + path, token, data={})
                self.assert_denied(answer)
        self.assertEqual(200, request("HEAD", "/v2/account/users", token).status)

    def test_it_is_about_the_account_that_allowed_accounts_names(self):
        for allowed, own, below in (
                (["_"], 200, 200), (None, 200, 200), ([self.below], 403, 200),
                (["{AUTH_ACCOUNT_ID}"], 200, 403),
                (["{DESCENDANT_ACCOUNT_ID}"], 403, 200),
                ([new_id(), self.account], 200, 403), ([], 403, 403)):
            with self.subTest(allowed):
                self.save({"_": {"_": {"devices": [
                    dict({"rules": {"#": ["_"]}}, **(
                        {} if allowed is None else {"allowed_accounts": allowed}))
                ]}}})
                token = self.token_of("ann")
                self.assertEqual((own, below), (
                    self.status(token), self.status(token, account=self.below)))

    def test_what_the_login_asks_for_and_the_template_must_both_allow(self):
        self.save({"_": {"_": {"devices": everything("_")}}})
        token = self.token({"get": ["#"]})
        self.assertEqual((200, 403, 403), (
            self.status(token), self.status(token, "PUT"),
            self.status(token, path="/users")))

    def test_a_part_without_rules_restricts_nothing(self):
        self.save({"_": {"admin": {}, "_": READ}, "cb_api_auth": {"user": READ}})
        for name in ("ann", None):
            self.assertEqual(200, self.status(self.token_of(name), "PATCH", ""))

    def test_a_change_ends_the_tokens_made_under_it(self):
        def alive(token):
            return get("/v2/token_auth", token).status != 401

        ann, bob, key = (self.token_of(name) for name in ("ann", "bob", None))
        self.save({"_": {"user": READ}})
        self.assertEqual((True, False, True), (alive(ann), alive(bob), alive(key)))
        bob = self.token_of("bob")
        self.save({"cb_user_auth": {"user": READ}})
        self.assertTrue(alive(bob), "its rules are the same")
        self.save({"cb_user_auth": {"user": {"_": everything("GET", "PATCH")}}})
        self.assertFalse(alive(bob))
        bob = self.token_of("bob")
        self.save({"_": {"_": READ}, "cb_user_auth": {"user": READ}})
        self.assertEqual((True, False, False),
                         (alive(ann), alive(bob), alive(key)))
        ann, bob, key = (self.token_of(name) for name in ("ann", "bob", None))
        request("DELETE", self.at(), MASTER_TOKEN)
        self.assertEqual((True, False, False),
                         (alive(ann), alive(bob), alive(key)))
        self.assertEqual(200, self.status(self.token_of("ann"), "PATCH", ""))

    def test_tokens_of_accounts_below_are_theirs(self):
        key = get("/v2/accounts/%s/api_key" % self.below,
                  MASTER_TOKEN).data["api_key"]
        answer = request("PUT", "/v2/api_auth", data={"api_key": key})
        self.save({"_": {"_": {}, "admin": READ}})
        self.assertEqual(200, self.status(answer.envelope["auth_token"], "PATCH",
                                          "", self.below))

    def test_the_master_account_is_exempt(self):
        key = get("/v2/accounts/%s/api_key" % MASTER_ID,
                  MASTER_TOKEN).data["api_key"]
        self.save({"_": {"_": {"users": []}}}, account=MASTER_ID)
        try:
            answer = request("PUT", "/v2/api_auth", data={"api_key": key})
            self.assertEqual(200, self.status(answer.envelope["auth_token"]))
        finally:
            request("DELETE", self.at(MASTER_ID), MASTER_TOKEN)

    def test_a_change_is_audited_and_made_once(self):
        def events():
            return [row[0] for row in database(
                "SELECT JSON_VALUE(document, '$.audit.changes.event') FROM"
                " audit_entry WHERE account_id = '%s' AND form = 'invoice' AND"
                " JSON_VALUE(document, '$.audit.changes.event') LIKE 'token%%'"
                " ORDER BY sequence" %
                self.account)]

        before = len(events())
        for _ in range(2):
            self.save({"_": {"_": READ}})
        tag = get(self.at(), MASTER_TOKEN).headers["etag"]
        self.save(NOTHING, status=412, headers={"If-Match": '"other"'})
        self.save(NOTHING, headers={"If-Match": tag})
        request("DELETE", self.at(), MASTER_TOKEN)
        self.assertEqual(["token_restrictions_set", "token_restrictions_set",
                          "token_restrictions_removed"], events()[before:])



class TokensOfUsers(Logins):
    """A list of a user's tokens, and their end."""

    def at(self, name="ann", account=None):
        return "/v2/accounts/%s/users/%s/tokens" % (
            account or self.account, self.users[name])

    def setUp(self):
        for name in self.users:
            request("DELETE", self.at(name), MASTER_TOKEN)

    def test_it_says_when_and_how_and_shows_no_token(self):
        first = self.token({"get": ["#"]})
        token = self.log_in("ann").envelope["auth_token"]
        answer = get(self.at(), token)
        self.assertEqual(200, answer.status, answer)
        self.assertEqual({(True, False), (False, True)}, {
            (t["restricted"], t["current"]) for t in answer.data})
        for t in answer.data:
            self.assertEqual({"created", "expires", "method", "restricted",
                              "current"}, set(t))
            self.assertEqual("cb_user_auth", t["method"])
            self.assertLess(t["created"], t["expires"])
        self.assertNotIn(first[-8:], str(answer.data))
        self.assertEqual([(False, False)] * 2, sorted((
            t["current"], False) for t in get(self.at(), MASTER_TOKEN).data))

    def test_expired_ones_are_left_out(self):
        self.log_in("ann")
        database("UPDATE auth_token SET expires = 1 WHERE user_id = '%s'" %
                 self.users["ann"])
        self.assertEqual([], get(self.at(), MASTER_TOKEN).data)

    def test_all_end_at_once_and_nobody_else_s(self):
        tokens = [self.log_in("ann").envelope["auth_token"] for _ in range(3)]
        bob = self.log_in("bob").envelope["auth_token"]
        answer = request("DELETE", self.at(), tokens[0])
        self.assertEqual((200, {"ended": 3}), (answer.status, answer.data))
        self.assertEqual([401] * 3, [get("/v2/token_auth", t).status
                                     for t in tokens])
        self.assertEqual(200, get("/v2/token_auth", bob).status)
        self.assertEqual({"ended": 0}, request(
            "DELETE", self.at(), MASTER_TOKEN).data)

    def test_a_user_has_their_own_only(self):
        bob = self.log_in("bob").envelope["auth_token"]
        for name, status in (("ann", 403), ("bob", 200)):
            for verb in ("GET", "DELETE"):
                with self.subTest(verb, of=name):
                    self.assertEqual(status, request(
                        verb, self.at(name), bob).status)
        for path in (self.at(account=self.below),
                     "/v2/accounts/%s/users/%s/tokens" % (self.account, new_id())):
            self.assertEqual(404, get(path, MASTER_TOKEN).status)


if __name__ == "__main__":
    unittest.main()
