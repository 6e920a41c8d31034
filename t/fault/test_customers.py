# SPDX-License-Identifier: GPL-3.0-or-later
"""The customers of a seller: one stored row of figures for each account, written in
the transaction that changes what it shows, read by an index in every order, verified
by audit verify and corrected by audit rebuild."""

import datetime
import json
import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVE, REEVECTL, Stack, StackTest,  # noqa: E402
                         require)

SORTS = ("name", "realm", "balance", "available", "recurring", "usage", "change",
         "standing", "created")
NOW = datetime.datetime.now(datetime.timezone.utc)
MONTH = "%04d%02d" % (NOW.year, NOW.month)
FIRST = NOW.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
LAST_MONTH = (FIRST - datetime.timedelta(days=1)).strftime("%Y%m")


@require(REEVE, REEVECTL)
class CustomersTest(StackTest):
    pool = True
    bare = False

    def setUp(self):
        self.seller = self.stack.create_account("Seller", "--reseller")
        self.token = self.stack.issue_token(self.seller)
        self.ask("PUT", self.seller, "service_plans", {
            "id": "base", "name": "Base", "plan": {
                "devices": {"sip_device": {"rate": 2.5}}}})

    def ask(self, method, account, path, data=None):
        return self.stack.request(method, "/v2/accounts/%s/%s" % (
            account, path), self.token, data)

    def done(self, *request):
        answer = self.ask(*request)
        self.assertLess(answer.status, 300, answer)
        return answer

    def customer(self, name, *more, plan=True):
        account = self.stack.create_account(name, "--parent", self.seller, *more)
        if plan:
            self.done("POST", account, "services?accept_charges=true",
                      {"add": ["base"]})
        return account

    def device(self, account):
        return self.done("PUT", account, "devices?accept_charges=true",
                         {"name": "d"}).data["id"]

    def credit(self, account, amount):
        self.done("PUT", account, "ledgers/credit", {
            "amount": amount, "usage": {"quantity": 0, "type": "voice", "unit": "sec"},
            "source": {"service": "x", "id": os.urandom(8).hex()}})

    def debit(self, account, amount, usage=0):
        self.done("PUT", account, "ledgers/debit", {
            "amount": amount,
            "usage": {"quantity": usage, "type": "voice", "unit": "sec"},
            "source": {"service": "x", "id": os.urandom(8).hex()}})

    def customers(self, query=""):
        return self.done("GET", self.seller, "customers" + query)

    def row(self, account):
        rows = [row for row in self.customers("?paginate=false").data
                if row["id"] == account]
        self.assertEqual(1, len(rows))
        overview = self.done("GET", account, "overview").data
        self.assertEqual(rows[0], {member: overview[member]
                                   for member in rows[0]})
        return rows[0]

    def figure(self, account, name):
        return self.row(account)[name]


