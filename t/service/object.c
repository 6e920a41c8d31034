/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/object.h"

#include "proposal.h"

#include "service/recount.h"

TestSuite(object, .init = begin_priced, .fini = stack_end);

/* Objects that change together: noun, id, and new document with ' for "; NULL:
 * deleted. */
struct wanted {
	const char *noun, *id, *document;
};

struct want_list {
	const char *account_id;
	size_t count;
	const struct wanted *wanted;
	bool forgives;
};

static struct problem *
prepare(struct object_batch *batch, struct db *in, struct arena *arena)
{
	const struct want_list *list = batch->state;
	struct object_change change;
	struct object *known;
	struct problem *p = NULL;
	size_t i;

	for (i = 0; i < list->count && p == NULL; i++) {
		change = (struct object_change){
			.kind = kind_of_noun(list->wanted[i].noun),
			.id = list->wanted[i].id,
			.place = arena_printf(arena, "%zu", i),
		};
		WELL(store_object_show(in, arena, list->account_id, change.kind,
		    change.id, &known));
		if (known != NULL)
			change.before = known->document;
		if (list->wanted[i].document != NULL)
			change.document = quoted(arena,
			    list->wanted[i].document);
		p = object_batch_add(batch, arena, &change);
	}
	return p;
}

static struct problem *
commit_batch_in(struct db *in, struct arena *arena, void *state)
{
	const struct want_list *list = state;
	const struct actor actor = stack_actor();
	struct object_batch batch = {
		.account_id = list->account_id,
		.rule = CHANGE_UNASKED,
		.forgives = list->forgives,
		.prepare = prepare,
		.state = state,
	};

	return object_batch_commit(in, arena, &actor, &batch);
}

static struct problem *
change_objects(struct want_list *list)
{
	return db_transaction(db, a, commit_batch_in, list);
}

static const char *
fresh(void)
{
	char *id = arena_alloc(a, ID_SIZE);

	id_new(id);
	return id;
}

static int64_t
counted(const char *account_id, const char *category, const char *item)
{
	const struct quantity_wanted of = { QUANTITY_ACCOUNT, category, item,
		0 };

	return quantity_now(account_id, &of);
}

#define USER "{'first_name':'A','last_name':'B'}"
#define ADMIN "{'first_name':'A','last_name':'B','priv_level':'admin'}"

Test(object, a_batch_is_committed_as_a_whole)
{
	const char *account = stack_account(NULL, "{}");
	const struct wanted good[] = {
		{ "devices", fresh(), "{'name':'D'}" },
		{ "vmboxes", fresh(), "{'name':'V','mailbox':'100'}" },
	};
	const struct wanted bad[] = {
		{ "devices", fresh(), "{'name':'E'}" },
		{ "vmboxes", fresh(), "{'name':'W','mailbox':'100'}" },
	};
	struct want_list list = { account, NELEM(good), good, false };
	struct problem *p;

	WELL(change_objects(&list));
	cr_expect_eq(counted(account, "devices", "sip_device"), 1);
	cr_expect_eq(counted(account, "voicemails", "mailbox"), 1);
	cr_expect(entries_of(account) > 0);
	list.wanted = bad;
	p = change_objects(&list);
	cr_expect(problem_concerns(p, PROBLEM_VALIDATION, "1.mailbox"));
	cr_expect_eq(counted(account, "devices", "sip_device"), 1);
}

