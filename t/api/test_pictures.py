#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures: the logo and the icon of a whitelabel, the icon of an application;
how they are sent, what is refused, who sees them."""

import base64
import concurrent.futures
import os
import struct
import sys
import unittest
import zlib

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import Seller, new_id, request  # noqa: E402

MEBIBYTE = 1024 * 1024


def chunk(name, content):
    return (struct.pack("!I", len(content)) + name + content +
            struct.pack("!I", zlib.crc32(name + content)))


def png(text=b"", width=1):
    """A picture of one line; text makes it another, or larger."""
    return (b"\x89PNG\r\n\x1a\n" +
            chunk(b"IHDR", struct.pack("!IIBBBBB", width, 1, 8, 0, 0, 0, 0)) +
            chunk(b"tEXt", b"Comment\0" + text) +
            chunk(b"IDAT", zlib.compress(b"\0" * (width + 1))) +
            chunk(b"IEND", b""))


PNG = png()
JPEG = (b"\xff\xd8\xff\xe0\0\x06JFIF\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0"
        b"\xff\xda\0\x08\x01\x01\0\0\x3f\0abc\xff\xd9")


def svg(content=""):
    return ('<svg xmlns="http://www.w3.org/2000/svg">%s</svg>' %
            content).encode()


FORMS = {"image/png": PNG, "image/jpeg": JPEG, "image/svg+xml": svg()}


class PictureTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.seller = Seller()

    def setUp(self):
        self.account = self.seller.account()

    def ask(self, method, rest, token=None, **more):
        return request(method, "/v2/accounts/%s/%s" % (self.account.id, rest),
                       token or self.account.token, **more)

    def whitelabel(self):
        """Gives the account a whitelabel; returns its domain."""
        domain = "p%s.example" % self.account.id[:12]
        answer = self.ask("PUT", "whitelabel", data={"domain": domain})
        self.assertEqual(201, answer.status, answer)
        return domain

    def send(self, picture, content_type="image/png", method="PUT",
             rest="whitelabel/logo", **headers):
        return self.ask(method, rest, body=picture, headers=dict(
            {name.replace("_", "-"): value for name, value in headers.items()},
            **{"Content-Type": content_type}))

    def logo(self, **headers):
        return self.ask("GET", "whitelabel/logo", headers={
            name.replace("_", "-"): value for name, value in headers.items()})

    def is_shown(self, picture, answer):
        self.assertEqual(200, answer.status, answer)
        self.assertEqual(picture, answer.body)


class Sending(PictureTest):
    def test_a_picture_is_served_as_what_it_is_whatever_was_said(self):
        domain = self.whitelabel()
        for form, picture in FORMS.items():
            for said in (*FORMS, "application/octet-stream", "image/x; a=b"):
                with self.subTest("%s sent as %s" % (form, said)):
                    answer = self.send(picture, said)
                    self.assertEqual(201, answer.status, answer)
                    self.assertEqual({"content_type": form,
                                      "content_length": len(picture)},
                                     answer.data)
                    answer = request("GET", "/v2/whitelabel/%s/logo" % domain)
                    self.is_shown(picture, answer)
                    self.assertEqual(form, answer.headers["content-type"])
                    self.assertEqual(str(len(picture)),
                                     answer.headers["content-length"])
                    self.assertEqual(
                        "default-src 'none'; sandbox",
                        answer.headers["content-security-policy"])
                    self.assertEqual("nosniff",
                                     answer.headers["x-content-type-options"])

    def test_base64_and_data_urls_of_it_are_read(self):
        self.whitelabel()
        text = base64.b64encode(PNG).decode()
        for label, body in {
                "base64": text, "without padding": text.rstrip("="),
                "in lines": base64.encodebytes(PNG).decode(),
                "data URL": "data:image/png;base64," + text,
                "data URL that lies": "data:image/gif;base64," + text,
                "data URL without a type": "data:;base64," + text}.items():
            for said in ("application/base64", "application/x-base64"):
                with self.subTest("%s as %s" % (label, said)):
                    self.assertEqual(200, self.send(body, said,
                                                    "POST").status)
                    self.is_shown(PNG, self.logo())
                    self.assertEqual(200, self.ask(
                        "DELETE", "whitelabel/logo").status)

    def test_what_is_refused_changes_nothing(self):
        self.whitelabel()
        self.send(PNG)
        large = svg("<!--%s-->" % ("x" * MEBIBYTE))
        rows = {
            "nothing": (b"", "image/png", 400, "required"),
            "text": (b"hello", "image/png", 400, "invalid"),
            "GIF": (b"GIF89a\1\0\1\0", "image/gif", 400, "invalid"),
            "cut PNG": (PNG[:-1], "image/png", 400, "invalid"),
            "wide PNG": (png(width=16385), "image/png", 400, "invalid"),
            "PNG with a page behind it": (PNG + b"<html>", "image/png", 400,
                                          "invalid"),
            "cut JPEG": (JPEG[:-2], "image/jpeg", 400, "invalid"),
            "script": (svg("<script/>"), "image/svg+xml", 400, "invalid"),
            "handler": (svg("<g onload='x'/>"), "image/svg+xml", 400,
                        "invalid"),
            "link": (svg("<image href='//x.example/'/>"), "image/svg+xml", 400,
                     "invalid"),
            "ping": (svg("<a ping='http://x.example/'/>"), "image/svg+xml",
                     400, "invalid"),
            "costly": (svg("<g xmlns:x='%s'>%s</g>" % (
                "h" * 500000, "<g x:a=''/>" * 40000)), "image/svg+xml", 400,
                       "invalid"),
            "entities": (b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + svg("&a;"),
                         "image/svg+xml", 400, "invalid"),
            "no base64": (b"*", "application/base64", 400, "encoding"),
            "data URL without base64": (b"data:image/png,abc",
                                        "application/x-base64", 400,
                                        "encoding"),
            "base64 of text": (b"aGVsbG8=", "application/base64", 400,
                               "invalid"),
            "more than 1 MiB": (large, "image/svg+xml", 413, None),
            "more than 1 MiB as base64": (
                base64.b64encode(large), "application/base64", 413, None),
            "much more": (b"x" * 2 * MEBIBYTE, "image/png", 413, None),
            "JSON": (b'{"data": {}}', "application/json", 415, None),
            "other": (PNG, "text/plain", 415, None),
            "form": (PNG, "application/x-www-form-urlencoded", 415, None),
        }
        for label, (body, said, status, code) in rows.items():
            for method in "PUT", "POST":
                with self.subTest("%s, %s" % (label, method)):
                    answer = self.send(body, said, method)
                    self.assertEqual(status, answer.status, answer)
                    if code:
                        self.assertEqual([code], list(answer.data["file"]))
                    self.is_shown(PNG, self.logo())

    def test_one_mebibyte_is_taken(self):
        self.whitelabel()
        picture = png(b"x" * (MEBIBYTE - len(PNG)))
        self.assertEqual(MEBIBYTE, len(picture))
        self.assertEqual(201, self.send(picture).status)
        self.is_shown(picture, self.logo())
        self.assertEqual(201, self.send(base64.encodebytes(picture),
                                        "application/base64").status)

    def test_no_other_route_takes_files(self):
        for rest in ("devices", "whitelabel"):
            for said in "image/png", "application/octet-stream", \
                    "application/base64":
                with self.subTest("%s %s" % (rest, said)):
                    answer = self.send(PNG, said, rest=rest)
                    self.assertEqual(415, answer.status, answer)

    def test_strangers_are_not_asked_for_a_smaller_one(self):
        self.whitelabel()
        for picture in PNG, png(b"x" * 500000):
            answer = request("PUT", "/v2/accounts/%s/whitelabel/logo" %
                             self.account.id, body=picture,
                             headers={"Content-Type": "image/png"})
            self.assertEqual(401, answer.status, answer)


    def test_a_picture_is_read_before_its_place_among_changes_is_taken(self):
        """With that place, If-Match is compared, which the picture here does not
        come to."""
        self.whitelabel()
        answer = self.send(svg("<script/>"), "image/svg+xml", If_Match='"x"')
        self.assertEqual(400, answer.status, answer)
        self.assertIn("file", answer.data)


class Changing(PictureTest):
    def test_there_has_to_be_a_document(self):
        self.assertEqual(404, self.send(PNG).status)
        self.assertEqual(404, self.send(PNG, rest="apps/%s/icon" %
                                        new_id()).status)
        self.whitelabel()
        self.assertEqual(404, self.logo().status)
        self.assertEqual(404, self.ask("DELETE", "whitelabel/logo").status)

    def test_a_picture_goes_with_its_document(self):
        domain = self.whitelabel()
        self.send(PNG)
        self.send(JPEG, rest="whitelabel/icon")
        self.is_shown(JPEG, self.ask("GET", "whitelabel/icon"))
        self.ask("PATCH", "whitelabel", data={"company_name": "C"})
        self.is_shown(PNG, self.logo())
        self.assertEqual(200, self.ask("DELETE", "whitelabel").status)
        self.whitelabel()
        self.assertEqual(404, self.logo().status)
        self.send(PNG)
        self.assertEqual(200, self.ask("DELETE", "",
                                       self.seller.token).status)
        self.assertEqual(404, request("GET", "/v2/whitelabel/%s/logo" %
                                      domain).status)

    def test_a_repeated_request_is_known_by_its_bytes(self):
        self.whitelabel()
        key = {"Idempotency_Key": new_id()}
        first = self.send(PNG, **key)
        self.assertEqual(201, first.status, first)
        self.assertEqual(200, self.send(JPEG, method="POST").status)
        again = self.send(PNG, **key)
        self.assertEqual("true", again.headers["idempotency-replayed"])
        self.assertEqual(first.data, again.data)
        self.is_shown(JPEG, self.logo())
        self.assertEqual(422, self.send(svg(), **key).status)

    def test_if_match_names_the_picture_that_is_there(self):
        self.whitelabel()
        self.assertEqual(412, self.send(PNG, If_Match='"x"').status)
        self.send(PNG)
        etag = self.logo().headers["etag"]
        self.assertEqual(412, self.send(JPEG, If_Match='"x"').status)
        self.assertEqual(201, self.send(JPEG, If_Match=etag).status)
        self.assertEqual(412, self.ask("DELETE", "whitelabel/logo", headers={
            "If-Match": etag}).status)
        self.is_shown(JPEG, self.logo())

    def test_of_two_that_saw_the_same_one_wins(self):
        self.whitelabel()
        self.send(PNG)
        etag = self.logo().headers["etag"]
        pictures = [svg("<!--%d-->" % i) for i in range(6)]
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            done = list(pool.map(lambda picture: self.send(
                picture, If_Match=etag).status, pictures))
        self.assertEqual([201] + 5 * [412], sorted(done))
        self.is_shown(pictures[done.index(201)], self.logo())

    def test_a_post_may_stand_for_another_method(self):
        self.whitelabel()
        self.assertEqual(201, self.send(PNG, method="POST",
                                        X_HTTP_Method_Override="PUT").status)
        self.assertEqual(200, self.ask("POST", "whitelabel/logo", data={},
                                       envelope={"verb": "DELETE"}).status)
        self.assertEqual(404, self.logo().status)


class Showing(PictureTest):
    def test_a_page_knows_without_an_error_what_there_is(self):
        domain = "%s.example.com" % new_id()
        path = "/v2/whitelabel/%s" % domain
        look = lambda: request("GET", path, query={"fallback": "true"})
        self.assertEqual((200, {}), (look().status, look().data))
        self.assertEqual(404, request("GET", path).status)
        self.assertEqual(201, self.ask("PUT", "whitelabel", data={
            "domain": domain, "company_name": "Us"}).status)
        has = lambda: tuple(look().data[name] for name in (
            "company_name", "logo", "icon"))
        self.assertEqual(("Us", False, False), has())
        for name, expected in (("logo", ("Us", True, False)),
                               ("icon", ("Us", True, True))):
            self.assertEqual(201, self.send(
                PNG, rest="whitelabel/" + name).status)
            self.assertEqual(expected, has())
        self.assertNotIn("logo", request("GET", path).data)

    def test_a_browser_keeps_what_has_not_changed(self):
        domain = self.whitelabel()
        self.send(PNG)
        path = "/v2/whitelabel/%s/logo" % domain
        accept = {"Accept": "image/avif,image/*;q=0.8"}
        answer = request("GET", path, "undefined", headers=accept)
        self.is_shown(PNG, answer)
        answer = request("GET", path, headers=dict(
            accept, **{"If-None-Match": answer.headers["etag"]}))
        self.assertEqual((304, b""), (answer.status, answer.body))
        answer = request("HEAD", path, headers=accept)
        self.assertEqual((200, b""), (answer.status, answer.body))
        self.assertEqual(str(len(PNG)), answer.headers["content-length"])
        self.send(JPEG)
        for query in {"accept": "csv"}, {"fields": "id"}, {"_": "1"}, \
                {"pretty_print": "true"}:
            with self.subTest(query):
                self.is_shown(JPEG, request("GET", path, query=query))
        self.assertEqual(404, request(
            "GET", "/v2/whitelabel/%s/icon" % domain).status)

    def app(self, owner):
        answer = request("PUT", "/v2/accounts/%s/apps" % owner.id,
                         owner.token, data={"name": "crm"})
        self.assertEqual(201, answer.status, answer)
        return answer.data["id"]

    def set_icon(self, owner, app, picture):
        answer = request("PUT", "/v2/accounts/%s/apps/%s/icon" % (
            owner.id, app), owner.token, body=picture,
            headers={"Content-Type": "image/png"})
        self.assertEqual(201, answer.status, answer)

    def test_the_icon_of_an_application_is_shown_where_it_is_offered(self):
        app = self.app(self.seller)
        rest = "apps_store/%s/icon" % app
        self.assertEqual(404, self.ask("GET", rest).status)
        self.set_icon(self.seller, app, PNG)
        self.is_shown(PNG, self.ask("GET", rest))
        self.is_shown(PNG, request("GET", "/v2/accounts/%s/%s" % (
            self.account.id, rest), query={"auth_token": self.account.token}))
        self.assertEqual(401, request("GET", "/v2/accounts/%s/%s" % (
            self.account.id, rest)).status)
        other = Seller("Other")
        self.assertEqual(404, request("GET", "/v2/accounts/%s/%s" % (
            other.id, rest), other.token).status)
        # It is not the customer's own.
        self.assertEqual(404, self.ask("GET", "apps/%s/icon" % app).status)
        self.assertEqual(404, self.send(PNG, rest="apps/%s/icon" % app).status)
        self.assertEqual(405, self.send(PNG, rest=rest).status)

    def test_nobody_is_led_to_the_icon_of_another_account(self):
        other = Seller("Other").account()
        theirs, mine = self.app(other), self.app(self.account)
        self.set_icon(other, theirs, JPEG)
        self.assertEqual(201, self.ask("PUT", "apps_store/" + mine, data={
            "account_id": other.id, "id": theirs}).status)
        for app in mine, theirs:
            self.assertEqual(404, self.ask(
                "GET", "apps_store/%s/icon" % app).status)


if __name__ == "__main__":
    unittest.main()
