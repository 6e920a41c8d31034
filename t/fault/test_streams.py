# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole lists are sent while they are read: in constant memory, as they were at
one moment, and never cut short without a sign."""

import csv
import io
import json
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY_0, REEVE, StackTest, is_release_build,  # noqa: E402
                         output_parts, require, send_fastcgi, wait_until)

ENTRIES = 20000
MEMORY_KIB = 24 * 1024

# As large as the entries of calls are.
FILL = """
CREATE TABLE digit (d INT PRIMARY KEY);
INSERT INTO digit VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9);
INSERT INTO ledger (account_id, id, type, service, source_id, amount,
                    usage_type, usage_quantity, usage_unit, created, recorded,
                    document)
  SELECT '{account}', CONCAT('201904-', LEFT(SHA2(n, 256), 32)), 'debit', 'calls', n, 0.01,
         'voice', 60, 'sec', {day_0} + n DIV 2, {day_0},
         CONCAT('{{"account":{{"id":"{account}","name":"Test"}},"description":'
                '"a call","metadata":{{"direction":"inbound","from":"+15551230000",'
                '"rate":{{"name":"us","value":0.01}},"to":"+1555', n, '"}},'
                '"source":{{"id":"', n, '","service":"calls"}},"usage":'
                '{{"quantity":60,"type":"voice","unit":"sec"}}}}')
    FROM (SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d AS n
            FROM digit a, digit b, digit c, digit d, digit e
           WHERE e.d < 2) AS x;
