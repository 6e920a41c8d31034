# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery of passwords by e-mail, and the mail that couriers bring to the
smarthost."""

import hashlib
import json
import os
import re
import statistics
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bookkeeper import Bookkeeper  # noqa: E402
from fault.stack import REEVE, REEVECTL, StackTest, require, wait_until  # noqa: E402
from reeve import new_id  # noqa: E402
from smarthost import Smarthost, make_certificate  # noqa: E402

PAGES = "https://portal.example.com/ui/"
HOUR = 3600
OPTIONS = {
    "couriers": "0", "courier_private": "1", "courier_timeout": "5s",
    "courier_pause": "1h", "courier_pause_max": "1h", "mail_give_up": "30m",
    "mail_tls": "off", "mail_from": "portal@example.com", "ui_url": PAGES,
    "recovery_burst": "1000", "workers": "4"}


def text_of(letter):
    return letter.get_content().replace("\r\n", "\n")


class MailTest(StackTest):
    pool = True
    bare = False
    options = OPTIONS

    @classmethod
    def setUpClass(cls):
        cls.smarthost = Smarthost()
        cls.addClassCleanup(cls.smarthost.close)
        cls.options = dict(cls.options, mail_smarthost=cls.smarthost.url)
        super().setUpClass()

    def setUp(self):
        self.stack.sql("DELETE FROM outbox; DELETE FROM outbox_line;"
                       "DELETE FROM outbox_receiver;"
                       "DELETE FROM login_failure")
        self.smarthost.mails.clear()
        self.smarthost.commands.clear()
        self.smarthost.says.clear()
        self.account = self.make_account()
        self.user = self.make_user()

    def make_account(self, **more):
        self.name = "A" + new_id()
        return self.stack.request(
            "PUT", "/v2/accounts/" + self.stack.master, self.stack.token,
            dict({"name": self.name}, **more)).data["id"]

    def make_user(self, account=None, **more):
        document = dict({
            "first_name": "U", "last_name": "V", "username": "who@acme",
            "password": "not this one", "email": "who@example.net",
            "priv_level": "admin"}, **more)
        document = {key: value for key, value in document.items()
                    if value is not None}
        answer = self.ours("PUT", "users", document, account)
        self.assertEqual(201, answer.status, answer)
        return answer.data["id"]

    def ours(self, method, path, data=None, account=None):
        return self.stack.request(method, "/v2/accounts/%s/%s" % (
            account or self.account, path), self.stack.token, data)

    def ask(self, username="who@acme", **more):
        return self.stack.request(
            "PUT", "/v2/user_auth/recovery", data=dict(
                {"username": username, "account_name": self.name}, **more))

    def redeem(self, reset):
        return self.stack.request("POST", "/v2/user_auth/recovery",
                                  data={"reset_id": reset})

    def deliver(self):
        self.stack.reevectl("deliver", check=False)
        return self.smarthost.letters()

    def link(self, **more):
        """Asks, and reads the link in the last mail."""
        self.assertEqual(201, self.ask(**more).status)
        return re.search(r"^https?://\S+$", text_of(self.deliver()[-1]),
                         re.M)[0]

    def reset_id(self):
        return self.link().partition("recovery=")[2]

    def later(self, seconds):
        """Moves what was asked into the past."""
        self.stack.sql("UPDATE password_reset SET created = created - %d,"
                       " expires = expires - %d; UPDATE login_failure SET"
                       " forgotten = forgotten - %d" % ((seconds,) * 3))

    def forget(self):
        """The next ask is the first one."""
        self.stack.sql("DELETE FROM password_reset; DELETE FROM login_failure")

    def outbox(self):
        """State, attempts, status and reason of each message."""
        return [tuple(row) for row in self.stack.sql(
            "SELECT state, attempts, IFNULL(http_status, '-'),"
            " IFNULL(reason, '-') FROM outbox ORDER BY id")]

    def due_again(self):
        self.stack.sql("UPDATE outbox_line SET due = 1 WHERE due IS NOT NULL;"
                       "DELETE FROM outbox_receiver")

    def whitelabel(self, domain, account=None, **more):
        answer = self.ours("PUT", "whitelabel", dict({"domain": domain},
                                                     **more), account)
        self.assertEqual(201, answer.status, answer)


@require(REEVE, REEVECTL)
class Asking(MailTest):
    def test_the_mail(self):
        self.assertEqual(201, self.ask("WHO@acme").status)
        letter, = self.deliver()
        mail = self.smarthost.mails[0]
        self.assertEqual(("<portal@example.com>", ["<who@example.net>"]),
                         (mail.sender, mail.receivers))
        self.assertEqual(
            {"From": "portal@example.com", "To": "who@example.net",
             "Subject": "Your password",
             "Content-Type": 'text/plain; charset="utf-8"',
             "Auto-Submitted": "auto-generated"},
            {name: letter[name] for name in (
                "From", "To", "Subject", "Content-Type", "Auto-Submitted")})
        self.assertRegex(letter["Message-ID"],
                         "^<[0-9a-f]{32}@example.com>$")
        self.assertAlmostEqual(time.time(),
                               letter["Date"].datetime.timestamp(), delta=60)
        self.assertRegex(text_of(letter), (
            "(?s)^Somebody.*a user\nwith this address\\..*\n\n" + re.escape(PAGES) +
            "\\?recovery=[\\w-]{43}\n\n"))
        self.assertEqual([("delivered", "1", "250", "-")], self.outbox())

    def test_strangers_learn_nothing(self):
        self.make_user(username="disabled", enabled=False)
        self.make_user(username="silent", email=None)
        told = set()
        for label, more in (
                ("known", {}), ("again, at once", {}),
                ("no such user", {"username": "nobody"}),
                ("no such account", {"account_name": "no" + new_id()}),
                ("no such realm", {"account_realm": "x" + new_id()}),
                ("another account", {"account_name": "Master"}),
                ("a disabled user", {"username": "disabled"}),
                ("no address", {"username": "silent"})):
            with self.subTest(label):
                answer = self.ask(**more)
                told.add((answer.status, answer.data,
                          answer.envelope["status"]))
        self.assertEqual(1, len(told), told)
        self.assertEqual(["who@example.net"], [
            letter["To"] for letter in self.deliver()])

    def test_the_answers_take_the_same_time(self):
        def times(names):
            for name in names:
                begun = time.monotonic()
                self.ask(name)
                yield time.monotonic() - begun

        known = ["u%d" % n for n in range(9)]
        for name in known:
            self.make_user(username=name, email=name + "@example.net")
        took = list(times(known))
        took_nobody = list(times("no" + name for name in known))
        self.assertGreater(min(took + took_nobody), 0.05)
        self.assertAlmostEqual(statistics.median(took),
                               statistics.median(took_nobody), delta=0.02)

    def test_who_is_found(self):
        realm = "r%s.example" % new_id()
        account = self.make_account(realm=realm)
        user = self.make_user(account)
        other = self.make_user(account, username="second")
        for label, data, found in (
                ("by name, in any spelling",
                 {"username": "Who@ACME", "account_name": self.name.upper() +
                  "!"}, user),
                ("by realm", {"account_realm": realm.upper()}, user),
                ("by the other member", {"realm": realm}, user),
                ("by id", {"account_id": account}, user),
                ("the realm decides before the name",
                 {"account_realm": realm, "account_name": "Master"}, user),
                ("else the name does",
                 {"account_realm": "none." + realm,
                  "account_name": self.name}, user),
                ("another user", {"username": "second",
                                  "account_id": account}, other)):
            with self.subTest(label):
                self.forget()
                answer = self.stack.request(
                    "PUT", "/v2/user_auth/recovery",
                    data=dict({"username": "who@acme"}, **data))
                self.assertEqual(201, answer.status, answer)
                self.assertEqual([[found]], self.stack.sql(
                    "SELECT user_id FROM password_reset"))

    def test_what_is_refused(self):
        for label, data, field, code in (
                ("no user", {"username": None}, "username", "required"),
                ("no account", {"account_name": None}, "account_name",
                 "required"),
                ("a number", {"username": 5}, "username", "type"),
                ("an id that is none", {"account_id": "x"}, "account_id",
                 "minLength"),
                ("a long address", {"ui_url": "x" * 2049}, "ui_url",
                 "maxLength")):
            with self.subTest(label):
                body = {"username": "u", "account_name": self.name}
                body.update(data)
                answer = self.stack.request(
                    "PUT", "/v2/user_auth/recovery",
                    data={k: v for k, v in body.items() if v is not None})
                self.assertEqual((400, [field], [code]), (
                    answer.status, list(answer.data),
                    list(answer.data.get(field, ()))), answer)

    def test_a_mailbox_is_not_flooded(self):
        """One mail in five minutes, and three links that wait at most."""
        for minutes, mails in ((0, 1), (0, 1), (6, 2), (1, 2), (5, 3),
                               (6, 3), (30, 3), (14, 4)):
            self.later(minutes * 60)
            self.assertEqual(201, self.ask().status)
            self.assertEqual(mails, len(self.deliver()))
        self.assertLessEqual(self.stack.number(
            "SELECT COUNT(*) FROM password_reset"), 3)

    def test_an_address_of_many_users_is_not_flooded(self):
        """Its accounts, its spelling and changes of users do not matter."""
        for number, (minutes, mails) in enumerate((
                (0, 1), (0, 1), (6, 2), (1, 2), (6, 3), (6, 3), (45, 4),
                (6, 4))):
            self.later(minutes * 60)
            account = self.make_account()
            self.make_user(account, username="u%d" % number,
                           email="Who@Example.net" if number % 2 else
                           "who@example.net")
            self.assertEqual(201, self.ask("u%d" % number).status)
            self.assertEqual(mails, len(self.deliver()), number)
            self.stack.sql("DELETE FROM password_reset")
        with self.subTest("another address"):
            self.make_user(account, username="other",
                           email="other@example.net")
            self.ask("other")
            self.assertEqual(5, len(self.deliver()))

    def test_users_with_one_address_at_once_get_one_mail(self):
        names = ["u%d" % number for number in range(4)]
        for name in names:
            self.make_user(username=name)
        askers = [threading.Thread(target=self.ask, args=(name,))
                  for name in names]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        self.assertEqual(1, len(self.deliver()))

    def test_two_at_once_send_one_mail(self):
        askers = [threading.Thread(target=self.ask) for _ in range(4)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        self.assertEqual(1, len(self.deliver()))

    def test_no_link_is_stored(self):
        self.forget()
        reset = self.reset_id()
        for table, column in (("password_reset", "digest"),
                              ("outbox", "document")):
            (stored,), = self.stack.sql("SELECT HEX(%s) FROM %s" % (
                column, table))
            self.assertNotIn(reset.encode(), bytes.fromhex(stored))
        self.assertNotIn(reset, self.stack.pool_log())

    def test_expired_links_go(self):
        self.ask()
        self.later(2 * HOUR)
        self.make_user(username="other")
        self.ask("other")
        self.assertEqual([["other"]], self.stack.sql(
            "SELECT username FROM password_reset AS r JOIN account_user AS u"
            " ON u.id = r.user_id AND u.account_id = r.account_id"))


@require(REEVE, REEVECTL)
class Links(MailTest):
    def test_links_lead_to_our_pages_only(self):
        for asked, base in (
                (None, PAGES),
                ("https://portal.example.com/other/?a=b#/c",
                 "https://portal.example.com/other/"),
                ("http://PORTAL.example.com:81", "https://portal.example.com/"),
                ("https://evil.example/", PAGES),
                ("https://portal.example.com@evil.example/", PAGES),
                ("https://portal.example.com.evil.example/", PAGES),
                ("https://evil.example\\@portal.example.com/", PAGES),
                ("https://evil.example#@portal.example.com/", PAGES),
                ("//portal.example.com/x", PAGES),
                ("javascript://portal.example.com/%0aalert(1)", PAGES),
                ("https://portal.example.com//evil.example", PAGES),
                ("https://portal.example.com/a\r\nBcc: x@evil.example", PAGES),
                ("https://portal.example.com/%2e%2e/", PAGES),
                ("nonsense", PAGES)):
            with self.subTest(asked):
                self.forget()
                link = self.link(**({"ui_url": asked} if asked else {}))
                self.assertRegex(link, "^" + re.escape(base) +
                                 r"\?recovery=[\w-]{43}$")

    def test_a_whitelabel_domain_is_the_nearest(self):
        domain = "Portal%s.example" % new_id()
        child = self.ours("PUT", "", {"name": "C" + self.name}).data["id"]
        self.make_user(child, username="below")
        self.whitelabel(domain)
        for asked, base in (
                (None, "https://%s/" % domain.lower()),
                ("https://%s/ui/" % domain, "https://%s/ui/" % domain.lower()),
                ("http://%s:8080" % domain, "https://%s/" % domain.lower()),
                (PAGES, PAGES),
                ("https://evil.example/", "https://%s/" % domain.lower())):
            with self.subTest(asked):
                self.forget()
                link = self.link(username="below", account_id=child, **(
                    {"ui_url": asked} if asked else {}))
                self.assertEqual(base, link.partition("?")[0])
        self.whitelabel("own%s.example" % new_id(), child)
        self.forget()
        self.assertIn("https://own", self.link(username="below",
                                               account_id=child))
        for document in ("{}", '{"domain": ""}', '{"domain": "evil.example/x"}',
                         '{"domain": "a b"}'):
            with self.subTest(document):
                self.stack.sql(
                    "DELETE FROM password_reset; DELETE FROM login_failure;"
                    " UPDATE object SET document ="
                    " '%s' WHERE kind = 'whitelabel' AND account_id = '%s'" % (
                        document, child))
                self.assertNotIn("evil", self.link(username="below",
                                                   account_id=child))
        self.ours("POST", "whitelabel", {
            "domain": "own%s.example" % new_id(), "enabled": False}, child)
        self.forget()
        self.assertIn("https://" + domain.lower(), self.link(
            username="below", account_id=child))


@require(REEVE, REEVECTL)
class Pages(MailTest):
    """Of the host of ui_url, to which everybody's login page belongs."""
    host = PAGES.partition("://")[2].partition("/")[0].partition(":")[0]
    forms = host, host.upper(), host + "."

    def shown(self):
        """The company that a login page at the host names."""
        answers = [self.stack.request("GET", "/v2/whitelabel/" + form)
                   for form in self.forms]
        self.assertEqual(1, len({answer.status for answer in answers}))
        return answers[0].data.get("company_name") \
            if answers[0].status == 200 else None

    def test_are_the_master_accounts_alone(self):
        for form in self.forms:
            with self.subTest(form):
                answer = self.ours("PUT", "whitelabel", {"domain": form})
                self.assertEqual((400, ["forbidden"]), (
                    answer.status, list(answer.data["domain"])))
        self.whitelabel("x%s.example" % new_id())
        self.assertEqual(400, self.ours("PATCH", "whitelabel", {
            "domain": self.host}).status)
        self.assertIsNone(self.shown())
        self.whitelabel(self.host, self.stack.master, company_name="Ours")
        self.assertEqual("Ours", self.shown())
        self.assertEqual(200, self.ours("DELETE", "whitelabel", {},
                                        self.stack.master).status)

    def test_a_claim_of_before_is_worth_nothing_and_goes_with_a_change(self):
        self.whitelabel("x%s.example" % new_id(), company_name="Theirs")
        self.stack.sql(
            "UPDATE object SET claim = 'whitelabel/%s', document ="
            " JSON_SET(document, '$.domain', '%s')"
            " WHERE kind = 'whitelabel' AND account_id = '%s'" % (
                self.host, self.host, self.account))
        self.assertIsNone(self.shown())
        self.assertEqual(200, self.ours("PATCH", "whitelabel", {
            "company_name": "Theirs, still"}).status)
        self.whitelabel(self.host, self.stack.master, company_name="Ours")
        self.assertEqual("Ours", self.shown())
        self.assertEqual(200, self.ours("DELETE", "whitelabel", {},
                                        self.stack.master).status)

    def test_pages_of_a_disabled_account_get_no_links(self):
        parent = self.ours("PUT", "", {"name": "P" + self.name}).data["id"]
        child = self.ours("PUT", "", {"name": "C" + self.name},
                          parent).data["id"]
        self.make_user(child, username="below")
        self.whitelabel("p%s.example" % new_id(), parent)
        self.assertIn("https://p", self.link(username="below",
                                             account_id=child))
        self.forget()
        self.stack.sql("UPDATE account SET enabled = 0 WHERE id = '%s'" %
                       parent)
        self.assertTrue(self.link(username="below",
                                  account_id=child).startswith(PAGES))


