/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents of a dump, as rows of their accounts. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "ctl/rehearsal.h"
#include "ctl/rehearsal_claims.h"
#include "service/object.h"
#include "service/object_count.h"

/* A document that is being taken. */
struct taking {
	struct rehearsal *rehearsal;
	const struct import_item *item;
	struct import_source source;
	const char *turn; /* of documents that claim names */
};

/* ---- rows ---- */

static void
add_row(struct taking *t, enum rehearsal_tag tag, const char *id,
    struct json_object *own_value)
{
	struct arena *a = t->source.arena;
	const char *text = json_canonical_text(a, json_own(a, own_value));
	const char *account = tag == REHEARSAL_ACCOUNT ? t->source.id :
	    t->source.account_id;

	spool_add(t->rehearsal->rows, arena_printf(a, "%s%c%s", account, tag,
	    id), text, strlen(text));
}

void
rehearsal_skip(struct rehearsal *r, struct arena *a, const char *reason,
    const struct import_item *item, const char *id, int64_t count)
{
	struct json_object *json = json_own(a, json_object_new_object());
	const char *text;

	r->totals.skipped += count;
	json_put_int(json, "documents", count);
	json_put_string(json, "id", id);
	if (item != NULL) {
		json_put_string(json, "file", item->file);
		json_put_int(json, "line", item->line);
	}
	text = json_canonical_text(a, json);
	spool_add(r->skips, reason, text, strlen(text));
}

/* Keeps the note of import about a document that it takes; NULL: none. */
static void
note(struct taking *t, const char *text)
{
	if (text == NULL)
		return;
	rehearsal_skip(t->rehearsal, t->source.arena, arena_printf(
	    t->source.arena, "imported, but %s", text), t->item, t->source.id,
	    1);
	t->rehearsal->totals.skipped--; /* it is not */
}

/* The reason of a problem of the document; the arena's. */
static const char *
reason_of(struct taking *t, const struct problem *p)
{
	return ctl_describe(t->source.arena, p);
}

/* ---- accounts and users ---- */

static const char *
take_account(struct taking *t)
{
	struct import_source *s = &t->source;
	const char *key = json_string_at(s->document, "pvt_api_key");
	struct json_object *json;
	struct account_copy copy;
	struct account account;
	struct problem *p;
	const char *why = import_account_read(s, &copy);

	if (why == NULL && (p = account_copy_check(s->arena,
	    t->rehearsal->ctl->config, &copy, &account)) != NULL)
		why = reason_of(t, p);
	if (why != NULL) {
		t->rehearsal->totals.left_out++;
		return why;
	}
	rehearsal_tree_add(&t->rehearsal->tree, s->id, copy.account.parent_id,
	    copy.account.is_reseller);
	json = json_object_new_object();
	json_put_string(json, "name", account.name);
	json_put_bool(json, "enabled", account.enabled);
	json_put_int(json, "expires", account.expires);
	json_put_bool(json, "key", key != NULL && key[0] != '\0');
	add_row(t, REHEARSAL_ACCOUNT, "", json);
	/* One that was made up is another at the import. */
	if (json_string_at(s->public_fields, "realm") != NULL)
		rehearsal_claim(t->rehearsal, s->arena,
		    arena_printf(s->arena, "realm/%s", account.realm),
		    &(struct rehearsal_claimant){ s->id, "", t->turn,
		    t->item });
	return NULL;
}

/* [[category, item, number], ...]; the caller owns it. */
static struct json_object *
counts_json(const struct quantity_table *table)
{
	struct json_object *list = json_object_new_array(), *one;
	size_t i;

	for (i = 0; i < table->count; i++) {
		one = json_object_new_array();
		json_object_array_add(one,
		    json_object_new_string(table->rows[i].category));
		json_object_array_add(one,
		    json_object_new_string(table->rows[i].item));
		json_object_array_add(one,
		    json_object_new_int64(table->rows[i].number));
		json_object_array_add(list, one);
	}
	return list;
}

/* Counts an object as import does. NULL: it counts as more than can be. */
static struct json_object *
counted(struct taking *t, const struct object *object)
{
	const struct count_context with = { .classes = t->rehearsal->classes };
	const struct counted_object what = { object->kind->rules, object->id,
	    object->document };
	struct quantity_table table = { .count = 0 };

	return count_object(t->source.arena, &what, &with, 1, &table) ?
	    counts_json(&table) : NULL;
}

/* Notes the name that an object claims. */
static void
claim(struct taking *t, const struct object *object)
{
	struct import_source *s = &t->source;
	const char *name = object_claim(s->arena, s->account_id, object->kind,
	    object->id, object->document);

	if (name != NULL)
		rehearsal_claim(t->rehearsal, s->arena, name,
		    &(struct rehearsal_claimant){ s->account_id,
		    arena_printf(s->arena, "%s/%s", object->kind->noun,
		    object->id), t->turn, t->item });
}

