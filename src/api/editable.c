/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan may say: services/editable, and the schema of plans. */
#include "config.h"

#include <string.h>

#include "api/handlers.h"
#include "billing/plan_schema.h"
#include "billing/quantities.h"

#define ITEMS_MAX 16

/* What is counted, by category (rules/counting 3); each has _all as well. */
static const struct category {
	const char *name;
	const char *items[ITEMS_MAX];
} categories[] = {
	{ "branding", { "whitelabel" } },
	{ "conferences", { "conference" } },
	{ "devices", { "application", "ata", "cellphone", "ctu", "fax",
	    "landline", "mobile", "sip_device", "sip_uri", "smartphone",
	    "softphone" } },
	{ "faxes", { "mailbox" } },
	{ "ips", { "dedicated" } },
	{ "limits", { "inbound_trunks", "outbound_trunks", "twoway_trunks" } },
	{ "number_services", { "carrier_name", "cnam", "e911", "failover",
	    "force_outbound", "inbound_cnam", "mms", "outbound_cnam", "port",
	    "prepend", "ringback", "sms" } },
	{ "phone_numbers", { "caribbean", "did_us", "emergency",
	    "international", "toll_us", "tollfree_us", "unknown" } },
	{ "port_request", { "canceled", "completed", "first_canceled",
	    "first_completed", "first_pending", "first_rejected",
	    "first_scheduled", "first_submitted", "first_unconfirmed",
	    "pending", "rejected", "scheduled", "submitted",
	    "unconfirmed" } },
	{ "users", { "admin", "user" } },
	{ "voicemails", { "mailbox", "transcription" } },
};

/* Fields that say something only of a whole category. */
static bool
only_of_all(const char *field)
{
	return strcmp(field, "as") == 0 || strcmp(field, "exceptions") == 0;
}

/*
 * The fields of an item with references resolved: a client has nowhere to
 * look them up.
 */
static struct json_object *
resolved(struct json_object *value)
{
	struct json_object *copy, *definition;
	const char *reference;

	if (!json_object_is_type(value, json_type_object))
		return json_object_get(value);
	reference = json_string_at(value, "$ref");
	if (reference != NULL && json_object_object_get_ex(
	    json_object_at(plan_schema(), "definitions"),
	    strrchr(reference, '/') + 1, &definition))
		return resolved(definition);
	copy = json_object_new_object();
	json_object_object_foreach(value, key, member)
		json_object_object_add(copy, key, resolved(member));
	return copy;
}

static void
add_item(struct json_object *category, const char *item,
    struct json_object *fields)
{
	struct json_object *json = json_object_new_object();

	json_object_object_foreach(fields, field, schema)
		if (strcmp(item, QUANTITY_ALL) == 0 || !only_of_all(field))
			json_object_object_add(json, field,
			    json_object_get(schema));
	json_object_object_add(category, item, json);
}

struct problem *
services_editable(struct call *c)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct json_object *fields, *items;
	size_t i, j;

	fields = json_own(c->arena, resolved(plan_schema_item()));
	for (i = 0; i < NELEM(categories); i++) {
		items = json_object_new_object();
		add_item(items, QUANTITY_ALL, fields);
		for (j = 0; j < ITEMS_MAX && categories[i].items[j] != NULL; j++)
			add_item(items, categories[i].items[j], fields);
		json_object_object_add(json, categories[i].name, items);
	}
	json_tree(&c->response->json, json);
	return NULL;
}
