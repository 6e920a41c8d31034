/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compiles schemas from JSON to the rules of base/schema_rules.h. */
#include <config.h>

#include <string.h>

#include "base/json.h"
#include "base/money.h"
#include "base/schema_rules.h"

/* A set of kinds of JSON values. */
#define KIND(type) (1u << (type))
#define ARRAY KIND(json_type_array)
#define BOOLEAN KIND(json_type_boolean)
#define INTEGER KIND(json_type_int)
#define NUMBER (INTEGER | KIND(json_type_double))
#define OBJECT KIND(json_type_object)
#define STRING KIND(json_type_string)
#define ANYTHING (~0u)

#define MILLIONTH "0.000001"

/* A definition. It may refer to itself, so schema is set before it is complete;
 * NULL: not yet begun. */
struct definition {
	const char *name;
	struct json_object *document;
	struct schema *schema;
};

struct compiler {
	struct arena *arena;
	schema_finder *find;
	struct definition *definitions;
	size_t definition_count;
	const char *wrong; /* the first fault; NULL: none */
};

/* A word of the schema being compiled, with its value. */
struct statement {
	struct compiler *compiler;
	struct schema *schema;
	const char *path; /* of the schema; "": the top */
	const char *word;
	struct json_object *value;
	void *rule; /* the member of the schema that the word sets */
};

static const struct schema *compile(struct compiler *c,
    struct json_object *document, const char *path);

static void PRINTF(4, 5)
refuse(struct compiler *c, const char *path, const char *word,
    const char *format, ...)
{
	struct buffer text;
	va_list args;

	if (c->wrong != NULL)
		return;
	buffer_init(&text, c->arena, 0);
	buffer_printf(&text, "%s: %s: ", path[0] == '\0' ? "(top)" : path, word);
	va_start(args, format);
	buffer_vprintf(&text, format, args);
	va_end(args);
	c->wrong = text.text;
}

#define REFUSE(s, ...) \
	refuse((s)->compiler, (s)->path, (s)->word, __VA_ARGS__)

static unsigned
kind_of(struct json_object *value)
{
	return KIND(json_object_get_type(value));
}

/* ---- words about any value ---- */

static unsigned
type_named(const char *name)
{
	static const struct {
		const char *name;
		enum schema_type type;
	} names[] = {
		{ "array", SCHEMA_ARRAY },
		{ "boolean", SCHEMA_BOOLEAN },
		{ "integer", SCHEMA_INTEGER },
		{ "number", SCHEMA_NUMBER },
		{ "object", SCHEMA_OBJECT },
		{ "string", SCHEMA_STRING },
	};
	size_t i;

	for (i = 0; i < NELEM(names); i++)
		if (name != NULL && strcmp(names[i].name, name) == 0)
			return names[i].type;
	return 0;
}

static void
add_type(const struct statement *s, struct json_object *one,
    struct buffer *names)
{
	const char *name = json_object_is_type(one, json_type_string) ?
	    json_object_get_string(one) : NULL;
	unsigned type = type_named(name);

	if (type == 0)
		REFUSE(s, "there is no type %s",
		    json_object_to_json_string(one));
	buffer_printf(names, "%s%s", names->length == 0 ? "" : ", ", name);
	s->schema->types |= type;
}

static void
read_type(const struct statement *s)
{
	struct buffer names;
	size_t i, n;

	buffer_init(&names, s->compiler->arena, 0);
	if (json_object_is_type(s->value, json_type_string)) {
		add_type(s, s->value, &names);
	} else {
		n = json_object_array_length(s->value);
		for (i = 0; i < n; i++)
			add_type(s, json_object_array_get_idx(s->value, i),
			    &names);
		if (n == 0)
			REFUSE(s, "it names no type");
	}
	s->schema->type_names = names.text;
}

static void
read_enum(const struct statement *s)
{
	struct buffer names;
	size_t i, n = json_object_array_length(s->value);

	if (n == 0)
		REFUSE(s, "it names no value");
	buffer_init(&names, s->compiler->arena, 0);
	for (i = 0; i < n; i++)
		buffer_printf(&names, "%s%s", i == 0 ? "" : ", ",
		    json_object_get_string(json_object_array_get_idx(s->value,
		    i)));
	s->schema->values = s->value;
	s->schema->value_names = names.text;
}

/* ---- words about numbers ---- */

static void
read_format(const struct statement *s)
{
	const char *type = json_string_at(s->schema->document, "type");

	if (strcmp(json_object_get_string(s->value), "int64") != 0)
		REFUSE(s, "int64 is the only one there is");
	if (type == NULL || strcmp(type, "integer") != 0)
		REFUSE(s, "the type must be integer");
	s->schema->is_int64 = true;
}

static void
read_bound(const struct statement *s)
{
	struct schema_bound *out = s->rule;
	bool is_int64 = json_string_at(s->schema->document, "format") != NULL;

	out->text = json_object_get_string(s->value);
	if (!is_int64 && !money_parse(out->text, &out->value))
		REFUSE(s, "%s is too large", out->text);
	if (is_int64 && !json_object_is_type(s->value, json_type_int))
		REFUSE(s, "%s is not an integer", out->text);
	if (is_int64)
		out->value = json_object_get_int64(s->value);
}

