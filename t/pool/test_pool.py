#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process pool from outside: start, faults, stop. No database is needed:
requests get 404 (no such path) or 503 (no lookup possible). REEVE_BIN names
the program.
"""

import collections
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import fastcgi

REEVE = os.path.abspath(os.environ.get("REEVE_BIN", "reeve"))
NOBODY = "nobody"
# For events that should take no time: only a failing test waits this long.
PATIENCE_S = 120


def wait_until(check, what="it"):
    """The first true value of check()."""
    end = time.monotonic() + PATIENCE_S
    while True:
        value = check()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not happen in {PATIENCE_S} s")
        time.sleep(0.01)


def children(pid):
    """The living children of a process."""
    found = set()
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid and fields[0] != "Z":
            found.add(int(name))
    return found


def sockets(pid):
    """The numbers of the sockets that a process and its children have open."""
    found = set()
    for each in {pid} | children(pid):
        with contextlib.suppress(OSError):
            for name in os.listdir(f"/proc/{each}/fd"):
                with contextlib.suppress(OSError):
                    found.add(os.readlink(f"/proc/{each}/fd/{name}"))
    return {link for link in found if link.startswith("socket:")}


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def listening_unix(path):
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.bind(path)
    sock.listen(64)
    return sock


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def kill_quietly(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


class PoolCase(unittest.TestCase):
    def setUp(self):
        self.dir = tempfile.mkdtemp(prefix="reeve-pool-")
        self.addCleanup(shutil.rmtree, self.dir, True)
        self.socket = self.path("reeve.sock")
        self.log = self.path("log")
        self.config = self.path("reeve.conf")

    def path(self, name):
        return os.path.join(self.dir, name)

    def configure(self, **keys):
        values = {
            "listen": self.socket,
            "log": self.log,
            "log_level": "debug",
            "db_socket": self.path("no-database"),
            "secret": "0123456789abcdef0123456789abcdef",
            "workers": 2,
            "couriers": 0,
            # Workers end only when a test is about it.
            "request_terminate_timeout": "1h",
            "process_control_timeout": "1h",
        }
        values.update(keys)
        with open(self.config, "w") as file:
            for key, value in values.items():
                file.write(f"{key} = {value}\n")

    def environ(self, **more):
        env = {key: value for key, value in os.environ.items()
               if key not in ("LISTEN_FDS", "LISTEN_PID", "NOTIFY_SOCKET",
                              "GATEWAY_INTERFACE", "REQUEST_METHOD")}
        env.update(more)
        return env

    def launch(self, command, wait=None, **how):
        """Starts a process that the test ends; it is ready when wait() is
        true."""
        how.setdefault("stdin", subprocess.DEVNULL)
        how.setdefault("env", self.environ())
        with open(self.path("stderr"), "ab") as stderr:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                       stderr=stderr, **how)
        self.addCleanup(self.end, process)
        if wait is not None:
            wait_until(lambda: wait() or process.poll() is not None)
            self.assertIsNone(process.poll(), self.said())
        return process

    def end(self, process):
        family = children(process.pid)
        if process.poll() is None:
            process.kill()
        process.wait()
        for pid in family:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    def answers(self, address=None):
        """True if a pool answers."""
        try:
            return self.ask(address).status is not None
        except OSError:
            return False

    def start(self, *arguments, address=None, **keys):
        """Starts a pool with its own socket."""
        self.configure(**keys)
        return self.launch([REEVE, "-c", self.config, *arguments],
                           lambda: self.answers(address))

    def run_once(self, *arguments, **how):
        how.setdefault("env", self.environ())
        return subprocess.run([REEVE, *arguments], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, timeout=PATIENCE_S, **how)

    def ask(self, address=None, **how):
        return fastcgi.ask(address or self.socket, **how)

    def connect(self, data=b"", address=None):
        sock = fastcgi.connect(address or self.socket)
        self.addCleanup(sock.close)
        sock.sendall(data)
        return sock

    def said(self):
        """The log and standard error."""
        text = ""
        for name in ("log", "stderr"):
            with contextlib.suppress(OSError):
                with open(self.path(name)) as file:
                    text += file.read()
        return text

    def wait_for_log(self, pattern):
        return wait_until(lambda: re.search(pattern, self.said()),
                          f"'{pattern}' in the log")

    def wait_for_workers(self, pid, count):
        return wait_until(
            lambda: children(pid) if len(children(pid)) == count else None,
            f"having {count} workers")

    def assert_serves(self, address=None):
        answer = self.ask(address)
        self.assertEqual(answer.status, 404, self.said())
        envelope = json.loads(answer.body)
        self.assertEqual(envelope["status"], "error")
        self.assertEqual(envelope["version"], "5.0.0")

    # Half a request: its body is announced and does not come.
    def half_request(self, process, announced=b'{"data":{}}',
                     path="/v2/user_auth", address=None):
        values = fastcgi.environment(path=path, method="PUT", body=announced)
        before = sockets(process.pid)
        sock = self.connect(
            fastcgi.begin() +
            fastcgi.records(fastcgi.PARAMS, fastcgi.pairs(values.items())) +
            fastcgi.record(fastcgi.STDIN, announced[:4]), address)
        wait_until(lambda: sockets(process.pid) - before,
                   "that somebody takes it")
        time.sleep(0.2)  # until it is read
        return sock

    def finish(self, sock, announced=b'{"data":{}}'):
        sock.sendall(fastcgi.records(fastcgi.STDIN, announced[4:]))
        return fastcgi.read_answer(sock)


class Arguments(PoolCase):
    def test_version(self):
        done = self.run_once("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^reeve [0-9.]+\n$")

    def test_help_names_every_option(self):
        done = self.run_once("--help")
        self.assertEqual(done.returncode, 0)
        for option in ("config", "foreground", "daemonize", "workers", "test",
                       "sample-config", "version", "help"):
            self.assertIn("--" + option, done.stdout)

    def test_usage_errors(self):
        for arguments in (["--bogus"], ["operand"], ["--config"],
                          ["--workers", "-1"], ["--workers", "many"],
                          ["--workers", "1025"]):
            with self.subTest(arguments):
                done = self.run_once(*arguments)
                self.assertEqual(done.returncode, 64)
                self.assertIn("--help", done.stderr)

    def test_good_configuration(self):
        self.configure()
        done = self.run_once("-c", self.config, "--test")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(self.config, done.stdout)
        self.assertFalse(os.path.exists(self.socket))

    def test_bad_configuration(self):
        self.configure(workers="lots")
        for arguments in (["--test"], []):
            with self.subTest(arguments):
                done = self.run_once("-c", self.config, *arguments)
                self.assertEqual(done.returncode, 78)
                self.assertIn("workers", done.stderr)

    def test_no_configuration(self):
        done = self.run_once("-c", self.path("none"))
        self.assertEqual(done.returncode, 78)
        self.assertIn("none", done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "only root changes users")
    def test_unknown_user(self):
        self.configure(user="no-such-user")
        done = self.run_once("-c", self.config, "--test")
        self.assertEqual(done.returncode, 78)
        self.assertIn("no-such-user", done.stderr)

    def test_sample_is_a_configuration(self):
        done = self.run_once("--sample-config")
        self.assertEqual(done.returncode, 0)
        with open(self.config, "w") as file:
            file.write(done.stdout)
            file.write("secret = 0123456789abcdef0123456789abcdef\n")
        done = self.run_once("-c", self.config, "--test")
        self.assertEqual(done.returncode, 0, done.stderr)


class Addresses(PoolCase):
    def test_unix(self):
        self.start()
        self.assert_serves()
        self.assertEqual(os.stat(self.socket).st_mode & 0o7777, 0o660)

    def test_mode_is_independent_of_the_umask(self):
        saved = os.umask(0o077)
        try:
            self.start(listen_mode="0606")
        finally:
            os.umask(saved)
        self.assertEqual(os.stat(self.socket).st_mode & 0o7777, 0o606)

    @unittest.skipUnless(os.geteuid() == 0, "only root gives files away")
    def test_owner_and_group(self):
        self.start(listen_owner="daemon", listen_group="mail")
        status = os.stat(self.socket)
        self.assertEqual((status.st_uid, status.st_gid), (1, 8))

    def test_unknown_group(self):
        self.configure(listen_group="no-such-group")
        done = self.run_once("-c", self.config)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("no-such-group", self.said())
        self.assertFalse(os.path.exists(self.socket))

    def test_tcp(self):
        address = ("127.0.0.1", free_port())
        self.start(address=address, listen="%s:%d" % address)
        self.assert_serves(address)

    def test_tcp_again_at_once(self):
        address = ("127.0.0.1", free_port())
        for _ in range(2):
            process = self.start(address=address, listen="%s:%d" % address)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(PATIENCE_S), 0)

    def test_tcp_in_use(self):
        address = ("127.0.0.1", free_port())
        self.start(address=address, listen="%s:%d" % address)
        done = self.run_once("-c", self.config)
        self.assertEqual(done.returncode, 73)
        self.assertRegex(self.said(), "(?i)in use")
        self.assert_serves(address)

    def test_path_too_long(self):
        self.configure(listen="/tmp/" + 103 * "x")
        done = self.run_once("-c", self.config)
        self.assertEqual(done.returncode, 78)
        self.assertIn("107", done.stderr)

    def test_no_directory(self):
        self.configure(listen=self.path("none/reeve.sock"))
        done = self.run_once("-c", self.config)
        self.assertEqual(done.returncode, 73)
        self.assertIn("none/reeve.sock", self.said())

    def test_second_instance_is_refused(self):
        self.start()
        done = self.run_once("-c", self.config)
        self.assertEqual(done.returncode, 73)
        self.assertIn("already in use", self.said())
        self.assert_serves()

    def test_in_the_background_a_second_takes_the_place_of_the_first(self):
        """And no request fails meanwhile."""
        log = self.path("log")
        keys = {"log": log, "pid_file": self.path("pid")}
        self.configure(workers=2, **keys)
        over = threading.Event()
        statuses = collections.Counter()

        def ask():
            while not over.is_set():
                try:
                    statuses[self.ask().status] += 1
                except OSError as error:
                    statuses[str(error)] += 1

        def start():
            done = self.run_once("-c", self.config, "-D")
            self.assertEqual(0, done.returncode, done.stderr)
            with open(self.path("pid")) as file:
                pid = int(file.read())
            self.addCleanup(kill_quietly, pid)
            return pid

        first = start()
        self.assert_serves()
        asking = threading.Thread(target=ask)
        asking.start()
        try:
            for _ in range(5):
                second = start()
                self.assertNotEqual(first, second)
                wait_until(lambda: not is_alive(first), "that it stops")
                first = second
            enough = sum(statuses.values()) + 5
            wait_until(lambda: sum(statuses.values()) > enough)
        finally:
            over.set()
            asking.join()
        self.assertEqual([404], list(statuses), statuses)
        self.assertFalse(os.path.exists(self.socket + ".new"))
        os.kill(first, signal.SIGTERM)
        wait_until(lambda: not os.path.exists(self.socket))

    def test_in_the_background_another_program_keeps_its_socket(self):
        self.configure(log=self.path("log"), pid_file=self.path("pid"))
        with open(self.path("pid"), "w") as file:
            file.write("%d\n" % os.getpid())
        with listening_unix(self.socket):
            done = self.run_once("-c", self.config, "-D")
            self.assertEqual(done.returncode, 73)
        self.assertFalse(os.path.exists(self.socket + ".new"))

    def test_dead_socket_is_replaced(self):
        listening_unix(self.socket).close()
        self.assertTrue(os.path.exists(self.socket))
        self.start()
        self.assert_serves()

    def test_a_file_is_not_replaced(self):
        with open(self.socket, "w") as file:
            file.write("precious")
        self.configure()
        done = self.run_once("-c", self.config)
        self.assertEqual(done.returncode, 73)
        with open(self.socket) as file:
            self.assertEqual(file.read(), "precious")

    def test_a_socket_of_another_process_stays(self):
        process = self.start()
        os.rename(self.socket, self.path("moved"))
        with listening_unix(self.socket):
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE_S)
            self.assertTrue(os.path.exists(self.socket))


class InheritedSockets(PoolCase):
    def test_descriptor_0(self):
        self.configure(listen=self.path("unused"))
        with listening_unix(self.socket) as sock:
            self.launch([REEVE, "-c", self.config], self.answers, stdin=sock)
        self.assert_serves()
        self.assertFalse(os.path.exists(self.path("unused")))

    def test_one_process_on_descriptor_0(self):
        self.configure(max_requests=1)
        with listening_unix(self.socket) as sock:
            process = self.launch([REEVE, "-c", self.config, "--workers", "0"],
                                  self.answers, stdin=sock)
        for _ in range(3):
            self.assert_serves()
        self.assertEqual(children(process.pid), set())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE_S), 0)

    def test_a_lone_process_finishes_its_request(self):
        process = self.start("--workers", "0")
        sock = self.half_request(process)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        self.assertIsNone(process.poll())
        self.assertEqual(self.finish(sock).status, 400)
        self.assertEqual(process.wait(PATIENCE_S), 0)
        self.assertFalse(os.path.exists(self.socket))

    @unittest.skipUnless(shutil.which("spawn-fcgi"), "no spawn-fcgi here")
    def test_spawn_fcgi(self):
        self.configure(listen=self.path("unused"))
        process = self.launch(["spawn-fcgi", "-n", "-s", self.socket, "--",
                               REEVE, "-c", self.config], self.answers)
        self.assert_serves()
        self.wait_for_workers(process.pid, 2)

    def test_listen_fds(self):
        self.configure(listen=self.path("unused"))
        with listening_unix(self.socket) as sock:
            self.launch_with_fd_3(sock, "LISTEN_PID=$$ LISTEN_FDS=1",
                                  self.answers)
        self.assert_serves()
        self.assertFalse(os.path.exists(self.path("unused")))

    def test_listen_fds_of_another(self):
        other = self.path("other")
        self.configure()
        with listening_unix(other) as sock:
            self.launch_with_fd_3(sock, "LISTEN_PID=1 LISTEN_FDS=1",
                                  self.answers)
        self.assert_serves()

    def launch_with_fd_3(self, sock, variables, wait):
        # A shell knows its process id, which it keeps through exec.
        fd = sock.fileno()
        script = (f'exec 3<&{fd}; {variables} exec "$0" "$@"')
        return self.launch(["bash", "-c", script, REEVE, "-c", self.config],
                           wait, pass_fds=[fd])

    @unittest.skipUnless(shutil.which("systemd-socket-activate"),
                         "no systemd-socket-activate here")
    def test_systemd_socket_activate(self):
        self.configure(listen=self.path("unused"))
        process = self.launch(["systemd-socket-activate", "-l", self.socket,
                               REEVE, "-c", self.config],
                              lambda: os.path.exists(self.socket))
        self.assert_serves()
        self.wait_for_workers(process.pid, 2)

    def test_systemd_is_notified(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.bind(self.path("notify"))
            sock.settimeout(PATIENCE_S)
            self.configure()
            process = self.launch(
                [REEVE, "-c", self.config], self.answers,
                env=self.environ(NOTIFY_SOCKET=self.path("notify")))
            self.assertEqual(sock.recv(100), b"READY=1")
            process.send_signal(signal.SIGHUP)
            self.assertEqual(sock.recv(100), b"RELOADING=1")
            self.assertEqual(sock.recv(100), b"READY=1")
            process.send_signal(signal.SIGQUIT)
            self.assertEqual(sock.recv(100), b"STOPPING=1")


class PlainCgi(PoolCase):
    def cgi(self, *arguments, body=b"", announced=None, **how):
        self.configure()
        values = fastcgi.environment(body=announced or body, **how)
        return subprocess.run([REEVE, *arguments], input=body,
                              stdout=subprocess.PIPE, timeout=PATIENCE_S,
                              env=self.environ(REEVE_CONFIG=self.config,
                                               **values))

    def test_answers(self):
        done = self.cgi()
        self.assertEqual(done.returncode, 0)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        self.assertIn(b"Status: 404", head)
        self.assertEqual(json.loads(body)["error"], "404")
        self.assertFalse(os.path.exists(self.socket))

    def test_query_string_gives_no_options(self):
        done = self.cgi("--version")
        self.assertIn(b"Status: 404", done.stdout)

    def test_body_is_read(self):
        done = self.cgi(method="PUT", body=b"{ this is not JSON",
                        path="/v2/user_auth")
        self.assertIn(b"Status: 400", done.stdout)

    def test_a_truncated_body_changes_nothing(self):
        done = self.cgi(method="PUT", body=b'{"data":{}', path="/v2/user_auth",
                        announced=b'{"data":{}}')
        self.assertEqual(done.stdout, b"")
        self.assertNotEqual(done.returncode, 0)


class Requests(PoolCase):
    def test_no_database_is_503(self):
        self.start()
        answer = self.ask(path=f"/v2/accounts/{32 * 'a'}/services/audit",
                          HTTP_X_AUTH_TOKEN="any")
        self.assertEqual(answer.status, 503)
        self.wait_for_log("cannot reach the database")

    def test_empty_content_length(self):
        self.start()
        self.assertEqual(self.ask(CONTENT_LENGTH="").status, 404)

    def test_connection_is_closed_after_each(self):
        self.start()
        sock = self.connect(fastcgi.request(fastcgi.KEEP_CONN))
        answer = fastcgi.read_answer(sock, until_closed=True)
        self.assertEqual(answer.status, 404)
        self.assertTrue(answer.ended and answer.closed)

    def test_kept_connections_block_no_other(self):
        self.start(workers=1)
        held = []
        for _ in range(5):
            sock = self.connect(fastcgi.request(fastcgi.KEEP_CONN))
            self.assertEqual(fastcgi.read_answer(sock).status, 404)
            held.append(sock)
        self.assert_serves()

    def test_large_unwanted_body(self):
        body = 3000000 * b"x"
        port = ("127.0.0.1", free_port())
        for address, listen in ((self.socket, self.socket),
                                (port, "%s:%d" % port)):
            with self.subTest(listen):
                self.start(address=address, listen=listen, max_body=1000)
                answer = self.ask(address, method="PUT", body=body)
                self.assertTrue(answer.ended)
                self.assertEqual(json.loads(answer.body)["status"], "error")

    def test_truncated_parameters_are_not_a_request(self):
        self.start()
        values = fastcgi.pairs(fastcgi.environment().items())
        for data in (fastcgi.begin(),
                     fastcgi.begin() + fastcgi.record(fastcgi.PARAMS, values),
                     fastcgi.begin() +
                     fastcgi.record(fastcgi.PARAMS, values)[:-10]):
            with self.subTest(len(data)):
                sock = self.connect(data)
                sock.shutdown(socket.SHUT_WR)
                answer = fastcgi.read_answer(sock, until_closed=True)
                self.assertEqual(answer.stdout, b"")
        self.assert_serves()

    def test_a_truncated_body_is_not_a_request(self):
        self.start()
        body = b'{"data":{"a":1}}'
        head = fastcgi.begin() + fastcgi.records(
            fastcgi.PARAMS, fastcgi.pairs(fastcgi.environment(
                method="PUT", path="/v2/user_auth", body=body).items()))
        whole = fastcgi.record(fastcgi.STDIN, body)
        # Within the record; between it and the empty last record.
        for data in (head, head + whole[:-3], head + whole):
            with self.subTest(len(data)):
                sock = self.connect(data)
                sock.shutdown(socket.SHUT_WR)
                answer = fastcgi.read_answer(sock, until_closed=True)
                self.assertEqual(answer.stdout, b"")
        self.assert_serves()

    def test_an_aborted_request_changes_nothing(self):
        process = self.start()
        sock = self.half_request(process, path="/v2/user_auth")
        sock.sendall(fastcgi.record(fastcgi.ABORT))
        answer = fastcgi.read_answer(sock, until_closed=True)
        self.assertEqual(answer.stdout, b"")

    def test_only_responders(self):
        self.start()
        sock = self.connect(fastcgi.begin(role=2) + fastcgi.records(
            fastcgi.PARAMS,
            fastcgi.pairs(fastcgi.environment().items())))
        answer = fastcgi.read_answer(sock, until_closed=True)
        self.assertEqual(answer.stdout, b"")

    def test_header_in_two_pieces(self):
        self.start()
        data = fastcgi.request()
        sock = self.connect(data[:3])
        time.sleep(0.1)
        sock.sendall(data[3:])
        self.assertEqual(fastcgi.read_answer(sock).status, 404)


class Workers(PoolCase):
    def test_a_dead_worker_is_replaced(self):
        process = self.start()
        before = self.wait_for_workers(process.pid, 2)
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda: victim not in children(process.pid))
        after = self.wait_for_workers(process.pid, 2)
        self.assertEqual(len(after & before), 1)
        self.wait_for_log(f"worker {victim} died of signal 9")
        self.assert_serves()

    def test_workers_that_keep_dying_are_replaced_after_a_pause(self):
        process = self.start(workers=8)
        workers = self.wait_for_workers(process.pid, 8)
        begun = time.monotonic()
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        self.wait_for_log("workers keep dying")
        wait_until(lambda: not workers & children(process.pid))
        self.wait_for_workers(process.pid, 8)
        self.assertGreaterEqual(time.monotonic() - begun, 1)
        self.assert_serves()
        self.assertEqual(self.said().count("workers keep dying"), 1)

    def test_there_is_a_worker_while_idle_ones_keep_dying(self):
        """Also during the pauses, which double with each death."""
        process = self.start(workers=1)
        while "workers keep dying" not in self.said():
            self.end_idle_worker(process)
        for _ in range(3):
            self.end_idle_worker(process)

    def end_idle_worker(self, process):
        worker, = self.wait_for_workers(process.pid, 1)
        self.assert_serves()
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: not is_alive(worker))

    def end_worker_during(self, process, path, how=signal.SIGSEGV):
        """The one worker dies while it serves the request."""
        worker, = self.wait_for_workers(process.pid, 1)
        sock = self.half_request(process, path=path)
        os.kill(worker, how)
        wait_until(lambda: not is_alive(worker))
        sock.close()
        self.assert_serves()

    def test_requests_that_end_workers_do_not_delay_the_next_worker(self):
        process = self.start(workers=1)
        for number in range(7):
            self.end_worker_during(process, "/v2/user_auth?%d" % number)
        self.assertEqual(7, self.said().count("died of signal 11"))
        self.assertNotIn("keep dying", self.said())

    def test_a_request_is_not_to_blame_for_kill_9(self):
        process = self.start(workers=1)
        for _ in range(6):
            self.end_worker_during(process, "/v2/user_auth", signal.SIGKILL)
        self.assertNotIn("has ended", self.said())
        self.assertNotIn("keep dying", self.said())

    def test_a_request_that_ended_three_workers_is_refused(self):
        process = self.start(workers=1)
        for _ in range(3):
            self.end_worker_during(process, "/v2/user_auth")
        self.wait_for_log("has ended 3 workers")
        worker = children(process.pid)
        body = b'{"data":{}}'
        answer = self.ask(path="/v2/user_auth", method="PUT", body=body)
        self.assertEqual(503, answer.status)
        self.assertIn(b"\r\nRetry-After: 60\r\n", answer.stdout)
        self.assertIn(b"refused for a minute", answer.body)
        for label, how in (
                ("another method", {"method": "POST", "body": body}),
                ("another length", {"method": "PUT", "body": body + b" "}),
                ("another path", {"method": "PUT", "body": body,
                                  "path": "/v2/api_auth"})):
            with self.subTest(label):
                self.assertNotIn(b"refused for a minute", self.ask(
                    **dict({"path": "/v2/user_auth"}, **how)).body)
        self.assertEqual(worker, children(process.pid))

    def test_an_idle_worker_that_hangs_is_replaced(self):
        process = self.start(workers=2)
        workers = self.wait_for_workers(process.pid, 2)
        hung = min(workers)
        os.kill(hung, signal.SIGSTOP)
        self.wait_for_log(f"worker {hung} killed: idle, and without a sign")
        wait_until(lambda: not is_alive(hung))
        self.assertEqual(1, len(
            workers & self.wait_for_workers(process.pid, 2)))

    def test_replaced_after_max_requests(self):
        process = self.start(workers=1, max_requests=3)
        seen = set()
        for _ in range(12):
            self.assert_serves()
            seen |= children(process.pid)
        self.assertGreaterEqual(len(seen), 4)
        self.assertNotIn("keep dying", self.said())

    def test_terminate_timeout_while_reading(self):
        process = self.start(workers=1, request_terminate_timeout="1s")
        before = self.wait_for_workers(process.pid, 1)
        sock = self.half_request(process)
        answer = fastcgi.read_answer(sock, until_closed=True)
        self.assertEqual(answer.stdout, b"")
        self.wait_for_log("request_terminate_timeout")
        after = self.wait_for_workers(process.pid, 1)
        self.assertNotEqual(before, after)
        self.assert_serves()

    def test_terminate_timeout_of_a_stuck_worker(self):
        process = self.start(workers=1, request_terminate_timeout="1s")
        worker, = self.wait_for_workers(process.pid, 1)
        self.half_request(process)
        os.kill(worker, signal.SIGSTOP)
        wait_until(lambda: not is_alive(worker))
        self.assert_serves()

    def test_idle_workers_are_not_terminated(self):
        process = self.start(request_terminate_timeout="1s")
        before = self.wait_for_workers(process.pid, 2)
        time.sleep(2.2)
        self.assertEqual(children(process.pid), before)

    def test_no_workers_without_a_master(self):
        process = self.start()
        workers = self.wait_for_workers(process.pid, 2)
        process.kill()
        process.wait()
        for pid in workers:
            wait_until(lambda: not is_alive(pid))

    def test_crowd(self):
        self.start()
        results = []

        def one():
            try:
                results.append(self.ask().status)
            except OSError as error:
                results.append(error)

        threads = [threading.Thread(target=one) for _ in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, 200 * [404])

    @unittest.skipUnless(os.geteuid() == 0, "only root changes users")
    def test_workers_are_not_root(self):
        process = self.start(user=NOBODY)
        for pid in self.wait_for_workers(process.pid, 2):
            status = wait_until(lambda: self.changed_status(pid))
            self.assertRegex(status, r"\nUid:\t65534\t65534\t65534\t65534\n")
            self.assertRegex(status, r"\nGid:\t65534\t65534\t65534\t65534\n")
        self.assert_serves()
        self.assertEqual(os.stat(self.log).st_uid, 65534)

    @unittest.skipUnless(os.geteuid() == 0, "only root changes users")
    def test_no_file_of_root_where_workers_write(self):
        os.chmod(self.dir, 0o711)

        def place(name, mode=0o755, owner=-1, group=-1):
            os.mkdir(self.path(name))
            os.chown(self.path(name), owner, group)
            os.chmod(self.path(name), mode)
            return name

        def below(name, inner="in"):
            os.mkdir(self.path(name + "/" + inner))
            return name + "/" + inner

        os.symlink(self.path(below(place("far", owner=65534))),
                   self.path("link"))
        rows = (("theirs", place("a", owner=65534), False),
                ("their group's", place("b", 0o775, group=65534), False),
                ("everybody's", place("c", 0o777), False),
                ("sticky", place("d", 0o1777), False),
                ("below theirs", below(place("e", owner=65534)), False),
                ("behind a link", "link", False),
                ("root's", place("f"), True),
                ("another group's", place("g", 0o775, group=8), True),
                ("below a sticky one", below(place("h", 0o1777)), True))
        for label, where, is_good in rows:
            for key in ("log", "pid_file"):
                with self.subTest((label, key)):
                    self.configure(user=NOBODY,
                                   **{key: self.path(where + "/file")})
                    done = self.run_once("-c", self.config, "--test")
                    self.assertEqual(done.returncode, 0 if is_good else 78)
                    if not is_good:
                        self.assertIn(f"{key}: user {NOBODY} may write",
                                      done.stderr)

    @unittest.skipUnless(os.geteuid() == 0, "root follows no link")
    def test_no_link_is_followed_by_root(self):
        for key in ("log", "pid_file"):
            with self.subTest(key):
                os.symlink(self.path("elsewhere"), self.path(key))
                self.configure(**{key: self.path(key)})
                done = self.run_once("-c", self.config, "--foreground")
                self.assertEqual(done.returncode, 73)
                self.assertFalse(os.path.exists(self.path("elsewhere")))

    @staticmethod
    def changed_status(pid):
        """The status of a worker that has changed to its user, its last step."""
        with open(f"/proc/{pid}/status") as file:
            status = file.read()
        return status if "\nNoNewPrivs:\t1\n" in status else None


class Stopping(PoolCase):
    def test_pid_file_and_socket_go(self):
        process = self.start(pid_file=self.path("pid"))
        with open(self.path("pid")) as file:
            self.assertEqual(int(file.read()), process.pid)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE_S), 0)
        self.assertFalse(os.path.exists(self.path("pid")))
        self.assertFalse(os.path.exists(self.socket))

    def test_graceful_finishes_a_request(self):
        process = self.start()
        sock = self.half_request(process)
        process.send_signal(signal.SIGQUIT)
        time.sleep(0.3)
        self.assertIsNone(process.poll())
        self.assertEqual(self.finish(sock).status, 400)
        self.assertEqual(process.wait(PATIENCE_S), 0)

    def test_graceful_answers_waiting_requests(self):
        process = self.start(workers=1)
        sock = self.half_request(process)
        waiting = [self.connect(fastcgi.request()) for _ in range(10)]
        process.send_signal(signal.SIGQUIT)
        wait_until(lambda: not os.path.exists(self.socket))
        self.assertEqual(self.finish(sock).status, 400)
        for other in waiting:
            self.assertEqual(fastcgi.read_answer(other).status, 404)
        self.assertEqual(process.wait(PATIENCE_S), 0)

    def test_graceful_has_an_end(self):
        process = self.start(process_control_timeout="1s")
        self.half_request(process)
        start = time.monotonic()
        process.send_signal(signal.SIGQUIT)
        self.assertEqual(process.wait(PATIENCE_S), 0)
        self.assertGreater(time.monotonic() - start, 0.8)
        self.wait_for_log("did not leave in time")

    def test_fast_does_not_wait_long(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                process = self.start(process_control_timeout="60s")
                workers = self.wait_for_workers(process.pid, 2)
                self.half_request(process)
                process.send_signal(number)
                self.assertEqual(process.wait(PATIENCE_S), 0)
                for pid in workers:
                    self.assertFalse(is_alive(pid))

    def test_fast_overtakes_graceful(self):
        process = self.start(process_control_timeout="60s")
        self.half_request(process)
        process.send_signal(signal.SIGQUIT)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE_S), 0)

    def test_daemon(self):
        self.configure(pid_file=self.path("pid"))
        done = self.run_once("-c", self.config, "--daemonize")
        self.assertEqual(done.returncode, 0, self.said())
        with open(self.path("pid")) as file:
            pid = int(file.read())
        try:
            self.assert_serves()
            self.assertEqual(os.readlink(f"/proc/{pid}/cwd"), "/")
        finally:
            os.kill(pid, signal.SIGQUIT)
        wait_until(lambda: not os.path.exists(self.path("pid")))

    def test_daemon_that_cannot_start(self):
        self.configure(pid_file=self.path("none/pid"))
        done = self.run_once("-c", self.config, "--daemonize")
        self.assertEqual(done.returncode, 73)
        self.assertFalse(os.path.exists(self.socket))

    def test_daemon_needs_a_log(self):
        self.configure(log="stderr")
        done = self.run_once("-c", self.config, "--daemonize")
        self.assertEqual(done.returncode, 78)


class Reloading(PoolCase):
    def reload(self, process, number=signal.SIGUSR2):
        """Reloads, and waits until all workers are newer."""
        before = children(process.pid)
        process.send_signal(number)
        wait_until(lambda: not before & children(process.pid))

    def test_workers_are_replaced(self):
        for number in (signal.SIGUSR2, signal.SIGHUP):
            with self.subTest(number):
                process = self.start(workers=3)
                self.wait_for_workers(process.pid, 3)
                self.configure(workers=2)
                self.reload(process, number)
                self.wait_for_workers(process.pid, 2)
                self.assert_serves()
                process.send_signal(signal.SIGTERM)
                process.wait(PATIENCE_S)

    def test_command_line_still_counts(self):
        process = self.start("--workers", "1")
        self.reload(process)
        self.wait_for_workers(process.pid, 1)

    def test_bad_configuration_changes_nothing(self):
        process = self.start()
        before = self.wait_for_workers(process.pid, 2)
        self.configure(workers="lots")
        process.send_signal(signal.SIGUSR2)
        self.wait_for_log("reload: .*workers.*old configuration stays")
        self.assertEqual(children(process.pid), before)
        self.assert_serves()

    def test_keys_that_need_a_restart(self):
        process = self.start()
        self.configure(listen=self.path("elsewhere"), max_requests=7)
        self.reload(process)
        self.wait_for_log("reload: listen has changed")
        self.assertNotIn("max_requests has changed", self.said())
        self.assert_serves()

    def test_no_request_is_lost(self):
        process = self.start(workers=3)
        self.wait_for_workers(process.pid, 3)
        results, done = [], threading.Event()

        def keep_asking():
            while not done.is_set():
                try:
                    results.append(self.ask().status)
                except OSError as error:
                    results.append(error)

        threads = [threading.Thread(target=keep_asking) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(3):
                self.reload(process)
                self.wait_for_workers(process.pid, 3)
        finally:
            done.set()
            for thread in threads:
                thread.join()
        self.assertGreater(len(results), 20)
        self.assertEqual(set(results), {404})

    def test_running_request_is_finished(self):
        process = self.start(workers=1)
        sock = self.half_request(process)
        before = children(process.pid)
        process.send_signal(signal.SIGUSR2)
        # The new worker serves while the old one still waits for its body.
        self.wait_for_workers(process.pid, 2)
        self.assert_serves()
        self.assertTrue(before & children(process.pid))
        self.assertEqual(self.finish(sock).status, 400)
        wait_until(lambda: not before & children(process.pid))

    def test_log_is_reopened(self):
        process = self.start(workers=1)
        os.rename(self.log, self.path("log.1"))
        process.send_signal(signal.SIGUSR1)
        wait_until(lambda: os.path.exists(self.log))
        self.wait_for_log("log reopened")
        worker, = self.wait_for_workers(process.pid, 1)
        # The worker's, too: at debug level it logs unknown paths.
        self.assert_serves()
        self.wait_for_log(rf"\[{worker}\] .*nonsense")

    @unittest.skipUnless(os.geteuid() == 0, "only root changes users")
    def test_log_is_reopened_by_others(self):
        os.chmod(self.dir, 0o711)
        process = self.start(workers=1, user=NOBODY)
        os.rename(self.log, self.path("log.1"))
        process.send_signal(signal.SIGUSR1)
        self.wait_for_log("log reopened")
        worker, = self.wait_for_workers(process.pid, 1)
        self.assert_serves()
        self.wait_for_log(rf"\[{worker}\] .*nonsense")


if __name__ == "__main__":
    if not os.access(REEVE, os.X_OK):
        sys.exit(f"{REEVE}: no such program; set REEVE_BIN")
    unittest.main()
