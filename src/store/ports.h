/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The numbers of port requests, which are held while a request is open, and
 * lists of port requests. The requests themselves are objects (objects.h).
 */
#ifndef REEVE_STORE_PORTS_H
#define REEVE_STORE_PORTS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

struct port_key {
	const char *account_id;
	const char *id; /* of the request */
};

enum port_holds {
	PORT_HOLDS_NONE, /* it is unconfirmed or closed */
	PORT_HOLDS_ALL,
	PORT_HOLDS_OLDEST /* what no older request holds */
};

/*
 * Replaces the numbers of a request: JSON [{number}, ...], in normal form, each
 * once. The request itself has been written, and the caller holds the lock of the
 * account's services. Problems: CONFLICT (number: another request holds one).
 */
struct problem *store_port_number_save(struct db *db, struct arena *a,
    const struct port_key *port, enum port_holds holds, const char *numbers)
    MUSTCHECK;

/* The account that has a number, or whose open port request holds it. */
struct number_holder {
	const char *number;
	const char *account_id;
	const char *port_id; /* of the request; "": it is a phone number */
};

struct number_holders {
	size_t count;
	struct number_holder *holders;
};

/* The holders of numbers: JSON [{number}, ...]. wait: also of those that others
 * take at this moment. */
struct problem *store_number_holder_list(struct db *db, struct arena *a,
    const char *numbers, bool wait, struct number_holders *out) MUSTCHECK;

/* A port request in a list. */
struct port_request {
	const char *account_id;
	const char *account_name;
	const char *id;
	int64_t created;  /* Gregorian seconds */
	int64_t modified; /* Gregorian seconds */
	struct json_object *document;
};

struct port_requests {
	size_t count;
	struct port_request *requests;
};

struct port_query {
	const char *account_id;
	bool below;         /* those of the accounts below it, too */
	const char *states; /* names with commas */
	const char *after;  /* only those behind this account... */
	const char *at;     /* ...and id; "": from the first */
	int64_t limit;
};

/* Requests by account and id. */
struct problem *store_port_request_list(struct db *db, struct arena *a,
    const struct port_query *query, struct port_requests *out) MUSTCHECK;

struct port_search {
	const char *account_id;
	bool below;         /* as above */
	const char *number; /* in normal form */
};

/* Requests with a number, by account and id. */
struct problem *store_port_request_find(struct db *db, struct arena *a,
    const struct port_search *search, struct port_requests *out) MUSTCHECK;

#endif
