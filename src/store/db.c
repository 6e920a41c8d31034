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

#define COLUMNS_MAX 24
#define PARAMETERS_MAX 20
#define INLINE_BYTES 256  /* longer fields are fetched a second time */
#define ATTEMPTS 8        /* of one transaction */
#define LONG_ATTEMPTS 2   /* of them, that lost a connection or waited long */
#define PAUSE_FIRST_MS 100 /* between attempts to connect, doubling */
#define PAUSE_LAST_MS 2000

/* A connection always starts from the same state, whatever the server's defaults. */
static const char *const session_setup[] = {
	"SET NAMES utf8mb4", /* some servers do not heed what a client asks for */
	"SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,"
	"NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION', "
	"time_zone = '+00:00'",
	"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
	/* Twice this is still within request_terminate_timeout. */
	"SET SESSION innodb_lock_wait_timeout = 5",
};

enum outcome {
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
	enum outcome outcome; /* of the call that failed last */
	unsigned error;       /* the server's or client's number of it */
	int64_t pause_ms;     /* 0: the last attempt to connect succeeded */
	int64_t pause_until_ms;
	uint64_t round_trips;
};

struct db_value
db_text(const char *text)
{
	if (text == NULL)
		return db_null();
	return (struct db_value){ .type = 't', .bytes = text,
		.length = strlen(text) };
}

struct db_value
db_bytes(const void *bytes, size_t length)
{
	return (struct db_value){ .type = 'b', .bytes = bytes, .length = length };
}

struct db_value
db_int(int64_t number)
{
	return (struct db_value){ .type = 'i', .number = number };
}

struct db_value
db_null(void)
{
	return (struct db_value){ .type = '0' };
}

struct db_value
db_moment(int64_t number)
{
	return number == 0 ? db_null() : db_int(number);
}

const struct db_cell *
db_row(const struct db_rows *rows, size_t r)
{
	return rows->cells + r * rows->columns;
}

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
disconnect(struct db *db)
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
	disconnect(*db);
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
	case ER_NORMAL_SHUTDOWN:
	case ER_NEW_ABORTING_CONNECTION:
	case 1047: /* Galera: this node is not part of the cluster now */
	case 1927: /* MariaDB: the connection was killed */
		return true;
	default:
		return false;
	}
}

