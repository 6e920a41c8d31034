#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Messages to bookkeepers: the effects of each kind of answer; every change is
delivered at least once and in order, whatever is killed."""

import contextlib
import hashlib
import hmac
import json
import os
import resource
import signal
import socket
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bookkeeper import Bookkeeper  # noqa: E402
from fault.stack import (REEVE, REEVECTL, StackTest,  # noqa: E402
                         is_release_build, require, wait_until)
from reeve import new_id  # noqa: E402

KEY = "between the two of us"
# Long timeouts, so that slow machines pass. Retries are due when a test says
# so.
PATIENT = {"courier_private": "1", "courier_timeout": "10m",
           "courier_lease": "20m", "courier_attempts": "3",
           "courier_pause": "1h", "courier_pause_max": "1h"}
# For tests that kill couriers, where retries become due by themselves.
QUICK = dict(PATIENT, courier_timeout="3s", courier_lease="5s",
             courier_attempts="100", courier_pause="1s",
             courier_pause_max="1s")
SHORT = {"timeout_ms": 500}  # for a bookkeeper that does not answer


def name_of(pid):
    with contextlib.suppress(OSError), open("/proc/%d/comm" % pid) as f:
        return f.read().strip()


class CourierTest(StackTest):
    pool = True
    bare = False
    options = dict(PATIENT, workers="2")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.stack.create_account("Vendor", "--reseller")
        cls.token = cls.stack.issue_token(cls.vendor)

    def setUp(self):
        self.bookkeeper = Bookkeeper()
        self.addCleanup(self.bookkeeper.close)
        # Removes messages of other tests.
        self.stack.sql("UPDATE outbox SET state = 'delivered', settled = 1;"
                       "UPDATE outbox_line SET due = NULL, claim = NULL")

    def ask(self, method, path, data=None, status=None, account=None):
        answer = self.stack.request(
            method, "/v2/accounts/%s/%s" % (account or self.vendor, path),
            self.token, data)
        if status:
            self.assertEqual(status, answer.status, answer)
        return answer

    def add_bookkeeper(self, how, **more):
        document = dict({"name": "B", "bookkeeper": {"type": "http"},
                         "url": self.bookkeeper.url(how), "secret": KEY},
                        **more)
        return self.ask("PUT", "bookkeepers", document, 201).data["id"]

    def customer(self, bookkeeper, devices=None, **more):
        """An account whose plan of devices names a bookkeeper."""
        plan = new_id()
        self.ask("PUT", "service_plans", {
            "id": plan, "name": "P", "plan": {
                "devices": devices or {"sip_device": {"rate": 2}}},
            "bookkeeper": dict({"type": "http", "id": bookkeeper}, **more)},
            201)
        account = self.stack.create_account("Customer", "--parent",
                                            self.vendor)
        self.ask("POST", "services?accept_charges=true", {"add": [plan]}, 200,
                 account)
        return account

    def change(self, account, devices):
        self.ask("PATCH", "services/manual?accept_charges=true",
                 {"devices": {"sip_device": devices}}, 200, account)

    def told_at_hosts(self, how, hosts, customers=2):
        """One change of each customer of each host."""
        accounts = []
        for host in range(2, hosts + 2):
            name = self.add_bookkeeper(how, url=self.bookkeeper.url(
                how, "127.0.0.%d" % host))
            accounts += [self.customer(name) for _ in range(customers)]
        for account in accounts:
            self.change(account, 3)
        return accounts

    def told_once(self, how, **more):
        """Delivers one change of a new customer to a bookkeeper that answers
        like this."""
        account = self.customer(self.add_bookkeeper(how, **more))
        self.change(account, 3)
        return account

    def deliver(self, *more):
        return self.stack.reevectl("deliver", *more, check=False)

    def deliver_all(self):
        """Delivers until no message waits."""
        def done():
            self.stack.sql("UPDATE outbox_line SET due = 1 WHERE due > 1;"
                           "UPDATE outbox_receiver SET paused_until = 1")
            self.deliver()
            return not self.stack.number(
                "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'")
        wait_until(done)

    def entry(self, account):
        """(status, reason, results) of the newest entry of a bookkeeper."""
        rows = self.stack.sql(
            "SELECT e.id FROM audit_entry AS e JOIN outbox AS o "
            "ON o.account_id = e.account_id AND o.audit_id = e.id WHERE "
            "e.account_id = '%s' ORDER BY e.sequence DESC LIMIT 1" % account)
        data = self.ask("GET", "services/audit/" + rows[0][0], None, 200,
                        account).data
        return (data["status"], data.get("reason"),
                data["bookkeeper"].get("results"))

    def standing(self, account):
        return self.ask("GET", "services/status", None, 200, account).data

    def attempts(self, account):
        return [row for row in self.stack.sql(
            "SELECT t.attempt, COALESCE(t.http_status, 0), "
            "COALESCE(t.reason, ''), t.ended IS NOT NULL FROM outbox_attempt "
            "AS t JOIN outbox AS o ON o.id = t.outbox_id WHERE o.account_id "
            "= '%s' ORDER BY t.outbox_id, t.attempt" % account)]

    def states(self, account):
        return [row[0] for row in self.stack.sql(
            "SELECT state FROM outbox WHERE account_id = '%s' ORDER BY id" %
            account)]


@require(REEVE, REEVECTL)
class Answers(CourierTest):
    def test_200(self):
        account = self.told_once("200")
        self.assertEqual("pending", self.entry(account)[0])
        self.assertEqual(0, self.deliver().returncode)
        status, _, results = self.entry(account)
        self.assertEqual("completed", status)
        self.assertEqual("success", results[0]["status"])
        self.assertEqual(["delivered"], self.states(account))
        self.assertEqual([["1", "200", "", "1"]], self.attempts(account))
        self.assertTrue(self.standing(account)["in_good_standing"])
        self.assert_verified(account)
        told, = self.bookkeeper.of(account)
        body = json.loads(told.body)
        with self.subTest("the newer form"):
            self.assertEqual("update.request", body["Event-Name"])
            self.assertEqual(self.vendor, body["Vendor-ID"])
            self.assertEqual("http", body["Bookkeeper-Type"])
            line, = body["Invoice"]["items"]
            self.assertEqual((3, 2), (line["billable"], line["rate"]))
            self.assertIn("audit", body["Audit-Log"])
            self.assertEqual(told.delivery, body["Msg-ID"])
        with self.subTest("signed"):
            parts = dict(part.split("=") for part in
                         told.headers["Reeve-Signature"].split(","))
            self.assertLess(abs(time.time() - int(parts["t"])), 60)
            mac = hmac.new(KEY.encode(), parts["t"].encode() + b"." +
                           told.body, hashlib.sha256).hexdigest()
            self.assertEqual(mac, parts["v1"])
            self.assertNotIn(KEY.encode(), told.body)

    def test_200_without_json(self):
        account = self.told_once("text")
        self.deliver()
        self.assertEqual("completed", self.entry(account)[0])

    def test_the_form_of_2015(self):
        account = self.told_once("200", form="2015",
                                 authorization="Basic abc")
        self.deliver()
        told, = self.bookkeeper.of(account)
        self.assertEqual("Basic abc", told.headers["Authorization"])
        self.assertEqual(account, told.headers["X-Account-ID"])
        self.assertEqual(told.delivery, told.headers["X-Sync-ID"])
        body = json.loads(told.body)
        self.assertEqual({"account_id", "sync_id", "items"}, set(body))
        line = body["items"]["devices"]["sip_device"]
        self.assertEqual((3, 2, True), (line["quantity"], line["rate"],
                                        line["single_discount"]))
        self.assertEqual("completed", self.entry(account)[0])

    def test_the_form_of_2015_has_the_lines_of_service_plans_current(self):
        """Charge and exceptions are the plan's, regardless of "as"."""
        account = self.customer(
            self.add_bookkeeper("200", form="2015"), {"_all": {
                "as": "phones", "rate": 2, "activation_charge": 3,
                "exceptions": ["fax"]}})
        self.change(account, 3)
        self.deliver()
        told = self.bookkeeper.of(account)[-1]
        items = json.loads(told.body)["items"]
        line = items["devices"]["phones"]
        self.assertEqual((3, ["fax"]), (line["activation_charge"],
                                        line["exceptions"]))
        self.assertEqual(items, self.ask(
            "GET", "service_plans/current", None, 200, account).data["items"])

    def test_402_and_200_again(self):
        self.bookkeeper.answers = ["402", "200"]
        account = self.told_once("next")
        self.deliver()
        status, reason, _ = self.entry(account)
        self.assertEqual(("failed", "delinquent"), (status, reason))
        standing = self.standing(account)
        self.assertFalse(standing["in_good_standing"])
        self.assertEqual(402, standing["reason_code"])
        self.assertEqual(["delivered"], self.states(account))
        entries = self.stack.sql(
            "SELECT document FROM audit_entry WHERE account_id = '%s' "
            "AND form = 'invoice' ORDER BY sequence DESC LIMIT 1" % account)
        self.assertIn('"type":"bookkeeper"', entries[0][0])
        self.assertIn("delinquent", entries[0][0])
        self.change(account, 2)
        self.deliver()
        self.assertEqual("completed", self.entry(account)[0])
        self.assertTrue(self.standing(account)["in_good_standing"])
        self.assert_verified(account)

    def test_declined(self):
        account = self.told_once("declined")
        self.deliver()
        self.assertEqual(("failed", "no_card"), self.entry(account)[:2])
        self.assertEqual(["delivered"], self.states(account))
        self.assertTrue(self.standing(account)["in_good_standing"])

    def given_up(self, how, reason, **more):
        account = self.told_once(how, **more)
        done = self.deliver()
        self.assertEqual(1, done.returncode, done)
        self.assertEqual(["waiting"], self.states(account))
        self.assertEqual("pending", self.entry(account)[0])
        self.deliver_all()
        self.assertEqual(["dead"], self.states(account))
        self.assertEqual(("failed", reason), self.entry(account)[:2])
        attempts = self.attempts(account)
        self.assertEqual(["1", "2", "3"], [row[0] for row in attempts])
        self.assertEqual({reason}, {row[2] for row in attempts})
        self.assertTrue(self.standing(account)["in_good_standing"])
        self.assertLessEqual(
            len({told.delivery for told in self.bookkeeper.of(account)}), 1)
        self.assert_verified(account)
        return account

    def test_500(self):
        account = self.given_up("500", "http_500")
        self.assertEqual(3, len(self.bookkeeper.of(account)))

    def test_reset(self):
        self.given_up("reset", "connection")

    def test_garbage(self):
        self.given_up("garbage", "connection")

    def test_hang(self):
        self.given_up("hang", "timeout", **SHORT)

    def test_slow(self):
        self.given_up("slow", "timeout", **SHORT)

    def test_connection_refused(self):
        self.bookkeeper.server.shutdown()
        self.bookkeeper.server.server_close()
        self.given_up("200", "connection")

    def test_redirect_is_not_followed(self):
        account = self.given_up("redirect", "http_302")
        self.assertEqual({"/redirect"}, {
            told.path for told in self.bookkeeper.of(account)})
        self.assertEqual([], self.bookkeeper.got)

    def test_a_long_answer_is_truncated(self):
        account = self.told_once("long")
        self.deliver()
        self.assertEqual("completed", self.entry(account)[0])

    def test_the_shorter_timeout_applies(self):
        """The bookkeeper's own timeout, or the configured one."""
        accounts = [self.told_once("hang", **SHORT)]
        self.deliver("--once")
        self.stack.configure(courier_timeout="1s")
        self.addCleanup(self.stack.configure, **PATIENT)
        accounts.append(self.told_once("hang", timeout_ms=1800000))
        self.deliver("--once")
        for account in accounts:
            self.assertEqual("timeout", self.attempts(account)[0][2])

    def test_private_addresses_are_refused(self):
        self.stack.configure(courier_private="0")
        self.addCleanup(self.stack.configure, courier_private="1")
        # The last has no address at all, which a reseller must not learn.
        for host in ("127.0.0.1", "localhost", "[::1]", "0x7f000001",
                     "no-such-host.invalid"):
            with self.subTest(host):
                url = self.bookkeeper.url("200").replace("127.0.0.1", host)
                account = self.told_once("200", url=url)
                self.deliver("--once")
                self.assertEqual("refused", self.attempts(account)[0][2])
                self.assertEqual([], self.bookkeeper.of(account))
                self.stack.sql("UPDATE outbox_line SET due = NULL")

    def test_an_unknown_bookkeeper(self):
        account = self.customer(new_id())
        self.change(account, 1)
        self.deliver()
        self.assertEqual("pending", self.entry(account)[0])
        self.deliver_all()
        self.assertEqual(("failed", "bookkeeper_unknown"),
                         self.entry(account)[:2])
        with self.subTest("listed, and with its reason"):
            done = self.stack.reevectl("outbox", "list", "--dead", account)
            self.assertIn("has no bookkeeper", done.stdout)

    def test_a_bookkeeper_of_another_vendor(self):
        other = self.stack.create_account("Other", "--reseller")
        token, self.token = self.token, self.stack.issue_token(other)
        name = self.ask("PUT", "bookkeepers", {
            "name": "B", "bookkeeper": {"type": "http"},
            "url": self.bookkeeper.url("200")}, 201, other).data["id"]
        self.token = token
        account = self.customer(name, vendor_id=other)
        self.change(account, 1)
        self.deliver()
        self.assertEqual([], self.bookkeeper.of(account))
        self.assertEqual("bookkeeper_unknown", self.attempts(account)[0][2])

    def test_a_bookkeeper_of_type_default_moves_no_money(self):
        name = self.add_bookkeeper("200", bookkeeper={"type": "default"})
        account = self.customer(name)
        self.change(account, 1)
        self.deliver()
        self.assertEqual("completed", self.entry(account)[0])
        self.assertEqual([], self.bookkeeper.of(account))


