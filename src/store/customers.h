/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The accounts that a seller sells to, each with its row of figures
 * (rules/customers). */
#ifndef REEVE_STORE_CUSTOMERS_H
#define REEVE_STORE_CUSTOMERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/money.h"
#include "store/db.h"

/* One account. */
struct customer {
	const char *id;
	const char *name;
	const char *realm; /* NULL: none */
	int64_t created;   /* Gregorian seconds */
	bool enabled;
	bool is_reseller;
	const char *standing;
	const char *payer_id;
	money_t balance;
	money_t held;
	money_t available;
	bool has_recurring;  /* what it pays a month is known */
	money_t recurring;
	money_t used;        /* charged for usage in the query's month */
	bool has_changed;    /* how recurring changed in it is known */
	money_t changed;
	const char *months;  /* "YYYYMM=AMOUNT,...", by month; NULL: nothing was
	                        charged, or they are not wanted */
	const char *payer_name;
	const char *seller_id;
	const char *seller_name;
	const char *reason; /* of the standing; NULL: none */
};

struct customers {
	size_t count;
	struct customer *customers;
};

/* The conditions of a list. */
struct customer_match {
	const char *like;     /* part of a name or realm; NULL: any */
	const char *number;   /* or how one of its numbers begins; NULL: none */
	const char *standing; /* NULL: any */
	bool by_reseller;     /* only those that are, or are not: */
	bool is_reseller;
};

struct customer_query {
	const char *seller_id;
	struct customer_match match;
	const char *sort;  /* a name that customer_list knows */
	bool descending;
	const char *month; /* YYYYMM: the present one */
	const char *since; /* YYYYMM: the first of the months; NULL: none */
	const char *at;    /* the account that the page begins with; "": any */
	int64_t offset;
	int64_t limit;
};

/* Problems: BAD_IDENTIFIER (start_key): the seller has no such customer. */
struct problem *store_customer_list(struct db *db, struct arena *a,
    const struct customer_query *query, struct customers *out) MUSTCHECK;

/* Sums over all that match; of what is known. */
struct customer_totals {
	int64_t matches;
	money_t balance;
	money_t held;
	money_t available;
	money_t recurring;
	money_t used;
	money_t changed;
};

struct problem *store_customer_totals(struct db *db, struct arena *a,
    const struct customer_query *query, struct customer_totals *out) MUSTCHECK;

/* Any one account; month and since as in a query. *out is NULL
 * when there is no such account. */
struct problem *store_customer_show(struct db *db, struct arena *a,
    const char *account_id, const char *month, const char *since,
    struct customer **out) MUSTCHECK;

#endif
