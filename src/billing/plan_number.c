/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/plan_number.h"

#include <string.h>

#include "base/json.h"

bool
plan_money(struct json_object *value, money_t *out)
{
	switch (json_object_get_type(value)) {
	case json_type_int:
	case json_type_double:
	case json_type_string:
		return money_parse(json_object_get_string(value), out);
	default:
		return false;
	}
}

bool
plan_whole(struct json_object *value, int64_t *out)
{
	money_t amount;

	if (json_object_is_type(value, json_type_int)) {
		*out = json_object_get_int64(value);
		return true;
	}
	if (!plan_money(value, &amount))
		return false;
	*out = amount / MONEY_ONE;
	amount %= MONEY_ONE;
	if (amount * 2 >= MONEY_ONE)
		(*out)++;
	else if (amount * 2 <= -MONEY_ONE)
		(*out)--;
	return true;
}

money_t
plan_money_at(struct json_object *item, const char *path, money_t fallback)
{
	money_t amount;

	return plan_money(json_at(item, path), &amount) ? amount : fallback;
}

int64_t
plan_whole_at(struct json_object *item, const char *path, int64_t fallback)
{
	int64_t number;

	return plan_whole(json_at(item, path), &number) ? number : fallback;
}

bool
plan_true(struct json_object *value)
{
	return json_object_is_type(value, json_type_boolean) ?
	    json_object_get_boolean(value) :
	    json_object_is_type(value, json_type_string) &&
	    strcmp(json_object_get_string(value), "true") == 0;
}
