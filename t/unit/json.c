/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/json.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static struct arena *a;
static struct buffer out;
static struct json_writer w;

static void
setup(void)
{
	a = arena_new(4096);
	buffer_init(&out, a, 0);
	json_writer_init(&w, &out);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(json_in, .init = setup, .fini = teardown);
TestSuite(json_out, .init = setup, .fini = teardown);

static struct json_object *
parsed(const char *text)
{
	const char *error = "";
	struct json_object *tree;

	tree = json_parse(a, text, strlen(text), &error);
	cr_assert_not_null(tree, "%s: %s", text, error);
	return tree;
}

static const char *
canonical(struct json_object *tree)
{
	struct buffer b;

	buffer_init(&b, a, 0);
	json_canonical(&b, tree);
	cr_assert_not(b.failed);
	return b.text;
}

/* ---- input ---- */

static const struct {
	const char *text, *canonical;
} good[] = {
	{ "{}", "{}" },
	{ "[]", "[]" },
	{ " \t\r\n{ \"a\" : [ 1 , true , false , null ] } \n",
	    "{\"a\":[1,true,false,null]}" },
	{ "\"\"", "\"\"" },
	{ "true", "true" },
	{ "12", "12" },
	{ "0", "0" },
	{ "-0", "0" },
	{ "-1", "-1" },
	{ "9223372036854775807", "9223372036854775807" },
	{ "-9223372036854775808", "-9223372036854775808" },
	/* doubles keep their original text */
	{ "60.0", "60.0" },
	{ "2.60", "2.60" },
	{ "1e3", "1e3" },
	{ "1E+3", "1E+3" },
	{ "-0.0", "-0.0" },
	{ "0.1", "0.1" },
	{ "12345678901234567.89", "12345678901234567.89" },
	{ "9223372036854775808.0", "9223372036854775808.0" },
	{ "1e-400", "1e-400" },
	{ "[1.5,-2e-1]", "[1.5,-2e-1]" },
	/* keys sorted bytewise, at every level */
	{ "{\"b\":1,\"a\":{\"z\":[],\"B\":2,\"\":3}}",
	    "{\"a\":{\"\":3,\"B\":2,\"z\":[]},\"b\":1}" },
	{ "{\"\xc3\xa9\":1,\"z\":2}", "{\"z\":2,\"\xc3\xa9\":1}" },
	{ "[{\"b\":1,\"a\":2}]", "[{\"a\":2,\"b\":1}]" },
	/* the last of duplicate keys wins */
	{ "{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}" },
	{ "{\"a\":{\"x\":1},\"a\":null}", "{\"a\":null}" },
	/* strings */
	{ "\"\\u0001\\b\\f\\n\\r\\t\\\"\\\\\\/\"",
	    "\"\\u0001\\b\\f\\n\\r\\t\\\"\\\\/\"" },
	{ "\"\\u00e9\\u20AC\\ud83d\\ude00\"",
	    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
	{ "\"\\\\u0000\"", "\"\\\\u0000\"" },
	{ "\"\x7f\"", "\"\x7f\"" },
	{ "{\"NaN\":\"Infinity\"}", "{\"NaN\":\"Infinity\"}" },
};

Test(json_in, accepted_texts)
{
	const char *error;
	size_t i;

	for (i = 0; i < NELEM(good); i++) {
		struct json_object *tree;

		error = "";
		tree = json_parse(a, good[i].text, strlen(good[i].text),
		    &error);
		cr_assert_not_null(tree, "%s: %s", good[i].text, error);
		cr_expect_str_eq(canonical(tree), good[i].canonical,
		    "%s became %s", good[i].text, canonical(tree));
	}
}

static const struct {
	const char *text, *error;
} bad[] = {
	{ "", "unexpected end of data around 0" },
	{ " ", "unexpected end of data around 1" },
	{ "{", "unexpected end of data around 1" },
	{ "[1,", "unexpected end of data around 3" },
	{ "{\"a\":", "unexpected end of data around 5" },
	{ "{\"a\"", "unexpected end of data around 4" },
	{ "\"abc", "unexpected end of data around 4" },
	{ "\"abc\\", "malformed escape around 5" },
	{ "\"\\u12", "malformed escape around 5" },
	{ "-", "unexpected end of data around 1" },
	{ "1.", "unexpected end of data around 2" },
	{ "1e", "unexpected end of data around 2" },
	{ "tru", "unexpected character around 0" },
	{ "null", "null is no value here around 4" },
	{ " null ", "null is no value here around 6" },
	{ "nullnull", "unexpected character around 4" },
	{ "{}x", "unexpected character around 2" },
	{ "{} {}", "unexpected character around 3" },
	{ "1 2", "unexpected character around 2" },
	{ "\"a\" \"b\"", "unexpected character around 4" },
	{ "{},", "unexpected character around 2" },
	{ "[1]]", "unexpected character around 3" },
	{ "{\"a\":1}}", "unexpected character around 7" },
	{ "]", "unexpected character around 0" },
	{ "}", "unexpected character around 0" },
	{ ",", "unexpected character around 0" },
	{ ":", "unexpected character around 0" },
	{ "[}", "unexpected character around 1" },
	{ "[1}", "array value separator ',' expected around 2" },
	{ "[1 2]", "array value separator ',' expected around 3" },
	{ "[1:2]", "malformed number around 2" },
	{ "[\"a\":2]", "array value separator ',' expected around 4" },
	{ "[1,]", "unexpected character around 3" },
	{ "[1,,2]", "unexpected character around 3" },
	{ "[,1]", "unexpected character around 1" },
	{ "[,]", "unexpected character around 1" },
	{ "[\"a\"\"b\"]", "array value separator ',' expected around 4" },
	{ "[[]{}]", "array value separator ',' expected around 3" },
	{ "[1\"b\"]", "malformed number around 2" },
	{ "[true false]", "array value separator ',' expected around 6" },
	{ "[truefalse]", "array value separator ',' expected around 5" },
	{ "[1", "unexpected end of data around 2" },
	{ "[1 ", "unexpected end of data around 3" },
	{ "[", "unexpected end of data around 1" },
	{ "{]", "quoted object property name expected around 1" },
	{ "{,}", "quoted object property name expected around 1" },
	{ "{\"a\":1,}", "quoted object property name expected around 7" },
	{ "{\"a\":1,,\"b\":2}",
	    "quoted object property name expected around 7" },
	{ "{1:2}", "quoted object property name expected around 1" },
	{ "{a:2}", "quoted object property name expected around 1" },
	{ "{'a':1}", "quoted object property name expected around 1" },
	{ "{null:1}", "quoted object property name expected around 1" },
	{ "{\"a\" 1}", "object property name separator ':' expected around 5" },
	{ "{\"a\",1}", "object property name separator ':' expected around 4" },
	{ "{\"a\"}", "object property name separator ':' expected around 4" },
	{ "{\"a\"=1}", "object property name separator ':' expected around 4" },
	{ "{\"a\"::1}", "unexpected character around 5" },
	{ "{\"a\":}", "unexpected character around 5" },
	{ "{\"a\":,\"b\":1}", "unexpected character around 5" },
	{ "{\"a\":\"b\":\"c\"}",
	    "object value separator ',' expected around 8" },
	{ "{\"a\":1 \"b\":2}",
	    "object value separator ',' expected around 7" },
	{ "{\"a\":[]]", "object value separator ',' expected around 7" },
	{ "{\"a\":1", "unexpected end of data around 6" },
	{ "{\"a\":1,", "unexpected end of data around 7" },
	{ "'a'", "unexpected character around 0" },
	{ "[1]// x", "unexpected character around 3" },
	{ "/* x */[1]", "unexpected character around 0" },
	{ "True", "unexpected character around 0" },
	{ "NULL", "unexpected character around 0" },
	/* numbers */
	{ "NaN", "unexpected character around 0" },
	{ "[NaN]", "unexpected character around 1" },
	{ "Infinity", "unexpected character around 0" },
	{ "-Infinity", "malformed number around 1" },
	{ "[-NaN]", "malformed number around 2" },
	{ "+1", "unexpected character around 0" },
	{ ".5", "unexpected character around 0" },
	{ "[-.5]", "malformed number around 2" },
	{ "[1.]", "malformed number around 3" },
	{ "[1.e1]", "malformed number around 3" },
	{ "[1e]", "malformed number around 3" },
	{ "[1e+]", "malformed number around 4" },
	{ "01", "malformed number around 1" },
	{ "-01", "malformed number around 2" },
	{ "[00.5]", "malformed number around 2" },
	{ "0x10", "malformed number around 1" },
	{ "1.2.3", "malformed number around 3" },
	{ "1-2", "malformed number around 1" },
	{ "[1 -]", "array value separator ',' expected around 3" },
	{ "[-]", "malformed number around 2" },
	{ "9223372036854775808", "integer beyond 64 bits around 19" },
	{ "-9223372036854775809", "integer beyond 64 bits around 20" },
	{ "18446744073709551615", "integer beyond 64 bits around 20" },
	{ "[99999999999999999999]", "integer beyond 64 bits around 21" },
	{ "1e400", "number out of range around 5" },
	{ "[-1e999999999999]", "number out of range around 16" },
	/* strings */
	{ "\"a\nb\"", "control character in a string around 2" },
	{ "\"\x1f\"", "control character in a string around 1" },
	{ "\"\\u0000\"", "NUL character in a string around 7" },
	{ "\"\\\\\\u0000\"", "NUL character in a string around 9" },
	{ "{\"a\\u0000b\":1}", "NUL character in a string around 9" },
	{ "\"\\ud83dx\"", "half a surrogate pair in a string around 7" },
	{ "\"\\ude00\"", "half a surrogate pair in a string around 7" },
	{ "\"\\ud83d\\n\"", "half a surrogate pair in a string around 7" },
	{ "\"\\ud83d\\ud83d\"", "half a surrogate pair in a string around 13" },
	{ "\"\\ud83d\\u00", "malformed escape around 11" },
	{ "\"\\x41\"", "malformed escape around 2" },
	{ "\"\\u00g0\"", "malformed escape around 5" },
	{ "\"\\U0041\"", "malformed escape around 2" },
	{ "\"\xff\"", "invalid UTF-8 around 1" },
	{ "\"\xc3(\"", "invalid UTF-8 around 1" },
	{ "\"\xc0\x80\"", "invalid UTF-8 around 1" },
	{ "\"\xed\xa0\x80\"", "invalid UTF-8 around 1" },
	{ "\"\xf4\x90\x80\x80\"", "invalid UTF-8 around 1" },
	{ "\"ab\xe2\x82\"", "invalid UTF-8 around 3" },
	{ "{\"\xff\":1}", "invalid UTF-8 around 2" },
	{ "\xef\xbb\xbf{}", "unexpected character around 0" },
	{ "\xc2\xa0{}", "unexpected character around 0" },
};

Test(json_in, refused_texts)
{
	struct json_object *tree;
	const char *error;
	size_t i;

	for (i = 0; i < NELEM(bad); i++) {
		error = NULL;
		tree = json_parse(a, bad[i].text, strlen(bad[i].text), &error);
		cr_expect_null(tree, "%s", bad[i].text);
		cr_assert_not_null(error, "%s", bad[i].text);
		cr_expect_str_eq(error, bad[i].error, "%s: %s", bad[i].text,
		    error);
	}
}

/* Of equal names the last wins, at the place of the first. */
Test(json_in, members_stay_in_their_order)
{
	static const struct {
		const char *text, *told;
	} rows[] = {
		{ "{\"b\":1,\"a\":2}", "{\"b\":1,\"a\":2}" },
		{ "{\"b\":1,\"a\":2,\"b\":3}", "{\"b\":3,\"a\":2}" },
		{ "{\"b\":{\"x\":1},\"a\":2,\"b\":{\"y\":[]}}",
		    "{\"b\":{\"y\":[]},\"a\":2}" },
		{ "{\"b\":1,\"\\u0062\":null,\"a\":2}",
		    "{\"b\":null,\"a\":2}" },
		{ "{\"b\":null,\"b\":\"\\n\"}", "{\"b\":\"\\n\"}" },
		{ "{\"\\n1\":\"\\t1\",\"\\n2\":\"\\t2\"}",
		    "{\"\\n1\":\"\\t1\",\"\\n2\":\"\\t2\"}" },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_str_eq(json_object_to_json_string_ext(
		    parsed(rows[i].text), JSON_C_TO_STRING_PLAIN),
		    rows[i].told, "%s", rows[i].text);
}

/* Every kind of character, as it is and as its escape. */
Test(json_in, escapes_stand_for_characters)
{
	static const struct {
		const char *escape, *bytes;
	} rows[] = {
		{ "\\u0001", "\x01" }, { "\\u001f", "\x1f" },
		{ "\\u007F", "\x7f" }, { "\\u0080", "\xc2\x80" },
		{ "\\u07fF", "\xdf\xbf" }, { "\\u0800", "\xe0\xa0\x80" },
		{ "\\ud7ff", "\xed\x9f\xbf" },
		{ "\\ue000", "\xee\x80\x80" },
		{ "\\uFFFF", "\xef\xbf\xbf" },
		{ "\\ud800\\udc00", "\xf0\x90\x80\x80" },
		{ "\\uDBFF\\uDFFF", "\xf4\x8f\xbf\xbf" },
		/* json-c itself makes U+FFFD of it. */
		{ "\\ud837\\udefa", "\xf0\x9d\xbb\xba" },
		{ "\\b\\f\\n\\r\\t\\\"\\\\\\/", "\b\f\n\r\t\"\\/" },
		{ "a\\nb\\nc", "a\nb\nc" },
	};
	const char *text;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		text = arena_printf(a, "\"%s\"", rows[i].escape);
		cr_expect_str_eq(json_object_get_string(parsed(text)),
		    rows[i].bytes, "%s", text);
		text = arena_printf(a, "{\"x%sy\":1}", rows[i].escape);
		cr_expect(json_object_object_get_ex(parsed(text),
		    arena_printf(a, "x%sy", rows[i].bytes), NULL), "%s", text);
	}
}

static const struct {
	const char *text;
	int64_t values;
} counted[] = {
	{ "1", 1 }, { "[]", 1 }, { "{}", 1 }, { "[1,2]", 3 },
	{ "{\"a\":1,\"b\":[true,null]}", 5 }, { "[\"a\",\"b\"]", 3 },
};

Test(json_in, values_are_counted_but_not_their_names)
{
	const char *error;
	int64_t values;
	size_t i;

	for (i = 0; i < NELEM(counted); i++) {
		values = counted[i].values;
		cr_expect_not_null(json_parse_within(a, counted[i].text,
		    strlen(counted[i].text), &values, &error), "%s",
		    counted[i].text);
		cr_expect_eq(values, 0, "%s", counted[i].text);
		values = counted[i].values - 1;
		cr_expect_null(json_parse_within(a, counted[i].text,
		    strlen(counted[i].text), &values, &error), "%s",
		    counted[i].text);
		cr_expect_eq(values, -1, "%s", counted[i].text);
	}
}

/* A text that is wrong is not told to have too many values. */
Test(json_in, a_fault_comes_before_values_that_never_came)
{
	static const char *const rows[] = { "[", "[}", "[,", "{,", "{\"a\"",
		"{\"a\" 1", "{\"a\":}" };
	const char *error;
	int64_t values;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		values = 1;
		cr_expect_null(json_parse_within(a, rows[i], strlen(rows[i]),
		    &values, &error), "%s", rows[i]);
		cr_expect_eq(values, 0, "%s: %s", rows[i], error);
	}
}

Test(json_in, raw_nul_bytes_are_refused)
{
	static const struct {
		const char *bytes;
		size_t length;
	} rows[] = {
		{ "\0", 1 }, { "{}\0", 3 }, { "{\0}", 3 }, { "\"a\0b\"", 5 },
		{ "{\"a\0\":1}", 8 }, { "1\0", 2 }, { "[1\0]", 4 },
		{ "true\0", 5 }, { "\"\\\0\"", 4 }, { "\"\\u00\0" "0\"", 8 },
	};
	const char *error;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		error = NULL;
		cr_expect_null(json_parse(a, rows[i].bytes, rows[i].length,
		    &error), "row %zu", i);
		cr_expect_not_null(error, "row %zu", i);
	}
}

