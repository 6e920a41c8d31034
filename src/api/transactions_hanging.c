/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transactions?status=pending: payments that hang, of an account or of all at or
 * below it. */
#include "config.h"

#include <string.h>

#include "api/authorization.h"
#include "api/entity.h"
#include "api/listing.h"
#include "api/transactions.h"
#include "base/gregorian.h"

/* A payment hangs however old it is, so no range is needed. */
#define EVER (200 * 366 * GREGORIAN_DAY)

static struct problem *
read_hanging(struct call *c, void *state, const struct page_query *query,
    struct list_page *out)
{
	const bool *below = state;
	struct hanging_payments list;
	const struct hanging_payment *one;
	struct json_object *json;
	struct problem *p;
	size_t i;

	p = store_payment_hanging_list(c->db, c->arena, c->account_id, *below,
	    query, &list);
	if (p != NULL)
		return p;
	out->count = list.count;
	out->items = arena_alloc(c->arena, list.count * sizeof(*out->items));
	for (i = 0; i < list.count; i++) {
		one = &list.payments[i];
		json = pay_json(c->arena, &one->payment);
		json_object_object_add(json, "account", entity_named(
		    one->payment.account_id, one->account_name));
		out->items[i] = (struct list_item){
			.place = { one->payment.id, one->payment.created, 0 },
			.whole = json,
		};
	}
	return NULL;
}

static bool
asks_below(const struct call *c)
{
	return request_control_is(c->request, "descendants", "true");
}

bool
transactions_hanging_asked(const struct call *c)
{
	return request_query(c->request, "status") != NULL || asks_below(c);
}

struct problem *
transactions_hanging(struct call *c)
{
	const char *status = request_query(c->request, "status");
	bool below = asks_below(c);
	struct time_range range;
	const struct listing listing = {
		.file_name = "transactions",
		.order = LISTING_BY_MOMENT,
		.range = &range,
		.read = read_hanging,
		.shown = transactions_shown,
		.state = &below,
	};
	struct problem *p;

	if (status == NULL)
		return problem_invalid(c->arena, "status", "required",
		    "descendants=true lists pending payments: status=pending");
	if (strcmp(status, "pending") != 0)
		return problem_unlisted(c->arena, "status");
	if (below && caller_role(c) == ROLE_USER)
		return problem_new(c->arena, PROBLEM_FORBIDDEN);
	p = time_range_read(c->request, c->now, EVER, EVER, &range);
	return p != NULL ? p : listing_answer(c, &listing);
}
