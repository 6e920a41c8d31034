#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Login, tokens, keys, and what the database stores of them."""

import base64
import hashlib
import json
import os
import subprocess
import sys
import time
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_ID, create_account, database, get,  # noqa: E402
                   import_documents, issue_token, md5, new_id, reevectl,
                   request, sha1)

EPOCH = 62167219200  # of Unix, in Gregorian seconds
REFILL_S = 6  # login_refill, by default
INVALID = {"message": "invalid credentials"}


def part_of(token, number):
    part = token.split(".")[number]
    return base64.urlsafe_b64decode(part + -len(part) % 4 * "=")


def encoded(content):
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


class Credentials(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.realm = new_id() + ".test"
        cls.name = "Name of %s, Inc." % new_id()
        cls.account = create_account(None, cls.name, "--realm", cls.realm)
        cls.user = reevectl("user", "create", "ann", "--account", cls.account,
                            "--password", "se:cret-99").stdout.strip()

    def log_in(self, **data):
        return request("PUT", "/v2/user_auth", data=data)

    def test_login_by_md5_and_realm(self):
        answer = self.log_in(credentials=md5("ann", "se:cret-99"), realm=self.realm)
        self.assertEqual(201, answer.status)
        self.assertEqual(self.account, answer.data["account_id"])
        self.assertEqual(self.user, answer.data["owner_id"])
        self.assertEqual(self.name, answer.data["account_name"])
        self.assertEqual(MASTER_ID, answer.data["reseller_id"])
        self.assertIs(False, answer.data["is_reseller"])
        token = answer.envelope["auth_token"]
        self.assertEqual(200, get("/v2/token_auth", token).status)

    def test_clients_look_into_the_token(self):
        key = reevectl("key", "create", self.account).stdout.strip()
        claims = {"account_id": self.account, "method": "cb_api_auth"}
        for label, answer, said in (
                ("an API key", request("PUT", "/v2/api_auth",
                                       data={"api_key": key}), claims),
                ("a user", self.log_in(credentials=md5("ann", "se:cret-99"),
                                       realm=self.realm),
                 dict(claims, owner_id=self.user, method="cb_user_auth"))):
            with self.subTest(label):
                token = answer.envelope["auth_token"]
                self.assertLessEqual(len(token), 512)
                self.assertRegex(token, r"^[\w-]+\.[\w-]+\.[\w-]{43}$")
                head, content = (json.loads(part_of(token, i)) for i in (0, 1))
                self.assertEqual({"typ": "reeve"}, head)
                self.assertAlmostEqual(time.time() + 3600, content.pop("exp"),
                                       delta=60)
                self.assertEqual(said, content)

    def test_a_token_that_says_something_else_is_unknown(self):
        token = self.log_in(credentials=md5("ann", "se:cret-99"),
                            realm=self.realm).envelope["auth_token"]
        head, content, rest = token.split(".")
        master = dict(json.loads(part_of(token, 1)), account_id=MASTER_ID)
        nobody = {"alg": "none"}
        for label, forged in (
                ("another account", (head, encoded(master), rest)),
                ("another head", (encoded(nobody), content, rest)),
                ("without its end", (head, content, "")),
                ("two parts", (head, content)), ("the end", (rest,)),
                ("a fourth part", (head, content, rest, "")),
                ("padded", (head, content + "=", rest))):
            with self.subTest(label):
                self.assertEqual(401, get("/v2/token_auth",
                                          ".".join(forged)).status)
        self.assertEqual(200, get("/v2/token_auth", token).status)

    def test_login_by_sha(self):
        for method in ("sha", "sha1"):
            with self.subTest(method):
                self.assertEqual(201, self.log_in(
                    credentials=sha1("ann", "se:cret-99"), method=method,
                    account_realm=self.realm.upper()).status)

    def test_account_names_ignore_case_and_punctuation(self):
        for name in (self.name, self.name.upper(), self.name.replace(" ", "-")):
            with self.subTest(name):
                self.assertEqual(201, self.log_in(
                    credentials=md5("ann", "se:cret-99"),
                    account_name=name).status)

    def test_login_by_the_accounts_id(self):
        good = md5("ann", "se:cret-99")
        for label, status, claim in (
                ("alone", 201, {"account_id": self.account}),
                ("in any case", 201, {"account_id": self.account.upper()}),
                ("it decides", 201, {"account_id": self.account,
                                     "realm": "no.example",
                                     "account_name": "no"}),
                ("another account", 401, {"account_id": MASTER_ID}),
                ("it alone", 401, {"account_id": MASTER_ID,
                                   "realm": self.realm}),
                ("no account", 401, {"account_id": new_id()}),
                ("no id", 401, {"account_id": 32 * "%"}),
                ("too short", 400, {"account_id": self.account[1:]})):
            with self.subTest(label):
                answer = self.log_in(credentials=good, **claim)
                self.assertEqual(status, answer.status, answer)
                if status == 201:
                    self.assertEqual(self.account, answer.data["account_id"])
                if status == 401:
                    self.assertEqual(INVALID, answer.data)

    def test_failures_by_id_delay_logins_by_id(self):
        """They are counted for the id, in any case, and for nothing beside it."""
        account, realm = new_id(), new_id() + ".test"
        begun = int(time.time()) + EPOCH
        for claim in (account, account.upper()):
            self.log_in(credentials="0", account_id=claim, realm=realm)
        count = lambda kind, text: database(
            "SELECT COUNT(*), COALESCE(MAX(forgotten) >= %d, 0) FROM"
            " login_failure WHERE subject = '%s:%s'" % (
                begun + 2 * REFILL_S, kind,
                hashlib.sha256(text.encode()).hexdigest()))
        self.assertEqual([["1", "1"]], count("id", account))
        self.assertEqual([["0", "0"]], count("realm", realm))

    def test_the_name_is_tried_after_the_realm(self):
        self.assertEqual(201, self.log_in(
            credentials=md5("ann", "se:cret-99"), realm="other.example",
            account_name=self.name).status)

    def test_a_changed_password_ends_the_users_tokens(self):
        user = {}
        for name in ("pat", "kim"):
            reevectl("user", "create", name, "--account", self.account,
                     "--password", "secret99")
            user[name] = [self.log_in(
                credentials=md5(name, "secret99"), realm=self.realm)
                for _ in range(2)]
        status = lambda name: [get("/v2/token_auth", answer.envelope[
            "auth_token"]).status for answer in user[name]]
        self.assertEqual(200, request(
            "PATCH", "/v2/accounts/%s/users/%s" % (
                self.account, user["pat"][0].data["owner_id"]),
            issue_token(self.account), data={"password": "another99"}).status)
        self.assertEqual(([401, 401], [200, 200]), (status("pat"), status("kim")))
        reevectl("user", "password", "kim", "--account", self.account,
                 "--password", "another99")
        self.assertEqual([401, 401], status("kim"))

    def test_a_new_password_has_eight_characters(self):
        path = "/v2/accounts/%s/users" % self.account
        token = issue_token(self.account)
        for password, status in (("", 400), ("1234567", 400), ("\u00e4" * 7, 400),
                                 ("\u00e4" * 8, 201)):
            with self.subTest(password):
                answer = request("PUT", path, token, data={
                    "first_name": "A", "last_name": "B", "username": "x",
                    "password": password})
                self.assertEqual(status, answer.status, answer)
                if status == 400:
                    self.assertIn("minLength", answer.data["password"])
        for call in (("user", "create", "short"), ("user", "password", "ann")):
            done = reevectl(*call, "--account", self.account, "--password",
                            "1234567", check=False)
            self.assertNotEqual(0, done.returncode)
            self.assertIn("password", done.stderr)

    def test_failed_logins_get_the_same_answer(self):
        good = md5("ann", "se:cret-99")
        for label, data in (
                ("password", {"credentials": md5("ann", "x"),
                              "realm": self.realm}),
                ("user", {"credentials": md5("bob", "se:cret-99"),
                          "realm": self.realm}),
                ("realm", {"credentials": good, "realm": "no.example"}),
                ("name", {"credentials": good, "account_name": "no"}),
                ("id", {"credentials": good, "account_id": new_id()}),
                ("method", {"credentials": good, "method": "sha",
                            "realm": self.realm})):
            with self.subTest(label):
                answer = self.log_in(**data)
                self.assertEqual(401, answer.status)
                self.assertEqual("invalid_credentials",
                                 answer.envelope["message"])
                self.assertEqual("401", answer.envelope["error"])
                self.assertEqual(INVALID, answer.data)
                self.assertNotIn("auth_token", answer.envelope)

    def test_the_lookup_digest_does_not_log_in(self):
        """The lookup digest is not a password: the verifier decides."""
        eve = reevectl("user", "create", "eve", "--account", self.account,
                       "--password", "eve-secret").stdout.strip()
        found = {"credentials": md5("eve", "eve-secret"), "realm": self.realm}
        self.assertEqual(201, self.log_in(**found).status)
        where = "account_id = '%s' AND user_id = '%%s' AND method = 'md5'" % \
            self.account
        (verifier,), = database("SELECT verifier FROM user_credential WHERE " +
                                where % self.user)
        database("UPDATE user_credential SET verifier = '%s' WHERE %s" % (
            verifier, where % eve))
        answer = self.log_in(**found)
        self.assertEqual((401, INVALID), (answer.status, answer.data))

    def test_missing_and_bad_fields_are_named(self):
        good = md5("ann", "se:cret-99")
        for label, data, field, code in (
                ("no credentials", {"realm": self.realm}, "credentials",
                 "required"),
                ("a number", {"credentials": 5, "realm": self.realm},
                 "credentials", "type"),
                ("empty", {"credentials": "", "realm": self.realm},
                 "credentials", "minLength"),
                ("overlong", {"credentials": "a" * 65, "realm": self.realm},
                 "credentials", "maxLength"),
                ("method", {"credentials": good, "method": "plain",
                            "realm": self.realm}, "method", "enum"),
                ("no account", {"credentials": good}, "account_name",
                 "required"),
                ("short realm", {"credentials": good, "realm": "abc"}, "realm",
                 "minLength")):
            with self.subTest(label):
                answer = self.log_in(**data)
                self.assertEqual(400, answer.status)
                self.assertEqual("validation error",
                                 answer.envelope["message"])
                self.assertIn(code, answer.data[field])

    def test_a_disabled_user_cannot_log_in(self):
        import_documents([{
            "_id": new_id(), "pvt_type": "user", "pvt_account_id": self.account,
            "username": "off", "enabled": False,
            "pvt_md5_auth": md5("off", "x")}])
        self.assertEqual(401, self.log_in(credentials=md5("off", "x"),
                                          realm=self.realm).status)

    def imported_account(self, **members):
        account, realm = new_id(), new_id() + ".test"
        import_documents([dict({
            "_id": account, "pvt_type": "account", "name": "Imported",
            "realm": realm, "pvt_tree": [MASTER_ID]}, **members), {
                "_id": new_id(), "pvt_type": "user", "username": "ann",
                "pvt_account_id": account, "pvt_md5_auth": md5("ann", "x")}])
        return account, realm

    def test_imported_credentials_work(self):
        _, realm = self.imported_account()
        self.assertEqual(201, self.log_in(credentials=md5("ann", "x"),
                                          realm=realm).status)

    def test_an_expired_account_is_refused_with_the_reason(self):
        account, realm = self.imported_account(pvt_trial_expires=63000000000)
        answer = self.log_in(credentials=md5("ann", "x"), realm=realm)
        self.assertEqual(400, answer.status)
        self.assertEqual("account expired",
                         answer.data["account"]["expired"]["message"])
        self.assertEqual(400, get("/v2/token_auth",
                                  issue_token(account)).status)

    def test_a_disabled_account_is_refused_with_the_reason(self):
        _, realm = self.imported_account(pvt_enabled=False)
        answer = self.log_in(credentials=md5("ann", "x"), realm=realm)
        self.assertEqual(400, answer.status)
        self.assertIn("disabled", answer.data["account"])


class Tokens(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.account = create_account()
        cls.token = issue_token(cls.account)

    def status(self, **more):
        return request("GET", "/v2/token_auth", **more).status

    def test_places_of_a_token(self):
        for label, more in (
                ("X-Auth-Token", {"token": self.token}),
                ("Bearer", {"headers": {"Authorization":
                                        "Bearer " + self.token}}),
                ("query", {"query": {"auth_token": self.token}}),
                ("query beside an undefined header", {
                    "token": "undefined",
                    "query": {"auth_token": self.token}})):
            with self.subTest(label):
                self.assertEqual(200, self.status(**more))

    def test_missing_and_forged_tokens(self):
        forged = self.token[:-1] + ("A" if self.token[-1] != "A" else "B")
        for label, token in (
                ("none", None), ("empty", ""), ("undefined", "undefined"),
                ("garbage", "garbage"), ("forged", forged),
                ("a JWT", "e30.e30.e30"), ("overlong", "x" * 5000)):
            with self.subTest(label):
                answer = request("GET", "/v2/token_auth", token=token)
                self.assertEqual(401, answer.status)
                self.assertEqual("invalid_credentials",
                                 answer.envelope["message"])
                self.assertEqual(INVALID, answer.data)

    def test_an_expired_token(self):
        token = issue_token(self.account, "--expiry", "1s")
        time.sleep(2)
        answer = get("/v2/token_auth", token)
        self.assertEqual(401, answer.status)
        self.assertEqual("invalid credentials", answer.envelope["message"])
        self.assertEqual({}, answer.data)

    def status_within(self, expire):
        """The status of the token within the second in which expire(second)
        was called."""
        for _ in range(100):
            time.sleep(1 - time.time() % 1)
            second = int(time.time())
            expire(second + EPOCH)
            status = self.status(token=self.token)
            if int(time.time()) == second:
                return status
        raise AssertionError("no request ended in the second in which it began")

    def test_a_token_is_invalid_in_the_second_it_expires(self):
        account = create_account()
        self.token = issue_token(account)
        self.assertEqual(401, self.status_within(lambda second: database(
            "UPDATE auth_token SET expires = %d WHERE account_id = '%s'" % (
                second, account))))

    def test_a_token_is_invalid_in_the_second_its_account_expires(self):
        account = create_account()
        self.token = issue_token(account)
        self.assertEqual(400, self.status_within(lambda second: database(
            "UPDATE account SET expires = %d WHERE id = '%s'" % (
                second, account))))

    def test_a_token_that_never_expires(self):
        self.assertEqual(200, self.status(
            token=issue_token(self.account, "--expiry", "0")))

    def test_delete_revokes_the_token(self):
        token = issue_token(self.account)
        answer = request("DELETE", "/v2/token_auth", token)
        self.assertEqual(200, answer.status)
        self.assertEqual("success", answer.envelope["status"])
        self.assertEqual(401, self.status(token=token))
        self.assertEqual(401, request("DELETE", "/v2/token_auth", token).status)
        self.assertEqual(200, self.status(token=self.token))

    def test_the_account_header_must_match_the_token(self):
        header = lambda account: {"X-Auth-Account-ID": account}
        self.assertEqual(200, self.status(token=self.token,
                                          headers=header(self.account)))
        self.assertEqual(401, self.status(token=self.token,
                                          headers=header(MASTER_ID)))

    def test_an_undefined_token_does_not_prevent_login(self):
        for token in ("undefined", ""):
            answer = request("PUT", "/v2/api_auth", token,
                             data={"api_key": "0" * 10})
            self.assertEqual(400, answer.status)


class UserTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.account = create_account(None, "Info", "--realm", new_id() + ".test")
        cls.user = reevectl("user", "create", "ann", "--account", cls.account,
                            "--password", "secret99", "--priv-level",
                            "admin").stdout.strip()

    def log_in(self, **more):
        answer = request("PUT", "/v2/user_auth", data=dict({
            "credentials": md5("ann", "secret99"), "account_id": self.account},
            **more))
        self.assertEqual(201, answer.status, answer)
        return answer.envelope["auth_token"]


class TokenInfo(UserTest):
    """A page asks about the token that it kept, without another."""

    def ask(self, token, sent=None):
        return request("POST", "/v2/auth/tokeninfo", sent,
                       data={"token": token})

    def query(self, token, sent=None, **more):
        return request("GET", "/v2/auth/tokeninfo", sent,
                       query={"token": token}, **more)

    def test_it_is_what_token_auth_says(self):
        token = self.log_in()
        said = get("/v2/token_auth", token)
        self.assertEqual((self.account, self.user, "cb_user_auth", token), tuple(
            said.data[name] for name in ("account_id", "owner_id", "method",
                                         "id")))
        for sent in (None, "undefined", "", "garbage", token,
                     issue_token(MASTER_ID)):
            for way in (self.ask, self.query):
                with self.subTest(sent=sent, way=way.__name__):
                    answer = way(token, sent)
                    self.assertEqual((200, said.data),
                                     (answer.status, answer.data))
                    self.assertEqual(token, answer.envelope["auth_token"])

    def test_it_says_what_a_page_may_offer(self):
        answer = self.ask(self.log_in())
        self.assertEqual(("ann", "admin", {
            "reads": True, "books": True, "administers": True}, False, False,
            False), tuple(answer.data[name] for name in (
                "user_name", "role", "may", "restricted", "is_reseller",
                "is_master")))
        self.assertAlmostEqual(time.time() + 3600 + EPOCH,
                               answer.data["expires"], delta=60)
        for role, may in (("user", (True, False, False)),
                          ("viewer", (True, False, False)),
                          ("clerk", (True, True, False)),
                          ("admin", (True, True, True))):
            with self.subTest(role):
                user = reevectl("user", "create", role, "--account",
                                self.account, "--password", "secret99",
                                ).stdout.strip()
                request("PATCH", "/v2/accounts/%s/users/%s" % (
                    self.account, user), issue_token(MASTER_ID),
                    data={"role": role})
                said = self.ask(issue_token(self.account, "--user", user)).data
                self.assertEqual((role, may), (said["role"], tuple(
                    said["may"][name] for name in ("reads", "books",
                                                   "administers"))))

    def test_a_key_has_no_owner(self):
        key = reevectl("key", "create", self.account).stdout.strip()
        token = request("PUT", "/v2/api_auth",
                        data={"api_key": key}).envelope["auth_token"]
        answer = self.ask(token)
        self.assertEqual("cb_api_auth", answer.data["method"])
        self.assertEqual("admin", answer.data["role"])
        for name in ("owner_id", "user_name"):
            self.assertNotIn(name, answer.data)

    def test_nothing_that_stores_answers_has_the_token(self):
        token = self.log_in()
        for answer in (self.ask(token), self.query(token),
                       get("/v2/token_auth", token),
                       self.query(token, headers={"Accept": "text/csv"}),
                       self.query(token, headers={"If-None-Match": "*"})):
            self.assertEqual((200, "no-store", None), (
                answer.status, answer.headers["cache-control"],
                answer.headers.get("etag")), answer)

    def test_a_restricted_token_is_described(self):
        token = self.log_in(restrictions={"get": ["accounts/#"]})
        self.assertEqual(403, get("/v2/token_auth", token).status)
        said = self.ask(token).data
        self.assertEqual((self.user, True), (said["owner_id"],
                                             said["restricted"]))

    def test_what_is_not_a_token_any_longer(self):
        ended, expired = self.log_in(), self.log_in()
        request("DELETE", "/v2/token_auth", ended)
        database("UPDATE auth_token SET expires = created WHERE account_id ="
                 " '%s'" % self.account)
        own = issue_token(MASTER_ID)
        for label, token, data in (
                ("unknown", "x.y.z", INVALID), ("overlong", 9999 * "x", INVALID),
                ("ended", ended, INVALID), ("expired", expired, {}),
                ("undefined", "undefined", INVALID)):
            for sent in (None, own):
                with self.subTest(label, sent=sent):
                    for answer in (self.ask(token, sent), self.query(
                            token[:1000], sent)):
                        self.assertEqual((401, data),
                                         (answer.status, answer.data))
                        self.assertNotIn("auth_token", answer.envelope)

    def test_one_of_an_expired_account(self):
        account = create_account()
        token = issue_token(account)
        database("UPDATE account SET expires = 1 WHERE id = '%s'" % account)
        answer = self.ask(token)
        self.assertEqual(400, answer.status)
        self.assertIn("expired", answer.data["account"])

    def test_the_token_is_needed(self):
        for label, answer, code in (
                ("no query", get("/v2/auth/tokeninfo"), "required"),
                ("empty query", self.query(""), "required"),
                ("no member", request("POST", "/v2/auth/tokeninfo", data={}),
                 "required"),
                ("empty", self.ask(""), "minLength"),
                ("a number", self.ask(5), "type")):
            with self.subTest(label):
                self.assertEqual((400, [code]), (
                    answer.status, list(answer.data["token"])))


class Renewal(UserTest):
    """PUT auth exchanges a token for another."""

    def renew(self, token, status=201, **data):
        answer = request("PUT", "/v2/auth", token, data=dict(
            {"action": "refresh_token"}, **data))
        self.assertEqual(status, answer.status, answer)
        return answer.envelope.get("auth_token")

    def test_the_other_is_of_the_same_user(self):
        token = self.log_in()
        other = self.renew(token)
        self.assertNotEqual(token, other)
        one, two = (get("/v2/token_auth", each).data for each in (token, other))
        self.assertIn(two.pop("expires") - one.pop("expires"), range(60))
        self.assertEqual(dict(one, id=other), two)
        self.assertAlmostEqual(time.time() + 3600, json.loads(
            part_of(other, 1))["exp"], delta=60)

    def test_the_action_may_stand_beside_data(self):
        token = self.log_in()
        for label, more in (
                ("beside", {"body": '{"action": "refresh_token", "data": {}}'}),
                ("query", {"data": {}, "query": {"action": "refresh_token"}})):
            with self.subTest(label):
                self.assertEqual(201, request("PUT", "/v2/auth", token,
                                              **more).status)

    def test_other_actions_are_refused(self):
        token = self.log_in()
        for label, more, code in (
                ("none", {"data": {}}, "required"),
                ("unknown", {"data": {"action": "x"}}, "enum"),
                ("a number", {"data": {"action": 1}}, "type"),
                ("beside data", {"body": '{"action": "reset_signature_secret",'
                                         ' "data": {}}'}, "enum")):
            with self.subTest(label):
                answer = request("PUT", "/v2/auth", token, **more)
                self.assertEqual(400, answer.status, answer)
                self.assertIn(code, answer.data["action"])

    def test_restrictions_stay(self):
        bound = self.log_in(restrictions={"get": ["#"], "put": ["auth"]})
        other = self.renew(self.renew(bound))
        self.assertEqual(200, get("/v2/token_auth", other).status)
        self.assertEqual(403, request("DELETE", "/v2/token_auth",
                                      other).status)
        self.renew(self.log_in(restrictions={"get": ["#"]}), 403)
        self.renew(bound, 400, restrictions={})

    def test_rules_of_the_template_stay(self):
        path = "/v2/accounts/%s/token_restrictions" % self.account
        admin = issue_token(self.account)
        self.assertEqual(200, request("POST", path, admin, data={
            "cb_user_auth": {"_": {"auth": [{"rules": {"/": ["PUT"]}}],
                                   "_": [{"rules": {"#": ["GET"]}}]}}}).status)
        other = self.renew(self.log_in())
        self.assertEqual(403, request("DELETE", "/v2/token_auth", other).status)
        self.assertEqual(200, request("DELETE", path, admin).status)
        self.assertEqual(401, get("/v2/token_auth", other).status)

    def test_a_changed_password_ends_both(self):
        token = self.log_in()
        other = self.renew(token)
        reevectl("user", "password", "ann", "--account", self.account,
                 "--password", "secret99")
        for each in (token, other):
            self.assertEqual(401, get("/v2/token_auth", each).status)
            self.renew(each, 401)

    def test_tokens_of_the_command_line(self):
        """One of a user, who can end it, lasts no longer than before."""
        other = self.renew(issue_token(self.account, "--user", self.user,
                                       "--expiry", "60s"))
        self.assertAlmostEqual(time.time() + 60, json.loads(
            part_of(other, 1))["exp"], delta=30)
        self.renew(issue_token(self.account), 403)


class Keys(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.account = create_account()

    def exchange(self, key):
        return request("PUT", "/v2/api_auth", data={"api_key": key})

    def test_a_key_is_exchanged_for_a_token(self):
        key = reevectl("key", "create", self.account).stdout.strip()
        answer = self.exchange(key)
        self.assertEqual(201, answer.status)
        self.assertEqual(self.account, answer.data["account_id"])
        self.assertNotIn("owner_id", answer.data)
        token = answer.envelope["auth_token"]
        self.assertEqual(200, get("/v2/token_auth", token).status)
        reevectl("key", "revoke", key)
        self.assertEqual(401, get("/v2/token_auth", token).status)
        self.assertEqual(401, self.exchange(key).status)

    def test_the_answer_does_not_repeat_a_wrong_key(self):
        answer = self.exchange("f" * 64)
        self.assertEqual(401, answer.status)
        self.assertNotIn(b"fffff", answer.body)

    def test_a_key_has_64_characters(self):
        answer = self.exchange("0" * 10)
        self.assertEqual(400, answer.status)
        self.assertEqual(64, answer.data["api_key"]["minLength"]["target"])
        self.assertIn("required", request(
            "PUT", "/v2/api_auth", data={}).data["api_key"])


class AtRest(unittest.TestCase):
    """Nobody can log in with what the tables contain."""

    def test_nothing_can_be_replayed(self):
        account = create_account(None, "At rest", "--realm", new_id() + ".test")
        password = new_id()
        reevectl("user", "create", "ann", "--account", account, "--password",
                 password)
        key = reevectl("key", "create", account).stdout.strip()
        token = issue_token(account)
        secrets = [password, md5("ann", password), sha1("ann", password), key,
                   token]
        dump = subprocess.run(
            ["mariadb", "--no-defaults", "--user=root", "--batch", "--raw",
             "--socket=" + os.environ["REEVE_DB_SOCKET"], "reeve", "-e",
             "SELECT method, HEX(lookup), verifier FROM user_credential"
             " WHERE account_id = '{0}'; SELECT HEX(digest), label FROM api_key"
             " WHERE account_id = '{0}'; SELECT HEX(digest), method FROM"
             " auth_token WHERE account_id = '{0}'".format(account)],
            capture_output=True, text=True, check=True).stdout
        self.assertEqual(2, dump.count("$argon2id$"))
        for secret in secrets:
            for form in (secret, secret.encode().hex()):
                self.assertNotIn(form.lower(), dump.lower())


if __name__ == "__main__":
    unittest.main()
