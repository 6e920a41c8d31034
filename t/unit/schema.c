/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/schema.h"

#include "quoted.h"

#include "base/attr.h"

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
	"'inner':{'type':'object','additionalProperties':{'type':'number'}}},"
	"'definitions':{'tiers':{'type':'object',"
	"'patternProperties':{'^[0-9]+$':{'type':'number'}},"
	"'additionalProperties':false}}}";

/* Documents, and the path and code of their one failure; NULL: they fit. */
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
	{ "[]", "data", "type" },
};

Test(schema, cases)
{
	struct arena *a = arena_new(16384);
	struct json_object *schema = quoted(a, schema_text), *of_path;
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		p = schema_check(a, schema, schema,
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

Test(schema, a_part_needs_nothing_and_has_its_place_in_front)
{
	struct arena *a = arena_new(16384);
	struct json_object *schema = quoted(a, schema_text);
	struct problem *p;

	cr_assert_null(schema_check(a, schema, schema, quoted(a, "{}"), "", true));
	p = schema_check(a, schema, schema,
	    quoted(a, "{'count':0,'kind':'x'}"), "add.0", true);
	cr_assert_not_null(p);
	cr_assert_not_null(json_object_object_get(p->data, "add.0.count"));
	cr_assert_not_null(json_object_object_get(p->data, "add.0.kind"));
	arena_free(&a);
}

Test(schema, defaults_are_added_where_nothing_is)
{
	struct arena *a = arena_new(16384);
	struct json_object *schema = quoted(a, "{'properties':{"
	    "'a':{'default':1},'b':{'default':{}},'c':{'type':'string'}}}");
	struct json_object *document = quoted(a, "{'a':2}");

	schema_defaults(schema, document);
	assert_json(a, "{'a':2,'b':{}}", document, "with defaults");
	arena_free(&a);
}