Test(object, objects_that_count_users_are_counted_with_them)
{
	const char *account = stack_account(NULL, "{}"), *admin = fresh();
	const struct wanted steps[] = {
		{ "apps_store", "apps_store", "{'apps':{'voip':{"
		  "'allowed_users':'admins','name':'voip'}}}" },
		{ "users", admin, ADMIN },
		{ "users", fresh(), USER },
		{ "users", fresh(), ADMIN },
		{ "users", admin, USER },
		{ "users", admin, NULL },
	};
	static const struct { int64_t users, admins, app; } then[] = {
		{ 0, 0, 0 }, { 0, 1, 1 }, { 1, 1, 1 }, { 1, 2, 2 }, { 2, 1, 1 },
		{ 1, 1, 1 },
	};
	struct want_list list = { account, 1, NULL, false };
	size_t i;

	for (i = 0; i < NELEM(steps); i++) {
		list.wanted = &steps[i];
		WELL(change_objects(&list));
		cr_expect_eq(counted(account, "users", "user"), then[i].users,
		    "step %zu", i);
		cr_expect_eq(counted(account, "users", "admin"),
		    then[i].admins, "step %zu", i);
		cr_expect_eq(counted(account, "user_apps", "voip"),
		    then[i].app, "step %zu", i);
	}
}

Test(object, a_document_is_checked_against_its_schema)
{
	const char *account = stack_account(NULL, "{}");
	const struct wanted rows[] = {
		{ "users", fresh(), "{'first_name':'A'}" },
		{ "users", fresh(), "{'first_name':'A','last_name':'B',"
		  "'password':'secret-1'}" },
		{ "devices", fresh(), "{'name':5}" },
	};
	static const char *const fields[] = { "0.last_name", "0.username",
		"0.name" };
	struct want_list list = { account, 1, NULL, false };
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		list.wanted = &rows[i];
		cr_expect(problem_concerns(change_objects(&list),
		    PROBLEM_VALIDATION, fields[i]), "row %zu", i);
	}
}

/* An object imported without a name. */
Test(object, members_missing_before_may_stay_missing)
{
	const char *account = stack_account(NULL, "{}"), *id = fresh();
	const struct object old = {
		.kind = kind_of_noun("vmboxes"),
		.id = id,
		.created = now,
		.modified = now,
		.document = quoted(a, "{'name':'V'}"),
	};
	const struct wanted change = { "vmboxes", id,
		"{'name':'V','timezone':'Europe/Paris'}" };
	struct want_list list = { account, 1, &change, false };
	bool written;

	WELL(object_take_over(db, a, &config, account, &old, &written));
	cr_expect(problem_concerns(change_objects(&list), PROBLEM_VALIDATION,
	    "0.mailbox"));
	list.forgives = true;
	WELL(change_objects(&list));
}

/* ---- recount ---- */

struct recounting {
	const char *account_id;
	bool dry;
	struct recount counted;
};

static struct problem *
recount_in(struct db *in, struct arena *arena, void *state)
{
	struct recounting *r = state;
	const struct actor actor = stack_actor();

	return recount_account(in, arena, &actor, r->account_id, r->dry,
	    &r->counted);
}

Test(object, recounted)
{
	const char *account = stack_account(NULL, "{}");
	const struct wanted device = { "devices", fresh(), "{'name':'D'}" };
	struct want_list list = { account, 1, &device, false };
	struct quantity_wanted drift = { QUANTITY_ACCOUNT, "devices",
		"sip_device", 7 };
	const struct actor actor = stack_actor();
	struct change change = change_by(&actor, CHANGE_UNASKED, account);
	struct recounting r = { .account_id = account, .dry = true };
	int64_t entries;

	WELL(change_objects(&list));
	change.cascades = true;
	change.propose = propose_quantity;
	change.state = &drift;
	WELL(commit(&change));
	entries = entries_of(account);
	WELL(db_transaction(db, a, recount_in, &r));
	cr_expect_eq(quantity_now(account, &drift), 7, "nothing is written");
	quantity_table_get(&r.counted.after.quantities[QUANTITY_ACCOUNT],
	    "devices", "sip_device", &drift.quantity);
	cr_expect_eq(drift.quantity, 1);
	r.dry = false;
	WELL(db_transaction(db, a, recount_in, &r));
	cr_expect_eq(quantity_now(account, &drift), 1);
	cr_expect(entries_of(account) > entries);
	entries = entries_of(account);
	WELL(db_transaction(db, a, recount_in, &r));
	cr_expect_eq(entries_of(account), entries, "there was nothing to tell");
}
