/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/overlay.h"

#include "quoted.h"

#include "base/attr.h"

/* Two objects, and their overlay (rules/merging 1). */
static const struct {
	const char *label, *left, *right, *merged, *patched;
} cases[] = {
	{ "objects merge", "{'a':{'b':1}}", "{'a':{'c':2}}",
	    "{'a':{'b':1,'c':2}}", "{'a':{'b':1,'c':2}}" },
	{ "the right scalar wins", "{'a':1}", "{'a':2}", "{'a':2}", "{'a':2}" },
	{ "arrays are replaced", "{'a':[1,2]}", "{'a':[3]}", "{'a':[3]}",
	    "{'a':[3]}" },
	{ "an object over a scalar", "{'a':1}", "{'a':{'b':2}}", "{'a':{'b':2}}",
	    "{'a':{'b':2}}" },
	{ "a scalar over an object", "{'a':{'b':2}}", "{'a':1}", "{'a':1}",
	    "{'a':1}" },
	{ "null takes away", "{'a':1,'b':2}", "{'a':null}", "{'b':2}",
	    "{'b':2}" },
	{ "null meets nothing", "{}", "{'a':null,'b':{'c':null}}", "{}", "{}" },
	{ "an empty object is passed over, or empties", "{'a':{'b':1}}",
	    "{'a':{}}", "{'a':{'b':1}}", "{'a':{}}" },
	{ "a new empty object", "{}", "{'a':{}}", "{}", "{'a':{}}" },
	{ "deep below what is new", "{}", "{'a':{'b':{'c':1,'d':null}}}",
	    "{'a':{'b':{'c':1}}}", "{'a':{'b':{'c':1}}}" },
};

Test(overlay, cases)
{
	struct arena *a = arena_new(4096);
	struct json_object *left;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		left = quoted(a, cases[i].left);
		overlay(left, quoted(a, cases[i].right));
		assert_json(a, cases[i].merged, left, cases[i].label);
		left = quoted(a, cases[i].left);
		overlay_patch(left, quoted(a, cases[i].right));
		assert_json(a, cases[i].patched, left, cases[i].label);
	}
	arena_free(&a);
}

Test(overlay, nothing_of_the_right_is_shared)
{
	struct arena *a = arena_new(4096);
	struct json_object *left = quoted(a, "{}");
	struct json_object *right = quoted(a, "{'a':{'b':{'c':1}}}");

	overlay(left, right);
	overlay(left, quoted(a, "{'a':{'b':{'c':2}}}"));
	assert_json(a, "{'a':{'b':{'c':1}}}", right, "the right");
	overlay(left, NULL);
	assert_json(a, "{'a':{'b':{'c':2}}}", left, "nothing laid over");
	arena_free(&a);
}
