/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/change.h"

#include "service/admission.h"
#include "service/cascade.h"
#include "service/event.h"
#include "service/price.h"
#include "service/trail.h"

struct problem *
change_commit(struct db *db, struct arena *a, const struct change *change,
    struct service *done)
{
	struct service current;
	struct part part = {
		.db = db,
		.arena = a,
		.change = change,
		.origin = done,
		.before = &current,
		.after = done,
	};
	const struct proration proration = part_proration(&part);
	struct invoices annotated;
	struct problem *p;

	p = service_load(db, a, change->account_id, change->cascades ?
	    SERVICE_LOCK_PATH : SERVICE_LOCK, &current);
	if (p != NULL)
		return p;
	service_copy(a, &current, done);
	if ((p = change->propose(db, a, &current, done, change->state)) != NULL ||
	    (p = service_price(a, &current, done, &proration, false,
	    &annotated)) != NULL ||
	    (p = admission_check(&part, &annotated)) != NULL)
		return p;
	if (change->write != NULL &&
	    (p = change->write(db, a, done, change->state)) != NULL)
		return p;
	if (service_equal(&current, done))
		return change->note == NULL ? NULL :
		    change_note(db, a, change, done);
	if ((p = service_save(db, a, &current, done, change->cause.now)) != NULL ||
	    (p = trail_part(&part, &annotated, true)) != NULL ||
	    (p = cascade_all(&part)) != NULL)
		return p;
	return event_tell_change(&part, &annotated);
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

	return trail_part(&part, &none, true);
}
