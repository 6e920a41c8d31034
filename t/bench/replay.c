/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bare FastCGI worker that executes the statements of a request to Reeve and
 * sends a constant answer: the same CALLs, prepared once, whose rows are read and
 * ignored. Without statements it only answers.
 * Environment: REPLAY_ANSWER (file of the body); REPLAY_STATEMENTS (file: a
 * statement a line, an empty line between the requests that take turns) and
 * REPLAY_DB (socket).
 */
#include <config.h>

#include <fcgiapp.h>
#include <mysql.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REQUESTS_MAX 64
#define STATEMENTS_MAX 40

struct statement {
	char *text;
	size_t length;
	MYSQL_STMT *prepared; /* NULL: not a CALL */
};

struct request {
	struct statement statements[STATEMENTS_MAX];
	size_t count;
};

static struct request requests[REQUESTS_MAX];
static size_t request_count;
static MYSQL *db;

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "replay: %s: %s\n", what, why);
	exit(1);
}

static char *
read_file(const char *path, size_t *length)
{
	FILE *in = path == NULL ? NULL : fopen(path, "re");
	size_t capacity = 0;
	char *text = NULL;
	ssize_t n;

	if (in == NULL)
		fail("open", path == NULL ? "no file is named" : path);
	n = getdelim(&text, &capacity, '\0', in);
	fclose(in);
	*length = n < 0 ? 0 : (size_t)n;
	return text;
}

/* ---- statements ---- */

static void
connect_database(void)
{
	db = mysql_init(NULL);
	mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(db, MYSQL_INIT_COMMAND,
	    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
	if (mysql_real_connect(db, NULL, "root", "", "reeve", 0,
	    getenv("REPLAY_DB"), CLIENT_MULTI_RESULTS) == NULL)
		fail("connect", mysql_error(db));
}

static void
add_statement(struct request *request, char *text)
{
	struct statement *s = &request->statements[request->count++];

	if (request->count > STATEMENTS_MAX)
		fail("statements", "too many");
	s->text = text;
	s->length = strlen(text);
	if (strncmp(text, "CALL ", 5) != 0)
		return;
	s->prepared = mysql_stmt_init(db);
	if (mysql_stmt_prepare(s->prepared, text, s->length) != 0)
		fail(text, mysql_stmt_error(s->prepared));
}

static void
read_statements(void)
{
	size_t length;
	char *next = read_file(getenv("REPLAY_STATEMENTS"), &length), *line;
	struct request *request = &requests[0];

	request_count = 1;
	while ((line = strsep(&next, "\n")) != NULL && next != NULL) {
		if (*line != '\0') {
			add_statement(request, line);
			continue;
		}
		if (request_count == REQUESTS_MAX)
			fail("requests", "too many");
		request = &requests[request_count++];
	}
}

static bool
call(MYSQL_STMT *statement)
{
	if (mysql_stmt_execute(statement) != 0)
		return false;
	do {
		if (mysql_stmt_field_count(statement) > 0 &&
		    mysql_stmt_store_result(statement) != 0)
			return false;
		mysql_stmt_free_result(statement);
	} while (mysql_stmt_next_result(statement) == 0);
	return true;
}

/* Runs the statements of a request. False: one failed, and all were undone. */
static bool
run(struct request *request)
{
	struct statement *s;
	size_t i;

	for (i = 0; i < request->count; i++) {
		s = &request->statements[i];
		if (s->prepared != NULL ? call(s->prepared) :
		    mysql_real_query(db, s->text, s->length) == 0)
			continue;
		fprintf(stderr, "replay: %.60s: %s\n", s->text,
		    s->prepared != NULL ? mysql_stmt_error(s->prepared) :
		    mysql_error(db));
		mysql_query(db, "ROLLBACK");
		return false;
	}
	return true;
}

/* ---- requests ---- */

int
main(void)
{
	size_t length, turn = (size_t)getpid();
	char *answer = read_file(getenv("REPLAY_ANSWER"), &length);
	FCGX_Request request;

	if (getenv("REPLAY_STATEMENTS") != NULL) {
		connect_database();
		read_statements();
	}
	if (FCGX_Init() != 0 || FCGX_InitRequest(&request, 0, 0) != 0)
		return 1;
	while (FCGX_Accept_r(&request) == 0) {
		if (request_count > 0 && !run(&requests[turn++ % request_count]))
			FCGX_PutS("Status: 500\r\n", request.out);
		FCGX_PutS("Content-Type: application/json\r\n\r\n", request.out);
		FCGX_PutStr(answer, (int)length, request.out);
	}
	return 0;
}
