/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_document.h"

#include <string.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/utf8.h"
#include "billing/audit_lines.h"
#include "billing/plan_schema.h"
#include "billing/quantity_document.h"
#include "ctl/command.h"
#include "service/account.h"
#include "service/api_key.h"
#include "service/object.h"
#include "service/trail_document.h"
#include "service/user.h"
#include "store/ledgers.h"
#include "store/plans.h"
#include "store/services.h"

#define FIRST_MOMENT (INT64_C(365243) * GREGORIAN_DAY) /* 1000-01-01 */
#define ID_MAX 64

/* A document whose common members have been checked; the writers' argument. */
struct source {
	const struct importer *importer;
	struct db *db;
	struct arena *arena;
	struct json_object *document;
	const char *id;
	const char *account_id;
	int64_t created;
	int64_t modified;
	const char *public_text; /* canonical JSON of the public fields */
	struct json_object *public_fields;
	struct import_outcome outcome;
};

struct import_kind {
	const char *name; /* pvt_type */
	int phase;
	bool needs_moment; /* pvt_created decides a day, so it is required */
	struct problem *(*write)(struct source *s);
};

/* ---- shared by the writers ---- */

static struct problem *
skip(struct source *s, const char *why)
{
	s->outcome.result = IMPORT_SKIPPED;
	s->outcome.note = why;
	return NULL;
}

/* Skips a document that does not fit the schema of its kind. */
static struct problem *
skip_unfit(struct source *s, struct problem *p)
{
	return p->kind != PROBLEM_VALIDATION ? p :
	    skip(s, ctl_describe(s->arena, p));
}

static void
wrote(struct source *s, bool written)
{
	s->outcome.result = written ? IMPORT_WRITTEN : IMPORT_KNOWN;
}

static const char *
text_of(struct source *s, struct json_object *tree)
{
	struct buffer text;

	buffer_init(&text, s->arena, 0);
	if (tree == NULL)
		buffer_puts(&text, "{}");
	else
		json_canonical(&text, tree);
	return text.text;
}

/* The length of the column of a string member, in characters. */
struct length {
	const char *path;
	size_t max;
};

/* The reason why a string is too long for its column; NULL: all fit. Nothing is
 * cut silently. */
static const char *
misfit(struct source *s, const struct length *lengths, size_t count)
{
	const char *text;
	size_t i;

	for (i = 0; i < count; i++) {
		text = json_string_at(s->document, lengths[i].path);
		if (text != NULL && utf8_characters(text) > lengths[i].max)
			return arena_printf(s->arena, "its %s is longer than %zu "
			    "characters", lengths[i].path, lengths[i].max);
	}
	return NULL;
}

/* ---- account ---- */

static const char *
parent_of(struct source *s)
{
	struct json_object *tree = json_array_at(s->document, "pvt_tree");
	size_t n = tree == NULL ? 0 : json_object_array_length(tree);
	struct json_object *last;

	if (n == 0)
		return NULL;
	last = json_object_array_get_idx(tree, n - 1);
	return json_object_is_type(last, json_type_string) ?
	    json_object_get_string(last) : "";
}

static struct problem *
write_account_key(struct source *s)
{
	const struct config *config = s->importer->actor.config;
	const struct key_owner owner = { s->id, "imported",
		s->importer->actor.now };
	const char *key = json_string_at(s->document, "pvt_api_key");
	struct problem *p;
	bool kept;

	if (key == NULL || key[0] == '\0' || config->secret[0] == '\0')
		return NULL;
	p = api_key_take_over(s->db, s->arena, config, &owner, key, &kept);
	if (p == NULL && !kept)
		s->outcome.note = "its pvt_api_key is another account's: left out";
	return p;
}

static struct problem *
write_account(struct source *s)
{
	struct account_copy copy = {
		.account = {
			.id = s->id,
			.parent_id = parent_of(s),
			.is_reseller = json_true_at(s->document,
			    "pvt_reseller"),
			.document = s->public_fields,
		},
		.created = s->created,
		.modified = s->modified,
	};
	struct problem *p;
	bool written;

	if (!id_valid(s->id))
		return skip(s, "its id is not 32 lower-case hex digits");
	if (copy.account.parent_id != NULL && !id_valid(copy.account.parent_id))
		return skip(s, "its pvt_tree does not end in an account id");
	if (json_false_at(s->document, "pvt_enabled"))
		json_put_bool(s->public_fields, "enabled", false);
	(void)json_int_at(s->document, "pvt_trial_expires", &copy.expires);
	p = account_take_over(s->db, s->arena, &s->importer->actor, &copy,
	    &written);
	if (p != NULL)
		return skip_unfit(s, p);
	wrote(s, written);
	return written ? write_account_key(s) : NULL;
}

