# SPDX-License-Identifier: GPL-3.0-or-later
"""Changes over several connections at once, while workers and connections are
killed: the stored quantities always equal a recount from scratch."""

import collections
import os
import random
import signal
import sys
import threading
import unittest
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVE, REEVECTL, InBackground,  # noqa: E402
                         StackTest, Trouble, require)
from reeve import new_id  # noqa: E402

SEED = int(os.environ.get("REEVE_SEED", random.randrange(10**6)))
THREADS = 6
ROUNDS = 40

# Three plans of one bookkeeper; the last plan that sets a field wins.
PLANS = {
    "p%d" % n: {"name": "P%d" % n, "merge": {"priority": n}, "plan": {
        "devices": {"sip_device": {"rate": 1 + n, "cascade": n % 2 == 1,
                                   "minimum": n},
                    "_all": {"rate": 2, "step": 2}},
        "users": {"user": {"rate": 3.1, "activation_charge": 1,
                           "cascade": True}}}} for n in range(3)}
COUNTED = (("devices", "sip_device"), ("devices", "fax"), ("users", "user"))


# ---- a small model of prices ----

def overlay(left, right):
    for key, value in right.items():
        if value is None:
            left.pop(key, None)
        elif isinstance(value, dict):
            if value:
                overlay(left.setdefault(key, {}), value)
        else:
            left[key] = value
    return left


def quantity(tables, category, item, plan):
    own = dict(tables["account"].get(category, {}))
    own.update(tables["manual"].get(category, {}))
    below = tables["cascade"].get(category, {}) if plan.get("cascade") else {}
    if item == "_all":
        return sum(own.values()) + sum(below.values())
    return own.get(item, 0) + below.get(item, 0)


