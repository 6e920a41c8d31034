/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "api/routes.h"

#include <criterion/criterion.h>
#include <string.h>

#define ACCOUNT "0123456789abcdef0123456789abcdef"

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

TestSuite(routes, .init = setup, .fini = teardown);

static struct request
request_for(enum method method, const char *path)
{
	struct request rq = { .arena = a, .method = method };
	char *copy = arena_strdup(a, path), *piece;

	while ((piece = strsep(&copy, "/")) != NULL)
		rq.segments[rq.segment_count++] = piece;
	return rq;
}

Test(routes, every_row_is_complete)
{
	const struct route *r;
	size_t i, j;

	for (i = 0; (r = route_at(i)) != NULL; i++) {
		cr_expect_neq(r->who, 0, "%s: nobody may call it", r->path);
		cr_expect(ROLE_OF(r->role) >= ROLE_USER &&
		    ROLE_OF(r->role) <= ROLE_ADMIN, "%s: no role", r->path);
		/* A change of an account is a matter of roles. */
		cr_expect(r->method == METHOD_GET ||
		    strstr(r->path, "{ACCOUNT_ID}") == NULL ||
		    ROLE_OF(r->role) > ROLE_VIEWER, "%s: too low", r->path);
		cr_expect_not_null(r->handler, "%s: no handler", r->path);
		cr_expect(r->summary != NULL && r->summary[0] != '\0',
		    "%s: no summary", r->path);
		cr_expect_neq(r->method, METHOD_HEAD, "%s", r->path);
		/* A relation to an account requires an account in the path. */
		if (r->who & ~(WHO_ANYONE | WHO_CALLER | WHO_ADMIN))
			cr_expect_not_null(strstr(r->path, "{ACCOUNT_ID}"),
			    "%s", r->path);
		for (j = 0; j < i; j++)
			cr_expect(route_at(j)->method != r->method ||
			    strcmp(route_at(j)->path, r->path) != 0,
			    "%s stands twice", r->path);
	}
	cr_assert_gt(i, 0);
}

/* Routes that change something without a body, or read it later. */
static const struct {
	enum method method;
	const char *path;
} bodiless[] = {
	{ METHOD_PUT, "accounts/{ACCOUNT_ID}/api_key" },
	{ METHOD_PUT, "accounts/{ACCOUNT_ID}/reseller" },
	{ METHOD_POST, "accounts/{ACCOUNT_ID}/services/synchronization" },
	{ METHOD_POST, "accounts/{ACCOUNT_ID}/service_plans/synchronization" },
	/* A list, or an object with a list: the handler reads both. */
	{ METHOD_POST, "accounts/{ACCOUNT_ID}/ips" },
	/* The body is a picture. */
	{ METHOD_PUT, "accounts/{ACCOUNT_ID}/whitelabel/logo" },
	{ METHOD_POST, "accounts/{ACCOUNT_ID}/whitelabel/logo" },
	{ METHOD_PUT, "accounts/{ACCOUNT_ID}/whitelabel/icon" },
	{ METHOD_POST, "accounts/{ACCOUNT_ID}/whitelabel/icon" },
	{ METHOD_PUT, "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon" },
	{ METHOD_POST, "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon" },
	/* The message is in the path. */
	{ METHOD_POST, "accounts/{ACCOUNT_ID}/deliveries/{ID}/replay" },
	/* The state is in the path. */
	{ METHOD_PATCH, "accounts/{ACCOUNT_ID}/port_requests/{ID}/{STATE}" },
};

static bool
is_bodiless(const struct route *r)
{
	size_t i;

	for (i = 0; i < NELEM(bodiless); i++)
		if (r->method == bodiless[i].method &&
		    strcmp(r->path, bodiless[i].path) == 0)
			return true;
	return false;
}

Test(routes, every_row_that_takes_a_body_names_its_schema)
{
	const struct route *r;
	size_t i;

	for (i = 0; (r = route_at(i)) != NULL; i++) {
		if (r->method == METHOD_GET)
			cr_expect_eq(r->body, SCHEMA_NONE, "%s", r->path);
		else if (r->method != METHOD_DELETE)
			cr_expect_eq(r->body == SCHEMA_NONE, is_bodiless(r),
			    "%s %s", method_name(r->method), r->path);
	}
}

/* {KIND} and {SETTING} match only nouns of the table of kinds. */
static const char *
with_nouns(const char *path)
{
	static const struct {
		const char *parameter, *noun;
	} nouns[] = { { "{KIND}", "devices" }, { "{SETTING}", "limits" } };
	const char *at;
	size_t i;

	for (i = 0; i < NELEM(nouns); i++)
		if ((at = strstr(path, nouns[i].parameter)) != NULL)
			return arena_printf(a, "%.*s%s%s", (int)(at - path),
			    path, nouns[i].noun,
			    at + strlen(nouns[i].parameter));
	return path;
}