/* ---- user ---- */

static struct object
object_of(struct source *s)
{
	json_object_object_del(s->public_fields, "id");
	return (struct object){
		.id = s->id,
		.created = s->created,
		.modified = s->modified,
		.document = s->public_fields,
	};
}

static struct problem *
write_user(struct source *s)
{
	const struct config *config = s->importer->actor.config;
	struct object user = object_of(s);
	const struct user_copy copy = {
		.account_id = s->account_id,
		.user = &user,
		.md5 = json_string_at(s->document, "pvt_md5_auth"),
		.sha = json_string_at(s->document, "pvt_sha1_auth"),
	};
	struct problem *p;
	bool written;

	if (!id_valid(s->id))
		return skip(s, "its id is not 32 lower-case hex digits");
	if ((p = user_take_over(s->db, s->arena, config, &copy, &written)) != NULL)
		return skip_unfit(s, p);
	wrote(s, written);
	if (written && config->secret[0] == '\0' &&
	    (copy.md5 != NULL || copy.sha != NULL))
		s->outcome.note = "no secret is configured: the user cannot log in";
	return NULL;
}

/* ---- other objects ---- */

/* Makes members public that Kazoo keeps private but Reeve shows: those of
 * numbers and port requests. */
static void
reveal(struct source *s)
{
	static const struct {
		const char *hidden, *shown;
	} fields[] = {
		{ "pvt_module_name", "carrier_name" },
		{ "pvt_state", "state" },
		{ "pvt_port_state", "port_state" },
	};
	struct json_object *value, *list, *features;
	size_t i, n;

	for (i = 0; i < NELEM(fields); i++)
		if ((value = json_at(s->document, fields[i].hidden)) != NULL)
			json_object_object_add(s->public_fields,
			    fields[i].shown, json_object_get(value));
	features = json_object_at(s->document, "pvt_features");
	if (features != NULL) {
		json_object_object_foreach(features, name, feature)
			if (json_at(s->public_fields, name) == NULL)
				json_object_object_add(s->public_fields, name,
				    json_object_get(feature));
	}
	list = json_array_at(s->document, "pvt_transitions");
	if (list == NULL)
		return;
	value = json_object_new_array();
	n = json_object_array_length(list);
	for (i = 0; i < n; i++)
		json_object_array_add(value, json_object_get(json_object_at(
		    json_object_array_get_idx(list, i), "transition")));
	json_object_object_add(s->public_fields, "transitions", value);
}

static struct problem *
write_object(struct source *s)
{
	struct object object = object_of(s);
	struct problem *p;
	bool written;

	reveal(s);
	object.kind = kind_of_type(json_string_at(s->document, "pvt_type"));
	p = object_take_over(s->db, s->arena, s->importer->actor.config,
	    s->account_id, &object, &written);
	if (p == NULL)
		wrote(s, written);
	return p;
}

/* ---- service_plan, service ---- */

static const struct length plan_lengths[] = { { "name", 128 } };

/* Notes a plan that does not fit today's schema; it is imported
 * anyway. */
static void
note_odd_plan(struct source *s)
{
	struct problem *p = plan_check(s->arena, s->public_fields);
	struct buffer paths;

	if (p == NULL)
		return;
	buffer_init(&paths, s->arena, 0);
	json_object_object_foreach(p->data, path, unused) {
		(void)unused;
		buffer_printf(&paths, "%s%s", paths.length == 0 ? "" : ", ",
		    path);
	}
	s->outcome.note = arena_printf(s->arena,
	    "not as plans should be, what cannot be read counts as not given: "
	    "%s", paths.text);
}

