/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/invoice.h"

#include <stdlib.h>
#include <string.h>

static int
by_category_key_item(const void *x, const void *y)
{
	const struct line *a = x, *b = y;
	int order = strcmp(a->category, b->category);

	if (order == 0)
		order = strcmp(a->key, b->key);
	/* Two lines have one key if "as" was added to the item or removed. */
	return order != 0 ? order : strcmp(a->item, b->item);
}

/* ---- pricing ---- */

static struct problem *
price_lines(struct arena *a, const struct plan_items *items,
    const struct quantities *q, bool explain, struct invoice *out)
{
	struct problem *p;
	size_t i;

	out->lines = arena_alloc(a, items->count * sizeof(*out->lines));
	for (i = 0; i < items->count; i++) {
		p = line_price(a, q, &items->items[i], explain, &out->lines[i]);
		if (p != NULL)
			return p;
	}
	out->line_count = items->count;
	qsort(out->lines, out->line_count, sizeof(*out->lines),
	    by_category_key_item);
	return NULL;
}

/* Adds up an invoice's lines and charges. */
static struct problem *
sum_invoice(struct arena *a, struct invoice *invoice)
{
	size_t i;

	invoice->today = invoice->recurring = invoice->prorated = 0;
	for (i = 0; i < invoice->line_count; i++)
		if (!money_add(invoice->recurring, invoice->lines[i].total,
		    &invoice->recurring) ||
		    !money_add(invoice->prorated, invoice->lines[i].prorated,
		    &invoice->prorated))
			return line_overflow(a, &invoice->lines[i]);
	for (i = 0; i < invoice->activation_count; i++)
		if (!money_add(invoice->today, invoice->activations[i].total,
		    &invoice->today))
			return problem_invalid(a, "activation_charges",
			    "overflow", "the sum is too large to be billed");
	return NULL;
}

static struct problem *
sum_invoices(struct arena *a, struct invoices *invoices)
{
	struct invoice *invoice;
	struct problem *p;
	size_t i;

	invoices->today = invoices->recurring = invoices->prorated = 0;
	for (i = 0; i < invoices->count; i++) {
		invoice = &invoices->invoices[i];
		if ((p = sum_invoice(a, invoice)) != NULL)
			return p;
		if (!money_add(invoices->today, invoice->today,
		    &invoices->today) ||
		    !money_add(invoices->recurring, invoice->recurring,
		    &invoices->recurring) ||
		    !money_add(invoices->prorated, invoice->prorated,
		    &invoices->prorated))
			return problem_invalid(a, "invoices", "overflow",
			    "the sum is too large to be billed");
	}
	return NULL;
}

struct problem *
invoices_price(struct arena *a, const struct billed_state *state, bool explain,
    struct invoices *out)
{
	const struct merged_plan *merged;
	struct invoice *invoice;
	struct problem *p;
	size_t i;

	memset(out, 0, sizeof(*out));
	merged_plans_of(a, &state->assigned, state->overrides,
	    &state->bookkeeper, explain, &out->merged);
	out->invoices = arena_alloc(a,
	    out->merged.count * sizeof(*out->invoices));
	for (i = 0; i < out->merged.count; i++) {
		merged = &out->merged.plans[i];
		invoice = &out->invoices[out->count++];
		invoice->bookkeeper = merged->bookkeeper;
		invoice->plan = merged->plan;
		p = price_lines(a, &merged->items, &state->quantities, explain,
		    invoice);
		if (p != NULL)
			return p;
	}
	return sum_invoices(a, out);
}

struct problem *
invoices_explain_proration(struct arena *a, const struct proration *proration,
    struct invoices *invoices)
{
	struct invoice *invoice;
	struct problem *p;
	size_t i, j;

	for (i = 0; i < invoices->count; i++) {
		invoice = &invoices->invoices[i];
		for (j = 0; j < invoice->line_count; j++) {
			p = line_explain_proration(a, proration,
			    &invoice->lines[j]);
			if (p != NULL)
				return p;
		}
	}
	return NULL;
}

/* ---- comparing ---- */

/* Two lines are the same if their item of the plan is the same, and both or
 * neither show it under another name. */
static bool
same_line(const struct line *a, const struct line *b)
{
	return strcmp(a->category, b->category) == 0 &&
	    strcmp(a->key, b->key) == 0 &&
	    (strcmp(a->item, a->key) == 0) == (strcmp(b->item, b->key) == 0);
}

static const struct line *
find_line(const struct invoice *invoice, const struct line *wanted)
{
	size_t i;

	for (i = 0; i < invoice->line_count; i++)
		if (same_line(&invoice->lines[i], wanted))
			return &invoice->lines[i];
	return NULL;
}

