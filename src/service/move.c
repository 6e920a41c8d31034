/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/move.h"

#include <string.h>

#include "base/json.h"
#include "service/account.h"
#include "service/cascade.h"
#include "service/reserve.h"
#include "service/sums.h"
#include "store/accounts.h"

static bool
is_among(const struct account_ids *ids, const char *id)
{
	size_t i;

	for (i = 0; i < ids->count; i++)
		if (strcmp(ids->ids[i], id) == 0)
			return true;
	return false;
}

/* Adds or subtracts the quantities of a subtree in the accounts of ids that are
 * not in others. */
static struct problem *
cascade_some(const struct part *part, const struct account_ids *ids,
    const struct account_ids *others)
{
	struct problem *p = NULL;
	size_t i;

	for (i = 0; p == NULL && i < ids->count; i++)
		if (!is_among(others, ids->ids[i]))
			p = cascade_apply(part, ids->ids[i]);
	return p;
}

/* The quantities of the account and its descendants. */
static struct problem *
build_subtree_table(struct arena *a, const struct service *top,
    struct service *out)
{
	static const struct quantity_table none;
	struct quantity_table all = none;

	if (!quantities_cascade(a, &none, &top->quantities[QUANTITY_ACCOUNT],
	    &all) ||
	    !quantities_cascade(a, &none, &top->quantities[QUANTITY_CASCADE],
	    &all))
		return problem_invalid(a, "cascade", "overflow",
		    "more is counted in account %s than can be",
		    top->account_id);
	*out = *top;
	out->quantities[QUANTITY_ACCOUNT] = all;
	return NULL;
}

/* Locks both paths. The problem names the account that does not exist. */
static struct problem *
lock_both(struct db *db, struct arena *a, const char *account_id,
    const char *to_id, struct service *account)
{
	struct service to;
	struct problem *p;

	p = store_service_load(db, a, account_id, SERVICE_LOCK_PATH, account);
	return p != NULL ? p :
	    store_service_load(db, a, to_id, SERVICE_LOCK_PATH, &to);
}

/* Moves the row; a refusal of the database concerns the destination. */
static struct problem *
move_row(struct db *db, struct arena *a, const struct change *change,
    const char *to_id)
{
	struct problem *p = store_account_move(db, a, change->account_id, to_id,
	    change->now);

	if (p != NULL && p->kind == PROBLEM_CONFLICT)
		return problem_invalid(a, "to", "invalid",
		    "an account cannot be moved below itself");
	if (problem_concerns(p, PROBLEM_BAD_IDENTIFIER, "account"))
		return problem_text(a, PROBLEM_FORBIDDEN,
		    "the master account cannot be moved");
	return p != NULL && p->kind == PROBLEM_BAD_IDENTIFIER ?
	    problem_bad_identifier(a, to_id) : p;
}

/* Subtracts the quantities of the subtree from the old ancestors and adds them
 * to the new ones. */
static struct problem *
move_quantities(const struct part *part, const char *to_id)
{
	struct account_ids above, new_above;
	struct service moved, empty;
	struct part out = *part, in = *part;
	struct problem *p;

	if ((p = store_service_ancestors(part->db, part->arena,
	    part->change->account_id, &above)) != NULL ||
	    (p = build_subtree_table(part->arena, part->after,
	    &moved)) != NULL ||
	    (p = move_row(part->db, part->arena, part->change,
	    to_id)) != NULL ||
	    (p = store_service_ancestors(part->db, part->arena,
	    part->change->account_id, &new_above)) != NULL)
		return p;
	empty = moved;
	empty.quantities[QUANTITY_ACCOUNT] =
	    (struct quantity_table){ .count = 0 };
	out.before = in.after = &moved;
	out.after = in.before = &empty;
	p = cascade_some(&out, &above, &new_above);
	return p != NULL ? p : cascade_some(&in, &new_above, &above);
}

/* ---- plans ---- */

static const char *const plans_names[] = {
	[MOVE_PINS] = "pin",
	[MOVE_REMOVES] = "remove",
};

const char *
move_plans_name(enum move_plans plans)
{
	return plans_names[plans];
}

bool
move_plans_named(const char *name, enum move_plans *out)
{
	size_t i;

	for (i = 0; i < NELEM(plans_names); i++)
		if (strcmp(plans_names[i], name) == 0) {
			*out = (enum move_plans)i;
			return true;
		}
	return false;
}

/* Leaves the plans of the account's seller. */
static struct problem *
propose_own_plans(struct db *db, struct arena *a,
    const struct service *current, struct service *proposed, void *state)
{
	const struct move *move = state;
	size_t i;

	(void)db;
	(void)a;
	if (move->plans != MOVE_REMOVES)
		return NULL;
	proposed->plans.count = 0;
	for (i = 0; i < current->plans.count; i++)
		if (strcmp(current->plans.plans[i].vendor_id,
		    current->reseller_id) == 0)
			proposed->plans.plans[proposed->plans.count++] =
			    current->plans.plans[i];
	return NULL;
}

/* Tells the trails of the account and of those that lose plans with it. */
static struct problem *
commit_plans(struct db *db, struct arena *a, const struct change *change)
{
	struct change one = *change;
	const struct move *move = change->state;
	struct account_ids losers = { .count = 0 };
	struct service done;
	struct problem *p = NULL;
	size_t i;

	if (move->plans == MOVE_REMOVES)
		p = store_service_former(db, a, move->account_id, &losers);
	for (i = 0; p == NULL && i < losers.count; i++) {
		if (strcmp(losers.ids[i], move->account_id) == 0)
			continue;
		one.account_id = losers.ids[i];
		p = change_commit(db, a, &one, &done);
	}
	return p != NULL ? p : change_commit(db, a, change, &done);
}

/* ---- the move ---- */

static struct problem *
check_name(struct db *db, struct arena *a, const struct config *config,
    const struct move *move)
{
	struct account *account;
	struct problem *p;

	if (!move->unique)
		return NULL;
	p = store_account_show(db, a, move->account_id, &account);
	return p != NULL || account == NULL ? p : account_check_name(db, a,
	    config, account->id, move->to_id, account->name);
}

struct problem *
move_account(struct db *db, struct arena *a, const struct actor *actor,
    const struct move *move)
{
	struct move lent = *move;
	struct change change = change_by(actor, CHANGE_UNASKED,
	    move->account_id);
	struct reserve reserve = { NULL, NULL };
	struct sums sums = { NULL };
	struct service account;
	const struct part part = {
		.db = db,
		.arena = a,
		.change = &change,
		.origin = &account,
		.before = &account,
		.after = &account,
		.reserve = change.holds ? &reserve : NULL,
		.sums = &sums,
	};
	struct problem *p;

	change.note = json_own(a, json_object_new_object());
	json_put_string(change.note, "event", "moved");
	json_put_string(change.note, "to", move->to_id);
	json_put_string(change.note, "plans", move_plans_name(move->plans));
	change.propose = propose_own_plans;
	change.state = &lent;
	if ((p = lock_both(db, a, move->account_id, move->to_id,
	    &account)) != NULL ||
	    (p = check_name(db, a, actor->config, move)) != NULL ||
	    (p = move_quantities(&part, move->to_id)) != NULL ||
	    (p = commit_plans(db, a, &change)) != NULL)
		return p;
	p = reserve_hold(&part);
	return p != NULL ? p : sums_save(&part);
}
