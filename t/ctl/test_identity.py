# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl account, user, key and token, with valid and invalid input."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import REEVE, REEVECTL, StackTest, require  # noqa: E402
from reeve import md5, new_id, sha1  # noqa: E402

BAD_IDS = ("", "x", "0" * 31, "0" * 33, "G" * 32, "A" * 32, "0" * 31 + "'")


# Exit statuses when a value cannot be stored.
REFUSED = (64, 65, 73)


class IdentityTest(StackTest):
    def assert_refused(self, status, text, *arguments):
        """Checks exit status and text; messages of the database must not
        appear."""
        self.assert_told((status,), text, *arguments)

    def assert_told(self, statuses, text, *arguments):
        done = self.stack.reevectl(*arguments, check=False)
        self.assertIn(done.returncode, statuses, done.stdout + done.stderr)
        self.assertIn(text, done.stderr)
        self.assertEqual("", done.stdout)
        for word in ("SQLSTATE", "database error", "22001", "p_name"):
            self.assertNotIn(word, done.stderr)


@require(REEVECTL)
class Accounts(IdentityTest):
    def create(self, *arguments):
        return self.stack.create_account("Test", *arguments)

    def show(self, account):
        return json.loads(self.stack.reevectl(
            "account", "show", "--json", account).stdout)

    def test_given_values_are_shown(self):
        account = new_id()
        self.assertEqual(account, self.create(
            "--id", account, "--realm", "Test.Example", "--reseller",
            "--language", "pl-pl"))
        shown = self.show(account)
        self.assertEqual(
            ("Test", "test.example", True, "pl-pl", self.stack.master, False),
            tuple(shown[key] for key in (
                "name", "realm", "is_reseller", "language", "parent_id",
                "is_master_account")))

    def test_the_reseller_is_the_nearest_ancestor_that_is_one(self):
        reseller = self.create("--reseller")
        child = self.create("--parent", reseller)
        below = self.create("--parent", child)
        self.assertEqual([reseller, reseller, self.stack.master],
                         [self.show(account)["reseller_id"]
                          for account in (below, child, reseller)])

    def test_the_tree_is_listed(self):
        top = self.create()
        below = [self.create("--parent", top) for _ in range(3)]
        listed = self.stack.reevectl("account", "list", top).stdout
        self.assertEqual(sorted([top] + below),
                         [line.split()[0] for line in listed.splitlines()])

    def test_the_list_can_be_limited(self):
        listed = self.stack.reevectl("account", "list", "--limit", "1").stdout
        self.assertEqual(1, len(listed.splitlines()))

    def test_a_limit_must_be_a_number(self):
        for limit in ("0", "-1", "many", "5x"):
            with self.subTest(limit):
                self.assert_refused(64, "--limit", "account", "list",
                                    "--limit", limit)

    def test_a_second_master(self):
        self.assert_refused(73, "there is a master account already",
                            "account", "create", "Another")

    def test_an_id_taken(self):
        self.assert_refused(73, "an account with this id exists", "account",
                            "create", "A", "--parent", self.stack.master,
                            "--id", self.create())

    def test_a_realm_taken(self):
        self.create("--realm", "taken.example")
        self.assert_refused(73, "another account has this realm", "account",
                            "create", "A", "--parent", self.stack.master,
                            "--realm", "TAKEN.example")

    def test_an_unknown_parent(self):
        self.assert_refused(73, "parent: no such account", "account", "create",
                            "A", "--parent", new_id())

    def test_bad_ids_are_refused(self):
        for bad in BAD_IDS:
            with self.subTest(bad):
                for call in (("account", "show", bad),
                             ("account", "list", bad),
                             ("account", "create", "A", "--id", bad),
                             ("account", "create", "A", "--parent", bad),
                             ("audit", "verify", bad),
                             ("audit", "rebuild", bad),
                             ("token", "issue", bad),
                             ("key", "create", bad)):
                    self.assert_refused(64, "32 lower-case hex digits", *call)

    def test_unknown_accounts(self):
        for words in (("account", "show"), ("account", "list"),
                      ("audit", "verify"), ("audit", "rebuild"),
                      ("token", "issue"), ("key", "create")):
            with self.subTest(" ".join(words)):
                self.assert_refused(73, "", *words, new_id())

    def test_a_name_is_required(self):
        for name in ((), ("",), ("--name", "")):
            self.assert_refused(64, "needs a name", "account", "create", *name)

    def test_overlong_values_are_refused_in_plain_words(self):
        for option, value in (("--name", "n" * 129), ("--realm", "r" * 254),
                              ("--language", "l" * 17)):
            with self.subTest(option):
                name = () if option == "--name" else ("A",)
                self.assert_told(REFUSED, option[2:], "account", "create",
                                 *name, "--parent", self.stack.master, option,
                                 value)

    def test_values_that_the_api_refuses_are_refused(self):
        for option, value in (("--realm", "bad realm"), ("--realm", "a.b")):
            with self.subTest(value):
                self.assert_told(REFUSED, "realm", "account", "create", "A",
                                 "--parent", self.stack.master, option, value)

    def test_the_longest_name_fits_in_any_alphabet(self):
        name = "\U0001f4de" * 128
        account = self.stack.create_account(name)
        self.assertEqual(name, self.show(account)["name"])

    def test_quotes_are_stored_as_they_are(self):
        name = "'; DROP TABLE account; -- \"\\"
        self.assertEqual(name, self.show(self.stack.create_account(name))["name"])

    def test_bytes_that_are_not_utf8_are_refused_in_plain_words(self):
        self.assert_told(REFUSED, "UTF-8", "account", "create", "--parent",
                         self.stack.master, os.fsdecode(b"caf\xe9"))


