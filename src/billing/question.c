/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/question.h"

#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "billing/invoice.h"
#include "billing/invoice_document.h"
#include "billing/plan_number.h"
#include "billing/plan_schema.h"
#include "billing/quantity_document.h"

/* The vendor of plans and bookkeepers that name none. */
#define VENDOR_DEFAULT "reseller"

/* A question, and the side of it ("current", "proposed") whose members take
 * precedence. */
struct quote_reader {
	struct arena *arena;
	struct json_object *question;
	struct json_object *side; /* NULL: none */
};

/* ---- reading ---- */

static struct json_object *
member(const struct quote_reader *r, const char *key)
{
	struct json_object *value = NULL;

	if (r->side != NULL && json_object_object_get_ex(r->side, key, &value))
		return value;
	json_object_object_get_ex(r->question, key, &value);
	return value;
}

static struct problem *
object_member(const struct quote_reader *r, const char *key,
    struct json_object **out)
{
	*out = member(r, key);
	if (*out == NULL || json_object_is_type(*out, json_type_object))
		return NULL;
	return problem_invalid(r->arena, key, "type",
	    "Value did not match type(s): object");
}

static const char *
string_or(struct json_object *tree, const char *key, const char *fallback)
{
	const char *text = json_string_at(tree, key);

	return text == NULL ? fallback : text;
}

static struct problem *
read_plan(const struct quote_reader *r, struct json_object *json, size_t place,
    struct assigned_plan *out)
{
	const char *path = arena_printf(r->arena, "plans.%zu", place);
	struct problem *p;

	out->document = json_object_at(json, "doc");
	if (out->document == NULL)
		return problem_invalid(r->arena,
		    arena_printf(r->arena, "%s.doc", path), "required",
		    "Field is required but missing");
	out->id = string_or(json, "id", "");
	out->vendor_id = string_or(json, "vendor_id", VENDOR_DEFAULT);
	out->overrides = json_at(json, "overrides");
	p = plan_check_overrides(r->arena, out->document,
	    arena_printf(r->arena, "%s.doc", path));
	if (p == NULL && out->overrides != NULL)
		p = plan_check_overrides(r->arena, out->overrides,
		    arena_printf(r->arena, "%s.overrides", path));
	return p;
}

static struct problem *
read_plans(const struct quote_reader *r, struct assigned_plans *out)
{
	struct json_object *list = member(r, "plans");
	struct problem *p = NULL;
	size_t i;

	if (list == NULL)
		return NULL;
	if (!json_object_is_type(list, json_type_array))
		return problem_invalid(r->arena, "plans", "type",
		    "Value did not match type(s): array");
	out->count = json_object_array_length(list);
	out->plans = arena_alloc(r->arena, out->count * sizeof(*out->plans));
	for (i = 0; i < out->count && p == NULL; i++)
		p = read_plan(r, json_object_array_get_idx(list, i), i,
		    &out->plans[i]);
	return p;
}

static struct problem *
read_quantities(const struct quote_reader *r, struct quantities *out)
{
	struct json_object *tables;
	struct problem *p;

	if ((p = object_member(r, "quantities", &tables)) != NULL)
		return p;
	out->gone = plan_true(member(r, "deleted"));
	return quantity_tables_read(r->arena, tables, "quantities",
	    QUANTITY_KEPT, out->tables);
}

static struct problem *
read_state(const struct quote_reader *r, struct billed_state *out)
{
	struct json_object *bookkeeper;
	struct problem *p;

	memset(out, 0, sizeof(*out));
	if ((p = object_member(r, "overrides", &out->overrides)) != NULL ||
	    (p = object_member(r, "bookkeeper", &bookkeeper)) != NULL ||
	    (p = read_plans(r, &out->assigned)) != NULL ||
	    (p = read_quantities(r, &out->quantities)) != NULL)
		return p;
	out->bookkeeper = (struct bookkeeper){
		.id = string_or(bookkeeper, "id", BOOKKEEPER_ID_DEFAULT),
		.type = string_or(bookkeeper, "type", BOOKKEEPER_TYPE_DEFAULT),
		.vendor_id = string_or(bookkeeper, "vendor_id",
		    VENDOR_DEFAULT),
	};
	return out->overrides == NULL ? NULL :
	    plan_check_overrides(r->arena, out->overrides, "overrides");
}

/* Reads the time of the question. An answer bills nothing. */
static struct problem *
read_proration(struct arena *a, struct json_object *question,
    struct proration *out)
{
	struct json_object *now = json_at(question, "now");

	*out = (struct proration){ .now = 0 };
	if (now == NULL)
		return NULL;
	if (!json_int_at(question, "now", &out->now))
		return problem_invalid(a, "now", "type",
		    "Value did not match type(s): integer");
	if (out->now < 1)
		return problem_invalid(a, "now", "minimum",
		    "Value must be at least 1");
	if (out->now > GREGORIAN_MAX)
		return problem_invalid(a, "now", "maximum",
		    "Value must be at most %lld",
		    (long long)GREGORIAN_MAX);
	return NULL;
}