/* A path equal to the pattern must match the pattern's own row. */
Test(routes, no_row_hides_another)
{
	const struct route *r, *found;
	const char *methods;
	struct request rq;
	struct call c;
	size_t i;

	for (i = 0; (r = route_at(i)) != NULL; i++) {
		rq = request_for(r->method, with_nouns(r->path));
		cr_assert_null(route_find(&rq, &found, &c, &methods),
		    "%s is hidden: move its row up", r->path);
		cr_assert_eq(found, r, "%s is hidden by %s", r->path,
		    found->path);
	}
}

static const struct {
	const char *label;
	enum method method;
	const char *path;
	int status; /* 0: found */
	const char *row, *account, *parameter;
} cases[] = {
	{ "literal", METHOD_PUT, "user_auth", 0, "user_auth", NULL, NULL },
	{ "parameters", METHOD_GET, "accounts/" ACCOUNT "/services/audit/x", 0,
	    "accounts/{ACCOUNT_ID}/services/audit/{AUDIT_ID}", ACCOUNT, "x" },
	{ "a literal goes before a parameter", METHOD_GET,
	    "accounts/" ACCOUNT "/services/audit/summary", 0,
	    "accounts/{ACCOUNT_ID}/services/audit/summary", ACCOUNT, NULL },
	{ "HEAD is GET's", METHOD_HEAD, "accounts/" ACCOUNT "/services/audit", 0,
	    "accounts/{ACCOUNT_ID}/services/audit", ACCOUNT, NULL },
	{ "an empty account still is one", METHOD_GET,
	    "accounts//services/audit", 0,
	    "accounts/{ACCOUNT_ID}/services/audit", "", NULL },
	{ "other verb", METHOD_POST, "user_auth", 405, NULL, NULL, NULL },
	{ "a prefix is not enough", METHOD_GET, "accounts/" ACCOUNT
	    "/services/audit/x/y", 404, NULL, NULL, NULL },
	{ "a kind of which there are many", METHOD_GET,
	    "accounts/" ACCOUNT "/vmboxes/x", 0,
	    "accounts/{ACCOUNT_ID}/{KIND}/{ID}", ACCOUNT, "x" },
	{ "a kind of which there is one", METHOD_POST,
	    "accounts/" ACCOUNT "/limits", 0,
	    "accounts/{ACCOUNT_ID}/{SETTING}", ACCOUNT, NULL },
	{ "which has no others", METHOD_GET, "accounts/" ACCOUNT "/limits/x",
	    404, NULL, NULL, NULL },
	{ "no kind", METHOD_GET, "accounts/" ACCOUNT "/menus", 404, NULL, NULL,
	    NULL },
	{ "nor is more", METHOD_PUT, "user_auth/x", 404, NULL, NULL, NULL },
	{ "nor a longer word", METHOD_PUT, "user_authx", 404, NULL, NULL, NULL },
	{ "nor a shorter one", METHOD_PUT, "user_aut", 404, NULL, NULL, NULL },
};

Test(routes, paths)
{
	const struct route *found;
	const char *methods;
	struct problem *p;
	struct request rq;
	struct call c;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		rq = request_for(cases[i].method, cases[i].path);
		p = route_find(&rq, &found, &c, &methods);
		cr_assert_eq(p == NULL ? 0 : p->status, cases[i].status, "%s",
		    cases[i].label);
		cr_assert_eq(methods == NULL, cases[i].status == 404, "%s",
		    cases[i].label);
		if (p != NULL)
			continue;
		cr_assert_str_eq(found->path, cases[i].row, "%s",
		    cases[i].label);
		if (cases[i].account == NULL)
			cr_assert_null(c.account_id, "%s", cases[i].label);
		else
			cr_assert_str_eq(c.account_id, cases[i].account, "%s",
			    cases[i].label);
		if (cases[i].parameter == NULL)
			cr_assert_null(c.parameters[0], "%s", cases[i].label);
		else
			cr_assert_str_eq(c.parameters[0], cases[i].parameter,
			    "%s", cases[i].label);
	}
}

Test(routes, allow_lists_the_methods_of_the_path)
{
	const struct route *found;
	const char *methods;
	struct request rq;
	struct call c;

	rq = request_for(METHOD_OPTIONS, "token_auth");
	cr_assert_null(route_find(&rq, &found, &c, &methods));
	cr_assert_null(found);
	cr_assert_str_eq(methods, "GET, HEAD, DELETE, OPTIONS");
}
