/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Members of structs as arguments of a prepared CALL, and its rows as structs.
 * Private to store/db*.c.
 */
#ifndef REEVE_STORE_DB_BIND_H
#define REEVE_STORE_DB_BIND_H

#include <mysql.h>
#include <stdbool.h>

#include "store/db.h"

/* Binds the arguments, which must live until the statement has been executed.
 * False: the statement has an error. */
bool db_bind_arguments(MYSQL_STMT *stmt, struct arena *a,
    const struct db_procedure *procedure, const void *arguments) MUSTCHECK;

/*
 * Reads the result set that has arrived, on the arena. Columns are found by
 * their names. Problems: FAULT, naming procedure and column: the column is
 * missing, of another type, has an impossible value, or is not in the table.
 * *failed: the statement has an error, and no problem is returned.
 */
struct problem *db_read_rows(MYSQL_STMT *stmt, struct arena *a,
    const struct db_procedure *procedure, struct db_result *result,
    bool *failed) MUSTCHECK;

#endif
