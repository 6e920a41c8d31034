#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Port requests and phone numbers: their states, who may change them, and what a
completed request adds and costs (rules/ports)."""

import concurrent.futures
import os
import random
import sys
import time
import unittest

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path[:0] = [os.path.join(TOP, "t"), os.path.join(TOP, "t", "api")]

from reeve import (MASTER_TOKEN, Seller, database,  # noqa: E402
                   import_documents, issue_token, new_id, request)
from test_object_kinds import ObjectTest  # noqa: E402

GREGORIAN = 62167219200
STATES = ("unconfirmed", "submitted", "pending", "scheduled", "rejected",
          "completed", "canceled")


def table(first):
    """{(from, to): who} of the table in rules/ports whose first row is this one."""
    with open(os.path.join(TOP, "doc", "rules", "ports")) as f:
        lines = f.read().split("\n")
    at = next(n for n, line in enumerate(lines)
              if line.startswith("     " + first + " "))
    head = lines[at - 1]
    own, seller = head.index("account and"), head.index("seller only")
    steps, before = {}, None
    for line in lines[at:lines.index("", at)]:
        before = line[:own].strip() or before
        steps.update({(before, to): "customer"
                      for to in line[own:seller].split()})
        steps.update({(before, to): "seller" for to in line[seller:].split()})
    return steps


# From which state into which, and who may.
STEPS = table("unconfirmed")
NUMBER_STEPS = table("(new)")

# How a request comes into each state.
WAYS = {"unconfirmed": (), "submitted": ("submitted",),
        "pending": ("submitted", "pending"),
        "scheduled": ("submitted", "scheduled"),
        "rejected": ("submitted", "rejected"),
        "completed": ("submitted", "completed"), "canceled": ("canceled",)}


NUMBER_STATES = sorted({state for state in dict(NUMBER_STEPS.keys())
                        if state not in ("(new)", "discovery", "released")})


def later():
    return int(time.time()) + GREGORIAN + 86400


def fresh_number():
    return "+1415%07d" % random.randrange(10 ** 7)


class PortTest(ObjectTest):
    def port(self, *numbers, state="unconfirmed", **more):
        """The id of a new request, which is brought into a state."""
        answer = self.ask("PUT", "port_requests", {
            "name": "P", "numbers": {n: {} for n in numbers or
                                     (fresh_number(),)}, **more})
        self.assertEqual(201, answer.status, answer)
        for step in WAYS[state]:
            self.assertEqual(200, self.enter(answer.data["id"], step).status)
        return answer.data["id"]

    def enter(self, port, state, data=None, **more):
        if state == "scheduled" and data is None:
            data = {"schedule_on": later()}
        return self.ask("PATCH", "port_requests/%s/%s" % (port, state), data,
                        **more)

    def state(self, port):
        return self.ask("GET", "port_requests/" + port).data["port_state"]

    def price(self, **categories):
        """Gives the account a plan."""
        self.account.assign(self.seller.plan(new_id(), {
            category: {item: {"rate": rate} for item, rate in items.items()}
            for category, items in categories.items()}))


class States(PortTest):
    def test_each_step_is_for_those_who_may(self):
        tokens = {"customer": self.account.token, "seller": self.seller.token,
                  "admin": MASTER_TOKEN,
                  "foreign": issue_token(self.seller.account().id)}
        for before in STATES:
            steady = self.port(state=before)
            for after in STATES:
                who = STEPS.get((before, after))
                allowed = {None: (), "seller": ("seller", "admin"),
                           "customer": ("customer", "seller", "admin")}[who]
                for role, token in tokens.items():
                    if who is None and role in ("foreign", "customer"):
                        continue
                    with self.subTest("%s: %s to %s" % (role, before, after)):
                        if role in allowed:
                            port = self.port(state=before)
                            answer = self.enter(port, after, token=token)
                            self.assertEqual((200, after), (
                                answer.status, answer.data["port_state"]))
                            self.assertEqual(after, self.state(port))
                            continue
                        answer = self.enter(steady, after, token=token)
                        if role == "foreign":
                            self.assertEqual(403, answer.status, answer)
                        else:
                            self.not_entered(answer, "enum" if who is None
                                             else "forbidden", after)
            self.assertEqual(before, self.state(steady))

    def not_entered(self, answer, code, cause):
        self.refused(answer, "port_state")
        self.assertEqual(cause, answer.data["port_state"][code]["cause"])

    def test_other_words_are_no_states(self):
        port = self.port()
        for word in ("flying", "Submitted", "%20", "first_submitted"):
            with self.subTest(word):
                self.assertEqual(400, self.enter(port, word).status)
        self.assertEqual("unconfirmed", self.state(port))

    def test_a_body_does_not_change_the_state(self):
        port = self.port(port_state="completed")
        self.assertEqual("unconfirmed", self.state(port))
        self.ask("PATCH", "port_requests/" + port, {
            "port_state": "completed", "transitions": [],
            "schedule_on": 1, "scheduled_date": 1})
        answer = self.ask("GET", "port_requests/" + port).data
        self.assertEqual(("unconfirmed", 1, None, None), (
            answer["port_state"], len(answer["transitions"]),
            answer.get("schedule_on"), answer.get("scheduled_date")))

    def test_a_transition_says_who_when_and_why(self):
        user = self.ask("PUT", "users", {
            "username": "ann", "password": "secret-1234", "first_name": "Ann",
            "last_name": "Lee", "priv_level": "admin"}).data
        port = self.port()
        self.assertEqual(200, self.enter(
            port, "submitted", token=issue_token(
                self.account.id, "--user", user["id"]),
            query={"reason": "all papers are there"}).status)
        self.enter(port, "rejected", {"reason": {
            "code": 7, "message": "wrong name", "more": 1}})
        first, second, third = self.ask(
            "GET", "port_requests/" + port).data["transitions"]
        self.assertEqual({"new": "unconfirmed"}, first["transition"])
        self.assertEqual({"previous": "unconfirmed", "new": "submitted"},
                         second["transition"])
        self.assertEqual(
            ("transition", "all papers are there", self.account.id,
             user["id"]),
            (second["type"], second["reason"],
             second["authorization"]["account"]["id"],
             second["authorization"]["user"]["id"]))
        self.assertLess(abs(second["timestamp"] - GREGORIAN - time.time()), 60)
        self.assertEqual(
            ({"code": 7, "message": "wrong name"}, self.seller.id, False),
            (third["reason"], third["authorization"]["account"]["id"],
             "user" in third["authorization"]))

    def test_bad_reasons_are_refused(self):
        port = self.port()
        for reason in (5, ["x"], "x" * 1025, {"message": "x" * 1100}):
            with self.subTest(str(reason)[:20]):
                answer = self.enter(port, "submitted", {"reason": reason})
                self.assertEqual((400, ["reason"]), (answer.status,
                                                     list(answer.data)))
        self.assertEqual("unconfirmed", self.state(port))

    def test_a_scheduled_request_says_when(self):
        port = self.port(state="submitted")
        for label, data in (
                ("none", {}), ("past", {"schedule_on": 63000000000}),
                ("words", {"schedule_on": "tomorrow"}),
                ("list", {"schedule_on": [later()]}),
                ("fraction", {"schedule_on": later() + 0.5}),
                ("far", {"schedule_on": 10 ** 15}),
                ("no time", {"schedule_on": {"timezone": "UTC"}}),
                ("past there", {"schedule_on": {
                    "date_time": "2017-06-24 12:00", "timezone": "UTC"}}),
                ("no zone", {"schedule_on": {
                    "date_time": "2999-06-24 12:00", "timezone": "Mars"}})):
            with self.subTest(label):
                answer = self.enter(port, "scheduled", data)
                self.assertEqual((400, ["schedule_on"]), (
                    answer.status, list(answer.data)))
        when = {"date_time": "2999-06-24 12:00",
                "timezone": "America/Los_Angeles"}
        answer = self.enter(port, "scheduled", {"schedule_on": when})
        self.assertEqual((when, 12, 19), (
            answer.data["schedule_on"], 12,
            (answer.data["scheduled_date"] // 3600) % 24))
        other, moment = self.port(state="submitted"), later()
        answer = self.enter(other, "scheduled", {},
                            query={"schedule_on": str(moment)})
        self.assertEqual((moment, moment), (answer.data["schedule_on"],
                                            answer.data["scheduled_date"]))

    def test_a_request_counts_for_its_state_and_first_for_the_first_time(self):
        port = self.port()
        for state, quantities in (
                ("submitted", {"submitted": 1, "first_submitted": 1}),
                ("rejected", {"rejected": 1, "first_rejected": 1}),
                ("submitted", {"submitted": 1}),
                ("canceled", {"canceled": 1, "first_canceled": 1})):
            self.assertEqual(200, self.enter(port, state).status)
            self.assertEqual({"port_request": quantities}, self.quantities())

    def test_states_say_who_edits_and_deletes(self):
        # state: the customer edits, the seller edits, both delete
        for state, customer, seller, deletes in (
                ("unconfirmed", 200, 200, 200), ("submitted", 400, 200, 405),
                ("pending", 400, 200, 405), ("scheduled", 400, 200, 405),
                ("rejected", 200, 200, 200), ("completed", 400, 400, 405),
                ("canceled", 400, 400, 200)):
            port = self.port(state=state)
            rest = "port_requests/" + port
            for method, label, token, status in (
                    ("PATCH", "customer", self.account.token, customer),
                    ("POST", "seller", self.seller.token, seller),
                    ("DELETE", "customer", self.account.token, deletes)):
                with self.subTest("%s: %s %s" % (state, label, method)):
                    document = self.ask("GET", rest).data
                    answer = self.ask(method, rest, dict(document, name="Q"),
                                      token=token)
                    self.assertEqual(status, answer.status, answer)
                    if status != 200:
                        self.assertEqual(document, self.ask("GET", rest).data)

    def test_a_state_that_is_none_has_ways_out(self):
        for after in ("unconfirmed", "canceled"):
            port = new_id()
            import_documents([{
                "_id": port, "pvt_type": "port_request", "name": "P",
                "pvt_account_id": self.account.id, "pvt_port_state": "weird",
                "numbers": {"what?": {}}}])
            with self.subTest(after):
                self.assertEqual(1, self.quantities()["port_request"]["weird"])
                (group,) = self.ask("GET", "port_requests").data
                self.assertIn(port, [p["id"] for p in group["port_requests"]])
                for state, token, code in (
                        ("submitted", self.seller.token, "enum"),
                        (after, self.account.token, "forbidden")):
                    self.not_entered(self.enter(port, state, token=token),
                                     code, state)
                self.assertEqual(200, self.enter(port, after).status)
                self.assertEqual(after, self.state(port))
                self.assertNotIn("weird", self.quantities()["port_request"])

    def test_a_request_without_numbers_is_not_submitted(self):
        answer = self.ask("PUT", "port_requests", {"numbers": {}})
        self.assertEqual(201, answer.status, answer)
        port = answer.data["id"]
        answer = self.enter(port, "submitted")
        self.assertEqual((400, ["numbers"]), (answer.status,
                                              list(answer.data)))
        self.ask("PATCH", "port_requests/" + port, {
            "numbers": {fresh_number(): {}}})
        self.assertEqual(200, self.enter(port, "submitted").status)
        # Nor does one that is under way lose them.
        answer = self.ask("POST", "port_requests/" + port, {"numbers": {}})
        self.assertEqual((400, ["numbers"]), (answer.status,
                                              list(answer.data)))

    def test_if_match_and_the_idempotency_key_hold(self):
        port = self.port()
        etag = self.ask("GET", "port_requests/" + port).headers["etag"]
        key = {"Idempotency-Key": new_id(), "If-Match": etag}
        first = self.enter(port, "submitted", headers=key)
        again = self.enter(port, "submitted", headers=key)
        self.assertEqual((200, 200, first.data), (first.status, again.status,
                                                  again.data))
        self.assertEqual(422, self.enter(port, "pending", headers={
            "Idempotency-Key": key["Idempotency-Key"]}).status)
        self.assertEqual(412, self.enter(port, "pending", headers={
            "If-Match": etag}).status)
        self.assertEqual(first.data,
                         self.ask("GET", "port_requests/" + port).data)


class Completion(PortTest):
    def setUp(self):
        super().setUp()
        self.numbers = sorted(fresh_number() for _ in range(2))

    def test_its_numbers_are_added_counted_and_charged(self):
        self.price(phone_numbers={"did_us": 3})
        port = self.port(*self.numbers, state="submitted")
        refused = self.enter(port, "completed")
        self.assertEqual((402, 6, "submitted"), (
            refused.status, refused.data[0]["summary"]["recurring"],
            self.state(port)))
        self.assertEqual(404, self.ask(
            "GET", "phone_numbers/" + self.numbers[0]).status)
        answer = self.enter(port, "completed", {}, envelope={
            "accept_charges": True})
        self.assertEqual((200, "completed", set(self.numbers)), (
            answer.status, answer.data["port_state"],
            set(answer.data["numbers"])))
        for number in self.numbers:
            data = self.ask("GET", "phone_numbers/" + number).data
            self.assertEqual(("in_service", True, port), (
                data["state"], data["ported_in"], data["port_id"]))
        self.assertEqual(
            {"phone_numbers": {"did_us": 2}, "number_carriers": {
                "knm_other": 2}, "port_request": {
                    "completed": 2, "first_completed": 2}}, self.quantities())
        self.assertEqual(2, self.account.get("/summary").data["invoices"][0][
            "items"][0]["quantity"])

    def test_charges_are_accepted_in_data_query_or_envelope(self):
        self.price(phone_numbers={"did_us": 3})
        for label, data, more in (
                ("data", {"accept_charges": True}, {}),
                ("query", None, {"query": {"accept_charges": "true"}}),
                ("envelope", {}, {"envelope": {"accept_charges": True}})):
            with self.subTest(label):
                port = self.port(state="submitted")
                self.assertEqual(402, self.enter(port, "completed").status)
                self.assertEqual(200, self.enter(port, "completed", data,
                                                 **more).status)

    def test_a_reseller_accepts_what_its_own_plan_counts(self):
        parent = Seller()
        seller = Seller(parent=parent.id)
        customer = seller.account()
        services = "/v2/accounts/%s/services" % seller.id
        self.assertEqual(200, request("POST", services, parent.token, data={
            "add": [parent.plan("p", {"phone_numbers": {"did_us": {
                "rate": 1, "cascade": True}}})]}).status)

        def ask(method, rest, data=None):
            return self.ask(method, rest, data, account=customer.id,
                            token=seller.token)
        rest = "port_requests/%s/" % ask("PUT", "port_requests", {
            "numbers": {self.numbers[0]: {}}}).data["id"]
        for state, data, status in (
                ("submitted", None, 200), ("completed", None, 402),
                ("completed", {"accept_charges": True}, 200)):
            self.assertEqual(status, ask("PATCH", rest + state, data).status)
        self.assertEqual(1, request(
            "GET", services + "/summary", parent.token).data["quantities"][
                "cascade"]["phone_numbers"]["did_us"])

    def test_a_number_in_another_state_comes_into_service(self):
        for state in ("port_in", "reserved"):
            number = fresh_number()
            self.ask("PUT", "phone_numbers/" + number, {
                "create_with_state": state, "used_by": "callflow"})
            before = self.quantities()["phone_numbers"]
            port = self.port(number, state="submitted")
            self.assertEqual(200, self.enter(port, "completed").status)
            data = self.ask("GET", "phone_numbers/" + number).data
            self.assertEqual(("in_service", "callflow", port), (
                data["state"], data["used_by"], data["port_id"]))
            self.assertEqual(before, self.quantities()["phone_numbers"])

    def test_what_answers_a_number_comes_with_it(self):
        answer = self.ask("PUT", "port_requests", {"numbers": {
            self.numbers[0]: {"used_by": "callflow", "state": "NY"}}})
        port = answer.data["id"]
        self.enter(port, "submitted")
        self.enter(port, "completed")
        data = self.ask("GET", "phone_numbers/" + self.numbers[0]).data
        self.assertEqual(("callflow", "in_service"), (data["used_by"],
                                                      data["state"]))

    def test_a_number_that_came_elsewhere_meanwhile_stops_it(self):
        """Such requests come out of a Kazoo, which looks only once."""
        port = self.port(*self.numbers, state="submitted")
        other = self.seller.account()
        database("DELETE FROM port_number WHERE number = '%s'" %
                 self.numbers[1])
        self.assertEqual(201, self.ask(
            "PUT", "phone_numbers/" + self.numbers[1], {},
            account=other.id).status)
        answer = self.enter(port, "completed")
        self.assertEqual((409, "number_exists", self.numbers[1]), (
            answer.status, answer.envelope["message"], answer.data["cause"]))
        self.assertEqual("submitted", self.state(port))
        self.assertEqual({}, self.ask("GET", "phone_numbers").data["numbers"])

    def test_two_at_once_charge_once(self):
        self.price(phone_numbers={"did_us": 3})
        for _ in range(3):
            port = self.port(state="submitted")
            before = self.quantities().get("phone_numbers", {}).get("did_us", 0)
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                answers = list(pool.map(lambda _: self.enter(
                    port, "completed", {"accept_charges": True}), range(4)))
            self.assertEqual([200, 400, 400, 400],
                             sorted(a.status for a in answers))
            self.assertEqual(before + 1,
                             self.quantities()["phone_numbers"]["did_us"])

    def test_the_same_request_again_answers_the_same(self):
        self.price(phone_numbers={"did_us": 3})
        port = self.port(*self.numbers, state="submitted")
        key = {"Idempotency-Key": new_id()}
        first, again = (self.enter(port, "completed", {"accept_charges": True},
                                   headers=key) for _ in range(2))
        self.assertEqual((200, first.data), (again.status, again.data))
        self.assertEqual(2, self.quantities()["phone_numbers"]["did_us"])

    def test_one_entry_tells_of_all_of_it(self):
        self.price(phone_numbers={"did_us": 3}, port_request={
            "first_completed": 5})
        port = self.port(*self.numbers, state="submitted")
        before = len(self.account.entries())
        self.enter(port, "completed", {"accept_charges": True})
        self.assertEqual(before + 1, len(self.account.entries()))
        self.assertEqual(16, self.account.get("/summary").data["invoices"][0][
            "summary"]["recurring"])


class Taken(PortTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.one, cls.other = cls.seller.account(), cls.seller.account()

    def setUp(self):
        self.account, self.number = self.one, fresh_number()

    def taken(self, answer, number=None):
        self.refused(answer, number or self.number)
        return answer.data[number or self.number]["type"]["message"]

    def put(self, *numbers, account=None):
        return self.ask("PUT", "port_requests", {"numbers": {
            n: {} for n in numbers}}, account=account)

    def test_a_number_is_in_one_open_request(self):
        for label, state, status in (
                ("submitted", "submitted", 400), ("rejected", "rejected", 400),
                ("canceled", "canceled", 201)):
            number = fresh_number()
            self.port(number, state=state)
            for account in (self.account, self.other):
                with self.subTest(label):
                    answer = self.put(number, account=account.id)
                    self.assertEqual(status, answer.status, answer)
                    if status == 201:
                        self.ask("DELETE", "port_requests/" +
                                 answer.data["id"], account=account.id)

    def test_nobody_learns_whose_request_it_is(self):
        self.port(self.number, state="submitted")
        message = self.taken(self.put(self.number, account=self.other.id))
        self.assertNotIn(self.account.id, message)

    def test_an_unconfirmed_request_holds_nothing(self):
        port = self.port(self.number)
        other = self.put(self.number, account=self.other.id).data["id"]
        self.assertEqual(201, self.ask("PUT", "phone_numbers/" + self.number,
                                       {}, account=self.other.id).status)
        # Not even against itself: but it can be edited and canceled.
        self.taken(self.enter(port, "submitted"))
        self.assertEqual(200, self.ask("PATCH", "port_requests/" + port, {
            "name": "Q"}).status)
        self.assertEqual(200, self.enter(port, "canceled").status)
        self.assertEqual(200, self.ask(
            "DELETE", "port_requests/" + other,
            account=self.other.id).status)

    def test_the_first_that_is_submitted_holds_the_number(self):
        ports = [(self.put(self.number, account=a.id).data["id"], a.id)
                 for a in (self.account, self.other, self.account)]
        with concurrent.futures.ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(lambda p: self.ask(
                "PATCH", "port_requests/%s/submitted" % p[0],
                account=p[1]), ports))
        self.assertEqual([200, 400, 400], sorted(a.status for a in answers))

    def test_a_deleted_request_gives_its_numbers_back(self):
        port = self.port(self.number, state="rejected")
        self.ask("DELETE", "port_requests/" + port)
        self.assertEqual(201, self.put(self.number,
                                       account=self.other.id).status)

    def test_an_edit_takes_and_gives_numbers(self):
        second = fresh_number()
        port = self.port(self.number, state="rejected")
        rest = "port_requests/" + port
        self.assertEqual(200, self.ask("POST", rest, {
            "numbers": {second: {}}}).status)
        answer = self.put(self.number, account=self.other.id)
        self.assertEqual(201, answer.status)
        self.assertEqual(200, self.ask(
            "PATCH", "port_requests/%s/submitted" % answer.data["id"],
            account=self.other.id).status)
        self.taken(self.ask("POST", rest, {"numbers": {
            second: {}, self.number: {}}}))
        self.assertEqual([second], list(self.ask("GET", rest).data["numbers"]))

    def test_a_number_that_is_here_is_not_ported(self):
        self.ask("PUT", "phone_numbers/" + self.number, {})
        for account in (self.account, self.other):
            self.taken(self.put(self.number, account=account.id))
        reserved = fresh_number()
        self.ask("PUT", "phone_numbers/" + reserved,
                 {"create_with_state": "reserved"})
        self.taken(self.put(reserved, account=self.other.id), reserved)
        self.assertEqual(201, self.put(reserved).status)

    def test_every_number_is_named(self):
        second = fresh_number()
        self.port(self.number, state="submitted")
        self.ask("PUT", "phone_numbers/" + second, {})
        answer = self.put(self.number, second, fresh_number())
        self.assertEqual((400, {self.number, second}), (
            answer.status, set(answer.data)))

    def test_a_number_that_is_being_ported_is_not_added(self):
        port = self.port(self.number, state="submitted")
        for account in (self.account, self.other):
            answer = self.ask("PUT", "phone_numbers/" + self.number, {},
                              account=account.id)
            self.assertEqual((400, "number_is_porting", {
                "code": 400, "error": "number_is_porting",
                "cause": self.number, "message": answer.data["message"]}), (
                    answer.status, answer.envelope["message"], answer.data))
        self.enter(port, "canceled")
        self.assertEqual(201, self.ask("PUT", "phone_numbers/" + self.number,
                                       {}).status)

    def test_two_at_once_take_a_number_once(self):
        def ask(n):
            account = (self.account, self.other)[n % 2].id
            return self.ask("PATCH", "port_requests/%s/submitted" % ports[n],
                            account=account) if n < 2 else self.ask(
                "PUT", "phone_numbers/" + number, {}, account=account)

        for label, range_ in (("two requests", (0, 1)),
                              ("a request and a number", (0, 3)),
                              ("all of them", (0, 1, 2, 3))):
            for _ in range(4):
                number = fresh_number()
                ports = [self.put(number, account=a.id).data["id"]
                         for a in (self.account, self.other)]
                with self.subTest(label), \
                        concurrent.futures.ThreadPoolExecutor(4) as pool:
                    statuses = [a.status for a in pool.map(ask, range_)]
                    self.assertEqual(1, sum(s < 300 for s in statuses),
                                     statuses)
                    self.assertLessEqual(set(statuses), {200, 201, 400, 409})

    def test_numbers_have_their_normal_form(self):
        answer = self.ask("PUT", "port_requests", {"numbers": {
            "(415) " + self.number[5:8] + "-" + self.number[8:]: {"a": 1},
            "0049301234567%d" % random.randrange(100): {}}})
        self.assertEqual(201, answer.status, answer)
        self.assertIn(self.number, answer.data["numbers"])
        self.assertTrue(all(n[0] == "+" for n in answer.data["numbers"]))

    def test_a_list_of_requests_takes_a_thousand_numbers(self):
        numbers = ["+1416%07d" % n for n in range(1200)]
        answer = self.ask("PUT", "port_requests/collection", [
            {"numbers": {n: {} for n in numbers[k:k + 400]}}
            for k in (0, 400, 800)])
        self.refused(answer, "data")

    def test_bad_numbers_are_refused(self):
        for label, numbers, fields in (
                ("letters", ("abc",), {"numbers.abc"}),
                ("short", ("911", "112", "+1", "+1415", "+911", "+491234",
                           "+1415555123", "+141555512345", self.number), {
                    "numbers." + n for n in (
                        "911", "112", "+1", "+1415", "+911", "+491234",
                        "+1415555123", "+141555512345")}),
                ("plus", ("+1415+5551234",), {"numbers.+1415+5551234"}),
                ("twice", (self.number, self.number[2:]),
                 {"numbers." + self.number[2:]}),
                ("many", ["+1415%07d" % n for n in range(501)],
                 {"numbers"})):
            with self.subTest(label):
                answer = self.put(*numbers)
                self.assertEqual((400, fields), (answer.status,
                                                 set(answer.data)))


class Lists(PortTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.seller.account()
        cls.numbers = {s: fresh_number() for s in STATES}
        cls.ports = {}
        for state, number in cls.numbers.items():
            cls.ports[state] = cls().port(number, state=state)

    def setUp(self):
        pass

    def listed(self, rest="port_requests", **query):
        answer = self.ask("GET", rest, query=query)
        self.assertEqual(200, answer.status, answer)
        return answer.data

    def states(self, **query):
        return {p["port_state"] for group in self.listed(**query)
                for p in group["port_requests"]}

    def test_requests_are_listed_by_account(self):
        (group,) = self.listed(by_types="submitted")
        self.assertEqual((self.account.id, "Customer"), (
            group["account_id"], group["account_name"]))
        (shown,) = group["port_requests"]
        whole = self.ask("GET", "port_requests/" + shown["id"]).data
        self.assertEqual(dict(whole, account_id=self.account.id), shown)
        self.assertLessEqual({"id", "name", "numbers", "port_state", "created",
                              "updated"}, set(shown))

    def test_types_choose_states(self):
        active = {"unconfirmed", "submitted", "pending", "scheduled",
                  "rejected"}
        for types, states in (
                (None, active), ("active", active), ("all", set(STATES)),
                ("progressing", {"submitted", "pending", "scheduled"}),
                ("suspended", {"unconfirmed", "rejected"}),
                ("completed", {"completed", "canceled"}),
                ("canceled", {"canceled"}),
                ("pending,rejected", {"pending", "rejected"})):
            with self.subTest(str(types)):
                self.assertEqual(states, self.states(
                    **{} if types is None else {"by_types": types}))
        answer = self.ask("GET", "port_requests", query={"by_types": "flying"})
        self.assertEqual((400, ["by_types"]), (answer.status,
                                               list(answer.data)))

    def test_a_number_finds_its_requests(self):
        number = self.numbers["completed"]
        for text in (number, number[2:], "1" + number[2:]):
            (found,) = self.listed(by_number=text)
            self.assertEqual((self.ports["completed"], self.account.id), (
                found["id"], found["account_id"]))
        self.assertEqual([], self.listed(by_number=fresh_number()))
        self.assertEqual(400, self.ask("GET", "port_requests", query={
            "by_number": "x"}).status)

    def test_filters_and_times_choose_requests(self):
        self.assertEqual({"rejected"}, self.states(
            filter_port_state="rejected"))
        self.assertEqual([], self.listed(created_from=str(later())))
        self.assertEqual({"pending"}, self.states(
            by_types="pending", created_to=str(later())))

    def test_a_reseller_lists_those_below_it(self):
        rest = "descendants/port_requests"
        groups = request("GET", "/v2/accounts/%s/%s" % (self.seller.id, rest),
                         self.seller.token, query={
                             "by_types": "completed"}).data
        own = [g for g in groups if g["account_id"] == self.account.id]
        self.assertEqual({"completed", "canceled"}, {
            p["port_state"] for p in own[0]["port_requests"]})
        self.assertEqual(len(groups), len({g["account_id"] for g in groups}))
        (found,) = request(
            "GET", "/v2/accounts/%s/%s" % (self.seller.id, rest),
            self.seller.token,
            query={"by_number": self.numbers["pending"]}).data
        self.assertEqual(self.ports["pending"], found["id"])
        self.assertEqual([], request(
            "GET", "/v2/accounts/%s/port_requests" % self.seller.id,
            self.seller.token, query={
                "by_number": self.numbers["pending"]}).data)

    def test_others_are_not_listed(self):
        other = Seller()
        self.assertEqual([], request(
            "GET", "/v2/accounts/%s/descendants/port_requests" % other.id,
            other.token, query={"by_types": "all"}).data)
        self.assertEqual([], request(
            "GET", "/v2/accounts/%s/descendants/port_requests" % other.id,
            other.token, query={"by_number": self.numbers["pending"]}).data)

    def test_many_requests_are_all_listed(self):
        account = self.seller.account()
        ports = {self.ask("PUT", "port_requests", {"numbers": {}},
                          account=account.id).data["id"] for _ in range(101)}
        (group,) = self.ask("GET", "port_requests", account=account.id).data
        self.assertEqual((101, ports), (
            len(group["port_requests"]),
            {p["id"] for p in group["port_requests"]}))


class Numbers(PortTest):
    def number_in(self, state, **more):
        number = fresh_number()
        answer = self.ask("PUT", "phone_numbers/" + number, dict(
            more, create_with_state=state))
        self.assertEqual((201, state), (answer.status, answer.data["state"]))
        return "phone_numbers/" + number

    def test_each_operation_leads_from_states_that_fit(self):
        operations = (("PUT", "/activate", {}, "in_service"),
                      ("PUT", "/reserve", {}, "reserved")) + tuple(
            ("PATCH", "", {"state": to}, to)
            for to in ("aging", "available", "port_out", "port_in"))
        tokens = {"customer": self.account.token, "seller": self.seller.token}
        for before in NUMBER_STATES:
            steady = self.number_in(before)
            for method, rest, data, after in operations:
                who = "customer" if before == after else NUMBER_STEPS.get(
                    (before, after))
                for role, token in tokens.items():
                    with self.subTest("%s: %s to %s" % (role, before, after)):
                        allowed = who == "customer" or who == role
                        number = self.number_in(before) if allowed else steady
                        answer = self.ask(method, number + rest, data,
                                          token=token)
                        if allowed:
                            self.assertEqual(
                                (201 if rest else 200, after),
                                (answer.status, answer.data["state"]))
                        else:
                            self.assertEqual(
                                (400, "invalid_state_transition")
                                if who is None else (403, "forbidden"),
                                (answer.status, answer.envelope["message"]))
            self.assertEqual(before, self.ask("GET", steady).data["state"])

    def test_some_states_of_new_numbers_are_the_sellers_to_set(self):
        for (before, state), who in NUMBER_STEPS.items():
            if before != "(new)":
                continue
            for role, token in (("customer", self.account.token),
                                ("seller", self.seller.token)):
                with self.subTest("%s: %s" % (role, state)):
                    answer = self.ask("PUT", "phone_numbers/" + fresh_number(),
                                      {"create_with_state": state},
                                      token=token)
                    self.assertEqual(201 if who in ("customer", role) else 403,
                                     answer.status, answer)
        for state in ("flying", "released", 5):
            with self.subTest(str(state)):
                self.assertEqual(400, self.ask(
                    "PUT", "phone_numbers/" + fresh_number(),
                    {"create_with_state": state}).status)

    def test_a_change_that_says_no_state_leaves_it(self):
        number = self.number_in("reserved")
        for method, data in (("PATCH", {"a": 1}), ("POST", {"b": 2}),
                             ("POST", {"create_with_state": "aging"}),
                             ("PATCH", {"state": None})):
            answer = self.ask(method, number, data)
            self.assertEqual((200, "reserved"), (answer.status,
                                                 answer.data["state"]))
            self.assertNotIn("create_with_state", answer.data)

    def test_a_number_that_is_not_there_is_404(self):
        rest = "phone_numbers/" + fresh_number()
        for method, end in (("PUT", "/activate"), ("PUT", "/reserve"),
                            ("GET", ""), ("POST", ""), ("PATCH", ""),
                            ("DELETE", "")):
            with self.subTest(method + end):
                answer = self.ask(method, rest + end,
                                  None if method == "GET" else {})
                self.assertEqual((404, "bad_identifier"), (
                    answer.status, answer.envelope["message"]))
        self.assertEqual({}, self.quantities())

    def test_an_answer_shows_what_is_known_of_a_number(self):
        rest = self.number_in("reserved", used_by="callflow", cnam={
            "display_name": "Us"})
        data = self.ask("GET", rest)
        read_only = data.data["_read_only"]
        self.assertEqual(data.envelope["metadata"], read_only)
        self.assertEqual(
            ("reserved", "callflow", data.data["features"],
             data.data["created"], data.data["updated"]),
            (read_only["state"], read_only["used_by"], read_only["features"],
             read_only["created"], read_only["modified"]))
        self.assertLess(abs(read_only["created"] - GREGORIAN - time.time()), 60)
        answer = self.ask("PATCH", rest, {"_read_only": {"state": "aging"}})
        self.assertEqual(answer.data, self.ask("GET", rest).data)
        self.assertEqual(read_only["created"],
                         answer.data["_read_only"]["created"])
        deleted = self.ask("DELETE", rest).data["_read_only"]
        self.assertEqual((True, "reserved"), (deleted["deleted"],
                                              deleted["state"]))

    def test_the_list_says_how_many_there_are_below(self):
        customer = self.seller.account()
        self.ask("PUT", "phone_numbers/" + fresh_number(), {},
                 account=customer.id)
        data = request("GET", "/v2/accounts/%s/phone_numbers" % self.seller.id,
                       self.seller.token).data
        self.assertEqual((data["casquade_quantity"], {}), (
            data["cascade_quantity"], data["numbers"]))
        self.assertLessEqual(1, data["cascade_quantity"])
        rest = self.number_in("port_in")
        (shown,) = self.ask("GET", "phone_numbers", query={
            "filter_state": '["in_service","port_in"]'}).data[
                "numbers"].values()
        self.assertEqual(
            ("port_in", self.account.id, True),
            (shown["state"], shown["assigned_to"], "created" in shown))
        self.assertEqual({}, self.ask("GET", "phone_numbers", query={
            "filter_state": "in_service"}).data["numbers"])
        self.assertNotIn("_read_only", shown)
        self.assertEqual(200, self.ask("GET", rest).status)

    def test_an_account_that_has_a_number_is_told_as_kazoo_does(self):
        number = fresh_number()
        self.ask("PUT", "phone_numbers/" + number, {})
        for account in (self.account, self.seller.account()):
            answer = self.ask("PUT", "phone_numbers/" + number, {},
                              account=account.id)
            self.assertEqual((409, "number_exists"), (
                answer.status, answer.envelope["message"]))
            self.assertEqual((409, "number_exists", number), tuple(
                answer.data[k] for k in ("code", "error", "cause")))

    def test_a_collection_names_every_number_and_does_none(self):
        mine, theirs, porting, free = (fresh_number() for _ in range(4))
        other = self.seller.account()
        self.ask("PUT", "phone_numbers/" + mine, {})
        self.ask("PUT", "phone_numbers/" + theirs, {}, account=other.id)
        self.port(porting, state="submitted")
        exists, unknown = (409, "number_exists"), (404, "not_found")
        none, porting_ = (404, "not_reconcilable"), (400, "number_is_porting")
        for method, numbers, data, refused in (
                ("PUT", (mine, theirs, porting, free, "x"), {}, {
                    mine: exists, theirs: exists, porting: porting_,
                    "x": none}),
                ("POST", (mine, theirs, free), {}, {
                    theirs: unknown, free: unknown}),
                ("PATCH", (mine, free), {"state": "port_in"}, {
                    mine: (400, "invalid_state_transition"), free: unknown}),
                ("DELETE", (mine, theirs, "+"), {}, {
                    theirs: unknown, "+": none})):
            with self.subTest(method):
                answer = self.ask(method, "phone_numbers/collection", dict(
                    data, numbers=list(numbers)))
                self.assertEqual((400, "client error"), (
                    answer.status, answer.envelope["message"]))
                self.assertEqual(refused, {
                    n: (r["code"], r["error"])
                    for n, r in answer.data.items()})
                self.assertEqual([mine], list(self.ask(
                    "GET", "phone_numbers").data["numbers"]))

    def test_a_list_comes_into_service_as_a_whole(self):
        rest = "phone_numbers/collection/activate"
        self.price(phone_numbers={"did_us": 3})
        numbers = [self.number_in("reserved", accept_charges=True,
                                  used_by="callflow")[14:] for _ in range(2)]
        porting, free = self.number_in("port_in", accept_charges=True)[14:], \
            fresh_number()
        answer = self.ask("PUT", rest, {"numbers": numbers + [
            porting, free, "x"]}, token=self.account.token)
        self.assertEqual((400, "client error", {
            porting: (403, "forbidden"), free: (404, "not_found"),
            "x": (404, "not_reconcilable")}), (
                answer.status, answer.envelope["message"], {
                    n: (r["code"], r["error"])
                    for n, r in answer.data.items()}))
        self.assertEqual("reserved", self.ask(
            "GET", "phone_numbers/" + numbers[0]).data["state"])
        answer = self.ask("PUT", rest, {"numbers": numbers})
        self.assertEqual((201, set(numbers), {}), (
            answer.status, set(answer.data["success"]), answer.data["error"]))
        for number in numbers:
            data = self.ask("GET", "phone_numbers/" + number).data
            self.assertEqual(("in_service", "callflow"), (data["state"],
                                                          data["used_by"]))
        self.refused(self.ask("PUT", rest, {}), "numbers")

    def test_a_number_has_one_form(self):
        number = fresh_number()
        self.ask("PUT", "phone_numbers/" + number, {})
        for text in (number[2:], number[1:], "(415)%20" + number[5:],
                     "011" + number[1:], "00" + number[1:]):
            with self.subTest(text):
                answer = self.ask("GET", "phone_numbers/" + text)
                self.assertEqual((200, number), (answer.status,
                                                 answer.data["id"]))
        for text in ("+1415+5551234", "1+4155551234", "abc", "+"):
            with self.subTest(text):
                answer = self.ask("PUT", "phone_numbers/" + text, {})
                self.assertEqual((400, ["id"]), (answer.status,
                                                 list(answer.data)))


if __name__ == "__main__":
    unittest.main()
