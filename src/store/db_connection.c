/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_connection.h"

#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"

#define PAUSE_FIRST_MS 100 /* between attempts to connect, doubling */
#define PAUSE_LAST_MS 2000

#define PATIENT_READ_S 3600
#define PATIENT_SETUP "SET SESSION innodb_lock_wait_timeout = 60"

/* The same state for each connection, whatever the server's defaults. */
static const char *const session_setup[] = {
	/* Again: some servers ignore the client's choice. The collation
	 * is that of the tables: a procedure keeps the one of its creation. */
	"SET NAMES utf8mb4 COLLATE utf8mb4_bin",
	/* snapshot_isolation, on by default in MariaDB from 11.6.2, refuses the
	 * present state of a locked row after a wait (1020). */
	"SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,"
	"NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
	"NO_ENGINE_SUBSTITUTION', "
	"time_zone = '+00:00'"
	"/*M!110602 , innodb_snapshot_isolation = OFF */",
	"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
	/* Twice this is still within request_terminate_timeout. */
	"SET SESSION innodb_lock_wait_timeout = 5",
};

struct db *
db_new_as(const struct config *config, bool admin)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL)
		log_fatal(71, "out of memory");
	db->config = config;
	db->admin = admin;
	return db;
}

struct db *
db_new(const struct config *config)
{
	return db_new_as(config, false);
}

struct db *
db_new_patient(const struct config *config)
{
	struct db *db = db_new_as(config, false);

	db->patient = true;
	return db;
}

void
db_disconnect(struct db *db)
{
	size_t i;

	for (i = 0; i < PROCEDURE__MAX; i++) {
		if (db->statements[i] != NULL)
			mysql_stmt_close(db->statements[i]);
		db->statements[i] = NULL;
	}
	if (db->mysql != NULL)
		mysql_close(db->mysql);
	db->mysql = NULL;
	db->in_transaction = false;
}

void
db_free(struct db **db)
{
	if (*db == NULL)
		return;
	db_disconnect(*db);
	free(*db);
	*db = NULL;
}

uint64_t
db_commits(const struct db *db)
{
	return db->commits;
}

uint64_t
db_round_trips(const struct db *db)
{
	return db->round_trips;
}

bool
db_procedure_missing(const struct db *db)
{
	return db->error == ER_SP_DOES_NOT_EXIST;
}

struct problem *
connection_take_error(struct db *db, struct arena *a, const char *what)
{
	const struct db_error error = { mysql_errno(db->mysql),
		mysql_sqlstate(db->mysql), mysql_error(db->mysql) };

	db->error = error.number;
	return db_error_translate(a, what, &error, &db->outcome);
}

/* ---- connecting ---- */

/* Without one of these, a connection would be another one. */
static void
set_option(MYSQL *mysql, enum mysql_option option, const void *value)
{
	if (mysql_options(mysql, option, value) == 0)
		return;
	mysql_close(mysql);
	memory_exhausted(0);
}

static MYSQL *
handle_make(const struct db *db)
{
	const struct config *c = db->config;
	unsigned connect_s = (unsigned)c->db_connect_timeout_s;
	unsigned read_s = db->patient ? PATIENT_READ_S :
	    (unsigned)c->db_read_timeout_s;
	MYSQL *mysql = mysql_init(NULL);

	if (mysql == NULL)
		memory_exhausted(0);
	if (db->admin)
		read_s = 0; /* no limit: a migration may take hours */
	set_option(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	set_option(mysql, MYSQL_OPT_READ_TIMEOUT, &read_s);
	set_option(mysql, MYSQL_OPT_WRITE_TIMEOUT, &read_s);
	set_option(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	return mysql;
}

/* Not by MYSQL_INIT_COMMAND: Connector/C 3.3 ends the process if it finds no
 * memory to keep one. */
static bool
session_prepare(const struct db *db)
{
	size_t i;

	for (i = 0; i < NELEM(session_setup); i++)
		if (mysql_query(db->mysql, session_setup[i]) != 0)
			return false;
	return !db->patient || mysql_query(db->mysql, PATIENT_SETUP) == 0;
}

static bool
host_connect(struct db *db, const char *host, unsigned port, const char *socket)
{
	const struct config *c = db->config;
	bool own = db->admin && c->db_admin_user[0] != '\0';

	db->mysql = handle_make(db);
	db->round_trips++;
	return mysql_real_connect(db->mysql, host,
	    own ? c->db_admin_user : c->db_user,
	    own ? c->db_admin_password : c->db_password,
	    db->admin ? NULL : c->db_name, port, socket,
	    CLIENT_MULTI_RESULTS) != NULL && session_prepare(db);
}

/* Tries each host of the list in turn; the last failure's handle stays. */
static bool
any_host_connect(struct db *db, struct arena *a)
{
	char *hosts = arena_strdup(a, db->config->db_hosts);
	char *save = NULL, *host, *colon;
	unsigned port;

	if (db->config->db_socket[0] != '\0')
		return host_connect(db, NULL, 0, db->config->db_socket);
	for (host = strtok_r(hosts, ", ", &save); host != NULL;
	    host = strtok_r(NULL, ", ", &save)) {
		if (db->mysql != NULL)
			db_disconnect(db);
		colon = strrchr(host, ':');
		port = 0;
		if (colon != NULL && strchr(host, ':') == colon) {
			*colon = '\0';
			port = (unsigned)atoi(colon + 1);
		}
		if (host_connect(db, host, port, NULL))
			return true;
	}
	return false;
}

struct problem *
db_connect(struct db *db, struct arena *a)
{
	struct problem *p;

	if (db->mysql != NULL)
		return NULL;
	/* While the database is down, requests fail at once. */
	if (db->pause_ms != 0 && clock_monotonic_ms() < db->pause_until_ms)
		return problem_new(a, PROBLEM_UNAVAILABLE);
	if (!any_host_connect(db, a)) {
		p = problem_new(a, PROBLEM_UNAVAILABLE);
		snprintf(p->log, sizeof(p->log), "cannot connect to the database: %s",
		    db->mysql != NULL ? mysql_error(db->mysql) : "db_hosts is empty");
		db_disconnect(db);
		db->pause_ms = db->pause_ms == 0 ? PAUSE_FIRST_MS : db->pause_ms * 2;
		if (db->pause_ms > PAUSE_LAST_MS)
			db->pause_ms = PAUSE_LAST_MS;
		db->pause_until_ms = clock_monotonic_ms() + db->pause_ms;
		return p;
	}
	if (db->pause_ms != 0)
		log_info("connected to the database again");
	db->pause_ms = 0;
	if (strcmp(mysql_character_set_name(db->mysql), "utf8mb4") != 0) {
		db_disconnect(db);
		return problem_fault(a, "the database connection is not utf8mb4");
	}
	return NULL;
}