/* Every truncation of a text with all types is noticed. */
Test(json_in, every_truncation_is_noticed)
{
	static const char text[] = "{\"k\\u00e9\":[1,-2.5e+1,true,false,"
	    "null,\"x\xc3\xa9\\n\",{\"a\":{}},[[]]]}";
	const char *error = "";
	size_t length;
	char *copy;

	for (length = 0; length < sizeof(text) - 1; length++) {
		/* On the heap, with exact size: sanitizers notice a read beyond
		 * it. */
		copy = malloc(length + 1);
		memcpy(copy, text, length);
		copy = realloc(copy, length == 0 ? 1 : length);
		cr_expect_null(json_parse(a, copy, length, &error), "%.*s",
		    (int)length, text);
		free(copy);
	}
	cr_expect_not_null(json_parse(a, text, sizeof(text) - 1, &error));
}

Test(json_in, the_text_need_not_end_in_nul)
{
	const char *error = "";
	struct json_object *tree;

	tree = json_parse(a, "123456", 3, &error);
	cr_assert_not_null(tree, "%s", error);
	cr_expect_str_eq(canonical(tree), "123");
	tree = json_parse(a, "{}garbage", 2, &error);
	cr_assert_not_null(tree, "%s", error);
	cr_expect_str_eq(canonical(tree), "{}");
}