static struct problem *
write_plan(struct source *s)
{
	const char *why = misfit(s, plan_lengths, NELEM(plan_lengths));
	struct plan plan = {
		.id = s->id,
		.created = s->created,
		.document = s->public_fields,
	};
	struct problem *p;
	bool written;

	if (why != NULL)
		return skip(s, why);
	note_odd_plan(s);
	if (json_int_at(s->document, "pvt_plan_version", &plan.version) &&
	    (plan.version < 1 || plan.version > INT32_MAX))
		return skip(s, "its version is invalid");

	p = store_plan_import(s->db, s->arena, s->account_id, &plan, &written);
	if (p == NULL)
		wrote(s, written);
	return p;
}

static void
write_assignment(struct source *s, struct json_writer *w, const char *id,
    struct json_object *plan)
{
	struct json_object *contract = json_at(plan, "contract");
	int64_t version;

	json_begin_object(w);
	json_member_string(w, "plan", id);
	json_member_string(w, "vendor", json_string_at(plan, "vendor_id"));
	json_member_string(w, "overrides", text_of(s, json_at(plan,
	    "overrides")));
	if (contract != NULL)
		json_member_string(w, "contract", text_of(s, contract));
	if (json_int_at(plan, "version", &version))
		json_member_int(w, "version", version);
	json_end(w);
}

/* Writes the assignments as service_import reads them. False: one is
 * invalid. */
static bool
assignments(struct source *s, struct json_writer *w)
{
	struct json_object *plans = json_object_at(s->document, "plans");
	const char *vendor;

	json_begin_array(w);
	if (plans != NULL) {
		json_object_object_foreach(plans, id, plan) {
			vendor = json_string_at(plan, "vendor_id");
			if (vendor == NULL || !id_valid(vendor) ||
			    id[0] == '\0' || strlen(id) > ID_MAX)
				return false;
			write_assignment(s, w, id, plan);
		}
	}
	json_end(w);
	return true;
}

/* The reason why quantities cannot be read; NULL: they are read. Values that
 * are not objects have none. */
static const char *
read_quantities(struct source *s,
    struct quantity_table out[QUANTITY_SCOPE__MAX])
{
	struct json_object *all = json_object_at(s->document, "quantities");
	struct problem *p = NULL;
	enum quantity_scope scope;
	const char *name;

	for (scope = 0; scope < QUANTITY_SCOPE__MAX && p == NULL; scope++) {
		name = quantity_scope_name(scope);
		p = quantity_table_read(s->arena, json_object_at(all, name),
		    problem_path(s->arena, "quantities", name), QUANTITY_KEPT,
		    &out[scope]);
	}
	return p == NULL ? NULL : arena_printf(s->arena, "its quantities are "
	    "not {category: {item: whole number}} (documents before 4.3 must "
	    "be migrated first): %s", ctl_describe(s->arena, p));
}

static const struct length service_lengths[] = { { "pvt_status", 32 } };

static struct problem *
write_service(struct source *s)
{
	struct quantity_table quantities[QUANTITY_SCOPE__MAX] = { { 0 } };
	const char *billing = json_string_at(s->document, "billing_id");
	const char *standing = json_string_at(s->document, "pvt_status");
	const char *why = misfit(s, service_lengths, NELEM(service_lengths));
	struct json_writer w;
	struct buffer plans;
	struct problem *p;
	bool written;

	if (why == NULL)
		why = read_quantities(s, quantities);
	if (why != NULL)
		return skip(s, why);
	buffer_init(&plans, s->arena, 0);
	json_writer_init(&w, &plans);
	if (!assignments(s, &w))
		return skip(s, "a plan of it has no usable id or vendor_id");

	const struct services services = {
		.account_id = s->account_id,
		.billing_id = billing != NULL && id_valid(billing) ?
		    billing : s->account_id,
		.standing = standing == NULL ? "good_standing" : standing,
		.overrides = text_of(s, json_object_at(s->document, "overrides")),
		.document = s->public_text,
		.plans = plans.text,
		.quantities = quantities,
		.modified = s->modified,
	};

	p = store_services_import(s->db, s->arena, &services, &written);
	if (p == NULL && written)
		p = object_count_dependent(s->db, s->arena,
		    s->importer->actor.config, s->account_id);
	if (p == NULL)
		wrote(s, written);
	return p;
}

/* ---- audit ---- */

