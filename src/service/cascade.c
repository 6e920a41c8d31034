/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/cascade.h"

#include "base/json.h"
#include "service/price.h"
#include "service/trail.h"

bool
cascade_difference(void *state, const struct difference *d)
{
	struct json_object *cascade = state, *items;
	int64_t n;

	quantity_in(cascade, d->category, d->item, &n);
	if (__builtin_add_overflow(n, (d->after > 0 ? d->after : 0) -
	    (d->before > 0 ? d->before : 0), &n))
		return false;
	if (!json_object_object_get_ex(cascade, d->category, &items)) {
		items = json_object_new_object();
		json_object_object_add(cascade, d->category, items);
	}
	if (n != 0)
		json_put_int(items, d->item, n);
	else
		json_object_object_del(items, d->item);
	if (json_object_object_length(items) == 0)
		json_object_object_del(cascade, d->category);
	return true;
}

struct problem *
cascade_price(const struct part *below, const char *ancestor_id,
    struct service *before, struct service *after, struct invoices *annotated)
{
	const struct proration proration = part_proration(below);
	struct arena *a = below->arena;
	struct problem *p;

	/* Locked with the whole path. */
	p = service_load(below->db, a, ancestor_id, SERVICE_LOOK, before);
	if (p != NULL)
		return p;
	service_copy(a, before, after);
	if (!each_difference(below->before->account, below->after->account,
	    cascade_difference, after->cascade))
		return problem_invalid(a, "cascade", "overflow",
		    "more is counted below account %s than can be", ancestor_id);
	p = service_price(a, before, after, &proration, false, annotated);
	return p != NULL && p->kind == PROBLEM_VALIDATION ?
	    problem_invalid(a, "cascade", "overflow",
	    "an invoice of account %s would be too large", ancestor_id) : p;
}

struct problem *
cascade_to(const struct part *below, const char *ancestor_id)
{
	struct service before, after;
	struct part part = *below;
	struct invoices annotated;
	struct problem *p;

	p = cascade_price(below, ancestor_id, &before, &after, &annotated);
	if (p != NULL || service_equal(&before, &after))
		return p;
	part.before = &before;
	part.after = &after;
	p = service_save(part.db, part.arena, &before, &after,
	    part.change->now);
	return p != NULL ? p : trail_part(&part, &annotated, false);
}

struct problem *
cascade_all(const struct part *part)
{
	struct account_ids above;
	struct problem *p;
	size_t i;

	if (json_object_equal(part->before->account, part->after->account))
		return NULL;
	p = service_ancestors(part->db, part->arena, part->after->account_id,
	    &above);
	for (i = 0; p == NULL && i < above.count; i++)
		p = cascade_to(part, above.ids[i]);
	return p;
}
