# SPDX-License-Identifier: GPL-3.0-or-later
"""A dump of an old system, made for rehearsals: documents in the shapes that its
databases have, with figures that agree with each other. Everything is computed
here, without Reeve."""

import json

MONTHS = ("202608", "202609", "202610")
MONTH_START = {"202608": 63953020800, "202609": 63955699200,
               "202610": 63958291200}
CREATED = 63940000000
INVOICED = 63960000000

# The prices of the plans.
RATES = {"users/user": 4.5, "users/admin": 0, "devices/sip_device": 1.25,
         "devices/softphone": 0.75, "voicemails/mailbox": 2,
         "phone_numbers/did_us": 1.1}
RESELLER_RATES = {"devices/sip_device": 0.5, "users/user": 1}


def an_id(kind, number):
    return "%04x%028x" % (kind, number)


def nested(flat):
    out = {}
    for name, value in flat.items():
        category, item = name.split("/", 1)
        out.setdefault(category, {})[item] = value
    return out


def add(table, other):
    for name, number in other.items():
        table[name] = table.get(name, 0) + number


class Account:
    """An account with its documents; children add to its cascade."""

    def __init__(self, dump, number, parent=None, reseller=False):
        self.dump, self.number, self.parent = dump, number, parent
        self.id = an_id(1, number)
        self.tree = parent.tree + [parent.id] if parent else []
        self.reseller = reseller or parent is None
        self.own, self.cascade, self.objects = {}, {}, []
        self.old_own = None # what the services document says, if not own
        self.plans, self.rates, self.cascades = [], {}, False
        self.balance_error = 0
        self.rate_error = {}

    @property
    def vendor(self):
        above = self.parent
        while above is not None and not above.reseller:
            above = above.parent
        return above or self

    def document(self, kind, id_, **members):
        return dict({"_id": id_, "pvt_type": kind, "pvt_created": CREATED,
                     "pvt_modified": CREATED, "pvt_account_id": self.id},
                    **members)

    def add_object(self, kind, counts, **members):
        self.objects.append(self.document(
            kind, an_id(2, self.dump.next_number()), **members))
        add(self.own, counts)

    def fill(self):
        n = self.number
        add(self.own, {"accounts/account": 1})
        for u in range(1 + n % 3):
            level = "admin" if u == 0 else "user"
            self.add_object("user", {"users/" + level: 1}, priv_level=level,
                            username="u%d" % u, first_name="Ann",
                            last_name="Lee",
                            **({"pvt_md5_auth": "%032x" % (n * 10 + u)}
                               if u == 0 else
                               {"pvt_sha1_auth": "%040x" % (n * 10 + u)}
                               if u == 1 else {}))
        for d in range(n % 5):
            self.add_object("device", {"devices/sip_device": 1},
                            name="Phone", device_type="sip_device",
                            sip={"username": "d%d" % d})
        if n % 2:
            self.add_object("device", {"devices/softphone": 1}, name="Soft",
                            device_type="softphone")
            self.add_object("vmbox", {"voicemails/mailbox": 1}, name="Box",
                            mailbox="100")
        if n % 4 == 0:
            self.add_object("device", {}, name="Off", enabled=False,
                            device_type="sip_device")

    def plan_document(self, id_, rates, cascade=False):
        items = {name: dict({"rate": rate}, **({"cascade": True} if cascade
                                               else {}))
                 for name, rate in rates.items()}
        return self.document("service_plan", id_, name="Plan " + id_,
                             plan=nested(items))

    def assign(self, plan, rates, cascade=False):
        self.plans.append(plan)
        self.rates.update(rates)
        self.cascades = cascade

    def misstate(self, name, by):
        """The old system counted more or less than there are objects, here and
        in the cascades above."""
        self.old_own = dict(self.own)
        self.old_own[name] = self.own.get(name, 0) + by
        above = self.parent
        while above is not None:
            add(above.cascade, {name: by})
            above = above.parent

    def quantity(self, name):
        own = self.own if self.old_own is None else self.old_own
        return own.get(name, 0) + (
            self.cascade.get(name, 0) if self.cascades else 0)

    def service_document(self):
        own = self.own if self.old_own is None else self.old_own
        return self.document(
            "service", self.id, pvt_tree=self.tree, pvt_reseller=self.reseller,
            pvt_reseller_id=self.vendor.id, pvt_status="good_standing",
            pvt_vsn=2,
            plans={plan: {"vendor_id": self.vendor.id, "overrides": {}}
                   for plan in self.plans},
            quantities={"account": nested(own),
                        "cascade": nested(self.cascade), "manual": {}})

    def invoice_document(self):
        items = []
        for name, rate in sorted(self.rates.items()):
            category, item = name.split("/")
            quantity = self.quantity(name)
            rate = self.rate_error.get(name, rate)
            items.append({
                "category": category, "item": item, "name": name,
                "quantity": quantity, "billable": quantity, "rate": rate,
                "maximum": quantity, "total": quantity * rate})
        return self.document(
            "audit_log", "202610-" + an_id(3, self.number), status="completed",
            pvt_created=INVOICED, audit={"changes": {"type": ["account"]}},
            bookkeeper={"id": "default_bookkeeper", "type": "default",
                        "vendor_id": self.vendor.id, "results": []},
            invoice={"items": items, "activation_charges": [], "taxes": [],
                     "bookkeeper": {"id": "default_bookkeeper",
                                    "type": "default",
                                    "vendor_id": self.vendor.id},
                     "summary": {"today": 0, "recurring": sum(
                         item["total"] for item in items)}})

    def ledger_documents(self):
        balance = 0
        for month in MONTHS:
            if month != MONTHS[0]:
                balance += self.balance_error
                self.balance_error = 0
                stated = balance
                yield self.document(
                    "ledger", month + "-ledgers_monthly_rollover",
                    pvt_created=MONTH_START[month] + 7,
                    pvt_ledger_type="credit" if stated >= 0 else "debit",
                    amount=abs(stated), source={"service": "rollovers",
                                                "id": month})
            for n in range(3):
                amount = (self.number % 50 + 1) * 10000 + n
                credit = n == 0
                balance += amount if credit else -amount // 3
                yield self.document(
                    "ledger", "%s-%s" % (month, an_id(4, n)),
                    pvt_created=MONTH_START[month] + 86400 * (n + 1),
                    pvt_ledger_type="credit" if credit else "debit",
                    amount=amount if credit else -(-amount // 3),
                    usage={"type": "voice", "quantity": 60, "unit": "sec"},
                    source={"service": "payments" if credit else
                            "per-minute-voip", "id": "s%d" % n})

    def documents(self):
        yield dict(self.document(
            "account", self.id, name="Account %d" % self.number,
            realm="a%d.example.com" % self.number, pvt_tree=self.tree,
            pvt_reseller=self.reseller, pvt_api_key="%064x" % self.number))
        yield self.service_document()
        yield from self.objects
        if self.rates:
            yield self.invoice_document()
        yield from self.ledger_documents()


class Dump:
    """A master account, resellers and their customers."""

    def __init__(self, accounts, resellers=9):
        self.numbers = 0
        self.accounts = []
        self.plans = []
        master = self.new_account(reseller=True)
        self.plans.append(master.plan_document(
            "wholesale", RESELLER_RATES, cascade=True))
        sellers = [self.new_account(master, reseller=True)
                   for _ in range(resellers)]
        for seller in sellers:
            seller.assign("wholesale", RESELLER_RATES, cascade=True)
            self.plans.append(seller.plan_document("retail", RATES))
        while len(self.accounts) < accounts:
            customer = self.new_account(
                sellers[len(self.accounts) % resellers])
            customer.assign("retail", RATES)
        for account in self.accounts:
            above = account.parent
            while above is not None:
                add(above.cascade, account.own)
                above = above.parent

    def next_number(self):
        self.numbers += 1
        return self.numbers

    def new_account(self, parent=None, reseller=False):
        account = Account(self, len(self.accounts), parent, reseller)
        account.fill()
        self.accounts.append(account)
        return account

    def documents(self):
        """In no order that an import would need."""
        for account in reversed(self.accounts):
            yield from account.documents()
        yield from self.plans

    def write(self, path):
        with open(path, "w", encoding="utf-8") as file:
            for document in self.documents():
                file.write(json.dumps(document) + "\n")
        return path


if __name__ == "__main__":
    import sys
    Dump(int(sys.argv[1])).write(sys.argv[2])