static struct problem *
write_audit(struct source *s, enum audit_form form)
{
	struct audit_entry entry = {
		.account_id = s->account_id,
		.id = s->id,
		.form = form,
		.created = s->created,
		.recorded = s->importer->actor.now,
	};
	struct audit_lines lines;
	const char *why;
	struct problem *p;
	bool written;

	if (!audit_lines_of(s->arena, s->document, form, &lines, &why))
		s->outcome.note = arena_printf(s->arena,
		    "not counted in the daily summary: %s", why);
	trail_document_split(s->arena, s->public_fields, &entry);
	if ((entry.status != NULL && strlen(entry.status) > 32) ||
	    (entry.reason != NULL && strlen(entry.reason) > 255))
		return skip(s, "its status or reason is too long");
	p = store_audit_entry_import(s->db, s->arena, &entry, &lines, &written);
	if (p == NULL)
		wrote(s, written);
	return p;
}

static struct problem *
write_audit_log(struct source *s)
{
	return write_audit(s, AUDIT_INVOICE);
}

static struct problem *
write_yearly_audit(struct source *s)
{
	return write_audit(s, AUDIT_QUANTITIES);
}

/* ---- ledger ---- */

/* The amount of a ledger document, in units of 1/10 000, never negative. False:
 * it has none. */
static bool
ledger_amount(struct json_object *document, money_t *amount)
{
	struct json_object *units = json_at(document, "amount");

	*amount = 0;
	if (units == NULL)
		return true;
	if (!json_object_is_type(units, json_type_int) &&
	    !json_object_is_type(units, json_type_double))
		return false;
	if (!money_from_units(json_object_to_json_string(units), amount))
		return false;
	if (*amount < 0)
		*amount = -*amount;
	return true;
}

static const struct length ledger_lengths[] = {
	{ "source.service", SERVICE_NAME_MAX }, { "source.id", 255 },
	{ "usage.type", 64 }, { "usage.unit", 32 }, { "account.id", 64 },
	{ "account.name", 255 },
};

static struct problem *
write_ledger(struct source *s)
{
	const char *why = misfit(s, ledger_lengths, NELEM(ledger_lengths));
	const char *type = json_string_at(s->document, "pvt_ledger_type");
	struct ledger ledger = {
		.account_id = s->account_id,
		.id = s->id,
		.debit = type == NULL || strcmp(type, "credit") != 0,
		.service = json_string_at(s->document, "source.service"),
		.source_id = json_string_at(s->document, "source.id"),
		.usage_type = json_string_at(s->document, "usage.type"),
		.has_usage = json_object_at(s->document, "usage") != NULL,
		.usage_unit = json_string_at(s->document, "usage.unit"),
		.created = s->created,
		.recorded = s->importer->actor.now,
		.for_id = json_string_at(s->document, "account.id"),
		.for_name = json_string_at(s->document, "account.name"),
		.document = s->public_text,
	};
	struct problem *p;
	bool written;

	if (why != NULL)
		return skip(s, why);
	if (ledger.for_id != NULL && strcmp(ledger.for_id, s->account_id) == 0)
		ledger.for_id = NULL;
	if (ledger.service == NULL || ledger.service[0] == '\0')
		return skip(s, "it has no usable source.service");
	if (!ledger_amount(s->document, &ledger.amount))
		return skip(s, "its amount is no number of units, or too "
		    "large");
	if (json_at(s->document, "usage.quantity") != NULL &&
	    !json_int_at(s->document, "usage.quantity", &ledger.usage_quantity))
		return skip(s, "its usage.quantity is not a whole number");
	(void)json_int_at(s->document, "period.start", &ledger.period_start);
	(void)json_int_at(s->document, "period.end", &ledger.period_end);
	p = store_ledger_import(s->db, s->arena, &ledger, &written);
	if (p == NULL)
		wrote(s, written);
	return p;
}

/* ---- kinds ---- */

/* Kazoo's newer yearly audit documents have no pvt_type. */
#define YEARLY "audit"

static const struct import_kind kinds[] = {
	{ "account", 0, false, write_account },
	{ "user", 2, false, write_user },
	{ "service_plan", 1, false, write_plan },
	{ "service", 1, false, write_service },
	{ "audit_log", 1, true, write_audit_log },
	{ "ledger", 1, true, write_ledger },
	{ YEARLY, 1, true, write_yearly_audit },
};

