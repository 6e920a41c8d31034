/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/login_failures.h"

#include "store/field.h"

static const struct field subject_parameters[] = {
	FIELD(TEXT, struct login_subjects, network),
	FIELD(TEXT, struct login_subjects, name),
	FIELD(TEXT, struct login_subjects, realm),
};

static const struct field failure_columns[] = {
	FIELD(INTEGER, struct login_failures, network),
	FIELD(INTEGER, struct login_failures, account),
};

static const struct db_procedure login_failure_show_call = {
	PROCEDURE(LOGIN_FAILURE_SHOW, "login_failure_show", READ),
	TAKES(subject_parameters),
	GIVES(struct login_failures, failure_columns),
};

struct problem *
store_login_failures(struct db *db, struct arena *a,
    const struct login_subjects *subjects, struct login_failures *out)
{
	return db_call_for_row(db, a, &login_failure_show_call, subjects, out);
}

struct failure {
	struct login_subjects subjects;
	struct login_memory memory;
	int64_t now;
};

static const struct field failure_parameters[] = {
	FIELD_AS("network", TEXT, struct failure, subjects.network),
	FIELD_AS("name", TEXT, struct failure, subjects.name),
	FIELD_AS("realm", TEXT, struct failure, subjects.realm),
	FIELD_AS("most", INTEGER, struct failure, memory.most),
	FIELD_AS("refill", INTEGER, struct failure, memory.refill_s),
	FIELD(INTEGER, struct failure, now),
};

static const struct db_procedure login_fail_call = {
	PROCEDURE(LOGIN_FAIL, "login_fail", WRITE),
	TAKES(failure_parameters),
};

struct problem *
store_login_fail(struct db *db, struct arena *a,
    const struct login_subjects *subjects, const struct login_memory *memory,
    int64_t now)
{
	const struct failure failure = { *subjects, *memory, now };

	return db_call(db, a, &login_fail_call, &failure, NULL);
}
