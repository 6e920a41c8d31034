#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ledgers: credits and debits, totals, and usage in batches."""

import csv
import io
import json
import os
import random
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_ID, MASTER_TOKEN, Seller, database,  # noqa: E402
                   import_documents, issue_token, new_id, reevectl, request)

NOW = int(time.time()) + 62167219200
DAY = 86400
NOVEMBER = 63960710400  # 2026-11-01


def entry(amount=2.6, service="adjustments", source=None, **more):
    return dict({"amount": amount,
                 "source": {"service": service, "id": source or new_id()},
                 "usage": {"type": "cycle", "quantity": 1, "unit": "Hz"}},
                **more)


def usage(source=None, quantity=60, **more):
    return dict({"amount": 0, "source": {"service": "per-minute-voip",
                            "id": source or new_id()},
                 "usage": {"type": "voice", "quantity": quantity,
                           "unit": "sec"}}, **more)


class LedgerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()

    def setUp(self):
        self.customer = self.seller.account()
        self.id = self.customer.id

    def ask(self, method, rest="", data=None, account=None, token=None, **more):
        return request(method, "/v2/accounts/%s/ledgers%s" % (
            account or self.id, rest), token or self.seller.token, data=data,
            **more)

    def add(self, kind, *args, **more):
        answer = self.ask("PUT", "/" + kind, entry(*args, **more))
        self.assertEqual(201, answer.status, answer)
        return answer.data

    def total(self, account=None):
        return self.ask("GET", "/total", account=account,
                        token=MASTER_TOKEN).data["amount"]

    def refused(self, answer, *fields):
        self.assertEqual(400, answer.status, answer)
        self.assertEqual(set(fields), set(answer.data))

    def assert_sound(self, *accounts):
        for account in accounts or (self.id,):
            self.assertIn("  ok", reevectl("audit", "verify", account).stdout)


class Payments(LedgerTest):
    def test_a_credit_is_shown_as_it_was_stored(self):
        made = self.add("credit", 2.6, source="x", description="Thanks",
                        metadata={"bonus": {"a": [1, None]}})
        self.assertEqual(
            (2.6, "Thanks", {"bonus": {"a": [1, None]}},
             {"service": "adjustments", "id": "x"},
             {"type": "cycle", "quantity": 1, "unit": "Hz"},
             {"id": self.id, "name": "Customer"},
             {"trigger": "crossbar", "module": "cb_ledgers"}),
            tuple(made[k] for k in ("amount", "description", "metadata",
                                    "source", "usage", "account", "executor")))
        self.assertRegex(made["id"], r"^\d{6}-[0-9a-f]{32}$")
        self.assertAlmostEqual(NOW, made["period"]["start"], delta=600)
        self.assertEqual(self.seller.id,
                         made["audit"]["authentication"]["account_id"])
        self.assertEqual(made, self.ask("GET", "/adjustments/" +
                                        made["id"]).data)
        self.assertEqual([made], self.ask("GET", "/adjustments").data)

    def test_a_debit_is_negative(self):
        self.assertEqual(-2.6, self.add("debit", 2.6)["amount"])
        self.assertEqual(-2.6, self.total())

    def test_amounts_are_exact(self):
        for amount in (0.1, 0.2, 0.000001, 1000000000, 0.5):
            self.add("credit", amount)
        answer = self.ask("GET", "/total")
        self.assertIn(b'"amount":1000000000.800001', answer.body)

    def test_the_balance_before_is_noted_in_units(self):
        before = [self.add("credit", n)["audit"]["available_units"]
                  for n in (2.6, 0.00001, 1)]
        self.assertEqual([0, 26000, 26000.1], before)

    def test_the_balance_of_a_ledger_without_entries_is_a_number(self):
        self.assertIn(b'"data":{"amount":0}', self.ask("GET", "/total").body)

    def test_source_and_period_are_unique(self):
        period = {"start": NOW - DAY, "end": NOW}
        first = self.add("debit", source="s", period=period)
        for kind, data in (("debit", entry(source="s", period=period)),
                           ("credit", entry(9, source="s", period=period))):
            answer = self.ask("PUT", "/" + kind, data)
            self.assertEqual((409, "datastore_conflict", first["id"]), (
                answer.status, answer.envelope["message"], answer.data["id"]))
        self.assertEqual(-2.6, self.total())
        with self.subTest("another period, service or source is accepted"):
            self.add("debit", source="s", period=dict(period, end=NOW + 1))
            self.add("debit", source="s2", period=period)
            self.add("debit", 2.6, "other", "s", period=period)
        self.assertEqual(-10.4, self.total())

    def test_of_parallel_requests_one_is_accepted(self):
        data = entry(source="s", period={"start": NOW})
        with ThreadPoolExecutor(8) as pool:
            statuses = sorted(a.status for a in pool.map(
                lambda _: self.ask("PUT", "/credit", data), range(8)))
        self.assertEqual([201] + [409] * 7, statuses)
        self.assertEqual(2.6, self.total())
        self.assert_sound()

    def test_an_idempotency_key_makes_one_entry(self):
        data, key = entry(), {"Idempotency-Key": new_id()}
        first, again = (self.ask("PUT", "/credit", data, headers=key)
                        for _ in range(2))
        self.assertEqual((201, 201, first.data),
                         (first.status, again.status, again.data))
        self.assertEqual(2.6, self.total())

    def test_bad_bodies(self):
        for change, field in (
                ({"amount": 0}, "amount"), ({"amount": -1}, "amount"),
                ({"amount": "5"}, "amount"), ({"amount": None}, "amount"),
                ({"amount": 0.0000001}, "amount"),
                ({"amount": 10**10}, "amount"),
                ({"source": None}, "source"),
                ({"source": {"service": "s"}}, "source.id"),
                ({"source": {"id": "s"}}, "source.service"),
                ({"source": {"id": "", "service": "s"}}, "source.id"),
                ({"source": {"id": "s", "service": "s "}}, "source.service"),
                ({"source": {"id": "s", "service": "a\nb"}}, "source.service"),
                ({"source": {"id": "s" * 256, "service": "s"}}, "source.id"),
                ({"usage": {"type": "a", "unit": "b"}}, "usage.quantity"),
                ({"usage": {"type": "a", "unit": "b", "quantity": 0.5}},
                 "usage.quantity"),
                ({"period": {"start": "x"}}, "period.start"),
                ({"period": {"start": NOW, "end": NOW - 1}}, "period.end"),
                ({"period": {"end": NOW - 1000}}, "period.end"),
                ({"metadata": []}, "metadata"),
                ({"description": 5}, "description")):
            with self.subTest(change):
                self.refused(self.ask("PUT", "/credit", dict(entry(), **change)),
                             field)
        self.refused(self.ask("PUT", "/credit", []), "data")
        self.refused(self.ask("PUT", "/credit", {}), "amount", "source",
                     "usage")
        self.assertEqual(0, self.total())

    def test_unknown_members_are_not_stored(self):
        made = self.ask("PUT", "/credit", dict(
            entry(), ui_metadata={"ui": "x"}, account={"id": "other"},
            audit={"x": 1}, id="mine", pvt_amount=7)).data
        self.assertEqual(self.id, made["account"]["id"])
        self.assertNotEqual("mine", made["id"])
        for key in ("ui_metadata", "pvt_amount"):
            self.assertNotIn(key, made)
        self.assertNotIn("x", made["audit"])

    def test_permissions(self):
        for kind in ("credit", "debit"):
            for token in (self.customer.token, Seller("Other").token):
                self.assertEqual(403, self.ask("PUT", "/" + kind, entry(),
                                               token=token).status)
            self.assertEqual(405, self.ask("GET", "/" + kind).status)
        self.assertEqual(403, self.ask("PUT", "/credit", entry(),
                                       account=self.seller.id).status)
        self.assertEqual(201, self.ask("PUT", "/credit", entry(),
                                       token=MASTER_TOKEN).status)


