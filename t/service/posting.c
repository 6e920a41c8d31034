/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/posting.h"

#include "proposal.h"
#include "stack.h"

TestSuite(posting, .init = stack_begin, .fini = stack_end);

static struct posting
debit_of(const char *account_id, const char *seller_id, const char *source_id)
{
	const struct ledger_note note = { .trigger = "test",
		.metadata = quoted(a, "{'colour':'red'}") };
	const struct ledger own = {
		.account_id = account_id,
		.debit = true,
		.service = "adhoc",
		.source_id = source_id,
		.amount = 3 * MONEY_ONE,
		.period_start = now,
		.created = now,
	};
	struct posting posting;

	posting_begin(a, &own, &note, &posting);
	if (seller_id != NULL)
		posting_add_copy(a, seller_id, &note, &posting);
	return posting;
}

static money_t
balance(const char *account_id)
{
	money_t out;

	WELL(store_ledger_balance(db, a, account_id, &out));
	return out;
}

Test(posting, source_and_period_are_unique)
{
	const char *account = stack_account(NULL, "{}");
	struct posting posting = debit_of(account, NULL, "invoice-1");
	struct problem *p;

	WELL(db_transaction(db, a, post_in, &posting));
	p = db_transaction(db, a, post_in, &posting);
	cr_assert(p != NULL && p->kind == PROBLEM_CONFLICT);
	cr_expect_str_eq(json_string_at(p->data, "id"),
	    posting.entries[0].id);
	cr_expect_eq(balance(account), -3 * MONEY_ONE);
}

Test(posting, both_entries_are_written_or_none)
{
	const char *seller = stack_account(NULL, "{}");
	const char *account = stack_account(seller, "{}");
	struct posting both = debit_of(account, seller, "invoice-2");
	struct posting lone = debit_of(account, "no-such-account", "invoice-3");
	struct ledger_entry *copy;

	WELL(db_transaction(db, a, post_in, &both));
	cr_expect_eq(balance(account), -3 * MONEY_ONE);
	cr_expect_eq(balance(seller), -3 * MONEY_ONE);
	WELL(store_ledger_show(db, a, seller, both.entries[1].id, &copy));
	cr_assert_not_null(copy);
	cr_expect_str_eq(json_string_at(copy->document,
	    "metadata.origin_ledger.id"), both.entries[0].id);
	cr_expect_str_eq(json_string_at(copy->document, "metadata.colour"),
	    "red");
	cr_expect_str_eq(json_string_at(copy->document, "account.id"), account);
	REFUSED(PROBLEM_BAD_IDENTIFIER, db_transaction(db, a, post_in, &lone));
	cr_expect_eq(balance(account), -3 * MONEY_ONE, "neither is written");
}
