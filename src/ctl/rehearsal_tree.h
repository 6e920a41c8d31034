/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The accounts of a dump as a tree. A hundred bytes for each account, in the
 * order of their ids; they may come in any order.
 */
#ifndef REEVE_CTL_REHEARSAL_TREE_H
#define REEVE_CTL_REHEARSAL_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/ids.h"

struct rehearsal_account {
	char id[ID_SIZE];
	char parent_id[ID_SIZE]; /* "": none */
	bool is_reseller;
	const char *trouble; /* the reason why it is left out; NULL: none */
	size_t arrival;
	const struct rehearsal_account *parent; /* NULL: none, or left out */
};

struct rehearsal_tree {
	struct rehearsal_account *accounts;
	size_t count;
	size_t room;
};

/* Adds an account; parent_id may be NULL. Accounts are left out as a second one
 * without a parent, in a circle of parents, because their parent is not there, or
 * is left out. */
void rehearsal_tree_add(struct rehearsal_tree *tree, const char *id,
    const char *parent_id, bool is_reseller);

/* Finds the parents, after all accounts were added. Of equal ids the first one
 * stays. */
void rehearsal_tree_settle(struct rehearsal_tree *tree);

/* Leaves an account out for a reason, a constant; after the tree was settled. */
void rehearsal_tree_leave_out(struct rehearsal_tree *tree, const char *id,
    const char *reason);

/* The reason why an account is left out, for people; the arena's. */
const char *rehearsal_tree_reason(struct arena *a,
    const struct rehearsal_account *account);

/* Leaves out the accounts below those that are left out. May be called again. */
void rehearsal_tree_prune(struct rehearsal_tree *tree);

/* NULL: there is none of this id. */
const struct rehearsal_account *rehearsal_tree_find(
    const struct rehearsal_tree *tree, const char *id);

/* The nearest ancestor that is a reseller; of an account without a parent:
 * itself. */
const char *rehearsal_tree_reseller(const struct rehearsal_account *account);

void rehearsal_tree_free(struct rehearsal_tree *tree);

#endif
