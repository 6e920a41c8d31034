/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in and out: user_auth, api_auth, token_auth. */
#include "config.h"

#include <string.h>

#include "api/authorization.h"
#include "api/handlers.h"
#include "service/login.h"

/* ---- the limit on guessing ---- */

static struct problem *
take_attempt(struct call *c)
{
	const char *client = request_header(c->request, "REMOTE_ADDR");
	int64_t wait_s = 0;
	struct problem *p;

	if (client == NULL || client[0] == '\0')
		client = "unknown";
	p = store_login_take(c->db, c->arena, c->config,
	    arena_strndup(c->arena, client, 128), c->now, &wait_s);
	if (p == NULL && wait_s > 0) {
		p = problem_new(c->arena, PROBLEM_TOO_MANY_REQUESTS);
		p->retry_after_s = (int)wait_s;
	}
	return p;
}

/* ---- answers ---- */

static void
describe(struct call *c, const struct login *login)
{
	struct json_writer *w = &c->response->json;

	json_begin_object(w);
	json_member_string(w, "account_id", login->account_id);
	if (login->user_id != NULL)
		json_member_string(w, "owner_id", login->user_id);
	json_member_string(w, "account_name", login->account_name);
	json_member_string(w, "language", login->language);
	json_key(w, "apps");
	json_begin_array(w);
	json_end(w);
	json_member_string(w, "reseller_id", login->reseller_id);
	json_member_bool(w, "is_reseller", login->is_reseller);
	json_member_bool(w, "is_master_account", login->is_master);
	json_end(w);
}

/* Exchanges a login for a token, and answers with both. */
static struct problem *
issue(struct call *c, const struct login *login, const char *method)
{
	const struct token_terms terms = { method, c->now,
		c->config->token_expiry_s };
	char *token = arena_alloc(c->arena, TOKEN_SIZE);
	struct problem *p;

	p = login_issue(c->db, c->arena, login, &terms, token);
	if (p != NULL)
		return p;
	c->response->status = 201;
	c->response->auth_token = token;
	describe(c, login);
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
	struct problem *p;

	claim = (struct login_claim){
		.method = credential_method(c),
		.credential = json_string_at(data, "credentials"),
		.realm = json_string_at(data, "account_realm"),
		.account_name = json_string_at(data, "account_name"),
	};
	if (claim.realm == NULL)
		claim.realm = json_string_at(data, "realm");
	if (claim.method == NULL)
		return problem_invalid(c->arena, "method", "enum",
		    "Value not found in enumerated list of values");
	if (claim.account_name == NULL && claim.realm == NULL)
		return problem_invalid(c->arena, "account_name", "required",
		    "account_name or account_realm is required but missing");
	if ((p = take_attempt(c)) != NULL ||
	    (p = login_find_by_claim(c->db, c->arena, c->config, &claim,
	    &login)) != NULL)
		return p;
	return issue(c, login, "cb_user_auth");
}

/* ---- api_auth ---- */

struct problem *
api_auth_create(struct call *c)
{
	const struct login *login;
	struct problem *p;

	if ((p = take_attempt(c)) != NULL ||
	    (p = login_find_by_key(c->db, c->arena, c->config,
	    json_string_at(c->body, "api_key"), &login)) != NULL)
		return p;
	return issue(c, login, "cb_api_auth");
}

/* ---- token_auth ---- */

struct problem *
token_auth_show(struct call *c)
{
	const struct session *s = c->session;
	const struct login login = {
		.account_id = s->account_id,
		.user_id = s->user_id,
		.account_name = s->account_name,
		.language = s->language,
		.reseller_id = s->reseller_id,
		.is_reseller = s->is_reseller,
		.is_master = s->is_master,
	};

	describe(c, &login);
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
