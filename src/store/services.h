/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an account has: its plans, the ones it sells, its quantities. */
#ifndef REEVE_STORE_SERVICES_H
#define REEVE_STORE_SERVICES_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/* Version 1 of a vendor's plan, unless it has one of this id. */
struct problem *plan_import(struct db *db, struct arena *a,
    const char *account_id, const char *id, const char *name,
    const char *document, int64_t created, bool *written) MUSTCHECK;

struct services {
	const char *account_id;
	const char *billing_id;
	const char *standing;
	const char *overrides;  /* canonical JSON */
	const char *document;   /* canonical JSON of everything else */
	const char *plans;      /* JSON, as service_import takes it */
	const char *quantities; /* JSON, as service_import takes it */
	int64_t modified;       /* Gregorian seconds */
};

/* Writes the services of an account, unless it has some. */
struct problem *services_import(struct db *db, struct arena *a,
    const struct services *services, bool *written) MUSTCHECK;

/* {"account":{category:{item:n}},"cascade":{...},"manual":{...}} */
struct problem *quantities_show(struct db *db, struct arena *a,
    const char *account_id, struct json_object **out) MUSTCHECK;

/* {plan_id:{"vendor_id":...,"overrides":{...}}} (domain.md 1.1.1) */
struct problem *assignments_show(struct db *db, struct arena *a,
    const char *account_id, struct json_object **out) MUSTCHECK;

#endif