class Entries(LedgerTest):
    """ledgers/entries: all sources, and the balance after each entry."""

    def setUp(self):
        super().setUp()
        rows = []
        for i in range(60):  # on five days, several at a moment, not in order
            at = NOVEMBER + i % 5 * DAY + i % 3
            rows.append(dict(usage("u%02d" % i, amount=i + 0.25,
                                   account={"id": self.id},
                                   period={"start": at})))
            if i % 4 == 0:
                rows[-1]["source"]["service"] = "sms"
        answer = self.ask("PUT", "/usage", random.Random(1).sample(rows, 60),
                          token=self.seller.token)
        self.assertEqual(201, answer.status, answer)
        self.add("credit", 5000, "cash", "c1", period={"start": NOW})
        self.add("debit", 0.5, "cash", "c2", period={"start": NOW})

    def listed(self, **query):
        query = dict({"created_from": NOVEMBER - DAY, "paginate": "false"},
                     **query)
        answer = self.ask("GET", "/entries?" + "&".join(
            "%s=%s" % q for q in query.items()))
        self.assertEqual(200, answer.status, answer)
        return answer

    def test_the_balance_is_the_sum_of_what_is_below(self):
        rows = self.listed().data
        self.assertEqual(62, len(rows))
        self.assertEqual(rows, sorted(
            rows, key=lambda r: (r["created"], r["id"]), reverse=True))
        self.assertEqual(self.total(), rows[0]["balance"])
        sum_below = 0
        for row in reversed(rows):
            sum_below += row["amount"]
            self.assertAlmostEqual(sum_below, row["balance"], 6)

    def test_a_row_says_what_the_entry_is(self):
        row = [r for r in self.listed().data if r["source_id"] == "c1"][0]
        whole = self.ask("GET", "/cash/" + row["id"]).data
        self.assertEqual(
            dict({k: whole[k] for k in ("id", "amount", "usage", "period",
                                        "account", "executor")},
                 created=row["created"], type="credit", source_service="cash",
                 source_id="c1", balance=row["balance"], counted=True,
                 who={"account_id": self.seller.id,
                      "account_name": whole["audit"]["authentication"]
                                           ["account_name"]}), row)

    def test_pages_and_filters_change_no_balance(self):
        rows = self.listed().data
        for label, query, wanted in (
                ("oldest first", {"ascending": "true"},
                 lambda r: True),
                ("a service", {"source_service": "sms"},
                 lambda r: r["source_service"] == "sms"),
                ("credits", {"type": "credit"},
                 lambda r: r["amount"] > 0),
                ("debits of a service", {"type": "debit",
                                         "source_service": "cash"},
                 lambda r: r["source_id"] == "c2"),
                ("a day", {"created_from": NOVEMBER + DAY,
                           "created_to": NOVEMBER + 2 * DAY - 1},
                 lambda r: (r["created"] - NOVEMBER) // DAY == 1),
                ("a member", {"filter_source_id": "u07"},
                 lambda r: r["source_id"] == "u07")):
            expected = [r for r in rows if wanted(r)]
            if "ascending" in query:
                expected.reverse()
            with self.subTest(label):
                self.assertTrue(expected)
                self.assertEqual(expected, self.listed(**query).data)
            with self.subTest(label + ", by pages"):
                paged, key = [], None
                while key or not paged:
                    answer = self.listed(
                        paginate="true", page_size=7,
                        **dict(query, **({"start_key": key} if key else {})))
                    paged += answer.data
                    key = answer.envelope.get("next_start_key")
                self.assertEqual(expected, paged)

    def test_a_late_entry_counts_where_it_stands(self):
        before = self.listed().data
        late = self.ask("PUT", "/usage", [usage(
            "late", amount=100, account={"id": self.id},
            period={"start": NOVEMBER + DAY + 1})])
        self.assertEqual(201, late.status)
        for row in self.listed().data:
            was = [r["balance"] for r in before if r["id"] == row["id"]]
            if row["source_id"] != "late":
                newer = (row["created"], row["id"]) > (
                    NOVEMBER + DAY + 1, late.data[0]["id"])
                self.assertAlmostEqual(was[0] - 100 * newer, row["balance"], 6)

    def test_a_rollover_is_shown_and_changes_nothing(self):
        import_documents([
            {"_id": "202609-" + new_id(), "pvt_type": "ledger",
             "pvt_ledger_type": "credit", "amount": 1, "unit_amount": 30000,
             "pvt_amount": 30000, "pvt_created": NOVEMBER - 50 * DAY,
             "source": {"service": "cash", "id": "old"}},
            {"_id": "202611-ledgers_monthly_rollover", "pvt_type": "ledger",
             "pvt_ledger_type": "credit", "pvt_amount": 30000,
             "pvt_created": NOVEMBER,
             "source": {"service": "rollovers", "id": "202611"}}], self.id)
        rows = self.listed(created_from=NOVEMBER - 60 * DAY,
                           ascending="true").data
        place = [r["counted"] for r in rows].index(False)
        self.assertEqual("rollovers", rows[place]["source_service"])
        self.assertEqual(self.total(), rows[-1]["balance"])
        balance = 0
        for row in rows:
            balance += row["amount"] * row["counted"]
            self.assertAlmostEqual(balance, row["balance"], 6)

    def test_bad_queries(self):
        for query, field in (("type=x", "type"), ("start_key=x", "start_key"),
                             ("source_service=" + "x" * 129, "service"),
                             ("created_from=%d" % (NOW - 400 * DAY),
                              "created_from")):
            with self.subTest(query[:20]):
                self.refused(self.ask("GET", "/entries?" + query), field)

    def test_a_csv_has_the_balances(self):
        answer = self.listed(accept="csv")
        rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
        self.assertEqual([str(r["id"]) for r in self.listed().data],
                         [r["ID"] for r in rows])
        self.assertEqual(self.total(), float(rows[0]["balance"]))


class BothAccounts(LedgerTest):
    def both(self, kind, data, **more):
        return self.ask("PUT", "/" + kind, data,
                        envelope={"impact_reseller": True}, **more)

    def test_the_reseller_has_a_copy(self):
        before = self.total(self.seller.id)
        answer = self.both("debit", entry(2.5, source="s", metadata={"m": 1}))
        self.assertEqual((201, {self.id, self.seller.id}),
                         (answer.status, set(answer.data)))
        own, copy = answer.data[self.id], answer.data[self.seller.id]
        self.assertEqual((-2.5, False, -2.5), (
            own["available_dollars"], own["is_reseller"],
            own["ledger"]["amount"]))
        self.assertEqual((before - 2.5, True, -2.5), (
            copy["available_dollars"], copy["is_reseller"],
            copy["ledger"]["amount"]))
        self.assertEqual(self.id, copy["ledger"]["account"]["id"])
        self.assertEqual(self.id, copy["ledger"]["metadata"]["origin_ledger"]
                         ["account_id"])
        self.assertEqual({"m": 1}, own["ledger"]["metadata"])
        self.assert_sound(self.id, self.seller.id)

    def test_both_entries_are_written_or_none(self):
        data = entry(1, source=new_id(), period={"start": NOW})
        other = self.seller.account().id
        self.assertEqual(201, self.both("credit", data, token=MASTER_TOKEN).status)
        before = self.total(self.seller.id)
        with self.subTest("the account's entry exists"):
            self.assertEqual(409, self.both("credit", data, token=MASTER_TOKEN).status)
        with self.subTest("another account may have an entry of that source"):
            self.assertEqual(201, self.both("credit", data, account=other,
                                            token=MASTER_TOKEN).status)
        self.assertEqual((1, before + 1), (self.total(),
                                           self.total(self.seller.id)))
        with self.subTest("only the reseller's entry exists"):
            late = entry(5, source=new_id(), period={"start": NOW})
            self.ask("PUT", "/credit", late, account=self.seller.id,
                     token=MASTER_TOKEN)
            self.assertEqual(201, self.both("credit", late,
                                            token=MASTER_TOKEN).status)

    def test_no_reseller_credits_itself(self):
        before = self.total(self.seller.id)
        self.assertEqual(403, self.both("credit", entry(1)).status)
        self.assertEqual((0, before), (self.total(), self.total(self.seller.id)))

    def test_a_reseller_of_the_master_account_has_a_copy_there(self):
        answer = self.both("credit", entry(), account=self.seller.id,
                           token=MASTER_TOKEN)
        self.assertEqual({self.seller.id, MASTER_ID}, set(answer.data))

    def test_the_master_account_gets_a_single_entry(self):
        answer = self.both("credit", entry(), account=MASTER_ID,
                           token=MASTER_TOKEN)
        self.assertEqual(2.6, answer.data["amount"])


class Reading(LedgerTest):
    def test_sums_by_service(self):
        self.add("credit", 5, "payments")
        self.add("debit", 1.25)
        self.add("debit", 1, usage={"type": "", "quantity": 3, "unit": ""})
        self.assertEqual(
            {"payments": {"amount": 5, "usage": {
                "quantity": 1, "type": "cycle", "unit": "Hz"}},
             "adjustments": {"amount": -2.25, "usage": {
                 "quantity": 4, "type": "cycle", "unit": "Hz"}}},
            self.ask("GET").data)
        self.assertEqual({}, self.ask("GET", query={
            "created_from": NOW - 9 * DAY, "created_to": NOW - DAY}).data)

    def test_a_service_with_dots_in_its_name(self):
        for _ in range(2):
            self.add("credit", 1, "a.b.c")
        self.assertEqual(2, self.ask("GET").data["a.b.c"]["amount"])

    def test_bad_ranges_are_refused(self):
        for rest in ("", "/payments"):
            self.refused(self.ask("GET", rest, query={
                "created_from": NOW, "created_to": NOW - 1}), "created_from")
            self.refused(self.ask("GET", rest, query={
                "created_from": NOW - 40 * DAY, "created_to": NOW}),
                "created_from")

    def test_a_month_s_sums_can_be_split_by_account(self):
        below = self.seller.account("Below", self.id)
        self.ask("PUT", "/credit", entry(3, "payments"))
        request("PUT", "/v2/accounts/%s/ledgers/debit" % below.id,
                self.seller.token, data=entry(1, "calls"))
        import_documents([{
            "_id": "201904-" + new_id(), "pvt_type": "ledger",
            "pvt_account_id": self.id, "pvt_ledger_type": "debit",
            "pvt_created": 63721468800, "amount": 12345,
            "account": {"id": below.id, "name": "Below"},
            "source": {"service": "calls", "id": "c"},
            "usage": {"type": "voice", "quantity": 7, "unit": "sec"}}])
        old = self.ask("GET", "/summary/201904").data
        self.assertEqual({"calls": {"amount": -1.2345, "usage": {
            "quantity": 7, "type": "voice", "unit": "sec"}}}, old["summary"])
        self.assertEqual([{"account": {"id": below.id, "name": "Below"},
                           "ledgers": old["summary"], "total": -1.2345}],
                         old["breakdown"])
        month = time.strftime("%Y%m", time.gmtime())
        new = self.ask("GET", "/summary/" + month).data
        self.assertEqual([(self.id, 3)], [
            (b["account"]["id"], b["total"]) for b in new["breakdown"]])
        self.assertEqual(1.7655, self.total())

    def test_a_month_with_only_a_rollover_is_shown(self):
        self.ask("PUT", "/credit", entry(3, "payments"))
        database("CALL ledger_rollover('%s', '203001', %d, '%s', '{}', %d)" % (
            self.id, 64060675200, new_id(), NOW))
        part, = self.ask("GET", "/summary/203001").data["breakdown"]
        name = request("GET", "/v2/accounts/" + self.id,
                       self.seller.token).data["name"]
        self.assertEqual(({"id": self.id, "name": name}, 3),
                         (part["account"], part["total"]))

    def test_a_bad_month_is_refused(self):
        for month in ("xyz", "2026", "202613", "202600", "20261", "2026011"):
            answer = self.ask("GET", "/summary/" + month)
            self.assertEqual((404, "bad identifier", [month]), (
                answer.status, answer.envelope["message"], answer.data))

    def test_the_list_of_ledgers(self):
        self.assertEqual(
            ["per-minute-voip", "services", "payments", "rollovers"],
            [one["name"] for one in self.ask("GET", "/available").data])

    def test_page_by_page(self):
        made = [self.add("credit", n + 1, "payments")["id"] for n in range(7)]
        for ascending in ("false", "true"):
            seen, query = [], {"page_size": 3, "ascending": ascending}
            while True:
                envelope = self.ask("GET", "/payments", query=query).envelope
                seen += [one["id"] for one in envelope["data"]]
                if "next_start_key" not in envelope:
                    break
                query["start_key"] = envelope["next_start_key"]
            whole = [one["id"] for one in self.ask(
                "GET", "/payments", query={"paginate": "false",
                                           "ascending": ascending}).data]
            self.assertEqual(whole, seen)
            self.assertEqual(set(made), set(seen))
        for key in ("x", "5", "-", "5-", "5-x", "x" * 97):
            self.refused(self.ask("GET", "/payments", query={
                "start_key": key}), "start_key")

    def test_newest_first(self):
        start = NOW - 5 * DAY
        self.ask("PUT", "/usage", [usage("c%d" % n, account={"id": self.id},
                                         period={"start": start + n})
                                   for n in (2, 0, 1)])
        self.assertEqual(["c2", "c1", "c0"], [
            one["source"]["id"] for one in self.ask(
                "GET", "/per-minute-voip").data])

    def test_entries_are_filtered_by_metadata(self):
        self.add("credit", 1, "p", metadata={"manual_bookkeeping_tool": True})
        self.add("credit", 2, "p")
        for query, amounts in (
                ({"filter_metadata.manual_bookkeeping_tool": "true"}, [1]),
                ({"filter_not_metadata.manual_bookkeeping_tool": "true"}, [2])):
            self.assertEqual(amounts, [one["amount"] for one in self.ask(
                "GET", "/p", query=query).data])

    def test_entries_as_csv(self):
        self.assertEqual(204, self.ask("GET", "/payments", headers={
            "Accept": "text/csv"}).status)
        self.add("credit", 2.6, "payments", "with", metadata={
            "bonus": "baseball"})
        self.add("credit", 2.6, "payments", "without")
        answer = self.ask("GET", "/payments", query={
            "accept": "csv", "paginate": "false"})
        self.assertEqual("text/csv; charset=utf-8",
                         answer.headers["content-type"])
        rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
        self.assertEqual({("with", "baseball"), ("without", "")}, {
            (row["Source ID"], row["metadata_bonus"]) for row in rows})

    def test_csv_has_no_formulas(self):
        for text in "=1+1", "-2.50", "@x", "it's":
            self.add("credit", 1, "formulas", description=text)
        for query, texts in (
                ({}, ["'=1+1", "-2.50", "'@x", "it's"]),
                ({"csv_raw": "true"}, ["=1+1", "-2.50", "@x", "it's"])):
            text = self.ask("GET", "/formulas", query={
                "accept": "csv", **query}).body.decode()
            self.assertEqual(sorted(texts), sorted(
                row["Description"] for row in csv.DictReader(io.StringIO(text))))
        self.assertTrue(self.ask("GET", "/formulas", query={
            "accept": "csv", "csv_bom": "true"}).body.startswith(
                "\ufeff".encode()))

    def test_an_unknown_ledger(self):
        made = self.add("credit", 1, "payments")["id"]
        for rest in ("/adjustments/" + made, "/payments/202611-" + new_id(),
                     "/payments/x"):
            self.assertEqual(404, self.ask("GET", rest).status)
        self.assertEqual([], self.ask("GET", "/nothing").data)


class Usage(LedgerTest):
    def batch(self, entries, account=None, **more):
        return self.ask("PUT", "/usage", entries, account=account, **more)

    def statuses(self, answer):
        return [one["status"] for one in answer.data]

    def rows(self, service="per-minute-voip", account=None, query=None):
        days = request("GET", "/v2/accounts/%s/services/audit_summary/%s" % (
            account or self.id, service), MASTER_TOKEN, query=query).data
        return {day: row for one in days for day, row in one.items()}

    def day(self, *args, **more):
        return {day: row["quantity"]
                for day, row in self.rows(*args, **more).items()}

    def test_each_entry_is_stored_once(self):
        entries = [usage("c%d" % (n % 3), amount=0.01) for n in range(4)]
        answer = self.batch(entries)
        self.assertEqual(201, answer.status)
        self.assertEqual(["created"] * 3 + ["duplicate"],
                         self.statuses(answer))
        self.assertEqual(answer.data[0]["id"], answer.data[3]["id"])
        self.assertEqual({"created": 3, "duplicate": 1, "conflict": 0, "error": 0},
                         answer.envelope["metadata"])
        again = self.batch(entries + [usage("c9", amount=0.01)])
        self.assertEqual(["duplicate"] * 4 + ["created"],
                         self.statuses(again))
        self.assertEqual(-0.04, self.total())
        self.assertEqual([240], list(self.day().values()))
        self.assert_sound()

    # Usage of a service on one day, in any order, and the unit of that day.
    UNITS = (
        ("an entry without a unit does not erase it", "sec",
         [(5, "sec"), (9, "")]),
        ("several without a unit neither", "sec",
         [(5, "sec"), (6, ""), (7, ""), (4, "")]),
        ("the latest entry with a unit decides", "min",
         [(1, "hour"), (9, ""), (5, "sec"), (7, "min")]),
        ("within one second the greatest unit decides", "sec",
         [(5, "min"), (5, "sec"), (5, ""), (4, "x")]),
        ("no entry has a unit", None, [(5, ""), (9, "")]),
    )

    def test_the_latest_entry_with_a_unit_sets_it(self):
        today = NOW - NOW % DAY
        for label, unit, day in self.UNITS:
            orders = list(permutations(day))
            for step in range(1, len(day) + 1):
                # Each order gets another day of the account.
                account = self.seller.account().id
                for at in range(0, len(day), step):
                    self.assertEqual(201, self.batch([
                        {"source": {"service": "per-minute-voip",
                                    "id": new_id()}, "amount": 0,
                         "usage": {"quantity": 1, "unit": one[1]},
                         "period": {"start": today - n * DAY + one[0]}}
                        for n, order in enumerate(orders, 1)
                        for one in order[at:at + step]], account).status)
                rows = self.rows(account=account, query={
                    "created_from": today - 30 * DAY, "created_to": today})
                self.assertEqual(
                    [unit] * len(orders),
                    [row.get("unit") for _, row in sorted(rows.items())],
                    (label, step))
                self.assert_sound(account)

    def test_a_bad_entry_does_not_stop_the_others(self):
        answer = self.batch([usage("a"), usage("b", amount=-1), usage("c"),
                             5, {}, usage("d", account={"id": new_id()}),
                             usage("e", account={"id": MASTER_ID})])
        self.assertEqual(["created", "error", "created", "error", "error",
                          "error", "error"], self.statuses(answer))
        self.assertEqual(
            [{"1.amount"}, {"3"}, {"4.amount", "4.source", "4.usage"}, {"5.account.id"},
             {"6.account.id"}],
            [set(one["errors"]) for one in answer.data if "errors" in one])
        self.assertEqual([120], list(self.day().values()))

    def test_a_batch_of_bad_entries_is_refused(self):
        self.refused(self.batch([usage(amount="x"), {}]), "0.amount", "1.amount",
                     "1.source", "1.usage")
        for data in ({}, [], [usage("a")] * 10001):
            self.refused(self.batch(data), "data")

    def test_entries_may_belong_to_descendants(self):
        below = self.seller.account("Below", self.id).id
        other = self.seller.account("Other").id
        answer = self.batch([usage("a", account={"id": below}),
                             usage("a"), usage("a", account={"id": other})])
        self.assertEqual(["created", "created", "error"],
                         self.statuses(answer))
        self.assertEqual(self.day(), self.day(account=below))
        with self.subTest("at its own URL a reseller adds entries for any"):
            answer = self.batch([usage("b", account={"id": a})
                                 for a in (self.id, below, other)],
                                account=self.seller.id)
            self.assertEqual(["created"] * 3, self.statuses(answer))

    def test_no_account_charges_itself(self):
        answer = self.batch([usage("a"), usage("b", account={"id": self.id})],
                            account=self.seller.id)
        self.assertEqual(["error", "created"], self.statuses(answer))
        self.assertEqual({"0.account.id"}, set(answer.data[0]["errors"]))
        self.assertEqual(403, self.batch([usage("a")],
                                         token=self.customer.token).status)

    def test_usage_counts_on_the_day_it_began(self):
        start = NOW - 3 * DAY
        self.batch([usage(quantity=n, period={"start": start + late * DAY})
                    for n, late in ((1, 2), (2, 0), (4, 0), (8, 1))])
        self.batch([usage(quantity=16, period={"start": start})])
        days = [time.strftime("%Y-%m-%d", time.gmtime(
            start + n * DAY - 62167219200)) for n in range(3)]
        self.assertEqual(dict(zip(days, (22, 8, 1))), self.day())
        self.assert_sound()

    def test_impossible_times_are_refused(self):
        for period, field in (({"start": NOW + 2 * DAY}, "0.period.start"),
                              ({"start": 5}, "0.period.start"),
                              ({"start": NOW, "end": 63113904000},
                               "0.period.end"),
                              ({"start": 63113903999}, "0.period.start"),
                              ({"end": NOW}, "0.period.start")):
            self.refused(self.batch([usage(period=period)]), field)

    def test_an_id_with_half_a_character_is_refused(self):
        answer = request(
            "PUT", "/v2/accounts/%s/ledgers/usage" % self.id,
            self.seller.token, body=b'{"source":{"service":"s","id":"\\ud800x"},'
            b'"usage":{"quantity":1},"amount":0}\n',
            headers={"Content-Type": "application/x-ndjson"})
        self.assertEqual(400, answer.status, answer)

    def test_an_overflowing_balance_is_refused(self):
        answer = self.batch([{"source": {"service": "s", "id": str(n)},
                              "usage": {"quantity": 1}, "amount": 10**9}
                             for n in range(1001)])
        self.refused(answer, "amount")
        self.assertEqual(0, self.total())
        self.assertEqual(201, self.batch([
            {"source": {"service": "s", "id": str(n)},
             "usage": {"quantity": 1}, "amount": 10**9}
            for n in range(1000)]).status)
        self.assertEqual(-10**12, self.total())
        self.assertEqual(400, self.batch([
            {"source": {"service": "s", "id": "x"}, "usage": {"quantity": 1},
             "amount": 1}]).status)
        self.assert_sound()

    def test_negative_usage_is_refused(self):
        answer = self.batch([usage("a", 60), usage("a-back", -60)])
        self.assertEqual(["created", "error"], self.statuses(answer))
        self.assertEqual({"1.usage.quantity"}, set(answer.data[1]["errors"]))

    def test_a_repeat_that_says_something_else_is_a_conflict(self):
        first = usage("c", 60, amount=0.02, description="d",
                      metadata={"to": "1"})
        made = self.batch([first]).data[0]["id"]
        for change, differs in (
                ({"amount": 0.03}, ["amount"]),
                ({"amount": 0}, ["amount"]),
                ({"usage": {"quantity": 61, "type": "voice", "unit": "sec"}},
                 ["usage.quantity"]),
                ({"usage": {"quantity": 60}}, ["usage.type", "usage.unit"]),
                ({"description": "", "metadata": {"to": "2"}},
                 ["description", "metadata"]),
                ({"account": {"id": self.id, "name": "another"}}, None)):
            answer = self.batch([dict(first, **change)])
            self.assertEqual(201, answer.status)
            self.assertEqual(
                {"status": "duplicate", "id": made} if differs is None else
                {"status": "conflict", "id": made, "differs": differs},
                answer.data[0])
            self.assertEqual(
                (0, differs is None, differs is not None, 0),
                tuple(answer.envelope["metadata"][k] for k in (
                    "created", "duplicate", "conflict", "error")))
        self.assertEqual((-0.02, [60]), (self.total(),
                                         list(self.day().values())))

    def test_repeats_in_a_batch_are_compared_with_what_is_stored(self):
        one, other = usage("c", amount=1), usage("c", amount=2)
        long = usage("long", amount=1, metadata={"x": "y" * 5000})
        for batch, statuses in (
                ([one, other, one, long], ["created", "conflict", "duplicate",
                                           "created"]),
                ([other, one, other], ["conflict", "duplicate", "conflict"]),
                ([long, dict(long, metadata={"x": "y" * 4999})],
                 ["duplicate", "conflict"])):
            self.assertEqual(statuses, self.statuses(self.batch(batch)))
        self.assertEqual(-2, self.total())

    def test_an_entry_needs_an_amount(self):
        entry = usage("c")
        del entry["amount"]
        self.refused(self.batch([entry]), "0.amount")
        for wrong in None, "1", "", True, [], -0.01, -1e-9:
            self.refused(self.batch([dict(entry, amount=wrong)]), "0.amount")
        self.assertEqual(0, self.total())

    def test_amounts_as_programs_compute_them_are_rounded(self):
        for amount, rounded in ((0.1 + 0.2, 0.3), (0.0000833, 0.000083),
                                (0.0000025, 0.000002), (1e-7, 0),
                                (0.25, None), (0.000001, None)):
            answer = self.batch([usage(amount=amount)])
            self.assertEqual(rounded, answer.data[0].get("rounded", {}).get(
                "amount"), amount)
        self.assertEqual(-0.550086, self.total())

    def test_a_batch_as_json_lines(self):
        body = "\n".join(json.dumps(usage("n%d" % n)) for n in range(3))
        answer = self.ask("PUT", "/usage", body=(body + "\n\n").encode(),
                          headers={"Content-Type": "application/x-ndjson"})
        self.assertEqual(["created"] * 3, self.statuses(answer))
        answer = self.ask("PUT", "/usage", body=(body + "\n{bad").encode(),
                          headers={"Content-Type": "application/x-ndjson"})
        self.refused(answer, "json")
        self.assertIn("line 4", answer.data["json"]["invalid"]["message"])

    def test_parallel_batches_lose_nothing(self):
        entries = [usage("m%d" % n, 1, amount=0.5) for n in range(300)]
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(
                lambda n: self.batch(entries[n * 30:] + entries[:n * 30]),
                range(6)))
        self.assertEqual(300, sum(a.envelope["metadata"]["created"]
                                  for a in answers))
        self.assertEqual((-150, [300]), (self.total(),
                                         list(self.day().values())))
        self.assert_sound()

    def test_a_batch_of_ten_thousand(self):
        answer = self.batch([{"source": {"service": "s", "id": str(n)},
                              "usage": {"quantity": 1}, "amount": 0}
                             for n in range(10000)])
        self.assertEqual(10000, answer.envelope["metadata"]["created"])
        self.assertEqual(10000, self.ask("GET").data["s"]["usage"]["quantity"])
        self.assert_sound()