@require(REEVE, REEVECTL)
class Order(CourierTest):
    def test_no_message_overtakes_a_waiting_one(self):
        self.bookkeeper.answers = ["500", "500"]
        account = self.customer(self.add_bookkeeper("next"))
        for n in range(1, 5):
            self.change(account, n)
        self.deliver()
        self.assertEqual(1, len(self.bookkeeper.of(account)))
        self.deliver_all()
        told = self.bookkeeper.of(account)
        self.assertEqual([1, 1, 1, 2, 3, 4], [
            json.loads(t.body)["Invoice"]["items"][0]["billable"]
            for t in told])
        self.assertEqual(1, len({t.delivery for t in told[:3]}))
        self.assertEqual(4, len({t.delivery for t in told}))

    def test_a_failed_message_does_not_block_the_next_and_can_be_replayed(self):
        self.bookkeeper.answers = ["500"] * 3
        account = self.customer(self.add_bookkeeper("next"))
        self.change(account, 1)
        self.change(account, 2)
        self.deliver_all()
        self.assertEqual(["dead", "delivered"], self.states(account))
        entry = json.loads(self.stack.reevectl(
            "--json", "outbox", "list", account).stdout)
        self.assertEqual(("dead", "http_500", 3), (
            entry["state"], entry["reason"], entry["attempts"]))
        number = str(entry["id"])
        self.stack.reevectl("outbox", "replay", number)
        self.assertEqual("pending", self.stack.sql(
            "SELECT status FROM audit_entry WHERE id = '%s'" %
            entry["audit_id"])[0][0])
        done = self.stack.reevectl("outbox", "replay", number, check=False)
        self.assertEqual(73, done.returncode, done)
        self.deliver()
        self.assertEqual(["delivered"] * 2, self.states(account))
        told = self.bookkeeper.of(account)
        self.assertEqual(told[0].delivery, told[-1].delivery)
        self.assertEqual("", self.stack.reevectl(
            "outbox", "list", account).stdout)
        self.assert_verified(account)

    def test_replay_all(self):
        accounts = [self.told_once("500") for _ in range(2)]
        self.deliver_all()
        done = self.stack.reevectl("--json", "outbox", "replay", "--all")
        self.assertGreaterEqual(json.loads(done.stdout)["replayed"], 2)
        for account in accounts:
            self.assertEqual(["waiting"], self.states(account))

    def test_a_dead_bookkeeper_does_not_delay_another(self):
        silent = self.add_bookkeeper("hang", **SHORT)
        for _ in range(3):
            self.change(self.customer(silent), 1)
        account = self.told_once("200")
        self.deliver()
        self.assertEqual("completed", self.entry(account)[0])
        hanging = [t for t in self.bookkeeper.told if t.path == "/hang"]
        self.assertEqual(1, len(hanging), "requests for one account only")

    def test_two_couriers_never_take_the_same_message(self):
        self.bookkeeper.delay = 0.02
        name = self.add_bookkeeper("200")
        accounts = [self.customer(name) for _ in range(4)]
        for n in range(1, 6):
            for account in accounts:
                self.change(account, n)
        couriers = [self.stack.spawn_reevectl("deliver") for _ in range(4)]
        for courier in couriers:
            courier.communicate()
        self.deliver_all()
        self.assertEqual([], self.bookkeeper.overlaps)
        for account in accounts:
            self.assertEqual([1, 2, 3, 4, 5], [
                json.loads(t.body)["Invoice"]["items"][0]["billable"]
                for t in self.bookkeeper.of(account)])

    def test_an_outcome_after_the_lease_is_not_stored(self):
        """A courier sleeps longer than its lease."""
        self.bookkeeper.answers = ["hang", "500"]
        account = self.told_once("next")
        courier = self.stack.spawn_reevectl("deliver", "--once")
        wait_until(lambda: self.bookkeeper.of(account))
        courier.send_signal(signal.SIGSTOP)
        self.stack.sql("UPDATE outbox_line SET due = 0 WHERE account_id = "
                       "'%s'" % account)
        self.deliver("--once")
        self.assertEqual(2, len(self.bookkeeper.of(account)))
        before = self.attempts(account)
        self.bookkeeper.release.set()
        courier.send_signal(signal.SIGCONT)
        _, said = courier.communicate()
        self.assertIn("another courier", said)
        self.assertEqual(before, self.attempts(account))

    def test_delivered_messages_are_deleted_in_time(self):
        account = self.told_once("200")
        self.deliver()
        self.stack.sql("UPDATE outbox SET settled = 1 WHERE account_id = '%s'"
                       % account)
        self.deliver()
        self.assertEqual([], self.states(account))
        self.assertEqual([], self.attempts(account))