static const char *
take_user(struct taking *t)
{
	struct import_source *s = &t->source;
	struct json_object *json, *counts;
	struct object user;
	struct user_copy copy;
	struct problem *p;
	const char *why = import_user_read(s, &user, &copy);

	if (why != NULL)
		return why;
	if ((p = user_copy_settle(s->arena, &copy)) != NULL)
		return reason_of(t, p);
	if ((counts = counted(t, &user)) == NULL)
		return "it counts as more than can be";
	json = json_object_new_object();
	json_object_object_add(json, "counts", counts);
	json_put_string(json, "login", copy.md5 != NULL ? "md5" :
	    copy.sha != NULL ? "sha" : "none");
	json_put_bool(json, "disabled",
	    json_false_at(user.document, "enabled"));
	add_row(t, REHEARSAL_OBJECT, arena_printf(s->arena, "users/%s", s->id),
	    json);
	claim(t, &user);
	return NULL;
}

/* ---- other objects, plans, services ---- */

static const char *
take_object(struct taking *t)
{
	struct import_source *s = &t->source;
	struct object object = import_object_read(s);
	struct json_object *json, *counts;
	const char *id = arena_printf(s->arena, "%s/%s", object.kind->noun,
	    s->id);

	if (counts_users(object.kind->rules)) {
		add_row(t, REHEARSAL_DEPENDENT, id,
		    json_object_get(object.document));
		return NULL;
	}
	if ((counts = counted(t, &object)) == NULL)
		return "it counts as more than can be";
	json = json_object_new_object();
	json_object_object_add(json, "counts", counts);
	if (json_object_array_length(counts) > 0)
		add_row(t, REHEARSAL_OBJECT, id, json);
	else
		json_object_put(json);
	claim(t, &object);
	return NULL;
}

static const char *
take_plan(struct taking *t)
{
	struct plan plan;
	const char *why = import_plan_read(&t->source, &plan);

	if (why != NULL)
		return why;
	note(t, import_plan_note(&t->source));
	rehearsal_plans_add(t->rehearsal->plans, t->source.arena,
	    t->source.account_id, &plan);
	return NULL;
}

static const char *
take_service(struct taking *t)
{
	struct import_quantities quantities;
	struct services services;
	const char *why = import_service_read(&t->source, &quantities,
	    &services);

	if (why != NULL)
		return why;
	note(t, import_service_note(&t->source, &quantities));
	add_row(t, REHEARSAL_SERVICE, "", json_object_get(t->source.document));
	return NULL;
}

/* ---- audit and ledgers ---- */

/* Members of a line that are compared. */
static struct json_object *
short_line(struct json_object *line)
{
	static const char *const names[] = { "category", "item", "name",
		"quantity", "billable", "rate", "discounts", "total" };
	struct json_object *json = json_object_new_object(), *value;
	size_t i;

	for (i = 0; i < NELEM(names); i++)
		if ((value = json_at(line, names[i])) != NULL)
			json_object_object_add(json, names[i],
			    json_object_get(value));
	return json;
}

/* Lines of a removed item are shown once more, at zero. */
static bool
is_removed(struct json_object *line)
{
	const char *type = json_string_at(line, "changes.type");

	return type != NULL && strcmp(type, "removed") == 0;
}

static struct json_object *
short_lines(struct json_object *items)
{
	struct json_object *list = json_object_new_array(), *line;
	size_t n = items == NULL ? 0 : json_object_array_length(items), i;

	for (i = 0; i < n; i++) {
		line = json_object_array_get_idx(items, i);
		if (json_object_is_type(line, json_type_object) &&
		    !is_removed(line))
			json_object_array_add(list, short_line(line));
	}
	return list;
}

/* Reeve writes an invoice of no lines for a change that no invoice shows
 * (rules/audit 2). */
static bool
is_silent(struct json_object *invoice)
{
	struct json_object *items = json_array_at(invoice, "items");

	return items == NULL || json_object_array_length(items) == 0;
}

static const char *
member(struct json_object *object, const char *name)
{
	const char *text = json_string_at(object, name);

	return text == NULL ? "" : text;
}

