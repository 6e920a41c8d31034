#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The daily audit summary: documented answers, and vectors.

The vectors are inputs and outputs of the reference system's own map and
reduce. A sample lies in t/vectors; the full files are used where they are
(REEVE_VECTORS, or ../shared/vectors beside the checkout).
"""

import json
import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_TOKEN, create_account, get,  # noqa: E402
                   import_documents, request)

FULL = os.environ.get("REEVE_VECTORS",
                      os.path.join(TOP, "..", "shared", "vectors"))
DAY_0, DAY = 63721296000, 86400  # 2019-04-01
PATHS = {"summary_v1": "audit_summary", "summary_v2": "audit/summary"}


def read_vectors(folder, name):
    with open(os.path.join(folder, name + ".jsonl")) as f:
        return [json.loads(line) for line in f]


def day(addition, removal, quantity, last):
    return {"addition": addition, "last_timestamp": last, "quantity": quantity,
            "removal": removal, "sum_quantity": False}


def usage(quantity, last):
    return {"last_timestamp": last, "quantity": quantity, "sum_quantity": True,
            "unit": "sec"}


# The response of the API's documentation.
DOCUMENTED = {
    "per-minute-voip": [
        {"2019-04-03": usage(300, 63721549284)},
        {"2019-04-08": usage(60, 63721972845)},
        {"2019-04-09": usage(780, 63722073234)},
        {"2019-04-10": usage(1500, 63722156725)},
        {"2019-04-11": usage(960, 63722239192)}],
    "phone_number": [{"2019-04-04": day(1, 0, 53, 63721611287)}],
    "sip_device": [
        {"2019-04-09": day(2, 2, 42, 63722066155)},
        {"2019-04-10": day(1, 0, 43, 63722076464)}],
    "user": [
        {"2019-04-03": day(1, 0, 84, 63721540230)},
        {"2019-04-09": day(1, 0, 85, 63722056079)},
        {"2019-04-11": day(1, 1, 85, 63722160516)}]}
RANGE = {"created_from": 63721540230, "created_to": 63722160516}


class Documented(unittest.TestCase):
    """The demonstration account answers as the documentation says."""

    def ask(self, what="", **more):
        path = "/v2/accounts/%s/services/audit_summary%s" % (
            os.environ["REEVE_ACCOUNT_ID"], what)
        return get(path, os.environ["REEVE_AUTH_TOKEN"],
                   query=dict(RANGE, **more))

    def test_all_services(self):
        answer = self.ask()
        self.assertEqual(200, answer.status)
        self.assertEqual(DOCUMENTED, answer.data)
        # Services are sorted by name. Days are lists, so equality includes
        # their order.
        self.assertEqual(sorted(DOCUMENTED), list(answer.data))

    def test_one_service_newest_first(self):
        self.assertEqual(DOCUMENTED["user"][::-1], self.ask("/user").data)

    def test_one_service_oldest_first_if_asked(self):
        self.assertEqual(DOCUMENTED["user"],
                         self.ask("/user", ascending="true").data)

    def test_an_unknown_service_is_an_empty_list(self):
        self.assertEqual([], self.ask("/never_seen").data)

    def test_envelope(self):
        envelope = self.ask().envelope
        for member in ("data", "revision", "timestamp", "version", "node",
                       "request_id", "status", "auth_token"):
            self.assertIsInstance(envelope[member],
                                  dict if member == "data" else str, member)
        self.assertEqual("success", envelope["status"])
        self.assertEqual(os.environ["REEVE_AUTH_TOKEN"], envelope["auth_token"])
        self.assertNotIn("page_size", envelope)

    def test_rows_as_a_table(self):
        lines = self.ask("/user", accept="csv").body.decode().split("\r\n")
        self.assertEqual("service,day,addition,last_timestamp,quantity,removal,"
                         "sum_quantity", lines[0])
        self.assertEqual("user,2019-04-03,1,63721540230,84,0,false", lines[1])


class Opening(unittest.TestCase):
    """The envelope tells the quantities before the first day."""

    @classmethod
    def setUpClass(cls):
        cls.account = create_account()
        documents, n = [], 0
        for created, service, difference, quantity in (
                (DAY_0, "user", 2, 2), (DAY_0 + 60, "user", 3, 5),
                (DAY_0 + DAY, "user", -5, 0), (DAY_0 + DAY, "a'b", 4, 4),
                (DAY_0 + 2 * DAY, "user", 7, 7),
                (DAY_0 + 2 * DAY, "late", 1, 1)):
            n += 1
            documents.append({
                "_id": "201904-%032x" % n, "pvt_type": "audit_log",
                "pvt_created": created, "status": "completed",
                "invoice": {"items": [
                    {"category": "x", "item": service, "billable": quantity,
                     "changes": {"difference": {"billable": difference}}}]}})
        import_documents(documents, cls.account)

    def ask(self, days, path="audit_summary", **query):
        query.setdefault("opening", "true")
        return get("/v2/accounts/%s/services/%s" % (self.account, path),
                   MASTER_TOKEN, query=dict(
                       query, created_from=DAY_0 + days * DAY + 5,
                       created_to=DAY_0 + 20 * DAY))

    def test_it_is_the_quantity_after_the_last_change_before(self):
        for label, days, path, opening in (
                ("nothing before", 0, "audit_summary", {}),
                ("twice a day", 1, "audit_summary", {"user": 5}),
                ("nothing left is a quantity", 2, "audit_summary",
                 {"a'b": 4, "user": 0}),
                ("no change in the range", 9, "audit_summary",
                 {"a'b": 4, "late": 1, "user": 7}),
                ("one service", 9, "audit_summary/user", {"user": 7}),
                ("one of which nothing is known", 9, "audit_summary/none", {}),
                ("another family", 9, "audit/summary", {})):
            with self.subTest(label):
                answer = self.ask(days, path)
                self.assertEqual(opening, answer.envelope["opening"])
                self.assertEqual(list(opening),
                                 list(answer.envelope["opening"]))

    def test_the_days_are_the_same(self):
        for opening in ("true", "false"):
            self.assertEqual({"late", "user"},
                             set(self.ask(2, opening=opening).data))
        self.assertNotIn("opening", self.ask(2, opening="false").envelope)

    def test_raw_quantities_have_their_own(self):
        account = create_account()
        for quantity in (3, 2):
            request("PATCH", "/v2/accounts/%s/services/manual" % account,
                    MASTER_TOKEN, {"users": {"user": quantity}})
        answer = get("/v2/accounts/%s/services/audit/summary" % account,
                     MASTER_TOKEN, query={"opening": "true"})
        self.assertEqual(({}, 2), (
            answer.envelope["opening"],
            next(iter(answer.data[0]["user"].values()))["quantity"]))

    def test_an_answer_is_not_cached_by_its_days_alone(self):
        self.assertNotIn("etag", self.ask(2).headers)
        self.assertIn("etag", self.ask(2, opening="false").headers)


class Vectors(unittest.TestCase):
    def answer(self, name, vector):
        """(all, {source: list}) as the service answers a vector's question."""
        account = create_account(name=vector["name"])
        if vector["docs"]:
            import_documents(vector["docs"], account)
        base = "/v2/accounts/%s/services/%s" % (account, PATHS[name])
        ask = lambda path: get(path, MASTER_TOKEN, query=vector["query"]).data
        return ask(base), {source: ask(base + "/" + source)
                           for source in vector["expected_by_source"]}

    @staticmethod
    def merged(pieces):
        """Merges a list of {service: {day: ...}} into one object."""
        out = {}
        for piece in pieces:
            for service, days in piece.items():
                out.setdefault(service, {}).update(days)
        return out

    @staticmethod
    def settled(value):
        """Without the fields that depend on the order within a second
        (quantity, unit)."""
        if isinstance(value, list):
            return [Vectors.settled(v) for v in value]
        if isinstance(value, dict) and "sum_quantity" in value:
            return {k: v for k, v in value.items()
                    if k not in ("quantity", "unit")}
        if isinstance(value, dict):
            return {k: Vectors.settled(v) for k, v in value.items()}
        return value

    def compare(self, name, vector):
        got, got_by_source = self.answer(name, vector)
        expected = vector["expected_all"]
        expected_by_source = vector["expected_by_source"]
        if "error" in expected:
            # The body of a 400 is compared as it is.
            self.assertEqual(expected["error"], got)
            return
        if name == "summary_v2":
            # The reference has an object a year, Reeve a single one.
            self.assertLessEqual(len(got), 1)
            expected, got = self.merged(expected), self.merged(got)
        else:
            self.assertEqual(list(expected), list(got), "order of services")
        if (vector.get("meta") or {}).get("order_sensitive"):
            expected, got = self.settled(expected), self.settled(got)
            expected_by_source = self.settled(expected_by_source)
            got_by_source = self.settled(got_by_source)
        self.assertEqual(expected, got)
        self.assertEqual(expected_by_source, got_by_source)

    def run_vectors(self, folder, name):
        for vector in read_vectors(folder, name):
            with self.subTest(vector["name"]):
                self.compare(name, vector)

    def test_sample_of_audit_summary(self):
        self.run_vectors(os.path.join(TOP, "t", "vectors"), "summary_v1")

    def test_sample_of_the_later_form(self):
        self.run_vectors(os.path.join(TOP, "t", "vectors"), "summary_v2")

    def require_full(self):
        if not os.path.exists(os.path.join(FULL, "summary_v1.jsonl")):
            self.skipTest("the full vectors are not at %s" % FULL)

    def test_every_vector_of_audit_summary(self):
        self.require_full()
        self.run_vectors(FULL, "summary_v1")

    def test_every_vector_of_the_later_form(self):
        self.require_full()
        self.run_vectors(FULL, "summary_v2")


if __name__ == "__main__":
    unittest.main()
