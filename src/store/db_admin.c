/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_admin.h"

#include <string.h>

#include "store/db_connection.h"

struct db *
db_new_admin(const struct config *config)
{
	return db_new_as(config, true);
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
