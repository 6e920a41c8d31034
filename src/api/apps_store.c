/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * apps_store: the applications an account may have, which it has, and for
 * whom.
 */
#include "config.h"

#include "api/apps_offered.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/resource.h"
#include "billing/overlay.h"

/* ---- what there is ---- */

static struct problem *
show_offered(struct call *c, const char *offerer, const struct object *app,
    void *state)
{
	if (app_is_offered(app->document, state, app->id))
		json_tree(&c->response->json,
		    app_offered_json(c, offerer, app, state));
	return NULL;
}

struct problem *
apps_store_list(struct call *c)
{
	struct json_object *document;
	struct problem *p;
	bool there;

	if ((p = apps_store_load(c, &document, &there)) != NULL)
		return p;
	json_begin_array(&c->response->json);
	p = apps_offered_each(c, show_offered, document);
	json_end(&c->response->json);
	return p;
}

struct problem *
apps_store_show(struct call *c)
{
	struct json_object *document;
	struct offered_app l;
	struct problem *p;
	bool there;

	if ((p = apps_store_load(c, &document, &there)) != NULL ||
	    (p = apps_offered_find(c, c->parameters[0], document, &l)) != NULL)
		return p;
	entity_answer(c, l.found);
	return NULL;
}

/* ---- which it has ---- */

static struct json_object *
apps_of(struct json_object *document)
{
	struct json_object *apps = json_object_at(document, "apps");

	if (apps == NULL) {
		apps = json_object_new_object();
		json_object_object_add(document, "apps", apps);
	}
	return apps;
}

static struct problem *
install(struct call *c, struct json_object *document,
    struct json_object *body)
{
	struct json_object *apps = apps_of(document), *mine;
	const char *id = c->parameters[0];
	struct offered_app l;
	struct problem *p;
	bool has = json_object_object_get_ex(apps, id, &mine);

	if ((p = apps_offered_find(c, id, document, &l)) != NULL ||
	    (p = entity_match(c, l.found)) != NULL)
		return p;
	if (has && c->request->method == METHOD_PUT)
		return problem_text(c->arena, PROBLEM_CONFLICT,
		    "Application already installed");
	if (!has && c->request->method == METHOD_POST)
		return problem_bad_identifier(c->arena, id);
	mine = json_object_new_object();
	overlay_patch(mine, body);
	if (json_at(mine, "allowed_users") == NULL)
		json_put_string(mine, "allowed_users", "all");
	json_put_string(mine, "name", l.name);
	json_object_object_add(apps, id, mine);
	return NULL;
}

/* It may not be offered any more. */
static struct problem *
uninstall(struct call *c, struct json_object *document)
{
	struct json_object *apps = apps_of(document), *mine;
	const char *id = c->parameters[0];
	struct offered_app l;
	struct problem *p = apps_offered_find(c, id, document, &l);

	if (p != NULL && p->kind != PROBLEM_BAD_IDENTIFIER)
		return p;
	if (!json_object_object_get_ex(apps, id, &mine))
		return problem_bad_identifier(c->arena, id);
	if (p == NULL && (p = entity_match(c, l.found)) != NULL)
		return p;
	json_object_object_del(apps, id);
	return NULL;
}

static struct problem *
prepare_app(struct resource_request *r)
{
	struct call *c = r->call;
	struct json_object *before, *after;
	struct problem *p;
	bool there;

	if ((p = apps_store_load(c, &before, &there)) != NULL)
		return p;
	after = json_own(c->arena, json_public_copy(before));
	p = c->request->method == METHOD_DELETE ? uninstall(c, after) :
	    install(c, after, resource_body(c, c->body));
	return p != NULL ? p : resource_add(r, &kind_apps_store,
	    kind_apps_store.noun, there ? before : NULL, after, "");
}

static struct problem *
answer_app(struct resource_request *r)
{
	struct call *c = r->call;
	struct offered_app l;
	struct problem *p = apps_offered_find(c, c->parameters[0],
	    r->batch.changes[0].document, &l);

	if (p != NULL)
		return p;
	if (c->request->method == METHOD_PUT)
		c->response->status = 201;
	entity_answer(c, l.found);
	return NULL;
}

/* As the account had it. */
static struct problem *
answer_uninstalled(struct resource_request *r)
{
	struct call *c = r->call;
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct json_object *read_only = json_object_new_object();

	overlay_patch(json, json_at(json_object_at(r->batch.changes[0].before,
	    "apps"), c->parameters[0]));
	json_put_string(json, "id", c->parameters[0]);
	json_put_bool(read_only, "deleted", true);
	json_object_object_add(json, "_read_only", read_only);
	entity_answer(c, json);
	return NULL;
}

struct problem *
apps_store_change(struct call *c)
{
	struct resource_request r = {
		.call = c,
		.prepare = prepare_app,
		.answer = c->request->method == METHOD_DELETE ?
		    answer_uninstalled : answer_app,
	};

	return resource_commit(&r);
}
