/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/token_rules.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/attr.h"

/* A request of the token of account "own". */
struct sample {
	const char *words[8];
	char text[128];
	struct token_use use;
};

/* request: "GET accounts/own/users". */
static const struct token_use *
sample(struct sample *s, const char *request)
{
	char *rest = s->text, *word;
	size_t n = 0;

	snprintf(s->text, sizeof(s->text), "%s", request);
	s->use = (struct token_use){ .verb = strsep(&rest, " ") };
	while ((word = strsep(&rest, "/")) != NULL)
		s->words[n++] = word;
	s->use.path = (struct path){ s->words, n };
	s->use.is_own = n >= 2 && strcmp(s->words[1], "own") == 0;
	return &s->use;
}

Test(token_rules, restrictions_of_a_login)
{
	static const struct {
		const char *restrictions, *request;
		bool allowed;
	} table[] = {
		{ NULL, "DELETE accounts/own", true },
		{ "{\"get\":[\"#\"]}", "GET accounts/own", true },
		{ "{\"get\":[\"#\"]}", "POST accounts/own", false },
		{ "{\"get\":[\"#\"]}", "GET token_auth", true },
		{ "{\"patch\":[\"accounts/*\"]}", "PATCH accounts/x", true },
		{ "{\"patch\":[\"accounts/*\"]}", "POST accounts/x", false },
		{ "{\"post\":[\"accounts/*\"]}", "PATCH accounts/x", false },
		{ "{\"*\":[\"accounts/own/users/#\"]}",
		    "DELETE accounts/own/users/u", true },
		{ "{\"*\":[\"accounts/own/users/#\"]}",
		    "PUT accounts/own/users", true },
		{ "{\"*\":[\"accounts/own/users/#\"]}",
		    "GET accounts/own/devices", false },
		{ "{\"_\":[\"#\"]}", "DELETE accounts/own", true },
		{ "{\"get\":[\"x\"],\"*\":[\"y\"]}", "GET y", true },
		{ "{\"*\":[\"y\"],\"get\":[\"x\"]}", "GET x", true },
		{ "{\"get\":[\"x\",\"y/z\",\"y\"]}", "GET y", true },
		{ "{\"get\":[\"x\",\"y/z\"]}", "GET y", false },
		{ "{\"get\":[]}", "GET x", false },
		{ "{\"get\":null}", "GET x", false },
		{ "{\"get\":\"#\"}", "GET x", false },
		{ "{\"get\":[1,null,{}]}", "GET x", false },
		{ "{\"get\":[\"\"]}", "GET x", false },
		{ "[\"#\"]", "GET x", false },
		{ "", "GET x", false },
		{ "{\"getting\":[\"#\"]}", "GET x", false },
		{ "{\"ge\":[\"#\"]}", "GET x", false },
	};
	struct sample s;
	size_t i;

	for (i = 0; i < NELEM(table); i++)
		cr_expect_eq(token_restrictions_allow(table[i].restrictions,
		    sample(&s, table[i].request)), table[i].allowed, "%s %s",
		    table[i].restrictions, table[i].request);
}

Test(token_rules, the_alias_of_a_pattern_is_the_own_account)
{
	static const struct {
		const char *pattern, *request;
		bool allowed;
	} table[] = {
		{ "account", "GET accounts/own", true },
		{ "account/users", "GET accounts/own/users", true },
		{ "/account/*/", "GET accounts/own/users", true },
		{ "account/#", "GET accounts/own/users/u", true },
		{ "account/users", "GET accounts/own", false },
		{ "account/users", "GET accounts/other/users", false },
		{ "account", "GET accounts/other", false },
		{ "account", "GET accounts", false },
		{ "accountx", "GET accounts/own", false },
		{ "accounts", "GET accounts/own", false },
		{ "*", "GET accounts/own", false },
	};
	char restrictions[64];
	struct sample s;
	size_t i;

	for (i = 0; i < NELEM(table); i++) {
		snprintf(restrictions, sizeof(restrictions),
		    "{\"get\":[\"%s\"]}", table[i].pattern);
		cr_expect_eq(token_restrictions_allow(restrictions,
		    sample(&s, table[i].request)), table[i].allowed, "%s %s",
		    table[i].pattern, table[i].request);
	}
}

/* ---- templates ---- */

