/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables of fields: which member of a struct is which parameter or column of a
 * procedure, by name. A struct that is filled or sent has one such table beside
 * it; the compiler checks that a member has the C type of its field. Knows
 * nothing of the database's client library.
 */
#ifndef REEVE_STORE_FIELD_H
#define REEVE_STORE_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/money.h"
#include "base/secret.h"

struct json_object;

enum field_type {
	FIELD_TEXT,    /* const char *; NULL: SQL NULL */
	FIELD_BYTES,   /* struct bytes; at NULL: SQL NULL */
	FIELD_DIGEST,  /* unsigned char[DIGEST_BYTES], never SQL NULL */
	FIELD_INTEGER, /* int64_t; SQL NULL is read as 0 */
	FIELD_BOOL,    /* bool; SQL NULL is read as false */
	FIELD_NONZERO, /* int64_t; 0: SQL NULL */
	FIELD_MONEY,   /* money_t, there a decimal; SQL NULL is read as 0 */
	FIELD_JSON,    /* struct json_object *, there its canonical text; NULL:
	                  SQL NULL. What is read is the arena's */
	FIELD_WORD,    /* an enum, there the word for it; SQL NULL is read as 0 */
	FIELD_EITHER   /* a bool, there one of two words; SQL NULL is false */
};

struct bytes {
	const void *at;
	size_t length;
};

struct field {
	const char *name; /* of the column; of a parameter, without its "p_" */
	enum field_type type;
	size_t offset;    /* of the member */
	/* If it may lack: the offset of a bool that is false for SQL NULL. */
	bool may_lack;
	size_t has_offset;
	/* By the values of the enum or bool. */
	const char *const *words;
	size_t word_count;
};

/* The offset of a member that has the type; the wrong type does not compile. */
#define FIELD_OFFSET(record, member, c_type) \
	_Generic(((record *)0)->member, c_type: offsetof(record, member))
#define FIELD_OFFSET_TEXT(record, member) \
	FIELD_OFFSET(record, member, const char *)
#define FIELD_OFFSET_BYTES(record, member) \
	FIELD_OFFSET(record, member, struct bytes)
#define FIELD_OFFSET_DIGEST(record, member) \
	_Generic(&((record *)0)->member, \
	    unsigned char (*)[DIGEST_BYTES]: offsetof(record, member))
#define FIELD_OFFSET_INTEGER(record, member) \
	FIELD_OFFSET(record, member, int64_t)
#define FIELD_OFFSET_BOOL(record, member) FIELD_OFFSET(record, member, bool)
#define FIELD_OFFSET_NONZERO(record, member) \
	FIELD_OFFSET(record, member, int64_t)
#define FIELD_OFFSET_MONEY(record, member) FIELD_OFFSET(record, member, money_t)
#define FIELD_OFFSET_JSON(record, member) \
	FIELD_OFFSET(record, member, struct json_object *)
/* An enum without negative values is an unsigned to gcc and clang. */
#define FIELD_OFFSET_WORD(record, member) FIELD_OFFSET(record, member, unsigned)
#define FIELD_OFFSET_EITHER(record, member) FIELD_OFFSET(record, member, bool)

/* A row of a table: the member of the same name, or of another. */
#define FIELD(kind, record, member) FIELD_AS(#member, kind, record, member)
#define FIELD_AS(sql_name, kind, record, member) { \
	.name = (sql_name), .type = FIELD_##kind, \
	.offset = FIELD_OFFSET_##kind(record, member) }
/* A member that may be absent; has: the bool that says whether it is there. */
#define FIELD_MAYBE(sql_name, kind, record, member, has) { \
	.name = (sql_name), .type = FIELD_##kind, \
	.offset = FIELD_OFFSET_##kind(record, member), .may_lack = true, \
	.has_offset = FIELD_OFFSET_BOOL(record, has) }
/* An enum, or a bool; names: an array of words, by its values. */
#define FIELD_WORD(sql_name, record, member, names) \
	FIELD_NAMED(sql_name, WORD, record, member, names)
#define FIELD_EITHER(sql_name, record, member, names) \
	FIELD_NAMED(sql_name, EITHER, record, member, names)
#define FIELD_NAMED(sql_name, kind, record, member, names) { \
	.name = (sql_name), .type = FIELD_##kind, \
	.offset = FIELD_OFFSET_##kind(record, member), .words = (names), \
	.word_count = NELEM(names) }

/* A value on its way between a member and the database. */
struct field_value {
	bool is_null;
	int64_t number;    /* of INTEGER, BOOL and NONZERO */
	const char *bytes; /* of all others; ended by a NUL when read */
	size_t length;
};

/* How a type travels: as a number, as binary bytes, else as text. */
bool field_is_number(enum field_type type);
bool field_is_binary(enum field_type type);

/* True if a value that is read is stored as a pointer, so that its bytes must
 * be the arena's. */
bool field_keeps_bytes(enum field_type type);

/* The member's value; it borrows from the record and the arena. */
struct field_value field_get(struct arena *a, const struct field *field,
    const void *record);

/* Sets the member of a record of zeroes. NULL, or why the value does not
 * fit. */
const char *field_set(struct arena *a, const struct field *field, void *record,
    const struct field_value *value) MUSTCHECK;

#endif
