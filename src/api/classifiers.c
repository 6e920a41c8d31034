/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phone_numbers/classifiers: the configured classes of phone numbers. */
#include "config.h"

#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "billing/number_class.h"
#include "service/object_count.h"

/* Of every number that no class has taken. */
#define ANY_NUMBER "^.*$"

/* The names for people of classes that clients know. */
static const struct friendly {
	const char *name;
	const char *friendly_name;
} friendly[] = {
	{ "caribbean", "Caribbean" },
	{ "did_us", "US DID" },
	{ "emergency", "Emergency Dispatcher" },
	{ "international", "International" },
	{ "toll_us", "US Toll" },
	{ "tollfree_us", "US TollFree" },
	{ NUMBER_CLASS_UNKNOWN, "Unknown" },
};

static const char *
find_friendly(const char *name)
{
	size_t i;

	for (i = 0; i < NELEM(friendly); i++)
		if (strcmp(friendly[i].name, name) == 0)
			return friendly[i].friendly_name;
	return name;
}

static void
add_class(struct json_object *json, const char *name, const char *expression)
{
	struct json_object *class = json_object_new_object();

	json_put_string(class, "friendly_name", find_friendly(name));
	json_put_string(class, "regex", expression);
	json_object_object_add(json, name, class);
}

struct problem *
numbers_classifiers(struct call *c)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	const struct number_classes *classes;
	const char *name, *expression;
	struct problem *p;
	size_t i;

	p = object_classes(c->config, c->arena, &classes);
	if (p != NULL)
		return p;
	/* A class of that name in the configuration replaces this one. */
	add_class(json, NUMBER_CLASS_UNKNOWN, ANY_NUMBER);
	for (i = 0; (name = number_class_at(classes, i, &expression)) != NULL;
	    i++)
		add_class(json, name, expression);
	entity_answer(c, json);
	return NULL;
}
