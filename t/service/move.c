/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/move.h"

#include "proposal.h"
#include "service/trail_verify.h"
#include "stack.h"

TestSuite(move, .init = begin_priced, .fini = stack_end);

struct destination {
	const char *account_id;
	const char *to_id;
};

static struct problem *
move_in(struct db *in, struct arena *arena, void *state)
{
	const struct destination *d = state;
	const struct actor actor = stack_actor();

	return move_account(in, arena, &actor, &(struct move){
	    d->account_id, d->to_id, MOVE_PINS, false });
}

static struct problem *
move(const char *account_id, const char *to_id)
{
	struct destination d = { account_id, to_id };

	return db_transaction(db, a, move_in, &d);
}

Test(move, quantities_of_descendants_move_with_it)
{
	struct quantity_wanted own = { QUANTITY_ACCOUNT, "users", "user", 3 };
	struct quantity_wanted below = { QUANTITY_CASCADE, "users", "user", 0 };
	const char *top = stack_account(NULL, "{}");
	const char *left = stack_account(top, "{}");
	const char *right = stack_account(top, "{}");
	const char *child = stack_account(left, "{}");
	const char *grandchild = stack_account(child, "{}");
	const char *const all[] = { top, left, right, child, grandchild };
	const struct actor actor = stack_actor();
	struct change change = change_by(&actor, CHANGE_UNASKED, grandchild);
	struct audit_verdict verdict;
	struct audit_head head;
	size_t i;

	change.cascades = true;
	change.propose = propose_quantity;
	change.state = &own;
	WELL(commit(&change));
	WELL(move(child, right));
	cr_expect_eq(quantity_now(left, &below), 0);
	cr_expect_eq(quantity_now(right, &below), 3);
	cr_expect_eq(quantity_now(child, &below), 3);
	cr_expect_eq(quantity_now(top, &below), 3, "above both it stays");
	for (i = 0; i < NELEM(all); i++) {
		WELL(store_audit_chain_head(db, a, all[i], &head));
		WELL(trail_verify(db, a, &head, NULL, NULL, &verdict));
		cr_expect(trail_verdict_ok(&verdict), "%zu: %s %s", i,
		    verdict.broken_why, verdict.first_day);
	}
}

Test(move, an_account_moves_neither_below_itself_nor_to_an_unknown_one)
{
	const char *account = stack_account(NULL, "{}");
	const char *child = stack_account(account, "{}");
	struct account *master;
	char nowhere[ID_SIZE];

	id_new(nowhere);
	REFUSED(PROBLEM_VALIDATION, move(account, account));
	REFUSED(PROBLEM_VALIDATION, move(account, child));
	REFUSED(PROBLEM_BAD_IDENTIFIER, move(account, nowhere));
	WELL(store_account_show(db, a, NULL, &master));
	REFUSED(PROBLEM_FORBIDDEN, move(master->id, child));
}
