# SPDX-License-Identifier: GPL-3.0-or-later
"""A private stack that a test may break: a database server, its schema, a pool.

    stack = Stack()         # a server with an empty, migrated database
    stack.start_pool()
    stack.get("/v2/...", token)
    stack.kill_database()   # as kill -9
    stack.close()           # nothing is left

The programs are those of REEVE_BIN and REEVECTL_BIN (or the first word of
REEVECTL). The server is mariadbd, or what REEVE_MYSQLD names. The schema is
that of REEVE_SQL_DIR, or of the checkout; the programs must be of its version.
"""

import contextlib
import functools
import glob
import json
import os
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

from fault import migrated
from reeve import Answer, new_id

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
SQL_DIR = os.environ.get("REEVE_SQL_DIR") or os.path.join(TOP, "sql")

REEVE = os.environ.get("REEVE_BIN", "")
REEVECTL = os.environ.get("REEVECTL_BIN") or (
    shlex.split(os.environ.get("REEVECTL", "")) or [""])[0]

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
SERVER = os.environ.get("REEVE_MYSQLD") or shutil.which("mariadbd", path=PATH)
CLIENT = shutil.which("mariadb", path=PATH) or shutil.which("mysql", path=PATH)

# A server with the harsh settings that some administrators choose.
STRICT = os.environ.get("REEVE_STRICT")
DEFAULTS = ("--defaults-file=%s/t/stack/strict.cnf" % TOP if STRICT else
            "--no-defaults")

# One database user for everything, as small hosts give.
ONE_USER = os.environ.get("REEVE_ONE_USER")

# 2019-04-03 00:00:00 UTC in Gregorian seconds: day 0 of the tests' documents.
DAY_0 = 63721468800
DAY = 86400

SECRET = "a secret of the tests, long enough to be one"


def require(*programs):
    """Skips a test class unless its programs are installed."""
    if not SERVER or not CLIENT:
        return unittest.skip("no mariadbd or mariadb here")
    for name in programs:
        if not os.access(name, os.X_OK):
            return unittest.skip("REEVE_BIN or REEVECTL_BIN names no program")
    return lambda test_class: test_class


def is_release_build():
    """Sanitizers and valgrind need memory of their own."""
    with open(REEVE, "rb") as f:
        content = f.read()
    return content[:4] == b"\x7fELF" and b"__asan_init" not in content


@functools.cache
def is_mysql():
    said = subprocess.run([SERVER, "--no-defaults", "--version"], check=True,
                          capture_output=True, text=True).stdout
    return "mariadb" not in said.lower()


def server_knows(option):
    """True if the server has the option."""
    command = [SERVER, "--no-defaults", "--verbose", "--help"]
    if os.geteuid() == 0:
        command.insert(2, "--user=root")
    return "--" + option in subprocess.run(
        command, capture_output=True, text=True).stdout


# For events that should take no time: only a failing test waits this long.
PATIENCE_S = 300


def wait_until(what, seconds=PATIENCE_S, pause=0.02):
    """Calls what until its result is true, and returns the result."""
    end = time.monotonic() + seconds
    while True:
        result = what()
        if result:
            return result
        if time.monotonic() > end:
            raise AssertionError("nothing happened within %g s" % seconds)
        time.sleep(pause)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# ---- documents ----

def account_document(account, tree=(), **members):
    return dict({"_id": account, "pvt_type": "account", "name": "Account",
                 "pvt_tree": list(tree), "pvt_created": DAY_0}, **members)


def audit_document(account, number, created=DAY_0, service="user",
                   difference=1, billable=1, **members):
    """An invoice entry with one line that counts."""
    return dict({
        "_id": "201904-%032x" % number,
        "pvt_type": "audit_log",
        "pvt_account_id": account,
        "pvt_created": created,
        "status": "completed",
        "invoice": {"items": [{
            "category": "users", "item": service, "billable": billable,
            "changes": {"difference": {"billable": difference}}}]},
    }, **members)


def yearly_document(account, number, created=DAY_0, source="user", quantity=1,
                    billable=1):
    return {"_id": "201904-%032x" % number, "pvt_account_id": account,
            "pvt_created": created,
            "audit": [{"source": source, "quantity": quantity,
                       "billable": billable}]}


