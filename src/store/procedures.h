/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stored procedures the program calls: one table (procedures.c). */
#ifndef REEVE_STORE_PROCEDURES_H
#define REEVE_STORE_PROCEDURES_H

enum procedure {
	ACCOUNT_CREATE,
	ACCOUNT_LIST,
	ACCOUNT_SHOW,
	ANSWER_KEEP,
	ANSWER_TAKE,
	AUDIT_CHAIN,
	AUDIT_CHAIN_HEAD,
	AUDIT_DAY_LIST,
	AUDIT_DAY_REBUILD,
	AUDIT_DAY_VERIFY,
	AUDIT_ENTRY_IMPORT,
	AUDIT_ENTRY_LIST,
	AUDIT_ENTRY_SHOW,
	AUDIT_ENTRY_WRITE,
	EXPIRED_PURGE,
	KEY_CREATE,
	KEY_FIND,
	KEY_REVOKE,
	LEDGER_IMPORT,
	LOGIN_TAKE,
	MIGRATION_LIST,
	MIGRATION_LOCK,
	MIGRATION_RECORD,
	MIGRATION_UNLOCK,
	OUTBOX_ADD,
	PLAN_DELETE,
	PLAN_IMPORT,
	PLAN_LIST,
	PLAN_SAVE,
	PLAN_SHOW,
	QUOTE_CREATE,
	QUOTE_SHOW,
	SERVICE_ANCESTOR_LIST,
	SERVICE_ASSIGNMENT_LIST,
	SERVICE_COUNT,
	SERVICE_FOLLOWER_LIST,
	SERVICE_IMPORT,
	SERVICE_QUANTITY_LIST,
	SERVICE_SAVE,
	SERVICE_SHOW,
	SESSION_FIND,
	TOKEN_ISSUE,
	TOKEN_REVOKE,
	USER_BY_CREDENTIAL,
	USER_CREATE,
	USER_CREDENTIAL_SET,
	PROCEDURE__MAX
};

enum procedure_kind {
	PROCEDURE_READ, /* may be repeated at will */
	PROCEDURE_WRITE /* runs in a transaction */
};

struct procedure_row {
	const char *name;
	/* One letter a parameter: t text, b bytes, i integer; any may be NULL. */
	const char *in;
	/* One letter a column of its result set; "": it has none. */
	const char *out;
	enum procedure_kind kind;
};

const struct procedure_row *procedure_row(enum procedure procedure);

#endif
