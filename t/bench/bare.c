/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bare FastCGI worker that makes the CALL of audit_summary, prepared once,
 * and prints its rows: no routing, no token, no order, no envelope. A limit for
 * Reeve.
 * Environment: BENCH_DB (socket), BENCH_ACCOUNT, BENCH_FROM, BENCH_TO.
 */
#include <config.h>

#include <fcgiapp.h>
#include <mysql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 8

static MYSQL_STMT *statement;
static char texts[COLUMNS][256];
static long long numbers[COLUMNS];
static unsigned long lengths[COLUMNS];
#ifdef MARIADB_PACKAGE_VERSION
static my_bool nulls[COLUMNS];
#else
static bool nulls[COLUMNS];
#endif

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "bare: %s: %s\n", what, why);
	exit(1);
}

static void
connect_and_prepare(void)
{
	static const char call[] = "CALL audit_day_list(?,?,?,?,?)";
	MYSQL *db = mysql_init(NULL);

	mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	if (mysql_real_connect(db, NULL, "root", "", "reeve", 0,
	    getenv("BENCH_DB"), CLIENT_MULTI_RESULTS) == NULL)
		fail("connect", mysql_error(db));
	statement = mysql_stmt_init(db);
	if (mysql_stmt_prepare(statement, call, sizeof(call) - 1) != 0)
		fail("prepare", mysql_stmt_error(statement));
}

static void
bind_text(MYSQL_BIND *bind, char *text)
{
	bind->buffer_type = MYSQL_TYPE_STRING;
	bind->buffer = text;
	bind->buffer_length = strlen(text);
}

static void
execute(void)
{
	static char view[] = "services", service[] = "";
	long long from = atoll(getenv("BENCH_FROM"));
	long long to = atoll(getenv("BENCH_TO"));
	MYSQL_BIND in[5];

	memset(in, 0, sizeof(in));
	bind_text(&in[0], getenv("BENCH_ACCOUNT"));
	bind_text(&in[1], view);
	bind_text(&in[2], service);
	in[3].buffer_type = in[4].buffer_type = MYSQL_TYPE_LONGLONG;
	in[3].buffer = &from;
	in[4].buffer = &to;
	if (mysql_stmt_bind_param(statement, in) != 0 ||
	    mysql_stmt_execute(statement) != 0)
		fail("execute", mysql_stmt_error(statement));
}

static void
bind_rows(void)
{
	MYSQL_BIND out[COLUMNS];
	int i;

	memset(out, 0, sizeof(out));
	for (i = 0; i < COLUMNS; i++) {
		out[i].is_null = &nulls[i];
		out[i].length = &lengths[i];
		if (i >= 2 && i <= 6) {
			out[i].buffer_type = MYSQL_TYPE_LONGLONG;
			out[i].buffer = &numbers[i];
		} else {
			out[i].buffer_type = MYSQL_TYPE_STRING;
			out[i].buffer = texts[i];
			out[i].buffer_length = sizeof(texts[i]) - 1;
		}
	}
	if (mysql_stmt_bind_result(statement, out) != 0 ||
	    mysql_stmt_store_result(statement) != 0)
		fail("result", mysql_stmt_error(statement));
}

static void
print_row(FCGX_Stream *out, const char *separator)
{
	char row[768];
	int n;

	texts[0][lengths[0]] = texts[1][lengths[1]] = '\0';
	n = snprintf(row, sizeof(row), "%s{\"service\":\"%s\",\"%s\":{"
	    "\"addition\":%lld,\"last_timestamp\":%lld,\"quantity\":%lld,"
	    "\"removal\":%lld,\"sum_quantity\":%s}}", separator, texts[0],
	    texts[1], numbers[3], numbers[6], numbers[5], numbers[4],
	    numbers[2] ? "true" : "false");
	FCGX_PutStr(row, n, out);
}

static void
answer(FCGX_Stream *out)
{
	const char *separator = "";

	FCGX_PutS("Content-Type: application/json\r\n\r\n[", out);
	execute();
	bind_rows();
	while (mysql_stmt_fetch(statement) == 0) {
		print_row(out, separator);
		separator = ",";
	}
	mysql_stmt_free_result(statement);
	while (mysql_stmt_next_result(statement) == 0)
		continue;
	FCGX_PutS("]", out);
}

int
main(void)
{
	FCGX_Request request;

	connect_and_prepare();
	if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0)
		return 1;
	while (FCGX_Accept_r(&request) == 0)
		answer(request.out);
	return 0;
}
