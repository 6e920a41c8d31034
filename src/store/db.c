/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db.h"

#include <stdio.h>
#include <string.h>

#include "base/counters.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/places.h"
#include "store/db_bind.h"
#include "store/db_connection.h"
#include "store/db_transaction.h"

_Static_assert(PROCEDURE__MAX <= COUNTERS_CALLS, "each is counted");

/* ---- one call ---- */

static struct problem *
statement_take_error(struct db *db, struct arena *a, const char *what,
    MYSQL_STMT *stmt)
{
	const struct db_error error = { mysql_stmt_errno(stmt),
		mysql_stmt_sqlstate(stmt), mysql_stmt_error(stmt) };

	connection_note_error(db, &error);
	return db_error_translate(a, what, &error, &db->outcome);
}

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
		memory_exhausted(0);
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

/* Reads the whole answer of a call: a SIGNAL may come after the rows. */
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
call_make(struct db *db, struct arena *a, const struct call *call)
{
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
	place_progress();
	return results_drain(db, a, call, stmt);
}

static struct problem *
call_run(struct db *db, struct arena *a, void *state)
{
	const struct call *call = state;
	struct problem *p;

	counters_call(call->procedure->id);
	p = call_make(db, a, call);
	counters_returned(call->procedure->id, call->procedure->name);
	return p;
}

/* ---- calls, repeated ---- */

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
	if ((p = db_ask_guard(db, a, false)) != NULL)
		return p;
	for (attempt = 0; ; attempt++) {
		p = call_run(db, a, &call);
		if (p == NULL || db->outcome == OUTCOME_NONE || attempt == 3 ||
		    (db->hasty && db->outcome == OUTCOME_WAITED))
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
