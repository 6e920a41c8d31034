# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports that are interrupted, repeated, or run in parallel with others."""

import json
import os
import signal
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY, DAY_0, REEVE, REEVECTL, StackTest,  # noqa: E402
                         account_document, audit_document, ledger_document,
                         lines, require, wait_until)
from fault.test_promises import (Proxy, cut_after, cut_before,  # noqa: E402
                                 pass_on)
from reeve import md5, new_id  # noqa: E402


@require(REEVECTL)
class Interrupted(StackTest):
    """kill -9 in the middle of a large import; then the same file again."""

    ENTRIES = 6000

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.stack.create_account()
        documents = []
        for n in range(cls.ENTRIES):
            documents.append(audit_document(
                cls.account, n, DAY_0 + n % 40 * DAY + n, "item_%d" % (n % 7),
                difference=n % 3 - 1 or 2, billable=n))
        for n in range(cls.ENTRIES, cls.ENTRIES + 500):
            documents.append(ledger_document(
                cls.account, n, DAY_0 + n % 40 * DAY, quantity=n))
        cls.documents = documents
        path = cls.stack.file(lines(documents))
        importing = cls.stack.spawn_reevectl("import", "--batch", "50", path)
        wait_until(lambda: cls.entries() > 500, pause=0)
        importing.send_signal(signal.SIGKILL)
        importing.communicate()
        cls.killed = importing.returncode
        cls.entries_then = cls.entries()
        cls.verified_then = cls.stack.reevectl(
            "audit", "verify", cls.account, check=False)
        cls.again = cls.stack.reevectl("import", path)

    @classmethod
    def entries(cls):
        return cls.stack.number("SELECT COUNT(*) FROM audit_entry")

    def test_it_was_killed_half_way(self):
        self.assertEqual(-signal.SIGKILL, self.killed)
        self.assertLess(self.entries_then, self.ENTRIES)

    def test_a_killed_import_leaves_whole_batches(self):
        self.assertEqual(0, self.entries_then % 50)
        self.assertEqual(0, self.verified_then.returncode,
                         self.verified_then.stdout)

    def test_the_second_run_adds_only_the_rest(self):
        self.assertEqual("%d imported, %d here already, 0 skipped\n" % (
            len(self.documents) - self.entries_then, self.entries_then),
            self.again.stdout)

    def test_every_document_is_there_exactly_once(self):
        for table, prefix in (("audit_entry", 0), ("ledger", self.ENTRIES)):
            self.assertEqual([["%d" % (self.ENTRIES if prefix == 0 else 500)] * 2],
                             self.stack.sql("SELECT COUNT(*), COUNT(DISTINCT id)"
                                            " FROM " + table))

    def test_chain_lines_and_days_are_verified(self):
        self.assert_verified(self.account)

    def test_the_days_equal_the_sums_of_the_documents(self):
        expected = {}
        for document in self.documents:
            day = document["pvt_created"] // DAY
            if document["pvt_type"] == "ledger":
                key = (day, "per-minute-voip")
                total = expected.get(key, (0, 0, 0))[2]
                expected[key] = (0, 0, total + document["usage"]["quantity"])
                continue
            item = document["invoice"]["items"][0]
            change = item["changes"]["difference"]["billable"]
            rise, fall, _ = expected.get((day, item["item"]), (0, 0, 0))
            expected[(day, item["item"])] = (
                rise + max(change, 0), fall + max(-change, 0), item["billable"])
        found = {(int(day), service): (int(rise), int(fall), int(quantity))
                 for day, service, rise, fall, quantity in self.stack.sql(
                     "SELECT TO_DAYS(day), service, addition, removal, quantity"
                     " FROM audit_day")}
        self.assertEqual(expected, found)


def at_commit(number, fault):
    """The fault, at this COMMIT of a connection. The first one notes in the
    database that the program runs."""
    def count(link, commit):
        nonlocal number
        number -= 1
        if number == 0:
            return fault(link, commit)
        link.proxy.fault = count
        return pass_on(link, commit)
    return count