static void
read_multiple(const struct statement *s)
{
	if (strcmp(json_object_get_string(s->value), MILLIONTH) != 0)
		REFUSE(s, MILLIONTH " is the only one there is");
	s->schema->is_exact = true;
}

/* ---- words about strings and arrays ---- */

static void
read_count(const struct statement *s)
{
	int64_t *out = s->rule;

	*out = json_object_get_int64(s->value);
	if (*out < 0)
		REFUSE(s, "it is below 0");
}

static void
free_expression(void *pattern)
{
	regfree(&((struct schema_pattern *)pattern)->expression);
}

static const struct schema_pattern *
compile_pattern(const struct statement *s, const char *text)
{
	struct arena *a = s->compiler->arena;
	struct schema_pattern *pattern = arena_alloc(a, sizeof(*pattern));
	char why[128];
	int error;

	pattern->text = text;
	error = regcomp(&pattern->expression, text, REG_EXTENDED | REG_NOSUB);
	if (error == 0) {
		arena_defer(a, free_expression, pattern);
		return pattern;
	}
	regerror(error, &pattern->expression, why, sizeof(why));
	REFUSE(s, "%s: %s", text, why);
	return NULL;
}

static void
read_pattern(const struct statement *s)
{
	s->schema->pattern = compile_pattern(s,
	    json_object_get_string(s->value));
}

static void
read_items(const struct statement *s)
{
	s->schema->items = compile(s->compiler, s->value, problem_path(
	    s->compiler->arena, s->path, s->word));
}

/* ---- words about objects ---- */

static void
read_required(const struct statement *s)
{
	size_t i, n = json_object_array_length(s->value);
	struct json_object *name;

	s->schema->required = arena_alloc(s->compiler->arena,
	    n * sizeof(*s->schema->required));
	s->schema->required_count = n;
	for (i = 0; i < n; i++) {
		name = json_object_array_get_idx(s->value, i);
		if (!json_object_is_type(name, json_type_string))
			REFUSE(s, "%s is not a name",
			    json_object_to_json_string(name));
		s->schema->required[i] = json_object_get_string(name);
	}
}

/* Compiles the schemas of an object, by name. */
static void
read_members(const struct statement *s, struct schema_members *out)
{
	struct arena *a = s->compiler->arena;
	const char *path = problem_path(a, s->path, s->word);
	struct schema_member *m;

	out->members = arena_alloc(a, (size_t)json_object_object_length(
	    s->value) * sizeof(*out->members));
	json_object_object_foreach(s->value, name, document) {
		m = &out->members[out->count++];
		m->name = arena_strdup(a, name);
		m->schema = compile(s->compiler, document,
		    problem_path(a, path, name));
		m->initially = json_at(document, "default");
	}
}

static void
read_properties(const struct statement *s)
{
	read_members(s, &s->schema->named);
}

static void
read_pattern_properties(const struct statement *s)
{
	struct schema_members *members = &s->schema->patterned;
	size_t i;

	read_members(s, members);
	for (i = 0; i < members->count; i++)
		members->members[i].pattern = compile_pattern(s,
		    members->members[i].name);
}

static void
read_additional_properties(const struct statement *s)
{
	if (json_object_is_type(s->value, json_type_boolean))
		s->schema->is_closed = !json_object_get_boolean(s->value);
	else
		s->schema->others = compile(s->compiler, s->value, problem_path(
		    s->compiler->arena, s->path, s->word));
}

/* Nothing to do: definitions are compiled before the top-level words. */
static void
read_definitions(const struct statement *s)
{
	if (s->path[0] != '\0')
		REFUSE(s, "definitions are allowed at the top only");
}

/* ---- all words ---- */

#define RULE(member) offsetof(struct schema, member)

/* clang-format off */
static const struct word {
	const char *name;
	unsigned kinds; /* allowed kinds of its value */
	void (*read)(const struct statement *s); /* NULL: documentation only */
	size_t rule; /* offset of the member to set, for shared readers */
} words[] = {
	{ "$schema", STRING, NULL, 0 },
	{ "additionalProperties", BOOLEAN | OBJECT, read_additional_properties, 0 },
	{ "default", ANYTHING, NULL, 0 },
	{ "definitions", OBJECT, read_definitions, 0 },
	{ "description", STRING, NULL, 0 },
	{ "enum", ARRAY, read_enum, 0 },
	{ "format", STRING, read_format, 0 },
	{ "id", STRING, NULL, 0 },
	{ "items", OBJECT, read_items, 0 },
	{ "maxItems", INTEGER, read_count, RULE(max_items) },
	{ "maxLength", INTEGER, read_count, RULE(max_length) },
	{ "maximum", NUMBER, read_bound, RULE(maximum) },
	{ "minItems", INTEGER, read_count, RULE(min_items) },
	{ "minLength", INTEGER, read_count, RULE(min_length) },
	{ "minimum", NUMBER, read_bound, RULE(minimum) },
	{ "multipleOf", NUMBER, read_multiple, 0 },
	{ "pattern", STRING, read_pattern, 0 },
	{ "patternProperties", OBJECT, read_pattern_properties, 0 },
	{ "properties", OBJECT, read_properties, 0 },
	{ "required", ARRAY, read_required, 0 },
	{ "title", STRING, NULL, 0 },
	{ "type", STRING | ARRAY, read_type, 0 },
};
/* clang-format on */