/* depth times '[', then close times ']'. */
static char *
nested(size_t depth, size_t close)
{
	char *text = arena_alloc(a, depth + close + 1);

	memset(text, '[', depth);
	memset(text + depth, ']', close);
	return text;
}

Test(json_in, depth_is_bounded)
{
	static const struct {
		size_t depth, close;
		const char *error; /* NULL: taken */
	} rows[] = {
		{ 1, 1, NULL },
		{ JSON_DEPTH - 1, JSON_DEPTH - 1, NULL },
		{ JSON_DEPTH, JSON_DEPTH, NULL },
		{ JSON_DEPTH + 1, JSON_DEPTH + 1,
		    "nesting too deep around 100" },
		{ 10000, 10000, "nesting too deep around 100" },
		{ 8000000, 0, "nesting too deep around 100" },
		{ JSON_DEPTH, 0, "unexpected end of data around 100" },
	};
	struct json_object *tree;
	const char *error, *text;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		error = "";
		text = nested(rows[i].depth, rows[i].close);
		tree = json_parse(a, text, strlen(text), &error);
		cr_expect_eq(tree != NULL, rows[i].error == NULL,
		    "row %zu: %s", i, error);
		if (rows[i].error != NULL)
			cr_expect_str_eq(error, rows[i].error, "row %zu: %s",
			    i, error);
		else
			cr_expect_str_eq(canonical(tree), text, "row %zu", i);
	}
}

