/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/trail_document.h"

#include <string.h>

#include "base/json.h"
#include "billing/invoice_document.h"
#include "service/terms.h"

/* ---- all entries ---- */

struct json_object *
trail_document_account(const char *id_key, const char *name_key,
    const struct service *account)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, id_key,
	    json_object_new_string(account->account_id));
	json_object_object_add(json, name_key,
	    json_object_new_string(account->account_name));
	return json;
}

/* The terms of services, without quantities. */
static struct json_object *
terms_json(struct arena *a, const struct service *service)
{
	struct json_object *json = json_own(a, json_object_new_object());
	struct json_object *plans = terms_assignments_json(a, &service->plans),
	                   *plan;
	size_t i;

	/* The version that determines the price, pinned or not. */
	for (i = 0; i < service->plans.count; i++)
		if (json_object_object_get_ex(plans, service->plans.plans[i].id,
		    &plan))
			json_put_int(plan, "version",
			    service->plans.plans[i].version);
	json_put_string(json, "billing_id", service->billing_id);
	json_put_string(json, "standing", service->standing);
	json_put_string(json, "reason", service->reason);
	if (service->has_reason_code)
		json_put_int(json, "reason_code", service->reason_code);
	json_object_object_add(json, "overrides",
	    json_object_get(service->overrides));
	json_object_object_add(json, "plans", json_object_get(plans));
	return json;
}

/* The members of one document that are missing in the other or have another
 * value, compared as store_service_save compares what it writes; the caller
 * owns it. */
static struct json_object *
list_differing_members(struct json_object *one, struct json_object *other)
{
	struct json_object *out = json_object_new_object(), *found;

	json_object_object_foreach(one, key, value) {
		found = NULL;
		json_object_object_get_ex(other, key, &found);
		if (!json_object_equal(value, found))
			json_object_object_add(out, key,
			    json_object_get(value));
	}
	return out;
}

/* Adds "before" and "after" if terms other than quantities differ. */
static void
put_terms(const struct part *part, struct json_object *json)
{
	struct json_object *before = terms_json(part->arena, part->before);
	struct json_object *after = terms_json(part->arena, part->after);

	if (json_object_equal(before, after))
		return;
	json_object_object_add(json, "before", list_differing_members(before,
	    after));
	json_object_object_add(json, "after", list_differing_members(after,
	    before));
}

/* The changed quantities. In the account where the change was made, these are
 * its own quantities. */
struct json_object *
trail_document_changes(const struct part *part)
{
	struct json_object *json = trail_document_account(
	    "account_id", "account_name", part->origin);
	static const enum quantity_scope scopes[] = {
		QUANTITY_MANUAL, QUANTITY_ACCOUNT, QUANTITY_CASCADE,
	};
	struct json_object *types = json_object_new_array();
	size_t i;

	for (i = 0; i < NELEM(scopes); i++)
		if (!quantity_table_equal(&part->before->quantities[scopes[i]],
		    &part->after->quantities[scopes[i]]))
			json_object_array_add(types, json_object_new_string(
			    quantity_scope_name(scopes[i])));
	if (json_object_array_length(types) > 0)
		json_object_object_add(json, "type", types);
	else
		json_object_put(types);
	put_terms(part, json);
	if (part->change->note != NULL) {
		json_object_object_foreach(part->change->note, key, value)
			json_object_object_add(json, key,
			    json_object_get(value));
	}
	return json;
}

/* The cause, the account and the changes; the caller owns it. */
static struct json_object *
audit_json(const struct part *part)
{
	struct json_object *json = NULL;

	json_object_deep_copy(part->change->audit, &json, NULL);
	json_object_object_add(json, "account",
	    trail_document_account("id", "name", part->after));
	json_object_object_add(json, "changes", trail_document_changes(part));
	return json;
}

/* ---- invoices ---- */

struct json_object *
trail_document_invoice(const struct part *part, const struct invoice *invoice,
    bool moves)
{
	struct json_object *document = json_object_new_object();
	struct json_object *bookkeeper = bookkeeper_json(&invoice->bookkeeper);

	if (!moves)
		json_object_object_add(bookkeeper, "results",
		    json_object_new_array());
	json_put_string(document, "status", moves ? "pending" : "completed");
	json_object_object_add(document, "bookkeeper", bookkeeper);
	json_object_object_add(document, "invoice",
	    invoice_json(invoice, false));
	json_object_object_add(document, "audit", audit_json(part));
	return document;
}

/* ---- quantities ---- */

/* Adds {table: difference} of an item; {}: unchanged. */
static bool
put_item_changes(const struct part *part, const struct quantity *name,
    struct json_object *changes)
{
	const struct quantity_table *before, *after;
	int64_t old, new, change;
	enum quantity_scope scope;
	bool was, is;

