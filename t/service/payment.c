/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/payment.h"

#include "stack.h"

#include "store/ledgers.h"

TestSuite(payment, .init = stack_begin, .fini = stack_end);

static struct payment_order
topup_of(const char *account, money_t amount)
{
	return (struct payment_order){
		.type = PAYMENT_SALE,
		.account_id = account,
		.account_name = "Made by a test",
		.bookkeeper = { "b", "http", account },
		.amount = amount,
		.credits = true,
		.trigger = "manual",
		.module = "kz_services_topup",
		.description = "Manual top-up",
	};
}

static struct payment
begun(const struct payment_order *order)
{
	struct payment payment;

	WELL(pay_begin(db, a, order, now, &payment));
	cr_assert_not_null(payment.id);
	return payment;
}

static struct pay_turn
turn_for(struct payment *payment)
{
	struct pay_turn turn = { .length_s = 30 };

	WELL(pay_take_turn(db, a, payment, &turn, now));
	return turn;
}

static money_t
balance_of(const char *account)
{
	money_t balance;

	WELL(store_ledger_balance(db, a, account, &balance));
	return balance;
}

static const struct bookkeeper_answer paid = { .verdict = BOOKKEEPER_DONE,
	.status = 200 };

Test(payment, a_paid_top_up_is_credited_once)
{
	const char *account = stack_account(NULL, "{}");
	const struct payment_order order = topup_of(account, 25 * MONEY_ONE);
	struct payment payment = begun(&order), again;
	struct bookkeeper_request request = pay_build_request(a, &payment);
	struct json_object *ledger;

	cr_expect_eq(payment.status, PAYMENT_PENDING);
	cr_expect_eq(request.message, BOOKKEEPER_SAYS_SALE);
	cr_expect_str_eq(request.delivery_id, strchr(payment.id, '-') + 1);
	cr_expect(turn_for(&payment).first);
	WELL(pay_find_credit(db, a, &payment, &ledger));
	cr_expect_null(ledger, "before it is paid");
	again = payment;
	WELL(pay_settle(db, a, &payment, &paid, true, now));
	WELL(pay_settle(db, a, &again, &paid, false, now));
	cr_expect_eq(again.status, PAYMENT_COMPLETED);
	cr_expect_eq(balance_of(account), 25 * MONEY_ONE);
	WELL(pay_find_credit(db, a, &payment, &ledger));
	cr_expect_str_eq(json_string_at(ledger, "source.id"), payment.id);
	cr_expect_str_eq(json_string_at(pay_json(a, &payment), "status"),
	    "completed");
}

Test(payment, effects_of_each_answer)
{
	static const struct {
		struct bookkeeper_answer answer;
		enum payment_status first, later;
	} rows[] = {
		{ { BOOKKEEPER_DONE, 200, NULL, NULL, NULL, false },
		  PAYMENT_COMPLETED, PAYMENT_COMPLETED },
		{ { BOOKKEEPER_DECLINED, 200, "card", NULL, NULL, false },
		  PAYMENT_FAILED, PAYMENT_FAILED },
		{ { BOOKKEEPER_DELINQUENT, 402, "delinquent", NULL, NULL,
		  false }, PAYMENT_FAILED, PAYMENT_FAILED },
		{ { BOOKKEEPER_AGAIN, 404, "http_404", NULL, NULL, false },
		  PAYMENT_FAILED, PAYMENT_PENDING },
		{ { BOOKKEEPER_AGAIN, 409, "http_409", NULL, NULL, false },
		  PAYMENT_PENDING, PAYMENT_PENDING },
		{ { BOOKKEEPER_AGAIN, 500, "http_500", NULL, NULL, false },
		  PAYMENT_PENDING, PAYMENT_PENDING },
		{ { BOOKKEEPER_AGAIN, 0, "timeout", NULL, NULL, false },
		  PAYMENT_PENDING, PAYMENT_PENDING },
		{ { BOOKKEEPER_AGAIN, 0, "refused", NULL, NULL, true },
		  PAYMENT_FAILED, PAYMENT_PENDING },
	};
	struct payment_order order;
	struct payment payment;
	size_t i;
	int first;

	for (i = 0; i < NELEM(rows); i++) {
		for (first = 0; first <= 1; first++) {
			order = topup_of(stack_account(NULL, "{}"), MONEY_ONE);
			payment = begun(&order);
			turn_for(&payment);
			WELL(pay_settle(db, a, &payment, &rows[i].answer, first,
			    now));
			cr_expect_eq(payment.status, first ? rows[i].first :
			    rows[i].later, "row %zu, first %d", i, first);
			cr_expect_eq(balance_of(order.account_id),
			    payment.status == PAYMENT_COMPLETED ? MONEY_ONE :
			    0, "row %zu, first %d", i, first);
		}
	}
}

