/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/token_rules.h"

#include <string.h>
#include <strings.h>

#include "base/attr.h"
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

/* True of accounts/{ACCOUNT_ID}, and what is below it. */
static bool
is_about_account(const struct path *path)
{
	return path->count >= 2 && strcmp(path->words[0], "accounts") == 0;
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
	    (rest.at != NULL && use->is_own && is_about_account(&use->path) &&
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

/* The API key makes tokens without restrictions. */
static bool
opens_api_key(const struct path *path)
{
	return is_about_account(path) && path->count == 3 &&
	    strcmp(path->words[2], "api_key") == 0;
}

bool
token_restrictions_allow(const char *restrictions, const struct token_use *use)
{
	struct json_walk w;
	struct json_span name;

	if (restrictions == NULL)
		return true;
	w = begin(restrictions);
	if (opens_api_key(&use->path) || !json_walk_enter(&w, '{'))
		return false;
	while (json_walk_member(&w, &name)) {
		if (!is_verb(&name, use->verb))
			json_walk_skip(&w);
		else if (fits_one(&w, use))
			return true;
	}
	return false;
}

/* ---- templates ---- */

/* The member of this name; without it that of "_". Null is none. */
static struct json_span
member_or_any(struct json_span object, const char *name)
{
	struct json_walk w = json_walk_begin(object.at, object.length);
	struct json_span any = { 0 }, value, key;

	if (!json_walk_enter(&w, '{'))
		return any;
	while (json_walk_member(&w, &key)) {
		value = json_walk_skip(&w);
		if (value.length == 0 || value.at[0] == 'n')
			continue;
		if (json_span_is(&key, name))
			return value;
		if (json_span_is(&key, "_"))
			any = value;
	}
	return any;
}

static bool
is_empty(struct json_span object)
{
	struct json_walk w = json_walk_begin(object.at, object.length);
	struct json_span key;

	return !json_walk_enter(&w, '{') || !json_walk_member(&w, &key);
}

const char *
token_rules_of(struct arena *a, const char *template,
    const struct token_maker *maker)
{
	struct json_span all, part;

	if (template == NULL)
		return NULL;
	all = json_span_at(template, strlen(template), "restrictions");
	if (all.at == NULL)
		all = (struct json_span){ template, strlen(template) };
	part = member_or_any(all, maker->method);
	if (part.at != NULL)
		part = member_or_any(part, maker->priv_level);
	return part.at == NULL || is_empty(part) ? NULL :
	    arena_strndup(a, part.at, part.length);
}

/* Words behind accounts/{ACCOUNT_ID} that are arguments of accounts. */
static const char *const of_accounts[] = { "api_key", "children", "descendants",
	"move", "parents", "reseller", "siblings", "tree" };

/* The place of the last noun of a path that has words. */
static size_t
noun_of(const struct path *path)
{
	size_t i;

	if (!is_about_account(path) || path->count == 2)
		return 0;
	for (i = 0; i < NELEM(of_accounts); i++)
		if (strcmp(path->words[2], of_accounts[i]) == 0)
			return 0;
	return 2;
}

/* Has a list of texts this one, or "_"? */
static bool
has_text(struct json_span list, const char *text)
{
	struct json_walk w = json_walk_begin(list.at, list.length);
	struct json_span element;
	bool found = false;

	if (!json_walk_enter(&w, '['))
		return false;
	while (!found && json_walk_element(&w)) {
		element = unquoted(json_walk_skip(&w));
		found = json_span_is(&element, text) ||
		    json_span_is(&element, "_");
	}
	return found;
}

static bool
is_about(struct json_span entry, const struct token_use *use)
{
	struct json_span list = json_span_at(entry.at, entry.length,
	    "allowed_accounts");

	return list.at == NULL || has_text(list, use->account_id) ||
	    (use->is_own && has_text(list, "{AUTH_ACCOUNT_ID}")) ||
	    (use->is_below && has_text(list, "{DESCENDANT_ACCOUNT_ID}"));
}

/* The rules of the first entry that is about the account; at NULL: none is. */
static struct json_span
rules_about(struct json_span entries, const struct token_use *use)
{
	struct json_walk w = json_walk_begin(entries.at, entries.length);
	struct json_span entry;

	if (json_walk_enter(&w, '['))
		while (json_walk_element(&w)) {
			entry = json_walk_skip(&w);
			if (is_about(entry, use))
				return json_span_at(entry.at, entry.length,
				    "rules");
		}
	return (struct json_span){ 0 };
}

/* The verbs of the first pattern that fits; at NULL: none does. */
static struct json_span
verbs_of(struct json_span rules, const struct path *arguments)
{
	struct json_walk w = json_walk_begin(rules.at, rules.length);
	struct json_span pattern, verbs;

	if (rules.at != NULL && json_walk_enter(&w, '{'))
		while (json_walk_member(&w, &pattern)) {
			verbs = json_walk_skip(&w);
			if (path_pattern_fits(pattern.at, pattern.length,
			    arguments))
				return verbs;
		}
	return (struct json_span){ 0 };
}

bool
token_rules_allow(const char *rules, const struct token_use *use)
{
	struct json_span all, found;
	struct path behind;
	size_t noun;

	if (rules == NULL)
		return true;
	if (use->path.count == 0)
		return false;
	noun = noun_of(&use->path);
	behind = (struct path){ use->path.words + noun + 1,
		use->path.count - noun - 1 };
	all = (struct json_span){ rules, strlen(rules) };
	found = member_or_any(all, use->path.words[noun]);
	if (found.at != NULL)
		found = rules_about(found, use);
	if (found.at != NULL)
		found = verbs_of(found, &behind);
	return found.at != NULL && has_text(found, use->verb);
}
