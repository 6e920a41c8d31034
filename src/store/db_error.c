/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_error.h"

#include <errmsg.h>
#include <mysql.h>
#include <mysqld_error.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
is_lost(unsigned number)
{
	switch (number) {
	case CR_SERVER_GONE_ERROR:
	case CR_SERVER_LOST:
	case CR_CONNECTION_ERROR:
	case CR_CONN_HOST_ERROR:
	case CR_COMMANDS_OUT_OF_SYNC: /* only a fresh connection is trusted */
	case 0: /* the library failed without a reason: out of memory */
	case CR_OUT_OF_MEMORY: /* it may have read a part of an answer */
#ifdef CR_SERVER_LOST_EXTENDED
	case CR_SERVER_LOST_EXTENDED:
#endif
	case ER_SERVER_SHUTDOWN:
	case ER_NEW_ABORTING_CONNECTION:
	case ER_UNKNOWN_COM_ERROR: /* Galera: this node is outside of it now */
	case 1077: /* MariaDB: the server shuts down */
	case 1927: /* MariaDB: the connection was killed */
	case 4031: /* MySQL: the connection was idle for wait_timeout */
		return true;
	default:
		return false;
	}
}

/* True if the server rolled back, so that the same may be tried again. */
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

/*
 * Conditions that only the administrator of the database can end, in words for
 * the log. A host that cannot serve is left for another.
 */
static const struct condition {
	unsigned number;
	bool of_host;
	const char *text;
} conditions[] = {
	{ 1021, true, "the disk of the database is full" },
	{ 1047, true, "this node of the database is outside of its cluster, "
	    "which may have lost its quorum" },
	{ 1114, true, "the disk or the tablespace of the database is full" },
	{ 1180, false, "the database could not commit: its disk is full, or "
	    "its cluster has lost its quorum" },
	{ 1290, true, "the database is read-only" },
	{ ER_PROCACCESS_DENIED_ERROR, false, "the database has no such "
	    "procedure, or this user may not call it: run reevectl migrate" },
	{ 1461, false, "too many prepared statements: raise "
	    "max_prepared_stmt_count of the database" },
	{ 1792, true, "the database is read-only (transaction_read_only)" },
	{ 1836, true, "the database is read-only (innodb_read_only)" },
};

static const struct condition *
find_condition(unsigned number)
{
	size_t i;

	for (i = 0; i < NELEM(conditions); i++)
		if (conditions[i].number == number)
			return &conditions[i];
	return NULL;
}

bool
db_error_is_of_host(unsigned number)
{
	const struct condition *c = find_condition(number);

	return c != NULL && c->of_host;
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
	const char *code; /* the name of the rule in answers */
	const char *text;
} unfit_values[] = {
	{ ER_DATA_TOO_LONG, "maxLength", "it is too long" },
	{ ER_TRUNCATED_WRONG_VALUE_FOR_FIELD, "encoding", "it is not UTF-8" },
	{ ER_WARN_DATA_OUT_OF_RANGE, "maximum", "it is out of range" },
};

/*
 * The parameter that a value did not fit, for people: the server names it only
 * in the text, "... column 'p_name' at row 0" (a condition's COLUMN_NAME stays
 * empty for parameters).
 */
static const char *
parameter_find_name(struct arena *a, const char *message)
{
	const char *at = strstr(message, "p_");

	return at == NULL ? "value" :
	    arena_strndup(a, at + 2, strcspn(at + 2, "'`"));
}

/* Values that do not fit a parameter: the client's error. */
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
	p->field = NULL; /* it is parsed out of a text: not for decisions */
	return p;
}

static enum db_outcome
outcome_of(unsigned number, const char *message)
{
	if (is_lost(number))
		return OUTCOME_LOST;
	if (is_repeatable(number, message))
		return OUTCOME_REPEAT;
	if (db_error_is_of_host(number))
		return OUTCOME_UNFIT;
	switch (number) {
	case ER_LOCK_WAIT_TIMEOUT:
		return OUTCOME_WAITED;
	case ER_DUP_ENTRY: /* a concurrent call won: a repetition sees it */
		return OUTCOME_REPEAT;
	default:
		return OUTCOME_NONE;
	}
}

static enum problem_kind
kind_of(unsigned number, enum db_outcome outcome)
{
	switch (number) {
	case ER_DUP_ENTRY: /* if it persists, a bug */
		return PROBLEM_FAULT;
	case ER_SP_DOES_NOT_EXIST:
		/* Not migrated, or a migrate is replacing it right now. */
		return PROBLEM_UNAVAILABLE;
	case ER_NET_PACKET_TOO_LARGE:
	case CR_NET_PACKET_TOO_LARGE:
		return PROBLEM_TOO_LARGE;
	default:
		return outcome == OUTCOME_NONE &&
		    find_condition(number) == NULL ? PROBLEM_FAULT :
		    PROBLEM_UNAVAILABLE;
	}
}

struct problem *
db_error_translate(struct arena *a, const char *what,
    const struct db_error *error, enum db_outcome *outcome)
{
	const struct condition *c = find_condition(error->number);
	struct problem *p;

	*outcome = OUTCOME_NONE;
	if (strncmp(error->sqlstate, "45", 2) == 0)
		return signal_translate(a, error->sqlstate, error->message);
	p = unfit_value_translate(a, error->number, error->message);
	if (p != NULL)
		return p;
	*outcome = outcome_of(error->number, error->message);
	p = problem_new(a, kind_of(error->number, *outcome));
	p->cause = c == NULL ? NULL : c->text;
	snprintf(p->log, sizeof(p->log), "%s%s%s: database error %u (%s): %s",
	    c == NULL ? "" : c->text, c == NULL ? "" : ": ", what,
	    error->number, error->sqlstate, error->message);
	return p;
}
