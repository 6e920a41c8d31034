# SPDX-License-Identifier: GPL-3.0-or-later
"""Quantities after an import: a cascade is what the account's services document
states, or the sum over the accounts below where it states none; each account counts
once in it, in whichever order the documents come."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault import test_import_since as since  # noqa: E402
from fault.stack import REEVE, REEVECTL, require  # noqa: E402

MASTER, SHOP, BRANCH = since.MASTER, since.SHOP, since.BRANCH
LEAF = "%032x" % 0x4d

CASCADES = (
    "SELECT account_id, quantity FROM service_quantity WHERE scope = 'cascade'"
    " AND category = 'devices' ORDER BY account_id")


def nested(owner, own, below):
    return since.services(owner, {"fax": own}, {"fax": below})


def without_shop(owner, own, below):
    """An account that states nothing was not in the cascades above either."""
    return nested(owner, own, below - 1)


def flat(owner, own, _):
    return since.flat([nested(owner, own, 0)])[0]


def silent(owner, own, _):
    """Nothing is stated: the objects alone count."""
    return since.document(owner, "service", owner)


def absent(*_):
    return None


@require(REEVECTL)
class Cascades(since.SinceTest):
    # Four accounts, each below the one before, with 0, 1, 2 and 3 devices.
    FORMS = (
        ("all nested", nested, nested, nested, nested),
        ("all flat", flat, flat, flat, flat),
        ("a flat account below nested ones", nested, nested, nested, flat),
        ("a flat account above nested ones", nested, flat, nested, nested),
        ("a flat one between nested ones", nested, nested, flat, nested),
        ("flat, flat, nested, flat", flat, flat, nested, flat),
        ("none of the master account", absent, nested, flat, nested),
        ("none of a reseller", without_shop, absent, nested, flat),
        ("one that states nothing", without_shop, silent, nested, flat),
    )
    OWNERS = ((MASTER, 0, 6), (SHOP, 1, 5), (BRANCH, 2, 3), (LEAF, 3, 0))

    def accounts(self):
        owners = [owner for owner, _, _ in self.OWNERS]
        return [since.account(owner, owners[:at], pvt_reseller=at < 2)
                for at, owner in enumerate(owners)]

    def objects(self):
        return [since.device(owner, "%s %d" % (owner[-2:], n), device_type="fax")
                for owner, count, _ in self.OWNERS for n in range(count)]

    def services(self, forms):
        found = (form(*owner) for form, owner in zip(forms, self.OWNERS))
        return [d for d in found if d is not None]

    def check(self, documents, expected):
        self.empty()
        self.stack.import_documents(documents)
        self.assertEqual(expected, {owner: int(count) for owner, count in
                                    self.stack.sql(CASCADES) if count != "0"})
        self.stack.reevectl("recount", "--all", "--dry-run")

    def test_each_account_counts_once_whatever_the_form_of_its_document(self):
        expected = {owner: below for owner, _, below in self.OWNERS if below}
        for label, *forms in self.FORMS:
            services = self.services(forms)
            for order, found in (("parents first", services),
                                 ("children first", services[::-1])):
                with self.subTest(label, order=order):
                    for at, d in enumerate(found):
                        d["pvt_created"] = since.DAY_0 + at
                    self.check(self.accounts() + found + self.objects(),
                               expected)

    def test_what_a_document_states_stays_until_a_recount(self):
        """In any order, as the rehearsal says."""
        services = self.services((nested, nested, flat, flat))
        services[1]["quantities"]["cascade"]["devices"]["fax"] = 4
        for found in (services, services[::-1]):
            for at, d in enumerate(found):
                d["pvt_created"] = since.DAY_0 + at
            self.empty()
            self.stack.import_documents(self.accounts() + found +
                                        self.objects())
            self.assertIn([SHOP, "4"], self.stack.sql(CASCADES))

    def test_a_new_account_is_added_to_what_was_stated(self):
        forms = (nested,) * 4
        late = [d for d in self.accounts() + self.services(forms) +
                self.objects() if LEAF in (d["_id"], d.get("pvt_account_id"))]
        known = [d for d in self.accounts() + self.services(forms) +
                 self.objects() if d not in late]
        for d in known:
            if d["pvt_type"] == "service":
                d["quantities"]["cascade"]["devices"]["fax"] -= 3
        self.stack.import_documents(known)
        for d in late:
            d["pvt_modified"] = since.MOMENT
        self.since(known + late)
        self.assertEqual([[MASTER, "6"], [SHOP, "5"], [BRANCH, "3"]], [
            row for row in self.stack.sql(CASCADES) if row[1] != "0"])


@require(REEVE, REEVECTL)
class ChangedHere(since.SinceTest):
    """After an import since a moment, objects count as they are here, and what no
    object explained there stays."""

    OWN = ("SELECT CONCAT(category, '.', item), quantity FROM service_quantity"
           " WHERE account_id = '%s' AND scope = '%s' AND quantity <> 0 AND"
           " category <> 'accounts' ORDER BY 1")

    def dump(self, changed):
        """An account has two phones and limits, and a fax that no object
        explains."""
        late = {"pvt_modified": since.MOMENT + changed} if changed else {}
        own = {"devices": {"sip_device": 2, "fax": 1}, "accounts": {"account": 1},
               "limits": {"twoway_trunks": 5}}
        phone = since.device(BRANCH, "one")
        if changed:
            own = dict(own, devices={"sip_device": 1, "softphone": 1, "fax": 2},
                       limits={"twoway_trunks": 9})
            phone.update(name="There", device_type="softphone")
        return [
            since.account(MASTER, []),
            since.account(SHOP, [MASTER], pvt_reseller=True),
            since.account(BRANCH, [MASTER, SHOP]),
            since.document(BRANCH, "service", BRANCH,
                           quantities={"account": own}, **late),
            dict(phone, **late),
            since.device(BRANCH, "two"),
            since.document(BRANCH, "limits", "limits", **dict(
                late, twoway_trunks=own["limits"]["twoway_trunks"]))]

    def quantities(self, owner=BRANCH, scope="account"):
        return {name: int(n) for name, n in
                self.stack.sql(self.OWN % (owner, scope))}

    def request(self, method, path, data=None):
        answer = self.stack.request(
            method, "/v2/accounts/%s/%s" % (BRANCH, path), self.token, data)
        self.assertIn(answer.status, (200, 201), answer.data)

    CHANGES = (
        ("nothing", [], {"devices.sip_device": 1, "devices.softphone": 1,
                         "devices.fax": 2, "limits.twoway_trunks": 9}),
        ("renamed and retyped",
         [("PATCH", "devices/one", {"name": "Here"})],
         {"devices.sip_device": 2, "devices.fax": 2, "limits.twoway_trunks": 9}),
        ("limits", [("POST", "limits", {"twoway_trunks": 3})],
         {"devices.sip_device": 1, "devices.softphone": 1, "devices.fax": 2,
          "limits.twoway_trunks": 3}),
        ("deleted", [("DELETE", "devices/two", None)],
         {"devices.softphone": 1, "devices.fax": 2, "limits.twoway_trunks": 9}),
        ("deleted, retyped there", [("DELETE", "devices/one", None)],
         {"devices.sip_device": 1, "devices.fax": 2, "limits.twoway_trunks": 9}),
        ("made here", [("PUT", "devices", {"name": "Ours"})],
         {"devices.sip_device": 2, "devices.softphone": 1, "devices.fax": 2,
          "limits.twoway_trunks": 9}),
    )

    def test_it_counts_as_it_is_here(self):
        self.stack.start_pool()
        for label, requests, expected in self.CHANGES:
            with self.subTest(label):
                self.empty()
                self.stack.import_documents(self.dump(0))
                self.token = self.stack.reevectl("token", "issue",
                                                 MASTER).stdout.strip()
                for one in requests:
                    self.request(*one)
                for _ in range(2):
                    done = self.stack.reevectl(
                        "import", "--json", "--since", str(since.MOMENT),
                        self.stack.file(since.lines(self.dump(5))),
                        check=False)
                    self.assertIn(done.returncode, (0, 65), done.stderr)
                    told = [row for row in since.json.loads(done.stdout)[
                        "reports"] if row.get("counts_otherwise")]
                    self.assertEqual(len(requests), len(told), told)
                    self.assertEqual(expected, self.quantities())
                    for above in (MASTER, SHOP):
                        self.assertEqual(expected,
                                         self.quantities(above, "cascade"))
                    self.stack.reevectl("recount", "--all", "--dry-run")

    def test_a_part_of_a_dump_adds_nothing(self):
        """Neither objects nor services alone are counted twice."""
        self.stack.import_documents(self.dump(0))
        whole = self.dump(5)
        expected = dict(self.CHANGES[0][2])
        self.since([d for d in whole if d["pvt_type"] in ("account", "service")])
        self.assertLessEqual(self.quantities()["devices.sip_device"], 2)
        self.since([d for d in whole if d["pvt_type"] != "service"])
        self.since(whole)
        self.assertEqual(expected, self.quantities())


if __name__ == "__main__":
    unittest.main()