class AFigure(CustomersTest):
    """Each is in the row at once, and the row is verified."""

    def tearDown(self):
        for row in self.customers("?paginate=false").data:
            self.assert_verified(row["id"])
        self.assert_verified(self.seller)

    def test_is_the_balance_and_what_was_charged(self):
        account = self.customer("C")
        self.credit(account, 10)
        self.debit(account, 1.5)
        self.debit(account, 0.25, usage=60)
        row = self.row(account)
        self.assertEqual((8.25, 0, 8.25, 0.25),
                         (row["balance"], row["held"], row["available"],
                          row["usage"]))
        months = self.done("GET", account, "overview").data["months"]
        self.assertEqual(12, len(months))
        self.assertEqual({"month": MONTH[:4] + "-" + MONTH[4:],
                          "charged": 1.75}, months[-1])
        self.assertEqual(sorted(m["month"] for m in months),
                         [m["month"] for m in months])

    def test_is_what_recurs_and_how_that_changed_this_month(self):
        account = self.customer("C")
        device = self.device(account)
        self.device(account)
        row = self.row(account)
        self.assertEqual((5, 5), (row["recurring"], row["change"]))
        self.done("DELETE", account, "devices/" + device)
        row = self.row(account)
        self.assertEqual((2.5, 2.5), (row["recurring"], row["change"]))

    def test_follows_plans_overrides_and_cascades(self):
        account = self.customer("C", "--reseller")
        self.device(account)
        self.done("POST", self.seller, "service_plans/base", {
            "name": "Base", "plan": {"devices": {"sip_device": {
                "rate": 4, "cascade": True}}}})
        self.assertEqual(4, self.figure(account, "recurring"))
        below = self.stack.create_account("Below", "--parent", account)
        self.device(below)
        self.assertEqual(8, self.figure(account, "recurring"))
        self.done("POST", account, "services/overrides", {
            "devices": {"sip_device": {"rate": 1}}})
        self.done("DELETE", account, "services/base", {})
        self.assertLess(self.figure(account, "recurring"), 8)

    def test_is_the_name_the_realm_and_the_standing(self):
        account = self.customer("C")
        self.done("PATCH", account, "", {
            "name": "Other", "realm": "other.example.com", "enabled": False})
        self.stack.request(
            "POST", "/v2/accounts/%s/services/status" % account,
            self.stack.token, {"in_good_standing": False,
                               "reason": "late", "reason_code": 1})
        row = self.row(account)
        self.assertEqual(("Other", "other.example.com", False, "delinquent"),
                         (row["name"], row["realm"], row["enabled"],
                          row["standing"]), row)
        overview = self.done("GET", account, "overview").data
        self.assertEqual("late", overview["standing_reason"])

    def test_goes_with_the_account_to_another_seller(self):
        reseller = self.customer("R", "--reseller", plan=False)
        account = self.customer("C", plan=False)
        below = self.stack.create_account("B", "--parent", account)
        of = lambda seller: sorted(
            row["name"] for row in self.done(
                "GET", seller, "customers?paginate=false").data)
        self.assertEqual(["B", "C", "R"], of(self.seller))
        self.assertEqual([], of(reseller))
        self.stack.request("POST", "/v2/accounts/%s/move" % account,
                           self.stack.token, {"to": reseller})
        self.assertEqual((["R"], ["B", "C"]), (of(self.seller), of(reseller)))
        self.stack.request("PUT", "/v2/accounts/%s/reseller" % account,
                           self.stack.token, {})
        self.assertEqual((["C"], ["B"]), (of(reseller), of(account)))
        self.done("DELETE", below, "")
        self.assertEqual([], of(account))
        self.stack.request("DELETE", "/v2/accounts/%s/reseller" % account,
                           self.stack.token)
        self.assertEqual(["C"], of(reseller))

    def test_of_a_month_counts_nothing_in_the_next_without_a_write(self):
        account = self.customer("C")
        self.device(account)
        self.debit(account, 3, usage=60)
        self.stack.sql(
            "UPDATE ledger_balance SET used_month = '%s', changed_month = '%s'"
            " WHERE account_id = '%s'; UPDATE ledger_month SET month = '%s'"
            " WHERE account_id = '%s'; UPDATE ledger SET created = created -"
            " 32 * 86400 WHERE account_id = '%s'" % (
                LAST_MONTH, LAST_MONTH, account, LAST_MONTH, account, account))
        row = self.row(account)
        self.assertEqual((2.5, 0, 0),
                         (row["recurring"], row["change"], row["usage"]))
        totals = self.customers().envelope["metadata"]["totals"]
        self.assertEqual((2.5, 0, 0), (totals["recurring"], totals["change"],
                                       totals["usage"]))
        self.device(account)
        self.debit(account, 1, usage=60)
        row = self.row(account)
        self.assertEqual((5, 2.5, 1),
                         (row["recurring"], row["change"], row["usage"]))
        self.stack.reevectl("audit", "rebuild", account)

    def test_is_right_after_many_changes_at_once(self):
        accounts = [self.customer("C%d" % n) for n in range(3)]
        other = self.stack.create_account("Other", "--reseller")

        def storm(account, n):
            token = self.stack.issue_token(self.seller)
            ask = lambda *request: self.stack.request(
                request[0], "/v2/accounts/%s/%s" % (account, request[1]),
                token, request[2])
            for i in range(5):
                ask("PUT", "ledgers/debit", {
                    "amount": 1, "source": {"service": "x",
                                            "id": os.urandom(8).hex()},
                    "usage": {"quantity": 1, "type": "v", "unit": "s"}})
                ask("PUT", "devices?accept_charges=true", {"name": "d"})
                ask("PATCH", "", {"name": "Name %d %d" % (n, i)})

        threads = [threading.Thread(target=storm, args=(account, n))
                   for account in accounts for n in range(2)]
        for thread in threads:
            thread.start()
        for account in accounts[:1]:
            self.stack.request("POST", "/v2/accounts/%s/move" % account,
                               self.stack.token, {"to": other})
        for thread in threads:
            thread.join()
        totals = self.customers().envelope["metadata"]
        self.assertEqual(2, totals["count"])
        self.assertEqual(-20, totals["totals"]["balance"])
        self.assertEqual(50, totals["totals"]["recurring"])
        for account in accounts:
            self.assert_verified(account)


