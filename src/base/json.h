/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JSON input (json-c trees tied to an arena) and output (a streaming writer,
 * because trees of long lists are slow).
 */
#ifndef REEVE_BASE_JSON_H
#define REEVE_BASE_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/money.h"

#define JSON_DEPTH 100 /* deeper input is refused */

/* ---- input ---- */

/*
 * Parses one JSON value; the tree lives as long as the arena. NULL and *error
 * for: invalid syntax, trailing text, invalid UTF-8, a NUL character inside a
 * string or key, an integer beyond int64_t, NaN or infinity, nesting deeper
 * than JSON_DEPTH. *error is "<reason> around <offset>" (rules/requests 5).
 * JSON null is refused too ("null ..."), so that NULL always means failure.
 */
struct json_object *json_parse(struct arena *a, const char *text,
    size_t length, const char **error) MUSTCHECK;

/* For texts of clients and files: a name that stands twice in an object is also
 * refused, because nobody knows which of them is meant. */
struct json_object *json_parse_strict(struct arena *a, const char *text,
    size_t length, const char **error) MUSTCHECK;

/*
 * As strict, and within limits: *values is how many values the text may hold, members
 * and elements, and becomes what is left of that. -1: it holds more, or its tree
 * would not fit into memory; what was built of it is freed.
 */
struct json_object *json_parse_within(struct arena *a, const char *text,
    size_t length, int64_t *values, const char **error) MUSTCHECK;

/* Ties a tree to the arena; returns it. */
struct json_object *json_own(struct arena *a, struct json_object *own_tree);

/*
 * Returns the value at a dotted path of object keys ("usage.quantity"). NULL:
 * it is missing or null, or a part of the path is not an object. Lent.
 */
struct json_object *json_at(struct json_object *tree, const char *path);

/* The same for one type, without conversion. NULL: missing or another type. */
const char *json_string_at(struct json_object *tree, const char *path);
struct json_object *json_object_at(struct json_object *tree, const char *path);
struct json_object *json_array_at(struct json_object *tree, const char *path);

/*
 * Reads a whole number at path, also from a double such as 60.0. False: missing
 * or anything else; *out is unchanged.
 */
bool json_int_at(struct json_object *tree, const char *path, int64_t *out);

/* True only for JSON true. */
bool json_true_at(struct json_object *tree, const char *path);

/* True only for an explicit JSON false. */
bool json_false_at(struct json_object *tree, const char *path);

/*
 * Writes the canonical text of a tree: keys sorted bytewise at every level, no
 * white space, numbers as they were written.
 */
void json_canonical(struct buffer *b, struct json_object *tree);
/* Returns the same as a text. */
const char *json_canonical_text(struct arena *a, struct json_object *tree);

/* Makes a number with the exact digits of an amount; the caller owns it. */
struct json_object *json_money(money_t amount) MUSTCHECK;

/* Set a member of an object; a NULL text sets none. */
void json_put_string(struct json_object *object, const char *key,
    const char *text);
void json_put_int(struct json_object *object, const char *key, int64_t number);
void json_put_bool(struct json_object *object, const char *key, bool value);
void json_put_money(struct json_object *object, const char *key,
    money_t amount);

/* True if clients do not see a member of this name, which starts with '_' or
 * "pvt_" (rules/requests 20). */
bool json_is_private(const char *key);

/* Copies an object without the private keys of its top level. The caller owns
 * it. */
struct json_object *json_public_copy(struct json_object *document) MUSTCHECK;

/* Copies an object without "ui_metadata" and "accept_charges", which clients
 * add to any object. The copy is the arena's. */
struct json_object *json_without_client_members(struct arena *a,
    struct json_object *object);

/* ---- output ---- */

#define JSON_WRITER_DEPTH 32

struct json_writer {
	struct buffer *out;
	unsigned depth;
	bool comma;                  /* the next value needs one before it */
	char scope[JSON_WRITER_DEPTH]; /* '{' or '[' */
};

void json_writer_init(struct json_writer *w, struct buffer *out);

void json_begin_object(struct json_writer *w);
void json_begin_array(struct json_writer *w);
void json_end(struct json_writer *w); /* ends the innermost of either */

void json_key(struct json_writer *w, const char *key);
void json_key_n(struct json_writer *w, const char *key, size_t length);

void json_string(struct json_writer *w, const char *text); /* NULL: null */
void json_string_n(struct json_writer *w, const char *text, size_t length);
void json_int(struct json_writer *w, int64_t value);
void json_boolean(struct json_writer *w, bool value);
void json_tree(struct json_writer *w, struct json_object *tree);
/* Writes the text of one JSON value; it is not checked. */
void json_raw(struct json_writer *w, const char *text, size_t length);

/* Write key and value, for members of objects. */
void json_member_string(struct json_writer *w, const char *key,
    const char *text);
void json_member_int(struct json_writer *w, const char *key, int64_t value);
void json_member_bool(struct json_writer *w, const char *key, bool value);

#endif
