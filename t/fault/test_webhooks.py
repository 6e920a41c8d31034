# SPDX-License-Identifier: GPL-3.0-or-later
"""Webhooks: each event is sent after its commit to all subscribers, signed, in
order, and repeated until accepted."""

import hashlib
import hmac
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bookkeeper import Bookkeeper  # noqa: E402
from fault.stack import REEVE, REEVECTL, StackTest, require  # noqa: E402
from reeve import new_id  # noqa: E402

KEY = "between the two of us"


@require(REEVE, REEVECTL)
class WebhooksTest(StackTest):
    pool = True
    bare = False
    options = {"couriers": "0", "courier_private": "1",
               "courier_timeout": "10m", "courier_lease": "20m",
               "courier_attempts": "2", "courier_pause": "1h",
               "courier_pause_max": "1h", "webhook_give_up": "1d"}

    def setUp(self):
        stack = self.stack
        self.receiver = Bookkeeper()
        self.addCleanup(self.receiver.close)
        self.seller = stack.create_account("Seller", "--reseller")
        self.token = stack.issue_token(self.seller)
        self.account = stack.create_account("Customer", "--parent",
                                            self.seller)
        self.ask("PUT", self.seller, "service_plans", {
            "id": "base", "name": "Base",
            "plan": {"devices": {"sip_device": {"rate": 2}}}})
        self.ask("POST", self.account, "services?accept_charges=true",
                 {"add": ["base"]})
        stack.sql("UPDATE outbox SET state = 'delivered', settled = 1;"
                  "UPDATE outbox_line SET due = NULL, claim = NULL")

    def ask(self, method, account, path, data=None, token=None):
        return self.stack.request(method, "/v2/accounts/%s/%s" % (
            account, path), token or self.token, data)

    def hook(self, how="200", account=None, **more):
        document = dict({"name": "W", "uri": self.receiver.url(how),
                         "hooks": ["services.changed", "standing.changed"],
                         "secret": KEY}, **more)
        answer = self.ask("PUT", account or self.seller, "webhooks", document)
        self.assertEqual(201, answer.status, answer)
        return answer.data["id"]

    def deliver(self):
        self.stack.reevectl("deliver", check=False)

    def told(self):
        self.deliver()
        return [json.loads(one.body) for one in self.receiver.told]

    def device(self, accept="true"):
        return self.ask("PUT", self.account, "devices?accept_charges=" + accept,
                        {"name": "d"})

    def attempts(self, hook, **more):
        return self.ask("GET", self.seller, "webhooks/%s/attempts" % hook)


class Events(WebhooksTest):
    def test_a_change_is_sent_when_it_is_made(self):
        self.hook()
        self.assertEqual(402, self.device("false").status)
        self.assertEqual([], self.told())
        self.assertEqual(201, self.device().status)
        event, = self.told()
        self.assertEqual(
            ("services.changed", self.account, "Customer", ["account"],
             {"before": 0, "after": 2}),
            (event["event"], event["account_id"],
             event["data"]["account"]["name"],
             event["data"]["changes"]["type"], event["data"]["recurring"]))

    def test_messages_are_signed(self):
        self.hook()
        self.device()
        self.deliver()
        one, = self.receiver.told
        when, mac = (part.split("=")[1] for part in
                     one.headers["Reeve-Signature"].split(","))
        self.assertEqual(mac, hmac.new(
            KEY.encode(), when.encode() + b"." + one.body,
            hashlib.sha256).hexdigest())
        self.assertEqual("services.changed", one.headers["Reeve-Event"])
        self.assertRegex(one.delivery, "^[0-9a-f]{32}$")

    def test_a_change_of_standing(self):
        self.hook()
        self.ask("POST", self.account, "services/status", {
            "in_good_standing": False, "reason": "unpaid"},
            token=self.stack.issue_token(self.stack.master))
        event, = self.told()
        self.assertEqual("standing.changed", event["event"])
        self.assertEqual("good_standing", event["data"]["before"]["standing"])
        self.assertEqual("unpaid", event["data"]["after"]["reason"])

    def test_events_of_top_ups(self):
        self.hook(hooks=["topup.succeeded", "topup.failed"])
        for how in ("200", "declined"):
            bookkeeper = self.ask("PUT", self.seller, "bookkeepers", {
                "name": "B", "bookkeeper": {"type": "http"}, "secret": KEY,
                "url": self.receiver.url(how)}).data["id"]
            plan = new_id()
            self.ask("PUT", self.seller, "service_plans", {
                "id": plan, "name": "P",
                "plan": {"devices": {"fax": {"rate": 1}}},
                "bookkeeper": {"type": "http", "id": bookkeeper}})
            account = self.stack.create_account("Payer", "--parent",
                                                self.seller)
            self.ask("POST", account, "services", {"add": [plan]})
            self.ask("POST", account, "services/topup", {"amount": 5})
        events = [e for e in self.told() if "event" in e]
        self.assertEqual(
            [("topup.failed", "failed"), ("topup.succeeded", "completed")],
            sorted((e["event"], e["data"]["status"]) for e in events))

    def test_messages_keep_their_order(self):
        self.hook()
        for _ in range(5):
            self.device()
        self.assertEqual([2, 4, 6, 8, 10], [
            e["data"]["recurring"]["after"] for e in self.told()])


