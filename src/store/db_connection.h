/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connection as the files of store/db*.c share it. Private to them.
 */
#ifndef REEVE_STORE_DB_CONNECTION_H
#define REEVE_STORE_DB_CONNECTION_H

#include <mysql.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"
#include "store/db_error.h"
#include "store/db_hosts.h"

struct db {
	const struct config *config;
	enum database_user user;
	bool admin;
	bool patient;
	bool hasty;
	MYSQL *mysql; /* NULL: not connected */
	int64_t used_ms;      /* when it was used last */
	struct db_host host;  /* of the connection; fitness is NULL if there is
	                         no other one to go to */
	char host_text[128];
	bool leave;           /* the host does not serve */
	MYSQL_STMT *statements[PROCEDURE__MAX];
	bool in_transaction;
	struct arena *outside_arena;  /* lives as long as the transaction */
	struct outside *outside;      /* work that it asked for */
	bool outside_waits;           /* some of it is not done yet */
	struct problem *(*opening)(struct db *, struct arena *, void *);
	void *opening_state;
	struct problem *(*guard)(struct db *, struct arena *,
	    const struct db_use *, bool *);
	void *guard_state;
	bool guarding;        /* the guard uses the connection */
	int64_t guarded_ms;   /* when it let the program in; 0: never */
	bool guarded_long;    /* then for a use that lasts */
	enum db_outcome outcome; /* of the call that failed last */
	unsigned error;       /* its number, the server's or the client's */
	int64_t pause_ms;     /* 0: the last attempt to connect succeeded */
	int64_t pause_until_ms;
	uint64_t round_trips;
	uint64_t commits; /* that were made, or may have been */
};

/* A connection, not open; as the owner without a database. */
struct db *db_new_as(const struct config *config, enum database_user user);

/*
 * Opens the connection unless it is open, to a host that serves; outside of a
 * transaction one that was not used for a while is tried first. Problems:
 * UNAVAILABLE, at once while a pause since the last attempt lasts; FAULT.
 */
struct problem *db_connect(struct db *db, struct arena *a) MUSTCHECK;

/* Notes an error of the connection: a host that does not serve is left before
 * the next use, if there are others. */
void connection_note_error(struct db *db, const struct db_error *error);

/* The connection's last error, translated by db_error_translate and noted in
 * *db. */
struct problem *connection_take_error(struct db *db, struct arena *a,
    const char *what) MUSTCHECK;

#endif
