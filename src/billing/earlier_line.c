/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/earlier_line.h"

#include <string.h>

#include "base/json.h"
#include "billing/invoice_document.h"

/* ---- terms that an invoice's document lacks ---- */

static struct json_object *
line_terms(const struct line *line)
{
	struct json_object *json = json_object_new_object();
	struct json_object *exceptions = json_array_at(line->plan->document,
	    "exceptions");

	if (line->activation_charge != 0)
		json_put_money(json, "activation_charge",
		    line->activation_charge);
	if (exceptions != NULL)
		json_object_object_add(json, "exceptions",
		    json_object_get(exceptions));
	return json;
}

struct json_object *
earlier_terms(const struct invoice *invoice)
{
	struct json_object *list = json_object_new_array(), *terms;
	bool any = false;
	size_t i;

	for (i = 0; i < invoice->line_count; i++) {
		terms = line_terms(&invoice->lines[i]);
		any = any || json_object_object_length(terms) > 0;
		json_object_array_add(list, terms);
	}
	if (any)
		return list;
	json_object_put(list);
	return NULL;
}

/* ---- the form ---- */

/* Adds a number unchanged; a missing one as 0. */
static void
put_number(struct json_object *json, const char *key,
    struct json_object *number)
{
	json_object_object_add(json, key, number == NULL ?
	    json_object_new_int(0) : json_object_get(number));
}

static struct json_object *
earlier_line(struct json_object *line, struct json_object *terms)
{
	struct json_object *json = json_object_new_object();
	struct json_object *exceptions = json_array_at(terms, "exceptions");
	int64_t billable;

	json_put_string(json, "category", json_string_at(line, "category"));
	json_put_string(json, "item", json_string_at(line, "item"));
	json_put_string(json, "name", json_string_at(line, "name"));
	put_number(json, "quantity", json_at(line, "billable"));
	put_number(json, "rate", json_at(line, "rate"));
	/* True if there is anything to discount, at whatever rate. */
	json_put_bool(json, "single_discount",
	    json_int_at(line, "billable", &billable) && billable > 0);
	put_number(json, "single_discount_rate",
	    json_at(line, "discounts.single.rate"));
	put_number(json, "cumulative_discount",
	    json_at(line, "discounts.cumulative.quantity"));
	put_number(json, "cumulative_discount_rate",
	    json_at(line, "discounts.cumulative.rate"));
	put_number(json, "activation_charge",
	    json_at(terms, "activation_charge"));
	put_number(json, "minimum", json_at(line, "minimum"));
	json_object_object_add(json, "exceptions", exceptions == NULL ?
	    json_object_new_array() : json_object_get(exceptions));
	return json;
}

static bool
is_removed(struct json_object *line)
{
	const char *type = json_string_at(line, "changes.type");

	return type != NULL && strcmp(type, "removed") == 0;
}

static void
add_line(struct json_object *out, struct json_object *line,
    struct json_object *terms)
{
	const char *category = json_string_at(line, "category");
	const char *item = json_string_at(line, "item");
	struct json_object *of_category;

	if (category == NULL || item == NULL)
		return;
	if (!json_object_object_get_ex(out, category, &of_category)) {
		of_category = json_object_new_object();
		json_object_object_add(out, category, of_category);
	}
	if (is_removed(line) &&
	    json_object_object_get_ex(of_category, item, NULL))
		return;
	json_object_object_add(of_category, item, earlier_line(line, terms));
}

void
earlier_lines_add(struct json_object *out, struct json_object *lines,
    struct json_object *terms)
{
	size_t i, n = lines == NULL ? 0 : json_object_array_length(lines);

	for (i = 0; i < n; i++)
		add_line(out, json_object_array_get_idx(lines, i),
		    terms == NULL ? NULL : json_object_array_get_idx(terms, i));
}

void
earlier_invoice_add(struct json_object *out, const struct invoice *invoice)
{
	struct json_object *document = invoice_json(invoice, false);
	struct json_object *terms = earlier_terms(invoice);

	earlier_lines_add(out, json_array_at(document, "items"), terms);
	json_object_put(terms);
	json_object_put(document);
}
