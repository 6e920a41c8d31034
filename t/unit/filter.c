/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/filter.h"

#include "fake_gateway.h"
#include "quoted.h"

#include "base/secret.h"

static const char document[] = "{'id':'p','merge':{'strategy':'cumulative'},"
    "'n':5,'yes':true,'empty':'','list':[1,'b']}";

static const struct {
	const char *query;
	bool wanted;
} cases[] = {
	{ "", true },
	{ "page_size=3", true },
	{ "filter_id=p", true },
	{ "filter_id=q", false },
	{ "filter_merge.strategy=cumulative", true },
	{ "filter_merge.strategy=simple", false },
	{ "filter_n=5", true },
	{ "filter_yes=true", true },
	{ "filter_none=", true },
	{ "filter_none=x", false },
	{ "filter_n=%5B4,5%5D", true },
	{ "filter_n=%5B4,6%5D", false },
	{ "filter_n=%5B4", false },
	{ "filter_id=p&filter_n=6", false },
	{ "filter_not_id=q", true },
	{ "filter_not_id=p", false },
	{ "filter_not_none=x", true },
	{ "filter_not_none=", false },
	{ "filter_list=1", true },
	{ "filter_list=b", true },
	{ "filter_list=c", false },
	{ "filter_list=%5B1%5D", false },
	{ "filter_not_list=b", false },
	{ "filter_not_list=c", true },
	{ "has_key=merge.strategy", true },
	{ "has_key=merge.priority", false },
	{ "key_missing=merge.priority", true },
	{ "key_missing=id", false },
	{ "has_value=empty", false },
	{ "has_value=id", true },
	{ "value_missing=empty", true },
	{ "value_missing=id", false },
};

Test(filter, cases)
{
	struct arena *a;
	struct fake fake;
	struct gateway gateway;
	struct request rq;
	size_t i;

	cr_assert(secret_init());
	for (i = 0; i < NELEM(cases); i++) {
		const char *variables[] = { "REQUEST_METHOD", "GET",
			"PATH_INFO", "/v2/a", "QUERY_STRING", cases[i].query,
			NULL };

		a = arena_new(4096);
		gateway = fake_gateway(&fake, variables, "");
		cr_assert_null(fake_request(&rq, a, &gateway, 0));
		cr_assert_eq(filter_wants(a, &rq, quoted(a, document)),
		    cases[i].wanted, "%s", cases[i].query);
		arena_free(&a);
	}
}

static const struct {
	const char *query;
	bool wanted;
} times[] = {
	{ "", true },
	{ "created_from=100&created_to=100", true },
	{ "created_from=101", false },
	{ "created_to=99", false },
	{ "modified_from=200&modified_to=200", true },
	{ "modified_from=201", false },
	{ "modified_to=199", false },
};

static const char *const no_times[] = {
	"created_from=x", "created_to=", "modified_from=-1",
	"modified_to=99999999999999999999",
};

Test(filter, times)
{
	struct arena *a;
	struct fake fake;
	struct gateway gateway;
	struct request rq;
	struct time_filter filter;
	size_t i;

	cr_assert(secret_init());
	for (i = 0; i < NELEM(times); i++) {
		const char *variables[] = { "REQUEST_METHOD", "GET",
			"PATH_INFO", "/v2/a", "QUERY_STRING", times[i].query,
			NULL };

		a = arena_new(4096);
		gateway = fake_gateway(&fake, variables, "");
		cr_assert_null(fake_request(&rq, a, &gateway, 0));
		cr_assert_null(filter_read_times(&rq, &filter));
		cr_assert_eq(filter_wants_times(&filter, 100, 200),
		    times[i].wanted, "%s", times[i].query);
		arena_free(&a);
	}
}

Test(filter, no_times)
{
	struct arena *a;
	struct fake fake;
	struct gateway gateway;
	struct request rq;
	struct time_filter filter;
	size_t i;

	cr_assert(secret_init());
	for (i = 0; i < NELEM(no_times); i++) {
		const char *variables[] = { "REQUEST_METHOD", "GET",
			"PATH_INFO", "/v2/a", "QUERY_STRING", no_times[i], NULL };

		a = arena_new(4096);
		gateway = fake_gateway(&fake, variables, "");
		cr_assert_null(fake_request(&rq, a, &gateway, 0));
		cr_assert_not_null(filter_read_times(&rq, &filter), "%s",
		    no_times[i]);
		arena_free(&a);
	}
}
