/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/gregorian.h"
#include "base/log.h"
#include "store/db_bind.h"

#define ATTEMPTS 8        /* of one transaction */
#define LONG_ATTEMPTS 2   /* of them, that lost a connection or waited long */
#define PAUSE_FIRST_MS 100 /* between attempts to connect, doubling */
#define PAUSE_LAST_MS 2000

/* A connection starts from the same state, whatever the server's defaults. */
static const char *const session_setup[] = {
	/* Said again: some servers do not heed what a client asks for. The collation
	 * is that of the tables: a procedure keeps the one it is made with. */
	"SET NAMES utf8mb4 COLLATE utf8mb4_bin",
	"SET SESSION sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,"
	"NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
	"NO_ENGINE_SUBSTITUTION', "
	"time_zone = '+00:00'",
	"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
	/* Twice this is still within request_terminate_timeout. */
	"SET SESSION innodb_lock_wait_timeout = 5",
};

enum db_outcome {
	OUTCOME_NONE,
	OUTCOME_REPEAT, /* rolled back by the server: begin again */
	OUTCOME_WAITED, /* for a lock, and long: begin again, but not for ever */
	OUTCOME_LOST,   /* the connection has gone */
};

struct db {
	const struct config *config;
	bool admin;
	MYSQL *mysql; /* NULL: not connected */
	MYSQL_STMT *statements[PROCEDURE__MAX];
	bool in_transaction;
	enum db_outcome outcome; /* of the call that failed last */
	unsigned error;       /* the server's or client's number of it */
	int64_t pause_ms;     /* 0: the last attempt to connect succeeded */
	int64_t pause_until_ms;
	uint64_t round_trips;
};

static struct db *
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
db_new_admin(const struct config *config)
{
	return db_new_as(config, true);
}

static void
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
db_round_trips(const struct db *db)
{
	return db->round_trips;
}

bool
db_procedure_missing(const struct db *db)
{
	return db->error == ER_SP_DOES_NOT_EXIST;
}

/* ---- errors ---- */

static bool
is_lost(unsigned number)
{
	switch (number) {
	case CR_SERVER_GONE_ERROR:
	case CR_SERVER_LOST:
	case CR_CONNECTION_ERROR:
	case CR_CONN_HOST_ERROR:
	case CR_COMMANDS_OUT_OF_SYNC: /* only a fresh connection is trusted */
#ifdef CR_SERVER_LOST_EXTENDED
	case CR_SERVER_LOST_EXTENDED:
#endif
	case ER_SERVER_SHUTDOWN:
	case ER_NEW_ABORTING_CONNECTION:
	case 1047: /* Galera: this node is not part of the cluster now */
	case 1077: /* MariaDB: the server shuts down */
	case 1927: /* MariaDB: the connection was killed */
	case 4031: /* MySQL: the connection was idle for wait_timeout */
		return true;
	default:
		return false;
	}
}

/* Did the server roll back, so that the same may be tried again? */
static bool
is_repeatable(unsigned number, const char *message)
{
	switch (number) {
	case ER_LOCK_DEADLOCK: /* also a failed Galera certification */
	case 1020:           /* MariaDB: record has changed since last read */
	case 1412:           /* table definition has changed */
	case 3101:           /* MySQL: group replication refused it at COMMIT */
		return true;
	case 1180: /* an error at COMMIT; 149: group replication killed it */
		return strstr(message, "error 149") != NULL;
	default:
		return false;
	}
}

static const struct {
	int status;
	enum problem_kind kind;
} signals[] = {
	{ 403, PROBLEM_FORBIDDEN },
	{ 404, PROBLEM_BAD_IDENTIFIER },
	{ 409, PROBLEM_CONFLICT },
	{ 423, PROBLEM_HAS_DESCENDANTS },
};

/* "45nnn" and "field: text", as procedures signal (sql/README). */
static struct problem *
signal_translate(struct arena *a, const char *sqlstate, const char *message)
{
	int status = atoi(sqlstate + 2);
	const char *colon = strstr(message, ": ");
	const char *field;
	struct problem *p;
	size_t i;

	if (colon == NULL)
		return problem_fault(a, "unknown signal %s: %s", sqlstate,
		    message);
	field = arena_strndup(a, message, (size_t)(colon - message));
	if (status == 400)
		return problem_invalid(a, field, "invalid", "%s", colon + 2);
	for (i = 0; i < NELEM(signals); i++) {
		if (signals[i].status != status)
			continue;
		p = problem_text(a, signals[i].kind, "%s", message);
		p->field = field;
		return p;
	}
	return problem_fault(a, "unknown signal %s: %s", sqlstate, message);
}

