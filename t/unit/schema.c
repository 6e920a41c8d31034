/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/schema.h"

#include "quoted.h"

#include "base/attr.h"
#include "base/json.h"

static const char schema_text[] =
	"{'type':'object','required':['name'],'properties':{"
	"'name':{'type':'string','minLength':2,'maxLength':4},"
	"'kind':{'type':'string','enum':['a','b']},"
	"'code':{'type':'string','pattern':'^[0-9]+$'},"
	"'count':{'type':'integer','minimum':1,'maximum':10},"
	"'price':{'type':['number','string']},"
	"'cents':{'type':'number','multipleOf':0.000001},"
	"'list':{'type':'array','items':{'type':'boolean'}},"
	"'tiers':{'$ref':'#/definitions/tiers'},"
	"'inner':{'type':'object','additionalProperties':{'type':'number'}},"
	"'big':{'type':'integer','format':'int64','minimum':0,'maximum':9000000000000000000},"
	"'few':{'type':'array','minItems':1,'maxItems':2},"
	"'tree':{'$ref':'#/definitions/tree'}},"
	"'definitions':{'tree':{'type':'object','properties':{"
	"'leaf':{'type':'boolean'},'down':{'$ref':'#/definitions/tree'}}},"
	"'tiers':{'type':'object',"
	"'patternProperties':{'^[0-9]+$':{'type':'number'}},"
	"'additionalProperties':false}}}";

static const struct schema *
compiled(struct arena *a, const char *text)
{
	const char *wrong = NULL;
	const struct schema *schema = schema_compile(a, quoted(a, text), NULL,
	    &wrong);

	cr_assert(schema != NULL, "%s: %s", wrong, text);
	return schema;
}

/* Documents, and path and code of their only failure; NULL: valid. */
static const struct {
	const char *document, *path, *code;
} cases[] = {
	{ "{'name':'ab'}", NULL, NULL },
	{ "{'name':'äöüß'}", NULL, NULL },
	{ "{'name':'ab','more':{'x':[1]}}", NULL, NULL },
	{ "{'name':'ab','kind':null}", NULL, NULL },
	{ "{}", "name", "required" },
	{ "{'name':null}", "name", "required" },
	{ "{'name':'a'}", "name", "minLength" },
	{ "{'name':'abcde'}", "name", "maxLength" },
	{ "{'name':3}", "name", "type" },
	{ "{'name':'ab','kind':'c'}", "kind", "enum" },
	{ "{'name':'ab','code':'12'}", NULL, NULL },
	{ "{'name':'ab','code':'1x'}", "code", "pattern" },
	{ "{'name':'ab','count':0}", "count", "minimum" },
	{ "{'name':'ab','count':11}", "count", "maximum" },
	{ "{'name':'ab','count':3.0}", NULL, NULL },
	{ "{'name':'ab','count':3.5}", "count", "type" },
	{ "{'name':'ab','count':true}", "count", "type" },
	{ "{'name':'ab','price':'x'}", NULL, NULL },
	{ "{'name':'ab','price':1e300}", "price", "overflow" },
	{ "{'name':'ab','price':[]}", "price", "type" },
	{ "{'name':'ab','cents':1.5000000e-4}", NULL, NULL },
	{ "{'name':'ab','cents':1.000000}", NULL, NULL },
	{ "{'name':'ab','cents':0.0000125}", "cents", "multipleOf" },
	{ "{'name':'ab','cents':1e-7}", "cents", "multipleOf" },
	{ "{'name':'ab','list':[true,1]}", "list.1", "type" },
	{ "{'name':'ab','tiers':{'5':1.5}}", NULL, NULL },
	{ "{'name':'ab','tiers':{'5':'x'}}", "tiers.5", "type" },
	{ "{'name':'ab','tiers':{'five':1}}", "tiers.five",
	    "additionalProperties" },
	{ "{'name':'ab','inner':{'a':{}}}", "inner.a", "type" },
	{ "{'name':'ab','big':9000000000000000000}", NULL, NULL },
	{ "{'name':'ab','big':9000000000000000001}", "big", "maximum" },
	{ "{'name':'ab','big':-1}", "big", "minimum" },
	{ "{'name':'ab','big':3.0}", "big", "type" },
	{ "{'name':'ab','few':[1,'x']}", NULL, NULL },
	{ "{'name':'ab','few':[]}", "few", "minItems" },
	{ "{'name':'ab','few':[1,2,3]}", "few", "maxItems" },
	{ "{'name':'ab','tree':{'down':{'down':{'leaf':1}}}}",
	    "tree.down.down.leaf", "type" },
	{ "[]", "data", "type" },
};

