/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/token_rules.h"

#include <string.h>
#include <strings.h>

#include "base/json_walk.h"

/* Enters a text at its object. */
static struct json_walk
begin(const char *text)
{
	return json_walk_begin(text, strlen(text));
}

/* The text between the quotes of a string. */
static struct json_span
unquoted(struct json_span string)
{
	if (string.length < 2 || string.at[0] != '"')
		return (struct json_span){ "", 0 };
	return (struct json_span){ string.at + 1, string.length - 2 };
}

/* ---- restrictions of a login ---- */

#define ALIAS "account"
#define ALIAS_LENGTH (sizeof(ALIAS) - 1)

/* The pattern without the alias at its begin; at NULL: it has none. */
static struct json_span
behind_alias(struct json_span pattern)
{
	while (pattern.length > 0 && pattern.at[0] == '/') {
		pattern.at++;
		pattern.length--;
	}
	if (pattern.length < ALIAS_LENGTH ||
	    memcmp(pattern.at, ALIAS, ALIAS_LENGTH) != 0 ||
	    (pattern.length > ALIAS_LENGTH && pattern.at[ALIAS_LENGTH] != '/'))
		return (struct json_span){ 0 };
	return (struct json_span){ pattern.at + ALIAS_LENGTH,
		pattern.length - ALIAS_LENGTH };
}

static bool
fits(struct json_span pattern, const struct token_use *use)
{
	struct json_span rest = behind_alias(pattern);

	/* accounts/{ACCOUNT_ID} is what the alias stands for. */
	return path_pattern_fits(pattern.at, pattern.length, &use->path) ||
	    (rest.at != NULL && use->is_own && use->path.count >= 2 &&
	    path_pattern_fits(rest.at, rest.length, &(struct path){
	    use->path.words + 2, use->path.count - 2 }));
}

static bool
is_verb(const struct json_span *name, const char *verb)
{
	return json_span_is(name, "*") || json_span_is(name, "_") ||
	    (strlen(verb) == name->length &&
	    strncasecmp(name->at, verb, name->length) == 0);
}

/* Does one of the patterns in the list at hand fit? Leaves it behind. */
static bool
fits_one(struct json_walk *w, const struct token_use *use)
{
	bool found = false;

	if (!json_walk_enter(w, '[')) {
		json_walk_skip(w);
		return false;
	}
	while (json_walk_element(w))
		found |= fits(unquoted(json_walk_skip(w)), use);
	return found;
}

bool
token_restrictions_allow(const char *restrictions, const struct token_use *use)
{
	struct json_walk w;
	struct json_span name;

	if (restrictions == NULL)
		return true;
	w = begin(restrictions);
	if (!json_walk_enter(&w, '{'))
		return false;
	while (json_walk_member(&w, &name)) {
		if (!is_verb(&name, use->verb))
			json_walk_skip(&w);
		else if (fits_one(&w, use))
			return true;
	}
	return false;
}
