/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/authorization.h"

#include <string.h>

#include "api/rate_limit.h"
#include "base/ids.h"
#include "base/token_rules.h"
#include "billing/kind.h"
#include "service/login.h"

/* The id's form is no secret, so it is checked before anything else. */
static struct problem *
check_account_id(const struct call *c)
{
	struct problem *p;

	if (c->account_id == NULL || id_valid(c->account_id))
		return NULL;
	p = problem_text(c->arena, PROBLEM_BAD_IDENTIFIER,
	    c->account_id[0] == '\0' ? "missing account_id" :
	    "invalid account_id '%s'", c->account_id);
	p->name = "bad identifier";
	return p;
}

/* A header that names the account must name the token's (rules/accounts 12). */
static bool
claims_other_account(const struct call *c, const struct session *s)
{
	const char *claimed = request_header(c->request,
	    "HTTP_X_AUTH_ACCOUNT_ID");

	return claimed != NULL && claimed[0] != '\0' &&
	    strcmp(claimed, s->account_id) != 0;
}

/* Is the session of a token one that may be used now? */
static struct problem *
check_session(struct call *c, const char *token, const struct session *s)
{
	if (s == NULL || !s->user_enabled)
		return problem_new(c->arena, PROBLEM_INVALID_CREDENTIALS);
	if (s->token_expires != 0 && s->token_expires <= c->now)
		return problem_new(c->arena, PROBLEM_EXPIRED_CREDENTIALS);
	rate_limit_accept(c, token);
	return login_check_account(c->arena, s->account_enabled,
	    s->account_expires, c->now);
}

struct problem *
authenticate(struct call *c, struct session **out)
{
	const char *token = c->request->token;
	struct problem *p;

	if (token[0] == '\0')
		return problem_new(c->arena, PROBLEM_INVALID_CREDENTIALS);
	p = store_session_find(c->db, c->arena, token,
	    c->account_id == NULL ? "" : c->account_id, out);
	if (p != NULL)
		return p;
	if (*out != NULL && claims_other_account(c, *out))
		return problem_new(c->arena, PROBLEM_INVALID_CREDENTIALS);
	return check_session(c, token, *out);
}

struct problem *
authenticate_other(struct call *c, const char *token, struct session **out)
{
	struct problem *p;

	if ((p = rate_limit_take(c, token)) != NULL ||
	    (p = store_session_find(c->db, c->arena, token, "", out)) != NULL)
		return p;
	return check_session(c, token, *out);
}

struct problem *
recognize(struct call *c)
{
	struct session *s;
	struct problem *p;

	if (c->found != NULL)
		return NULL;
	if ((p = check_account_id(c)) == NULL &&
	    (p = authenticate(c, &s)) == NULL)
		c->found = s;
	return p;
}

/* The caller's relation to the account in the path, as WHO_ flags. */
static unsigned
standing(const struct session *s)
{
	unsigned who = WHO_CALLER;

	if (s->is_master)
		who |= WHO_ADMIN;
	if (s->target_id == NULL)
		return who;
	if (s->depth == 0)
		who |= s->is_reseller ? WHO_SELF | WHO_SELF_RESELLER : WHO_SELF;
	if (s->depth > 0)
		who |= WHO_ANCESTOR;
	if (strcmp(s->target_reseller_id, s->account_id) == 0)
		who |= WHO_RESELLER;
	return who;
}

/* ---- the role of the caller's user ---- */

enum role
caller_role_of(const struct config *config, const struct session *s)
{
	const struct role_said said = { s->role, s->priv_level };
	enum role others = s->had_users ? ROLE_ADMIN : ROLE_USER;

	if (s->user_id == NULL)
		return ROLE_ADMIN;
	/* An empty one leaves what the installation began with. */
	(void)!role_parse(config->user_role, &others);
	return role_of(&said, others);
}

enum role
caller_role(const struct call *c)
{
	return caller_role_of(c->config, c->session);
}

/* Does the path name the caller's own user? */
static bool
is_own_user(const struct call *c, const struct session *s)
{
	return s->user_id != NULL && s->depth == 0 &&
	    (c->kind == NULL || c->kind == &kind_users) &&
	    c->parameters[0] != NULL &&
	    strcmp(c->parameters[0], s->user_id) == 0;
}

/* A user without a role has nothing to do in accounts below. */
static bool
role_admits(const struct call *c, const struct route *route,
    const struct session *s)
{
	enum role role = caller_role_of(c->config, s);
	enum role least = ROLE_OF(route->role);

	if (route->method == METHOD_GET && c->kind != NULL &&
	    c->kind->users_see)
		least = ROLE_USER;
	if ((route->role & OR_OWN) != 0 && is_own_user(c, s))
		return true;
	return role >= least && (role > ROLE_USER || c->account_id == NULL ||
	    s->depth == 0);
}

/* ---- the restrictions of the token ---- */

static bool
token_admits(const struct call *c, const struct session *s)
{
	const struct request *rq = c->request;
	const struct token_use use = {
		.verb = method_name(rq->method == METHOD_HEAD ? METHOD_GET :
		    rq->method),
		.path = { rq->segments, rq->segment_count },
		.account_id = c->account_id == NULL ? s->account_id :
		    c->account_id,
		.is_own = c->account_id == NULL || s->depth == 0,
		.is_below = c->account_id != NULL && s->depth > 0,
	};

	return token_restrictions_allow(s->restrictions, &use) &&
	    token_rules_allow(s->rules, &use);
}

bool
caller_sells(const struct call *c)
{
	return (standing(c->session) & WHO_SELLER) != 0;
}

struct problem *
authorize(struct call *c, const struct route *route)
{
	const struct session *s;
	struct problem *p;

	if ((p = check_account_id(c)) != NULL)
		return p;
	if (route->who & WHO_ANYONE)
		return NULL;
	if ((p = recognize(c)) != NULL)
		return p;
	s = c->found;
	if (!token_admits(c, s))
		return problem_text(c->arena, PROBLEM_FORBIDDEN,
		    "access denied by token restrictions");
	if ((route->who & standing(s)) == 0 || !role_admits(c, route, s))
		return problem_new(c->arena, PROBLEM_FORBIDDEN);
	if (c->account_id != NULL && s->target_id == NULL)
		return problem_bad_identifier(c->arena, c->account_id);
	c->session = s;
	c->response->auth_token = c->request->token;
	return NULL;
}
