/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import of plans, and of the services of accounts. */
#include "config.h"

#include "ctl/import_source.h"

#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "billing/plan_schema.h"
#include "billing/quantity_document.h"
#include "service/object.h"
#include "service/terms.h"
#include "store/imported.h"
#include "store/plans.h"
#include "store/services.h"

static const struct import_length plan_lengths[] = { { "name", 128 } };

const char *
import_plan_note(struct import_source *s)
{
	struct problem *p = plan_check(s->arena, s->public_fields, "");
	struct buffer paths;

	if (p == NULL)
		return NULL;
	buffer_init(&paths, s->arena, 0);
	json_object_object_foreach(p->data, path, unused) {
		(void)unused;
		buffer_printf(&paths, "%s%s", paths.length == 0 ? "" : ", ",
		    path);
	}
	return arena_printf(s->arena, "not as plans should be, what cannot be "
	    "read counts as not given: %s", paths.text);
}

static struct problem *
replace_plan(struct import_source *s, struct plan *plan)
{
	struct problem *p;

	plan->modified = s->modified;
	p = store_plan_replace(s->db, s->arena, s->account_id, plan);
	return p != NULL ? p : import_again_note(s, &(struct import_here){
	    s->account_id, IMPORTED_PLANS, plan->version, false });
}

/* A version is never changed; without one the first is meant, or the newest where
 * that may be replaced. */
static struct problem *
compare_plan(struct import_source *s, struct plan *plan)
{
	bool replaces = s->importer->since != 0 && plan->version == 0, replace;
	const struct plan_key key = { s->account_id, s->id,
		plan->version == 0 && !replaces ? 1 : plan->version };
	struct import_stored stored = { .document = NULL };
	struct plan *known;
	struct problem *p = store_plan_show(s->db, s->arena, &key, PLAN_LOOK,
	    &known);

	if (p != NULL)
		return p;
	if (known != NULL)
		stored.document = known->document;
	import_compare(s, s->public_fields, &stored);
	if (known == NULL || plan->version != 0)
		return NULL;
	p = import_again_decide(s, &(struct import_here){ s->account_id,
	    IMPORTED_PLANS, known->newest, false }, &replace);
	return p != NULL || !replace ? p : replace_plan(s, plan);
}

const char *
import_plan_read(struct import_source *s, struct plan *out)
{
	const char *why = import_misfit(s, plan_lengths, NELEM(plan_lengths));

	*out = (struct plan){
		.id = s->id,
		.created = s->created,
		.document = s->public_fields,
	};
	if (why == NULL && json_int_at(s->document, "pvt_plan_version",
	    &out->version) && (out->version < 1 || out->version > INT32_MAX))
		why = "its version is invalid";
	return why;
}

struct problem *
import_plan(struct import_source *s)
{
	struct plan plan;
	const char *why = import_plan_read(s, &plan);
	struct problem *p;
	bool written;

	if (why != NULL)
		return import_skip(s, why);
	s->outcome.note = import_plan_note(s);
	p = store_plan_import(s->db, s->arena, s->account_id, &plan, &written);
	if (p == NULL && !written)
		return compare_plan(s, &plan);
	if (p == NULL)
		import_mark(s, written);
	return p;
}

/* The vendor of an assigned plan, which older documents name account_id; NULL:
 * none is named. */
static const char *
vendor_of(struct import_source *s, struct json_object *plan)
{
	static const char *const places[] = { "bookkeeper.vendor_id",
		"pvt_reseller_id" };
	const char *vendor = json_string_at(plan, "vendor_id");
	size_t i;

	if (vendor == NULL)
		vendor = json_string_at(plan, "account_id");
	for (i = 0; i < NELEM(places) && vendor == NULL; i++)
		vendor = json_string_at(s->document, places[i]);
	return vendor;
}

/* The overrides of an assigned plan as part of a plan: before 4.3 they were its
 * categories. */
static struct json_object *
overrides_of(struct import_source *s, struct json_object *plan)
{
	struct json_object *overrides = json_object_at(plan, "overrides");
	struct json_object *whole;

	if (json_string_at(plan, "vendor_id") != NULL || overrides == NULL ||
	    json_string_at(plan, "account_id") == NULL ||
	    json_object_object_length(overrides) == 0 ||
	    json_object_object_get_ex(overrides, "plan", NULL))
		return overrides;
	whole = json_own(s->arena, json_object_new_object());
	json_object_object_add(whole, "plan", json_object_get(overrides));
	return whole;
}

