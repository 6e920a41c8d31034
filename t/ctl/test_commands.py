# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl as a shell sees it: help, exit statuses, JSON."""

import json
import os
import pwd
import re
import socket
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import REEVECTL, TOP, StackTest, account_document, require  # noqa: E402
from reeve import new_id  # noqa: E402


def reevectl(*arguments, **environment):
    return subprocess.run([REEVECTL] + list(arguments), capture_output=True,
                          text=True, env=dict(os.environ, **environment))


def commands():
    """The commands that --help lists."""
    text = reevectl("--help").stdout.split("commands:\n")[1].split("\n\n")[0]
    return [re.split(r"  +", line.strip())[0].split()
            for line in text.splitlines()]


@require(REEVECTL)
class Help(unittest.TestCase):
    """No configuration is needed."""

    def test_help_of_the_program(self):
        done = reevectl("--help")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertIn("usage: reevectl", done.stdout)
        self.assertIn("exit status", done.stdout)

    def test_help_of_every_listed_command(self):
        self.assertGreater(len(commands()), 10)
        for words in commands():
            with self.subTest(" ".join(words)):
                done = reevectl(*words, "--help")
                self.assertEqual((0, ""), (done.returncode, done.stderr))
                self.assertTrue(done.stdout.startswith(
                    "usage: reevectl " + " ".join(words)), done.stdout)

    def test_the_short_option(self):
        self.assertEqual(0, reevectl("-h").returncode)
        self.assertEqual(0, reevectl("migrate", "-h").returncode)

    def test_the_version(self):
        done = reevectl("--version")
        self.assertEqual(0, done.returncode)
        self.assertRegex(done.stdout, r"^reevectl [0-9][0-9.]*\n$")


def instructions(page):
    """The calls of reevectl in a page of doc/: ("import", ["--rehearse"])."""
    with open(os.path.join(TOP, "doc", page), encoding="utf-8") as f:
        for line in f:
            found = re.match(r"  (?:\S+=\S+ )?reevectl ([a-z].*)", line)
            if found:
                words = found.group(1).split()
                yield words, [w for w in words if w.startswith("--")]


@require(REEVECTL)
class Documents(unittest.TestCase):
    def test_commands_and_options_of_the_plan_to_move_exist(self):
        known = [words for words in commands()]
        tried = 0
        for words, options in instructions("moving"):
            with self.subTest(" ".join(words)):
                command = next(c for c in known if words[:len(c)] == c)
                text = reevectl(*command, "--help").stdout
                for option in options:
                    self.assertRegex(text, option + r"\b")
                tried += 1
        self.assertGreater(tried, 10)


@require(REEVECTL)
class WrongUsage(unittest.TestCase):
    CALLS = (
        (),
        ("nonsense",),
        ("account",),
        ("account", "nonsense"),
        ("--nonsense", "migrate"),
        ("migrate", "--nonsense"),
        ("migrate", "--create=yes"),
        ("migrate", "operand"),
        ("account", "create", "A", "B"),
        ("account", "create", "--name"),
        ("account", "list", "-c"),
        ("account", "create", "-x"),
        ("account", "list", "--lim", "3"), # no abbreviations
        ("account", "list", "--lim=3"),
        ("account", "list", "--jso"),
        ("--conf", "FILE", "migrate"),
        ("account", "list", "-5"),         # an operand only after "--"
        ("account", "show", "--", "-5", "-6"),
        ("--", "migrate"),
        ("migrate", "--version"),
    )

    def test_wrong_usage_exits_64_and_mentions_help(self):
        for call in self.CALLS:
            with self.subTest(" ".join(call)):
                # An empty configuration is enough to reach the operands.
                done = reevectl(*call, REEVE_CONFIG="/dev/null")
                self.assertEqual(64, done.returncode, done.stdout + done.stderr)
                self.assertIn("--help", done.stderr)
                self.assertEqual("", done.stdout)

    def test_the_wrong_word_is_named(self):
        self.assertIn("nonsense", reevectl("nonsense").stderr)
        self.assertIn("--nonsense", reevectl("migrate", "--nonsense").stderr)
        self.assertIn("--name", reevectl("account", "create", "--name").stderr)


