/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_connection.h"

#include <errmsg.h>
#include <mysqld_error.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/db_login.h"
#include "store/db_tls.h"

#define PAUSE_FIRST_MS 100 /* between attempts to connect, doubling */
#define PAUSE_LAST_MS 2000

#define USED_LATELY_MS 1000 /* such a connection is used without a check */

/* Answered by every server that serves. A node outside of its Galera cluster
 * refuses it, and not the lines below. */
#define CHECK_LINE "DO 1"

#define PATIENT_READ_S 3600
#define PATIENT_SETUP "SET SESSION innodb_lock_wait_timeout = 60"
/* The server looks each second, so it may wait for 2 s. */
#define HASTY_SETUP "SET SESSION innodb_lock_wait_timeout = 1"
/* Statements that come after one that waits for the lock of a table wait with
 * it: a short wait, which is repeated, lets them through in between. */
#define ADMIN_SETUP "SET SESSION lock_wait_timeout = 5"

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
db_new_as(const struct config *config, enum database_user user)
{
	struct db *db = calloc(1, sizeof(*db));

	if (db == NULL)
		log_fatal(71, "out of memory");
	db->config = config;
	db->user = user;
	db->admin = user == AS_OWNER;
	return db;
}

struct db *
db_new(const struct config *config)
{
	return db_new_as(config, AS_POOL);
}

struct db *
db_new_patient(const struct config *config)
{
	struct db *db = db_new_as(config, AS_POOL);

	db->patient = true;
	return db;
}

struct db *
db_new_hasty(const struct config *config)
{
	struct db *db = db_new_as(config, AS_POOL);

	db->hasty = true;
	return db;
}

void
db_log_in_as(struct db *db, enum database_user user)
{
	db->user = user;
}

const struct config *
db_config(const struct db *db)
{
	return db->config;
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
	return db->error == ER_SP_DOES_NOT_EXIST ||
	    db->error == ER_PROCACCESS_DENIED_ERROR;
}

void
connection_note_error(struct db *db, const struct db_error *error)
{
	db->error = error->number;
	if (db->host.fitness == NULL || db->admin ||
	    !db_error_is_of_host(error->number))
		return;
	db->leave = true;
	host_mark_unfit(&db->host, clock_monotonic_ms(), HOST_REFUSES,
	    error->message);
}

