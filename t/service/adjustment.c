/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/adjustment.h"

#include "stack.h"

#include "store/ledgers.h"

TestSuite(adjustment, .init = stack_begin, .fini = stack_end);

struct making {
	struct adjustment adjustment;
	struct payment made;
};

static struct problem *
make(struct db *in, struct arena *arena, void *state)
{
	struct making *m = state;

	return adjustment_make(in, arena, &m->adjustment, now, &m->made);
}

Test(adjustment, credits_and_debits_are_in_the_ledger)
{
	static const struct {
		enum payment_type type;
		money_t balance;
	} rows[] = {
		{ PAYMENT_CREDIT, 3 * MONEY_ONE },
		{ PAYMENT_DEBIT, -3 * MONEY_ONE },
	};
	struct making m = { 0 };
	money_t balance;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		m.adjustment = (struct adjustment){
			.type = rows[i].type,
			.account_id = stack_account(NULL, "{}"),
			.amount = 3 * MONEY_ONE,
			.reason = "as agreed",
			.audit = stack_actor().audit,
		};
		WELL(db_transaction(db, a, make, &m));
		cr_expect_eq(m.made.status, PAYMENT_COMPLETED);
		cr_expect_str_eq(json_string_at(m.made.document, "reason"),
		    "as agreed");
		WELL(store_ledger_balance(
		    db, a, m.adjustment.account_id, &balance));
		cr_expect_eq(balance, rows[i].balance, "row %zu", i);
	}
}

Test(adjustment, the_account_must_exist)
{
	char id[ID_SIZE];
	struct making m = { .adjustment = { .type = PAYMENT_CREDIT,
		.account_id = id, .amount = MONEY_ONE,
		.audit = stack_actor().audit } };

	id_new(id);
	REFUSED(PROBLEM_BAD_IDENTIFIER, db_transaction(db, a, make, &m));
}
