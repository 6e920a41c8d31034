# SPDX-License-Identifier: GPL-3.0-or-later
"""Sums of ledgers are read from the rows of days, and are those of the entries:
over random ledgers, whatever came late, and where a range cuts a day."""

import json
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY, DAY_0, REEVECTL, StackTest,  # noqa: E402
                         ledger_document, require)

# The sums of the entries themselves, as the procedures answer them.
TOTALS = """
SELECT l.account_for, COALESCE(MAX(l.for_name), MAX(a.name)), l.service,
       SUM(IF(l.type = 'credit', l.amount, -l.amount)),
       CAST(COALESCE(SUM(l.usage_quantity), 0) AS SIGNED),
       SUBSTRING(MIN(CONCAT(l.moment, NULLIF(l.usage_type, ''))), 21),
       SUBSTRING(MIN(CONCAT(l.moment, NULLIF(l.usage_unit, ''))), 21)
  FROM (SELECT COALESCE(for_id, account_id) AS account_for, for_name, service,
               type, amount, usage_quantity, LPAD(created, 20, '0') AS moment,
               usage_type, usage_unit
          FROM ledger
         WHERE account_id = '{account}'
           AND created BETWEEN {first} AND {last}) AS l
  LEFT JOIN account AS a ON a.id = l.account_for
 GROUP BY l.account_for, l.service ORDER BY l.account_for, l.service"""
USAGE = """
SELECT CAST(COALESCE(SUM(usage_quantity), 0) AS SIGNED), COUNT(*) FROM ledger
 WHERE account_id = '{account}' AND service = '{service}'
   AND usage_type = '{type}' AND created BETWEEN {first} AND {last}"""
CALL_TOTALS = "CALL ledger_total_list('{account}', {first}, {last})"
CALL_USAGE = ("CALL ledger_usage_sum('{account}', '{service}', '{type}',"
              " {first}, {last})")
SERVICES = ("per-minute-voip", "allotments", "Allotments", "sms",
            "r\u00e9sum\u00e9")
TYPES = (None, "", "voice", "data", "Voice")
UNITS = (None, "", "sec", "min")
DAYS = 70  # from 2019-04-03: two turns of months


