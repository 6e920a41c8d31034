#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents and ids, and what they make whom do: every member of every schema
that can hold an id of an account, plan or bookkeeper, or a URL, every such
query parameter, and every id in a path, with what belongs to others, by every
caller.
(t/api/test_authorization calls every route as every caller, with nothing of
others.)

A member that is added to src/billing/schemas without a row here fails the
suite. After each request, the rows of those about whom the caller decides
nothing are as they were.
"""

import glob
import json
import os
import re
import subprocess
import sys
import unittest

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
sys.path.insert(0, os.path.join(TOP, "t"))

from reeve import (MASTER_ID, MASTER_TOKEN, Seller, database,  # noqa: E402
                   md5, new_id, request)
from test_authorization import EXPECTED  # noqa: E402

CALLERS = ("customer", "sibling", "seller", "foreign")
SECRET = "a word of somebody else"
HOOKS = ["topup.failed"]


def text_of(*path):
    with open(os.path.join(TOP, *path)) as f:
        return f.read()


# ---- the members ----

SAMPLES = ("0123456789abcdef" * 2, "base", "https://a.example.org/x", "f0" * 32)


def pattern(text):
    """A POSIX pattern as Python has it."""
    return text.replace("\\[:cntrl:]", r"\\\x00-\x1f\x7f").replace(
        "[:cntrl:]", r"\x00-\x1f\x7f")


def holds(schema, text):
    """May a value be this text?"""
    types = schema.get("type", "string")
    return ("string" in types and "enum" not in schema and
            schema.get("minLength", 0) <= len(text) and
            len(text) <= schema.get("maxLength", len(text)) and
            re.search(pattern(schema.get("pattern", "")), text) is not None)


def named(schema):
    """The schemas of members that documents name themselves."""
    every = [values for key, values in
             schema.get("patternProperties", {}).items()
             if any(re.search(pattern(key), text) for text in SAMPLES)]
    if isinstance(schema.get("additionalProperties"), dict):
        every.append(schema["additionalProperties"])
    return every


def members(schema, path=""):
    """Where a schema holds a text of SAMPLES: a member, the elements of a list
    ("[]"), the names of members ("<key>"), or anywhere ("{}")."""
    if "$ref" in schema:
        return
    parts = [(path + "." + name, part) for name, part in
             schema.get("properties", {}).items()]
    for part in named(schema):
        yield path + ".<key>"
        parts.append((path + ".*", part))
    if "items" in schema:
        parts.append((path + "[]", schema["items"]))
    parts += [(".#" + name, part) for name, part in
              schema.get("definitions", {}).items()]
    if any(holds(schema, text) for text in SAMPLES):
        yield path
    if not parts and path and schema.get("type") in ("object", "array"):
        yield path + {"object": "{}", "array": "[]"}[schema["type"]]
    for where, part in parts:
        yield from members(part, where)


def schemas():
    for name in glob.glob(os.path.join(TOP, "src", "billing", "schemas", "*")):
        with open(name) as f:
            yield os.path.basename(name)[:-len(".json")], json.load(f)


SCHEMAS = dict(schemas())

# Members that are kept, shown and sent as they are, and decide nothing.
KEPT = {
    "accounts": "name language org notifications{} call_restriction{} "
                "caller_id{} music_on_hold{} preflow{} ringtones{} dial_plan{}",
    "alerts": "title message category from[] to[] billing.<key>",
    "allotments": "<key> *.group_consume[]",
    "apps": "name api_url source_url i18n{} tags[] icon author version license "
            "screenshots[] urls{} billing.<key>",
    "bookkeepers": "name secret authorization mappings{}",
    "callflows": "name numbers[] patterns[] featurecode{} flow{} owner_id "
                 "billing.<key>",
    "conferences": "name owner_id conference_numbers[] member{} moderator{} "
                   "billing.<key>",
    "devices": "name device_type owner_id mac_address sip.username "
               "sip.password sip.realm caller_id{} billing.<key>",
    "external_numbers": "name number billing.<key>",
    "faxboxes": "name caller_id caller_name billing.<key>",
    "ips": "zone host billing.<key>",
    "ledgers": "source.service source.id usage.type usage.unit description "
               "metadata{}",
    "limits": "authz_resource_types[] billing.<key>",
    "phone_numbers": "carrier_name used_by cnam.display_name e911{} failover{} "
                     "prepend.name ringback{} billing.<key>",
    "port_requests": "name numbers{} carrier transitions[] billing.<key>",
    "quantities": "<key> *.<key>",
    "qubicle_queues": "name offering billing.<key>",
    "service_plans": "id name description category applications.*.name "
                     "ratedeck.id ratedeck.name limits{} asr.<key> im.<key> "
                     "#plan.<key> #plan.*.<key> #item.as #item.exceptions[] "
                     "#item.name #item.taxes[].name #item.taxes[].tax_id "
                     "#tiers{}",
    "services_status": "reason",
    "transactions": "description reason credit_type order_id metadata{}",
    "usage": "account.name source.service source.id usage.type usage.unit "
             "description metadata{}",
    "users": "username password first_name last_name language "
             "qubicle.recipient.offering apps{} appList[] billing.<key>",
    "vmboxes": "name mailbox owner_id pin billing.<key>",
    "webhooks": "name secret",
    "whitelabel": "company_name billing.<key>",
}


def statuses(customer, seller, sibling=403, foreign=403):
    return {"customer": customer, "sibling": sibling, "seller": seller,
            "foreign": foreign}


FAMILY, SETTING = statuses(201, 201), statuses(200, 200)
SELLER, NOBODY = statuses(403, 201), statuses(403, 403)

# Where documents of a schema go: method, path, status by caller on the
# customer's account, and on the caller's own, what else the document needs.
DOORS = {
    "accounts": ("PATCH", "", SETTING, 200, {}),
    "alerts": ("PUT", "/alerts", FAMILY, 201, {}),
    "allotments": ("POST", "/allotments", statuses(400, 200),
                   statuses(400, 200, 400, 200), {}),
    "apps": ("PUT", "/apps", FAMILY, 201, {}),
    "bookkeepers": ("PUT", "/bookkeepers", FAMILY, 201,
                    {"bookkeeper": {"type": "default"}}),
    "callflows": ("PUT", "/callflows", FAMILY, 201, {"flow": {}}),
    "conferences": ("PUT", "/conferences", FAMILY, 201, {}),
    "devices": ("PUT", "/devices", FAMILY, 201, {}),
    "external_numbers": ("PUT", "/external_numbers", FAMILY, 201,
                         {"number": "+%(serial)d"}),
    "faxboxes": ("PUT", "/faxboxes", FAMILY, 201, {}),
    "ips": ("POST", "/ips/%(ip)s", statuses(403, 200), 403, {}),
    "ledgers": ("PUT", "/ledgers/credit", SELLER, 403,
                {"amount": 1, "usage": {"quantity": 0}}),
    "limits": ("POST", "/limits", statuses(403, 200),
               statuses(403, 200, 403, 200), {}),
    "phone_numbers": ("PUT", "/phone_numbers/+1%(serial)d", FAMILY, 201,
                      {}),
    "port_requests": ("PUT", "/port_requests", FAMILY, 201, {}),
    "quantities": ("POST", "/services/manual", statuses(403, 200), 403, {}),
    "qubicle_queues": ("PUT", "/qubicle_queues", FAMILY, 201, {}),
    "service_plans": ("PUT", "/service_plans", FAMILY, 201,
                      {"id": "p%(serial)d"}),
    "services_status": ("POST", "/services/status", NOBODY, 403,
                        {"in_good_standing": False}),
    "transactions": ("PUT", "/transactions/credit", SELLER, 403,
                     {"amount": 1}),
    "usage": ("PUT", "/ledgers/usage", SELLER, statuses(403, 400, 403, 400),
              {"amount": 1, "usage": {"quantity": 0}}),
    "users": ("PUT", "/users", FAMILY, 201, {"username": "u%(serial)d"}),
    "vmboxes": ("PUT", "/vmboxes", FAMILY, 201, {}),
    "webhooks": ("PUT", "/webhooks", FAMILY, 201,
                 {"uri": "https://a.example.org/", "hooks": HOOKS}),
    "whitelabel": ("POST", "/whitelabel", SETTING, 200,
                   {"domain": "d%(serial)d.example.org"}),
}

# Members that make the system do something: method, path on the customer's
# account, the document, status by caller. @NAME is what somebody has.
REFUSED = statuses(403, 400)
UNKNOWN = statuses(403, 404)
FREE = {"plan": {"devices": {"sip_device": {"rate": 0}}},
        "bookkeeper": {"id": "@foreign.bookkeeper", "type": "http",
                       "vendor_id": "@foreign"}}
ASSIGN = ("POST", "/services/base")
SERVICES = ("POST", "/services")
QUOTE = ("POST", "/services/quote")
TEMPLATE = ("POST", "/token_restrictions", statuses(200, 200))
PLAN = ("PUT", "@seller/service_plans", statuses(403, 201))
LOGIN, STRANGER = "@none/%s", statuses(401, 401, 401, 401)
RECOVERY, UNSENT = LOGIN % "user_auth/recovery", statuses(400, 400, 400, 400)


def acts(method, path, status, *documents):
    return [(method, path, document, status) for document in documents]


ACTS = {
    "accounts timezone": acts("PATCH", "", statuses(400, 400),
                              {"timezone": "@foreign"}),
    "accounts_move to": acts("POST", "/move", NOBODY, {"to": "@foreign"},
                             {"to": "@sibling"}, {"to": "@master"}),
    "accounts realm": acts("PATCH", "", statuses(400, 400),
                           {"realm": "@foreign.realm"},
                           {"realm": "@sibling.realm"}),
    "apps_store apps.<key>": acts(
        "PUT", "/apps_store/@foreign.app", statuses(404, 404), {}),
    "apps_store apps.*.name": acts(
        "PUT", "/apps_store/@seller.app", statuses(201, 409),
        {"name": "@foreign"}),
    "apps_store apps.*.users[]": acts(
        "POST", "/apps_store/@seller.app", SETTING,
        {"allowed_users": "specific", "users": ["@foreign.user"]}),
    "apps_store blacklist[]": acts(
        "POST", "/apps_store/blacklist", statuses(403, 200),
        {"blacklist": ["@foreign.app", "@foreign"]}),
    "apps_store billing.<key>": acts(
        "POST", "/apps_store/@seller.app", SETTING,
        {"billing": {"@foreign": 1}}),
    "assignment vendor_id": acts(*ASSIGN, REFUSED, {"vendor_id": "@foreign"},
                                 {"vendor_id": "@sibling"},
                                 {"vendor_id": "@master"}),
    "assignment overrides{}": acts(*ASSIGN, statuses(403, 200),
                                   {"overrides": FREE}),
    "assignment contract{}": acts(*ASSIGN, statuses(403, 200),
                                  {"contract": {"vendor_id": "@foreign"}}),
    "assignment quote": acts(*ASSIGN, UNKNOWN, {"quote": "@foreign.quote"},
                             {"quote": "@sibling.quote"}),
    "assignments []": acts(*SERVICES, UNKNOWN, {"add": ["@foreign.plan"]}) +
                      acts(*QUOTE, statuses(404, 404),
                           {"add": ["@foreign.plan"]}),
    "assignments [].id": acts(*SERVICES, UNKNOWN,
                              {"add": [{"id": "@foreign.plan"}]}) +
                         acts(*QUOTE, statuses(404, 404),
                              {"plans": [{"id": "@foreign.plan"}]}),
    "assignments [].vendor_id": acts(
        *SERVICES, REFUSED,
        {"add": [{"id": "@foreign.plan", "vendor_id": "@foreign"}]},
        {"add": [{"id": "base", "vendor_id": "@foreign"}]}) + acts(
            *QUOTE, statuses(400, 400),
            {"add": [{"id": "@foreign.plan", "vendor_id": "@foreign"}]}),
    "assignments [].overrides{}": acts(
        *SERVICES, statuses(403, 200),
        {"add": [{"id": "base", "overrides": FREE}]}) + acts(
            *QUOTE, statuses(403, 200),
            {"add": [{"id": "base", "overrides": FREE}]}),
    "assignments [].contract{}": acts(
        *QUOTE, statuses(403, 200),
        {"add": [{"id": "base", "contract": {"vendor_id": "@foreign"}}]}),
    "api_auth api_key": acts("PUT", LOGIN % "api_auth", STRANGER,
                             {"api_key": "@foreign@foreign"}),
    # The token is good for less, never for more.
    "auth_restrictions #paths[]": acts(
        "PUT", LOGIN % "user_auth", statuses(201, 201, 201, 201),
        {"account_realm": "@customer.realm", "credentials": "@customer.digest",
         "restrictions": {"get": ["accounts/@foreign/#"]}}),
    "bookkeepers url": acts(
        "PUT", "/bookkeepers", statuses(400, 400),
        {"name": "B", "bookkeeper": {"type": "http"}, "secret": "s" * 20,
         "url": "http://127.0.0.1/"}) + acts(
            "PUT", "/bookkeepers", FAMILY,
            {"name": "B", "bookkeeper": {"type": "http"}, "secret": "s" * 20,
             "url": "@foreign.url"}),
    "ips ip": acts("POST", "/ips/@free.ip", statuses(403, 200),
                   {"ip": "@foreign.ip"}) +
              acts("POST", "/ips/@foreign.ip", statuses(403, 409), {}),
    "plan_ids []": acts(*SERVICES, UNKNOWN, {"delete": ["@foreign.plan"]}) +
                   acts("DELETE", "/service_plans", UNKNOWN,
                        {"delete": ["@foreign.plan"]}) +
                   acts(*QUOTE, statuses(404, 404),
                        {"add": ["base"], "delete": ["@foreign.plan"]}),
    "service_plans applications.<key>": acts(*PLAN, {
        "id": "a1", "name": "P", "plan": {},
        "applications": {"@foreign.app": {"name": "a"}}}),
    "service_plans applications.*.vendor_id": acts(*PLAN, {
        "id": "a2", "name": "P", "plan": {}, "applications": {"@foreign.app": {
            "name": "a", "vendor_id": "@foreign"}}}),
    "service_plans bookkeeper.id": acts(*PLAN, {
        "id": "a3", "name": "P", "plan": {},
        "bookkeeper": {"id": "@foreign.bookkeeper", "type": "http"}}),
    "service_plans bookkeeper.type": acts(*PLAN, {
        "id": "a4", "name": "P", "plan": {},
        "bookkeeper": {"type": "@foreign"}}),
    "service_plans bookkeeper.vendor_id": acts(*PLAN, {
        "id": "a5", "name": "P", "plan": {}, "bookkeeper": FREE["bookkeeper"]}),
    "services billing_id": acts(
        *SERVICES, REFUSED, {"billing_id": "@foreign"},
        {"billing_id": "@sibling"}, {"billing_id": "@master"}),
    "services overrides{}": acts(*SERVICES, statuses(403, 200),
                                 {"overrides": FREE}) +
                            acts("POST", "/services/overrides",
                                 statuses(403, 200), FREE),
    "services quote": acts(*SERVICES, UNKNOWN, {"quote": "@foreign.quote"},
                           {"quote": "@sibling.quote"}),
    "services_quote overrides{}": acts(*QUOTE, statuses(403, 200),
                                       {"add": ["base"], "overrides": FREE}),
    "services_quote plan{}": acts(*QUOTE, statuses(403, 200),
                                  {"plan": dict(FREE, id="base", name="B")}),
    # They take rights of the account's own tokens away, and give none.
    "token_restrictions #nouns.<key>": acts(
        *TEMPLATE, {"cb_api_auth": {"_": {"@foreign": []}}}),
    "token_restrictions #entry.allowed_accounts[]": acts(
        *TEMPLATE, {"cb_api_auth": {"_": {"_": [
            {"allowed_accounts": ["@foreign", "@sibling"],
             "rules": {"#": ["_"]}}]}}}),
    "token_restrictions #entry.rules.<key>": acts(
        *TEMPLATE, {"cb_api_auth": {"_": {"_": [
            {"rules": {"@foreign/#": ["_"]}}]}}}),
    # 201: each entry has its own error, and none is written.
    "usage account.id": acts("PUT", "/ledgers/usage", SELLER, *(
        [{"account": {"id": "@" + other}, "amount": 1,
          "source": {"service": "calls", "id": "1"},
          "usage": {"quantity": 1, "type": "voice", "unit": "sec"}}]
        for other in ("foreign", "sibling", "master"))),
    "tokeninfo token": acts("POST", LOGIN % "auth/tokeninfo", STRANGER,
                            {"token": "@foreign"}),
    "user_auth account_id": acts("PUT", LOGIN % "user_auth", STRANGER, {
        "account_id": "@foreign", "credentials": "@customer.digest"}),
    "user_auth account_name": acts("PUT", LOGIN % "user_auth", STRANGER, {
        "account_name": "@foreign.name", "credentials": "@customer.digest"}),
    "user_auth account_realm": acts("PUT", LOGIN % "user_auth", STRANGER, {
        "account_realm": "@foreign.realm", "credentials": "@customer.digest"}),
    "user_auth realm": acts("PUT", LOGIN % "user_auth", STRANGER, {
        "realm": "@foreign.realm", "credentials": "@customer.digest"}),
    "user_auth credentials": acts("PUT", LOGIN % "user_auth", STRANGER, {
        "account_realm": "@customer.realm", "credentials": "@foreign.digest"}),
    "user_auth method": acts(
        "PUT", LOGIN % "user_auth", statuses(400, 400, 400, 400),
        {"account_realm": "@customer.realm", "method": "@foreign",
         "credentials": "@foreign.digest"}),
    # Nobody gets a mail here, and all get the same answer.
    "user_auth_recovery username": acts("PUT", RECOVERY, UNSENT, {
        "account_id": "@foreign", "username": "@foreign"}),
    "user_auth_recovery account_id": acts("PUT", RECOVERY, UNSENT, {
        "account_id": "@foreign", "username": "admin"}),
    "user_auth_recovery account_name": acts("PUT", RECOVERY, UNSENT, {
        "account_name": "@foreign.name", "username": "admin"}),
    "user_auth_recovery account_realm": acts("PUT", RECOVERY, UNSENT, {
        "account_realm": "@foreign.realm", "username": "admin"}),
    "user_auth_recovery realm": acts("PUT", RECOVERY, UNSENT, {
        "realm": "@foreign.realm", "username": "admin"}),
    "user_auth_recovery ui_url": acts("PUT", RECOVERY, UNSENT, {
        "account_id": "@foreign", "username": "admin",
        "ui_url": "@foreign.url"}),
    "user_auth_reset reset_id": acts("POST", RECOVERY, STRANGER, {
        "reset_id": "@foreign"}),
    "users timezone": acts("PUT", "/users", statuses(400, 400), {
        "first_name": "A", "last_name": "B", "timezone": "@foreign"}),
    "webhooks uri": acts("PUT", "/webhooks", statuses(400, 400),
                         {"name": "W", "hooks": HOOKS,
                          "uri": "http://169.254.169.254/"}) +
                    acts("PUT", "/webhooks", FAMILY,
                         {"name": "W", "hooks": HOOKS, "uri": "@foreign.url"}),
    "webhooks_replay delivery_id": acts(
        "POST", "/webhooks/@customer.webhook/replay", statuses(404, 404),
        {"delivery_id": "@foreign.delivery"}),
    "whitelabel domain": acts("PATCH", "/whitelabel", statuses(400, 400),
                              {"domain": "@foreign.domain"}),
}


# ---- what others have ----

class Rows:
    """Rows of accounts in the database, as sums over each table."""
    # These change with what is counted and priced below an account.
    COUNTED = {"account", "audit_day", "audit_entry", "audit_head", "outbox",
               "service_quantity", "service_snapshot", "service_source",
               "auth_token", "remembered_answer", "request"}
    # The courier writes the others.
    COLUMNS = {"audit_entry": ["id", "hash"], "outbox": ["id", "document"],
               "outbox_line": ["account_id"]}

    def __init__(self):
        self.client = subprocess.Popen(
            ["mariadb", "--no-defaults", "-S", os.environ["REEVE_DB_SOCKET"],
             "-uroot", "-n", "-N", "-B", "reeve"], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.tables = {}
        for table, column in database(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'reeve' ORDER BY 1, 2"):
            self.tables.setdefault(table, []).append(column)
        self.tables = {table: columns for table, columns in self.tables.items()
                       if "account_id" in columns or table == "account"}

    def close(self):
        self.client.stdin.close()
        self.client.stdout.close()
        self.client.wait()

    def query(self, table, accounts, columns):
        key = "id" if table == "account" else "account_id"
        return ("SELECT '%s', COUNT(*), SUM(CRC32(CONCAT_WS('|', %s))) FROM %s"
                " WHERE %s IN (%s)" % (table, ", ".join(
                    "IFNULL(%s, '')" % column for column in columns), table,
                    key, ", ".join("'%s'" % one for one in accounts)))

    def of(self, strangers, above):
        """All that strangers have; what their ancestors decide themselves."""
        queries = []
        for table, columns in self.tables.items():
            columns = self.COLUMNS.get(table, columns)
            queries.append(self.query(table, strangers, columns))
            if table not in self.COUNTED:
                queries.append(self.query(table, above, [
                    column for column in columns
                    if column not in ("version", "modified")]))
        self.client.stdin.write(" UNION ALL ".join(queries) +
                                "; SELECT 'done';\n")
        self.client.stdin.flush()
        return list(iter(lambda: self.client.stdout.readline().strip(),
                         "done"))


def filled(schema, values):
    """A document with one of the values in each member that holds it; None:
    there is none."""
    if "$ref" in schema:
        name = schema["$ref"]
        return filled(SCHEMAS[name] if name in SCHEMAS else
                      SCHEMAS["service_plans"]["definitions"]
                      [name.rpartition("/")[2]], values)
    fitting = [value for value in values if holds(schema, value)]
    if fitting and ("string" in schema.get("type", "string")):
        return fitting[0]
    if "enum" in schema:
        return schema["enum"][0]
    kinds = schema.get("type")
    if kinds in ("integer", "number"):
        return max(1, schema.get("minimum", 1))
    if kinds == "array":
        one = (filled(schema["items"], values) if "items" in schema else
               values[0])
        return None if one is None else [one]
    if "object" not in kinds:
        return None
    out = {name: filled(part, values)
           for name, part in schema.get("properties", {}).items()}
    for part in named(schema):
        out[values[0]] = filled(part, values)
    if not out and not schema.get("patternProperties"):
        out = {"id": values[0], "account_id": values[0], "url": values[-1]}
    return {name: part for name, part in out.items() if part is not None}


class AttackTest(unittest.TestCase):
    """The classes share their accounts."""
    things = None

    @classmethod
    def setUpClass(cls):
        if AttackTest.things is None:
            AttackTest.set_up()

    @classmethod
    def set_up(cls):
        cls.seller, cls.foreign = Seller("Seller"), Seller(SECRET)
        cls.customer = cls.seller.account("Customer")
        cls.sibling = cls.seller.account("Sibling")
        cls.theirs = cls.foreign.account(SECRET)
        cls.rows = Rows()
        unittest.addModuleCleanup(cls.rows.close)
        cls.seen = None  # account, and what others had after the last attack
        cls.serial = 10**9 + int(new_id()[:7], 16)
        cls.things = {"master": MASTER_ID, "none": ""}
        cls.seller.plan("base", {"devices": {"sip_device": {"rate": 36}}})
        cls.foreign.plan("theirs", {"devices": {"sip_device": {"rate": 1}}})
        for name in CALLERS + ("theirs",):
            cls.give(name)
        for account in (cls.customer, cls.sibling):
            account.assign("base")
        cls.theirs.assign("theirs")
        cls.things.update({
            "foreign.plan": "theirs", "foreign.url": "https://b.example.org/",
            "foreign.delivery": 32 * "d", "foreign.name": SECRET,
            "foreign.ip": cls.next_ip(), "free.ip": cls.next_ip(),
            "foreign.number": "+1%d" % cls.serial})
        cls.made("master", "POST", "foreign",
                 "/ips/" + cls.things["foreign.ip"], {})
        cls.made("foreign", "PUT", "foreign",
                 "/phone_numbers/" + cls.things["foreign.number"], {})
        for name, account in (("sibling", "sibling"), ("foreign", "theirs")):
            cls.things[name + ".quote"] = cls.made(
                name, "POST", account, "/services/quote", {})["quote"]["id"]

    @classmethod
    def next_ip(cls):
        AttackTest.serial += 1
        return "10.%d.%d.%d" % (cls.serial >> 16 & 255, cls.serial >> 8 & 255,
                                cls.serial & 255)

    @classmethod
    def made(cls, caller, method, account, path, document):
        answer = request(method, "/v2/accounts/%s%s" % (
            cls.things[account], path), cls.token(caller), data=document,
                         envelope={"accept_charges": True})
        if answer.status not in (200, 201):
            raise AssertionError(answer)
        return answer.data

    @classmethod
    def give(cls, name):
        """Makes things of an account, which others might name."""
        account, things = getattr(cls, name), cls.things
        word = SECRET if name in ("foreign", "theirs") else "own"
        things[name] = account.id
        things[name + ".realm"] = cls.made(name, "GET", name, "",
                                           None)["realm"]
        things[name + ".domain"] = "%s.example.org" % account.id
        things[name + ".digest"] = md5("u-" + name, "a password")
        for thing, kind, document in (
                ("user", "users", dict(
                    {"username": "u-" + name, "first_name": word,
                     "last_name": "U"}, **{"password": "a password"}
                    if name in ("foreign", "customer") else {})),
                ("app", "apps", {"name": "app"}),
                ("device", "devices", {"name": word}),
                ("webhook", "webhooks", {"name": word, "hooks": HOOKS,
                                         "uri": "https://b.example.org/"}),
                ("bookkeeper", "bookkeepers", {
                    "name": word, "bookkeeper": {"type": "http"},
                    "secret": 20 * "s", "url": "https://b.example.org/"})):
            things["%s.%s" % (name, thing)] = cls.made(
                name, "PUT", name, "/" + kind, document)["id"]
        cls.made(name, "PUT", name, "/whitelabel",
                 {"domain": things[name + ".domain"], "company_name": word})

    @classmethod
    def token(cls, caller):
        return (MASTER_TOKEN if caller == "master" else
                getattr(cls, caller).token)

    def others(self, account):
        """Those about whom a request on an account's path decides nothing."""
        below = {"seller": {"customer", "sibling"},
                 "foreign": {"theirs"}}.get(account, set())
        above = {"seller": {"master"}, "foreign": {"master"}}.get(
            account, {"seller", "master"})
        strangers = set(CALLERS + ("theirs",)) - below - above - {account}
        return self.rows.of(*([self.things[name] for name in sorted(group)]
                              for group in (strangers, above)))

    def attack(self, caller, account, method, path, document, status):
        """Sends a request, and sees that it touches nobody else."""
        before = (self.seen if self.seen and self.seen[0] == account else
                  (account, self.others(account)))
        AttackTest.seen = None
        answer = request(method, path, self.token(caller), data=document,
                         envelope={"accept_charges": True})
        after = account, self.others(account)
        self.assertEqual(status, answer.status, answer)
        self.assertEqual(before, after)
        AttackTest.seen = after
        return answer

    def with_things(self, value):
        """Puts what others have in the places of @NAME."""
        if isinstance(value, dict):
            return {self.with_things(name): self.with_things(part)
                    for name, part in value.items()}
        if isinstance(value, list):
            return [self.with_things(part) for part in value]
        if not isinstance(value, str):
            return value
        return re.sub("@([a-z.]+)", lambda m: self.things[m[1]], value)


