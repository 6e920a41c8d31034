# SPDX-License-Identifier: GPL-3.0-or-later
"""The base of all measurements: a private stack with workers for the limits,
and cases that are measured alternately (t/bench/README)."""

import os
import re
import shutil
import statistics
import subprocess
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("top_builddir", TOP)
PORT = int(os.environ.get("BENCH_PORT", "8390"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
WORKERS = 8
CONNECTIONS = 16
TICK_US = 1e6 / os.sysconf("SC_CLK_TCK")

figures = {}


def say(text):
    print(text, flush=True)


def program(name):
    return "%s/t/bench/%s" % (BUILD, name)


class Stack:
    """A private stack, and an nginx with workers for the limits."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="reeve-bench-")
        self.var = self.dir + "/var"
        self.env = dict(os.environ, REEVE_VAR=self.var,
                        REEVE_PORT=str(PORT), REEVE_WORKERS=str(WORKERS))
        self.spawned = {}
        self.pairs = []
        self.quickstart("up")
        # Workers are not replaced, so that growing memory shows.
        with open(self.var + "/reeve.conf", "a") as f:
            f.write("max_requests = 0\n")
        self.quickstart("up")
        self.demo = self.read_environment()

    def quickstart(self, command):
        subprocess.run([TOP + "/quickstart", command], env=self.env, check=True,
                       stdout=subprocess.DEVNULL)

    def read_environment(self):
        text = subprocess.run(
            ["bash", "-c", 'set -a; . "$0"; env -0', self.var + "/demo.env"],
            capture_output=True, text=True, check=True).stdout
        return dict(pair.split("=", 1) for pair in text.split("\0") if pair)

    def sql(self, text):
        return subprocess.run(
            ["mariadb", "--no-defaults", "--user=root", "--batch",
             "--skip-column-names", "--socket=" + self.demo["REEVE_DB_SOCKET"],
             "reeve"], input=text, capture_output=True, text=True,
            check=True).stdout

    def reevectl(self, *arguments):
        return subprocess.run(
            ["bash", "-c", self.demo["REEVECTL"] + ' "$@"', "-", *arguments],
            capture_output=True, text=True, check=True).stdout.strip()

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
        """64 accounts for the bare pair of inserts (bench_pair.sql), which
        does not write a valid audit trail."""
        if not self.pairs:
            with open(TOP + "/t/bench/bench_pair.sql") as f:
                self.sql("DELIMITER //\n" + f.read() + "//\n")
            self.pairs = [self.create_account("Bench %d" % n)
                          for n in range(64)]
        return self.pairs

    def spawn_workers(self, name, executable, environment):
        """Starts FastCGI workers, which nginx will serve at /NAME."""
        pid_file = "%s/%s.pid" % (self.dir, name)
        subprocess.run(
            ["spawn-fcgi", "-s", "%s/%s.sock" % (self.dir, name), "-b", "1024",
             "-F", str(WORKERS), "-P", pid_file, "--", program(executable)],
            env=dict(os.environ, **environment), check=True,
            stdout=subprocess.DEVNULL)
        with open(pid_file) as f:
            self.spawned[name] = [int(line) for line in f.read().split()]

    def start_nginx(self):
        for name in ("reeve-locations.conf", "reeve_params",
                     "reeve_error_headers"):
            shutil.copy("%s/nginx/%s" % (TOP, name), self.dir)
        locations = "".join("""
                    location = /{1} {{ fastcgi_pass unix:{0}/{1}.sock;
                        fastcgi_buffers 16 64k; fastcgi_buffer_size 64k; }}"""
                            .format(self.dir, name) for name in self.spawned)
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
                         locations)
        subprocess.run(["nginx", "-e", self.dir + "/nginx.log", "-c",
                        self.keep("nginx.conf", conf)], check=True)

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
        subprocess.run([TOP + "/quickstart", "reset"], env=self.env,
                       stdout=subprocess.DEVNULL)
        shutil.rmtree(self.dir, ignore_errors=True)


# ---- measuring ----

def cpu_us(pids):
    total = 0
    for pid in pids:
        with open("/proc/%d/stat" % pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total * TICK_US


def wrk(path, token=None, seconds=2, connections=CONNECTIONS, requests=()):
    """Returns (requests a second, p50 ms, p99 ms, requests). requests:
    arguments of requests.lua, unless all are GET of one path."""
    command = ["wrk", "-t1", "-c%d" % connections, "-d%ds" % seconds,
               "--latency"]
    if token:
        command += ["-H", "X-Auth-Token: " + token]
    if requests:
        command += ["-s", TOP + "/t/bench/requests.lua"]
    command += ["http://127.0.0.1:%d%s" % (PORT + 1, path)]
    out = subprocess.run(command + ["--", *requests], capture_output=True,
                         text=True, check=True).stdout
    if "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit("bench: requests to %s failed:\n%s" % (path, out))

    def ms(name):
        number, unit = re.search(name + r"\s+([\d.]+)(us|ms|s)", out).groups()
        return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
            ms("50%"), ms("99%"),
            int(re.search(r"(\d+) requests in", out).group(1)))


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
        self.counts = {case.name: case.measure(1)[3] for case in cases}
        for _ in range(rounds or ROUNDS):
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