Test(payment, one_asks_at_a_time)
{
	const char *account = stack_account(NULL, "{}");
	const struct payment_order order = topup_of(account, MONEY_ONE);
	struct payment payment = begun(&order), other = payment;
	struct pay_turn turn = { .length_s = 30 };

	cr_expect_eq(turn_for(&payment).outcome, PAYMENT_TURN_TAKEN);
	WELL(pay_take_turn(db, a, &other, &turn, now));
	cr_assert_eq(turn.outcome, PAYMENT_TURN_BUSY);
	WELL(pay_settle(db, a, &payment, &paid, true, now));
	WELL(pay_take_turn(db, a, &other, &turn, now));
	cr_expect_eq(turn.outcome, PAYMENT_TURN_OVER);
	cr_expect_eq(other.status, PAYMENT_COMPLETED, "the stored answer");
}

Test(payment, a_turn_after_an_expired_one_is_not_the_first)
{
	const struct payment_order order = topup_of(stack_account(NULL, "{}"),
	    MONEY_ONE);
	struct payment payment = begun(&order);
	struct pay_turn turn = { .length_s = 30 };

	turn_for(&payment);
	WELL(pay_take_turn(db, a, &payment, &turn, now + 31));
	cr_expect_eq(turn.outcome, PAYMENT_TURN_TAKEN);
	cr_expect_not(turn.first);
}

Test(payment, success_overrides_a_failure)
{
	static const struct bookkeeper_answer declined = {
		.verdict = BOOKKEEPER_DECLINED, .status = 200 };
	const char *account = stack_account(NULL, "{}");
	const struct payment_order order = topup_of(account, MONEY_ONE);
	struct payment payment = begun(&order);

	WELL(pay_settle(db, a, &payment, &declined, false, now));
	cr_expect_eq(payment.status, PAYMENT_FAILED);
	WELL(pay_settle(db, a, &payment, &paid, false, now));
	cr_expect_eq(payment.status, PAYMENT_COMPLETED);
	WELL(pay_settle(db, a, &payment, &declined, false, now));
	cr_expect_eq(payment.status, PAYMENT_COMPLETED);
	cr_expect_eq(balance_of(account), MONEY_ONE);
}

Test(payment, a_pending_top_up_is_joined)
{
	const char *account = stack_account(NULL, "{}");
	struct payment_order order = topup_of(account, MONEY_ONE);
	struct payment first = begun(&order), joined = begun(&order);

	cr_expect_str_eq(first.id, joined.id);
	order.amount++;
	REFUSED(PROBLEM_PAYMENT, pay_begin(db, a, &order, now, &joined));
	order.terms.apart = true;
	joined = begun(&order);
	cr_expect_str_neq(first.id, joined.id, "another amount is another");
	order.amount--;
	joined = begun(&order);
	cr_expect_str_eq(first.id, joined.id, "the same amount is not");
	order.credits = false;
	joined = begun(&order);
	cr_expect_str_neq(first.id, joined.id, "a sale is another payment");
}

Test(payment, a_key_makes_one_payment)
{
	const char *account = stack_account(NULL, "{}");
	struct payment_order order = topup_of(account, MONEY_ONE);
	struct payment first, again;

	order.terms.request_key = "key";
	first = begun(&order);
	WELL(pay_settle(db, a, &first, &paid, true, now));
	again = begun(&order);
	cr_expect_str_eq(first.id, again.id);
	cr_expect_eq(again.status, PAYMENT_COMPLETED);
	order.description = "Another";
	REFUSED(PROBLEM_KEY_REUSED, pay_begin(db, a, &order, now, &again));
}

Test(payment, automatic_top_ups_are_limited)
{
	const char *account = stack_account(NULL, "{}");
	struct payment_order order = topup_of(account, MONEY_ONE);
	struct payment payment;

	order.trigger = "automatic";
	order.terms.alone_since = now - 60;
	payment = begun(&order);
	WELL(pay_settle(db, a, &payment, &paid, true, now));
	WELL(pay_begin(db, a, &order, now + 59, &payment));
	cr_expect_null(payment.id);
	order.terms.alone_since = now;
	payment = begun(&order);
	cr_expect_eq(payment.status, PAYMENT_PENDING);
}

Test(payment, a_payment_with_a_waiting_process_is_not_listed)
{
	const struct payment_order order = topup_of(stack_account(NULL, "{}"),
	    MONEY_ONE);
	struct payment payment = begun(&order);
	struct payment_list list;

	WELL(pay_list_forgotten(db, a, order.account_id, now, &list));
	cr_expect_eq(list.count, 0);
	WELL(pay_list_forgotten(db, a, order.account_id, now + 61, &list));
	cr_assert_eq(list.count, 1);
	cr_expect_str_eq(list.payments[0].id, payment.id);
}