@require(REEVECTL)
class Uncertain(StackTest):
    """The connection is lost while a transaction of an import is committed."""

    def run_import(self, fault, *options, number=2):
        """Of one batch, a document that is written with a note, one that is
        skipped, one that is known, and one that is written."""
        stack = self.stack
        self.account = stack.create_account()
        first, known, last = (audit_document(self.account, n)
                              for n in (1, 3, 4))
        first["invoice"]["items"][0]["billable"] = 1.5
        stack.import_documents([known])
        self.path = stack.file(lines([
            first, audit_document(new_id(), 2), known, last]))
        place = stack.dir + "/%s.sock" % new_id()
        proxy = Proxy(place, stack.db_socket, notes=True)
        self.addCleanup(proxy.close)
        proxy.fault = at_commit(number, fault)
        stack.configure(db_socket=place)
        try:
            return stack.reevectl("import", *options, self.path, check=False)
        finally:
            stack.configure(db_socket=stack.db_socket)

    def test_it_says_what_is_uncertain(self):
        done = self.run_import(cut_after)
        self.assertEqual(69, done.returncode)
        self.assertEqual("0 imported, 1 here already, 1 skipped, "
                         "2 uncertain\n", done.stdout)
        for text in (":1: uncertain 201904-", "if it is: not counted",
                     ":2: skipped 201904-", "no such account",
                     ":4: uncertain 201904-",
                     "2 documents may or may not be imported",
                     "Running it again is safe"):
            self.assertIn(text, done.stderr)

    def test_a_cut_before_the_first_batch_is_mended(self):
        """It is the note that the program runs, which is made again."""
        done = self.run_import(cut_after, number=1)
        self.assertEqual((0, "2 imported, 1 here already, 1 skipped\n"),
                         (done.returncode, done.stdout))

    def test_it_says_so_as_json(self):
        report = json.loads(self.run_import(cut_after, "--json").stdout)
        self.assertEqual((0, 1, 1, 2), tuple(report[name] for name in (
            "imported", "known", "skipped", "uncertain")))
        self.assertEqual({1: True, 2: None, 4: True}, {
            row["line"]: row.get("uncertain") for row in report["reports"]})

    def test_again_it_imports_what_is_missing(self):
        for fault, missing in ((cut_before, 2), (cut_after, 0)):
            with self.subTest(fault.__name__):
                self.assertEqual(69, self.run_import(fault).returncode)
                again = self.stack.reevectl("import", self.path)
                self.assertEqual("%d imported, %d here already, 1 skipped\n" % (
                    missing, 3 - missing), again.stdout)
                self.assert_verified(self.account)


