/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON for tests, written with ' where JSON has ". */
#ifndef REEVE_T_UNIT_QUOTED_H
#define REEVE_T_UNIT_QUOTED_H

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"

static inline struct json_object *
quoted(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text), *c;
	struct json_object *tree;
	const char *error = "";

	for (c = copy; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	tree = json_parse(a, copy, strlen(copy), &error);
	cr_assert(tree != NULL, "%s: %s", error, text);
	return tree;
}

/* True if both are equal, regardless of the order of keys. */
static inline void
assert_json(struct arena *a, const char *wanted, struct json_object *found,
    const char *label)
{
	const char *text = json_canonical_text(a, quoted(a, wanted));

	cr_assert_str_eq(json_canonical_text(a, found), text, "%s: %s", label,
	    json_canonical_text(a, found));
}

#endif
