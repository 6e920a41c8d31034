/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/number_features.h"

#include <string.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/json.h"

#define CARRIER_LOCAL "knm_local"
#define LOCAL "local"

/* Features, and the members of a number that set them. */
static const struct {
	const char *name;
	const char *member;
	bool imported; /* only imported numbers have it */
} features[] = {
	{ "carrier_name", "carrier_name", true },
	{ "cnam", "cnam", true },
	{ "e911", "e911", false },
	{ "failover", "failover", false },
	{ "force_outbound", "force_outbound", false },
	{ "inbound_cnam", "cnam.inbound_lookup", false },
	{ LOCAL, "carrier_name", false },
	{ "mms", "mms", false },
	{ "outbound_cnam", "cnam.display_name", false },
	{ "port", "port", false },
	{ "prepend", "prepend", false },
	{ "ringback", "ringback", false },
	{ "sms", "sms", false },
};

static bool
is_on(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_boolean:
		return json_object_get_boolean(value);
	case json_type_string:
		return json_object_get_string_len(value) > 0;
	case json_type_object:
		return json_object_object_length(value) > 0 &&
		    (json_at(value, "enabled") == NULL ||
		    is_on(json_at(value, "enabled")));
	default:
		return false;
	}
}

/* True if the number's member sets a feature. */
static bool
is_set(struct json_object *number, size_t feature)
{
	struct json_object *value = json_at(number, features[feature].member);

	if (strcmp(features[feature].name, LOCAL) == 0)
		return json_object_is_type(value, json_type_string) &&
		    strcmp(json_object_get_string(value), CARRIER_LOCAL) == 0;
	return is_on(value);
}

static size_t
features_set(struct json_object *number, const char **names)
{
	size_t i, count = 0;

	for (i = 0; i < NELEM(features); i++)
		if (!features[i].imported && is_set(number, i))
			names[count++] = features[i].name;
	return count;
}

size_t
number_features_of(struct arena *a, struct json_object *number,
    const char *const **names)
{
	struct json_object *list = json_object_at(number, NUMBER_FEATURES);
	size_t most = list == NULL ? NELEM(features) :
	    (size_t)json_object_object_length(list) + 1;
	const char **out = arena_alloc(a, most * sizeof(*out));
	size_t count = 0;

	*names = out;
	if (list == NULL)
		return features_set(number, out);
	json_object_object_foreach(list, name, unused) {
		(void)unused;
		if (name[0] != '\0')
			out[count++] = name;
	}
	return count;
}

bool
number_is_local(struct arena *a, struct json_object *number)
{
	const char *const *names;
	size_t count = number_features_of(a, number, &names), i;

	for (i = 0; i < count; i++)
		if (strcmp(names[i], LOCAL) == 0)
			return true;
	return false;
}

/* True if a change of a number says whether it has a feature: its member was
 * given another value, or what was set is taken away. */
static bool
decides(struct json_object *before, struct json_object *number, size_t feature)
{
	struct json_object *old = json_at(before, features[feature].member);
	struct json_object *new = json_at(number, features[feature].member);

	return new == NULL ? is_set(before, feature) :
	    !json_object_equal(old, new);
}

void
number_features_follow(struct json_object *before, struct json_object *number)
{
	struct json_object *list = json_object_at(before, NUMBER_FEATURES), *now;
	size_t i;

	json_object_object_del(number, NUMBER_FEATURES);
	if (list == NULL)
		return;
	now = json_object_new_object();
	json_object_object_foreach(list, name, value)
		json_object_object_add(now, name, json_object_get(value));
	for (i = 0; i < NELEM(features); i++) {
		if (!decides(before, number, i))
			continue;
		if (!is_set(number, i))
			json_object_object_del(now, features[i].name);
		else if (!features[i].imported && !json_object_object_get_ex(
		    now, features[i].name, NULL))
			json_object_object_add(now, features[i].name,
			    json_object_new_object());
	}
	json_object_object_add(number, NUMBER_FEATURES, now);
}

void
number_features_settle(struct arena *a, struct json_object *number)
{
	struct json_object *list = json_object_at(number, NUMBER_FEATURES);
	const char **names = arena_alloc(a, NELEM(features) * sizeof(*names));
	size_t count, i;

	if (list == NULL)
		return;
	count = features_set(number, names);
	if (count != (size_t)json_object_object_length(list))
		return;
	for (i = 0; i < count; i++)
		if (!json_object_object_get_ex(list, names[i], NULL))
			return;
	json_object_object_del(number, NUMBER_FEATURES);
}
