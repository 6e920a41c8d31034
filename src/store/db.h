/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The database: calls its procedures, prepared once per connection; reconnects,
 * repeats what may be repeated, and reports an unknown outcome. Knows nothing
 * of what the procedures mean. Only the files store/db*.c use the MySQL client
 * library.
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
#include "store/field.h"
#include "store/procedures.h"

struct db;

/* A connection as the pool's user, opened when first needed. */
struct db *db_new(const struct config *config);

/* The same for long work: a call may take an hour, and wait a minute for a lock,
 * where those of requests have db_read_timeout and five seconds. */
struct db *db_new_patient(const struct config *config);

/* The same where a request that waits keeps all others waiting: it waits for
 * locks at most 2 s in all. */
struct db *db_new_hasty(const struct config *config);

/* The user that it will be opened as. */
void db_log_in_as(struct db *db, enum database_user user);

void db_free(struct db **db);

/* The configuration that it was made with. */
const struct config *db_config(const struct db *db);

/* From now on this process and its children share what they learn of the hosts
 * of db_hosts: one that does not serve is left by all. */
void db_share_hosts(void);

/* A host of db_hosts, as processes have seen it. */
struct db_host_state {
	const char *text;  /* as configured */
	const char *fault; /* why it does not serve, a word or two of a fixed list;
	                      NULL: it serves */
	int64_t unfit_ms;  /* for how long it has not */
};

/* Returns how many hosts there are to choose from: 0 where there is one only, or
 * a socket. */
size_t db_host_list(const struct config *config, struct arena *a,
    struct db_host_state **out);

/* Closes the connection with its statements and its buffers, which keep the size
 * of the largest row; the next use opens it again. */
void db_disconnect(struct db *db);

/*
 * A procedure's description, which stands beside the structs of its arguments
 * and rows. Parameters are bound in the order of their table, columns are found
 * by name; t/check/procedures compares both with sql/routines.
 */
struct db_procedure {
	enum procedure id;
	const char *name;
	enum procedure_kind kind;
	const struct field *parameters; /* of the struct of arguments */
	size_t parameter_count;
	const struct field *columns; /* of the struct a row becomes */
	size_t column_count; /* 0: it has no result set */
	size_t row_size;
};

/* Its members: PROCEDURE(ID, "name", READ or WRITE), TAKES(table of parameters),
 * GIVES(struct of a row, table of columns). */
#define PROCEDURE(procedure_id, sql_name, how) \
	.id = procedure_id, .name = (sql_name), .kind = PROCEDURE_##how
#define TAKES(table) .parameters = (table), .parameter_count = NELEM(table)
#define GIVES(record, table) .columns = (table), \
	.column_count = NELEM(table), .row_size = sizeof(record)

/* The rows of a call, structs one after another on the arena of the call. */
struct db_result {
	size_t count;
	void *rows;
};

/* The first row, or NULL: there is none. */
void *db_first(const struct db_result *result);

/*
 * Calls a procedure with the members of the struct of arguments that its table
 * names; NULL where it takes none. result may be NULL.
 *
 * Outside a transaction, a writing procedure gets one of its own, repeated
 * after a deadlock, a lock wait, a failed certification, or a connection lost
 * before COMMIT was sent; a reading one is repeated once after a lost
 * connection. Inside one, problems are handed to db_transaction.
 *
 * Problems: UNAVAILABLE (nothing was changed), UNCERTAIN (lost during COMMIT),
 * those that procedures signal (sql/README), FAULT, also for a result that is
 * not as the table says.
 */
struct problem *db_call(struct db *db, struct arena *a,
    const struct db_procedure *procedure, const void *arguments,
    struct db_result *result) MUSTCHECK;

/* As db_call, for a procedure that always has a row: it is copied to *row. */
struct problem *db_call_for_row(struct db *db, struct arena *a,
    const struct db_procedure *procedure, const void *arguments, void *row)
    MUSTCHECK;

/*
 * Runs work in one transaction: committed when it returns NULL, rolled back
 * otherwise. After a deadlock or a lost connection work runs again from its
 * start, so it must be repeatable. Does not nest.
 */
struct problem *db_transaction(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *db, struct arena *a, void *state),
    void *state) MUSTCHECK;

/* Inside a transaction: remembers this point, instead of the last one. */
struct problem *db_savepoint(struct db *db, struct arena *a) MUSTCHECK;

/* Undoes what was written since db_savepoint; the transaction goes on. */
struct problem *db_undo(struct db *db, struct arena *a) MUSTCHECK;

/*
 * Opens each transaction from now on with this work, for what is written with
 * every change of a request; NULL: with nothing. state is borrowed.
 */
void db_open_with(struct db *db, struct problem *(*opening)(struct db *db,
    struct arena *a, void *state), void *state);

/* A use of the database, as a guard is told of it. */
struct db_use {
	void *state; /* the guard's own */
	bool lasts;  /* perhaps for minutes, in which the guard is not asked */
};

/*
 * From now on the guard is asked before the first use, and 10 s after it was
 * asked last before the next one, outside of transactions, and before a snapshot,
 * which lasts: may the program use this database? If not, it sets *refused and
 * returns why. Other problems of the guard count only if the connection is lost.
 * state is borrowed.
 */
void db_guard_with(struct db *db, struct problem *(*guard)(struct db *db,
    struct arena *a, const struct db_use *use, bool *refused), void *state);

/* Asks the guard, if there is one and it is time to, as each use does. Problems:
 * why the program may not go on, or the connection is lost; never UNCERTAIN. */
struct problem *db_ask_guard(struct db *db, struct arena *a, bool lasts)
    MUSTCHECK;

/* True if the guard was asked, let the program in, and the connection is open. */
bool db_is_guarded(const struct db *db);

/*
 * Runs work in a transaction that only reads, and sees the database as it was
 * at its begin. Work runs once: it may have sent what it read. Does not nest.
 */
struct problem *db_snapshot(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *db, struct arena *a, void *state),
    void *state) MUSTCHECK;

/* Slow work. */
struct db_errand {
	const char *text;    /* what it is about; the same text is the same work */
	const void *settings;
	/* Does it; *out is on a. */
	struct problem *(*work)(struct arena *a, const struct db_errand *errand,
	    const void **out);
};

/*
 * Has slow work done outside of the transaction, where it holds no locks. *out
 * is its result, or NULL: the transaction must go on without, is rolled back at
 * its end, and begins again when all work that it asked for is done. At once
 * where there is no transaction. text is copied; settings must outlive the
 * transaction. Problems: those of work.
 */
struct problem *db_do_outside(struct db *db, struct arena *a,
    const struct db_errand *errand, const void **out) MUSTCHECK;

/* The server's max_allowed_packet: a call with more arguments, in bytes, is
 * TOO_LARGE. 0: it is not known now. */
int64_t db_packet_most(struct db *db, struct arena *a);

/* True if the server's clock is known now: *ahead_s is how far it is ahead of
 * this host's, negative: behind. */
bool db_clock_ahead(struct db *db, struct arena *a, int64_t *ahead_s) MUSTCHECK;

/* Did the last call fail because the database has no such procedure, or this
 * user may not call it? Servers tell a user of some procedures only the latter. */
bool db_procedure_missing(const struct db *db);

/* Transactions that were committed, or may have been: a problem is not "nothing
 * happened" if the number has grown. */
uint64_t db_commits(const struct db *db);

/* Round trips made, for tests and the benchmark. */
uint64_t db_round_trips(const struct db *db);

#endif