static const struct {
	unsigned number;
	const char *code; /* the name of the rule, as answers tell it */
	const char *text;
} unfit_values[] = {
	{ ER_DATA_TOO_LONG, "maxLength", "it is too long" },
	{ ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, "encoding", "it is not UTF-8" },
	{ ER_WARN_DATA_OUT_OF_RANGE, "maximum", "it is out of range" },
};

/*
 * The parameter that a value did not fit, to be told to people: the server
 * names it in quotes, "... column 'p_name' at row 0", and nowhere else (a
 * condition's COLUMN_NAME stays empty for parameters).
 */
static const char *
parameter_find_name(struct arena *a, const char *message)
{
	const char *at = strstr(message, "p_");

	return at == NULL ? "value" :
	    arena_strndup(a, at + 2, strcspn(at + 2, "'`"));
}

/* Values that do not fit a parameter: an answer for whoever sent them. */
static struct problem *
unfit_value_translate(struct arena *a, unsigned number, const char *message)
{
	const char *name = parameter_find_name(a, message);
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(unfit_values); i++)
		if (unfit_values[i].number == number)
			break;
	if (i == NELEM(unfit_values))
		return NULL;
	p = problem_invalid(a, name, unfit_values[i].code, "%s",
	    unfit_values[i].text);
	p->text = arena_printf(a, "%s: %s", name, unfit_values[i].text);
	p->field = NULL; /* it comes from words: nothing is decided by it */
	return p;
}

static enum db_outcome
outcome_of(unsigned number, const char *message)
{
	if (is_lost(number))
		return OUTCOME_LOST;
	if (is_repeatable(number, message))
		return OUTCOME_REPEAT;
	switch (number) {
	case ER_LOCK_WAIT_TIMEOUT:
		return OUTCOME_WAITED;
	case ER_DUP_ENTRY: /* a racing twin won: the next run sees it */
		return OUTCOME_REPEAT;
	default:
		return OUTCOME_NONE;
	}
}

static enum problem_kind
kind_of(unsigned number, enum db_outcome outcome)
{
	switch (number) {
	case ER_DUP_ENTRY: /* if it lasts, a bug */
		return PROBLEM_FAULT;
	case ER_SP_DOES_NOT_EXIST:
		/* Not migrated, or a migrate is replacing it right now. */
		return PROBLEM_UNAVAILABLE;
	default:
		return outcome == OUTCOME_NONE ? PROBLEM_FAULT :
		    PROBLEM_UNAVAILABLE;
	}
}

struct db_error {
	unsigned number;
	const char *sqlstate;
	const char *message;
};

static struct problem *
db_error_translate(struct arena *a, const char *what,
    const struct db_error *error, enum db_outcome *outcome)
{
	struct problem *p;

	*outcome = OUTCOME_NONE;
	if (strncmp(error->sqlstate, "45", 2) == 0)
		return signal_translate(a, error->sqlstate, error->message);
	p = unfit_value_translate(a, error->number, error->message);
	if (p != NULL)
		return p;
	*outcome = outcome_of(error->number, error->message);
	p = problem_new(a, kind_of(error->number, *outcome));
	snprintf(p->log, sizeof(p->log), "%s: database error %u (%s): %s", what,
	    error->number, error->sqlstate, error->message);
	return p;
}

static struct problem *
connection_take_error(struct db *db, struct arena *a, const char *what)
{
	const struct db_error error = { mysql_errno(db->mysql),
		mysql_sqlstate(db->mysql), mysql_error(db->mysql) };

	db->error = error.number;
	return db_error_translate(a, what, &error, &db->outcome);
}

static struct problem *
statement_take_error(struct db *db, struct arena *a, const char *what,
    MYSQL_STMT *stmt)
{
	const struct db_error error = { mysql_stmt_errno(stmt),
		mysql_stmt_sqlstate(stmt), mysql_stmt_error(stmt) };

	db->error = error.number;
	return db_error_translate(a, what, &error, &db->outcome);
}

/* ---- connecting ---- */

static MYSQL *
handle_make(const struct db *db)
{
	const struct config *c = db->config;
	unsigned connect_s = (unsigned)c->db_connect_timeout_s;
	unsigned read_s = (unsigned)c->db_read_timeout_s;
	MYSQL *mysql = mysql_init(NULL);
	size_t i;

	if (mysql == NULL)
		log_fatal(71, "out of memory");
	if (db->admin)
		read_s = 0; /* a migration takes as long as it takes */
	mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &read_s);
	mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &read_s);
	mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	for (i = 0; i < NELEM(session_setup); i++)
		mysql_options(mysql, MYSQL_INIT_COMMAND, session_setup[i]);
	return mysql;
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
	    CLIENT_MULTI_RESULTS) != NULL;
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

