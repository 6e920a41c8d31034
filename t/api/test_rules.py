#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of doc/rules hold: they are read from the pages and run, as
doc/rules/README says.
"""

import decimal
import json
import os
import random
import re
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (  # noqa: E402
    MASTER_ID, MASTER_TOKEN, Seller, create_account, issue_token, reevectl, request)

PAGES = os.path.join(TOP, "doc", "rules")
ACTORS = ("account", "reseller", "child", "master")
TABLES = {"own": "account", "below": "cascade", "manual": "manual"}


def parsed(text):
    return json.loads(text, parse_float=decimal.Decimal)


class Example:
    """A title and steps, each a word and the rest of its line."""

    def __init__(self, title):
        self.title = title
        self.steps = []

    def asks_the_api(self):
        return any(word in ACTORS for word, _ in self.steps)


def examples(text):
    """Those of a page: from "Example:" to the next line that is not indented."""
    found, inside, titled = [], False, False
    for line in text.splitlines():
        if line.startswith("Example: "):
            found.append(Example(line[len("Example: "):]))
            inside, titled = True, False
        elif not line.strip():
            titled = True
        elif not inside:
            continue
        elif re.match(r"    \S", line):
            word, _, rest = line.strip().partition(" ")
            found[-1].steps.append((word, rest.strip()))
        elif line.startswith("     ") and found[-1].steps:
            word, rest = found[-1].steps[-1]
            found[-1].steps[-1] = (word, rest + " " + line.strip())
        elif not titled:
            found[-1].title += " " + line.strip()
        else:
            inside = False
    return found


def missing(wanted, found, path="data"):
    """The first path at which found lacks a wanted value; None: it lacks none. In
    wanted, null is an absent member and "..." is any text, or the name of the
    only member."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        only, = found if len(found) == 1 else [None]
        pairs = [(key, wanted[key], found.get(only if key == "..." else key))
                 for key in wanted]
    elif isinstance(wanted, list) and isinstance(found, list) and \
            len(wanted) == len(found):
        pairs = [(str(i), w, f) for i, (w, f) in enumerate(zip(wanted, found))]
    elif wanted == "..." and isinstance(found, str):
        return None
    elif isinstance(wanted, bool) == isinstance(found, bool) and wanted == found:
        return None
    else:
        return "%s: %s, not %s" % (path, shown(found), shown(wanted))
    gaps = (missing(w, f, path + "." + key) for key, w, f in pairs)
    return next((gap for gap in gaps if gap), None)


def shown(value):
    return json.dumps(value, default=float)[:400]


def hold(wanted, found):
    gap = missing(wanted, found)
    if gap:
        raise AssertionError(gap)


def hold_exactly(wanted, found):
    if wanted != found:
        raise AssertionError("%s, not %s" % (shown(found), shown(wanted)))


# ---- examples of reevectl price ----


def question_of(steps):
    question = {"plans": [], "quantities": {}}
    side, copied = question, False
    for word, rest in steps:
        if word == "then":
            side = question["proposed"] = {}
        elif word in ("plan", "prices"):
            document = parsed(rest) if word == "plan" else {"plan": parsed(rest)}
            if side is not question and not copied:
                side["plans"], copied = [], True
            side["plans"].append({"id": "plan%d" % (len(side["plans"]) + 1),
                                  "vendor_id": "reseller", "doc": document})
        elif word == "plan-overrides":
            side["plans"][-1]["overrides"] = parsed(rest)
        elif word == "overrides":
            side["overrides"] = parsed(rest)
        elif word in TABLES:
            side.setdefault("quantities", {})[TABLES[word]] = parsed(rest)
        elif word == "at":
            question["now"] = int(rest)
    return question


def check_price(example):
    question = question_of(example.steps)
    explain = ["--explain"] if "now" in question else []
    done = reevectl("price", *explain, check=False,
                    stdin=json.dumps(question, default=float) + "\n")
    answer = parsed(done.stdout)
    if "annotated" in answer:
        answer = dict(answer["proposed"], invoices=answer["annotated"]["invoices"])
    invoices = answer.get("invoices", [])
    lines = [line for invoice in invoices for line in invoice["items"]]
    known = {"plan", "prices", "plan-overrides", "overrides", "then", "at"}
    for word, rest in example.steps:
        if word == "lines":
            hold(parsed(rest), lines)
        elif word == "invoices":
            hold(parsed(rest), invoices)
        elif word == "merged":
            hold_exactly(parsed(rest), [m["doc"].get("plan")
                                        for m in answer["merged_plans"]])
        elif word == "refused":
            hold(parsed(rest), answer.get("error"))
        elif word == "says":
            for text in parsed(rest):
                if text not in json.dumps(lines, default=float):
                    raise AssertionError("nothing says " + text)
        elif word not in known and word not in TABLES:
            raise AssertionError("what is " + word + "?")


