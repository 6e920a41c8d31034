/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/change.h"

#include <string.h>

#include "service/admission.h"
#include "service/cascade.h"
#include "service/event.h"
#include "service/price.h"
#include "service/reserve.h"
#include "service/sums.h"
#include "service/trail.h"

struct change
change_by(const struct actor *actor, enum change_rule rule,
    const char *account_id)
{
	const struct config *config = actor->config;
	bool counted = rule == CHANGE_COUNTED;

	return (struct change){
		.account_id = account_id,
		.audit = actor->audit,
		.now = actor->now,
		.must_accept = rule != CHANGE_UNASKED &&
		    config->prompt_service_changes != 0,
		.asks_owner = actor->acting_id == NULL ||
		    strcmp(config->ask_charges, "actor") != 0,
		.asks_actor = strcmp(config->ask_charges, "owner") != 0,
		.accepted = actor->accepted,
		.needs_standing = counted,
		.holds = config->require_balance != 0,
		.needs_balance = counted && config->require_balance != 0,
		.audit_master = config->audit_master != 0,
		.prorate = config->prorate != 0,
		.acting_id = counted ? actor->acting_id : NULL,
		.cascades = counted,
	};
}

struct problem *
change_commit(struct db *db, struct arena *a, const struct change *change,
    struct service *done)
{
	struct reserve reserve = { NULL, NULL };
	struct sums sums = { NULL };
	struct service current;
	struct part part = {
		.db = db,
		.arena = a,
		.change = change,
		.origin = done,
		.before = &current,
		.after = done,
		.reserve = change->holds ? &reserve : NULL,
		.sums = &sums,
	};
	const struct proration proration = part_proration(&part);
	struct invoices annotated;
	struct problem *p;

	p = store_service_load(db, a, change->account_id, change->cascades ?
	    SERVICE_LOCK_PATH : SERVICE_LOCK, &current);
	if (p != NULL)
		return p;
	service_copy(a, &current, done);
	if ((p = change->propose(db, a, &current, done, change->state)) != NULL ||
	    (p = price_service(a, &current, done, &proration, false,
	    &annotated)) != NULL ||
	    (p = admission_check(&part, &annotated)) != NULL)
		return p;
	if (change->write != NULL &&
	    (p = change->write(db, a, done, change->state)) != NULL)
		return p;
	if (service_equal(&current, done))
		return change->note == NULL ? NULL :
		    change_note(db, a, change, done);
	if ((p = store_service_save(db, a, &current, done, change->now)) !=
	        NULL ||
	    (p = trail_write_part(&part, &annotated, true)) != NULL ||
	    (p = cascade_all(&part)) != NULL ||
	    (p = event_tell_change(&part, &annotated)) != NULL)
		return p;
	reserve_add(&part, &annotated);
	sums_add(&part, &annotated);
	p = reserve_hold(&part);
	return p != NULL ? p : sums_save(&part);
}

struct problem *
change_note(struct db *db, struct arena *a, const struct change *change,
    const struct service *service)
{
	struct part part = {
		.db = db,
		.arena = a,
		.change = change,
		.origin = service,
		.before = service,
		.after = service,
	};
	const struct invoices none = { .count = 0 };

	return trail_write_part(&part, &none, true);
}
