# SPDX-License-Identifier: GPL-3.0-or-later
"""services/synchronization: each bookkeeper is sent its invoice now, and the
answer has the outcomes."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bookkeeper import Bookkeeper  # noqa: E402
from fault.stack import REEVE, REEVECTL, StackTest, require  # noqa: E402
from reeve import new_id  # noqa: E402


@require(REEVE, REEVECTL)
class SynchronizationTest(StackTest):
    pool = True
    bare = False
    options = {"couriers": "0", "courier_private": "1",
               "courier_timeout": "20m", "courier_lease": "30m",
               "courier_pause": "1h",
               "request_terminate_timeout": "30m",
               "synchronization_timeout": "5m"}

    def setUp(self):
        self.bookkeeper = Bookkeeper()
        self.addCleanup(self.bookkeeper.close)
        self.vendor = self.stack.create_account("Vendor", "--reseller")
        self.token = self.stack.issue_token(self.vendor)

    def ask(self, method, account, path, data=None, token=None):
        return self.stack.request(method, "/v2/accounts/%s/%s" % (
            account, path), token or self.token, data)

    def customer(self, *answers):
        """A customer with an invoice for each bookkeeper, and one for a
        bookkeeper that moves no money."""
        account = self.stack.create_account("Customer", "--parent",
                                            self.vendor)
        plans = []
        for how in answers + (None,):
            plan = {"id": new_id(), "name": "P",
                    "plan": {"devices": {"d" + new_id()[:6]: {"rate": 1}}}}
            if how is not None:
                plan["bookkeeper"] = {"type": "http", "id": self.ask(
                    "PUT", self.vendor, "bookkeepers", {
                        "name": "B", "bookkeeper": {"type": "http"},
                        "url": self.bookkeeper.url(how),
                        "secret": "between the two of us"}).data["id"]}
            self.ask("PUT", self.vendor, "service_plans", plan)
            plans.append(plan["id"])
        self.ask("POST", account, "services?accept_charges=true",
                 {"add": plans})
        return account

    def synchronize(self, account, noun="services", **more):
        return self.ask("POST", account, noun + "/synchronization", **more)


class Synchronization(SynchronizationTest):
    def test_each_bookkeeper_gets_its_invoice(self):
        account = self.customer("200", "402")
        for noun in ("services", "service_plans"):
            answer = self.synchronize(account, noun)
            self.assertEqual(200, answer.status, answer)
            self.assertEqual(["completed", "completed", "failed"], sorted(
                one["status"] for one in answer.data))
            for one in answer.data:
                entry = self.ask("GET", account, "services/audit/" +
                                 one["id"]).data
                self.assertEqual(
                    (one["status"], self.vendor, "/v2/accounts/%s/%s/"
                     "synchronization" % (account, noun)),
                    (entry["status"],
                     entry["audit"]["authentication"]["account_id"],
                     entry["audit"]["request"]["path"]))
        self.assert_verified(account)

    def test_a_synchronization_changes_nothing(self):
        account = self.customer("200")
        before = [self.ask("GET", account, "services/" + rest).data
                  for rest in ("summary", "audit_summary")]
        self.synchronize(account)
        self.assertEqual(before, [
            self.ask("GET", account, "services/" + rest).data
            for rest in ("summary", "audit_summary")])

    def test_the_content_of_messages(self):
        account = self.customer("200")
        self.synchronize(account)
        body = json.loads(self.bookkeeper.of(account)[-1].body)
        self.assertEqual("update.request", body["Event-Name"])
        self.assertEqual(1, len(body["Invoice"]["items"]))

    def test_permissions(self):
        account = self.customer()
        answer = self.synchronize(account,
                                  token=self.stack.issue_token(account))
        self.assertEqual(403, answer.status)


class Late(SynchronizationTest):
    options = dict(SynchronizationTest.options, synchronization_timeout="1s")

    def restart(self, **config):
        self.stack.stop_pool()
        self.stack.start_pool(**config)

    def test_a_slow_bookkeeper_is_told_later(self):
        """A courier would wait for it much longer."""
        account = self.customer("hang")
        answer = self.synchronize(account)
        self.assertEqual(["completed", "pending"], sorted(
            one["status"] for one in answer.data))
        self.assertEqual(1, self.stack.number(
            "SELECT COUNT(*) FROM outbox WHERE account_id = '%s' AND "
            "state = 'waiting'" % account))

    def test_failed_messages_are_retried_now(self):
        account = self.customer("next")
        self.bookkeeper.answers[:] = ["500"]
        self.assertIn("pending", [one["status"] for one in
                                  self.synchronize(account).data])
        self.stack.sql("UPDATE outbox_line SET due = due + 3000 WHERE "
                       "account_id = '%s'" % account)
        self.restart(synchronization_timeout="5m")
        self.addCleanup(self.restart, **self.options)
        self.assertEqual({"completed"}, {
            one["status"] for one in self.synchronize(account).data})


if __name__ == "__main__":
    unittest.main()
