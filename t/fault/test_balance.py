# SPDX-License-Identifier: GPL-3.0-or-later
"""A pool with require_balance on: the payer's balance, or postpay limit, must
cover an increase and all that was accepted and is not yet debited."""

import json
import os
import sys
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from fault.stack import REEVE, REEVECTL, StackTest, require, wait_until  # noqa: E402


@require(REEVE, REEVECTL)
class BalanceTest(StackTest):
    pool = True
    bare = False
    options = {"require_balance": "1", "recurring_debits": "1",
               "couriers": "0"}
    price = {"rate": 2.5, "activation_charge": 1}

    def setUp(self):
        stack = self.stack
        self.seller = stack.create_account("Seller", "--reseller")
        self.token = stack.issue_token(self.seller)
        self.account = stack.create_account("Customer", "--parent",
                                            self.seller)
        self.ask("PUT", self.seller, "service_plans", {
            "id": "base", "name": "Base", "plan": {
                "devices": {"sip_device": self.price,
                            "fax": {"rate": 0}},
                "ips": {"dedicated": {"rate": 15}}}})
        self.ask("POST", self.account, "services?accept_charges=true",
                 {"add": ["base"]})

    def ask(self, method, account, path, data=None):
        return self.stack.request(method, "/v2/accounts/%s/%s" % (
            account, path), self.token, data)

    def device(self, kind="sip_device", accept="true"):
        return self.ask("PUT", self.account, "devices?accept_charges=" + accept,
                        {"name": "d", "device_type": kind})

    def credit(self, amount, account=None):
        self.ask("POST", account or self.account, "services/topup",
                 {"amount": amount})

    def refused(self, answer, amount):
        self.assertEqual(
            (402, "billing_issue", "not_enough_funds", amount),
            (answer.status, answer.envelope["message"],
             answer.data.get("reason"), answer.data.get("amount")))
        self.assertTrue(answer.data["message"])


class Covered(BalanceTest):
    def test_the_balance_must_cover_the_increase(self):
        self.refused(self.device(), 3.5)
        self.credit(3.49)
        self.refused(self.device(), 3.5)
        self.credit(0.01)
        self.assertEqual(201, self.device().status)

    def test_charges_are_confirmed_first(self):
        answer = self.device(accept="false")
        self.assertEqual((402, "accept charges"),
                         (answer.status, answer.envelope["message"]))

    def test_free_items_need_no_balance(self):
        self.assertEqual(201, self.device("fax").status)

    def test_the_postpay_limit_is_added(self):
        self.ask("POST", self.account, "limits", {
            "allow_postpay": False, "max_postpay_amount": 100})
        self.refused(self.device(), 3.5)
        self.ask("POST", self.account, "limits", {
            "allow_postpay": True, "max_postpay_amount": 3})
        self.refused(self.device(), 3.5)
        self.credit(0.5)
        self.assertEqual(201, self.device().status)

    def test_a_bookkeeper_that_moves_money_looks_at_it_itself(self):
        for kind, status in (("default", 402), ("http", 201)):
            self.stack.sql(
                "UPDATE service SET document = '{\"bookkeeper\": {\"type\":"
                " \"%s\", \"id\": \"b\", \"vendor_id\": \"%s\"}}'"
                " WHERE account_id = '%s'" % (kind, self.seller, self.account))
            self.assertEqual(status, self.device().status, kind)

    def test_the_balance_of_the_payer_decides(self):
        below = self.stack.create_account("Below", "--parent", self.account)
        self.ask("POST", below, "services?accept_charges=true",
                 {"add": ["base"], "billing_id": self.account})
        device = lambda: self.ask("PUT", below, "devices?accept_charges=true",
                                  {"name": "d"})
        self.credit(10, below)
        self.refused(device(), 3.5)
        self.credit(10)
        self.assertEqual(201, device().status)


class HeldTest(BalanceTest):
    price = {"rate": 15}

    def setUp(self):
        super().setUp()
        self.addCleanup(self.check)

    def check(self):
        """The sum of what is held is what charges hold."""
        self.assertEqual([], self.stack.sql(
            "SELECT b.account_id FROM ledger_balance AS b LEFT JOIN (SELECT"
            " payer_id, SUM(amount) AS amount FROM balance_hold GROUP BY 1)"
            " AS h ON h.payer_id = b.account_id"
            " WHERE b.held <> COALESCE(h.amount, 0)"))
        self.assertEqual(0, self.stack.number(
            "SELECT COUNT(*) FROM balance_hold AS h LEFT JOIN ledger_balance"
            " AS b ON b.account_id = h.payer_id WHERE b.held IS NULL"))
        self.assert_verified(self.account)

    def held(self, account=None):
        return float((self.stack.sql(
            "SELECT held FROM ledger_balance WHERE account_id = '%s'" %
            (account or self.account)) or [["0"]])[0][0])

    def below(self, *more):
        """A customer of the account, for whom it pays."""
        below = self.stack.create_account("Below", "--parent", self.account,
                                          *more)
        self.ask("POST", below, "services?accept_charges=true",
                 {"add": ["base"], "billing_id": self.account})
        return below

    def buy(self, account=None, status=201):
        answer = self.ask("PUT", account or self.account,
                          "devices?accept_charges=true", {"name": "d"})
        self.assertEqual(status, answer.status, answer)
        return answer.data.get("id")

    def run_due(self, account=None):
        """The month has just begun for the account."""
        account = account or self.account
        self.stack.sql("UPDATE account SET created = created - 86400 * 32,"
                       " arrived = arrived - 86400 * 32 WHERE id = '%s'" %
                       account)
        self.stack.sql("UPDATE account JOIN ledger_balance AS b ON b.account_id = id"
                       " SET b.created = account.created WHERE id = '%s'" % account)
        return json.loads(self.stack.reevectl(
            "--json", "run-due", "--only", "collect", account).stdout)