@require(REEVE, REEVECTL)
class Users(IdentityTest):
    pool = True

    def setUp(self):
        self.realm = new_id() + ".example"
        self.account = self.stack.create_account("Test", "--realm", self.realm)

    def create(self, name, *arguments):
        return self.stack.reevectl("user", "create", name, "--account",
                                   self.account, *arguments).stdout.strip()

    def assert_logs_in(self, name, password):
        self.assertEqual(201, self.stack.login(
            md5(name, password), self.realm).status)
        self.assertEqual(201, self.stack.request("PUT", "/v2/user_auth", data={
            "credentials": sha1(name, password), "method": "sha",
            "account_realm": self.realm}).status)

    def test_a_password_as_an_option(self):
        self.create("ann", "--password", "secret-3")
        self.assert_logs_in("ann", "secret-3")

    def test_a_password_from_a_file(self):
        self.create("ann", "--password-file", self.stack.file("se cret-4\nx\n"))
        self.assert_logs_in("ann", "se cret-4")

    def test_a_password_from_standard_input(self):
        self.stack.reevectl("user", "create", "ann", "--account", self.account,
                            "--password-file", "-", stdin="secret-3\n")
        self.assert_logs_in("ann", "secret-3")

    def test_a_missing_password_file(self):
        self.assert_refused(66, "/nowhere", "user", "create", "ann", "--account",
                            self.account, "--password-file", "/nowhere")

    def test_a_password_is_required(self):
        self.assert_refused(64, "password", "user", "create", "ann",
                            "--account", self.account)

    def test_a_name_taken_in_the_account(self):
        self.create("ann", "--password", "secret-1")
        self.assert_refused(73, "username", "user", "create", "ANN",
                            "--account", self.account, "--password", "secret-2")

    def test_a_name_taken_in_another_account(self):
        self.create("ann", "--password", "secret-1")
        self.account = self.stack.create_account()
        self.create("ann", "--password", "secret-1")

    def test_an_id_taken(self):
        user = self.create("ann", "--password", "secret-1")
        self.assert_refused(73, "id", "user", "create", "bob", "--id", user,
                            "--account", self.account, "--password", "secret-2")

    def test_names_that_cannot_log_in(self):
        for name in ("", "a:b"):
            self.assert_refused(64, "user name", "user", "create", name,
                                "--account", self.account, "--password", "secret-1")

    def test_an_account_is_required(self):
        self.assert_refused(64, "account", "user", "create", "ann",
                            "--password", "secret-1")

    def test_an_unknown_account(self):
        self.assert_refused(73, "account", "user", "create", "ann",
                            "--account", new_id(), "--password", "secret-1")

    def test_overlong_values_are_refused_in_plain_words(self):
        for option, length in (("--username", 257), ("--first-name", 129),
                               ("--last-name", 129), ("--email", 255),
                               ("--priv-level", 33)):
            with self.subTest(option):
                name = () if option == "--username" else ("ann",)
                self.assert_told(REFUSED, option[2:].split("-")[0], "user",
                                 "create", *name, "--account", self.account,
                                 "--password", "secret-1", option, "v" * length)

    def test_values_that_the_api_refuses_are_refused(self):
        for option, value in (("--priv-level", "x"), ("--email", "nonsense"),
                              ("--first-name", "")):
            with self.subTest(option):
                self.assert_told(REFUSED, option[2:].replace("-", "_"), "user",
                                 "create", "ann", "--account", self.account,
                                 "--password", "secret-1", option, value)

    def test_nothing_is_stored_without_a_secret(self):
        path = self.stack.file("db_socket = %s\ndb_password = %s\n" % (
            self.stack.db_socket, self.stack.settings["db_password"]))
        for call in (("user", "create", "ann", "--account", self.account,
                      "--password", "secret-1"), ("key", "create", self.account),
                     ("token", "issue", self.account),
                     ("token", "revoke", "x"), ("secret", "rotate")):
            done = self.stack.reevectl("-c", path, *call, check=False)
            self.assertEqual(78, done.returncode)
            self.assertIn("secret", done.stderr)