@require(REEVE, REEVECTL)
class Redeeming(MailTest):
    def credentials(self, password, username="who@acme"):
        return hashlib.md5(("%s:%s" % (username, password)).encode()
                           ).hexdigest()

    def login(self, password="not this one"):
        return self.stack.request("PUT", "/v2/user_auth", data={
            "credentials": self.credentials(password),
            "account_name": self.name})

    def test_a_link_is_a_login(self):
        before = self.login().envelope["auth_token"]
        answer = self.redeem(self.reset_id())
        self.assertEqual(200, answer.status, answer)
        self.assertEqual((self.account, self.user, self.name), (
            answer.data["account_id"], answer.data["owner_id"],
            answer.data["account_name"]))
        token = answer.envelope["auth_token"]
        own = "/v2/accounts/%s/users/%s" % (self.account, self.user)
        self.assertEqual(401, self.stack.get(own, before).status)
        document = self.stack.get(own, token).data
        self.assertIs(True, document["require_password_update"])
        self.assertEqual(200, self.stack.request("PATCH", own, token, {
            "password": "another one", "require_password_update": False}
        ).status)
        self.assertEqual([401, 201], [
            self.login(password).status
            for password in ("not this one", "another one")])
        self.assertIn("password of user %s of account %s recovered" % (
            self.user, self.account), self.stack.pool_log())

    def test_once(self):
        reset = self.reset_id()
        self.assertEqual(200, self.redeem(reset).status)
        self.assertEqual(401, self.redeem(reset).status)

    def test_all_links_of_the_user_end(self):
        first = self.reset_id()
        self.later(600)
        self.assertEqual(200, self.redeem(self.reset_id()).status)
        self.assertEqual(401, self.redeem(first).status)

    def test_two_at_once(self):
        reset = self.reset_id()
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(
            self.redeem(reset).status)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual([200, 401, 401, 401], sorted(answers))
        self.assertEqual(1, self.stack.number(
            "SELECT COUNT(*) FROM auth_token WHERE user_id = '%s'" % self.user))

    def test_within_an_hour(self):
        reset = self.reset_id()
        self.later(HOUR - 60)
        self.stack.sql("UPDATE password_reset SET created = created - 600")
        other = self.reset_id()
        self.later(61)
        self.assertEqual([401, 200], [self.redeem(reset).status,
                                      self.redeem(other).status])

    def test_what_makes_a_link_worthless(self):
        own = "users/" + self.user
        document = {key: value for key, value in self.ours(
            "GET", own).data.items() if key != "id"}
        for label, change, status in (
                ("nothing", lambda: self.ours("PATCH", own, {
                    "timezone": "UTC"}), 200),
                ("another password", lambda: self.ours("PATCH", own, {
                    "password": "a better one"}), 401),
                ("another address", lambda: self.ours("PATCH", own, {
                    "email": "other@example.net"}), 401),
                ("a disabled user", lambda: [
                    self.ours("PATCH", own, {"enabled": on})
                    for on in (False, True)][0], 401),
                ("another name", lambda: self.ours("POST", own, dict(
                    document, username="renamed", password="the same one")),
                 401),
                ("a disabled account", lambda: self.ours("PATCH", "", {
                    "enabled": False}), 400),
                ("a deleted user", lambda: self.ours("DELETE", own), 401)):
            with self.subTest(label):
                self.make_user(username="keeper" + new_id())
                username = self.ours("GET", own).data["username"]
                self.forget()
                reset = self.link(username=username).partition("recovery=")[2]
                answer = change()
                self.assertEqual(200, answer.status, answer)
                self.assertEqual(status, self.redeem(reset).status)
                self.ours("PATCH", "", {"enabled": True})

    def test_a_user_without_a_credential(self):
        reset = self.reset_id()
        self.stack.sql("DELETE FROM user_credential WHERE user_id = '%s'" %
                       self.user)
        self.assertEqual(200, self.redeem(reset).status)

    def test_the_template_of_the_account(self):
        self.assertEqual(200, self.ours("POST", "token_restrictions", {
            "cb_user_auth": {"_": {"users": [{"allowed_accounts": ["_"],
                                              "rules": {"#": ["GET"]}}]}}}
        ).status)
        token = self.redeem(self.reset_id()).envelope["auth_token"]
        self.assertEqual([200, 403], [self.stack.get(
            "/v2/accounts/%s/%s" % (self.account, noun), token).status
            for noun in ("users", "devices")])

    def test_wrong_ids_are_failed_logins(self):
        for reset in ("x", "x" * 256, new_id(), "\u00e9"):
            self.assertEqual(401, self.redeem(reset).status)
        self.assertEqual(400, self.redeem("").status)
        self.assertEqual(400, self.redeem("x" * 257).status)
        self.assertEqual(1, self.stack.number(
            "SELECT COUNT(*) FROM login_failure"))


