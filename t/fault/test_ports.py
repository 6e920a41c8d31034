# SPDX-License-Identifier: GPL-3.0-or-later
"""Port requests of before: of a database that is migrated, and of a Kazoo's dump.
And completions while workers are killed: each is charged once or not at all."""

import json
import os
import random
import signal
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY_0, REEVE, REEVECTL, StackTest,  # noqa: E402
                         Trouble, require)

SEED = int(os.environ.get("REEVE_SEED", random.randrange(10**6)))


def held(stack):
    """{number: request} of the numbers that requests hold."""
    return dict(stack.sql("SELECT number, port_id FROM port_number"
                          " WHERE held IS NOT NULL ORDER BY number"))


def held_by(stack, *accounts):
    return dict(stack.sql("SELECT number, port_id FROM port_number"
                          " WHERE held IS NOT NULL AND account_id IN ('%s')" %
                          "', '".join(accounts)))


@require(REEVECTL)
class Migrated(StackTest):
    def migrate(self, *ports):
        """A database of before: requests, and what they held then."""
        rows = []
        for account, port, document in ports:
            rows.append("('%s', 'port_requests', '%s', NULL, '%s', 1, 1)" % (
                account, port, json.dumps(document)))
        self.stack.sql(
            "DROP TABLE port_number; DELETE FROM object;"
            " DELETE FROM schema_migration WHERE name IN"
            " ('0042-port-numbers', '0048-unconfirmed-ports');"
            " INSERT INTO object VALUES " + ", ".join(rows))
        self.stack.reevectl("migrate")

    def test_what_is_not_submitted_gives_its_numbers_back(self):
        account = self.stack.create_account()
        self.migrate(*((account, state, {
            "numbers": {"+1415555000%d" % n: {}}, "port_state": state})
            for n, state in enumerate((
                "unconfirmed", "submitted", "pending", "scheduled", "rejected",
                "completed", "canceled", "weird"))),
            (account, "none", {"numbers": {"+14155550009": {}}}))
        self.assertEqual(["submitted", "pending", "scheduled", "rejected"],
                         list(held(self.stack).values()))

    def test_open_requests_hold_their_numbers(self):
        stack = self.stack
        one, two = sorted(stack.create_account() for _ in range(2))
        submitted = {"port_state": "submitted"}
        self.migrate(
                (one, "open", {"numbers": {"+1": {}, "+2": {"a": "}"}},
                               **submitted}),
                (one, "submitted", {"numbers": {"+3": {}},
                                    "port_state": "submitted"}),
                (one, "closed", {"numbers": {"+4": {}},
                                 "port_state": "completed"}),
                (one, "none", {"name": "no numbers"}),
                (one, "list", {"numbers": ["+9"]}),
                (two, "second", {"numbers": {"+1": {}, "+4": {}, "+5": {}},
                                 **submitted}),
                (two, "canceled", {"numbers": {"+5": {}},
                                   "port_state": "canceled"}))
        self.assertEqual({"+1": "open", "+2": "open", "+3": "submitted",
                          "+4": "second", "+5": "second"}, held(stack))
        self.assertEqual([["+1", "2"], ["+4", "2"], ["+5", "2"]], stack.sql(
            "SELECT number, COUNT(*) FROM port_number GROUP BY number"
            " HAVING COUNT(*) > 1 ORDER BY number"))


def transition(before, after, moment):
    return {"type": "transition", "timestamp": DAY_0 + moment,
            "transition": {"previous": before, "new": after},
            "authorization": {"account": {"id": "f" * 32}}}