Test(json_in, the_deepest_array_may_hold_something)
{
	char *text = nested(JSON_DEPTH, JSON_DEPTH);
	const char *error = "";

	text = arena_printf(a, "%.*s{\"a\":1}%s", JSON_DEPTH - 1, text,
	    text + JSON_DEPTH + 1);
	cr_expect_not_null(json_parse(a, text, strlen(text), &error), "%s",
	    error);
	/* Siblings do not add up. */
	text = arena_alloc(a, 3 * 1000 + 2);
	text[0] = '[';
	for (size_t i = 0; i < 1000; i++)
		memcpy(text + 1 + 3 * i, "[],", 3);
	text[3000] = ']';
	cr_expect_not_null(json_parse(a, text, 3001, &error), "%s", error);
}

Test(json_in, long_numbers_are_bounded)
{
	const char *error = "";
	char text[400];

	memset(text, '0', sizeof(text));
	memcpy(text, "1.", 2);
	cr_expect_not_null(json_parse(a, text, 255, &error), "%s", error);
	cr_expect_null(json_parse(a, text, 256, &error));
	cr_expect_str_eq(error, "number too long around 256");
}

Test(json_in, paths)
{
	struct json_object *tree = parsed("{\"usage\":{\"quantity\":60,"
	    "\"deep\":{\"er\":\"x\"},\"none\":null},\"list\":[{\"a\":1}],"
	    "\"text\":\"12\",\"\":{\"\":5},\"a.b\":6}");
	static const struct {
		const char *path, *value; /* NULL: missing */
	} rows[] = {
		{ "usage.quantity", "60" },
		{ "usage.deep.er", "\"x\"" },
		{ "usage.deep", "{\"er\":\"x\"}" },
		{ "text", "\"12\"" },
		{ ".", "5" },
		{ "usage.none", NULL },
		{ "usage.none.x", NULL },
		{ "usage.Quantity", NULL },
		{ "usage.", NULL },
		{ ".usage", NULL },
		{ "list.0", NULL },
		{ "list.a", NULL },
		{ "text.x", NULL },
		{ "usage.quantity.x", NULL },
		{ "a.b", NULL },
		{ "usag", NULL },
	};
	struct json_object *value;
	char longest[1000];
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		value = json_at(tree, rows[i].path);
		cr_expect_str_eq(canonical(value),
		    rows[i].value == NULL ? "null" : rows[i].value, "%s",
		    rows[i].path);
	}
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	cr_expect_null(json_at(tree, longest));
	cr_expect_null(json_at(NULL, "usage"));
}

