# SPDX-License-Identifier: GPL-3.0-or-later
"""A host of db_hosts that accepts connections but does not serve is left at
once: requests go on at another host, and each process does not learn it by
itself."""

import contextlib
import os
import shutil
import signal
import socket
import struct
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (CLIENT, REEVE, REEVECTL, Stack,  # noqa: E402
                         StackTest, free_port, require, wait_until)
from reeve import new_id  # noqa: E402

WORKERS = 2
TRIALS = 8
# A connection that there was, or a new one.
MUTE = "no answer|no connection"
CALL_WITHOUT_ANSWER = {0x01, 0x19}  # COM_QUIT, COM_STMT_CLOSE


class Twin(Stack):
    """Another server with a copy of a stack's data; no pool of its own."""

    def __init__(self, stack, port):
        self.dir = tempfile.mkdtemp(prefix="reeve-t-")
        self.db_socket = self.dir + "/db.sock"
        self.client = [CLIENT, "--no-defaults", "-uroot", "-NB",
                       "-S", self.db_socket]
        self.server_options = server_options(port)
        self.server = self.pool = None
        shutil.copytree(stack.dir + "/data", self.dir + "/data",
                        ignore=shutil.ignore_patterns("auto.cnf"))
        self.start_database()


class Front(threading.Thread):
    """A server before a server. answer(command) is None: it goes on; bytes: it
    goes back instead; "": nothing ever does."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.behind, self.error, self.mute = port, None, False
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.start()

    def run(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.socket.accept()
                threading.Thread(target=self.serve, args=(client,),
                                 daemon=True).start()

    def serve(self, client):
        with client, contextlib.suppress(OSError):
            if self.mute:
                while client.recv(4096):
                    pass
                return
            with socket.create_connection(("127.0.0.1", self.behind)) as server:
                threading.Thread(target=self.copy, args=(server, client),
                                 daemon=True).start()
                self.pass_commands(client, server)

    @staticmethod
    def copy(source, target):
        with contextlib.suppress(OSError):
            while True:
                content = source.recv(65536)
                if not content:
                    return
                target.sendall(content)

    def pass_commands(self, client, server):
        stream = client.makefile("rb")
        while True:
            head = stream.read(4)
            if len(head) < 4:
                return
            body = stream.read(int.from_bytes(head[:3], "little"))
            if head[3] == 0 and body[0] in CALL_WITHOUT_ANSWER:
                server.sendall(head + body)
            elif head[3] == 0 and self.mute:
                continue
            elif head[3] == 0 and self.error is not None:
                number, text = self.error
                answer = b"\xff" + struct.pack("<H", number) + b"#HY000" + text
                client.sendall(len(answer).to_bytes(3, "little") + b"\1" +
                               answer)
            else:
                server.sendall(head + body)


def server_options(port):
    return ["--bind-address=127.0.0.1", "--port=%d" % port,
            "--skip-name-resolve"]


@require(REEVE, REEVECTL)
class Hosts(StackTest):
    """Three servers; the first is seen through a front that may lie."""

    @classmethod
    def setUpClass(cls):
        ports = [free_port() for _ in range(3)]
        cls.stack = Stack(
            server_options(ports[0]), migrate=False, db_socket=None,
            db_hosts="127.0.0.1:%d" % ports[0], workers=str(WORKERS),
            db_read_timeout="2s", db_connect_timeout="1s")
        cls.addClassCleanup(cls.stack.close)
        cls.stack.migrate_over_tcp()
        cls.stack.create_master()
        cls.stack.stop_database()
        cls.twins = []
        for port in ports[1:]:
            cls.twins.append(Twin(cls.stack, port))
            cls.addClassCleanup(cls.twins[-1].close)
        cls.stack.start_database()
        cls.front = Front(ports[0])
        cls.addClassCleanup(cls.front.socket.close)
        cls.stack.configure(db_hosts=",".join(
            "127.0.0.1:%d" % port for port in [cls.front.port] + ports[1:]))
        cls.hosts = [cls.stack] + cls.twins

    def tearDown(self):
        self.front.error, self.front.mute = None, False
        self.stack.stop_pool()
        for host in self.hosts:
            host.server.send_signal(signal.SIGCONT)
            host.sql("SET GLOBAL read_only = 0")

    def start(self):
        open(self.stack.log, "w").close()
        self.stack.start_pool()

    def read(self):
        return self.stack.summary(self.stack.master).status

    def write(self):
        return self.stack.request(
            "PUT", "/v2/accounts/%s/devices" % self.stack.master,
            self.stack.token, {"name": new_id()}).status

    def count(self, words):
        return self.stack.pool_log().count(words)

    def faults(self):
        """{number of a host: why it is unfit}, as the figures say"""
        figures = self.stack.figures()
        hosts = self.stack.settings["db_hosts"].split(",")
        fit = dict(figures["database_host_fit"])
        faults = {host: why for host, why, _ in
                  figures.get("database_host_unfit_seconds", ())}
        self.assertEqual({host: int(host not in faults) for host in hosts},
                         fit)
        return {hosts.index(host): why for host, why in faults.items()}

    def devices(self):
        return [host.number("SELECT COUNT(*) FROM object") for host in
                self.hosts]

    def assert_serves(self):
        self.assertEqual([200, 201] * TRIALS, [
            status for _ in range(TRIALS)
            for status in (self.read(), self.write())], self.stack.pool_log())

    def test_a_host_that_stops_serving_is_left_without_a_failure(self):
        rows = (
            ("outside of the cluster", (1047, b"WSREP has not yet prepared"),
             "refuses"),
            ("stopping", (1053, b"Server shutdown in progress"), "refuses"),
            ("read-only", (1290, b"running with the --read-only option"),
             "refuses"),
            ("without a place", (1021, b"Disk full"), "refuses"),
            ("read-only storage", (1836, b"Running in read-only mode"),
             "refuses"),
            ("mute", None, MUTE))
        for label, error, why in rows:
            with self.subTest(label):
                self.start()
                self.assert_serves()
                self.assertEqual({}, self.faults())
                before = self.devices()
                self.front.error, self.front.mute = error, error is None
                self.assert_serves()
                after = self.devices()
                self.assertEqual(before[0], after[0])
                self.assertEqual(before[1] + TRIALS, after[1])
                self.assertEqual(1, self.count("does not serve"),
                                 self.stack.pool_log())
                self.assertRegex(self.faults()[0], "^(%s)$" % why)
                self.tearDown()

    def test_a_pool_that_starts_beside_one_that_does_not_serve_serves(self):
        for label, error in (("refusing", (1047, b"WSREP not prepared")),
                             ("mute", None)):
            with self.subTest(label):
                self.front.error, self.front.mute = error, error is None
                self.start()
                self.assert_serves()
                self.assertEqual(1, self.count("does not serve"),
                                 self.stack.pool_log())
                self.tearDown()

    def test_a_frozen_server_is_left(self):
        self.start()
        self.assert_serves()
        self.stack.server.send_signal(signal.SIGSTOP)
        self.assert_serves()
        self.assertEqual(1, self.count("does not serve"),
                         self.stack.pool_log())

    def test_the_third_serves_when_the_first_is_frozen_and_the_next_read_only(
            self):
        self.start()
        self.assert_serves()
        self.stack.server.send_signal(signal.SIGSTOP)
        self.twins[0].sql("SET GLOBAL read_only = 1")
        before = self.twins[1].number("SELECT COUNT(*) FROM object")
        self.assert_serves()
        self.assertEqual(before + TRIALS, self.twins[1].number(
            "SELECT COUNT(*) FROM object"))
        self.assertEqual(2, self.count("does not serve"))
        faults = self.faults()
        self.assertRegex(faults.pop(0), MUTE)
        self.assertEqual({1: "read-only"}, faults)

    def test_a_server_that_becomes_read_only_is_left_by_writes(self):
        self.start()
        self.assert_serves()
        self.stack.sql("SET GLOBAL read_only = 1")
        before = self.devices()
        self.assert_serves()
        self.assertEqual(before[0], self.devices()[0])

    def test_where_every_host_is_read_only_reads_are_answered(self):
        for host in self.hosts:
            host.sql("SET GLOBAL read_only = 1")
        self.start()
        wait_until(lambda: self.read() == 200)
        self.assertEqual(503, self.write())
        self.assertIn("the database is read-only", self.stack.pool_log())

    def test_a_host_that_serves_again_is_used_again(self):
        self.front.mute = True
        self.start()
        self.assert_serves()
        self.front.mute = False
        self.assertEqual(0, self.count("serves again"))

        def is_used():
            # New workers make new connections.
            self.stack.pool.send_signal(signal.SIGHUP)
            self.assertEqual(200, self.read())
            return self.count("serves again")
        wait_until(is_used, pause=0.5)
        self.assertEqual({}, self.faults())

    def test_reevectl_goes_to_the_next_host(self):
        for label, error in (("refusing", (1047, b"WSREP not prepared")),
                             ("read-only", (1290, b"--read-only option")),
                             ("mute", None)):
            with self.subTest(label):
                self.front.error, self.front.mute = error, error is None
                done = self.stack.reevectl("account", "create", label,
                                           "--parent", self.stack.master,
                                           check=False)
                self.assertEqual(0, done.returncode, done.stderr)


if __name__ == "__main__":
    unittest.main()
