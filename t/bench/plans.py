# SPDX-License-Identifier: GPL-3.0-or-later
"""Plans and accounts for measurements of services and prices: three plans that
make an invoice of 20 lines."""

import sys

from lab import TOP

sys.path.insert(0, TOP + "/t")
import reeve  # noqa: E402

LINES = 20


def base_plan():
    """Twelve lines: tiers, a sum over a category, cascade, flat prices."""
    return {
        "name": "Base", "category": "bench", "merge": {"priority": 1}, "plan": {
            "users": {
                "_all": {"name": "Seat", "as": "seat", "activation_charge": 15,
                         "rates": {"5": 12, "20": 10, "500": 9.5}, "rate": 8},
                "admin": {"rate": 2.5}},
            "devices": {
                "_all": {"as": "device", "rate": 4, "exceptions": ["softphone"],
                         "discounts": {"cumulative": {"maximum": 3, "rate": 1.5}}},
                "softphone": {"rate": 1, "minimum": 5},
                "cellphone": {"rate": 1.99, "step": 5},
                "fax": {"rate": 3, "maximum": 100},
                "landline": {"flat_rate": 12.5}},
            "phone_numbers": {
                "did_us": {"name": "US DID", "rate": 2, "cascade": True,
                           "discounts": {"single": {"rate": 2}}},
                "tollfree_us": {"rate": 4.99, "activation_charge": 1},
                "emergency": {"rate": 0.75}},
            "limits": {
                "twoway_trunks": {"rate": 19.99, "flat_rates": {
                    "5": 99.95, "10": 179.95}},
                "inbound_trunks": {"rate": 9.99}}}}


def extra_plan():
    """Five more lines, and other prices for three of the base plan's."""
    return {
        "name": "Extra", "category": "bench", "merge": {"priority": 2}, "plan": {
            "devices": {"softphone": {"rate": 0.9},
                        "fax": {"discounts": {"single": {"rate": 1}}}},
            "phone_numbers": {"emergency": {"rate": 0.5}},
            "number_services": {
                "cnam": {"rate": 0.1}, "e911": {"rate": 1.5, "minimum": 1},
                "port": {"rate": 5, "activation_charge": 20}},
            "voicemails": {"mailbox": {"rate": 1, "rates": {"10": 1.2}}},
            "branding": {"whitelabel": {"rate": 100}}}}


def cumulative_plan():
    """Three more lines, merged field by field."""
    return {
        "name": "Together", "category": "bench",
        "merge": {"strategy": "cumulative", "priority": 3}, "plan": {
            "ips": {"dedicated": {"rate": 5, "minimum": 1}},
            "faxes": {"mailbox": {"rate": 2, "step": 2}},
            "account_apps": {"voip": {
                "rate": 3, "discounts": {"cumulative": {
                    "maximum": 50, "rate": 0.1, "rates": {"5": 0.5}}}}}}}


PLANS = {"bench_base": base_plan(), "bench_extra": extra_plan(),
         "bench_together": cumulative_plan()}


def quantities(devices):
    return {
        "users": {"user": 14, "admin": 2},
        "devices": {"sip_device": devices, "softphone": 9, "cellphone": 7,
                    "fax": 2, "landline": 1},
        "phone_numbers": {"did_us": 23, "tollfree_us": 2, "emergency": 16},
        "limits": {"twoway_trunks": 6, "inbound_trunks": 3},
        "number_services": {"cnam": 5, "e911": 16, "port": 3},
        "voicemails": {"mailbox": 12}, "branding": {"whitelabel": 1},
        "ips": {"dedicated": 1}, "faxes": {"mailbox": 3},
        "account_apps": {"voip": 16}}


def check_invoice(invoices):
    """Checks the invoice, so that nothing else is measured by accident."""
    lines = [len(invoice["items"]) for invoice in invoices]
    if lines != [LINES]:
        raise SystemExit("bench: invoices of %s lines, not one of %d" % (
            lines, LINES))


class Customers:
    """A reseller with its plans, and accounts that have all of them."""

    def __init__(self, stack):
        self.stack = stack
        self.reseller = stack.create_account("Bench Reseller", None,
                                             "--reseller")
        self.token = stack.reevectl("token", "issue", self.reseller,
                                    "--expiry", "1d")
        for plan, document in PLANS.items():
            self.ask("PUT", "/v2/accounts/%s/service_plans" % self.reseller,
                     dict(document, id=plan))

    def ask(self, method, path, data=None):
        answer = reeve.request(
            method, path, self.token, data=data,
            envelope={"accept_charges": True} if data is not None else None,
            url=self.stack.demo["REEVE_URL"])
        if answer.status not in (200, 201):
            raise SystemExit("bench: %s %s: %r" % (method, path, answer))
        return answer

    def add(self, name):
        account = self.stack.create_account(name, self.reseller)
        self.ask("POST", services(account), {"add": list(PLANS)})
        self.ask("POST", services(account, "/manual"), quantities(30))
        return account

    def add_many(self, name, count):
        return [self.add("%s %d" % (name, n)) for n in range(count)]


def services(account, noun=""):
    return "/v2/accounts/%s/services%s" % (account, noun)
