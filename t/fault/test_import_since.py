# SPDX-License-Identifier: GPL-3.0-or-later
"""reevectl import --since: a later dump replaces what an earlier one imported. The
result is that of the later dump alone, however often and however interrupted it
is imported; what was changed here is left and told; what the dump no longer has
is listed, and deleted only when asked for."""

import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import (DAY, DAY_0, REEVE, REEVECTL, Stack,  # noqa: E402
                         lines, require)
from reeve import md5  # noqa: E402

MOMENT = DAY_0 + DAY
MASTER, SHOP, BRANCH, GONE = ("%032x" % n for n in (0xa, 0xb, 0x3c, 0xdd))
USER = "%032x" % 0xe
STATE = (
    "SELECT id, name, realm, enabled, is_reseller, descendants FROM account"
    " WHERE deleted IS NULL ORDER BY id",
    "SELECT account_id, kind, id, document, modified FROM object ORDER BY 1, 2, 3",
    "SELECT account_id, scope, category, item, quantity FROM service_quantity"
    " WHERE quantity <> 0 ORDER BY 1, 2, 3, 4",
    "SELECT account_id, source, category, item, quantity FROM service_source"
    " WHERE quantity <> 0 ORDER BY 1, 2, 3, 4",
    "SELECT account_id, billing_id, standing, overrides, document FROM service"
    " WHERE imported IS NOT NULL ORDER BY 1",
    "SELECT account_id, plan_id, position, overrides FROM service_assignment"
    " ORDER BY 1, 2",
    "SELECT username FROM account_user ORDER BY 1")


def account(number, tree, **more):
    return dict({"_id": number, "pvt_type": "account", "pvt_tree": list(tree),
                 "name": "Name " + number[-2:], "realm": number[-2:] + ".test",
                 "pvt_created": DAY_0}, **more)


def document(owner, kind, number, **more):
    return dict({"_id": number, "pvt_type": kind, "pvt_created": DAY_0,
                 "pvt_account_id": owner}, **more)


def device(owner, name, **more):
    return document(owner, "device", name, name=name, **more)


def services(owner, devices, cascade=None, accounts=0, **more):
    return document(owner, "service", owner, quantities={
        "account": {"devices": devices, "accounts": {"account": 1}},
        "cascade": {"devices": cascade or {}, "accounts": {"account": accounts}},
    }, **more)


def old_dump():
    return [
        account(MASTER, []),
        account(SHOP, [MASTER], pvt_reseller=True),
        account(BRANCH, [MASTER, SHOP]),
        account(GONE, [MASTER, SHOP]),
        document(SHOP, "service_plan", "gold", name="Gold",
                 plan={"devices": {"sip_device": {"rate": 1}}}),
        services(MASTER, {}, cascade={"sip_device": 4, "fax": 2}, accounts=3),
        services(SHOP, {}, cascade={"sip_device": 4, "fax": 2}, accounts=2),
        services(BRANCH, {"sip_device": 3, "fax": 2}, plans={
            "gold": {"vendor_id": SHOP}}),
        services(GONE, {"sip_device": 1}),
        device(BRANCH, "one"), device(BRANCH, "two"), device(BRANCH, "three"),
        device(GONE, "last"),
        document(BRANCH, "user", USER, username="anna", first_name="A",
                 last_name="B", pvt_md5_auth=md5("anna", "before")),
    ]


def new_dump():
    """A device is another type, one is deleted, one is new; names, a plan and
    overrides are others; an account is new."""
    late = {"pvt_modified": MOMENT + 5}
    extra = "%032x" % 0xff
    documents = {(d["_id"], d["pvt_type"]): d for d in old_dump()}

    def change(number, kind, **members):
        documents[number, kind].update(members, **late)

    change(BRANCH, "account", name="Other", pvt_enabled=False)
    change(BRANCH, "service", quantities={"account": {
        "devices": {"sip_device": 2, "softphone": 1, "fax": 1},
        "accounts": {"account": 1}}, "manual": {"x": {"y": 4}}},
        overrides={"plan": {"devices": {"sip_device": {"rate": 7}}}})
    change("gold", "service_plan",
           plan={"devices": {"sip_device": {"rate": 2}}})
    change("two", "device", device_type="softphone", name="Two")
    change(USER, "user", first_name="Anna", pvt_md5_auth=md5("anna", "after"))
    del documents["three", "device"]
    return list(documents.values()) + [
        device(BRANCH, "four", **late),
        account(extra, [MASTER, SHOP], **late),
        services(extra, {"sip_device": 9}, **late)]