Test(json_in, nothing_is_coerced)
{
	struct json_object *tree = parsed("{\"s\":\"12\",\"n\":12,\"t\":true,"
	    "\"f\":false,\"o\":{},\"a\":[],\"one\":1,\"word\":\"true\"}");
	static const char *const keys[] = {
		"s", "n", "t", "f", "o", "a", "one", "word", "absent",
	};
	int64_t number;
	size_t i;

	for (i = 0; i < NELEM(keys); i++) {
		const char *k = keys[i];
		bool text = strcmp(k, "s") == 0 || strcmp(k, "word") == 0;
		bool whole = strcmp(k, "n") == 0 || strcmp(k, "one") == 0;

		cr_expect_eq(json_string_at(tree, k) != NULL, text, "%s", k);
		cr_expect_eq(json_object_at(tree, k) != NULL, *k == 'o' &&
		    k[1] == '\0', "%s", k);
		cr_expect_eq(json_array_at(tree, k) != NULL, *k == 'a' &&
		    k[1] == '\0', "%s", k);
		cr_expect_eq(json_true_at(tree, k), strcmp(k, "t") == 0, "%s",
		    k);
		cr_expect_eq(json_int_at(tree, k, &number), whole, "%s", k);
	}
	cr_expect_str_eq(json_string_at(tree, "s"), "12");
}

