/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of the database for the status page. Their cost does not grow with what
 * is stored. */
#ifndef REEVE_STORE_STATUS_H
#define REEVE_STORE_STATUS_H

#include <stdint.h>

#include "store/db.h"
#include "store/due.h"

/* Moments are Gregorian seconds; 0: there is none. Without pointers. */
struct status {
	int64_t bookkeepers;       /* messages that wait, by lane */
	int64_t bookkeepers_since; /* when the oldest of these was written */
	int64_t webhooks;
	int64_t webhooks_since;
	int64_t mails;
	int64_t mails_since;
	int64_t due;      /* when the first message is due */
	int64_t dead;     /* messages that were given up */
	int64_t payments; /* pending ones */
	enum due_result run_result; /* of the last run of run-due */
	int64_t run_at;             /* since when it is so */
};

/* Each number is counted to most only. */
struct problem *store_status_show(struct db *db, struct arena *a, int64_t most,
    struct status *out) MUSTCHECK;

#endif