@require(REEVE, REEVECTL)
class Process(CourierTest):
    options = dict(QUICK, workers="2", couriers="2")

    def couriers(self):
        return [pid for pid in self.stack.workers() if
                name_of(pid) == "reeve-courier"]

    def test_the_pool_delivers(self):
        account = self.told_once("200")
        wait_until(lambda: self.entry(account)[0] == "completed")

    def test_a_dead_courier_is_replaced(self):
        before = wait_until(lambda: len(self.couriers()) == 2 and
                            self.couriers())
        os.kill(before[0], signal.SIGKILL)
        wait_until(lambda: len(self.couriers()) == 2 and
                   before[0] not in self.couriers())
        account = self.told_once("200")
        wait_until(lambda: self.entry(account)[0] == "completed")

    def test_a_courier_that_runs_out_of_memory_is_replaced(self):
        """memory_limit is its limit, too; its message is delivered later."""
        if not is_release_build():
            self.skipTest("sanitizers have no memory limit")
        before = wait_until(lambda: len(self.couriers()) == 2 and
                            self.couriers())
        for pid in before:
            self.assertEqual(
                (128 << 20, 128 << 20),
                resource.prlimit(pid, resource.RLIMIT_DATA))
            resource.prlimit(pid, resource.RLIMIT_DATA, (4096, 128 << 20))
        account = self.told_once("long")
        wait_until(lambda: self.entry(account)[0] == "completed")
        self.assertNotEqual(before, self.couriers())
        self.assertEqual("delivered", self.states(account)[0])

    def test_a_stop_does_not_wait_for_a_bookkeeper(self):
        self.stack.stop_pool()
        self.stack.start_pool(courier_timeout="10m", courier_lease="20m")
        try:
            account = self.told_once("hang")
            wait_until(lambda: self.bookkeeper.of(account))
            self.stack.stop_pool()
            self.assertEqual(["stopped"], [
                row[2] for row in self.attempts(account)])
            self.assertEqual(["waiting"], self.states(account))
            self.assertEqual("0", self.stack.sql(
                "SELECT attempts - forgiven FROM outbox WHERE account_id = "
                "'%s'" % account)[0][0])
        finally:
            self.stack.start_pool(**QUICK)

    def test_a_storm_with_couriers_killed(self):
        """Every message is delivered at least once, in order, and none is
        stuck."""
        self.bookkeeper.delay = 0.02
        name = self.add_bookkeeper("next")
        accounts = [self.customer(name) for _ in range(5)]
        self.bookkeeper.answers = ["500" if n % 7 == 0 else "200"
                                   for n in range(60)]
        over = threading.Event()

        def kill():
            while not over.wait(0.3):
                for pid in self.couriers()[:1]:
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        pass

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            for n in range(1, 9):
                for account in accounts:
                    self.change(account, n)
        finally:
            time.sleep(2)
            over.set()
            killer.join()
        wait_until(lambda: not self.stack.number(
            "SELECT COUNT(*) FROM outbox WHERE state <> 'delivered'"),
                   pause=0.3)
        self.assertEqual([], self.bookkeeper.overlaps)
        for account in accounts:
            seen = [json.loads(t.body)["Invoice"]["items"][0]["billable"]
                    for t in self.bookkeeper.of(account)]
            self.assertEqual(sorted(seen), seen)
            self.assertEqual(list(range(1, 9)), sorted(set(seen)))
            ids = {t.delivery for t in self.bookkeeper.of(account)}
            self.assertEqual(8, len(ids), "the same id in every attempt")
            self.assert_verified(account)


