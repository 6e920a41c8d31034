#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The protocol: envelope, methods, negotiation, CORS, caching, habits of
clients."""

import json
import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import create_account, get, issue_token, request  # noqa: E402


class HttpTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.account = create_account()
        cls.token = issue_token(cls.account)
        cls.list = "/v2/accounts/%s/services/audit" % cls.account


class Envelope(HttpTest):
    def test_success(self):
        envelope = get(self.list, self.token).envelope
        self.assertEqual("success", envelope["status"])
        for member in ("timestamp", "version", "node", "request_id",
                       "revision", "auth_token"):
            self.assertIsInstance(envelope[member], str, member)
        self.assertRegex(envelope["timestamp"],
                         r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_error(self):
        answer = get("/v2/nonsense")
        envelope = answer.envelope
        self.assertEqual(404, answer.status)
        self.assertEqual("error", envelope["status"])
        self.assertEqual("404", envelope["error"])
        self.assertEqual("not_found", envelope["message"])
        self.assertEqual({"message": "not found"}, envelope["data"])
        self.assertNotIn("revision", envelope)

    def test_an_unknown_url_reports_a_version_of_4_3_or_later(self):
        version = get("/v2/nonsense", self.token).envelope["version"]
        self.assertGreaterEqual([int(n) for n in version.split(".")[:2]], [4, 3])

    def test_content_type_is_exact(self):
        for label, answer in (
                ("success", get(self.list, self.token)),
                ("401", get(self.list)), ("404", get("/v2/nonsense")),
                ("405", request("POST", self.list, self.token)),
                ("413", request("PUT", "/v2/user_auth",
                                body=b" " * 8_400_000)),
                ("nginx's 400", request("GET", "/v2/%00"))):
            with self.subTest(label):
                self.assertEqual("application/json",
                                 answer.headers["content-type"])
                answer.envelope

    def test_the_request_id_is_the_client_s_or_a_new_one(self):
        answer = get(self.list, self.token, headers={"X-Request-ID": "mine-1"})
        self.assertEqual("mine-1", answer.headers["x-request-id"])
        self.assertEqual("mine-1", answer.envelope["request_id"])
        answer = get(self.list, self.token)
        self.assertRegex(answer.headers["x-request-id"], "^[0-9a-f]{32}$")
        self.assertEqual(answer.headers["x-request-id"],
                         answer.envelope["request_id"])

    def test_a_request_id_cannot_break_a_header(self):
        answer = get(self.list, self.token,
                     headers={"X-Request-ID": "a b\tc;<script>"})
        self.assertRegex(answer.headers["x-request-id"], "^[0-9a-f]{32}$")

    def test_pretty_print(self):
        for label, more in (("query", {"query": {"pretty_print": "true"}}),
                            ("header", {"headers": {"X-Pretty-Print": "true"}})):
            with self.subTest(label):
                answer = get(self.list, self.token, **more)
                self.assertIn(b"\n  ", answer.body)
                answer.envelope

    def test_problem_json_on_request(self):
        answer = get("/v2/nonsense", headers={
            "Accept": "application/json, application/problem+json"})
        self.assertEqual("application/problem+json",
                         answer.headers["content-type"])
        problem = json.loads(answer.body)
        self.assertEqual(404, problem["status"])
        self.assertEqual("not_found", problem["code"])
        self.assertEqual("Not Found", problem["title"])
        self.assertEqual(200, get(self.list, self.token, headers={
            "Accept": "application/problem+json"}).status)


class Methods(HttpTest):
    def test_405_lists_the_allowed_methods(self):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            with self.subTest(method):
                answer = request(method, self.list, self.token)
                self.assertEqual(405, answer.status)
                self.assertEqual("GET, HEAD, OPTIONS", answer.headers["allow"])
                self.assertEqual("invalid_method", answer.envelope["message"])

    def test_405_before_401(self):
        self.assertEqual(405, request("POST", self.list).status)

    def test_unknown_methods(self):
        self.assertEqual(501, request("BREW", self.list, self.token).status)

    def test_head_is_get_without_a_body(self):
        got, head = (request(m, self.list, self.token) for m in ("GET", "HEAD"))
        self.assertEqual((200, b""), (head.status, head.body))
        for header in ("content-type", "content-length", "etag"):
            self.assertEqual(got.headers[header], head.headers[header], header)
        self.assertEqual((404, b""), (request("HEAD", "/v2/no").status,
                                      request("HEAD", "/v2/no").body))

    def test_tunnelling(self):
        for label, more in (
                ("query", {"query": {"verb": "GET"}}),
                ("lower case", {"query": {"verb": "get"}}),
                ("envelope", {"data": {}, "envelope": {"verb": "GET"}}),
                ("header", {"headers": {"X-HTTP-Method-Override": "GET"}})):
            with self.subTest(label):
                self.assertEqual(200, request("POST", self.list, self.token,
                                              **more).status)
        self.assertEqual(405, request("POST", self.list, self.token,
                                      data={"verb": "GET"}).status)
        self.assertEqual(400, request("POST", self.list, self.token,
                                      query={"verb": "BREW"}).status)


class Cors(HttpTest):
    def assert_cors(self, answer):
        self.assertEqual("*", answer.headers["access-control-allow-origin"])
        self.assertIn("OPTIONS", answer.headers["access-control-allow-methods"])
        self.assertEqual("nosniff", answer.headers["x-content-type-options"])

    def test_preflight_needs_no_token(self):
        for path in (self.list, "/v2/user_auth", "/v2/nonsense"):
            with self.subTest(path):
                answer = request("OPTIONS", path, headers={
                    "Origin": "http://ui.example",
                    "Access-Control-Request-Method": "GET",
                    "Access-Control-Request-Headers":
                        "content-type,x-auth-token,x-kazoo-cluster-id"})
                self.assertEqual((200, b""), (answer.status, answer.body))
                self.assert_cors(answer)
                allowed = answer.headers["access-control-allow-headers"]
                for header in ("content-type", "x-auth-token", "if-match",
                               "x-kazoo-cluster-id", "authorization"):
                    self.assertIn(header, allowed)

    def test_every_answer_has_the_headers(self):
        for label, answer in (
                ("200", get(self.list, self.token)), ("401", get(self.list)),
                ("404", get("/v2/nonsense")), ("outside", get("/v2")),
                ("413", request("PUT", "/v2/user_auth",
                                body=b" " * 8_400_000)),
                ("400 of nginx", get("/v2/%00"))):
            with self.subTest(label):
                self.assert_cors(answer)


class Caching(HttpTest):
    def test_an_etag_matches_until_the_data_change(self):
        first, second = (get(self.list, self.token) for _ in range(2))
        etag = first.headers["etag"]
        self.assertEqual(etag, second.headers["etag"])
        self.assertEqual(etag, '"%s"' % first.envelope["revision"])
        for given in (etag, 'W/%s' % etag, '"other", %s' % etag, "*"):
            with self.subTest(given):
                answer = get(self.list, self.token,
                             headers={"If-None-Match": given})
                self.assertEqual((304, b""), (answer.status, answer.body))
                self.assertEqual(etag, answer.headers["etag"])
        self.assertEqual(200, get(self.list, self.token, headers={
            "If-None-Match": '"other"'}).status)


class Negotiation(HttpTest):
    def test_unavailable_types_are_refused(self):
        answer = get(self.list, self.token, headers={"Accept": "text/html"})
        self.assertEqual(406, answer.status)
        self.assertEqual("406", answer.envelope["error"])
        self.assertEqual(406, get(self.list, self.token,
                                  query={"accept": "pdf"}).status)

    def test_accept_headers_of_clients(self):
        for accept in (None, "*/*", "application/json",
                       "application/json, text/javascript, */*; q=0.01"):
            with self.subTest(accept):
                answer = get(self.list, self.token, headers={"Accept": accept})
                self.assertEqual("application/json",
                                 answer.headers["content-type"])

    def test_bodies_of_another_type(self):
        for kind in ("text/plain", "multipart/form-data; boundary=x",
                     "application/xml"):
            with self.subTest(kind):
                answer = request("PUT", "/v2/user_auth", body=b"<x/>",
                                 headers={"Content-Type": kind})
                self.assertEqual(415, answer.status)
                self.assertEqual("415", answer.envelope["error"])

    def test_bodies_as_curl_sends_them(self):
        answer = request("PUT", "/v2/api_auth", body=b'{"data":{}}', headers={
            "Content-Type": "application/x-www-form-urlencoded"})
        self.assertIn("required", answer.data["api_key"])


class Habits(HttpTest):
    """Habits of existing clients that must keep working."""

    def assert_fine(self, path, token=None, **more):
        answer = get(path, token, **more)
        self.assertEqual(200, answer.status, answer)
        self.assertIn("data", answer.envelope)

    def test_cache_buster(self):
        self.assert_fine(self.list + "?_=1795407882579", self.token)

    def test_slash_at_the_end(self):
        self.assert_fine(self.list + "/", self.token)

    def test_version_1(self):
        self.assert_fine(self.list.replace("/v2/", "/v1/"), self.token)

    def test_a_token_in_the_query(self):
        self.assert_fine(self.list + "?auth_token=" + self.token)
        self.assert_fine(self.list + "?auth_token=" + self.token, "undefined")

    def test_a_content_type_without_a_body(self):
        self.assert_fine(self.list, self.token,
                         headers={"Content-Type": "application/json"})

    def test_delete_with_a_body(self):
        answer = request("DELETE", "/v2/token_auth", issue_token(self.account),
                         data={"ui_metadata": {"ui": "monster-ui"}})
        self.assertEqual(200, answer.status)
        self.assertIn("data", answer.envelope)

    def test_every_200_has_a_json_body(self):
        token = issue_token(self.account)
        for method, path in (("GET", self.list), ("GET", "/v2/token_auth"),
                             ("DELETE", "/v2/token_auth")):
            with self.subTest(path):
                self.assertIn("data",
                              request(method, path, token).envelope)

    def test_an_empty_account_id(self):
        for path in ("/v2/accounts//services/audit",):
            answer = get(path, self.token)
            self.assertEqual(404, answer.status)
            self.assertEqual("bad identifier", answer.envelope["message"])
            self.assertEqual({"message": "missing account_id"}, answer.data)

    def test_an_account_id_of_another_shape(self):
        answer = get("/v2/accounts/abc/services/audit", self.token)
        self.assertEqual(404, answer.status)
        self.assertEqual("bad identifier", answer.envelope["message"])
        self.assertEqual({"message": "invalid account_id 'abc'"}, answer.data)


if __name__ == "__main__":
    unittest.main()
