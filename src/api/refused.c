/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/refused.h"

#include <string.h>

#include "api/routes.h"

/* Of the query, or beside data. */
struct control_row {
	const char *name; /* with KEY at its end: all that begin so */
	const char *instead;
};

/* Of data, at any depth. */
struct member_row {
	const char *path; /* of the routes that begin so */
	const char *name;
	const char *instead;
};

/* clang-format off */
static const struct control_row controls[] = {
	{ "dry_run", "nothing is tried without being done: POST services/quote prices a change" },
	{ "end_key", "a list ends with its page_size, or with created_to" },
	{ "filter_any_KEY", "filter_KEY takes a JSON list of alternatives" },
	{ "filter_array_intersect_KEY", "filter_KEY takes a JSON list of alternatives" },
	{ "filter_none_KEY", "filter_not_KEY takes a JSON list of alternatives" },
	{ "jsonp", "answers are JSON or CSV" },
	{ "limit", "page_size is the number of items on a page" },
	{ "missing_value", "value_missing is the filter" },
	{ "offset", "start_key is the beginning of a page" },
	{ "order_by", "ascending and descending are the order of a list" },
	{ "page", "start_key is the beginning of a page" },
	{ "per_page", "page_size is the number of items on a page" },
	{ "restrictions", "they belong into data" },
	{ "sort", "ascending and descending are the order of a list" },
	{ "sort_by", "ascending and descending are the order of a list" },
};

/* The routes that take one of them nevertheless. */
static const struct taken_row {
	const char *path;
	const char *name;
} taken[] = {
	{ "accounts/{ACCOUNT_ID}/customers", "offset" },
	{ "accounts/{ACCOUNT_ID}/customers", "sort" },
};

#define PLANS "accounts/{ACCOUNT_ID}/service_plans"
#define SERVICES "accounts/{ACCOUNT_ID}/services"
#define KEYS "accounts/{ACCOUNT_ID}/api_key"
#define AT_ONCE "a change is in force as soon as it is made"

static const struct member_row members[] = {
	{ "auth", "restrictions", "the other token has those of the token" },
	{ KEYS, "restrictions", "an API key has the rights of an admin" },
	{ PLANS, "effective_date", AT_ONCE },
	{ PLANS, "effective_from", AT_ONCE },
	{ PLANS, "effective_to", AT_ONCE },
	{ PLANS, "effective_until", AT_ONCE },
	{ PLANS, "valid_from", AT_ONCE },
	{ PLANS, "valid_to", AT_ONCE },
	{ PLANS, "valid_until", AT_ONCE },
	{ SERVICES, "effective_date", AT_ONCE },
	{ SERVICES, "effective_from", AT_ONCE },
	{ SERVICES, "effective_to", AT_ONCE },
	{ SERVICES, "effective_until", AT_ONCE },
	{ SERVICES, "valid_from", AT_ONCE },
	{ SERVICES, "valid_to", AT_ONCE },
	{ SERVICES, "valid_until", AT_ONCE },
};
/* clang-format on */

static struct problem *
refuse(const struct call *c, const char *name, const char *instead)
{
	return problem_invalid(c->arena, name, "unsupported",
	    "this is not supported, and would be ignored: %s", instead);
}

/* ---- the query, and beside data ---- */

static bool
is_control(const struct control_row *row, const char *name)
{
	size_t n;

	if (row->name[0] != name[0])
		return false;
	n = strlen(row->name);
	return n > 3 && strcmp(row->name + n - 3, "KEY") == 0 ?
	    strncmp(row->name, name, n - 3) == 0 : strcmp(row->name, name) == 0;
}

static bool
is_taken(const struct call *c, const char *name)
{
	size_t i;

	for (i = 0; i < NELEM(taken); i++)
		if (strcmp(taken[i].name, name) == 0 &&
		    strcmp(taken[i].path, c->route->path) == 0)
			return true;
	return false;
}

static struct problem *
check_control(const struct call *c, const char *name)
{
	size_t i;

	if (is_taken(c, name))
		return NULL;
	for (i = 0; i < NELEM(controls); i++)
		if (is_control(&controls[i], name))
			return refuse(c, name, controls[i].instead);
	return NULL;
}

/* ---- data ---- */

static const struct member_row *
member_row_of(const struct call *c, const char *name)
{
	size_t i;

	for (i = 0; i < NELEM(members); i++)
		if (strcmp(members[i].name, name) == 0 && strncmp(
		    c->route->path, members[i].path,
		    strlen(members[i].path)) == 0)
			return &members[i];
	return NULL;
}

static bool
is_path_with_members(const char *path)
{
	size_t i;

	for (i = 0; i < NELEM(members); i++)
		if (strncmp(path, members[i].path, strlen(members[i].path)) == 0)
			return true;
	return false;
}

/* A contract is an object of its parties, who may agree on anything. */
static struct problem *
check_members(const struct call *c, struct json_object *tree, const char *path)
{
	const struct member_row *row;
	struct problem *p = NULL;
	size_t i;

	if (json_object_is_type(tree, json_type_array)) {
		for (i = 0; p == NULL && i < json_object_array_length(tree); i++)
			p = check_members(c, json_object_array_get_idx(tree, i),
			    problem_path(c->arena, path,
			    arena_printf(c->arena, "%zu", i)));
		return p;
	}
	if (!json_object_is_type(tree, json_type_object))
		return NULL;
	json_object_object_foreach(tree, name, value) {
		if ((row = member_row_of(c, name)) != NULL)
			return refuse(c, problem_path(c->arena, path, name),
			    row->instead);
		if (strcmp(name, "contract") != 0 &&
		    (p = check_members(c, value, problem_path(c->arena, path,
		    name))) != NULL)
			return p;
	}
	return NULL;
}

struct problem *
refused_check(const struct call *c)
{
	const struct request *rq = c->request;
	struct problem *p = NULL;
	size_t i;

	for (i = 0; p == NULL && i < rq->query_count; i++)
		p = check_control(c, rq->query[i].name);
	if (p != NULL || rq->envelope == NULL)
		return p;
	json_object_object_foreach(rq->envelope, name, value) {
		(void)value;
		if ((p = check_control(c, name)) != NULL)
			return p;
	}
	return is_path_with_members(c->route->path) ?
	    check_members(c, rq->data, "") : NULL;
}