class Subscribers(WebhooksTest):
    def test_all_subscribers_are_told(self):
        other = self.stack.create_account("Other", "--reseller")
        token = self.stack.issue_token(other)
        self.hook("200", include_subaccounts=False)
        self.hook("200", enabled=False)
        self.hook("200", hooks=["standing.changed"])
        self.ask("PUT", other, "webhooks", {
            "name": "W", "uri": self.receiver.url("200"),
            "hooks": ["services.changed"]}, token=token)
        self.device()
        self.assertEqual([], self.told())
        own = self.hook("200", self.account, include_subaccounts=False)
        self.device()
        self.assertEqual(1, len(self.told()))
        with self.subTest("no message after deletion"):
            self.device()
            self.ask("DELETE", self.account, "webhooks/" + own)
            self.assertEqual(1, len(self.told()))

    def test_bad_input(self):
        good = {"name": "W", "uri": "http://a.example/",
                "hooks": ["topup.failed"]}
        for change, field in (({"name": None}, "name"),
                              ({"uri": None}, "uri"),
                              ({"uri": "ftp://a.example"}, "uri"),
                              ({"hooks": ["all"]}, "hooks.0"),
                              ({"hooks": "all"}, "hooks"),
                              ({"secret": "short"}, "secret")):
            answer = self.ask("PUT", self.seller, "webhooks",
                              dict(good, **change))
            self.assertEqual((400, [field]), (answer.status,
                                              list(answer.data)))

    def test_an_account_creates_at_most_20(self):
        one = {"name": "W", "uri": "http://a.example/",
                "hooks": ["topup.failed"]}
        hooks = [self.hook() for _ in range(19)]

        def refused(answer):
            self.assertEqual((400, ["webhooks"]), (
                answer.status, list(answer.data)), answer)
            self.assertEqual(20, answer.data["webhooks"]["maxItems"]["target"])

        def count():
            return self.stack.number(
                "SELECT COUNT(*) FROM object WHERE kind = 'webhooks' AND "
                "account_id = '%s'" % self.seller)
        with self.subTest("a list that is too long creates none of its own"):
            refused(self.ask("PUT", self.seller, "webhooks/collection",
                             [one] * 2))
            self.assertEqual(19, count())
        self.hook()
        with self.subTest("the next one"):
            refused(self.ask("PUT", self.seller, "webhooks", one))
        with self.subTest("of another account"):
            self.hook(account=self.account)
        with self.subTest("imported, it keeps what it has"):
            self.stack.import_documents([{
                "_id": new_id(), "pvt_type": "webhook", "pvt_account_id":
                self.seller, **one}])
            self.assertEqual(21, count())
            self.assertEqual(200, self.ask(
                "PATCH", self.seller, "webhooks/" + hooks[0],
                {"name": "X"}).status)
            refused(self.ask("PUT", self.seller, "webhooks", one))
        with self.subTest("after deletions"):
            for hook in hooks[:2]:
                self.ask("DELETE", self.seller, "webhooks/" + hook)
            self.hook()
            refused(self.ask("PUT", self.seller, "webhooks", one))

    def test_the_secret_is_never_shown(self):
        hook = self.hook()
        for path in ("webhooks", "webhooks/" + hook):
            self.assertNotIn(KEY.encode(),
                             self.ask("GET", self.seller, path).body)

    def test_permissions(self):
        hook = self.hook()
        own = self.stack.issue_token(self.account)
        for method, path in (("GET", "attempts"), ("POST", "replay")):
            self.assertEqual(403, self.ask(
                method, self.seller, "webhooks/%s/%s" % (hook, path),
                token=own).status)
            self.assertEqual(404, self.ask(
                method, self.seller, "webhooks/%s/%s" % (new_id(),
                                                         path)).status)


