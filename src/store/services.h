/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The services of an account: assigned plans, overrides and quantities. */
#ifndef REEVE_STORE_SERVICES_H
#define REEVE_STORE_SERVICES_H

#include <stdbool.h>
#include <stdint.h>

#include "billing/invoice.h"
#include "store/db.h"

#define STANDING_GOOD "good_standing"
#define STANDING_DELINQUENT "delinquent"

/* The services of one account. Trees and tables are lent by the arena of the
 * load. */
struct service {
	const char *account_id;
	const char *account_name;
	const char *reseller_id;
	bool is_reseller;
	bool is_master;
	bool is_enabled; /* the account */
	bool has_webhooks; /* it or an ancestor; false where nothing is locked */
	const char *billing_id; /* the payer */
	const char *standing;
	const char *reason;      /* of the standing; NULL: none */
	bool has_reason_code;
	int64_t reason_code;
	int64_t version;         /* counts changes */
	struct json_object *document; /* other public fields */
	struct json_object *overrides; /* account-wide; {} when there are none */
	struct assigned_plans plans;
	struct quantity_table quantities[QUANTITY_SCOPE__MAX];
};

enum service_lock {
	SERVICE_LOOK,
	SERVICE_LOCK,     /* until the transaction ends */
	SERVICE_LOCK_PATH /* with those of all ancestors, from the top down */
};

/* Loads services as of one moment. Problems: BAD_IDENTIFIER (account). */
struct problem *store_service_load(struct db *db, struct arena *a,
    const char *account_id, enum service_lock lock, struct service *out)
    MUSTCHECK;

/* A copy whose trees and tables may be changed. */
void service_copy(struct arena *a, const struct service *from,
    struct service *to);

/* True if service_save would write nothing. */
bool service_equal(const struct service *a, const struct service *b);

/*
 * Writes what differs between before, as loaded under a lock, and after.
 * Problems: CONFLICT (a plan was deleted meanwhile).
 */
struct problem *store_service_save(struct db *db, struct arena *a,
    const struct service *before, const struct service *after, int64_t now)
    MUSTCHECK;

/* Recounts the account and cascade tables from their sources. */
struct problem *store_service_count(struct db *db, struct arena *a,
    struct service *service) MUSTCHECK;

struct account_ids {
	size_t count;
	const char **ids;
};

/* The ancestors of an account, the master account first. */
struct problem *store_service_ancestors(struct db *db, struct arena *a,
    const char *account_id, struct account_ids *out) MUSTCHECK;

/* Accounts that follow a plan's newest version and do not pay by it yet. */
struct follower_query {
	const char *vendor_id;
	const char *plan_id;
	const char *after; /* the id after which to go on; "": the first */
	int64_t limit;
};

/* By id. */
struct problem *store_service_followers(struct db *db, struct arena *a,
    const struct follower_query *query, struct account_ids *out) MUSTCHECK;

/* Accounts at or below one, and of its seller, that are assigned plans of
 * others than their seller; by id. */
struct problem *store_service_former(struct db *db, struct arena *a,
    const char *account_id, struct account_ids *out) MUSTCHECK;

/* ---- import ---- */

/*
 * Cascades of an import: that of an account is what its imported services
 * document states, or, where no document states it, the sum over its descendants
 * (doc/rules/counting 15). So the quantities of a document are added once to each
 * cascade of an ancestor that is not stated.
 */
enum services_sum {
	SERVICES_STATE_CASCADE, /* the document has a cascade */
	SERVICES_STATE_NONE,    /* it has none */
	SERVICES_ADD_TO_ALL     /* its ancestors were stated before the account was
	                           there: its quantities are added to each of them,
	                           and its own cascade is not taken */
};

struct services {
	const char *account_id;
	const char *billing_id;
	const char *standing;
	const char *reason;     /* of the standing; NULL: none */
	bool has_reason_code;
	int64_t reason_code;
	const char *overrides;  /* canonical JSON */
	const char *document;   /* canonical JSON of everything else */
	const char *plans;      /* JSON, as service_import takes it */
	const struct quantity_table *quantities; /* QUANTITY_SCOPE__MAX of them */
	int64_t adds_up;        /* enum services_sum */
	int64_t modified;       /* Gregorian seconds */
};

/* Writes the services of an account, unless it has some. */
struct problem *store_services_import(struct db *db, struct arena *a,
    const struct services *services, bool *written) MUSTCHECK;

/* Writes them over those that the account has, except own and cascade
 * quantities. The caller holds the lock of the services. Problems:
 * BAD_IDENTIFIER (account). */
struct problem *store_services_replace(struct db *db, struct arena *a,
    const struct services *services) MUSTCHECK;

#endif
