# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects and accounts: creation, long lists, recount of a tree, and the
growth of their cost with the tree (t/bench/README)."""

import json
import statistics
import time

import documents
from lab import Case, Comparison, ROUNDS, remark, say, sized, verdict, wrk
from plans import Customers
from replay import called, limits, recorded, spawn_limits

OBJECTS = sized(100000, 120)
TREE = sized(10000, 120)
FEW = 100
DEPTH = sized(20, 4)
DEVICE = documents.device()
NUMBERS = " CROSS JOIN ".join(
    "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3"
    " UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL"
    " SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9) AS t%d" % i
    for i in range(5))
NUMBER = " + ".join("t%d.d * %d" % (i, 10 ** i) for i in range(5))


def load_objects(stack, account, kind, item, document, count):
    stack.sql("""
        INSERT INTO object (account_id, kind, id, document, created, modified)
        SELECT '{0}', '{5}', LPAD(HEX(n), 32, '0'), '{1}', 1, 1
          FROM (SELECT {2} AS n FROM {3}) AS x WHERE n < {4};
        INSERT INTO service_source
        SELECT account_id, CONCAT('{5}/', id), '{5}', '{6}', 1
          FROM object WHERE account_id = '{0}' AND kind = '{5}';
        REPLACE INTO service_quantity
        VALUES ('{0}', 'account', '{5}', '{6}', {4});
        ANALYZE TABLE object, service_source;""".format(
            account, documents.text(document), NUMBER, NUMBERS, count, kind,
            item))


def load_account(stack, account, count):
    load_objects(stack, account, "devices", "sip_device", DEVICE, count)
    load_objects(stack, account, "users", "user", documents.user(0), count)


def load_children(stack, parent, prefix, count):
    """Creates children of an account, with the quantity of each."""
    stack.sql("""
        CREATE TEMPORARY TABLE born AS
        SELECT LPAD(CONCAT('{1}', HEX(n)), 32, '0') AS id
          FROM (SELECT {2} AS n FROM {3}) AS x WHERE n < {4};
        INSERT INTO account (id, parent_id, reseller_id, name, name_key,
                             document, created, modified)
        SELECT LOWER(id), '{0}', '{0}', 'Born', 'born', '{5}', 1, 1 FROM born;
        INSERT INTO account_closure
        SELECT LOWER(id), LOWER(id), 0 FROM born;
        INSERT INTO account_closure
        SELECT c.ancestor_id, LOWER(b.id), c.depth + 1
          FROM born AS b JOIN account_closure AS c
         WHERE c.descendant_id = '{0}';
        INSERT INTO service (account_id, billing_id, overrides, document,
                             modified)
        SELECT LOWER(id), LOWER(id), '{{}}', '{{}}', 1 FROM born;
        INSERT INTO audit_head
        SELECT LOWER(id), 0, REPEAT(CHAR(0), 32) FROM born;
        INSERT INTO service_source
        SELECT LOWER(id), 'account', 'accounts', 'account', 1 FROM born;
        INSERT INTO service_quantity
        SELECT LOWER(id), 'account', 'accounts', 'account', 1 FROM born;
        UPDATE account SET descendants = descendants + {4}
         WHERE id IN (SELECT ancestor_id FROM account_closure
                       WHERE descendant_id = '{0}');
        DROP TEMPORARY TABLE born;
        ANALYZE TABLE account, account_closure, service, service_quantity;
        """.format(parent, prefix, NUMBER, NUMBERS, count,
                   documents.text(documents.account())))


def path_of(account, noun):
    return "/v2/accounts/%s/%s" % (account, noun)


class Creating:
    """PUT of a device into an account with or without a plan for it."""

    def __init__(self, stack, customers, name, account):
        self.name = name
        self.token = customers.token
        self.path = path_of(account, "devices")
        self.body = stack.keep(name + ".json", json.dumps(
            {"data": DEVICE, "accept_charges": True}))

        def create():
            return customers.ask("PUT", self.path, DEVICE)

        answer = create()
        self.statements = recorded(stack, create)
        spawn_limits(stack, name, answer.body, self.statements)

    def measure(self, processes):
        requests = ("PUT", self.body)
        comparison = Comparison(
            "creating a device, %s" % self.name.replace("-", " "),
            limits(self.name, requests) +
            [Case("reeve", self.path, "reeve", self.token, requests)],
            processes, 1, ROUNDS * 2)
        say("  calls: " + called(self.statements))
        for limit in ("constant", "calls"):
            remark("%s: reeve / %s" % (self.name, limit),
                   comparison.ratio("reeve", limit))


def compare_reads(what, few, many, token, most):
    """The same request with few and with many objects or accounts."""
    ratios = []
    for _ in range(ROUNDS):
        ratios.append(wrk(few, token, connections=2)[0] /
                      wrk(many, token, connections=2)[0])
    verdict(what, statistics.median(ratios), most, at_most=True)


def seconds(stack, *arguments):
    start = time.monotonic()
    stack.reevectl(*arguments)
    return time.monotonic() - start


class Objects:
    """Prepares, and then measures, all of the above."""

    def __init__(self, stack):
        self.stack = stack
        say("loading %d devices, as many users, and %d accounts ..." % (
            OBJECTS, TREE))
        self.customers = customers = Customers(stack)
        self.creating = [
            Creating(stack, customers, "priced",
                     customers.add("Bench Priced")),
            Creating(stack, customers, "unpriced",
                     stack.create_account("Bench Unpriced",
                                          customers.reseller))]
        self.few, self.many = (stack.create_account(name, customers.reseller)
                               for name in ("Few", "Many"))
        load_account(stack, self.few, FEW)
        load_account(stack, self.many, OBJECTS)
        self.narrow, self.broad = (
            stack.create_account(name, None, "--reseller")
            for name in ("Narrow", "Broad"))
        load_children(stack, self.narrow, "a", FEW)
        load_children(stack, self.broad, "b", TREE)
        self.deep = customers.reseller
        for n in range(DEPTH - 2):
            self.deep = stack.create_account("Depth %d" % n, self.deep)
        self.master = stack.reevectl("token", "issue",
                                     stack.demo["REEVE_MASTER_ID"])

    def measure(self, processes):
        for part in self.creating:
            part.measure(processes)
        token = self.customers.token
        say("lists of many objects and accounts:")
        for noun in ("devices", "users"):
            compare_reads("a page of %d %s / of %d" % (OBJECTS, noun, FEW),
                          path_of(self.few, noun), path_of(self.many, noun),
                          token, 1.5)
        compare_reads(
            "the page in the middle / the first", path_of(self.many, "devices"),
            path_of(self.many, "devices?start_key=%032X" % (OBJECTS // 2)),
            token, 1.5)
        compare_reads("children of %d accounts / of %d" % (TREE, FEW),
                      path_of(self.narrow, "children"),
                      path_of(self.broad, "children"), self.master, 1.5)
        compare_reads("descendants of %d accounts / of %d" % (TREE, FEW),
                      path_of(self.narrow, "descendants"),
                      path_of(self.broad, "descendants"), self.master, 1.5)
        self.measure_depth()
        self.measure_recount()

    def measure_depth(self):
        ratios = []
        body = self.creating[0].body
        shallow = self.stack.create_account("Shallow", None)
        for _ in range(ROUNDS):
            rates = [wrk(path_of(account, "devices"), self.master,
                         connections=1, requests=("PUT", body))[0]
                     for account in (shallow, self.deep)]
            ratios.append(rates[0] / rates[1])
        remark("creating at depth %d / at depth 1, time" % DEPTH,
               statistics.median(ratios))

    def measure_recount(self):
        # Nothing has counted loaded objects, and those of the bare workers.
        self.stack.reevectl("recount", "--all")
        small = seconds(self.stack, "recount", self.narrow, "--dry-run")
        whole = seconds(self.stack, "recount", "--all", "--dry-run")
        accounts = int(self.stack.sql(
            "SELECT COUNT(*) FROM account WHERE deleted IS NULL"))
        say("  recount --all --dry-run: %d accounts, %d devices in %.1f s "
            "(%.0f accounts/s; one account %.2f s)" % (
                accounts, OBJECTS + FEW, whole, accounts / whole, small))
