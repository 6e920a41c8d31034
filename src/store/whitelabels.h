/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whitelabels that are in use: whose pages somebody sees. */
#ifndef REEVE_STORE_WHITELABELS_H
#define REEVE_STORE_WHITELABELS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/* One of domain and account_id is NULL. */
struct whitelabel_search {
	const char *domain;     /* in any form */
	const char *account_id; /* the nearest of it and its ancestors */
	const char *reserved;   /* the domain, in any form, of which only the
	                           master account's is in use; "": none */
	int64_t now;            /* Gregorian seconds */
};

struct whitelabel {
	const char *account_id;
	const char *domain; /* in lower case */
	struct json_object *document;
	bool has_logo;
	bool has_icon;
};

/* *out is NULL when there is none in use. */
struct problem *store_whitelabel_find(struct db *db, struct arena *a,
    const struct whitelabel_search *search, struct whitelabel **out) MUSTCHECK;

#endif
