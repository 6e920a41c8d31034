# SPDX-License-Identifier: GPL-3.0-or-later
"""Access of the tests to a running stack (t/stack, var/demo.env).

Everything comes from the environment that quickstart writes: REEVE_URL,
REEVECTL, REEVE_MASTER_ID, REEVE_MASTER_TOKEN and so on.
"""

import hashlib
import http.client
import json
import os
import shlex
import subprocess
import tempfile
import urllib.parse
import uuid

URL = os.environ.get("REEVE_URL", "")
MASTER_ID = os.environ.get("REEVE_MASTER_ID", "")
MASTER_TOKEN = os.environ.get("REEVE_MASTER_TOKEN", "")


class Answer:
    """One HTTP answer: status, headers (lower-case names), body, envelope."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {k.lower(): v for k, v in headers}
        self.body = body

    @property
    def envelope(self):
        return json.loads(self.body)

    @property
    def data(self):
        return self.envelope["data"]

    def __repr__(self):
        return "<%d %s>" % (self.status, self.body[:300])


def request(method, path, token=None, data=None, body=None, headers=None,
            query=None, envelope=None, url=None):
    """Sends one request. data is wrapped in an envelope (envelope: keys beside
    it); body is sent as it is. path is not encoded further."""
    parts = urllib.parse.urlsplit(url or URL)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=300)
    sent = {"Accept": "application/json"}
    if token is not None:
        sent["X-Auth-Token"] = token
    if data is not None:
        body = json.dumps(dict(envelope or {}, data=data)).encode()
        sent["Content-Type"] = "application/json"
    sent.update(headers or {})
    sent = {k: v for k, v in sent.items() if v is not None}
    if query:
        path += "?" + urllib.parse.urlencode(query)
    try:
        connection.request(method, path, body=body, headers=sent)
        reply = connection.getresponse()
        return Answer(reply.status, reply.getheaders(), reply.read())
    finally:
        connection.close()


def get(path, token=None, **more):
    return request("GET", path, token, **more)


def reevectl(*arguments, stdin=None, check=True):
    """Runs reevectl against the stack; returns the finished process."""
    command = shlex.split(os.environ["REEVECTL"]) + list(arguments)
    done = subprocess.run(command, input=stdin, capture_output=True, text=True)
    if check and done.returncode != 0:
        raise AssertionError("%s: exit %d\n%s%s" % (
            " ".join(arguments), done.returncode, done.stdout, done.stderr))
    return done


def create_account(parent=None, name="Test", *more):
    """Creates an account below parent (default: the master account); returns
    its id."""
    return reevectl("account", "create", name, "--parent", parent or MASTER_ID,
                    *more).stdout.strip()


def issue_token(account, *more):
    return reevectl("token", "issue", account, *more).stdout.strip()


def import_documents(documents, account=None, check=True):
    """Imports documents as JSON lines; returns the --json report."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as f:
        for document in documents:
            f.write(json.dumps(document) + "\n")
        f.flush()
        arguments = ["import", "--json"]
        if account:
            arguments += ["--account", account]
        done = reevectl(*arguments, f.name, check=check)
    return json.loads(done.stdout)


def md5(username, password):
    return hashlib.md5(("%s:%s" % (username, password)).encode()).hexdigest()


def sha1(username, password):
    return hashlib.sha1(("%s:%s" % (username, password)).encode()).hexdigest()


def new_id():
    return uuid.uuid4().hex


def database(statement):
    """Runs a statement as the database's administrator; returns its rows. For
    rows that no procedure shows, and for damage."""
    done = subprocess.run(
        ["mariadb", "--no-defaults", "-S", os.environ["REEVE_DB_SOCKET"],
         "-uroot", "-N", "-B", "reeve", "-e", statement],
        capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


class Account:
    """An account below a reseller, and requests about its services: with the
    reseller's token by default, and charges accepted by default."""

    def __init__(self, seller, parent, name):
        self.seller = seller
        self.id = create_account(parent, name)
        self.token = issue_token(self.id)
        self.path = "/v2/accounts/%s/services" % self.id

    def ask(self, method, rest="", data=None, token=None, accept=True, **more):
        envelope = dict(more.pop("envelope", {}))
        if accept and data is not None:
            envelope["accept_charges"] = True
        return request(method, self.path + rest, token or self.seller.token,
                       data=data, envelope=envelope, **more)

    def get(self, rest="", token=None, **query):
        return get(self.path + rest, token or self.token, query=query)

    def assign(self, *plans):
        return self.ask("POST", data={"add": list(plans)})

    def manual(self, quantities, **more):
        return self.ask("PATCH", "/manual", quantities, **more)

    def recurring(self):
        """The total of all invoices of the summary."""
        return sum(i["summary"]["recurring"]
                   for i in self.get("/summary").data["invoices"])

    def lines(self):
        """{(category, item): line} of the summary."""
        return {(line["category"], line["item"]): line
                for invoice in self.get("/summary").data["invoices"]
                for line in invoice["items"]}

    def entries(self):
        """The full audit entries, newest first, without those of the account's
        creation."""
        entries = [self.get("/audit/" + item["id"]).data
                   for item in self.get("/audit", paginate="false").data]
        return [entry for entry in entries if entry.get("audit", {}).get(
            "changes", {}).get("event") != "created"]

    def days(self, source="audit_summary"):
        """{service: (addition, removal, quantity)} of all days together."""
        data = self.get("/" + source).data
        if isinstance(data, list):  # the later form
            rows = {s: [v] for one in data for s, v in one.items()}
        else:
            rows = data
        out = {}
        for service, days in rows.items():
            values = [v for day in days for v in day.values()]
            out[service] = (sum(v["addition"] for v in values),
                            sum(v["removal"] for v in values),
                            values[-1]["quantity"])
        out.pop("account", None)  # the account itself
        return out


class Seller:
    """A reseller with plans of its own."""

    def __init__(self, name="Seller", parent=None):
        self.id = create_account(parent, name, "--reseller")
        self.token = issue_token(self.id)
        self.path = "/v2/accounts/%s/service_plans" % self.id

    def account(self, name="Customer", parent=None):
        return Account(self, parent or self.id, name)

    def plan(self, plan_id, plan, **more):
        """Offers a plan; returns its id."""
        answer = request("PUT", self.path, self.token, data=dict(
            {"id": plan_id, "name": plan_id.title(), "plan": plan}, **more))
        if answer.status != 201:
            raise AssertionError(answer)
        return plan_id
