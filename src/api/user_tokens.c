/* SPDX-License-Identifier: GPL-3.0-or-later */
/* users/{ID}/tokens: when a user logged in, and the end of all of it. */
#include "config.h"

#include "api/commit.h"
#include "api/handlers.h"
#include "api/resource.h"

#define SHOWN_MOST 1000

static struct user_key
user_of(const struct call *c)
{
	return (struct user_key){ c->account_id, c->parameters[0] };
}

static struct problem *
check_user(struct call *c)
{
	struct object *user;

	return resource_find(c, &kind_users, c->parameters[0], &user);
}

/* Nothing that leads to the token itself. */
static void
write_token(struct json_writer *w, const struct user_token *token)
{
	json_begin_object(w);
	json_member_int(w, "created", token->created);
	if (token->expires != 0)
		json_member_int(w, "expires", token->expires);
	json_member_string(w, "method", token->method);
	json_member_bool(w, "restricted", token->restricted);
	json_member_bool(w, "current", token->is_own);
	json_end(w);
}

struct problem *
user_tokens_list(struct call *c)
{
	struct json_writer *w = &c->response->json;
	const struct user_key user = user_of(c);
	struct user_tokens tokens;
	struct problem *p;
	size_t i;

	if ((p = check_user(c)) != NULL ||
	    (p = store_token_list(c->db, c->arena, &user, &(struct token_viewer){
	    c->request->token, c->now, SHOWN_MOST }, &tokens)) != NULL)
		return p;
	json_begin_array(w);
	for (i = 0; i < tokens.count; i++)
		write_token(w, &tokens.tokens[i]);
	json_end(w);
	return NULL;
}

static struct problem *
end_all(struct call *c, void *state)
{
	const struct user_key user = user_of(c);
	int64_t *ended = state;
	struct problem *p;

	if ((p = check_user(c)) != NULL ||
	    (p = store_token_end_all(c->db, c->arena, &user, ended)) != NULL)
		return p;
	json_begin_object(&c->response->json);
	json_member_int(&c->response->json, "ended", *ended);
	json_end(&c->response->json);
	return NULL;
}

struct problem *
user_tokens_end(struct call *c)
{
	int64_t ended = 0;

	return commit_request(c, end_all, &ended);
}
