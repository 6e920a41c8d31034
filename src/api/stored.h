/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of the database, for the status page and those who ask whether the
 * pool is ready. */
#ifndef REEVE_API_STORED_H
#define REEVE_API_STORED_H

#include <stdbool.h>
#include <stdint.h>

#include "api/figures.h"
#include "store/db.h"
#include "store/status.h"

/* Without pointers: it passes between processes. */
struct stored {
	int64_t at_ms;  /* when it was read, monotonic; 0: never */
	bool answers;   /* the database */
	bool fits;      /* it has the schema of this program, and takes writes */
	bool delivers;  /* the outbox can be read */
	char why[288];  /* what is missing; "": nothing */
	int64_t status_ms; /* when the following was read, monotonic; 0: never */
	int64_t status_at; /* the same in Gregorian seconds */
	struct status status;
};

/* Asks the database; what goes wrong is told in *out. */
void stored_read(struct db *db, struct arena *a, struct stored *out);

/* Takes from an older reading what this one does not have. */
void stored_complete(struct stored *s, const struct stored *older);

/* True if a message had been due for longer than this when it was read. */
bool stored_is_overdue(const struct stored *s, int64_t most_s);

/* True if requests can be answered. */
bool stored_is_ready(const struct stored *s);

/* Adds the hosts of the database, as the processes of the pool have seen them. */
void stored_gather_hosts(const struct config *config, struct figures *f);

/* Adds the figures from FIGURE_DATABASE_UP on, at the moment now_ms; unknown ones
 * if it was never read. */
void stored_gather(const struct stored *s, struct figures *f, int64_t now_ms);

#endif
