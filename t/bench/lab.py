# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of all measurements: a private stack with workers for the limits,
and cases that are measured alternately (t/bench/README)."""

import glob
import http.client
import os
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("top_builddir", TOP)
PORT = int(os.environ.get("BENCH_PORT", "8390"))
# Everything once, with as little as possible: to see that it works.
SHORT = bool(os.environ.get("BENCH_SHORT"))


def sized(full, short):
    """A size, of the full form and of the short one."""
    return short if SHORT else full


ROUNDS = int(os.environ.get("BENCH_ROUNDS", "0")) or sized(5, 1)
WORKERS = sized(8, 2)
CONNECTIONS = sized(16, 2)
# How often requests are tried, longer each time, until one was answered: the
# time of the short form may be too short on a busy machine.
ATTEMPTS = sized(1, 4)
TICK_US = 1e6 / os.sysconf("SC_CLK_TCK")

figures = {}


def say(text):
    print(text, flush=True)


def program(name):
    return "%s/t/bench/%s" % (BUILD, name)


def output(command, **options):
    """The output of a command. If it fails, the run ends and prints it all."""
    done = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        raise SystemExit("bench: %s: exit status %d\n%s%s" % (
            " ".join(command)[:200], done.returncode, done.stdout[-2000:],
            done.stderr[-2000:]))
    return done.stdout


class Stack:
    """A private stack, and an nginx with workers for the limits."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="reeve-bench-")
        self.var = self.dir + "/var"
        self.env = dict(os.environ, REEVE_VAR=self.var, REEVE_BUILD=BUILD,
                        REEVE_PORT=str(PORT), REEVE_WORKERS=str(WORKERS),
                        BENCH_SAFETY=sized("durable", "fast"))
        self.spawned = {}
        self.locations = []
        self.pairs = []
        try:
            self.run_script("up")
            self.demo = self.read_environment()
        except BaseException:
            self.close()
            raise

    def run_script(self, command):
        """Runs t/bench/stack. What it starts keeps its output open, so that
        goes to a file."""
        said = "%s/stack.%s" % (self.dir, command)
        with open(said, "wb") as f:
            done = subprocess.run([TOP + "/t/bench/stack", command],
                                  env=self.env, stdin=subprocess.DEVNULL,
                                  stdout=f, stderr=f)
        if done.returncode != 0:
            with open(said, errors="replace") as f:
                raise SystemExit("bench: t/bench/stack %s:\n%s" % (
                    command, f.read()[-4000:]))

    def read_environment(self):
        text = output(
            ["bash", "-c", 'set -a; . "$0"; env -0', self.var + "/demo.env"])
        return dict(pair.split("=", 1) for pair in text.split("\0") if pair)

    def sql(self, text):
        return output(
            ["mariadb", "--no-defaults", "--user=root", "--batch",
             "--skip-column-names", "--max-allowed-packet=64M",
             "--socket=" + self.demo["REEVE_DB_SOCKET"], "reeve"], input=text)

    def reevectl(self, *arguments):
        return output(["bash", "-c", self.demo["REEVECTL"] + ' "$@"', "-",
                       *arguments]).strip()

    def keep(self, name, text):
        """Writes a file into the stack's directory; returns its path."""
        path = "%s/%s" % (self.dir, name)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
        return path

    def create_account(self, name, parent=None, *more):
        return self.reevectl("account", "create", name, "--parent",
                             parent or self.demo["REEVE_MASTER_ID"], *more)

    def pair_accounts(self):
        """Accounts for the bare pair of inserts (bench_pair.sql), which
        does not write a valid audit trail."""
        if not self.pairs:
            with open(TOP + "/t/bench/bench_pair.sql") as f:
                self.sql("DELIMITER //\n" + f.read() + "//\n")
            self.pairs = [self.create_account("Bench %d" % n)
                          for n in range(sized(64, 4))]
        return self.pairs

    def spawn_workers(self, name, executable, environment):
        """Starts FastCGI workers, which nginx will serve at /NAME."""
        pid_file = "%s/%s.pid" % (self.dir, name)
        # spawn-fcgi closes standard error; what workers say is kept.
        output(["spawn-fcgi", "-s", "%s/%s.sock" % (self.dir, name),
                "-b", "1024", "-F", str(WORKERS), "-P", pid_file, "--",
                "/bin/sh", "-c", 'exec "$0" 2>>"$1"', program(executable),
                "%s/%s.said" % (self.dir, name)],
               env=dict(os.environ, **environment))
        with open(pid_file) as f:
            self.spawned[name] = [int(line) for line in f.read().split()]
        self.locations.append("""
                    location = /{1} {{ fastcgi_pass unix:{0}/{1}.sock;
                        fastcgi_buffers 16 64k; fastcgi_buffer_size 64k; }}"""
                              .format(self.dir, name))

    def started(self, name, pid_file):
        """Takes over a server that was started, when it has its workers and
        its socket, NAME.sock."""
        master = self.pids(self.dir, pid_file)[0]
        self.spawned[name] = [master]
        end = time.monotonic() + 60
        while len(self.spawned[name]) <= WORKERS or \
                not os.path.exists("%s/%s.sock" % (self.dir, name)):
            if time.monotonic() > end:
                raise SystemExit("bench: %s does not start\n%s" % (
                    name, self.said()))
            time.sleep(0.05)
            self.spawned[name] = [master] + self.children(master)

    def said(self):
        """The end of the logs of workers, pool and nginx."""
        texts = []
        for path in sorted(glob.glob(self.dir + "/*.said")) + [
                self.var + "/log/reeve.log", self.dir + "/nginx.log"]:
            if os.path.exists(path) and os.path.getsize(path):
                with open(path, errors="replace") as f:
                    texts.append("%s:\n%s" % (path, f.read()[-1500:]))
        return "\n".join(texts)

    def start_nginx(self):
        for name in ("reeve-locations.conf", "reeve_params",
                     "reeve_error_headers"):
            shutil.copy("%s/nginx/%s" % (TOP, name), self.dir)
        conf = """
            user root; worker_processes 1; pid {0}/nginx.pid; daemon on;
            error_log {0}/nginx.log;
            events {{ worker_connections 4096; }}
            http {{
                access_log off;
                client_body_temp_path {0}/t1; fastcgi_temp_path {0}/t2;
                proxy_temp_path {0}/t3; scgi_temp_path {0}/t4;
                uwsgi_temp_path {0}/t5;
                upstream reeve {{ server unix:{1}; }}
                server {{
                    listen 127.0.0.1:{2} backlog=4096;
                    include reeve_params;
                    include reeve-locations.conf;
                    location = /ok {{ return 200 "ok"; }}{3}
                }}
            }}""".format(self.dir, self.demo["REEVE_SOCKET"], PORT + 1,
                         "".join(self.locations))
        output(["nginx", "-e", self.dir + "/nginx.log", "-c",
                self.keep("nginx.conf", conf)])

    def processes(self):
        """{name: process ids} of all servers, after nginx was started."""
        run = os.path.dirname(self.demo["REEVE_SOCKET"])
        return dict(
            self.spawned,
            nginx=self.children(self.pids(self.dir, "nginx.pid")[0]),
            reeve=self.children(self.pids(run, "reeve.pid")[0]),
            database=self.pids(run, "db.pid"))

    def pids(self, *path):
        with open(os.path.join(*path)) as f:
            return [int(f.read().split()[0])]

    @staticmethod
    def children(pid):
        with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
            return [int(child) for child in f.read().split()]

    def close(self):
        for pid in sum(self.spawned.values(), []):
            try:
                os.kill(pid, 15)
            except ProcessLookupError:
                pass
        if os.path.exists(self.dir + "/nginx.pid"):
            os.kill(self.pids(self.dir, "nginx.pid")[0], 15)
        self.run_script("down")
        shutil.rmtree(self.dir, ignore_errors=True)


