/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/accept.h"

#include <criterion/criterion.h>

static const struct {
	const char *label, *header, *parameter;
	int expected; /* enum format, -1: not acceptable */
} cases[] = {
	{ "no header", NULL, NULL, FORMAT_JSON },
	{ "empty header", "", NULL, FORMAT_JSON },
	{ "anything", "*/*", NULL, FORMAT_JSON },
	{ "json", "application/json", NULL, FORMAT_JSON },
	{ "capitals", "Application/JSON", NULL, FORMAT_JSON },
	{ "x-json", "application/x-json", NULL, FORMAT_JSON },
	{ "csv", "text/csv", NULL, FORMAT_CSV },
	{ "a family", "text/*", NULL, FORMAT_CSV },
	{ "a browser", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8", NULL,
	    FORMAT_JSON },
	{ "jQuery", "application/json, text/javascript, */*; q=0.01", NULL,
	    FORMAT_JSON },
	{ "csv preferred", "application/json;q=0.5, text/csv", NULL,
	    FORMAT_CSV },
	{ "json preferred", "text/csv;q=0.5, application/json", NULL,
	    FORMAT_JSON },
	{ "json refused", "application/json;q=0, */*", NULL, FORMAT_JSON },
	{ "all json refused", "application/*;q=0, text/csv;q=0.1", NULL,
	    FORMAT_CSV },
	{ "problems only", "application/problem+json", NULL, FORMAT_JSON },
	{ "html only", "text/html", NULL, -1 },
	{ "refused with zero", "application/json;q=0.000", NULL, -1 },
	{ "rubbish", ";;;///", NULL, -1 },
	{ "parameter csv", "application/json", "csv", FORMAT_CSV },
	{ "parameter json", "text/csv", "json", FORMAT_JSON },
	{ "parameter media type", NULL, "text/csv", FORMAT_CSV },
	{ "parameter unknown", NULL, "pdf", -1 },
};

Test(accept, formats)
{
	enum format format;
	size_t i;
	int got;

	for (i = 0; i < NELEM(cases); i++) {
		got = accept_format(cases[i].header, cases[i].parameter,
		    &format) ? (int)format : -1;
		cr_assert_eq(got, cases[i].expected, "%s: %d", cases[i].label,
		    got);
	}
}

Test(accept, problem_json_is_for_who_names_it)
{
	cr_assert(accept_wants_problem_json(
	    "application/json, application/problem+json"));
	cr_assert(accept_wants_problem_json("APPLICATION/Problem+JSON;q=0.2"));
	cr_assert_not(accept_wants_problem_json(
	    "application/problem+json;q=0"));
	cr_assert_not(accept_wants_problem_json("application/*"));
	cr_assert_not(accept_wants_problem_json("*/*"));
	cr_assert_not(accept_wants_problem_json(NULL));
}