class Silence:
    """Servers that take connections and never answer."""

    def __init__(self, number):
        self.servers = [socket.create_server(("127.0.0.1", 0))
                        for _ in range(number)]
        self.connections = []
        for server in self.servers:
            threading.Thread(target=self.take, args=(server,),
                             daemon=True).start()

    def take(self, server):
        with contextlib.suppress(OSError):
            while True:
                self.connections.append(server.accept()[0])

    def urls(self):
        return ["http://127.0.0.1:%d/" % server.getsockname()[1]
                for server in self.servers]

    def close(self):
        for server in self.servers:
            server.shutdown(socket.SHUT_RDWR)
            server.close()
        for connection in self.connections:
            connection.close()


def hooks(stack, account, urls):
    """Imported: more than an account can create."""
    stack.import_documents([{
        "_id": new_id(), "pvt_type": "webhook", "pvt_account_id": account,
        "name": "W", "uri": url, "hooks": ["services.changed"]}
        for url in urls])


@require(REEVE, REEVECTL)
class Many(CourierTest):
    """One courier, many messages at the same time."""
    options = dict(PATIENT, workers="2", couriers="1")

    def hang(self, hosts):
        """Messages of two customers a host are under way."""
        accounts = self.told_at_hosts("hang", hosts)
        wait_until(lambda: len(self.bookkeeper.told) == 2 * hosts)
        return accounts

    def test_an_event_is_delivered_while_50_webhooks_of_another_hang(self):
        silence = Silence(50)
        self.addCleanup(silence.close)
        name = self.add_bookkeeper("200", bookkeeper={"type": "default"})
        slow, quick = self.customer(name), self.customer(name)
        hooks(self.stack, slow, silence.urls())
        hooks(self.stack, quick, [self.bookkeeper.url("200")])
        self.change(slow, 1)
        wait_until(lambda: len(silence.connections) >= 10)
        for n in range(1, 4):
            self.change(quick, n)
        wait_until(lambda: len(self.bookkeeper.told) == 3)
        self.assertEqual([], self.stack.sql(
            "SELECT t.ended FROM outbox_attempt AS t JOIN outbox AS o ON o.id "
            "= t.outbox_id WHERE o.account_id = '%s' AND o.target LIKE "
            "'webhook/%%' AND t.ended IS NOT NULL" % slow),
                         "a hanging try has ended")

    def test_messages_keep_their_order(self):
        self.bookkeeper.delay = 0.02
        name = self.add_bookkeeper("200")
        accounts = [self.customer(name) for _ in range(8)]
        for n in range(1, 6):
            for account in accounts:
                self.change(account, n)
        wait_until(lambda: len(self.bookkeeper.told) == 40)
        self.assertEqual([], self.bookkeeper.overlaps)
        for account in accounts:
            self.assertEqual([1, 2, 3, 4, 5], [
                json.loads(t.body)["Invoice"]["items"][0]["billable"]
                for t in self.bookkeeper.of(account)])
        self.assertGreater(self.bookkeeper.most, 1, "never two at once")

    def test_a_host_is_sent_two_at_once(self):
        accounts = self.told_at_hosts("hang", 1, customers=9)
        accounts += self.told_at_hosts("hang", 2)
        other = accounts[-2:]
        wait_until(lambda: all(self.bookkeeper.of(a) for a in other))
        self.assertEqual(4, len(self.bookkeeper.told))
        self.bookkeeper.how = "200"
        self.stack.stop_pool()
        try:
            for account in accounts:
                self.assertEqual("0", self.stack.sql(
                    "SELECT attempts - forgiven FROM outbox WHERE account_id ="
                    " '%s'" % account)[0][0])
        finally:
            self.stack.start_pool()
        wait_until(lambda: all(self.states(account) == ["delivered"]
                               for account in accounts))

    def test_a_stop_loses_nothing_and_counts_no_try(self):
        accounts = self.hang(5)
        self.stack.stop_pool()
        try:
            for account in accounts:
                self.assertEqual([["1", "0", "stopped", "1"]],
                                 self.attempts(account))
                self.assertEqual(["waiting"], self.states(account))
            self.assertEqual([["0", "0"]], self.stack.sql(
                "SELECT SUM(attempts - forgiven), (SELECT COUNT(claim) FROM "
                "outbox_line) FROM outbox WHERE state = 'waiting'"))
            self.bookkeeper.how = "200"
        finally:
            self.stack.start_pool()
        for account in accounts:
            wait_until(lambda: len(self.bookkeeper.of(account)) == 2)
            told = self.bookkeeper.of(account)
            self.assertEqual(told[0].delivery, told[1].delivery)

    def test_what_was_under_way_is_sent_again_after_a_death(self):
        """Its lease has to run out first; each is delivered once."""
        accounts = self.hang(5)
        courier, = [pid for pid in self.stack.workers() if
                    name_of(pid) == "reeve-courier"]
        os.kill(courier, signal.SIGKILL)
        wait_until(lambda: courier not in self.stack.workers())
        self.bookkeeper.how = "200"
        self.stack.sql("UPDATE outbox_line SET due = 1 WHERE due > 1")
        wait_until(lambda: all(self.states(account) == ["delivered"]
                               for account in accounts))
        for account in accounts:
            self.assertEqual([["1", "0", "", "0"], ["2", "200", "", "1"]],
                             self.attempts(account))
            told = self.bookkeeper.of(account)
            self.assertEqual(2, len(told))
            self.assertEqual(told[0].delivery, told[1].delivery)