static const char *
take_audit_log(struct taking *t)
{
	struct import_source *s = &t->source;
	struct json_object *invoice = json_object_at(s->document, "invoice");
	struct json_object *json, *bookkeeper;
	struct audit_entry entry;
	struct audit_lines unused;
	const char *why = import_audit_read(s, AUDIT_INVOICE, &entry), *odd;

	if (why != NULL)
		return why;
	if (!audit_lines_of(s->arena, entry.document, AUDIT_INVOICE, &unused,
	    &odd))
		note(t, "not counted in the daily summary");
	bookkeeper = json_object_at(invoice, "bookkeeper");
	if (bookkeeper == NULL)
		bookkeeper = json_object_at(s->document, "bookkeeper");
	json = json_object_new_object();
	json_put_int(json, "created", s->created);
	json_put_string(json, "bookkeeper", arena_printf(s->arena, "%s/%s/%s",
	    member(bookkeeper, "id"), member(bookkeeper, "type"),
	    member(bookkeeper, "vendor_id")));
	json_put_bool(json, "silent", is_silent(invoice));
	json_object_object_add(json, "lines",
	    short_lines(json_array_at(invoice, "items")));
	/* Of two in one second the later change is the newer invoice, or else
	 * the later in the dump: Reeve exports them in their order. */
	add_row(t, REHEARSAL_AUDIT, arena_printf(s->arena,
	    "%013lld%013lld%020lld", (long long)s->created,
	    (long long)s->modified, (long long)t->rehearsal->totals.documents),
	    json);
	return NULL;
}

static const char *
take_yearly_audit(struct taking *t)
{
	struct audit_entry entry;

	return import_audit_read(&t->source, AUDIT_QUANTITIES, &entry);
}

/* The amount of an entry that import leaves out: the old balance includes it.
 * False: it has none. */
static bool
old_amount(struct json_object *document, money_t *out)
{
	struct json_object *units = json_at(document, "amount");

	if (!(json_object_is_type(units, json_type_int) ||
	    json_object_is_type(units, json_type_double)) ||
	    !money_from_units(json_object_to_json_string(units), out))
		return false;
	*out = *out < 0 ? -*out : *out;
	return true;
}

static const char *
take_ledger(struct taking *t)
{
	struct import_source *s = &t->source;
	struct ledger ledger;
	const char *why = import_ledger_read(s, &ledger);
	struct json_object *json;

	if (why != NULL && !old_amount(s->document, &ledger.amount))
		return why;
	json = json_object_new_object();
	json_put_money(json, "amount",
	    ledger.debit ? -ledger.amount : ledger.amount);
	json_put_int(json, "created", s->created);
	json_put_string(json, "service",
	    ledger.service == NULL ? "" : ledger.service);
	json_put_bool(json, "skipped", why != NULL);
	add_row(t, REHEARSAL_LEDGER, s->id, json);
	return why;
}

/* ---- the table ---- */

static const struct {
	const char *name;
	const char *(*take)(struct taking *t);
} takers[] = {
	{ "account", take_account },
	{ "user", take_user },
	{ "service_plan", take_plan },
	{ "service", take_service },
	{ "audit_log", take_audit_log },
	{ "ledger", take_ledger },
	{ "audit", take_yearly_audit },
	{ "object", take_object },
};

static const char *
take(struct taking *t, const struct import_kind *kind)
{
	const char *why = import_begin(&t->source, kind);
	size_t i;

	for (i = 0; why == NULL && i < NELEM(takers); i++)
		if (strcmp(takers[i].name, import_kind_name(kind)) == 0)
			return takers[i].take(t);
	return why;
}

/*
 * The moment at which import takes a document, as a text that sorts like it. Both
 * read in batches: accounts by depth, and within a batch by id; objects in the
 * order of the dump, and within a batch by age.
 */
static const char *
turn_of(struct taking *t, const struct import_kind *kind)
{
	struct rehearsal *r = t->rehearsal;
	int64_t order = import_order(kind, t->item->document), batch;
	int phase = import_kind_phase(kind);

	if (phase == 0) {
		if (order >= REHEARSAL_DEPTHS)
			order = REHEARSAL_DEPTHS - 1;
		batch = r->accounts_taken[order]++ / r->account_batch;
		return arena_printf(t->source.arena, "%020lld%020lld",
		    (long long)order, (long long)batch);
	}
	batch = phase == 2 ? r->objects_taken++ / r->batch : 0;
	return arena_printf(t->source.arena, "%020lld%020lld",
	    (long long)batch, (long long)(order < 0 ? 0 : order));
}

bool
rehearsal_take(void *state, struct arena *a, const struct import_item *item)
{
	struct rehearsal *r = state;
	struct taking t = {
		.rehearsal = r,
		.item = item,
		.source = {
			.importer = &r->importer,
			.arena = a,
			.document = item->document,
		},
	};
	const struct import_kind *kind = NULL;
	const char *reason = item->reason;

	r->totals.documents++;
	r->totals.unreadable += item->document == NULL;
	if (item->document != NULL)
		kind = import_kind_of(a, item->document, &reason);
	if (kind != NULL) {
		t.turn = turn_of(&t, kind);
		reason = take(&t, kind);
	}
	if (reason != NULL)
		rehearsal_skip(r, a, reason, item, item->document == NULL ?
		    NULL : import_document_id(item->document), 1);
	return spool_failure(r->rows) == NULL;
}