@require(REEVECTL)
class ExitStatuses(StackTest):
    """The statuses of sysexits.h that --help lists."""

    def status(self, *arguments):
        done = self.stack.reevectl(*arguments, check=False)
        if done.returncode != 0:
            self.assertNotEqual("", done.stderr)
        return done.returncode

    def test_0_done(self):
        self.assertEqual(0, self.status("account", "list"))

    def test_1_check_failed(self):
        self.stack.sql("UPDATE schema_migration SET checksum = 'x'"
                       " WHERE name = 'routines'")
        self.assertEqual(1, self.status("migrate", "--check"))
        self.stack.reevectl("migrate")

    def test_64_wrong_usage(self):
        self.assertEqual(64, self.status("account", "show", "no id"))

    def test_65_bad_data(self):
        self.assertEqual(65, self.status(
            "import", self.stack.file("not JSON\nnot JSON\n")))

    def test_66_no_such_file(self):
        self.assertEqual(66, self.status("import", "/nowhere"))

    def test_69_no_database(self):
        self.assertEqual(69, self.stack_without_database("account", "list"))

    def stack_without_database(self, *arguments):
        path = self.stack.file("db_socket = /nowhere\n")
        return self.stack.reevectl("-c", path, *arguments,
                                   check=False).returncode

    def test_73_unknown_or_taken_name(self):
        self.assertEqual(73, self.status("account", "show", new_id()))
        self.assertEqual(73, self.status("account", "create", "Again"))

    def test_78_configuration(self):
        done = self.stack.reevectl("-c", "/nowhere", "account", "list",
                                   check=False)
        self.assertEqual(78, done.returncode)


@require(REEVECTL)
class Operator(StackTest):
    """Entries of changes by reevectl say who ran it, where, and what."""

    def operator(self, *command, **environment):
        account = self.stack.create_account()
        self.stack.sql("INSERT INTO service_source VALUES "
                       "('%s', 'o', 'devices', 'sip_device', 2)" % account)
        subprocess.run([REEVECTL, "-c", self.stack.conf, *command, account],
                       check=True, capture_output=True,
                       env=dict(os.environ, **environment))
        document, = (json.loads(row[0]) for row in self.stack.sql(
            "SELECT document FROM audit_entry WHERE account_id = '%s' AND "
            "form = 'quantities'" % account))
        return document["cause"]["operator"]

    def test_user_host_and_command(self):
        self.assertEqual({
            "user": pwd.getpwuid(os.geteuid()).pw_name,
            "host": socket.gethostname(), "command": "recount"},
            self.operator("recount", SUDO_USER=""))

    @unittest.skipIf(os.geteuid() != 0, "for root")
    def test_the_user_before_sudo(self):
        self.assertEqual("clara", self.operator(
            "recount", SUDO_USER="clara")["user"])


@require(REEVECTL)
class Json(StackTest):
    """Every command's --json is one JSON value a line."""

    def values(self, *arguments, status=0):
        done = self.stack.reevectl(*arguments, "--json", check=False)
        self.assertEqual(status, done.returncode, done.stderr)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_accounts(self):
        account = self.values("account", "create", "A \"quoted\" name",
                              "--parent", self.stack.master)[0]["id"]
        shown = self.values("account", "show", account)[0]
        self.assertEqual((account, "A \"quoted\" name"),
                         (shown["id"], shown["name"]))
        listed = {row["id"]: row["depth"]
                  for row in self.values("account", "list")}
        self.assertEqual((0, 1), (listed[self.stack.master], listed[account]))

    def test_users_keys_and_tokens(self):
        user = self.values("user", "create", "ann", "--password", "secret-1",
                           "--account", self.stack.master)[0]
        self.assertRegex(user["id"], "^[0-9a-f]{32}$")
        key = self.values("key", "create", self.stack.master)[0]
        self.assertRegex(key["api_key"], "^[0-9a-f]{64}$")
        token = self.values("token", "issue", self.stack.master)[0]["auth_token"]
        self.assertEqual([{"revoked": True}],
                         self.values("token", "revoke", token))
        self.assertEqual([{"revoked": False}],
                         self.values("token", "revoke", token, status=73))
        self.assertEqual([{"revoked": True}],
                         self.values("key", "revoke", key["id"]))

    def test_migrate(self):
        self.assertEqual([{"current": True}], self.values("migrate"))
        self.assertEqual([{"current": True}], self.values("migrate", "--check"))

    def test_audit(self):
        verdict = self.values("audit", "verify", self.stack.master)[0]
        self.assertEqual((self.stack.master, True),
                         (verdict["account_id"], verdict["ok"]))
        self.assertEqual([{"account_id": self.stack.master, "days": 0}],
                         self.values("audit", "rebuild", self.stack.master))

    def test_import(self):
        path = self.stack.file(json.dumps(account_document(
            new_id(), [self.stack.master])))
        self.assertEqual([{"imported": 1, "known": 0, "skipped": 0,
                           "reports": []}], self.values("import", path))


if __name__ == "__main__":
    unittest.main()
