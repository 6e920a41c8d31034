/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/filter.h"

#include "fake_gateway.h"
#include "quoted.h"

#include "base/secret.h"

static const char document[] = "{'id':'p','merge':{'strategy':'cumulative'},"
    "'n':5,'yes':true,'empty':'','list':[1]}";

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
		cr_assert_null(request_read(&rq, a, &gateway, 0));
		cr_assert_eq(filter_wants(&rq, quoted(a, document)),
		    cases[i].wanted, "%s", cases[i].query);
		arena_free(&a);
	}
}
