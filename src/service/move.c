/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/move.h"

#include <string.h>

#include "base/json.h"
#include "service/cascade.h"
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

/* Those of ids, and not of others, lose or get what is in a subtree. */
static struct problem *
cascade_some(const struct part *part, const struct account_ids *ids,
    const struct account_ids *others)
{
	struct problem *p = NULL;
	size_t i;

	for (i = 0; p == NULL && i < ids->count; i++)
		if (!is_among(others, ids->ids[i]))
			p = cascade_to(part, ids->ids[i]);
	return p;
}

/* The account and all below it, as a table of its own. */
static struct problem *
subtree_of(struct arena *a, const struct service *top, struct service *out)
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

struct problem *
move_account(struct db *db, struct arena *a, const struct change *change,
    const char *to_id, struct service *done)
{
	struct service moved, empty, to;
	struct part out = {
		.db = db, .arena = a, .change = change, .origin = done,
		.before = &moved, .after = &empty,
	};
	struct part in = out;
	struct account_ids above, new_above;
	struct problem *p;

	if ((p = service_load(db, a, change->account_id, SERVICE_LOCK_PATH,
	    done)) != NULL ||
	    (p = service_load(db, a, to_id, SERVICE_LOCK_PATH, &to)) != NULL ||
	    (p = service_ancestors(db, a, change->account_id, &above)) != NULL ||
	    (p = subtree_of(a, done, &moved)) != NULL ||
	    (p = account_move(db, a, change->account_id, to_id,
	    change->now)) != NULL ||
	    (p = service_ancestors(db, a, change->account_id,
	    &new_above)) != NULL)
		return p;
	empty = moved;
	empty.quantities[QUANTITY_ACCOUNT] =
	    (struct quantity_table){ .count = 0 };
	in.before = &empty;
	in.after = &moved;
	if ((p = cascade_some(&out, &above, &new_above)) != NULL ||
	    (p = cascade_some(&in, &new_above, &above)) != NULL ||
	    (p = service_load(db, a, change->account_id, SERVICE_LOOK,
	    done)) != NULL)
		return p;
	return change_note(db, a, change, done);
}