def price(summary):
    """{(category, item): (billable, total)} of an account's own summary."""
    merged = {}
    for plan in sorted(summary["plans"]):
        both = overlay(overlay({}, summary["overrides"]),
                       summary["plans"][plan]["overrides"])
        overlay(merged, overlay(overlay({}, PLANS[plan]["plan"]),
                                both.get("plan", {})))
    lines = {}
    for category, items in merged.items():
        for item, plan in items.items():
            if not plan:
                continue
            step = plan.get("step", 1)
            n = quantity(summary["quantities"], category, item, plan)
            n = max(-(-n // step), -(-plan.get("minimum", 0) // step)) * step
            lines[category, item] = n, n * Decimal(str(plan.get("rate", 0)))
    return lines


# ---- accounts on three levels ----

@require(REEVE, REEVECTL)
class ChangesTest(StackTest):
    pool = True
    options = {"workers": "4"}

    def setUp(self):
        stack = self.stack
        self.reseller = stack.create_account("Reseller", "--reseller")
        self.token = stack.issue_token(self.reseller)
        self.parent = stack.create_account("Parent", "--parent", self.reseller)
        self.children = [stack.create_account("Child", "--parent", self.parent)
                         for _ in range(3)]
        for plan, document in PLANS.items():
            answer = self.ask("PUT", "/v2/accounts/%s/service_plans" %
                              self.reseller, dict(document, id=plan))
            self.assertEqual(201, answer.status, answer)

    def ask(self, method, path, data=None, **headers):
        return self.stack.insist(method, path + "?accept_charges=true",
                                 self.token, data, **headers)

    def services(self, account, rest=""):
        return "/v2/accounts/%s/services%s" % (account, rest)

    def table(self, account, scope):
        return {(row[0], row[1]): int(row[2]) for row in self.stack.sql(
            "SELECT category, item, quantity FROM service_quantity WHERE "
            "account_id = '%s' AND scope = '%s'" % (account, scope))}

    def assert_counted(self, account):
        """The stored quantities equal a count from scratch."""
        own = {(row[0], row[1]): int(row[2]) for row in self.stack.sql(
            "SELECT category, item, SUM(quantity) FROM service_source WHERE "
            "account_id = '%s' GROUP BY category, item "
            "HAVING SUM(quantity) <> 0" % account)}
        self.assertEqual(own, self.table(account, "account"))
        below = {(row[0], row[1]): int(row[2]) for row in self.stack.sql(
            "SELECT category, item, SUM(quantity) FROM service_quantity AS q "
            "JOIN account_closure AS c ON c.descendant_id = q.account_id "
            "WHERE c.ancestor_id = '%s' AND c.depth > 0 AND q.scope = 'account'"
            " GROUP BY category, item" % account)}
        self.assertEqual(below, self.table(account, "cascade"))

    def assert_priced(self, account):
        """Every line matches the model."""
        summary = self.stack.get(self.services(account, "/summary"),
                                 self.token).data
        found = {(line["category"], line["item"]):
                 (line["billable"], Decimal(str(line["total"])))
                 for invoice in summary["invoices"]
                 for line in invoice["items"]}
        self.assertEqual(price(summary), found)
        self.assert_added_up(account, summary["quantities"])
        return found

    def assert_audited(self, account, found):
        """The daily sums of billed quantities equal the lines."""
        billable = collections.Counter()
        for (_, item), (n, _) in found.items():
            billable[item] += n
        net = collections.Counter()
        for service, days in self.stack.get(self.services(
                account, "/audit_summary"), self.token).data.items():
            for day in days:
                for row in day.values():
                    net[service] += row["addition"] - row["removal"]
        self.assertEqual(+billable, +net)

    def assert_added_up(self, account, tables):
        """The changes of quantities add up to the current ones."""
        total = collections.Counter()
        for category, item in COUNTED:
            own, below, typed = (tables[t].get(category, {})
                                 for t in ("account", "cascade", "manual"))
            total[item] += typed.get(item, own.get(item, 0)) + \
                below.get(item, 0)
        net = collections.Counter()
        for year in self.stack.get(self.services(account, "/audit/summary"),
                                   self.token).data:
            for service, days in year.items():
                for row in days.values():
                    net[service] += row["addition"] - row["removal"]
        self.assertEqual(+total, +net)

    def assert_sound(self, audited):
        for account in [self.reseller, self.parent] + self.children:
            with self.subTest(account=account, seed=SEED, audited=audited):
                self.assert_counted(account)
                found = self.assert_priced(account)
                if audited:
                    self.assert_audited(account, found)
                self.assert_verified(account)

    def drift(self, account, source, category, item, n):
        self.stack.sql("REPLACE INTO service_source VALUES ('%s', '%s', '%s', "
                       "'%s', %d)" % (account, source, category, item, n))

    def in_threads(self, work):
        wrong = []

        def run(n):
            try:
                work(random.Random(SEED + n))
            except Exception as problem:
                wrong.append(problem)

        threads = [threading.Thread(target=run, args=(n,))
                   for n in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([], wrong, "REEVE_SEED=%d" % SEED)


class Storm(ChangesTest):
    def change(self, dice):
        account = dice.choice(self.children + [self.parent])
        plan = dice.choice(list(PLANS))
        kind = dice.randrange(8)
        if kind == 0:
            return self.ask("POST", self.services(account, "/" + plan), {
                "overrides": {"plan": {"devices": {"sip_device": {
                    "rate": dice.randrange(5)}}}}})
        if kind == 1:
            return self.ask("DELETE", self.services(account, "/" + plan))
        if kind == 2:
            return self.ask("PATCH", self.services(account, "/manual"), {
                "devices": {dice.choice(("sip_device", "fax")):
                            dice.choice((None, 0, 1, 5))}})
        if kind == 3:
            return self.ask("PATCH", self.services(account, "/overrides"), {
                "plan": {"users": {"user": {
                    "rate": dice.choice((None, 1, 2.25))}}}})
        if kind == 4:
            return self.ask("POST", self.services(account, "/manual"), {
                "users": {"user": dice.randrange(4)}})
        if kind == 5:
            # Reverted at once: the model knows only one version.
            path = "/v2/accounts/%s/service_plans/p1" % self.reseller
            for rate in (7, 2):
                answer = self.ask("PATCH", path, {"plan": {"devices": {
                    "sip_device": {"rate": rate, "minimum": rate // 2}}}})
            return answer
        self.drift(account, "o%d" % dice.randrange(4), *dice.choice(COUNTED),
                   dice.randrange(5))
        return self.ask("POST", self.services(account, "/reconciliation"))

    def test_random_changes_of_a_tree_at_once(self):
        self.ask("POST", self.services(self.parent), {"add": list(PLANS)})
        statuses = collections.Counter()

        def storm(dice):
            for _ in range(ROUNDS):
                answer = self.change(dice)
                statuses[answer.status] += 1
                if answer.status not in (200, 404):  # not assigned: 404
                    raise AssertionError(answer)

        self.in_threads(storm)
        self.assertGreater(statuses[200], THREADS * ROUNDS // 2)
        # Checked before a recount, which would repair it.
        self.assert_sound(audited=False)
        # A plan that changed without its account has its lines audited now.
        for account in self.children + [self.parent, self.reseller]:
            self.stack.request("POST", self.services(account, "/reconciliation"),
                               self.stack.issue_token(self.stack.master))
        self.assert_sound(audited=True)


class Locked(ChangesTest):
    def test_ancestors_are_read_after_other_changes_end(self):
        """Otherwise concurrent changes of other descendants would be lost."""
        add = lambda: self.ask("PUT", "/v2/accounts/%s/devices" %
                               self.children[0], {"name": "d"})
        device = ("devices", "sip_device")
        self.assertEqual(201, add().status)
        self.assertEqual({device: 1}, self.table(self.parent, "cascade"))
        holder = self.stack.session()
        self.addCleanup(holder.close)
        holder.run(
            "BEGIN; SELECT version FROM service WHERE account_id = '{0}' FOR "
            "UPDATE; UPDATE service_quantity SET quantity = 6 WHERE account_id "
            "= '{0}' AND scope = 'cascade'".format(self.parent))
        adding = InBackground(add)
        self.stack.wait_for_lock_wait(unless=lambda: adding.answer)
        self.assertIsNone(adding.answer, "it did not wait")
        holder.run("COMMIT")
        self.assertEqual(201, adding.result().status)
        self.assertEqual({device: 7}, self.table(self.parent, "cascade"))


class Killed(ChangesTest):
    EACH = 20

    def kill(self, dice):
        """Kills a worker, or a worker's connection."""
        if self.killed["worker"] <= self.killed["connection"]:
            os.kill(dice.choice(self.stack.workers()), signal.SIGKILL)
            self.killed["worker"] += 1
        else:
            for connection in self.stack.connections()[:1]:
                self.stack.sql("KILL CONNECTION %d" % connection)
                self.killed["connection"] += 1

    def until_answered(self, account, item):
        """Adds one to an item; repeats the request with the same key until it
        is answered."""
        key = new_id()
        for _ in range(200):
            try:
                answer = self.ask("PATCH", self.services(account, "/manual"),
                                  {item: {"x": 1}}, IDEMPOTENCY_KEY=key)
            except (OSError, ValueError, KeyError):
                continue  # the worker was killed meanwhile
            self.trouble.done()
            if answer.status == 200:
                return
        raise AssertionError("never answered")

    def test_each_change_is_made_once(self):
        account = self.children[0]
        self.killed, dice = collections.Counter(), random.Random(SEED)
        with Trouble(lambda: self.kill(dice), dice, 0.03) as self.trouble:
            self.in_threads(lambda dice: [
                self.until_answered(account, new_id())
                for _ in range(self.EACH)])
        self.assertLessEqual({"worker", "connection"}, set(self.killed))
        self.assertEqual(THREADS * self.EACH, self.stack.number(
            "SELECT COUNT(*) FROM service_quantity WHERE account_id = '%s'"
            % account))
        for form in ("invoice", "quantities"):
            self.assertEqual(THREADS * self.EACH, self.stack.number(
                "SELECT COUNT(*) FROM audit_entry WHERE account_id = '%s' "
                "AND form = '%s'" % (account, form)))
        self.assertEqual(0, self.stack.number(
            "SELECT COUNT(*) FROM remembered_answer WHERE status = 0"))
        self.assert_verified(account)


if __name__ == "__main__":
    unittest.main()
