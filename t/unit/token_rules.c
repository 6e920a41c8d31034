/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/token_rules.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

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
