# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl import --rehearse: each cause is named once, where it is, and nothing
is called the same that was not compared."""

import csv
import io
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.dumps import CREATED, INVOICED, MONTHS, Dump, an_id  # noqa: E402
from fault.stack import REEVECTL, Stack, account_document, require  # noqa: E402
from fault.test_rehearsal import Rehearsal, own  # noqa: E402


def without(documents, *kinds):
    return [d for d in documents if d["pvt_type"] not in kinds]


def told(differences):
    return [(d["of"], d["rule"]) for d in differences]


@require(REEVECTL)
class Verdict(Rehearsal):
    """A gap in the dump is a difference, or changes the verdict."""

    def test_each_missing_plan_is_a_difference(self):
        dump = Dump(20)
        path = self.documents(without(dump.documents(), "service_plan"))
        status, accounts, summary = self.results(path)
        self.assertEqual((1, "differs", 19), (
            status, summary["verdict"], summary["differences"]))
        result = accounts[dump.accounts[12].id]
        difference, = own(result)
        self.assertEqual(
            ("plan", "retail", dump.accounts[12].vendor.id,
             "doc/rules/merging 2"),
            tuple(difference[name] for name in ("of", "plan", "vendor",
                                                "rule")))
        # Its lines follow.
        self.assertEqual({"line"}, {d["of"] for d in result["differences"]
                                    if d["follows"]})
        self.assertIn({"difference": "plan wholesale", "accounts": 9,
                       "rule": "doc/rules/merging 2"}, summary["groups"])
        for form in ((), ("--csv",), ("--html",)):
            with self.subTest(form):
                done = self.rehearse(*form, path)
                self.assertEqual(1, done.returncode)
                self.assertIn("the plan is not in the dump", done.stdout)

    def test_without_plans_and_invoices(self):
        documents = without(Dump(20).documents(), "service_plan", "audit_log")
        status, _, summary = self.results(self.documents(documents))
        self.assertEqual((1, "differs", 19, 0), (
            status, summary["verdict"], summary["differences"],
            summary["invoices"]))

    def test_without_invoices_nothing_is_the_same(self):
        path = self.documents(without(Dump(20).documents(), "audit_log"))
        status, _, summary = self.results(path)
        self.assertEqual((65, "not comparable", 0), (
            status, summary["verdict"], summary["differences"]))
        self.assertIn("no invoice", summary["says"])
        for form in ("--csv", "--html"):
            with self.subTest(form):
                done = self.rehearse(form, path)
                self.assertEqual(65, done.returncode)
                self.assertIn("not comparable", done.stdout)

    def test_it_says_how_much_was_compared(self):
        dump = Dump(20)
        alone = dump.accounts[12].id
        documents = [d for d in dump.documents() if d["pvt_type"] !=
                     "audit_log" or d["pvt_account_id"] == alone]
        status, _, summary = self.results(self.documents(documents))
        self.assertEqual((0, "same", 1, 19), (
            status, summary["verdict"], summary["invoices"],
            summary["with_plans"]))
        self.assertIn("the quantities of 20 of 20 accounts, the invoices of 1 "
                      "of 19 with a plan, the ledgers of 20", summary["says"])

    def test_an_account_whose_parent_is_missing_is_left_out(self):
        """With what is below it, as import does."""
        dump = Dump(20)
        orphan, child, gone = an_id(1, 960), an_id(1, 961), an_id(1, 962)
        rates = {"plan": {"devices": {"sip_device": {"rate": 5}}}}
        stranger = dump.accounts[12].document
        documents = list(dump.documents()) + [
            account_document(orphan, [dump.accounts[0].id, gone],
                             realm="orphan.example.com"),
            account_document(child, [dump.accounts[0].id, gone, orphan],
                             realm="child.example.com"),
            stranger("service", orphan, pvt_account_id=orphan,
                     plans={"retail": {"vendor_id": dump.accounts[1].id,
                                       "overrides": rates}},
                     quantities={"account": {"devices": {"sip_device": 2}},
                                 "cascade": {}, "manual": {}})]
        documents[-1]["pvt_account_id"] = orphan
        _, _, before = self.results(self.documents(dump.documents()))
        path = self.documents(documents)
        status, accounts, summary = self.results(path)
        self.assertEqual((1, "left out", 20, 2, 0), (
            status, summary["verdict"], summary["accounts"],
            summary["accounts_left_out"], summary["differences"]))
        self.assertEqual(before["reeve"], summary["reeve"])
        self.assertFalse({orphan, child} & set(accounts))
        self.assertIn("an account whose parent is not in the dump (%s), with "
                      "its documents" % gone,
                      [r["reason"] for r in summary["reasons"]])
        for form in ((), ("--csv",), ("--html",)):
            with self.subTest(form):
                self.assertIn(gone, self.rehearse(*form, path).stdout)

    def test_a_dump_without_the_master_account_has_no_account(self):
        dump = Dump(20)
        documents = [d for d in dump.documents()
                     if d["_id"] != dump.accounts[0].id]
        status, accounts, summary = self.results(self.documents(documents))
        self.assertEqual((65, "not comparable", 19, {}), (
            status, summary["verdict"], summary["accounts_left_out"],
            accounts))
        self.assertIn("every account is left out", summary["says"])

    def test_an_account_without_services_is_the_cause(self):
        dump = Dump(20)
        account = dump.accounts[15]
        for above in (account.parent, dump.accounts[0]):
            for name, number in account.own.items():
                above.cascade[name] -= number
        documents = [d for d in dump.documents()
                     if d["_id"] != account.id or d["pvt_type"] != "service"]
        status, accounts, summary = self.results(self.documents(documents))
        self.assertEqual((1, 1), (status, summary["differences"]))
        self.assertEqual([("services", "doc/rules/counting 18")],
                         told(own(accounts[account.id])))
        self.assertEqual(0, accounts[account.id]["reeve"]["recurring"])
        self.assertTrue(accounts[account.parent.id]["differences"])
        self.assertIn("** services (doc/rules/counting 18: the dump has no "
                      "services document of it",
                      self.rehearse(self.documents(documents)).stdout)

    def test_accounts_that_the_old_system_does_not_count(self):
        """Their line is a difference of its own: nothing else tells it."""
        dump = Dump(20)
        documents = list(dump.documents())
        for document in documents:
            if document["pvt_type"] == "service":
                for table in document["quantities"].values():
                    table.pop("accounts", None)
            elif document["_id"] == "retail":
                document["plan"]["accounts"] = {"account": {"rate": 7}}
            elif document["pvt_type"] == "audit_log":
                document["invoice"]["items"].append({
                    "category": "accounts", "item": "account", "rate": 7,
                    "quantity": 0, "billable": 0, "total": 0})
        _, _, summary = self.results(self.documents(documents))
        self.assertEqual((10, 0), (summary["differences"],
                                   summary["following"]))

    def test_csv_has_all_that_the_others_have(self):
        dump = Dump(20)
        documents = [d for d in dump.documents() if
                     (d["_id"], d["pvt_type"]) != (dump.accounts[15].id,
                                                   "service")] + [
            {"_id": "x", "pvt_type": "media"}]
        done = self.rehearse("--csv", self.documents(documents))
        rows = list(csv.DictReader(io.StringIO(done.stdout)))
        cells = {(row["of"], row["account_id"], row["field"], row["old"],
                  row["reeve"]) for row in rows}
        for row in (("missing", dump.accounts[15].id, "services", "", ""),
                    ("logins", dump.accounts[15].id, "md5", "", "1"),
                    ("left out", "", "documents", "1", ""),
                    ("verdict", "", "differs", "", "")):
            with self.subTest(row[0]):
                self.assertIn(row, cells)


@require(REEVECTL)
class Causes(Rehearsal):
    def test_one_wrong_rollover_is_one_difference(self):
        """The month behind it is right, and is not told as wrong."""
        dump = Dump(20)
        account = dump.accounts[15]
        documents = list(dump.documents())
        rollover = next(d for d in documents
                        if d["_id"] == MONTHS[1] + "-ledgers_monthly_rollover"
                        and d["pvt_account_id"] == account.id)
        right = rollover["amount"]
        rollover["amount"] += 777
        status, accounts, _ = self.results(self.documents(documents))
        difference, = accounts[account.id]["differences"]
        sign = 1 if rollover["pvt_ledger_type"] == "credit" else -1
        self.assertEqual((1, MONTHS[1], "rollover", False), (
            status, difference["month"], difference["of"],
            difference["follows"]))
        self.assertEqual((sign * (right + 777) / 10000, sign * right / 10000),
                         (difference["old"], difference["reeve"]))

    def test_of_two_invoices_in_a_second_the_later_change_counts(self):
        dump = Dump(20)
        account = dump.accounts[12]
        documents = list(dump.documents())
        former = account.invoice_document()
        former["_id"] = "202610-" + "f" * 32
        former["pvt_modified"] = INVOICED + 1
        former["invoice"]["items"][0]["quantity"] += 1
        for document in documents:
            if document["_id"] == account.invoice_document()["_id"]:
                document["pvt_modified"] = INVOICED + 2
        for label, order in (("before", [former] + documents),
                             ("behind", documents + [former])):
            with self.subTest(label):
                self.assertEqual(0, self.results(self.documents(order))[0])


def mixed(flat, counted):
    """A dump in which some services documents are of before 4.3. counted: the
    cascades above include what these count."""
    dump = Dump(20)
    for account in dump.accounts:
        if account.number not in flat or counted:
            continue
        above = account.parent
        while above is not None:
            for name, number in account.own.items():
                above.cascade[name] -= number
            above.cascade = {name: number for name, number in
                             above.cascade.items() if number}
            above = above.parent
    documents = list(dump.documents())
    for document in documents:
        if document["pvt_type"] == "service" and \
                document["_id"] in {an_id(1, n) for n in flat}:
            document["quantities"] = document["quantities"]["account"]
    return dump, documents


@require(REEVECTL)
class Imported(Rehearsal):
    """Import makes what its rehearsal said."""

    def stored(self, path):
        """The services that an import makes, and the ids of what it leaves
        out."""
        stack = Stack()
        try:
            stack.reevectl("import", path)
            tables = {}
            for row in stack.sql(
                    "SELECT account_id, scope, category, item, quantity FROM "
                    "service_quantity WHERE quantity <> 0"):
                account, scope, category, item, number = row
                tables.setdefault(account, {}).setdefault(
                    scope, {}).setdefault(category, {})[item] = int(number)
            return tables
        finally:
            stack.close()

    def assert_rehearsed(self, documents):
        path = self.documents(documents)
        _, accounts, _ = self.results(path)
        stored = self.stored(path)
        self.assertEqual(set(stored), set(accounts))
        for id_, result in accounts.items():
            said = {scope: table for scope, table in
                    result["reeve"]["quantities"].items() if table}
            self.assertEqual(stored[id_], said, id_)
        return accounts

    def test_services_documents_of_two_ages(self):
        """A cascade that a document states stays; others are the sum below. No
        figure is told in two ways."""
        for label, flat, counted in (
                ("below, counted above", (12, 13), True),
                ("below, not counted above", (12, 13), False),
                ("the master account, and a reseller", (0, 3), True)):
            with self.subTest(label):
                dump, documents = mixed(flat, counted)
                accounts = self.assert_rehearsed(documents)
                master = accounts[dump.accounts[0].id]
                self.assertEqual(counted, not own(master))
                for difference in own(master):
                    table = master["reeve"]["quantities"]["cascade"]
                    self.assertEqual(
                        table.get(difference["category"], {}).get(
                            difference["item"], 0), difference["reeve"])
                    self.assertEqual(
                        dump.accounts[0].cascade["%s/%s" % (
                            difference["category"], difference["item"])],
                        difference["old"])
                    if difference["category"] != "accounts":
                        self.assertGreater(difference["counted"],
                                           difference["reeve"])

    def test_an_export_after_changes_differs_in_nothing(self):
        """Several in a second, and one that no invoice shows."""
        dump = Dump(20)
        account, stack = dump.accounts[12], Stack()
        try:
            stack.reevectl("import", self.dump(dump))
            stack.start_pool()
            token = stack.issue_token(account.vendor.id)
            changes = [("devices", {"name": "D%d" % n,
                                    "device_type": "sip_device"})
                       for n in range(6)] + [("conferences", {"name": "C"})]
            for kind, document in changes:
                answer = stack.insist(
                    "PUT", "/v2/accounts/%s/%s?accept_charges=true" % (
                        account.id, kind), token, document)
                self.assertEqual(201, answer.status)
            export = self.file(stack.reevectl("export").stdout)
        finally:
            stack.close()
        status, accounts, _ = self.results(export)
        self.assertEqual((0, []), (status, [
            d for result in accounts.values() for d in result["differences"]]))

    def test_which_of_two_has_the_number(self):
        """The older one, in a batch of the import."""
        dump = Dump(20)
        younger, older = dump.accounts[12], dump.accounts[13]
        number = {"pvt_type": "number", "_id": "+14155550100",
                  "pvt_module_name": "knm_local", "pvt_state": "in_service",
                  "pvt_features": {"local": {}}}
        accounts = self.assert_rehearsed(
            [dict(number, pvt_assigned_to=younger.id, pvt_created=CREATED + 9),
             dict(number, pvt_assigned_to=older.id, pvt_created=CREATED)] +
            list(dump.documents()))
        for account, has in ((younger, False), (older, True)):
            self.assertEqual(has, "number_carriers" in accounts[account.id][
                "reeve"]["quantities"]["account"])

    def test_an_account_that_is_left_out_claims_no_number(self):
        """Neither one whose realm another one has, nor its descendants."""
        dump = Dump(20)
        number = {"pvt_type": "number", "pvt_module_name": "knm_local",
                  "pvt_state": "in_service", "pvt_features": {"local": {}}}
        twin, child = an_id(1, 970), an_id(1, 971)
        documents = [account_document(twin, [dump.accounts[0].id],
                                      realm="a3.example.com"),
                     account_document(child, [dump.accounts[0].id, twin],
                                      realm="child.example.com")]
        for n, loser in enumerate((twin, child)):
            documents += [
                dict(number, _id="+1415555010%d" % n, pvt_created=CREATED,
                     pvt_assigned_to=loser),
                dict(number, _id="+1415555010%d" % n, pvt_created=CREATED + 9,
                     pvt_assigned_to=dump.accounts[13].id)]
        accounts = self.assert_rehearsed(documents + list(dump.documents()))
        self.assertEqual(2, accounts[dump.accounts[13].id]["reeve"][
            "quantities"]["account"]["number_carriers"]["knm_local"])


if __name__ == "__main__":
    unittest.main()
