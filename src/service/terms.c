/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/terms.h"

#include <string.h>

#include "base/json.h"
#include "billing/quantity_document.h"

/* ---- the state that determines the price ---- */

static const char *
bookkeeper_field(const struct service *s, const char *path,
    const char *fallback)
{
	const char *text = json_string_at(s->document, path);

	return text == NULL ? fallback : text;
}

void
terms_state(const struct service *s, struct billed_state *out)
{
	*out = (struct billed_state){
		.assigned = s->plans,
		.overrides = s->overrides,
		.bookkeeper = {
			.id = bookkeeper_field(s, "bookkeeper.id",
			    BOOKKEEPER_ID_DEFAULT),
			.type = bookkeeper_field(s, "bookkeeper.type",
			    BOOKKEEPER_TYPE_DEFAULT),
			.vendor_id = bookkeeper_field(s, "bookkeeper.vendor_id",
			    s->reseller_id),
		},
	};
	memcpy(out->quantities.tables, s->quantities, sizeof(s->quantities));
}

struct problem *
terms_overflow(struct arena *a, const struct service *service)
{
	return problem_invalid(a, "quantities", "overflow",
	    "more is counted in account %s than can be", service->account_id);
}

/* ---- documents ---- */

struct json_object *
terms_assignments_json(struct arena *a, const struct assigned_plans *plans)
{
	struct json_object *json = json_own(a, json_object_new_object()), *one;
	const struct assigned_plan *plan;
	size_t i;

	for (i = 0; i < plans->count; i++) {
		plan = &plans->plans[i];
		one = json_object_new_object();
		json_object_object_add(json, plan->id, one);
		json_put_string(one, "vendor_id", plan->vendor_id);
		json_object_object_add(one, "overrides",
		    plan->overrides == NULL ? json_object_new_object() :
		    json_object_get(plan->overrides));
		if (plan->contract != NULL)
			json_object_object_add(one, "contract",
			    json_object_get(plan->contract));
		if (plan->pinned != 0)
			json_put_int(one, "version", plan->pinned);
	}
	return json;
}

struct json_object *
terms_quantities_json(struct arena *a, const struct service *service)
{
	return json_own(a, quantity_tables_json(service->quantities));
}