@require(REEVE, REEVECTL)
class Few(CourierTest):
    """One courier with few places: three a lane, one an owner."""
    options = dict(PATIENT, workers="2", couriers="1", courier_transfers="4")

    def setUp(self):
        super().setUp()
        self.silence = Silence(8)
        self.addCleanup(self.silence.close)

    def test_owners_take_turns(self):
        """Of one that has many messages one is under way."""
        name = self.add_bookkeeper("200", bookkeeper={"type": "default"})
        slow, quick = self.customer(name), self.customer(name)
        hooks(self.stack, slow, self.silence.urls())
        hooks(self.stack, quick, [self.bookkeeper.url("200")])
        self.change(slow, 1)
        wait_until(lambda: self.silence.connections)
        for n in range(1, 4):
            self.change(quick, n)
        wait_until(lambda: len(self.bookkeeper.told) == 3)
        self.assertEqual(1, len(self.silence.connections))

    def test_webhooks_that_hang_leave_a_place_for_bookkeepers(self):
        name = self.add_bookkeeper("200")
        accounts = [self.customer(name) for _ in range(5)]
        for account, url in zip(accounts, self.silence.urls()):
            hooks(self.stack, account, [url])
            self.change(account, 1)
        wait_until(lambda: all(self.states(account)[0] == "delivered"
                               for account in accounts))
        wait_until(lambda: len(self.silence.connections) == 3)
        self.assertEqual(5, self.stack.number(
            "SELECT COUNT(*) FROM outbox WHERE state = 'waiting'"))


