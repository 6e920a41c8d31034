# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage: batches through nginx compared with a bare INSERT of the same rows, and
single entries with the bare procedure call (t/bench/README)."""

import http.client
import json
import statistics
import subprocess
import time

from lab import PORT, ROUNDS, remark, say, verdict

BATCH = 1000
BATCHES = 10  # in each round
SINGLES = 200
ACCOUNTS = 4
START = 63962000000
COLUMNS = ("account_id", "id", "type", "service", "source_id", "amount",
           "usage_type", "usage_quantity", "usage_unit", "period_start",
           "period_end", "created", "recorded", "document", "dedupe",
           "for_id", "for_name", "available")


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
        self.count = 0
        self.connection = None

    def usage(self):
        self.count += 1
        return {"account": {"id": self.accounts[self.count % ACCOUNTS]},
                "source": {"service": "per-minute-voip",
                           "id": "call-%d" % self.count},
                "usage": {"type": "voice", "quantity": 60 + self.count % 7,
                          "unit": "sec"},
                "amount": 0.0125, "period": {"start": START + self.count % 9999},
                "description": "Call to +14155550100",
                "metadata": {"from": "1001", "to": "+14155550100",
                             "direction": "outbound"}}

    def put(self, body):
        self.connection.request(
            "PUT", "/v2/accounts/%s/ledgers/usage" % self.reseller, body,
            {"X-Auth-Token": self.token, "Content-Type": "application/json"})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 201:
            raise SystemExit("bench: %d %s" % (answer.status, text[:300]))

    def fed(self, bodies):
        """Seconds that requests with these bodies take."""
        start = time.monotonic()
        for body in bodies:
            self.put(body)
        return time.monotonic() - start

    def run_sql(self, text):
        """Seconds that statements take, less those of starting a client."""
        command = ["mariadb", "--no-defaults", "--user=root",
                   "--max-allowed-packet=64M",
                   "--socket=" + self.stack.demo["REEVE_DB_SOCKET"], "reeve"]
        took = []
        for statements in ("SELECT 1;", text):
            start = time.monotonic()
            subprocess.run(command, input=statements.encode(), check=True,
                           stdout=subprocess.DEVNULL)
            took.append(time.monotonic() - start)
        return took[1] - took[0]

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
            cells = [None if cell == "NULL" else cell for cell in row]
            document = cells[13].replace("\\\\", "\\")
            entry = [other[cells[0]]] + cells[1:7] + [int(cells[7])] + \
                cells[8:9] + [int(cells[9]), None, int(cells[11]), None, None,
                              cells[14].lower(), 1, len(document.encode())]
            statements.append("START TRANSACTION; CALL ledger_add('%s', %s, %s, "
                              "%s); COMMIT;" % (
                                  self.reseller, quoted(json.dumps([entry])),
                                  quoted(document), cells[12]))
        return "\n".join(statements)

    def compare(self, what, size, count, bare):
        ratios, rates = [], []
        for _ in range(ROUNDS + 1):
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

    def measure(self, processes):
        say("\nusage into ledgers")
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT + 1)
        verdict("batches of %d: reeve / bare INSERT" % BATCH, self.compare(
            "batches", BATCH, BATCHES, self.inserts), 0.5)
        verdict("single entries: reeve / bare CALL", self.compare(
            "single entries", 1, SINGLES, self.calls), 0.5)
        self.check()

    def check(self):
        """Every entry exists once, and the sums agree."""
        entries, quantity = self.stack.sql(
            "SELECT COUNT(*), COUNT(DISTINCT source_id) FROM ledger WHERE "
            "account_id IN ('%s')" % "','".join(self.accounts)).split()
        if not int(entries) == int(quantity) == self.count:
            raise SystemExit("bench: %s entries of %s sources, %d were sent" %
                             (entries, quantity, self.count))
        for account in self.accounts:
            if not self.stack.reevectl("audit", "verify",
                                       account).endswith("  ok"):
                raise SystemExit("bench: audit verify: " + account)
        remark("entries sent, each stored once, days and balances verified",
               self.count)
