/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/earlier_line.h"

#include "base/json.h"

/* The number as it is, or 0. */
static void
put_number(struct json_object *json, const char *key,
    struct json_object *number)
{
	json_object_object_add(json, key, number == NULL ?
	    json_object_new_int(0) : json_object_get(number));
}

static struct json_object *
earlier_line(struct json_object *line, struct json_object *activation_charge,
    struct json_object *exceptions)
{
	struct json_object *json = json_object_new_object();
	int64_t billable;

	json_put_string(json, "category", json_string_at(line, "category"));
	json_put_string(json, "item", json_string_at(line, "item"));
	json_put_string(json, "name", json_string_at(line, "name"));
	put_number(json, "quantity", json_at(line, "billable"));
	put_number(json, "rate", json_at(line, "rate"));
	/* There is one to be discounted, whatever its discount. */
	json_put_bool(json, "single_discount",
	    json_int_at(line, "billable", &billable) && billable > 0);
	put_number(json, "single_discount_rate",
	    json_at(line, "discounts.single.rate"));
	put_number(json, "cumulative_discount",
	    json_at(line, "discounts.cumulative.quantity"));
	put_number(json, "cumulative_discount_rate",
	    json_at(line, "discounts.cumulative.rate"));
	put_number(json, "activation_charge", activation_charge);
	put_number(json, "minimum", json_at(line, "minimum"));
	json_object_object_add(json, "exceptions", exceptions == NULL ?
	    json_object_new_array() : json_object_get(exceptions));
	return json;
}

void
earlier_line_add(struct json_object *items, struct json_object *line,
    struct json_object *activation_charge, struct json_object *exceptions)
{
	const char *category = json_string_at(line, "category");
	const char *item = json_string_at(line, "item");
	struct json_object *of_category;

	if (category == NULL || item == NULL)
		return;
	if (!json_object_object_get_ex(items, category, &of_category)) {
		of_category = json_object_new_object();
		json_object_object_add(items, category, of_category);
	}
	json_object_object_add(of_category, item,
	    earlier_line(line, activation_charge, exceptions));
}