class Imported(LedgerTest):
    def run_import(self, text, *options, name=".csv", check=True):
        with tempfile.NamedTemporaryFile(suffix=name) as f:
            f.write(text if isinstance(text, bytes) else
                    text.encode(errors="surrogateescape"))
            f.flush()
            return reevectl("usage", "import", "--account", self.id, *options,
                            f.name, check=check)

    def test_columns_are_mapped(self):
        text = ('Call ID,Seconds,When,Price,Note\r\n'
                'c1,60,2026-11-01 10:00:00,0.02,"a, ""b"""\r\n'
                'c2,30,2026-11-02T00:00:00Z,0.01,x\r\n')
        options = ("--map", "Call ID=source.id,Seconds=usage.quantity,"
                   "When=period.start,Price=amount,Note=metadata.note",
                   "--set", "source.service=calls,usage.unit=sec")
        self.assertEqual("2 imported, 0 here already, 0 refused\n",
                         self.run_import(text, *options).stdout)
        self.assertEqual("0 imported, 2 here already, 0 refused\n",
                         self.run_import(text, *options).stdout)
        self.assertEqual(
            [("c2", 30, 'x', -0.01), ("c1", 60, 'a, "b"', -0.02)],
            [(one["source"]["id"], one["usage"]["quantity"],
              one["metadata"]["note"], one["amount"])
             for one in self.ask("GET", "/calls", query={
                 "created_from": 63961056000 - 5 * DAY,
                 "created_to": 63961056000 + 5 * DAY}).data])
        self.assert_sound()

    def test_csv_of_the_api_is_read(self):
        self.ask("PUT", "/usage", [usage("c%d" % n, amount=n / 8)
                                   for n in range(3)])
        self.ask("PUT", "/credit", entry(5, "per-minute-voip"))
        text = self.ask("GET", "/per-minute-voip", query={
            "accept": "csv"}).body.decode()
        other = self.seller.account()
        text = text.replace(self.id, other.id)
        done = reevectl("usage", "import", "--csv", "/dev/stdin", stdin=text,
                        check=False)
        self.assertEqual("3 imported, 0 here already, 1 refused\n",
                         done.stdout)
        self.assertIn("amount: ", done.stderr)
        self.assertEqual(-0.375, self.total(other.id))

    def test_json_lines(self):
        text = "".join(json.dumps(usage("j%d" % n)) + "\n" for n in range(5))
        done = self.run_import(text, "--batch", "2", name=".jsonl")
        self.assertIn("5 imported", done.stdout)
        self.assertEqual(300, self.ask("GET").data["per-minute-voip"]["usage"]
                         ["quantity"])

    def test_bad_lines_are_named_and_the_others_imported(self):
        done = self.run_import(
            "source.id,source.service,usage.quantity,amount\na,s,1,0\n"
            "b,s,x,0\nc,s,1,0,9\nd,s,1,0\n,s,1,0\n", check=False)
        self.assertEqual((65, "2 imported, 0 here already, 3 refused\n"),
                         (done.returncode, done.stdout))
        for line in (":3: usage.quantity", ":4: it has more columns",
                     ":6: source.id"):
            self.assertIn(line, done.stderr)

    def test_a_byte_order_mark_is_ignored(self):
        done = self.run_import(
            "\ufeffamount,source.service,source.id,usage.quantity\n"
            "5.00,marked,b1,60\n")
        self.assertEqual("1 imported, 0 here already, 0 refused\n", done.stdout)
        self.assertEqual(-5, self.ask("GET", "/marked").data[0]["amount"])

    def test_bytes_that_are_not_utf_8_are_named(self):
        for wrong in ("a\0b", "a\udce9"):
            done = self.run_import(
                "source.service,source.id,usage.quantity,amount\nnl,%s,1,0\n"
                "nl,a,1,0\n" % wrong, check=False)
            self.assertEqual(65, done.returncode)
            self.assertIn(":2: it is not UTF-8, or has a NUL byte", done.stderr)
        self.assertEqual(["a"], [one["source"]["id"] for one in
                                 self.ask("GET", "/nl").data])

    def test_names_of_columns_that_are_not_utf_8_are_refused(self):
        for names in ("a\udce9,source.id", "source.id,a\udce9", "a\0b,c"):
            done = self.run_import(names + "\nx,y\n", check=False)
            self.assertEqual(66, done.returncode)
            self.assertIn("the first row: it is not UTF-8, or has a NUL byte",
                          done.stderr)

    def test_a_map_of_missing_columns_is_refused(self):
        done = self.run_import(
            "ID,Price\nx,1\n", "--map", "ID=source.id,Prize=amount", "--set",
            "source.service=s,usage.quantity=1", check=False)
        self.assertEqual((66, ""), (done.returncode, self.ask("GET").data or ""))
        self.assertIn('the first row has no column "Prize"', done.stderr)

    def test_a_map_is_refused_for_json_lines(self):
        done = self.run_import(json.dumps(usage()) + "\n", "--set",
                               "source.service=x", name=".jsonl", check=False)
        self.assertEqual(64, done.returncode)
        self.assertIn("--csv", done.stderr)

    HEAD = "source.service,source.id,usage.quantity,period.start,amount"

    # Label, the row below HEAD, options, and the reason of its refusal.
    REFUSED = (
        ("cut off", "s,a,1,2026-11-01", (), "fewer columns"),
        ("one cell", "s", (), "fewer columns"),
        ("more cells", "s,a,1,2026-11-01,0,", (), "more columns"),
        ("an empty amount", "s,a,1,2026-11-01,", (), "amount: the cell is empty"),
        ("a blank amount", 's,a,1,2026-11-01,""', (),
         "amount: the cell is empty"),
        ("an empty amount, and a constant", "s,a,1,2026-11-01,",
         ("--set", "amount=0"), "amount: the cell is empty"),
        ("an empty moment", "s,a,1,,1", (), "period.start: the cell is empty"),
        ("a decimal comma", 's,a,1,2026-11-01,"0,5"', (), "amount"),
        ("an amount of a spreadsheet", "s,a,1,2026-11-01,'-5", (), "amount"),
        ("a negative quantity", "s,a,-1,2026-11-01,1", (), "usage.quantity"),
        ("a moment of no day", "s,a,1,2026-11-31,1", (), "period.start"),
        ("an open quote", 's,a,1,2026-11-01,"1', (), "a quote is not closed"),
        ("text behind a quote", 's,"a"b,1,2026-11-01,1', (),
         "behind a closing quote"),
    )

    def test_rows_that_are_not_whole_are_refused(self):
        for label, row, options, said in self.REFUSED:
            with self.subTest(label):
                done = self.run_import("%s\n%s" % (self.HEAD, row), *options,
                                       check=False)
                self.assertEqual((65, "0 imported, 0 here already, 1 refused\n"),
                                 (done.returncode, done.stdout), done.stderr)
                self.assertIn(":2: ", done.stderr)
                self.assertIn(said, done.stderr)
        self.assertFalse(self.ask("GET").data)

    # Files that say the same in different forms.
    FORMS = (
        ("commas", "utf-8", ",", ()),
        ("semicolons", "utf-8", ";", ()),
        ("tabs", "utf-8", "\t", ()),
        ("bars", "utf-8", "|", ()),
        ("named", "utf-8", "^", ("--delimiter", "^")),
        ("named tab", "utf-8", "\t", ("--delimiter", "tab")),
        ("a mark", "utf-8-sig", ";", ()),
        ("UTF-16 with a mark", "utf-16", ",", ()),
        ("UTF-16", "utf-16-le", "\t", ("--encoding", "utf-16le")),
        ("UTF-16, the other order", "utf-16-be", ";",
         ("--encoding", "utf-16be")),
        ("UTF-32 with a mark", "utf-32", ",", ()),
        ("Latin-1", "latin-1", ";", ("--encoding", "latin-1")),
        ("Windows", "cp1252", ",", ("--encoding", "windows-1252")),
    )

    def test_forms_of_files(self):
        for n, (label, encoding, delimiter, options) in enumerate(self.FORMS):
            with self.subTest(label):
                text = self.HEAD + ",description\r\n"
                for day in 1, 2:
                    text += "forms,%d,1,2026-11-0%d,%d.5,M\u00fcller\r\n" % (
                        n, day, day)
                done = self.run_import(text.replace(",", delimiter).encode(
                    encoding), *options)
                self.assertEqual("2 imported, 0 here already, 0 refused\n",
                                 done.stdout)
        self.assertEqual(-4 * len(self.FORMS), self.total())
        self.assertEqual({"M\u00fcller"}, {
            row["Description"] for row in csv.DictReader(io.StringIO(self.ask(
                "GET", "/forms", query={
                    "accept": "csv", "created_from": NOVEMBER - DAY,
                    "created_to": NOVEMBER + 5 * DAY}).body.decode()))})

    def test_joined_files_have_marks_and_names_in_between(self):
        part = "\ufeff" + self.HEAD + "\ns,%d,1,2026-11-01,1\n"
        done = self.run_import(part % 1 + part % 2, check=False)
        self.assertEqual((65, "2 imported, 0 here already, 1 refused\n"),
                         (done.returncode, done.stdout))
        self.assertIn(":3: ", done.stderr)

    def test_two_columns_of_one_field_are_refused(self):
        for names, options in (
                ("amount,amount,x", ()), ("amount,x,Amount", ()),
                ("amount,Price,x", ("--map", "Price=amount")),
                ("A,B,x", ("--map", "A=metadata.a,B=metadata.a"))):
            done = self.run_import(names + "\n1,2,3\n", *options, check=False)
            self.assertEqual(66, done.returncode)
            self.assertIn(" are both ", done.stderr)

    MOMENTS = (("2026-11-01T10:00:00.999Z", 36000),
               ("2026-11-01 12:00:00+02:00", 36000),
               ("2026-11-01T00:30:00-0330", 14400),
               ("2026-11-01 10:00:00,5", 36000),
               ("63960000000.75", None))

    def test_moments_have_fractions_and_offsets(self):
        rows = "".join('m,%d,1,"%s",1\n' % (n, text)
                       for n, (text, _) in enumerate(self.MOMENTS))
        self.run_import(self.HEAD + "\n" + rows)
        found = {one["source"]["id"]: one["period"]["start"]
                 for one in self.ask("GET", "/m", query={
                     "created_from": NOVEMBER - 10 * DAY,
                     "created_to": NOVEMBER + 10 * DAY}).data}
        for n, (_, after) in enumerate(self.MOMENTS):
            self.assertEqual(63960000000 if after is None else
                             NOVEMBER + after, found[str(n)])

    def test_what_is_stored_differently_is_a_conflict(self):
        whole = self.HEAD + "\ns,a,1,2026-11-01,0.02\ns,b,1,2026-11-01,0.03\n"
        self.run_import(whole)
        done = self.run_import(whole.replace("0.03", "0.30000000000000004"),
                               check=False)
        self.assertEqual(
            (65, "0 imported, 1 here already, 0 refused, 1 in conflict\n"),
            (done.returncode, done.stdout))
        self.assertRegex(done.stderr, r":3: conflict: \S+ is stored, and "
                         "differs: amount\n")
        done = self.run_import(whole.replace("1,2026-11-01,0.02",
                                             "2,2026-11-01,0.02"),
                               "--set", "usage.unit=sec", check=False)
        self.assertIn(":2: conflict: ", done.stderr)
        self.assertIn("differs: usage.quantity, usage.unit\n", done.stderr)
        self.assertEqual(-0.05, self.total())

    def test_the_report_counts_each_row_once(self):
        text = (self.HEAD + "\ns,a,1,2026-11-01,0.0000833\n"
                "s,a,1,2026-11-01,0.0000833\ns,a,1,2026-11-01,1\ns,b\n")
        done = reevectl("--json", "usage", "import", "--csv", "--account",
                        self.id, "/dev/stdin", stdin=text, check=False)
        self.assertEqual({"created": 1, "duplicate": 1, "conflict": 1,
                          "error": 1, "rounded": 1}, json.loads(done.stdout))

    def test_formulas_come_back_as_they_were(self):
        texts = ["=1+1", "'=1", "''@x", "+49 30", "-x", "'quoted'"]
        self.batch_of(texts)
        text = self.ask("GET", "/per-minute-voip", query={
            "accept": "csv"}).body.decode()
        done = reevectl("usage", "import", "--csv", "/dev/stdin", stdin=text)
        self.assertEqual("0 imported, %d here already, 0 refused\n" %
                         len(texts), done.stdout, done.stderr)

    def batch_of(self, texts):
        self.ask("PUT", "/usage", [usage(text, amount=1, description=text,
                                         period={"start": NOW - DAY})
                                   for text in texts])

    def test_wrong_usage(self):
        for options, status in ((("--map", "A=nothing"), 64),
                                (("--map", "A=amount,A=source.id"), 64),
                                (("--set", "amount=1,amount=2"), 64),
                                (("--delimiter", "::"), 64),
                                (("--delimiter", "x"), 64),
                                (("--encoding", "utf-7//IGNORE"), 64),
                                (("--encoding", "nothing"), 64),
                                (("--set", "x=y"), 64),
                                (("--batch", "0"), 64),
                                (("--account", "x"), 64),
                                (("--account", new_id()), 73)):
            done = self.run_import("a\n", *options, check=False)
            self.assertEqual(status, done.returncode, done.stderr)
        self.assertEqual(66, reevectl("usage", "import", "/nowhere.csv",
                                      check=False).returncode)
        self.assertEqual(64, reevectl("usage", "import",
                                      check=False).returncode)


