# SPDX-License-Identifier: GPL-3.0-or-later
"""A storm of changes of objects and accounts while workers and connections are
killed: afterwards the stored quantities equal a recount of the objects. Also
an export that is imported again."""

import collections
import json
import os
import random
import signal
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVE, REEVECTL, Stack, StackTest,  # noqa: E402
                         Trouble, require)

SEED = int(os.environ.get("REEVE_SEED", random.randrange(10**6)))
THREADS = 6
ROUNDS = 30
PLAN = {"name": "Base", "plan": {
    "devices": {"_all": {"rate": 2, "cascade": True}, "fax": {"rate": 1}},
    "users": {"user": {"rate": 3, "activation_charge": 1},
              "admin": {"rate": 5}},
    "user_apps": {"voip": {"rate": 0.5}},
    "accounts": {"account": {"rate": 10, "cascade": True}}}}


@require(REEVE, REEVECTL)
class ObjectsTest(StackTest):
    pool = True
    bare = False
    options = {"workers": "4"}

    def setUp(self):
        stack = self.stack
        self.master_token = stack.issue_token(stack.master)
        self.resellers = [stack.create_account("Reseller", "--reseller")
                          for _ in range(2)]
        self.accounts = [stack.create_account("Account", "--parent", parent)
                         for parent in self.resellers for _ in range(3)]
        for reseller in self.resellers:
            token = stack.issue_token(reseller)
            self.ask("PUT", reseller, "/service_plans", dict(PLAN, id="base"),
                     token)
        for account, reseller in zip(self.accounts, [
                r for r in self.resellers for _ in range(3)]):
            self.ask("POST", account, "/services", {"add": ["base"]},
                     stack.issue_token(reseller))

    def ask(self, method, account, rest="", data=None, token=None, **headers):
        return self.stack.insist(
            method, "/v2/accounts/%s%s?accept_charges=true" % (account, rest),
            token or self.master_token, data, **headers)

    def assert_no_drift(self):
        done = self.stack.reevectl("recount", "--all", "--dry-run", check=False)
        self.assertEqual(0, done.returncode,
                         "REEVE_SEED=%d\n%s" % (SEED, done.stdout))


