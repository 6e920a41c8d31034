/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/schemas.h"

#include <string.h>
#include <sysexits.h>

#include "base/attr.h"
#include "base/json.h"
#include "base/log.h"
#include "base/schema.h"
#include "billing/kind.h"
#include "billing/schema_texts.h"

_Static_assert(NELEM(schema_texts) == SCHEMA__MAX, "a text for every schema");

static const struct schema *compiled[SCHEMA__MAX];

/* Memory of the schemas, which live as long as the program. */
static struct arena *
memory(void)
{
	static struct arena *a;

	if (a == NULL)
		a = arena_new(256 * 1024);
	return a;
}

const char *
schemas_name(enum schema_name schema)
{
	return schema < SCHEMA__MAX ? schema_texts[schema].name : NULL;
}

static bool
find_name(const char *name, enum schema_name *out)
{
	for (*out = SCHEMA_NONE + 1; *out < SCHEMA__MAX; (*out)++)
		if (strcmp(schema_texts[*out].name, name) == 0)
			return true;
	return false;
}

static const struct schema *
ready(enum schema_name name)
{
	if (compiled[name] == NULL)
		compiled[name] = schemas_load(schema_texts[name].name,
		    schema_texts[name].lines);
	return compiled[name];
}

/* Finds a schema that another refers to. A schema that refers to itself, even
 * through others, is not found. */
static const struct schema *
find_ready(const char *name)
{
	static bool busy[SCHEMA__MAX];
	const struct schema *schema;
	enum schema_name found;

	if (!find_name(name, &found) || busy[found])
		return NULL;
	busy[found] = true;
	schema = ready(found);
	busy[found] = false;
	return schema;
}

const struct schema *
schemas_load(const char *name, const char *const *lines)
{
	struct arena *a = memory();
	const struct schema *schema;
	struct json_object *document;
	const char *wrong;
	struct buffer text;

	buffer_init(&text, a, 0);
	for (; *lines != NULL; lines++)
		buffer_puts(&text, *lines);
	document = json_parse(a, text.text, text.length, &wrong);
	if (document == NULL)
		log_fatal(EX_SOFTWARE, "the schema %s: %s", name, wrong);
	schema = schema_compile(a, document, find_ready, &wrong);
	if (schema == NULL)
		log_fatal(EX_SOFTWARE, "the schema %s: %s", name, wrong);
	return schema;
}

void
schemas_compile(void)
{
	const struct kind *kind;
	enum schema_name name;
	size_t i;

	for (name = SCHEMA_NONE + 1; name < SCHEMA__MAX; name++)
		(void)ready(name);
	for (i = 0; (kind = kind_at(i)) != NULL; i++)
		(void)schemas_of_kind(kind);
}

const struct schema *
schemas_of(enum schema_name name)
{
	return ready(name);
}

const struct schema *
schemas_named(const char *name)
{
	enum schema_name found;

	return find_name(name, &found) ? ready(found) : NULL;
}

const struct schema *
schemas_of_kind(const struct kind *kind)
{
	const struct schema *schema = schemas_named(kind->noun);

	if (schema == NULL)
		log_fatal(EX_SOFTWARE, "the kind %s has no schema", kind->noun);
	return schema;
}
