/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Translates errors of the server and the client library into problems, and
 * says whether to try again. Knows no connection. Private to store/db*.c.
 */
#ifndef REEVE_STORE_DB_ERROR_H
#define REEVE_STORE_DB_ERROR_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/problem.h"

enum db_outcome {
	OUTCOME_NONE,
	OUTCOME_REPEAT, /* rolled back by the server: begin again */
	OUTCOME_WAITED, /* a lock wait timed out: begin again a few times */
	OUTCOME_LOST,   /* the connection is lost */
	OUTCOME_UNFIT,  /* the host does not serve: begin again, on another */
};

struct db_error {
	unsigned number;
	const char *sqlstate;
	const char *message;
};

/*
 * The problem for an error of "what", and in *outcome what to do about it. A
 * signal of a procedure becomes the problem it names (sql/README), a value that
 * does not fit a parameter becomes VALIDATION.
 */
struct problem *db_error_translate(struct arena *a, const char *what,
    const struct db_error *error, enum db_outcome *outcome) MUSTCHECK;

/* True if the host cannot serve what another one may: its disk is full, it is
 * read-only, or it is outside of its cluster. */
bool db_error_is_of_host(unsigned number);

#endif
