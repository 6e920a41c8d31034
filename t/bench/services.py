# SPDX-License-Identifier: GPL-3.0-or-later
"""Summaries, quotes and changes of services compared with their limits
(t/bench/README)."""

import json

from lab import (ATTEMPTS, CONNECTIONS, Case, Comparison, ROUNDS, WORKERS,
                 figures, output, program, remark, resident, say, sized)
from plans import Customers, LINES, PLANS, check_invoice, quantities, services
from replay import called, limits, recorded, spawn_limits

MANY = sized(64, 2)


class Reading:
    """Summaries or quotes of one account."""

    def __init__(self, stack, customers, name, method, data=None):
        self.name = name
        self.token = customers.token
        self.path = services(customers.add("Bench " + name), "/" + name)

        def ask():
            return customers.ask(method, self.path, data)

        answer = ask()
        check_invoice(answer.data["invoices"])
        self.statements = recorded(stack, ask)
        spawn_limits(stack, name, answer.body, self.statements)
        self.requests = () if data is None else (
            method, stack.keep(name + ".json", json.dumps({"data": data})))

    def measure(self, processes):
        comparison = Comparison(
            "%s, an invoice of %d lines from 3 plans" % (self.name, LINES),
            limits(self.name, self.requests) +
            [Case("reeve", self.path, "reeve", self.token, self.requests)],
            processes, 1, ROUNDS * 2)
        say("  calls: " + called(self.statements))
        for limit in ("constant", "calls"):
            remark("%s: reeve / %s" % (self.name, limit),
                   comparison.ratio("reeve", limit))


class Pair:
    """A case without HTTP: the bare pair of inserts, as writes.c makes it."""
    name = "pair"
    workers = None

    def __init__(self, stack, accounts):
        self.command = [program("writes"), stack.demo["REEVE_DB_SOCKET"],
                        "bench_pair", str(WORKERS)]
        self.accounts = accounts

    def measure(self, seconds):
        seconds = sized(seconds, 0.05)
        rate = float(output(self.command + [str(seconds), *self.accounts]))
        return rate, None, None, int(rate * seconds)


class Committing:
    """Changes of a manual quantity of a number of accounts, from all
    workers."""

    def __init__(self, stack, customers, count):
        self.stack = stack
        self.name = "commit, " + ("1 account" if count == 1 else
                                  "%d accounts" % count)
        self.place = "commit-%d" % count
        self.token = customers.token
        self.accounts = customers.add_many("Bench Changed", count)
        self.paths = [services(a, "/manual") for a in self.accounts]
        self.body = stack.keep(
            "change.json", '{"data":{"devices":{"sip_device":NUMBER}},'
            '"accept_charges":true}')

        def change(account):
            return customers.ask("PATCH", services(account, "/manual"),
                                 {"devices": {"sip_device": 31}})

        # On separate accounts: the replayed statements do not fit these.
        replayed = customers.add_many("Bench Replayed", count)
        self.statements = [recorded(stack, lambda a=a: change(a))
                           for a in replayed]
        spawn_limits(stack, self.place, change(self.accounts[0]).body,
                     *self.statements)

    def entries(self):
        return int(self.stack.sql(
            "SELECT COUNT(*) FROM audit_entry WHERE account_id IN (%s)" %
            ",".join("'%s'" % account for account in self.accounts)))

    def measure(self, processes):
        requests = ("PATCH", self.body)
        before = self.entries()
        comparison = Comparison(
            "%s: a manual quantity, an invoice of %d lines" % (
                self.name, LINES),
            limits(self.place, requests) +
            [Pair(self.stack, self.stack.pair_accounts()[:len(self.paths)]),
             Case("reeve", self.paths[0], "reeve", self.token,
                  requests + tuple(self.paths))],
            processes, 1, ROUNDS * 2)
        say("  calls: " + called(self.statements[0]))
        for limit in ("constant", "calls", "pair"):
            remark("%s: reeve / %s" % (self.name, limit),
                   comparison.ratio("reeve", limit))
        self.check_entries(self.entries() - before, comparison)

    def check_entries(self, written, comparison):
        """Every answered change has its entries; changes in progress when wrk
        stopped may have them, too."""
        each = sum(s.startswith(b"CALL audit_entry_write(")
                   for s in self.statements[0])
        least = comparison.answers("reeve") * each
        most = least + (ROUNDS * 2 + 1) * ATTEMPTS * CONNECTIONS * each
        say("  %d changes answered, %d audit entries, %d each: %s" % (
            comparison.answers("reeve"), written, each,
            "ok" if least <= written <= most else "WRONG"))
        figures["%s: audit entries" % self.name] = {"value": written}
        if not least <= written <= most:
            raise SystemExit("bench: changes were answered that have no audit "
                             "entries, or others")


def verify(stack, accounts):
    """Verifies the trail of every changed account."""
    for account in accounts:
        stack.reevectl("audit", "verify", account)
    say("audit verify: %d accounts are ok" % len(accounts))


class Services:
    """Prepares, and then measures, all of the above."""

    def __init__(self, stack):
        self.stack = stack
        say("assigning plans to accounts, recording what requests call ...")
        self.customers = customers = Customers(stack)
        self.reading = [
            Reading(stack, customers, "summary", "GET"),
            Reading(stack, customers, "quote", "POST", {
                "add": list(PLANS), "quantities": {"manual": quantities(41)}})]
        self.committing = [Committing(stack, customers, count)
                           for count in (1, MANY)]

    def measure(self, processes):
        for part in self.reading + self.committing:
            part.measure(processes)
        verify(self.stack, [self.customers.reseller] + sum(
            (part.accounts for part in self.committing), []))
        say("the largest of %d workers now: %.2f MiB Rss" % (
            WORKERS, resident(processes["reeve"])[0]))