static void
write_assignment(struct import_source *s, struct json_writer *w, const char *id,
    struct json_object *plan)
{
	struct json_object *contract = json_at(plan, "contract");
	int64_t version;

	json_begin_object(w);
	json_member_string(w, "plan", id);
	json_member_string(w, "vendor", vendor_of(s, plan));
	json_member_string(w, "overrides", import_text(s,
	    overrides_of(s, plan)));
	if (contract != NULL)
		json_member_string(w, "contract", import_text(s, contract));
	if (json_int_at(plan, "version", &version))
		json_member_int(w, "version", version);
	json_end(w);
}

/* Writes the assignments as service_import reads them. False: one is
 * invalid. */
static bool
assignments(struct import_source *s, struct json_writer *w)
{
	struct json_object *plans = json_object_at(s->document, "plans");
	const char *vendor;

	json_begin_array(w);
	if (plans != NULL) {
		json_object_object_foreach(plans, id, plan) {
			vendor = vendor_of(s, plan);
			if (vendor == NULL || !id_valid(vendor) ||
			    id[0] == '\0' || strlen(id) > IMPORT_ID_MAX)
				return false;
			write_assignment(s, w, id, plan);
		}
	}
	json_end(w);
	return true;
}

/* The services as they are now, in the form of their document. */
static struct json_object *
services_now(struct import_source *s, const struct service *known)
{
	struct json_object *json = json_own(s->arena, json_object_new_object());

	json_put_string(json, "billing_id", known->billing_id);
	json_object_object_add(json, "plans", json_object_get(
	    terms_assignments_json(s->arena, &known->plans)));
	json_object_object_add(json, "overrides",
	    json_object_get(known->overrides));
	json_object_object_add(json, "quantities", json_object_get(
	    terms_quantities_json(s->arena, known)));
	return json;
}

/* Of what the document says and objects do not. */
static int64_t
terms_digest(struct import_source *s, const struct service *known)
{
	struct json_object *json = services_now(s, known);

	json_object_object_add(json, "quantities", quantity_table_json(
	    &known->quantities[QUANTITY_MANUAL]));
	json_put_string(json, "standing", known->standing);
	return import_again_digest(json_canonical_text(s->arena, json));
}

static struct problem *
note_services(struct import_source *s)
{
	struct service now;
	struct problem *p = store_service_load(s->db, s->arena, s->account_id,
	    SERVICE_LOOK, &now);

	return p != NULL ? p : import_again_note(s, &(struct import_here){
	    s->account_id, IMPORTED_SERVICES, terms_digest(s, &now), false });
}

/* Members of the document that the services have now are not compared. */
static struct json_object *
without_current(struct import_source *s, struct json_object *now)
{
	struct json_object *json = json_own(s->arena, json_object_new_object());
	struct json_object *current;

	json_object_object_foreach(s->public_fields, name, value) {
		current = json_at(now, name);
		if (value == NULL || current == NULL || strcmp(
		    json_canonical_text(s->arena, value),
		    json_canonical_text(s->arena, current)) != 0)
			json_object_object_add(json, name,
			    json_object_get(value));
	}
	return json;
}

/* The document is kept as it was imported. So the same document is known, and so
 * is what the services have become since. */
static struct problem *
compare_services(struct import_source *s, const struct services *services)
{
	struct import_here here = { s->account_id, IMPORTED_SERVICES, 0, false };
	struct service known;
	struct problem *p = store_service_load(s->db, s->arena, s->account_id,
	    SERVICE_LOOK, &known);
	bool replace;

	if (p != NULL)
		return p;
	import_compare(s, without_current(s, services_now(s, &known)),
	    &(struct import_stored){ .document = known.document,
	    .completed = true });
	here.state = terms_digest(s, &known);
	if ((p = import_again_decide(s, &here, &replace)) != NULL || !replace)
		return p;
	if ((p = store_services_replace(s->db, s->arena, services)) != NULL ||
	    (p = import_again_settle(s->db, s->arena, s->account_id,
	    s->modified)) != NULL)
		return p;
	return note_services(s);
}

/* ---- what is not taken ---- */

static void
note_member(struct buffer *notes, const char *name)
{
	buffer_printf(notes, "%s%s", notes->length > 0 ? ", " : "", name);
}

/* Members of assigned plans that are not read. "category" of before 4.3 is the
 * plan's own. */
