#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users, devices, phone numbers and other objects: create, list, change,
delete, and the quantities of the account."""

import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_ID, MASTER_TOKEN, Seller, get,  # noqa: E402
                   import_documents,
                   issue_token, md5, new_id, reevectl, request, sha1)


class ObjectTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()

    def setUp(self):
        self.account = self.seller.account()

    def ask(self, method, rest, data=None, account=None, token=None, **more):
        return request(method, "/v2/accounts/%s/%s" % (
            account or self.account.id, rest), token or self.seller.token,
            data=data, **more)

    def make(self, noun, **data):
        answer = self.ask("PUT", noun, data)
        self.assertEqual(201, answer.status, answer)
        return answer.data["id"]

    def quantities(self):
        own = dict(self.account.get("/summary").data["quantities"]["account"])
        own.pop("accounts", None)
        return own

    def refused(self, answer, *fields, status=400):
        self.assertEqual(status, answer.status, answer)
        self.assertEqual(set(fields), set(answer.data))


KINDS = (
    ("users", {"first_name": "A", "last_name": "B"}, {"users": {"user": 1}}),
    ("devices", {"name": "D"}, {"devices": {"sip_device": 1}}),
    ("vmboxes", {"name": "V", "mailbox": "100"},
     {"voicemails": {"mailbox": 1}}),
    ("faxboxes", {"name": "F"}, {"faxes": {"mailbox": 1}}),
    ("conferences", {"name": "C"}, {"conferences": {"conference": 1}}),
    ("qubicle_queues", {"name": "Q"}, {"qubicle": {"basic_queue": 1}}),
    ("port_requests", {"name": "P", "numbers": {
        "+1415%07d" % (int(new_id()[:8], 16) % 10**7): {} for _ in range(2)}},
     {"port_request": {"unconfirmed": 2, "first_unconfirmed": 2}}),
    ("external_numbers", {"number": "+1"}, {}),
    ("alerts", {"title": "T", "message": "M"}, {}),
    ("callflows", {"flow": {"module": "user", "data": {"id": "u"}}}, {}),
    ("apps", {"name": "app"}, {}),
    ("bookkeepers", {"name": "B", "bookkeeper": {"type": "http"}}, {}),
    ("webhooks", {"name": "W", "uri": "https://a.example/",
                  "hooks": ["topup.failed"]}, {}))


class EveryKind(ObjectTest):
    def test_every_kind_is_created_shown_changed_and_deleted(self):
        for noun, data, quantities in KINDS:
            with self.subTest(noun):
                answer = self.ask("PUT", noun, dict(data, custom={"x": None,
                                                                  "y": 1}))
                self.assertEqual(201, answer.status, answer)
                thing = answer.data["id"]
                rest = "%s/%s" % (noun, thing)
                self.assertEqual("/v2/accounts/%s/%s" % (self.account.id, rest),
                                 answer.headers["location"])
                self.assertEqual(quantities, self.quantities())
                self.assertEqual(answer.data, self.ask("GET", rest).data)
                self.assertEqual({"y": 1}, answer.data["custom"])
                listed = self.ask("GET", noun).data
                if noun == "port_requests":  # by account
                    listed = listed[0]["port_requests"]
                self.assertIn(thing, [t["id"] for t in listed])
                answer = self.ask("PATCH", rest, {"custom": None, "more": 2})
                self.assertEqual((200, 2), (answer.status, answer.data["more"]))
                self.assertNotIn("custom", answer.data)
                answer = self.ask("POST", rest, data)
                self.assertNotIn("more", answer.data)
                self.assertEqual(quantities, self.quantities())
                answer = self.ask("DELETE", rest)
                self.assertTrue(answer.data["_read_only"]["deleted"])
                self.assertEqual({}, self.quantities())
                for method in ("GET", "POST", "PATCH", "DELETE"):
                    self.assertEqual(404, self.ask(method, rest, data).status)

    def test_a_disabled_object_is_not_counted(self):
        for noun, data, quantities in KINDS:
            with self.subTest(noun):
                thing = self.make(noun, **dict(data, enabled=False))
                self.assertEqual({}, self.quantities())
                self.ask("PATCH", "%s/%s" % (noun, thing), {"enabled": True})
                self.assertEqual(quantities, self.quantities())
                self.ask("DELETE", "%s/%s" % (noun, thing))

    def test_missing_fields_are_named(self):
        nameless = "conferences", "port_requests"
        for noun, data, _ in KINDS:
            with self.subTest(noun):
                if noun != "conferences": # which needs nothing
                    self.refused(self.ask("PUT", noun, {}), *(
                        k for k in data if k != "name" or noun not in nameless))
                self.refused(self.ask("PUT", noun, []), "data")
                self.refused(self.ask("PUT", noun, dict(data, enabled=1)),
                             "enabled")

    def test_anybody_may_read_the_schema(self):
        names = request("GET", "/v2/schemas").data
        for noun, _, _ in KINDS:
            self.assertIn(noun, names)
            self.assertEqual(noun, request("GET", "/v2/schemas/" + noun)
                             .data["id"])
        self.assertEqual(404, request("GET", "/v2/schemas/x").status)


class Lists(ObjectTest):
    def setUp(self):
        super().setUp()
        self.made = sorted(self.make("devices", name="d%d" % n, device_type=(
            "fax" if n % 2 else "sip_device"), more={"n": n})
            for n in range(5))

    def ids(self, **query):
        return [d["id"] for d in self.ask("GET", "devices",
                                          query=query).data]

    def test_a_list_shows_the_short_form(self):
        self.assertEqual({"id", "name", "device_type", "enabled"},
                         set(self.ask("GET", "devices").data[0]))

    def test_full_docs_shows_whole_documents(self):
        for query in {"full_docs": "true"}, {"full_docs": "true",
                                             "paginate": "false"}:
            listed = self.ask("GET", "devices", query=query).data
            self.assertEqual([self.ask("GET", "devices/" + d["id"]).data
                              for d in listed], listed)
            self.assertEqual({0, 1, 2, 3, 4}, {d["more"]["n"] for d in listed})
        for value in "false", "":
            self.assertNotIn("more", self.ask("GET", "devices", query={
                "full_docs": value}).data[0])

    def test_page_by_page(self):
        for ascending in ("true", "false"):
            seen, query = [], {"page_size": 2, "ascending": ascending}
            while True:
                envelope = self.ask("GET", "devices", query=query).envelope
                seen += [d["id"] for d in envelope["data"]]
                if "next_start_key" not in envelope:
                    break
                query["start_key"] = envelope["next_start_key"]
            self.assertEqual(self.made if ascending == "true"
                             else self.made[::-1], seen)
        self.assertEqual(5, len(self.ids(paginate="false")))

    def test_filtered(self):
        self.assertEqual(2, len(self.ids(filter_device_type="fax")))
        self.assertEqual(1, len(self.ids(**{"filter_more.n": 3})))
        self.assertEqual(5, len(self.ids(has_key="more")))
        self.assertEqual(0, len(self.ids(has_key="none")))
        self.assertEqual(5, len(self.ids(created_from=1)))
        self.assertEqual(0, len(self.ids(created_from=99999999999)))
        self.assertEqual(2, len(self.ids(filter_device_type="fax",
                                         page_size=2)))

    def test_a_filter_finds_an_element_of_a_list(self):
        flow = {"module": "user", "data": {}, "children": {}}
        one = self.make("callflows", numbers=["no_match"], flow=flow)
        two = self.make("callflows", numbers=["1", "2"], flow=flow)
        for query, found in (
                ({"filter_numbers": "no_match"}, {one}),
                ({"filter_numbers": "2"}, {two}),
                ({"filter_not_numbers": "2"}, {one}),
                ({"filter_numbers": "3"}, set()),
                ({"has_type": "type"}, {one, two})):
            with self.subTest(query):
                answer = self.ask("GET", "callflows", query=query)
                self.assertEqual((200, found), (
                    answer.status, {c["id"] for c in answer.data}))

    def test_bad_times_are_refused(self):
        for query in ({"created_from": "yesterday"}, {"modified_to": "-1"}):
            with self.subTest(query):
                self.refused(self.ask("GET", "devices", query=query), *query)

    def test_as_csv(self):
        answer = self.ask("GET", "devices", headers={"Accept": "text/csv"})
        self.assertEqual(6, len(answer.body.decode().splitlines()))


class UserDocuments(ObjectTest):
    ANN = {"first_name": "A", "last_name": "B"}

    def test_a_list_shows_what_a_user_has_turned_on(self):
        on, off = {"enabled": True}, {"enabled": False}
        for document, features in (
                ({}, []), ({"call_forward": on}, ["call_forward"]),
                ({"call_forward": off, "hotdesk": {}}, []),
                ({"hotdesk": on, "vm_to_email_enabled": True},
                 ["hotdesk", "vm_to_email"]),
                ({"smartpbx": {"conferencing": on, "faxing": on}},
                 ["conferencing", "faxing"]),
                ({"caller_id": {"internal": {"number": "1"}}}, ["caller_id"]),
                ({"caller_id": {"external": {"number": "1"}}}, [])):
            with self.subTest(document):
                user = self.make("users", **self.ANN, **document)
                listed, = [u for u in self.ask("GET", "users").data
                           if u["id"] == user]
                self.assertEqual(features, listed["features"])

    def test_addresses_and_time_zones_have_their_form(self):
        rows = {"email": (("a@b.example", "a+b@mail.example.org"),
                          ("a@b\nBcc: c@d", "a,b@c.example", "<a@b.example>",
                           "a@b..c", "\u00fc@b.example", "a@[127.0.0.1]",
                           "x" * 65 + "@b.example", "a@\u00fc.example")),
                "timezone": (("Europe/Berlin", "UTC", "inherit", ""),
                             ("Mars", "../../etc/passwd", "europe/berlin",
                              "Europe"))}
        account = "/v2/accounts/%s" % self.account.id
        for member, (good, bad) in rows.items():
            for value in good + bad:
                with self.subTest("%s %r" % (member, value)):
                    user = self.ask("PUT", "users", dict(
                        self.ANN, **{member: value}))
                    above = request("PATCH", account, self.seller.token, data={
                        member: value})
                    if value in good:
                        self.assertEqual((201, 200),
                                         (user.status, above.status), user)
                    else:
                        self.refused(user, member)
                        self.refused(above, member)

    def test_user_names_are_of_printable_characters(self):
        for name in ("x\r\ny", "x\ty", "x\x7fy", "\n\n"):
            with self.subTest(name):
                self.refused(self.ask("PUT", "users", dict(
                    self.ANN, username=name, password="secret-12345")),
                    "username")

    def test_what_was_imported_may_stay(self):
        user, account = new_id(), self.account.id
        import_documents([dict(
            self.ANN, _id=user, pvt_type="user", pvt_account_id=account,
            timezone="Mars", email="a@b..c", username="x\r\ny")])
        rest = "users/" + user
        self.assertEqual("Mars", self.ask("GET", rest).data["timezone"])
        self.assertEqual(200, self.ask("PATCH", rest, {"first_name": "C"}
                                       ).status)
        self.refused(self.ask("PATCH", rest, {"timezone": "Venus",
                                              "email": "x@y..z"}),
                     "timezone", "email")


class Users(ObjectTest):
    def login(self, credentials, method="md5"):
        return request("PUT", "/v2/user_auth", data={
            "credentials": credentials, "account_realm": self.realm,
            "method": method})

    def setUp(self):
        super().setUp()
        self.realm = "u%s.example" % self.account.id[:8]
        request("PATCH", "/v2/accounts/" + self.account.id, self.seller.token,
                data={"realm": self.realm})
        self.user = self.make("users", first_name="A", last_name="B",
                              username="Ann", password="secret99")

    def test_a_user_logs_in_by_name_and_password(self):
        answer = self.login(md5("ann", "secret99"))
        self.assertEqual((201, self.user),
                         (answer.status, answer.data["owner_id"]))
        self.assertEqual(201, self.login(sha1("ann", "secret99"),
                                         "sha").status)

    def test_passwords_in_one_request_are_limited(self):
        users = [{"first_name": "A", "last_name": "B", "password": "secret99",
                  "username": "u%d" % n} for n in range(51)]
        answer = self.ask("PUT", "users/collection", users)
        self.refused(answer, "50.password")
        self.assertEqual(1, len(self.ask("GET", "users").data))

    def test_a_user_created_without_names_can_be_patched(self):
        user = reevectl("user", "create", "bob", "--account", self.account.id,
                        "--password", "secret99").stdout.split()[0]
        rest = "users/" + user
        self.assertEqual(200, self.ask("PATCH", rest, {
            "appList": ["a"]}).status)
        self.refused(self.ask("PATCH", rest, {"first_name": 5}), "first_name")
        self.refused(self.ask("PATCH", "users/" + self.user,
                              {"first_name": None}), "first_name")
        self.refused(self.ask("POST", rest, {"username": "bob"}),
                     "first_name", "last_name")

    def test_the_password_is_never_shown(self):
        for answer in (self.ask("GET", "users/" + self.user),
                       self.ask("GET", "users"),
                       self.ask("PATCH", "users/" + self.user,
                                {"password": "another99"})):
            self.assertNotIn(b"99", answer.body.replace(
                self.user.encode(), b"").split(b'"revision"')[0])
        self.assertEqual(401, self.login(md5("ann", "secret99")).status)
        self.assertEqual(201, self.login(md5("ann", "another99")).status)

    def test_a_renamed_user_needs_a_password(self):
        rest = "users/" + self.user
        self.refused(self.ask("PATCH", rest, {"username": "eve"}), "password")
        self.assertEqual(200, self.ask("PATCH", rest, {
            "username": "eve", "password": "secret99"}).status)
        self.assertEqual(401, self.login(md5("ann", "secret99")).status)
        self.assertEqual(201, self.login(md5("eve", "secret99")).status)

    def test_a_username_is_unique_in_the_account(self):
        data = {"first_name": "A", "last_name": "B", "username": "ANN"}
        self.refused(self.ask("PUT", "users", data), "username")
        other = self.seller.account()
        self.assertEqual(201, self.ask("PUT", "users", data,
                                       account=other.id).status)

    def test_the_bad_element_of_a_list_is_named(self):
        good = {"first_name": "A", "last_name": "B"}
        for bad, field in ((dict(good, username="ann"), "1.username"),
                           (dict(good, password="secret"), "1.username")):
            with self.subTest(bad):
                self.refused(self.ask("PUT", "users/collection", [good, bad]),
                             field)

    def test_a_deleted_or_disabled_user_is_logged_out(self):
        token = self.login(md5("ann", "secret99")).envelope["auth_token"]
        rest = "users/" + self.user
        self.ask("PATCH", rest, {"enabled": False})
        self.assertEqual(401, self.account.get("/summary", token=token).status)
        self.ask("PATCH", rest, {"enabled": True})
        self.assertEqual(401, self.account.get("/summary", token=token).status)
        token = self.login(md5("ann", "secret99")).envelope["auth_token"]
        self.assertEqual(200, self.account.get("/summary", token=token).status)
        self.ask("DELETE", rest)
        self.assertEqual(401, self.account.get(token=token).status)
        self.assertEqual(401, self.login(md5("ann", "secret99")).status)

    def test_users_are_counted_by_level(self):
        self.ask("PATCH", "users/" + self.user, {"priv_level": "admin"})
        self.assertEqual({"users": {"admin": 1}}, self.quantities())
        self.refused(self.ask("PATCH", "users/" + self.user,
                              {"priv_level": "god"}), "priv_level")


class Devices(ObjectTest):
    def test_a_changed_type_is_counted_as_another_item(self):
        thing = self.make("devices", name="d")
        self.ask("PATCH", "devices/" + thing, {"device_type": "cellphone"})
        self.assertEqual({"devices": {"cellphone": 1}}, self.quantities())

    def test_billing_counters_are_counted(self):
        self.make("devices", name="d", billing={"seats": 3, "none": 0})
        self.assertEqual({"seats": 3}, self.quantities()["billing"])
        self.refused(self.ask("PUT", "devices", {
            "name": "d", "billing": {"x": -1}}), "billing.x")

    def test_a_sip_name_is_unique(self):
        self.make("devices", name="d", sip={"username": "u1"})
        self.refused(self.ask("PUT", "devices", {
            "name": "d", "sip": {"username": "u1"}}), "sip.username")

    def test_a_batch_is_made_as_a_whole_or_not_at_all(self):
        answer = self.ask("PUT", "devices/collection", [
            {"name": "a"}, {"name": ""}, {"name": "c"}])
        self.refused(answer, "1.name")
        self.assertEqual({}, self.quantities())
        self.refused(self.ask("PUT", "devices/collection",
                              [{"name": "a"}] * 1001), "data")
        self.refused(self.ask("PUT", "devices/collection", [5]), "0")
        answer = self.ask("PUT", "devices/collection", [{"name": "a"}] * 1000)
        self.assertEqual((201, 1000), (answer.status, len(answer.data)))
        self.assertEqual({"devices": {"sip_device": 1000}}, self.quantities())

    def test_idempotency_key_and_etag_are_honoured(self):
        key = {"Idempotency-Key": new_id()}
        first, again = (self.ask("PUT", "devices", {"name": "d"}, headers=key)
                        for _ in range(2))
        self.assertEqual(first.data, again.data)
        rest = "devices/" + first.data["id"]
        etag = self.ask("GET", rest).headers["etag"]
        self.assertEqual(200, self.ask("PATCH", rest, {"a": 1}, headers={
            "If-Match": etag}).status)
        for method in ("PATCH", "DELETE"):
            self.assertEqual(412, self.ask(method, rest, {"a": 2}, headers={
                "If-Match": etag}).status)


class Numbers(ObjectTest):
    def number(self):
        return "+1415%07d" % (int(new_id()[:8], 16) % 10**7)

    def test_numbers_are_created_and_listed(self):
        number = self.number()
        answer = self.ask("PUT", "phone_numbers/" + number[2:], {
            "cnam": {"display_name": "Us"}})
        self.assertEqual((201, number), (answer.status, answer.data["id"]))
        self.assertEqual(["outbound_cnam"], answer.data["features"])
        self.assertEqual(("in_service", self.account.id),
                         (answer.data["state"], answer.data["assigned_to"]))
        data = self.ask("GET", "phone_numbers").data
        self.assertEqual([number], list(data["numbers"]))
        self.assertEqual(0, data["casquade_quantity"])
        self.assertEqual(
            {"phone_numbers": {"did_us": 1}, "number_carriers": {"knm_other": 1},
             "number_services": {"outbound_cnam": 1}},
            self.quantities())
        self.assertEqual(200, self.ask("DELETE", "phone_numbers/" +
                                       number).status)
        self.assertEqual({}, self.quantities())

    def test_a_number_belongs_to_one_account(self):
        number = self.number()
        self.assertEqual(201, self.ask("PUT", "phone_numbers/" + number,
                                       {}).status)
        other = self.seller.account()
        self.assertEqual(409, self.ask("PUT", "phone_numbers/" + number, {},
                                       account=other.id).status)
        self.assertEqual(404, self.ask("GET", "phone_numbers/" + number,
                                       account=other.id).status)

    def test_the_reseller_sets_the_carrier(self):
        rest = "phone_numbers/" + self.number()
        own = {"token": self.account.token}
        self.ask("PUT", rest, {"carrier_name": "knm_local"}, **own)
        self.assertNotIn("carrier_name", self.ask("GET", rest).data)
        self.assertEqual(1, self.quantities()["phone_numbers"]["did_us"])
        self.ask("PATCH", rest, {"carrier_name": "knm_local"}, **own)
        self.assertEqual(1, self.quantities()["phone_numbers"]["did_us"])
        self.ask("PATCH", rest, {"carrier_name": "knm_local"})
        self.assertNotIn("phone_numbers", self.quantities())
        for method in ("PATCH", "POST"):
            self.ask(method, rest, {"carrier_name": "x"}, **own)
            self.assertEqual("knm_local",
                             self.ask("GET", rest).data["carrier_name"])

    def test_bad_numbers_are_refused(self):
        for text in ("abc", "+", "1" * 16, "415-x"):
            with self.subTest(text):
                self.refused(self.ask("PUT", "phone_numbers/" + text, {}), "id")

    def test_numbers_are_activated_and_reserved(self):
        rest = "phone_numbers/" + self.number()
        self.ask("PUT", rest, {})
        answer = self.ask("PUT", rest + "/reserve", {"used_by": "x"})
        self.assertEqual("reserved", answer.data["state"])
        answer = self.ask("PUT", rest + "/activate", {})
        self.assertEqual(("in_service", "x"), (answer.data["state"],
                                               answer.data["used_by"]))

    def test_a_collection_of_numbers(self):
        numbers = [self.number() for _ in range(3)]
        answer = self.ask("PUT", "phone_numbers/collection",
                          {"numbers": numbers})
        self.assertEqual((201, set(numbers), {}), (
            answer.status, set(answer.data["success"]), answer.data["error"]))
        self.refused(self.ask("PUT", "phone_numbers/collection", {
            "numbers": [self.number(), numbers[0]]}), numbers[0])
        self.assertEqual(3, self.quantities()["phone_numbers"]["did_us"])
        answer = self.ask("DELETE", "phone_numbers/collection",
                          {"numbers": numbers})
        self.assertEqual({}, self.quantities())
        self.refused(self.ask("PUT", "phone_numbers/collection", {}),
                     "numbers")

    def test_a_number_listed_twice_is_one(self):
        numbers = [self.number() for _ in range(3)]
        self.ask("PUT", "phone_numbers/collection",
                 {"numbers": numbers + [numbers[0][2:]]})
        self.assertEqual(3, self.quantities()["phone_numbers"]["did_us"])
        self.ask("PATCH", "phone_numbers/collection",
                 {"numbers": [numbers[0]] * 2, "carrier_name": "x"})
        self.assertEqual({"knm_other": 2, "x": 1},
                         self.quantities()["number_carriers"])
        self.ask("DELETE", "phone_numbers/collection",
                 {"numbers": [numbers[0]] * 2})
        self.assertEqual(2, self.quantities()["phone_numbers"]["did_us"])


class Settings(ObjectTest):
    def test_limits(self):
        self.assertEqual(
            {"id": "limits", "twoway_trunks": 0, "inbound_trunks": 0,
             "outbound_trunks": 0, "allow_prepay": True, "enabled": True,
             "allow_postpay": False, "max_postpay_amount": 0,
             "authz_resource_types": []},
            self.ask("GET", "limits").data)
        answer = self.ask("POST", "limits/", {"twoway_trunks": 5,
                                              "inbound_trunks": -1})
        self.assertEqual(5, answer.data["twoway_trunks"])
        self.assertEqual({"limits": {"twoway_trunks": 5}}, self.quantities())
        self.refused(self.ask("POST", "limits", {"twoway_trunks": 1.5}),
                     "twoway_trunks")

    def test_the_seller_sets_the_postpay_limit(self):
        owed = {"allow_postpay": True, "max_postpay_amount": 12.5}
        self.assertEqual(200, self.ask("POST", "limits", owed).status)
        data = self.ask("GET", "limits").data
        self.assertEqual(owed, {k: data[k] for k in owed})
        self.refused(self.ask("PATCH", "limits", {"max_postpay_amount": -1}),
                     "max_postpay_amount")

    def test_the_reseller_sets_the_limits(self):
        self.assertEqual(403, self.ask("POST", "limits", {"calls": 1},
                                       token=self.account.token).status)
        direct = Seller("Direct", MASTER_ID)
        self.assertEqual(200, self.ask("POST", "limits", {"calls": 1},
                                       account=direct.id,
                                       token=direct.token).status)

    def test_whitelabel(self):
        domain = "w%s.example" % self.account.id[:8]
        self.assertEqual(404, self.ask("GET", "whitelabel").status)
        self.assertEqual(404, request("GET", "/v2/whitelabel/" + domain,
                                      "undefined").status)
        self.assertEqual(201, self.ask("PUT", "whitelabel", {
            "domain": domain, "billing": {"page": 1}}).status)
        self.assertNotIn("billing", request(
            "GET", "/v2/whitelabel/" + domain, "undefined").data)
        self.assertEqual(409, self.ask("PUT", "whitelabel", {
            "domain": domain}).status)
        self.assertEqual(domain, request(
            "GET", "/v2/whitelabel/" + domain, "undefined").data["domain"])
        self.assertEqual({"branding": {"whitelabel": 1},
                          "billing": {"page": 1}}, self.quantities())
        self.refused(self.ask("PUT", "whitelabel", {"domain": domain},
                              account=self.seller.account().id), "domain")
        self.ask("DELETE", "whitelabel")
        self.assertEqual({}, self.quantities())

    def shown(self, domain, status):
        """A login page gets the document, and the logo beside it."""
        for rest in "", "/logo":
            answer = request("GET", "/v2/whitelabel/" + domain + rest,
                             "undefined")
            self.assertEqual(status, answer.status, (domain, rest, answer))

    def set_domain(self, domain):
        answer = self.ask("PUT", "whitelabel", {"domain": domain})
        self.assertEqual(201, answer.status, answer)
        answer = request(
            "PUT", "/v2/accounts/%s/whitelabel/logo" % self.account.id,
            self.account.token, headers={"Content-Type": "image/svg+xml"},
            body=b'<svg xmlns="http://www.w3.org/2000/svg"/>')
        self.assertEqual(201, answer.status, answer)

    def test_a_domain_is_one_in_each_of_its_forms(self):
        domain = "w%s.example" % self.account.id[:8]
        forms = domain, domain.upper(), domain + ".", domain.title() + "."
        self.set_domain(forms[3])
        other = self.seller.account()
        for form in forms:
            with self.subTest(form):
                self.shown(form, 200)
                answer = self.ask("PUT", "whitelabel", {"domain": form},
                                  account=other.id)
                self.assertEqual((400, ["unique"]), (
                    answer.status, list(answer.data["domain"])))

    def test_a_domain_of_a_whitelabel_is_that_of_a_site(self):
        for domain in ("localhost", "127.0.0.1", "127.1", "0x7f.0x1", "a..bc",
                       "....", "-a.example", "a.example..", "a" * 64 + ".org"):
            with self.subTest(domain):
                answer = self.ask("PUT", "whitelabel", {"domain": domain})
                self.assertEqual((400, ["format"]), (
                    answer.status, list(answer.data["domain"])))
                self.shown(domain, 404)

    def test_a_whitelabel_that_is_off_is_shown_to_nobody(self):
        domain = "w%s.example" % self.account.id[:8]
        self.set_domain(domain)
        account = "/v2/accounts/" + self.account.id
        for path, off, on in (
                (account + "/whitelabel", {"enabled": False},
                 {"enabled": True}),
                (account, {"enabled": False}, {"enabled": True})):
            with self.subTest(path):
                self.shown(domain, 200)
                for document, status in (off, 404), (on, 200):
                    self.assertEqual(200, request(
                        "PATCH", path, self.seller.token, document).status)
                    self.shown(domain, status)
        self.assertEqual(200, self.ask("GET", "whitelabel").status)

    def test_a_whitelabel_needs_no_domain(self):
        for account in self.account.id, self.seller.account().id:
            self.assertEqual(201, self.ask("PUT", "whitelabel", {
                "company_name": "Us"}, account=account).status)

    def test_ips(self):
        address = "10.%d.%d.%d" % tuple(
            int(self.account.id[i:i + 2], 16) for i in (0, 2, 4))
        answer = self.ask("POST", "ips", [address])
        self.assertEqual([address], [i["id"] for i in answer.data])
        self.assertEqual({"ips": {"dedicated": 1}}, self.quantities())
        self.assertEqual(address, self.ask("GET", "ips/assigned").data[0]["ip"])
        self.assertEqual(409, self.ask("POST", "ips/" + address, {},
                                       account=self.seller.account().id).status)
        self.refused(self.ask("POST", "ips", ["10.0.0.999"]), "ips.0")
        self.ask("POST", "ips/" + address, {"zone": "z"})
        self.ask("POST", "ips", [address])
        free = {"id": address, "ip": address, "zone": "z", "enabled": True,
                "status": "available", "type": "dedicated_ip"}
        shown = dict(free, status="assigned", assigned_to=self.account.id)
        self.assertEqual(shown, self.ask("GET", "ips/" + address).data)
        self.ask("POST", "ips/" + address, dict(
            shown, assigned_to=self.seller.id, status="x", type="y"))
        self.assertEqual(shown, self.ask("GET", "ips/" + address).data)
        answer = self.ask("DELETE", "ips/" + address)
        self.assertEqual(dict(free, _read_only={"deleted": True}), answer.data)
        self.assertEqual({}, self.quantities())

    def test_requests_of_the_browser_client_at_start(self):
        for noun in ("apps_store", "alerts", "external_numbers", "children"):
            with self.subTest(noun):
                answer = self.ask("GET", noun, token=self.account.token)
                self.assertEqual((200, []), (answer.status, answer.data))


class Applications(ObjectTest):
    def setUp(self):
        super().setUp()
        self.app = self.ask("PUT", "apps", {
            "name": "voip", "i18n": {"en-US": {"label": "Voip"}}},
            account=self.seller.id).data["id"]

    def test_applications_are_offered_installed_and_uninstalled(self):
        app, = [a for a in self.ask("GET", "apps_store").data
                if a["id"] == self.app]
        self.assertEqual(("voip", self.seller.id), (app["name"],
                                                    app["account_id"]))
        rest = "apps_store/" + self.app
        self.assertEqual(404, self.ask("POST", rest, {}).status)
        self.assertEqual(201, self.ask("PUT", rest, {}).status)
        self.assertEqual(409, self.ask("PUT", rest, {}).status)
        self.assertEqual("all", self.ask("GET", rest).data["allowed_users"])
        self.assertEqual({"account_apps": {"voip": 1}}, self.quantities())
        self.assertEqual(200, self.ask("DELETE", rest).status)
        self.assertEqual({}, self.quantities())

    def test_its_users_are_counted_when_they_change(self):
        rest = "apps_store/" + self.app
        self.ask("PUT", rest, {"allowed_users": "all"})
        admin = self.make("users", first_name="A", last_name="B",
                          priv_level="admin")
        self.make("users", first_name="A", last_name="B")
        self.assertEqual({"voip": 2}, self.quantities()["user_apps"])
        self.ask("POST", rest, {"allowed_users": "admins"})
        self.assertEqual({"voip": 1}, self.quantities()["user_apps"])
        self.make("users", first_name="A", last_name="B", priv_level="admin")
        self.assertEqual({"voip": 2}, self.quantities()["user_apps"])
        self.ask("DELETE", "users/" + admin)
        self.assertEqual({"voip": 1}, self.quantities()["user_apps"])
        self.ask("POST", rest, {"allowed_users": "specific",
                                "users": ["a", "b", "c"]})
        self.assertEqual({"voip": 3}, self.quantities()["user_apps"])
        self.refused(self.ask("POST", rest, {"allowed_users": "some"}),
                     "apps.%s.allowed_users" % self.app)

    def test_blacklisted_applications_are_not_found(self):
        rest = "apps_store/" + self.app
        self.ask("PUT", rest, {})
        answer = self.ask("POST", "apps_store/blacklist",
                          {"blacklist": [self.app]})
        self.assertEqual({"blacklist": [self.app]}, answer.data)
        self.assertEqual(404, self.ask("GET", rest).status)
        self.assertEqual({}, self.quantities())
        self.assertEqual(200, self.ask("DELETE", rest).status)
        self.assertEqual(404, self.ask("DELETE", rest).status)

    def test_a_withdrawn_application_can_be_uninstalled(self):
        rest = "apps_store/" + self.app
        self.ask("PUT", rest, {})
        self.ask("PATCH", "apps/" + self.app, {"published": False},
                 account=self.seller.id)
        self.assertNotIn(self.app, [a["id"] for a in
                                    self.ask("GET", "apps_store").data])
        self.ask("DELETE", "apps/" + self.app, account=self.seller.id)
        answer = self.ask("DELETE", rest)
        self.assertEqual((200, "voip"), (answer.status, answer.data["name"]))
        self.assertEqual({}, self.quantities())

    def test_a_change_requires_the_current_etag(self):
        for rest, data in (("apps_store/" + self.app, {}),
                           ("apps_store/blacklist", {"blacklist": []})):
            self.ask("PUT", "apps_store/" + self.app, {})
            with self.subTest(rest):
                etag = self.ask("GET", rest).headers["etag"]
                self.assertEqual(412, self.ask(
                    "POST", rest, data, headers={"If-Match": '"x"'}).status)
                self.assertEqual(200, self.ask(
                    "POST", rest, data, headers={"If-Match": etag}).status)


class Permissions(ObjectTest):
    def test_the_account_and_its_ancestors_may(self):
        for token, status in ((self.account.token, 201), (MASTER_TOKEN, 201),
                              (issue_token(self.seller.account().id), 403),
                              (None, 401)):
            self.assertEqual(status, request(
                "PUT", "/v2/accounts/%s/devices" % self.account.id, token,
                data={"name": "d"}).status)

    def test_each_change_names_its_user(self):
        self.ask("PUT", "devices", {"name": "d"}, token=self.account.token)
        audit = self.account.entries()[0]["audit"]
        self.assertEqual(self.account.id,
                         audit["authentication"]["account_id"])
        self.assertEqual(["account"], audit["changes"]["type"])
        self.assertEqual(200, get("/v2/accounts/%s/services/audit" %
                                  self.account.id, self.account.token).status)


class Receivers(ObjectTest):
    """URLs to which nothing would be delivered are refused when saved."""

    KINDS = (("webhooks", "uri", {"name": "W", "hooks": ["topup.failed"]}),
             ("bookkeepers", "url", {"name": "B", "secret": 20 * "s",
                                     "bookkeeper": {"type": "http"}}))

    def test_addresses(self):
        rows = (("http://127.0.0.1/", 400), ("https://localhost/x", 400),
                ("http://[::1]:8080/", 400), ("http://2130706433/", 400),
                ("http://169.254.169.254/latest", 400),
                ("http://db.internal/", 400), ("http://printer/", 400),
                ("http://%31%30.0.0.1/", 400),
                ("http://a.example.org:99999/", 400),
                ("http://a!b.example.org/", 400),
                ("http://a..example.org/", 400), ("http://1.2.3.256/", 400),
                ("http://a.example.org/\n", 400),
                ("http://" + 64 * "a" + ".example.org/", 400),
                ("http://a.example.org:8080/x", 201),
                ("https://93.184.216.34/", 201))
        for kind, member, document in self.KINDS:
            for url, status in rows:
                with self.subTest((kind, url)):
                    answer = self.ask("PUT", kind, dict(
                        document, **{member: url}))
                    self.assertEqual(status, answer.status, answer)
                    if status == 400:
                        self.assertEqual([member], list(answer.data))
                        self.assertEqual(["forbidden"],
                                         list(answer.data[member]))

    def test_a_change(self):
        for kind, member, document in self.KINDS:
            with self.subTest(kind):
                one = kind + "/" + self.make(kind, **dict(
                    document, **{member: "https://a.example.org/"}))
                answer = self.ask("PATCH", one, {member: "http://10.0.0.1/"})
                self.assertEqual(400, answer.status)
                answer = self.ask("PATCH", one, {"name": "Other"})
                self.assertEqual(200, answer.status)


if __name__ == "__main__":
    unittest.main()
