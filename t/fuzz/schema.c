/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Schemas: a first line with a schema, or the name of one of Reeve's own
 * ("devices"), then the document that is checked.
 */
#include "config.h"

#include "base/schema.h"

#include "billing/schemas.h"
#include "fuzz.h"

/*
 * Expressions are Reeve's own and go to libc, whose compiler of them is not what
 * is tested here: it needs minutes or gigabytes for some that are short.
 */
static bool
has_large_expression(const char *text)
{
	const char *brace;

	if (strstr(text, "\\u") != NULL)
		return true;
	if (strstr(text, "attern") == NULL)
		return false;
	for (brace = text; (brace = strchr(brace, '{')) != NULL; brace++)
		if (strchr("0123456789,", brace[1]) != NULL)
			return true;
	return strpbrk(text, "(\\*+?") != NULL;
}

static struct json_object *
checked(struct arena *a, const struct schema *schema,
    struct json_object *document, bool partial)
{
	struct problem *p = schema_check(a, schema, document, "x", partial);

	if (p == NULL)
		return NULL;
	fuzz_demand_invalid(p);
	demand(strncmp(p->field, "x", 1) == 0);
	return p->data;
}

/* The same outcome each time; a part may lack members, and nothing else. */
static void
check(struct arena *a, const struct schema *schema,
    struct json_object *document, bool own)
{
	const char *before = json_canonical_text(a, document);
	struct json_object *wrong = checked(a, schema, document, false);
	struct json_object *again = checked(a, schema, document, false);

	demand((wrong == NULL) == (again == NULL));
	if (wrong != NULL)
		demand(json_object_equal(wrong, again));
	else
		demand(checked(a, schema, document, true) == NULL);
	demand(fuzz_same(json_canonical_text(a, document), before));
	if (!own || wrong != NULL ||
	    !json_object_is_type(document, json_type_object))
		return;
	schema_defaults(schema, document);
	demand(checked(a, schema, document, false) == NULL);
}

static const struct schema *
schema_of(struct arena *a, struct fuzz_part part, bool *own)
{
	const char *text = fuzz_text(a, part), *error, *wrong = NULL;
	const struct schema *schema = schemas_named(text);
	struct json_object *tree;

	*own = schema != NULL;
	if (*own || has_large_expression(text))
		return schema;
	tree = fuzz_json(a, part, &error);
	if (tree == NULL)
		return NULL;
	schema = schema_compile(a, tree, schemas_named, &wrong);
	demand((schema == NULL) == (wrong != NULL));
	if (wrong != NULL)
		demand(strstr(wrong, ": ") != NULL && wrong[0] != ':');
	return schema;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct fuzz_part rest = { (const char *)bytes, length };
	struct arena *a = arena_new(4096);
	const struct schema *schema;
	struct json_object *document;
	const char *error;
	bool own;

	schema = schema_of(a, fuzz_take(&rest, "\n"), &own);
	document = schema == NULL ? NULL : fuzz_json(a, rest, &error);
	if (document != NULL)
		check(a, schema, document, own);
	arena_free(&a);
	return 0;
}