class Documents(AttackTest):
    def test_every_member_has_a_row(self):
        there = {name + " " + path.lstrip(".")
                 for name, schema in SCHEMAS.items()
                 for path in members(schema)}
        kept = {name + " " + path for name, paths in KEPT.items()
                for path in paths.split()}
        self.assertEqual(set(), kept & set(ACTS))
        self.assertEqual(there, kept | set(ACTS))
        self.assertEqual(set(KEPT), set(DOORS))

    def document(self, schema):
        """Everything kept, with what belongs to others; what acts, without."""
        AttackTest.serial += 1
        thing = ("user", "app", "device", "webhook",
                 "bookkeeper")[self.serial % 5]
        document = filled(SCHEMAS[schema], (
            self.things["foreign." + thing],
            "https://b.example.org/%d" % self.serial,
            str(self.serial)))
        for name in ACTS:
            of, path = name.split(" ")
            if of == schema:
                document.pop(re.split(r"[.\[{]", path)[0], None)
        needed = json.loads(json.dumps(DOORS[schema][4]).replace(
            "%(serial)d", str(self.serial)))
        for name, value in needed.items():
            if isinstance(value, dict):
                value = dict(document.get(name, {}), **value)
            document[name] = value
        return [document] if schema == "usage" else document

    def test_members_that_are_kept_touch_nobody_else(self):
        for schema, (method, path, on, own, _) in DOORS.items():
            cells = [(caller, "customer", on[caller]) for caller in CALLERS]
            cells += [(caller, caller, own if isinstance(own, int) else
                       own[caller]) for caller in CALLERS
                      if caller != "customer"]
            for caller, account, status in cells:
                document = self.document(schema)
                with self.subTest("%s by %s on %s" % (schema, caller, account)):
                    self.attack(caller, account, method, "/v2/accounts/" +
                                self.things[account] + path.replace(
                                    "%(serial)d", str(self.serial)).replace(
                                        "%(ip)s", self.next_ip()),
                                document, status)

    def decided(self):
        """Others decide this about the customer."""
        return [database("SELECT %s FROM %s WHERE %s = '%s'" % (
            columns, table, key, self.customer.id)) for columns, table, key in (
                ("parent_id, master, reseller_id, is_reseller, enabled,"
                 " expires, deleted", "account", "id"),
                ("billing_id, standing, overrides", "service", "account_id"),
                ("plan_id, vendor_id, version", "service_assignment",
                 "account_id"),
                ("amount", "ledger_balance", "account_id"))]

    def test_members_of_answers_decide_nothing(self):
        """Those that documents of a kind have in answers, or other kinds."""
        names = set(re.findall(r"^ +([a-z_]+):\n +(?:type|\$ref|description):",
                               text_of("doc", "openapi.yaml"), re.M))
        self.assertLess({"reseller_id", "billing_id", "is_reseller"}, names)
        before = self.decided(), self.others("customer")
        for schema, (method, path, on, _, _) in DOORS.items():
            if on["customer"] in (200, 201):
                with self.subTest(schema):
                    self.send(method, path, on["customer"],
                              self.document(schema), names - set(
                                  SCHEMAS[schema].get("properties", {})))
        self.assertEqual(before, (self.decided(), self.others("customer")))

    def send(self, method, path, status, document, more):
        """A document with more members than those of its schema."""
        url = "/v2/accounts/" + self.customer.id + path.replace(
            "%(serial)d", str(self.serial))
        document.update(dict.fromkeys(more, self.things["foreign"]))
        for _ in "ab":
            answer = request(method, url, self.customer.token, data=document)
            if answer.status != 400:
                break
            for name in answer.data:  # some are refused by name
                document.pop(name.partition(".")[0], None)
        self.assertEqual(status, answer.status, answer)

    def test_members_that_act_touch_nobody_else(self):
        for member, rows in ACTS.items():
            for method, path, document, expected in rows:
                for caller in CALLERS:
                    self.act(member, caller, method, path, document,
                             expected[caller])

    def act(self, member, caller, method, path, document, status):
        logs_in = path.startswith("@none/")
        if logs_in and caller != "customer":
            return  # a login has no caller
        url = "/v2/" + (path[len("@none/"):] if logs_in else "accounts/" + (
            path if path[:1] == "@" else "@customer" + path))
        account = "seller" if path.startswith("@seller/") else "customer"
        with self.subTest("%s by %s: %s" % (member, caller, document)):
            self.attack(caller, account, method, self.with_things(url),
                        self.with_things(document), status)

    def test_restrictions_that_name_others_give_no_right(self):
        _, path, document, _ = ACTS["auth_restrictions #paths[]"][0]
        answer = request("PUT", path.replace("@none", "/v2"),
                         data=self.with_things(document))
        token = answer.envelope["auth_token"]
        for account in ("foreign", "customer"):
            self.assertEqual(403, request("GET", "/v2/accounts/" + self.things[
                account], token).status)


