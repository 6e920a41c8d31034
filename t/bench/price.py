# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl price compared with a bare parse and print of the same JSON."""

import json
import os
import statistics
import subprocess
import time

from lab import ROUNDS, figures, output, program, remark, say, sized
from plans import LINES, PLANS, check_invoice, quantities

PRICED = sized(3000, 20)  # lines in the file


class Price:
    """Prepares the files, and measures."""

    def __init__(self, stack):
        self.reevectl = os.path.join(
            os.path.dirname(stack.demo["REEVE_BIN"]), "reevectl")
        question = json.dumps({
            "plans": [{"id": plan, "vendor_id": "reseller", "doc": document}
                      for plan, document in PLANS.items()],
            "quantities": {"account": quantities(30),
                           "cascade": {"phone_numbers": {"did_us": 7}},
                           "manual": {"devices": {"fax": 4}}}})
        asked = stack.keep("price.jsonl", (question + "\n") * PRICED)
        # The same length and depth, but no plans.
        unpriced = stack.keep("unpriced.jsonl", (question.replace(
            '"plans"', '"plonk"', 1) + "\n") * PRICED)
        answer = stack.keep("price.answer", self.answer(question))
        self.commands = {
            "price": [self.reevectl, "price", asked],
            "no plans": [self.reevectl, "price", unpriced],
            "parse": [program("parse"), answer, asked]}

    def answer(self, question):
        answer = output([self.reevectl, "price"], input=question)
        check_invoice(json.loads(answer)["invoices"])
        return answer

    def measure(self, _):
        rates = {name: [] for name in self.commands}
        for _ in range(sized(ROUNDS * 2, 1)):
            for name, command in self.commands.items():
                rates[name].append(lines_a_second(command))
        say("reevectl price, an invoice of %d lines from 3 plans each:" % LINES)
        for name in rates:
            rate = statistics.median(rates[name])
            say("  %-14s %10.0f lines/s" % (name, rate))
            figures["price: " + name] = {"lines_s": rate}
        for limit in ("no plans", "parse"):
            remark("price / " + limit, statistics.median(
                ours / theirs for ours, theirs in
                zip(rates["price"], rates[limit])))


def lines_a_second(command):
    start = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True)
    took = time.monotonic() - start
    if done.returncode != 0:
        raise SystemExit("bench: %s: %s" % (" ".join(command), done.stderr))
    return PRICED / took
