#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that change the meaning of a request elsewhere, and are not built here,
are refused: each row of src/api/refused.c, and what is said twice."""

import json
import os
import re
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import MASTER_TOKEN, Seller, new_id, request  # noqa: E402

with open(os.path.join(TOP, "src/api/refused.c"), encoding="utf-8") as f:
    TABLE = f.read()
CONTROLS = re.findall(r'\{ "(\w+)", "[^"]+" \}', TABLE)
PATHS = dict(re.findall(r'#define (\w+) "(accounts/[^"]+)"', TABLE))
MEMBERS = [(PATHS[path], name) for path, name in
           re.findall(r'\{ ([A-Z]+), "(\w+)", ', TABLE)]

# Requests of known clients at their start, for lists and downloads.
CLIENTS = (
    "children?ascending=true",
    "services/summary?depth=4&identifier=items&accept=csv",
    "services/available?paginate=false&filter_merge.strategy=cumulative",
    "service_plans?paginate=false",
    "ledgers?created_from=63721468800&created_to=63721468900",
    "ledgers/x?created_from=63721468800&created_to=63721468900&page_size=50"
    "&filter_not_metadata.manual_bookkeeping_tool=true",
    "ledgers/x?created_from=63721468800&created_to=63721468900&paginate=false"
    "&accept=csv",
    "transactions?paginate=false&created_from=63721468800"
    "&created_to=63721468900&reason=no_calls",
    "devices?nothing_of_this_name=1&_=1700000000&callback=x",
)


class RefusedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()
        cls.account = cls.seller.account()

    def ask(self, method, rest, data=None, **more):
        return request(method, "/v2/accounts/%s/%s" % (
            self.account.id, rest), MASTER_TOKEN, data=data, **more)

    def raw(self, method, rest, body):
        return request(method, "/v2/accounts/%s/%s" % (self.account.id, rest),
                       MASTER_TOKEN, body=body)

    def assert_names(self, answer, *names):
        self.assertEqual((400, sorted(names)), (
            answer.status, sorted(answer.data)), answer)


class Rows(RefusedTest):
    def test_each_control_is_refused_in_the_query_and_beside_data(self):
        self.assertGreater(len(CONTROLS), 10)
        for row in CONTROLS:
            name = row.replace("KEY", "name")
            with self.subTest(name):
                answer = self.ask("GET", "devices?%s=1" % name)
                self.assert_names(answer, name)
                self.assertIn("unsupported", answer.data[name])
                self.assert_names(self.raw("PUT", "devices", json.dumps(
                    {"data": {"name": "D"}, name: 1})), name)
        self.assertEqual([], self.ask("GET", "devices").data)

    def test_each_member_is_refused_at_any_depth(self):
        self.assertGreater(len(MEMBERS), 10)
        for path, name in MEMBERS:
            rest = path.split("/", 2)[2]
            method = "POST" if rest == "services" else "PUT"
            for depth, data in (("", {name: 1}),
                                ("plan.c.i.", {"plan": {"c": {"i": {
                                    name: 1}}}}),
                                ("a.0.", {"a": [{name: 1}]})):
                with self.subTest("%s: %s%s" % (rest, depth, name)):
                    self.assert_names(self.ask(method, rest, dict(
                        data, name="N")), depth + name)

    def test_documents_of_other_kinds_keep_such_names(self):
        answer = self.ask("PUT", "devices", {"name": "D", "page": 1, "limit": 2,
                                             "effective_from": 3})
        self.assertEqual((201, 1, 2, 3), (answer.status, answer.data["page"],
                         answer.data["limit"], answer.data["effective_from"]))
        self.ask("DELETE", "devices/" + answer.data["id"])

    def test_what_clients_send_is_taken(self):
        for rest in CLIENTS:
            with self.subTest(rest):
                self.assertIn(self.ask("GET", rest).status, (200, 204))


class Moments(RefusedTest):
    def test_unix_seconds_are_refused_in_every_list(self):
        for rest in ("services/audit", "services/audit_summary", "ledgers",
                     "ledgers/x", "transactions"):
            for name in ("created_from", "created_to"):
                for value in ("1700000000", "100000000", "9999999999"):
                    with self.subTest("%s %s=%s" % (rest, name, value)):
                        answer = self.ask("GET", "%s?%s=%s" % (
                            rest, name, value))
                        self.assert_names(answer, name)
                        self.assertIn("Gregorian",
                                      str(answer.data[name]["invalid"]))
        for name in ("modified_from", "modified_to"):
            self.assert_names(self.ask("GET", "devices?%s=1700000000" % name),
                              name)


class Twice(RefusedTest):
    def test_a_name_twice_in_an_object(self):
        for label, body in (
                ("beside data", '{"data": {"name": "D"}, "a": 1, "a": 1}'),
                ("data", '{"data": {"name": "D"}, "data": {"name": "D"}}'),
                ("in data", '{"data": {"name": "D", "name": "E"}}'),
                ("deep", '{"data": {"name": "D", "x": [{"y": {"a": 1, "b": 2,'
                         ' "a": 1}}]}}'),
                ("by an escape", '{"data": {"name": "D", "n\\u0061me": "D"}}'),
                ("by case", '{"data": {"name": "D"}, "Accept-Charges": true,'
                            ' "accept_charges": false}')):
            with self.subTest(label):
                self.assert_names(self.raw("PUT", "devices", body), "json")
        self.assertEqual([], self.ask("GET", "devices").data)

    def test_a_name_twice_in_an_entry_of_a_batch(self):
        entry = ('{"source": {"service": "s", "id": "%s"}, "amount": 1,'
                 ' "amount": 2, "usage": {"type": "t", "quantity": 1,'
                 ' "unit": "u"}, "period": {"start": 63721468800,'
                 ' "end": 63721468800}}' % new_id())
        answer = self.raw("PUT", "ledgers/usage", '{"data": [%s]}' % entry)
        self.assertEqual(400, answer.status, answer)
        self.assertIn("amount", json.dumps(answer.data))

    def test_prices_of_one_quantity_under_two_names(self):
        for label, item, path in (
                ("rates", {"rates": {"05": 1, "5": 2}}, "rates.05"),
                ("zero", {"rates": {"0": 1, "00": 2}}, "rates.0"),
                ("flat_rates", {"flat_rates": {"0012": 1, "012": 2}},
                 "flat_rates.0012"),
                ("discounts", {"discounts": {"cumulative": {"rates": {
                    "9": 1, "09": 2}}}}, "discounts.cumulative.rates.09")):
            with self.subTest(label):
                answer = request("PUT", "/v2/accounts/%s/service_plans" %
                                 self.seller.id, self.seller.token, data={
                                     "name": "P", "plan": {"c": {"i": item}}})
                self.assert_names(answer, "plan.c.i." + path)
                answer = self.ask("POST", "services/overrides", {
                    "plan": {"c": {"i": item}}})
                self.assert_names(answer, "plan.c.i." + path)

    def test_a_quantity_with_zeros_in_front_is_one_price(self):
        answer = request("PUT", "/v2/accounts/%s/service_plans" %
                         self.seller.id, self.seller.token, data={
                             "name": "P", "plan": {"05": {"5": {
                                 "rates": {"05": 1, "10": 2}}, "05": {}}}})
        self.assertEqual(201, answer.status, answer)


class Webhooks(RefusedTest):
    def test_a_webhook_without_hooks(self):
        good = {"name": "W", "uri": "https://a.example/",
                "hooks": ["topup.failed"]}
        for hooks in ([], None):
            with self.subTest(hooks):
                self.assert_names(self.ask("PUT", "webhooks", dict(
                    good, hooks=hooks)), "hooks")
        made = self.ask("PUT", "webhooks", good)
        self.assertEqual(201, made.status, made)
        self.assert_names(self.ask("PATCH", "webhooks/" + made.data["id"],
                                   {"hooks": []}), "hooks")


if __name__ == "__main__":
    unittest.main()