static struct problem *
db_connect(struct db *db, struct arena *a)
{
	struct problem *p;

	if (db->mysql != NULL)
		return NULL;
	/* While the database is away, requests are told so at once. */
	if (db->pause_ms != 0 && monotonic_ms() < db->pause_until_ms)
		return problem_new(a, PROBLEM_UNAVAILABLE);
	if (!any_host_connect(db, a)) {
		p = problem_new(a, PROBLEM_UNAVAILABLE);
		snprintf(p->log, sizeof(p->log), "cannot connect to the database: %s",
		    db->mysql != NULL ? mysql_error(db->mysql) : "db_hosts is empty");
		db_disconnect(db);
		db->pause_ms = db->pause_ms == 0 ? PAUSE_FIRST_MS : db->pause_ms * 2;
		if (db->pause_ms > PAUSE_LAST_MS)
			db->pause_ms = PAUSE_LAST_MS;
		db->pause_until_ms = monotonic_ms() + db->pause_ms;
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

/* ---- one call ---- */

struct call {
	const struct db_procedure *procedure;
	const void *arguments;
	struct db_result *result;
};

static struct problem *
statement_prepare(struct db *db, struct arena *a,
    const struct db_procedure *procedure, MYSQL_STMT **out)
{
	char text[160];
	size_t i, length;
	MYSQL_STMT *stmt;
	struct problem *p;

	if ((*out = db->statements[procedure->id]) != NULL)
		return NULL;
	length = (size_t)snprintf(text, sizeof(text), "CALL %s(",
	    procedure->name);
	for (i = 0; i < procedure->parameter_count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
		    "%s?", i == 0 ? "" : ",");
	snprintf(text + length, sizeof(text) - length, ")");
	stmt = mysql_stmt_init(db->mysql);
	if (stmt == NULL)
		log_fatal(71, "out of memory");
	db->round_trips++;
	if (mysql_stmt_prepare(stmt, text, strlen(text)) != 0) {
		p = statement_take_error(db, a, procedure->name, stmt);
		mysql_stmt_close(stmt);
		return p;
	}
	*out = db->statements[procedure->id] = stmt;
	return NULL;
}

static struct problem *
result_read(struct db *db, struct arena *a, const struct call *call,
    MYSQL_STMT *stmt)
{
	bool is_broken;
	struct problem *p = db_read_rows(stmt, a, call->procedure, call->result,
	    &is_broken);

	return is_broken ?
	    statement_take_error(db, a, call->procedure->name, stmt) : p;
}

/* Reads everything a call answers: a SIGNAL may come after the rows. */
static struct problem *
results_drain(struct db *db, struct arena *a, const struct call *call,
    MYSQL_STMT *stmt)
{
	const struct db_procedure *procedure = call->procedure;
	bool answers = procedure->column_count > 0, seen = false;
	struct problem *p = NULL;
	int more = 0;

	while (more == 0) {
		if (mysql_stmt_field_count(stmt) > 0 && p == NULL) {
			if (seen || !answers)
				p = problem_fault(a, "%s: %s", procedure->name,
				    seen ? "two result sets" : "a result set");
			else
				p = result_read(db, a, call, stmt);
			seen = true;
		}
		mysql_stmt_free_result(stmt);
		more = mysql_stmt_next_result(stmt);
	}
	if (more > 0)
		return statement_take_error(db, a, procedure->name, stmt);
	if (p == NULL && !seen && answers)
		p = problem_fault(a, "%s: no result set", procedure->name);
	return p;
}

static struct problem *
call_run(struct db *db, struct arena *a, void *state)
{
	const struct call *call = state;
	const struct db_procedure *procedure = call->procedure;
	MYSQL_STMT *stmt;
	struct problem *p;

	db->outcome = OUTCOME_NONE;
	*call->result = (struct db_result){ 0 };
	if ((p = db_connect(db, a)) != NULL ||
	    (p = statement_prepare(db, a, procedure, &stmt)) != NULL)
		return p;
	if (!db_bind_arguments(stmt, a, procedure, call->arguments))
		return statement_take_error(db, a, procedure->name, stmt);
	db->round_trips++;
	if (mysql_stmt_execute(stmt) != 0)
		return statement_take_error(db, a, procedure->name, stmt);
	return results_drain(db, a, call, stmt);
}

/* ---- transactions ---- */

static struct problem *
transaction_begin(struct db *db, struct arena *a)
{
	struct problem *p;

	db->outcome = OUTCOME_NONE;
	if ((p = db_connect(db, a)) != NULL)
		return p;
	db->round_trips++;
	if (mysql_query(db->mysql, "START TRANSACTION") != 0)
		return connection_take_error(db, a, "begin");
	return NULL;
}

static struct problem *
transaction_commit(struct db *db, struct arena *a)
{
	struct problem *p;

	db->round_trips++;
	if (mysql_commit(db->mysql) == 0)
		return NULL;
	p = connection_take_error(db, a, "commit");
	if (db->outcome == OUTCOME_LOST) {
		/* It may have been done: only the caller's key can tell. */
		db->outcome = OUTCOME_NONE;
		db_disconnect(db);
		p->kind = PROBLEM_UNCERTAIN;
		p->text = problem_new(a, PROBLEM_UNCERTAIN)->text;
	}
	return p;
}

/* Makes the connection fit for another attempt. */
static void
transaction_roll_back(struct db *db)
{
	if (db->outcome == OUTCOME_LOST) {
		db_disconnect(db);
		return;
	}
	if (db->mysql != NULL) {
		db->round_trips++;
		if (mysql_rollback(db->mysql) != 0)
			db_disconnect(db);
	}
}

static void
pause_before_attempt(int attempt)
{
	long ms = (1L << attempt) + random() % (2L << attempt);
	struct timespec t = { .tv_nsec = ms * 1000000L };

	nanosleep(&t, NULL);
}

static struct problem *
transaction_attempt(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *, struct arena *, void *), void *state)
{
	enum db_outcome outcome;
	struct problem *p;

	if ((p = transaction_begin(db, a)) == NULL) {
		db->in_transaction = true;
		p = work(db, a, state);
		db->in_transaction = false;
		if (p == NULL)
			p = transaction_commit(db, a);
	}
	if (p != NULL) {
		outcome = db->outcome;
		transaction_roll_back(db);
		db->outcome = outcome;
	}
	return p;
}

struct problem *
db_transaction(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *db, struct arena *a, void *state),
    void *state)
{
	struct problem *p = NULL;
	int attempt, longer = 0;

	if (db->in_transaction)
		return problem_fault(a, "a transaction inside a transaction");
	for (attempt = 0; attempt < ATTEMPTS; attempt++) {
		p = transaction_attempt(db, a, work, state);
		if (p == NULL || db->outcome == OUTCOME_NONE)
			return p;
		/* A server that went away once may be back; twice, it is down. */
		if (db->outcome == OUTCOME_REPEAT)
			pause_before_attempt(attempt);
		else if (++longer == LONG_ATTEMPTS)
			return p;
	}
	return p;
}

