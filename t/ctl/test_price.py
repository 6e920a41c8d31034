#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl price: the pricing engine as a filter, compared with answers of the
reference's code (t/vectors/pricing.jsonl, and the full vectors if
REEVE_VECTORS or ../shared/vectors has them).
"""

import json
import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import reevectl  # noqa: E402

SHARED = os.environ.get("REEVE_VECTORS",
                        os.path.join(TOP, "..", "shared", "vectors"))
TOLERANCE = 1e-6


def vectors(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def deviations():
    """{name: reason} of t/vectors/deviations."""
    with open(os.path.join(TOP, "t", "vectors", "deviations")) as f:
        rows = [line.split() for line in f if not line.startswith("#")]
    return {name: reason for reason, name in rows}


def price(questions, *options):
    """The answers to the questions; the exit status is ignored."""
    text = "".join(json.dumps(q) + "\n" for q in questions)
    done = reevectl("price", *options, stdin=text, check=False)
    return [json.loads(line) for line in done.stdout.splitlines()]


def in_order(path, items):
    """Sorts lists whose order has no meaning."""
    if path.endswith((".items", ".activation_charges")):
        return sorted(items, key=lambda x: (x["category"], x["item"], x["name"]))
    return sorted(items) if path.endswith(".exceptions") else items


def differences(path, wanted, found):
    if isinstance(wanted, bool) or isinstance(found, bool):
        return [] if wanted is found else [(path, wanted, found)]
    if isinstance(wanted, (int, float)) and isinstance(found, (int, float)):
        near = abs(wanted - found) <= TOLERANCE
        return [] if near else [(path, wanted, found)]
    if isinstance(wanted, dict) and isinstance(found, dict):
        keys = sorted(set(wanted) | set(found))
        return [d for k in keys for d in differences(
            path + "." + k, wanted.get(k), found.get(k))]
    if isinstance(wanted, list) and isinstance(found, list) and \
            len(wanted) == len(found):
        pairs = zip(in_order(path, wanted), in_order(path, found))
        return [d for i, (w, f) in enumerate(pairs)
                for d in differences("%s[%d]" % (path, i), w, f)]
    return [] if wanted == found else [(path, wanted, found)]


class SameAsReference(unittest.TestCase):
    def hold(self, path):
        known = deviations()
        wanted = vectors(path)
        answers = price([v["input"] for v in wanted])
        self.assertEqual(len(wanted), len(answers))
        for vector, answer in zip(wanted, answers):
            with self.subTest(vector["name"]):
                found = differences("", vector["output"], answer)
                if vector["name"] not in known:
                    self.assertEqual([], found)
                else:
                    self.assertNotEqual([], found, "no longer a deviation")

    def test_the_sample(self):
        self.hold(os.path.join(TOP, "t", "vectors", "pricing.jsonl"))

    def test_all_named_vectors(self):
        self.hold_shared("pricing_named.jsonl")

    def test_all_random_vectors(self):
        self.hold_shared("pricing_random.jsonl")

    def hold_shared(self, name):
        path = os.path.join(SHARED, name)
        if not os.path.exists(path):
            self.skipTest("there is no " + path)
        self.hold(path)


def plan(item, **more):
    return {"plans": [dict({"id": "p", "vendor_id": "r", "doc": {
        "name": "P", "plan": {"devices": {"sip_device": item}}}})],
        "quantities": {"account": {"devices": {"sip_device": 3}}}, **more}


class Deviations(unittest.TestCase):
    """The deviations of doc/compatibility, one by one."""

    def only_line(self, question):
        return price([question])[0]["annotated"]["invoices"][0]["items"][0]

    def test_a_removed_line_is_zero(self):
        gone = plan({"rate": 5, "discounts": {"single": {"rate": 1}}},
                    proposed={"plans": []})
        line = self.only_line(gone)
        self.assertEqual({"type": "removed", "difference": {"billable": -3}},
                         line["changes"])
        self.assertEqual((0, 0), (line["billable"], line["total"]))
        self.assertNotIn("discounts", line)

    def test_a_new_bookkeeper_s_lines_are_created(self):
        line = self.only_line(plan({"rate": 5}, current={"plans": []},
                                   proposed={}))
        self.assertEqual({"type": "created", "difference": {"billable": 3}},
                         line["changes"])

    def test_changed_overrides_are_a_change(self):
        line = self.only_line(plan({"rate": 5}, proposed={"overrides": {
            "plan": {"devices": {"sip_device": {"rate": 4}}}}}))
        self.assertEqual({"rate": -1}, line["changes"]["difference"])

    def test_sums_are_exact(self):
        question = {"plans": [{"id": "p", "doc": {"plan": {"d": {
            "a": {"rate": 0.1}, "b": {"rate": 0.2}}}}}],
            "quantities": {"account": {"d": {"a": 1, "b": 1}}}}
        done = reevectl("price", stdin=json.dumps(question))
        self.assertIn('"recurring":0.3}', done.stdout.replace(" ", ""))


class BadLines(unittest.TestCase):
    def test_a_bad_line_is_reported_and_the_rest_priced(self):
        text = "\n".join([json.dumps(plan({"rate": 1})), "{nonsense",
                          json.dumps(plan({"rate": 1, "step": 0})),
                          json.dumps(plan({"rate": 2}))]) + "\n"
        done = reevectl("price", stdin=text, check=False)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(65, done.returncode)
        self.assertEqual(4, len(answers))
        self.assertEqual(3, answers[0]["invoices"][0]["summary"]["recurring"])
        self.assertEqual(2, answers[1]["error"]["line"])
        self.assertEqual(3, answers[2]["error"]["line"])
        self.assertIn("plans.0.doc.plan.devices.sip_device.step",
                      answers[2]["error"]["message"])
        self.assertEqual(6, answers[3]["invoices"][0]["summary"]["recurring"])
        self.assertIn("line 2", done.stderr)
        self.assertIn("line 3", done.stderr)

    def refused(self, question, path):
        error = price([question])[0]["error"]
        self.assertIn(path, error["data"])

    def test_wrong_types_are_named(self):
        item = "plans.0.doc.plan.devices.sip_device."
        for field, value in (("rate", []), ("minimum", "many"),
                             ("rates", {"some": 1}), ("rates", {"5": "x"}),
                             ("discounts", 5), ("cascade", "maybe")):
            with self.subTest(field):
                error = price([plan({field: value})])[0]["error"]
                self.assertTrue(any(key.startswith(item + field)
                                    for key in error["data"]), error)
        self.refused(dict(plan({}), plans=7), "plans")
        self.refused(dict(plan({}), overrides=[]), "overrides")
        self.refused(plan({"rate": 1}, quantities={
            "account": {"devices": {"sip_device": "few"}}}),
            "quantities.account.devices.sip_device")

    def test_too_large_numbers_are_refused(self):
        for rate, n in ((9 * 10**12, 2), (1, 2 * 10**15), (100, 10**12)):
            with self.subTest((rate, n)):
                question = plan({"rate": rate}, quantities={
                    "account": {"devices": {"sip_device": n}}})
                self.assertEqual(["overflow"], list(price([question])[0][
                    "error"]["data"]["devices.sip_device"]))

    def test_large_numbers_are_exact(self):
        question = plan({"rate": 1.000001}, quantities={
            "account": {"devices": {"sip_device": 10**12}}})
        self.assertEqual(1000001000000, price([question])[0]["invoices"][0][
            "summary"]["recurring"])


class Explain(unittest.TestCase):
    def test_every_step_and_the_origin_of_fields(self):
        question = plan({"rate": 2, "minimum": 5}, overrides={
            "plan": {"devices": {"sip_device": {"rate": 1.5}}}})
        line = price([question], "--explain")[0]["invoices"][0]["items"][0]
        self.assertEqual({"rate": "account-wide override",
                          "minimum": "plan p"}, line["explain"]["fields"])
        self.assertEqual(["quantity 3 = 3 sip_device (own)", "at least 5",
                          "rate 1.5", "total 5 x 1.5 = 7.5"],
                         line["explain"]["steps"])

    def test_the_rest_of_the_month_of_now(self):
        question = plan({"rate": 7, "prorate": {"additions": True}},
                        now=63875606400)  # 2024-02-20 00:00:00 UTC
        line = price([question], "--explain")[0]["invoices"][0]["items"][0]
        self.assertEqual(
            "would be prorated for 10 of 29 days from 2024-02-20: 21 - "
            "13.758621 (21 x 19 / 29) = 7.241379, if prorate were on",
            line["explain"]["steps"][-1])
        del question["now"]
        line = price([question], "--explain")[0]["invoices"][0]["items"][0]
        self.assertEqual("total 3 x 7 = 21", line["explain"]["steps"][-1])


if __name__ == "__main__":
    unittest.main()
