# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit trail compared with its limits: a year of audit_summary, its cost on
a large account, memory of the workers, and writing entries (t/bench/README)."""

import os
import statistics
import sys

import documents
from lab import (CONNECTIONS, Case, Comparison, ROUNDS, TOP, WORKERS, output,
                 program, remark, resident, say, sized, verdict, wrk)
from replay import called, limits, recorded, spawn_limits
from rivals import check_answers, start_rivals

sys.path.insert(0, TOP + "/t")
import reeve  # noqa: E402

FEW = sized(1000, 365)
ENTRIES = int(os.environ.get("BENCH_ENTRIES", "0")) or sized(200000, 400)
REQUESTS = sized(1000000 if os.environ.get("BENCH_LONG") else 200000, 20)
START = 63713520000  # 2019-01-01, Gregorian seconds
DAYS = 365


# ---- the data ----

def load_entries(stack, account, count):
    """count entries of four lines each, over one year, and the year's usage."""
    digits = " CROSS JOIN ".join(
        "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"
        " UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL"
        " SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) AS t%d" % i
        for i in range(len(str(count - 1))))
    number = " + ".join("t%d.d * %d" % (i, 10 ** i)
                        for i in range(len(str(count - 1))))
    lines = ",".join('["%s","c",1,5]' % s for s in
                     ("user", "sip_device", "phone_number", "mailbox"))
    # A new account has entries already.
    stack.sql("""
        INSERT INTO audit_entry (account_id, sequence, id, form, created,
            recorded, status, document, line_items, hash)
        SELECT h.account_id, h.sequence + n + 1, CONCAT('201901-', n),
            'invoice', {start} + (n MOD {days}) * 86400 + n MOD 86400, {start},
            'completed', '{document}', '[{lines}]', REPEAT(CHAR(0), 32)
          FROM (SELECT {number} AS n FROM {digits}) AS x
          JOIN audit_head AS h ON h.account_id = '{a}'
         WHERE n < {count};
        UPDATE audit_head SET sequence = sequence + {count}
         WHERE account_id = '{a}';
        INSERT INTO ledger (account_id, id, type, service, usage_quantity,
            usage_unit, created, recorded, document)
        SELECT '{a}', CONCAT('201901-', n), 'debit', 'per-minute-voip', 60,
            'sec', {start} + n * 86400, {start}, '{usage}'
          FROM (SELECT t0.d + 10 * t1.d + 100 * t2.d AS n FROM {three}) AS x
         WHERE n < {days};
        CALL audit_day_rebuild('{a}', '2019-01-01', '2019-12-31');
        CALL ledger_balance_rebuild('{a}');
        ANALYZE TABLE audit_day, audit_entry;
        """.format(a=account, start=START, days=DAYS, lines=lines,
                   number=number, digits=digits, count=count,
                   document=documents.text(documents.audit_document(account)),
                   usage=documents.text(documents.call(1, account, START)),
                   three=" CROSS JOIN ".join(digits.split(" CROSS JOIN ")[:3])))


# ---- measurements ----

def summaries(account, token, processes, rivals):
    check_answers(rivals)
    path = "/v2/accounts/%s/services/audit_summary?created_from=%d" \
        "&created_to=%d" % (account, START, START + DAYS * 86400 - 1)
    comparison = Comparison(
        "a year of audit_summary (%d days, 5 services), %d workers, "
        "%d connections" % (DAYS, WORKERS, CONNECTIONS),
        [Case("return 200", "/ok"), Case("hello", "/hello", "hello"),
         Case("bare", "/bare", "bare"), *(
             Case(name, "/" + place, place) for name, place in rivals.items()),
         Case("reeve", path, "reeve", token)], processes)
    verdict("reeve / bare, requests a second",
            comparison.ratio("reeve", "bare"), 0.70)
    for name in rivals:
        remark("audit_summary: reeve / " + name,
               comparison.ratio("reeve", name))


def growth(small, large, token):
    say("the same summary on an account of %d and of %d entries:" % (
        FEW, ENTRIES))
    path = "/v2/accounts/%%s/services/audit_summary?created_from=%d" \
        "&created_to=%d" % (START, START + DAYS * 86400 - 1)
    ratios = []
    for _ in range(ROUNDS):
        few, many = (wrk(path % account, token, connections=2)[0]
                     for account in (small, large))
        ratios.append(few / many)
    verdict("time with %d / time with %d" % (ENTRIES, FEW),
            statistics.median(ratios), 1.2, at_most=True)


