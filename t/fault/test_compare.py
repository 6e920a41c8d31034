# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl compare: a server in front of the pool passes requests on, and changes
answers as a test wants. Equal systems have no difference; each planted one is
found and no other; a server that is busy is asked again, nonsense is
told, and the token goes nowhere else."""

import http.server
import json
import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (REEVE, REEVECTL, StackTest,  # noqa: E402
                         audit_document, free_port, ledger_document, require)

DAY = "2019-04-03"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body in one packet

    def log_message(self, *_):
        pass

    def do_GET(self):
        between = self.server.between
        between.asked.append((self.path, dict(self.headers)))
        if between.first:
            status, headers, body = between.first.pop(0)
        else:
            answer = between.stack.request(
                "GET", self.path, self.headers["X-Auth-Token"])
            status, headers, body = between.change(
                self.path, answer.status, answer.body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # reevectl hangs up on an answer that is too long


class Between:
    """A server between reevectl and the pool. first: answers to give instead of
    the pool's; edit: called with path and data of each other answer."""

    def __init__(self, stack):
        self.stack = stack
        self.asked, self.first, self.edit = [], [], None
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.between = self
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,),
                         daemon=True).start()

    def change(self, path, status, body):
        envelope = json.loads(body)
        if self.edit is not None and status == 200:
            made = self.edit(path, envelope["data"])
            if isinstance(made, tuple):
                return made
            envelope["data"] = made
            body = json.dumps(envelope).encode()
        return status, {"Content-Type": "application/json"}, body

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@require(REEVE, REEVECTL)
class CompareTest(StackTest):
    pool = True
    bare = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = cls.stack
        cls.reseller = stack.create_account("Reseller", "--reseller")
        cls.account = stack.create_account("Customer", "--parent", cls.reseller)
        stack.insist("PUT", "/v2/accounts/%s/service_plans" % cls.reseller,
                     stack.token, {"id": "p", "name": "P", "plan": {
                         "devices": {"_all": {"as": "phones", "rate": 0.1}},
                         "users": {"user": {"rate": 2}}}})
        stack.insist("POST", "/v2/accounts/%s/services?accept_charges=true" %
                     cls.account, stack.token, {"add": ["p"]})
        for n in range(3):
            stack.insist("PUT", "/v2/accounts/%s/devices?accept_charges=true" %
                         cls.account, stack.token, {"name": "d%d" % n})
        stack.import_documents([
            audit_document(cls.account, 1, difference=2, billable=2),
            ledger_document(cls.account, 2)])
        cls.token_file = stack.file(stack.token + "\nanother line\n")

    def setUp(self):
        self.between = Between(self.stack)
        self.addCleanup(self.between.close)

    def run_compare(self, *options, url=None, status=0):
        done = self.stack.reevectl(
            "compare", url or self.between.url, "--json", "--token-file",
            self.token_file, *options, check=False)
        self.assertEqual(status, done.returncode, done.stdout + done.stderr)
        return json.loads(done.stdout), done.stderr

    def differences(self, *options, status=1):
        report, _ = self.run_compare("--from", DAY, "--to", DAY, *options,
                                     status=status)
        return {(row["account_id"], row["name"]): (row.get("theirs"),
                                                   row.get("ours"))
                for row in report["reports"]}


