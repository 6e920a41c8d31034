/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_admin.h"

#include <mysqld_error.h>
#include <string.h>

#include "store/db_connection.h"

struct db *
db_new_admin(const struct config *config)
{
	return db_new_as(config, AS_OWNER);
}

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

bool
db_waited_for_lock(const struct db *db)
{
	return db->error == ER_LOCK_WAIT_TIMEOUT ||
	    db->error == ER_LOCK_DEADLOCK;
}

bool
db_is_lost(const struct db *db)
{
	return db->outcome == OUTCOME_LOST;
}

bool
db_is_made_already(const struct db *db)
{
	switch (db->error) {
	case ER_TABLE_EXISTS_ERROR:
	case ER_BAD_TABLE_ERROR:
	case ER_DUP_FIELDNAME:
	case ER_DUP_KEYNAME:
	case ER_MULTIPLE_PRI_KEY:
	case ER_CANT_DROP_FIELD_OR_KEY:
	case 1826: /* MySQL: a foreign key of this name */
		return true;
	default:
		return false;
	}
}

bool
db_had_no_grant(const struct db *db)
{
	return db->error == ER_NONEXISTING_GRANT;
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
