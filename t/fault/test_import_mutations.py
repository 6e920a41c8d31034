# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents that were damaged on their way: an import of them ends, tells the
outcome of each, and stores what it says or nothing. The second import, which
compares, finds all that the first one took.

REEVE_MUTATIONS: how many (300); REEVE_SEED: of the dice (1).
"""

import copy
import json
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY_0, REEVECTL, StackTest,  # noqa: E402
                         account_document, audit_document, ledger_document,
                         require, yearly_document)
from reeve import new_id  # noqa: E402

MUTATIONS = int(os.environ.get("REEVE_MUTATIONS", "300"))
SEED = int(os.environ.get("REEVE_SEED", "1"))

VALUES = (None, True, False, 0, 1, -1, 2 ** 63 - 1, 2 ** 63, -2 ** 63, 0.5,
          1e300, "", "x", "0", "-1", "1e9", "a" * 300, "a" * 70000, "\x00",
          "\ud7ff", "\ufffd", "\x1b[2J", [], {}, [1], {"a": 1}, DAY_0,
          1700000000)
TOKENS = (b'"', b",", b"{", b"}", b"[", b"]", b":", b"\\", b"\xff", b"\xc3",
          b"\xef\xbb\xbf", b"null", b"1e400", b"-", b"\\ud800", b"\\u0000",
          b"'", b" ", b"\t", b"0")


def places(value):
    """Every container of a tree, with each of its keys."""
    if isinstance(value, (dict, list)):
        for key in (list(value) if isinstance(value, dict)
                    else range(len(value))):
            yield value, key
            yield from places(value[key])


def mutate_tree(dice, document):
    container, key = dice.choice(list(places(document)))
    roll = dice.randrange(5)
    if roll == 0:
        del container[key]
    elif roll == 1 and isinstance(container, dict):
        container[dice.choice(("", "x", "_x", "pvt_x", "a.b", "K" * 200,
                               key.upper()))] = container.pop(key)
    elif roll == 2:
        container[key] = {"in": container[key]}
    else:
        container[key] = dice.choice(VALUES)


def mutate_bytes(dice, line):
    at = dice.randrange(len(line) + 1)
    roll = dice.randrange(4)
    if roll == 0:
        return line[:at]
    if roll == 1:
        return line[:at] + line[at + dice.randrange(32):]
    if roll == 2:
        return line[:at] + line[dice.randrange(len(line)):][:40] + line[at:]
    return line[:at] + dice.choice(TOKENS) + line[at:]


@require(REEVECTL)
class Mutations(StackTest):
    def documents(self, number):
        own = dict(pvt_account_id=self.account, pvt_created=DAY_0 + number)
        entry = 1000 + number * 4
        return (
            account_document(new_id(), [self.stack.master]),
            dict(own, _id=new_id(), pvt_type="user", first_name="A",
                 last_name="B", username="u%d" % number),
            dict(own, _id=new_id(), pvt_type="device", name="D",
                 device_type="fax", enabled=True),
            dict(own, _id="+1%010d" % number, pvt_type="number",
                 pvt_state="in_service", pvt_features={"cnam": {}}),
            dict(own, _id="p%d" % number, pvt_type="service_plan", name="P",
                 plan={"c": {"i": {"rate": 1.5, "rates": {"5": 1}}}}),
            dict(own, _id=self.account, pvt_type="service", plans={
                "p": {"vendor_id": self.stack.master, "overrides": {}}},
                quantities={"manual": {"a": {"b": 1}}}),
            audit_document(self.account, entry, DAY_0 + number),
            yearly_document(self.account, entry + 1, DAY_0 + number),
            ledger_document(self.account, entry + 2, DAY_0 + number,
                            amount=50000, description="d"))

    def lines(self):
        dice = random.Random(SEED)
        for number in range(MUTATIONS):
            document = copy.deepcopy(dice.choice(self.documents(number)))
            for _ in range(dice.randrange(3)):
                if document:
                    mutate_tree(dice, document)
            line = json.dumps(document).encode()
            if dice.randrange(3) == 0:
                line = mutate_bytes(dice, line)
            yield line.replace(b"\n", b" ")

    def run_import(self, path):
        done = self.stack.reevectl("import", "--json", path, check=False)
        self.assertIn(done.returncode, (0, 65), done.stderr)
        return json.loads(done.stdout)

    def test_all_are_told_and_what_is_in_is_what_was_said(self):
        self.account = self.stack.create_account()
        lines = list(self.lines())
        path = os.path.join(self.stack.dir, "mutated.json")
        with open(path, "wb") as f:
            f.write(b"\n".join(lines))
        first = self.run_import(path)
        said = sum(first.get(name, 0) for name in
                   ("imported", "known", "conflict", "skipped"))
        self.assertEqual(sum(1 for line in lines if line.strip(b" \t\r")), said)
        self.assertGreater(first["imported"], 0)
        self.assertGreater(first["skipped"], 0)
        again = self.run_import(path)
        self.assertEqual(
            (0, first["imported"] + first["known"], first.get("conflict", 0),
             first["skipped"]),
            (again["imported"], again["known"], again.get("conflict", 0),
             again["skipped"]), again["reports"])
        self.stack.reevectl("audit", "verify", "--all")


if __name__ == "__main__":
    unittest.main()