@require(REEVE, REEVECTL)
class Limits(MailTest):
    options = dict(OPTIONS, recovery_burst="2", recovery_refill="1h",
                   login_burst="3", login_refill="1h")

    def from_address(self, n, **more):
        return self.stack.request(
            "PUT", "/v2/user_auth/recovery", data=dict(
                {"username": "who@acme", "account_name": self.name}, **more),
            REMOTE_ADDR="192.0.2.%d" % n)

    def test_an_address(self):
        statuses = [self.from_address(1, account_name="n" + new_id())
                    for _ in range(3)]
        self.assertEqual([201, 201, 429],
                         [answer.status for answer in statuses])
        self.assertRegex(statuses[-1].headers["retry-after"], "^[0-9]+$")
        self.assertEqual(201, self.from_address(2).status)

    def test_an_account_whether_it_exists_or_not(self):
        realm = lambda: {"account_realm": "r" + new_id()}
        for label, name, more in (
                ("known", self.name, dict), ("unknown", new_id(), dict),
                ("behind many realms", self.name, realm)):
            with self.subTest(label):
                self.assertEqual([201] * 8 + [429], [
                    self.from_address(n, account_name=name, **more()).status
                    for n in range(10, 19)])
                self.stack.sql("DELETE FROM login_failure")

    def test_wrong_ids(self):
        self.assertEqual([401, 401, 401, 429], [
            self.redeem(new_id()).status for _ in range(4)])


