/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the objects of an account, and the account itself, add to its own
 * quantities.
 */
#ifndef REEVE_SERVICE_OBJECT_COUNT_H
#define REEVE_SERVICE_OBJECT_COUNT_H

#include "base/config.h"
#include "base/json.h"
#include "billing/counting.h"
#include "store/objects.h"
#include "store/services.h"

/* One thing done to an object, inside a change of services. */
struct object_change {
	const struct kind *kind;
	const char *id;
	struct json_object *before;   /* NULL: it is new, of an id not known yet */
	struct json_object *document; /* from now on; NULL: it goes */
	const char *place;    /* in a list: in front of fields named in problems */
	const char *password; /* of a user, from now on; NULL: as it was */
};

/* The configured classes of phone numbers; they stay for ever. Problems: FAULT
 * (they cannot be read). */
struct problem *object_classes(const struct config *config, struct arena *a,
    const struct number_classes **out) MUSTCHECK;

/*
 * Takes what changes count as into a proposal's account table: what the
 * objects were goes, what they are comes; and what counts the account's users
 * is counted again, which may add one more change after the last (changes has
 * room for it).
 */
struct problem *objects_count(struct db *db, struct arena *a,
    const struct number_classes *classes, struct object_change *changes,
    size_t *count, struct service *proposed) MUSTCHECK;

/* What a count needs to know of an account's own quantities. Problems:
 * VALIDATION (overflow). */
struct problem *objects_counting(struct arena *a,
    const struct number_classes *classes, const struct service *service,
    struct counting *out) MUSTCHECK;

/* What an object adds: JSON [{category, item, quantity}, ...]; the arena's.
 * Problems: VALIDATION (overflow). */
struct problem *object_sources(struct arena *a, const struct counted *what,
    const struct counting *with, const char **out) MUSTCHECK;

/* Writes {category, item, quantity} for each quantity of a table, with the source
 * unless that is NULL. */
void sources_write(struct json_writer *w, const char *source,
    const struct quantity_table *table);

/* ---- the account itself ---- */

/* The source of what the account itself counts as. */
#define SOURCE_ACCOUNT "account"

/* As a document that is counted by rules of its own. */
struct counted account_counted(struct arena *a, bool enabled);

/* Takes into a proposal's account table that the account itself counts.
 * Problems: VALIDATION (overflow). */
struct problem *account_count(struct arena *a, struct service *proposed,
    bool did, bool does) MUSTCHECK;

/* Notes that the account itself counts, or not. */
struct problem *account_count_save(struct db *db, struct arena *a,
    const char *account_id, bool does) MUSTCHECK;

/* Notes that an account that was taken over counts: of what its services,
 * before or after it, are said to have. */
struct problem *account_import_count(struct db *db, struct arena *a,
    const char *account_id) MUSTCHECK;

#endif
