/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/cascade.h"

#include "service/price.h"
#include "service/reserve.h"
#include "service/sums.h"
#include "service/trail.h"

struct problem *
cascade_price(const struct part *descendant, const char *ancestor_id,
    struct service *before, struct service *after, struct invoices *annotated)
{
	const struct proration proration = part_proration(descendant);
	struct arena *a = descendant->arena;
	struct problem *p;

	/* The whole path is locked already. */
	p = store_service_load(
	    descendant->db, a, ancestor_id, SERVICE_LOOK, before);
	if (p != NULL)
		return p;
	service_copy(a, before, after);
	if (!quantities_cascade(a,
	    &descendant->before->quantities[QUANTITY_ACCOUNT],
	    &descendant->after->quantities[QUANTITY_ACCOUNT],
	    &after->quantities[QUANTITY_CASCADE]))
		return problem_invalid(a, "cascade", "overflow",
		    "the quantities of account %s would be too large", ancestor_id);
	p = price_service(a, before, after, &proration, false, annotated);
	return p != NULL && p->kind == PROBLEM_VALIDATION ?
	    problem_invalid(a, "cascade", "overflow",
	    "an invoice of account %s would be too large", ancestor_id) : p;
}

struct problem *
cascade_apply(const struct part *descendant, const char *ancestor_id)
{
	struct service before, after;
	struct part part = *descendant;
	struct invoices annotated;
	struct problem *p;

	p = cascade_price(descendant, ancestor_id, &before, &after, &annotated);
	if (p != NULL || service_equal(&before, &after))
		return p;
	part.before = &before;
	part.after = &after;
	reserve_add(&part, &annotated);
	sums_add(&part, &annotated);
	p = store_service_save(part.db, part.arena, &before, &after,
	    part.change->now);
	return p != NULL ? p : trail_write_part(&part, &annotated, false);
}

struct problem *
cascade_all(const struct part *part)
{
	struct account_ids ancestors;
	struct problem *p;
	size_t i;

	if (quantity_table_equal(&part->before->quantities[QUANTITY_ACCOUNT],
	    &part->after->quantities[QUANTITY_ACCOUNT]))
		return NULL;
	if (!part->change->cascades)
		return problem_fault(part->arena, "the quantities of account "
		    "%s changed, but its ancestors are not locked",
		    part->after->account_id);
	p = store_service_ancestors(
	    part->db, part->arena, part->after->account_id, &ancestors);
	for (i = 0; p == NULL && i < ancestors.count; i++)
		p = cascade_apply(part, ancestors.ids[i]);
	return p;
}
