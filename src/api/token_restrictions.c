/* SPDX-License-Identifier: GPL-3.0-or-later */
/* token_restrictions: the template of an account's tokens. */
#include "config.h"

#include <string.h>

#include "api/actor.h"
#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "base/schema.h"
#include "base/token_rules.h"
#include "billing/schemas.h"
#include "service/token_template.h"

#define WRAPPED "restrictions"

static void
answer(struct call *c, const char *template)
{
	json_raw(&c->response->json, template, strlen(template));
}

static struct problem *
missing(const struct call *c)
{
	return problem_bad_identifier(c->arena, "token_restrictions");
}

struct problem *
token_restrictions_show(struct call *c)
{
	const char *template;
	struct problem *p;

	p = store_token_template_show(c->db, c->arena, c->account_id,
	    &template);
	if (p != NULL)
		return p;
	if (template == NULL)
		return missing(c);
	answer(c, template);
	return NULL;
}

/* ---- the body ---- */

/* Beside the template stands nothing but the id that Crossbar shows. */
static struct problem *
check_wrapper(const struct call *c)
{
	struct problem *p = NULL;

	json_object_object_foreach(c->body, key, value) {
		(void)value;
		if (strcmp(key, WRAPPED) != 0 && strcmp(key, "id") != 0)
			p = problem_also_invalid(c->arena, p, key,
			    "additionalProperties",
			    "Strict checking of properties is enabled and "
			    "extra data found");
	}
	return p;
}

/* Writes its members in their order, which decides. */
static const char *
text_of(struct arena *a, struct json_object *tree)
{
	struct json_writer w;
	struct buffer text;

	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_tree(&w, tree);
	return text.text;
}

/* The body is the template, or has it in restrictions, where it may be empty: a
 * request without a body removes no restriction. */
static struct problem *
read_template(struct call *c, const char **out)
{
	struct json_object *template = c->body;
	bool wrapped = json_object_object_get_ex(c->body, WRAPPED, &template);
	struct problem *p;

	if (!wrapped && json_object_object_length(c->body) == 0)
		return problem_invalid(c->arena, WRAPPED, "required",
		    "Field is required but missing");
	if (!wrapped)
		template = c->body;
	if ((wrapped && (p = check_wrapper(c)) != NULL) ||
	    (p = schema_check(c->arena, schemas_of(SCHEMA_TOKEN_RESTRICTIONS),
	    template, wrapped ? WRAPPED : "", false)) != NULL)
		return p;
	if (wrapped)
		json_object_object_del(c->body, "id");
	*out = text_of(c->arena, c->body);
	return strlen(*out) <= TOKEN_TEMPLATE_MAX ? NULL :
	    problem_invalid(c->arena, wrapped ? WRAPPED : "data", "maxLength",
	    "A template must not be longer than %d bytes", TOKEN_TEMPLATE_MAX);
}

/* ---- changes ---- */

/* A change of the template, and the one of before. */
struct template_request {
	struct call *call;
	const char *template; /* NULL: it goes */
	const char *before;
};

static struct problem *
check_current(const char *current, void *state)
{
	struct template_request *r = state;
	struct problem *p;

	r->before = current;
	p = entity_match_text(r->call, current == NULL ? "" : current);
	return p == NULL && r->template == NULL && current == NULL ?
	    missing(r->call) : p;
}

static struct problem *
change(struct call *c, void *state)
{
	struct template_request *r = state;
	const struct actor actor = actor_of_call(c);
	const struct template_edit wanted = {
		.account_id = c->account_id,
		.template = r->template,
		.check = check_current,
		.state = r,
	};
	struct problem *p;

	p = template_change(c->db, c->arena, &actor, &wanted);
	if (p == NULL)
		answer(c, r->template != NULL ? r->template : r->before);
	return p;
}

struct problem *
token_restrictions_change(struct call *c)
{
	struct template_request r = { .call = c };
	struct problem *p = c->request->method == METHOD_DELETE ? NULL :
	    read_template(c, &r.template);

	return p != NULL ? p : commit_request(c, change, &r);
}
