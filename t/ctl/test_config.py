# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl check-config."""

import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import REEVECTL, require  # noqa: E402


@require(REEVECTL)
class CheckConfig(unittest.TestCase):
    def check(self, text, *options):
        """Checks a configuration with this text, stored in self.path."""
        f = tempfile.NamedTemporaryFile("w", suffix=".conf")
        self.addCleanup(f.close)
        f.write(text)
        f.flush()
        self.path = f.name
        return subprocess.run([REEVECTL, "-c", self.path, "check-config"] +
                              list(options), capture_output=True, text=True)

    def test_effective_values_are_shown(self):
        done = self.check("workers = 3\n# a comment\n\npage_size = 7\n")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertIn("workers = 3\n", done.stdout)
        self.assertIn("page_size = 7\n", done.stdout)
        self.assertIn("db_user = reeve\n", done.stdout)

    def test_secrets_are_masked(self):
        done = self.check("secret = %s\ndb_password = hush\n"
                          "db_admin_password = hush hush\n" % ("s3cr3t" * 8))
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertNotIn("s3cr3t", done.stdout + done.stderr)
        self.assertNotIn("hush", done.stdout + done.stderr)

    def test_a_mistake_is_named_by_file_line_and_key(self):
        for line, key in (("workers = many", "workers"),
                          ("workers = -1", "workers"),
                          ("workers = 99999", "workers"),
                          ("wokers = 3", "wokers"),
                          ("listen = nowhere", "listen"),
                          ("listen_mode = 9999", "listen_mode"),
                          ("token_expiry = soon", "token_expiry"),
                          ("max_body = 8X", "max_body"),
                          ("log_level = loud", "log_level"),
                          ("secret = short", "secret"),
                          ("secret_file = /nowhere", "secret_file")):
            with self.subTest(line):
                done = self.check("page_size = 5\n\n%s\n" % line)
                self.assertEqual((78, ""), (done.returncode, done.stdout))
                self.assertIn("%s:3: %s" % (self.path, key), done.stderr)

    def test_a_line_without_a_value(self):
        done = self.check("page_size = 5\nnonsense\n")
        self.assertEqual(78, done.returncode)
        self.assertIn(self.path + ":2:", done.stderr)

    def test_a_key_given_twice(self):
        done = self.check("workers = 1\nworkers = 2\n")
        self.assertEqual(78, done.returncode)
        self.assertIn(self.path + ":2: workers", done.stderr)

    def test_a_missing_file(self):
        done = subprocess.run([REEVECTL, "-c", "/nowhere.conf", "check-config"],
                              capture_output=True, text=True)
        self.assertEqual(78, done.returncode)
        self.assertIn("/nowhere.conf", done.stderr)

    def test_an_error_shows_no_secret(self):
        self.assertNotIn("hush", self.check("secret = hush\n").stderr)

    def test_the_sample_is_valid(self):
        sample = self.check("", "--sample").stdout
        self.assertEqual(0, self.check(sample).returncode)

    def test_samples_need_no_configuration(self):
        for command in ("check-config", "import"):
            done = subprocess.run(
                [REEVECTL, "-c", "/nonexistent", command, "--sample"],
                capture_output=True, text=True)
            self.assertEqual((0, ""), (done.returncode, done.stderr))
            self.assertEqual(command == "import",
                             "\nask_charges = actor\n" in done.stdout)

    def test_the_sample_with_every_line_enabled_is_valid(self):
        sample = self.check("", "--sample").stdout
        keys = [line[1:] for line in sample.splitlines()
                if line.startswith("#") and not line.startswith("# ") and
                line != "#" and not line.endswith("= ")]
        self.assertGreater(len(keys), 20)
        done = self.check("\n".join(keys) + "\n")
        self.assertEqual((0, ""), (done.returncode, done.stderr))

    def test_the_output_is_a_valid_configuration(self):
        printed = self.check("workers = 3\n").stdout
        again = self.check("\n".join(line for line in printed.splitlines()
                                     if not line.endswith("= ")) + "\n")
        self.assertEqual(0, again.returncode, again.stderr)
        self.assertEqual(printed, again.stdout)


if __name__ == "__main__":
    unittest.main()