/* ---- answering ---- */

static struct json_object *
merged_json(const struct merged_plans *merged)
{
	struct json_object *list = json_object_new_array(), *json, *ids;
	const struct merged_plan *plan;
	size_t i, j;

	for (i = 0; i < merged->count; i++) {
		plan = &merged->plans[i];
		json = json_object_new_object();
		ids = json_object_new_array();
		for (j = 0; j < plan->plan_count; j++)
			json_object_array_add(ids,
			    json_object_new_string(plan->plan_ids[j]));
		json_object_object_add(json, "bookkeeper",
		    bookkeeper_json(&plan->bookkeeper));
		json_object_object_add(json, "plan_ids", ids);
		json_object_object_add(json, "doc",
		    json_object_get(plan->document));
		json_object_array_add(list, json);
	}
	return list;
}

static struct json_object *
priced_json(const struct invoices *invoices, const struct quantities *q)
{
	struct json_object *json = json_object_new_object();

	json_object_object_add(json, "merged_plans",
	    merged_json(&invoices->merged));
	json_object_object_add(json, "invoices", invoices_json(invoices));
	json_put_bool(json, "has_changes", invoices_have_changes(invoices));
	json_put_bool(json, "has_additions", invoices_have_additions(invoices));
	json_put_bool(json, "has_billable_additions",
	    invoices_have_billable_additions(invoices));
	json_object_object_add(json, "quantities",
	    quantity_tables_json(q->tables));
	return json;
}

static struct problem *
answer_steady(const struct quote_reader *r, const struct proration *proration,
    bool explain, struct json_object **answer)
{
	struct billed_state state;
	struct invoices invoices;
	struct problem *p;

	if ((p = read_state(r, &state)) != NULL ||
	    (p = invoices_price(r->arena, &state, explain, &invoices)) != NULL ||
	    (p = invoices_explain_proration(r->arena, proration,
	    &invoices)) != NULL)
		return p;
	*answer = json_own(r->arena, priced_json(&invoices, &state.quantities));
	return NULL;
}

/* Returns a table as it would be stored. */
static struct quantity_table
without_zeroes(struct arena *a, const struct quantity_table *table)
{
	struct quantity_table out = { .count = 0 };
	const struct quantity *row;
	size_t i;

	for (i = 0; i < table->count; i++) {
		row = &table->rows[i];
		if (row->number != 0)
			quantity_table_set(a, &out, row->category, row->item,
			    row->number);
	}
	return out;
}

/*
 * Answers with the changes annotated. If the manual table of the proposal is
 * empty, the current one stays (rules/changes 18).
 */
static struct problem *
answer_change(const struct quote_reader *current,
    const struct quote_reader *proposed, const struct proration *proration,
    bool explain, struct json_object **answer)
{
	struct arena *a = current->arena;
	struct billed_state before, after, effective;
	struct invoices old, new, wanted, annotated;
	enum quantity_scope scope;
	struct problem *p;

	if ((p = read_state(current, &before)) != NULL ||
	    (p = read_state(proposed, &after)) != NULL)
		return p;
	effective = after;
	if (after.quantities.tables[QUANTITY_MANUAL].count == 0)
		effective.quantities.tables[QUANTITY_MANUAL] =
		    before.quantities.tables[QUANTITY_MANUAL];
	if ((p = invoices_price(a, &before, explain, &old)) != NULL ||
	    (p = invoices_price(a, &after, explain, &new)) != NULL ||
	    (p = invoices_price(a, &effective, explain, &wanted)) != NULL ||
	    (p = invoices_annotate(a, &old, &wanted, proration,
	    &annotated)) != NULL)
		return p;
	*answer = json_own(a, json_object_new_object());
	json_object_object_add(*answer, "current",
	    priced_json(&old, &before.quantities));
	json_object_object_add(*answer, "proposed",
	    priced_json(&new, &after.quantities));
	for (scope = QUANTITY_ACCOUNT; scope <= QUANTITY_CASCADE; scope++)
		effective.quantities.tables[scope] = without_zeroes(a,
		    &after.quantities.tables[scope]);
	json_object_object_add(*answer, "annotated",
	    priced_json(&annotated, &effective.quantities));
	return NULL;
}

struct problem *
question_answer(struct arena *a, struct json_object *question, bool explain,
    struct json_object **answer)
{
	struct quote_reader one = { a, question, NULL }, other = one;
	struct proration proration;
	struct problem *p;

	if (!json_object_is_type(question, json_type_object))
		return problem_invalid(a, "data", "type",
		    "Value did not match type(s): object");
	if ((p = read_proration(a, question, &proration)) != NULL ||
	    (p = object_member(&one, "current", &one.side)) != NULL ||
	    (p = object_member(&other, "proposed", &other.side)) != NULL)
		return p;
	if (one.side == NULL && other.side == NULL)
		return answer_steady(&one, &proration, explain, answer);
	return answer_change(&one, &other, &proration, explain, answer);
}
