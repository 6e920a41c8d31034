/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Translation of the errors that servers and the client library report. */
#include <config.h>

#include "store/db_error.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena *a;

static void
setup(void)
{
	a = arena_new(1024);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(db_error, .init = setup, .fini = teardown);

/* Numbers, as the servers' manuals list them: names differ between libraries. */
static const struct {
	const char *label;
	struct db_error error;
	enum db_outcome outcome;
	enum problem_kind kind;
} rows[] = {
	{ "gone", { 2006, "HY000", "gone away" },
	    OUTCOME_LOST, PROBLEM_UNAVAILABLE },
	{ "lost in a query", { 2013, "HY000", "lost" },
	    OUTCOME_LOST, PROBLEM_UNAVAILABLE },
	{ "Galera: not in the cluster", { 1047, "08S01", "not prepared" },
	    OUTCOME_LOST, PROBLEM_UNAVAILABLE },
	{ "MariaDB shuts down", { 1077, "08S01", "normal shutdown" },
	    OUTCOME_LOST, PROBLEM_UNAVAILABLE },
	{ "MariaDB killed it", { 1927, "70100", "killed" },
	    OUTCOME_LOST, PROBLEM_UNAVAILABLE },
	{ "MySQL ended it for idleness", { 4031, "HY000", "by inactivity" },
	    OUTCOME_LOST, PROBLEM_UNAVAILABLE },
	{ "deadlock", { 1213, "40001", "Deadlock found" },
	    OUTCOME_REPEAT, PROBLEM_UNAVAILABLE },
	{ "group replication refused it",
	    { 3101, "40000", "Plugin instructed the server to rollback" },
	    OUTCOME_REPEAT, PROBLEM_UNAVAILABLE },
	{ "group replication killed it at COMMIT",
	    { 1180, "HY000", "Got error 149 - 'Lock deadlock; Retry "
	    "transaction' during COMMIT" },
	    OUTCOME_REPEAT, PROBLEM_UNAVAILABLE },
	{ "another error at COMMIT",
	    { 1180, "HY000", "Got error 28 - 'No space left' during COMMIT" },
	    OUTCOME_NONE, PROBLEM_UNAVAILABLE },
	{ "disk full", { 1021, "HY000", "Disk full" },
	    OUTCOME_UNFIT, PROBLEM_UNAVAILABLE },
	{ "tablespace full", { 1114, "HY000", "The table is full" },
	    OUTCOME_UNFIT, PROBLEM_UNAVAILABLE },
	{ "read_only", { 1290, "HY000", "running with the --read-only option" },
	    OUTCOME_UNFIT, PROBLEM_UNAVAILABLE },
	{ "transaction_read_only", { 1792, "25006", "READ ONLY transaction" },
	    OUTCOME_UNFIT, PROBLEM_UNAVAILABLE },
	{ "innodb_read_only", { 1836, "HY000", "Running in read-only mode" },
	    OUTCOME_UNFIT, PROBLEM_UNAVAILABLE },
	{ "too many statements", { 1461, "42000", "max_prepared_stmt_count" },
	    OUTCOME_NONE, PROBLEM_UNAVAILABLE },
	{ "the server refused the packet", { 1153, "08S01", "bigger" },
	    OUTCOME_NONE, PROBLEM_TOO_LARGE },
	{ "the client refused the packet", { 2020, "HY000", "bigger" },
	    OUTCOME_NONE, PROBLEM_TOO_LARGE },
	{ "lock wait", { 1205, "HY000", "Lock wait timeout" },
	    OUTCOME_WAITED, PROBLEM_UNAVAILABLE },
	{ "a twin won", { 1062, "23000", "Duplicate entry" },
	    OUTCOME_REPEAT, PROBLEM_FAULT },
	{ "no such procedure", { 1305, "42000", "does not exist" },
	    OUTCOME_NONE, PROBLEM_UNAVAILABLE },
	{ "not granted", { 1370, "42000", "execute command denied to user" },
	    OUTCOME_NONE, PROBLEM_UNAVAILABLE },
	{ "no such table", { 1146, "42S02", "doesn't exist" },
	    OUTCOME_NONE, PROBLEM_FAULT },
	{ "a signal", { 1644, "45404", "account: there is none" },
	    OUTCOME_NONE, PROBLEM_BAD_IDENTIFIER },
	{ "a signal of no known status", { 1644, "45999", "account: what" },
	    OUTCOME_NONE, PROBLEM_FAULT },
	{ "a signal without a field", { 1644, "45404", "there is none" },
	    OUTCOME_NONE, PROBLEM_FAULT },
	{ "a value too long",
	    { 1406, "22001", "Data too long for column 'p_name' at row 0" },
	    OUTCOME_NONE, PROBLEM_VALIDATION },
};

Test(db_error, each_means_what_to_do_and_what_to_answer)
{
	enum db_outcome outcome;
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		p = db_error_translate(a, "object_save", &rows[i].error, &outcome);
		cr_expect_eq(outcome, rows[i].outcome, "%s: %d", rows[i].label,
		    outcome);
		cr_expect_eq(p->kind, rows[i].kind, "%s: %d", rows[i].label,
		    p->kind);
	}
}

Test(db_error, log_says_what_failed_and_the_answer_does_not)
{
	const struct db_error error = { 1146, "42S02", "no table audit_day" };
	enum db_outcome outcome;
	struct problem *p = db_error_translate(a, "audit_day_list", &error,
	    &outcome);

	cr_expect_str_eq(p->log, "audit_day_list: database error 1146 (42S02): "
	    "no table audit_day");
	cr_expect_null(strstr(p->text, "audit_day"));
}

Test(db_error, missing_grant_says_what_to_do)
{
	const struct db_error error = { 1370, "42000", "execute command denied "
	    "to user 'reeve'@'localhost' for routine 'reeve.object_save'" };
	enum db_outcome outcome;
	struct problem *p = db_error_translate(a, "object_save", &error,
	    &outcome);

	cr_expect_not_null(strstr(p->log, "reevectl migrate"), "%s", p->log);
	cr_expect_not_null(strstr(p->log, "'reeve.object_save'"), "%s", p->log);
}

Test(db_error, signal_names_its_field)
{
	const struct db_error error = { 1644, "45409", "parent_id: a circle" };
	enum db_outcome outcome;
	struct problem *p = db_error_translate(a, "account_move", &error,
	    &outcome);

	cr_expect_eq(p->kind, PROBLEM_CONFLICT);
	cr_expect_str_eq(p->field, "parent_id");
	cr_expect_str_eq(p->text, "parent_id: a circle");
}

Test(db_error, value_that_does_not_fit_is_told_by_its_parameter)
{
	const struct db_error error = { 1264, "22003",
		"Out of range value for column 'p_quantity' at row 0" };
	enum db_outcome outcome;
	struct problem *p = db_error_translate(a, "service_save", &error,
	    &outcome);

	cr_expect_eq(p->kind, PROBLEM_VALIDATION);
	cr_expect_str_eq(p->text, "quantity: it is out of range");
	cr_expect_null(p->field);
}
