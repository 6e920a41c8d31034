/* SPDX-License-Identifier: GPL-3.0-or-later */
/* auth: what a token is, for those who have it, and another one in its place. */
#include "config.h"

#include <string.h>

#include "api/authorization.h"
#include "api/describe.h"
#include "api/handlers.h"
#include "service/login.h"

/* ---- auth/tokeninfo ---- */

/* Nobody needs a token of their own to ask about one: it is its own proof. */
struct problem *
auth_tokeninfo(struct call *c)
{
	const char *token = c->body == NULL ?
	    request_query(c->request, "token") :
	    json_string_at(c->body, "token");
	struct session *s;
	struct problem *p;

	if (token == NULL || token[0] == '\0')
		return problem_invalid(c->arena, "token", "required",
		    "Field is required but missing");
	if ((p = authenticate_other(c, token, &s)) == NULL)
		describe_token(c, s, token);
	return p;
}

/* ---- auth ---- */

/* As a control value, too: clients of Crossbar send it beside data. */
static const char *
action_of(const struct call *c)
{
	const char *action = json_string_at(c->body, "action");

	return action != NULL ? action : request_control(c->request, "action");
}

struct problem *
auth_act(struct call *c)
{
	const char *action = action_of(c);
	char *token = arena_alloc(c->arena, TOKEN_SIZE);
	struct problem *p;

	if (action == NULL)
		return problem_invalid(c->arena, "action", "required",
		    "Field is required but missing");
	if (strcmp(action, "refresh_token") != 0)
		return problem_unlisted(c->arena, "action");
	p = login_renew(c->db, c->arena, c->request->token, c->now,
	    c->config->token_expiry_s, token);
	if (p != NULL)
		return p;
	c->response->status = 201;
	c->response->auth_token = token;
	describe_session(c, c->session);
	return NULL;
}
