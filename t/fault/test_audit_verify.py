# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl audit verify finds changes made directly in the database; reevectl
audit rebuild repairs days."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY, DAY_0, REEVE, REEVECTL, StackTest,  # noqa: E402
                         audit_document, ledger_document, lines, require,
                         yearly_document)

ENTRIES = 10


class Trail(StackTest):
    """Each test has its own account with ten entries, one a day."""

    def setUp(self):
        self.account = self.stack.create_account()
        self.documents = [
            audit_document(self.account, n, DAY_0 + (n - 1) * DAY, billable=n)
            for n in range(1, ENTRIES + 1)]
        self.stack.import_documents(self.documents)

    def id_of(self, number):
        return self.documents[number - 1]["_id"]

    def change(self, statement):
        """Runs a statement; {account}, {1}, {2}... are replaced by the ids of
        the account and its entries."""
        ids = [""] + [document["_id"] for document in self.documents]
        self.stack.sql(statement.format(*ids, account=self.account))

    def verify(self):
        done = self.stack.reevectl("audit", "verify", "--json", self.account,
                                   check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        verdict = json.loads(done.stdout)
        self.assertEqual(done.returncode == 0, verdict["ok"])
        return verdict

    def assert_broken_at(self, number, why=""):
        verdict = self.verify()
        self.assertFalse(verdict["ok"])
        self.assertEqual(self.id_of(number), verdict["broken_id"], verdict)
        self.assertIn(why, verdict["broken_why"])

    def assert_broken_at_the_end(self, why):
        verdict = self.verify()
        self.assertFalse(verdict["ok"])
        self.assertIn(why, verdict["broken_why"])

    def assert_days_wrong(self, count, first):
        verdict = self.verify()
        self.assertNotIn("broken_why", verdict)
        self.assertEqual(count, verdict["days_wrong"])
        self.assertIn(first, verdict["first_day"])


@require(REEVECTL)
class Entries(Trail):
    def test_an_untouched_trail_is_valid(self):
        verdict = self.verify()
        self.assertTrue(verdict["ok"])
        self.assertEqual(ENTRIES, verdict["entries"])

    def test_an_edited_document(self):
        self.change("UPDATE audit_entry SET document = REPLACE(document,"
                    " 'users', 'userz') WHERE id = '{4}'")
        self.assert_broken_at(4, "edited")

    def test_an_edited_time(self):
        for column in ("created", "recorded"):
            with self.subTest(column):
                self.setUp()
                self.change("UPDATE audit_entry SET %s = %s + 1"
                            " WHERE account_id = '{account}' AND id = '{5}'"
                            % (column, column))
                self.assert_broken_at(5, "edited")

    def test_an_edited_id(self):
        self.change("UPDATE audit_entry SET id = CONCAT(id, '0')"
                    " WHERE account_id = '{account}' AND id = '{5}'")
        verdict = self.verify()
        self.assertEqual(self.id_of(5) + "0", verdict["broken_id"])

    def test_an_edited_form(self):
        self.change("UPDATE audit_entry SET form = 'quantities'"
                    " WHERE account_id = '{account}' AND id = '{5}'")
        self.assert_broken_at(5)

    def test_an_edited_hash(self):
        self.change("UPDATE audit_entry SET hash = REPEAT('x', 32)"
                    " WHERE account_id = '{account}' AND id = '{5}'")
        self.assert_broken_at(5, "edited")

    def test_an_edited_last_entry_with_a_new_hash(self):
        self.change(
            "UPDATE audit_entry e JOIN audit_entry p ON p.account_id ="
            " e.account_id AND p.sequence = e.sequence - 1"
            " SET e.document = '{{}}', e.line_items = '[]',"
            " e.hash = UNHEX(SHA2(CONCAT(p.hash,"
            " CONCAT_WS(CHAR(10), e.sequence, e.account_id, e.id, e.form, e.created,"
            " e.recorded, '{{}}')), 256))"
            " WHERE e.account_id = '{account}' AND e.id = '{10}'")
        self.assert_broken_at(10)

    def remove(self, number):
        self.change("DELETE FROM audit_entry WHERE account_id = '{account}'"
                    " AND sequence = %d" % number)

    def test_the_first_removed(self):
        self.remove(1)
        self.assert_broken_at(2, "before it was removed")

    def test_one_in_the_middle_removed(self):
        self.remove(5)
        self.assert_broken_at(6, "before it was removed")

    def test_an_entry_removed_and_the_rest_renumbered(self):
        self.remove(5)
        self.change("UPDATE audit_entry SET sequence = sequence - 1 WHERE"
                    " account_id = '{account}' AND sequence > 5 ORDER BY sequence")
        self.assert_broken_at(6, "edited, inserted or moved")

    def test_the_last_removed(self):
        self.remove(10)
        self.assert_broken_at_the_end("newest entries were removed")

    def test_all_removed(self):
        for number in range(1, ENTRIES + 1):
            self.remove(number)
        self.assert_broken_at_the_end("newest entries were removed")

    def insert(self, sequence):
        """Copies the previous entry under another id."""
        self.change(
            "INSERT INTO audit_entry (account_id, sequence, id, form, created,"
            " recorded, document, line_items, hash)"
            " SELECT account_id, %d, 'inserted', form, created, recorded,"
            " document, line_items, hash FROM audit_entry"
            " WHERE account_id = '{account}' AND sequence = %d"
            % (sequence, sequence - 1))

    def test_one_inserted_in_the_middle(self):
        self.change("UPDATE audit_entry SET sequence = sequence + 1 WHERE"
                    " account_id = '{account}' AND sequence >= 5"
                    " ORDER BY sequence DESC")
        self.insert(5)
        self.assertEqual("inserted", self.verify()["broken_id"])

    def test_one_inserted_at_the_end(self):
        self.insert(11)
        self.assertEqual("inserted", self.verify()["broken_id"])

    def test_an_entry_inserted_at_the_end_with_a_valid_hash(self):
        self.insert(11)
        self.change(
            "UPDATE audit_entry e JOIN audit_head h USING (account_id)"
            " SET e.hash = UNHEX(SHA2(CONCAT(h.hash, CONCAT_WS(CHAR(10),"
            " e.sequence, e.account_id, e.id, e.form, e.created, e.recorded,"
            " e.document)),"
            " 256)) WHERE e.account_id = '{account}' AND e.sequence = 11")
        self.assert_broken_at_the_end("inserted after the newest")

    def test_two_swapped(self):
        for before, after in ((3, 0), (7, 3), (0, 7)):
            self.change("UPDATE audit_entry SET sequence = %d WHERE account_id"
                        " = '{account}' AND sequence = %d" % (after, before))
        self.assert_broken_at(7, "edited, inserted or moved")

    def test_the_outcome_may_change(self):
        self.change("UPDATE audit_entry SET status = 'failed', reason = 'x'"
                    " WHERE account_id = '{account}' AND id = '{5}'")
        self.assertTrue(self.verify()["ok"])

    def test_the_text_output_names_the_entry(self):
        self.change("UPDATE audit_entry SET document = '{{}}'"
                    " WHERE account_id = '{account}' AND id = '{4}'")
        done = self.stack.reevectl("audit", "verify", self.account, check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("BROKEN at " + self.id_of(4), done.stdout)

    def test_all_continues_with_other_accounts(self):
        self.change("UPDATE audit_entry SET document = '{{}}'"
                    " WHERE account_id = '{account}' AND id = '{4}'")
        done = self.stack.reevectl("audit", "verify", "--all", "--json",
                                   check=False)
        self.assertEqual(1, done.returncode)
        verdicts = {v["account_id"]: v["ok"]
                    for v in map(json.loads, done.stdout.splitlines())}
        self.assertEqual(self.stack.number("SELECT COUNT(*) FROM account"),
                         len(verdicts))
        self.assertFalse(verdicts[self.account])
        self.assertTrue(verdicts[self.stack.master])


@require(REEVECTL)
class Lines(Trail):
    """The lines of an entry match its document."""

    LINE = ["user", "users", 1, 5]

    def change_lines(self, lines_of_5):
        self.change("UPDATE audit_entry SET line_items = '%s'"
                    " WHERE account_id = '{account}' AND id = '{5}'"
                    % json.dumps(lines_of_5, separators=(",", ":")))

    def test_the_lines_the_import_wrote(self):
        self.change_lines([self.LINE])
        self.assertTrue(self.verify()["ok"])

    def test_every_part_is_compared(self):
        for part, value in ((0, "other"), (1, "other"), (2, 2), (3, 6)):
            with self.subTest(part=part):
                changed = list(self.LINE)
                changed[part] = value
                self.change_lines([changed])
                self.assert_broken_at(5, "lines")

    def test_a_line_removed(self):
        self.change_lines([])
        self.assert_broken_at(5, "lines")

    def test_a_line_added(self):
        self.change_lines([self.LINE, self.LINE])
        self.assert_broken_at(5, "lines")


@require(REEVECTL)
class Days(Trail):
    WHERE = " WHERE account_id = '{account}' AND day = '2019-04-07'"

    def setUp(self):
        super().setUp()
        self.stack.import_documents([
            ledger_document(self.account, 100, DAY_0 + 4 * DAY),
            yearly_document(self.account, 101, DAY_0 + 4 * DAY)])
        self.days = self.stack.days(self.account)

    def rebuild(self, *options):
        self.stack.reevectl("audit", "rebuild", self.account, *options)

    def assert_repaired(self):
        self.rebuild()
        self.assertTrue(self.verify()["ok"])
        self.assertEqual(self.days, self.stack.days(self.account))

    def test_a_day_has_its_first_and_last_second(self):
        """Entries of one line and of many lines, which are written in
        different ways."""
        for count in (1, 25):
            with self.subTest(count):
                account = self.stack.create_account()
                documents = [
                    audit_document(account, created, created, invoice={"items": [
                        {"category": "users", "item": "user%d" % n,
                         "billable": 1, "changes": {"difference": {
                             "billable": 1}}} for n in range(count)]})
                    for created in (DAY_0 + DAY, DAY_0 + 2 * DAY - 1)]
                self.stack.import_documents(documents)
                self.assertEqual({
                    ("billable", "2019-04-04", "user%d" % n): (2, 0, 1)
                    for n in range(count)}, self.stack.days(account))
                self.assert_verified(account)

    def test_every_column_is_compared(self):
        for column, value in (("addition", "9"), ("removal", "9"),
                              ("quantity", "9"), ("last_timestamp", "9"),
                              ("unit", "'sec'")):
            with self.subTest(column):
                self.change("UPDATE audit_day SET %s = %s" % (column, value) +
                            self.WHERE + " AND family = 'billable'")
                self.assert_days_wrong(2, "2019-04-07")
                self.assert_repaired()

    def test_a_missing_row(self):
        for family in ("billable", "usage", "quantity"):
            with self.subTest(family):
                self.change("DELETE FROM audit_day" + self.WHERE +
                            " AND family = '%s'" % family)
                self.assert_days_wrong(1, "the row is missing")
                self.assert_repaired()

    def test_an_extra_row(self):
        self.change("INSERT INTO audit_day VALUES ('{account}', 'billable',"
                    " '2018-01-01', 'ghost', 1, 0, 1, 1, NULL)")
        self.assert_days_wrong(1, "2018-01-01 ghost")
        self.assert_repaired()

    def test_the_verdict_names_the_command_for_repair(self):
        self.change("DELETE FROM audit_day" + self.WHERE)
        done = self.stack.reevectl("audit", "verify", self.account, check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("audit rebuild " + self.account, done.stdout)

    def test_rebuild_repairs_only_the_requested_days(self):
        self.change("UPDATE audit_day SET quantity = 99"
                    " WHERE account_id = '{account}'")
        self.rebuild("--from", "2019-04-05", "--to", "2019-04-07")
        for key, row in self.stack.days(self.account).items():
            rebuilt = "2019-04-05" <= key[1] <= "2019-04-07"
            self.assertEqual(self.days[key][2] if rebuilt else 99, row[2], key)
        self.rebuild("--to", "2019-04-04")
        self.rebuild("--from", "2019-04-08")
        self.assertTrue(self.verify()["ok"])

    def test_rebuild_of_all_accounts(self):
        self.change("UPDATE audit_day SET quantity = 99"
                    " WHERE account_id = '{account}'")
        self.stack.reevectl("audit", "rebuild", "--all")
        self.assertEqual(self.days, self.stack.days(self.account))

    def test_rebuild_does_not_touch_the_trail(self):
        before = self.stack.sql("SELECT sequence, HEX(hash) FROM audit_entry"
                                " WHERE account_id = '%s'" % self.account)
        self.rebuild()
        self.assertEqual(before, self.stack.sql(
            "SELECT sequence, HEX(hash) FROM audit_entry"
            " WHERE account_id = '%s'" % self.account))

    def test_rebuild_of_a_bad_day_is_refused(self):
        for day in ("2019-02-30", "yesterday", "2019-4-1", ""):
            done = self.stack.reevectl("audit", "rebuild", self.account,
                                       "--from", day, check=False)
            self.assertEqual(64, done.returncode, day)


@require(REEVECTL)
class WhileWriting(Trail):
    def test_verify_during_imports_never_cries_wolf(self):
        running = []
        for start in (1000, 5000):
            documents = [audit_document(self.account, start + n,
                                        DAY_0 + n % 40 * DAY + n)
                         for n in range(1500)]
            documents += [ledger_document(self.account, start + n,
                                          DAY_0 + n % 40 * DAY)
                          for n in range(2000, 2300)]
            running.append(self.stack.spawn_reevectl(
                "import", "--batch", "7", self.stack.file(lines(documents))))
        verdicts = 0
        while any(importing.poll() is None for importing in running):
            self.assert_verified(self.account)
            verdicts += 1
        for importing in running:
            _, errors = importing.communicate()
            self.assertEqual(0, importing.returncode, errors)
        self.assertGreater(verdicts, 3)
        self.assertEqual(ENTRIES + 3000, self.verify()["entries"])

    def test_rebuild_during_imports_loses_nothing(self):
        documents = [audit_document(self.account, 1000 + n,
                                    DAY_0 + n % 40 * DAY + n)
                     for n in range(800)]
        importing = self.stack.spawn_reevectl(
            "import", "--batch", "7", self.stack.file(lines(documents)))
        while importing.poll() is None:
            self.stack.reevectl("audit", "rebuild", self.account)
        _, errors = importing.communicate()
        self.assertEqual(0, importing.returncode, errors)
        self.assert_verified(self.account)


@require(REEVE)
@require(REEVECTL)
class Viewers(Trail):
    """The API verifies an account's chain, and proves single entries."""

    pool = True

    def setUp(self):
        super().setUp()
        self.token = self.stack.issue_token(self.account)

    def ask(self, what, token=None):
        return self.stack.request(
            "GET", "/v2/accounts/%s/services/audit/%s" % (self.account, what),
            token or self.token)

    def proof(self, number):
        return self.ask(self.id_of(number) + "?proof=true").data["proof"]

    def hash_of(self, number):
        return self.stack.sql(
            "SELECT LOWER(HEX(hash)) FROM audit_entry WHERE account_id = '%s'"
            " AND sequence = %d" % (self.account, number))[0][0]

    def test_an_untouched_chain_is_verified(self):
        answer = self.ask("verify")
        self.assertEqual({"entries": ENTRIES, "verified": True, "head": {
            "sequence": ENTRIES, "hash": self.hash_of(ENTRIES)}}, answer.data)
        self.assertNotIn("next_start_key", answer.envelope)

    def test_an_account_without_entries(self):
        self.account = self.stack.create_account()
        self.assertEqual({"entries": 0, "verified": True, "head": {
            "sequence": 0, "hash": "0" * 64}},
            self.ask("verify", self.stack.token).data)

    def test_it_goes_on_after_a_start_key(self):
        self.assertEqual(ENTRIES - 4, self.ask("verify?start_key=4").data[
            "entries"])
        for key in ("0", "11", "-1", "x", "1" * 19):
            with self.subTest(key):
                answer = self.ask("verify?start_key=" + key)
                self.assertEqual(400, answer.status)
                self.assertIn("start_key", answer.data)

    def write(self, id, document):
        self.stack.sql(
            "START TRANSACTION; CALL audit_entry_write('%s', '201905-%032x',"
            " 'quantities', %d, 1, NULL, NULL, NULL, NULL, %s, '[]'); COMMIT" %
            (self.account, id, DAY_0 + 30 * DAY, document))

    def test_many_bytes_are_verified_in_several_requests(self):
        for n in range(4):
            self.write(n, "CONCAT('{\"a\":\"', REPEAT('x', 9000000), '\"}')")
        # Ten small ones, and large ones until they exceed 32 MiB.
        all = self.ask("verify")
        self.write(4, "'{}'")
        some = self.ask("verify")
        for answer in (all, some):
            self.assertEqual((ENTRIES + 4, True), (
                answer.data["entries"], answer.data["verified"]))
        self.assertNotIn("next_start_key", all.envelope)
        rest = self.ask("verify?start_key=" + some.envelope["next_start_key"])
        self.assertEqual((1, True), (
            rest.data["entries"], rest.data["verified"]))
        self.assertNotIn("next_start_key", rest.envelope)

    def test_the_first_wrong_entry_is_named(self):
        for label, change, sequence, reason in (
                ("edited", "UPDATE audit_entry SET document = REPLACE(document,"
                 " 'users', 'userz') WHERE account_id = '{account}' AND"
                 " id = '{4}'", 4, "it was edited, inserted or moved"),
                ("removed", "DELETE FROM audit_entry WHERE account_id ="
                 " '{account}' AND sequence = 5", 6,
                 "the entry before it was removed"),
                ("lines", "UPDATE audit_entry SET line_items = '[]' WHERE"
                 " account_id = '{account}' AND id = '{7}'", 7,
                 "its lines were edited")):
            with self.subTest(label):
                self.setUp()
                self.change(change)
                wrong = self.ask("verify").data
                self.assertFalse(wrong["verified"])
                self.assertEqual({
                    "sequence": sequence, "id": self.id_of(sequence),
                    "reason": reason}, wrong["first_wrong"])
                self.assertEqual(reason, self.verify()["broken_why"])
                self.assertEqual((False, reason), (
                    self.proof(sequence)["verified"],
                    self.proof(sequence)["reason"]))
                self.assertTrue(self.proof(sequence - 2)["verified"])

    def test_removed_newest_entries(self):
        self.change("DELETE FROM audit_entry WHERE account_id = '{account}'"
                    " AND sequence > 8")
        self.assertEqual({"sequence": 9,
                          "reason": "the newest entries were removed"},
                         self.ask("verify").data["first_wrong"])
        self.assertEqual("the entry before it was removed", self.ask(
            "verify?start_key=9").data["first_wrong"]["reason"])

    def test_a_proof_has_the_hash_before(self):
        for number, previous in ((1, "0" * 64), (2, self.hash_of(1)),
                                 (ENTRIES, self.hash_of(ENTRIES - 1))):
            self.assertEqual({"sequence": number, "verified": True,
                              "hash": self.hash_of(number),
                              "previous": previous}, self.proof(number))
        self.assertNotIn("proof", self.ask(self.id_of(1)).data)


if __name__ == "__main__":
    unittest.main()
