#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account or user is the same whether the API, reevectl or an import
creates it: one table of documents, good and bad, and three doors."""

import os
import sys
import unittest

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_ID, MASTER_TOKEN, create_account,  # noqa: E402
                   database, get, import_documents, md5, new_id, reevectl,
                   request, sha1)

REFUSED = (64, 73)  # exit statuses: wrong usage, bad value
REALM = "r%s.example"


class Refused(Exception):
    """The message of a door that refused a document."""


def options(document, names):
    """A document as options of reevectl; None: it has no option for it."""
    if set(document) - set(names) or not all(
            isinstance(value, str) for value in document.values()):
        return None
    return [word for name, value in document.items()
            for word in ("--" + name.replace("_", "-"), value)]


def run(*arguments):
    done = reevectl(*arguments, check=False)
    if done.returncode in REFUSED:
        raise Refused(done.stderr)
    if done.returncode != 0:
        raise AssertionError(done)
    return done.stdout.strip()


def take_over(document):
    report = import_documents([document])
    if report["skipped"]:
        raise Refused(report["reports"][0]["reason"])
    return document["_id"]


def put(path, document):
    answer = request("PUT", path, MASTER_TOKEN, data=document)
    if answer.status == 400:
        raise Refused(" ".join(answer.data))
    if answer.status != 201:
        raise AssertionError(answer)
    return answer.data["id"]


def quantities(account):
    return get("/v2/accounts/%s/services/summary" % account,
               MASTER_TOKEN).data["quantities"]


# ---- accounts: each door creates a child of a parent, and returns its id ----

def account_by_api(parent, document):
    return put("/v2/accounts/" + parent, document)


def account_by_reevectl(parent, document):
    words = options(document, ("name", "realm", "language"))
    return words and run("account", "create", "--parent", parent, *words)


def account_by_import(parent, document):
    return take_over(dict(document, _id=new_id(), pvt_type="account",
                          pvt_tree=[MASTER_ID, parent]))


ACCOUNT_DOORS = (account_by_api, account_by_reevectl, account_by_import)

# The document and its bad field; None: accepted. Each door gets another realm.
ACCOUNTS = (
    ({"name": "A"}, None),
    ({"name": "\U0001f4de" * 128}, None),
    ({"name": "A", "realm": REALM}, None),
    ({"name": "A", "realm": "R%s.EXAMPLE"}, None),
    ({"name": "A", "language": "de-de"}, None),
    ({"name": "A", "timezone": "Europe/Paris", "topup": {"amount": 5}}, None),
    ({"name": "A", "enabled": False}, None),
    ({"name": "A", "is_reseller": True, "billing_mode": "x"}, None),
    ({"name": "n" * 129}, "name"),
    ({"name": 5}, "name"),
    ({"name": "A", "realm": "bad realm"}, "realm"),
    ({"name": "A", "realm": "a.b"}, "realm"),
    ({"name": "A", "realm": "r" * 254}, "realm"),
    ({"name": "A", "language": "l" * 17}, "language"),
    ({"name": "A", "enabled": "yes"}, "enabled"),
    ({"name": "A", "topup": {"amount": -1}}, "amount"),
)


def with_realm(document):
    if "%s" not in document.get("realm", ""):
        return document
    return dict(document, realm=document["realm"] % new_id()[:12])


class Doors(unittest.TestCase):
    def refused(self, field, door, *arguments):
        """The door refuses the document and names the field, or has no option
        for it."""
        try:
            made = door(*arguments)
        except Refused as said:
            # reevectl reports a missing name in its own words.
            self.assertRegex(str(said), "%s|called|user name" % field)
        else:
            self.assertIsNone(made, door.__name__)


class Accounts(Doors):
    def show(self, parent, account, document):
        """Everything visible of an account."""
        path = "/v2/accounts/" + account
        shown = dict(get(path, MASTER_TOKEN).data)
        key = get(path + "/api_key", MASTER_TOKEN)
        self.assertEqual(200, key.status, key)
        for own in ("id", "created"):
            del shown[own]
        realm = shown.pop("realm")
        if "realm" in document:
            self.assertRegex(realm, r"^r[0-9a-f]{12}\.example$")
        else:
            self.assertRegex(realm, r"^[0-9a-f]{6}\.")
            shown["realm ends in"] = realm.partition(".")[2]
        return {"document": shown, "quantities": quantities(account),
                "above": quantities(parent)["cascade"],
                "keys": database("SELECT label FROM api_key WHERE account_id "
                                 "= '%s'" % account),
                "sources": database(
                    "SELECT source, category, item, quantity FROM "
                    "service_source WHERE account_id = '%s'" % account)}

    def test_all_doors_agree(self):
        for document, field in ACCOUNTS:
            shown = {}
            for door in ACCOUNT_DOORS:
                with self.subTest(door=door.__name__, document=document):
                    parent = create_account(None, "Above")
                    if field is not None:
                        self.refused(field, door, parent, document)
                        self.assertEqual([], get(
                            "/v2/accounts/%s/children" % parent,
                            MASTER_TOKEN).data)
                        continue
                    account = door(parent, with_realm(document))
                    if account is not None:
                        shown[door] = self.show(parent, account, document)
            for door, found in shown.items():
                with self.subTest(door=door.__name__, document=document):
                    self.assertEqual(shown[account_by_api], found)

    def test_a_realm_is_unique(self):
        document = with_realm({"name": "A", "realm": REALM})
        parent = create_account(None, "Above")
        account_by_api(parent, document)
        for door in ACCOUNT_DOORS:
            for realm in (document["realm"], document["realm"].upper()):
                with self.subTest(door=door.__name__, realm=realm):
                    self.refused("realm", door, parent,
                                 dict(document, name="B", realm=realm))

    def test_only_import_accepts_an_account_without_a_name(self):
        """The API and reevectl refuse it. Import accepts it, because its
        descendants would be lost with it."""
        parent = create_account(None, "Above")
        for document in ({}, {"name": ""}):
            document = with_realm(dict(document, realm=REALM))
            for door in (account_by_api, account_by_reevectl):
                with self.subTest(door=door.__name__, document=document):
                    self.refused("name", door, parent, document)
            account = account_by_import(parent, document)
            self.assertEqual(document["realm"], get(
                "/v2/accounts/" + account, MASTER_TOKEN).data["name"])

    def test_its_key_logs_in(self):
        parent = create_account(None, "Above")
        for door in ACCOUNT_DOORS:
            with self.subTest(door=door.__name__):
                account = door(parent, {"name": "A"})
                key = get("/v2/accounts/%s/api_key" % account,
                          MASTER_TOKEN).data["api_key"]
                answer = request("PUT", "/v2/api_auth", data={"api_key": key})
                self.assertEqual((201, account), (
                    answer.status, answer.data.get("account_id")))

    def test_creation_is_audited(self):
        """True of all doors but import: an imported account brings its own
        trail."""
        parent = create_account(None, "Above")
        for door, told in ((account_by_api, 1), (account_by_reevectl, 1),
                           (account_by_import, 0)):
            with self.subTest(door=door.__name__):
                self.assertEqual([[str(told)]], database(
                    "SELECT COUNT(*) FROM audit_entry WHERE account_id = '%s'"
                    " AND form = 'invoice' AND JSON_VALUE(document, "
                    "'$.audit.changes.event') = 'created'"
                    % door(parent, {"name": "A"})))


# ---- users: each door creates a user of an account, and returns the id ----

PASSWORD = "secret99"


def user_by_api(account, document):
    return put("/v2/accounts/%s/users" % account,
               dict(document, password=PASSWORD))


def user_by_reevectl(account, document):
    words = options(document, ("username", "email", "first_name", "last_name",
                               "priv_level"))
    return words and run("user", "create", "--account", account,
                         "--password", PASSWORD, *words)


def user_by_import(account, document):
    name = str(document["username"]).lower()
    return take_over(dict(
        document, _id=new_id(), pvt_type="user", pvt_account_id=account,
        pvt_md5_auth=md5(name, PASSWORD), pvt_sha1_auth=sha1(name, PASSWORD)))


USER_DOORS = (user_by_api, user_by_reevectl, user_by_import)

ANN = {"username": "ann", "first_name": "Ann", "last_name": "Lee"}

USERS = (
    (ANN, None),
    (dict(ANN, username="ANN lee"), None),
    (dict(ANN, priv_level="admin", email="ann@example.org"), None),
    (dict(ANN, first_name="\U0001f4de" * 128), None),
    (dict(ANN, enabled=False, timezone="Europe/Paris"), None),
    (dict(ANN, billing={"seat": 2}), None),
    (dict(ANN, username=""), "username"),
    (dict(ANN, username="a:b"), "username"),
    (dict(ANN, username=" ann"), "username"),
    (dict(ANN, username="u" * 257), "username"),
    (dict(ANN, first_name=""), "first_name"),
    (dict(ANN, first_name="n" * 129), "first_name"),
    (dict(ANN, last_name=5), "last_name"),
    (dict(ANN, email="nonsense"), "email"),
    (dict(ANN, email="a b@example.org"), "email"),
    (dict(ANN, email="a@" + "b" * 253), "email"),
    (dict(ANN, priv_level="x"), "priv_level"),
    (dict(ANN, enabled="yes"), "enabled"),
    (dict(ANN, billing={"seat": -1}), "seat"),
)


class Users(Doors):
    def show(self, account, user):
        shown = dict(get("/v2/accounts/%s/users/%s" % (account, user),
                         MASTER_TOKEN).data)
        del shown["id"]
        counted = quantities(account)
        return {"document": shown, "quantities": counted,
                "known as": database(
                    "SELECT username, first_name, last_name, email, "
                    "priv_level, enabled FROM account_user WHERE "
                    "account_id = '%s'" % account),
                "logs in by": database(
                    "SELECT method FROM user_credential WHERE account_id = "
                    "'%s' ORDER BY method" % account),
                "sources": database(
                    "SELECT SUBSTRING_INDEX(source, '/', 1), category, item, "
                    "quantity FROM service_source WHERE account_id = '%s' "
                    "ORDER BY category, item" % account)}

    def test_all_doors_agree(self):
        for document, field in USERS:
            shown = {}
            for door in USER_DOORS:
                with self.subTest(door=door.__name__, document=document):
                    account = create_account(None, "Of users")
                    if field is not None:
                        self.refused(field, door, account, document)
                        self.assertEqual([], get(
                            "/v2/accounts/%s/users" % account,
                            MASTER_TOKEN).data)
                        continue
                    user = door(account, document)
                    if user is not None:
                        shown[door] = self.show(account, user)
            for door, found in shown.items():
                with self.subTest(door=door.__name__, document=document):
                    self.assertEqual(shown[user_by_api], found)

    def test_a_username_is_unique(self):
        account = create_account(None, "Of users")
        user_by_api(account, ANN)
        for door in USER_DOORS:
            with self.subTest(door=door.__name__):
                self.refused("username", door, account,
                             dict(ANN, username="Ann"))

    def test_a_new_user_logs_in(self):
        for door in USER_DOORS:
            with self.subTest(door=door.__name__):
                realm = REALM % new_id()[:12]
                account = create_account(None, "Of users", "--realm", realm)
                door(account, dict(ANN, username="Ann"))
                for method, hashed in (("md5", md5), ("sha", sha1)):
                    answer = request("PUT", "/v2/user_auth", data={
                        "credentials": hashed("ann", PASSWORD),
                        "method": method, "account_realm": realm})
                    self.assertEqual(201, answer.status, answer)

    def test_a_user_without_a_name_gets_one(self):
        """Only reevectl and import do this."""
        document = {"username": "bob", "priv_level": "admin"}
        for door in (user_by_reevectl, user_by_import):
            with self.subTest(door=door.__name__):
                account = create_account(None, "Of users")
                shown = self.show(account, door(account, document))["document"]
                self.assertEqual(("bob", "Admin"), (shown["first_name"],
                                                    shown["last_name"]))
        account = create_account(None, "Of users")
        self.refused("first_name", user_by_api, account, document)


if __name__ == "__main__":
    unittest.main()