Test(json_in, whole_numbers)
{
	static const struct {
		const char *number;
		bool whole;
		int64_t value;
	} rows[] = {
		{ "0", true, 0 },
		{ "-1", true, -1 },
		{ "60.0", true, 60 },
		{ "-60.0", true, -60 },
		{ "1e3", true, 1000 },
		{ "-0.0", true, 0 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9007199254740992.0", true, INT64_C(9007199254740992) },
		{ "60.5", false, 0 },
		{ "1e-7", false, 0 },
		{ "9007199254740994.0", false, 0 },
		{ "1e19", false, 0 },
		{ "-1e300", false, 0 },
	};
	struct json_object *tree;
	int64_t value;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		tree = parsed(arena_printf(a, "{\"n\":%s}", rows[i].number));
		value = -77;
		cr_expect_eq(json_int_at(tree, "n", &value), rows[i].whole,
		    "%s", rows[i].number);
		cr_expect_eq(value, rows[i].whole ? rows[i].value : -77,
		    "%s gave %" PRId64, rows[i].number, value);
	}
}

Test(json_in, numbers_too_long_for_a_text)
{
	struct json_object *tree = json_own(a, json_object_new_object());
	int64_t value = -77;

	json_object_object_add(tree, "big", json_object_new_uint64(UINT64_MAX));
	json_object_object_add(tree, "nan", json_object_new_double(NAN));
	json_object_object_add(tree, "inf", json_object_new_double(INFINITY));
	cr_expect_not(json_int_at(tree, "big", &value));
	cr_expect_not(json_int_at(tree, "nan", &value));
	cr_expect_not(json_int_at(tree, "inf", &value));
	cr_expect_eq(value, -77);
	cr_expect_str_eq(canonical(tree),
	    "{\"big\":18446744073709551615,\"inf\":null,\"nan\":null}");
}

