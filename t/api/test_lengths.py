#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects and lists in a body have a greatest length, wherever they are."""

import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import Seller, request  # noqa: E402

LIMIT = 10000


def members(count):
    return {"%d" % number: 1 for number in range(count)}


def elements(count):
    return [1] * count


# Method, path below the account, a body with something long in it, its place.
PLACES = (
    ("PUT", "devices", lambda long: {"name": "D", "x": long}, "x"),
    ("PUT", "devices", lambda long: {"name": "D", "x": [0, {"y": long}]},
     "x.1.y"),
    ("PUT", "devices", lambda long: [{"name": "D"}, {"name": "E", "x": long}],
     "1.x"),
    ("PUT", "users", lambda long: {"first_name": "A", "last_name": "B",
                                   "x": {"y": long}}, "x.y"),
    ("PUT", "webhooks", lambda long: {"name": "W", "uri": "https://a.example/",
                                      "hooks": ["topup.failed"],
                                      "custom_data": {"x": long}},
     "custom_data.x"),
    ("POST", "", lambda long: {"name": "Account", "x": long}, "x"),
    ("PATCH", "", lambda long: {"x": long}, "x"),
    ("PUT", "ledgers/usage",
     lambda long: [{"amount": 0, "source": {"service": "s", "id": "1"},
                    "usage": {"type": "t", "quantity": 1, "unit": "u"},
                    "metadata": {"x": long}}], "0.metadata.x"),
)


class Lengths(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()
        cls.account = cls.seller.account().id

    def ask(self, method, rest, data, account=None):
        return request(method, "/v2/accounts/%s/%s" % (
            account or self.account, rest), self.seller.token, data=data)

    def assert_refused(self, answer, place, code):
        self.assertEqual(400, answer.status, answer)
        self.assertEqual({place}, set(answer.data))
        self.assertEqual({code}, set(answer.data[place]))

    def test_what_is_too_long_is_named(self):
        for method, rest, body, place in PLACES:
            for of, code in ((members, "maxProperties"), (elements, "maxItems")):
                with self.subTest(place, method=method, path=rest, code=code):
                    answer = self.ask(method, rest, body(of(LIMIT + 1)))
                    self.assert_refused(answer, place, code)

    def test_as_long_as_may_be_is_taken(self):
        for of in (members, elements):
            with self.subTest(of.__name__):
                answer = self.ask("PUT", "devices",
                                  {"name": "D", "x": of(LIMIT)})
                self.assertEqual(201, answer.status)
                self.assertEqual(of(LIMIT), answer.data["x"])

    def test_a_document_has_no_more_members_than_an_object_inside_it(self):
        self.assert_refused(self.ask("PUT", "devices", dict(
            members(LIMIT), name="D")), "data", "maxProperties")

    def test_a_document_does_not_grow_beyond_it_by_patches(self):
        thing = self.ask("PUT", "devices", {"name": "D",
                                            "x": members(LIMIT)}).data["id"]
        self.assert_refused(self.ask("PATCH", "devices/" + thing,
                                     {"x": {"more": 1}}), "x", "maxProperties")

    def test_plans_have_it_too(self):
        answer = self.ask("PUT", "service_plans", {
            "name": "P", "plan": {"devices": {"phone": {
                "rates": members(LIMIT + 1)}}}}, self.seller.id)
        self.assert_refused(answer, "plan.devices.phone.rates",
                            "maxProperties")


if __name__ == "__main__":
    unittest.main()
