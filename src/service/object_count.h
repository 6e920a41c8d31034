/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The contribution of objects, and of the account itself, to the account's own
 * quantities.
 */
#ifndef REEVE_SERVICE_OBJECT_COUNT_H
#define REEVE_SERVICE_OBJECT_COUNT_H

#include "base/config.h"
#include "base/json.h"
#include "billing/counting.h"
#include "store/objects.h"
#include "store/services.h"

/* The change of one object within a change of services. */
struct object_change {
	const struct kind *kind;
	const char *id;
	struct json_object *before;   /* NULL: new, with an unused id */
	struct json_object *document; /* the new document; NULL: deleted */
	int64_t created;      /* Gregorian seconds; 0: not read */
	const char *place;    /* in a list: prefix of fields in problems */
	const char *password; /* of a user; NULL: unchanged */
};

/* The configured classes of phone numbers; valid until the process ends.
 * Problems: FAULT (the list is invalid). */
struct problem *object_classes(const struct config *config, struct arena *a,
    const struct number_classes **out) MUSTCHECK;

/*
 * Counts changes in a proposal's account table: subtracts the old state of the
 * objects and adds the new one. The object that counts the account's users is
 * recounted, which may append one change (changes has room for it).
 */
struct problem *objects_count(struct db *db, struct arena *a,
    const struct number_classes *classes, struct object_change *changes,
    size_t *count, struct service *proposed) MUSTCHECK;

/* Sets the context of a count from an account's own quantities. Problems:
 * VALIDATION (overflow). */
struct problem *objects_counting(struct arena *a,
    const struct number_classes *classes, const struct service *service,
    struct count_context *out) MUSTCHECK;

/* The quantities that an object adds: JSON [{category, item, quantity}, ...];
 * the arena's. Problems: VALIDATION (overflow). */
struct problem *object_sources(struct arena *a,
    const struct counted_object *what, const struct count_context *with,
    const char **out) MUSTCHECK;

/* Writes {category, item, quantity} for each quantity of a table, with the source
 * unless that is NULL. */
void sources_write(struct json_writer *w, const char *source,
    const struct quantity_table *table);

/* ---- the account itself ---- */

/* The source of the account itself. */
#define SOURCE_ACCOUNT "account"

/* The account as a counted document: disabled or not, it counts. */
struct counted_object account_counted(struct arena *a);

/* Counts the account itself in the proposed quantities, unless it does already.
 * Problems: VALIDATION (overflow). */
struct problem *account_count(struct arena *a, struct service *proposed)
    MUSTCHECK;

/* Stores that the account itself counts. */
struct problem *account_count_save(struct db *db, struct arena *a,
    const char *account_id) MUSTCHECK;

/* Stores that an imported account counts. Its services document, imported
 * before or after it, includes that. */
struct problem *account_import_count(struct db *db, struct arena *a,
    const char *account_id) MUSTCHECK;

#endif