@require(REEVECTL)
class SideBySide(StackTest):
    """Two imports of one file at once, of documents of every kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parent, cls.child = new_id(), new_id()
        master = cls.stack.master
        documents = [
            account_document(cls.parent, [master], realm="p.example"),
            account_document(cls.child, [master, cls.parent]),
            {"_id": new_id(), "pvt_type": "user", "username": "ann",
             "pvt_account_id": cls.child, "pvt_md5_auth": md5("ann", "x")},
            {"_id": "gold", "pvt_type": "service_plan", "name": "Gold",
             "pvt_account_id": cls.parent, "plan": {}},
            {"_id": cls.child, "pvt_type": "service",
             "pvt_account_id": cls.child,
             "plans": {"gold": {"vendor_id": cls.parent}},
             "quantities": {"account": {"users": {"user": 3}}}}]
        for n in range(400):
            documents.append(audit_document(
                cls.child if n % 2 else cls.parent, n, DAY_0 + n % 30 * DAY + n))
        for n in range(400, 600):
            documents.append(ledger_document(cls.child, n, DAY_0 + n))
        cls.documents = documents
        path = cls.stack.file(lines(documents))
        running = [cls.stack.spawn_reevectl("import", "--batch", "40", path)
                   for _ in range(2)]
        cls.done = [(p.communicate(), p.returncode) for p in running]

    def test_both_succeed(self):
        for (_, errors), status in self.done:
            self.assertEqual(0, status, errors)

    def test_each_document_is_imported_by_one_and_found_by_the_other(self):
        imported = [int(output.split()[0]) for (output, _), _ in self.done]
        self.assertEqual(len(self.documents), sum(imported), self.done)

    def test_each_document_is_there_once(self):
        for table, count in (("account", 3), ("account_user", 1),
                             ("service_plan", 1), ("service WHERE version > 1", 1),
                             # The existence of accounts; and the users.
                             ("service_source", 5),
                             ("service_assignment", 1),
                             # Those, and the cascades of each ancestor, which
                             # no document states.
                             ("service_quantity", 8),
                             ("audit_entry", 400), ("ledger", 200)):
            with self.subTest(table):
                self.assertEqual(count, self.stack.number(
                    "SELECT COUNT(*) FROM " + table))

    def test_chains_and_days_are_verified(self):
        self.assert_verified(self.parent)
        self.assert_verified(self.child)


@require(REEVE, REEVECTL)
class AccountsInParts(StackTest):
    """An import of many accounts waits for a lock, after its first commit; then
    it loses the database, and runs again. Accounts are before their parents in
    the file."""

    pool = True
    bare = False
    PART, REST = 1000, 30

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = cls.stack
        cls.other = stack.create_account("Other")
        locked = stack.create_account("Locked")
        parents = [new_id() for _ in range(cls.PART)]
        # By its id the first to be written after the commit: it waits and
        # holds nothing that others wait for.
        documents = [account_document("0" * 32, [stack.master, locked])]
        documents += [account_document(new_id(), [stack.master, parent])
                      for parent in parents[:cls.REST]]
        documents += [account_document(parent, [stack.master])
                      for parent in parents]
        cls.total = len(documents)
        cls.before = cls.accounts()
        path = stack.file(lines(documents))
        session = stack.session()
        cls.addClassCleanup(session.close)
        session.run("SET SESSION TRANSACTION ISOLATION LEVEL"
                    " READ COMMITTED; BEGIN;"
                    " SELECT id FROM account WHERE id = '%s' FOR UPDATE"
                    % locked)
        importing = stack.spawn_reevectl("import", "--batch", "100000", path)

        def is_over():
            return importing.poll() is not None

        # MySQL cannot show the statements of transactions that write keys.
        wait_until(lambda: is_over() or cls.accounts() > cls.before)
        stack.wait_for_lock_wait(unless=is_over)
        cls.committed = cls.accounts() - cls.before
        cls.answer = stack.request(
            "PUT", "/v2/accounts/" + cls.other, stack.token, {"name": "Child"})
        cls.went_on = importing.poll()
        stack.kill_database()
        cls.output, cls.errors = importing.communicate()
        cls.status = importing.returncode
        stack.start_database()
        cls.again = stack.reevectl("import", path)

    @classmethod
    def accounts(cls):
        return cls.stack.number("SELECT COUNT(*) FROM account")

    def test_a_commit_has_at_most_1000_accounts(self):
        self.assertEqual(self.PART, self.committed)

    def test_a_change_of_another_account_is_answered_meanwhile(self):
        self.assertEqual(201, self.answer.status, self.answer)
        self.assertIsNone(self.went_on, "the import was over")

    def test_a_lost_database_ends_it_and_it_says_what_is_there(self):
        self.assertEqual(69, self.status, self.errors)
        self.assertIn("%d documents are imported; run it again to go on"
                      % self.PART, self.errors)
        self.assertEqual("%d imported, 0 here already, 0 skipped\n" % self.PART,
                         self.output)

    def test_the_same_import_again_adds_the_rest(self):
        self.assertEqual("%d imported, %d here already, 0 skipped\n" % (
            self.total - self.PART, self.PART), self.again.stdout)
        self.assertEqual(self.before + 1 + self.total, self.accounts())

    def test_every_account_is_whole(self):
        for what, query in (
                ("descendants", "SELECT COUNT(*) FROM account AS a WHERE"
                 " a.descendants <> (SELECT COUNT(*) FROM account_closure AS c"
                 " WHERE c.ancestor_id = a.id AND c.depth > 0)"),
                ("services", "SELECT COUNT(*) FROM account AS a LEFT JOIN"
                 " service AS s ON s.account_id = a.id"
                 " WHERE s.account_id IS NULL"),
                ("keys", "SELECT COUNT(*) FROM account AS a LEFT JOIN api_key"
                 " AS k ON k.account_id = a.id WHERE k.account_id IS NULL")):
            with self.subTest(what):
                self.assertEqual(0, self.stack.number(query))


if __name__ == "__main__":
    unittest.main()
