/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parsing of JSON, in one pass: each value is put to its place in a tree of
 * json-c as soon as it has been scanned. json-c has a parser of its own, but it
 * accepts values that an API about money must refuse (integers cut to 64 bits,
 * NaN, NUL in strings, loose numbers), and leaves out what it finds no memory
 * for.
 */
#include <config.h>

#include "base/json.h"

#include <limits.h>

#include "base/json_scan.h"
#include "base/memory.h"

/*
 * The memory of a tree, measured with json-c 0.16 and glibc on 64 bits and
 * rounded up: of each value, and of each byte of text.
 */
#define OBJECT_BYTES 832 /* a table of 16 members, empty */
#define ARRAY_BYTES 400
#define MEMBER_BYTES 160 /* its place in a table that doubles, and its name */
#define VALUE_BYTES 120  /* a scalar, and its place in an array that doubles */

/* The parser asks for memory once for this much of a tree. */
#define STEP_BYTES ((size_t)1024 * 1024)

struct parser {
	struct scan scan;
	bool strict; /* a name that stands twice in an object is refused */
	unsigned depth;
	int64_t values;       /* that may still come; below 0: too many */
	size_t bytes;         /* of the tree so far */
	size_t room;          /* bytes of the tree that there is memory for */
	struct json_object **root; /* the arena frees what is built of it */
	struct buffer name;   /* of the member that is read */
	struct buffer string; /* with escapes, as what they stand for */
};

static bool parse_value(struct parser *p, struct json_object *parent);

/* ---- counting ---- */

/* Counts memory of the tree before it is taken. */
static bool
count_bytes(struct parser *p, size_t bytes)
{
	p->bytes += bytes;
	if (p->bytes <= p->room)
		return true;
	p->room = p->bytes + STEP_BYTES;
	if (memory_has_room(bytes + STEP_BYTES))
		return true;
	p->values = -1;
	return scan_refuse(&p->scan, "the tree would not fit into memory");
}

static bool
count_value(struct parser *p, size_t bytes)
{
	if (--p->values < 0)
		return scan_refuse(&p->scan, "too many values");
	return count_bytes(p, bytes);
}

/* ---- building ---- */

/* Puts a value to its place: the root, an element, or a member of the name that
 * was read. Unless strict, the last of equal names wins, at the place of the
 * first. */
static void
put(struct parser *p, struct json_object *parent,
    struct json_object *own_value)
{
	if (parent == NULL)
		*p->root = own_value;
	else if (json_object_is_type(parent, json_type_array))
		json_object_array_add(parent, own_value);
	else
		json_object_object_add(parent, p->name.text, own_value);
}

static void
drop(void *arg)
{
	struct json_object **root = arg;

	json_object_put(*root);
	*root = NULL;
}

/* ---- names that stand twice ---- */

#define NAME_SHOWN_MAX 100

static bool
is_new_name(struct parser *p, struct json_object *object)
{
	const struct buffer *name = &p->name;

	if (!p->strict || !json_object_object_get_ex(object, name->text, NULL))
		return true;
	return scan_refuse(&p->scan, name->length > NAME_SHOWN_MAX ?
	    "a name stands twice in an object" :
	    arena_printf(name->arena, "\"%s\" stands twice in an object",
	    name->text));
}

/* ---- grammar ---- */

static bool
refuse(struct parser *p, const char *expected)
{
	return scan_refuse(&p->scan, p->scan.at == p->scan.length ?
	    "unexpected end of data" : expected);
}

static bool
take(struct parser *p, char c)
{
	if (scan_next(&p->scan) != c)
		return false;
	p->scan.at++;
	return true;
}

static bool
parse_name(struct parser *p)
{
	struct scanned_string name;

	if (scan_next(&p->scan) != '"')
		return refuse(p, "quoted object property name expected");
	if (!scan_string(&p->scan, &name) ||
	    !count_bytes(p, MEMBER_BYTES + name.length))
		return false;
	buffer_clear(&p->name);
	scan_decode(&name, &p->name);
	return take(p, ':') ||
	    refuse(p, "object property name separator ':' expected");
}

static bool
parse_members(struct parser *p, struct json_object *object)
{
	if (take(p, '}'))
		return true;
	do {
		if (!parse_name(p) || !is_new_name(p, object) ||
		    !parse_value(p, object))
			return false;
	} while (take(p, ','));
	return take(p, '}') ||
	    refuse(p, "object value separator ',' expected");
}

