# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing that reevectl prints drives a terminal or forges a line, whatever
clients called their accounts and objects."""

import json
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from ctl.test_commands import commands  # noqa: E402
from fault.stack import REEVECTL, StackTest, require  # noqa: E402
from reeve import new_id  # noqa: E402

NAME = "=a\nforged  line\r\x1b[2J\x1b]0;x\x07\x7f\x9b31m\u202eb\u2028c\\"
PRINTED = ("=a\\nforged  line\\u000d\\u001b[2J\\u001b]0;x\\u0007\\u007f"
           "\\u009b31m\\u202eb\\u2028c\\\\")
UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\udc80-\udcff]")

# The arguments of each command, and whether it prints the name: a new command
# needs a row. {A} is the account, {F} a file.
CALLS = {
    "account create": (("--parent", "{A}", NAME), False),
    "account demote": (("{A}",), False),
    "account list": (("{A}",), True),
    "account move": (("{A}", "--to", NAME), True),
    "account payers": ((), True),
    "account promote": (("{A}",), False),
    "account show": (("{A}",), False), # always JSON
    "account tree": (("{A}",), True),
    "audit rebuild": (("{A}", "--from", NAME), False),
    "audit verify": ((NAME,), True),
    "check-config": ((NAME,), True),
    "compare": (("http://127.0.0.1:1/", "--token", "x", "--from", NAME), False),
    "deliver": ((), False),
    "export": (("{A}",), False), # always JSON
    "import": (("{F}",), True),
    "key create": (("{A}", "--label", NAME), False),
    "key revoke": ((NAME,), False),
    "migrate": ((NAME,), True),
    "object list": (("devices", "--account", "{A}"), True),
    "outbox list": (("{A}",), True),
    "outbox replay": ((NAME,), False),
    "price": (("{F}",), True),
    "quantities": (("{A}",), False), # a field of CSV
    "recount": (("{A}", "--dry-run"), True),
    "run-due": (("--only", NAME,), False),
    "secret rotate": ((NAME,), True),
    "token issue": (("{A}", "--user", NAME), True),
    "token revoke": ((NAME,), False),
    "usage import": (("{F}",), True),
    "user create": (("--account", "{A}", "--password", "long enough",
                     "--role", NAME, "u"), False),
    "user password": (("--account", "{A}", "--password", "long enough", NAME),
                      False),
}


def sql(text):
    return "CONVERT(0x%s USING utf8mb4)" % text.encode().hex()


@require(REEVECTL)
class Printing(StackTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack, master = cls.stack, cls.stack.master
        parent = stack.create_account("Parent")
        cls.account = stack.create_account("A", "--parent", parent)
        values = {"A": cls.account, "M": master, "N": sql(NAME), "O": new_id(),
                  "D": sql(json.dumps({"name": NAME})),
                  "Q": sql(json.dumps({"account": {NAME: {NAME: 1}}}))}
        stack.sql("""
            UPDATE account SET name = {N} WHERE id = '{A}';
            UPDATE service SET billing_id = '{M}' WHERE account_id = '{A}';
            INSERT INTO object (account_id, kind, id, created, modified,
                document) VALUES ('{A}', 'devices', '{O}', 1, 1, {D});
            INSERT INTO service_quantity VALUES ('{A}', 'account', {N}, {N}, 2);
            INSERT INTO service_snapshot VALUES ('{A}', '202001', {Q}, {Q});
            INSERT INTO outbox_line (account_id, target)
                VALUES ('{A}', 'webhook/{A}/x');
            INSERT INTO outbox (account_id, audit_id, target, delivery_id,
                message, created, document, state, reason, detail)
                VALUES ('{A}', 'x', 'webhook/{A}/x', '{O}', 'x', 63721468800,
                '{{}}', 'dead', {N}, {N})
            """.format(**values))
        cls.file = os.path.join(stack.dir, NAME.replace("/", ""))
        with open(cls.file, "w", encoding="utf-8") as f:
            f.write(json.dumps({"_id": NAME, "pvt_type": NAME}) + "\nx\n")

    def run_call(self, call, *more):
        command = [REEVECTL, "-c", self.stack.conf] + call.split() + list(more)
        for argument in CALLS[call][0]:
            command.append(argument.replace("{A}", self.account)
                           .replace("{F}", self.file))
        done = subprocess.run(command, stdin=subprocess.DEVNULL,
                              capture_output=True)
        return [text.decode(errors="surrogateescape")
                for text in (done.stdout, done.stderr)]

    def test_every_command_has_a_row(self):
        self.assertEqual(sorted(" ".join(words) for words in commands()),
                         sorted(CALLS))

    def test_texts_stay_in_their_line(self):
        for call in CALLS:
            for more in ((), ("--json",)):
                with self.subTest(call + " ".join(more)):
                    out, errors = self.run_call(call, *more)
                    self.assertIsNone(UNSAFE.search(out + errors),
                                      repr(out + errors))
                    if CALLS[call][1] and not more:
                        self.assertIn(PRINTED, out + errors)
                    if call != "quantities": # a field of CSV has lines
                        self.assertNotIn("\nforged", out + errors)

    def test_json_says_the_name_itself(self):
        for call, key in (("account list", "name"), ("account show", "name"),
                          ("object list", "name"), ("outbox list", "detail")):
            with self.subTest(call):
                row = json.loads(self.run_call(call, "--json")[0])
                self.assertEqual(NAME, row[key])

    def test_cells_of_csv_are_no_formulas(self):
        self.assertIn(",\"'=a\nforged", self.run_call("quantities")[0])


if __name__ == "__main__":
    unittest.main()
