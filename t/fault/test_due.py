# SPDX-License-Identifier: GPL-3.0-or-later
"""Monthly tasks: every figure is compared with a model; each task is done
once, even if it is run repeatedly, in parallel, or killed."""

import contextlib
import datetime
import json
import os
import random
import signal
import sys
import time
import unittest
from decimal import Decimal

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from bookkeeper import Bookkeeper  # noqa: E402
from fault.stack import (DAY, DAY_0, REEVE, REEVECTL, StackTest,  # noqa: E402
                         account_document, ledger_document, lines, require)
from reeve import new_id  # noqa: E402

SEED = int(os.environ.get("REEVE_SEED", random.randrange(10**6)))
EPOCH = 62167219200  # the Unix epoch in Gregorian seconds


def start_of(month):
    moment = datetime.datetime.strptime(month, "%Y%m").replace(
        tzinfo=datetime.timezone.utc)
    return int(moment.timestamp()) + EPOCH


def month_of(moment):
    return datetime.datetime.fromtimestamp(
        moment - EPOCH, datetime.timezone.utc).strftime("%Y%m")


def months(first, last):
    """The months from first to last, both included."""
    at = int(first[:4]) * 12 + int(first[4:]) - 1
    end = int(last[:4]) * 12 + int(last[4:]) - 1
    return ["%04d%02d" % (n // 12, n % 12 + 1) for n in range(at, end + 1)]


@require(REEVE, REEVECTL)
class DueTest(StackTest):
    bare = False

    def setUp(self):
        self.account = self.stack.create_account()

    def run_due(self, *arguments):
        return json.loads(self.stack.reevectl(
            "--json", "run-due", *arguments).stdout)

    def written(self):
        """Everything that a run may write, for comparison."""
        return self.stack.sql("CHECKSUM TABLE due_done, ledger, ledger_balance, "
                              "service_snapshot, outbox, audit_entry, audit_day")

    def born(self, account, moment):
        self.stack.sql("UPDATE account JOIN ledger_balance AS b ON b.account_id = id"
                       " SET account.created = %d, b.created = %d WHERE id = '%s'" %
                       (moment, moment, account))


class Runs(DueTest):
    def result(self):
        return [row[0] for row in self.stack.sql("SELECT result FROM due_run")]

    def test_the_last_run_over_all_accounts_is_stored(self):
        self.run_due(self.account)
        self.stack.reevectl("run-due", "--dry-run", check=False)
        self.assertEqual([], self.result())
        before = int(time.time()) + EPOCH
        self.run_due("--only", "payments")
        self.assertEqual(["well"], self.result())
        self.assertTrue(before <= self.stack.number("SELECT at FROM due_run")
                        <= time.time() + EPOCH)
        self.run_due()
        self.assertEqual(["well"], self.result())
        self.killed()
        self.assertEqual(["running"], self.result())
        self.broken_off()
        self.assertEqual(["broken off"], self.result())

    def killed(self):
        self.born(self.account, start_of("202001"))
        with contextlib.closing(self.stack.session()) as holder:
            holder.run("BEGIN; SELECT sequence FROM audit_head FOR UPDATE")
            run = self.stack.spawn_reevectl("run-due")
            self.stack.wait_for_lock_wait(unless=lambda: run.poll() is not None)
            self.assertIsNone(run.poll())
            run.kill()
            run.communicate()

    def broken_off(self):
        self.stack.sql("RENAME TABLE due_done TO elsewhere")
        self.addCleanup(self.stack.sql, "RENAME TABLE elsewhere TO due_done")
        done = self.stack.reevectl("run-due", check=False)
        self.assertNotEqual(0, done.returncode)


class Clocks(DueTest):
    """The database's sessions have the time of a test."""

    def test_nothing_is_done_while_the_clocks_differ(self):
        rows = (("ahead", 4000, {}, "ahead of"), ("behind", -4000, {}, "behind"),
                ("by a little more", 200, {"clock_difference_max": "100s"},
                 "ahead of"),
                ("by less", 200, {}, None),
                ("not compared", 4000, {"clock_difference_max": "0"}, None))
        self.addCleanup(self.stack.sql, "SET GLOBAL init_connect = ''")
        for label, ahead, options, said in rows:
            with self.subTest(label):
                self.stack.configure(**{"clock_difference_max": "5m",
                                        **options})
                self.stack.sql("DELETE FROM due_run; SET GLOBAL init_connect = "
                               "'SET timestamp = %d'" % (time.time() + ahead))
                done = self.stack.reevectl("run-due", check=False)
                self.assertEqual(69 if said else 0, done.returncode)
                self.assertEqual(0 if said else 1, self.stack.number(
                    "SELECT COUNT(*) FROM due_run"))
                self.assertIn("clock is" if said else "", done.stderr)
                self.assertIn(said or "", done.stderr)


class LedgerDueTest(DueTest):
    def entries(self, dice, account, count=12, first=DAY_0, days=100):
        """Imports random entries; returns their [(month, signed amount)]."""
        made, documents = [], []
        for n in range(count):
            created = first + dice.randrange(days * DAY)
            units = dice.randrange(1, 5000000)
            credit = dice.random() < 0.5
            document = ledger_document(
                account, n + 1, created, amount=units,
                pvt_ledger_type="credit" if credit else "debit",
                source={"service": "calls", "id": "c%d" % n})
            document["_id"] = "%s-%032x" % (month_of(created), n + 1)
            documents.append(document)
            amount = Decimal(units) / 10000
            made.append((month_of(created), amount if credit else -amount))
        self.stack.reevectl("import", "-", stdin=lines(documents))
        return made

    def rollovers(self, account):
        return {row[0][:6]: Decimal(row[1]) for row in self.stack.sql(
            "SELECT id, IF(type = 'credit', amount, -amount) FROM ledger "
            "WHERE account_id = '%s' AND service = 'rollovers'" % account)}

    def expected(self, made, last):
        first = min(month for month, _ in made)
        return {month: sum((amount for m, amount in made if m < month),
                           Decimal(0)) for month in months(first, last)[1:]}

    def balance(self, account):
        return Decimal(self.stack.sql(
            "SELECT amount FROM ledger_balance WHERE account_id = '%s'" %
            account)[0][0])


class Rollover(LedgerDueTest):
    def test_missed_months_are_caught_up(self):
        made = self.entries(random.Random(SEED), self.account)
        before = self.balance(self.account)
        report = self.run_due("--only", "rollover", "--at", "2019-08-01",
                              self.account)
        expected = self.expected(made, "201908")
        self.assertEqual(expected, self.rollovers(self.account), SEED)
        self.assertGreaterEqual(len(expected), 3)
        self.assertEqual(len(expected), report["rollover"]["done"])
        self.assertEqual(min(expected), report["rollover"]["oldest"])
        self.assertEqual(before, self.balance(self.account))
        self.assert_verified(self.account)

    def test_run_again_writes_nothing(self):
        self.entries(random.Random(SEED), self.account)
        self.run_due("--at", "2019-08-01")
        once = self.written()
        self.assertNotEqual({}, self.rollovers(self.account))
        for at in "2019-08-01", "2019-06-01", "2019-08-01 23:59:59":
            report = self.run_due("--at", at)
            self.assertEqual({0}, {task["done"] for task in report.values()})
        self.assertEqual(once, self.written())

    def test_dry_run_writes_nothing(self):
        made = self.entries(random.Random(SEED), self.account)
        before = self.written()
        done = self.stack.reevectl(
            "--json", "run-due", "--dry-run", "--at", "2019-08-31 10:00:00",
            "--only", "rollover", self.account, check=False)
        self.assertEqual(1, done.returncode, done.stderr)
        self.assertEqual(len(self.expected(made, "201908")),
                         json.loads(done.stdout)["rollover"]["due"])
        self.assertEqual(before, self.written())

    def test_the_text_of_a_rollover(self):
        self.stack.reevectl("import", "-", stdin=lines([ledger_document(
            self.account, 1, DAY_0, amount=25000)]))
        self.run_due("--only", "rollover", "--at", "2019-05-01 00:00:01")
        row = self.stack.sql(
            "SELECT id, type, source_id, amount, created, counted, available, "
            "document FROM ledger WHERE account_id = '%s' AND service = "
            "'rollovers'" % self.account)
        self.assertEqual(1, len(row))
        self.assertEqual(
            ["201905-ledgers_monthly_rollover", "debit", "201905", "2.500000",
             str(start_of("201905")), "0", "-2.500000"], row[0][:7])
        document = json.loads(row[0][7])
        self.assertEqual({"trigger": "automatic", "module": "kz_ledgers"},
                         document["executor"])
        self.assertEqual("Monthly rollover for 201905", document["description"])
        self.assertIs(True, document["metadata"]["automatic_description"])
        self.assertEqual({"service": "rollovers", "id": "201905"},
                         document["source"])

    def test_no_rollover_before_the_month_begins(self):
        self.entries(random.Random(SEED), self.account, days=20)
        self.run_due("--only", "rollover", "--at", "2019-04-30 23:59:59")
        self.assertEqual({}, self.rollovers(self.account))
        self.run_due("--only", "rollover", "--at", "2019-05-01 00:00:01")
        self.assertEqual(["201905"], list(self.rollovers(self.account)))

    def test_an_imported_rollover_counts(self):
        self.stack.reevectl("import", "-", stdin=lines([
            ledger_document(self.account, 1, DAY_0, amount=10000), {
                "_id": "201905-ledgers_monthly_rollover",
                "pvt_type": "ledger", "pvt_account_id": self.account,
                "pvt_ledger_type": "debit", "amount": 10000,
                "pvt_created": start_of("201905") + 77,
                "source": {"service": "rollovers", "id": "201905"}}]))
        self.run_due("--only", "rollover", "--at", "2019-06-01")
        self.assertEqual({"201905": -1, "201906": -1},
                         self.rollovers(self.account))
        self.assertEqual(-1, self.balance(self.account))
        self.assertEqual([[str(start_of("201905") + 77)]], self.stack.sql(
            "SELECT created FROM ledger WHERE account_id = '%s' AND id LIKE "
            "'201905-l%%'" % self.account))
        self.assert_verified(self.account)

    def test_late_entries_correct_rollovers(self):
        made = self.entries(random.Random(SEED), self.account)
        self.run_due("--only", "rollover", "--at", "2019-08-01")
        late = {"account": {"id": self.account}, "amount": 7.5,
                "source": {"service": "calls", "id": "late"},
                "usage": {"quantity": 1},
                "period": {"start": start_of("201905") + 5}}
        self.stack.reevectl("usage", "import", self.stack.file(
            json.dumps(late) + "\n"))
        made.append(("201905", Decimal("-7.5")))
        self.assertEqual(self.expected(made, "201908"),
                         self.rollovers(self.account), SEED)
        self.assertEqual(sum(amount for _, amount in made),
                         self.balance(self.account))
        self.assert_verified(self.account)

    def test_an_entry_before_the_first_adds_the_months_between(self):
        made = self.entries(random.Random(SEED), self.account, days=50)
        self.run_due("--only", "rollover", "--at", "2019-08-01")
        late = {"account": {"id": self.account}, "amount": 8,
                "source": {"service": "calls", "id": "long ago"},
                "usage": {"quantity": 1},
                "period": {"start": start_of("201811") + 5}}
        self.stack.reevectl("usage", "import", self.stack.file(
            json.dumps(late) + "\n"))
        made.append(("201811", Decimal("-8")))
        self.run_due("--only", "rollover", "--at", "2019-08-01")
        self.assertEqual(self.expected(made, "201908"),
                         self.rollovers(self.account), SEED)
        self.assert_verified(self.account)

    def test_nothing_is_written_if_nothing_is_due(self):
        before = self.written()
        self.run_due("--only", "rollover", self.account)
        self.assertEqual(before, self.written())

    def test_a_future_month_is_a_dry_run_only(self):
        done = self.stack.reevectl("run-due", "--at", "2199-01-01",
                                   check=False)
        self.assertEqual(64, done.returncode)
        self.assertIn("still to come", done.stderr)


class AtOnce(LedgerDueTest):
    """Many accounts, so that a run can be interrupted."""

    def setUp(self):
        super().setUp()
        dice = random.Random(SEED)
        self.made = {}
        for _ in range(8):
            account = self.stack.create_account()
            self.made[account] = self.entries(dice, account, 4)

    def check_all(self):
        for account, made in self.made.items():
            self.assertEqual(self.expected(made, "202112"),
                             self.rollovers(account), "SEED %d" % SEED)
            self.assertEqual(sum(amount for _, amount in made),
                             self.balance(account))
            self.assert_verified(account)

    def spawn(self):
        return self.stack.spawn_reevectl("--json", "run-due", "--at",
                                         "2021-12-31", "--only", "rollover")

    def test_two_runs_at_once(self):
        runs = [self.spawn() for _ in range(3)]
        ended = [run.communicate() for run in runs]
        self.assertEqual([0] * 3, [run.returncode for run in runs], ended)
        done = [json.loads(out)["rollover"]["done"] for out, _ in ended]
        self.check_all()
        marks = self.stack.number(
            "SELECT COUNT(*) FROM due_done WHERE account_id IN (%s)" %
            ",".join("'%s'" % account for account in self.made))
        self.assertEqual(marks, sum(
            len(self.expected(made, "202112")) for made in self.made.values()))
        self.assertEqual(marks, sum(done))
        self.assertEqual(0, self.run_due(
            "--at", "2021-12-31", "--only", "rollover")["rollover"]["done"])

    def test_a_killed_run_is_completed_by_the_next(self):
        dice, killed = random.Random(SEED), 0
        for _ in range(12):
            run = self.spawn()
            time.sleep(0.01 + dice.random() * 0.05)
            run.send_signal(signal.SIGKILL)
            run.communicate()
            killed += run.returncode == -signal.SIGKILL
        self.assertGreater(killed, 0)
        last = self.spawn()
        out, err = last.communicate()
        self.assertEqual(0, last.returncode, err)
        self.check_all()


class Pages(LedgerDueTest):
    def test_more_accounts_than_a_page(self):
        accounts = [new_id() for _ in range(520)]
        self.stack.reevectl("import", "-", stdin=lines(
            [account_document(account, [self.stack.master])
             for account in accounts] +
            [ledger_document(account, 1, DAY_0, amount=10000)
             for account in accounts]))
        report = self.run_due("--only", "rollover", "--at", "2019-05-02")
        self.assertEqual(520, report["rollover"]["done"])
        self.assertEqual(520, self.stack.number(
            "SELECT COUNT(DISTINCT account_id) FROM ledger WHERE service = "
            "'rollovers' AND type = 'debit' AND amount = 1"))


class Snapshot(DueTest):
    pool = True

    def setUp(self):
        super().setUp()
        self.this_month = month_of(int(time.time()) + EPOCH)
        self.starts = [start_of(month) for month in self.back(4)]

    def back(self, count):
        """This month and earlier ones, oldest first."""
        at = int(self.this_month[:4]) * 12 + int(self.this_month[4:]) - 1
        return ["%04d%02d" % (n // 12, n % 12 + 1)
                for n in range(at - count + 1, at + 1)]

    def add_devices(self, moments):
        """Adds a device for each time, the date of its audit entry."""
        self.stack.sql("UPDATE audit_entry SET created = %d WHERE account_id = "
                       "'%s'" % (self.starts[0] - DAY, self.account))
        for n, moment in enumerate(moments):
            answer = self.stack.request(
                "PUT", "/v2/accounts/%s/devices" % self.account,
                self.stack.token, {"name": "d%d" % n,
                                   "device_type": "sip_device"})
            self.assertEqual(201, answer.status, answer)
            self.stack.sql(
                "UPDATE audit_entry SET created = %d WHERE account_id = '%s' "
                "ORDER BY sequence DESC LIMIT 2" % (moment, self.account))

    def rows(self, *arguments):
        out = self.stack.reevectl("quantities", *arguments).stdout.splitlines()
        self.assertEqual("account_id,year,month,category,item,quantity_bom,"
                         "quantity_eom", out[0])
        return [line.split(",") for line in out[1:]]

    def test_quantities_are_those_of_the_start_of_the_month(self):
        dice = random.Random(SEED)
        moments = sorted(dice.randrange(self.starts[0], self.starts[3])
                         for _ in range(4)) + [self.starts[3] + 60]
        self.add_devices(moments)
        self.born(self.account, self.starts[0] - 40 * DAY)
        self.stack.sql("INSERT INTO due_done VALUES ('%s', 'snapshot', '%s', 0)"
                       % (self.account, month_of(self.starts[0])))
        report = self.run_due("--only", "snapshot", self.account)
        self.assertEqual(3, report["snapshot"]["done"])
        had = [sum(moment < start for moment in moments)
               for start in self.starts]
        expected = []
        for n, month in enumerate(self.back(4)):
            bom = str(had[n] or "") if n > 0 else ""
            eom = str(had[n + 1] or "") if n < 3 else ""
            if bom or eom:
                expected.append([self.account, month[:4], month[4:], "devices",
                                 "sip_device", bom, eom])
        found = [row for row in self.rows(self.account) if row[3] == "devices"]
        self.assertEqual(expected, found, "SEED %d" % SEED)
        self.assertEqual(
            [row for row in found if row[1] + row[2] == self.this_month],
            [row for row in self.rows(self.account, "--from", self.this_month)
             if row[3] == "devices"])
        once = self.written()
        self.assertEqual(0, self.run_due(
            "--only", "snapshot", self.account)["snapshot"]["done"])
        self.assertEqual(once, self.written())

    def test_similar_names_are_kept_apart(self):
        names = ("User", "user", "\u00e9clair", "eclair")
        self.born(self.account, self.starts[2])
        for factor in (1, 10):
            answer = self.stack.request(
                "POST", "/v2/accounts/%s/services/manual" % self.account,
                self.stack.token,
                {"cakes": {name: n * factor for n, name in enumerate(names, 1)}})
            self.assertEqual(200, answer.status, answer)
            if factor == 1:  # the others were added this month
                self.stack.sql(
                    "UPDATE audit_entry SET created = %d WHERE account_id ="
                    " '%s'" % (self.starts[2], self.account))
        self.run_due("--only", "snapshot", self.account)
        (kept,), = self.stack.sql(
            "SELECT eom FROM service_snapshot WHERE account_id = '%s'"
            " AND month = '%s'" % (self.account, month_of(self.starts[2])))
        self.assertEqual({name: n for n, name in enumerate(names, 1)},
                         json.loads(kept)["manual"]["cakes"])

    def test_no_month_before_the_first_run_is_missed(self):
        self.born(self.account, self.starts[0])
        self.stack.sql("DELETE FROM due_done")
        report = self.run_due("--only", "snapshot", self.account)
        self.assertEqual(1, report["snapshot"]["done"])

    def test_an_account_that_did_not_exist(self):
        report = self.run_due("--only", "snapshot", self.account)
        self.assertEqual(0, report["snapshot"]["done"])
        self.assertEqual([], self.rows(self.account))

    def test_output_is_quoted_and_sorted(self):
        tables = {"account": {"users": {"b": 0}, "a,\"x": {"i": 1}},
                  "cascade": {"users": {"c": 7}}}
        self.stack.sql(
            "INSERT INTO service_snapshot VALUES ('%s', '201504', '%s', NULL)" %
            (self.account, json.dumps(tables).replace("\\", "\\\\")))
        self.assertEqual(
            ['%s,2015,04,"a,""x",i,1,' % self.account,
             "%s,2015,04,users,b,0," % self.account],
            self.stack.reevectl("quantities", self.stack.master, "--to",
                                "201504").stdout.splitlines()[1:])


@require(REEVE, REEVECTL)
class Told(StackTest):
    """Messages to bookkeepers, and debits of the ledger."""

    pool = True
    bare = False
    options = {"courier_private": "1", "courier_timeout": "10m",
               "courier_lease": "20m"}

    month = time.strftime("%Y%m", time.gmtime())
    start = start_of(time.strftime("%Y%m", time.gmtime()))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.stack.create_account("Vendor", "--reseller")
        cls.token = cls.stack.issue_token(cls.vendor)

    def setUp(self):
        self.bookkeeper = Bookkeeper()
        self.addCleanup(self.bookkeeper.close)
        self.stack.configure(recurring_debits="1", bill_reminders=None,
                             reminder_days=None)
        self.stack.sql("DELETE FROM due_done")

    def ask(self, method, path, data, status, account=None):
        answer = self.stack.request(method, "/v2/accounts/%s/%s" % (
            account or self.vendor, path), self.token, data)
        self.assertEqual(status, answer.status, answer)
        return answer

    def add_bookkeeper(self, how="200"):
        return self.ask("PUT", "bookkeepers", {
            "name": "B", "bookkeeper": {"type": "http"},
            "url": self.bookkeeper.url(how)}, 201).data["id"]

    def customer_since(self, moment, bookkeeper=None, devices=3):
        """An account created at a time, whose devices were reported to its
        bookkeeper; without a bookkeeper, its plan names none."""
        plan, account = new_id(), self.stack.create_account(
            "Customer", "--parent", self.vendor)
        document = {"id": plan, "name": "P", "plan": {
            "devices": {"sip_device": {"rate": 2}}}}
        if bookkeeper:
            document["bookkeeper"] = {"type": "http", "id": bookkeeper}
        self.ask("PUT", "service_plans", document, 201)
        self.ask("POST", "services?accept_charges=true", {"add": [plan]}, 200,
                 account)
        self.ask("PATCH", "services/manual?accept_charges=true",
                 {"devices": {"sip_device": devices}}, 200, account)
        self.stack.sql(
            "UPDATE account JOIN ledger_balance AS b ON b.account_id = id"
            " SET account.created = %d, b.created = %d, arrived = %d"
            " WHERE id = '%s';"
            "UPDATE outbox SET state = 'delivered', settled = 1;"
            "UPDATE outbox_line SET due = NULL" % (
                moment, moment, moment, account))
        return account

    def run_due(self, *arguments):
        return json.loads(self.stack.reevectl(
            "--json", "run-due", *arguments).stdout)

    def waiting(self, account):
        return [(row[0], json.loads(row[1])) for row in self.stack.sql(
            "SELECT message, document FROM outbox WHERE account_id = '%s' AND "
            "state = 'waiting' ORDER BY id" % account)]

    def in_use_since(self, account, task, month):
        """Marks the task as done for this account in that month."""
        self.stack.sql("INSERT INTO due_done VALUES ('%s', '%s', '%s', 0)" % (
            account, task, month))

    def debits(self, account):
        return self.stack.sql(
            "SELECT source_id, type, amount, period_start, period_end, "
            "created FROM ledger WHERE account_id = '%s' AND service = "
            "'services' ORDER BY source_id" % account)

    def before(self, count):
        """The first seconds of this month and earlier ones, oldest first."""
        starts = [self.start]
        for _ in range(count):
            starts.insert(0, start_of(month_of(starts[0] - 1)))
        return starts

    def test_a_bookkeeper_is_told_once_a_month(self):
        starts = self.before(3)
        account = self.customer_since(
            starts[0] - 5, self.add_bookkeeper())
        self.in_use_since(account, "collect", month_of(starts[0]))
        report = self.run_due("--only", "collect", account)
        self.assertEqual(3, report["collect"]["done"])
        self.assertEqual(month_of(starts[1]), report["collect"]["oldest"])
        self.assertEqual([("collect_recurring", {"due": start + 1})
                          for start in starts[1:]], self.waiting(account))
        self.run_due("--only", "collect", account)
        self.assertEqual(3, len(self.waiting(account)))
        self.assertEqual([], self.debits(account))
        self.bookkeeper.told.clear()
        self.stack.reevectl("deliver")
        told = [json.loads(t.body) for t in self.bookkeeper.told
                if t.account == account]
        self.assertEqual(("collect_recurring.request", starts[1] + 1, account),
                         (told[0]["Event-Name"], told[0]["Due-Timestamp"],
                          told[0]["Account-ID"]))

    def test_no_collection_for_the_time_before_the_import(self):
        starts = self.before(3)
        account = self.customer_since(starts[0] - 5, self.add_bookkeeper())
        other = self.customer_since(starts[0] - 5, self.add_bookkeeper())
        self.in_use_since(other, "collect", month_of(starts[0]))
        self.stack.sql("UPDATE account SET arrived = %d WHERE id = '%s'" % (
            starts[-1] - 5, account))
        self.run_due("--only", "collect", account)
        self.assertEqual([("collect_recurring", {"due": starts[-1] + 1})],
                         self.waiting(account))

    def test_a_disabled_account_is_not_charged(self):
        starts = self.before(3)
        account = self.customer_since(starts[0] - 5, self.add_bookkeeper())
        self.in_use_since(account, "collect", month_of(starts[0]))
        self.ask("PATCH", "", {"enabled": False}, 200, account)
        self.stack.sql("UPDATE outbox SET state = 'delivered', settled = 1")
        for enabled in (False, True):
            self.ask("PATCH", "", {"enabled": enabled}, 200, account)
            self.run_due("--only", "collect", account)
            self.assertEqual([], [m for m, _ in self.waiting(account)
                                  if m == "collect_recurring"])

    def test_a_declined_collection_is_visible(self):
        account = self.customer_since(self.before(1)[0] - 5,
                                      self.add_bookkeeper("declined"))
        self.run_due("--only", "collect", account)
        self.stack.reevectl("deliver", check=False)
        self.assertEqual([["collect_recurring", "dead", "no_card"]],
                         self.stack.sql(
            "SELECT message, state, reason FROM outbox WHERE account_id = "
            "'%s' AND message = 'collect_recurring'" % account))

    def check_once(self, account, starts):
        self.assertEqual([("collect_recurring", {"due": start + 1})
                          for start in starts], self.waiting(account))

    def test_parallel_runs_collect_once(self):
        starts = self.before(24)
        account = self.customer_since(starts[0] - 5, self.add_bookkeeper())
        self.in_use_since(account, "collect", month_of(starts[0]))
        runs = [self.stack.spawn_reevectl("--json", "run-due", "--only",
                                          "collect", account)
                for _ in range(3)]
        ended = [run.communicate() for run in runs]
        self.assertEqual([0] * 3, [run.returncode for run in runs], ended)
        self.assertEqual(24, sum(json.loads(out)["collect"]["done"]
                                 for out, _ in ended))
        self.check_once(account, starts[1:])

    def test_killed_runs_collect_once(self):
        starts = self.before(60)
        account = self.customer_since(starts[0] - 5, self.add_bookkeeper())
        self.in_use_since(account, "collect", month_of(starts[0]))
        dice = random.Random(SEED)
        for _ in range(10):
            run = self.stack.spawn_reevectl("run-due", "--only", "collect",
                                            account)
            time.sleep(0.01 + dice.random() * 0.03)
            run.kill()
            run.communicate()
        self.run_due("--only", "collect", account)
        self.check_once(account, starts[1:])

    def test_an_error_of_one_account_does_not_stop_the_others(self):
        good, bad = [self.customer_since(self.start - 5, self.add_bookkeeper())
                     for _ in range(2)]
        self.stack.sql("UPDATE service SET overrides = '{' WHERE account_id = "
                       "'%s'" % bad)
        self.addCleanup(self.stack.sql, "UPDATE service SET overrides = '{}' "
                        "WHERE account_id = '%s'" % bad)
        done = self.stack.reevectl("--json", "run-due", "--only", "collect",
                                   check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("collect of account " + bad, done.stderr)
        self.assertEqual(1, json.loads(done.stdout)["collect"]["failed"])
        self.assertEqual([["accounts failed"]], self.stack.sql(
            "SELECT result FROM due_run"))
        self.check_once(good, [self.start])
        self.assertEqual(0, self.stack.number(
            "SELECT COUNT(*) FROM due_done WHERE account_id = '%s'" % bad))

    def test_the_ledger_is_debited_if_no_bookkeeper_collects(self):
        starts = self.before(3)
        account = self.customer_since(starts[0] - 5)
        self.in_use_since(account, "collect", month_of(starts[0]))
        self.run_due(account)
        expected = [[month_of(start), "debit", "6.000000", str(start),
                     str(start_of(month_of(start + 32 * DAY)) - 1),
                     str(start + 1)] for start in starts[1:]]
        self.assertEqual(expected, self.debits(account))
        self.assertEqual([], self.waiting(account))
        self.assertEqual([[month_of(starts[2]), "6.000000"],
                          [month_of(starts[3]), "12.000000"]], self.stack.sql(
            "SELECT source_id, amount FROM ledger WHERE account_id = '%s' AND "
            "service = 'rollovers' ORDER BY 1" % account))
        self.run_due(account)
        self.assertEqual(expected, self.debits(account))
        self.assert_verified(account)

    def test_debits_must_be_configured(self):
        self.stack.configure(recurring_debits=None)
        account = self.customer_since(self.start - 5)
        self.assertEqual(1, self.run_due(account)["collect"]["done"])
        self.assertEqual([], self.debits(account))

    def test_an_account_that_did_not_exist(self):
        account = self.customer_since(self.start + 5, self.add_bookkeeper())
        self.run_due("--only", "collect", account)
        self.assertEqual([], self.waiting(account))

    def test_reminders(self):
        account = self.customer_since(
            self.start - 90 * DAY, self.add_bookkeeper())
        last = self.start - DAY  # the last day of the month before
        day = time.strftime("%Y-%m-%d", time.gmtime(last - EPOCH))
        early = time.strftime("%Y-%m-%d", time.gmtime(last - 5 * DAY - EPOCH))
        self.assertNotIn("remind", self.run_due("--at", day, account))
        self.stack.configure(bill_reminders="1")
        arguments = ["--only", "remind", account, "--at"]
        self.assertNotIn("remind", self.run_due(*arguments, early))
        for done in 1, 0:
            self.assertEqual(done, self.run_due(*arguments, day)
                             ["remind"]["done"])
        found = [document for message, document in self.waiting(account)
                 if message == "bill_reminder"]
        self.assertEqual([self.start + 1], [one["due"] for one in found])
        self.assertEqual("sip_device", found[0]["items"][0]["item"])
        self.bookkeeper.told.clear()
        self.stack.reevectl("deliver")
        told = [json.loads(t.body) for t in self.bookkeeper.told]
        told = [one for one in told if one["Event-Name"] == "bill_reminder"]
        self.assertEqual([(account, self.start + 1)],
                         [(one["Account-ID"], one["Due-Date"])
                          for one in told])
        self.assertEqual(6, told[0]["Items"][0]["total"])
        self.assertIn("Timestamp", told[0])


if __name__ == "__main__":
    unittest.main()
