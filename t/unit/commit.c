/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The change of a request and its stored answer: both are kept, or neither. */
#include <config.h>

#include "api/commit.h"

#include <criterion/criterion.h>
#include <string.h>

#include "store/answers.h"

#include "fake_gateway.h"

/* ---- a fake database ---- */

static bool committed;
static const char *kept;      /* NULL: no answer */
static struct answer *before; /* the stored answer; NULL: none */

struct problem *__wrap_db_transaction(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *, struct arena *, void *), void *state);
struct problem *__wrap_store_answer_take(struct db *db, struct arena *a,
    const struct answer_request *request, int64_t now, struct answer **known);
struct problem *__wrap_store_answer_keep(struct db *db, struct arena *a,
    const struct answer_request *request, const struct answer *answer);
struct problem *__wrap_store_expired_purge(struct db *db, struct arena *a,
    int64_t now);

struct problem *
__wrap_db_transaction(struct db *db, struct arena *a,
    struct problem *(*work)(struct db *, struct arena *, void *), void *state)
{
	struct problem *p = work(db, a, state);

	committed = p == NULL;
	return p;
}

struct problem *
__wrap_store_answer_take(struct db *db, struct arena *a,
    const struct answer_request *request, int64_t now, struct answer **known)
{
	(void)db;
	(void)a;
	(void)request;
	(void)now;
	*known = before;
	return NULL;
}

struct problem *
__wrap_store_answer_keep(struct db *db, struct arena *a,
    const struct answer_request *request, const struct answer *answer)
{
	(void)db;
	(void)request;
	kept = arena_strdup(a, answer->body);
	return NULL;
}

struct problem *
__wrap_store_expired_purge(struct db *db, struct arena *a, int64_t now)
{
	(void)db;
	(void)a;
	(void)now;
	return NULL;
}

/* ---- a request ---- */

#define MOST 64 /* bytes of an answer */

static struct arena *a;
static struct config config;
static struct session session = { .account_id = "a" };
static struct fake fake;
static struct gateway gateway;
static struct request rq;
static struct response rs;
static struct call call = { .config = &config, .session = &session,
	.request = &rq, .response = &rs };

static void
setup(void)
{
	a = arena_new(1024);
	committed = false;
	kept = NULL;
	before = NULL;
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(commit, .init = setup, .fini = teardown);

/* key NULL: none. */
static void
begin(const char *key)
{
	static const char *variables[] = { "PATH_INFO", "/v2/a",
		"REQUEST_METHOD", "PUT", NULL, NULL, NULL };

	variables[4] = key == NULL ? NULL : "HTTP_IDEMPOTENCY_KEY";
	variables[5] = key;
	gateway = fake_gateway(&fake, variables, "");
	cr_assert_null(fake_request(&rq, a, &gateway, 1000));
	response_init(&rs, a);
	rs.limit = MOST;
	call.arena = a;
}

/* Answers with a text of this many bytes as JSON. */
static struct problem *
answer(struct call *c, void *state)
{
	const int *bytes = state;

	json_string(&c->response->json, arena_printf(c->arena, "%*s",
	    *bytes - 2, ""));
	return NULL;
}

static const struct {
	const char *label, *key;
	int bytes;
	bool is_whole;
} cases[] = {
	{ "as large as may be", NULL, MOST, true },
	{ "too large", NULL, MOST + 1, false },
	{ "as large as may be, once", "k", MOST, true },
	{ "too large, once", "k", MOST + 1, false },
};

Test(commit, a_too_large_answer_is_neither_committed_nor_stored)
{
	struct problem *p;
	size_t i;
	int bytes;

	for (i = 0; i < NELEM(cases); i++) {
		const char *label = cases[i].label;

		teardown();
		setup();
		begin(cases[i].key);
		bytes = cases[i].bytes;
		p = commit_request(&call, answer, &bytes);
		cr_expect_eq(p == NULL, cases[i].is_whole, "%s", label);
		cr_expect(p == NULL || p->kind == PROBLEM_FAULT, "%s", label);
		cr_expect_eq(committed, cases[i].is_whole, "%s", label);
		cr_expect_eq(kept != NULL, cases[i].is_whole &&
		    cases[i].key != NULL, "%s", label);
		cr_expect(kept == NULL || strlen(kept) == MOST, "%s", label);
	}
}

Test(commit, a_stored_answer_is_repeated_without_a_change)
{
	struct answer known = { .status = 201, .entity = true,
		.location = "/v2/b", .body = "{\"b\":1}" };
	int bytes = MOST;

	begin("k");
	before = &known;
	cr_expect_null(commit_request(&call, answer, &bytes));
	cr_expect_str_eq(rs.data.text, known.body);
	cr_expect_eq(rs.status, 201);
	cr_expect(rs.replayed);
	cr_expect_null(kept);
}