/* Only amounts can overflow: counts are within LINE_COUNT_MAX. */
static struct problem *
compare_lines(struct arena *a, const struct line *old, struct line *new)
{
	static const struct line_difference none;
	struct line_difference *d = &new->difference;

	d->quantity = new->quantity - old->quantity;
	d->billable = new->billable - old->billable;
	d->minimum = new->minimum - old->minimum;
	d->cumulative_quantity =
	    new->cumulative_quantity - old->cumulative_quantity;
	if (!money_subtract(new->rate, old->rate, &d->rate) ||
	    !money_subtract(new->single_rate, old->single_rate,
	    &d->single_rate) ||
	    !money_subtract(new->cumulative_rate, old->cumulative_rate,
	    &d->cumulative_rate))
		return line_overflow(a, new);
	d->item = strcmp(old->item, new->item) == 0 ? NULL : new->item;
	d->name = strcmp(old->name, new->name) == 0 ? NULL : new->name;
	new->change = memcmp(d, &none, sizeof(none)) == 0 ?
	    LINE_SAME : LINE_MODIFIED;
	return NULL;
}

static void
create_line(struct line *line)
{
	line->difference.billable = line->billable;
	line->change = line->billable == 0 ? LINE_SAME : LINE_CREATED;
}

/* A removed line costs nothing and gets no discount. */
static void
remove_line(struct arena *a, struct line *line)
{
	line_say_only(a, line, "no plan has it any more: total 0");
	line->difference.billable = -line->billable;
	line->change = line->billable == 0 ? LINE_SAME : LINE_REMOVED;
	line->billable = 0;
	line->single_rate = line->cumulative_rate = line->discount = 0;
	line->cumulative_quantity = 0;
	line->total = 0;
}

/*
 * Finds the line for the same item of the plan, whatever name it shows: an
 * account that has paid for the month under the old name must not pay again
 * under a new one.
 */
static const struct line *
find_item(const struct invoice *invoice, const struct line *wanted)
{
	size_t i;

	for (i = 0; invoice != NULL && i < invoice->line_count; i++)
		if (strcmp(invoice->lines[i].category, wanted->category) == 0 &&
		    strcmp(invoice->lines[i].key, wanted->key) == 0)
			return &invoice->lines[i];
	return NULL;
}

/* Prorates a line that is new or stays. */
static struct problem *
prorate_new_line(struct arena *a, const struct proration *proration,
    const struct invoice *old, struct line *line)
{
	const struct line *before = find_item(old, line);

	return line_prorate(a, proration, before == NULL ? 0 : before->total,
	    line);
}

/* Prorates a removed line, unless another line replaces it. */
static struct problem *
prorate_old_line(struct arena *a, const struct proration *proration,
    const struct line *old, const struct invoice *new, struct line *line)
{
	return find_item(new, old) != NULL ? NULL :
	    line_prorate(a, proration, old->total, line);
}

static struct problem *
activate(struct arena *a, struct invoice *invoice)
{
	struct activation *charge;
	const struct line *line;
	size_t i;

	invoice->activations = arena_alloc(a,
	    invoice->line_count * sizeof(*invoice->activations));
	for (i = 0; i < invoice->line_count; i++) {
		line = &invoice->lines[i];
		if (line->difference.billable <= 0 ||
		    line->activation_charge <= 0)
			continue;
		charge = &invoice->activations[invoice->activation_count++];
		*charge = (struct activation){
			.category = line->category,
			.key = line->key,
			.name = line->name,
			.billable = line->difference.billable,
			.rate = line->activation_charge,
		};
		if (!money_times(charge->rate, charge->billable, &charge->total))
			return line_overflow(a, line);
	}
	return NULL;
}

/* old: NULL if the invoice is new. */
static struct problem *
annotate_invoice(struct arena *a, const struct invoice *old,
    const struct invoice *new, const struct proration *proration,
    struct invoice *out)
{
	size_t n = new->line_count + (old == NULL ? 0 : old->line_count), i;
	const struct line *before;
	struct problem *p;
	struct line *line;