# ---- examples of the API ----


class Scene:
    """A reseller, an account of it with a child, and the last answer."""

    def __init__(self):
        self.seller = Seller("Rules")
        self.account = self.seller.account("Account")
        self.child = create_account(self.account.id, "Child")
        self.places = {"reseller": self.seller.id, "master": MASTER_ID,
                       "account": self.account.id, "child": self.child,
                       "number": "+1415%07d" % random.randrange(10 ** 7)}
        self.tokens = {"reseller": self.seller.token, "master": MASTER_TOKEN,
                       "account": self.account.token,
                       "child": issue_token(self.child)}
        self.headers = {}
        self.answer = None
        self.plans = 0

    def filled(self, text):
        """The text with the places named in braces filled in; {id} and {etag} are
        those of the last answer."""
        def place(match):
            name = match.group(1)
            if name == "id":
                return self.answer.data["id"]
            if name == "etag":
                return self.answer.headers["etag"].replace('"', '\\"')
            return self.places[name]
        return re.sub(r"\{([a-z]+)\}", place, text)

    def offer(self, document):
        self.plans += 1
        self.account.assign(self.seller.plan(
            "plan%d" % self.plans, document.pop("plan"), **document))

    def ask(self, who, rest):
        method, path, body = (rest.split(None, 2) + [""])[:3]
        path = self.filled(path)
        if not path.startswith("/"):
            path = "/accounts/%s/%s" % (
                self.places["child" if who == "child" else "account"], path)
        data = json.loads(self.filled(body)) if body else None
        self.answer = request(method, "/v2" + path, self.tokens[who], data=data,
                              headers=self.headers)
        self.headers = {}

    def expect(self, status, rest):
        if self.answer.status != status:
            raise AssertionError("%r, not %d" % (self.answer, status))
        if rest:
            hold(parsed(self.filled(rest)), parsed(self.answer.body)["data"])

    def step(self, word, rest):
        if word in ACTORS:
            self.ask(word, rest)
        elif word.isdigit():
            self.expect(int(word), rest)
        elif word in ("plan", "prices"):
            self.offer(json.loads(rest) if word == "plan" else
                       {"plan": json.loads(rest)})
        elif word == "with":
            self.headers = json.loads(self.filled(rest))
        elif word == "envelope":
            hold(parsed(self.filled(rest)), parsed(self.answer.body))
        elif word == "reevectl":
            reevectl(*self.filled(rest).split())
        else:
            raise AssertionError("what is " + word + "?")


def check_api(example):
    scene = Scene()
    for number, (word, rest) in enumerate(example.steps, 1):
        try:
            scene.step(word, rest)
        except AssertionError as wrong:
            raise AssertionError("step %d, %s %s: %s" % (
                number, word, rest[:60], wrong))


def check(example):
    if not any(word.isdigit() or word in ("lines", "invoices", "merged", "says",
                                          "refused") for word, _ in example.steps):
        raise AssertionError("it expects nothing")
    (check_api if example.asks_the_api() else check_price)(example)


def pages():
    """{name: text} of all chapters, without the index."""
    names = sorted(os.listdir(PAGES))
    found = {}
    for name in names:
        if name != "README":
            with open(os.path.join(PAGES, name), encoding="utf-8") as f:
                found[name] = f.read()
    return found


def spoiled(example):
    """The same example, expecting other numbers."""
    wrong = Example(example.title)
    wrong.steps = [
        (word, re.sub(r"-?\d+(\.\d+)?", lambda n: str(float(n.group()) + 7), rest)
         if word in ("lines", "invoices", "merged") else rest)
        for word, rest in example.steps]
    return wrong


class Rules(unittest.TestCase):
    def test_every_page_has_an_example(self):
        found = pages()
        self.assertGreater(len(found), 7)
        for name, text in found.items():
            with self.subTest(name):
                self.assertTrue(examples(text))

    def test_the_examples_hold(self):
        for name, text in pages().items():
            for example in examples(text):
                with self.subTest("%s: %s" % (name, example.title)):
                    check(example)

    def test_an_example_with_wrong_numbers_does_not_hold(self):
        tried = 0
        for name, text in pages().items():
            for example in examples(text):
                wrong = spoiled(example)
                if example.asks_the_api() or wrong.steps == example.steps:
                    continue
                tried += 1
                with self.subTest("%s: %s" % (name, example.title)):
                    self.assertRaises(AssertionError, check, wrong)
        self.assertGreater(tried, 10)

    def test_an_example_with_a_wrong_answer_does_not_hold(self):
        for wrong in ('200 {"reseller_id": "{account}"}', '201'):
            with self.subTest(wrong):
                example, = examples("Example: wrong.\n\n    account GET /accounts/"
                                    "{account}\n    %s\n" % wrong)
                self.assertRaises(AssertionError, check, example)


if __name__ == "__main__":
    unittest.main()