@require(REEVE, REEVECTL)
class Secrets(CourierTest):
    def test_secrets_are_written_and_never_shown(self):
        name = self.add_bookkeeper("200", authorization="Basic xyzzy")
        path = "bookkeepers/" + name
        hidden = (KEY, "xyzzy")

        def look(text):
            for word in hidden:
                self.assertNotIn(word, str(text))

        look(self.ask("GET", path, None, 200).body)
        look(self.ask("GET", "bookkeepers", None, 200).body)
        look(self.ask("PATCH", path, {"name": "C"}, 200).body)
        look(self.stack.reevectl("export", self.vendor).stdout)
        look(self.stack.reevectl("--json", "object", "list", "bookkeepers",
                                 "--account", self.vendor).stdout)
        document = dict(self.ask("GET", path, None, 200).data)
        look(self.ask("POST", path, document, 200).body)
        look(self.ask("GET", "services/audit", None, 200).body)
        with self.subTest("kept in a document sent back without them"):
            account = self.customer(name)
            self.change(account, 1)
            self.deliver()
            told, = self.bookkeeper.of(account)
            self.assertIn("Reeve-Signature", told.headers)
            self.assertEqual("Basic xyzzy", told.headers["Authorization"])
        with self.subTest("null takes one away"):
            self.ask("PATCH", path, {"secret": None}, 200)
            self.ask("POST", path, dict(document, authorization=None), 200)
            self.change(account, 2)
            self.deliver()
            told = self.bookkeeper.of(account)[-1]
            self.assertNotIn("Reeve-Signature", told.headers)
            self.assertNotIn("Authorization", told.headers)
        look(self.ask("DELETE", path, None, 409).body)
        for plan in self.ask("GET", "services", None, 200, account).data:
            self.ask("DELETE", "services/" + plan, None, 200, account)
        look(self.ask("DELETE", path, None, 200).body)

    def test_bad_secrets_are_refused(self):
        good = {"name": "B", "bookkeeper": {"type": "http"},
                "url": "https://example.net/"}
        for wrong in ({"url": "ftp://example.net/"}, {"url": "file:///etc"},
                      {"url": "http://user:word@example.net/"},
                      {"bookkeeper": {"type": "gold"}}, {"form": "2020"},
                      {"authorization": "a\r\nX: y"}, {"secret": "short"},
                      {"timeout_ms": 1}):
            with self.subTest(str(wrong)):
                self.ask("PUT", "bookkeepers", dict(good, **wrong), 400)
        self.ask("PUT", "bookkeepers", good, 201)


del CourierTest

if __name__ == "__main__":
    unittest.main()
