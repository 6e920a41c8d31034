/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/topup.h"

#include "stack.h"

#include "store/ledgers.h"

TestSuite(topup, .init = stack_begin, .fini = stack_end);

#define PLAN(type) "{'name':'P','plan':{'devices':{'fax':{'rate':1," \
	"'minimum':1}}},'bookkeeper':{'type':'" type "','id':'b'}}"
#define WANTED "{'topup':{'amount':20,'threshold':5}}"

Test(topup, reasons_against_a_top_up)
{
	static const struct {
		const char *document, *plan, *why;
	} rows[] = {
		{ "{}", PLAN("http"), "amount_and_threshold_undefined" },
		{ "{'topup':{'threshold':5}}", PLAN("http"),
		  "amount_undefined" },
		{ "{'topup':{'amount':0,'threshold':5}}", PLAN("http"),
		  "amount_undefined" },
		{ "{'topup':{'amount':20}}", PLAN("http"),
		  "threshold_undefined" },
		{ WANTED, PLAN("default"), "invalid_bookkeeper" },
		{ WANTED, PLAN("http"), NULL },
	};
	struct payment_order order;
	const char *account, *why;
	size_t i;
	bool due;

	for (i = 0; i < NELEM(rows); i++) {
		account = stack_account(NULL, rows[i].document);
		stack_assign(account, rows[i].plan);
		WELL(topup_order_automatic(db, a, account, now, &order, &why));
		WELL(topup_is_due(db, a, account, now, &due));
		cr_expect_eq(due, rows[i].why == NULL, "row %zu", i);
		if (rows[i].why == NULL) {
			cr_expect_null(why);
			cr_expect_eq(order.amount, 20 * MONEY_ONE);
			continue;
		}
		cr_assert_not_null(why, "row %zu", i);
		cr_expect_str_eq(why, rows[i].why);
	}
}

Test(topup, closes_the_gap)
{
	static const struct {
		const char *document;
		money_t amount;
	} rows[] = {
		{ "{'topup':{'amount':20,'threshold':19.99}}", 20 },
		{ "{'topup':{'amount':20,'threshold':20}}", 20 },
		{ "{'topup':{'amount':20,'threshold':20.01}}", 40 },
		{ "{'topup':{'amount':20,'threshold':40}}", 40 },
		{ "{'topup':{'amount':20,'threshold':10005}}", 10020 },
	};
	struct payment_order order;
	const char *account, *why;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		account = stack_account(NULL, rows[i].document);
		stack_assign(account, PLAN("http"));
		WELL(topup_order_automatic(db, a, account, now, &order, &why));
		cr_expect_null(why);
		cr_expect_eq(order.amount, rows[i].amount * MONEY_ONE,
		    "row %zu", i);
	}
}

Test(topup, once_in_24_hours)
{
	const char *account = stack_account(NULL, WANTED), *why;
	const struct bookkeeper_answer paid = { .verdict = BOOKKEEPER_DONE,
		.status = 200 };
	struct payment_order order;
	struct payment payment;
	bool due;

	/* So that the top-up does not raise the balance above the threshold. */
	stack_assign(account, PLAN("http"));
	WELL(topup_order_automatic(db, a, account, now, &order, &why));
	order.amount = MONEY_ONE;
	WELL(pay_begin(db, a, &order, now, &payment));
	WELL(topup_is_due(db, a, account, now, &due));
	cr_expect_not(due, "one is pending");
	WELL(pay_settle(db, a, &payment, &paid, true, now));
	WELL(topup_is_due(db, a, account, now + 24 * 3600 - 1, &due));
	cr_expect_not(due, "the same day");
	WELL(topup_is_due(db, a, account, now + 24 * 3600, &due));
	cr_expect(due, "the next day");
}

Test(topup, not_above_the_threshold)
{
	const char *account = stack_account(NULL, WANTED), *why;
	const struct bookkeeper_answer paid = { .verdict = BOOKKEEPER_DONE,
		.status = 200 };
	struct payment_order order;
	struct payment payment;

	stack_assign(account, PLAN("http"));
	WELL(topup_order_automatic(db, a, account, now, &order, &why));
	order.amount = 5 * MONEY_ONE;
	WELL(pay_begin(db, a, &order, now, &payment));
	WELL(pay_settle(db, a, &payment, &paid, true, now));
	WELL(topup_order_automatic(db, a, account, now, &order, &why));
	cr_assert_not_null(why);
	cr_expect_str_eq(why, "balance_above_threshold");
}

static struct problem *
credit(struct db *in, struct arena *arena, void *state)
{
	struct json_object *ledger;

	WELL(topup_credit(in, arena, state, now, &ledger));
	cr_expect_str_eq(json_string_at(ledger, "source.service"), "payments");
	cr_expect_null(json_at(ledger, "metadata.transaction"));
	return NULL;
}

Test(topup, credit_without_a_bookkeeper)
{
	struct payment_order order = topup_order_manual(3 * MONEY_ONE);
	money_t balance;

	order.account_id = stack_account(NULL, "{}");
	order.audit = stack_actor().audit;
	WELL(db_transaction(db, a, credit, &order));
	WELL(store_ledger_balance(db, a, order.account_id, &balance));
	cr_expect_eq(balance, 3 * MONEY_ONE);
}