class Held(HeldTest):
    def test_what_was_bought_before_counts(self):
        self.credit(15)
        self.buy()
        for _ in range(2):
            self.refused(self.device(), 15)
        self.credit(15)
        self.buy()
        self.buy(status=402)
        self.assertEqual(30, self.held())

    def test_what_was_not_bought_in_the_end_does_not(self):
        self.credit(15)
        for _ in range(3):
            device = self.buy()
            self.assertEqual(15, self.held())
            self.ask("DELETE", self.account, "devices/" + device)
            self.assertEqual(0, self.held())

    def test_a_charge_of_today_stays_when_the_rest_goes(self):
        self.ask("PATCH", self.seller, "service_plans/base", {"plan": {
            "devices": {"sip_device": {"rate": 15, "activation_charge": 2}}}})
        self.credit(17)
        self.ask("DELETE", self.account, "devices/" + self.buy())
        self.assertEqual(2, self.held())
        self.refused(self.device(), 17)

    def test_a_charge_of_today_stays_when_something_debited_goes(self):
        self.ask("PATCH", self.seller, "service_plans/base", {"plan": {
            "users": {"user": {"rate": 5, "activation_charge": 10}}}})
        self.ask("POST", self.account, "services?accept_charges=true",
                 {"add": ["base"]})
        self.credit(30)
        device = self.buy()
        self.run_due()
        user = lambda number: self.ask(
            "PUT", self.account, "users?accept_charges=true", {
                "first_name": "U", "last_name": "%d" % number})
        self.assertEqual(201, user(1).status)
        self.assertEqual(15, self.held())
        self.ask("DELETE", self.account, "devices/" + device)
        self.assertEqual(10, self.held())
        self.refused(user(2), 15)

    def test_a_free_or_cheaper_change_needs_nothing(self):
        self.credit(15)
        device = self.buy()
        self.ask("PUT", self.account, "devices", {"name": "f",
                                                  "device_type": "fax"})
        self.ask("POST", self.account, "limits", {"allow_postpay": False})
        answer = self.ask("DELETE", self.account, "devices/" + device)
        self.assertEqual(200, answer.status, answer)

    def test_terms_are_held_although_they_are_not_checked(self):
        self.ask("PATCH", self.account,
                 "services/manual?accept_charges=true",
                 {"ips": {"dedicated": 2}})
        self.assertEqual(30, self.held())
        self.credit(44)
        self.refused(self.device(), 15)
        self.credit(1)
        self.buy()

    def test_a_debit_ends_it_once(self):
        self.credit(40)
        self.buy()
        self.buy()
        self.buy(status=402)
        self.assertEqual(1, self.run_due()["collect"]["done"])
        self.assertEqual(0, self.held())
        self.buy(status=402)  # 10 are left
        self.credit(5)
        self.buy()
        self.assertEqual(0, self.run_due()["collect"].get("done", 0))
        self.assertEqual(15, self.held())

    def test_a_disabled_account_is_not_debited(self):
        self.credit(15)
        self.buy()
        self.stack.sql("UPDATE account JOIN ledger_balance AS b ON b.account_id = id"
                       " SET account.enabled = 0, b.enabled = 0 WHERE id = '%s'" %
                       self.account)
        self.run_due()
        self.assertEqual(15, self.held())

    def test_it_follows_the_payer(self):
        below = self.below()
        self.credit(15)
        self.buy(below)
        self.assertEqual(15, self.held())
        self.buy(status=402)
        self.ask("POST", below, "services", {"billing_id": below})
        self.assertEqual((0, 15), (self.held(), self.held(below)))
        self.buy()
        self.ask("POST", below, "services", {"billing_id": self.account})
        self.assertEqual((30, 0), (self.held(), self.held(below)))
        self.run_due(below)
        self.assertEqual(15, self.held())

    def test_it_moves_with_the_account(self):
        below = self.below()
        self.credit(30)
        self.buy(below)
        self.buy()
        other = self.stack.create_account("Other", "--parent", self.seller)
        answer = self.stack.request(
            "POST", "/v2/accounts/%s/move" % below,
            self.stack.issue_token(self.stack.master), {"to": other})
        self.assertEqual(200, answer.status, answer)
        self.assertEqual((15, 15), (self.held(), self.held(below)))

    def test_it_goes_with_the_account(self):
        below = self.below()
        self.credit(15)
        self.buy(below)
        answer = self.stack.request("DELETE", "/v2/accounts/" + below,
                                    self.token)
        self.assertEqual(200, answer.status, answer)
        self.assertEqual(0, self.held())
        self.buy()

    def at_once(self, *accounts):
        answers = []
        threads = [threading.Thread(target=lambda one=one: answers.append(
            self.ask("PUT", one, "devices?accept_charges=true",
                     {"name": "d"}).status)) for one in accounts]
        for thread in threads:
            thread.start()
        return threads, answers

    def test_two_at_once(self):
        below = self.below()
        self.credit(15)
        for pair in ((self.account, self.account), (self.account, below)):
            threads, answers = self.at_once(*pair)
            for thread in threads:
                thread.join()
            self.assertEqual([201, 402] if pair[1] == self.account else
                             [402, 402], sorted(answers))
        self.assertEqual(15, self.held())

    def test_a_credit_or_debit_meanwhile_counts(self):
        self.credit(15)
        for amount, status in (("-1", 402), ("+1", 201)):
            session = self.stack.session()
            session.run("START TRANSACTION; UPDATE ledger_balance SET amount ="
                        " amount %s WHERE account_id = '%s'" % (
                            amount, self.account))
            threads, answers = self.at_once(self.account)
            self.stack.wait_for_lock_wait()
            session.run("COMMIT")
            session.close()
            threads[0].join()
            self.assertEqual([status], answers)
        self.stack.sql("UPDATE ledger_balance SET amount = 15"
                       " WHERE account_id = '%s'" % self.account)

    def test_a_crash_holds_all_of_it_or_nothing(self):
        self.credit(15)
        session = self.stack.session()
        session.run("START TRANSACTION; UPDATE ledger_balance SET amount = 0"
                    " WHERE account_id = '%s'" % self.account)
        threads, answers = self.at_once(self.account)
        self.stack.wait_for_lock_wait()
        self.stack.kill_database()
        session.close()
        threads[0].join()
        self.assertEqual([503], answers)
        self.stack.start_database()
        self.assertEqual(0, self.held())
        wait_until(lambda: self.ask("GET", self.account, "devices").status ==
                   200)
        self.buy()
        self.buy(status=402)

    def test_verify_finds_and_rebuild_corrects_a_wrong_sum(self):
        self.credit(15)
        self.buy()
        self.stack.sql("UPDATE ledger_balance SET held = 1 WHERE account_id ="
                       " '%s'" % self.account)
        done = self.stack.reevectl("audit", "verify", self.account,
                                   check=False)
        self.assertEqual(1, done.returncode)
        self.assertIn("BALANCE WRONG: 1.000000 of it is held", done.stdout)
        self.stack.reevectl("audit", "rebuild", self.account)
        self.assertEqual(15, self.held())