Test(json_in, public_copies)
{
	struct json_object *document = parsed("{\"_id\":\"x\",\"_read_only\":"
	    "{},\"pvt_type\":\"t\",\"pvt\":1,\"private\":2,\"a\":{\"_b\":1,"
	    "\"pvt_c\":2},\"n\":null,\"d\":2.60,\"\":0}"), *copy;

	copy = json_own(a, json_public_copy(document));
	cr_expect_str_eq(canonical(copy), "{\"\":0,\"a\":{\"_b\":1,"
	    "\"pvt_c\":2},\"d\":2.60,\"n\":null,\"private\":2,\"pvt\":1}");
	json_object_object_add(json_at(copy, "a"), "new",
	    json_object_new_int(1));
	cr_expect_null(json_at(document, "a.new"), "not a copy");
	cr_expect_not_null(json_at(document, "_id"), "document changed");
	cr_expect_null(json_public_copy(NULL));
}

static void
forget(struct json_object *tree, void *flag)
{
	(void)tree;
	*(bool *)flag = true;
}

Test(json_in, a_tree_lives_as_long_as_its_arena)
{
	struct json_object *tree = json_object_new_object();
	bool gone = false;

	json_object_set_userdata(tree, &gone, forget);
	cr_expect_eq(json_own(a, tree), tree);
	cr_expect_not(gone);
	arena_reset(a);
	cr_expect(gone);
	cr_expect_null(json_own(a, NULL));
}

/* ---- output ---- */

Test(json_out, everything_once)
{
	json_begin_object(&w);
	json_member_string(&w, "string", "x");
	json_member_string(&w, "none", NULL);
	json_member_int(&w, "int", -5);
	json_member_bool(&w, "yes", true);
	json_member_bool(&w, "no", false);
	json_key(&w, "list");
	json_begin_array(&w);
	json_int(&w, 1);
	json_begin_array(&w);
	json_end(&w);
	json_begin_object(&w);
	json_end(&w);
	json_boolean(&w, true);
	json_string_n(&w, "abc", 2);
	json_raw(&w, "1.50", 4);
	json_tree(&w, parsed("{\"b\":[1,{\"c\":2.0}],\"a\":null}"));
	json_tree(&w, NULL);
	json_end(&w);
	json_key_n(&w, "keys", 3);
	json_string(&w, "");
	json_end(&w);
	cr_expect_str_eq(out.text, "{\"string\":\"x\",\"none\":null,\"int\":-5,"
	    "\"yes\":true,\"no\":false,\"list\":[1,[],{},true,\"ab\",1.50,"
	    "{\"b\":[1,{\"c\":2.0}],\"a\":null},null],\"key\":\"\"}");
}

Test(json_out, numbers)
{
	static const struct {
		int64_t value;
		const char *text;
	} rows[] = {
		{ 0, "0" }, { 1, "1" }, { -1, "-1" }, { 9, "9" }, { 10, "10" },
		{ -10, "-10" }, { 1234567890, "1234567890" },
		{ INT64_MAX, "9223372036854775807" },
		{ INT64_MIN, "-9223372036854775808" },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		buffer_init(&out, a, 0);
		json_writer_init(&w, &out);
		json_int(&w, rows[i].value);
		cr_expect_str_eq(out.text, rows[i].text, "%s: %s",
		    rows[i].text, out.text);
	}
}

