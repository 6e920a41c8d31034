# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl import --rehearse: the old system's bills beside Reeve's, from a dump
alone."""

import csv
import html.parser
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.dumps import CREATED, Dump, an_id  # noqa: E402
from fault.stack import (REEVECTL, SECRET, TOP, Stack,  # noqa: E402
                         account_document, is_release_build, require)
from fault.test_counting import ROWS, Scene  # noqa: E402
from reeve import md5, new_id  # noqa: E402

HOSTILE = "=cmd()<script>alert(1)</script>\"'&\x1b[2J\u202e,\nforged"


# Prints the exit status of a command, and its peak of memory in KiB.
MEASURE = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


class Rehearsal(unittest.TestCase):
    """A folder with a configuration and dumps; there is no database."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.temporary = os.path.join(cls.folder.name, "tmp")
        os.mkdir(cls.temporary)
        cls.configuration = cls.file("secret = %s\n" % SECRET)
        os.chmod(cls.configuration, 0o600)

    @classmethod
    def file(cls, text):
        handle, path = tempfile.mkstemp(dir=cls.folder.name)
        with os.fdopen(handle, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return path

    @classmethod
    def dump(cls, dump):
        return dump.write(cls.file(""))

    @classmethod
    def documents(cls, documents):
        return cls.file("".join(json.dumps(d) + "\n" for d in documents))

    @classmethod
    def rehearse(cls, *arguments, **more):
        return subprocess.run(
            [REEVECTL, "-c", cls.configuration, "import", "--rehearse",
             *arguments], capture_output=True, text=True, timeout=300,
            env=dict(os.environ, TMPDIR=cls.temporary), **more)

    @classmethod
    def results(cls, *arguments, **more):
        """The exit status, the accounts by id, and the summary."""
        done = cls.rehearse("--json", *arguments, **more)
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        return (done.returncode, {row["account"]["id"]: row for row in rows[:-1]},
                rows[-1]["summary"])

    def tearDown(self):
        self.assertEqual([], os.listdir(self.temporary))


def own(result):
    """The differences of an account that do not follow from others."""
    return [d for d in result["differences"] if not d["follows"]]


@require(REEVECTL)
class Planted(Rehearsal):
    """A thousand accounts, and three errors."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.made = dump = Dump(1000)
        cls.many, cls.dear, cls.rich = (dump.accounts[n] for n in (58, 68, 77))
        cls.many.misstate("devices/sip_device", -1)
        cls.dear.rate_error["users/user"] = 5
        cls.rich.balance_error = 12345
        cls.path = cls.dump(dump)
        cls.status, cls.accounts, cls.summary = cls.results(cls.path)

    def test_the_three_are_found_and_no_other(self):
        found = {id_: [(d["of"], d.get("item"), d["rule"]) for d in own(account)]
                 for id_, account in self.accounts.items() if own(account)}
        self.assertEqual({
            self.many.id: [("quantity", "sip_device", "doc/rules/counting 3")],
            self.dear.id: [("line", "user", "doc/rules/pricing 4")],
            self.rich.id: [("balance", None, "doc/rules/ledgers 13")],
        }, found)
        self.assertEqual((1, "differs", 3), (
            self.status, self.summary["verdict"], self.summary["differences"]))

    def test_their_figures(self):
        quantity, = own(self.accounts[self.many.id])
        self.assertEqual((2, 3), (quantity["old"], quantity["reeve"]))
        line, = own(self.accounts[self.dear.id])
        self.assertEqual({"rate": {"old": 5, "reeve": 4.5},
                          "total": {"old": 10, "reeve": 9}}, line["fields"])
        balance, = own(self.accounts[self.rich.id])
        self.assertEqual(1.2345, round(balance["old"] - balance["reeve"], 4))

    def test_the_invoices(self):
        account = self.accounts[self.dear.id]
        for side, rate in (("old", 5), ("reeve", 4.5)):
            line, = [line for line in account[side]["invoice"]
                     if line["item"] == "user"]
            self.assertEqual((2, 2, rate, 2 * rate), (
                line["quantity"], line["billable"], line["rate"],
                line["total"]))

    def test_what_follows_is_told_apart(self):
        """The invoice of the account, and cascades and invoices above it."""
        following = {id_: sorted(d["of"] for d in account["differences"]
                                 if d["follows"])
                     for id_, account in self.accounts.items()}
        following = {id_: what for id_, what in following.items() if what}
        self.assertEqual({
            self.many.id: ["line"], self.many.parent.id: ["line", "quantity"],
            self.made.accounts[0].id: ["quantity"], self.rich.id: ["rollover"],
        }, following)
        self.assertEqual(5, self.summary["following"])

    def test_sums(self):
        old, reeve = self.summary["old"], self.summary["reeve"]
        # One device more, for the customer and for the reseller; a cheaper line.
        self.assertAlmostEqual(1.25 + 0.5 - 1,
                               reeve["recurring"] - old["recurring"])
        self.assertAlmostEqual(-1.2345, reeve["balance"] - old["balance"])
        self.assertEqual((1000, 1000, 999), (
            self.summary["accounts"], self.summary["compared"],
            self.summary["invoices"]))

    def test_the_worst_comes_first(self):
        self.assertEqual([self.many.id, self.rich.id, self.dear.id],
                         [id_ for id_ in self.accounts
                          if own(self.accounts[id_])])

    def test_logins(self):
        logins = self.summary["logins"]
        users = sum(1 + n % 3 for n in range(1000))
        self.assertEqual((1000, 666, 333, 1000), (
            logins["md5"], logins["sha1"], logins["none"], logins["api_keys"]))
        self.assertEqual(users, 1000 + 666 + 333)

    def test_text(self):
        done = self.rehearse(self.path)
        self.assertEqual((1, ""), (done.returncode, done.stderr))
        for text in (
                "** quantity account devices/sip_device: old 2, Reeve 3 "
                "(doc/rules/counting 3",
                "** line users/user: old rate 5, Reeve 4.5; total 10, Reeve 9 "
                "(doc/rules/pricing 4",
                " - line devices/sip_device: old billable 2, Reeve 3; quantity",
                "differences: 3, and 5 that follow from others\n",
                "\nsomething differs (compared: the quantities of 1000 of 1000 "):
            self.assertTrue(text in done.stdout, text)

    def test_a_pipe_will_do(self):
        with open(self.path, encoding="utf-8") as file:
            status, _, summary = self.results("-", input=file.read())
        self.assertEqual((1, 3), (status, summary["differences"]))


@require(REEVECTL)
class Same(Rehearsal):
    def test_nothing_differs(self):
        status, accounts, summary = self.results(self.dump(Dump(100)))
        self.assertEqual((0, "same", 0, 0), (
            status, summary["verdict"], summary["differing"],
            summary["skipped"]))
        self.assertEqual({"devices": {"sip_device": 4, "softphone": 1},
                          "accounts": {"account": 1}, "users": {"admin": 1},
                          "voicemails": {"mailbox": 1}},
                         accounts[an_id(1, 99)]["reeve"]["quantities"]["account"])

    def test_versions_that_do_not_count_accounts(self):
        """That is told, and is a difference only where a plan prices them."""
        dump = Dump(20)
        documents = list(dump.documents())
        for document in documents:
            if document["pvt_type"] == "service":
                for table in document["quantities"].values():
                    table.pop("accounts", None)
        status, _, summary = self.results(self.documents(documents))
        self.assertEqual((0, 0, 20), (status, summary["differing"],
                                      summary["without_accounts"]))
        plan = next(d for d in documents if d["_id"] == "retail")
        plan["plan"]["accounts"] = {"account": {"rate": 7}}
        status, _, summary = self.results(self.documents(documents))
        self.assertEqual((1, [["line accounts/account", 1]]), (status, [
            [g["difference"], g["accounts"]] for g in summary["groups"]]))

    def test_the_old_figure_is_kept_where_objects_are_missing(self):
        """It is a difference, which costs nothing."""
        dump = Dump(20)
        account = dump.accounts[12]
        account.objects = [d for d in account.objects
                           if d["pvt_type"] != "device"]
        status, accounts, summary = self.results(self.dump(dump))
        self.assertEqual((1, 1, 0), (status, summary["differences"],
                                     summary["following"]))
        difference, = accounts[account.id]["differences"]
        self.assertEqual((2, 2, 0, "doc/rules/counting 18"), tuple(
            difference[name] for name in ("old", "reeve", "counted", "rule")))
        self.assertEqual(accounts[account.id]["old"]["recurring"],
                         accounts[account.id]["reeve"]["recurring"])

    def test_the_invoice_of_a_former_bookkeeper_is_past(self):
        """Of a bookkeeper that no plan names any longer, if there is a newer
        one; an old invoice alone counts."""
        dump = Dump(20)
        account = dump.accounts[12]
        past = account.invoice_document()
        past["_id"], past["pvt_created"] = "202609-" + an_id(3, 999), CREATED
        past["invoice"]["bookkeeper"]["id"] = "former"
        documents = list(dump.documents())
        self.assertEqual(0, self.results(self.documents(
            documents + [past]))[0])
        past["invoice"]["items"][0]["rate"] = 99
        alone = [d for d in documents if d["_id"] !=
                 account.invoice_document()["_id"]] + [past]
        self.assertEqual(1, self.results(self.documents(alone))[0])

    def test_a_document_that_stands_twice_counts_once(self):
        path = self.dump(Dump(20))
        self.assertEqual(0, self.results(path, path)[0])

    def test_forms_of_a_dump(self):
        documents = list(Dump(20).documents())
        for label, text in (
                ("docs", json.dumps({"docs": documents})),
                ("rows", json.dumps({"rows": [{"doc": d} for d in documents]},
                                    indent=1)),
                ("files behind each other", "".join(
                    json.dumps({"rows": [{"doc": d} for d in part]}, indent=1)
                    + "\n" for part in (documents[:30], documents[30:60]))
                 + "".join(json.dumps(d) + "\n" for d in documents[60:]))):
            with self.subTest(label):
                status, _, summary = self.results(self.file(text))
                self.assertEqual((0, 20), (status, summary["accounts"]))


@require(REEVECTL)
class WrongInput(Rehearsal):
    def test_dumps_that_cannot_be_used(self):
        documents = list(Dump(20).documents())
        text = "".join(json.dumps(d) + "\n" for d in documents)
        for label, content, verdict in (
                ("truncated", text[:-100], "unreadable"),
                ("no JSON", "these are\nno documents\n", "unreadable"),
                ("a truncated list", json.dumps({"docs": documents})[:-3],
                 "unreadable"),
                ("bytes", b"\xff\xfe\x00{}\n", "unreadable"),
                ("empty", "", "not comparable"),
                ("no services", "".join(
                    json.dumps(d) + "\n" for d in documents
                    if d["pvt_type"] != "service"), "not comparable")):
            with self.subTest(label):
                status, _, summary = self.results(self.file(content))
                self.assertEqual((65, verdict), (status, summary["verdict"]))

    def test_a_file_that_is_not_there(self):
        done = self.rehearse(os.path.join(self.folder.name, "none"))
        self.assertEqual((66, ""), (done.returncode, done.stdout))

    def test_options(self):
        path = self.file("")
        self.assertEqual(64, self.rehearse("--csv", "--html", path).returncode)
        self.assertEqual(64, subprocess.run(
            [REEVECTL, "-c", self.configuration, "import", "--csv", path],
            capture_output=True).returncode)

    def test_no_room_for_temporary_files(self):
        self.temporary, folder = os.path.join(self.folder.name, "gone"), self.temporary
        try:
            done = subprocess.run(
                [REEVECTL, "-c", self.configuration, "import", "--rehearse",
                 self.file("")], capture_output=True, text=True,
                env=dict(os.environ, TMPDIR=self.temporary))
        finally:
            self.temporary = folder
        self.assertEqual((66, ""), (done.returncode, done.stdout))
        self.assertIn("TMPDIR", done.stderr)

    def test_what_is_left_out_and_why(self):
        dump = Dump(20)
        stranger = an_id(9, 9)
        documents = list(dump.documents()) + [
            {"_id": "_design/x"}, {"_id": "x", "pvt_type": "media"},
            {"_id": an_id(2, 999), "pvt_type": "device", "name": "Phone",
             "pvt_account_id": stranger, "pvt_created": CREATED},
            {"_id": an_id(2, 998), "pvt_type": "user", "username": "x" * 300,
             "pvt_account_id": dump.accounts[3].id, "pvt_created": CREATED},
            {"_id": an_id(1, 997), "pvt_type": "account", "name": "Second",
             "pvt_created": CREATED},
        ]
        status, _, summary = self.results(self.documents(documents))
        reasons = {r["reason"].split(":")[0]: r["documents"]
                   for r in summary["reasons"]}
        self.assertEqual({
            "a design document": 1, "documents of type media are not imported": 1,
            "its account is not in the dump, or left out": 1, "username": 1,
            "a second account without parents, with its documents": 1,
        }, reasons)
        self.assertEqual((1, "left out", 5), (
            status, summary["verdict"], summary["skipped"]))

    def test_of_two_with_the_same_name_the_first_counts(self):
        dump = Dump(20)
        account, other = dump.accounts[12], dump.accounts[13]
        number = {"pvt_type": "number", "pvt_created": CREATED,
                  "_id": "+14155550100", "pvt_module_name": "knm_local",
                  "pvt_features": {"local": {}}, "pvt_state": "in_service"}
        again = dict(account.objects[0], _id=an_id(2, 950))
        documents = list(dump.documents()) + [
            again, dict(number, pvt_assigned_to=account.id),
            dict(number, pvt_assigned_to=other.id),
            account_document(an_id(1, 950), [dump.accounts[0].id],
                             realm="A3.example.com"),
            account_document(an_id(1, 951), [an_id(1, 950)])]
        _, accounts, summary = self.results(self.documents(documents))
        self.assertEqual({
            "another one of its users has its name, or id": 1,
            "another one of its phone_numbers has its name, or id": 1,
            "an account whose realm another one has, with its documents": 1,
            "an account whose parent is left out, with its documents": 1,
        }, {r["reason"]: r["documents"] for r in summary["reasons"]})
        counted = accounts[account.id]["reeve"]["quantities"]["account"]
        self.assertEqual({"admin": 1}, counted["users"])
        self.assertIn("number_carriers", counted)
        self.assertNotIn("number_carriers", accounts[other.id]["reeve"][
            "quantities"]["account"])

    def test_notes_of_what_is_imported_in_part(self):
        dump = Dump(20)
        documents = list(dump.documents())
        service = next(d for d in documents if d["pvt_type"] == "service")
        service["transactions"] = [{"amount": 1}]
        plan = next(d for d in documents if d["pvt_type"] == "service_plan")
        plan["plan"]["odd"] = {"item": {"rate": "much"}}
        status, _, summary = self.results(self.documents(documents))
        self.assertEqual((0, 0), (status, summary["skipped"]))
        self.assertEqual(2, sum(
            r["documents"] for r in summary["reasons"]
            if r["reason"].startswith("imported, but not ")))

    def test_an_old_sum_without_services(self):
        dump = Dump(20)
        account = dump.accounts[15]
        documents = [d for d in dump.documents() if d["pvt_type"] != "service"
                     or d["_id"] != account.id]
        _, accounts, summary = self.results(self.documents(documents))
        self.assertEqual(19, summary["compared"])
        self.assertEqual(["services"], accounts[account.id]["missing"])
        self.assertIn("recurring", accounts[account.id]["old"])

    def test_an_application_that_is_nested_deeply(self):
        dump = Dump(20)
        deep = json.loads("[" * 97 + "]" * 97)
        documents = list(dump.documents()) + [
            {"_id": "apps_store", "pvt_type": "apps_store", "apps": {"x": {
                "name": "x", "allowed_users": "all", "more": deep}},
             "pvt_account_id": dump.accounts[12].id, "pvt_created": CREATED}]
        status, _, summary = self.results(self.documents(documents))
        self.assertEqual((1, 2), (status, summary["differences"]))

    def test_accounts_in_a_circle(self):
        a, b = an_id(1, 901), an_id(1, 902)
        documents = list(Dump(20).documents()) + [
            {"_id": x, "pvt_type": "account", "name": x, "pvt_tree": [y],
             "pvt_created": CREATED} for x, y in ((a, b), (b, a))]
        status, accounts, summary = self.results(self.documents(documents))
        self.assertEqual((1, 20, 2), (status, len(accounts),
                                      summary["skipped"]))

    def test_what_the_dump_does_not_have(self):
        dump = Dump(20)
        account = dump.accounts[15]
        documents = [d for d in dump.documents()
                     if d.get("pvt_account_id") != account.id or
                     d["pvt_type"] not in ("audit_log", "ledger")]
        status, accounts, _ = self.results(self.documents(documents))
        self.assertEqual(0, status)
        self.assertEqual(["invoice", "ledgers"], accounts[account.id]["missing"])
        self.assertNotIn("recurring", accounts[account.id]["old"])
        self.assertIn("recurring", accounts[account.id]["reeve"])


@require(REEVECTL)
class Vectors(Rehearsal):
    """Invoices that the reference's code made: each is that of an account, whose
    services document has the plans and quantities that it was made from."""

    @classmethod
    def vectors(cls):
        with open(os.path.join(TOP, "t", "vectors", "pricing.jsonl"),
                  encoding="utf-8") as file:
            for vector in map(json.loads, file):
                asked, answer = vector["input"], vector["output"]
                if "invoices" in answer and not asked.get("deleted"):
                    yield asked, answer

    def documents_of(self, account, asked, answer):
        vendors = {plan["vendor_id"]: md5(plan["vendor_id"], "")
                   for plan in asked.get("plans", [])}
        plans = {}
        for plan in asked.get("plans", []):
            id_ = "%s-%s" % (plan["id"], account.id)
            vendor = vendors[plan["vendor_id"]]
            plans[id_] = {"vendor_id": vendor,
                          "overrides": plan.get("overrides", {})}
            yield dict(plan["doc"], _id=id_, pvt_type="service_plan",
                       pvt_account_id=vendor, pvt_created=CREATED)
        yield account_document(account.id, account.tree)
        yield account.document(
            "service", account.id, plans=plans,
            overrides=asked.get("overrides", {}),
            bookkeeper=asked.get("bookkeeper", {}),
            quantities=asked.get("quantities", {}))
        for n, invoice in enumerate(answer["invoices"]):
            yield account.document("audit_log", "202611-" + an_id(6, n),
                                   invoice=invoice)

    def test_no_line_differs(self):
        master = Dump(1, resellers=0).accounts[0]
        documents, priced = list(master.documents()), 0
        for asked, answer in self.vectors():
            account = master.dump.new_account(master)
            priced += bool(answer["invoices"])
            documents += self.documents_of(account, asked, answer)
        _, accounts, summary = self.results(self.documents(documents))
        self.assertGreater(priced, 60)
        self.assertEqual(priced, summary["invoices"])
        self.assertEqual([], [d for account in accounts.values()
                              for d in account["differences"]
                              if d["of"] == "line"])


@require(REEVECTL)
class Oracle(Rehearsal):
    """Documents are counted as t/oracle/counting.json says, in front of their
    services document, behind it, and without one."""

    def test_counts(self):
        master = Dump(1, resellers=0).accounts[0]
        for label in ("behind", "in front", "without"):
            scenes = [Scene(row, new_id(), [master.id]) for row in ROWS]
            parts = [[s.account_document() for s in scenes],
                     [s.services() for s in scenes],
                     [d for s in scenes for d in s.documents()]]
            if label == "in front":
                parts.reverse()
            elif label == "without":
                del parts[1]
            _, accounts, _ = self.results(self.documents(
                list(master.documents()) + sum(parts, [])))
            for scene in scenes:
                with self.subTest(label + ": " + scene.row["label"]):
                    self.assertEqual(scene.counts(), accounts[scene.account][
                        "reeve"]["quantities"]["account"])


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data):
        self.text += data


@require(REEVECTL)
class Hostile(Rehearsal):
    """Names that would be markup, formulas or lines of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dump = Dump(20)
        account = dump.accounts[14]
        documents = list(dump.documents())
        for document in documents:
            if document["_id"] == account.id:
                if document["pvt_type"] == "account":
                    document["name"] = HOSTILE
                else:
                    document["quantities"]["account"][HOSTILE[:60]] = {
                        HOSTILE: 3}
        documents.append({"_id": HOSTILE, "pvt_type": HOSTILE})
        cls.path = cls.documents(documents)

    def assert_no_control(self, text):
        self.assertIsNone(re.search(
            "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e]", text))

    def test_html(self):
        done = self.rehearse("--html", self.path)
        self.assertEqual((1, ""), (done.returncode, done.stderr))
        page = Page()
        page.feed(done.stdout)
        self.assert_no_control(done.stdout)
        self.assertNotIn("script", page.tags)
        self.assertEqual(set(), page.attributes & {"onload", "href", "src"})
        self.assertIn("<script>alert(1)</script>", page.text)
        self.assertIn("something differs", page.text)
        self.assertNotIn("http://", done.stdout)

    def test_csv(self):
        done = self.rehearse("--csv", self.path)
        self.assertEqual(1, done.returncode)
        self.assert_no_control(done.stdout)
        rows = list(csv.reader(io.StringIO(done.stdout)))
        self.assertEqual({len(rows[0])}, {len(row) for row in rows})
        cells = {cell for row in rows for cell in row}
        self.assertIn("3", cells)
        self.assertFalse([cell for cell in cells if re.match("[=+@]", cell)])

    def test_text(self):
        done = self.rehearse(self.path)
        self.assert_no_control(done.stdout)
        self.assertNotIn("\nforged", done.stdout)

    def test_json(self):
        _, accounts, _ = self.results(self.path)
        self.assertEqual(HOSTILE, accounts[an_id(1, 14)]["account"]["name"])


@require(REEVECTL)
class Imported(Rehearsal):
    """The import stores what its rehearsal said, and
    an export of Reeve differs from nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = Stack()
        cls.addClassCleanup(stack.close)
        dump = Dump(40)
        dump.accounts[22].misstate("devices/sip_device", -1)
        dump.accounts[33].misstate("devices/softphone", 2)
        cls.path = cls.dump(dump)
        cls.status, cls.rehearsed, _ = cls.results(cls.path)
        stack.reevectl("import", cls.path)
        cls.export = cls.file(stack.reevectl("export").stdout)
        cls.stored = {}
        with open(cls.export, encoding="utf-8") as file:
            for document in map(json.loads, file):
                if document.get("pvt_type") == "service":
                    cls.stored[document["_id"]] = document["quantities"]
        cls.balances = dict(stack.sql(
            "SELECT account_id, amount FROM ledger_balance"))

    def test_quantities(self):
        self.assertEqual(1, self.status)
        self.assertEqual(40, len(self.stored))
        for id_, account in self.rehearsed.items():
            self.assertEqual(self.stored[id_], account["reeve"]["quantities"])

    def test_balances(self):
        for id_, account in self.rehearsed.items():
            self.assertAlmostEqual(float(self.balances[id_]),
                                   account["reeve"]["balance"])

    def test_the_export_differs_only_in_old_invoices(self):
        """Its quantities and balances are Reeve's; the last invoice is still
        that of the old system."""
        _, accounts, summary = self.results(self.export)
        self.assertEqual(40, summary["compared"])
        for account in accounts.values():
            self.assertEqual(set(), {d["of"] for d in account["differences"]} -
                             {"line"})

    def test_an_export_of_what_agreed_differs_in_nothing(self):
        stack = Stack()
        try:
            stack.reevectl("import", self.dump(Dump(40)))
            export = self.file(stack.reevectl("export").stdout)
        finally:
            stack.close()
        status, _, summary = self.results(export)
        self.assertEqual((0, 40, 0), (
            status, summary["compared"], summary["differences"]))


@require(REEVECTL)
class Memory(Rehearsal):
    def peak_kib(self, accounts, ledgers):
        """The peak of the program with this many accounts, and many documents
        of each."""
        dump = Dump(accounts)
        path = self.file("")
        with open(path, "w", encoding="utf-8") as file:
            for document in dump.documents():
                file.write(json.dumps(document) + "\n")
            for account in dump.accounts:
                for n in range(ledgers):
                    file.write(json.dumps(account.document(
                        "ledger", "202610-" + an_id(5, n), amount=0,
                        source={"service": "calls", "id": str(n)})) + "\n")
        # Between a small program: the peak of a child includes its parent's.
        done = subprocess.run(
            [sys.executable, "-SEc", MEASURE, REEVECTL, "-c",
             self.configuration, "import", "--rehearse", path],
            capture_output=True, text=True, check=True,
            env=dict(os.environ, TMPDIR=self.temporary))
        status, peak = map(int, done.stdout.split())
        self.assertEqual(0, status)
        return peak

    def test_it_grows_with_accounts_and_not_with_documents(self):
        if not is_release_build():
            self.skipTest("this build needs memory of its own")
        few, many = self.peak_kib(1000, 5), self.peak_kib(4000, 5)
        self.assertLess((many - few) * 1024, 3000 * 2048)
        self.assertLess(self.peak_kib(1000, 60) - few, 1024)


if __name__ == "__main__":
    unittest.main()