Test(token_rules, the_part_of_a_template)
{
	static const struct {
		const char *template, *method, *priv_level, *part;
	} table[] = {
		{ NULL, "cb_user_auth", "user", NULL },
		{ "{}", "cb_user_auth", "user", NULL },
		{ "{\"cb_user_auth\":{\"user\":{\"b\":[],\"a\":[]}}}",
		    "cb_user_auth", "user", "{\"b\":[],\"a\":[]}" },
		{ "{\"cb_user_auth\":{\"user\":{\"a\":[]}}}",
		    "cb_user_auth", "admin", NULL },
		{ "{\"cb_user_auth\":{\"user\":{\"a\":[]}}}",
		    "cb_api_auth", "user", NULL },
		{ "{\"_\":{\"_\":{\"a\":[]}}}", "cb_api_auth", "admin",
		    "{\"a\":[]}" },
		/* A name goes before "_", wherever it stands. */
		{ "{\"_\":{\"_\":{\"a\":[]}},\"cb_api_auth\":{\"_\":"
		    "{\"b\":[]}}}", "cb_api_auth", "admin", "{\"b\":[]}" },
		{ "{\"_\":{\"_\":{\"a\":[]},\"admin\":{\"b\":[]}}}",
		    "cb_api_auth", "admin", "{\"b\":[]}" },
		{ "{\"cb_api_auth\":{\"user\":{\"b\":[]}},\"_\":{\"_\":"
		    "{\"a\":[]}}}", "cb_api_auth", "admin", NULL },
		{ "{\"_\":{\"_\":{\"a\":[]},\"admin\":{}}}", "cb_api_auth",
		    "admin", NULL },
		{ "{\"_\":{\"_\":{\"a\":[]},\"admin\":null}}", "cb_api_auth",
		    "admin", "{\"a\":[]}" },
		{ "{\"restrictions\":{\"_\":{\"_\":{\"a\":[]}}}}",
		    "cb_user_auth", "user", "{\"a\":[]}" },
		{ "{\"restrictions\":{}}", "cb_user_auth", "user", NULL },
	};
	struct arena *a = arena_new(1024);
	const char *part;
	size_t i;

	for (i = 0; i < NELEM(table); i++) {
		part = token_rules_of(a, table[i].template,
		    &(struct token_maker){ table[i].method,
		    table[i].priv_level });
		cr_expect(table[i].part == NULL ? part == NULL :
		    part != NULL && strcmp(part, table[i].part) == 0,
		    "%s: %s", table[i].template, part);
	}
	arena_free(&a);
}

/* A request about an account below the token's, or another. */
static const struct token_use *
placed(struct sample *s, const char *request)
{
	sample(s, request);
	s->use.account_id = s->use.path.count < 2 ? "own" : s->words[1];
	s->use.is_own = strcmp(s->use.account_id, "own") == 0;
	s->use.is_below = strcmp(s->use.account_id, "below") == 0;
	return &s->use;
}

#define ENTRY(rules) "{\"users\":[{\"rules\":" rules "}]}"
#define FOR(accounts) "{\"_\":[{\"allowed_accounts\":" accounts "," \
	"\"rules\":{\"#\":[\"_\"]}}]}"

