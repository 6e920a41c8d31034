/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes of one quantity, and their results. */
#ifndef REEVE_T_SERVICE_PROPOSAL_H
#define REEVE_T_SERVICE_PROPOSAL_H

#include "stack.h"

#include "billing/quantity_table.h"
#include "service/posting.h"
#include "store/audit.h"

struct quantity_wanted {
	enum quantity_scope scope;
	const char *category;
	const char *item;
	int64_t quantity;
};

/* Sets the configuration of tests that compare figures. */
static inline void
begin_priced(void)
{
	stack_begin();
	config.require_balance = 0;
	config.prompt_service_changes = 1;
	config.prorate = 0;
}

static inline struct problem *
propose_quantity(struct db *own_db, struct arena *arena,
    const struct service *current, struct service *proposed, void *state)
{
	const struct quantity_wanted *wanted = state;

	(void)own_db;
	(void)current;
	quantity_table_set(arena, &proposed->quantities[wanted->scope],
	    wanted->category, wanted->item, wanted->quantity);
	return NULL;
}

static inline struct problem *
commit_in(struct db *in, struct arena *arena, void *state)
{
	struct service done;

	return change_commit(in, arena, state, &done);
}

static inline struct problem *
commit(struct change *change)
{
	return db_transaction(db, a, commit_in, change);
}

static inline int64_t
quantity_now(const char *account_id, const struct quantity_wanted *of)
{
	struct service service;
	int64_t number;

	WELL(store_service_load(db, a, account_id, SERVICE_LOOK, &service));
	quantity_table_get(&service.quantities[of->scope], of->category,
	    of->item, &number);
	return number;
}

/* The number of entries in an account's trail. */
static inline int64_t
entries_of(const char *account_id)
{
	struct audit_list list;

	WELL(store_audit_scan(db, a, account_id, 0, 1000, &list));
	return (int64_t)list.count;
}

static inline struct problem *
propose_standing(struct db *own_db, struct arena *arena,
    const struct service *current, struct service *proposed, void *state)
{
	(void)own_db;
	(void)arena;
	(void)current;
	proposed->standing = state;
	return NULL;
}

static inline void
set_standing(const char *account_id, const char *standing)
{
	const struct actor actor = stack_actor();
	struct change change = change_by(&actor, CHANGE_UNASKED, account_id);

	change.propose = propose_standing;
	change.state = arena_strdup(a, standing);
	WELL(commit(&change));
}

static inline struct problem *
post_in(struct db *in, struct arena *arena, void *state)
{
	return posting_write(in, arena, state, now);
}

/* Adds a credit to an account. */
static inline void
credit(const char *account_id, money_t amount)
{
	char source_id[ID_SIZE];
	const struct ledger_note note = { .trigger = "test" };
	const struct ledger own = {
		.account_id = account_id,
		.service = "payments",
		.source_id = source_id,
		.amount = amount,
		.period_start = now,
		.created = now,
	};
	struct posting posting;

	id_new(source_id);
	posting_begin(a, &own, &note, &posting);
	WELL(db_transaction(db, a, post_in, &posting));
}

#endif
