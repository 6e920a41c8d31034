/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/counting.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "billing/number_features.h"
#include "billing/plan_number.h"

#define NAME_MAX 128 /* of an item, with its suffix */

/* A document being counted. */
struct count {
	struct arena *arena;
	const char *id;
	struct json_object *document;
	const struct count_context *with;
	int sign;
	struct quantity_table *table;
	bool overflow;
};

static void
add(struct count *c, const char *category, const char *item, int64_t n)
{
	if (n > 0 && !quantity_table_add(c->arena, c->table, category, item,
	    c->sign * n))
		c->overflow = true;
}

/* ---- phone numbers ---- */

static void
count_features(struct count *c, const char *category)
{
	const char *const *names;
	size_t count = number_features_of(c->arena, c->document, &names), i;

	for (i = 0; i < count; i++)
		add(c, category, names[i], 1);
}

/* ---- applications ---- */

bool
counts_as_blacklisted(struct json_object *store, const char *id)
{
	struct json_object *list = json_array_at(store, "blacklist");
	size_t i, n = list == NULL ? 0 : json_object_array_length(list);
	struct json_object *one;

	for (i = 0; i < n; i++) {
		one = json_object_array_get_idx(list, i);
		if (json_object_is_type(one, json_type_string) &&
		    strcmp(json_object_get_string(one), id) == 0)
			return true;
	}
	return false;
}

static int64_t
users_of(struct count *c, struct json_object *application)
{
	const char *allowed = json_string_at(application, "allowed_users");
	struct json_object *users = json_array_at(application, "users");

	if (allowed == NULL)
		return 0;
	if (strcmp(allowed, "all") == 0)
		return c->with->users;
	if (strcmp(allowed, "admins") == 0)
		return c->with->admins;
	return users == NULL || strcmp(allowed, "specific") != 0 ? 0 :
	    (int64_t)json_object_array_length(users);
}

static void
count_apps(struct count *c, const char *category, bool users)
{
	struct json_object *apps = json_object_at(c->document, "apps");
	const char *name;

	if (apps == NULL)
		return;
	json_object_object_foreach(apps, id, application) {
		name = json_string_at(application, "name");
		if (name != NULL && name[0] != '\0' &&
		    !counts_as_blacklisted(c->document, id))
			add(c, category, name,
			    users ? users_of(c, application) : 1);
	}
}

/* ---- port requests ---- */

/* The state that a transition leads into; before the transitions said more, it
 * stood at their top. */
static const char *
state_entered(struct json_object *transition)
{
	const char *state = json_string_at(transition, "transition.new");

	return state != NULL ? state : json_string_at(transition, "new");
}

/* Counts the transitions into a state. */
static size_t
times_in(struct json_object *document, const char *state)
{
	struct json_object *list = json_array_at(document, "transitions");
	size_t i, n = list == NULL ? 0 : json_object_array_length(list), times = 0;
	const char *new;

	for (i = 0; i < n; i++) {
		new = state_entered(json_object_array_get_idx(list, i));
		times += new != NULL && strcmp(new, state) == 0;
	}
	return times;
}

static void
count_port(struct count *c, const struct count_rule *rule)
{
	const char *state = json_string_at(c->document, rule->field);
	struct json_object *numbers = json_object_at(c->document, "numbers");
	int64_t n = numbers == NULL ? 0 : json_object_object_length(numbers);
	char first[NAME_MAX + 1];

	if (state == NULL)
		state = rule->item;
	add(c, rule->category, state, n);
	if (times_in(c->document, state) == 1) {
		snprintf(first, sizeof(first), "first_%s", state);
		add(c, rule->category, first, n);
	}
}

/* ---- rules ---- */

static void
count_named(struct count *c, const struct count_rule *rule)
{
	const char *name = json_string_at(c->document, rule->field);
	char item[NAME_MAX + 1];

	snprintf(item, sizeof(item), "%s%s",
	    name == NULL || name[0] == '\0' ? rule->item : name,
	    rule->suffix == NULL ? "" : rule->suffix);
	add(c, rule->category, item, 1);
}

static void
count_values(struct count *c, const struct count_rule *rule)
{
	struct json_object *object = json_object_at(c->document, rule->field);
	int64_t n;

	if (object == NULL)
		return;
	json_object_object_foreach(object, key, value)
		if (plan_whole(value, &n))
			add(c, rule->category, key, n);
}

static void
apply(struct count *c, const struct count_rule *rule)
{
	int64_t n = 0;

	if ((rule->when != NULL &&
	    !plan_true(json_at(c->document, rule->when))) ||
	    (rule->with != NULL &&
	    json_object_at(c->document, rule->with) == NULL))
		return;
	switch (rule->how) {
	case COUNT_ONE:
		add(c, rule->category, rule->item, 1);
		break;
	case COUNT_NAMED:
		count_named(c, rule);
		break;
	case COUNT_NUMBER:
		if (plan_whole(json_at(c->document, rule->field), &n))
			add(c, rule->category, rule->item, n);
		break;
	case COUNT_VALUES:
		count_values(c, rule);
		break;
	case COUNT_FEATURES:
		count_features(c, rule->category);
		break;
	case COUNT_CLASS:
		if (!number_is_local(c->arena, c->document))
			add(c, rule->category, number_class(c->with->classes,
			    c->id), 1);
		break;
	case COUNT_APPS:
		count_apps(c, rule->category, false);
		break;
	case COUNT_APP_USERS:
		count_apps(c, rule->category, true);
		break;
	case COUNT_PORT:
		count_port(c, rule);
		break;
	}
}

/* True if the document says that it is in use, or does not say it. */
static bool
is_enabled(struct json_object *document)
{
	struct json_object *enabled;

	return !json_object_object_get_ex(document, "enabled", &enabled) ||
	    plan_true(enabled);
}

/* True of numbers that are local: their own counters count nothing. */
static bool
is_local(struct arena *a, const struct counted_object *what)
{
	const struct count_rule *rule;

	for (rule = what->rules; rule != NULL && rule->category != NULL; rule++)
		if (rule->how == COUNT_CLASS)
			return number_is_local(a, what->document);
	return false;
}

bool
count_object(struct arena *a, const struct counted_object *what,
    const struct count_context *with, int sign, struct quantity_table *table)
{
	/* Opaque counters that any document may have. */
	static const struct count_rule opaque = {
		.category = "billing", .how = COUNT_VALUES, .field = "billing"
	};
	struct count c = { a, what->id, what->document, with, sign, table,
	    false };
	const struct count_rule *rule;

	if (what->document == NULL || !is_enabled(what->document))
		return true;
	for (rule = what->rules; rule != NULL && rule->category != NULL; rule++)
		apply(&c, rule);
	if (!is_local(a, what))
		apply(&c, &opaque);
	return !c.overflow;
}

bool
counts_users(const struct count_rule *rules)
{
	for (; rules != NULL && rules->category != NULL; rules++)
		if (rules->how == COUNT_APP_USERS)
			return true;
	return false;
}
