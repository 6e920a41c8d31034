# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures of the database on the status page, and a pool that is not ready."""

import os
import signal
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVE, REEVECTL, StackTest, require,  # noqa: E402
                         wait_until)
from reeve import new_id  # noqa: E402

EPOCH = 62167219200  # the Unix epoch in Gregorian seconds
HOUR = 3600


def now():
    return int(time.time()) + EPOCH


class StatusTest(StackTest):
    def tearDown(self):
        self.stack.sql("DELETE FROM outbox; DELETE FROM outbox_line;"
                       "DELETE FROM payment; DELETE FROM due_run")

    def add_message(self, target, state="waiting", created=0, due=None):
        self.stack.sql(
            "INSERT INTO outbox_line (account_id, target, due) VALUES"
            " ('%s', '%s', %s) ON DUPLICATE KEY UPDATE due = due;"
            "INSERT INTO outbox (account_id, target, message, state, document,"
            " created, delivery_id) VALUES ('%s', '%s', 'update', '%s', '{}',"
            " %d, '%s')" % (
                self.stack.master, target, "NULL" if due is None else due,
                self.stack.master, target, state, created or now(), new_id()))


@require(REEVE, REEVECTL)
class Figures(StatusTest):
    pool = True
    options = {"workers": "1"}

    def assert_age(self, expected, seconds):
        self.assertGreaterEqual(seconds, expected)
        self.assertLess(seconds, expected + HOUR)

    def test_nothing(self):
        figures = self.stack.figures()
        for name in ("outbox_messages", "outbox_oldest_seconds"):
            self.assertEqual({("bookkeeper", 0), ("webhook", 0), ("mail", 0)},
                             figures[name])
        for name in ("outbox_due_seconds", "outbox_dead_messages",
                     "payments_pending"):
            self.assertEqual(0, figures[name], name)
        self.assertEqual({("never", None)}, figures["run_due_seconds"])

    def test_messages_by_lane(self):
        begin = now()
        for target, state, age in (
                ("bookkeeper/a/b", "waiting", 5 * HOUR),
                ("bookkeeper/a/c", "waiting", 3 * HOUR),
                ("owner/a", "waiting", 2 * HOUR),
                ("bookkeeper/a/b", "delivered", 30 * HOUR),
                ("bookkeeper/a/b", "dead", 40 * HOUR),
                ("webhook/a/b", "dead", 50 * HOUR),
                ("webhook/a/b", "delivered", 60 * HOUR),
                ("webhook/a/b", "waiting", 7 * HOUR),
                ("mail/smarthost/1", "waiting", 9 * HOUR),
                ("webhooks/a", "waiting", 1 * HOUR)):
            self.add_message(target, state, begin - age)
        figures = self.stack.figures()
        self.assertEqual({("bookkeeper", 4), ("webhook", 1), ("mail", 1)},
                         figures["outbox_messages"])
        self.assertEqual(2, figures["outbox_dead_messages"])
        ages = dict(figures["outbox_oldest_seconds"])
        self.assert_age(5 * HOUR, ages["bookkeeper"])
        self.assert_age(7 * HOUR, ages["webhook"])
        self.assert_age(9 * HOUR, ages["mail"])
        self.assertEqual(0, figures["outbox_due_seconds"])

    def test_how_long_a_message_has_been_due(self):
        begin = now()
        for target, due, expected in (
                ("webhook/a/future", begin + HOUR, None),
                ("webhook/a/past", begin - 2 * HOUR, 2 * HOUR),
                ("bookkeeper/a/later", begin - HOUR, 2 * HOUR),
                ("bookkeeper/a/earlier", begin - 5 * HOUR, 5 * HOUR)):
            with self.subTest(target):
                self.add_message(target, due=due)
                seconds = self.stack.figures()["outbox_due_seconds"]
                if expected is None:
                    self.assertEqual(0, seconds)
                else:
                    self.assert_age(expected, seconds)

    def test_long_lists_are_counted_to_ten_thousand(self):
        rows = "SELECT %s FROM %s" % ("%s", ", ".join(
            "(SELECT %s) AS d%d" % (" UNION SELECT ".join(
                "%d AS n" % n if n == 0 else str(n) for n in range(11)), i)
            for i in range(4)))
        self.stack.sql(
            "INSERT INTO outbox (account_id, target, message, state, document,"
            " created, delivery_id) " + rows % (
                "'%s', 'webhook/a/b', 'update', IF(d0.n %% 2, 'waiting',"
                " 'dead'), '{}', 1, LPAD(d0.n + 11 * d1.n + 121 * d2.n"
                " + 1331 * d3.n, 32, '0')" % self.stack.master))
        figures = self.stack.figures()
        # Of 14641.
        self.assertEqual({("bookkeeper", 0), ("webhook", 6655),
                          ("mail", 0)},
                         figures["outbox_messages"])
        self.assertEqual(7986, figures["outbox_dead_messages"])
        self.stack.sql("UPDATE outbox SET state = 'waiting'")
        figures = self.stack.figures()
        self.assertEqual({("bookkeeper", 0), ("webhook", 10001),
                          ("mail", 0)},
                         figures["outbox_messages"])
        self.assertEqual(0, figures["outbox_dead_messages"])

    def test_pending_payments(self):
        for status in ("pending", "completed", "pending", "failed"):
            self.stack.sql(
                "INSERT INTO payment (account_id, id, type, status, amount,"
                " created, modified, executor, credits, document) VALUES"
                " ('%s', '%s', 'sale', '%s', 1, 1, 1, 'manual', 0, '{}')" % (
                    self.stack.master, new_id(), status))
        self.assertEqual(2, self.stack.figures()["payments_pending"])

    def test_the_last_run_of_run_due(self):
        self.stack.reevectl("run-due")
        (result, seconds), = self.stack.figures()["run_due_seconds"]
        self.assertEqual("well", result)
        self.assertLess(seconds, HOUR)
        self.stack.sql("UPDATE due_run SET result = 'broken off', at = at - %d"
                       % (3 * HOUR))
        (result, seconds), = self.stack.figures()["run_due_seconds"]
        self.assertEqual("broken off", result)
        self.assert_age(3 * HOUR, seconds)


