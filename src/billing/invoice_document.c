/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/invoice_document.h"

#include "base/json.h"

/* ---- a line ---- */

/* Adds an object unless it is empty. */
static void
put_object(struct json_object *json, const char *key,
    struct json_object *member)
{
	if (json_object_object_length(member) > 0)
		json_object_object_add(json, key, member);
	else
		json_object_put(member);
}

static struct json_object *
discounts_json(money_t total, money_t single_rate, money_t cumulative_rate,
    int64_t cumulative_quantity)
{
	struct json_object *json = json_object_new_object();
	struct json_object *single = json_object_new_object();
	struct json_object *cumulative = json_object_new_object();

	if (total != 0)
		json_put_money(json, "total", total);
	if (single_rate != 0)
		json_put_money(single, "rate", single_rate);
	if (cumulative_rate != 0)
		json_put_money(cumulative, "rate", cumulative_rate);
	if (cumulative_quantity != 0)
		json_put_int(cumulative, "quantity", cumulative_quantity);
	put_object(json, "single", single);
	put_object(json, "cumulative", cumulative);
	return json;
}

static struct json_object *
difference_json(const struct line_difference *d)
{
	struct json_object *json = json_object_new_object();

	if (d->quantity != 0)
		json_put_int(json, "quantity", d->quantity);
	if (d->billable != 0)
		json_put_int(json, "billable", d->billable);
	if (d->minimum != 0)
		json_put_int(json, "minimum", d->minimum);
	if (d->rate != 0)
		json_put_money(json, "rate", d->rate);
	if (d->item != NULL)
		json_put_string(json, "item", d->item);
	if (d->name != NULL)
		json_put_string(json, "name", d->name);
	put_object(json, "discounts", discounts_json(0, d->single_rate,
	    d->cumulative_rate, d->cumulative_quantity));
	return json;
}

static struct json_object *
prorate_json(const struct line *line)
{
	struct json_object *json = json_object_at(line->plan->document,
	    "prorate");

	if (json != NULL)
		return json_object_get(json);
	json = json_object_new_object();
	json_put_bool(json, "additions", true);
	json_put_bool(json, "removals", true);
	return json;
}

static struct json_object *
prorated_json(const struct line *line)
{
	struct json_object *json = json_object_new_object();

	json_put_money(json, "amount", line->prorated);
	json_put_int(json, "days", line->prorated_days.days);
	json_put_int(json, "days_in_month", line->prorated_days.days_in_month);
	json_put_int(json, "from", line->prorated_days.from);
	json_put_int(json, "to", line->prorated_days.to);
	return json;
}

/* Adds the steps in order; the linked list begins with the last. */
static void
put_steps(struct json_object *list, const struct line_step *last)
{
	if (last == NULL)
		return;
	put_steps(list, last->earlier);
	json_object_array_add(list, json_object_new_string(last->text));
}

static struct json_object *
explain_json(const struct line *line)
{
	struct json_object *json = json_object_new_object();
	struct json_object *steps = json_object_new_array();

	put_steps(steps, line->steps);
	json_object_object_add(json, "fields", line->origins == NULL ?
	    json_object_new_object() : json_object_get(line->origins));
	json_object_object_add(json, "steps", steps);
	return json;
}

struct json_object *
line_json(const struct line *line)
{
	static const char *const types[] = {
		[LINE_MODIFIED] = "modified",
		[LINE_CREATED] = "created",
		[LINE_REMOVED] = "removed",
	};
	struct json_object *json = json_object_new_object(), *changes;

	json_put_string(json, "category", line->category);
	json_put_string(json, "item", line->item);
	json_put_string(json, "name", line->name);
	json_put_int(json, "quantity", line->quantity);
	json_put_int(json, "billable", line->billable);
	json_put_money(json, "rate", line->rate);
	put_object(json, "discounts", discounts_json(line->discount,
	    line->single_rate, line->cumulative_rate,
	    line->cumulative_quantity));
	if (line->minimum != 0)
		json_put_int(json, "minimum", line->minimum);
	if (line->maximum != 0)
		json_put_int(json, "maximum", line->maximum);
	json_object_object_add(json, "prorate", prorate_json(line));
	json_put_money(json, "total", line->total);
	if (line->change != LINE_SAME) {
		changes = json_object_new_object();
		json_put_string(changes, "type", types[line->change]);
		json_object_object_add(changes, "difference",
		    difference_json(&line->difference));
		json_object_object_add(json, "changes", changes);
	}
	if (line->prorated_days.days > 0)
		json_object_object_add(json, "prorated", prorated_json(line));
	if (line->explains)
		json_object_object_add(json, "explain", explain_json(line));
	return json;
}

/* ---- an invoice ---- */

static struct json_object *
activation_json(const struct activation *charge)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "category", charge->category);
	json_put_string(json, "item", charge->key);
	json_put_string(json, "name", charge->name);
	json_put_int(json, "billable", charge->billable);
	json_put_money(json, "rate", charge->rate);
	json_put_money(json, "total", charge->total);
	return json;
}

struct json_object *
invoice_json(const struct invoice *invoice, bool with_plan)
{
	struct json_object *json = json_object_new_object();
	struct json_object *lines = json_object_new_array();
	struct json_object *charges = json_object_new_array();
	struct json_object *summary = json_object_new_object();
	size_t i;

	for (i = 0; i < invoice->activation_count; i++)
		json_object_array_add(charges,
		    activation_json(&invoice->activations[i]));
	for (i = 0; i < invoice->line_count; i++)
		json_object_array_add(lines, line_json(&invoice->lines[i]));
	json_put_money(summary, "today", invoice->today);
	json_put_money(summary, "recurring", invoice->recurring);
	if (invoice->prorates)
		json_put_money(summary, "prorated", invoice->prorated);
	json_object_object_add(json, "activation_charges", charges);
	json_object_object_add(json, "items", lines);
	json_object_object_add(json, "taxes", json_object_new_array());
	json_object_object_add(json, "summary", summary);
	if (with_plan)
		json_object_object_add(json, "plan", invoice->plan == NULL ?
		    json_object_new_object() : json_object_get(invoice->plan));
	json_object_object_add(json, "bookkeeper",
	    bookkeeper_json(&invoice->bookkeeper));
	return json;
}

struct json_object *
invoices_json(const struct invoices *invoices)
{
	struct json_object *json = json_object_new_array();
	size_t i;

	for (i = 0; i < invoices->count; i++)
		json_object_array_add(json,
		    invoice_json(&invoices->invoices[i], true));
	return json;
}

/* ---- an invoice that is asked about ---- */

/* A one-off charge in the form of a line, as clients show nothing else. */
static struct json_object *
one_off_json(struct arena *a, const struct activation *charge)
{
	struct json_object *json = activation_json(charge);

	json_put_string(json, "item", arena_printf(a, "activation_of_%s",
	    charge->key));
	json_put_int(json, "quantity", charge->billable);
	json_put_money(json, "discount", 0);
	json_put_bool(json, "one_off", true);
	return json;
}

struct json_object *
invoice_asked_json(struct arena *a, const struct invoice *invoice)
{
	struct json_object *json = invoice_json(invoice, true), *items, *line;
	size_t i;

	json_object_object_get_ex(json, "items", &items);
	for (i = 0; i < invoice->line_count; i++) {
		line = json_object_array_get_idx(items, i);
		json_put_money(line, "discount", invoice->lines[i].discount);
	}
	for (i = 0; i < invoice->activation_count; i++)
		json_object_array_add(items,
		    one_off_json(a, &invoice->activations[i]));
	return json;
}