static bool
parse_elements(struct parser *p, struct json_object *array)
{
	if (take(p, ']'))
		return true;
	do {
		if (!parse_value(p, array))
			return false;
	} while (take(p, ','));
	if (!take(p, ']'))
		return refuse(p, "array value separator ',' expected");
	/* A failure leaves it as large as it was. */
	(void)json_object_array_shrink(array, 0);
	return true;
}

static bool
parse_container(struct parser *p, struct json_object *parent)
{
	struct json_object *container;
	bool is_object = p->scan.text[p->scan.at] == '{', good;

	if (p->depth == JSON_DEPTH)
		return scan_refuse(&p->scan, "nesting too deep");
	if (!count_value(p, is_object ? OBJECT_BYTES : ARRAY_BYTES))
		return false;
	p->scan.at++;
	p->depth++;
	container = is_object ? json_object_new_object() :
	    json_object_new_array();
	put(p, parent, container);
	good = is_object ? parse_members(p, container) :
	    parse_elements(p, container);
	p->depth--;
	return good;
}

static bool
parse_string(struct parser *p, struct json_object *parent)
{
	struct scanned_string string;

	if (!scan_string(&p->scan, &string) ||
	    !count_value(p, VALUE_BYTES + string.length))
		return false;
	if (string.escaped) {
		buffer_clear(&p->string);
		scan_decode(&string, &p->string);
		string.text = p->string.text;
		string.length = p->string.length;
	}
	put(p, parent, json_object_new_string_len(string.text,
	    (int)string.length));
	return true;
}

static bool
parse_number(struct parser *p, struct json_object *parent)
{
	struct scanned_number number;

	if (!scan_number(&p->scan, &number) || !count_value(p, VALUE_BYTES))
		return false;
	put(p, parent, number.whole ? json_object_new_int64(number.integer) :
	    json_object_new_double_s(number.real, number.text));
	return true;
}

static bool
parse_word(struct parser *p, struct json_object *parent, char first)
{
	if (!scan_word(&p->scan, "true") && !scan_word(&p->scan, "false") &&
	    !scan_word(&p->scan, "null"))
		return refuse(p, "unexpected character");
	if (!count_value(p, VALUE_BYTES))
		return false;
	put(p, parent, first == 'n' ? NULL :
	    json_object_new_boolean(first == 't'));
	return true;
}

static bool
parse_value(struct parser *p, struct json_object *parent)
{
	char c = scan_next(&p->scan);

	if (c == '{' || c == '[')
		return parse_container(p, parent);
	if (c == '"')
		return parse_string(p, parent);
	if (c == '-' || (c >= '0' && c <= '9'))
		return parse_number(p, parent);
	return parse_word(p, parent, c);
}

static bool
parse_text(struct parser *p)
{
	if (p->scan.length > INT_MAX)
		return scan_refuse(&p->scan, "text too long");
	if (!parse_value(p, NULL))
		return false;
	scan_next(&p->scan);
	if (p->scan.at < p->scan.length)
		return scan_refuse(&p->scan, "unexpected character");
	return *p->root != NULL ||
	    scan_refuse(&p->scan, "null is no value here");
}

/* ---- the whole ---- */

static struct json_object *
parse(struct arena *a, const char *text, size_t length, bool strict,
    int64_t *values, const char **error)
{
	struct parser p = {
		.strict = strict,
		.scan = { .text = text, .length = length },
		.values = *values,
		/* Small texts do not ask. */
		.room = STEP_BYTES,
		.root = arena_alloc(a, sizeof(*p.root)),
	};

	arena_defer(a, drop, p.root);
	buffer_init(&p.name, a, 0);
	buffer_init(&p.string, a, 0);
	if (!parse_text(&p)) {
		drop(p.root);
		*error = arena_printf(a, "%s around %zu", p.scan.reason,
		    p.scan.at);
	}
	*values = p.values;
	return *p.root;
}

struct json_object *
json_parse_within(struct arena *a, const char *text, size_t length,
    int64_t *values, const char **error)
{
	return parse(a, text, length, true, values, error);
}

static struct json_object *
parse_unlimited(struct arena *a, const char *text, size_t length, bool strict,
    const char **error)
{
	int64_t values = (int64_t)length; /* each takes a byte */
	struct json_object *tree;

	tree = parse(a, text, length, strict, &values, error);
	if (values < 0)
		memory_exhausted(length);
	return tree;
}

struct json_object *
json_parse(struct arena *a, const char *text, size_t length,
    const char **error)
{
	return parse_unlimited(a, text, length, false, error);
}

struct json_object *
json_parse_strict(struct arena *a, const char *text, size_t length,
    const char **error)
{
	return parse_unlimited(a, text, length, true, error);
}