class VersionBefore(HeldTest):
    def test_a_migration_sums_what_is_accepted_and_not_yet_debited(self):
        collected, below = self.below(), self.below()
        self.credit(100)
        for account in (self.account, collected, below):
            self.buy(account)
        self.ask("DELETE", self.account, "devices/" + self.buy())
        self.run_due(collected)
        gone = self.below()
        self.buy(gone)
        self.stack.request("DELETE", "/v2/accounts/" + gone, self.token)
        deep = self.below()
        self.buy(deep)
        held = self.stack.sql("SELECT * FROM balance_hold WHERE account_id <>"
                              " '%s' ORDER BY 1" % deep)
        self.assertEqual(45, self.held())
        self.stack.stop_pool()
        self.stack.sql(
            # Deeper than MariaDB reads JSON, as overrides may be.
            "UPDATE audit_entry SET document = CONCAT('{\"invoice\": ',"
            " REPEAT('[', 40), REPEAT(']', 40), '}')"
            " WHERE account_id = '" + deep + "';"
            "ALTER TABLE ledger_balance DROP KEY by_available,"
            " DROP COLUMN available;"
            "ALTER TABLE ledger_balance DROP COLUMN held;"
            "DROP TABLE balance_hold;"
            "DELETE FROM schema_migration WHERE name LIKE '%-held-balance'")
        self.stack.reevectl("migrate")
        self.stack.start_pool()
        self.assertEqual(held, self.stack.sql(
            "SELECT * FROM balance_hold ORDER BY 1"))
        self.assertEqual(30, self.held())
        self.buy()


if __name__ == "__main__":
    unittest.main()
