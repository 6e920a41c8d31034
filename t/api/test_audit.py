#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit trail: list, single entries, ranges, pages, tables, bad input."""

import json
import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_TOKEN, create_account, get,  # noqa: E402
                   import_documents,
                   issue_token, request)

START = 63721296000  # 2019-04-01
COUNT = 23
RANGE = {"created_from": START, "created_to": START + 86400}


def entry(n, created):
    return {
        "_id": "201904-%032x" % n, "pvt_type": "audit_log",
        "pvt_created": created, "pvt_node": "secret", "status": "completed",
        "reason": "fine", "bookkeeper": {"id": "b", "type": "default",
                                         "vendor_id": "v", "results": []},
        "audit": {"changes": {"type": ["account"]}},
        "invoice": {"summary": {"today": 0.0, "recurring": 12.5}, "items": [
            {"category": "users", "item": "user", "billable": n,
             "changes": {"type": "modified", "difference": {"billable": 1}}}]}}


class AuditTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.account = create_account()
        cls.token = issue_token(cls.account)
        # Every third entry has the same second as the previous one.
        cls.documents = [entry(n, START + (n - n // 3) * 60)
                         for n in range(1, COUNT + 1)]
        import_documents(cls.documents, cls.account)
        cls.path = "/v2/accounts/%s/services/audit" % cls.account
        cls.newest_first = [d["_id"] for d in reversed(cls.documents)]

    def ask(self, **query):
        return get(self.path, self.token, query=dict(RANGE, **query))

    @staticmethod
    def ids(answer):
        return [item["id"] for item in answer.data]


class List(AuditTest):
    def test_newest_first(self):
        answer = self.ask()
        self.assertEqual(200, answer.status)
        self.assertEqual(self.newest_first, self.ids(answer))
        self.assertEqual(COUNT, answer.envelope["page_size"])
        self.assertNotIn("next_start_key", answer.envelope)

    def test_an_item_of_the_list(self):
        item = self.ask().data[0]
        created = self.documents[-1]["pvt_created"]
        self.assertGreater(item.pop("recorded"), created)
        self.assertEqual({
            "id": self.newest_first[0], "created": created,
            "status": "completed", "reason": "fine", "type": ["account"],
            "summary": {"today": 0.0, "recurring": 12.5}}, item)

    def walk(self, **query):
        seen, key = [], None
        while True:
            answer = self.ask(**dict(query, **({"start_key": key} if key
                                               else {})))
            seen += self.ids(answer)
            self.assertEqual(len(answer.data), answer.envelope["page_size"])
            key = answer.envelope.get("next_start_key")
            if key is None:
                return seen

    def test_pages_show_every_entry_once(self):
        for size in (1, 2, 5, 22, 23, 24):
            with self.subTest(size):
                self.assertEqual(self.newest_first, self.walk(page_size=size))

    def test_pages_from_the_oldest(self):
        for word in ({"ascending": "true"}, {"descending": "false"}):
            self.assertEqual(self.newest_first[::-1],
                             self.walk(page_size=4, **word))

    def test_a_start_key_shows_its_page_again(self):
        page = self.ask(page_size=3)
        key = page.envelope["start_key"]
        self.assertEqual(page.data, self.ask(page_size=3, start_key=key).data)

    def test_a_page_can_hold_all_entries(self):
        answer = self.ask(paginate="false", page_size=2)
        self.assertEqual(self.newest_first, self.ids(answer))
        for member in ("page_size", "start_key", "next_start_key"):
            self.assertNotIn(member, answer.envelope)

    def test_both_ends_are_included(self):
        first = self.documents[0]["pvt_created"]
        self.assertEqual([self.documents[0]["_id"]], self.ids(get(
            self.path, self.token,
            query={"created_from": first, "created_to": first})))

    def test_no_entries(self):
        answer = self.ask(created_to=START + 1)
        self.assertEqual((200, []), (answer.status, answer.data))
        self.assertEqual(0, answer.envelope["page_size"])


class Entry(AuditTest):
    def test_its_document(self):
        document = self.documents[4]
        found = get("%s/%s" % (self.path, document["_id"]), self.token).data
        expected = {k: v for k, v in document.items()
                    if not k.startswith(("_", "pvt_"))}
        self.assertGreater(found.pop("recorded"), START)
        self.assertEqual(dict(expected, id=document["_id"],
                              created=document["pvt_created"]), found)

    def test_a_missing_entry(self):
        for id in ("foo", "201904-ffff", "x" * 300, "201904-" + "0" * 60):
            with self.subTest(id):
                answer = get("%s/%s" % (self.path, id), self.token)
                self.assertEqual(404, answer.status)
                self.assertEqual({"cause": id, "message": "bad identifier"},
                                 answer.data)

    def test_an_entry_of_another_account_is_not_found(self):
        other = create_account()
        answer = get("/v2/accounts/%s/services/audit/%s" % (
            other, self.documents[0]["_id"]), issue_token(other))
        self.assertEqual(404, answer.status)


class Table(AuditTest):
    def test_csv_by_header_and_by_parameter(self):
        for label, answer in (
                ("header", get(self.path, self.token, query=RANGE,
                               headers={"Accept": "text/csv"})),
                ("parameter", self.ask(accept="csv")),
                ("media type", self.ask(accept="text/csv"))):
            with self.subTest(label):
                self.assertEqual(200, answer.status)
                self.assertEqual("text/csv; charset=utf-8",
                                 answer.headers["content-type"])
                lines = answer.body.decode().split("\r\n")
                self.assertEqual(
                    {"ID", "created", "recorded", "status", "reason", "type",
                     "summary_recurring", "summary_today"},
                    set(lines[0].split(",")))
                self.assertEqual(COUNT + 2, len(lines))
                self.assertTrue(lines[1].startswith(self.newest_first[0]))

    def test_no_rows(self):
        answer = self.ask(accept="csv", created_to=START + 1)
        self.assertEqual((204, b""), (answer.status, answer.body))

    def test_the_file_has_a_name(self):
        name = lambda **more: self.ask(accept="csv", **more).headers[
            "content-disposition"]
        self.assertEqual('attachment; filename="audit.csv"', name())
        self.assertEqual('attachment; filename="mine.csv"',
                         name(file_name="mine.csv"))
        self.assertEqual('attachment; filename="..etcpasswd X y"',
                         name(file_name='../etc/"passwd\r\n X: y'))

    def test_errors_are_json(self):
        answer = self.ask(accept="csv", page_size="x")
        self.assertEqual(400, answer.status)
        self.assertEqual("application/json", answer.headers["content-type"])


class Reasons(unittest.TestCase):
    """Changes that say why they are made."""

    PLAN = {"name": "P", "plan": {"devices": {"sip_device": {
        "rate": 2, "cascade": True}}}}

    @classmethod
    def setUpClass(cls):
        cls.reseller = create_account(None, "Reseller", "--reseller")
        cls.seller = issue_token(cls.reseller)
        cls.account = create_account(cls.reseller)
        cls.token = issue_token(cls.account)
        cls.plan = request("PUT", cls.at("service_plans", cls.reseller),
                           cls.seller, data=cls.PLAN).data["id"]
        request("POST", cls.at("services", cls.account), cls.seller,
                data={"add": [cls.plan]})

    @staticmethod
    def at(rest, account):
        return "/v2/accounts/%s/%s" % (account, rest)

    def newest(self, account):
        return get(self.at("services/audit", account), self.seller,
                   query={"page_size": 1}).data[0]

    def change(self, method, rest, data=None, **more):
        answer = request(method, self.at(rest, self.account), self.token,
                         body=json.dumps(dict({
                             "data": data or {}, "accept_charges": True},
                             **more.pop("envelope", {}))).encode(), **more)
        self.assertIn(answer.status, (200, 201), answer.body)
        return answer.data["id"]

    def test_a_reason_stands_in_the_entry_and_the_list(self):
        text = "ticket 7, \u00e9l\u00e8ve"
        device = self.change("PUT", "devices", {"name": "d"},
                             envelope={"change_reason": "first"})
        self.assertEqual("first", self.newest(self.account)["change_reason"])
        for label, method, more in (
                ("envelope", "PATCH", {"envelope": {"change_reason": text}}),
                ("name with -", "PATCH", {"envelope": {"Change-Reason": text}}),
                ("query", "POST", {"query": {"change_reason": text}}),
                ("header", "PATCH", {"headers": {
                    "X-Reeve-Reason": text.encode().decode("latin-1")}})):
            with self.subTest(label):
                enabled = not get(self.at("devices/" + device, self.account),
                                  self.token).data.get("enabled", True)
                self.change(method, "devices/" + device,
                            {"name": "d", "enabled": enabled}, **more)
                item = self.newest(self.account)
                self.assertEqual(text, item["change_reason"])
                self.assertEqual(text, get(self.at(
                    "services/audit/" + item["id"], self.account),
                    self.token).data["audit"]["change_reason"])

    def test_a_reason_goes_with_a_deletion(self):
        device = self.change("PUT", "devices", {"name": "d"})
        self.assertNotIn("change_reason", self.newest(self.account))
        self.change("DELETE", "devices/" + device,
                    headers={"X-Reeve-Reason": "gone"})
        self.assertEqual("gone", self.newest(self.account)["change_reason"])

    def test_a_reason_is_no_reason_of_standing(self):
        request("POST", self.at("services/manual", self.account), self.seller,
                body=json.dumps({"data": {"devices": {"sip_device": 9}},
                                 "accept_charges": True, "reason": "other",
                                 "change_reason": "stock"}).encode())
        item = self.newest(self.account)
        self.assertEqual("stock", item["change_reason"])
        self.assertNotEqual("other", item.get("reason"))

    def test_bad_reasons(self):
        for label, code, more in (
                ("number", "type", {"envelope": {"change_reason": 7}}),
                ("list", "type", {"envelope": {"change_reason": ["a"]}}),
                ("length", "maxLength",
                 {"envelope": {"change_reason": "\u00e9" * 1001}}),
                ("length of a header", "maxLength",
                 {"headers": {"X-Reeve-Reason": "x" * 1001}}),
                ("bytes", "format", {"headers": {"X-Reeve-Reason": "\xff"}})):
            with self.subTest(label):
                envelope = dict({"data": {"name": "d"}},
                                **more.get("envelope", {}))
                before = self.newest(self.account)
                answer = request("PUT", self.at("devices", self.account),
                                 self.token, body=json.dumps(envelope).encode(),
                                 query={"accept_charges": "true"},
                                 headers=more.get("headers"))
                self.assertEqual(400, answer.status)
                self.assertEqual([code], list(answer.data["change_reason"]))
                self.assertEqual(before, self.newest(self.account))

    def test_the_longest_reason(self):
        self.change("PUT", "devices", {"name": "d"},
                    envelope={"change_reason": "\u00e9" * 1000})
        self.assertEqual("\u00e9" * 1000,
                         self.newest(self.account)["change_reason"])

    def test_browsers_may_send_the_header(self):
        answer = request("OPTIONS", self.at("devices", self.account))
        self.assertIn("x-reeve-reason",
                      answer.headers["access-control-allow-headers"])


class BadInput(AuditTest):
    """Bad input gets a 4xx that names the field, and the service keeps
    running."""

    def tearDown(self):
        self.assertEqual(200, self.ask().status)

    def assert_refused(self, answer, field, status=400):
        self.assertEqual(status, answer.status, answer)
        self.assertEqual("error", answer.envelope["status"])
        self.assertIn(field, answer.data)

    def test_ranges(self):
        for label, query, field in (
                ("words", {"created_from": "x"}, "created_from"),
                ("negative", {"created_from": "-1"}, "created_from"),
                ("zero", {"created_to": "0"}, "created_to"),
                ("a fraction", {"created_to": "1.5"}, "created_to"),
                ("empty", {"created_to": ""}, "created_to"),
                ("overlong", {"created_to": "9" * 40}, "created_to"),
                ("after the last year", {"created_to": "315569520000"},
                 "created_to"),
                ("hex", {"created_from": "0x10"}, "created_from")):
            for what in ("audit", "audit_summary", "audit/summary"):
                with self.subTest("%s: %s" % (what, label)):
                    self.assert_refused(get(
                        "/v2/accounts/%s/services/%s" % (self.account, what),
                        self.token, query=query), field)

    def test_range_messages(self):
        def told(what, **query):
            return get("/v2/accounts/%s/services/%s" % (self.account, what),
                       self.token, query=query).data["created_from"]["date_range"]
        self.assertEqual(
            {"message": "created_to 100 is prior to created_from 200",
             "cause": 200}, told("audit", created_from=200, created_to=100))
        self.assertEqual(
            {"message": "created_to 2682101 is more than 2682000 seconds from "
             "created_from 100", "cause": 2682101},
            told("audit", created_from=100, created_to=2682101))
        self.assertEqual(200, get(self.path, self.token, query={
            "created_from": 100, "created_to": 2682100}).status)
        self.assertEqual(
            "created_to 31540002 is more than 31540000 seconds from "
            "created_from 1", told("audit_summary", created_from=1,
                                   created_to=31540002)["message"])
        self.assertEqual(200, get(
            self.path + "_summary", self.token,
            query={"created_from": 1, "created_to": 31540001}).status)
        self.assertIn("2682000", told("audit_summary",
                                      created_from=START)["message"])

    def test_pages(self):
        for query, field in (({"page_size": "0"}, "page_size"),
                             ({"page_size": "x"}, "page_size"),
                             ({"page_size": "-5"}, "page_size"),
                             ({"page_size": "9" * 30}, "page_size"),
                             ({"start_key": "!!"}, "start_key"),
                             ({"start_key": "AAAA"}, "start_key"),
                             ({"start_key": "g2wAAA"}, "start_key")):
            with self.subTest(str(query)):
                self.assert_refused(self.ask(**query), field)

    def test_bodies(self):
        put = lambda body: request("PUT", "/v2/user_auth", body=body, headers={
            "Content-Type": "application/json"})
        for label, body, field in (
                ("broken", b"{bad", "json"), ("cut", b'{"data":', "json"),
                ("trailing text", b'{"data":{}} x', "json"),
                ("no envelope", b'{"foo":1}', "data"),
                ("data of a wrong type", b'{"data":"x"}', "data"),
                ("data null", b'{"data":null}', "data"),
                ("a list", b"[]", "data"),
                ("a list for an object", b'{"data":[]}', "data"),
                ("NUL", b'{"data":{"credentials":"a\x00b"}}', "json"),
                ("escaped NUL", b'{"data":{"credentials":"a\\u0000b"}}', "json"),
                ("broken UTF-8", b'{"data":{"credentials":"\xff\xfe"}}', "json"),
                ("overlong number", b'{"data":{"credentials":' + b"9" * 40
                 + b"}}", "json"),
                ("10,000 deep", b'{"data":' + b"[" * 10000 + b"]" * 10000
                 + b"}", "json"),
                ("60 KB of brackets", b"[" * 60_000, "json")):
            with self.subTest(label):
                self.assert_refused(put(body), field)

    def test_bodies_that_are_too_large(self):
        for label, size in (("the route's limit", 65_537),
                            ("the pool's limit", 8_000_001),
                            ("nginx's limit", 17_000_000)):
            with self.subTest(label):
                answer = request("PUT", "/v2/user_auth", body=b" " * size)
                self.assertEqual(413, answer.status)
                self.assertEqual("413", answer.envelope["error"])

    def test_bad_bytes_in_the_path(self):
        for label, path in (
                ("NUL", "/v2/accounts/%00/services/audit"),
                ("broken UTF-8", "/v2/accounts/%ff%fe/services/audit"),
                ("broken escape", "/v2/accounts/%zz/services/audit"),
                ("overlong UTF-8", self.path + "_summary/%c0%af")):
            with self.subTest(label):
                answer = get(path, self.token)
                self.assertEqual(400, answer.status)
                answer.envelope

    def test_bad_bytes_in_the_query(self):
        for label, query, field in (
                ("NUL", "created_from=1%00", "created_from"),
                ("broken UTF-8", "created_from=%ff", "created_from"),
                ("broken escape", "created_from=%", "created_from"),
                ("in the name", "%ff=1", "query")):
            with self.subTest(label):
                self.assert_refused(get(self.path + "?" + query, self.token),
                                    field)

    def test_too_long_requests(self):
        for label, path, statuses in (
                ("parameters", self.path + "?" + "&".join(
                    "a%d=1" % n for n in range(300)), (400,)),
                ("a long path", "/v2/" + "a" * 6000, (404, 414)),
                ("a very long path", "/v2/" + "a" * 60000, (414,)),
                ("many segments", "/v2" + "/a" * 1000, (404,))):
            with self.subTest(label):
                answer = get(path, self.token)
                self.assertIn(answer.status, statuses)
                self.assertEqual("error", answer.envelope["status"])

    def test_names_are_not_interpreted(self):
        for name in ("'; DROP TABLE audit_day; --", "%25", "\\", "user%2Fx",
                     "a" * 2000, "%F0%9F%93%9E"):
            with self.subTest(name):
                answer = get("%s_summary/%s" % (self.path, name.replace(
                    " ", "%20")), self.token)
                self.assertIn(answer.status, (200, 400))
                if answer.status == 200:
                    self.assertEqual([], answer.data)


class Search(unittest.TestCase):
    """Entries by what they say, of an account and of its descendants."""

    @classmethod
    def setUpClass(cls):
        cls.seller = create_account(name="Seller")
        cls.one, cls.two = (create_account(cls.seller, name)
                            for name in ("One", "Two"))
        cls.stranger = create_account(name="Stranger")
        cls.token = issue_token(cls.seller)
        n = 0
        cls.names = {}  # of ids
        for account, rows in (
                # seconds, who, request, [(category, item)]
                (cls.seller, [(0, "rita", "r1", [("users", "user")])]),
                (cls.one, [(0, "rita", "r1", [("users", "user")]),
                           (60, "otto", "r2", [("devices", "sip_device"),
                                               ("users", "user")]),
                           (60, "rita", "r3", []),
                           (86400, "rita", "r4", [("users", "user")])]),
                (cls.two, [(0, "otto", "r5", [("users", "user")]),
                           (60, "otto", "r2", [("users", "admin")])]),
                (cls.stranger, [(60, "rita", "r1", [("users", "user")])])):
            documents = []
            for number, (seconds, who, made_by, items) in enumerate(rows, 1):
                n += 1
                document = entry(n, START + seconds)
                document["audit"].update({
                    "agent": {"type_id": who, "account_id": cls.seller,
                              "full_name": who.title()},
                    "request": {"id": made_by, "client_ip": "192.0.2.7"}})
                document["invoice"]["items"] = [
                    {"category": category, "item": item, "billable": 5,
                     "changes": {"difference": {"billable": 2}}}
                    for category, item in items]
                documents.append(document)
                cls.names[document["_id"]] = "%s%d" % (
                    {cls.seller: "s", cls.one: "a", cls.two: "b",
                     cls.stranger: "x"}[account], number)
            import_documents(documents, account)

    def ask(self, account=None, token=None, **query):
        query.setdefault("created_from", START)
        query.setdefault("created_to", START + 2 * 86400)
        return get("/v2/accounts/%s/services/audit" % (account or self.seller),
                   token or self.token, query=query)

    def found(self, **query):
        answer = self.ask(**query)
        self.assertEqual(200, answer.status, answer.body)
        return [self.names[row["id"]] for row in answer.data]

    def test_filters(self):
        for label, account, query, names in (
                ("details alone", self.one, {"details": "true"},
                 "a4 a3 a2 a1"),
                ("of the account alone", self.seller, {"who": "rita"}, "s1"),
                ("an item", self.one, {"source_service": "sip_device"}, "a2"),
                ("a category", self.one, {"source_service": "users"},
                 "a4 a2 a1"),
                ("neither", self.one, {"source_service": "nothing"}, ""),
                ("who", self.one, {"who": "rita"}, "a4 a3 a1"),
                ("a request", self.one, {"request_id": "r2"}, "a2"),
                ("a day", self.one, {"day": "2019-04-02"}, "a4"),
                ("a day without", self.one, {"day": "2019-03-31"}, ""),
                ("who and item", self.one,
                 {"who": "otto", "source_service": "user"}, "a2"),
                ("who did not", self.one,
                 {"who": "otto", "source_service": "admin"}, ""),
                ("request and who", self.one,
                 {"who": "rita", "request_id": "r2"}, ""),
                ("request, who, item and day", self.one,
                 {"who": "otto", "request_id": "r2", "day": "2019-04-01",
                  "source_service": "user"}, "a2"),
                ("case counts", self.one, {"who": "Rita"}, "")):
            with self.subTest(label):
                self.assertEqual(names.split(), self.found(
                    account=account, **query))

    def below(self, **query):
        names = self.found(descendants="true", **query)
        self.assertEqual(len(names), len(set(names)))
        return " ".join(sorted(names))

    def test_accounts_below(self):
        for label, query, names in (
                ("all", {}, "a1 a2 a3 a4 b1 b2 s1"),
                ("a service", {"source_service": "users"},
                 "a1 a2 a4 b1 b2 s1"),
                ("who", {"who": "rita"}, "a1 a3 a4 s1"),
                ("a request", {"request_id": "r2"}, "a2 b2"),
                ("request and service",
                 {"request_id": "r2", "source_service": "user"}, "a2"),
                ("a day", {"day": "2019-04-02"}, "a4")):
            with self.subTest(label):
                self.assertEqual(names, self.below(**query))
        self.assertEqual("a1 a2 a3 a4", self.below(account=self.one))

    def test_pages_of_one_entry_over_entries_of_one_second(self):
        whole = self.found(descendants="true")
        for query in ({}, {"source_service": "users"}, {"who": "rita"}):
            with self.subTest(query):
                seen, key = [], None
                while key is not None or not seen:
                    answer = self.ask(
                        descendants="true", page_size=1,
                        **dict(query, **({"start_key": key} if key else {})))
                    seen += [self.names[row["id"]] for row in answer.data]
                    key = answer.envelope.get("next_start_key")
                self.assertEqual(
                    self.found(descendants="true", **query), seen)
        self.assertEqual("a4", whole[0])
        times = [row["created"] for row in self.ask(descendants="true").data]
        self.assertEqual(sorted(times, reverse=True), times)

    def test_details_of_a_row(self):
        row = self.ask(self.one, request_id="r2").data[0]
        self.assertEqual({
            "account": {"id": self.one, "name": "One"},
            "who": {"account_id": self.seller, "user_id": "otto",
                    "name": "Otto"},
            "request_id": "r2", "remote_address": "192.0.2.7",
            "services": [
                {"service": "sip_device", "category": "devices",
                 "difference": 2, "quantity": 5},
                {"service": "user", "category": "users", "difference": 2,
                 "quantity": 5}]},
            {name: row[name] for name in (
                "account", "who", "request_id", "remote_address", "services")})
        plain = [row for row in self.ask(self.one, details="false").data]
        self.assertNotIn("who", plain[0])
        for row, more in zip(plain, self.ask(self.one, details="true").data):
            self.assertEqual(row, {name: more[name] for name in row})

    def test_a_change_by_the_api_is_found_by_its_request(self):
        answer = request(
            "PATCH", "/v2/accounts/%s/services/manual" % self.two, MASTER_TOKEN,
            {"users": {"user": 9}}, headers={"X-Request-ID": "mine-" + self.two})
        self.assertEqual(200, answer.status)
        row = get("/v2/accounts/%s/services/audit" % self.two, self.token,
                  query={"request_id": "mine-" + self.two}).data[0]
        self.assertEqual("mine-" + self.two, row["request_id"])
        self.assertEqual(1, len(get(
            "/v2/accounts/%s/services/audit" % self.seller, self.token,
            query={"request_id": "mine-" + self.two, "descendants": "true"
                   }).data[:1]))

    def test_a_year_and_two_days_with_a_filter_only(self):
        year = {"created_from": START, "created_to": START + 31708800}
        self.assertEqual(200, self.ask(details="true", **year).status)
        self.assertEqual(400, self.ask(**year).status)
        self.assertEqual(400, self.ask(details="true", created_from=START,
                                       created_to=START + 31708801).status)

    def test_bad_values_are_named(self):
        for name, value in (
                ("day", "yesterday"), ("day", "2019-02-30"), ("who", ""),
                ("who", "x" * 65), ("request_id", "x" * 129),
                ("source_service", "x" * 129), ("ascending", "true"),
                ("start_key", "x"), ("start_key", "NjM3Mg"),
                ("page_size", "0")):
            with self.subTest("%s=%s" % (name, value[:9])):
                answer = self.ask(descendants="true", **{name: value})
                self.assertEqual(400, answer.status)
                self.assertIn(name, answer.data)

    def test_others_are_not_seen(self):
        customer = issue_token(self.one)
        for account, token, status in ((self.one, customer, 200),
                                       (self.two, customer, 403),
                                       (self.seller, customer, 403),
                                       (self.stranger, self.token, 403)):
            self.assertEqual(status, self.ask(
                account, token, descendants="true").status)
        foreign = self.ask(descendants="true").envelope["start_key"]
        self.assertEqual("a1 a2 a3 a4", " ".join(sorted(
            self.names[row["id"]] for row in self.ask(
                self.one, customer, descendants="true",
                start_key=foreign).data)))

    def test_moved_and_deleted_accounts(self):
        old, new = (create_account(name=name) for name in ("Old", "New"))
        moved, gone = (create_account(old, name) for name in ("M", "G"))
        for n, account in enumerate((moved, gone), 100):
            import_documents([entry(n, START)], account)
        self.assertEqual(2, len(self.ask(old, MASTER_TOKEN,
                                         descendants="true").data))
        self.assertEqual(200, request(
            "POST", "/v2/accounts/%s/move" % moved, MASTER_TOKEN,
            {"to": new}).status)
        self.assertEqual(200, request(
            "DELETE", "/v2/accounts/" + gone, MASTER_TOKEN).status)
        for seller, count in ((old, 0), (new, 1)):
            self.assertEqual(count, len(self.ask(
                seller, MASTER_TOKEN, descendants="true").data))

    def test_rows_as_a_table(self):
        lines = self.ask(self.one, request_id="r2",
                         accept="csv").body.decode().split("\r\n")
        self.assertEqual(2, len([line for line in lines if line]))
        for column in ("Account Name", "who_user_id", "request_id"):
            self.assertIn(column, lines[0])
        self.assertIn("192.0.2.7", lines[1])
        whole = self.ask(descendants="true", paginate="false")
        self.assertEqual(self.found(descendants="true"), [
            self.names[row["id"]] for row in whole.data])


if __name__ == "__main__":
    unittest.main()
