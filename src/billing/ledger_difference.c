/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/ledger_difference.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json_walk.h"

const char *const ledger_member_names[LEDGER_MEMBERS] = {
	[LEDGER_AMOUNT] = "amount",
	[LEDGER_DESCRIPTION] = "description",
	[LEDGER_METADATA] = "metadata",
	[LEDGER_USAGE_QUANTITY] = "usage.quantity",
	[LEDGER_USAGE_TYPE] = "usage.type",
	[LEDGER_USAGE_UNIT] = "usage.unit",
};

/* The value of a member as text; of an empty one: none. */
static struct json_span
member_of(const struct ledger_statement *s, enum ledger_member member)
{
	struct json_span value = json_span_at(s->document, strlen(s->document),
	    ledger_member_names[member]);

	if (value.at == NULL || (value.length == 2 &&
	    (memcmp(value.at, "\"\"", 2) == 0 ||
	    memcmp(value.at, "{}", 2) == 0)))
		value.length = 0;
	return value;
}

static bool
says_same(const struct ledger_statement *one,
    const struct ledger_statement *other, enum ledger_member member)
{
	struct json_span a, b;

	if (member == LEDGER_AMOUNT)
		return one->amount == other->amount &&
		    (one->debit == other->debit || one->amount == 0);
	a = member_of(one, member);
	b = member_of(other, member);
	return a.length == b.length &&
	    (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

unsigned
ledger_differences(const struct ledger_statement *one,
    const struct ledger_statement *other)
{
	unsigned differences = 0;
	int i;

	for (i = 0; i < LEDGER_MEMBERS; i++)
		if (!says_same(one, other, (enum ledger_member)i))
			differences |= 1u << i;
	return differences;
}

const char *
ledger_difference_names(struct arena *a, unsigned differences)
{
	struct buffer names;
	int i;

	buffer_init(&names, a, 0);
	for (i = 0; i < LEDGER_MEMBERS; i++)
		if (differences & 1u << i)
			buffer_printf(&names, "%s%s", names.length > 0 ? ", " :
			    "", ledger_member_names[i]);
	return names.text;
}
