/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One account of a rehearsal: its rows, read again and counted. Its own
 * quantities are those that import would store: of each item the services
 * document's figure, or what the objects count as, whichever is more.
 */
#ifndef REEVE_CTL_REHEARSAL_READ_H
#define REEVE_CTL_REHEARSAL_READ_H

#include "base/buffer.h"
#include "ctl/rehearsal.h"
#include "ctl/rehearsal_ledger.h"

/* The newest invoice of a bookkeeper in the old system's audit log. */
struct rehearsal_invoice {
	const char *bookkeeper; /* id/type/vendor */
	struct buffer text;     /* of the row, JSON */
	int64_t created;        /* Gregorian seconds */
	struct rehearsal_invoice *next;
};

struct rehearsed {
	char id[ID_SIZE];
	const struct rehearsal_account *account; /* NULL: it is not imported */
	const char *name;
	bool enabled; /* and not expired */
	bool has_key;
	int64_t md5, sha, none, disabled; /* users */
	int64_t rows;
	bool has_services;
	struct import_source source; /* of the services document */
	struct services services;
	struct quantity_table old[QUANTITY_SCOPE__MAX]; /* by the document */
	bool has_cascade; /* the document has one: those before 4.3 do not */
	struct quantity_table counted; /* own, of the objects */
	struct quantity_table own;     /* as imported */
	struct quantity_table old_below; /* by the documents of descendants */
	struct quantity_table below;     /* of descendants, as imported */
	struct rehearsal_invoice *invoices;
	struct rehearsal_ledger ledger;
	bool overflow; /* more is counted than can be */
};

/* How much of an account is read. */
enum rehearsal_extent {
	REHEARSAL_COUNTS, /* its own quantities */
	REHEARSAL_ALL     /* the parts of its cascade, audit and ledgers, too */
};

/* Goes to the first account. */
void rehearsal_read_begin(struct rehearsal *r, enum rehearsal_extent extent);

/* Reads the next account; everything is the arena's. False: there is none, or a
 * file cannot be read. */
bool rehearsal_read(struct rehearsal *r, struct arena *a,
    enum rehearsal_extent extent, struct rehearsed *out) MUSTCHECK;

#endif