@require(REEVE, REEVECTL)
class KeysAndTokens(IdentityTest):
    pool = True

    def works(self, token):
        return self.stack.get("/v2/token_auth", token).status == 200

    def test_a_token_works_until_it_is_revoked(self):
        token = self.stack.issue_token(self.stack.master)
        self.assertTrue(self.works(token))
        self.stack.reevectl("token", "revoke", token)
        self.assertFalse(self.works(token))
        self.assert_refused(73, "no such token", "token", "revoke", token)

    def test_a_token_expires(self):
        token = self.stack.issue_token(self.stack.master, "--expiry", "12h")
        self.assertTrue(self.works(token))
        self.assertEqual(1, self.stack.number(
            "SELECT COUNT(*) FROM auth_token WHERE expires = created + 43200"))
        self.stack.sql("UPDATE auth_token SET expires = expires - 43200 WHERE "
                       "expires = created + 43200")
        self.assertFalse(self.works(token))

    def test_a_token_without_expiry(self):
        self.assertTrue(self.works(self.stack.issue_token(
            self.stack.master, "--expiry", "0")))

    def test_expiries(self):
        for expiry in ("30", "30s", "5m", "12h", "90d", "2w", "10y"):
            self.stack.issue_token(self.stack.master, "--expiry", expiry)
        for bad in ("", "soon", "-1", "1.5h", "1x", "1hh", "9" * 20):
            with self.subTest(bad):
                self.assert_refused(64, "--expiry", "token", "issue",
                                    self.stack.master, "--expiry", bad)

    def test_a_token_of_an_unknown_user(self):
        self.assert_refused(73, "user", "token", "issue", self.stack.master,
                            "--user", new_id())

    def key(self, *options):
        return self.stack.reevectl("key", "create", self.stack.master,
                                   *options).stdout.strip()

    def exchange(self, key):
        return self.stack.request("PUT", "/v2/api_auth", data={"api_key": key})

    def test_a_key_is_exchanged_until_it_is_revoked(self):
        key = self.key("--label", "of a test")
        answer = self.exchange(key)
        self.assertEqual(201, answer.status)
        token = answer.envelope["auth_token"]
        self.assertTrue(self.works(token))
        self.stack.reevectl("key", "revoke", key)
        self.assertEqual(401, self.exchange(key).status)
        self.assertFalse(self.works(token))
        self.assert_refused(73, "no such key", "key", "revoke", key)

    def test_an_overlong_label_is_refused_in_plain_words(self):
        self.assert_told(REFUSED, "label", "key", "create", self.stack.master,
                         "--label", "l" * 129)

    def test_a_key_or_token_is_required(self):
        self.assert_refused(64, "which key", "key", "revoke")
        self.assert_refused(64, "which token", "token", "revoke")


if __name__ == "__main__":
    unittest.main()