struct problem *
db_call(struct db *db, struct arena *a, const struct db_procedure *procedure,
    const void *arguments, struct db_result *result)
{
	struct db_result unwanted;
	struct call call = { procedure, arguments,
		result == NULL ? &unwanted : result };
	struct problem *p;
	int attempt;

	*call.result = (struct db_result){ 0 };
	if (db->in_transaction)
		return call_run(db, a, &call);
	if (procedure->kind == PROCEDURE_WRITE)
		return db_transaction(db, a, call_run, &call);
	for (attempt = 0; ; attempt++) {
		p = call_run(db, a, &call);
		if (p == NULL || db->outcome == OUTCOME_NONE || attempt == 3)
			return p;
		if (db->outcome == OUTCOME_LOST) {
			db_disconnect(db);
			if (attempt > 0)
				return p;
		} else {
			pause_before_attempt(attempt);
		}
	}
}

struct problem *
db_call_for_row(struct db *db, struct arena *a,
    const struct db_procedure *procedure, const void *arguments, void *row)
{
	struct db_result result;
	struct problem *p = db_call(db, a, procedure, arguments, &result);

	if (p != NULL)
		return p;
	if (result.count == 0)
		return problem_fault(a, "%s: no row", procedure->name);
	memcpy(row, result.rows, procedure->row_size);
	return NULL;
}

void *
db_first(const struct db_result *result)
{
	return result->count == 0 ? NULL : result->rows;
}

/* ---- for migrations ---- */

struct problem *
db_run_file_statement(struct db *db, struct arena *a, const char *statement)
{
	struct problem *p;
	MYSQL_RES *result;

	if ((p = db_connect(db, a)) != NULL)
		return p;
	db->round_trips++;
	if (mysql_query(db->mysql, statement) != 0)
		return connection_take_error(db, a, "statement");
	result = mysql_store_result(db->mysql);
	if (result != NULL)
		mysql_free_result(result);
	return NULL;
}

struct problem *
db_use_database(struct db *db, struct arena *a)
{
	struct problem *p;

	if ((p = db_connect(db, a)) != NULL)
		return p;
	db->round_trips++;
	if (mysql_select_db(db->mysql, db->config->db_name) != 0)
		return connection_take_error(db, a, "choose database");
	return NULL;
}

struct problem *
db_quote(struct db *db, struct arena *a, const char *text,
    const char **quoted)
{
	size_t length = strlen(text);
	char *out = arena_alloc(a, 2 * length + 3);
	struct problem *p;

	if ((p = db_connect(db, a)) != NULL)
		return p;
	out[0] = '\'';
	length = mysql_real_escape_string(db->mysql, out + 1, text, length);
	out[length + 1] = '\'';
	*quoted = out;
	return NULL;
}
