# SPDX-License-Identifier: GPL-3.0-or-later
"""Audit entries are found by what they say: those of a database that is migrated,
odd documents, and few among those of many strangers."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY_0, REEVE, REEVECTL, StackTest,  # noqa: E402
                         audit_document, require)

STRANGERS = 120000  # entries of others in the range: beyond what a page reads


def nested(depth):
    return {"a": nested(depth - 1)} if depth else 1


class Search(StackTest):
    maxDiff = None
    pool = True

    def setUp(self):
        self.seller = self.stack.create_account("S")
        self.token = self.stack.issue_token(self.seller)

    def ask(self, query):
        answer = self.stack.request(
            "GET", "/v2/accounts/%s/services/audit?created_from=%d&created_to=%d"
            "&%s" % (self.seller, DAY_0, DAY_0 + 300 * 86400, query), self.token)
        self.assertEqual(200, answer.status, answer.body)
        return answer

    def found(self, query):
        return [int(row["id"][7:], 16) for row in self.ask(query).data]

    def import_some(self):
        documents = [audit_document(
            self.seller, n, DAY_0 + n, audit={
                "agent": {"type_id": "user%d" % (n % 2)},
                "request": {"id": "request%d" % n}}) for n in range(1, 5)]
        documents.append(audit_document(self.seller, 5, DAY_0 + 5,
                                        audit={"odd": nested(40)}))
        documents.append(audit_document(self.seller, 6, DAY_0 + 6, audit={
            "agent": {"type_id": "x" * 200}, "request": {"id": None}}))
        self.stack.import_documents(documents)

    def rows(self):
        return [self.stack.sql(
            "SELECT * FROM %s WHERE account_id = '%s' ORDER BY %s" % (
                table, self.seller, columns))
            for table, columns in (("audit_mark", "sequence"),
                                   ("audit_touch", "service, sequence"))]


@require(REEVE)
@require(REEVECTL)
class Entries(Search):
    def test_entries_of_before_are_found_after_a_migration(self):
        self.import_some()
        written = self.rows()
        self.stack.sql("DROP TABLE audit_mark, audit_touch; DELETE FROM"
                       " schema_migration WHERE name IN"
                       " ('0051-audit-search', '0052-audit-search-fill')")
        self.stack.stop_pool()
        self.stack.reevectl("migrate")
        self.stack.start_pool()
        self.assertEqual(written, self.rows())
        self.assertEqual([3, 1], self.found("who=user1"))
        self.assertEqual([2], self.found("request_id=request2"))
        self.assertEqual([6, 5, 4, 3, 2, 1], self.found("source_service=user"))

    def test_odd_documents_are_found_by_place_and_service(self):
        self.import_some()
        self.assertEqual([6, 5, 4, 3, 2, 1], self.found("details=true"))
        self.assertEqual([6, 5, 4, 3, 2, 1], self.found("source_service=users"))

    def test_a_rebuild_adds_what_is_missing(self):
        self.import_some()
        written = self.rows()
        self.stack.sql("DELETE FROM audit_mark WHERE account_id = '%s' AND"
                       " sequence = 3; DELETE FROM audit_touch WHERE account_id"
                       " = '%s'" % (self.seller, self.seller))
        self.assertEqual([1], self.found("who=user1"))
        self.stack.reevectl("audit", "rebuild", self.seller)
        self.assertEqual(written, self.rows())

    def rows_read(self):
        return sum(int(count) for _, count in self.stack.sql(
            "SHOW GLOBAL STATUS LIKE 'Handler_read%'"))

    def test_a_page_ends_where_it_read_enough_of_others(self):
        self.import_some()
        stranger = self.stack.create_account("Stranger")
        # Newer than ours, all in the range.
        self.stack.sql(
            "INSERT INTO audit_mark SELECT '%s', %d + x.n, x.n, 'nobody', NULL"
            " FROM (WITH RECURSIVE d (n) AS (SELECT 0 UNION ALL SELECT n + 1"
            " FROM d WHERE n < 399) SELECT a.n * 400 + b.n AS n FROM d AS a,"
            " d AS b) AS x WHERE x.n < %d" % (
                stranger, DAY_0 + 100, STRANGERS))
        key, pages = "", []
        while True:
            before = self.rows_read()
            answer = self.ask("descendants=true&page_size=3" + key)
            pages.append(len(answer.data))
            self.assertLess(self.rows_read() - before, 200000)
            if "next_start_key" not in answer.envelope:
                break
            key = "&start_key=" + answer.envelope["next_start_key"]
        self.assertEqual([0, 0, 3, 3], pages)
        # A table of all goes on by itself.
        self.assertEqual([6, 5, 4, 3, 2, 1],
                         self.found("descendants=true&paginate=false"))


if __name__ == "__main__":
    unittest.main()