static void
note_assignments(struct import_source *s, struct buffer *notes)
{
	static const char *const read[] = { "vendor_id", "account_id",
		"overrides", "contract", "version", "category" };
	struct json_object *plans = json_object_at(s->document, "plans");
	size_t i;

	if (plans == NULL)
		return;
	json_object_object_foreach(plans, id, plan) {
		if (!json_object_is_type(plan, json_type_object))
			continue;
		json_object_object_foreach(plan, name, value) {
			(void)value;
			for (i = 0; i < NELEM(read); i++)
				if (strcmp(read[i], name) == 0)
					break;
			if (i == NELEM(read))
				note_member(notes, arena_printf(s->arena,
				    "plans.%s.%s", id, name));
		}
	}
}

/* Members of Kazoo's own keeping need no note. */
const char *
import_service_note(struct import_source *s,
    const struct import_quantities *quantities)
{
	struct json_object *billing = json_at(s->document, "billing_id");
	struct json_object *charges = json_array_at(s->document,
	    "transactions");
	struct buffer notes;

	buffer_init(&notes, s->arena, 0);
	if (quantities->note != NULL)
		note_member(&notes, quantities->note);
	if (billing != NULL && (!json_object_is_type(billing,
	    json_type_string) || !id_valid(json_object_get_string(billing))))
		note_member(&notes, "billing_id (no account id: the account "
		    "pays for itself)");
	if (charges != NULL && json_object_array_length(charges) > 0)
		note_member(&notes, arena_printf(s->arena, "transactions (%zu "
		    "charges that were not yet made)",
		    json_object_array_length(charges)));
	if (json_at(s->document, "overrides") != NULL &&
	    json_object_at(s->document, "overrides") == NULL)
		note_member(&notes, "overrides (not an object)");
	note_assignments(s, &notes);
	return notes.length == 0 ? NULL :
	    arena_printf(s->arena, "not taken: %s", notes.text);
}

static const struct import_length service_lengths[] = { { "pvt_status", 32 },
	{ "pvt_status_reason", 255 } };

const char *
import_service_read(struct import_source *s,
    struct import_quantities *quantities, struct services *out)
{
	const char *billing = json_string_at(s->document, "billing_id");
	const char *standing = json_string_at(s->document, "pvt_status");
	const char *why = import_misfit(s, service_lengths,
	    NELEM(service_lengths));
	struct json_writer w;
	struct buffer plans;

	if (why == NULL)
		why = import_quantities_read(s->arena, s->document,
		    quantities);
	if (why != NULL)
		return why;
	buffer_init(&plans, s->arena, 0);
	json_writer_init(&w, &plans);
	if (!assignments(s, &w))
		return "a plan of it has no usable id or vendor_id";
	*out = (struct services){
		.account_id = s->account_id,
		.billing_id = billing != NULL && id_valid(billing) ?
		    billing : s->account_id,
		.standing = standing == NULL ? "good_standing" : standing,
		.reason = json_string_at(s->document, "pvt_status_reason"),
		.overrides = import_text(s, json_object_at(s->document,
		    "overrides")),
		.document = s->public_text,
		.plans = plans.text,
		.quantities = quantities->tables,
		.adds_up = quantities->flat ? SERVICES_STATE_NONE :
		    SERVICES_STATE_CASCADE,
		.modified = s->modified,
	};
	out->has_reason_code = json_int_at(s->document,
	    "pvt_status_reason_code", &out->reason_code);
	return NULL;
}

struct problem *
import_service(struct import_source *s)
{
	struct import_quantities quantities;
	struct services services;
	const char *why = import_service_read(s, &quantities, &services);
	struct problem *p;
	bool written;

	if (why != NULL)
		return import_skip(s, why);
	/* The cascades of the accounts above are here already. */
	if (s->importer->since != 0) {
		services.adds_up = SERVICES_ADD_TO_ALL;
		quantities.tables[QUANTITY_CASCADE] =
		    (struct quantity_table){ .count = 0 };
	}
	if ((p = import_again_lock(s)) != NULL ||
	    (p = store_services_import(s->db, s->arena, &services,
	    &written)) != NULL)
		return p;
	if (!written)
		return compare_services(s, &services);
	p = object_count_dependent(s->db, s->arena,
	    s->importer->actor.config, s->account_id);
	if (p == NULL)
		p = note_services(s);
	if (p != NULL)
		return p;
	import_mark(s, written);
	s->outcome.note = import_service_note(s, &quantities);
	return NULL;
}
