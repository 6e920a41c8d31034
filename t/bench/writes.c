/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes audit entries as the store does (START TRANSACTION, one prepared CALL,
 * COMMIT) for a while, and prints how many a second.
 * usage: writes SOCKET PROCEDURE CONNECTIONS SECONDS ACCOUNT...
 * Each connection cycles through the accounts, from a different start.
 */
#include <config.h>

#include <mysql.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PARAMETERS 11
#define CONNECTIONS_MAX 64
#define NOW 63962637716LL /* a day in 2026 */
#define DOCUMENT_BYTES 2048

static const char *socket_path, *procedure;
static char **accounts;
static long account_count;
static double seconds;
static char document[DOCUMENT_BYTES + 1];

struct connection {
	long number;
	long written;
	double took;
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
fail(const char *what, const char *why)
{
	fprintf(stderr, "writes: %s: %s\n", what, why);
	exit(1);
}

static void
text(MYSQL_BIND *bind, const char *value)
{
	bind->buffer_type = MYSQL_TYPE_STRING;
	bind->buffer = (void *)(uintptr_t)value;
	bind->buffer_length = strlen(value);
}

static void
number(MYSQL_BIND *bind, long long *value)
{
	bind->buffer_type = MYSQL_TYPE_LONGLONG;
	bind->buffer = value;
}

static MYSQL_STMT *
prepare(MYSQL *db)
{
	MYSQL_STMT *statement = mysql_stmt_init(db);
	char call[100];
	int n = snprintf(call, sizeof(call),
	    "CALL %s(?,?,?,?,?,?,?,?,?,?,?)", procedure);

	if (mysql_stmt_prepare(statement, call, (unsigned long)n) != 0)
		fail("prepare", mysql_stmt_error(statement));
	return statement;
}

/* Parameters of audit_entry_write; the bare pair takes the same. */
static void
write_one(MYSQL *db, MYSQL_STMT *statement, struct connection *c)
{
	const char *account = accounts[(c->number * 8 + c->written) %
	    account_count];
	long long created = NOW - c->written % 365 * 86400, recorded = NOW;
	MYSQL_BIND in[PARAMETERS];
	struct timespec t;
	char id[64];

	clock_gettime(CLOCK_REALTIME, &t);
	snprintf(id, sizeof(id), "202611-%ld-%lld-%ld", c->number,
	    (long long)t.tv_sec * 1000000000LL + t.tv_nsec, c->written);
	/* The bare pair has no chain, so the sequence is made here. No
	 * connection writes two entries in a microsecond. */
	if (strcmp(procedure, "bench_pair") == 0)
		recorded = ((long long)t.tv_sec * 1000000LL +
		    t.tv_nsec / 1000) * CONNECTIONS_MAX + c->number;
	memset(in, 0, sizeof(in));
	text(&in[0], account);
	text(&in[1], id);
	text(&in[2], "invoice");
	number(&in[3], &created);
	number(&in[4], &recorded);
	text(&in[5], "completed");
	in[6].buffer_type = in[7].buffer_type = MYSQL_TYPE_NULL;
	text(&in[8], "[]");
	text(&in[9], document);
	text(&in[10], "[[\"user\",\"users\",1,5]]");
	if (mysql_query(db, "START TRANSACTION") != 0 ||
	    mysql_stmt_bind_param(statement, in) != 0 ||
	    mysql_stmt_execute(statement) != 0)
		fail("execute", mysql_stmt_error(statement));
	while (mysql_stmt_next_result(statement) == 0)
		continue;
	if (mysql_commit(db) != 0)
		fail("commit", mysql_error(db));
}

static void *
run(void *state)
{
	struct connection *c = state;
	MYSQL *db = mysql_init(NULL);
	MYSQL_STMT *statement;
	double start;

	mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(db, MYSQL_INIT_COMMAND,
	    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
	if (mysql_real_connect(db, NULL, "root", "", "reeve", 0, socket_path,
	    CLIENT_MULTI_RESULTS) == NULL)
		fail("connect", mysql_error(db));
	statement = prepare(db);
	for (start = now(); (c->took = now() - start) < seconds; c->written++)
		write_one(db, statement, c);
	mysql_stmt_close(statement);
	mysql_close(db);
	return NULL;
}

int
main(int argc, char **argv)
{
	struct connection connections[CONNECTIONS_MAX];
	pthread_t threads[CONNECTIONS_MAX];
	double rate = 0;
	long count, i;

	if (argc < 6 || (count = atol(argv[3])) < 1 || count > CONNECTIONS_MAX) {
		fprintf(stderr, "usage: writes SOCKET PROCEDURE CONNECTIONS "
		    "SECONDS ACCOUNT...\n");
		return 64;
	}
	socket_path = argv[1];
	procedure = argv[2];
	seconds = atof(argv[4]);
	accounts = argv + 5;
	account_count = argc - 5;
	memset(document, 'x', DOCUMENT_BYTES);
	memcpy(document, "{\"a\":\"", 6);
	memcpy(document + DOCUMENT_BYTES - 2, "\"}", 2);
	memset(connections, 0, sizeof(connections));
	mysql_library_init(0, NULL, NULL);
	for (i = 0; i < count; i++) {
		connections[i].number = i;
		if (pthread_create(&threads[i], NULL, run, &connections[i]) != 0)
			fail("thread", "cannot start");
	}
	for (i = 0; i < count; i++) {
		pthread_join(threads[i], NULL);
		rate += (double)connections[i].written / connections[i].took;
	}
	printf("%.0f\n", rate);
	return 0;
}
