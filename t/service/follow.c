/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/follow.h"

#include "proposal.h"
#include "service/assignment.h"
#include "stack.h"

TestSuite(follow, .init = begin_priced, .fini = stack_end);

#define PLAN(rate) "{'name':'P','plan':{'users':{'user':{'rate':" rate \
	",'minimum':1}}}}"

struct terms {
	const char *plan_id;
	const char *document; /* ' for " */
	bool merges;
};

static struct problem *
propose_terms(struct db *own_db, struct arena *arena,
    const struct service *current, struct service *proposed, void *state)
{
	const struct terms *terms = state;
	const struct assignment assignment = {
		.db = own_db,
		.arena = arena,
		.proposed = proposed,
		.merges = terms->merges,
		.assigned = &current->plans,
	};

	return assignment_add(&assignment, terms->plan_id,
	    quoted(arena, terms->document), "terms");
}

static struct problem *
assign(const char *account_id, struct terms *terms)
{
	const struct actor actor = stack_actor();
	struct change change = change_by(&actor, CHANGE_UNASKED, account_id);

	change.propose = propose_terms;
	change.state = terms;
	return commit(&change);
}

/* Saves a plan of a reseller, new or as its next version; returns its id. */
static const char *
save_plan(const char *reseller_id, const char *id, const char *document)
{
	char new_id[ID_SIZE];
	struct plan plan = { .id = id, .document = quoted(a, document) };

	id_new(new_id);
	if (id == NULL)
		plan.id = arena_strdup(a, new_id);
	WELL(store_plan_save(db, a, &(struct plan_revision){ reseller_id, &plan,
	    NULL, id == NULL }, now));
	return plan.id;
}

static const struct assigned_plan *
plan_of(const char *account_id)
{
	struct service *service = arena_alloc(a, sizeof(*service));

	WELL(store_service_load(db, a, account_id, SERVICE_LOOK, service));
	cr_assert_eq(service->plans.count, 1);
	return &service->plans.plans[0];
}

static const char *
reseller_of(const char *account_id)
{
	struct service service;

	WELL(store_service_load(db, a, account_id, SERVICE_LOOK, &service));
	return service.reseller_id;
}

Test(follow, a_new_version_changes_the_accounts_that_follow_it)
{
	const char *follower = stack_account(NULL, "{}");
	const char *pinned = stack_account(NULL, "{}");
	const char *reseller = reseller_of(follower);
	const char *plan = save_plan(reseller, NULL, PLAN("8"));
	struct json_object *unapplied = json_own(a, json_object_new_object());
	struct terms newest = { plan, "{}", false };
	struct terms first = { plan, "{'version':1}", false };
	const struct actor actor = stack_actor();
	int64_t entries;

	WELL(assign(follower, &newest));
	WELL(assign(pinned, &first));
	entries = entries_of(follower);
	save_plan(reseller, plan, PLAN("9"));
	WELL(follow_everywhere(db, a, &actor, &(struct followed_plan){
	    reseller, plan }, unapplied));
	cr_expect_eq(plan_of(follower)->version, 2);
	cr_expect_eq(plan_of(pinned)->version, 1);
	cr_expect_gt(entries_of(follower), entries, "it is audited");
	cr_expect_eq(json_object_object_length(unapplied), 0);
}

Test(follow, an_account_that_cannot_be_billed_keeps_its_version)
{
	const char *account = stack_account(NULL, "{}");
	const char *reseller = reseller_of(account);
	const char *plan = save_plan(reseller, NULL, PLAN("8"));
	struct quantity_wanted many = { QUANTITY_MANUAL, "users", "user",
		1000000000 };
	struct json_object *unapplied = json_own(a, json_object_new_object());
	struct terms terms = { plan, "{}", false };
	const struct actor actor = stack_actor();
	struct change change = change_by(&actor, CHANGE_UNASKED, account);

	WELL(assign(account, &terms));
	change.propose = propose_quantity;
	change.state = &many;
	WELL(commit(&change));
	save_plan(reseller, plan, PLAN("10000000000"));
	WELL(follow_everywhere(db, a, &actor, &(struct followed_plan){
	    reseller, plan }, unapplied));
	cr_expect_eq(plan_of(account)->version, 1);
	cr_expect(json_object_object_get_ex(unapplied, account, NULL));
}

/* ---- assigning ---- */

Test(follow, terms_replace_or_are_merged)
{
	static const struct {
		bool merges;
		const char *terms, *overrides;
		int64_t pinned;
	} rows[] = {
		{ false, "{}", "{'plan':{'u':{'u':{'rate':1}}}}", 0 },
		{ true, "{}", "{'plan':{'u':{'u':{'rate':1}}}}", 1 },
		{ false, "{'overrides':{'plan':{'u':{'u':{'minimum':2}}}}}",
		  "{'plan':{'u':{'u':{'minimum':2}}}}", 0 },
		{ true, "{'overrides':{'plan':{'u':{'u':{'minimum':2}}}}}",
		  "{'plan':{'u':{'u':{'minimum':2,'rate':1}}}}", 1 },
	};
	const char *account = stack_account(NULL, "{}");
	const char *plan = save_plan(reseller_of(account), NULL, PLAN("8"));
	struct terms terms = { .plan_id = plan };
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		account = stack_account(NULL, "{}");
		terms.merges = false;
		terms.document = "{'version':1,"
		    "'overrides':{'plan':{'u':{'u':{'rate':1}}}}}";
		WELL(assign(account, &terms));
		terms.merges = rows[i].merges;
		terms.document = rows[i].terms;
		WELL(assign(account, &terms));
		assert_json(a, rows[i].overrides, plan_of(account)->overrides,
		    rows[i].terms);
		cr_expect_eq(plan_of(account)->pinned, rows[i].pinned,
		    "row %zu", i);
	}
}

Test(follow, refused_assignments)
{
	static const struct {
		const char *terms, *field;
	} rows[] = {
		{ "{'version':2}", "terms.version" },
		{ "{'version':0}", "terms.version" },
		{ "{'version':'1'}", "terms.version" },
		{ "{'vendor_id':'somebody'}", "terms.vendor_id" },
		{ "{'overrides':[]}", "terms.overrides" },
		{ "{'overrides':{'plan':{'d':{'s':{'step':0}}}}}",
		  "terms.overrides.plan.d.s.step" },
		{ "{'contract':1}", "terms.contract" },
	};
	const char *account = stack_account(NULL, "{}");
	const char *plan = save_plan(reseller_of(account), NULL, PLAN("8"));
	struct terms terms = { .plan_id = plan };
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		terms.document = rows[i].terms;
		p = assign(account, &terms);
		cr_assert(p != NULL && p->kind == PROBLEM_VALIDATION, "%s",
		    rows[i].terms);
		cr_expect_str_eq(p->field, rows[i].field);
	}
	terms = (struct terms){ "nobody-offers-it", "{}", false };
	REFUSED(PROBLEM_BAD_IDENTIFIER, assign(account, &terms));
}