def memory(account, token, workers):
    say("memory of the largest of %d workers, MiB (Rss, Pss):" % WORKERS)
    path = "/v2/accounts/%s/services/audit_summary/user?created_from=%d" \
        "&created_to=%d" % (account, START, START + 31 * 86400)
    done, sizes = 0, []
    for goal in (0, REQUESTS // 20, REQUESTS // 2, REQUESTS):
        while done < goal:
            done += wrk(path, token, 5)[3]
        sizes.append(resident(workers))
        say("  after %8d requests   %6.2f %6.2f" % ((done,) + sizes[-1]))
    verdict("Rss of an idle worker, MiB", sizes[-1][0], 8, at_most=True)
    verdict("Rss at the end / after %d requests" % (REQUESTS // 20),
            sizes[-1][0] / sizes[1][0], 1.05, at_most=True)


def writes(stack, accounts):
    def rate(procedure, connections, among):
        return float(output(
            [program("writes"), stack.demo["REEVE_DB_SOCKET"], procedure,
             str(connections), str(sized(0.4, 0.05)), *among]))

    many = "%d accounts" % len(accounts)
    for label, connections, among in (
            ("1 connection, " + many, 1, accounts),
            ("8 connections, " + many, 8, accounts),
            ("1 connection, 1 account", 1, accounts[:1])):
        say("an audit entry with its day row, %s:" % label)
        ours, pair = [], []
        for _ in range(sized(ROUNDS * 4, 1)):
            ours.append(rate("audit_entry_write", connections, among))
            pair.append(rate("bench_pair", connections, among))
        say("  audit_entry_write %.0f/s, bare pair of inserts %.0f/s" % (
            statistics.median(ours), statistics.median(pair)))
        verdict("audit_entry_write / bare pair, " + label, statistics.median(
            o / p for o, p in zip(ours, pair)), 0.80)


class Listing:
    """A page of audit entries, of which it shows two members of each
    document."""

    def __init__(self, stack, account, token):
        self.token = token
        self.path = "/v2/accounts/%s/services/audit?created_from=%d" \
            "&created_to=%d" % (account, START, START + 31 * 86400 - 1)

        def ask():
            answer = reeve.request("GET", self.path, token,
                                   url=stack.demo["REEVE_URL"])
            if answer.status != 200 or not answer.data:
                raise SystemExit("bench: %s: %r" % (self.path, answer))
            return answer

        answer = ask()
        self.rows = len(answer.data)
        self.statements = recorded(stack, ask)
        spawn_limits(stack, "listing", answer.body, self.statements)

    def measure(self, processes):
        comparison = Comparison(
            "a page of %d audit entries of %d bytes" % (
                self.rows, len(documents.text(documents.audit_document("0" * 32)))),
            limits("listing") + [Case("reeve", self.path, "reeve", self.token)],
            processes, 1)
        say("  calls: " + called(self.statements))
        for limit in ("constant", "calls"):
            remark("listing: reeve / " + limit,
                   comparison.ratio("reeve", limit))


class Audit:
    """Prepares, and then measures, all of the above."""

    def __init__(self, stack):
        self.stack = stack
        say("loading %d and %d audit entries ..." % (FEW, ENTRIES))
        self.small, self.large = (stack.create_account(name)
                                  for name in ("Small", "Large"))
        load_entries(stack, self.small, FEW)
        load_entries(stack, self.large, ENTRIES)
        self.token = stack.reevectl(
            "token", "issue", stack.demo["REEVE_MASTER_ID"], "--expiry", "1d")
        stack.spawn_workers("hello", "hello", {})
        environment = {
            "BENCH_DB": stack.demo["REEVE_DB_SOCKET"],
            "BENCH_ACCOUNT": self.small, "BENCH_FROM": str(START),
            "BENCH_TO": str(START + DAYS * 86400 - 1)}
        stack.spawn_workers("bare", "bare", environment)
        self.rivals = start_rivals(stack, "summary", environment)

        self.listing = Listing(stack, self.small, self.token)

    def measure(self, processes):
        summaries(self.small, self.token, processes, self.rivals)
        growth(self.small, self.large, self.token)
        self.listing.measure(processes)
        memory(self.small, self.token, processes["reeve"])
        writes(self.stack, self.stack.pair_accounts())
