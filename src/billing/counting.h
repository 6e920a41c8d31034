/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What objects count as: the one function that saving, asking and counting
 * anew go by. A reading end: documents in, tables out. Pure.
 */
#ifndef REEVE_BILLING_COUNTING_H
#define REEVE_BILLING_COUNTING_H

#include <stdbool.h>
#include <stdint.h>

#include "billing/kind.h"
#include "billing/number_class.h"
#include "billing/quantity_table.h"

#define NUMBER_FEATURES_MAX 16

/* What a count needs to know besides the document. */
struct counting {
	const struct number_classes *classes;
	int64_t users;  /* of the account, of every level */
	int64_t admins;
};

/* A document, by whose rules it counts. */
struct counted {
	const struct count_rule *rules; /* NULL: none */
	const char *id;
	struct json_object *document; /* NULL, or with enabled false: it counts
	                                 as nothing */
};

/*
 * Adds what a document counts as to a table, with a sign: 1, or -1 to take it
 * away. False: it would be more than 64 bits count; the table is of no use.
 */
bool count_object(struct arena *a, const struct counted *what,
    const struct counting *with, int sign, struct quantity_table *table)
    MUSTCHECK;

/* Does what it counts as depend on how many users there are? */
bool counts_users(const struct count_rule *rules);

/* Those a phone number has, by name. */
struct number_features {
	size_t count;
	const char *names[NUMBER_FEATURES_MAX];
};

void number_features_of(struct json_object *document,
    struct number_features *out);

#endif
