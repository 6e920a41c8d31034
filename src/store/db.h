/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection to the database: the only file that knows the MySQL client
 * library. It calls procedures of the table in procedures.h, prepared once per
 * connection; it reconnects, repeats what may be repeated, and says so when an
 * outcome is not known. Knows nothing of what the procedures mean.
 */
#ifndef REEVE_STORE_DB_H
#define REEVE_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/config.h"
#include "base/problem.h"
#include "store/procedures.h"

struct db;

/* One argument of a call. */
struct db_value {
	char type; /* 't', 'b', 'i', or '0': NULL, good for any parameter */
	const char *bytes;
	size_t length;
	int64_t number;
};

struct db_value db_text(const char *text); /* NULL: SQL NULL */
struct db_value db_bytes(const void *bytes, size_t length);
struct db_value db_int(int64_t number);
struct db_value db_null(void);
/* number, or SQL NULL when it is 0: for moments, where 0 means none. */
struct db_value db_moment(int64_t number);

/* One field of a row: its text (NUL-ended, of number bytes) or its number. */
struct db_cell {
	const char *text; /* NULL: SQL NULL; "" for numbers */
	int64_t number;   /* length of text and bytes */
};

/* The result set of a call, on the arena of the call. */
struct db_rows {
	size_t count;
	size_t columns;
	const struct db_cell *cells;
};

/* Row r's cells, indexed by column. */
const struct db_cell *db_row(const struct db_rows *rows, size_t r);

/*
 * A connection that will be opened when first needed: as the application's
 * user, or as the administrator (for migrate; then with no database chosen
 * when that is still to be created).
 */
struct db *db_new(const struct config *config);
struct db *db_new_admin(const struct config *config);
void db_free(struct db **db);

/*
 * Calls a procedure. rows may be NULL. Arguments must fit the table: anything
 * else is a bug and a fault.
 *
 * Outside a transaction, a writing procedure gets one of its own, repeated
 * after a deadlock, a lock wait, a failed certification, or a connection lost
 * before COMMIT was sent; a reading one is repeated once after a lost
 * connection. Inside one, problems are handed to db_transaction.
 *
 * Problems: UNAVAILABLE (nothing was changed), UNCERTAIN (lost during COMMIT),
 * those that procedures signal (sql/README), FAULT.
 */
struct problem *db_call(struct db *db, struct arena *a, enum procedure procedure,
    const struct db_value *args, size_t count, struct db_rows *rows) MUSTCHECK;

/*
 * Runs work in one transaction: committed when it returns NULL, rolled back
 * otherwise. After a deadlock or a lost connection it is run again from its
 * start, so work must be able to begin anew. Does not nest.
 */
struct problem *db_transaction(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *db, struct arena *a, void *state),
    void *state) MUSTCHECK;

/*
 * Sends one statement of a file of sql/ (migrations only): never a text made
 * of input.
 */
struct problem *db_run_file_statement(struct db *db, struct arena *a,
    const char *statement) MUSTCHECK;

/* Chooses the configured database on an administrator's connection. */
struct problem *db_use_database(struct db *db, struct arena *a) MUSTCHECK;

/* The text as a quoted SQL string, for placeholders of files in sql/. */
struct problem *db_quote(struct db *db, struct arena *a, const char *text,
    const char **quoted) MUSTCHECK;

/* Did the last call fail because the database has no such procedure? */
bool db_procedure_missing(const struct db *db);

/* Round trips made, for tests and the benchmark. */
uint64_t db_round_trips(const struct db *db);

#endif