struct problem *
connection_take_error(struct db *db, struct arena *a, const char *what)
{
	const struct db_error error = { mysql_errno(db->mysql),
		mysql_sqlstate(db->mysql), mysql_error(db->mysql) };

	connection_note_error(db, &error);
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

static int
socket_of(MYSQL *mysql)
{
#ifdef MARIADB_PACKAGE_VERSION
	return (int)mysql_get_socket(mysql);
#else
	return (int)mysql->net.fd;
#endif
}

/* Runs a statement that a server answers at once: MYSQL_OPT_READ_TIMEOUT is for
 * calls that take long, and cannot be changed later. */
static const char *
line_run(const struct db *db, struct arena *a, const char *line)
{
	struct pollfd answer = { .fd = socket_of(db->mysql), .events = POLLIN };
	int64_t most_s = db->config->db_connect_timeout_s;

	if (mysql_send_query(db->mysql, line, strlen(line)) != 0)
		return arena_strdup(a, mysql_error(db->mysql));
	if (poll(&answer, 1, (int)most_s * 1000) == 0)
		return arena_printf(a, "no answer within %lld s",
		    (long long)most_s);
	return mysql_read_query_result(db->mysql) == 0 ? NULL :
	    arena_strdup(a, mysql_error(db->mysql));
}

/* Not by MYSQL_INIT_COMMAND: Connector/C 3.3 ends the process if it finds no
 * memory to keep one. */
static const char *
session_prepare(const struct db *db, struct arena *a)
{
	const char *why = NULL;
	size_t i;

	for (i = 0; i < NELEM(session_setup) && why == NULL; i++)
		why = line_run(db, a, session_setup[i]);
	if (why == NULL && db->patient)
		why = line_run(db, a, PATIENT_SETUP);
	if (why == NULL && db->admin)
		why = line_run(db, a, ADMIN_SETUP);
	if (why == NULL && db->hasty)
		why = line_run(db, a, HASTY_SETUP);
	return why;
}

/* A setting of the session or of the server; "" if neither has it. */
static const char *
setting_read(const struct db *db, struct arena *a, const char *name,
    const char **value)
{
	const char *why = line_run(db, a, arena_printf(a,
	    "SHOW VARIABLES LIKE '%s'", name));
	enum { NAME, VALUE };
	MYSQL_RES *result;
	MYSQL_ROW variable; /* its name, its value */

	if (why != NULL)
		return why;
	result = mysql_store_result(db->mysql);
	if (result == NULL)
		return arena_strdup(a, mysql_error(db->mysql));
	variable = mysql_fetch_row(result);
	*value = variable == NULL ? "" : arena_strdup(a, variable[VALUE]);
	mysql_free_result(result);
	return NULL;
}

static const char *
host_refuse_read_only(const struct db *db, struct arena *a)
{
	const char *value = "", *why = setting_read(db, a, "read_only", &value);

	if (why == NULL && value[0] != '\0' && strcmp(value, "OFF") != 0)
		why = "it is read-only";
	return why;
}

static bool
host_try(struct db *db, const struct db_host *host, bool strict)
{
	const struct config *c = db->config;
	const struct db_login login = db_login(c, db->user);
	const char *socket = host->name == NULL ? c->db_socket : NULL;

	if (db->mysql != NULL)
		db_disconnect(db);
	db->mysql = handle_make(db);
	if (socket == NULL && !db_tls_prepare(db->mysql, c, strict))
		memory_exhausted(0);
	db->round_trips++;
	return mysql_real_connect(db->mysql, host->name, login.name,
	    login.password, db->admin ? NULL : c->db_name, host->port, socket,
	    CLIENT_MULTI_RESULTS) != NULL;
}

/* NULL, or why there is no connection. */
static const char *
host_connect(struct db *db, struct arena *a, const struct db_host *host)
{
	const char *why = NULL;

	if (!host_try(db, host, true) &&
	    (!db_tls_may_trust(db->mysql, db->config) ||
	    !host_try(db, host, false)))
		return db_tls_explain(db->mysql, a);
	if (host->name != NULL)
		why = db_tls_refuse(db->mysql, db->config);
	return why != NULL ? why : session_prepare(db, a);
}

/* The fault of the host that the last error tells. */
static enum host_fault
host_fault_now(const struct db *db)
{
	unsigned number = mysql_errno(db->mysql);

	if (number == 0)
		return HOST_SILENT;
	return number >= CR_MIN_ERROR && number <= CR_MAX_ERROR ?
	    HOST_UNREACHED : HOST_REFUSES;
}

/* As host_connect, for one host of several: it must serve writes, too. */
static const char *
fit_host_connect(struct db *db, struct arena *a, const struct db_host *host)
{
	const char *why = host_connect(db, a, host);
	bool answers;

	if (why == NULL)
		why = line_run(db, a, CHECK_LINE);
	answers = why == NULL;
	if (answers)
		why = host_refuse_read_only(db, a);
	if (why == NULL)
		host_mark_fit(host);
	else
		host_mark_unfit(host, clock_monotonic_ms(), answers ?
		    HOST_READ_ONLY : host_fault_now(db), why);
	return why;
}

static void
host_remember(struct db *db, const struct db_host *host)
{
	snprintf(db->host_text, sizeof(db->host_text), "%s", host->text);
	db->host = *host;
	db->host.text = db->host_text;
	db->host.name = NULL; /* it is of a request's arena */
}

/* Tries each host of the list that may be tried; if there is none, the one that
 * may be tried first. */
static const char *
any_host_connect(struct db *db, struct arena *a)
{
	const char *why = "all hosts of db_hosts did not serve just now";
	struct db_host *hosts;
	size_t i, count;

	db->leave = false;
	db->host.fitness = NULL;
	if (db->config->db_socket[0] != '\0')
		return host_connect(db, a, &(struct db_host){ 0 });
	count = hosts_parse(a, db->config->db_hosts, &hosts);
	if (count == 0)
		return "db_hosts is empty";
	if (count == 1)
		return host_connect(db, a, &hosts[0]);
	for (i = 0; i < count; i++) {
		if (!host_take(&hosts[i], clock_monotonic_ms()))
			continue;
		why = fit_host_connect(db, a, &hosts[i]);
		if (why == NULL) {
			host_remember(db, &hosts[i]);
			return NULL;
		}
	}
	/* One that can only be read is better than none. */
	if (db->mysql == NULL) {
		i = (size_t)(hosts_first_again(hosts, count) - hosts);
		why = host_connect(db, a, &hosts[i]);
		if (why != NULL)
			host_mark_unfit(&hosts[i], clock_monotonic_ms(),
			    host_fault_now(db), why);
		host_remember(db, &hosts[i]);
	}
	return why;
}

/* A connection that has rested may have been lost, or its host may be stuck. */
static bool
is_still_good(struct db *db, struct arena *a)
{
	int64_t now_ms = clock_monotonic_ms();
	const char *why;

	if (db->in_transaction || db->admin)
		return true;
	if (db->leave)
		return false;
	if (now_ms - db->used_ms < USED_LATELY_MS)
		return true;
	why = line_run(db, a, CHECK_LINE);
	/* Another reason is seen at once by the next attempt to connect. */
	if (why != NULL && mysql_errno(db->mysql) == 0 &&
	    db->host.fitness != NULL)
		host_mark_unfit(&db->host, now_ms, HOST_SILENT, why);
	return why == NULL;
}

struct problem *
db_connect(struct db *db, struct arena *a)
{
	struct problem *p;
	const char *why;

	if (db->mysql != NULL && !is_still_good(db, a))
		db_disconnect(db);
	if (db->mysql != NULL) {
		db->used_ms = clock_monotonic_ms();
		return NULL;
	}
	/* While the database is down, requests fail at once. */
	if (db->pause_ms != 0 && clock_monotonic_ms() < db->pause_until_ms)
		return problem_new(a, PROBLEM_UNAVAILABLE);
	if ((why = any_host_connect(db, a)) != NULL) {
		p = problem_new(a, PROBLEM_UNAVAILABLE);
		snprintf(p->log, sizeof(p->log), "cannot connect to the database: %s",
		    why);
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
	db->used_ms = clock_monotonic_ms();
	if (strcmp(mysql_character_set_name(db->mysql), "utf8mb4") != 0) {
		db_disconnect(db);
		return problem_fault(a, "the database connection is not utf8mb4");
	}
	return NULL;
}

int64_t
db_packet_most(struct db *db, struct arena *a)
{
	const char *value = "";

	if (db_connect(db, a) != NULL ||
	    setting_read(db, a, "max_allowed_packet", &value) != NULL)
		return 0;
	return strtoll(value, NULL, 10);
}

bool
db_clock_ahead(struct db *db, struct arena *a, int64_t *ahead_s)
{
	const char *value = "";

	/* A fraction follows the seconds. */
	if (db_connect(db, a) != NULL ||
	    setting_read(db, a, "timestamp", &value) != NULL ||
	    value[0] == '\0')
		return false;
	*ahead_s = strtoll(value, NULL, 10) - (int64_t)time(NULL);
	return true;
}
