/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in and out: user_auth, api_auth, token_auth. */
#include "config.h"

#include "api/login.h"

#include <string.h>
#include <time.h>

#include "api/describe.h"
#include "api/handlers.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/token_rules.h"

/* ---- the limit on guessing ---- */

#define NAME_SHOWN 64

/*
 * A name as the client gave it, cut and without characters that could end it:
 * the log's form does not depend on it (contrib/fail2ban).
 */
static const char *
shown_name(struct arena *a, const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.@ ";
	char *shown = arena_strndup(a, name, NAME_SHOWN), *c;

	for (c = shown; *c != '\0'; c++)
		if (strchr(plain, *c) == NULL)
			*c = '?';
	return arena_printf(a, "account \"%s\"", shown);
}

static const char *
account_of(struct arena *a, const struct login_claim *claim)
{
	return shown_name(a, claim->account_id != NULL ? claim->account_id :
	    claim->realm != NULL ? claim->realm : claim->account_name);
}

void
attempt_init(struct call *c, struct attempt *attempt,
    const struct login_claim *claim, const char *secret)
{
	static const struct login_claim none;

	client_of(request_header(c->request, "REMOTE_ADDR"), &attempt->client);
	attempt->account = claim == NULL ? secret :
	    account_of(c->arena, claim);
	if (claim == NULL)
		claim = &none;
	attempt->counted = (struct login_attempt){
		.network = attempt->client.network,
		.account_id = claim->account_id,
		.account_name = claim->account_name,
		.realm = claim->realm,
		.now = c->now,
	};
}

/*
 * Not longer for more failures, and only in a part of the pool's workers: the
 * others serve on, and answer at once when they are asked to delay. As a CGI
 * program a request holds up only itself.
 */
static void
delay(struct call *c)
{
	const int64_t length_ms = c->config->login_delay_s * 1000;
	const struct timespec pause = { .tv_sec = c->config->login_delay_s };

	if (length_ms == 0 || (c->limits != NULL &&
	    !delay_take(&c->limits->login_delays,
	    delay_places(c->config->workers), clock_monotonic_ms(), length_ms)))
		return;
	log_debug("login delayed");
	nanosleep(&pause, NULL);
}

struct problem *
attempt_begin(struct call *c, const struct attempt *attempt)
{
	struct login_limit limit;
	struct problem *p;

	p = login_limit_check(c->db, c->arena, c->config, &attempt->counted,
	    &limit);
	if (p != NULL)
		return p;
	if (limit.refused_s > 0) {
		log_info("login refused from %s, %s", attempt->client.address,
		    attempt->account);
		p = problem_new(c->arena, PROBLEM_TOO_MANY_REQUESTS);
		p->retry_after_s = (int)limit.refused_s;
		return p;
	}
	if (limit.delayed)
		delay(c);
	return NULL;
}

struct problem *
attempt_end(struct call *c, const struct attempt *attempt, struct problem *end)
{
	struct problem *p;

	if (end == NULL || end->kind != PROBLEM_INVALID_CREDENTIALS)
		return end;
	log_info("login failed from %s, %s", attempt->client.address,
	    attempt->account);
	p = login_limit_fail(c->db, c->arena, c->config, &attempt->counted);
	return p != NULL ? p : end;
}

/* ---- answers ---- */

/* The restrictions that the body asks for; *out NULL: none. */
static struct problem *
read_restrictions(struct call *c, const char **out)
{
	struct json_object *asked = json_object_at(c->body, "restrictions");

	*out = NULL;
	if (asked == NULL || json_object_object_length(asked) == 0)
		return NULL;
	*out = json_canonical_text(c->arena, asked);
	return strlen(*out) <= TOKEN_RESTRICTIONS_MAX ? NULL :
	    problem_invalid(c->arena, "restrictions", "maxLength",
	    "Restrictions must not be longer than %d bytes",
	    TOKEN_RESTRICTIONS_MAX);
}

/* Exchanges a login for a token, and answers with both. */
static struct problem *
issue(struct call *c, const struct login *login, const char *method)
{
	struct token_terms terms = {
		.method = method,
		.now = c->now,
		.life_s = c->config->token_expiry_s,
	};
	char *token = arena_alloc(c->arena, TOKEN_SIZE);
	struct problem *p;

	if ((p = read_restrictions(c, &terms.restrictions)) != NULL)
		return p;
	p = login_issue(c->db, c->arena, login, &terms, token);
	if (p != NULL)
		return p;
	c->response->status = 201;
	c->response->auth_token = token;
	describe_login(c, login);
	return NULL;
}

/* ---- user_auth ---- */

/* The method as it is kept, NULL: not one that is known. */
static const char *
credential_method(struct call *c)
{
	const char *method = json_string_at(c->body, "method");

	if (method == NULL || strcmp(method, "md5") == 0)
		return "md5";
	if (strcmp(method, "sha") == 0 || strcmp(method, "sha1") == 0)
		return "sha";
	return NULL;
}

struct problem *
user_auth_create(struct call *c)
{
	struct json_object *data = c->body;
	const struct login *login;
	struct login_claim claim;
	struct attempt attempt;
	struct problem *p;

	claim = (struct login_claim){
		.method = credential_method(c),
		.credential = json_string_at(data, "credentials"),
		.account_id = json_string_at(data, "account_id"),
		.realm = json_string_at(data, "account_realm"),
		.account_name = json_string_at(data, "account_name"),
	};
	if (claim.realm == NULL)
		claim.realm = json_string_at(data, "realm");
	if (claim.method == NULL)
		return problem_unlisted(c->arena, "method");
	if (claim.account_name == NULL && claim.realm == NULL &&
	    claim.account_id == NULL)
		return problem_invalid(c->arena, "account_name", "required",
		    "account_name, account_realm or account_id is required but "
		    "missing");
	attempt_init(c, &attempt, &claim, NULL);
	if ((p = attempt_begin(c, &attempt)) != NULL ||
	    (p = attempt_end(c, &attempt, login_find_by_claim(c->db, c->arena,
	    c->config, &claim, &login))) != NULL)
		return p;
	return issue(c, login, "cb_user_auth");
}

/* ---- api_auth ---- */

struct problem *
api_auth_create(struct call *c)
{
	const struct login *login;
	struct attempt attempt;
	struct problem *p;

	attempt_init(c, &attempt, NULL, "API key");
	if ((p = attempt_begin(c, &attempt)) != NULL ||
	    (p = attempt_end(c, &attempt, login_find_by_key(c->db, c->arena,
	    c->config, json_string_at(c->body, "api_key"), &login))) != NULL)
		return p;
	return issue(c, login, "cb_api_auth");
}

/* ---- token_auth ---- */

struct problem *
token_auth_show(struct call *c)
{
	describe_token(c, c->session, c->request->token);
	return NULL;
}

struct problem *
token_auth_delete(struct call *c)
{
	bool revoked;
	struct problem *p;

	p = store_token_revoke(c->db, c->arena, c->request->token, &revoked);
	if (p != NULL)
		return p;
	c->response->auth_token = NULL;
	json_begin_object(&c->response->json);
	json_end(&c->response->json);
	return NULL;
}
