/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/invoice_document.h"

#include "quoted_table.h"

/* An invoice of one plan and one table of quantities. */
static struct billed_state
state_of(struct arena *a, const char *plan, const char *account)
{
	struct billed_state state = {
		.bookkeeper = { "default_bookkeeper", "default", "r" },
	};

	if (plan != NULL) {
		state.assigned.count = 1;
		state.assigned.plans = arena_alloc(a,
		    sizeof(*state.assigned.plans));
		state.assigned.plans[0] = (struct assigned_plan){
			.id = "p", .vendor_id = "r",
			.document = quoted(a, plan),
		};
	}
	state.quantities.tables[QUANTITY_ACCOUNT] = quoted_table(a, account);
	return state;
}

static struct invoices
compare(struct arena *a, struct billed_state before, struct billed_state after)
{
	static const struct proration never;
	struct invoices old, new, out;

	cr_assert_null(invoices_price(a, &before, false, &old));
	cr_assert_null(invoices_price(a, &after, false, &new));
	cr_assert_null(invoices_annotate(a, &old, &new, &never, &out));
	return out;
}

static const char plan[] = "{'plan':{'d':{'s':{'rate':2,'activation_charge':3,"
    "'discounts':{'single':{'rate':0.5}}}}}}";

static void
assert_changes(struct arena *a, const struct invoices *invoices,
    const char *wanted)
{
	struct json_object *json = json_own(a,
	    line_json(&invoices->invoices[0].lines[0]));

	assert_json(a, wanted, json_at(json, "changes"), "changes");
}

Test(invoice, an_increase_is_a_modification_with_its_activation)
{
	struct arena *a = arena_new(16384);
	struct invoices out = compare(a, state_of(a, plan, "{'d':{'s':1}}"),
	    state_of(a, plan, "{'d':{'s':3}}"));

	assert_changes(a, &out,
	    "{'type':'modified','difference':{'quantity':2,'billable':2}}");
	cr_assert_eq(out.today, 6 * MONEY_ONE);
	cr_assert_eq(out.recurring, 5500000);
	cr_assert_eq(out.recurring_before, 1500000);
	cr_assert(invoices_cost_more(&out));
	cr_assert(invoices_have_changes(&out));
	cr_assert(invoices_have_additions(&out));
	cr_assert(invoices_have_billable_additions(&out));
	arena_free(&a);
}

Test(invoice, nothing_changes)
{
	struct arena *a = arena_new(16384);
	struct invoices out = compare(a, state_of(a, plan, "{'d':{'s':1}}"),
	    state_of(a, plan, "{'d':{'s':1}}"));

	cr_assert_not(invoices_have_changes(&out));
	cr_assert_not(invoices_cost_more(&out));
	cr_assert_eq(out.today, 0);
	cr_assert_eq(out.invoices[0].activation_count, 0);
	arena_free(&a);
}

Test(invoice, a_removed_line_costs_nothing)
{
	struct arena *a = arena_new(16384);
	struct invoices out = compare(a, state_of(a, plan, "{'d':{'s':2}}"),
	    state_of(a, NULL, "{'d':{'s':2}}"));

	cr_assert_eq(out.count, 1);
	assert_changes(a, &out,
	    "{'type':'removed','difference':{'billable':-2}}");
	cr_assert_eq(out.recurring, 0);
	cr_assert_eq(out.today, 0);
	arena_free(&a);
}

Test(invoice, a_new_line_is_created_and_activated)
{
	struct arena *a = arena_new(16384);
	struct invoices out = compare(a, state_of(a, NULL, "{'d':{'s':2}}"),
	    state_of(a, plan, "{'d':{'s':2}}"));

	assert_changes(a, &out,
	    "{'type':'created','difference':{'billable':2}}");
	cr_assert_eq(out.today, 6 * MONEY_ONE);
	cr_assert_not(invoices_have_additions(&out));
	cr_assert(invoices_have_billable_additions(&out));
	arena_free(&a);
}

Test(invoice, an_invoice_without_lines_is_kept)
{
	struct arena *a = arena_new(16384);
	struct invoices out = compare(a, state_of(a, NULL, "{}"),
	    state_of(a, "{'plan':{},'im':{'sms':{'enabled':true}}}", "{}"));

	cr_assert_eq(out.count, 1);
	cr_assert_eq(out.invoices[0].line_count, 0);
	cr_assert_not(invoices_have_billable_additions(&out));
	arena_free(&a);
}

Test(invoice, a_new_name_on_the_invoice_is_another_line)
{
	struct arena *a = arena_new(16384);
	struct invoices out = compare(a,
	    state_of(a, "{'plan':{'d':{'s':{'rate':2}}}}", "{'d':{'s':2}}"),
	    state_of(a, "{'plan':{'d':{'s':{'rate':2,'as':'x'}}}}",
	    "{'d':{'s':2}}"));

	cr_assert_eq(out.invoices[0].line_count, 2);
	cr_assert_eq(out.invoices[0].lines[0].change, LINE_REMOVED);
	cr_assert_eq(out.invoices[0].lines[1].change, LINE_CREATED);
	arena_free(&a);
}

Test(invoice, an_item_that_is_not_an_object_is_priced_as_all)
{
	struct arena *a = arena_new(16384);
	struct billed_state state = state_of(a,
	    "{'plan':{'d':{'_all':{'rate':1},'s':true},'e':{'t':true}}}",
	    "{'d':{'s':2,'u':3},'e':{'t':9}}");
	struct invoices out;

	cr_assert_null(invoices_price(a, &state, false, &out));
	cr_assert_eq(out.invoices[0].line_count, 3);
	cr_assert_eq(out.invoices[0].lines[0].total, 5 * MONEY_ONE);
	cr_assert_eq(out.invoices[0].lines[1].total, 2 * MONEY_ONE);
	cr_assert_eq(out.invoices[0].lines[2].total, 0);
	arena_free(&a);
}
