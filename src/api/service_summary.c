/* SPDX-License-Identifier: GPL-3.0-or-later */
/* services/summary, and the forms of services that clients know. */
#include "config.h"

#include "api/service_summary.h"

#include <string.h>

#include "api/handlers.h"
#include "base/gregorian.h"
#include "billing/earlier_line.h"
#include "billing/invoice_document.h"
#include "billing/overlay.h"
#include "billing/quantity_document.h"
#include "service/shown_invoices.h"
#include "service/terms.h"

/* ---- the summary ---- */

/* One member of all merged plans, laid together: of two bookkeepers' plans
 * that both have a field, the first one's counts (rules/merging 14). */
static struct json_object *
merged_member(const struct invoices *invoices, const char *key)
{
	struct json_object *out = json_object_new_object();
	size_t i;

	for (i = invoices->merged.count; i > 0; i--)
		overlay(out, json_object_at(
		    invoices->merged.plans[i - 1].document, key));
	return out;
}

/* A member of the services document, {} when it has none. */
static struct json_object *
own_member(const struct service *service, const char *key)
{
	struct json_object *own = json_object_at(service->document, key);

	return own == NULL ? json_object_new_object() : json_object_get(own);
}

static struct json_object *
ratedeck_json(const struct service *service, const struct invoices *invoices)
{
	return json_object_at(service->document, "ratedeck") != NULL ?
	    own_member(service, "ratedeck") :
	    merged_member(invoices, "ratedeck");
}

/* {id: {"name","vendor_id"}} of those that are not turned off. */
static struct json_object *
applications_json(const struct invoices *invoices)
{
	static const char *const shown[] = { "name", "vendor_id" };
	struct json_object *all = merged_member(invoices, "applications");
	struct json_object *out = json_object_new_object(), *one, *value;
	size_t i;

	json_object_object_foreach(all, id, application) {
		if (!json_object_is_type(application, json_type_object) ||
		    (json_object_object_get_ex(application, "enabled", &value) &&
		    !json_object_get_boolean(value)))
			continue;
		one = json_object_new_object();
		for (i = 0; i < NELEM(shown); i++)
			if (json_object_object_get_ex(application, shown[i],
			    &value))
				json_object_object_add(one, shown[i],
				    json_object_get(value));
		json_object_object_add(out, id, one);
	}
	json_object_put(all);
	return out;
}

static struct json_object *
limits_json(const struct invoices *invoices)
{
	struct json_object *out = merged_member(invoices, "limits");

	json_put_string(out, "id", "limits");
	return out;
}

static struct json_object *
billing_cycle_json(int64_t now)
{
	struct json_object *out = json_object_new_object();

	json_put_int(out, "next", gregorian_next_month(now));
	json_object_object_add(out, "period", json_object_new_int(1));
	json_put_string(out, "unit", "month");
	return out;
}

/* As far as the standing itself decides (rules/standing 2). */
static struct json_object *
status_json(struct call *c, const struct service *service)
{
	struct json_object *out = json_object_new_object();
	bool good = strcmp(service->standing, STANDING_GOOD) == 0;

	json_put_bool(out, "acceptable", good);
	if (!good) {
		json_put_string(out, "reason", service->standing);
		json_put_string(out, "message", service->reason != NULL ?
		    service->reason : "There is a billing issue with this "
		    "account, please contact your sales representative.");
	} else if (service->plans.count == 0) {
		json_put_string(out, "reason", "no service plans assigned");
	} else {
		json_put_string(out, "reason", arena_printf(c->arena,
		    "account %s is in good standing", service->account_id));
	}
	return out;
}

struct proration
summary_proration(const struct call *c)
{
	return (struct proration){
		.now = c->now,
		.billed = c->config->prorate != 0,
	};
}