class Compare(CompareTest):
    def test_a_system_is_equal_to_itself(self):
        report, _ = self.run_compare("--from", DAY)
        self.assertEqual({"accounts": 3, "different": 0, "differences": 0,
                          "failed": 0, "reports": []}, report)
        asked = [path.split("?")[0] for path, _ in self.between.asked]
        for end in ("summary", "audit_summary", "audit/summary"):
            self.assertIn("/v2/accounts/%s/services/%s" % (self.account, end),
                          asked)

    def test_the_url_may_end_with_the_version(self):
        self.run_compare(url=self.between.url + "/v2/")

    def test_every_planted_difference_is_found_and_no_other(self):
        def edit(path, data):
            if self.account not in path:
                return data
            if "/services/summary" in path:
                data["quantities"]["account"]["devices"]["sip_device"] += 1
                data["quantities"]["account"]["faxes"] = {"mailbox": 1}
                data["invoices"][0]["items"][0]["total"] += 0.05
                data["invoices"][0]["summary"]["recurring"] += 0.05
            elif "audit_summary" in path:
                data["user"][0][DAY]["addition"] = 3
                del data["per-minute-voip"]
            return data

        self.between.edit = edit
        expected = {
            "quantities.account.devices.sip_device": (4, 3),
            "quantities.account.faxes.mailbox": (1, 0),
            "invoices.devices.phones.total": (0.35, 0.3),
            "invoices.recurring": (0.35, 0.3),
            "audit_summary.%s.user.addition" % DAY: (3, 2),
            "audit_summary.%s.per-minute-voip.quantity" % DAY: (0, 60),
        }
        self.assertEqual({(self.account, name): both
                          for name, both in expected.items()},
                         self.differences())
        with self.subTest("of one account"):
            self.assertEqual({}, self.differences(
                "--account", self.stack.create_account(), status=0))
        with self.subTest("as CSV"):
            done = self.stack.reevectl(
                "compare", self.between.url, "--csv", "--token",
                self.stack.token, "--from", DAY, "--to", DAY, check=False)
            self.assertEqual(1, done.returncode)
            rows = done.stdout.splitlines()
            self.assertEqual("account_id,name,theirs,ours", rows[0])
            self.assertIn(self.account + ",invoices.recurring,0.35,0.3", rows)

    def test_sums_of_floats_are_no_difference(self):
        def edit(path, data):
            for invoice in data.get("invoices", []) if isinstance(
                    data, dict) else []:
                invoice["summary"]["recurring"] = 0.30000000000000004 if \
                    self.account in path else invoice["summary"]["recurring"]
            return data
        self.between.edit = edit
        self.assertEqual({}, self.differences(status=0))

    def test_the_shapes_of_all_versions_are_read(self):
        shapes = (
            lambda d: d,
            lambda d: [{s: {k: v for day in days for k, v in day.items()}}
                       for s, days in d.items()],
            lambda d: [{s: {k: v}} for s, days in d.items() for day in days
                       for k, v in day.items()])
        for shape in shapes:
            self.between.edit = lambda path, data: \
                shape(data) if "audit_summary" in path else data
            self.assertEqual({}, self.differences(status=0))

    def test_a_version_has_one_of_the_summaries(self):
        for gone in ("audit_summary", "audit/summary"):
            def edit(path, data):
                return (404, {}, b"{}") if gone in path else data
            self.between.edit, self.between.asked = edit, []
            self.assertEqual({}, self.differences(status=0))
            self.assertEqual(1, len([path for path, _ in self.between.asked
                                     if gone in path]), "it is asked once")

    def test_a_busy_server_is_asked_again(self):
        self.between.first = [(503, {"Retry-After": "1"}, b""), (429, {}, b"")]
        report, _ = self.run_compare("--account", self.account)
        self.assertEqual((1, 0), (report["accounts"], report["failed"]))

    def test_nonsense_is_told_and_the_others_are_compared(self):
        for label, answer in (
                ("no JSON", (200, {}, b"<html>")), ("no data", (200, {}, b"{}")),
                ("too deep", (200, {}, b"[" * 100000)),
                ("no summary", (200, {}, b'{"data": {"invoices": 1}}')),
                ("too long", (200, {}, b" " * (17 << 20))),
                ("forbidden", (403, {}, b"{}"))):
            with self.subTest(label):
                self.between.first = [answer]
                report, _ = self.run_compare(status=65)
                self.assertEqual((1, 0), (report["failed"],
                                          report["differences"]))
                self.assertGreaterEqual(report["accounts"], 3)

    def test_a_redirect_is_not_followed(self):
        self.between.first = [(302, {"Location": self.between.url + "/x"}, b"")]
        _, said = self.run_compare(status=73)
        self.assertIn("redirects", said)
        self.assertEqual(1, len(self.between.asked))

    def test_an_unknown_token_ends_it(self):
        self.between.first = [(401, {}, b"{}")]
        report, said = self.run_compare(status=73)
        self.assertIn("token", said)
        self.assertEqual(1, len(self.between.asked))
        self.assertEqual(0, report["accounts"])

    def test_a_comparison_goes_on_where_it_stopped(self):
        def edit(path, data):
            accounts.setdefault(path.split("/")[3], None)
            return (401, {}, b"{}") if len(accounts) > 1 else data
        accounts = {}
        self.between.edit = edit
        report, said = self.run_compare("--from", DAY, "--to", DAY, status=73)
        first = list(accounts)[0]
        self.assertEqual(1, report["accounts"])
        self.assertIn("--after " + first, said)
        self.between.edit = None
        report, _ = self.run_compare("--from", DAY, "--to", DAY, "--after",
                                     first)
        self.assertEqual(2, report["accounts"])

    def test_an_address_where_nobody_listens_is_told_at_once(self):
        _, said = self.run_compare(url="http://127.0.0.1:%d" % free_port(),
                                   status=69)
        self.assertIn("127.0.0.1", said)

    def test_wrong_options_say_so(self):
        for options in (["ftp://x"], [self.between.url],
                        [self.between.url, "--token", "a b"],
                        [self.between.url, "--token", "x", "--from", "x"],
                        [self.between.url, "--token", "x", "--from",
                         "2019-04-04", "--to", DAY]):
            done = self.stack.reevectl("compare", *options, check=False)
            self.assertEqual(64, done.returncode, options)
        self.assertEqual([], self.between.asked)


if __name__ == "__main__":
    unittest.main()
