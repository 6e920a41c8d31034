#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A repeated request changes things once (Idempotency-Key). A change is made
only to the version that the client has seen (If-Match)."""

import os
import sys
import threading
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import Seller, database, new_id, request  # noqa: E402

PLAN = {"devices": {"sip_device": {"rate": 5}}}


class OnceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()
        cls.seller.plan("gold", PLAN)

    def setUp(self):
        self.account = self.seller.account()
        self.account.assign("gold")
        self.key = {"Idempotency-Key": new_id()}

    def patch(self, n, **more):
        return self.account.manual({"devices": {"sip_device": n}}, **more)


class IdempotencyKey(OnceTest):
    def test_a_repeated_request_is_done_once(self):
        first = self.patch(1, headers=self.key)
        self.patch(2)
        again = self.patch(1, headers=self.key)
        self.assertEqual((200, 200), (first.status, again.status))
        self.assertEqual(first.data, again.data)
        self.assertNotIn("idempotency-replayed", first.headers)
        self.assertEqual("true", again.headers["idempotency-replayed"])
        self.assertEqual(first.headers["etag"], again.headers["etag"])
        self.assertEqual(10, self.account.recurring())
        self.assertEqual(3, len(self.account.entries()))

    def test_another_request_with_the_key_is_refused(self):
        self.patch(1, headers=self.key)
        for answer in (self.patch(2, headers=self.key),
                       self.account.ask("POST", "/manual", {"devices": {
                           "sip_device": 1}}, headers=self.key),
                       self.account.ask("PATCH", "/overrides", {"devices": {
                           "sip_device": 1}}, headers=self.key),
                       self.patch(1, headers=self.key,
                                  query={"merge": "true"})):
            self.assertEqual(422, answer.status)
            self.assertEqual("idempotency key reused",
                             answer.envelope["message"])
        self.assertEqual(5, self.account.recurring())

    def test_failures_do_not_use_the_key(self):
        answer = self.account.manual({"devices": {"sip_device": -1}},
                                     headers=self.key)
        self.assertEqual(400, answer.status)
        self.assertEqual(402, self.patch(1, headers=self.key,
                                         accept=False).status)
        self.assertEqual(200, self.patch(1, headers=self.key).status)

    def test_of_parallel_requests_one_is_done(self):
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(
            self.patch(4, headers=self.key))) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([200] * 6, [a.status for a in answers])
        self.assertEqual(5, sum("idempotency-replayed" in a.headers
                                for a in answers))
        self.assertEqual(2, len(self.account.entries()))

    def test_clients_have_separate_keys(self):
        other = Seller()
        other.plan("gold", PLAN)
        account = other.account()
        self.patch(1, headers=self.key)
        answer = account.manual({"devices": {"sip_device": 1}},
                                headers=self.key)
        self.assertEqual(200, answer.status)
        self.assertNotIn("idempotency-replayed", answer.headers)

    def test_keys_expire(self):
        self.patch(1, headers=self.key)
        database("UPDATE remembered_answer SET expires = 1 WHERE name = '%s'"
                 % self.key["Idempotency-Key"])
        answer = self.patch(2, headers=self.key)
        self.assertEqual(200, answer.status)
        self.assertNotIn("idempotency-replayed", answer.headers)

    def test_bad_keys_are_refused(self):
        for key in ("", "x" * 256, "a b", "a\tb"):
            with self.subTest(key[:10]):
                answer = self.patch(1, headers={"Idempotency-Key": key})
                self.assertEqual(400, answer.status)
                self.assertIn("Idempotency-Key", answer.data)
        self.assertEqual(200, self.patch(1, headers={
            "Idempotency-Key": "x" * 255}).status)

    def test_every_change_accepts_a_key(self):
        cases = (
            ("PUT", self.seller.path, {"id": "new-" + new_id(), "name": "N",
                                       "plan": {}}),
            ("POST", self.seller.path + "/gold", {"name": "G", "plan": PLAN}),
            ("PATCH", self.seller.path + "/gold", {"description": new_id()}),
            ("POST", self.account.path, {"add": ["gold"]}),
            ("POST", self.account.path + "/quote", {"add": ["gold"]}),
            ("POST", "/v2/services/quote", {"add": ["gold"]}),
            ("POST", self.account.path + "/overrides", {"x": {"y": 1}}),
            ("POST", self.account.path + "/manual", {}),
            ("POST", self.account.path + "/reconciliation", None),
            ("DELETE", self.account.path + "/gold", None))
        for method, path, body in cases:
            with self.subTest((method, path)):
                key = {"Idempotency-Key": new_id()}
                first, again = (request(method, path, self.seller.token,
                                        data=body, headers=key)
                                for _ in range(2))
                self.assertIn(first.status, (200, 201))
                self.assertEqual((first.status, first.data),
                                 (again.status, again.data))
                self.assertEqual("true", again.headers["idempotency-replayed"])
                self.assertEqual(first.headers.get("location"),
                                 again.headers.get("location"))


class IfMatch(OnceTest):
    def test_only_the_version_seen_is_changed(self):
        seen = self.account.get("/manual", self.seller.token).headers["etag"]
        mine = self.patch(1, headers={"If-Match": seen})
        self.assertEqual(200, mine.status)
        theirs = self.patch(2, headers={"If-Match": seen})
        self.assertEqual((412, "precondition failed"),
                         (theirs.status, theirs.envelope["message"]))
        self.assertEqual(5, self.account.recurring())
        with self.subTest("the answer has the current ETag"):
            now = self.account.get("/manual", self.seller.token)
            self.assertEqual(now.headers["etag"], mine.headers["etag"])
            self.assertEqual(200, self.patch(3, headers={
                "If-Match": '"other", %s' % mine.headers["etag"]}).status)

    def test_an_asterisk_matches_any_version(self):
        self.assertEqual(200, self.patch(1, headers={"If-Match": "*"}).status)

    def test_of_two_parallel_changes_one_is_done(self):
        seen = {"If-Match": self.account.get(
            "/manual", self.seller.token).headers["etag"]}
        statuses = []
        threads = [threading.Thread(target=lambda n=n: statuses.append(
            self.patch(n, headers=seen).status)) for n in range(1, 6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([200] + [412] * 4, sorted(statuses))

    def test_every_resource_has_an_etag(self):
        plan = self.seller.path + "/" + self.seller.plan(
            "plan-" + new_id(), PLAN)
        cases = (
            (self.account.path, "POST", self.account.path, {"delete": ["gold"]}),
            (self.account.path, "POST", self.account.path + "/gold", {}),
            (self.account.path, "DELETE", self.account.path + "/gold", None),
            (self.account.path + "/overrides", "PATCH",
             self.account.path + "/overrides", {"x": 1}),
            (plan, "PATCH", plan, {"description": "x"}),
            (plan, "POST", plan, {"name": "Y", "plan": {}}),
            (plan, "DELETE", plan, None))
        for seen, method, path, body in cases:
            with self.subTest((method, path)):
                if "gold" not in self.account.get().data:
                    self.account.assign("gold")
                etag = request("GET", seen, self.seller.token).headers["etag"]
                wrong = request(method, path, self.seller.token, data=body,
                                headers={"If-Match": '"wrong"'})
                self.assertEqual(412, wrong.status)
                self.assertEqual(etag, request(
                    "GET", seen, self.seller.token).headers["etag"])
                right = request(method, path, self.seller.token, data=body,
                                headers={"If-Match": etag})
                self.assertEqual(200, right.status, right)


if __name__ == "__main__":
    unittest.main()
