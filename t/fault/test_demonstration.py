# SPDX-License-Identifier: GPL-3.0-or-later
"""The documents of the demonstration's year (t/stack/demo-year): the same whenever
they are made, and consistent with each other when they are imported."""

import json
import os
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (CLIENT, REEVE, REEVECTL, TOP, StackTest,  # noqa: E402
                         require)
from reeve import new_id  # noqa: E402

YEAR = os.path.join(TOP, "t", "stack", "demo-year")
TODAY = 20790 # 2026-12-03
BAY, ACME = "3f6b0a94c7d8415e92b1d05ce87a6f21", "b04c93e15fa24d7a8de1607b42c95f38"


def generate(master, customers=os.path.join(YEAR, "customers"), today=TODAY):
    """The documents, one a line."""
    return subprocess.run(
        ["awk", "-v", "today=%d" % today, "-v", "master=" + master,
         "-v", "bay=" + BAY, "-v", "acme=" + ACME,
         "-f", os.path.join(YEAR, "documents.awk"),
         "-f", os.path.join(YEAR, "story.awk"), customers],
        env=dict(os.environ, LC_ALL="C"), check=True, capture_output=True,
        text=True, encoding="utf-8").stdout


class Documents(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.text = generate("0" * 32)
        cls.documents = [json.loads(line) for line in cls.text.splitlines()]

    def of_type(self, name):
        return [d for d in self.documents if d.get("pvt_type") == name]

    def test_they_are_the_same_whenever_they_are_made(self):
        self.assertEqual(self.text, generate("0" * 32))

    def test_ids_of_objects_do_not_depend_on_the_day(self):
        later = [json.loads(line) for line in
                 generate("0" * 32, today=TODAY + 40).splitlines()]
        for name in ("account", "user", "bookkeeper"):
            with self.subTest(name):
                ids = {d["_id"] for d in self.of_type(name)}
                others = {d["_id"] for d in later
                          if d.get("pvt_type") == name}
                self.assertLess(len(ids ^ others), 40)

    def test_there_are_forty_customers_of_three_sellers(self):
        accounts = self.of_type("account")
        self.assertEqual(3, sum("pvt_reseller" in d for d in accounts))
        self.assertEqual(40, sum("pvt_reseller" not in d for d in accounts))

    def test_no_document_is_there_twice(self):
        keys = [(d.get("pvt_account_id"), d.get("pvt_type"), d["_id"],
                 d.get("pvt_plan_version")) for d in self.documents]
        self.assertEqual(len(keys), len(set(keys)))

    def test_a_branch_of_acme_adds_18_phones_in_an_hour(self):
        times = [d["pvt_created"] for d in self.of_type("audit_log")
                 if d["audit"].get("change_reason") == "new branch"]
        self.assertEqual(18, len(times))
        self.assertLess(max(times) - min(times), 3600)


@require(REEVE, REEVECTL, CLIENT, shutil.which("awk"))
class Imported(StackTest):
    """The sellers, and four of the customers."""

    NAMES = ("Hill Motors", "Old Bakery", "Mission Bikes", "Fahrrad Jessen")
    bare = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = cls.stack
        cls.ids = [new_id(), new_id()]
        for id_, name in zip(cls.ids, ("Reseller", "Documented")):
            stack.reevectl("account", "create", name, "--id", id_, "--parent",
                           cls.ids[0] if name == "Documented" else stack.master,
                           *(["--reseller"] if name == "Reseller" else []))
        stack.reevectl("import", "--account", cls.ids[1],
                       os.path.join(TOP, "t", "stack", "demo.jsonl"))
        stack.start_pool()
        cls.before = cls.documented()
        with open(os.path.join(YEAR, "customers")) as f:
            rows = [row for row in f if row.split("|")[1:2] and
                    row.split("|")[1] in cls.NAMES]
        cls.text = generate(stack.master, stack.file("".join(rows)))
        cls.report = stack.reevectl("import", stack.file(cls.text)).stdout
        cls.documents = [json.loads(line) for line in cls.text.splitlines()]

    @classmethod
    def documented(cls):
        answer = cls.stack.get(
            "/v2/accounts/%s/services/audit_summary?created_from=63721540230"
            "&created_to=63722160516" % cls.ids[1], cls.stack.token)
        return answer.status, answer.data

    def test_all_are_imported_without_a_word(self):
        self.assertEqual("%d imported, 0 here already, 0 skipped\n" %
                         len(self.documents), self.report)

    def test_the_documented_answer_stays_the_same(self):
        self.assertEqual(200, self.before[0])
        self.assertEqual(json.dumps(self.before), json.dumps(self.documented()))

    def test_chains_days_and_sums_are_verified(self):
        self.stack.reevectl("audit", "verify", "--all")

    def test_a_recount_finds_nothing(self):
        self.stack.reevectl("recount", "--all", "--dry-run")

    def test_the_last_entry_of_an_account_is_its_invoice_of_today(self):
        last = {d["pvt_account_id"]: d["invoice"] for d in self.documents
                if d.get("pvt_type") == "audit_log"}
        self.assertEqual(len(self.NAMES) + 3, len(last))
        for account, invoice in last.items():
            with self.subTest(account):
                now = self.stack.get("/v2/accounts/%s/services/summary" % account,
                                     self.stack.token).data["invoices"][0]
                self.assertEqual(invoice["summary"]["recurring"],
                                 now["summary"]["recurring"])
                for line in zip(invoice["items"], now["items"]):
                    self.assertEqual(*([x[k] for k in ("item", "billable",
                                                       "rate", "total")]
                                       for x in line))

    def test_priced_as_of_a_past_month_the_change_is_known(self):
        self.stack.reevectl("run-due", "--only", "pricing", "--at", "2020-01-31")
        answer = self.stack.get("/v2/accounts/%s/customers" % BAY,
                                self.stack.token)
        self.assertEqual({0}, {row["change"] for row in answer.data})


if __name__ == "__main__":
    unittest.main()
