/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/login.h"

#include <string.h>

#include "base/token_rules.h"
#include "service/api_key.h"
#include "service/credential.h"
#include "store/accounts.h"

static const struct login *
find_by_id(const struct login_list *logins, const char *account_id)
{
	size_t i;

	for (i = 0; i < logins->count; i++)
		if (strcmp(logins->logins[i].account_id, account_id) == 0)
			return &logins->logins[i];
	return NULL;
}

static const struct login *
find_by_realm(const struct login_list *logins, const char *realm)
{
	size_t i;

	for (i = 0; i < logins->count; i++)
		if (logins->logins[i].realm != NULL &&
		    strcmp(logins->logins[i].realm, realm) == 0)
			return &logins->logins[i];
	return NULL;
}

static const struct login *
find_by_name(const struct login_list *logins, const char *name_key)
{
	size_t i;

	for (i = 0; i < logins->count; i++)
		if (strcmp(logins->logins[i].name_key, name_key) == 0)
			return &logins->logins[i];
	return NULL;
}

static const struct login *
choose_login(struct arena *a, const struct login_list *logins,
    const struct login_claim *claim)
{
	const struct login *found = NULL;

	if (claim->account_id != NULL)
		return find_by_id(logins, arena_lower(a, claim->account_id));
	if (claim->realm != NULL)
		found = find_by_realm(logins, arena_lower(a, claim->realm));
	if (found == NULL && claim->account_name != NULL)
		found = find_by_name(logins,
		    store_account_name_key(a, claim->account_name));
	return found;
}

struct problem *
login_find_by_claim(struct db *db, struct arena *a, const struct config *config,
    const struct login_claim *claim, const struct login **out)
{
	const char *credential = arena_lower(a, claim->credential);
	struct login_list logins;
	struct problem *p;

	p = credential_find_candidates(db, a, config, claim->method, credential,
	    &logins);
	if (p != NULL)
		return p;
	*out = choose_login(a, &logins, claim);
	if (*out == NULL || !credential_fits(*out, credential))
		return problem_new(a, PROBLEM_INVALID_CREDENTIALS);
	return credential_renew(db, a, config, *out,
	    &(struct credential_text){ claim->method, credential });
}

struct problem *
login_find_by_key(struct db *db, struct arena *a, const struct config *config,
    const char *key, const struct login **out)
{
	struct login *login;
	struct problem *p = api_key_find(db, a, config, key, &login);

	if (p != NULL)
		return p;
	*out = login;
	return login != NULL ? NULL :
	    problem_new(a, PROBLEM_INVALID_CREDENTIALS);
}

struct problem *
login_check_account(struct arena *a, bool enabled, int64_t expires,
    int64_t now)
{
	struct problem *p;

	if (expires != 0 && expires <= now) {
		p = problem_invalid(a, "account", "expired", "account expired");
		problem_set_int(p, "account", "expired", "cause", expires);
		return p;
	}
	return enabled ? NULL : problem_invalid(a, "account", "disabled",
	    "account disabled");
}

/* A login and the token that is made for it. */
struct issue {
	const struct login *login;
	const struct token_terms *terms;
	char *token;
};

static struct problem *
issue(struct db *db, struct arena *a, void *state)
{
	const struct issue *i = state;
	const struct token_terms *terms = i->terms;
	struct token_maker maker = { terms->method, "admin" };
	struct token_grant grant = {
		.account_id = i->login->account_id,
		.user_id = i->login->user_id,
		.api_key_id = i->login->api_key_id,
		.method = terms->method,
		.expires = terms->life_s == 0 ? 0 : terms->now + terms->life_s,
		.restrictions = terms->restrictions,
	};
	struct held_login held;
	struct problem *p;

	if ((p = login_check_account(a, i->login->enabled, i->login->expires,
	    terms->now)) != NULL ||
	    (p = store_login_hold(db, a, i->login, &held)) != NULL)
		return p;
	if (!held.good)
		return problem_new(a, PROBLEM_INVALID_CREDENTIALS);
	if (held.priv_level != NULL)
		maker.priv_level = held.priv_level;
	grant.rules = token_rules_of(a, held.template, &maker);
	return store_token_issue(db, a, &grant, terms->now, i->token);
}

struct problem *
login_issue(struct db *db, struct arena *a, const struct login *login,
    const struct token_terms *terms, char token[TOKEN_SIZE])
{
	struct issue state = { login, terms, token };

	return db_transaction(db, a, issue, &state);
}

struct problem *
login_issue_within(struct db *db, struct arena *a, const struct login *login,
    const struct token_terms *terms, char token[TOKEN_SIZE])
{
	struct issue state = { login, terms, token };

	return issue(db, a, &state);
}

/* ---- another token ---- */

struct renewal {
	const char *token;
	int64_t now;
	int64_t life_s;
	char *renewed;
};

/* 0: unlimited. */
static int64_t
shorter_life(int64_t one_s, int64_t other_s)
{
	return one_s == 0 || (other_s != 0 && other_s < one_s) ? other_s :
	    one_s;
}

static struct problem *
renew(struct db *db, struct arena *a, void *state)
{
	const struct renewal *r = state;
	struct held_token *held;
	int64_t life_s;
	struct problem *p;

	if ((p = store_token_hold(db, a, r->token, &held)) != NULL)
		return p;
	if (held == NULL)
		return problem_new(a, PROBLEM_INVALID_CREDENTIALS);
	if (held->grant.user_id == NULL && held->grant.api_key_id == NULL)
		return problem_text(a, PROBLEM_FORBIDDEN,
		    "this token is of no user and no API key, and is not "
		    "renewed");
	life_s = shorter_life(held->life_s, r->life_s);
	held->grant.expires = life_s == 0 ? 0 : r->now + life_s;
	return store_token_issue(db, a, &held->grant, r->now, r->renewed);
}

struct problem *
login_renew(struct db *db, struct arena *a, const char *token, int64_t now,
    int64_t life_s, char renewed[TOKEN_SIZE])
{
	struct renewal state = { token, now, life_s, renewed };

	return db_transaction(db, a, renew, &state);
}