class Failing(WebhooksTest):
    def dead(self):
        hook = self.hook("next")
        self.receiver.answers[:] = ["500", "500"]
        self.device()
        self.deliver()
        self.assertEqual("waiting", self.attempts(hook).data[0]["state"])
        self.stack.sql(
            "UPDATE outbox_line SET due = 1 WHERE due > 1;"
            "UPDATE outbox_receiver SET paused_until = 1;"
            "UPDATE outbox SET created = created - 86400")
        self.deliver()
        self.assertEqual("dead", self.attempts(hook).data[0]["state"])
        return hook


class Attempts(Failing):
    def test_the_owner_is_told_of_what_is_given_up(self):
        """Once of each message, and not of the news itself."""
        self.hook(hooks=["webhook.failed"])
        hook = self.dead()
        event, = [e for e in self.told() if e["event"] == "webhook.failed"]
        self.assertEqual(self.seller, event["account_id"])
        self.assertEqual(
            (hook, "services.changed", self.account, "http_500",
             self.attempts(hook).data[0]["delivery_id"]),
            tuple(event["data"][key] for key in (
                "webhook_id", "event", "account_id", "reason",
                "delivery_id")))
        self.receiver.how = "500"
        self.dead()
        self.stack.sql("UPDATE outbox_line SET due = 1;"
                       "UPDATE outbox_receiver SET paused_until = 1;"
                       "UPDATE outbox SET created = 1")
        self.told()
        self.assertEqual([["webhook.failed", "3"]], self.stack.sql(
            "SELECT message, COUNT(*) FROM outbox WHERE message = "
            "'webhook.failed' AND account_id = '%s' GROUP BY 1" % self.seller))

    def test_a_replayed_message_has_its_time_again(self):
        hook = self.dead()
        self.receiver.how = "500"
        self.ask("POST", self.seller, "webhooks/%s/replay" % hook, {})
        self.deliver()
        self.assertEqual((3, "waiting"), tuple(
            self.attempts(hook).data[0][key] for key in ("attempt", "state")))

    def test_attempts_are_listed_newest_first(self):
        hook = self.dead()
        data = self.attempts(hook).data
        self.assertEqual(
            [(2, 500, "http_500", "dead", "services.changed", self.account),
             (1, 500, "http_500", "dead", "services.changed", self.account)],
            [(t["attempt"], t["http_status"], t["reason"], t["state"],
              t["event"], t["account_id"]) for t in data])
        first = self.ask("GET", self.seller,
                         "webhooks/%s/attempts?page_size=1" % hook).envelope
        rest = self.ask("GET", self.seller, "webhooks/%s/attempts?page_size=1"
                        "&start_key=%s" % (hook, first["next_start_key"]))
        self.assertEqual(data, first["data"] + rest.data)

    def test_a_replayed_message_is_sent_again(self):
        hook = self.dead()
        replay = "webhooks/%s/replay" % hook
        self.assertEqual(404, self.ask("POST", self.seller, replay, {
            "delivery_id": new_id()}).status)
        answer = self.ask("POST", self.seller, replay, {})
        self.assertEqual((200, {"replayed": 1}), (answer.status, answer.data))
        self.deliver()
        self.assertEqual(3, len(self.receiver.told))
        self.assertEqual(1, len({t.delivery for t in self.receiver.told}))
        self.assertEqual("delivered", self.attempts(hook).data[0]["state"])
        self.assertEqual({"replayed": 0}, self.ask("POST", self.seller, replay,
                                                   {}).data)