struct problem *
summary_of_service(struct call *c, const struct service *service,
    const struct invoices *invoices, struct json_object **summary)
{
	struct json_object *out, *reseller, *list;
	struct problem *p = shown_invoices(c->db, c->arena,
	    service->account_id, invoices, &list);

	if (p != NULL)
		return p;
	*summary = out = json_own(c->arena, json_object_new_object());
	reseller = json_object_new_object();
	json_put_string(reseller, "id", service->reseller_id);
	json_put_bool(reseller, "is_reseller", service->is_reseller);
	json_object_object_add(out, "plans", json_object_get(
	    terms_assignments_json(c->arena, &service->plans)));
	json_object_object_add(out, "overrides",
	    json_object_get(service->overrides));
	json_object_object_add(out, "invoices", json_object_get(list));
	json_object_object_add(out, "quantities",
	    json_object_get(terms_quantities_json(c->arena, service)));
	json_object_object_add(out, "reseller", reseller);
	json_object_object_add(out, "ratedeck", ratedeck_json(service, invoices));
	json_object_object_add(out, "applications", applications_json(invoices));
	json_object_object_add(out, "limits", limits_json(invoices));
	json_object_object_add(out, "im", merged_member(invoices, "im"));
	json_object_object_add(out, "payment_tokens",
	    own_member(service, "payment_tokens"));
	json_object_object_add(out, "billing_cycle", billing_cycle_json(c->now));
	json_object_object_add(out, "status", status_json(c, service));
	return NULL;
}

/* All lines of all invoices, a row each. */
static void
answer_rows(struct call *c, const struct invoices *invoices)
{
	struct json_object *rows = json_own(c->arena, json_object_new_array());
	size_t i, j;

	for (i = 0; i < invoices->count; i++)
		for (j = 0; j < invoices->invoices[i].line_count; j++)
			json_object_array_add(rows,
			    line_json(&invoices->invoices[i].lines[j]));
	json_tree(&c->response->json, rows);
}

struct problem *
services_summary(struct call *c)
{
	const struct proration proration = summary_proration(c);
	struct billed_state state;
	struct service service;
	struct invoices invoices;
	struct json_object *summary;
	struct problem *p;

	p = store_service_load(
	    c->db, c->arena, c->account_id, SERVICE_LOOK, &service);
	if (p != NULL)
		return p;
	terms_state(&service, &state);
	p = invoices_price(c->arena, &state,
	    request_control_is(c->request, "explain", "true"), &invoices);
	if (p == NULL)
		p = invoices_explain_proration(c->arena, &proration, &invoices);
	if (p != NULL)
		return p;
	c->response->file_name = "services";
	if (c->request->format == FORMAT_CSV) {
		answer_rows(c, &invoices);
		return NULL;
	}
	p = summary_of_service(c, &service, &invoices, &summary);
	if (p == NULL)
		json_tree(&c->response->json, summary);
	return p;
}

/* ---- the earlier form ---- */

static struct json_object *
earlier_items(const struct invoices *invoices)
{
	struct json_object *json = json_object_new_object();
	size_t i;

	for (i = 0; i < invoices->count; i++)
		earlier_invoice_add(json, &invoices->invoices[i]);
	return json;
}

struct problem *
summary_earlier_form(struct call *c, const struct service *service,
    struct json_object **out)
{
	struct billed_state state;
	struct invoices invoices;
	struct json_object *json;
	struct problem *p;

	terms_state(service, &state);
	p = invoices_price(c->arena, &state, false, &invoices);
	if (p != NULL)
		return p;
	*out = json = json_own(c->arena, json_object_new_object());
	json_object_object_add(json, "account_quantities",
	    quantity_table_json(&service->quantities[QUANTITY_ACCOUNT]));
	json_object_object_add(json, "cascade_quantities",
	    quantity_table_json(&service->quantities[QUANTITY_CASCADE]));
	json_object_object_add(json, "manual_quantities",
	    quantity_table_json(&service->quantities[QUANTITY_MANUAL]));
	json_object_object_add(json, "plans", json_object_get(
	    terms_assignments_json(c->arena, &service->plans)));
	json_put_string(json, "billing_id", service->billing_id);
	json_put_bool(json, "reseller", service->is_reseller);
	json_put_string(json, "reseller_id", service->reseller_id);
	json_put_bool(json, "dirty", false);
	json_put_bool(json, "in_good_standing",
	    strcmp(service->standing, STANDING_GOOD) == 0);
	json_object_object_add(json, "items", earlier_items(&invoices));
	return NULL;
}
