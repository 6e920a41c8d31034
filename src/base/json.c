/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Trees of JSON: whose they are, what is in them, copies of them. */
#include <config.h>

#include "base/json.h"

#include <math.h>
#include <string.h>

#define PATH_KEY_MAX 128 /* paths are constants with short keys */

/* Doubles represent all whole numbers up to here. */
#define WHOLE_MAX 9007199254740992.0

static void
put_tree(void *tree)
{
	json_object_put(tree);
}

struct json_object *
json_own(struct arena *a, struct json_object *own_tree)
{
	if (own_tree != NULL)
		arena_defer(a, put_tree, own_tree);
	return own_tree;
}

struct json_object *
json_at(struct json_object *tree, const char *path)
{
	char key[PATH_KEY_MAX];
	size_t length;

	for (;;) {
		length = strcspn(path, ".");
		if (length >= sizeof(key) ||
		    !json_object_is_type(tree, json_type_object))
			return NULL;
		memcpy(key, path, length);
		key[length] = '\0';
		if (!json_object_object_get_ex(tree, key, &tree) ||
		    path[length] == '\0')
			return tree;
		path += length + 1;
	}
}

static struct json_object *
typed_at(struct json_object *tree, const char *path, enum json_type type)
{
	struct json_object *value = json_at(tree, path);

	return json_object_is_type(value, type) ? value : NULL;
}

const char *
json_string_at(struct json_object *tree, const char *path)
{
	struct json_object *value = typed_at(tree, path, json_type_string);

	return value == NULL ? NULL : json_object_get_string(value);
}

struct json_object *
json_object_at(struct json_object *tree, const char *path)
{
	return typed_at(tree, path, json_type_object);
}

struct json_object *
json_array_at(struct json_object *tree, const char *path)
{
	return typed_at(tree, path, json_type_array);
}

static bool
whole_double(double value, int64_t *out)
{
	if (!(value >= -WHOLE_MAX && value <= WHOLE_MAX) ||
	    value != trunc(value))
		return false;
	*out = (int64_t)value;
	return true;
}

bool
json_int_at(struct json_object *tree, const char *path, int64_t *out)
{
	struct json_object *value = json_at(tree, path);

	if (json_object_is_type(value, json_type_double))
		return whole_double(json_object_get_double(value), out);
	/* json-c also has unsigned numbers, and would cut them silently. */
	if (!json_object_is_type(value, json_type_int) ||
	    json_object_get_uint64(value) > INT64_MAX)
		return false;
	*out = json_object_get_int64(value);
	return true;
}

bool
json_true_at(struct json_object *tree, const char *path)
{
	struct json_object *value = typed_at(tree, path, json_type_boolean);

	return value != NULL && json_object_get_boolean(value);
}

bool
json_false_at(struct json_object *tree, const char *path)
{
	struct json_object *value = typed_at(tree, path, json_type_boolean);

	return value != NULL && !json_object_get_boolean(value);
}

bool
json_is_private(const char *key)
{
	return key[0] == '_' || strncmp(key, "pvt_", 4) == 0;
}

struct json_object *
json_money(money_t amount)
{
	char text[MONEY_TEXT_SIZE];

	money_format(amount, text);
	/* Only the text of the number is used. */
	return json_object_new_double_s(0, text);
}

void
json_put_string(struct json_object *object, const char *key, const char *text)
{
	if (text != NULL)
		json_object_object_add(object, key,
		    json_object_new_string(text));
}

void
json_put_int(struct json_object *object, const char *key, int64_t number)
{
	json_object_object_add(object, key, json_object_new_int64(number));
}

void
json_put_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

void
json_put_money(struct json_object *object, const char *key, money_t amount)
{
	json_object_object_add(object, key, json_money(amount));
}

struct json_object *
json_public_copy(struct json_object *document)
{
	struct json_object *copy = NULL, *value;

	if (!json_object_is_type(document, json_type_object)) {
		json_object_deep_copy(document, &copy, NULL);
		return copy;
	}
	copy = json_object_new_object();
	json_object_object_foreach(document, key, member) {
		if (json_is_private(key))
			continue;
		value = NULL;
		if (member != NULL)
			json_object_deep_copy(member, &value, NULL);
		json_object_object_add(copy, key, value);
	}
	return copy;
}

struct json_object *
json_without_client_members(struct arena *a, struct json_object *object)
{
	struct json_object *out = json_own(a, json_object_new_object());

	json_object_object_foreach(object, key, value)
		if (strcmp(key, "ui_metadata") != 0 &&
		    strcmp(key, "accept_charges") != 0)
			json_object_object_add(out, key,
			    json_object_get(value));
	return out;
}