def ledger_document(account, number, created=DAY_0, quantity=60, unit="sec",
                    service="per-minute-voip", **members):
    return dict({
        "_id": "201904-%032x" % number,
        "pvt_type": "ledger",
        "pvt_ledger_type": "debit",
        "pvt_account_id": account,
        "pvt_created": created,
        "source": {"service": service, "id": "call"},
        "usage": {"type": "voice", "quantity": quantity, "unit": unit},
    }, **members)


def lines(documents):
    return "".join(json.dumps(document, ensure_ascii=False) + "\n"
                   for document in documents)


# ---- FastCGI ----

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


def _record(kind, content):
    return struct.pack("!BBHHBx", 1, kind, 1, len(content), 0) + content


def _stream(kind, content):
    """Records of at most 32 KiB, and the empty one that ends them."""
    size = 32768
    return b"".join(_record(kind, content[at:at + size])
                    for at in range(0, len(content), size)) + _record(kind, b"")


def _pair(name, value):
    name, value = name.encode(), value.encode()
    sizes = b"".join(bytes([len(part)]) if len(part) < 128 else
                     struct.pack("!I", len(part) | 0x80000000)
                     for part in (name, value))
    return sizes + name + value


def _read_exactly(stream, count):
    content = stream.read(count)
    if len(content) < count:
        raise ConnectionError("the pool hung up")
    return content


def output_parts(stream):
    """The parts of an answer, as they come. One that breaks off raises."""
    while True:
        _, kind, _, length, padding = struct.unpack(
            "!BBHHBx", _read_exactly(stream, 8))
        content = _read_exactly(stream, length + padding)[:length]
        if kind == STDOUT:
            yield content
        elif kind == END:
            return


def _answer(output):
    head, _, body = output.partition(b"\r\n\r\n")
    headers = [line.split(": ", 1) for line in head.decode().split("\r\n")]
    status = int(dict(headers).get("Status", "200").split()[0])
    return Answer(status, headers, body)


def send_fastcgi(address, method, path, headers=None, body=b"",
                 content_type="application/json"):
    """Sends a request over FastCGI; path may have a query. Returns the
    connection, as a file."""
    parts = urllib.parse.urlsplit(path)
    params = {
        "REQUEST_METHOD": method, "REQUEST_URI": path, "SCRIPT_NAME": "",
        "PATH_INFO": urllib.parse.unquote(parts.path),
        "QUERY_STRING": parts.query, "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1", "SERVER_PROTOCOL": "HTTP/1.1",
        "GATEWAY_INTERFACE": "CGI/1.1"}
    for name, value in (headers or {}).items():
        variable = name.upper().replace("-", "_")
        params[variable if variable == "REMOTE_ADDR" else
               "HTTP_" + variable] = value
    if body:
        params["CONTENT_TYPE"] = content_type
    sent = _record(BEGIN, struct.pack("!HB5x", 1, 0))
    sent += _record(PARAMS, b"".join(_pair(*pair) for pair in params.items()))
    sent += _record(PARAMS, b"")
    sent += _stream(STDIN, body)
    with socket.socket(socket.AF_UNIX) as s:
        s.settimeout(PATIENCE_S)
        s.connect(address)
        s.sendall(sent)
        return s.makefile("rb")


def fastcgi(address, *request):
    """One request over FastCGI, as send_fastcgi, and its answer."""
    with send_fastcgi(address, *request) as stream:
        return _answer(b"".join(output_parts(stream)))


# ---- the stack ----

class InBackground(threading.Thread):
    """A request that may take long; its answer is in .answer afterwards."""

    def __init__(self, request):
        super().__init__(daemon=True)
        self.work = request
        self.answer = None
        self.start()

    def run(self):
        self.answer = self.work()

    def result(self):
        self.join(PATIENCE_S)
        return self.answer


class Trouble:
    """Makes trouble repeatedly during the with statement, but again only after
    done() was called: else a slow machine would never finish. Trouble without
    effect does not count."""

    def __init__(self, make, dice, pause=0.05):
        self.make, self.dice, self.pause = make, dice, pause
        self.moved, self.over = threading.Event(), threading.Event()
        self.times = 0
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.moved.set()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.moved.set()
        self.thread.join()

    def done(self):
        self.moved.set()

    def run(self):
        while True:
            self.moved.wait()
            self.over.wait(2 * self.pause * self.dice.random())
            self.moved.clear()
            if self.over.is_set():
                return
            with contextlib.suppress(OSError, AssertionError, RuntimeError,
                                     IndexError):
                self.make()
                self.times += 1


