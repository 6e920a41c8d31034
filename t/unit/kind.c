/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/kind.h"

#include <string.h>

#include "quoted.h"

#include "base/attr.h"
#include "base/config.h"
#include "base/schema.h"
#include "billing/number_class.h"
#include "billing/number_features.h"
#include "billing/schemas.h"

Test(kind, every_row_is_found_by_its_noun_and_its_type)
{
	const struct kind *kind;
	size_t i;

	for (i = 0; (kind = kind_at(i)) != NULL; i++) {
		cr_expect_eq(kind_of_noun(kind->noun), kind, "%s", kind->noun);
		cr_expect_eq(kind_of_type(kind->type), kind, "%s", kind->type);
	}
	cr_assert_gt(i, 10);
	cr_expect_null(kind_at(i + 1));
	cr_expect_null(kind_of_noun("nonesuch"));
	cr_expect_null(kind_of_type("nonesuch"));
	cr_expect_null(kind_of_noun("user")); /* a type */
	cr_expect_null(kind_of_type("users")); /* a noun */
	cr_expect_null(kind_of_noun("USERS"));
}

Test(kind, every_row_is_complete)
{
	const struct count_rule *rule;
	const struct kind *kind;
	size_t i;

	for (i = 0; (kind = kind_at(i)) != NULL; i++) {
		cr_expect(kind->claim != CLAIM_NOTHING ||
		    kind->claimed == NULL, "%s: claims nothing", kind->noun);
		cr_expect(kind->claim == CLAIM_NOTHING ||
		    kind->shape == KIND_NAMED || kind->claimed != NULL,
		    "%s: claims an id that the server made", kind->noun);
		for (rule = kind->rules; rule != NULL && rule->category != NULL;
		    rule++) {
			cr_expect(rule->how != COUNT_ONE || rule->item != NULL,
			    "%s: one of what?", kind->noun);
			cr_expect((rule->how != COUNT_NAMED &&
			    rule->how != COUNT_NUMBER &&
			    rule->how != COUNT_VALUES) || rule->field != NULL,
			    "%s: which field?", kind->noun);
		}
	}
}

/* True if a list separated by blanks has the name, after this prefix. */
static bool
has_name(const char *list, const char *before, const char *name)
{
	char wanted[64], padded[512];

	snprintf(wanted, sizeof(wanted), " %s%s ", before, name);
	snprintf(padded, sizeof(padded), " %s ", list);
	return strstr(padded, wanted) != NULL;
}

/* Plans can price exactly the items that the schema allows. */
Test(kind, items_are_those_of_the_schema)
{
	struct arena *a = arena_new(16384);
	const struct count_rule *rule;
	const struct kind *kind;
	struct json_object *names;
	const char *name;
	size_t i, j, seen = 0;

	for (i = 0; (kind = kind_at(i)) != NULL; i++)
		for (rule = kind->rules; rule != NULL && rule->category != NULL;
		    rule++) {
			if (rule->items == NULL || rule->field == NULL)
				continue;
			cr_expect(has_name(rule->items, "", rule->item), "%s",
			    kind->noun);
			names = json_array_at(schema_document(schemas_of_kind(
			    kind)), arena_printf(a, "properties.%s.enum",
			    rule->field));
			for (j = 0; names != NULL &&
			    j < json_object_array_length(names); j++, seen++) {
				name = json_object_get_string(
				    json_object_array_get_idx(names, j));
				cr_expect(has_name(rule->items, "", name),
				    "%s: %s", kind->noun, name);
				cr_expect(rule->how != COUNT_PORT ||
				    has_name(rule->items, "first_", name),
				    "%s: first_%s", kind->noun, name);
			}
		}
	cr_expect_gt(seen, 0);
	arena_free(&a);
}

/* Classes and features are listed elsewhere. */
Test(kind, items_are_those_of_classes_and_features)
{
	struct arena *a = arena_new(16384);
	const struct count_rule *rule = kind_phone_numbers.rules;
	const struct config *config;
	const char *const *on;
	const char *error;
	char *rest, *class;
	size_t count, i;

	config = config_load(a, NULL, AS_POOL, &error);
	cr_assert_not_null(config);
	cr_assert_eq(rule[0].how, COUNT_CLASS);
	cr_expect(has_name(rule[0].items, "", NUMBER_CLASS_UNKNOWN));
	rest = arena_strdup(a, config->number_classes);
	while ((class = strsep(&rest, " ")) != NULL)
		cr_expect(has_name(rule[0].items, "", strsep(&class, ":")));
	cr_assert_eq(rule[2].how, COUNT_FEATURES);
	count = number_features_of(a, quoted(a, "{'carrier_name':'x','cnam':{"
	    "'inbound_lookup':true,'display_name':'x'},'e911':true,"
	    "'failover':true,'force_outbound':true,'prepend':true,"
	    "'ringback':true,'sms':true,'mms':true,'port':true}"), &on);
	cr_assert_eq(count, 10);
	for (i = 0; i < count; i++)
		cr_expect(has_name(rule[2].items, "", on[i]), "%s", on[i]);
	arena_free(&a);
}

/* Hidden members, by kind: written and never shown. */
static const struct {
	const char *noun, *document, *shown;
} hidden[] = {
	{ "webhooks", "{'uri':'u','secret':'s','name':'n'}",
	    "{'uri':'u','name':'n'}" },
	{ "bookkeepers", "{'url':'u','secret':'s','authorization':'a'}",
	    "{'url':'u'}" },
	{ "bookkeepers", "{'url':'u'}", "{'url':'u'}" },
	{ "devices", "{'name':'n','secret':'s'}",
	    "{'name':'n','secret':'s'}" },
};

Test(kind, secrets_are_not_shown)
{
	struct arena *a = arena_new(16384);
	struct json_object *document;
	size_t i;

	for (i = 0; i < NELEM(hidden); i++) {
		document = quoted(a, hidden[i].document);
		kind_hide(kind_of_noun(hidden[i].noun), document);
		assert_json(a, hidden[i].shown, document, hidden[i].noun);
	}
	arena_free(&a);
}

/* A document replaces one whose secrets the client could not read. */
static const struct {
	const char *label, *before, *body, *document, *kept;
} replaced[] = {
	{ "kept when it is not named", "{'secret':'s'}", "{'name':'n'}",
	    "{'name':'n'}", "{'name':'n','secret':'s'}" },
	{ "replaced when it is", "{'secret':'s'}", "{'secret':'t'}",
	    "{'secret':'t'}", "{'secret':'t'}" },
	{ "removed by null", "{'secret':'s'}", "{'secret':null}", "{}", "{}" },
	{ "each by itself", "{'secret':'s','authorization':'a'}",
	    "{'secret':'t'}", "{'secret':'t'}",
	    "{'secret':'t','authorization':'a'}" },
	{ "none before", "{'url':'u'}", "{}", "{}", "{}" },
};

Test(kind, replacing_a_document_keeps_its_secrets)
{
	struct arena *a = arena_new(16384);
	struct json_object *document;
	size_t i;

	for (i = 0; i < NELEM(replaced); i++) {
		document = quoted(a, replaced[i].document);
		kind_keep_hidden(kind_of_noun("bookkeepers"),
		    quoted(a, replaced[i].before), quoted(a, replaced[i].body),
		    document);
		assert_json(a, replaced[i].kept, document, replaced[i].label);
	}
	arena_free(&a);
}
