#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""fields=...: lists and documents are reduced to the members that it names."""

import os
import sys
import unittest
import urllib.parse

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import MASTER_TOKEN, Seller, request  # noqa: E402

HEADERS = {"id": "ID", "name": "name"} # of CSV

# Fields that are asked for, and what they leave of a device.
DEVICE = {"name": "D", "a": {"b": 1, "c": {"d": 2, "e": 3}}, "x.y": 4,
          "list": [{"n": 1}]}
PICKS = (
    ("name", {"name": "D"}),
    ("nothing", {}),
    ("name,nothing,name.deeper", {"name": "D"}),
    (" name , list ", {"name": "D", "list": [{"n": 1}]}),
    ('["name","a.b"]', {"name": "D", "a": {"b": 1}}),
    ("a.c.d,a.b", {"a": {"b": 1, "c": {"d": 2}}}),
    ("a,a.c.d", {"a": DEVICE["a"]}),
    ("a.c.d,a", {"a": DEVICE["a"]}),
    ("x.y", {"x.y": 4}),
    ("a.z,list.n", {}),
)
REFUSED = (
    ("", "type"), ("[]", "type"), ("[1]", "type"), ('["a', "type"),
    (",".join("a" * 101), "maxItems"), ("a" * 4097, "maxLength"),
)


class Fields(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.account = Seller().account()
        cls.one = cls.ask("PUT", "devices", DEVICE).data["id"]
        cls.two = cls.ask("PUT", "devices", {"name": "E"}).data["id"]

    @classmethod
    def ask(cls, method, rest, data=None, fields=None, **more):
        if fields is not None:
            rest += ("&" if "?" in rest else "?") + "fields=" + \
                urllib.parse.quote(fields)
        return request(method, "/v2/accounts/%s%s%s" % (
            cls.account.id, "/" if rest[:1] not in ("", "?") else "", rest),
            MASTER_TOKEN, data=data, **more)

    def test_a_document_is_reduced(self):
        for fields, left in PICKS:
            with self.subTest(fields):
                self.assertEqual(left, self.ask(
                    "GET", "devices/" + self.one, fields=fields).data)

    def test_lists_of_every_order_are_reduced(self):
        self.assertEqual(
            {self.one, self.two},
            {d["id"] for d in self.ask("GET", "devices", fields="id").data})
        for rest in ("devices", "devices?paginate=false",
                     "devices?page_size=1", "devices?filter_name=D",
                     "services/audit", "services/audit?paginate=false"):
            with self.subTest(rest):
                answer = self.ask("GET", rest, fields="id,none")
                self.assertGreater(len(answer.data), 0)
                for document in answer.data:
                    self.assertEqual(["id"], list(document))

    def test_filters_look_at_the_whole_document(self):
        self.assertEqual([{"name": "D"}], self.ask(
            "GET", "devices?filter_id=" + self.one, fields="name").data)

    def test_pages_go_on(self):
        first = self.ask("GET", "devices?page_size=1", fields="name")
        then = self.ask("GET", "devices?page_size=1&start_key=" +
                        first.envelope["next_start_key"], fields="name")
        self.assertEqual(["D", "E"], sorted(
            d["name"] for d in first.data + then.data))

    def test_other_answers_are_reduced(self):
        self.assertEqual({"id": self.account.id}, self.ask(
            "GET", "", fields="id").data)
        self.assertEqual(["quantities"], list(self.ask(
            "GET", "services/summary", fields="quantities").data))
        self.assertEqual({"name": "D"}, self.ask(
            "PATCH", "devices/" + self.one, {"name": "D"},
            fields="name").data)

    def test_csv_has_these_columns_in_their_order(self):
        for rest in ("devices?accept=csv&filter_name=D",
                     "devices?accept=csv&filter_name=D&paginate=false"):
            with self.subTest(rest):
                for first, second in (("id", "name"), ("name", "id")):
                    answer = self.ask("GET", rest, fields="%s,%s" % (
                        first, second))
                    cells = {"id": self.one, "name": "D"}
                    self.assertEqual(
                        ["%s,%s" % (HEADERS[first], HEADERS[second]),
                         "%s,%s" % (cells[first], cells[second])],
                        answer.body.decode().split())

    def test_the_etag_is_that_of_the_whole_document(self):
        path = "devices/" + self.two
        whole = self.ask("GET", path).headers["etag"]
        part = self.ask("GET", path, fields="name")
        self.assertEqual(whole, part.headers["etag"])
        self.assertEqual(304, self.ask("GET", path, fields="name", headers={
            "If-None-Match": whole}).status)
        self.assertEqual(200, self.ask("PATCH", path, {"name": "E"}, headers={
            "If-Match": whole}).status)

    def test_the_envelope_stays(self):
        answer = self.ask("GET", "devices", fields="id")
        self.assertEqual((2, "success"), (answer.envelope["page_size"],
                                          answer.envelope["status"]))

    def test_other_values_are_refused(self):
        for fields, code in REFUSED:
            with self.subTest(fields[:20]):
                answer = self.ask("GET", "devices", fields=fields)
                self.assertEqual((400, ["fields"], [code]), (
                    answer.status, list(answer.data),
                    list(answer.data["fields"])))

    def test_nothing_is_done_when_it_is_refused(self):
        self.assertEqual(400, self.ask("PATCH", "devices/" + self.two,
                                       {"name": "F"}, fields="[]").status)
        self.assertEqual({"name": "E"}, self.ask(
            "GET", "devices/" + self.two, fields="name").data)


if __name__ == "__main__":
    unittest.main()
