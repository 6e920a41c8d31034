# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage: batches through nginx compared with a bare INSERT of the same rows, and
single entries with the bare procedure call (t/bench/README)."""

import http.client
import json
import statistics
import time

import documents
from lab import PORT, ROUNDS, remark, say, sized, verdict, wrk
from rivals import start_rivals

BATCH = sized(1000, 20)
BATCHES = sized(10, 1)  # in each round
SINGLES = sized(200, 3)
ACCOUNTS = 4
USED = sized(24000, 60)  # entries of an account that is used
UNUSED = sized(100, 20)
START = 63713520000  # 2019-01-01, Gregorian seconds
SPAN = 31 * 86400 - 1  # the longest range of a request
COLUMNS = ("account_id", "id", "type", "service", "source_id", "amount",
           "usage_type", "usage_quantity", "usage_unit", "period_start",
           "period_end", "created", "recorded", "document", "dedupe",
           "for_id", "for_name", "available")
# The names that ledger_add has for the columns.
MEMBERS = {"id": "id", "type": "type", "service": "service",
           "source": "source_id", "amount": "amount", "kind": "usage_type",
           "used": "usage_quantity", "unit": "usage_unit",
           "from": "period_start", "to": "period_end", "at": "created",
           "for": "for_id", "name": "for_name"}


def quoted(value):
    if value == "NULL":
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


class Ledgers:
    """A reseller that sends the usage of its customers."""

    def __init__(self, stack):
        self.stack = stack
        self.reseller = stack.create_account("Bench Feed", None, "--reseller")
        self.token = stack.reevectl("token", "issue", self.reseller)
        self.accounts, self.bare = (
            [stack.create_account(name, self.reseller)
             for _ in range(ACCOUNTS)] for name in ("Fed", "Bare"))
        self.used, self.unused = (
            stack.create_account(name, self.reseller)
            for name in ("Used", "Unused"))
        self.count = 0
        self.connection = None
        stack.sql("CREATE TABLE rival_ledger LIKE ledger;"
                  "CREATE TABLE rival_ledger_day LIKE ledger_day;"
                  "CREATE TABLE rival_audit_day LIKE audit_day;"
                  "CREATE TABLE rival_balance LIKE ledger_balance;"
                  + "".join("ALTER TABLE %s ADD FOREIGN KEY (account_id)"
                            " REFERENCES account (id);" % table
                            for table in ("rival_ledger", "rival_balance")))
        self.rivals = start_rivals(stack, "usage", {})

    def usage(self, account=None):
        """An entry: of this account, or of the fed ones in turn."""
        self.count += 1
        return documents.call(
            self.count, account or self.accounts[self.count % ACCOUNTS],
            START + self.count * 86413 % SPAN)

    def put(self, body, path=None):
        self.connection.request(
            "PUT", path or "/v2/accounts/%s/ledgers/usage" % self.reseller,
            body,
            {"X-Auth-Token": self.token, "Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise SystemExit("bench: %s: %d %s" % (
                path or "usage", answer.status, text[:300]))

    def fed(self, bodies, path=None):
        """Seconds that requests with these bodies take."""
        start = time.monotonic()
        for body in bodies:
            self.put(body, path)
        return time.monotonic() - start

    def run_sql(self, text):
        """Seconds that statements take, less those of starting a client."""
        took = []
        for statements in ("SELECT 1;", text):
            start = time.monotonic()
            self.stack.sql(statements)
            took.append(time.monotonic() - start)
        return max(took[1] - took[0], 1e-6)

    def last_rows(self, count):
        text = self.stack.sql(
            "SELECT %s FROM ledger WHERE account_id IN ('%s') ORDER BY "
            "CAST(SUBSTRING(source_id, 6) AS SIGNED) DESC LIMIT %d" % (
                ", ".join("HEX(dedupe)" if c == "dedupe" else c
                          for c in COLUMNS), "','".join(self.accounts), count))
        return [line.split("\t") for line in text.splitlines()]

    def inserts(self, rows):
        """The same rows as multi-row INSERTs, of other accounts."""
        other = dict(zip(self.accounts, self.bare))
        statements = []
        for at in range(0, len(rows), BATCH):
            values = []
            for row in rows[at:at + BATCH]:
                cells = [quoted(cell) for cell in [other[row[0]]] + row[1:]]
                cells[COLUMNS.index("dedupe")] = "UNHEX(%s)" % cells[
                    COLUMNS.index("dedupe")]
                values.append("(%s)" % ", ".join(cells))
            statements.append("INSERT INTO ledger (%s) VALUES %s;" % (
                ", ".join(COLUMNS), ", ".join(values)))
        return "\n".join(statements)

    def calls(self, rows):
        """The same rows by the procedure that Reeve calls, one by one."""
        other = dict(zip(self.accounts, self.bare))
        statements = []
        for row in rows:
            cells = dict(zip(COLUMNS, row))
            document = cells["document"].replace("\\\\", "\\")
            entry = {member: cells[column] for member, column in MEMBERS.items()
                     if cells[column] != "NULL"}
            entry.update(account=other[cells["account_id"]], start=1,
                         dedupe=cells["dedupe"].lower(),
                         bytes=len(document.encode()))
            statements.append("START TRANSACTION; CALL ledger_add('%s', %s, %s, "
                              "%s); COMMIT;" % (
                                  self.reseller, quoted(json.dumps([entry])),
                                  quoted(document), cells["recorded"]))
        return "\n".join(statements)

    def compare(self, what, size, count, bare):
        ratios, rates = [], []
        for _ in range(sized(ROUNDS + 1, 2)):
            bodies = [json.dumps({"data": [self.usage() for _ in range(size)]})
                      for _ in range(count)]
            took = self.fed(bodies)
            beside = self.run_sql(bare(self.last_rows(size * count)))
            ratios.append(beside / took)
            rates.append((size * count / took, size * count / beside))
        # The first round warms up.
        say("  %s: %.0f entries/s, bare %.0f" % (what, *(
            statistics.median(r[i] for r in rates[1:]) for i in (0, 1))))
        return statistics.median(ratios[1:])

    def compare_rivals(self):
        """Batches, which the rivals write into tables of their own."""
        for name, place in self.rivals.items():
            ratios, sent = [], 0
            for _ in range(sized(ROUNDS + 1, 2)):
                bodies = [json.dumps({"data": [
                    self.usage() for _ in range(BATCH)]})
                    for _ in range(BATCHES)]
                ratios.append(self.fed(bodies, "/" + place) /
                              self.fed(bodies))
                sent += BATCH * BATCHES
            # Known entries do not count again.
            self.put(bodies[0], "/" + place)
            self.check_rival(name, sent)
            remark("batches of %d: reeve / %s" % (BATCH, name),
                   statistics.median(ratios[1:]))

    def check_rival(self, name, sent):
        """Its entries exist once, and its sums are those of its entries."""
        sums = self.stack.sql("""
            SELECT COUNT(*), SUM(usage_quantity), -SUM(amount)
              FROM rival_ledger;
            SELECT SUM(entries), SUM(quantity), SUM(amount)
              FROM rival_ledger_day;
            SELECT {0}, (SELECT SUM(quantity) FROM rival_audit_day),
                   (SELECT SUM(amount) FROM rival_balance);
            """.format(sent)).splitlines()
        if len(sums) != 3 or len(set(sums)) != 1:
            raise SystemExit("bench: the entries, days and balances of %s do "
                             "not agree:\n%s" % (name, "\n".join(sums)))

    def load(self):
        """An account that is used, and one that hardly is."""
        say("  sending %d and %d entries ..." % (USED, UNUSED))
        for account, count in ((self.used, USED), (self.unused, UNUSED)):
            for at in range(0, count, BATCH):
                self.put(json.dumps({"data": [
                    self.usage(account)
                    for _ in range(min(BATCH, count - at))]}))

    def compare_accounts(self):
        """The cost of adding an entry to an account, and of reading its sums,
        beside an account with fewer entries."""
        ratios = []
        for _ in range(ROUNDS):
            took = [self.fed([json.dumps({"data": [self.usage(account)]})
                              for _ in range(SINGLES)])
                    for account in (self.used, self.unused)]
            ratios.append(took[0] / took[1])
        verdict("adding to %d entries / to %d, time" % (USED, UNUSED),
                statistics.median(ratios), 1.2, at_most=True)
        ratios = []
        for _ in range(ROUNDS):
            rates = [wrk("/v2/accounts/%s/ledgers?created_from=%d&created_to=%d"
                         % (account, START, START + SPAN), self.token,
                         connections=2)[0]
                     for account in (self.used, self.unused)]
            ratios.append(rates[1] / rates[0])
        verdict("sums of %d entries / of %d, time" % (USED, UNUSED),
                statistics.median(ratios), 1.5, at_most=True)

    def measure(self, processes):
        say("usage into ledgers, entries of %d bytes:" % len(
            documents.text(documents.call(1, self.reseller, START))))
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT + 1)
        verdict("batches of %d: reeve / bare INSERT" % BATCH, self.compare(
            "batches", BATCH, BATCHES, self.inserts), 0.5)
        verdict("single entries: reeve / bare CALL", self.compare(
            "single entries", 1, SINGLES, self.calls), 0.5)
        self.compare_rivals()
        self.load()
        self.compare_accounts()
        self.check()

    def check(self):
        """Every entry exists once, and the sums agree."""
        accounts = self.accounts + [self.used, self.unused]
        entries, quantity = self.stack.sql(
            "SELECT COUNT(*), COUNT(DISTINCT source_id) FROM ledger WHERE "
            "account_id IN ('%s')" % "','".join(accounts)).split()
        if not int(entries) == int(quantity) == self.count:
            raise SystemExit("bench: %s entries of %s sources, %d were sent" %
                             (entries, quantity, self.count))
        for account in accounts:
            if not self.stack.reevectl("audit", "verify",
                                       account).endswith("  ok"):
                raise SystemExit("bench: audit verify: " + account)
        remark("entries sent, each stored once, days and balances verified",
               self.count)
