/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/field.h"

#include <string.h>

#include "base/json.h"

bool
field_is_number(enum field_type type)
{
	return type == FIELD_INTEGER || type == FIELD_BOOL ||
	    type == FIELD_NONZERO;
}

bool
field_is_binary(enum field_type type)
{
	return type == FIELD_BYTES || type == FIELD_DIGEST;
}

bool
field_keeps_bytes(enum field_type type)
{
	return type == FIELD_TEXT || type == FIELD_BYTES;
}

/* ---- to the database ---- */

static struct field_value
text_value(const char *text)
{
	return (struct field_value){ .is_null = text == NULL, .bytes = text,
		.length = text == NULL ? 0 : strlen(text) };
}

static struct field_value
number_value(int64_t number)
{
	return (struct field_value){ .number = number };
}

static struct field_value
bytes_value(const struct bytes *bytes)
{
	return (struct field_value){ .is_null = bytes->at == NULL,
		.bytes = bytes->at, .length = bytes->length };
}

static struct field_value
money_value(struct arena *a, money_t amount)
{
	char *text = arena_alloc(a, MONEY_TEXT_SIZE);

	money_format(amount, text);
	return text_value(text);
}

static struct field_value
json_value(struct arena *a, struct json_object *tree)
{
	return text_value(tree == NULL ? NULL : json_canonical_text(a, tree));
}

struct field_value
field_get(struct arena *a, const struct field *field, const void *record)
{
	const char *member = (const char *)record + field->offset;
	const void *at = member;

	if (field->may_lack &&
	    !*(const bool *)((const char *)record + field->has_offset))
		return text_value(NULL);
	switch (field->type) {
	case FIELD_TEXT:
		return text_value(*(const char *const *)at);
	case FIELD_BYTES:
		return bytes_value(at);
	case FIELD_DIGEST:
		return (struct field_value){ .bytes = member,
			.length = DIGEST_BYTES };
	case FIELD_INTEGER:
		return number_value(*(const int64_t *)at);
	case FIELD_BOOL:
		return number_value(*(const bool *)at);
	case FIELD_NONZERO:
		return *(const int64_t *)at == 0 ? text_value(NULL) :
		    number_value(*(const int64_t *)at);
	case FIELD_MONEY:
		return money_value(a, *(const money_t *)at);
	case FIELD_JSON:
		return json_value(a, *(struct json_object *const *)at);
	case FIELD_WORD:
		return text_value(*(const unsigned *)at < field->word_count ?
		    field->words[*(const unsigned *)at] : NULL);
	case FIELD_EITHER:
		return text_value(field->words[*(const bool *)at]);
	}
	return text_value(NULL);
}

/* ---- from the database ---- */

static const char *
set_digest(unsigned char *digest, const struct field_value *value)
{
	if (value->length != DIGEST_BYTES)
		return "not as long as a digest";
	memcpy(digest, value->bytes, DIGEST_BYTES);
	return NULL;
}

static const char *
set_json(struct arena *a, struct json_object **tree,
    const struct field_value *value)
{
	const char *error = NULL;

	*tree = json_parse(a, value->bytes, value->length, &error);
	return *tree == NULL ? error : NULL;
}

static const char *
set_word(const struct field *field, void *at, const struct field_value *value)
{
	unsigned i;

	for (i = 0; i < field->word_count; i++)
		if (strcmp(field->words[i], value->bytes) == 0)
			break;
	if (i == field->word_count)
		return "not one of its words";
	if (field->type == FIELD_WORD)
		*(unsigned *)at = i;
	else
		*(bool *)at = i != 0;
	return NULL;
}

const char *
field_set(struct arena *a, const struct field *field, void *record,
    const struct field_value *value)
{
	void *at = (char *)record + field->offset;

	if (value->is_null)
		return field->type == FIELD_DIGEST ? "NULL" : NULL;
	if (field->may_lack)
		*(bool *)((char *)record + field->has_offset) = true;
	switch (field->type) {
	case FIELD_TEXT:
		*(const char **)at = value->bytes;
		return NULL;
	case FIELD_BYTES:
		*(struct bytes *)at = (struct bytes){ value->bytes,
			value->length };
		return NULL;
	case FIELD_DIGEST:
		return set_digest(at, value);
	case FIELD_INTEGER:
	case FIELD_NONZERO:
		*(int64_t *)at = value->number;
		return NULL;
	case FIELD_BOOL:
		*(bool *)at = value->number != 0;
		return NULL;
	case FIELD_MONEY:
		return money_parse(value->bytes, at) ? NULL : "not an amount";
	case FIELD_JSON:
		return set_json(a, at, value);
	case FIELD_WORD:
	case FIELD_EITHER:
		return set_word(field, at, value);
	}
	return "of no type";
}
