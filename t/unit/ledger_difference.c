/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/ledger_difference.h"

#include <criterion/criterion.h>

#include "base/attr.h"

#define USAGE(members) "\"usage\":{" members "}"
#define WHOLE "{\"account\":{\"id\":\"a\",\"name\":\"n\"}," \
	"\"audit\":{\"request\":{\"id\":\"r1\"}},\"description\":\"d\"," \
	"\"metadata\":{\"x\":\"1\"}," \
	USAGE("\"quantity\":60,\"type\":\"voice\",\"unit\":\"sec\"") "}"

static const struct {
	const char *label;
	struct ledger_statement other;
	const char *names;
} cases[] = {
	{ "the same", { true, 20, WHOLE }, "" },
	{ "another author, and name of the account", { true, 20,
	    "{\"account\":{\"id\":\"a\",\"name\":\"m\"},\"audit\":{},"
	    "\"description\":\"d\",\"executor\":{},\"metadata\":{\"x\":\"1\"},"
	    USAGE("\"quantity\":60,\"type\":\"voice\",\"unit\":\"sec\"") "}" },
	    "" },
	{ "the amount", { true, 21, WHOLE }, "amount" },
	{ "a credit", { false, 20, WHOLE }, "amount" },
	{ "the quantity, and no unit", { true, 20,
	    "{\"description\":\"d\",\"metadata\":{\"x\":\"1\"},"
	    USAGE("\"quantity\":6,\"type\":\"voice\"") "}" },
	    "usage.quantity, usage.unit" },
	{ "texts", { true, 20,
	    "{\"description\":\"e\",\"metadata\":{\"x\":\"12\"},"
	    USAGE("\"quantity\":60,\"type\":\"sms\",\"unit\":\"sec\"") "}" },
	    "description, metadata, usage.type" },
	{ "nothing but an amount", { true, 20, "{}" }, "description, metadata, "
	    "usage.quantity, usage.type, usage.unit" },
};

Test(ledger_difference, members_that_differ)
{
	struct arena *a = arena_new(1024);
	const struct ledger_statement one = { true, 20, WHOLE };
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		const struct ledger_statement *other = &cases[i].other;

		cr_expect_str_eq(ledger_difference_names(a,
		    ledger_differences(&one, other)), cases[i].names, "%s",
		    cases[i].label);
		cr_expect_eq(ledger_differences(&one, other),
		    ledger_differences(other, &one), "%s", cases[i].label);
	}
	arena_free(&a);
}

Test(ledger_difference, what_is_empty_says_as_much_as_none)
{
	const struct ledger_statement empty = { true, 0, "{\"description\":\"\","
	    "\"metadata\":{},\"usage\":{\"quantity\":1,\"unit\":\"\"}}" };
	const struct ledger_statement none = { false, 0,
		"{\"usage\":{\"quantity\":1}}" };

	cr_expect_eq(ledger_differences(&empty, &none), 0);
}