Test(schema, cases)
{
	struct arena *a = arena_new(16384);
	const struct schema *schema = compiled(a, schema_text);
	struct json_object *of_path;
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		p = schema_check(a, schema,
		    quoted(a, cases[i].document), "", false);
		if (cases[i].path == NULL) {
			cr_assert_null(p, "%s", cases[i].document);
			continue;
		}
		cr_assert_not_null(p, "%s", cases[i].document);
		cr_assert_eq(json_object_object_length(p->data), 1);
		cr_assert(json_object_object_get_ex(p->data, cases[i].path,
		    &of_path), "%s: %s", cases[i].document,
		    json_object_to_json_string(p->data));
		cr_assert_not_null(json_object_object_get(of_path,
		    cases[i].code), "%s", json_object_to_json_string(p->data));
	}
	arena_free(&a);
}

/* "[1,1...", or "{'1':1,'2':1...". */
static struct json_object *
long_value(struct arena *a, bool is_list, int length)
{
	struct json_object *out = json_own(a, is_list ?
	    json_object_new_array() : json_object_new_object());
	int i;

	for (i = 0; i < length; i++)
		if (is_list)
			json_object_array_add(out, json_object_new_int(1));
		else
			json_object_object_add(out, arena_printf(a, "%d", i),
			    json_object_new_int(1));
	return json_object_get(out);
}

Test(schema, lengths_are_bounded_where_a_schema_says_nothing)
{
	static const struct {
		bool is_list;
		int length;
		const char *code; /* NULL: it fits */
	} rows[] = {
		{ true, SCHEMA_LENGTH_MAX, NULL },
		{ true, SCHEMA_LENGTH_MAX + 1, "maxItems" },
		{ false, SCHEMA_LENGTH_MAX, NULL },
		{ false, SCHEMA_LENGTH_MAX + 1, "maxProperties" },
	};
	struct arena *a = arena_new(16384);
	const struct schema *schema = compiled(a, schema_text);
	struct json_object *document, *of_path;
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		document = quoted(a, "{'name':'ab','x':[null,{'y':0}]}");
		json_object_object_add(json_object_array_get_idx(
		    json_array_at(document, "x"), 1), "y",
		    long_value(a, rows[i].is_list, rows[i].length));
		p = schema_check(a, schema, document, "at", true);
		cr_assert_eq(p == NULL, rows[i].code == NULL, "row %zu", i);
		if (p == NULL)
			continue;
		of_path = json_object_object_get(p->data, "at.x.1.y");
		cr_assert_not_null(json_object_object_get(of_path,
		    rows[i].code), "%s", json_object_to_json_string(p->data));
	}
	arena_free(&a);
}

Test(schema, a_part_requires_nothing_and_prefixes_its_place)
{
	struct arena *a = arena_new(16384);
	const struct schema *schema = compiled(a, schema_text);
	struct problem *p;

	cr_assert_null(schema_check(a, schema, quoted(a, "{}"), "", true));
	p = schema_check(a, schema,
	    quoted(a, "{'count':0,'kind':'x'}"), "add.0", true);
	cr_assert_not_null(p);
	cr_assert_not_null(json_object_object_get(p->data, "add.0.count"));
	cr_assert_not_null(json_object_object_get(p->data, "add.0.kind"));
	arena_free(&a);
}

Test(schema, defaults_are_added_for_missing_members)
{
	struct arena *a = arena_new(16384);
	const struct schema *schema = compiled(a, "{'properties':{"
	    "'a':{'default':1},'b':{'default':{}},'c':{'type':'string'}}}");
	struct json_object *document = quoted(a, "{'a':2}");

	schema_defaults(schema, document);
	assert_json(a, "{'a':2,'b':{}}", document, "with defaults");
	arena_free(&a);
}

Test(schema, the_length_of_a_string_is_reported_as_a_number_too)
{
	struct arena *a = arena_new(16384);
	const struct schema *schema = compiled(a, schema_text);
	struct problem *p = schema_check(a, schema, quoted(a, "{'name':'a'}"),
	    "x", false);

	cr_assert_not_null(p);
	assert_json(a, "{'x.name':{'minLength':{'target':2,"
	    "'message':'String must be at least 2 characters'}}}", p->data,
	    "too short");
	p = schema_check(a, schema, quoted(a, "{'name':'abcde'}"), "", false);
	cr_assert_not_null(p);
	assert_json(a, "{'name':{'maxLength':{'target':4,"
	    "'message':'String must not be more than 4 characters'}}}", p->data,
	    "too long");
	arena_free(&a);
}

static const struct schema *other;

static const struct schema *
find_other(const char *name)
{
	return strcmp(name, "other") == 0 ? other : NULL;
}

Test(schema, a_reference_may_lead_to_another_schema)
{
	struct arena *a = arena_new(16384);
	const struct schema *schema;
	const char *wrong;
	struct problem *p;

	other = compiled(a, "{'type':'boolean'}");
	schema = schema_compile(a, quoted(a,
	    "{'properties':{'x':{'$ref':'other'}}}"), find_other, &wrong);
	cr_assert_not_null(schema);
	cr_assert_null(schema_check(a, schema, quoted(a, "{'x':true}"), "",
	    false));
	p = schema_check(a, schema, quoted(a, "{'x':1}"), "", false);
	cr_assert_not_null(p);
	cr_assert_str_eq(p->field, "x");
	arena_free(&a);
}