class Deliveries(Failing):
    """Messages that failed or wait, for the owners of their receivers; the master
    account replays them."""

    def setUp(self):
        super().setUp()
        self.master = self.stack.issue_token(self.stack.master)

    def listed(self, query="", account=None, token=None):
        answer = self.ask("GET", account or self.seller, "deliveries" + query,
                          token=token)
        self.assertEqual(200, answer.status, answer)
        return answer.data

    def replay(self, delivery, account=None, token=None, **headers):
        return self.stack.request(
            "POST", "/v2/accounts/%s/deliveries/%s/replay" % (
                account or self.seller, delivery), token or self.master, {},
            **headers)

    def test_the_owner_of_a_receiver_sees_what_it_did_not_take(self):
        hook = self.dead()
        delivery = self.attempts(hook).data[0]["delivery_id"]
        one, = self.listed()
        self.assertAlmostEqual(
            self.attempts(hook).data[0]["created"], one.pop("created"), 0)
        detail = one.pop("detail")
        self.assertNotIn(KEY, detail)
        self.assertEqual({
            "id": delivery, "message": "services.changed",
            "account": {"id": self.account, "name": "Customer"},
            "receiver": {"kind": "webhook", "id": hook, "name": "W",
                         "url": self.receiver.url("next"),
                         "account": {"id": self.seller, "name": "Seller"}},
            "state": "failed", "attempts": 2, "http_status": 500,
            "reason": "http_500"}, one)
        self.assertEqual([], self.listed("?state=waiting"))
        with self.subTest("the account that it is about does not"):
            self.assertEqual([], self.listed(
                account=self.account, token=self.stack.issue_token(
                    self.account)))

    def test_what_waits(self):
        hook = self.hook()
        self.device()
        one, = self.listed("?state=waiting")
        self.assertEqual((hook, "waiting", 0), (
            one["receiver"]["id"], one["state"], one["attempts"]))
        self.assertAlmostEqual(one["created"], one["due"], delta=5)
        self.deliver()
        self.assertEqual([], self.listed("?state=waiting"))

    def test_messages_to_bookkeepers_and_mail(self):
        books = self.ask("PUT", self.seller, "bookkeepers", {
            "name": "Books", "bookkeeper": {"type": "http"}, "secret": KEY,
            "url": self.receiver.url("200")}).data["id"]
        for target, keeper in (("bookkeeper/%s/%s" % (self.seller, books), books),
                               ("payment/%s/%s" % (self.seller, books), books),
                               ("mail/smarthost/1", None)):
            self.stack.sql(
                "INSERT INTO outbox (account_id, target, message, state, document,"
                " created, delivery_id, attempts, settled, bookkeeper_id) VALUES"
                " ('%s', '%s', 'update', 'dead', '{}', 1, '%s', 1, 1, %s)" % (
                    self.account, target, new_id(),
                    "'%s'" % keeper if keeper else "NULL"))
        self.assertEqual(
            [("bookkeeper", books, "Books")] * 2,
            [tuple(d["receiver"][k] for k in ("kind", "id", "name"))
             for d in self.listed()])
        everything = self.listed("?descendants=true", self.stack.master,
                                 self.master)
        self.assertEqual({"kind": "mail"}, everything[0]["receiver"])
        self.assertEqual(2, len(self.listed("?descendants=true", self.seller,
                                            self.master)))

    def test_pages(self):
        hook = self.hook("500")
        for _ in range(5):
            self.device()
        self.stack.sql("UPDATE outbox SET state = 'dead', settled = 1"
                       " WHERE target LIKE '%%/%s'" % hook)
        whole = [d["id"] for d in self.listed()]
        self.assertEqual(5, len(whole))
        for query, account, token in (
                ("", self.seller, self.token),
                ("&descendants=true", self.seller, self.master)):
            paged, key = [], ""
            while key is not None:
                answer = self.ask("GET", account, "deliveries?page_size=2%s%s" % (
                    query, "&start_key=" + key if key else ""), token=token)
                paged += [d["id"] for d in answer.data]
                key = answer.envelope.get("next_start_key")
            self.assertEqual(whole, paged)

    def test_who_may_see_a_subtree(self):
        for query, status in (("?descendants=true", 403), ("?state=x", 400),
                              ("?start_key=x", 400)):
            self.assertEqual(status, self.ask(
                "GET", self.seller, "deliveries" + query).status)

    def test_a_replayed_message_waits_and_is_sent_once(self):
        hook = self.dead()
        delivery = self.listed()[0]["id"]
        other = self.stack.create_account("Other", "--reseller")
        for label, account, of, token, status in (
                ("its owner", self.seller, delivery, self.token, 403),
                ("of another account", other, delivery, self.master, 404),
                ("unknown", self.seller, new_id(), self.master, 404)):
            with self.subTest(label):
                self.assertEqual(status, self.replay(of, account,
                                                     token).status)
        key = {"Idempotency_Key": new_id()}
        for _ in range(2):
            answer = self.replay(delivery, **key)
            self.assertEqual((200, {"id": delivery, "state": "waiting"}),
                             (answer.status, answer.data))
        self.assertEqual(409, self.replay(delivery).status)
        self.deliver()
        self.assertEqual(3, len([t for t in self.receiver.told
                                 if t.delivery == delivery]))
        self.assertEqual("delivered", self.attempts(hook).data[0]["state"])
        self.assertEqual(409, self.replay(delivery).status)
        self.assertEqual([], self.listed())

    def test_messages_of_before_a_migration_are_found(self):
        hook = self.dead()
        before = self.listed()
        self.assertEqual(hook, before[0]["receiver"]["id"])
        self.stack.stop_pool()
        self.stack.sql("ALTER TABLE outbox DROP KEY owner, DROP KEY undelivered,"
                       " DROP COLUMN owner; DELETE FROM schema_migration"
                       " WHERE name = '0057-outbox-owners'")
        self.stack.reevectl("migrate")
        self.stack.start_pool()
        self.assertEqual(before, self.listed())

    def test_the_replay_of_a_settled_payment_sends_nothing(self):
        account = self.stack.create_account("Payer", "--parent", self.seller)
        payment, delivery = "202611-" + new_id(), new_id()
        self.stack.sql(
            "INSERT INTO payment (account_id, id, type, status, amount, created,"
            " modified, executor, credits, document, vendor_id, bookkeeper_id)"
            " VALUES ('{a}', '{p}', 'sale', 'completed', 5, 1, 1, 'manual', 0,"
            " '{{}}', '{s}', 'b');"
            "INSERT INTO outbox_line (account_id, target) VALUES ('{a}',"
            " 'payment/{s}/{p}');"
            "INSERT INTO outbox (account_id, target, message, state, document,"
            " created, delivery_id, attempts, settled, vendor_id, bookkeeper_id,"
            " bookkeeper_type) VALUES ('{a}', 'payment/{s}/{p}', 'sale', 'dead',"
            " '{{\"id\":\"{p}\"}}', 1, '{d}', 1, 1, '{s}', 'b', 'http')".format(
                a=account, p=payment, s=self.seller, d=delivery))
        self.assertEqual(200, self.replay(delivery).status)
        self.deliver()
        self.assertEqual([["delivered"]], self.stack.sql(
            "SELECT state FROM outbox WHERE delivery_id = '%s'" % delivery))
        self.assertEqual([], self.receiver.told)

    def test_the_master_account_replays_any(self):
        self.dead()
        delivery = self.listed()[0]["id"]
        self.assertEqual(200, self.replay(delivery, self.stack.master).status)


if __name__ == "__main__":
    unittest.main()