Test(token_rules, templates)
{
	static const struct {
		const char *rules, *request;
		bool allowed;
	} table[] = {
		{ NULL, "DELETE accounts/own", true },
		/* the noun */
		{ ENTRY("{\"#\":[\"_\"]}"), "GET accounts/own/users", true },
		{ ENTRY("{\"#\":[\"_\"]}"), "GET accounts/own/devices", false },
		{ ENTRY("{\"#\":[\"_\"]}"), "GET accounts/own", false },
		{ "{\"accounts\":[{\"rules\":{\"*\":[\"GET\"]}}]}",
		    "GET accounts/own", true },
		{ "{\"accounts\":[{\"rules\":{\"*\":[\"GET\"]}}]}",
		    "PUT accounts/own", false },
		{ "{\"accounts\":[{\"rules\":{\"*\":[\"GET\"]}}]}",
		    "GET accounts/own/children", false },
		{ "{\"accounts\":[{\"rules\":{\"*/children\":[\"GET\"]}}]}",
		    "GET accounts/own/children", true },
		{ "{\"accounts\":[{\"rules\":{\"/\":[\"PUT\"]}}]}",
		    "PUT accounts", true },
		{ "{\"services\":[{\"rules\":{\"audit/*\":[\"GET\"]}}]}",
		    "GET accounts/own/services/audit/summary", true },
		{ "{\"services\":[{\"rules\":{\"editable\":[\"GET\"]}}]}",
		    "GET services/editable", true },
		{ "{\"token_auth\":[{\"rules\":{\"/\":[\"_\"]}}]}",
		    "DELETE token_auth", true },
		/* a noun of its own goes before the others */
		{ "{\"_\":[{\"rules\":{\"#\":[\"_\"]}}],\"users\":[]}",
		    "GET accounts/own/users", false },
		{ "{\"users\":[],\"_\":[{\"rules\":{\"#\":[\"_\"]}}]}",
		    "GET accounts/own/devices", true },
		/* patterns, in order */
		{ ENTRY("{\"/\":[\"GET\"]}"), "GET accounts/own/users", true },
		{ ENTRY("{\"/\":[\"GET\"]}"), "GET accounts/own/users/u", false },
		{ ENTRY("{\"*\":[\"GET\"]}"), "GET accounts/own/users/u", true },
		{ ENTRY("{\"*\":[\"GET\"]}"), "GET accounts/own/users", false },
		{ ENTRY("{\"*\":[\"GET\"]}"), "GET accounts/own/users/u/tokens",
		    false },
		{ ENTRY("{\"u/#\":[\"GET\"]}"), "GET accounts/own/users/u/tokens",
		    true },
		{ ENTRY("{\"u\":[\"GET\"],\"#\":[\"_\"]}"),
		    "DELETE accounts/own/users/u", false },
		{ ENTRY("{\"#\":[\"_\"],\"u\":[\"GET\"]}"),
		    "DELETE accounts/own/users/u", true },
		{ ENTRY("{\"u\":[\"GET\"],\"#\":[\"_\"]}"),
		    "DELETE accounts/own/users/v", true },
		/* verbs */
		{ ENTRY("{\"#\":[\"GET\",\"PATCH\"]}"),
		    "PATCH accounts/own/users/u", true },
		{ ENTRY("{\"#\":[\"GET\",\"PATCH\"]}"),
		    "POST accounts/own/users/u", false },
		{ ENTRY("{\"#\":[]}"), "GET accounts/own/users", false },
		{ ENTRY("{}"), "GET accounts/own/users", false },
		{ ENTRY("null"), "GET accounts/own/users", false },
		/* accounts, in order */
		{ FOR("[\"_\"]"), "GET accounts/other/users", true },
		{ FOR("[\"own\"]"), "GET accounts/own/users", true },
		{ FOR("[\"own\"]"), "GET accounts/below/users", false },
		{ FOR("[\"x\",\"below\"]"), "GET accounts/below", true },
		{ FOR("[\"{AUTH_ACCOUNT_ID}\"]"), "GET accounts/own", true },
		{ FOR("[\"{AUTH_ACCOUNT_ID}\"]"), "GET token_auth", true },
		{ FOR("[\"{AUTH_ACCOUNT_ID}\"]"), "GET accounts/below", false },
		{ FOR("[\"{DESCENDANT_ACCOUNT_ID}\"]"), "GET accounts/below",
		    true },
		{ FOR("[\"{DESCENDANT_ACCOUNT_ID}\"]"), "GET accounts/own",
		    false },
		{ FOR("[\"{DESCENDANT_ACCOUNT_ID}\"]"), "GET accounts/other",
		    false },
		{ FOR("[]"), "GET accounts/own", false },
		{ "{\"_\":[{\"allowed_accounts\":[\"below\"],\"rules\":{\"#\":"
		    "[\"GET\"]}},{\"rules\":{\"#\":[\"_\"]}}]}",
		    "PUT accounts/below", false },
		{ "{\"_\":[{\"allowed_accounts\":[\"below\"],\"rules\":{\"#\":"
		    "[\"GET\"]}},{\"rules\":{\"#\":[\"_\"]}}]}",
		    "PUT accounts/own", true },
		/* what is no such text allows nothing */
		{ "", "GET accounts/own", false },
		{ "[]", "GET accounts/own", false },
		{ "{\"_\":{}}", "GET accounts/own", false },
		{ "{\"_\":[1]}", "GET accounts/own", false },
	};
	struct sample s;
	size_t i;

	for (i = 0; i < NELEM(table); i++)
		cr_expect_eq(token_rules_allow(table[i].rules,
		    placed(&s, table[i].request)), table[i].allowed, "%s %s",
		    table[i].rules, table[i].request);
}