class Bookkeepers(AttackTest):
    """Bookkeepers of accounts above are asked, whatever plans name."""
    NAMES = FREE["bookkeeper"]
    WAYS = (  # who names the foreign bookkeeper, where
        ("a plan", "PATCH", "@seller/service_plans/base",
         {"bookkeeper": NAMES}),
        ("an override of a plan", "POST", "@customer/services/base",
         {"overrides": {"bookkeeper": NAMES}}),
        ("an override of the account", "POST", "@customer/services/overrides",
         {"bookkeeper": NAMES}))
    ASKS = (("transactions/sale", "PUT", {"amount": 5}),
            ("services/topup", "POST", {"amount": 5}))

    def test_a_bookkeeper_of_others_is_not_asked(self):
        for way, method, path, document in self.WAYS:
            request("PATCH", self.seller.path + "/base", self.seller.token,
                    data={"bookkeeper": None},
                    envelope={"accept_charges": True})
            self.customer.ask("POST", "/overrides", {})
            self.customer.assign({"id": "base", "overrides": {}})
            AttackTest.seen = None
            with self.subTest(way):
                self.attack("seller", "seller", method, self.with_things(
                    "/v2/accounts/" + path), self.with_things(document), 200)
                for what, verb, body in self.ASKS:
                    answer = self.attack(
                        "seller", "customer", verb, "/v2/accounts/%s/%s" % (
                            self.customer.id, what), body, 500)
                    self.assertEqual("bookkeeper_unknown",
                                     answer.envelope["message"])
                self.assertEqual([], database(
                    "SELECT attempt FROM outbox_attempt JOIN outbox ON"
                    " outbox.id = outbox_id WHERE"
                    " outbox_attempt.http_status IS NOT NULL AND"
                    " vendor_id = '%s' AND account_id <> '%s'" % (
                        self.foreign.id, self.theirs.id)))


