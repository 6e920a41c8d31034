/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON: reading is compared with json-c's own, and with what is printed. */
#include "config.h"

#include "base/json.h"

#include "fuzz.h"

/* Returns the tree of json-c; NULL: it refuses the text, or it is null. */
static struct json_object *
parse_with_json_c(struct fuzz_part part)
{
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH + 2);
	struct json_object *tree;

	json_tokener_set_flags(tokener,
	    JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	tree = json_tokener_parse_ex(tokener, part.text, (int)part.length);
	if (json_tokener_get_error(tokener) == json_tokener_continue)
		tree = json_tokener_parse_ex(tokener, "", 1);
	json_tokener_free(tokener);
	return tree;
}

/* json-c makes U+FFFD of some characters that are written as a surrogate pair,
 * such as U+1DEFA, and of half a pair. */
static bool
has_surrogate(struct fuzz_part part)
{
	return memmem(part.text, part.length, "\\ud", 3) != NULL ||
	    memmem(part.text, part.length, "\\uD", 3) != NULL;
}

static void
compare_with_json_c(struct arena *a, struct fuzz_part part,
    struct json_object *tree)
{
	struct json_object *other = json_own(a, parse_with_json_c(part));

	demand(other != NULL);
	if (has_surrogate(part))
		return;
	demand(json_object_equal(tree, other));
	demand(fuzz_same(json_canonical_text(a, tree),
	    json_canonical_text(a, other)));
}

/* A refusal has a reason and a place in the text: "REASON around OFFSET". */
static void
check_refusal(const char *error, size_t length)
{
	const char *around = strstr(error, " around ");
	char *end;

	demand(around != NULL && around > error);
	demand(strtoull(around + strlen(" around "), &end, 10) <= length);
	demand(*end == '\0');
}

static unsigned
depth_of(struct json_object *tree)
{
	unsigned depth = 0, inner;
	size_t i, n;

	if (json_object_is_type(tree, json_type_array)) {
		n = json_object_array_length(tree);
		for (i = 0; i < n; i++)
			if ((inner = depth_of(json_object_array_get_idx(tree,
			    i))) > depth)
				depth = inner;
	} else if (json_object_is_type(tree, json_type_object)) {
		json_object_object_foreach(tree, key, member) {
			demand(fuzz_is_utf8(key));
			if ((inner = depth_of(member)) > depth)
				depth = inner;
		}
	} else {
		return 0;
	}
	return depth + 1;
}

/* The tree is read back equal from its text, canonical or not. */
static void
print(struct arena *a, struct json_object *tree)
{
	const char *canonical = json_canonical_text(a, tree), *error;
	struct json_object *again;
	struct json_writer w;
	struct buffer text;

	again = json_parse(a, canonical, strlen(canonical), &error);
	demand(again != NULL && json_object_equal(tree, again));
	demand(fuzz_same(json_canonical_text(a, again), canonical));
	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_tree(&w, tree);
	demand(strlen(text.text) == text.length);
	again = json_parse(a, text.text, text.length, &error);
	demand(again != NULL);
	demand(fuzz_same(json_canonical_text(a, again), canonical));
}

/* A text that is only refused strictly has a name twice. Any other has exactly as
 * many values as are taken from its limit. */
static void
count(struct arena *a, struct fuzz_part part)
{
	int64_t most = (int64_t)part.length, left = most, used;
	const char *error = "";

	if (json_parse_strict(a, part.text, part.length, &error) == NULL) {
		demand(strstr(error, " stands twice in an object") != NULL);
		return;
	}
	demand(json_parse_within(a, part.text, part.length, &left, &error) !=
	    NULL);
	used = most - left;
	demand(used >= 1 && left >= 0);
	left = used;
	demand(json_parse_within(a, part.text, part.length, &left, &error) !=
	    NULL && left == 0);
	left = used - 1;
	demand(json_parse_within(a, part.text, part.length, &left, &error) ==
	    NULL && left < 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct fuzz_part part = { (const char *)bytes, length };
	struct arena *a = arena_new(4096);
	struct json_object *tree;
	const char *error = NULL;

	tree = fuzz_json(a, part, &error);
	if (tree == NULL) {
		check_refusal(error, length);
	} else {
		compare_with_json_c(a, part, tree);
		demand(depth_of(tree) <= JSON_DEPTH);
		print(a, tree);
		count(a, part);
	}
	arena_free(&a);
	return 0;
}
