/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/actor.h"

#include "api/body.h"

static const char *
full_name(const struct call *c)
{
	const struct session *s = c->session;

	if (s->first_name != NULL && s->last_name != NULL)
		return arena_printf(c->arena, "%s %s", s->first_name,
		    s->last_name);
	if (s->first_name != NULL || s->last_name != NULL)
		return s->first_name != NULL ? s->first_name : s->last_name;
	return s->username != NULL && s->username[0] != '\0' ?
	    s->username : s->email;
}

static struct json_object *
agent_json(const struct call *c)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "type", "user");
	json_put_string(json, "type_id", c->session->user_id);
	json_put_string(json, "account_id", c->session->account_id);
	json_put_string(json, "first_name", c->session->first_name);
	json_put_string(json, "last_name", c->session->last_name);
	json_put_string(json, "full_name", full_name(c));
	return json;
}

struct json_object *
actor_authorization(const struct call *c)
{
	const struct session *s = c->session;
	struct json_object *json = json_own(c->arena,
	    json_object_new_object());
	struct json_object *account = json_object_new_object();
	struct json_object *user;

	json_put_string(account, "id", s->account_id);
	json_put_string(account, "name", s->account_name);
	json_object_object_add(json, "account", account);
	if (s->user_id == NULL)
		return json;
	user = json_object_new_object();
	json_put_string(user, "id", s->user_id);
	json_put_string(user, "first_name", s->first_name);
	json_put_string(user, "last_name", s->last_name);
	json_object_object_add(json, "user", user);
	return json;
}

struct actor
actor_of_call(const struct call *c)
{
	const struct session *s = c->session;
	const char *client = request_header(c->request, "REMOTE_ADDR");
	struct json_object *audit = json_own(c->arena,
	    json_object_new_object());
	struct json_object *authentication = json_object_new_object();
	struct json_object *request = json_object_new_object();

	json_put_bool(audit, "crossbar_request", true);
	json_put_string(authentication, "type", "x-auth-token");
	json_put_string(authentication, "account_id", s->account_id);
	json_put_string(authentication, "account_name", s->account_name);
	json_object_object_add(audit, "authentication", authentication);
	if (s->user_id != NULL)
		json_object_object_add(audit, "agent", agent_json(c));
	json_put_string(request, "id", c->request->request_id);
	json_put_string(request, "client_ip", client);
	json_put_string(request, "method", method_name(c->request->method));
	json_put_string(request, "path", c->request->path);
	json_object_object_add(audit, "request", request);
	json_put_string(audit, "change_reason", c->change_reason);
	return (struct actor){
		.config = c->config,
		.audit = audit,
		.acting_id = s->depth > 0 ? s->account_id : NULL,
		.accepted = body_accepts_charges(c),
		.now = c->now,
	};
}

struct change
actor_change(const struct call *c, enum change_rule rule)
{
	const struct actor actor = actor_of_call(c);

	return change_by(&actor, rule, c->account_id);
}
