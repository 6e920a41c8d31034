/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/overlay.h"

#include <json-c/json.h>
#include <stdbool.h>

static bool
is_object(struct json_object *value)
{
	return json_object_is_type(value, json_type_object);
}

/*
 * Copies a value. Objects, which may be changed later, are new and have no
 * nulls; other values are shared. NULL if nothing is left.
 */
static struct json_object *
copy_value(struct json_object *value, bool keep_empty)
{
	struct json_object *copy;

	if (!is_object(value))
		return json_object_get(value);
	copy = json_object_new_object();
	if (keep_empty)
		overlay_patch(copy, value);
	else
		overlay(copy, value);
	if (json_object_object_length(copy) > 0 ||
	    (keep_empty && json_object_object_length(value) == 0))
		return copy;
	json_object_put(copy);
	return NULL;
}

static void
lay(struct json_object *left, const char *key, struct json_object *value,
    bool keep_empty)
{
	struct json_object *old;

	if (value == NULL) {
		json_object_object_del(left, key);
		return;
	}
	if (json_object_object_get_ex(left, key, &old) && is_object(old) &&
	    is_object(value) &&
	    (!keep_empty || json_object_object_length(value) > 0)) {
		if (keep_empty)
			overlay_patch(old, value);
		else
			overlay(old, value);
		return;
	}
	value = copy_value(value, keep_empty);
	if (value != NULL)
		json_object_object_add(left, key, value);
}

void
overlay(struct json_object *left, struct json_object *right)
{
	if (right == NULL)
		return;
	json_object_object_foreach(right, key, value)
		lay(left, key, value, false);
}

void
overlay_patch(struct json_object *left, struct json_object *right)
{
	if (right == NULL)
		return;
	json_object_object_foreach(right, key, value)
		lay(left, key, value, true);
}