class Storm(ObjectsTest):
    def device(self, dice):
        return {"name": "d", "device_type": dice.choice(
            ("sip_device", "fax", "cellphone")),
            "enabled": dice.random() < 0.8}

    def act(self, dice, mine):
        """Sends one request; adds the ids of new objects to mine."""
        account = dice.choice(self.accounts)
        kind = dice.randrange(9)
        if kind == 0 and mine:
            noun, account, thing = dice.choice(mine)
            return self.ask("DELETE", account, "/%s/%s" % (noun, thing))
        if kind == 1 and mine:
            noun, account, thing = dice.choice(mine)
            return self.ask("PATCH", account, "/%s/%s" % (noun, thing),
                            {"enabled": dice.random() < 0.5})
        if kind == 2:
            return self.ask("POST", account, "/limits", {
                "twoway_trunks": dice.randrange(5)})
        if kind == 3:
            return self.ask("PUT", account, "/devices/collection", [
                self.device(dice) for _ in range(dice.randrange(4))])
        if kind == 4:
            return self.ask("POST", account, "/move", {
                "to": dice.choice(self.resellers + self.accounts)})
        if kind == 5:
            return self.ask("PUT", account, data={"name": "child"})
        if kind == 6:
            return self.ask("PATCH", account, data={
                "enabled": dice.random() < 0.7})
        noun = dice.choice(("devices", "users"))
        answer = self.ask("PUT", account, "/" + noun, self.device(dice) if
                          noun == "devices" else {
                              "first_name": "A", "last_name": "B",
                              "priv_level": dice.choice(("user", "admin"))})
        if answer.status == 201:
            mine.append((noun, account, answer.data["id"]))
        return answer

    def kill(self, dice):
        if self.killed["worker"] <= self.killed["connection"]:
            os.kill(dice.choice(self.stack.workers()), signal.SIGKILL)
            self.killed["worker"] += 1
        else:
            for connection in self.stack.connections()[:1]:
                self.stack.sql("KILL CONNECTION %d" % connection)
                self.killed["connection"] += 1

    def run_storm(self, killed):
        app = self.ask("PUT", self.stack.master, "/apps", {"name": "voip"})
        for account in self.accounts:
            self.ask("PUT", account, "/apps_store/" + app.data["id"],
                     {"allowed_users": "all"})
        statuses, wrong = collections.Counter(), []
        self.killed = collections.Counter()

        def storm(n):
            dice, mine = random.Random(SEED + n), []
            for _ in range(ROUNDS):
                try:
                    answer = self.act(dice, mine)
                except (OSError, ValueError, KeyError):
                    statuses["killed"] += 1
                    continue
                trouble.done()
                statuses[answer.status] += 1
                if answer.status not in (200, 201, 400, 404) and \
                        "last admin" not in str(answer.envelope) and \
                        not (killed and (answer.status in (500, 503) or
                             answer.envelope.get("message") == "uncertain")):
                    wrong.append(answer)

        threads = [threading.Thread(target=storm, args=(n,))
                   for n in range(THREADS)]
        dice = random.Random(SEED)
        with Trouble(lambda: killed and self.kill(dice), dice) as trouble:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        self.assertEqual([], wrong, "REEVE_SEED=%d" % SEED)
        self.assertGreater(statuses[200] + statuses[201],
                           THREADS * ROUNDS // 3, statuses)
        self.assert_no_drift()
        for account in self.accounts + self.resellers:
            self.assert_verified(account)

    def test_nothing_drifts(self):
        self.run_storm(False)

    def test_nothing_drifts_while_workers_are_killed(self):
        self.run_storm(True)
        self.assertLessEqual({"worker", "connection"}, set(self.killed))


class Drift(ObjectsTest):
    def test_drift_is_found_and_corrected(self):
        account = self.accounts[0]
        self.ask("PUT", account, "/devices", {"name": "d"})
        self.stack.sql("UPDATE service_quantity SET quantity = 7 WHERE "
                       "account_id = '%s' AND item = 'sip_device'" % account)
        done = self.stack.reevectl("recount", account, "--dry-run",
                                   check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("account devices/sip_device: 7 stored, 1 counted",
                      done.stdout)
        self.stack.reevectl("recount", "--all")
        self.assert_no_drift()
        line = self.ask("GET", account, "/services/summary").data["invoices"]
        self.assertEqual(1, [i["billable"] for i in line[0]["items"]
                             if i["category"] == "devices"][0])


class Written(ObjectsTest):
    def test_a_dry_run_sees_no_drift_in_accounts_that_are_written(self):
        over = threading.Event()
        statuses = []

        def write():
            while not over.is_set():
                statuses.append(self.ask("PUT", self.accounts[0], "/devices", {
                    "name": "d", "device_type": "sip_device"}).status)

        writers = [threading.Thread(target=write) for _ in range(3)]
        for writer in writers:
            writer.start()
        try:
            for _ in range(9):
                self.assert_no_drift()
        finally:
            over.set()
            for writer in writers:
                writer.join()
        self.assertEqual({201}, set(statuses))


@require(REEVE, REEVECTL)
class Recounted(ObjectsTest):
    def test_no_correction_sends_no_message(self):
        before = self.stack.number("SELECT COUNT(*) FROM audit_entry")
        self.stack.reevectl("recount", "--all")
        self.assertEqual(before, self.stack.number(
            "SELECT COUNT(*) FROM audit_entry"))


class Exported(ObjectsTest):
    def exported(self, stack):
        return sorted(json.dumps(json.loads(line), sort_keys=True) for line in
                      stack.reevectl("export").stdout.splitlines())

    def test_an_imported_export_is_identical(self):
        account = self.accounts[0]
        for noun, data in (
                ("devices", {"name": "d", "device_type": "fax"}),
                ("users", {"first_name": "A", "last_name": "B",
                           "username": "ann", "password": "secret99"}),
                ("vmboxes", {"name": "v", "mailbox": "100"}),
                ("phone_numbers/4155551234", {"cnam": {"display_name": "x"}}),
                ("whitelabel", {"domain": "a.example.com"}),
                ("port_requests", {"name": "p", "numbers": {"+14155550123": {}}})):
            answer = self.ask("PUT", account, "/" + noun, data)
            self.assertEqual(201, answer.status, answer)
        self.ask("POST", account, "/services/manual", {"d": {"x": 2}})
        app = self.ask("PUT", self.stack.master, "/apps", {"name": "crm"})
        self.ask("PUT", account, "/apps_store/" + app.data["id"],
                 {"allowed_users": "all"})
        with self.subTest("a pinned version of a plan"):
            token = self.stack.issue_token(self.resellers[0])
            plans = "/service_plans"
            self.ask("PUT", self.resellers[0], plans, {
                "id": "pin", "name": "Pin",
                "plan": {"devices": {"fax": {"rate": 3}}}}, token)
            self.ask("POST", self.resellers[0], plans + "/pin", {
                "name": "Pin", "plan": {"devices": {"fax": {"rate": 4}}}},
                token)
            answer = self.ask("POST", account, "/services", {
                "add": [{"id": "pin", "version": 1}]}, token)
            self.assertEqual(200, answer.status, answer)
        first = self.exported(self.stack)
        other = Stack()
        self.addCleanup(other.close)
        text = self.stack.reevectl("export").stdout
        other.reevectl("import", "-", stdin=text)
        self.assertEqual(first, self.exported(other))
        with self.subTest("and nothing drifts there"):
            done = other.reevectl("recount", "--all", "--dry-run", check=False)
            self.assertEqual(0, done.returncode, done.stdout)


if __name__ == "__main__":
    unittest.main()
