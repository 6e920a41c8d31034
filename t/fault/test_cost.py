# SPDX-License-Identifier: GPL-3.0-or-later
"""The cost of a request in memory: next to nothing before its token is known,
never more than memory_limit, and nothing afterwards."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVE, REEVECTL, StackTest, fastcgi,  # noqa: E402
                         require, wait_until)

MIB = 1024  # KiB
LARGE = 7_900_000  # bytes, below max_body


def filled(begin, unit, end, bytes=LARGE):
    return begin + unit * ((bytes - len(begin) - len(end)) // len(unit)) + end


# Bodies of which a tree takes many times their bytes, and others that do not.
BODIES = {
    "objects": filled(b'{"data":[{}', b",{}", b"]}"),
    "lists": filled(b'{"data":[[]', b",[]", b"]}"),
    "numbers": filled(b'{"data":[1', b",1", b"]}"),
    "nulls": filled(b'{"data":[null', b",null", b"]}"),
    "empty strings": filled(b'{"data":[""', b',""', b"]}"),
    "members": b'{"data":{"k":1' + b"".join(
        b',"%07x":1' % n for n in range(LARGE // 12)) + b"}}",
    "names beside data": b'{"data":{}' + b"".join(
        b',"%07x":1' % n for n in range(LARGE // 12)) + b"}",
    "objects within objects": filled(
        b'{"data":[{}', b',{"a":{"b":{"c":{}}}}', b"]}"),
    "one string": filled(b'{"data":{"a":"', b"x", b'"}}'),
    "broken at the end": filled(b'{"data":[{}', b",{}", b"]"),
    "blanks": filled(b" ", b" ", b" "),
}

ACCOUNT = "accounts/{account}"
# (caller, method, path, token, statuses)
STRANGERS = (
    ("without a token", "PUT", ACCOUNT + "/devices", None, {401}),
    ("with an unknown token", "PUT", ACCOUNT + "/devices", "x" * 40, {401}),
    ("who logs in", "PUT", "user_auth", None, {413}),
    ("with an API key", "PUT", "api_auth", None, {413}),
    ("who forgot the password", "PUT", "user_auth/recovery", None, {413}),
    ("with a link", "POST", "user_auth/recovery", None, {401, 413}),
    ("who logs in, with a token", "PUT", "user_auth", "x" * 40, {413}),
    ("of no route", "PUT", "nonsense", None, {404}),
    ("of another method", "DELETE", "schemas", None, {405}),
    ("of a batch", "PUT", ACCOUNT + "/ledgers/usage", None, {401}),
    ("of a collection", "PUT", ACCOUNT + "/devices/collection", "x" * 40, {401}),
    ("of their own account", "PUT", "account/devices", None, {401, 413}),
    ("who may name another method", "POST", ACCOUNT + "/devices", None,
     {401, 405}),
    ("who asks for options", "OPTIONS", ACCOUNT + "/devices", None, {200}),
)


def memory(pid, which):
    """VmHWM or VmRSS of a process, in KiB."""
    with open("/proc/%d/status" % pid) as status:
        for line in status:
            if line.startswith(which + ":"):
                return int(line.split()[1])
    raise AssertionError("no %s of %d" % (which, pid))


class CostTest(StackTest):
    pool = True
    options = {"workers": "1"}

    def send(self, method, path, token, body, **headers):
        path = path.format(account=self.stack.master)
        if token is not None:
            headers["X-Auth-Token"] = token
        return fastcgi(self.stack.pool_socket, method, "/v2/" + path,
                       dict({"Accept": "application/json"}, **headers), body)

    def worker(self):
        """The pool listens before it has one."""
        wait_until(self.stack.workers)
        pid, = self.stack.workers()
        return pid

    def assert_rests(self, pid):
        self.assertEqual(200, self.stack.get(
            "/v2/accounts/%s" % self.stack.master).status)
        self.assertEqual([pid], self.stack.workers(), "the worker has died")
        self.assertLess(memory(pid, "VmRSS"), 16 * MIB)


@require(REEVE, REEVECTL)
class Strangers(CostTest):
    def test_a_large_body_is_not_read_for_a_stranger(self):
        pid = self.worker()
        for caller, method, path, token, statuses in STRANGERS:
            for label in "objects", "members", "broken at the end":
                body = BODIES[label]
                with self.subTest(caller=caller, body=label):
                    answer = self.send(method, path, token, body)
                    self.assertIn(answer.status, statuses, answer)
        self.assertLess(memory(pid, "VmHWM"), 24 * MIB)
        self.assert_rests(pid)

    def test_a_small_body_may_carry_the_token(self):
        answer = self.send("PUT", ACCOUNT + "/devices", None, json.dumps({
            "auth_token": self.stack.token,
            "data": {"name": "Desk phone"}}).encode())
        self.assertEqual(201, answer.status, answer)

    def test_a_small_body_of_many_values_is_refused_before_it_is_built(self):
        answer = self.send("PUT", "user_auth", None,
                           b'{"data":[' + b"{}," * 2000 + b"{}]}")
        self.assertEqual(413, answer.status, answer)


# Routes whose bodies may be large.
MEMBERS = (
    ("PUT", ACCOUNT + "/devices"),
    ("PUT", ACCOUNT + "/devices/collection"),
    ("PUT", ACCOUNT + "/ledgers/usage"),
    ("PATCH", ACCOUNT),
)


@require(REEVE, REEVECTL)
class Members(CostTest):
    def test_no_body_takes_a_worker_beyond_its_limit(self):
        pid = self.worker()
        for method, path in MEMBERS:
            for label, body in BODIES.items():
                with self.subTest(method=method, path=path, body=label):
                    answer = self.send(method, path, self.stack.token, body)
                    self.assertIn(answer.status,
                                  {200, 201, 400, 405, 413, 503}, answer)
        self.assertLess(memory(pid, "VmHWM"), 136 * MIB)
        self.assert_rests(pid)

    def test_the_number_of_values_is_limited(self):
        """20 lists, because the length of each is limited, too."""
        for length, status in (9_998, 201), (10_000, 413):
            body = json.dumps({"data": {"name": "Phone",
                                        "lists": [[1] * length] * 20}})
            self.assertEqual(status, self.send(
                "PUT", ACCOUNT + "/devices", self.stack.token,
                body.encode()).status)


def usage(count):
    """A batch of calls, some 1,000 bytes each."""
    return json.dumps({"data": [{
        "source": {"service": "per-minute-voip", "id": "call-%06d" % n},
        "amount": 0.0123, "description": "A call to Berlin",
        "usage": {"quantity": 60, "type": "voice", "unit": "sec"},
        "period": {"start": 63900000000 + n, "end": 63900000060 + n},
        "metadata": {"from": "+14155551234", "to": "+493012345678",
                     "direction": "outbound", "rate": {
                         "name": "de-landline", "value": 0.0123,
                         "increment": 60, "minimum": 60},
                     "note": "x" * 480},
    } for n in range(count)]}).encode()


@require(REEVE, REEVECTL)
class Batches(CostTest):
    def test_a_batch_of_10000_calls_fits_into_half_of_the_limit(self):
        pid = self.worker()
        account = self.stack.create_account()
        body = usage(10000)
        path = "accounts/%s/ledgers/usage" % account
        for label, headers, status, count in (
                ("first", {}, "created", 10000),
                ("with a key", {"Idempotency-Key": "one"}, "duplicate", 10000),
                ("again with it", {"Idempotency-Key": "one"}, "duplicate", 10000)):
            with self.subTest(label):
                answer = self.send("PUT", path, self.stack.token, body, **headers)
                self.assertEqual(201, answer.status, answer)
                self.assertEqual(count, sum(
                    entry["status"] == status for entry in answer.data))
        answer = self.send("PUT", path, self.stack.token,
                           body[:-100] + body[-100:].replace(b"x", b"y"),
                           **{"Idempotency-Key": "one"})
        self.assertEqual(422, answer.status, answer)
        self.assertLess(memory(pid, "VmHWM"), 64 * MIB)
        self.assert_rests(pid)

    def test_entries_are_checked_one_by_one_and_broken_json_ends_the_batch(self):
        account = self.stack.create_account()
        path = "accounts/%s/ledgers/usage" % account
        good = usage(1)[len(b'{"data": ['):-len(b"]}")]
        for label, body, status, outcomes in (
                ("null and a number", b'{"data":[%s, null ,7]}' % good, 201,
                 ["created", "error", "error"]),
                ("broken", b'{"data":[%s,{"a"}]}' % good, 400, None),
                ("a comma too many", b'{"data":[%s,]}' % good, 400, None),
                ("two values", b'{"data":[%s %s]}' % (good, good), 400, None),
                ("data twice", b'{"data":[7],"data":[%s]}' % good, 400, None),
                ("DATA", b'{"DATA":[%s]}' % good, 201, ["duplicate"]),
                ("no list", b'{"data":{}}', 400, None),
                ("nothing", b'{"data":[]}', 400, None),
                ("too many", b'{"data":[' + b"7," * 10000 + b"7]}", 400, None)):
            with self.subTest(label):
                answer = self.send("PUT", path, self.stack.token, body)
                self.assertEqual(status, answer.status, answer)
                if outcomes is not None:
                    self.assertEqual(outcomes, [
                        entry["status"] for entry in answer.data])


@require(REEVE, REEVECTL)
class Exhausted(CostTest):
    options = {"workers": "1", "memory_limit": "32M"}

    def test_a_request_that_needs_more_than_the_limit_ends_and_leaves_nothing(self):
        pid = self.worker()
        account = self.stack.create_account()
        answer = self.send("PUT", "accounts/%s/ledgers/usage" % account,
                           self.stack.token, usage(10000))
        self.assertIn(answer.status, {413, 503}, answer)
        self.assertEqual(0, self.stack.number("SELECT COUNT(*) FROM ledger"))
        self.assert_rests(pid)
        self.assertEqual(201, self.send(
            "PUT", "accounts/%s/ledgers/usage" % account, self.stack.token,
            usage(100)).status)


if __name__ == "__main__":
    unittest.main()
