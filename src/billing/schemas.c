/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/schemas.h"

#include <string.h>

#include "base/attr.h"
#include "base/json.h"
#include "base/log.h"
#include "billing/schema_texts.h"

static struct json_object *
parse(const char *name, const char *const *lines)
{
	struct arena *a = arena_new(32 * 1024);
	struct json_object *schema;
	const char *error;
	struct buffer text;

	buffer_init(&text, a, 0);
	for (; *lines != NULL; lines++)
		buffer_puts(&text, *lines);
	schema = json_object_get(json_parse(a, text.text, text.length, &error));
	if (schema == NULL)
		log_fatal(70, "the schema %s: %s", name, error);
	arena_free(&a);
	return schema;
}

struct json_object *
schema_named(const char *name)
{
	static struct json_object *parsed[NELEM(schema_texts)];
	size_t i;

	for (i = 0; i < NELEM(schema_texts); i++) {
		if (strcmp(schema_texts[i].name, name) != 0)
			continue;
		if (parsed[i] == NULL)
			parsed[i] = parse(name, schema_texts[i].lines);
		return parsed[i];
	}
	return NULL;
}

const char *
schema_name(size_t index)
{
	return index < NELEM(schema_texts) ? schema_texts[index].name : NULL;
}