@require(REEVE, REEVECTL)
class Ready(StatusTest):
    """A pool with a courier, and a status page that is asked over its socket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dir = tempfile.TemporaryDirectory(prefix="reeve-t-")
        cls.addClassCleanup(cls.dir.cleanup)

    def start(self, **options):
        self.stack.start_pool(
            status_socket=self.dir.name + "/status.sock", couriers="1",
            workers="1", outbox_stuck_after="1s", **options)
        self.addCleanup(self.stack.stop_pool)

    def page(self, target):
        return self.stack.status_page(target)

    def test_not_ready_while_the_outbox_is_stuck(self):
        target = "webhook/a/gone"
        # Claims fail, so the message stays due.
        self.stack.sql("RENAME TABLE outbox_attempt TO elsewhere")
        self.add_message(target, due=now() - HOUR)
        self.start()
        wait_until(lambda: self.page("/ready") == (
            503, "not ready: outbox: messages are due, and no courier delivers "
                 "any\n"))
        self.stack.sql("RENAME TABLE elsewhere TO outbox_attempt")
        wait_until(lambda: self.page("/ready") == (200, "ready\n"))

    def test_a_frozen_database_leaves_the_last_figures(self):
        self.start()
        self.add_message("webhook/a/b", "dead")
        wait_until(lambda: "outbox_dead_messages:             1\n" in
                   self.page("/status")[1])
        self.stack.server.send_signal(signal.SIGSTOP)
        self.addCleanup(self.stack.server.send_signal, signal.SIGCONT)
        wait_until(lambda: self.page("/ready")[0] == 503)
        wait_until(lambda: "database_up:                      0\n" in
                   self.page("/status")[1])
        self.assertIn("outbox_dead_messages:             1\n",
                      self.page("/status")[1])
        self.stack.server.send_signal(signal.SIGCONT)
        wait_until(lambda: self.page("/ready")[0] == 200)


if __name__ == "__main__":
    unittest.main()