/* Invalid schemas, and the start of their message. */
static const struct {
	const char *schema, *wrong;
} refused[] = {
	{ "{'typ':'object'}", "(top): typ: there is no such word" },
	{ "{'properties':{'a':{'maxlength':3}}}",
	    "properties.a: maxlength: there is no such word" },
	{ "{'items':{'items':{'oneOf':[]}}}", "items.items: oneOf: " },
	{ "{'additionalProperties':{'x':1}}", "additionalProperties: x: " },
	{ "{'patternProperties':{'^a$':{'x':1}}}", "patternProperties.^a$: x: " },
	{ "{'definitions':{'d':{'x':1}}}", "definitions.d: x: " },
	{ "{'properties':{'a':{'definitions':{}}}}",
	    "properties.a: definitions: " },
	{ "{'type':'text'}", "(top): type: there is no type \"text\"" },
	{ "{'type':['string','text']}", "(top): type: " },
	{ "{'type':[1]}", "(top): type: " },
	{ "{'type':[]}", "(top): type: " },
	{ "{'type':1}", "(top): type: its value cannot be int" },
	{ "{'type':null}", "(top): type: its value cannot be null" },
	{ "{'properties':[]}", "(top): properties: " },
	{ "{'properties':{'a':true}}", "properties.a: (none): " },
	{ "{'patternProperties':{'[':{}}}", "(top): patternProperties: [: " },
	{ "{'patternProperties':3}", "(top): patternProperties: " },
	{ "{'additionalProperties':'no'}", "(top): additionalProperties: " },
	{ "{'required':'a'}", "(top): required: " },
	{ "{'required':[1]}", "(top): required: 1 is not a name" },
	{ "{'items':[]}", "(top): items: " },
	{ "{'enum':'a'}", "(top): enum: " },
	{ "{'enum':[]}", "(top): enum: " },
	{ "{'minimum':'1'}", "(top): minimum: " },
	{ "{'maximum':1e300}", "(top): maximum: 1e300 is too large" },
	{ "{'maximum':true}", "(top): maximum: " },
	{ "{'minLength':-1}", "(top): minLength: it is below 0" },
	{ "{'minLength':'1'}", "(top): minLength: " },
	{ "{'maxLength':1.5}", "(top): maxLength: " },
	{ "{'minItems':-1}", "(top): minItems: " },
	{ "{'maxItems':{}}", "(top): maxItems: " },
	{ "{'multipleOf':0.01}", "(top): multipleOf: 0.000001" },
	{ "{'multipleOf':'0.000001'}", "(top): multipleOf: its value" },
	{ "{'pattern':'('}", "(top): pattern: (: " },
	{ "{'pattern':['a']}", "(top): pattern: " },
	{ "{'type':'integer','format':'date'}", "(top): format: " },
	{ "{'type':'number','format':'int64'}", "(top): format: " },
	{ "{'format':'int64'}", "(top): format: " },
	{ "{'type':'integer','format':'int64','minimum':1.5}",
	    "(top): minimum: 1.5 is not an integer" },
	{ "{'title':1}", "(top): title: " },
	{ "{'description':[]}", "(top): description: " },
	{ "{'definitions':[]}", "(top): definitions: " },
	{ "{'definitions':{'d':1}}", "definitions.d: " },
	{ "{'definitions':{'d':{'$ref':'#/definitions/d'}}}", "definitions.d: " },
	{ "{'properties':{'a':{'$ref':'#/definitions/d'}}}",
	    "properties.a: $ref: \"#\\/definitions\\/d\" leads nowhere" },
	{ "{'items':{'$ref':'nonesuch'}}", "items: $ref: " },
	{ "{'items':{'$ref':1}}", "items: $ref: " },
	{ "{'definitions':{'d':{}},'items':{'$ref':'#/definitions/d',"
	    "'minItems':1}}", "items: minItems: it cannot stand beside $ref" },
	{ "[]", "(top): (none): a schema is an object" },
};

Test(schema, unknown_words_are_refused)
{
	struct arena *a = arena_new(16384);
	const char *wrong;
	size_t i;

	for (i = 0; i < NELEM(refused); i++) {
		wrong = "nothing";
		cr_expect_null(schema_compile(a, quoted(a, refused[i].schema),
		    find_other, &wrong), "%s", refused[i].schema);
		cr_expect(wrong != NULL && strncmp(wrong, refused[i].wrong,
		    strlen(refused[i].wrong)) == 0, "%s: %s",
		    refused[i].schema, wrong);
	}
	arena_free(&a);
}
