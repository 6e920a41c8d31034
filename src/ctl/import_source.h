/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document that is being imported, and its writers, one for each kind. */
#ifndef REEVE_CTL_IMPORT_SOURCE_H
#define REEVE_CTL_IMPORT_SOURCE_H

#include "ctl/import_document.h"
#include "ctl/import_quantities.h"
#include "service/account.h"
#include "service/user.h"
#include "store/audit.h"
#include "store/ledgers.h"
#include "store/plans.h"
#include "store/ports.h"
#include "store/services.h"

#define IMPORT_ID_MAX 64

/* A document whose common members have been checked. */
struct import_source {
	const struct importer *importer;
	struct db *db;
	struct arena *arena;
	struct json_object *document;
	const char *id;
	const char *account_id;
	int64_t created;
	int64_t modified;
	const char *public_text; /* canonical JSON of the public fields */
	struct json_object *public_fields;
	struct import_outcome outcome;
	const char *differing; /* members, of import_compare; NULL: none */
	bool first_noted; /* it was here, and no import had noted it so far */
};

/*
 * The writers. A document that they cannot use is skipped; the problems of the
 * store are returned.
 */

/* import_objects.c */
struct problem *import_account(struct import_source *s) MUSTCHECK;
struct problem *import_user(struct import_source *s) MUSTCHECK;
struct problem *import_object(struct import_source *s) MUSTCHECK;

/* import_services.c */
struct problem *import_plan(struct import_source *s) MUSTCHECK;
struct problem *import_service(struct import_source *s) MUSTCHECK;

/* import_entries.c */
struct problem *import_audit_log(struct import_source *s) MUSTCHECK;
struct problem *import_yearly_audit(struct import_source *s) MUSTCHECK;
struct problem *import_ledger(struct import_source *s) MUSTCHECK;

/*
 * The reading part of the writers, without a database, which the rehearsal uses
 * as well. The result is the reason why the document is skipped; NULL: it can be
 * used. Everything is lent by the source.
 */

/* Fills in the common members; the others need them. */
const char *import_begin(struct import_source *s,
    const struct import_kind *kind) MUSTCHECK;

/* import_objects.c */
const char *import_account_read(struct import_source *s,
    struct account_copy *out) MUSTCHECK;
const char *import_user_read(struct import_source *s, struct object *user,
    struct user_copy *out) MUSTCHECK;
struct object import_object_read(struct import_source *s);

/* import_services.c */
const char *import_plan_read(struct import_source *s, struct plan *out)
    MUSTCHECK;
const char *import_service_read(struct import_source *s,
    struct import_quantities *quantities, struct services *out)
    MUSTCHECK;

/* The note of import about a plan, or services, that it takes; NULL: none. */
const char *import_plan_note(struct import_source *s);
const char *import_service_note(struct import_source *s,
    const struct import_quantities *quantities);

/* import_entries.c */
const char *import_audit_read(struct import_source *s, enum audit_form form,
    struct audit_entry *out) MUSTCHECK;
const char *import_ledger_read(struct import_source *s, struct ledger *out)
    MUSTCHECK;

/* The parent that the document of an account names; NULL: none; "": not by a text
 * (import_objects.c). */
const char *import_parent(struct import_source *s);

/* Sets the outcome to skipped; returns NULL. */
struct problem *import_skip(struct import_source *s, const char *why)
    MUSTCHECK;

/* Skips a document that does not fit the schema of its kind; returns any other
 * problem. */
struct problem *import_skip_unfit(struct import_source *s, struct problem *p)
    MUSTCHECK;

/* Sets the outcome to written, or known. */
void import_mark(struct import_source *s, bool written);

/* The stored document with which another is compared. */
struct import_stored {
	struct json_object *document; /* NULL: there is none any longer */
	int64_t modified;    /* 0: it is never changed */
	const char *ignored; /* a member that does not count; NULL: none */
	bool completed;      /* members may have been added to it */
};

/*
 * Compares a document that is here already with the stored one. What differs is
 * a conflict, unless the stored one was changed after the document was: that is
 * known, with a note.
 */
void import_compare(struct import_source *s, struct json_object *given,
    const struct import_stored *stored);

/*
 * import_again.c: documents of an import since a moment, where what is here was
 * imported before.
 */

/* Locks what a document of this account may change. Without a moment nothing
 * is locked. */
struct problem *import_again_lock(struct import_source *s) MUSTCHECK;

/* The quantities of an account as its objects say now, with what no object
 * explains as it is: that is settled at the end (import_settle.h). The caller holds
 * the lock of the account's path. */
struct problem *import_again_settle(struct db *db, struct arena *a,
    const char *account_id, int64_t now) MUSTCHECK;

/*
 * import_ports.c: notes about the numbers of port requests, and phone numbers.
 */

/* Before an object is written: the holders of its numbers; normalizes them. */
struct problem *import_ports_before(struct import_source *s,
    const struct object *object, struct number_holders *out) MUSTCHECK;

/* After it was written: notes whose numbers it has as well, and a state that is
 * none. */
struct problem *import_ports_tell(struct import_source *s,
    const struct object *object, const struct number_holders *before)
    MUSTCHECK;

/* A number of a text, 0 or above, by which import_here tells whether it is the same
 * again. */
int64_t import_again_digest(const char *text);

/* A document as it is here. */
struct import_here {
	const char *account_id;
	const char *kind; /* as store/imported.h has it */
	int64_t state;
	bool has_more; /* more than what is compared may have been modified */
};

/* Remembers that the document was imported, and its state here. */
struct problem *import_again_note(struct import_source *s,
    const struct import_here *here) MUSTCHECK;

/*
 * Decides about a document that is here, after import_compare. *replace:
 * it is newer than what was imported, which was not changed here: the caller
 * replaces it, and the outcome says so. Otherwise the outcome of a conflict says
 * why it is left.
 */
struct problem *import_again_decide(struct import_source *s,
    const struct import_here *here, bool *replace) MUSTCHECK;

/* The canonical text of a tree, "{}" of NULL; the arena's. */
const char *import_text(struct import_source *s, struct json_object *tree);

/* The length of the column of a string member, in characters. */
struct import_length {
	const char *path;
	size_t max;
};

/* The reason why a string is too long for its column; NULL: all fit. Nothing is
 * cut silently. */
const char *import_misfit(struct import_source *s,
    const struct import_length *lengths, size_t count);

#endif
