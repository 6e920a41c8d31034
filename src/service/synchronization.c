/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/synchronization.h"

#include "service/terms.h"
#include "service/trail.h"

struct problem *
change_tell(struct db *db, struct arena *a, const struct change *change,
    struct change_entries *out)
{
	struct billed_state state;
	struct invoices invoices;
	struct service service;
	struct part part = {
		.db = db,
		.arena = a,
		.change = change,
		.origin = &service,
		.before = &service,
		.after = &service,
		.audited = true,
	};
	struct problem *p;
	size_t i;
	char *id;

	p = service_load(db, a, change->account_id, SERVICE_LOCK, &service);
	if (p != NULL)
		return p;
	service_state(&service, &state);
	if ((p = invoices_price(a, &state, false, &invoices)) != NULL)
		return p;
	out->count = invoices.count;
	out->ids = arena_alloc(a, invoices.count * sizeof(const char *));
	for (i = 0; i < invoices.count && p == NULL; i++) {
		id = arena_alloc(a, MONTH_ID_SIZE);
		p = trail_invoice(&part, &invoices.invoices[i], id);
		out->ids[i] = id;
	}
	return p;
}