	*out = *new;
	out->lines = arena_alloc(a, n * sizeof(*out->lines));
	if (new->line_count > 0) /* else lines may be NULL */
		memcpy(out->lines, new->lines,
		    new->line_count * sizeof(*out->lines));
	for (i = 0; i < new->line_count; i++) {
		line = &out->lines[i];
		before = old == NULL ? NULL : find_line(old, line);
		if (before == NULL)
			create_line(line);
		else if ((p = compare_lines(a, before, line)) != NULL)
			return p;
		if ((p = prorate_new_line(a, proration, old, line)) != NULL)
			return p;
	}
	for (i = 0; old != NULL && i < old->line_count; i++) {
		if (find_line(new, &old->lines[i]) != NULL)
			continue;
		line = &out->lines[out->line_count++];
		*line = old->lines[i];
		remove_line(a, line);
		p = prorate_old_line(a, proration, &old->lines[i], new, line);
		if (p != NULL)
			return p;
	}
	qsort(out->lines, out->line_count, sizeof(*out->lines),
	    by_category_key_item);
	return activate(a, out);
}

static struct problem *
remove_invoice(struct arena *a, const struct invoice *old,
    const struct proration *proration, struct invoice *out)
{
	struct problem *p;
	size_t i;

	*out = *old;
	out->lines = arena_alloc(a, old->line_count * sizeof(*out->lines));
	for (i = 0; i < old->line_count; i++) {
		out->lines[i] = old->lines[i];
		remove_line(a, &out->lines[i]);
		p = prorate_old_line(a, proration, &old->lines[i], NULL,
		    &out->lines[i]);
		if (p != NULL)
			return p;
	}
	return NULL;
}

static const struct invoice *
find_invoice(const struct invoices *in, const struct bookkeeper *bookkeeper)
{
	size_t i;

	for (i = 0; i < in->count; i++)
		if (bookkeeper_compare(&in->invoices[i].bookkeeper,
		    bookkeeper) == 0)
			return &in->invoices[i];
	return NULL;
}

static int
by_bookkeeper(const void *x, const void *y)
{
	const struct invoice *a = x, *b = y;

	return bookkeeper_compare(&a->bookkeeper, &b->bookkeeper);
}

struct problem *
invoices_annotate(struct arena *a, const struct invoices *current,
    const struct invoices *proposed, const struct proration *proration,
    struct invoices *out)
{
	const struct invoice *new, *old;
	struct problem *p;
	size_t i;

	memset(out, 0, sizeof(*out));
	out->merged = proposed->merged;
	out->recurring_before = current->recurring;
	out->prorates = proration->billed;
	out->invoices = arena_alloc(a,
	    (current->count + proposed->count) * sizeof(*out->invoices));
	for (i = 0; i < proposed->count; i++) {
		new = &proposed->invoices[i];
		p = annotate_invoice(a, find_invoice(current, &new->bookkeeper),
		    new, proration, &out->invoices[out->count++]);
		if (p != NULL)
			return p;
	}
	for (i = 0; i < current->count; i++) {
		old = &current->invoices[i];
		if (find_invoice(proposed, &old->bookkeeper) != NULL)
			continue;
		p = remove_invoice(a, old, proration,
		    &out->invoices[out->count++]);
		if (p != NULL)
			return p;
	}
	for (i = 0; i < out->count; i++)
		out->invoices[i].prorates = proration->billed &&
		    invoice_has_changes(&out->invoices[i]);
	qsort(out->invoices, out->count, sizeof(*out->invoices), by_bookkeeper);
	return sum_invoices(a, out);
}

/* ---- queries ---- */

bool
invoice_has_changes(const struct invoice *invoice)
{
	size_t i;

	for (i = 0; i < invoice->line_count; i++)
		if (invoice->lines[i].change != LINE_SAME)
			return true;
	return false;
}

bool
invoices_have_changes(const struct invoices *invoices)
{
	size_t i;

	for (i = 0; i < invoices->count; i++)
		if (invoice_has_changes(&invoices->invoices[i]))
			return true;
	return false;
}

static bool
adds_quantity(const struct line *line)
{
	return line->difference.quantity > 0;
}

static bool
adds_billable(const struct line *line)
{
	return line->difference.billable > 0;
}

static bool
any_line(const struct invoices *invoices, bool (*is)(const struct line *))
{
	size_t i, j;

	for (i = 0; i < invoices->count; i++)
		for (j = 0; j < invoices->invoices[i].line_count; j++)
			if (is(&invoices->invoices[i].lines[j]))
				return true;
	return false;
}

bool
invoices_have_additions(const struct invoices *invoices)
{
	return any_line(invoices, adds_quantity);
}

bool
invoices_have_billable_additions(const struct invoices *invoices)
{
	return any_line(invoices, adds_billable);
}

bool
invoices_cost_more(const struct invoices *annotated)
{
	return annotated->today > 0 || annotated->prorated > 0 ||
	    annotated->recurring > annotated->recurring_before;
}