@require(REEVE, REEVECTL)
class Dumped(StackTest):
    maxDiff = None
    pool = True
    bare = False

    def port(self, number, state, account, numbers, *transitions, **more):
        return dict({
            "_id": number, "pvt_type": "port_request", "pvt_created": DAY_0,
            "pvt_account_id": account, "pvt_port_state": state, "name": number,
            "numbers": {n: {} for n in numbers},
            "pvt_transitions": list(transitions)}, **more)

    def test_requests_of_a_dump_count_hold_and_go_on(self):
        stack = self.stack
        again = (transition("submitted", "rejected", 3),
                 transition("unconfirmed", "submitted", 2))
        one, two = (stack.create_account() for _ in range(2))
        stack.import_documents([
            self.port("a" * 32, "submitted", one, ["4155550001", "+14155550002"],
                      transition("unconfirmed", "submitted", 1)),
            self.port("b" * 32, "submitted", one, ["+14155550003"],
                      transition("rejected", "submitted", 4), *again),
            # A Kazoo moves the numbers of a completed request elsewhere.
            self.port("c" * 32, "completed", one, [], transition(
                "submitted", "completed", 9), pvt_ported_numbers={
                    "+14155550004": {}}),
            self.port("d" * 32, "pending", two, ["+14155550002", "what?"],
                      pvt_created=DAY_0 + 1)])
        self.assertEqual({"+14155550001": "a" * 32, "+14155550002": "a" * 32,
                          "+14155550003": "b" * 32, "what?": "d" * 32},
                         held_by(stack, one, two))
        token = stack.issue_token(stack.master)
        path = "/v2/accounts/%s/" % one

        def counts():
            return stack.insist("GET", path + "services/summary", token).data[
                "quantities"]["account"]
        self.assertEqual({"submitted": 3, "first_submitted": 2},
                         counts()["port_request"])
        shown = stack.insist("GET", path + "port_requests/" + "b" * 32, token).data
        self.assertEqual([DAY_0 + 4, DAY_0 + 3, DAY_0 + 2], [
            t["timestamp"] for t in shown["transitions"]])
        for port in "ab":
            answer = stack.insist("PATCH", path + "port_requests/%s/completed" %
                                  (port * 32), token, {})
            self.assertEqual(200, answer.status, answer)
        self.assertEqual(({"completed": 3, "first_completed": 3},
                          {"did_us": 3}), (counts()["port_request"],
                                           counts()["phone_numbers"]))
        self.assertEqual({"+14155550002": None, "what?": "d" * 32}, dict(
            {"+14155550002": None}, **held_by(stack, one, two)))
        # A text in place of a number stops the next step, not the import.
        path = "/v2/accounts/%s/port_requests/%s" % (two, "d" * 32)
        answer = stack.request("PATCH", path + "/rejected", token, {})
        self.assertEqual((400, ["numbers.what?"]), (answer.status,
                                                    list(answer.data)))
        done = stack.reevectl("recount", "--all", "--dry-run", check=False)
        self.assertEqual(0, done.returncode, done.stdout)


    def test_an_import_tells_who_else_has_a_number(self):
        stack = self.stack
        one, two = (stack.create_account() for _ in range(2))
        both, theirs, late = "+14155560001", "+14155560002", "+14155560003"
        token = stack.issue_token(stack.master)
        path = "/v2/accounts/%s/" % two
        self.assertEqual(201, stack.insist(
            "PUT", path + "phone_numbers/" + theirs, token, {}).status)
        documents = [
            self.port("1" * 32, "submitted", two, [both], pvt_created=DAY_0 + 9),
            self.port("5" * 32, "submitted", one, [late]),
            # These come later: the older, and the youngest.
            self.port("2" * 32, "pending", one, [both]),
            self.port("3" * 32, "scheduled", one, [both],
                      pvt_created=DAY_0 + 10),
            self.port("4" * 32, "rejected", one, [theirs]),
            {"_id": late, "pvt_type": "number", "pvt_account_id": two,
             "pvt_state": "in_service"},
            self.port("6" * 32, "weird", one, ["+14155560004"]),
            # No quarrel: one waits for the port, the others are not under way.
            {"_id": "+14155560005", "pvt_type": "number",
             "pvt_account_id": one, "pvt_state": "port_in"},
            self.port("7" * 32, "submitted", one, ["+14155560005"]),
            self.port("8" * 32, "unconfirmed", two, [both]),
            self.port("9" * 32, "completed", two, [both])]
        for n, document in enumerate(documents):
            document.setdefault("pvt_created", DAY_0)
        self.assertEqual([], stack.import_documents(documents[:2])["reports"])
        report = stack.import_documents(documents[2:])
        self.assertEqual((len(documents) - 2, 0), (report["imported"],
                                                   report["skipped"]))
        told = {r["id"]: r for r in report["reports"]}
        port = "port request %s of account %s"
        self.assertEqual({
            "2" * 32: "%s was taken from the younger " % both
                      + port % ("1" * 32, two),
            "3" * 32: "%s is held by the older " % both
                      + port % ("2" * 32, one),
            "4" * 32: "%s is a phone number of account %s" % (theirs, two),
            late: "%s is also in " % late + port % ("5" * 32, one),
            "6" * 32: "'weird' is no state of a port request: its account's"
                      " seller makes it unconfirmed or canceled"},
            {i: r["reason"] for i, r in told.items()})
        self.assertEqual("2" * 32, held(stack)[both])
        # The older is completed, and the younger canceled.
        for account, number, state, status in (
                (two, "1", "completed", 400), (one, "3", "completed", 400),
                (one, "2", "completed", 200), (two, "1", "completed", 409),
                (two, "1", "canceled", 200), (one, "4", "completed", 409),
                (one, "4", "canceled", 200)):
            answer = stack.request(
                "PATCH", "/v2/accounts/%s/port_requests/%s/%s" % (
                    account, number * 32, state), token, {})
            with self.subTest(number + " " + state):
                self.assertEqual(status, answer.status, answer)


@require(REEVE, REEVECTL)
class Killed(StackTest):
    pool = True
    bare = False
    options = {"workers": "4"}

    def test_a_completion_is_whole_or_not_there(self):
        stack, dice = self.stack, random.Random(SEED)
        reseller = stack.create_account("Reseller", "--reseller")
        account = stack.create_account("Account", "--parent", reseller)
        token, own = stack.issue_token(reseller), "/v2/accounts/%s/" % account
        stack.insist("PUT", "/v2/accounts/%s/service_plans" % reseller, token, {
            "id": "p", "name": "P", "plan": {"phone_numbers": {"did_us": {
                "rate": 3}}}})
        stack.insist("POST", own + "services", token, {"add": ["p"]})
        accept = {"accept_charges": True}
        ports = []
        for n in range(12):
            ports.append(stack.insist("PUT", own + "port_requests", token, {
                "numbers": {"+1415555%04d" % (10 * n + k): {}
                            for k in range(3)}}).data["id"])
            stack.insist("PATCH", own + "port_requests/%s/submitted" %
                         ports[-1], token, {})

        def kill():
            os.kill(dice.choice(stack.workers()), signal.SIGKILL)

        with Trouble(kill, dice):
            for port in ports:
                for _ in range(2):
                    stack.request("PATCH", own + "port_requests/%s/completed" %
                                  port, token, accept)
        for port in ports:
            answer = stack.insist("GET", own + "port_requests/" + port, token)
            numbers = stack.number(
                "SELECT COUNT(*) FROM object WHERE kind = 'phone_numbers' AND"
                " document LIKE '%%%s%%'" % port)
            with self.subTest("REEVE_SEED=%d" % SEED):
                self.assertEqual(3 if answer.data["port_state"] == "completed"
                                 else 0, int(numbers))
        done = stack.reevectl("recount", "--all", "--dry-run", check=False)
        self.assertEqual(0, done.returncode, done.stdout)


if __name__ == "__main__":
    unittest.main()
