# SPDX-License-Identifier: GPL-3.0-or-later
"""The test suite's way to talk to a running stack (t/stack, var/demo.env).

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
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
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
    """A fresh account below parent (the master account); returns its id."""
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