def flat(documents):
    """The same with services as Kazoo wrote them before 4.3."""
    for d in documents:
        if d["pvt_type"] == "service":
            known = d["quantities"]
            if "manual" in known:
                d["manual_quantities"] = known["manual"]
            d["quantities"] = {name: items for name, items in
                               known["account"].items() if items}
    return documents


class SinceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.close)

    def setUp(self):
        self.empty()

    def empty(self):
        """Removes all that tests have written."""
        tables = [row[0] for row in self.stack.sql(
            "SELECT table_name FROM information_schema.tables WHERE"
            " table_schema = 'reeve' AND table_name NOT LIKE 'schema%'"
            " AND table_name NOT IN ('installation', 'lease', 'program')")]
        self.stack.sql("SET foreign_key_checks = 0;" + "".join(
            "DELETE FROM %s;" % table for table in tables))

    def since(self, documents, *options, status=0):
        done = self.stack.reevectl(
            "import", "--json", "--since", str(MOMENT), *options,
            self.stack.file(lines(documents)), check=False)
        self.assertEqual(status, done.returncode, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def state(self):
        return [self.stack.sql(query) for query in STATE]

    def missing(self, report):
        return {(row["kind"], row["id"]): row for row in report["reports"]
                if row.get("missing")}

    def assert_same(self, expected, found):
        for query, wanted, got in zip(STATE, expected, found):
            self.assertEqual(wanted, got, query)


@require(REEVECTL)
class Since(SinceTest):
    def test_the_later_dump_gives_what_it_gives_alone(self):
        self.stack.import_documents(old_dump())
        report = self.since(new_dump(), "--delete-missing")
        self.assertEqual((5, 3, 1), (report["replaced"], report["imported"],
                                     report["deleted"]), report)
        after = self.state()
        with self.subTest("accounts that follow the plan pay by the newest"):
            self.assertEqual([["2"]], self.stack.sql(
                "SELECT priced FROM service_assignment"))
        with self.subTest("twice is once"):
            report = self.since(new_dump(), "--delete-missing")
            self.assertEqual((0, 0, 0, []), (
                report["replaced"], report["imported"], report["deleted"],
                report["reports"]))
            self.assert_same(after, self.state())
        with self.subTest("a recount finds nothing, and chains hold"):
            self.stack.reevectl("recount", "--all", "--dry-run")
            self.stack.reevectl("audit", "verify", "--all")
        self.empty()
        self.stack.import_documents(new_dump())
        self.stack.reevectl("recount", "--all")
        self.assert_same(self.state(), after)

    def test_services_of_before_4_3_too(self):
        self.stack.import_documents(flat(old_dump()))
        self.since(flat(new_dump()), "--delete-missing")
        after = self.state()
        self.stack.reevectl("recount", "--all", "--dry-run")
        self.empty()
        self.stack.import_documents(flat(new_dump()))
        self.assert_same(self.state(), after)

    def test_an_import_that_was_interrupted_goes_on(self):
        self.stack.import_documents(old_dump())
        documents = new_dump()
        for part in range(1, len(documents), 3):
            self.since(documents[:part])
        self.since(documents, "--delete-missing")
        parts = self.state()
        self.empty()
        self.stack.import_documents(old_dump())
        self.since(documents, "--delete-missing", "--batch", "1")
        self.assert_same(self.state(), parts)

    def test_documents_from_before_the_moment_are_not_taken(self):
        self.stack.import_documents(old_dump())
        before = self.state()
        documents = [dict(d, name="Changed") if d["pvt_type"] == "device" else d
                     for d in old_dump()]
        report = self.since(documents)
        self.assertEqual((len(documents), 0), (report["older"],
                                               report["replaced"]))
        self.assert_same(before, self.state())

    def test_what_was_changed_here_is_left_and_told(self):
        self.stack.import_documents(old_dump())
        change = {
            "a device": "UPDATE object SET modified = %d, document ="
            " '{\"name\":\"ours\"}' WHERE id = 'two'" % (MOMENT + 1),
            "an account": "UPDATE account SET name = 'Ours', modified = %d"
            " WHERE id = '%s'" % (MOMENT + 1, BRANCH),
            "services": "UPDATE service SET overrides = '{\"a\":1}' WHERE"
            " account_id = '%s'" % BRANCH,
            "a plan": "UPDATE service_plan_head SET version = 2 WHERE id ="
            " 'gold'; INSERT INTO service_plan (account_id, id, version, name,"
            " document, created) VALUES ('%s', 'gold', 2, 'Ours', '{}', 1)" % SHOP,
        }
        for statement in change.values():
            self.stack.sql(statement)
        report = self.since(new_dump(), status=65)
        self.assertEqual(len(change), report["conflict"], report)
        for row in report["reports"]:
            if row.get("conflict"):
                self.assertIn("changed here as well", row["reason"])
        self.assertEqual(
            [["Ours", "{\"name\":\"ours\"}", "{\"a\":1}"]], self.stack.sql(
                "SELECT a.name, o.document, s.overrides FROM account AS a"
                " JOIN object AS o ON o.account_id = a.id AND o.id = 'two'"
                " JOIN service AS s ON s.account_id = a.id"))

    def test_an_account_keeps_its_key(self):
        keyed = account(MASTER, [], pvt_api_key="a" * 64)
        self.stack.import_documents([keyed])
        keyed.update(name="Other", pvt_modified=MOMENT)
        report = self.since([keyed])
        self.assertEqual((1, []), (report["replaced"], report["reports"]))

    def test_a_key_that_was_revoked_here_stays_revoked(self):
        keyed = account(MASTER, [], pvt_api_key="a" * 64)
        self.stack.import_documents([keyed])
        self.stack.reevectl("key", "revoke", "a" * 64)
        keyed.update(name="Other", pvt_modified=MOMENT)
        report = self.since([keyed])
        self.assertEqual((1, []), (report["replaced"], report["reports"]))
        self.assertEqual([], self.keys())
        # Another one was made there since.
        keyed.update(pvt_api_key="b" * 64, pvt_modified=MOMENT + 1)
        self.since([keyed])
        self.assertEqual([MASTER], self.keys())

    def keys(self):
        return [row[0] for row in self.stack.sql(
            "SELECT account_id FROM api_key WHERE label = 'imported'")]

    def test_an_account_that_was_moved_there_is_told(self):
        self.stack.import_documents(old_dump())
        moved = account(GONE, [MASTER], pvt_modified=MOMENT)
        report = self.since([account(MASTER, []), moved], status=65)
        self.assertIn("moved", report["reports"][0]["reason"])


@require(REEVE, REEVECTL)
class DeletedHere(SinceTest):
    """An import brings nothing back that was deleted here."""

    def plain(self, documents):
        done = self.stack.reevectl("import", "--json", self.stack.file(
            lines(documents)))
        return json.loads(done.stdout)

    def delete(self):
        self.stack.start_pool()
        token = self.stack.reevectl("token", "issue", MASTER).stdout.strip()
        for path in ("devices/two", "users/" + USER):
            answer = self.stack.request(
                "DELETE", "/v2/accounts/%s/%s" % (BRANCH, path), token)
            self.assertEqual(200, answer.status)

    def gone(self, report):
        return {row["id"] for row in report["reports"]
                if row["reason"].startswith("deleted here")}

    def test_neither_with_nor_without_a_moment(self):
        self.stack.import_documents(old_dump())
        self.delete()
        before = self.state()
        for name, again in (("without", self.plain), ("since", self.since)):
            with self.subTest(name):
                documents = [dict(d, pvt_modified=MOMENT)
                             if d["_id"] in ("two", USER) else d
                             for d in old_dump()]
                report = again(documents)
                self.assertEqual((0, {"two", USER}), (
                    report["imported"], self.gone(report)))
                self.assert_same(before, self.state())
                self.assertEqual(401, self.stack.login(
                    md5("anna", "before"), "3c.test").status)

    def test_what_an_earlier_version_imported_is_told_once(self):
        self.stack.import_documents(old_dump())
        self.stack.sql("DELETE FROM imported")
        report = self.plain(old_dump())
        self.assertEqual({MASTER, SHOP, BRANCH, GONE}, {
            row["id"] for row in report["reports"]
            if "an earlier version imported it" in row["reason"]})
        self.assertEqual([], self.plain(old_dump())["reports"])
        with self.subTest("what was deleted since then stays so"):
            self.delete()
            self.assertEqual({"two", USER}, self.gone(self.plain(old_dump())))

    def test_what_was_changed_before_it_was_noted_stays_deleted_as_well(self):
        self.stack.import_documents(old_dump())
        self.stack.sql("DELETE FROM imported; UPDATE object SET modified = %d,"
                       " document = '{}' WHERE id = 'two'" % MOMENT)
        self.plain(old_dump())
        self.delete()
        self.assertEqual({"two", USER}, self.gone(self.plain(old_dump())))


@require(REEVECTL)
class Missing(SinceTest):
    def setUp(self):
        super().setUp()
        self.stack.import_documents(old_dump())

    def test_it_is_listed_and_nothing_is_deleted(self):
        before = self.state()
        documents = [d for d in old_dump() if d["_id"] not in ("one", GONE)]
        documents.append(device(BRANCH, "two", pvt_deleted=True))
        documents = [d for d in documents if d["_id"] != "two" or
                     d.get("pvt_deleted")]
        report = self.since(documents)
        self.assertEqual(3, report["missing"])
        found = self.missing(report)
        self.assertEqual({("devices", "one"): False, ("devices", "two"): True,
                          ("accounts", GONE): False},
                         {key: row["deleted_there"] for key, row in found.items()})
        self.assert_same(before, self.state())

    def test_a_deletion_is_in_the_trail_and_counts(self):
        documents = [d for d in old_dump() if d["_id"] not in ("one", USER)]
        services_of, = [d for d in documents if d["pvt_type"] == "service" and
                        d["_id"] == BRANCH]
        services_of["quantities"]["account"]["devices"]["sip_device"] = 2
        services_of["pvt_modified"] = MOMENT
        report = self.since(documents, "--delete-missing")
        self.assertEqual((2, 0), (report["deleted"], report["missing"]), report)
        self.assertEqual([["2"]], self.stack.sql(
            "SELECT quantity FROM service_quantity WHERE account_id = '%s' AND"
            " scope = 'account' AND item = 'sip_device'" % BRANCH))
        self.assertEqual([], self.stack.sql("SELECT username FROM account_user"))
        trail = " ".join(row[0] for row in self.stack.sql(
            "SELECT document FROM audit_entry WHERE account_id = '%s'" % BRANCH))
        self.assertEqual(2, trail.count("withdrawn"))

    def test_objects_of_an_account_of_which_the_dump_has_none_stay(self):
        documents = [d for d in old_dump() if d["_id"] != "last"]
        before = self.state()
        report = self.since(documents, "--delete-missing")
        self.assertEqual((0, 0), (report["missing"], report["deleted"]))
        self.assert_same(before, self.state())

    def test_changed_here_is_not_deleted(self):
        self.stack.sql("UPDATE object SET modified = %d WHERE id = 'one'" %
                       MOMENT)
        report = self.since([d for d in old_dump() if d["_id"] != "one"],
                            "--delete-missing")
        self.assertEqual((1, 0), (report["missing"], report["deleted"]))
        row, = self.missing(report).values()
        self.assertIn("changed here", row["reason"])

    def test_an_account_goes_where_the_dump_says_so_children_first(self):
        documents = [dict(d, pvt_deleted=True) if d["pvt_type"] == "account" and
                     d["_id"] in (SHOP, BRANCH, GONE) else d
                     for d in old_dump()]
        report = self.since(documents, "--delete-missing")
        self.assertEqual(3, report["deleted"], report)
        self.assertEqual([[MASTER]], self.stack.sql(
            "SELECT id FROM account WHERE deleted IS NULL"))
        self.stack.reevectl("audit", "verify", "--all")

    def test_an_account_that_is_only_not_there_stays(self):
        report = self.since([d for d in old_dump() if GONE not in (
            d["_id"], d.get("pvt_account_id"))], "--delete-missing")
        self.assertEqual((1, 0), (report["missing"], report["deleted"]))

    def test_wrong_options_say_so(self):
        since = ["--since", "2020-01-01"]
        for options in (["--since", "tomorrow"], ["--since", "1575000000"],
                        ["--delete-missing"], ["--csv"], ["--html"],
                        ["--sample"], ["--sample", "--rehearse"],
                        ["--sample", *since], ["--sample", "--account", SHOP],
                        ["--sample", *since, "--delete-missing"],
                        ["--rehearse", *since],
                        ["--rehearse", *since, "--delete-missing"],
                        ["--rehearse", "--delete-missing"],
                        ["--rehearse", "--csv", "--html"],
                        ["--rehearse", "--csv", "--json"]):
            done = self.stack.reevectl("import", *options, self.stack.file(""),
                                       check=False)
            self.assertEqual(64, done.returncode, options)
            self.assertEqual("", done.stdout, options)


@require(REEVE, REEVECTL)
class Logins(SinceTest):
    def test_a_password_that_was_changed_there_is_taken(self):
        self.stack.import_documents(old_dump())
        # Nothing else of the user changed.
        documents = old_dump()
        documents[-1].update(pvt_modified=MOMENT,
                             pvt_md5_auth=md5("anna", "after"))
        self.assertEqual(1, self.since(documents)["replaced"])
        self.stack.start_pool()
        for password, status in (("before", 401), ("after", 201)):
            answer = self.stack.login(md5("anna", password), "3c.test")
            self.assertEqual(status, answer.status, password)

    def test_a_password_that_was_changed_on_both_sides_is_a_conflict(self):
        self.stack.import_documents(old_dump())
        self.stack.start_pool()
        token = self.stack.reevectl("token", "issue", MASTER).stdout.strip()
        answer = self.stack.request(
            "PATCH", "/v2/accounts/%s/users/%s" % (BRANCH, USER), token,
            {"username": "anna", "password": "changed here"})
        self.assertEqual(200, answer.status)
        documents = old_dump()
        user = documents[-1]
        self.assertEqual([], self.since(documents)["reports"], "only here")
        secret = md5("anna", "changed there")
        user.update(pvt_modified=MOMENT, pvt_md5_auth=secret)
        for _ in range(2):
            report = self.since(documents, status=65)
            self.assertEqual((1, 0), (report["conflict"], report["replaced"]))
            reason, = (row["reason"] for row in report["reports"]
                       if row.get("conflict"))
            self.assertIn("changed here as well", reason)
            self.assertIn("pvt_md5_auth", reason)
            self.assertNotIn(secret, json.dumps(report))
            self.assertEqual(201, self.stack.login(
                md5("anna", "changed here"), "3c.test").status)
        with self.subTest("the same password is none"):
            user.update(pvt_md5_auth=md5("anna", "changed here"))
            self.assertEqual([], self.since(documents)["reports"])


if __name__ == "__main__":
    unittest.main()