def query_names():
    """Query parameters that the program reads, and those of the manual."""
    read = re.compile(r'request_(?:query|control|control_is)\(\s*'
                      r'[a-z_>-]+,\s*"([a-z_]+)"')
    names = {name for path in glob.glob(os.path.join(TOP, "src", "*", "*.c"))
             for name in read.findall(text_of(path))}
    return names | set(re.findall(r"name: (\w+)\n +in: query",
                                  text_of("doc", "openapi.yaml")))


def routes():
    return re.findall(r'\{ METHOD_(\w+), +"([^"]+)"',
                      text_of("src", "api", "routes.c"))


class Ids(AttackTest):
    # Query parameters: whom they name, if anybody.
    QUERY = {
        "auth_token": "@foreign", "token": "@foreign", "quote": "@foreign.quote",
        "by_number": "@foreign.number",
        "q": "@foreign.number", "start_key": "@foreign.device", "has_value": "@foreign",
        "who": "@foreign.user", "request_id": "@foreign.request",
        "filter_id": "@foreign.device", "filter_owner_id": "@foreign.user",
    }
    NAMES_NOBODY = {
        "accept", "accept_charges", "accounts", "action", "ascending", "by_types",
        "change_reason",
        "created_from", "created_to", "csv_bom", "csv_raw", "day",
        "descendants", "descending",
        "details", "explain", "fallback", "fields", "file_name", "full_docs", "has_key",
        "impact_reseller", "is_reseller",
        "key_missing", "merge", "modified_from", "modified_to", "months",
        "object_types", "offset", "opening", "page_size",
        "paginate", "pretty_print", "proof", "reason", "schedule_on", "sort",
        "source_service", "standing", "state", "status", "type",
        "value_missing", "verb", "version"}
    PATH = {
        "PLAN_ID": ("foreign.plan",), "AUDIT_ID": ("theirs.audit",),
        "LEDGER_ID": ("theirs.entry",), "TRANSACTION_ID": ("theirs.payment",),
        "NUMBER": ("foreign.number",), "IP": ("foreign.ip",),
        "APP_ID": ("foreign.app",), "REQUEST": ("foreign.request",),
        "KIND": ("users", "devices", "apps", "webhooks", "bookkeepers"),
        "ID": ("foreign.webhook",), "SOURCE_SERVICE": ("x",), "STATE": ("x",),
        "SETTING": (), "SCHEMA": (), "DOMAIN": (), "MONTH": (), "NAME": ()}
    # Other statuses than 404, of callers who may call the route.
    STATUSES = {
        ("GET", "requests/{REQUEST}"): 200,  # says "unknown"
        ("PUT", "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}"): 409,
        ("POST", "accounts/{ACCOUNT_ID}/ips/{IP}"): 409,
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, rest, document in (
                ("entry", "/ledgers/credit", {
                    "amount": 1, "source": {"service": "x", "id": SECRET},
                    "usage": {"quantity": 0, "type": "t", "unit": "u"}}),
                ("payment", "/transactions/credit", {
                    "amount": 1, "description": SECRET})):
            cls.things["theirs." + name] = cls.made(
                "foreign", "PUT", "theirs", rest, document)["id"]
        cls.things["theirs.audit"] = cls.made(
            "theirs", "GET", "theirs", "/services/audit", None)[0]["id"]
        cls.things["foreign.request"] = request(
            "GET", "/v2/accounts/" + cls.foreign.id,
            cls.foreign.token).envelope["request_id"]

    def test_every_query_parameter_has_a_row(self):
        rows = set(self.QUERY) | self.NAMES_NOBODY
        self.assertEqual(query_names() | {"filter_id", "filter_owner_id"},
                         rows)

    def lists(self):
        for method, route in routes():
            if method == "GET" and "{ACCOUNT_ID}" in route:
                kinds = self.PATH["KIND"] if "{KIND}" in route else ("",)
                for kind in kinds:
                    path = route.replace("{KIND}", kind)
                    if "{" not in path.replace("{ACCOUNT_ID}", ""):
                        yield path

    def test_a_query_shows_nothing_of_others(self):
        for path in self.lists():
            for name, value in self.QUERY.items():
                for caller in ("customer", "seller"):
                    with self.subTest("%s?%s by %s" % (path, name, caller)):
                        answer = request(
                            "GET", "/v2/" + path.replace(
                                "{ACCOUNT_ID}", self.customer.id),
                            self.token(caller),
                            query={name: self.with_things(value)})
                        self.assertIn(answer.status, (200, 400, 403, 404))
                        self.assertNotIn(SECRET, str(answer.body))

    def paths(self):
        for method, route in routes():
            names = re.findall(r"\{(\w+)\}", route)
            if names[-1:] in ([], ["ACCOUNT_ID"], ["KIND"]):
                continue
            for kind in self.PATH["KIND"] if "KIND" in names else ("",):
                things = {name: self.PATH[name][0] for name in names
                          if name not in ("ACCOUNT_ID", "KIND")
                          and self.PATH[name]}
                if kind:
                    things["KIND"] = kind
                    things["ID"] = "foreign." + kind[:-1]
                if (len(things) == len(set(names) - {"ACCOUNT_ID"})
                        and set(things.values()) != {"x"}):
                    yield method, route, things

    def test_an_id_of_others_in_a_path_is_not_found(self):
        for method, route, things in self.paths():
            path = "/v2/" + route.replace("{ACCOUNT_ID}", self.customer.id)
            for name, thing in things.items():
                path = path.replace("{%s}" % name,
                                    self.things.get(thing, thing))
            usual = self.STATUSES.get((method, route), 404)
            callers = EXPECTED[(method, route)][1]
            for caller, kind in (("customer", "self"), ("seller", "reseller")):
                with self.subTest("%s %s by %s" % (method, path, caller)):
                    answer = self.attack(
                        caller, "customer", method, path,
                        None if method == "GET" else {},
                        403 if callers.get(kind) == 403 else usual)
                    self.assertNotIn(SECRET, str(answer.body))
                    if "REQUEST" in things:
                        self.assertEqual("unknown", answer.data["state"])


if __name__ == "__main__":
    unittest.main()
