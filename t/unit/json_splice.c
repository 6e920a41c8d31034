/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/json_splice.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/json.h"

static const char *const documents[] = {
	"{}",
	"{\"a\":1,\"b\":{\"_c\":[1,2.50,\"x\\\"\"]},\"c\":null}",
	"{\"_id\":\"x\",\"_rev\":{},\"a\":\"\xc3\xa9\\n\",\"pvt_b\":[{}],\"pvtc\":0}",
	"{\"pvt_\":1}",
	"{\"\":1,\"a_\":2,\"b\":\"_\",\"pvt\":3}",
};

/* A text is what printing a public copy of its tree with the same members
 * would give. */
Test(json_splice, a_text_is_that_of_a_public_copy)
{
	static const struct json_patch sets[][2] = {
		{ { "a", NULL }, { "z", NULL } },
		{ { "a", "[7]" }, { "b", NULL } },
		{ { "z", "\"z\"" }, { "b", "{\"n\":1}" } },
		{ { "pvtc", "1.50" }, { "pvt_b", "2" } },
	};
	struct arena *a = arena_new(1024);
	struct json_object *tree, *copy;
	struct buffer spliced, printed;
	struct json_writer w;
	const char *error, *text;
	size_t i, j, k;

	for (i = 0; i < NELEM(documents); i++) {
		tree = json_parse(a, documents[i], strlen(documents[i]),
		    &error);
		cr_assert_not_null(tree, "%zu: %s", i, error);
		for (j = 0; j < NELEM(sets); j++) {
			copy = json_own(a, json_public_copy(tree));
			for (k = 0; k < 2; k++) {
				text = sets[j][k].text;
				if (text == NULL)
					continue;
				json_object_object_add(copy, sets[j][k].name,
				    json_object_get(json_parse(a, text,
				    strlen(text), &error)));
			}
			buffer_init(&printed, a, 0);
			json_writer_init(&w, &printed);
			json_tree(&w, copy);
			buffer_init(&spliced, a, 0);
			json_splice(&spliced, documents[i],
			    strlen(documents[i]), sets[j], 2);
			cr_assert_str_eq(spliced.text, printed.text,
			    "%zu, %zu", i, j);
		}
	}
	arena_free(&a);
}
