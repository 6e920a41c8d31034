# SPDX-License-Identifier: GPL-3.0-or-later
"""Tokens, API keys and the secrets of bookkeepers and webhooks: what a database of
the version before becomes, what its thief can do, and another secret."""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bookkeeper import Bookkeeper  # noqa: E402
from fault.stack import (REEVE, REEVECTL, SECRET, StackTest,  # noqa: E402
                         require)
from reeve import md5, new_id, sha1  # noqa: E402

KEY = "between the two of us"
OTHER = "a second secret of forty characters or so"
THIRD = "a third secret of forty characters or more"


@require(REEVE, REEVECTL)
class SecretsTest(StackTest):
    pool = True
    bare = False
    options = {"courier_private": "1", "courier_timeout": "10m",
               "courier_lease": "20m"}

    def setUp(self):
        stack = self.stack
        self.receiver = Bookkeeper()
        self.addCleanup(self.receiver.close)
        self.realm = new_id() + ".example"
        self.account = stack.create_account("Seller " + new_id(), "--reseller",
                                            "--realm", self.realm)
        self.token = stack.issue_token(self.account)
        self.key = stack.reevectl("key", "create", self.account).stdout.strip()
        self.shown = self.show_key()
        stack.reevectl("user", "create", "u", "--account", self.account,
                       "--password", "the password", "--priv-level", "admin")
        self.bookkeeper = self.keep("bookkeepers", {
            "name": "B", "bookkeeper": {"type": "http"},
            "url": self.receiver.url("200"), "secret": KEY,
            "authorization": "Bearer of " + KEY})
        self.hook = self.keep("webhooks", {
            "name": "W", "uri": self.receiver.url("200"),
            "hooks": ["services.changed"], "secret": KEY})

    def ask(self, method, path, data=None, token=None):
        return self.stack.request(method, "/v2/accounts/%s/%s" % (
            self.account, path), token or self.token, data)

    def keep(self, noun, document):
        answer = self.ask("PUT", noun, document)
        self.assertEqual(201, answer.status, answer)
        return answer.data["id"]

    def show_key(self):
        answer = self.ask("GET", "api_key")
        self.assertEqual(200, answer.status, answer)
        return answer.data["api_key"]

    def status(self, token):
        return self.stack.get("/v2/accounts/" + self.account, token).status

    def log_in_by_key(self, key):
        return self.stack.request("PUT", "/v2/api_auth",
                                  data={"api_key": key}).status

    def log_in(self, credentials, method="md5"):
        return self.stack.request("PUT", "/v2/user_auth", data={
            "credentials": credentials, "method": method,
            "account_realm": self.realm}).status

    def restart(self, **config):
        self.stack.stop_pool()
        self.stack.start_pool(**config)

    def tell(self):
        """The headers of an event that is delivered, and its body."""
        self.stack.sql("DELETE FROM outbox_receiver; UPDATE outbox_line SET"
                       " due = NULL, claim = NULL; UPDATE outbox SET"
                       " state = 'delivered', settled = 1")
        del self.receiver.told[:]
        self.keep("devices?accept_charges=true", {"name": "d"})
        self.stack.reevectl("deliver", check=False)
        return [one for one in self.receiver.told
                if one.headers.get("Reeve-Event")]

    def assert_signed(self):
        told = self.tell()
        self.assertEqual(1, len(told))
        when, mac = (part.partition("=")[2] for part in
                     told[0].headers["Reeve-Signature"].split(","))
        self.assertEqual(mac, hmac.new(
            KEY.encode(), when.encode() + b"." + told[0].body,
            hashlib.sha256).hexdigest())

    def assert_everything_works(self, *tokens):
        for token in (self.token, *tokens):
            self.assertEqual(200, self.status(token))
        self.assertEqual(self.shown, self.show_key())
        for key in (self.key, self.shown):
            self.assertEqual(201, self.log_in_by_key(key))
        self.assertEqual(201, self.log_in(md5("u", "the password")))
        self.assertEqual(201, self.log_in(sha1("u", "the password"), "sha"))
        self.assert_signed()
        self.assert_secrets_stay()

    def assert_secrets_stay(self):
        """A change that does not name them keeps them, and they are hidden."""
        for noun, one in (("bookkeepers", self.bookkeeper),
                          ("webhooks", self.hook)):
            answer = self.ask("PATCH", "%s/%s" % (noun, one), {"name": "N"})
            self.assertEqual(200, answer.status, answer)
            self.assertFalse({"secret", "authorization"} & set(answer.data))
        self.assert_signed()

    def document(self, noun, one):
        return self.stack.sql(
            "SELECT document FROM object WHERE account_id = '%s' AND kind ="
            " '%s' AND id = '%s'" % (self.account, noun, one))[0][0]

    def dump(self):
        """All rows of all tables, as text."""
        tables = self.stack.sql(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'reeve'")
        return subprocess.run(
            self.stack.client + ["reeve"], check=True, capture_output=True,
            input="".join("SELECT * FROM %s;" % table[0] for table in
                          tables).encode()).stdout.decode(errors="replace")


class VersionBefore(SecretsTest):
    def make_it_old(self):
        """Makes the database what the version before had."""
        self.stack.stop_pool()
        self.stack.sql(
            "UPDATE auth_token SET digest = UNHEX(SHA2('%s', 256))"
            " WHERE account_id = '%s';"
            "UPDATE object SET document = JSON_SET(document, '$.secret', '%s')"
            " WHERE kind IN ('bookkeepers', 'webhooks');"
            "UPDATE object SET document = JSON_SET(document,"
            " '$.authorization', 'Bearer of %s') WHERE kind = 'bookkeepers';"
            "ALTER TABLE auth_token DROP COLUMN secret;"
            "ALTER TABLE api_key DROP COLUMN secret;"
            "ALTER TABLE user_credential DROP COLUMN secret;"
            "ALTER TABLE account DROP COLUMN key_sealed;"
            "DELETE FROM schema_migration WHERE name LIKE '%%-token-digests'"
            " OR name LIKE '%%-sealed-secrets'" % (
                self.token, self.account, KEY, KEY))
        self.addCleanup(self.restart, secret=SECRET)

    def test_everybody_can_do_what_they_could(self):
        self.make_it_old()
        self.assertIn(KEY, self.dump())
        self.stack.reevectl("migrate")
        self.assertNotIn(KEY, self.dump())
        self.stack.start_pool()
        self.assert_everything_works()

    def test_a_token_of_before_is_none_of_now(self):
        """Its digest, which a thief of a database of before has, opens nothing."""
        self.make_it_old()
        self.stack.reevectl("migrate")
        self.stack.start_pool()
        digest = hashlib.sha256(self.token.encode()).hexdigest()
        for token in (digest, digest.upper(), "reeve." + digest):
            self.assertEqual(401, self.status(token))

    def test_tokens_of_two_parts_are_good(self):
        """They were made before tokens had three."""
        token = "reeve." + 43 * "A"
        key = hmac.new(SECRET.encode(), b"tokens", hashlib.sha512).digest()[:32]
        digest = hmac.new(key, hashlib.sha256(token.encode()).digest(),
                          hashlib.sha256).hexdigest()
        self.stack.sql("CALL token_issue(UNHEX('%s'), '%s', NULL, NULL,"
                       " 'cb_user_auth', 1, NULL, 'x', NULL, NULL)" % (
                           digest, self.account))
        self.assertEqual(200, self.status(token))

    def test_only_the_migration_takes_tokens_of_before(self):
        self.stack.sql(
            "INSERT INTO auth_token (digest, account_id, method, created)"
            " VALUES (UNHEX(SHA2('mine', 256)), '%s', 'x', 1)" % self.account)
        self.stack.stop_pool()
        self.stack.reevectl("migrate")
        self.stack.start_pool()
        self.assertEqual(401, self.status("mine"))

    def test_without_a_secret_migrate_refuses_and_then_goes_on(self):
        self.make_it_old()
        self.stack.configure(secret=None)
        done = self.stack.reevectl("migrate", check=False)
        self.assertEqual(73, done.returncode, done.stderr)
        self.assertIn("secret_file", done.stderr)
        self.stack.configure(secret=SECRET)
        self.stack.reevectl("migrate")
        self.stack.start_pool()
        self.assert_everything_works()

    def test_one_broken_off_in_the_middle_goes_on(self):
        self.make_it_old()
        self.stack.sql("INSERT INTO object SELECT account_id, kind, 'broken',"
                       " NULL, '{', created, modified FROM object WHERE id ="
                       " '%s'" % self.hook)
        done = self.stack.reevectl("migrate", check=False)
        self.assertNotEqual(0, done.returncode)
        self.stack.sql("DELETE FROM object WHERE id = 'broken'")
        self.stack.reevectl("migrate")
        self.stack.start_pool()
        self.assert_everything_works()


class Thief(SecretsTest):
    """Somebody with the database, and perhaps an account of their own."""

    def assert_no_token(self, digest_of, token):
        """A row that a thief writes does not make the text a token."""
        self.stack.sql("CALL token_issue(%s, '%s', NULL, NULL, 'cb_user_auth',"
                       " 1, NULL, 'x', NULL, NULL)" % (digest_of, self.stack.master))
        self.assertEqual(401, self.status(token))

    def test_mints_no_token(self):
        name = "api_key %s 1" % self.account
        for label, digest, token in (
                ("the form of before", "UNHEX(SHA2('mine', 256))", "mine"),
                ("the HMAC of the displayed key",
                 "UNHEX('%s')" % self.shown, name),
                ("the digest itself", "UNHEX('%s')" % ("00" * 32), "00" * 32),
                ("the digest of a key", "(SELECT digest FROM api_key WHERE"
                 " account_id = '%s' AND label = '')" % self.account, self.key),
                ("the HMAC of a credential", "(SELECT lookup FROM"
                 " user_credential WHERE account_id = '%s' AND method = 'md5')"
                 % self.account, md5("u", "the password"))):
            with self.subTest(label):
                self.assert_no_token(digest, token)

    def test_makes_no_credential_of_a_displayed_key(self):
        """Its text is the HMAC of a name that is known."""
        name = "api_key %s 1" % self.account
        self.stack.sql("UPDATE user_credential SET lookup = UNHEX('%s') WHERE"
                       " account_id = '%s'" % (self.shown, self.account))
        self.assertEqual(401, self.log_in(name))

    def test_reads_no_secret(self):
        stolen = self.dump()
        for secret in (KEY, self.token, self.key, self.shown,
                       md5("u", "the password")):
            self.assertNotIn(secret, stolen)
        self.assertIn("sealed", self.document("bookkeepers", self.bookkeeper))

    def test_swaps_no_secret(self):
        """The secret of one object does nothing in another: nothing is sent
        with it, and nothing unsigned."""
        other = self.keep("webhooks", {
            "name": "W", "uri": self.receiver.url("200"), "enabled": False,
            "hooks": ["services.changed"], "secret": "the thief's own secret"})
        sealed = json.loads(self.document("webhooks", other))["secret"]
        document = json.loads(self.document("webhooks", self.hook))
        document["secret"] = sealed
        self.stack.sql("UPDATE object SET document = '%s' WHERE id = '%s'" % (
            json.dumps(document), self.hook))
        self.assertEqual([], self.tell())
        self.assertIn("webhook_secret", self.ask(
            "GET", "webhooks/%s/attempts" % self.hook).body.decode())
        self.assertEqual(200, self.ask("GET", "webhooks").status)
        answer = self.ask("PATCH", "webhooks/" + self.hook, {"secret": KEY})
        self.assertEqual(200, answer.status, answer)
        self.assert_signed()


class AnotherSecret(SecretsTest):
    def setUp(self):
        super().setUp()
        self.addCleanup(self.restart, secret=SECRET, previous_secret=None)

    def change(self, before=SECRET, now=OTHER):
        self.restart(secret=now, previous_secret=before)

    def rotate(self, status):
        done = self.stack.reevectl("secret", "rotate", "--json", check=False)
        self.assertEqual(status, done.returncode, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def forget_others(self):
        """Revokes what the setup of other tests and the stack made."""
        self.stack.sql("DELETE FROM auth_token WHERE account_id <> '%s';"
                       "DELETE FROM api_key WHERE account_id <> '%s';"
                       "DELETE FROM user_credential WHERE account_id <> '%s'"
                       % ((self.account,) * 3))

    def test_without_a_previous_one_there_is_nothing_to_do(self):
        done = self.stack.reevectl("secret", "rotate", check=False)
        self.assertEqual(78, done.returncode)
        self.assertIn("previous_secret_file", done.stderr)

    def test_what_was_made_under_the_previous_one_is_accepted(self):
        unused = self.stack.issue_token(self.account)
        self.change()
        self.assert_everything_works(unused)

    def test_what_was_used_is_rewritten(self):
        self.forget_others()
        self.change()
        self.assert_everything_works()
        told = self.rotate(0)
        self.assertTrue(told["done"], told)
        self.restart(previous_secret=None)
        self.assert_everything_works()

    def test_what_was_not_used_is_left_and_told(self):
        self.forget_others()
        self.stack.sql("DELETE FROM auth_token")
        unused = [self.stack.issue_token(self.account, "--expiry", expiry)
                  for expiry in ("0", "1h")]
        self.change()
        told = self.rotate(1)
        self.assertFalse(told["done"])
        self.assertEqual(
            {"tokens": 2, "endless_tokens": 1, "api_keys": 1, "credentials": 2,
             "last_expires": self.stack.number(
                 "SELECT MAX(expires) FROM auth_token")}, told["left"])
        text = self.stack.reevectl("secret", "rotate", check=False).stdout
        for word in ("2 tokens", "1 API keys", "2 credentials", "must stay"):
            self.assertIn(word, text)
        # The displayed key and the seals need no use.
        self.stack.stop_pool()
        self.stack.sql("UPDATE auth_token SET expires = 1")
        self.restart(previous_secret=None)
        self.token = self.stack.issue_token(self.account)
        self.assertEqual(self.shown, self.show_key())
        self.assertEqual(201, self.log_in_by_key(self.shown))
        self.assert_signed()
        for token in unused:
            self.assertEqual(401, self.status(token))

    def test_twice_and_broken_off(self):
        self.forget_others()
        self.change()
        # As if one had ended after this row.
        self.assertEqual(200, self.ask("PATCH", "webhooks/" + self.hook,
                                       {"name": "N"}).status)
        self.rotate(1)
        before = self.show_key()
        self.rotate(1)
        self.assertEqual(before, self.show_key())
        self.assert_everything_works()
        self.rotate(0)

    def test_a_second_change_after_a_first(self):
        self.forget_others()
        self.change()
        self.assert_everything_works()
        self.rotate(0)
        # Those of the logins, which nobody used.
        self.stack.sql("DELETE FROM auth_token WHERE method <> 'reevectl'")
        self.change(before=OTHER, now=THIRD)
        self.assert_everything_works()
        self.rotate(0)
        self.restart(previous_secret=None)
        self.assert_everything_works()

    def test_hosts_that_are_not_reloaded_yet(self):
        """One host has the new secret, the other the old one with the new one
        as its previous: each accepts what the other makes."""
        self.change()
        made_here = self.stack.issue_token(self.account)
        self.restart(secret=SECRET, previous_secret=OTHER)
        self.assert_everything_works(made_here)
        self.change()
        self.assert_everything_works(made_here)

    def assert_renewed(self, old):
        answer = self.ask("PUT", "api_key")
        self.assertEqual(201, answer.status, answer)
        self.assertEqual(401, self.log_in_by_key(old))
        self.assertEqual(201, self.log_in_by_key(answer.data["api_key"]))
        self.assertEqual(answer.data["api_key"], self.show_key())

    def test_a_displayed_key_can_be_renewed_before_it_is_sealed(self):
        self.change()
        self.assert_renewed(self.shown)

    def test_a_displayed_key_can_be_renewed_when_it_is_sealed(self):
        self.change()
        self.rotate(1)
        self.assert_renewed(self.shown)

    def test_a_key_that_was_sealed_under_a_lost_secret_can_be_renewed(self):
        self.change()
        self.rotate(1)
        self.restart(secret=THIRD, previous_secret=None)
        self.token = self.stack.issue_token(self.account)
        self.assertEqual(500, self.ask("GET", "api_key").status)
        self.assert_renewed(self.shown)

    def test_revocations_meanwhile(self):
        self.change()
        token = self.stack.issue_token(self.account)
        self.assertEqual(0, self.stack.reevectl(
            "token", "revoke", self.token).returncode)
        self.assertEqual(0, self.stack.reevectl(
            "key", "revoke", self.key).returncode)
        self.assertEqual(401, self.status(self.token))
        self.assertEqual(401, self.log_in_by_key(self.key))
        self.assertEqual(200, self.status(token))


del SecretsTest

if __name__ == "__main__":
    unittest.main()
