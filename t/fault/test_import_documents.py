# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents that import reads, their layouts, and the report of skipped
documents."""

import json
import os
import sys
import unittest
from itertools import permutations

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY, DAY_0, REEVE, REEVECTL, StackTest,  # noqa: E402
                         account_document, audit_document, ledger_document,
                         lines, require, yearly_document)
from reeve import md5, new_id, sha1  # noqa: E402


class ImportTest(StackTest):
    def setUp(self):
        self.account = self.stack.create_account()

    def run_import(self, text, *options):
        """Imports a file with this text: (report, exit status)."""
        done = self.stack.reevectl("import", "--json", *options,
                                   self.stack.file(text), check=False)
        self.assertTrue(done.stdout, done.stderr)
        return json.loads(done.stdout), done.returncode

    def count(self, table="audit_entry"):
        return self.stack.number(
            "SELECT COUNT(*) FROM %s WHERE account_id = '%s'" % (
                table, self.account))

    def assert_skipped(self, document, reason):
        """The document is skipped for this reason, which is not an error."""
        report, status = self.run_import(lines([document]))
        self.assertEqual((0, 0, 1), (status, report["imported"],
                                     report["skipped"]), report)
        self.assertIn(reason, report["reports"][0]["reason"])

    def assert_imported_with_note(self, document, note):
        report, status = self.run_import(lines([document]))
        self.assertEqual((0, 1, 0), (status, report["imported"],
                                     report["skipped"]), report)
        self.assertIn(note, report["reports"][0]["reason"])
        self.assertFalse(report["reports"][0]["skipped"])


@require(REEVECTL)
class Domains(ImportTest):
    options = {"ui_url": "https://portal.example.com:8443/ui/"}

    def whitelabel(self, domain):
        """Imports a whitelabel; returns its claim, None if it has none."""
        self.account = self.stack.create_account()
        report, status = self.run_import(lines([{
            "_id": "whitelabel", "pvt_type": "whitelabel", "domain": domain,
            "pvt_account_id": self.account}]))
        self.assertEqual((0, 1), (status, report["imported"]), report)
        (claim, stored), = self.stack.sql(
            "SELECT IFNULL(claim, ''), JSON_UNQUOTE(JSON_EXTRACT(document,"
            " '$.domain')) FROM object WHERE kind = 'whitelabel'"
            " AND account_id = '%s'" % self.account)
        self.assertEqual(domain, stored)
        return claim or None

    def test_one_that_no_request_could_have_is_not_claimed(self):
        for domain, claim in (
                ("White.Example.", "whitelabel/white.example"),
                ("localhost", None), ("127.0.0.1", None),
                ("https://x.example/", None), ("portal.example.com", None),
                ("Portal.example.com.", None)):
            with self.subTest(domain):
                self.assertEqual(claim, self.whitelabel(domain))


@require(REEVECTL)
class Layouts(ImportTest):
    def documents(self, count=3):
        return [audit_document(self.account, n) for n in range(count)]

    def assert_all_in(self, text, *options):
        report, status = self.run_import(text, *options)
        self.assertEqual((0, 3, 0), (status, report["imported"],
                                     report["skipped"]), report)
        self.assertEqual(3, self.count())

    def test_a_document_a_line(self):
        self.assert_all_in(lines(self.documents()))

    def test_blank_lines_and_no_newline_at_the_end(self):
        self.assert_all_in("\n" + lines(self.documents())
                           .replace("\n", "\r\n\n").rstrip())

    def test_byte_order_marks_of_files_and_lines(self):
        self.assert_all_in("\ufeff" + "\ufeff".join(
            lines([d]) for d in self.documents()) + "\ufeff\n")

    def test_a_byte_order_mark_of_a_dump(self):
        for number, indent in enumerate((None, 1)):
            report, status = self.run_import("\ufeff" + json.dumps(
                {"docs": self.documents(number + 1)}, indent=indent))
            self.assertEqual((0, 1), (status, report["imported"]), report)

    def test_docs_in_one_line(self):
        self.assert_all_in(json.dumps({"docs": self.documents()}))

    def test_docs_over_many_lines(self):
        self.assert_all_in(json.dumps({"docs": self.documents()}, indent=2))

    def rows(self):
        return {"total_rows": 3, "offset": 0, "rows": [
            {"id": d["_id"], "key": d["_id"], "value": {"rev": "1-a"}, "doc": d}
            for d in self.documents()]}

    def test_rows_in_one_line(self):
        self.assert_all_in(json.dumps(self.rows()) + "\n")

    def test_rows_in_couchdb_s_layout(self):
        rows = self.rows()["rows"]
        self.assert_all_in('{"total_rows":3,"offset":0,"rows":[\n%s\n]}\n' %
                           ",\n".join(json.dumps(row) for row in rows))

    def test_docs_among_other_members(self):
        self.assert_all_in(json.dumps({
            "a": 'docs":[', "rows": None, "b": [1, {"docs": [{}]}], "c": {},
            "docs": self.documents(), "d": "]", "e": [[]], "f": -1.5}))

    def test_docs_and_lines_behind_them(self):
        first, *others = self.documents()
        self.assert_all_in(json.dumps({"docs": [first]}, indent=1) + "\n" +
                           lines(others))

    def test_strings_with_brackets_and_quotes(self):
        self.assert_all_in(json.dumps({"docs": [
            dict(d, note=r'\\" ]}{[ \\') for d in self.documents()]}, indent=2))

    def test_no_docs(self):
        report, status = self.run_import('{"docs":[]}\n')
        self.assertEqual((0, 0), (status, report["skipped"]))

    def test_one_document_over_many_lines(self):
        report, _ = self.run_import(json.dumps(self.documents(1)[0], indent=1))
        self.assertEqual(1, report["imported"])

    def test_standard_input(self):
        self.assertEqual(3, self.stack.import_documents(
            self.documents())["imported"])

    def test_many_files(self):
        files = [self.stack.file(lines([d])) for d in self.documents()]
        self.assertIn("3 imported", self.stack.reevectl(
            "import", *files).stdout)

    def test_an_empty_file(self):
        report, status = self.run_import("")
        self.assertEqual((0, 0), (status, report["imported"]))

    def test_a_missing_file_exits_66(self):
        self.assertEqual(66, self.stack.reevectl(
            "import", "/nowhere.json", check=False).returncode)

    def test_rows_exported_without_documents_are_reported(self):
        report, status = self.run_import('{"rows":[{"id":"x"}]}')
        self.assertEqual(65, status)
        self.assertIn("include_docs", report["reports"][0]["reason"])


@require(REEVECTL)
class BrokenLines(ImportTest):
    def good(self, number):
        return lines([audit_document(self.account, number)])

    def assert_told(self, text, line):
        """The broken line is named, and the two good ones are imported."""
        report, status = self.run_import(text)
        self.assertEqual(65, status)
        self.assertEqual([line], [r["line"] for r in report["reports"]])
        self.assertEqual(2, report["imported"], report)
        self.assertEqual(2, self.count())

    def test_a_broken_line_in_the_middle(self):
        self.assert_told(self.good(1) + '{"_id": \n' + self.good(2), 2)

    def test_a_broken_last_line_of_a_truncated_export(self):
        self.assert_told(self.good(1) + self.good(2) + self.good(3)[:40], 3)

    def test_a_broken_first_line(self):
        self.assert_told('{"_id": oops}\n' + self.good(1) + self.good(2), 1)

    def test_a_line_that_is_not_an_object(self):
        self.assert_told(self.good(1) + "[1,2]\n" + self.good(2), 2)

    def dump(self, *texts, end="]}"):
        return '{"docs":[' + ",\n".join(texts) + end

    def test_a_broken_document_of_a_dump(self):
        good = self.good(1), self.good(2)
        for broken in "oops", '{"_id": oops}', "[1}", "", '"a"', "null":
            with self.subTest(broken):
                report, status = self.run_import(
                    self.dump(good[0], broken, good[1]))
                self.assertEqual(65, status)
                self.assertEqual([2], [r["line"] for r in report["reports"]])
                self.assertEqual(2, report["imported"] + report["known"])

    def test_a_truncated_dump(self):
        self.assert_told(self.dump(self.good(1), self.good(2), end=""), 3)

    def test_a_dump_truncated_within_a_document(self):
        report, status = self.run_import(self.dump(
            self.good(1), self.good(2), self.good(3)[:40], end=""))
        self.assertEqual((65, 2), (status, report["imported"]))
        self.assertEqual(3, report["reports"][0]["line"])

    def test_a_line_with_a_nul(self):
        self.assert_told(self.good(1) + '{"_id":"a\\u0000b"}\n' +
                         self.good(2), 2)

    def test_the_text_output_names_file_and_line(self):
        path = self.stack.file(self.good(1) + "broken\n")
        done = self.stack.reevectl("import", path, check=False)
        self.assertEqual(65, done.returncode)
        self.assertIn(path + ":2: skipped", done.stderr)


@require(REEVECTL)
class Skipped(ImportTest):
    """Documents that are not imported, each with its reason."""

    def test_deleted(self):
        self.assert_skipped(audit_document(self.account, 1, pvt_deleted=True),
                            "deleted")
        self.assert_skipped({"_id": "x", "_deleted": True}, "deleted")

    def test_design_documents(self):
        self.assert_skipped({"_id": "_design/services", "views": {}}, "design")

    def test_unknown_types(self):
        self.assert_skipped({"_id": "x", "pvt_type": "menu"}, "menu")

    def test_an_unknown_account(self):
        self.assert_skipped(audit_document(new_id(), 1), "no such account")

    def test_an_unknown_parent(self):
        self.assert_skipped(account_document(new_id(), [new_id()]),
                            "no such account")

    def test_a_document_without_an_account(self):
        document = audit_document(self.account, 1)
        del document["pvt_account_id"]
        self.assert_skipped(document, "--account")
        report, _ = self.run_import(lines([document]), "--account", self.account)
        self.assertEqual(1, report["imported"])

    def test_a_document_without_a_time(self):
        document = audit_document(self.account, 1)
        del document["pvt_created"]
        self.assert_skipped(document, "pvt_created")

    def test_a_time_outside_the_calendar(self):
        for moment in (-1, 0, 365243 * DAY - 1, 400000000000, 2 ** 63 - 1):
            with self.subTest(moment):
                self.assert_skipped(audit_document(self.account, 1, moment),
                                    "pvt_created")

    def test_a_second_import_finds_the_first(self):
        text = lines([audit_document(self.account, n) for n in range(3)])
        self.run_import(text)
        report, status = self.run_import(text)
        self.assertEqual((0, 0, 3, 0, []), (
            status, report["imported"], report["known"], report["skipped"],
            report["reports"]))

    def test_a_user_name_taken_in_the_account(self):
        user = {"_id": new_id(), "pvt_type": "user", "username": "ann",
                "pvt_account_id": self.account}
        self.run_import(lines([user]))
        self.assert_skipped(dict(user, _id=new_id(), username="Ann"), "username")

    def test_a_realm_taken(self):
        realm = new_id() + ".example"
        self.run_import(lines([account_document(
            new_id(), [self.stack.master], realm=realm)]))
        self.assert_skipped(account_document(
            new_id(), [self.stack.master], realm=realm.upper()), "realm")


@require(REEVECTL)
class Numbers(ImportTest):
    """Numbers are imported exactly, or not at all."""

    def audit(self, **item):
        document = audit_document(self.account, 1)
        document["invoice"]["items"][0].update(item)
        return document

    def test_the_largest_number_is_exact(self):
        self.run_import(lines([self.audit(billable=2 ** 63 - 1)]))
        self.assertEqual([(1, 0, 2 ** 63 - 1)],
                         list(self.stack.days(self.account).values()))

    def assert_beyond(self, document):
        """The line is refused as unreadable."""
        report, status = self.run_import(lines([document]))
        self.assertEqual((65, 0), (status, report["imported"]))
        self.assertIn("64 bits", report["reports"][0]["reason"])

    def test_beyond_64_bits_is_refused(self):
        for number in (2 ** 63, 2 ** 64, 10 ** 30, -2 ** 63 - 1):
            for document in (self.audit(billable=number),
                             ledger_document(self.account, 1, quantity=number),
                             self.service(number)):
                with self.subTest(document=document):
                    self.assert_beyond(document)

    def test_a_fraction_is_noted_and_not_rounded(self):
        self.assert_imported_with_note(self.audit(billable=1.5),
                                       "not a whole number")
        self.assertEqual({}, self.stack.days(self.account))

    def test_a_fractional_difference_is_noted(self):
        self.assert_imported_with_note(
            self.audit(changes={"difference": {"billable": 0.5}}),
            "not a whole number")

    def test_a_fraction_of_usage_is_skipped(self):
        self.assert_skipped(ledger_document(self.account, 1, quantity=0.5),
                            "usage.quantity")

    def test_an_amount_with_too_many_decimals_is_skipped(self):
        self.assert_skipped(ledger_document(self.account, 1, amount=0.001),
                            "amount")

    def test_a_hundredth_of_a_unit_is_exact(self):
        self.run_import(lines([ledger_document(self.account, 1,
                                               amount=0.01)]))
        self.assertEqual([["0.000001"]], self.stack.sql(
            "SELECT amount FROM ledger WHERE account_id = '%s'" % self.account))

    def test_an_amount_is_exact(self):
        self.run_import(lines([ledger_document(self.account, 1,
                                               amount=123456789012345)]))
        self.assertEqual([["12345678901.234500"]], self.stack.sql(
            "SELECT amount FROM ledger WHERE account_id = '%s'" % self.account))

    def service(self, quantity):
        return {"_id": self.account, "pvt_type": "service",
                "pvt_account_id": self.account,
                "quantities": {"account": {"users": {"user": quantity}}}}

    def test_users_of_an_app_are_counted_once(self):
        documents = [
            {"_id": "%032x" % n, "pvt_type": "user", "first_name": "A",
             "last_name": "B", "pvt_account_id": self.account}
            for n in range(3)]
        documents += [
            {"_id": "apps_store", "pvt_type": "apps_store",
             "pvt_account_id": self.account,
             "a" * 32: {"allowed_users": "all", "name": "crm"}},
            {"_id": self.account, "pvt_type": "service",
             "pvt_account_id": self.account, "quantities": {"account": {
                 "users": {"user": 3}, "user_apps": {"crm": 3},
                 "account_apps": {"crm": 1}}}}]
        for n in range(len(documents)):
            account = self.stack.create_account("Reader")
            for document in documents[n:] + documents[:n]:
                text = json.dumps(document).replace(self.account, account)
                self.run_import(text.replace("%031x" % 0, account[:31]))
            done = self.stack.reevectl("recount", account, "--dry-run",
                                       check=False)
            self.assertNotIn("user", done.stdout)
            self.assertEqual([["3"]], self.stack.sql(
                "SELECT quantity FROM service_quantity WHERE category = "
                "'user_apps' AND account_id = '%s'" % account))

    def quantities(self, **tables):
        return dict(self.service(0), quantities=tables)

    def shown(self):
        return json.loads(self.stack.reevectl(
            "account", "show", "--json", self.account).stdout)["quantities"]

    def test_the_length_of_names_is_counted_in_characters(self):
        tables = {"account": {"\u00e9" * 100: {"user": 3}},
                  "manual": {"users": {"\u00fc" * 128: 2}}}
        report, status = self.run_import(lines([self.quantities(**tables)]))
        self.assertEqual((0, 1, []),
                         (status, report["imported"], report["reports"]))
        self.assertEqual(dict(tables, cascade={}), self.shown())

    def test_a_name_that_is_too_long_is_reported(self):
        for tables in ({"account": {"\u00e9" * 129: {"user": 3}}},
                       {"cascade": {"users": {"x" * 129: 3}}}):
            with self.subTest(list(tables)):
                self.assert_skipped(self.quantities(**tables),
                                    "1 to 128 characters")

    def test_null_is_not_a_quantity(self):
        self.run_import(lines([self.quantities(
            account={"users": {"user": 3, "admin": None}, "devices": None})]))
        self.assertEqual({"users": {"user": 3}}, self.shown()["account"])

    def test_a_fractional_quantity_is_skipped(self):
        self.assert_skipped(self.service(1.5), "whole number")

    def test_a_day_that_cannot_hold_its_sum_refuses_the_entry(self):
        report, _ = self.run_import(lines([
            ledger_document(self.account, 1, quantity=2 ** 63 - 1),
            ledger_document(self.account, 2, quantity=1)]))
        self.assertEqual((1, 1), (report["imported"], report["skipped"]))
        self.assert_verified(self.account)


@require(REEVECTL)
class Days(ImportTest):
    """The daily summary of imported entries, in any order."""

    DAY = "2019-04-03"

    def quantity_of(self, family="billable", service="user", day=DAY):
        return self.stack.days(self.account)[(family, day, service)]

    def test_a_late_entry_is_added_to_its_own_day(self):
        self.run_import(lines([audit_document(self.account, 1, DAY_0 + DAY)]))
        self.run_import(lines([audit_document(self.account, 2, DAY_0,
                                              difference=-3, billable=7)]))
        self.assertEqual((1, 0, 1), self.quantity_of(day="2019-04-04"))
        self.assertEqual((0, 3, 7), self.quantity_of())
        self.assert_verified(self.account)

    def test_a_late_entry_of_the_same_day_does_not_change_its_end(self):
        self.run_import(lines([audit_document(self.account, 1, DAY_0 + 9,
                                              billable=5)]))
        self.run_import(lines([audit_document(self.account, 2, DAY_0 + 3,
                                              billable=4)]))
        self.assertEqual((2, 0, 5), self.quantity_of())
        self.assert_verified(self.account)

    def test_within_a_second_the_later_written_entry_counts(self):
        for number, billable in ((9, 2), (5, 3), (7, 4)):
            self.run_import(lines([audit_document(
                self.account, number, billable=billable)]))
        self.assertEqual((3, 0, 4), self.quantity_of())
        self.assert_verified(self.account)

    def test_within_a_second_entries_of_one_file_are_ordered_by_id(self):
        self.run_import(lines([
            audit_document(self.account, n, billable=n) for n in (9, 5, 7)]))
        self.assertEqual((3, 0, 9), self.quantity_of())
        self.assert_verified(self.account)

    def test_the_first_and_the_last_second_of_a_day(self):
        self.run_import(lines([
            audit_document(self.account, 1, DAY_0),
            audit_document(self.account, 2, DAY_0 + DAY - 1),
            audit_document(self.account, 3, DAY_0 + DAY)]))
        self.assertEqual((2, 0, 1), self.quantity_of())
        self.assertEqual((1, 0, 1), self.quantity_of(day="2019-04-04"))

    def test_a_ledger_of_mixed_units_shows_the_latest(self):
        self.run_import(lines([
            ledger_document(self.account, 1, DAY_0 + 5, 60, "sec"),
            ledger_document(self.account, 2, DAY_0 + 9, 2, "min"),
            ledger_document(self.account, 3, DAY_0 + 1, 1, "hour")]))
        self.assertEqual((0, 0, 63), self.quantity_of(
            "usage", "per-minute-voip"))
        self.assertEqual([["min"]], self.stack.sql(
            "SELECT unit FROM audit_day WHERE account_id = '%s'" % self.account))
        self.assert_verified(self.account)

    def test_units_of_the_same_second_do_not_depend_on_the_order(self):
        for units in (("a", "b"), ("b", "a"), (None, "b")):
            self.account = self.stack.create_account()
            for number, unit in enumerate(units):
                self.run_import(lines([ledger_document(
                    self.account, number, unit=unit)]))
            self.assertEqual([["b"]], self.stack.sql(
                "SELECT unit FROM audit_day WHERE account_id = '%s'"
                % self.account), units)
            self.assert_verified(self.account)

    def unit(self):
        (unit,), = self.stack.sql("SELECT unit FROM audit_day WHERE family = "
                                  "'usage' AND account_id = '%s'" % self.account)
        return unit

    def test_the_latest_ledger_with_a_unit_sets_it(self):
        for none in (None, ""):
            for order in permutations([(9, none), (7, "min"), (5, "sec")]):
                with self.subTest(order=order):
                    self.account = self.stack.create_account()
                    for number, (second, unit) in enumerate(order):
                        self.run_import(lines([ledger_document(
                            self.account, number, DAY_0 + second, unit=unit)]))
                    self.assertEqual("min", self.unit())
                    self.assert_verified(self.account)
                    self.stack.reevectl("audit", "rebuild", self.account)
                    self.assertEqual("min", self.unit())

    def test_an_erased_unit_is_restored(self):
        """A migration adds units that days of an earlier version lack."""
        self.run_import(lines([
            ledger_document(self.account, 1, DAY_0 + 5, unit="sec"),
            ledger_document(self.account, 2, DAY_0 + 7, unit="min"),
            ledger_document(self.account, 3, DAY_0 + 9, unit=None),
            ledger_document(self.account, 4, DAY_0 + DAY, unit="")]))
        self.stack.sql("UPDATE audit_day SET unit = IF(day = '%s', NULL, '') "
                       "WHERE account_id = '%s'" % (self.DAY, self.account))
        self.stack.sql("DELETE FROM schema_migration "
                       "WHERE name LIKE '%-usage-units'")
        self.stack.reevectl("migrate")
        self.assertEqual([["min"], ["NULL"]], self.stack.sql(
            "SELECT unit FROM audit_day WHERE account_id = '%s' ORDER BY day"
            % self.account))
        self.assert_verified(self.account)

    def test_quantity_entries_have_separate_days(self):
        self.run_import(lines([
            audit_document(self.account, 1),
            yearly_document(self.account, 2, quantity=-2, billable=8)]))
        self.assertEqual((1, 0, 1), self.quantity_of())
        self.assertEqual((0, 2, 8), self.quantity_of("quantity"))
        self.assert_verified(self.account)

    def test_two_lines_of_one_service_count_in_their_order(self):
        document = audit_document(self.account, 1)
        document["invoice"]["items"] *= 2
        document["invoice"]["items"].append(
            dict(document["invoice"]["items"][0], billable=42))
        self.run_import(lines([document]))
        self.assertEqual((3, 0, 42), self.quantity_of())
        self.assert_verified(self.account)

    def test_names_escaped_by_json_are_counted_unescaped(self):
        names = ('a "quoted" name', "back\\slash", "a/b", "tab\there", "'", "%",
                 "\U0001f4de", "{}", "null", "0")
        self.run_import(lines([audit_document(self.account, n, service=name)
                               for n, name in enumerate(names)]))
        found = self.stack.sql("SELECT HEX(service) FROM audit_day"
                               " WHERE account_id = '%s'" % self.account)
        self.assertEqual(set(names), {bytes.fromhex(row[0]).decode()
                                      for row in found})
        self.assert_verified(self.account)

    def test_an_entry_of_thousands_of_lines(self):
        document = audit_document(self.account, 1)
        document["invoice"]["items"] = [
            dict(document["invoice"]["items"][0], item="item %d" % n, billable=n)
            for n in range(3000)]
        report, _ = self.run_import(lines([document]))
        self.assertEqual((1, []), (report["imported"], report["reports"]))
        self.assertEqual(3000, len(self.stack.days(self.account)))
        self.assert_verified(self.account)

    def test_similar_names_are_counted_separately(self):
        """Names differ in case and accents, but not in trailing blanks."""
        names = ("User", "user", "\u00e9clair", "eclair", "user ")
        expected = {}
        for n, name in enumerate(names, 1):
            service = name.rstrip()
            self.run_import(lines([
                audit_document(self.account, n, DAY_0 + n, service=name,
                               difference=n, billable=n),
                yearly_document(self.account, 10 + n, DAY_0 + n, source=name,
                                quantity=n, billable=n),
                ledger_document(self.account, n, DAY_0 + n, service=name,
                                quantity=n)]))
            before = expected.get(("usage", self.DAY, service), (0, 0, 0))[2]
            for family in ("billable", "quantity"):
                expected[family, self.DAY, service] = (before + n, 0, n)
            expected["usage", self.DAY, service] = (0, 0, before + n)
        for step in ("as written", "rebuilt"):
            with self.subTest(step):
                days = self.stack.days(self.account)
                self.assertEqual(expected, {
                    (family, day, service.rstrip()): row
                    for (family, day, service), row in days.items()})
                self.assertEqual(len(expected), len(days))
                self.assert_verified(self.account)
            self.stack.reevectl("audit", "rebuild", self.account)


@require(REEVE, REEVECTL)
class AccountsAndServices(ImportTest):
    pool = True

    def test_a_child_may_come_before_its_parent(self):
        top, middle, low = new_id(), new_id(), new_id()
        master = self.stack.master
        report, _ = self.run_import(lines([
            account_document(low, [master, top, middle]),
            account_document(middle, [master, top]),
            account_document(top, [master], pvt_reseller=True)]))
        self.assertEqual(3, report["imported"], report)
        shown = json.loads(self.stack.reevectl(
            "account", "show", "--json", low).stdout)
        self.assertEqual(middle, shown["parent_id"])
        self.assertEqual(top, shown["reseller_id"])

    def test_an_imported_user_logs_in(self):
        account, realm = new_id(), new_id() + ".example"
        self.run_import(lines([
            account_document(account, [self.stack.master], realm=realm),
            {"_id": new_id(), "pvt_type": "user", "username": "Ann",
             "pvt_account_id": account, "pvt_md5_auth": md5("Ann", "x"),
             "pvt_sha1_auth": sha1("Ann", "x")}]))
        self.assertEqual(201, self.stack.login(md5("Ann", "x"), realm).status)
        self.assertEqual(401, self.stack.login(md5("Ann", "y"), realm).status)

    def test_an_imported_api_key_logs_in(self):
        account, key = new_id(), new_id() + new_id()
        self.run_import(lines([account_document(
            account, [self.stack.master], pvt_api_key=key)]))
        answer = self.stack.request("PUT", "/v2/api_auth",
                                    data={"api_key": key})
        self.assertEqual((201, account), (answer.status,
                                          answer.data.get("account_id")))

    def test_services_and_plans_are_shown(self):
        report, _ = self.run_import(lines([
            {"_id": "gold", "pvt_type": "service_plan", "name": "Gold",
             "pvt_account_id": self.stack.master, "plan": {}},
            {"_id": self.account, "pvt_type": "service",
             "pvt_account_id": self.account,
             "plans": {"gold": {"vendor_id": self.stack.master,
                                "overrides": {"users": {"user": {"rate": 2.5}}},
                                "contract": {"until": "2020"}}},
             "quantities": {"account": {"users": {"user": 3, "adm.in": 1}},
                            "cascade": {"users": {"user": 30}},
                            "manual": {"other": {"thing": -1}}}}]))
        self.assertEqual(2, report["imported"], report)
        shown = json.loads(self.stack.reevectl(
            "account", "show", "--json", self.account).stdout)
        self.assertEqual({"gold": {
            "vendor_id": self.stack.master,
            "overrides": {"users": {"user": {"rate": 2.5}}},
            "contract": {"until": "2020"}}}, shown["plans"])
        self.assertEqual({"account": {"users": {"user": 3, "adm.in": 1}},
                          "cascade": {"users": {"user": 30}},
                          "manual": {"other": {"thing": -1}}},
                         shown["quantities"])

    def test_item_names_that_differ_in_a_trailing_blank_stop_no_import(self):
        """Later documents are imported, whether or not this one is."""
        report, status = self.run_import(lines([
            {"_id": self.account, "pvt_type": "service", "pvt_created": DAY_0,
             "pvt_account_id": self.account,
             "quantities": {"account": {"users": {"user": 3, "user ": 1}}}},
            audit_document(self.account, 1, DAY_0 + 1)]))
        self.assertEqual(0, status)
        self.assertEqual(1, self.count())

    def test_an_overlong_name_is_reported(self):
        account = new_id()
        report, _ = self.run_import(lines([account_document(
            account, [self.stack.master], name="n" * 200)]))
        self.assertEqual(1, len(report["reports"]), report)


if __name__ == "__main__":
    unittest.main()