	for (scope = 0; scope < QUANTITY_SCOPE__MAX; scope++) {
		before = &part->before->quantities[scope];
		after = &part->after->quantities[scope];
		was = quantity_table_get(before, name->category, name->item,
		    &old);
		is = quantity_table_get(after, name->category, name->item,
		    &new);
		if (__builtin_sub_overflow(new, old, &change))
			return false;
		if (was != is || change != 0)
			json_put_int(changes, quantity_scope_name(scope),
			    change);
	}
	return true;
}

/*
 * Adds {category, source, quantity: difference, billable: new total} of an item
 * to the list, with the difference in each table.
 */
static struct problem *
list_item(const struct part *part, const struct quantity *name,
    struct json_object *list)
{
	struct json_object *one = json_object_new_object();
	struct json_object *changes = json_object_new_object();
	int64_t old, new, change;

	json_object_array_add(list, one);
	json_object_object_add(one, "tables", changes);
	if (!put_item_changes(part, name, changes) ||
	    !quantities_total(part->before->quantities, name->category,
	    name->item, &old) ||
	    !quantities_total(part->after->quantities, name->category,
	    name->item, &new) || __builtin_sub_overflow(new, old, &change))
		return terms_overflow(part->arena, part->after);
	json_put_string(one, "category", name->category);
	json_put_string(one, "source", name->item);
	json_put_int(one, "quantity", change);
	json_put_int(one, "billable", new);
	return NULL;
}

/* The names of all items that changed in any table. */
static struct quantity_table
list_changed_names(const struct part *part)
{
	struct quantity_table names = { .count = 0 };
	struct quantity_pair d;
	struct quantity_walk walk;
	enum quantity_scope scope;

	for (scope = 0; scope < QUANTITY_SCOPE__MAX; scope++) {
		walk = (struct quantity_walk){
			.before = &part->before->quantities[scope],
			.after = &part->after->quantities[scope],
		};
		while (quantity_walk_difference(&walk, &d))
			quantity_table_set(part->arena, &names, d.category,
			    d.item, 0);
	}
	return names;
}

struct problem *
trail_document_quantities(const struct part *part, struct json_object **out)
{
	struct quantity_table names = list_changed_names(part);
	struct json_object *list;
	struct problem *p = NULL;
	size_t i;

	*out = NULL;
	if (names.count == 0)
		return NULL;
	list = json_object_new_array();
	for (i = 0; i < names.count && p == NULL; i++)
		p = list_item(part, &names.rows[i], list);
	if (p != NULL) {
		json_object_put(list);
		return p;
	}
	*out = json_object_new_object();
	json_object_object_add(*out, "audit", list);
	json_object_object_add(*out, "cause", audit_json(part));
	return NULL;
}

/* ---- stored entries ---- */

/* Members that a bookkeeper's answer may change later. */
static const char *const outcome_members[] = { "status", "reason", "message" };

static const char *
format_results(struct arena *a, struct json_object *document)
{
	struct json_object *results = json_at(document, "bookkeeper.results");
	struct buffer text;

	if (results == NULL)
		return NULL;
	buffer_init(&text, a, 0);
	json_canonical(&text, results);
	return text.text;
}

/* A copy of the document without the outcome. */
static struct json_object *
copy_without_outcome(struct arena *a, struct json_object *document)
{
	struct json_object *copy = NULL, *bookkeeper;
	size_t i;

	json_object_deep_copy(document, &copy, NULL);
	json_own(a, copy);
	for (i = 0; i < NELEM(outcome_members); i++)
		json_object_object_del(copy, outcome_members[i]);
	bookkeeper = json_object_at(copy, "bookkeeper");
	if (bookkeeper != NULL)
		json_object_object_del(bookkeeper, "results");
	return copy;
}

void
trail_document_split(struct arena *a, struct json_object *document,
    struct audit_entry *out)
{
	struct buffer text;

	out->status = json_string_at(document, "status");
	out->reason = json_string_at(document, "reason");
	out->message = json_string_at(document, "message");
	out->results = format_results(a, document);
	buffer_init(&text, a, 0);
	json_canonical(&text, copy_without_outcome(a, document));
	out->document = text.text;
}

struct problem *
trail_document_read(struct arena *a, const struct audit_entry *entry,
    struct json_object **out)
{
	struct json_object *bookkeeper, *results = NULL;
	const char *error;

	*out = json_parse(a, entry->document, strlen(entry->document), &error);
	if (*out != NULL && entry->results != NULL)
		results = json_parse(a, entry->results, strlen(entry->results),
		    &error);
	if (*out == NULL || (entry->results != NULL && results == NULL))
		return problem_fault(a, "audit entry %s of %s: %s", entry->id,
		    entry->account_id, error);
	json_put_string(*out, "status", entry->status);
	json_put_string(*out, "reason", entry->reason);
	json_put_string(*out, "message", entry->message);
	if (results == NULL)
		return NULL;
	bookkeeper = json_object_at(*out, "bookkeeper");
	if (bookkeeper == NULL) {
		bookkeeper = json_object_new_object();
		json_object_object_add(*out, "bookkeeper", bookkeeper);
	}
	json_object_object_add(bookkeeper, "results", json_object_get(results));
	return NULL;
}
