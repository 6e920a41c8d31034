# SPDX-License-Identifier: GPL-3.0-or-later
"""The promise of an answer: a client that repeats what answers allow it to repeat,
and asks where they leave it open, makes each change once, whatever breaks at the
COMMIT."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVE, REEVECTL, StackTest, free_port,  # noqa: E402
                         require, wait_until)

NGINX = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../nginx")
# REEVE_TRIALS=10000 for a long run by hand.
TRIALS = int(os.environ.get("REEVE_TRIALS", "200"))
PATIENCE_S = 60


class Proxy:
    """Stands between the pool and the database, and calls fault(proxy, link)
    for the next COMMIT, once; of a note that a program runs only if it is
    told so."""

    def __init__(self, path, server, notes=False):
        self.server, self.fault, self.notes = server, None, notes
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                pool = self.listener.accept()[0]
            except OSError:
                return
            database = socket.socket(socket.AF_UNIX)
            try:
                database.connect(self.server)
            except OSError:
                pool.close()
                continue
            link = Link(self, pool, database)
            threading.Thread(target=link.carry, daemon=True).start()

    def close(self):
        self.listener.close()


class Link:
    """A connection of the pool, and its own to the database."""

    def __init__(self, proxy, pool, database):
        self.proxy, self.pool, self.database = proxy, pool, database
        self.muted = False
        self.answered = threading.Event()  # since it was muted
        self.note = None  # the statement that notes the program
        self.prepares_note = self.in_note = False

    def cut(self):
        for end in self.pool, self.database:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def carry(self):
        """Until one end closes."""
        with self.pool, self.database:
            back = threading.Thread(target=self.to_pool, daemon=True)
            back.start()
            self.to_database()
            back.join()

    def to_database(self):
        try:
            stream = self.pool.makefile("rb")
            while len(head := stream.read(4)) == 4:
                body = stream.read(int.from_bytes(head[:3], "little"))
                fault = None
                self.look_for_note(body)
                if body[:1] == b"\x03" and body[1:7].upper() == b"COMMIT":
                    if self.proxy.notes or not self.in_note:
                        fault, self.proxy.fault = self.proxy.fault, None
                    self.in_note = False
                if fault is None:
                    self.database.sendall(head + body)
                elif not fault(self, head + body):
                    break
        except OSError:
            pass
        self.cut()

    def look_for_note(self, body):
        if body[:1] == b"\x16":
            self.prepares_note = b"program_note" in body
        elif body[:1] == b"\x17":
            self.in_note = body[1:5] == self.note

    def to_pool(self):
        try:
            while block := self.database.recv(65536):
                if self.prepares_note:
                    self.note, self.prepares_note = block[5:9], False
                if self.muted:
                    self.answered.set()
                else:
                    self.pool.sendall(block)
        except OSError:
            pass
        self.cut()


def cut_before(link, commit):
    return False


def cut_during(link, commit):
    """The server has the COMMIT, and the pool never hears of it."""
    link.muted = True
    link.database.sendall(commit)
    return False


def cut_after(link, commit):
    """The server has answered, and the answer is lost."""
    link.muted = True
    link.database.sendall(commit)
    link.answered.wait(PATIENCE_S)
    return False


def pass_on(link, commit):
    link.database.sendall(commit)
    return True


@unittest.skipIf(NGINX is None, "no nginx here")
@require(REEVE, REEVECTL)
class PromiseTest(StackTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.proxy = Proxy(cls.stack.dir + "/proxy.sock", cls.stack.db_socket)
        cls.addClassCleanup(cls.proxy.close)
        cls.account = cls.stack.create_account()
        cls.stack.start_pool(db_socket=cls.stack.dir + "/proxy.sock",
                             workers="2")
        cls.start_nginx()
        cls.number = 0

    @classmethod
    def start_nginx(cls):
        cls.port = free_port()
        place = tempfile.mkdtemp(prefix="reeve-t-")
        cls.addClassCleanup(shutil.rmtree, place)
        os.chmod(place, 0o755)
        os.chmod(cls.stack.dir, 0o755)
        for name in os.listdir(SHIPPED):
            os.symlink(os.path.abspath(os.path.join(SHIPPED, name)),
                       os.path.join(place, "site-" + name
                                    if name == "reeve.conf" else name))
        with open(os.path.join(SHIPPED, "nginx-private.conf.in")) as file:
            text = file.read()
        for name, value in (("PORT", cls.port), ("RUNDIR", place),
                            ("SOCKET", cls.stack.pool_socket)):
            text = text.replace("@%s@" % name, str(value))
        with open(place + "/nginx.conf", "w") as file:
            file.write(text)
        subprocess.run([NGINX, "-e", place + "/error.log", "-c",
                        place + "/nginx.conf"], check=True)
        cls.addClassCleanup(cls.stop_nginx, place)

    @staticmethod
    def stop_nginx(place):
        with open(place + "/nginx.pid") as file:
            pid = int(file.read())
        os.kill(pid, signal.SIGTERM)
        wait_until(lambda: not os.path.exists(place + "/nginx.pid"))

    def ask(self, method, path, data=None, key=None, request=None):
        """(status, headers, envelope), through nginx."""
        body = b"" if data is None else json.dumps({"data": data}).encode()
        head = {"Host": "x", "Connection": "close", "X-Auth-Token":
                self.stack.token, "Content-Length": len(body),
                "Idempotency-Key": key, "X-Request-ID": request}
        with socket.create_connection(("127.0.0.1", self.port),
                                      PATIENCE_S) as sock:
            sock.sendall(("%s %s HTTP/1.1\r\n%s\r\n" % (method, path, "".join(
                "%s: %s\r\n" % pair for pair in head.items()
                if pair[1] is not None))).encode() + body)
            answer = sock.makefile("rb").read()
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        return (int(first.split()[1]),
                {name.lower(): value for name, value in headers.items()},
                json.loads(body) if body else None)

    def devices(self, name):
        return self.stack.number("SELECT COUNT(*) FROM object WHERE account_id ="
                                 " '%s' AND JSON_VALUE(document, '$.name') ="
                                 " '%s'" % (self.account, name))

    def new_name(self):
        type(self).number += 1
        return "phone-%d" % self.number

    def put(self, name, **more):
        # Three deaths during requests that look the same would be suspicious.
        return self.ask("PUT", "/v2/accounts/%s/devices?test=%s" % (
            self.account, name), {"name": name}, **more)

    def workers_are_up(self):
        return len(self.stack.workers()) == 2

    def kill_worker(self, link):
        """Kills the worker at the other end of a link."""
        credentials = link.pool.getsockopt(socket.SOL_SOCKET,
                                           socket.SO_PEERCRED, 12)
        os.kill(int.from_bytes(credentials[:4], sys.byteorder), signal.SIGKILL)

    def kill_before(self, link, commit):
        self.kill_worker(link)
        return False

    def kill_after(self, link, commit):
        """The change is made; the worker dies before it can say so."""
        cut_after(link, commit)
        self.kill_worker(link)
        return False

    def assert_uncertain(self, answer):
        status, headers, envelope = answer
        self.assertEqual((409, "409", "uncertain", "error"), (
            status, envelope["error"], envelope["message"],
            envelope["status"]), answer)
        self.assertNotIn("retry-after", headers)
        self.assertIn("may or may not",
                      envelope["data"]["request"]["uncertain"]["message"])
        self.assertEqual(headers["x-request-id"], envelope["request_id"])

    def outcome(self, request):
        """The state of a request that has ended."""
        while True:
            status, _, envelope = self.ask("GET", "/v2/requests/" + request)
            if status == 200 and envelope["data"]["state"] != "running":
                return envelope["data"]
            self.assertIn(status, {200, 503}, envelope)


class Answers(PromiseTest):
    def test_a_connection_that_breaks_at_commit(self):
        for fault, made in ((cut_during, {0, 1}), (cut_after, {1}),
                            (cut_before, {0})):
            with self.subTest(fault.__name__):
                name, request = self.new_name(), self.new_name()
                self.proxy.fault = fault
                self.assert_uncertain(self.put(name, request=request))
                state = self.outcome(request)["state"]
                self.assertIn(self.devices(name), made)
                self.assertEqual("done" if self.devices(name) else "unknown",
                                 state)

    def test_a_break_before_it_begins_is_not_uncertain(self):
        """The first COMMIT notes that the program uses the database."""
        self.proxy.notes = True
        self.addCleanup(setattr, self.proxy, "notes", False)
        for fault in (cut_before, cut_during, cut_after):
            with self.subTest(fault.__name__):
                self.proxy.fault = fault
                done = self.stack.reevectl("account", "list", check=False)
                self.assertEqual(0, done.returncode, done.stderr)
                self.assertIsNone(self.proxy.fault)

    def test_a_worker_that_dies_with_a_change(self):
        for fault, made in ((self.kill_after, 1), (self.kill_before, 0)):
            with self.subTest(fault.__name__):
                wait_until(self.workers_are_up)
                name = self.new_name()
                self.proxy.fault = fault
                answer = self.put(name)
                self.assert_uncertain(answer)
                self.assertEqual(made, self.devices(name))
                self.assertEqual(
                    "done" if made else "unknown",
                    self.outcome(answer[1]["x-request-id"])["state"])

    def test_a_kept_answer_is_found_by_key_and_by_id(self):
        name, key, request = (self.new_name() for _ in range(3))
        self.proxy.fault = cut_after
        self.assert_uncertain(self.put(name, key=key, request=request))
        answers = [self.outcome(n)["answer"] for n in (key, request)]
        self.assertEqual(answers[0], answers[1])
        self.assertEqual((201, name), (answers[0]["status"],
                                       answers[0]["data"]["name"]))

    def test_a_request_that_has_not_ended_is_running(self):
        name, request = self.new_name(), self.new_name()
        seen, held = threading.Event(), threading.Event()

        def hold(link, commit):
            seen.set()
            held.wait(PATIENCE_S)
            return pass_on(link, commit)

        self.proxy.fault = hold
        sender = threading.Thread(target=self.put, args=(name,),
                                  kwargs={"request": request})
        sender.start()
        self.assertTrue(seen.wait(PATIENCE_S))
        status, _, envelope = self.ask("GET", "/v2/requests/" + request)
        held.set()
        sender.join()
        self.assertEqual((200, "running"), (status, envelope["data"]["state"]))
        self.assertEqual("done", self.outcome(request)["state"])

    def test_a_change_without_a_kept_answer_is_found_by_its_key(self):
        key = self.new_name()
        status, _, envelope = self.ask(
            "PUT", "/v2/accounts/%s/api_key" % self.account, {}, key=key)
        self.assertEqual(201, status, envelope)
        self.assertEqual("done", self.outcome(key)["state"])

    def test_others_learn_nothing_of_a_request(self):
        name, request = self.new_name(), self.new_name()
        self.assertEqual(201, self.put(name, request=request)[0])
        token = self.stack.issue_token(self.account)
        other = self.stack.get("/v2/requests/" + request, token)
        self.assertEqual((200, "unknown"), (other.status, other.data["state"]))

    def test_what_was_refused_is_unknown(self):
        request = self.new_name()
        status, _, envelope = self.ask(
            "PUT", "/v2/accounts/%s/devices" % self.account, {"name": 1},
            request=request)
        self.assertEqual(400, status, envelope)
        self.assertEqual("unknown", self.outcome(request)["state"])

    def test_a_read_is_never_uncertain(self):
        self.stack.stop_pool()
        status, headers, _ = self.ask("GET", "/v2/accounts/" + self.account)
        self.assertEqual((503, "5"), (status, headers["retry-after"]))

        def end():
            self.stack.start_pool()
        self.addCleanup(end)

    def test_a_change_that_did_not_reach_the_pool_may_be_repeated(self):
        self.stack.stop_pool()
        self.addCleanup(self.stack.start_pool)
        status, headers, _ = self.put(self.new_name())
        self.assertEqual((503, "5"), (status, headers["retry-after"]))

    def test_curl_does_not_repeat_what_is_uncertain(self):
        name = self.new_name()
        self.proxy.fault = cut_after
        done = subprocess.run(
            ["curl", "-s", "--retry", "3", "--retry-delay", "0", "-X", "PUT",
             "-o", "/dev/null", "-w", "%{http_code}", "-H", "X-Auth-Token: " +
             self.stack.token, "-d", json.dumps({"data": {"name": name}}),
             "http://127.0.0.1:%d/v2/accounts/%s/devices" % (
                 self.port, self.account)], capture_output=True, text=True)
        self.assertEqual("409", done.stdout)
        self.assertEqual(1, self.devices(name))


class Clients(PromiseTest):
    """Each change is made once."""

    def make(self, name, key):
        """As an honest client: repeats where it is told that it may, and asks
        where it is told that nobody knows."""
        while True:
            request = self.new_name()
            answer = self.put(name, key=key, request=request)
            status, headers, envelope = answer
            if status == 201:
                return
            if status == 409:
                self.assert_uncertain(answer)
                if self.outcome(request)["state"] == "done":
                    return
            else:
                self.assertEqual(503, status, envelope)
                self.assertIn("retry-after", headers)

    def test_each_change_is_made_once(self):
        dice = random.Random(1)
        cuts = cut_before, cut_during, cut_after
        kills = self.kill_before, self.kill_after
        names = []
        for number in range(TRIALS):
            names.append(self.new_name())
            # After many deaths the master pauses, so these are few.
            self.proxy.fault = dice.choice(kills if number % 40 == 39 else cuts)
            self.make(names[-1], names[-1] if number % 4 == 0 else None)
        made = dict((row[0], int(row[1])) for row in self.stack.sql(
            "SELECT JSON_VALUE(document, '$.name'), COUNT(*) FROM object"
            " WHERE account_id = '%s' AND kind = 'devices' GROUP BY 1"
            % self.account))
        self.assertEqual({}, {name: made.get(name, 0) for name in names
                              if made.get(name, 0) != 1})
        self.assert_verified(self.account)


if __name__ == "__main__":
    unittest.main()
