/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stored documents, read where they stand: a first line with a dotted path, then
 * the text. Any text is read without a step beyond it; JSON as its tree.
 */
#include "config.h"

#include "base/json_walk.h"

#include "billing/audit_lines.h"
#include "fuzz.h"

#define PATH_LENGTH_MAX 127

static void
check_within(struct fuzz_part text, const struct json_span *span)
{
	demand(span->at >= text.text &&
	    span->at + span->length <= text.text + text.length);
}

/* Walks through all values; each comes after the one before. */
static void
walk(struct arena *a, struct fuzz_part text, struct json_walk *w)
{
	const char *before = w->at;
	struct json_walk whole = *w;
	struct json_span name, value;
	int64_t number;

	value = json_walk_skip(&whole);
	if (value.at != NULL) {
		check_within(text, &value);
		(void)json_span_string(a, &value);
		(void)json_span_int(a, &value, &number);
	}
	if (json_walk_enter(w, '{')) {
		while (json_walk_member(w, &name)) {
			check_within(text, &name);
			walk(a, text, w);
		}
	} else if (json_walk_enter(w, '[')) {
		while (json_walk_element(w))
			walk(a, text, w);
	} else {
		*w = whole;
	}
	demand((w->at > before || w->at == w->end) && w->at <= w->end);
}

/* The lines of an entry have names, or the reason why there are none. */
static void
check_lines(struct arena *a, const char *document, enum audit_form form)
{
	struct audit_lines lines = { 0 };
	const char *why = NULL;
	struct buffer out;
	size_t i;

	if (!audit_lines_of(a, document, form, &lines, &why)) {
		demand(why != NULL && why[0] != '\0');
		return;
	}
	for (i = 0; i < lines.count; i++)
		demand(lines.lines[i].service != NULL &&
		    lines.lines[i].category != NULL);
	buffer_init(&out, a, 0);
	audit_lines_json(&lines, &out);
	demand(json_object_array_length(fuzz_parse(a, out.text)) ==
	    lines.count);
}

/* A canonical text and its tree have the same value at a path. */
static void
compare(struct arena *a, struct json_object *tree, const char *path)
{
	const char *text = json_canonical_text(a, tree), *one, *other;
	struct json_span span = json_span_at(text, strlen(text), path);
	struct json_object *value = json_at(tree, path);
	int64_t number = 0, same = 0;

	demand((span.at == NULL) == (value == NULL));
	if (value == NULL)
		return;
	demand(fuzz_same(arena_strndup(a, span.at, span.length),
	    json_canonical_text(a, value)));
	one = json_span_string(a, &span);
	other = json_string_at(tree, path);
	demand((one == NULL) == (other == NULL));
	demand(one == NULL || fuzz_same(one, other));
	demand(json_span_int(a, &span, &number) ==
	    json_int_at(tree, path, &same));
	demand(number == same);
}

static bool
is_plain(const char *path)
{
	return path[0] != '\0' && strlen(path) <= PATH_LENGTH_MAX &&
	    path[strspn(path, "abcdefghijklmnopqrstuvwxyz_.")] == '\0';
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_part rest = { (const char *)bytes, length };
	struct arena *a = arena_new(4096);
	struct json_object *tree;
	const char *path, *error;
	struct json_walk w;
	char *copy;

	path = fuzz_text(a, fuzz_take(&rest, "\n"));
	copy = malloc(rest.length);
	memcpy(copy, rest.text, rest.length);
	w = json_walk_begin(copy, rest.length);
	walk(a, (struct fuzz_part){ copy, rest.length }, &w);
	(void)json_span_at(copy, rest.length, path);
	free(copy);
	check_lines(a, fuzz_text(a, rest), AUDIT_INVOICE);
	check_lines(a, fuzz_text(a, rest), AUDIT_QUANTITIES);
	tree = fuzz_json(a, rest, &error);
	if (tree != NULL && is_plain(path))
		compare(a, tree, path);
	arena_free(&a);
	return 0;
}
