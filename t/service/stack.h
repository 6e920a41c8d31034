/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of use cases, without HTTP and argv, on the database of the stack whose
 * configuration $REEVE_CONF names; without it the program is skipped. Each test
 * has an arena and a connection, and creates its own accounts.
 */
#ifndef REEVE_T_SERVICE_STACK_H
#define REEVE_T_SERVICE_STACK_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/json.h"
#include "base/secret.h"
#include "service/change.h"
#include "store/accounts.h"
#include "store/plans.h"

#include "../unit/quoted.h"

#define SKIPPED 77 /* as make check takes it */

/* State of one test; a test may set members of config. */
static struct arena *a;
static struct db *db;
static struct config config;
static int64_t now; /* Gregorian seconds */

/* Fails the test with the reason unless a call succeeds. */
#define WELL(call) do { \
	const struct problem *p_ = (call); \
	cr_assert(p_ == NULL, "%s: %s %s", #call, p_->text, p_->log); \
} while (0)

/* Fails the test unless a call ends with a problem of a kind. */
#define REFUSED(wanted, call) do { \
	const struct problem *p_ = (call); \
	cr_assert(p_ != NULL, "%s went well", #call); \
	cr_assert(p_->kind == (wanted), "%s: %s %s", #call, p_->text, \
	    p_->log); \
} while (0)

static inline void
stack_begin(void)
{
	const struct config *loaded;
	const char *error = "";

	cr_assert(secret_init());
	a = arena_new(64 * 1024);
	loaded = config_load(a, getenv("REEVE_CONF"), AS_REEVECTL, &error);
	cr_assert(loaded != NULL, "%s", error);
	config = *loaded;
	/* Its user may call what the pool's may, and more. */
	db = db_new(&config);
	db_log_in_as(db, AS_REEVECTL);
	now = gregorian_now();
}

static inline void
stack_end(void)
{
	db_free(&db);
	arena_free(&a);
}

static inline struct actor
stack_actor(void)
{
	return (struct actor){ .config = &config,
		.audit = json_own(a, json_object_new_object()), .now = now };
}

/* Creates an account below another (NULL: the master account); document has '
 * for ". */
static inline const char *
stack_account(const char *parent_id, const char *document)
{
	char id[ID_SIZE];
	struct account account = {
		.id = id,
		.parent_id = parent_id,
		.name = "Made by a test",
		.enabled = true,
		.language = "en-us",
		.created = now,
		.modified = now,
	}, *master;

	if (parent_id == NULL) {
		WELL(store_account_show(db, a, NULL, &master));
		account.parent_id = master->id;
	}
	id_new(id);
	WELL(store_account_create(db, a, &account, json_canonical_text(a,
	    quoted(a, document)), now));
	return arena_strdup(a, id);
}

/* ---- services of an account ---- */

static inline struct problem *
stack_propose_plan(struct db *own_db, struct arena *arena,
    const struct service *current, struct service *proposed, void *state)
{
	struct plan *plan = state;
	struct assigned_plan *assigned = arena_alloc(arena, sizeof(*assigned));

	(void)own_db;
	*assigned = (struct assigned_plan){ .id = plan->id,
		.vendor_id = current->reseller_id, .version = plan->version,
		.document = plan->document };
	proposed->plans = (struct assigned_plans){ 1, assigned };
	return NULL;
}

struct stack_assignment {
	const char *account_id;
	struct plan plan;
};

static inline struct problem *
stack_assign_in(struct db *in, struct arena *arena, void *state)
{
	struct stack_assignment *s = state;
	const struct actor actor = stack_actor();
	struct change change = change_by(&actor, CHANGE_UNASKED,
	    s->account_id);
	struct service service, done;

	WELL(store_service_load(
	    in, arena, s->account_id, SERVICE_LOOK, &service));
	WELL(store_plan_save(in, arena, &(struct plan_revision){
	    service.reseller_id, &s->plan, NULL, true }, now));
	change.propose = stack_propose_plan;
	change.state = &s->plan;
	return change_commit(in, arena, &change, &done);
}

/* Assigns a new plan of its reseller as the account's only plan; ' for ". */
static inline void
stack_assign(const char *account_id, const char *document)
{
	char id[ID_SIZE];
	struct stack_assignment s = { account_id, { .id = id,
		.document = quoted(a, document) } };

	id_new(id);
	WELL(db_transaction(db, a, stack_assign_in, &s));
}

/* ---- the program ---- */

int
main(int argc, char **argv)
{
	struct criterion_test_set *tests;
	int failed;

	if (getenv("REEVE_CONF") == NULL) {
		printf("REEVE_CONF names no stack\n");
		return SKIPPED;
	}
	tests = criterion_initialize();
	failed = criterion_handle_args(argc, argv, true) &&
	    !criterion_run_all_tests(tests);
	criterion_finalize(tests);
	return failed;
}

#endif