static bool
is_repeatable(unsigned number)
{
	switch (number) {
	case ER_LOCK_DEADLOCK: /* also a failed Galera certification */
	case 1020:           /* MariaDB: record has changed since last read */
	case 1412:           /* table definition has changed */
		return true;
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
signalled(struct arena *a, const char *sqlstate, const char *message)
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
	const char *code; /* api.md 6.7 */
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
parameter_to_tell(struct arena *a, const char *message)
{
	const char *at = strstr(message, "p_");

	return at == NULL ? "value" :
	    arena_strndup(a, at + 2, strcspn(at + 2, "'`"));
}

/* Values that do not fit a parameter: an answer for whoever sent them. */
static struct problem *
unfit_value(struct arena *a, unsigned number, const char *message)
{
	const char *name = parameter_to_tell(a, message);
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

static struct problem *
failed(struct db *db, struct arena *a, const char *what, unsigned number,
    const char *sqlstate, const char *message)
{
	struct problem *p;

	db->outcome = OUTCOME_NONE;
	db->error = number;
	if (strncmp(sqlstate, "45", 2) == 0)
		return signalled(a, sqlstate, message);
	if ((p = unfit_value(a, number, message)) != NULL)
		return p;
	if (is_lost(number)) {
		db->outcome = OUTCOME_LOST;
		p = problem_new(a, PROBLEM_UNAVAILABLE);
	} else if (is_repeatable(number)) {
		db->outcome = OUTCOME_REPEAT;
		p = problem_new(a, PROBLEM_UNAVAILABLE);
	} else if (number == ER_LOCK_WAIT_TIMEOUT) {
		db->outcome = OUTCOME_WAITED;
		p = problem_new(a, PROBLEM_UNAVAILABLE);
	} else if (number == ER_DUP_ENTRY) {
		/* A racing twin won: the next run sees it. If it lasts, a bug. */
		db->outcome = OUTCOME_REPEAT;
		p = problem_new(a, PROBLEM_FAULT);
	} else if (number == ER_SP_DOES_NOT_EXIST) {
		/* Not migrated, or a migrate is replacing it right now. */
		p = problem_new(a, PROBLEM_UNAVAILABLE);
	} else {
		p = problem_new(a, PROBLEM_FAULT);
	}
	snprintf(p->log, sizeof(p->log), "%s: database error %u (%s): %s", what,
	    number, sqlstate, message);
	return p;
}

static struct problem *
connection_failed(struct db *db, struct arena *a, const char *what)
{
	return failed(db, a, what, mysql_errno(db->mysql),
	    mysql_sqlstate(db->mysql), mysql_error(db->mysql));
}

static struct problem *
statement_failed(struct db *db, struct arena *a, const char *what,
    MYSQL_STMT *stmt)
{
	return failed(db, a, what, mysql_stmt_errno(stmt),
	    mysql_stmt_sqlstate(stmt), mysql_stmt_error(stmt));
}

/* ---- connecting ---- */

static MYSQL *
new_handle(const struct db *db)
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
connect_to(struct db *db, const char *host, unsigned port, const char *socket)
{
	const struct config *c = db->config;
	bool own = db->admin && c->db_admin_user[0] != '\0';

	db->mysql = new_handle(db);
	db->round_trips++;
	return mysql_real_connect(db->mysql, host,
	    own ? c->db_admin_user : c->db_user,
	    own ? c->db_admin_password : c->db_password,
	    db->admin ? NULL : c->db_name, port, socket,
	    CLIENT_MULTI_RESULTS) != NULL;
}

/* Tries each host of the list in turn; the last failure's handle stays. */
static bool
connect_any(struct db *db, struct arena *a)
{
	char *hosts = arena_strdup(a, db->config->db_hosts);
	char *save = NULL, *host, *colon;
	unsigned port;

	if (db->config->db_socket[0] != '\0')
		return connect_to(db, NULL, 0, db->config->db_socket);
	for (host = strtok_r(hosts, ", ", &save); host != NULL;
	    host = strtok_r(NULL, ", ", &save)) {
		if (db->mysql != NULL)
			disconnect(db);
		colon = strrchr(host, ':');
		port = 0;
		if (colon != NULL && strchr(host, ':') == colon) {
			*colon = '\0';
			port = (unsigned)atoi(colon + 1);
		}
		if (connect_to(db, host, port, NULL))
			return true;
	}
	return false;
}

static struct problem *
connected(struct db *db, struct arena *a)
{
	struct problem *p;

	if (db->mysql != NULL)
		return NULL;
	/* While the database is away, requests are told so at once. */
	if (db->pause_ms != 0 && monotonic_ms() < db->pause_until_ms)
		return problem_new(a, PROBLEM_UNAVAILABLE);
	if (!connect_any(db, a)) {
		p = problem_new(a, PROBLEM_UNAVAILABLE);
		snprintf(p->log, sizeof(p->log), "cannot connect to the database: %s",
		    db->mysql != NULL ? mysql_error(db->mysql) : "db_hosts is empty");
		disconnect(db);
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
		disconnect(db);
		return problem_fault(a, "the database connection is not utf8mb4");
	}
	return NULL;
}

/* ---- one call ---- */

/* A call on its way: by name, or by position (procedure NULL). */
struct call {
	enum procedure id;
	const char *name;
	enum procedure_kind kind;
	size_t parameters;
	bool answers; /* it has a result set */
	const struct db_procedure *procedure;
	const void *arguments;
	struct db_result *result;
	const struct procedure_row *row;
	const struct db_value *args;
	size_t count;
	struct db_rows *rows;
};

static struct problem *
prepared(struct db *db, struct arena *a, const struct call *call,
    MYSQL_STMT **out)
{
	char text[160];
	size_t i, length;
	MYSQL_STMT *stmt;
	struct problem *p;

	if ((*out = db->statements[call->id]) != NULL)
		return NULL;
	length = (size_t)snprintf(text, sizeof(text), "CALL %s(", call->name);
	for (i = 0; i < call->parameters; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length,
		    "%s?", i == 0 ? "" : ",");
	snprintf(text + length, sizeof(text) - length, ")");
	stmt = mysql_stmt_init(db->mysql);
	if (stmt == NULL)
		log_fatal(71, "out of memory");
	db->round_trips++;
	if (mysql_stmt_prepare(stmt, text, strlen(text)) != 0) {
		p = statement_failed(db, a, call->name, stmt);
		mysql_stmt_close(stmt);
		return p;
	}
	*out = db->statements[call->id] = stmt;
	return NULL;
}

static struct problem *
bound(struct arena *a, const struct procedure_row *row,
    const struct db_value *args, size_t count, MYSQL_BIND *binds)
{
	size_t i;

	if (count != strlen(row->in) || count > PARAMETERS_MAX)
		return problem_fault(a, "%s: %zu arguments", row->name, count);
	memset(binds, 0, sizeof(*binds) * count);
	for (i = 0; i < count; i++) {
		if (args[i].type == '0') {
			binds[i].buffer_type = MYSQL_TYPE_NULL;
			continue;
		}
		if (args[i].type != row->in[i])
			return problem_fault(a, "%s: argument %zu is of type %c",
			    row->name, i + 1, args[i].type);
		if (args[i].type == 'i') {
			binds[i].buffer_type = MYSQL_TYPE_LONGLONG;
			binds[i].buffer = (void *)(uintptr_t)&args[i].number;
			continue;
		}
		binds[i].buffer_type = args[i].type == 't' ?
		    MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
		binds[i].buffer = (void *)(uintptr_t)args[i].bytes;
		binds[i].buffer_length = args[i].length;
	}
	return NULL;
}

/* Where a row's fields land before they are copied to the arena. */
struct landing {
	MYSQL_BIND binds[COLUMNS_MAX];
	unsigned long lengths[COLUMNS_MAX];
	int64_t numbers[COLUMNS_MAX];
	char bytes[COLUMNS_MAX][INLINE_BYTES];
#ifdef MARIADB_PACKAGE_VERSION
	my_bool nulls[COLUMNS_MAX];
#else
	bool nulls[COLUMNS_MAX];
#endif
};

static void
land(struct landing *l, const char *out, size_t columns)
{
	size_t i;

	memset(l->binds, 0, sizeof(l->binds));
	for (i = 0; i < columns; i++) {
		l->binds[i].length = &l->lengths[i];
		l->binds[i].is_null = &l->nulls[i];
		if (out[i] == 'i') {
			l->binds[i].buffer_type = MYSQL_TYPE_LONGLONG;
			l->binds[i].buffer = &l->numbers[i];
			continue;
		}
		l->binds[i].buffer_type = out[i] == 't' ?
		    MYSQL_TYPE_STRING : MYSQL_TYPE_BLOB;
		l->binds[i].buffer = l->bytes[i];
		l->binds[i].buffer_length = INLINE_BYTES;
	}
}

static bool
copy_cell(struct arena *a, MYSQL_STMT *stmt, struct landing *l, char type,
    unsigned column, struct db_cell *cell)
{
	unsigned long length = l->lengths[column];
	MYSQL_BIND whole;
	char *text;

	if (l->nulls[column])
		return true;
	if (type == 'i') {
		cell->text = "";
		cell->number = l->numbers[column];
		return true;
	}
	text = arena_alloc(a, length + 1);
	if (length <= INLINE_BYTES) {
		memcpy(text, l->bytes[column], length);
	} else {
		whole = l->binds[column];
		whole.buffer = text;
		whole.buffer_length = length;
		if (mysql_stmt_fetch_column(stmt, &whole, column, 0) != 0)
			return false;
	}
	cell->text = text;
	cell->number = (int64_t)length;
	return true;
}

static struct problem *
fetched(struct db *db, struct arena *a, const struct procedure_row *row,
    MYSQL_STMT *stmt, struct db_rows *rows)
{
	size_t columns = strlen(row->out), capacity = 0;
	struct db_cell *cells = NULL;
	struct landing l;
	unsigned i;
	int code;

	if (mysql_stmt_field_count(stmt) != columns)
		return problem_fault(a, "%s: %u columns instead of %zu", row->name,
		    mysql_stmt_field_count(stmt), columns);
	land(&l, row->out, columns);
	if (mysql_stmt_bind_result(stmt, l.binds) != 0 ||
	    mysql_stmt_store_result(stmt) != 0)
		return statement_failed(db, a, row->name, stmt);
	rows->columns = columns;
	capacity = (size_t)mysql_stmt_num_rows(stmt);
	cells = arena_alloc(a, capacity * columns * sizeof(*cells));
	for (rows->count = 0; rows->count < capacity; rows->count++) {
		code = mysql_stmt_fetch(stmt);
		if (code != 0 && code != MYSQL_DATA_TRUNCATED)
			return statement_failed(db, a, row->name, stmt);
		for (i = 0; i < columns; i++)
			if (!copy_cell(a, stmt, &l, row->out[i], i,
			    &cells[rows->count * columns + i]))
				return statement_failed(db, a, row->name, stmt);
	}
	rows->cells = cells;
	return NULL;
}

static struct problem *
read_result(struct db *db, struct arena *a, const struct call *call,
    MYSQL_STMT *stmt)
{
	struct problem *p;
	bool is_broken;

	if (call->procedure == NULL)
		return fetched(db, a, call->row, stmt, call->rows);
	p = db_read_rows(stmt, a, call->procedure, call->result, &is_broken);
	return is_broken ? statement_failed(db, a, call->name, stmt) : p;
}

/* Reads everything a call answers: a SIGNAL may come after the rows. */
static struct problem *
drained(struct db *db, struct arena *a, const struct call *call,
    MYSQL_STMT *stmt)
{
	struct problem *p = NULL;
	bool seen = false;
	int more = 0;

	while (more == 0) {
		if (mysql_stmt_field_count(stmt) > 0 && p == NULL) {
			if (seen || !call->answers)
				p = problem_fault(a, "%s: %s", call->name, seen ?
				    "two result sets" : "a result set");
			else
				p = read_result(db, a, call, stmt);
			seen = true;
		}
		mysql_stmt_free_result(stmt);
		more = mysql_stmt_next_result(stmt);
	}
	if (more > 0)
		return statement_failed(db, a, call->name, stmt);
	if (p == NULL && !seen && call->answers)
		p = problem_fault(a, "%s: no result set", call->name);
	return p;
}

static struct problem *
bind_arguments(struct db *db, struct arena *a, const struct call *call,
    MYSQL_STMT *stmt)
{
	MYSQL_BIND binds[PARAMETERS_MAX];
	struct problem *p;

	if (call->procedure != NULL)
		return db_bind_arguments(stmt, a, call->procedure,
		    call->arguments) ? NULL :
		    statement_failed(db, a, call->name, stmt);
	p = bound(a, call->row, call->args, call->count, binds);
	if (p == NULL && mysql_stmt_bind_param(stmt, binds) != 0)
		p = statement_failed(db, a, call->name, stmt);
	return p;
}

static struct problem *
call_once(struct db *db, struct arena *a, void *state)
{
	const struct call *call = state;
	MYSQL_STMT *stmt;
	struct problem *p;

	db->outcome = OUTCOME_NONE;
	if (call->rows != NULL)
		memset(call->rows, 0, sizeof(*call->rows));
	if (call->result != NULL)
		*call->result = (struct db_result){ 0 };
	if ((p = connected(db, a)) != NULL ||
	    (p = prepared(db, a, call, &stmt)) != NULL ||
	    (p = bind_arguments(db, a, call, stmt)) != NULL)
		return p;
	db->round_trips++;
	if (mysql_stmt_execute(stmt) != 0)
		return statement_failed(db, a, call->name, stmt);
	return drained(db, a, call, stmt);
}

/* ---- transactions ---- */

static struct problem *
begin(struct db *db, struct arena *a)
{
	struct problem *p;

	db->outcome = OUTCOME_NONE;
	if ((p = connected(db, a)) != NULL)
		return p;
	db->round_trips++;
	if (mysql_query(db->mysql, "START TRANSACTION") != 0)
		return connection_failed(db, a, "begin");
	return NULL;
}

static struct problem *
commit(struct db *db, struct arena *a)
{
	struct problem *p;

	db->round_trips++;
	if (mysql_commit(db->mysql) == 0)
		return NULL;
	p = connection_failed(db, a, "commit");
	if (db->outcome == OUTCOME_LOST) {
		/* It may have been done: only the caller's key can tell. */
		db->outcome = OUTCOME_NONE;
		disconnect(db);
		p->kind = PROBLEM_UNCERTAIN;
		p->text = problem_new(a, PROBLEM_UNCERTAIN)->text;
	}
	return p;
}

/* Makes the connection fit for another attempt. */
static void
roll_back(struct db *db)
{
	if (db->outcome == OUTCOME_LOST) {
		disconnect(db);
		return;
	}
	if (db->mysql != NULL) {
		db->round_trips++;
		if (mysql_rollback(db->mysql) != 0)
			disconnect(db);
	}
}

static void
pause_before(int attempt)
{
	long ms = (1L << attempt) + random() % (2L << attempt);
	struct timespec t = { .tv_nsec = ms * 1000000L };

	nanosleep(&t, NULL);
}

static struct problem *
attempt_transaction(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *, struct arena *, void *), void *state)
{
	enum outcome outcome;
	struct problem *p;

	if ((p = begin(db, a)) == NULL) {
		db->in_transaction = true;
		p = work(db, a, state);
		db->in_transaction = false;
		if (p == NULL)
			p = commit(db, a);
	}
	if (p != NULL) {
		outcome = db->outcome;
		roll_back(db);
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
		p = attempt_transaction(db, a, work, state);
		if (p == NULL || db->outcome == OUTCOME_NONE)
			return p;
		/* A server that went away once may be back; twice, it is down. */
		if (db->outcome == OUTCOME_REPEAT)
			pause_before(attempt);
		else if (++longer == LONG_ATTEMPTS)
			return p;
	}
	return p;
}

/* A call, in the transaction there is, or again as often as it may be. */
static struct problem *
call_as_often(struct db *db, struct arena *a, struct call *call)
{
	struct problem *p;
	int attempt;

	if (db->in_transaction)
		return call_once(db, a, call);
	if (call->kind == PROCEDURE_WRITE)
		return db_transaction(db, a, call_once, call);
	for (attempt = 0; ; attempt++) {
		p = call_once(db, a, call);
		if (p == NULL || db->outcome == OUTCOME_NONE || attempt == 3)
			return p;
		if (db->outcome == OUTCOME_LOST) {
			disconnect(db);
			if (attempt > 0)
				return p;
		} else {
			pause_before(attempt);
		}
	}
}

struct problem *
db_call(struct db *db, struct arena *a, enum procedure procedure,
    const struct db_value *args, size_t count, struct db_rows *rows)
{
	const struct procedure_row *row = procedure_row(procedure);
	struct db_rows unwanted;
	struct call call = {
		.id = procedure, .name = row->name, .kind = row->kind,
		.parameters = strlen(row->in), .answers = row->out[0] != '\0',
		.row = row, .args = args, .count = count,
		.rows = rows == NULL ? &unwanted : rows,
	};

	return call_as_often(db, a, &call);
}

struct problem *
db_run(struct db *db, struct arena *a, const struct db_procedure *procedure,
    const void *arguments, struct db_result *result)
{
	struct db_result unwanted;
	struct call call = {
		.id = procedure->id, .name = procedure->name,
		.kind = procedure->kind,
		.parameters = procedure->parameter_count,
		.answers = procedure->column_count > 0,
		.procedure = procedure, .arguments = arguments,
		.result = result == NULL ? &unwanted : result,
	};

	*call.result = (struct db_result){ 0 };
	return call_as_often(db, a, &call);
}

struct problem *
db_run_for_row(struct db *db, struct arena *a,
    const struct db_procedure *procedure, const void *arguments, void *row)
{
	struct db_result result;
	struct problem *p = db_run(db, a, procedure, arguments, &result);

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

	if ((p = connected(db, a)) != NULL)
		return p;
	db->round_trips++;
	if (mysql_query(db->mysql, statement) != 0)
		return connection_failed(db, a, "statement");
	result = mysql_store_result(db->mysql);
	if (result != NULL)
		mysql_free_result(result);
	return NULL;
}

struct problem *
db_use_database(struct db *db, struct arena *a)
{
	struct problem *p;

	if ((p = connected(db, a)) != NULL)
		return p;
	db->round_trips++;
	if (mysql_select_db(db->mysql, db->config->db_name) != 0)
		return connection_failed(db, a, "choose database");
	return NULL;
}

struct problem *
db_quote(struct db *db, struct arena *a, const char *text,
    const char **quoted)
{
	size_t length = strlen(text);
	char *out = arena_alloc(a, 2 * length + 3);
	struct problem *p;

	if ((p = connected(db, a)) != NULL)
		return p;
	out[0] = '\'';
	length = mysql_real_escape_string(db->mysql, out + 1, text, length);
	out[length + 1] = '\'';
	*quoted = out;
	return NULL;
}
