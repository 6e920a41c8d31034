/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Counts documents of objects. Saving, quoting and recounting all use this
 * function. A reading end: documents in, tables out. Pure.
 */
#ifndef REEVE_BILLING_COUNTING_H
#define REEVE_BILLING_COUNTING_H

#include <stdbool.h>
#include <stdint.h>

#include "billing/kind.h"
#include "billing/number_class.h"
#include "billing/quantity_table.h"

/* The context of a count, besides the document. */
struct count_context {
	const struct number_classes *classes;
	int64_t users;  /* of the account, of every level */
	int64_t admins;
};

/* A document, and the rules that count it. */
struct counted_object {
	const struct count_rule *rules; /* NULL: none */
	const char *id;
	struct json_object *document; /* NULL or enabled false: counts as
	                                 nothing */
};

/*
 * Adds a document to a table, or subtracts it; sign: 1 or -1. False: a number
 * exceeds 64 bits; the table is unusable.
 */
bool count_object(struct arena *a, const struct counted_object *what,
    const struct count_context *with, int sign, struct quantity_table *table)
    MUSTCHECK;

/* True if an account's store of applications does not show one. */
bool counts_as_blacklisted(struct json_object *store, const char *id);

/* True if the rules depend on the number of users. */
bool counts_users(const struct count_rule *rules);

#endif