class Mutated(LedgerTest):
    """Importers are given files that something has happened to: each part is
    created, known, in conflict or refused, and nothing ends them."""

    MUTATIONS = int(os.environ.get("REEVE_MUTATIONS", "8"))
    TOKENS = (b'"', b",", b";", b"\t", b"\n", b"\r", b"\0", b"\xef\xbb\xbf",
              b"\xe9", b"-", b"'=", b"{", b"}", b"[", b"]", b"null", b"1e400",
              b"0.0000005", b"\\ud800")

    def mutations(self, whole):
        dice = random.Random(int(os.environ.get("REEVE_SEED", "1")))
        for number in range(self.MUTATIONS):
            text = whole
            for _ in range(dice.randrange(1, 4)):
                at, to = sorted(dice.randrange(len(text) + 1) for _ in "12")
                text = dice.choice((
                    lambda: text[:at] or whole[:1],
                    lambda: text[:at] + text[min(to, at + 30):],
                    lambda: text[:to] + text[at:min(to, at + 60)] + text[to:],
                    lambda: text[:at] + dice.choice(self.TOKENS) + text[at:],
                ))() or whole
            yield "%d: %r" % (number, text), text

    def check_report(self, label, done, rows=None):
        self.assertIn(done.returncode, (0, 65, 66), (label, done.stderr))
        if done.returncode == 66:
            return
        counts = json.loads(done.stdout)
        del counts["rounded"]
        if rows is not None:
            self.assertEqual(rows, sum(counts.values()), (label, counts))
        self.assertEqual(counts["conflict"] + counts["error"] > 0,
                         done.returncode == 65, label)

    def test_csv_of_usage(self):
        rows = "".join("calls,c%d,60,2026-11-01 10:00:0%d,0.02,Call %d\n" % (
            n, n, n) for n in range(4))
        for label, text in self.mutations((
                Imported.HEAD + ",description\n" + rows).encode()):
            with tempfile.NamedTemporaryFile(suffix=".csv") as f:
                f.write(text)
                f.flush()
                self.check_report(label, reevectl(
                    "--json", "usage", "import", "--account", self.id, f.name,
                    check=False))
        self.assert_sound()

    def test_json_lines_of_usage(self):
        lines = "".join(json.dumps(usage("j%d" % n, amount=0.02)) + "\n"
                        for n in range(4))
        for label, text in self.mutations(lines.encode()):
            with tempfile.NamedTemporaryFile(suffix=".jsonl") as f:
                f.write(text)
                f.flush()
                self.check_report(label, reevectl(
                    "--json", "usage", "import", "--account", self.id, f.name,
                    check=False), sum(
                        bool(line.strip(b" \t\r\n"))
                        for line in text.split(b"\n")))
        self.assert_sound()

    def test_batches(self):
        whole = json.dumps({"data": [usage("b%d" % n, amount=0.02)
                                     for n in range(4)]}).encode()
        for label, text in self.mutations(whole):
            answer = self.ask("PUT", "/usage", body=text, headers={
                "Content-Type": "application/json"})
            self.assertIn(answer.status, (201, 400, 422), (label, answer))
            if answer.status == 201:
                self.assertEqual(
                    len(answer.data), sum(answer.envelope["metadata"].values()),
                    label)
        self.assert_sound()


