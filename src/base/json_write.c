/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON output: the streaming writer, and trees as text. */
#include <config.h>

#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define INT_TEXT_SIZE 21

/* ---- values as text ---- */

static bool
is_plain_ascii(char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && (c & 0x80) == 0;
}

/* Returns how many bytes at the start of text need no escaping. */
static size_t
plain_run(const char *text, size_t length)
{
	size_t at = 0, step;

	for (;;) {
		while (at < length && is_plain_ascii(text[at]))
			at++;
		if (at == length || (text[at] & 0x80) == 0)
			return at;
		step = utf8_length(text + at, length - at);
		if (step == 0)
			return at;
		at += step;
	}
}

static void
put_escaped(struct buffer *b, unsigned char c)
{
	static const char short_form[0x20] = {
		['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r',
		['\t'] = 't',
	};
	static const char digits[] = "0123456789abcdef";
	char text[6] = { '\\', 'u', '0', '0', digits[c >> 4], digits[c & 15] };

	if (c == '"' || c == '\\' || (c < 0x20 && short_form[c] != '\0')) {
		text[1] = c < 0x20 ? short_form[c] : (char)c;
		buffer_add(b, text, 2);
	} else if (c < 0x20) {
		buffer_add(b, text, sizeof(text));
	} else {
		buffer_add(b, REPLACEMENT, sizeof(REPLACEMENT) - 1);
	}
}

/* Writes the inside of a JSON string. */
static void
put_characters(struct buffer *b, const char *text, size_t length)
{
	size_t run;

	for (;;) {
		run = plain_run(text, length);
		buffer_add(b, text, run);
		if (run == length)
			return;
		put_escaped(b, (unsigned char)text[run]);
		text += run + 1;
		length -= run + 1;
	}
}

static void
put_string(struct buffer *b, const char *text, size_t length)
{
	buffer_putc(b, '"');
	put_characters(b, text, length);
	buffer_putc(b, '"');
}

static void
put_int(struct buffer *b, int64_t value)
{
	uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char text[INT_TEXT_SIZE];
	size_t at = sizeof(text);

	do {
		text[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left != 0);
	if (value < 0)
		text[--at] = '-';
	buffer_add(b, text + at, sizeof(text) - at);
}

static void
put_bool(struct buffer *b, bool value)
{
	buffer_puts(b, value ? "true" : "false");
}

/* Writes an unsigned number beyond int64_t, which only json-c can read. */
static void
put_whole(struct buffer *b, struct json_object *tree)
{
	if (json_object_get_uint64(tree) > INT64_MAX)
		buffer_puts(b, json_object_to_json_string(tree));
	else
		put_int(b, json_object_get_int64(tree));
}

/* json-c prints a parsed double as it was written. */
static void
put_double(struct buffer *b, struct json_object *tree)
{
	if (isfinite(json_object_get_double(tree)))
		buffer_puts(b, json_object_to_json_string(tree));
	else
		buffer_puts(b, "null");
}

/* ---- trees ---- */

static void put_tree(struct buffer *b, struct json_object *tree, bool sorted);

static void
put_array(struct buffer *b, struct json_object *tree, bool sorted)
{
	size_t i, count = json_object_array_length(tree);

	buffer_putc(b, '[');
	for (i = 0; i < count; i++) {
		if (i > 0)
			buffer_putc(b, ',');
		put_tree(b, json_object_array_get_idx(tree, i), sorted);
	}
	buffer_putc(b, ']');
}

static int
compare_entries(const void *a, const void *b)
{
	const struct lh_entry *const *left = a, *const *right = b;

	return strcmp(lh_entry_k(*left), lh_entry_k(*right));
}

static struct lh_entry **
sorted_entries(struct arena *a, struct json_object *tree, size_t count)
{
	struct lh_entry **entries, *entry;
	size_t i = 0;

	entries = arena_alloc(a, count * sizeof(*entries));
	lh_foreach(json_object_get_object(tree), entry)
		entries[i++] = entry;
	if (count > 1)
		qsort(entries, count, sizeof(*entries), compare_entries);
	return entries;
}

static void
put_member(struct buffer *b, const struct lh_entry *entry, bool sorted)
{
	const char *key = lh_entry_k(entry);

	put_string(b, key, strlen(key));
	buffer_putc(b, ':');
	put_tree(b, (struct json_object *)lh_entry_v(entry), sorted);
}

static void
put_sorted(struct buffer *b, struct json_object *tree)
{
	size_t i, count = (size_t)json_object_object_length(tree);
	struct lh_entry **entries = sorted_entries(b->arena, tree, count);

	for (i = 0; i < count; i++) {
		if (i > 0)
			buffer_putc(b, ',');
		put_member(b, entries[i], true);
	}
}

/* Needs no memory but the buffer's: a long list has many objects. */
static void
put_unsorted(struct buffer *b, struct json_object *tree)
{
	const struct lh_entry *first, *entry;

	first = json_object_get_object(tree)->head;
	for (entry = first; entry != NULL; entry = entry->next) {
		if (entry != first)
			buffer_putc(b, ',');
		put_member(b, entry, false);
	}
}

static void
put_object(struct buffer *b, struct json_object *tree, bool sorted)
{
	buffer_putc(b, '{');
	if (sorted)
		put_sorted(b, tree);
	else
		put_unsorted(b, tree);
	buffer_putc(b, '}');
}

static void
put_tree(struct buffer *b, struct json_object *tree, bool sorted)
{
	switch (json_object_get_type(tree)) {
	case json_type_null:
		buffer_puts(b, "null");
		break;
	case json_type_boolean:
		put_bool(b, json_object_get_boolean(tree));
		break;
	case json_type_int:
		put_whole(b, tree);
		break;
	case json_type_double:
		put_double(b, tree);
		break;
	case json_type_string:
		put_string(b, json_object_get_string(tree),
		    (size_t)json_object_get_string_len(tree));
		break;
	case json_type_array:
		put_array(b, tree, sorted);
		break;
	case json_type_object:
		put_object(b, tree, sorted);
		break;
	}
}

void
json_canonical(struct buffer *b, struct json_object *tree)
{
	put_tree(b, tree, true);
}

const char *
json_canonical_text(struct arena *a, struct json_object *tree)
{
	struct buffer text;

	buffer_init(&text, a, 0);
	json_canonical(&text, tree);
	return text.text;
}

/* ---- the writer ---- */

/* A scope's letter, '{' or '[', becomes AWAITING between key and value. */
#define AWAITING ':'

static void NORETURN
misused(const char *how)
{
	fprintf(stderr, "reeve: bug: JSON writer: %s\n", how);
	abort();
}

static char *
innermost(struct json_writer *w)
{
	return &w->scope[w->depth - 1];
}

/* Before any value: checks that one is due, and writes the comma. */
static void
begin_value(struct json_writer *w)
{
	if (w->depth == 0) {
		if (w->comma)
			misused("a second value after the whole");
	} else if (*innermost(w) == AWAITING) {
		*innermost(w) = '{';
	} else if (*innermost(w) == '{') {
		misused("a value without a key in an object");
	} else if (w->comma) {
		buffer_putc(w->out, ',');
	}
	w->comma = true;
}

static void
begin_scope(struct json_writer *w, char scope)
{
	begin_value(w);
	if (w->depth == JSON_WRITER_DEPTH)
		misused("too deep");
	w->scope[w->depth++] = scope;
	w->comma = false;
	buffer_putc(w->out, scope);
}

void
json_writer_init(struct json_writer *w, struct buffer *out)
{
	w->out = out;
	w->depth = 0;
	w->comma = false;
}

void
json_begin_object(struct json_writer *w)
{
	begin_scope(w, '{');
}

void
json_begin_array(struct json_writer *w)
{
	begin_scope(w, '[');
}

void
json_end(struct json_writer *w)
{
	if (w->depth == 0)
		misused("an end without a beginning");
	if (*innermost(w) == AWAITING)
		misused("an end after a key");
	buffer_putc(w->out, *innermost(w) == '{' ? '}' : ']');
	w->depth--;
	w->comma = true;
}

void
json_key(struct json_writer *w, const char *key)
{
	json_key_n(w, key, strlen(key));
}

void
json_key_n(struct json_writer *w, const char *key, size_t length)
{
	if (w->depth == 0 || *innermost(w) != '{')
		misused("a key where none is due");
	if (w->comma)
		buffer_add(w->out, ",\"", 2);
	else
		buffer_putc(w->out, '"');
	put_characters(w->out, key, length);
	buffer_add(w->out, "\":", 2);
	*innermost(w) = AWAITING;
}

void
json_string(struct json_writer *w, const char *text)
{
	if (text == NULL)
		json_raw(w, "null", 4);
	else
		json_string_n(w, text, strlen(text));
}

void
json_string_n(struct json_writer *w, const char *text, size_t length)
{
	begin_value(w);
	put_string(w->out, text, length);
}

void
json_int(struct json_writer *w, int64_t value)
{
	begin_value(w);
	put_int(w->out, value);
}

void
json_boolean(struct json_writer *w, bool value)
{
	begin_value(w);
	put_bool(w->out, value);
}

void
json_tree(struct json_writer *w, struct json_object *tree)
{
	begin_value(w);
	put_tree(w->out, tree, false);
}

void
json_raw(struct json_writer *w, const char *text, size_t length)
{
	begin_value(w);
	buffer_add(w->out, text, length);
}

void
json_member_string(struct json_writer *w, const char *key, const char *text)
{
	json_key(w, key);
	json_string(w, text);
}

void
json_member_int(struct json_writer *w, const char *key, int64_t value)
{
	json_key(w, key);
	json_int(w, value);
}

void
json_member_bool(struct json_writer *w, const char *key, bool value)
{
	json_key(w, key);
	json_boolean(w, value);
}