@require(REEVE, REEVECTL)
class Unconfigured(MailTest):
    def restart(self, **config):
        self.stack.stop_pool()
        self.stack.start_pool(**config)

    def test_without_pages_there_is_no_link(self):
        self.restart(mail_smarthost=self.smarthost.url, ui_url="")
        self.assertEqual(201, self.ask().status)
        self.assertEqual([], self.outbox())
        self.assertIn("has neither a whitelabel domain nor ui_url",
                      self.stack.pool_log())

    def test_without_a_smarthost_all_are_told_the_same(self):
        self.restart(mail_smarthost="")
        for name in ("who@acme", "nobody"):
            answer = self.ask(name)
            self.assertEqual(
                (400, {"username": {"unavailable": {
                    "message": "Recovery of passwords by e-mail is not set up "
                    "here"}}}), (answer.status, answer.data))
        self.assertEqual([], self.outbox())


@require(REEVE, REEVECTL)
class Delivery(MailTest):
    def test_a_mail_is_the_same_when_it_is_sent_again(self):
        self.smarthost.says["text"] = "451 not now"
        self.ask()
        self.deliver()
        self.assertEqual([("waiting", "1", "451", "smtp_451")], self.outbox())
        self.smarthost.says.clear()
        self.due_again()
        first, second = self.deliver()
        self.assertEqual(str(first), str(second))
        self.assertEqual([("delivered", "2", "250", "-")], self.outbox())

    def test_what_the_smarthost_says(self):
        for says, outcome in (
                ({"RCPT": "550 5.1.1 no such user"}, ("dead", "550")),
                ({"RCPT": "450 greylisted"}, ("waiting", "450")),
                ({"DATA": "554 no"}, ("dead", "554")),
                ({"DATA": "452 full"}, ("waiting", "452")),
                ({"text": "552 too large"}, ("dead", "552")),
                ({"MAIL": "553 not from you"}, ("dead", "553")),
                ({"MAIL": "530 log in first"}, ("waiting", "530")),
                ({"MAIL": "421 too many"}, ("waiting", "421")),
                ({"greeting": "554 no service"}, ("waiting", "-")),
                ({"EHLO": "500 what?"}, ("waiting", "-"))):
            with self.subTest(says):
                self.setUp()
                self.smarthost.says.update(says)
                self.ask()
                self.deliver()
                (state, attempts, status, reason), = self.outbox()
                self.assertEqual(outcome + ("1",), (state, status, attempts))
                self.assertEqual("smtp_" + status if status != "-" else
                                 "connection", reason)
                listed = json.loads(self.stack.reevectl(
                    "outbox", "list", "--json").stdout)
                self.assertEqual((reason, "recovery"), (
                    listed["reason"], listed["message"]))
                said, = says.values()
                if status != "-":
                    self.assertEqual(said, listed["detail"])

    def test_a_mail_that_came_too_late_is_not_sent(self):
        self.smarthost.says["RCPT"] = "450 greylisted"
        self.ask()
        self.deliver()
        self.smarthost.says.clear()
        self.stack.sql("UPDATE outbox SET created = created - 3600")
        self.due_again()
        self.assertEqual([], self.deliver())
        self.assertEqual([("dead", "2", "-", "late")], self.outbox())

    def test_a_mail_is_given_up(self):
        self.smarthost.says["RCPT"] = "450 greylisted"
        self.ask()
        self.deliver()
        self.stack.sql("UPDATE outbox SET created = created - 1801")
        self.due_again()
        self.deliver()
        self.assertEqual([("dead", "2", "450", "smtp_450")], self.outbox())
        self.assertEqual([["2"]], self.stack.sql(
            "SELECT COUNT(*) FROM outbox_attempt"))

    def test_a_smarthost_that_is_not_there(self):
        self.stack.configure(mail_smarthost="smtp://localhost:1")
        self.addCleanup(self.stack.configure,
                        mail_smarthost=self.smarthost.url)
        self.ask()
        self.deliver()
        self.assertEqual([("waiting", "1", "-", "connection")], self.outbox())

    def test_another_secret_does_not_open_a_mail(self):
        self.ask()
        self.addCleanup(self.stack.configure,
                        secret=self.stack.settings["secret"])
        self.stack.configure(secret="another secret of the tests, long enough")
        self.deliver()
        self.assertEqual([("waiting", "1", "-", "mail_secret")],
                         self.outbox())

    def test_addresses_and_names_make_no_commands(self):
        for address in ("a@b.example>\r\nRCPT TO:<c@d.example",
                        "a@b.example\r\nBcc: c@d.example",
                        "<a@b.example>", "a@b.example,c@d.example",
                        "a;b@c.example", "\"a b\"@c.example", "a@[127.0.0.1]",
                        "a@b\u00e9.example", "a@b..example", "a@-b.example",
                        "a b@c.example"):
            with self.subTest(address):
                self.stack.sql(
                    "DELETE FROM password_reset; DELETE FROM login_failure;"
                    "UPDATE account_user SET email = %s WHERE id = '%s'" % (
                        "CONVERT(0x%s USING utf8mb4)" %
                        address.encode().hex(), self.user))
                self.assertEqual(201, self.ask().status)
                self.assertEqual([], self.deliver())
        self.assertEqual([], self.smarthost.commands)

    def test_a_user_name_is_text(self):
        username = "w\r\nBcc: x@evil.example\r\n.\r\nQUIT\r\n\u00e9"
        username = username.replace(":", "")
        self.stack.sql(
            "UPDATE account_user SET username = CONVERT(0x%s USING utf8mb4)"
            " WHERE id = '%s'" % (username.lower().encode().hex(), self.user))
        self.ask(username)
        letter, = self.deliver()
        self.assertEqual(["<who@example.net>"],
                         self.smarthost.mails[0].receivers)
        self.assertIsNone(letter["Bcc"])
        self.assertNotIn("evil", text_of(letter))

    def test_a_user_name_brings_no_text_of_its_maker(self):
        for number, (username, shown) in enumerate((
                ("ann", True), ("ann_b-2", True), ("ann5@example.net", False),
                ("own@example.net", True), ("x" * 32, True), ("x" * 33, False),
                ("evil.example", False), ("https//evil.example/a", False),
                ("Call us today", False), ("\u00e9", False))):
            with self.subTest(username):
                self.make_user(username=username, email=(
                    "own@example.net" if number == 3 else
                    "to%d@example.net" % number))
                self.assertEqual(201, self.ask(username).status)
                text = text_of(self.deliver()[-1])
                self.assertEqual(shown, username in text, text)

    def test_the_log_says_why_there_is_no_mail(self):
        self.make_user(username="silent", email=None)
        self.ask()
        for username, why in (("nobody", "no such user in use"),
                              ("silent", "has no e-mail address"),
                              ("who@acme", "had one a moment ago")):
            with self.subTest(username):
                self.ask(username)
                self.assertRegex(self.stack.pool_log(), "no mail: .*" + why)
        self.stack.sql("UPDATE account_user SET email = 'a@[127.0.0.1]'"
                       " WHERE id = '%s'" % self.user)
        self.ask()
        self.assertIn("no mail: user %s of account %s has an e-mail address "
                      "that no mail" % (self.user, self.account),
                      self.stack.pool_log())


