#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts as clients see them: requests and answers field by field,
relatives, keys, and the effects of deletion, moving and promotion."""

import json
import os
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_ID, MASTER_TOKEN, Seller, database,  # noqa: E402
                   get, issue_token, new_id, reevectl, request)

REQUIRED = {"billing_mode", "created", "enabled", "is_reseller", "realm",
            "reseller_id", "superduper_admin", "wnm_allow_additions"}


def fresh_realm():
    return "r%s.example" % new_id()[:12]


def fresh_number():
    return "+1415%07d" % (int(new_id()[:8], 16) % 10**7)


class AccountTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()

    def ask(self, method, account, rest="", data=None, token=None, **more):
        return request(method, "/v2/accounts/%s%s" % (account, rest),
                       token or self.seller.token, data=data, **more)

    def make(self, parent=None, token=None, **fields):
        answer = self.ask("PUT", parent or self.seller.id, token=token,
                          data=dict({"name": "Made " + new_id()[:8]},
                                    **fields))
        self.assertEqual(201, answer.status, answer)
        return answer.data["id"]

    def show(self, account):
        return self.ask("GET", account, token=MASTER_TOKEN).data

    def ids(self, account, rest, token=None, **query):
        answer = self.ask("GET", account, rest, token=token, query=query)
        self.assertEqual(200, answer.status, answer)
        return [line["id"] for line in answer.data]

    def cascade(self, account):
        return self.ask("GET", account, "/services/summary",
                        token=MASTER_TOKEN).data["quantities"]["cascade"]

    def counted(self, account):
        return self.cascade(account).get("accounts", {}).get("account", 0)

    def events(self, account):
        """The events in an account's audit trail, oldest first; deleted
        accounts included."""
        return [row[0] for row in database(
            "SELECT JSON_VALUE(document, '$.audit.changes.event') FROM "
            "audit_entry WHERE account_id = '%s' AND form = 'invoice' AND "
            "JSON_CONTAINS_PATH(document, 'one', '$.audit.changes.event') "
            "ORDER BY sequence" % account)]

    def last_cause(self, account):
        """From the newest entry about quantities: the tables that changed, and
        the account that caused it."""
        text, = database(
            "SELECT JSON_EXTRACT(document, '$.cause.changes') FROM audit_entry "
            "WHERE account_id = '%s' AND form = 'quantities' "
            "ORDER BY sequence DESC LIMIT 1" % account)[0]
        changes = json.loads(text)
        return changes["type"], changes["account_id"]

    def refused(self, answer, *fields):
        self.assertEqual(400, answer.status, answer)
        self.assertEqual(set(fields), set(answer.data))
        return answer.data


class Creation(AccountTest):
    def test_every_reply_has_the_computed_fields(self):
        made = self.ask("PUT", self.make(), data={"name": "A"})
        account = made.data["id"]
        self.assertEqual("/v2/accounts/" + account, made.headers["location"])
        for answer in (made, self.ask("GET", account),
                       self.ask("PATCH", account, data={"org": "O"}),
                       self.ask("POST", account, data={"name": "B"})):
            self.assertLessEqual(REQUIRED, set(answer.data))
            metadata = answer.envelope["metadata"]
            self.assertEqual(
                {k: answer.data[k] for k in REQUIRED - {"realm"}},
                {k: metadata[k] for k in REQUIRED - {"realm"}})
            self.assertEqual(account, metadata["id"])

    def test_a_new_account_is_a_child_of_the_caller(self):
        answer = request("PUT", "/v2/accounts", self.seller.token,
                         data={"name": "A"})
        self.assertEqual(201, answer.status)
        self.assertIn(answer.data["id"],
                      self.ids(self.seller.id, "/children", paginate="false"))

    def test_accounts_are_listed_by_creation(self):
        parent = self.make()
        account = self.make(parent)
        created = self.show(account)["created"]
        self.assertEqual([account], self.ids(parent, "/children",
                                             created_from=created))
        self.assertEqual([], self.ids(parent, "/children",
                                      created_to=created - 1))

    def test_a_missing_realm_is_generated(self):
        first, second = (self.show(self.make())["realm"] for _ in range(2))
        self.assertRegex(first, r"^[0-9a-f]{6}\.")
        self.assertNotEqual(first, second)

    def test_a_realm_is_in_lower_case(self):
        realm = fresh_realm()
        self.assertEqual(realm, self.show(self.make(realm=realm.upper()))["realm"])

    def test_billing_mode_names_the_seller(self):
        account = self.make()
        for token, mode in ((self.seller.token, "limits_only"),
                            (MASTER_TOKEN, "normal"),
                            (issue_token(account), "manual")):
            answer = self.ask("GET", account, token=token)
            self.assertEqual((mode, mode), (
                answer.data["billing_mode"],
                answer.envelope["metadata"]["billing_mode"]))

    def test_a_new_account_can_be_used_at_once(self):
        account = self.make()
        self.assertEqual({}, self.ask("GET", account, "/services").data)
        self.assertEqual(201, self.ask("PUT", account, "/devices",
                                       {"name": "D"}).status)

    def test_creation_is_audited_once(self):
        account = self.make()
        self.assertEqual(["created"], self.events(account))
        entry, = self.ask("GET", account, "/services/audit").data
        audit = self.ask("GET", account, "/services/audit/" +
                         entry["id"]).data["audit"]
        self.assertEqual(self.seller.id, audit["authentication"]["account_id"])
        self.assertEqual(("PUT", "/v2/accounts/" + self.seller.id),
                         (audit["request"]["method"], audit["request"]["path"]))

    def test_creation_of_a_disabled_account_is_audited(self):
        self.assertEqual(["created"], self.events(self.make(enabled=False)))

    def test_creation_is_audited_in_ancestors(self):
        account = self.make()
        self.assertEqual((["cascade"], account), self.last_cause(self.seller.id))

    def test_an_idempotency_key_creates_one_account(self):
        headers = {"Idempotency-Key": new_id()}
        before = self.counted(self.seller.id)
        first, again = (self.ask("PUT", self.seller.id, data={"name": "Once"},
                                 headers=headers) for _ in range(2))
        for part in ("data", "metadata"):
            self.assertEqual(first.envelope[part], again.envelope[part])
        self.assertEqual((201, first.headers["location"]),
                         (again.status, again.headers["location"]))
        self.assertEqual(before + 1, self.counted(self.seller.id))
        with self.subTest("the key is not for another account"):
            self.assertEqual(422, self.ask(
                "PUT", self.seller.id, data={"name": "B"},
                headers=headers).status)

    def test_a_refused_request_does_not_use_the_key(self):
        headers = {"Idempotency-Key": new_id()}
        self.refused(self.ask("PUT", self.seller.id, data={},
                              headers=headers), "name")
        self.assertEqual(201, self.ask("PUT", self.seller.id,
                                       data={"name": "Refused"},
                                       headers=headers).status)

    def test_a_parent_must_exist(self):
        self.assertEqual(404, self.ask("PUT", new_id(), data={"name": "A"},
                                       token=MASTER_TOKEN).status)
        self.assertEqual(403, self.ask("PUT", MASTER_ID,
                                       data={"name": "A"}).status)


class Names(AccountTest):
    """Below one parent, names differ by letters and digits."""

    def setUp(self):
        self.parent = self.make()
        self.known = self.make(self.parent, name="Smith & Sons")

    def is_taken(self, answer, name):
        self.assertEqual(400, answer.status, answer)
        self.assertEqual({"unique": {
            "message": "another account below the same one has this name",
            "cause": name}}, answer.data["name"])

    def test_which_names_are_the_same(self):
        for name, is_taken in {
                "Smith & Sons": True, "smith sons": True, "SMITHSONS": True,
                "Smith & Sons 2": False, "Smith": False, "-": False,
                "--": False, "": None}.items():
            with self.subTest(name):
                answer = self.ask("PUT", self.parent, data={"name": name})
                if is_taken:
                    self.is_taken(answer, name)
                else:
                    self.assertEqual(201 if name else 400, answer.status)
        for name in "-", "\u65e5\u672c":
            with self.subTest("again: " + name):
                self.ask("PUT", self.parent, data={"name": name})
                self.is_taken(self.ask("PUT", self.parent, data={
                    "name": name}), name)

    def test_a_name_is_free_elsewhere_and_after_a_deletion(self):
        self.make(self.known, name="Smith & Sons")
        self.make(self.make(), name="Smith & Sons")
        self.assertEqual(409, self.ask("DELETE", self.known).status)
        other = self.make(self.parent, name="Other")
        self.assertEqual(200, self.ask("DELETE", other).status)
        self.make(self.parent, name="Other")

    def test_an_account_is_not_renamed_to_another(self):
        other = self.make(self.parent, name="Other")
        for method in "POST", "PATCH":
            with self.subTest(method):
                self.is_taken(self.ask(method, other, data={
                    "name": "SMITH SONS"}), "SMITH SONS")
                self.assertEqual(200, self.ask(method, other, data={
                    "name": "OTHER" + method}).status)
        self.assertEqual(200, self.ask("PATCH", self.known, data={
            "name": "smith sons"}).status)

    def test_accounts_that_share_a_name_keep_it(self):
        twin = reevectl("account", "create", "Smith & Sons", "--parent",
                        self.parent).stdout.strip()
        self.assertEqual(200, self.ask("PATCH", twin,
                                       data={"org": "O"}).status)
        self.assertEqual(200, self.ask("POST", twin, data={
            "name": "Smith & Sons"}).status)
        self.is_taken(self.ask("PATCH", twin, data={"name": "Smith Sons"}),
                      "Smith Sons")

    def test_an_account_does_not_move_to_one_of_its_name(self):
        twin = self.make(self.make(), name="Smith Sons")
        move = self.ask("POST", twin, "/move", {"to": self.parent},
                        MASTER_TOKEN)
        self.is_taken(move, "Smith Sons")
        self.ask("PATCH", self.known, data={"name": "Smith"})
        self.assertEqual(200, self.ask("POST", twin, "/move", {
            "to": self.parent}, MASTER_TOKEN).status)

    def test_of_several_at_once_one_gets_the_name(self):
        others = [self.make(self.parent) for _ in range(3)]
        asks = [("PUT", self.parent)] * 3 + [("PATCH", o) for o in others]
        with ThreadPoolExecutor(6) as pool:
            done = list(pool.map(lambda ask: self.ask(
                *ask, data={"name": "Wanted"}).status, asks))
        self.assertEqual(5, done.count(400), done)


class Refused(AccountTest):
    BAD = (({"name": None}, "name"), ({"name": ""}, "name"),
           ({"name": 5}, "name"), ({"name": "x" * 129}, "name"),
           ({"name": ["A"]}, "name"),
           ({"realm": "a b.example"}, "realm"), ({"realm": "a.b"}, "realm"),
           ({"realm": "x" * 254}, "realm"), ({"realm": "ä.example"}, "realm"),
           ({"realm": 5}, "realm"),
           ({"enabled": "yes"}, "enabled"), ({"enabled": 1}, "enabled"),
           ({"language": 5}, "language"), ({"language": "x" * 17}, "language"),
           ({"timezone": {}}, "timezone"), ({"org": []}, "org"),
           ({"topup": 5}, "topup"),
           ({"topup": {"amount": "much"}}, "topup.amount"),
           ({"caller_id": "x"}, "caller_id"))

    def test_bad_fields_are_named(self):
        account = self.make(name="Kept")
        before = (self.show(account), self.counted(self.seller.id))
        for data, field in self.BAD:
            for method, target in (("PUT", self.seller.id), ("POST", account),
                                   ("PATCH", account)):
                with self.subTest((method, data)):
                    self.refused(self.ask(method, target,
                                          data=dict({"name": "A"}, **data)),
                                 field)
        self.assertEqual(before, (self.show(account),
                                  self.counted(self.seller.id)))

    def test_all_bad_fields_are_named_at_once(self):
        self.refused(self.ask("PUT", self.seller.id, data={
            "realm": 5, "enabled": "x"}), "name", "realm", "enabled")

    def test_data_must_be_an_object(self):
        for data in ([], "A", 5, [{"name": "A"}]):
            with self.subTest(data):
                self.refused(self.ask("PUT", self.seller.id, data=data), "data")

    def test_a_realm_is_unique(self):
        realm = fresh_realm()
        self.make(realm=realm)
        account = self.make()
        for method, target in (("PUT", self.seller.id), ("POST", account),
                               ("PATCH", account)):
            for taken in (realm, realm.upper()):
                data = self.refused(self.ask(method, target, data={
                    "name": "A", "realm": taken}), "realm")
                self.assertEqual(["unique"], list(data["realm"]))

    def test_a_name_of_max_length_is_accepted(self):
        self.assertEqual("ä" * 128, self.show(self.make(name="ä" * 128))["name"])


class Change(AccountTest):
    UNKNOWN = {"custom": {"deep": [1, {"x": "ä"}], "no": False, "zero": 0},
               "ui_flags": {}, "contact": {"billing": {"email": "a@b.c"}},
               "pi": 3.25}

    def test_an_account_sent_back_does_not_change(self):
        account = self.make(org="Org", topup={"threshold": 5})
        whole = self.ask("GET", account).data
        self.assertEqual(whole, self.ask("POST", account, data=whole).data)

    def test_an_account_without_restrictions_of_pages_shows_none(self):
        """Monster UI writes the account where there is no member."""
        account, some = self.make(), {"myaccount": {"user": {"show_tab": False}}}
        for label, change, shown in (
                ("none", {}, {}), ("some", {"ui_restrictions": some}, some),
                ("none again", {"ui_restrictions": None}, {})):
            with self.subTest(label):
                tag = self.ask("PATCH", account, data=change).headers["etag"]
                answer = self.ask("GET", account)
                self.assertEqual((shown, tag), (
                    answer.data["ui_restrictions"], answer.headers["etag"]))
                self.assertEqual(200, request(
                    "PATCH", "/v2/accounts/%s" % account, self.seller.token,
                    data={}, headers={"If-Match": tag}).status)

    def test_unknown_keys_are_kept(self):
        account = self.make(**self.UNKNOWN)
        whole = self.show(account)
        self.assertEqual(self.UNKNOWN, {k: whole[k] for k in self.UNKNOWN})
        answer = self.ask("POST", account, data=whole, token=MASTER_TOKEN)
        self.assertEqual(whole, answer.data)
        self.assertEqual(whole, self.show(account))

    def test_put_replaces_all_fields(self):
        account = self.make(org="O", **self.UNKNOWN)
        before = self.show(account)
        after = self.ask("POST", account, data={"name": "B"}).data
        self.assertEqual("B", after["name"])
        self.assertEqual(set(), set(after) & (set(self.UNKNOWN) | {"org"}))
        with self.subTest("computed fields stay"):
            for key in ("id", "realm", "created", "reseller_id"):
                self.assertEqual(before[key], after[key])

    def test_null_removes_a_field(self):
        account = self.make(org="O", realm=fresh_realm(), language="de-de",
                            enabled=False, custom={"a": 1, "b": {"c": 2}})
        realm = self.show(account)["realm"]
        answer = self.ask("PATCH", account, data={
            "org": None, "custom": {"b": {"c": None}}, "language": None,
            "enabled": None, "realm": None, "none": None})
        self.assertEqual(200, answer.status)
        for key in ("org", "none"):
            self.assertNotIn(key, answer.data)
        self.assertEqual({"a": 1, "b": {}}, answer.data["custom"])
        with self.subTest("required fields stay or get their defaults"):
            self.assertEqual((realm, "en-us", True), tuple(
                answer.data[k] for k in ("realm", "language", "enabled")))

    def test_computed_fields_are_ignored(self):
        account = self.make()
        before = self.show(account)
        for method in ("POST", "PATCH"):
            answer = self.ask(method, account, token=MASTER_TOKEN, data={
                "name": before["name"], "id": new_id(), "is_reseller": True,
                "reseller_id": new_id(), "superduper_admin": True, "created": 1,
                "billing_mode": "normal", "wnm_allow_additions": False,
                "pvt_x": 1, "_id": new_id(), "_read_only": {"x": 1}})
            self.assertEqual(before, answer.data)

    def test_a_change_requires_the_current_etag(self):
        account = self.make(name="Early")
        for method in ("POST", "PATCH", "DELETE"):
            etag = self.ask("GET", account).headers["etag"]
            self.ask("PATCH", account, data={"org": method})
            answer = self.ask(method, account, headers={"If-Match": etag},
                              data={"name": "Late"})
            self.assertEqual(412, answer.status)
        self.assertEqual("Early", self.show(account)["name"])
        with self.subTest("with the latest ETag, or any"):
            for etag in (self.ask("GET", account).headers["etag"], "*"):
                self.assertEqual(200, self.ask(
                    "POST", account, headers={"If-Match": etag},
                    data={"name": "New"}).status)

    def test_a_reply_s_etag_is_valid_for_the_next_request(self):
        account = self.make()
        etag = self.ask("PATCH", account, data={"org": "A"}).headers["etag"]
        self.assertEqual(etag, self.ask("GET", account).headers["etag"])
        self.assertEqual(200, self.ask("PATCH", account, data={"org": "B"},
                                       headers={"If-Match": etag}).status)

    def test_a_former_realm_is_free(self):
        realm = fresh_realm()
        account = self.make(realm=realm)
        self.ask("PATCH", account, data={"realm": fresh_realm()})
        self.make(realm=realm)

    def test_a_disabled_account_is_counted(self):
        parent = self.make()
        account = self.make(parent)
        for enabled in False, False, True, True:
            self.ask("PATCH", account, data={"enabled": enabled})
            self.assertEqual(1, self.counted(parent))
        with self.subTest("created disabled"):
            self.make(parent, enabled=False)
            self.assertEqual(2, self.counted(parent))
        self.assertIn("0 drifted", reevectl("recount", parent,
                                            "--dry-run").stdout)

    def test_nobody_logs_in_to_a_disabled_account(self):
        account = self.make()
        token = issue_token(account)
        self.ask("PATCH", account, data={"enabled": False})
        answer = self.ask("GET", account, token=token)
        self.assertEqual((400, ["account"]), (answer.status, list(answer.data)))
        self.assertEqual(200, self.ask("GET", account).status)
        self.ask("PATCH", account, data={"enabled": True})
        self.assertEqual(200, self.ask("GET", account, token=token).status)

    def test_the_own_account_needs_no_id(self):
        account = self.make()
        token = issue_token(account)
        mine = lambda method, rest="", **more: request(
            method, "/v2/account" + rest, token, **more)
        self.assertEqual(account, mine("GET").data["id"])
        self.assertEqual("O", mine("PATCH", data={"org": "O"}).data["org"])
        made = mine("PUT", data={"name": "Below"})
        self.assertEqual((201, [made.data["id"]]), (
            made.status, [a["id"] for a in mine("GET", "/children").data]))
        device = mine("PUT", "/devices", data={"name": "D"})
        self.assertEqual(200, get(device.headers["location"], token).status)


class Relatives(AccountTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.top = Seller("Top")
        put = lambda parent, name: request(
            "PUT", "/v2/accounts/" + parent, cls.top.token,
            data={"name": name}).data["id"]
        cls.left, cls.right = put(cls.top.id, "Left"), put(cls.top.id, "Right")
        cls.below = put(cls.left, "Below")
        cls.bottom = put(cls.below, "Bottom")

    def ask(self, method, account, rest="", data=None, token=None, **more):
        return super().ask(method, account, rest, data,
                           token or self.top.token, **more)

    def test_shape_of_a_line(self):
        lines = {a["id"]: a for a in self.ask(
            "GET", self.top.id, "/descendants").data}
        self.assertEqual({self.left, self.right, self.below, self.bottom},
                         set(lines))
        self.assertEqual(
            {"id": self.below, "name": "Below", "descendants_count": 1,
             "realm": self.show(self.below)["realm"],
             "tree": [MASTER_ID, self.top.id, self.left]}, lines[self.below])
        self.assertEqual((2, 0, 0), tuple(
            lines[a]["descendants_count"]
            for a in (self.left, self.right, self.bottom)))

    def test_children_are_direct_children_only(self):
        self.assertEqual({self.left, self.right},
                         set(self.ids(self.top.id, "/children")))
        self.assertEqual([], self.ids(self.bottom, "/children"))
        self.assertEqual([], self.ids(self.bottom, "/descendants"))

    def test_parents_are_listed_from_the_root(self):
        for noun in ("/parents", "/tree"):
            self.assertEqual(
                [{"id": self.top.id, "name": "Top"},
                 {"id": self.left, "name": "Left"},
                 {"id": self.below, "name": "Below"}],
                self.ask("GET", self.bottom, noun).data)
            self.assertEqual(
                [MASTER_ID, self.top.id, self.left, self.below],
                self.ids(self.bottom, noun, token=MASTER_TOKEN))
            self.assertEqual([self.left, self.below], self.ids(
                self.bottom, noun, token=issue_token(self.left)))
            self.assertEqual([], self.ids(MASTER_ID, noun, token=MASTER_TOKEN))

    def test_siblings_share_the_parent(self):
        for account in (self.left, self.right):
            self.assertEqual({self.left, self.right},
                             set(self.ids(account, "/siblings")))
        self.assertEqual([self.left], self.ids(
            self.left, "/siblings", token=issue_token(self.left)))
        self.assertEqual([self.below], self.ids(self.below, "/siblings"))
        self.assertEqual([], self.ids(MASTER_ID, "/siblings",
                                      token=MASTER_TOKEN))

    def test_page_by_page(self):
        for noun in ("/descendants", "/children"):
            everything = self.ids(self.top.id, noun, paginate="false")
            for size in (1, 2, 3):
                seen, query = [], {"page_size": size}
                while True:
                    envelope = self.ask("GET", self.top.id, noun,
                                        query=query).envelope
                    self.assertLessEqual(len(envelope["data"]), size)
                    self.assertEqual(len(envelope["data"]),
                                     envelope["page_size"])
                    seen += [a["id"] for a in envelope["data"]]
                    if "next_start_key" not in envelope:
                        break
                    query["start_key"] = envelope["next_start_key"]
                self.assertEqual(everything, seen)

    def test_lists_are_filtered_by_a_field(self):
        self.assertEqual([self.right], self.ids(
            self.top.id, "/descendants", filter_name="Right"))
        self.assertEqual([self.left], self.ids(
            self.top.id, "/children", filter_descendants_count=2))
        self.assertEqual([], self.ids(
            self.top.id, "/descendants", created_from=99999999999))

    def test_bad_page_parameters_are_refused(self):
        for query in ({"page_size": 0}, {"page_size": "x"},
                      {"start_key": "x" * 65}):
            self.refused(self.ask("GET", self.top.id, "/children", query=query),
                         *query)


class Key(AccountTest):
    def log_in(self, key):
        return request("PUT", "/v2/api_auth", data={"api_key": key})

    def test_a_new_account_has_a_key(self):
        account = self.make()
        key = self.ask("GET", account, "/api_key").data["api_key"]
        self.assertRegex(key, "^[0-9a-f]{64}$")
        for accept in ("application/json", "text/csv"):
            with self.subTest(accept):
                self.assertEqual("no-store", self.ask(
                    "GET", account, "/api_key", headers={"Accept": accept}
                    ).headers["cache-control"])
        answer = self.log_in(key)
        self.assertEqual("no-store", answer.headers["cache-control"])
        self.assertEqual((201, account),
                         (answer.status, answer.data["account_id"]))
        self.assertEqual(200, self.ask(
            "GET", account, token=answer.envelope["auth_token"]).status)

    def test_renewal_revokes_the_previous_key_and_its_tokens(self):
        account = self.make()
        old = self.ask("GET", account, "/api_key").data["api_key"]
        token = self.log_in(old).envelope["auth_token"]
        for _ in range(3):
            answer = self.ask("PUT", account, "/api_key")
            self.assertEqual(201, answer.status)
            new = answer.data["api_key"]
            self.assertEqual(new, self.ask("GET", account,
                                           "/api_key").data["api_key"])
            self.assertEqual((401, 201), (self.log_in(old).status,
                                          self.log_in(new).status))
            old = new
        self.assertEqual(401, self.ask("GET", account, token=token).status)

    def test_of_parallel_renewals_one_key_works(self):
        account = self.make()
        with ThreadPoolExecutor(8) as pool:
            keys = [a.data["api_key"] for a in pool.map(
                lambda _: self.ask("PUT", account, "/api_key"), range(8))]
        shown = self.ask("GET", account, "/api_key").data["api_key"]
        self.assertEqual([shown], [k for k in set(keys)
                                   if self.log_in(k).status == 201])

    def test_renewal_keeps_keys_made_by_the_administrator(self):
        account = self.make()
        key = reevectl("key", "create", account).stdout.strip()
        self.ask("PUT", account, "/api_key")
        self.assertEqual(201, self.log_in(key).status)

    def test_accounts_have_different_keys(self):
        first, second = (self.ask("GET", self.make(), "/api_key").data["api_key"]
                         for _ in range(2))
        self.assertNotEqual(first, second)

    def test_keys_are_deleted_with_the_account(self):
        account = self.make()
        key = self.ask("GET", account, "/api_key").data["api_key"]
        self.ask("DELETE", account)
        self.assertEqual(401, self.log_in(key).status)


class Deletion(AccountTest):
    def test_an_account_with_children_is_not_deleted(self):
        account = self.make()
        child = self.make(account)
        answer = self.ask("DELETE", account)
        self.assertEqual((409, "account_has_descendants", "409"), (
            answer.status, answer.envelope["message"],
            answer.envelope["error"]))
        self.assertEqual(1, self.counted(account))
        self.ask("DELETE", child)
        self.assertEqual(200, self.ask("DELETE", account).status)

    def test_a_deleted_account_is_gone(self):
        account = self.make()
        token = issue_token(account)
        answer = self.ask("DELETE", account)
        self.assertEqual((200, account, True), (
            answer.status, answer.data["id"],
            answer.data["_read_only"]["deleted"]))
        self.assertEqual(401, self.ask("GET", account, token=token).status)
        for method, rest in (("GET", ""), ("PATCH", ""), ("DELETE", ""),
                             ("GET", "/services"), ("GET", "/devices"),
                             ("PUT", "/devices"), ("GET", "/services/audit"),
                             ("PUT", "/reseller"), ("GET", "/api_key"),
                             ("GET", "/parents"), ("PUT", "")):
            with self.subTest((method, rest)):
                data = None if method == "GET" else {"name": "A"}
                self.assertEqual(404, self.ask(method, account, rest, data,
                                               token=MASTER_TOKEN).status)
                self.assertEqual(403, self.ask(method, account, rest,
                                               data).status)
        self.assertNotIn(account, self.ids(self.seller.id, "/children",
                                           paginate="false"))
        self.assertNotIn(account, self.ids(self.seller.id, "/descendants",
                                           paginate="false"))

    def test_names_of_a_deleted_account_are_free(self):
        realm, number, domain = fresh_realm(), fresh_number(), fresh_realm()
        for _ in range(2):
            account = self.make(realm=realm)
            self.assertEqual(201, self.ask(
                "PUT", account, "/phone_numbers/" + number, {}).status)
            self.assertEqual(201, self.ask(
                "PUT", account, "/whitelabel", {"domain": domain}).status)
            self.assertEqual(200, request(
                "GET", "/v2/whitelabel/" + domain).status)
            self.assertEqual(200, self.ask("DELETE", account).status)
            self.assertEqual(404, request(
                "GET", "/v2/whitelabel/" + domain).status)

    def test_ancestors_lose_its_quantities(self):
        parent = self.make()
        before = self.cascade(parent)
        account = self.make(parent)
        self.ask("PUT", account, "/devices", {"name": "D"})
        self.ask("PUT", account, "/vmboxes", {"name": "V", "mailbox": "1"})
        self.assertEqual(
            {"accounts": {"account": 1}, "devices": {"sip_device": 1},
             "voicemails": {"mailbox": 1}}, self.cascade(parent))
        self.ask("DELETE", account)
        self.assertEqual(before, self.cascade(parent))
        for above in (parent, self.seller.id):
            self.assertIn("0 drifted", reevectl("recount", above,
                                                "--dry-run").stdout)
            self.assertIn(" ok", reevectl("audit", "verify", above).stdout)

    def test_its_audit_trail_stays(self):
        account = self.make()
        self.ask("PUT", account, "/devices", {"name": "D"})
        self.ask("DELETE", account)
        self.assertEqual(["created", "deleted"], self.events(account))
        self.assertIn(" ok", reevectl("audit", "verify", account).stdout)

    def test_an_account_with_plans_is_deleted(self):
        plan = self.seller.plan("plan_" + new_id()[:8], {
            "devices": {"sip_device": {"rate": 5}}})
        account = self.seller.account()
        account.assign(plan)
        self.assertEqual(201, self.ask(
            "PUT", account.id, "/devices", {"name": "D"},
            envelope={"accept_charges": True}).status)
        self.assertEqual(200, self.ask("DELETE", account.id).status)
        with self.subTest("the plan is free then"):
            self.assertEqual(200, request(
                "DELETE", self.seller.path + "/" + plan,
                self.seller.token).status)

    def test_a_repeated_deletion_is_404(self):
        account = self.make()
        headers = {"Idempotency-Key": new_id()}
        statuses = [self.ask("DELETE", account, headers=headers,
                             token=MASTER_TOKEN).status for _ in range(2)]
        # The account itself can no longer be requested.
        self.assertEqual([200, 404], statuses)

    def test_an_account_does_not_delete_itself(self):
        account = self.make()
        self.assertEqual(403, self.ask("DELETE", account,
                                       token=issue_token(account)).status)

    def test_the_master_account_is_not_deleted(self):
        answer = self.ask("DELETE", MASTER_ID, token=MASTER_TOKEN)
        self.assertEqual(403, answer.status)


class Resellers(AccountTest):
    def resell(self, method, account):
        return self.ask(method, account, "/reseller", token=MASTER_TOKEN)

    def test_descendants_get_the_new_reseller(self):
        account = self.make()
        child = self.make(account)
        grandchild = self.make(child)
        resellers = lambda: [self.show(a)["reseller_id"]
                             for a in (account, child, grandchild)]
        answer = self.resell("PUT", account)
        self.assertEqual((201, True), (answer.status,
                                       answer.data["is_reseller"]))
        self.assertEqual([self.seller.id, account, account], resellers())
        with self.subTest("later accounts too"):
            self.assertEqual(account, self.show(self.make(child))["reseller_id"])
        with self.subTest("repetition changes nothing"):
            self.assertEqual(201, self.resell("PUT", account).status)
        answer = self.resell("DELETE", account)
        self.assertEqual((200, False), (answer.status,
                                        answer.data["is_reseller"]))
        self.assertEqual([self.seller.id] * 3, resellers())
        self.assertEqual(200, self.resell("DELETE", account).status)
        self.assertEqual(["created", "promoted", "demoted"],
                         self.events(account))

    def test_a_demoted_reseller_no_longer_sells(self):
        account = self.make()
        child, token = self.make(account), issue_token(account)
        sell = lambda: self.ask("POST", child, "/services/overrides", {},
                                token=token).status
        self.assertEqual(403, sell())
        self.resell("PUT", account)
        self.assertEqual(200, sell())
        self.resell("DELETE", account)
        self.assertEqual(403, sell())

    def test_an_account_above_resellers_does_not_change(self):
        account = self.make()
        child = self.make(account)
        grandchild = self.make(child)
        self.resell("PUT", grandchild)
        for method, target in (("PUT", account), ("PUT", child),
                               ("DELETE", self.seller.id)):
            answer = self.resell(method, target)
            self.assertEqual((409, "account_has_descendants"), (
                answer.status, answer.envelope["message"]))
        self.assertFalse(self.show(account)["is_reseller"])
        self.assertTrue(self.show(self.seller.id)["is_reseller"])

    def test_only_the_master_account_may(self):
        account = self.make()
        for method in ("PUT", "DELETE"):
            self.assertEqual(403, self.ask(method, account, "/reseller").status)

    def test_the_master_account_stays_a_reseller(self):
        self.assertEqual(403, self.resell("DELETE", MASTER_ID).status)
        self.assertTrue(self.show(MASTER_ID)["is_reseller"])


class Move(AccountTest):
    def setUp(self):
        self.left, self.right = self.make(), Seller("Right")
        self.moved = self.make(self.left)
        self.below = self.make(self.moved)
        self.ask("PUT", self.moved, "/devices", {"name": "D"})
        self.ask("PUT", self.below, "/devices", {"name": "D"})

    def move(self, account, to, token=MASTER_TOKEN):
        return self.ask("POST", account, "/move", {"to": to}, token=token)

    def test_quantities_move_with_the_account(self):
        whole = {"accounts": {"account": 2}, "devices": {"sip_device": 2}}
        below = self.cascade(self.moved)
        master = self.cascade(MASTER_ID)
        self.assertEqual(whole, self.cascade(self.left))
        self.assertEqual(200, self.move(self.moved, self.right.id).status)
        self.assertEqual([{}, whole, below, master], [
            self.cascade(a) for a in (self.left, self.right.id, self.moved,
                                      MASTER_ID)])
        with self.subTest("and back"):
            self.assertEqual(200, self.move(self.moved, self.left).status)
            self.assertEqual([whole, {}], [
                self.cascade(a) for a in (self.left, self.right.id)])
        for account in (self.left, self.right.id, self.moved, self.below):
            self.assertIn("0 drifted", reevectl("recount", account,
                                                "--dry-run").stdout)
            self.assertIn(" ok", reevectl("audit", "verify", account).stdout)

    def test_ancestors_and_reseller_change(self):
        answer = self.move(self.moved, self.right.id)
        self.assertEqual(self.right.id, answer.data["reseller_id"])
        self.assertEqual([MASTER_ID, self.right.id, self.moved],
                         self.ids(self.below, "/parents", token=MASTER_TOKEN))
        self.assertEqual(self.right.id, self.show(self.below)["reseller_id"])
        self.assertEqual([], self.ids(self.left, "/descendants"))
        self.assertEqual(403, self.ask("GET", self.moved).status)
        self.assertEqual(200, self.ask("GET", self.below,
                                       token=self.right.token).status)

    def test_a_reseller_keeps_its_customers(self):
        self.ask("PUT", self.moved, "/reseller", token=MASTER_TOKEN)
        self.move(self.moved, self.right.id)
        self.assertEqual([self.right.id, self.moved], [
            self.show(a)["reseller_id"] for a in (self.moved, self.below)])

    def test_a_move_to_the_same_parent_changes_nothing(self):
        before = self.cascade(self.left)
        self.assertEqual(200, self.move(self.moved, self.left).status)
        self.assertEqual(before, self.cascade(self.left))

    def test_a_move_to_an_ancestor(self):
        before = self.cascade(self.seller.id)
        self.assertEqual(200, self.move(self.moved, self.seller.id).status)
        self.assertEqual(before, self.cascade(self.seller.id))
        self.assertEqual({}, self.cascade(self.left))

    def test_a_move_is_audited(self):
        self.move(self.moved, self.right.id)
        self.assertEqual(["created", "moved"], self.events(self.moved))
        for above in (self.left, self.right.id):
            self.assertEqual((["cascade"], self.moved), self.last_cause(above))

    def test_its_own_bill_does_not_change(self):
        plan = self.seller.plan("plan_" + new_id()[:8], {
            "devices": {"sip_device": {"rate": 5}}})
        self.ask("POST", self.moved, "/services", {"add": [plan]},
                 envelope={"accept_charges": True})
        def bill():
            invoice, = self.ask("GET", self.moved, "/services/summary",
                                token=MASTER_TOKEN).data["invoices"]
            return invoice["items"], invoice["plan"], invoice["summary"]

        before = bill()
        self.assertEqual(5, before[-1]["recurring"])
        self.move(self.moved, self.right.id)
        self.assertEqual(before, bill())

    def test_the_former_ancestor_no_longer_pays(self):
        payer, account = self.make(self.left), None
        account = self.make(payer)
        self.ask("POST", account, "/services", {"billing_id": payer},
                 token=MASTER_TOKEN)
        details = lambda: self.ask("GET", account, "/services?details=true",
                                   token=MASTER_TOKEN).data["billing_id"]
        self.assertEqual(payer, details())
        self.move(account, self.right.id)
        self.assertEqual(account, details())
        with self.subTest("no bill changes when the ancestor moves as well"):
            self.ask("POST", self.below, "/services",
                     {"billing_id": self.moved}, token=MASTER_TOKEN)
            self.move(self.moved, self.right.id)
            account = self.below
            self.assertEqual(self.moved, details())

    def test_an_account_does_not_move_below_itself(self):
        before = self.cascade(self.left)
        for to in (self.moved, self.below):
            self.refused(self.move(self.moved, to), "to")
        self.assertEqual(before, self.cascade(self.left))

    def test_a_parent_must_exist(self):
        unknown = new_id()
        answer = self.move(self.moved, unknown)
        self.assertEqual((404, unknown), (answer.status, answer.data["cause"]))
        deleted = self.make()
        self.ask("DELETE", deleted)
        self.assertEqual(404, self.move(self.moved, deleted).status)
        for to in ("x", "", None, 5, [self.left]):
            self.refused(self.move(self.moved, to), "to")

    def test_only_the_master_account_may(self):
        for token in (self.seller.token, issue_token(self.moved)):
            self.assertEqual(403, self.move(self.moved, self.seller.id,
                                            token).status)
        self.assertEqual(403, self.move(MASTER_ID, self.left).status)


if __name__ == "__main__":
    unittest.main()