class Session:
    """An administrator's connection that stays open, to hold locks."""

    def __init__(self, stack):
        self.process = subprocess.Popen(
            stack.client + ["-n", "reeve"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)

    def send(self, statements):
        """Sends statements without waiting for them."""
        self.process.stdin.write(statements + ";\n")
        self.process.stdin.flush()

    def run(self, statements):
        """Sends statements and waits until they are done."""
        self.send(statements + "; SELECT 'all of it is done'")
        for line in self.process.stdout:
            if line.strip() == "all of it is done":
                return
        raise AssertionError("the session ended")

    def close(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Stack:
    bare = True

    def __init__(self, server_options=(), migrate=True, one_user=ONE_USER,
                 **config):
        self.dir = tempfile.mkdtemp(prefix="reeve-t-")
        self.db_socket = self.dir + "/db.sock"
        self.pool_socket = self.dir + "/pool.sock"
        self.conf = self.dir + "/reeve.conf"
        self.log = self.dir + "/pool.log"
        self.client = [CLIENT, "--no-defaults", "-uroot", "-NB",
                       "--default-character-set=utf8mb4",
                       "-S", self.db_socket]
        self.server_options = list(server_options)
        self.server = self.pool = None
        self.master = self.token = None
        self.one_user = one_user
        self.settings = dict({
            "listen": self.pool_socket, "log": "stderr", "workers": "2",
            "db_socket": self.db_socket, "db_name": "reeve",
            "db_user": "reeve", "db_password": "one of the tests",
            "db_reevectl_user": "reevectl",
            "db_reevectl_password": "another one",
            "db_admin_user": "root", "secret": SECRET, "sql_dir": SQL_DIR,
            "couriers": "0", "verifier_memory": "64K", "verifier_passes": "1",
            "login_burst": "1000", "token_rate": "0", "address_rate": "0",
            "summary_max_range": "1000d",
            "max_range": "1000d"}, **config)
        if one_user:
            for key in ("db_reevectl_user", "db_reevectl_password",
                        "db_admin_user"):
                if key not in config:
                    del self.settings[key]
        try:
            self.configure()
            if migrate and not self.server_options:
                self._take_migrated()
                self.start_database()
            else:
                self._make_database(migrate)
        except BaseException:
            self.close()
            raise

    def close(self):
        self.stop_pool()
        self.kill_database()
        shutil.rmtree(self.dir, ignore_errors=True)

    def configure(self, **changes):
        """Writes the configuration, without keys whose value is None."""
        self.settings.update(changes)
        with open(self.conf, "w") as f:
            for key, value in self.settings.items():
                if value is not None:
                    f.write("%s = %s\n" % (key, value))

    # the database

    def _take_migrated(self):
        files = glob.glob(SQL_DIR + "/**/*.sql", recursive=True)
        kind = [DEFAULTS, str(bool(self.one_user))] + [
            "%s = %s" % (key, value) for key, value in self.settings.items()
            if key.startswith(("db_", "secret", "previous_secret"))]
        migrated.take(files + [REEVECTL, SERVER],
                      "\n".join(kind).replace(self.dir, ""),
                      self.dir + "/data", self._make_migrated)

    def _make_migrated(self):
        self._make_database(True)
        self.stop_database()

    def _make_database(self, migrate):
        self._install()
        self.start_database()
        if self.one_user:
            self.give_one_user()
        if migrate:
            self.reevectl("migrate", "--create")

    def _install(self):
        done = subprocess.run(
            [TOP + "/t/stack/database-directory", SERVER, self.dir + "/data"],
            capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)

    def start_database(self):
        command = [
            SERVER, DEFAULTS, "--datadir=%s/data" % self.dir,
            # A starting server sweeps others' tables out of a shared /tmp.
            "--tmpdir=" + self.dir, "--secure-file-priv=" + self.dir,
            "--socket=" + self.db_socket, "--pid-file=%s/db.pid" % self.dir,
            "--performance-schema=OFF", "--innodb-buffer-pool-size=64M",
            "--innodb-flush-log-at-trx-commit=2",
            "--loose-mysqlx=OFF"]  # an option that only MySQL has
        if not STRICT:
            command.append("--skip-log-bin")
        if os.geteuid() == 0:
            command.append("--user=root")
        if "--port" not in " ".join(self.server_options):
            command.append("--skip-networking")
        command += self.server_options
        with open(self.dir + "/db.log", "a") as log:
            self.server = subprocess.Popen(command, stdout=log, stderr=log)
        wait_until(self.database_answers)

    def give_one_user(self):
        """The database and the user that a small host sells."""
        self.sql("CREATE DATABASE reeve;" + "".join(
            "CREATE USER reeve@'%s' IDENTIFIED BY '%s';"
            "GRANT ALL PRIVILEGES ON reeve.* TO reeve@'%s';" % (
                host, self.settings["db_password"], host)
            for host in ("localhost", "%")), "mysql")

    def database_answers(self):
        if self.server.poll() is not None:
            with open(self.dir + "/db.log") as f:
                raise AssertionError("the server ended: " + f.read()[-2000:])
        with socket.socket(socket.AF_UNIX) as s:
            try:
                s.connect(self.db_socket)
            except OSError:
                return False
            return s.recv(1) != b""  # the server greets

    def kill_database(self):
        """Kills the server, like a power cut."""
        self._end_database(signal.SIGKILL)

    def stop_database(self):
        self._end_database(signal.SIGTERM)

    def _end_database(self, how):
        if self.server is not None:
            self.server.send_signal(how)
            self.server.wait()
            self.server = None

    def sql(self, statements, database="reeve"):
        """Runs statements as administrator; returns rows as lists of
        strings."""
        done = subprocess.run(self.client + [database], input=statements,
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines()]

    def number(self, query):
        return int(self.sql(query)[0][0])

    def session(self):
        return Session(self)

    def lock_waits(self):
        """How many transactions wait for a lock of another."""
        return self.number("SELECT COUNT(*) FROM information_schema.innodb_trx"
                           " WHERE trx_state = 'LOCK WAIT'")

    def wait_for_lock_wait(self, count=1, unless=lambda: False):
        """Waits until this many transactions wait, and returns true, or until
        unless() is true, and returns its value."""
        # The server does not refresh this view if it was read less than a
        # tenth of a second ago.
        return wait_until(lambda: unless() or self.lock_waits() >= count,
                          pause=0.15)

    def connections(self):
        """Ids of the application's connections."""
        # Inside a procedure the list names its definer; but only the
        # application executes prepared statements.
        return [int(row[0]) for row in self.sql(
            "SELECT id FROM information_schema.processlist"
            " WHERE user = 'reeve' OR command = 'Execute' ORDER BY id")]

    # reevectl

    def reevectl(self, *arguments, stdin=None, check=True):
        done = subprocess.run(
            [REEVECTL, "-c", self.conf] + list(arguments), input=stdin,
            capture_output=True, text=True)
        if check and done.returncode != 0:
            raise AssertionError("reevectl %s: exit %d\n%s%s" % (
                " ".join(arguments), done.returncode, done.stdout,
                done.stderr))
        return done

    def spawn_reevectl(self, *arguments):
        return subprocess.Popen(
            [REEVECTL, "-c", self.conf] + list(arguments),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def migrate_over_tcp(self):
        """Migrates over TCP. Servers differ in their root accounts and the
        hosts of these."""
        self.sql("CREATE USER keeper@'127.0.0.1' IDENTIFIED BY 'keeps';"
                 "GRANT ALL ON *.* TO keeper@'127.0.0.1' WITH GRANT OPTION",
                 "mysql")
        self.configure(db_admin_user="keeper", db_admin_password="keeps")
        self.reevectl("migrate", "--create")

    def create_master(self):
        """Creates the master account and a token for it."""
        self.master = self.reevectl("account", "create", "Master").stdout.strip()
        self.token = self.issue_token(self.master)

    def create_account(self, name="Test", *more):
        account = self.reevectl("account", "create", name, "--parent",
                                self.master, *more).stdout.strip()
        if self.bare:
            self.forget_birth(account)
        return account

    def forget_birth(self, account):
        """Removes the traces of an account's creation from its trail and its
        quantities, for tests that write everything themselves."""
        ancestors = self.sql("SELECT ancestor_id FROM account_closure "
                             "WHERE descendant_id = '%s'" % account)
        some = ",".join("'%s'" % row[0] for row in ancestors)
        self.sql("".join("DELETE FROM %s WHERE account_id IN (%s);" % (
            table, some) for table in ("audit_entry", "audit_day", "audit_mark",
                                       "audit_touch", "service_source",
                                       "service_quantity")) +
                 "UPDATE audit_head SET sequence = 0, hash = REPEAT(CHAR(0), "
                 "32) WHERE account_id IN (%s);"
                 "UPDATE service SET version = 0 WHERE account_id IN (%s)" % (
                     some, some))

    def issue_token(self, account, *more):
        return self.reevectl("token", "issue", account, *more).stdout.strip()

    def file(self, text):
        """Writes a file; returns its path."""
        path = "%s/%s.json" % (self.dir, new_id())
        with open(path, "w") as f:
            f.write(text)
        return path

    def import_documents(self, documents, check=True):
        """The report of one import."""
        done = self.reevectl("import", "--json", "-", stdin=lines(documents),
                             check=check)
        return json.loads(done.stdout)

    def days(self, account):
        """Day rows: {(family, day, service): (addition, removal, quantity)}."""
        return {tuple(row[:3]): tuple(int(n) for n in row[3:])
                for row in self.sql(
                    "SELECT family, day, service, addition, removal, quantity"
                    " FROM audit_day WHERE account_id = '%s'" % account)}

    # the pool

    def start_pool(self, **config):
        """Ends the one that runs, if there is one."""
        self.stop_pool()
        self.configure(**config)
        with open(self.log, "a") as log:
            self.pool = subprocess.Popen([REEVE, "-c", self.conf],
                                         stdout=log, stderr=log)
        wait_until(self._pool_listens)

    def _pool_listens(self):
        if self.pool.poll() is not None:
            raise AssertionError("the pool ended: " + self.pool_log()[-2000:])
        with socket.socket(socket.AF_UNIX) as s:
            return s.connect_ex(self.pool_socket) == 0

    def stop_pool(self):
        if self.pool is not None:
            self.pool.terminate()
            try:
                self.pool.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.pool.kill()
                self.pool.wait()
            self.pool = None

    def workers(self):
        """Process ids of the pool's workers."""
        pid = self.pool.pid
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return sorted(int(word) for word in f.read().split())

    def pool_log(self):
        with open(self.log, errors="replace") as f:
            return f.read()

    def request(self, method, path, token=None, data=None, **more):
        """more: further headers, with _ for -."""
        headers = dict({"Accept": "application/json"}, **more)
        if token is not None:
            headers["X-Auth-Token"] = token
        body = b"" if data is None else json.dumps({"data": data}).encode()
        return fastcgi(self.pool_socket, method, path, headers, body)

    def insist(self, *request, **more):
        """As request; repeats it while 503 says that nothing was done."""
        for _ in range(1000):
            answer = self.request(*request, **more)
            if answer.status != 503:
                break
            time.sleep(0.05)
        return answer

    def get(self, path, token=None, **more):
        return self.request("GET", path, token or self.token, **more)

    def summary(self, account, first=DAY_0, days=300, service=""):
        """GET services/audit_summary of some days."""
        return self.get("/v2/accounts/%s/services/audit_summary%s"
                        "?created_from=%d&created_to=%d" % (
                            account, service and "/" + service, first,
                            first + days * DAY))

    def figures(self):
        """The figures of the pool; labels and value of samples are in
        tuples."""
        return {name: {tuple(each.values()) for each in value}
                if isinstance(value, list) else value for name, value in
                self.get("/v2/system/status").data.items()}

    def status_page(self, target):
        """GET on status_socket: status and body."""
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(PATIENCE_S)
            s.connect(self.settings["status_socket"])
            s.sendall(b"GET %s HTTP/1.0\r\n\r\n" % target.encode())
            head, _, body = s.makefile("rb").read().partition(b"\r\n\r\n")
        return int(head.split()[1]), body.decode()

    def login(self, credentials, realm):
        return self.request("PUT", "/v2/user_auth", data={
            "credentials": credentials, "account_realm": realm})


class StackTest(unittest.TestCase):
    """Tests of one class share a stack with a master account, and a pool when
    the class has pool = True."""

    pool = False
    options = {}
    bare = True  # accounts have nothing that tests did not write

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack(**cls.options)
        cls.stack.bare = cls.bare
        cls.addClassCleanup(cls.stack.close)
        cls.stack.create_master()
        if cls.pool:
            cls.stack.start_pool()

    def assert_unavailable(self, answer):
        """503, as the API words it, with the time to try again."""
        self.assertEqual(503, answer.status, answer)
        self.assertEqual("datastore_unreachable", answer.envelope["message"])
        self.assertEqual("503", answer.envelope["error"])
        self.assertEqual("error", answer.envelope["status"])
        self.assertRegex(answer.headers["retry-after"], "^[1-9][0-9]*$")

    def assert_verified(self, account):
        done = self.stack.reevectl("audit", "verify", account, check=False)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