"""


class Streams(StackTest):
    settings = {"workers": "1"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.stack.create_account("Big")
        cls.stack.sql(FILL.format(account=cls.account, day_0=DAY_0))
        cls.ids = [row[0] for row in cls.stack.sql(
            "SELECT id FROM ledger ORDER BY created DESC, id DESC")]
        cls.stack.start_pool(**cls.settings)

    def path(self, **query):
        query = dict({"paginate": "false", "created_from": DAY_0,
                      "created_to": DAY_0 + ENTRIES}, **query)
        return "/v2/accounts/%s/ledgers/calls?%s" % (self.account, "&".join(
            "%s=%s" % pair for pair in query.items()))

    def ask(self, method="GET", **query):
        return self.stack.request(method, self.path(**query), self.stack.token)

    def open(self, **query):
        """A request whose answer is not read yet, after its first part."""
        stream = send_fastcgi(self.stack.pool_socket, "GET", self.path(**query),
                              {"X-Auth-Token": self.stack.token,
                               "Accept": "application/json"})
        self.addCleanup(stream.close)
        parts = output_parts(stream)
        first = next(parts)
        self.assertEqual(b"Status: 200", first[:11])
        return first, parts

    def rest(self, opened):
        first, parts = opened
        return (first + b"".join(parts)).partition(b"\r\n\r\n")[2]


@require(REEVE)
class Whole(Streams):
    def check_head(self, answer, content_type):
        self.assertEqual(200, answer.status)
        self.assertEqual(content_type, answer.headers["content-type"])
        self.assertNotIn("etag", answer.headers)
        self.assertNotIn("content-length", answer.headers)

    def test_json_has_each_entry_in_order(self):
        answer = self.ask()
        self.check_head(answer, "application/json")
        self.assertEqual(self.ids, [e["id"] for e in answer.data])
        self.assertEqual("success", answer.envelope["status"])
        self.assertNotIn("revision", answer.envelope)

    def test_csv_has_each_entry_in_order(self):
        answer = self.ask(accept="csv")
        self.check_head(answer, "text/csv; charset=utf-8")
        rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
        self.assertEqual(self.ids, [row["ID"] for row in rows])
        self.assertEqual({"60"}, {row["Usage Quantity"] for row in rows})

    def test_the_order_and_the_filters_are_those_of_pages(self):
        answer = self.ask(ascending="true",
                          **{"filter_not_source.id": "5"})
        ids = [e["id"] for e in answer.data]
        self.assertEqual(ENTRIES - 1, len(ids))
        listed = set(ids)
        self.assertEqual([i for i in reversed(self.ids) if i in listed], ids)

    def test_head_has_no_body(self):
        for form in "json", "csv":
            with self.subTest(form):
                answer = self.ask("HEAD", accept=form)
                self.assertEqual((200, b""), (answer.status, answer.body))
                self.assertNotIn("content-length", answer.headers)

    def test_a_short_list_has_etag_and_length(self):
        for form in "json", "csv":
            with self.subTest(form):
                answer = self.ask(accept=form, created_to=DAY_0 + 99)
                self.assertEqual(str(len(answer.body)),
                                 answer.headers["content-length"])
                again = self.stack.get(
                    self.path(accept=form, created_to=DAY_0 + 99),
                    self.stack.token, If_None_Match=answer.headers["etag"])
                self.assertEqual(304, again.status)

    def test_what_changes_meanwhile_is_not_seen(self):
        for form in "json", "csv":
            with self.subTest(form):
                opened = self.open(accept=form)
                self.stack.sql(
                    "UPDATE ledger SET created = created + 1000000"
                    " WHERE id IN ('%s', '%s')" % (self.ids[1], self.ids[-1]))
                try:
                    body = self.rest(opened).decode()
                finally:
                    self.stack.sql("UPDATE ledger SET created = created - 1000000"
                                   " WHERE created >= %d" % (DAY_0 + 1000000))
                self.assertEqual(self.ids, [e["id"] for e in json.loads(
                    body)["data"]] if form == "json" else
                    [r["ID"] for r in csv.DictReader(io.StringIO(body))])

    def test_the_memory_of_the_worker_is_small(self):
        if not is_release_build():
            self.skipTest("the worker has memory of its own")
        for form in "json", "csv":
            with self.subTest(form):
                self.assertEqual(200, self.ask(accept=form).status)
                with open("/proc/%d/status" % self.stack.workers()[0]) as f:
                    peak = [line.split()[1] for line in f
                            if line.startswith("VmHWM:")]
                self.assertLess(int(peak[0]), MEMORY_KIB)

    def check_broken(self, form):
        """Nobody can take what came before for the whole."""
        opened = self.open(accept=form)
        reader = wait_until(lambda: self.stack.sql(
            "SELECT trx_mysql_thread_id FROM information_schema.innodb_trx"
            " WHERE trx_isolation_level = 'REPEATABLE READ'"), pause=0.15)
        self.stack.sql("KILL " + reader[0][0])
        with self.assertRaises(ConnectionError):
            self.rest(opened)
        self.assertIn("the answer is broken off", self.stack.pool_log())

    def test_json_that_cannot_be_completed_is_broken_off(self):
        self.check_broken("json")
        self.assertEqual(ENTRIES, len(self.ask().data))

    def test_csv_that_cannot_be_completed_is_broken_off(self):
        self.check_broken("csv")
        self.assertEqual(200, self.ask(accept="csv").status)


@require(REEVE)
class Slow(Streams):
    settings = {"workers": "1", "request_terminate_timeout": "3s"}

    def read(self, pauses):
        """Reads an answer in a number of equal parts."""
        first, parts = self.open()
        body, pause_after = bytearray(first), 1
        for part in parts:
            body += part
            if len(body) > pause_after and pauses:
                time.sleep(pauses.pop())
                pause_after = len(body) + 500000
        return body

    def test_a_long_answer_that_makes_progress_is_not_killed(self):
        body = self.read([0.5] * 12)
        self.assertIn(b'"status":"success"', body[-1000:])

    def test_one_that_makes_none_is_killed(self):
        with self.assertRaises(ConnectionError):
            self.read([6])
        self.assertIn("request_terminate_timeout", self.stack.pool_log())


if __name__ == "__main__":
    unittest.main()
