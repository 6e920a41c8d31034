/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/change.h"

#include "proposal.h"
#include "stack.h"

TestSuite(change, .init = begin_priced, .fini = stack_end);

#define USERS "{'name':'P','plan':{'users':{'user':{'rate':8}}}}"

static struct change
change_to(const char *account_id, enum change_rule rule, bool accepted,
    struct quantity_wanted *wanted)
{
	struct actor actor = stack_actor();
	struct change change;

	actor.accepted = accepted;
	change = change_by(&actor, rule, account_id);
	change.propose = propose_quantity;
	change.state = wanted;
	return change;
}

Test(change, higher_charges_must_be_accepted)
{
	static const struct {
		enum change_rule rule;
		bool prompt, accepted, refused;
	} rows[] = {
		{ CHANGE_COUNTED, false, false, false },
		{ CHANGE_COUNTED, false, true, false },
		{ CHANGE_TERMS, true, false, true },
		{ CHANGE_TERMS, true, true, false },
		{ CHANGE_TERMS, false, false, false },
		{ CHANGE_UNASKED, true, false, false },
	};
	struct quantity_wanted wanted = { QUANTITY_MANUAL, "users", "user", 2 };
	struct change change;
	const char *account;
	struct problem *p;
	int64_t entries;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		account = stack_account(NULL, "{}");
		stack_assign(account, USERS);
		entries = entries_of(account);
		config.prompt_service_changes = rows[i].prompt;
		change = change_to(account, rows[i].rule, rows[i].accepted,
		    &wanted);
		p = commit(&change);
		cr_assert_eq(p != NULL, rows[i].refused, "row %zu: %s", i,
		    p == NULL ? "done" : p->text);
		cr_expect(p == NULL || p->kind == PROBLEM_CHARGES);
		cr_expect_eq(quantity_now(account, &wanted),
		    rows[i].refused ? 0 : 2, "row %zu", i);
		cr_expect_eq(entries_of(account) > entries, !rows[i].refused,
		    "row %zu: a refusal leaves nothing in the trail", i);
	}
}

Test(change, the_payer_of_an_increase_must_be_in_good_standing)
{
	struct quantity_wanted wanted = { QUANTITY_MANUAL, "users", "user", 2 };
	const char *account = stack_account(NULL, "{}");
	struct change change;

	stack_assign(account, USERS);
	set_standing(account, STANDING_DELINQUENT);
	change = change_to(account, CHANGE_COUNTED, true, &wanted);
	REFUSED(PROBLEM_BILLING_ISSUE, commit(&change));
	/* The seller changes terms: the payer need not confirm. */
	change = change_to(account, CHANGE_TERMS, true, &wanted);
	WELL(commit(&change));
	/* A lower price is always admitted. */
	wanted.quantity = 1;
	change = change_to(account, CHANGE_COUNTED, false, &wanted);
	WELL(commit(&change));
}

Test(change, with_require_balance_the_balance_must_cover_the_increase)
{
	struct quantity_wanted wanted = { QUANTITY_MANUAL, "users", "user", 2 };
	const char *account = stack_account(NULL, "{}");
	struct change change;

	config.require_balance = 1;
	stack_assign(account, USERS);
	change = change_to(account, CHANGE_COUNTED, true, &wanted);
	REFUSED(PROBLEM_BILLING_ISSUE, commit(&change));
	credit(account, 16 * MONEY_ONE - 1);
	REFUSED(PROBLEM_BILLING_ISSUE, commit(&change));
	credit(account, 1);
	WELL(commit(&change));
}

Test(change, no_change_writes_nothing)
{
	struct quantity_wanted wanted = { QUANTITY_MANUAL, "users", "user", 2 };
	const char *account = stack_account(NULL, "{}");
	struct change change = change_to(account, CHANGE_UNASKED, false,
	    &wanted);
	int64_t entries;

	WELL(commit(&change));
	entries = entries_of(account);
	WELL(commit(&change));
	cr_expect_eq(entries_of(account), entries);
}

Test(change, positive_quantities_count_for_ancestors)
{
	static const int64_t steps[][2] = {
		{ 3, 3 }, { 1, 1 }, { 0, 0 }, { -2, 0 }, { 4, 4 },
	};
	struct quantity_wanted own = { QUANTITY_ACCOUNT, "users", "user", 0 };
	struct quantity_wanted above = { QUANTITY_CASCADE, "users", "user", 0 };
	const char *parent = stack_account(NULL, "{}");
	const char *child = stack_account(parent, "{}");
	struct change change;
	size_t i;

	for (i = 0; i < NELEM(steps); i++) {
		own.quantity = steps[i][0];
		change = change_to(child, CHANGE_UNASKED, false, &own);
		change.cascades = true;
		WELL(commit(&change));
		cr_expect_eq(quantity_now(parent, &above), steps[i][1],
		    "step %zu", i);
	}
}

Test(change, the_bill_of_the_account_acted_for_is_shown_as_well)
{
	struct quantity_wanted own = { QUANTITY_ACCOUNT, "users", "user", 1 };
	const char *reseller = stack_account(NULL, "{}");
	const char *child = stack_account(reseller, "{}");
	struct actor actor = stack_actor();
	struct change change;

	stack_assign(reseller, "{'name':'P','plan':{'users':{'user':{'rate':8,"
	    "'cascade':true}}}}");
	actor.acting_id = reseller;
	change = change_by(&actor, CHANGE_COUNTED, child);
	change.propose = propose_quantity;
	change.state = &own;
	REFUSED(PROBLEM_CHARGES, commit(&change));
	change.accepted = true;
	WELL(commit(&change));
}