class Rollovers(LedgerTest):
    """Monthly rollovers of an imported Kazoo are counted once."""

    def document(self, month, number, amount, debit=False, rollover=False):
        stamp = "%d-%02d-15" % divmod(month, 100)
        created = int(time.mktime(time.strptime(stamp, "%Y-%m-%d"))) + \
            62167219200
        return {
            "_id": "%d-%s" % (month, "ledgers_monthly_rollover" if rollover
                              else "%032x" % number),
            "pvt_type": "ledger", "pvt_account_id": self.id,
            "pvt_ledger_type": "debit" if debit else "credit",
            "pvt_created": created, "amount": amount,
            "source": {"service": "rollovers" if rollover else "payments",
                       "id": str(month if rollover else number)}}

    def test_the_first_rollover_sums_up_earlier_months(self):
        import_documents([self.document(202606, 1, 100000, rollover=True),
                          self.document(202606, 2, 30000, debit=True),
                          self.document(202607, 3, 70000, rollover=True)])
        self.assertEqual(7, self.total())
        self.assert_sound()

    def test_months_are_imported_in_any_order(self):
        for document in (self.document(202607, 3, 70000, rollover=True),
                         self.document(202606, 2, 30000, debit=True),
                         self.document(202606, 1, 100000, rollover=True),
                         self.document(202605, 4, 100000)):
            import_documents([document])
            self.assert_sound()
        self.assertEqual(7, self.total())


if __name__ == "__main__":
    unittest.main()