@require(REEVE, REEVECTL)
class Login(MailTest):
    options = dict(OPTIONS, mail_user="reeve", mail_password="pass word")

    def test_the_smarthost_wants_a_login(self):
        self.ask()
        self.deliver()
        self.assertEqual("AHJlZXZlAHBhc3Mgd29yZA==",
                         self.smarthost.mails[0].user)

    def test_a_wrong_password_is_ours_to_mend(self):
        self.smarthost.says["AUTH"] = "535 wrong"
        self.ask()
        self.deliver()
        self.assertEqual([("waiting", "1", "-", "connection")], self.outbox())


@require(REEVE, REEVECTL)
class Encryption(MailTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        certificate = make_certificate(cls.stack.dir)
        cls.authority = certificate[0]
        cls.hosts = {
            "plain": cls.smarthost, "starttls": Smarthost(certificate),
            "smtps": Smarthost(certificate, wrapped=True)}
        for host in ("starttls", "smtps"):
            cls.addClassCleanup(cls.hosts[host].close)

    def test_what_is_required_is_there(self):
        for host, tls, authority, secure in (
                ("starttls", "required", None, True),
                ("starttls", "verify", self.authority, True),
                ("starttls", "verify", None, None),
                ("starttls", "off", None, False),
                ("smtps", "required", None, True),
                ("smtps", "verify", self.authority, True),
                ("smtps", "verify", None, None),
                ("plain", "required", None, None),
                ("plain", "verify", None, None)):
            with self.subTest((host, tls, authority)):
                self.setUp()
                smarthost = self.hosts[host]
                smarthost.mails.clear()
                self.stack.configure(
                    mail_smarthost=smarthost.url, mail_tls=tls,
                    mail_tls_ca=authority)
                self.ask()
                self.deliver()
                self.assertEqual([] if secure is None else [secure],
                                 [mail.secure for mail in smarthost.mails])
                self.assertEqual(
                    [("waiting", "1", "-", "connection")] if secure is None
                    else [("delivered", "1", "250", "-")], self.outbox())


@require(REEVE, REEVECTL)
class Lanes(MailTest):
    options = dict(OPTIONS, couriers="1", courier_transfers="2",
                   courier_timeout="3s", courier_pause="1s", workers="2")

    def hook(self, receiver):
        self.assertEqual(201, self.ours("PUT", "webhooks", {
            "name": "W", "uri": receiver.url("200"),
            "hooks": ["standing.changed"]}).status)

    def change_standing(self, good):
        self.assertEqual(200, self.ours("POST", "services/status", {
            "in_good_standing": good}).status)

    def test_a_smarthost_that_hangs_holds_nothing_up(self):
        receiver = Bookkeeper()
        self.addCleanup(receiver.close)
        self.hook(receiver)
        for step in ("greeting", "QUIT"):
            with self.subTest(step):
                self.smarthost.says[step] = None
                greeted = self.smarthost.greeted
                for n in range(4):
                    name = "%s%d" % (step, n)
                    self.make_user(username=name,
                                   email="%s@example.net" % name)
                    self.ask(name)
                wait_until(lambda: self.smarthost.greeted > greeted)
                told = len(receiver.told)
                begun = time.monotonic()
                self.change_standing(step != "greeting")
                wait_until(lambda: len(receiver.told) > told)
                self.assertLess(time.monotonic() - begun, 2)
                self.smarthost.says.clear()
                self.smarthost.release.set()
        wait_until(lambda: len(self.smarthost.mails) == 8)

    def test_the_status_page_counts_mail(self):
        self.smarthost.says["RCPT"] = "450 greylisted"
        self.ask()
        wait_until(lambda: self.smarthost.commands)
        wait_until(lambda: ("mail", 1) in
                   self.stack.figures()["outbox_messages"])


if __name__ == "__main__":
    unittest.main()