static const struct {
	const char *bytes;
	size_t length;
	const char *text;
} strings[] = {
	{ "", 0, "\"\"" },
	{ "plain", 5, "\"plain\"" },
	{ "/a/b", 4, "\"/a/b\"" },
	{ "\"", 1, "\"\\\"\"" },
	{ "\\", 1, "\"\\\\\"" },
	{ "a\"b\\c", 5, "\"a\\\"b\\\\c\"" },
	{ "\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"" },
	{ "\0", 1, "\"\\u0000\"" },
	{ "a\0b", 3, "\"a\\u0000b\"" },
	{ "\x01\x0b\x1b\x1f\x20", 5, "\"\\u0001\\u000b\\u001b\\u001f \"" },
	{ "\x7f", 1, "\"\x7f\"" },
	{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9,
	    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"" },
	/* one U+FFFD for each invalid byte */
	{ "\xff", 1, "\"\xef\xbf\xbd\"" },
	{ "a\x80z", 3, "\"a\xef\xbf\xbdz\"" },
	{ "\xc3", 1, "\"\xef\xbf\xbd\"" },
	{ "\xc3\"", 2, "\"\xef\xbf\xbd\\\"\"" },
	{ "\xc0\x80", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ "\xe2\x82", 2, "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	{ "\xed\xa0\x80", 3, "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
};

Test(json_out, strings_are_escaped_and_never_broken)
{
	size_t i;

	for (i = 0; i < NELEM(strings); i++) {
		buffer_init(&out, a, 0);
		json_writer_init(&w, &out);
		json_string_n(&w, strings[i].bytes, strings[i].length);
		cr_expect_str_eq(out.text, strings[i].text, "row %zu: %s", i,
		    out.text);
		buffer_init(&out, a, 0);
		json_writer_init(&w, &out);
		json_begin_object(&w);
		json_key_n(&w, strings[i].bytes, strings[i].length);
		json_int(&w, 1);
		json_end(&w);
		cr_expect_str_eq(out.text, arena_printf(a, "{%s:1}",
		    strings[i].text), "key %zu: %s", i, out.text);
	}
}

/* Written JSON can be read back, whatever the bytes. */
Test(json_out, any_bytes_can_be_read_back)
{
	const char *error = "";
	uint32_t seed = 1;
	char bytes[64];
	int round;
	size_t i;

	for (round = 0; round < 20000; round++) {
		for (i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525 + 1013904223;
			/* NUL is written, but refused when read. */
			bytes[i] = (char)(seed >> 24 == 0 ? 1 : seed >> 24);
		}
		buffer_init(&out, a, 0);
		json_writer_init(&w, &out);
		json_string_n(&w, bytes, sizeof(bytes));
		cr_assert_not_null(json_parse(a, out.text, out.length, &error),
		    "%s: %s", error, out.text);
		arena_reset(a);
	}
}

Test(json_out, a_tree_as_deep_as_can_be_read)
{
	const char *text = nested(JSON_DEPTH, JSON_DEPTH);

	json_begin_array(&w);
	json_tree(&w, parsed(text));
	json_end(&w);
	cr_expect_str_eq(out.text, arena_printf(a, "[%s]", text));
}

Test(json_out, as_deep_as_the_writer_goes)
{
	int i;

	for (i = 0; i < JSON_WRITER_DEPTH; i++)
		json_begin_array(&w);
	for (i = 0; i < JSON_WRITER_DEPTH; i++)
		json_end(&w);
	cr_expect_str_eq(out.text,
	    nested(JSON_WRITER_DEPTH, JSON_WRITER_DEPTH));
}

Test(json_out, past_the_limit_nothing_is_overrun)
{
	int i;

	buffer_init(&out, a, 10);
	json_begin_array(&w);
	for (i = 0; i < 1000; i++)
		json_string(&w, "longer than that");
	json_end(&w);
	cr_expect(out.failed);
	cr_expect_leq(out.length, 10);
}

/* Misuse is a bug in Reeve, not an error of input. */

Test(json_out, no_value_without_a_key, .signal = SIGABRT)
{
	json_begin_object(&w);
	json_int(&w, 1);
}

Test(json_out, no_scope_without_a_key, .signal = SIGABRT)
{
	json_begin_object(&w);
	json_member_int(&w, "a", 1);
	json_begin_array(&w);
}

Test(json_out, no_key_in_an_array, .signal = SIGABRT)
{
	json_begin_array(&w);
	json_key(&w, "a");
}

Test(json_out, no_key_outside, .signal = SIGABRT)
{
	json_key(&w, "a");
}

Test(json_out, no_key_after_a_key, .signal = SIGABRT)
{
	json_begin_object(&w);
	json_key(&w, "a");
	json_key(&w, "b");
}

Test(json_out, no_end_after_a_key, .signal = SIGABRT)
{
	json_begin_object(&w);
	json_key(&w, "a");
	json_end(&w);
}

Test(json_out, no_end_without_a_start, .signal = SIGABRT)
{
	json_end(&w);
}

Test(json_out, no_second_whole, .signal = SIGABRT)
{
	json_int(&w, 1);
	json_int(&w, 2);
}

Test(json_out, no_deeper_than_the_writer_goes, .signal = SIGABRT)
{
	int i;

	for (i = 0; i <= JSON_WRITER_DEPTH; i++)
		json_begin_array(&w);
}
