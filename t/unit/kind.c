/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/kind.h"

#include "quoted.h"

#include "base/attr.h"

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

/* What is written and never shown, by kind. */
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

/* A document that replaces one whose secrets its writer could not read. */
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

Test(kind, who_replaces_a_document_keeps_its_secrets)
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
