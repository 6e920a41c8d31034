/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/json_walk.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static const char *const documents[] = {
	"{\"a\":{\"b\":[1,2,{\"c\":\"d\"}],\"c\":-1.50e3},\"b\":\"x\",\"c\":null}",
	" { \"a\" : { \"b\" : [ ] , \"c\" : { } } ,\t\"c\"\n: true , \"b\" : 5 } ",
	"{\"z\":{\"a\":{\"b\":1}},\"a\":{\"bb\":2,\"b\":\"}\\\"]\\\\\"},\"b\":\"\\\\\\\\\"}",
	"{\"a\\\"b\":1,\"\":2,\"a\":\"\\u00e9\\n\",\"b\":{\"\":\"a\"}}",
	"{\"a\":[{\"b\":1}],\"b\":[],\"c\":{\"b\":{\"c\":false}}}",
	"{}",
};

static const char *const paths[] = {
	"a", "b", "c", "a.b", "a.c", "c.b", "c.b.c", "z.a.b", "a.b.c", "x", "b.c",
};

/* A value is found where the tree has it, and has its text. */
Test(json_walk, values_are_those_of_the_tree)
{
	struct arena *a = arena_new(1024);
	struct json_object *tree, *wanted, *found;
	struct json_span span;
	const char *error;
	size_t i, j;

	for (i = 0; i < NELEM(documents); i++) {
		tree = json_parse(a, documents[i], strlen(documents[i]),
		    &error);
		cr_assert_not_null(tree, "%zu: %s", i, error);
		for (j = 0; j < NELEM(paths); j++) {
			wanted = json_at(tree, paths[j]);
			span = json_span_at(documents[i],
			    strlen(documents[i]), paths[j]);
			cr_assert_eq(wanted == NULL, span.at == NULL, "%zu: %s",
			    i, paths[j]);
			if (wanted == NULL)
				continue;
			found = json_parse(a, span.at, span.length, &error);
			cr_assert(json_object_equal(wanted, found),
			    "%zu: %s: %.*s", i, paths[j], (int)span.length,
			    span.at);
		}
	}
	arena_free(&a);
}

/* Reads everything that can be entered. Returns the number of values. */
static size_t
count_values(struct json_walk *w)
{
	struct json_span name;
	size_t count = 1;

	if (json_walk_enter(w, '{')) {
		while (json_walk_member(w, &name))
			count += count_values(w);
	} else if (json_walk_enter(w, '[')) {
		while (json_walk_element(w))
			count += count_values(w);
	} else {
		json_walk_skip(w);
	}
	return count;
}

Test(json_walk, entering_all_visits_each_value_once)
{
	static const size_t counts[] = { 10, 6, 8, 6, 8, 1 };
	struct json_walk w;
	size_t i;

	for (i = 0; i < NELEM(documents); i++) {
		w = json_walk_begin(documents[i], strlen(documents[i]));
		cr_assert_eq(count_values(&w), counts[i], "%zu", i);
		json_walk_skip(&w);
		cr_assert_eq(w.at, w.end, "%zu", i);
	}
}

/* The copies are as long as the text, so that tools see what reads beyond. */
Test(json_walk, a_text_that_is_not_json_ends)
{
	static const char bytes[] = "{}[],:\"\\n1 ";
	size_t i, j, k, length;
	struct json_walk w;
	char *copy;

	for (i = 0; i < NELEM(documents); i++) {
		length = strlen(documents[i]);
		for (j = 0; j <= length; j++) {
			for (k = 0; k < sizeof(bytes); k++) {
				copy = malloc(j + 1);
				memcpy(copy, documents[i], j);
				copy[j] = bytes[k];
				w = json_walk_begin(copy, j + 1);
				count_values(&w);
				cr_assert_leq(w.at, w.end);
				w = json_walk_begin(copy, j + 1);
				json_walk_skip(&w);
				cr_assert_leq(w.at, w.end);
				(void)json_span_at(copy, j + 1, "a.b");
				(void)json_span_at(copy, j + 1, "c");
				free(copy);
			}
		}
	}
}

static struct json_span
span_of(const char *text)
{
	return (struct json_span){ text, strlen(text) };
}

Test(json_walk, strings)
{
	static const struct {
		const char *text, *string;
	} cases[] = {
		{ "\"\"", "" }, { "\"a\"", "a" }, { "\"\\\"\\\\\"", "\"\\" },
		{ "\"\\u00e9\"", "\xc3\xa9" }, { "1", NULL }, { "null", NULL },
		{ "[\"a\"]", NULL },
	};
	struct arena *a = arena_new(1024);
	struct json_span span;
	const char *found;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		span = span_of(cases[i].text);
		found = json_span_string(a, &span);
		if (cases[i].string == NULL)
			cr_assert_null(found, "%s", cases[i].text);
		else
			cr_assert_str_eq(found, cases[i].string);
	}
	span = (struct json_span){ NULL, 0 };
	cr_assert_null(json_span_string(a, &span));
	arena_free(&a);
}

Test(json_walk, numbers_are_read_as_in_trees)
{
	static const char *const cases[] = {
		"0", "-0", "7", "-12", "99999999999999999", "-99999999999999999",
		"999999999999999999", "9223372036854775807",
		"-9223372036854775808", "9223372036854775808", "1.0", "1.5",
		"6e2", "1e30", "\"1\"", "true", "null", "{}", "[1]", "-",
	};
	struct arena *a = arena_new(1024);
	int64_t wanted, found;
	struct json_span span;
	const char *text, *error;
	bool is_number;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		wanted = found = -1;
		span = span_of(cases[i]);
		text = arena_printf(a, "{\"v\":%s}", cases[i]);
		is_number = json_int_at(json_parse(a, text, strlen(text),
		    &error), "v", &wanted);
		cr_assert_eq(json_span_int(a, &span, &found), is_number, "%s",
		    cases[i]);
		cr_assert_eq(wanted, found, "%s", cases[i]);
	}
	arena_free(&a);
}