/* All other kinds of objects. */
static const struct import_kind object_kind = {
	"object", 2, false, write_object
};

const char *
import_kind_name(const struct import_kind *kind)
{
	return kind->name;
}

int
import_kind_phase(const struct import_kind *kind)
{
	return kind->phase;
}

const char *
import_document_id(struct json_object *document)
{
	const char *id = json_string_at(document, "_id");

	return id != NULL ? id : json_string_at(document, "id");
}

const struct import_kind *
import_kind_of(struct arena *a, struct json_object *document,
    const char **reason)
{
	const char *type = json_string_at(document, "pvt_type");
	const char *id = import_document_id(document);
	size_t i;

	if (id != NULL && strncmp(id, "_design/", 8) == 0) {
		*reason = "a design document";
		return NULL;
	}
	if (json_true_at(document, "pvt_deleted") ||
	    json_true_at(document, "_deleted")) {
		*reason = "deleted";
		return NULL;
	}
	for (i = 0; type != NULL && i < NELEM(kinds); i++)
		if (strcmp(kinds[i].name, type) == 0 &&
		    strcmp(type, YEARLY) != 0)
			return &kinds[i];
	if (type != NULL && kind_of_type(type) != NULL)
		return &object_kind;
	if (json_array_at(document, "audit") != NULL)
		return &kinds[NELEM(kinds) - 1];
	*reason = type == NULL ? "no pvt_type, and no array audit" :
	    arena_printf(a, "documents of type %s are not imported", type);
	return NULL;
}

/* Accounts by their depth, so that parents come first; others by time. */
int64_t
import_order(const struct import_kind *kind, struct json_object *document)
{
	struct json_object *tree = json_array_at(document, "pvt_tree");
	int64_t created = 0;

	if (kind->phase == 0)
		return tree == NULL ? 0 :
		    (int64_t)json_object_array_length(tree);
	(void)json_int_at(document, "pvt_created", &created);
	return created;
}

/* The reason why a document lacks a common member; NULL: it is complete. */
static const char *
incomplete(struct source *s, const struct import_kind *kind)
{
	bool dated = json_int_at(s->document, "pvt_created", &s->created);

	s->id = import_document_id(s->document);
	if (s->id == NULL || s->id[0] == '\0' || strlen(s->id) > ID_MAX)
		return "it has no _id, or one longer than 64 characters";
	if (kind->needs_moment && !dated)
		return "it has no pvt_created";
	if (dated && (s->created < FIRST_MOMENT || s->created > GREGORIAN_MAX))
		return "its pvt_created is no moment between the years 1000 "
		       "and 9999";
	if (!dated)
		s->created = s->importer->actor.now;
	s->modified = s->created;
	(void)json_int_at(s->document, "pvt_modified", &s->modified);
	if (kind->phase == 0)
		return NULL;
	s->account_id = json_string_at(s->document, "pvt_account_id");
	if (s->account_id == NULL) /* of numbers */
		s->account_id = json_string_at(s->document, "pvt_assigned_to");
	if (s->account_id == NULL)
		s->account_id = s->importer->account;
	if (s->account_id == NULL)
		return "it has no pvt_account_id: name its owner with "
		    "--account";
	if (!id_valid(s->account_id))
		return "its pvt_account_id is not 32 lower-case hex digits";
	return NULL;
}

struct problem *
import_document(const struct importer *importer, struct db *db,
    struct arena *a, const struct import_kind *kind,
    struct json_object *document, struct import_outcome *out)
{
	struct source s = {
		.importer = importer,
		.db = db,
		.arena = a,
		.document = document,
		.outcome = { .result = IMPORT_SKIPPED },
	};
	struct problem *p = NULL;

	s.outcome.note = incomplete(&s, kind);
	if (s.outcome.note == NULL) {
		s.public_fields = json_own(a, json_public_copy(document));
		s.public_text = text_of(&s, s.public_fields);
		p = kind->write(&s);
	}
	/* A procedure refuses before it writes, so the transaction goes on. */
	if (p != NULL && (p->kind == PROBLEM_CONFLICT ||
	    p->kind == PROBLEM_BAD_IDENTIFIER)) {
		p = skip(&s, p->text);
	}
	*out = s.outcome;
	return p;
}
