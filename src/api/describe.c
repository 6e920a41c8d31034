/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/describe.h"

#include "api/authorization.h"
#include "base/role.h"

static void
write_login(struct json_writer *w, const struct login *login)
{
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
}

static struct login
login_of(const struct session *s)
{
	return (struct login){
		.account_id = s->account_id,
		.user_id = s->user_id,
		.account_name = s->account_name,
		.language = s->language,
		.reseller_id = s->reseller_id,
		.is_reseller = s->is_reseller,
		.is_master = s->is_master,
	};
}

void
describe_login(struct call *c, const struct login *login)
{
	struct json_writer *w = &c->response->json;

	json_begin_object(w);
	write_login(w, login);
	json_end(w);
}

void
describe_session(struct call *c, const struct session *session)
{
	const struct login login = login_of(session);

	describe_login(c, &login);
}

/* A page shows and leaves out controls by these rights, of the role alone. The
 * restrictions of a token are about single paths: it only says that it has some. */
static void
write_rights(struct json_writer *w, const struct config *config,
    const struct session *s)
{
	const enum role role = caller_role_of(config, s);

	json_member_string(w, "role", role_name(role));
	json_key(w, "may");
	json_begin_object(w);
	json_member_bool(w, "reads", true);
	json_member_bool(w, "books", role >= ROLE_CLERK);
	json_member_bool(w, "administers", role >= ROLE_ADMIN);
	json_end(w);
	json_member_bool(w, "restricted", s->restrictions != NULL ||
	    s->rules != NULL);
}

void
describe_token(struct call *c, const struct session *session, const char *token)
{
	struct json_writer *w = &c->response->json;
	const struct login login = login_of(session);

	json_begin_object(w);
	write_login(w, &login);
	json_member_bool(w, "is_master", session->is_master);
	if (session->username != NULL)
		json_member_string(w, "user_name", session->username);
	write_rights(w, c->config, session);
	json_member_string(w, "method", session->method);
	if (session->token_expires != 0)
		json_member_int(w, "expires", session->token_expires);
	json_member_string(w, "id", token);
	json_end(w);
	c->response->auth_token = token;
	c->response->confidential = true;
	c->response->untagged = true;
}
