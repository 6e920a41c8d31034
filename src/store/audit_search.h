/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Audit entries about invoices, found by what they say, newest first. */
#ifndef REEVE_STORE_AUDIT_SEARCH_H
#define REEVE_STORE_AUDIT_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "store/audit.h"

/* The place of an entry among those of all accounts. */
struct audit_place {
	int64_t created;
	const char *account_id;
	int64_t sequence;
};

struct audit_search {
	const char *top; /* an account */
	bool below;      /* and all accounts below it that are not deleted */
	const char *service;    /* an item or category; "": any */
	const char *who;        /* a user, an operator of reevectl, or an
	                           account whose API key it was; NULL: anybody */
	const char *request_id; /* NULL: any */
	struct audit_place low;  /* both included */
	struct audit_place high;
	int64_t limit; /* of entries, or places to pass over */
};

struct audit_found {
	struct audit_entry entry;
	const char *account_name;
	const char *lines; /* JSON */
};

struct audit_founds {
	size_t count;
	struct audit_found *rows;
};

/* The newest entries, by place, the newest first. It reads all places in between
 * where a filter refuses them. */
struct problem *store_audit_search_list(struct db *db, struct arena *a,
    const struct audit_search *wanted, struct audit_founds *out) MUSTCHECK;

/* The place of the index behind limit places, the newest first, that the list
 * would read; *out is NULL when there are fewer. */
struct problem *store_audit_search_end(struct db *db, struct arena *a,
    const struct audit_search *wanted, struct audit_place **out) MUSTCHECK;

#endif