static const struct word *
find_word(const char *name)
{
	size_t i;

	for (i = 0; i < NELEM(words); i++)
		if (strcmp(words[i].name, name) == 0)
			return &words[i];
	return NULL;
}

static void
read_statement(struct statement *s)
{
	const struct word *word = find_word(s->word);

	if (word == NULL) {
		REFUSE(s, "there is no such word");
	} else if (!(word->kinds & kind_of(s->value))) {
		REFUSE(s, "its value cannot be %s",
		    json_type_to_name(json_object_get_type(s->value)));
	} else if (word->read != NULL) {
		s->rule = (char *)s->schema + word->rule;
		word->read(s);
	}
}

static void
fill(struct compiler *c, struct schema *schema, struct json_object *document,
    const char *path)
{
	*schema = (struct schema){
		.document = document,
		.min_length = SCHEMA_UNBOUNDED,
		.max_length = SCHEMA_UNBOUNDED,
		.min_items = SCHEMA_UNBOUNDED,
		.max_items = SCHEMA_UNBOUNDED,
	};
	json_object_object_foreach(document, word, value) {
		struct statement s = { c, schema, path, word, value, NULL };

		read_statement(&s);
	}
}

/* ---- references ---- */

static struct schema *
define(struct compiler *c, struct definition *d)
{
	const char *path = problem_path(c->arena, "definitions", d->name);

	if (d->schema != NULL)
		return d->schema;
	if (!json_object_is_type(d->document, json_type_object) ||
	    json_object_object_get_ex(d->document, "$ref", NULL)) {
		refuse(c, path, "definitions", "a definition is a schema of "
		    "its own");
		return NULL;
	}
	d->schema = arena_alloc(c->arena, sizeof(*d->schema));
	fill(c, d->schema, d->document, path);
	return d->schema;
}

static const struct schema *
refer(struct compiler *c, const char *reference)
{
	static const char prefix[] = "#/definitions/";
	const char *name = reference + sizeof(prefix) - 1;
	size_t i;

	if (strncmp(reference, prefix, sizeof(prefix) - 1) != 0)
		return c->find == NULL ? NULL : c->find(reference);
	for (i = 0; i < c->definition_count; i++)
		if (strcmp(c->definitions[i].name, name) == 0)
			return define(c, &c->definitions[i]);
	return NULL;
}

/* A $ref replaces its whole schema, so no other word may stand beside it. */
static const struct schema *
follow(struct compiler *c, struct json_object *document, const char *path)
{
	struct json_object *reference = json_at(document, "$ref");
	const struct schema *schema = NULL;
	const struct word *known;

	json_object_object_foreach(document, word, value) {
		(void)value;
		known = find_word(word);
		if (strcmp(word, "$ref") != 0 &&
		    (known == NULL || known->read != NULL))
			refuse(c, path, word, "it cannot stand beside $ref");
	}
	if (json_object_is_type(reference, json_type_string))
		schema = refer(c, json_object_get_string(reference));
	if (schema == NULL)
		refuse(c, path, "$ref", "%s leads nowhere",
		    json_object_to_json_string(reference));
	return schema;
}

static const struct schema *
compile(struct compiler *c, struct json_object *document, const char *path)
{
	struct schema *schema;

	if (!json_object_is_type(document, json_type_object)) {
		refuse(c, path, "(none)", "a schema is an object");
		return NULL;
	}
	if (json_object_object_get_ex(document, "$ref", NULL))
		return follow(c, document, path);
	schema = arena_alloc(c->arena, sizeof(*schema));
	fill(c, schema, document, path);
	return schema;
}

static void
list_definitions(struct compiler *c, struct json_object *definitions)
{
	c->definitions = arena_alloc(c->arena, (size_t)
	    json_object_object_length(definitions) * sizeof(*c->definitions));
	json_object_object_foreach(definitions, name, document)
		c->definitions[c->definition_count++] = (struct definition){
		    .name = arena_strdup(c->arena, name),
		    .document = document,
		};
}

const struct schema *
schema_compile(struct arena *a, struct json_object *document,
    schema_finder *find, const char **wrong)
{
	struct compiler c = { .arena = a, .find = find };
	struct json_object *definitions;
	const struct schema *schema;
	size_t i;

	definitions = json_object_at(document, "definitions");
	if (definitions != NULL)
		list_definitions(&c, definitions);
	for (i = 0; i < c.definition_count; i++)
		(void)define(&c, &c.definitions[i]);
	schema = compile(&c, document, "");
	*wrong = c.wrong;
	return c.wrong == NULL ? schema : NULL;
}