# ---- measuring ----

def cpu_us(pids):
    total = 0
    for pid in pids:
        with open("/proc/%d/stat" % pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total * TICK_US


def interrupted(command, seconds):
    """The output of a command that is interrupted after some seconds."""
    with subprocess.Popen(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        finally:  # also when the run itself is interrupted
            process.send_signal(signal.SIGINT)
        out = process.communicate()[0]
    if "Requests/sec" not in out:
        raise SystemExit("bench: %s:\n%s" % (" ".join(command), out))
    return out


def one_answer(path, token):
    """The answer to one GET, for people."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT + 1)
    connection.request("GET", path, headers={"X-Auth-Token": token or ""})
    answer = connection.getresponse()
    return "%d %s" % (answer.status, answer.read(1000).decode())


def wrk(path, token=None, seconds=2, connections=CONNECTIONS, requests=()):
    """Returns (requests a second, p50 ms, p99 ms, requests). requests:
    arguments of requests.lua, unless all are GET of one path."""
    command = ["wrk", "-t1", "-c%d" % connections, "-d1h", "--timeout", "5m",
               "--latency"]
    if token:
        command += ["-H", "X-Auth-Token: " + token]
    if requests:
        command += ["-s", TOP + "/t/bench/requests.lua"]
    command += ["http://127.0.0.1:%d%s" % (PORT + 1, path)]
    seconds = sized(seconds, 0.2)
    for _ in range(ATTEMPTS):
        out = interrupted(command + ["--", *requests], seconds)
        if "Non-2xx" in out or "Socket errors" in out:
            raise SystemExit("bench: requests to %s failed:\n%s%s" % (
                path, out, "" if requests else one_answer(path, token)))
        answers = int(re.search(r"(\d+) requests in", out).group(1))
        if answers:
            break
        seconds *= 5
    else:
        raise SystemExit("bench: no answer from %s:\n%s" % (path, out))

    def ms(name):
        number, unit = re.search(name + r"\s+([\d.]+)(us|ms|s)", out).groups()
        return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
            ms("50%"), ms("99%"), answers)


def resident(pids):
    """(largest Rss, largest Pss) of the processes, MiB"""
    rss, pss = [], []
    for pid in pids:
        with open("/proc/%d/smaps_rollup" % pid) as f:
            text = f.read()
        rss.append(int(re.search(r"Rss:\s+(\d+)", text).group(1)) / 1024)
        pss.append(int(re.search(r"Pss:\s+(\d+)", text).group(1)) / 1024)
    return max(rss), max(pss)


class Case:
    """A row of a comparison: requests through nginx."""

    def __init__(self, name, path, workers=None, token=None, requests=()):
        self.name = name
        self.path = path
        self.workers = workers  # whose CPU time its row shows
        self.token = token
        self.requests = requests

    def measure(self, seconds):
        return wrk(self.path, self.token, seconds, requests=self.requests)


class Comparison:
    """Cases measured alternately, round by round; their table and their
    ratios."""

    def __init__(self, title, cases, processes, seconds=2, rounds=None):
        self.title = title
        self.processes = processes
        self.results = {case.name: [] for case in cases}
        self.cpu = {case.name: {} for case in cases}
        say(title + ":")
        self.counts = {case.name: 0 if SHORT else case.measure(1)[3]
                       for case in cases}
        for _ in range(sized(rounds or ROUNDS, 1)):
            for case in cases:
                self.measure(case, seconds)
        self.print_table(cases)

    def measure(self, case, seconds):
        before = {p: cpu_us(pids) for p, pids in self.processes.items()}
        result = case.measure(seconds)
        self.results[case.name].append(result)
        self.counts[case.name] += result[3]
        for p, pids in self.processes.items():
            used = (cpu_us(pids) - before[p]) / max(result[3], 1)
            self.cpu[case.name].setdefault(p, []).append(used)

    def median(self, name, column):
        values = [r[column] for r in self.results[name]]
        return None if values[0] is None else statistics.median(values)

    def print_table(self, cases):
        say("  %-14s %10s %9s %9s   CPU us a request: nginx, workers, database"
            % ("", "req/s", "p50 ms", "p99 ms"))
        for case in cases:
            rate, p50, p99 = (self.median(case.name, i) for i in range(3))
            used = {p: statistics.median(v)
                    for p, v in self.cpu[case.name].items()}
            say("  %-14s %10.0f %9s %9s   %.0f, %s, %.0f" % (
                case.name, rate, as_ms(p50), as_ms(p99), used["nginx"],
                "%.0f" % used[case.workers] if case.workers else "-",
                used["database"]))
            figures["%s: %s" % (self.title, case.name)] = {
                "req_s": rate, "p50_ms": p50, "p99_ms": p99}

    def answers(self, name):
        """The number of requests, in all rounds and before them."""
        return self.counts[name]

    def ratio(self, name, limit):
        """The median of the rounds' ratios, by requests a second."""
        return statistics.median(
            ours[0] / theirs[0] for ours, theirs in
            zip(self.results[name], self.results[limit]))


def as_ms(value):
    return "-" if value is None else "%.2f" % value


def verdict(name, value, target, at_most=False):
    met = value <= target if at_most else value >= target
    figures[name] = {"value": round(value, 3), "target": target, "met": met}
    say("  %-52s %8.2f   target %s %.2f   %s" % (
        name, value, "<=" if at_most else ">=", target,
        "met" if met else "MISSED"))


def remark(name, value):
    """A ratio without a target."""
    figures[name] = {"value": round(value, 3)}
    say("  %-52s %8.2f" % (name, value))
