/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/rehearsal_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define FIRST_ROOM 256

/* Its parent's id is added for people. */
static const char no_parent[] = "an account whose parent is not in the dump";

void
rehearsal_tree_add(struct rehearsal_tree *tree, const char *id,
    const char *parent_id, bool is_reseller)
{
	struct rehearsal_account *account;

	if (tree->count == tree->room) {
		tree->room = tree->room == 0 ? FIRST_ROOM : tree->room * 2;
		tree->accounts = realloc(tree->accounts,
		    tree->room * sizeof(*tree->accounts));
		if (tree->accounts == NULL)
			memory_exhausted(tree->room * sizeof(*account));
	}
	account = &tree->accounts[tree->count];
	*account = (struct rehearsal_account){
		.is_reseller = is_reseller,
		.arrival = tree->count,
	};
	snprintf(account->id, sizeof(account->id), "%s", id);
	snprintf(account->parent_id, sizeof(account->parent_id), "%s",
	    parent_id == NULL ? "" : parent_id);
	tree->count++;
}

static int
by_id(const void *x, const void *y)
{
	const struct rehearsal_account *a = x, *b = y;
	int order = strcmp(a->id, b->id);

	return order != 0 ? order : a->arrival < b->arrival ? -1 :
	    a->arrival > b->arrival;
}

static void
drop_repeated(struct rehearsal_tree *tree)
{
	size_t from, to = 0;

	for (from = 0; from < tree->count; from++)
		if (to == 0 || strcmp(tree->accounts[from].id,
		    tree->accounts[to - 1].id) != 0)
			tree->accounts[to++] = tree->accounts[from];
	tree->count = to;
}

/* A walk upwards that catches up with one at half its pace never ends. */
static bool
is_in_circle(const struct rehearsal_account *account)
{
	const struct rehearsal_account *slow = account;
	bool turn = false;

	for (account = account->parent; account != NULL;
	    account = account->parent, turn = !turn) {
		if (account == slow)
			return true;
		if (turn)
			slow = slow->parent;
	}
	return false;
}

void
rehearsal_tree_settle(struct rehearsal_tree *tree)
{
	struct rehearsal_account *account;
	bool has_master = false;
	size_t i;

	if (tree->count > 0)
		qsort(tree->accounts, tree->count, sizeof(*tree->accounts),
		    by_id);
	drop_repeated(tree);
	for (i = 0; i < tree->count; i++) {
		account = &tree->accounts[i];
		account->parent = rehearsal_tree_find(tree, account->parent_id);
		if (account->parent_id[0] != '\0') {
			if (account->parent == NULL)
				account->trouble = no_parent;
			continue;
		}
		if (has_master)
			account->trouble = "a second account without parents";
		has_master = true;
	}
	for (i = 0; i < tree->count; i++)
		if (is_in_circle(&tree->accounts[i]))
			tree->accounts[i].trouble =
			    "an account that is its own ancestor";
	for (i = 0; i < tree->count; i++)
		if (tree->accounts[i].trouble != NULL)
			tree->accounts[i].parent = NULL;
}

void
rehearsal_tree_leave_out(struct rehearsal_tree *tree, const char *id,
    const char *reason)
{
	struct rehearsal_account *account =
	    (struct rehearsal_account *)rehearsal_tree_find(tree, id);

	if (account != NULL && account->trouble == NULL)
		account->trouble = reason;
}

const char *
rehearsal_tree_reason(struct arena *a, const struct rehearsal_account *account)
{
	return account->trouble != no_parent ? account->trouble :
	    arena_printf(a, "%s (%s)", no_parent, account->parent_id);
}

void
rehearsal_tree_prune(struct rehearsal_tree *tree)
{
	const struct rehearsal_account *above;
	struct rehearsal_account *account;
	size_t i;

	for (i = 0; i < tree->count; i++) {
		account = &tree->accounts[i];
		for (above = account->parent; above != NULL &&
		    account->trouble == NULL; above = above->parent)
			if (above->trouble != NULL)
				account->trouble =
				    "an account whose parent is left out";
	}
}

const struct rehearsal_account *
rehearsal_tree_find(const struct rehearsal_tree *tree, const char *id)
{
	size_t low = 0, high = tree->count, middle;
	int order;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(tree->accounts[middle].id, id);
		if (order == 0)
			return &tree->accounts[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const char *
rehearsal_tree_reseller(const struct rehearsal_account *account)
{
	const struct rehearsal_account *above = account->parent;

	if (account->parent_id[0] == '\0')
		return account->id;
	/* The account without a parent is the master account, a reseller. */
	while (above != NULL && !above->is_reseller &&
	    above->parent_id[0] != '\0')
		above = above->parent;
	return above == NULL ? account->parent_id : above->id;
}

void
rehearsal_tree_free(struct rehearsal_tree *tree)
{
	free(tree->accounts);
	tree->accounts = NULL;
	tree->count = tree->room = 0;
}