class AList(CustomersTest):
    def make(self):
        """Twelve customers with ties in everything."""
        accounts = [self.customer("Customer %c" % (65 + n // 2 * 2), plan=n % 3)
                    for n in range(12)]
        for n, account in enumerate(accounts):
            if n % 3 == 1:
                self.device(account)
            self.credit(account, n // 4 * 10 + 1)
            if n % 4 == 1:
                self.debit(account, n, usage=60)
        return accounts

    def key(self, row, sort):
        value = row[sort]
        return (value.lower() if isinstance(value, str) else value, row["id"])

    def test_is_in_any_order_whole_and_page_by_page(self):
        self.make()
        for sort in SORTS:
            for sign in ("", "-"):
                query = "?sort=%s%s" % (sign, sort)
                with self.subTest(query):
                    rows = self.customers(query).data
                    self.assertEqual(12, len(rows))
                    self.assertEqual(sorted(
                        rows, key=lambda row: self.key(row, sort),
                        reverse=sign == "-"), rows)
                    pages, key = [], ""
                    while key is not None:
                        answer = self.customers(
                            query + "&page_size=5" +
                            ("&start_key=" + key if key else ""))
                        pages += answer.data
                        key = answer.envelope.get("next_start_key")
                    self.assertEqual(rows, pages)
                    self.assertEqual(rows[3:7], self.customers(
                        query + "&offset=3&page_size=4").data)
                    self.assertEqual(rows, self.customers(
                        query + "&paginate=false").data)

    def test_looks_for_names_realms_numbers_standings_and_resellers(self):
        a = self.customer("Ärzte_Haus", plan=False)
        b = self.customer("Zeta", "--realm", "acme.example.com", plan=False)
        c = self.customer("Gamma", "--reseller", plan=False)
        self.done("PUT", c, "phone_numbers/+14155550123?accept_charges=true", {})
        for query, wanted in (
                ("q=haus", [a]), ("q=acme", [b]), ("q=%25a", []), ("q=_h", [a]),
                ("q=1415555", [c]), ("q=%2B14155550123", [c]), ("q=5555", []),
                ("is_reseller=true", [c]), ("is_reseller=false", [a, b]),
                ("standing=delinquent", []), ("standing=good_standing&q=zeta", [b])):
            with self.subTest(query):
                answer = self.customers("?" + query)
                self.assertEqual(sorted(wanted),
                                 sorted(row["id"] for row in answer.data))
                self.assertEqual(len(wanted),
                                 answer.envelope["metadata"]["count"])

    def test_refuses_what_it_cannot_do_by_name(self):
        for query, field in (
                ("sort=color", "sort"), ("q=x", "q"), ("q=" + "x" * 200, "q"),
                ("offset=100001", "offset"), ("offset=-1", "offset"),
                ("months=13", "months"), ("is_reseller=1", "is_reseller"),
                ("standing=" + "x" * 40, "standing"),
                ("start_key=" + "0" * 32, "start_key")):
            with self.subTest(query):
                answer = self.ask("GET", self.seller, "customers?" + query)
                self.assertEqual((400, [field]),
                                 (answer.status, list(answer.data)))

    def test_sums_over_all_pages(self):
        accounts = self.make()
        answer = self.customers("?page_size=2&months=12")
        metadata = answer.envelope["metadata"]
        rows = self.customers("?paginate=false").data
        self.assertEqual((12, 0), (metadata["count"], metadata["offset"]))
        for name, total in metadata["totals"].items():
            self.assertEqual(total, sum(row[name] for row in rows), name)
        self.assertEqual([12, 12], [len(row["months"]) for row in answer.data])
        self.assertNotIn("months", rows[0])
        self.done("DELETE", accounts[0], "")
        self.assertEqual(11, self.customers().envelope["metadata"]["count"])

    def test_is_csv_where_that_is_wanted(self):
        self.customer("C", plan=False)
        answer = self.stack.request(
            "GET", "/v2/accounts/%s/customers" % self.seller, self.token,
            HTTP_ACCEPT="text/csv")
        self.assertEqual(200, answer.status)


class Stored(CustomersTest):
    def verify(self, account):
        done = self.stack.reevectl("--json", "audit", "verify", account,
                                   check=False)
        return json.loads(done.stdout)

    def test_a_wrong_figure_is_found_and_corrected(self):
        account = self.customer("C")
        self.device(account)
        self.debit(account, 1, usage=60)
        for column, value in (
                ("seller_id", "NULL"), ("name", "'x'"), ("realm", "'x'"),
                ("standing", "'x'"), ("is_reseller", "1"), ("enabled", "0"),
                ("created", "7"), ("recurring", "7"), ("used", "7"),
                ("used_month", "'190001'")):
            with self.subTest(column):
                self.assertTrue(self.verify(account)["ok"])
                self.stack.sql("UPDATE ledger_balance SET %s = %s WHERE"
                               " account_id = '%s'" % (column, value, account))
                self.assertIn("figure", self.verify(account)["figures_wrong"])
                self.stack.reevectl("audit", "rebuild", account)
                self.assertTrue(self.verify(account)["ok"])
        self.stack.sql("UPDATE ledger_month SET charged = 9 WHERE account_id ="
                       " '%s'" % account)
        self.assertIn("months", self.verify(account)["figures_wrong"])
        self.stack.reevectl("audit", "rebuild", account)
        self.assertTrue(self.verify(account)["ok"])

    def test_what_is_not_known_is_null_until_run_due_finds_it_out(self):
        account = self.customer("C")
        self.device(account)
        self.stack.sql("UPDATE ledger_balance SET priced = 0, recurring = 0"
                       " WHERE account_id = '%s'" % account)
        row = self.row(account)
        self.assertEqual((None, None), (row["recurring"], row["change"]))
        self.assertTrue(self.verify(account)["ok"])
        self.stack.reevectl("run-due", "--only", "pricing")
        self.assertEqual(2.5, self.figure(account, "recurring"))


FOREIGN, MANY = 4000, 10000

# n customers of a seller, by SQL: that many are too slow to create.
MADE = """
CREATE TABLE made (n INT PRIMARY KEY) SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d
  AS n FROM digit a, digit b, digit c, digit d;
DELETE FROM made WHERE n >= {count};
INSERT INTO account (id, parent_id, reseller_id, name, name_key, document, created,
                     modified)
  SELECT CONCAT('{letter}', LPAD(HEX(n), 31, '0')), '{seller}', '{seller}',
         CONCAT('N', n % 777), n, '{{}}', 1, 1 FROM made;
INSERT INTO service (account_id, billing_id, overrides, document, modified)
  SELECT CONCAT('{letter}', LPAD(HEX(n), 31, '0')),
         CONCAT('{letter}', LPAD(HEX(n), 31, '0')), '{{}}', '{{}}', 1 FROM made;
INSERT INTO ledger_balance (account_id, amount, seller_id, name, standing, created,
                            recurring)
  SELECT CONCAT('{letter}', LPAD(HEX(n), 31, '0')), n % 91, '{seller}',
         CONCAT('N', n % 777), 'good_standing', 1, n % 7 FROM made;
DROP TABLE made;
"""


@require(REEVE, REEVECTL)
class Many(CustomersTest):
    options = {"workers": "1"}

    def rows_read(self):
        return sum(int(row[1]) for row in self.stack.sql(
            "SHOW GLOBAL STATUS LIKE 'Handler_read%'"))

    def read(self, seller, query):
        """The answer to a list, and the rows that the server read for it."""
        token = self.stack.token
        path = "/v2/accounts/%s/customers?%s" % (seller, query)
        self.stack.request("GET", path, token)
        before = self.rows_read()
        answer = self.stack.request("GET", path, token)
        after = self.rows_read()
        self.assertEqual(200, answer.status)
        return answer, after - before - (self.rows_read() - after)

    def test_a_far_page_reads_no_more_than_the_seller_s_rows(self):
        other = self.stack.create_account("Other", "--reseller")
        self.stack.sql(
            "CREATE TABLE digit (d INT PRIMARY KEY); INSERT INTO digit VALUES"
            " (0), (1), (2), (3), (4), (5), (6), (7), (8), (9);" +
            MADE.format(letter="a", seller=self.seller, count=MANY))
        queries = ["sort=%s%s&offset=9900&page_size=50&months=12" % (sign, sort)
                   for sort in SORTS for sign in ("", "-")] + [
            "q=n77", "q=5550123", "standing=good_standing&sort=usage"]
        alone = {}
        for query in queries:
            answer, alone[query] = self.read(self.seller, query)
            if "offset" in query:
                self.assertEqual((50, MANY), (
                    len(answer.data), answer.envelope["metadata"]["count"]))
            # The sums read each row once, and so does the order.
            self.assertLess(alone[query], 4.5 * MANY, query)
        self.stack.sql(MADE.format(letter="b", seller=other, count=FOREIGN))
        for query in queries:
            with self.subTest(query):
                self.assertLess(self.read(self.seller, query)[1],
                                alone[query] + 200)


@require(REEVE, REEVECTL)
class VersionBefore(CustomersTest):
    """A database whose balances had no figures."""

    def test_a_migration_finds_out_all_but_prices(self):
        account = self.customer("With")
        self.device(account)
        self.credit(account, 5)
        self.debit(account, 2, usage=60)
        plain = self.customer("Plain", plan=False)
        gone = self.customer("Gone", plan=False)
        self.done("DELETE", gone, "")
        before = {row["id"]: row for row in self.customers().data}
        self.stack.stop_pool()
        columns = ("seller_id", "name", "realm", "standing", "is_reseller", "enabled",
                   "created", "available", "recurring", "priced", "changed_month",
                   "recurring_before", "used_month", "used")
        keys = ("by_name", "by_realm", "by_standing", "by_created", "by_amount",
                "by_available", "by_recurring", "by_usage", "by_change", "priced")
        self.stack.sql(
            "ALTER TABLE ledger_balance %s, %s; DROP TABLE ledger_month;"
            "DELETE FROM ledger_balance WHERE account_id = '%s'; %s" % (
                ", ".join("DROP KEY " + key for key in keys),
                ", ".join("DROP COLUMN " + column for column in columns), plain,
                "".join("DELETE FROM %s WHERE name LIKE '%%-customer-figures' OR name"
                        " LIKE '%%-ledger-months';" % table
                        for table in ("schema_migration", "schema_progress"))))
        self.stack.reevectl("migrate")
        self.stack.start_pool()
        after = {row["id"]: row for row in self.customers().data}
        self.assertEqual({plain, account}, set(after))
        self.assertEqual((None, None), (after[account]["recurring"],
                                        after[account]["change"]))
        self.assertEqual(before[plain], after[plain])
        self.stack.reevectl("run-due", "--only", "pricing")
        known = self.row(account)
        self.assertIsNone(known["change"])
        self.assertEqual(dict(before[account], change=None), known)
        for id in (account, plain, gone, self.seller):
            self.assert_verified(id)


if __name__ == "__main__":
    unittest.main()