def entry(dice, account, number, people):
    """An entry of ledger_add; people: accounts it may arise for."""
    at = DAY_0 + dice.randrange(DAYS) * DAY + dice.choice(
        (0, 1, DAY // 2, DAY - 1, dice.randrange(DAY)))
    month = ("201904", "201905", "201906")[
        (at >= DAY_0 + 28 * DAY) + (at >= DAY_0 + 59 * DAY)]
    who, name = dice.choice(people)
    members = {
        "account": account, "id": "%s-%032x" % (month, number),
        "type": dice.choice(("credit", "debit")),
        "service": dice.choice(SERVICES), "source": str(number),
        "amount": "%d.%06d" % (dice.randrange(100), dice.randrange(10 ** 6)),
        "kind": dice.choice(TYPES),
        "used": dice.choice((None, 0, dice.randrange(1000))),
        "unit": dice.choice(UNITS), "at": at, "for": who, "name": name,
        "dedupe": "%032x" % number, "start": 1, "bytes": 2}
    return {k: v for k, v in members.items() if v is not None}


class LedgerDaysTest(StackTest):
    def add(self, entries):
        self.stack.sql("START TRANSACTION; CALL ledger_add('', '%s', '{}', %d);"
                       " COMMIT" % (json.dumps(entries), DAY_0))

    def people(self, account):
        return ((None, None), (None, "Own"), (account, None),
                (self.stack.master, None), (self.stack.master, "B name"),
                (self.stack.master, "a name"), ("%032x" % 7, "Gone"),
                ("%032x" % 8, None))

    def fill(self, account, seed, count=400):
        """Random entries in calls of random sizes, and rollovers between."""
        dice = random.Random(seed)
        people = self.people(account)
        number = 0
        while number < count:
            self.add([entry(dice, account, seed * 10000 + number + n, people)
                      for n in range(dice.choice((1, 2, 60)))])
            number += 60
            if dice.random() < 0.4:
                month = dice.choice(("201905", "201906"))
                self.stack.sql(
                    "START TRANSACTION; CALL ledger_rollover('%s', '%s', %d,"
                    " '%032x', '{}', %d); COMMIT" % (
                        account, month,
                        DAY_0 + {"201905": 28, "201906": 59}[month] * DAY,
                        int(month), DAY_0))

    def ranges(self, dice, count):
        edges = [-10 ** 11, 0, DAY_0, DAY_0 + DAYS * DAY, 10 ** 17]
        for _ in range(count):
            first, last = (dice.choice(edges + [
                DAY_0 + dice.randrange(DAYS) * DAY + dice.choice(
                    (-1, 0, 1, DAY // 2, DAY - 1))] * 4) for _ in range(2))
            if dice.random() < 0.8:
                first, last = sorted((first, last))
            if dice.random() < 0.2:
                last = first + dice.randrange(DAY)
            yield first, last

    def assert_same_sums(self, account, seed, count=60):
        dice = random.Random(seed)
        asked = [{"account": account, "first": first, "last": last,
                  "service": dice.choice(SERVICES),
                  "type": dice.choice(("voice", "data", "Voice", "x"))}
                 for first, last in self.ranges(dice, count)]
        expected, seen = ([
            self.stack.sql("".join("SELECT 'range', %d; %s;" % (
                n, query.format(**values)) for n, values in enumerate(asked)))
            for query in queries] for queries in (
                (TOTALS, USAGE), (CALL_TOTALS, CALL_USAGE)))
        self.assertGreater(len(expected[0]), count)
        self.assertEqual(expected, seen)

    def assert_verified(self, account):
        done = self.stack.reevectl("audit", "verify", account, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)


@require(REEVECTL)
class LedgerDays(LedgerDaysTest):
    def test_sums_of_days_are_those_of_entries(self):
        for seed in (1, 2, 3):
            account = self.stack.create_account()
            self.fill(account, seed)
            self.assert_same_sums(account, seed)
            self.assert_verified(account)

    def test_imported_entries_count(self):
        account = self.stack.create_account()
        self.stack.import_documents(
            [ledger_document(account, n, DAY_0 + n * DAY // 3, amount=n * 100)
             for n in range(20)] +
            [ledger_document(account, n, DAY_0 + n * DAY, None, "", "rollovers",
                             amount=70000, _id="2019%02d-ledgers_monthly_"
                             "rollover" % (n + 2)) for n in range(3)])
        self.assert_same_sums(account, 4, 20)
        self.assert_verified(account)

    def test_wrong_days_are_found_and_rebuilt(self):
        account = self.stack.create_account()
        self.fill(account, 5, 120)
        stored = "SELECT * FROM ledger_day WHERE account_id = '%s'" \
            " ORDER BY day, service, for_id, usage_type" % account
        right = self.stack.sql(stored)
        for change in ("UPDATE ledger_day SET amount = amount + 0.000001",
                       "UPDATE ledger_day SET quantity = quantity - 1",
                       "UPDATE ledger_day SET entries = 0",
                       "UPDATE ledger_day SET for_name = 'Nobody'",
                       "UPDATE ledger_day SET first_created = 0",
                       "UPDATE ledger_day SET last_created = 0",
                       "UPDATE ledger_day SET first_type = 'x'",
                       "UPDATE ledger_day SET first_unit = 'x'",
                       "UPDATE ledger_day SET last_unit = 'x'",
                       "UPDATE ledger_day SET for_id = 'x'",
                       "DELETE FROM ledger_day"):
            with self.subTest(change):
                self.stack.sql("%s WHERE account_id = '%s' ORDER BY day, "
                               "service, for_id, usage_type LIMIT 1" % (
                                   change, account))
                done = self.stack.reevectl("audit", "verify", account,
                                           check=False)
                self.assertEqual(1, done.returncode)
                self.assertIn("(ledger)", done.stdout)
                self.stack.reevectl("audit", "rebuild", account)
                self.assertEqual(right, self.stack.sql(stored))
                self.assert_verified(account)


@require(REEVECTL)
class OlderDatabase(LedgerDaysTest):
    """The days of a database that has ledgers, but no rows of their days."""

    def test_a_migration_adds_the_days_and_rollovers_of_what_is_there(self):
        account, other = (self.stack.create_account() for _ in range(2))
        self.fill(account, 6)
        self.fill(other, 7, 60)
        stored = ("SELECT * FROM ledger_day ORDER BY 1, 2, 3, 4, 5;"
                  "SELECT * FROM ledger_rollover ORDER BY 1, 2")
        right = self.stack.sql(stored)
        self.assertTrue(any(row[1].endswith("_rollover") for row in right))
        self.stack.sql("DROP TABLE ledger_day, ledger_rollover;"
                       "DELETE FROM schema_migration WHERE name LIKE"
                       " '%-ledger-days' OR name LIKE '%-ledger-rollovers'")
        self.stack.reevectl("migrate")
        self.assertEqual(right, self.stack.sql(stored))
        for id in (account, other):
            self.assert_same_sums(id, 6, 20)
            self.assert_verified(id)


if __name__ == "__main__":
    unittest.main()
