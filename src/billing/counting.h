/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What objects count as: the one function that saving, asking and counting
 * anew go by (domain.md 4.2 to 4.4). Pure.
 */
#ifndef REEVE_BILLING_COUNTING_H
#define REEVE_BILLING_COUNTING_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

#include "billing/kind.h"
#include "billing/number_class.h"

/* What a count needs to know besides the document. */
struct counting {
	const struct number_classes *classes;
	int64_t users;  /* of the account, of every level */
	int64_t admins;
};

/*
 * Adds what a document counts as to a table {category: {item: n}}, with a sign:
 * 1, or -1 to take it away. document NULL, or with enabled false: nothing.
 */
void count_object(const struct count_rule *rules, const char *id,
    struct json_object *document, const struct counting *with, int sign,
    struct json_object *table);

/* Does what it counts as depend on how many users there are? */
bool counts_users(const struct count_rule *rules);

/* n more of an item; what becomes 0 goes. */
void count_item(struct json_object *table, const char *category,
    const char *item, int64_t n);

/* [name, ...] of the features a phone number has (domain.md 4.4); the
 * caller's. */
struct json_object *number_features(struct json_object *document);

#endif
