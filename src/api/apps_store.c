/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * apps_store: the applications an account may have (those the master account
 * and its reseller offer), which it has, and for whom; port_requests/{ID}/
 * {STATE}; whitelabel/{DOMAIN}.
 */
#include "config.h"

#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "api/object_request.h"
#include "billing/overlay.h"
#include "service/object_document.h"
#include "store/accounts.h"

#define OFFERED_MAX 1000 /* of one account */

static const struct kind *
store(void)
{
	return kind_of_noun("apps_store");
}

/* ---- what there is ---- */

/* The store document of the account, {} when it has none yet. */
static struct problem *
load_store(struct call *c, struct json_object **out, bool *there)
{
	struct object *object;
	struct problem *p;

	p = object_show(c->db, c->arena, c->account_id, store(), store()->noun,
	    &object);
	if (p != NULL)
		return p;
	*there = object != NULL;
	*out = object != NULL ? object->document :
	    json_own(c->arena, json_object_new_object());
	return NULL;
}

static bool
is_blacklisted(struct json_object *store_document, const char *id)
{
	struct json_object *list = json_array_at(store_document, "blacklist");
	size_t i, n = list == NULL ? 0 : json_object_array_length(list);

	for (i = 0; i < n; i++)
		if (strcmp(json_object_get_string(
		    json_object_array_get_idx(list, i)), id) == 0)
			return true;
	return false;
}

/* An application as it is offered, and as the account has it. */
static struct json_object *
app_json(struct call *c, const char *offerer, const struct object *app,
    struct json_object *store_document)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct json_object *apps = json_object_at(store_document, "apps");
	struct json_object *mine;

	overlay_patch(json, app->document);
	json_put_string(json, "id", app->id);
	json_put_string(json, "account_id", offerer);
	if (apps != NULL && json_object_object_get_ex(apps, app->id, &mine))
		overlay_patch(json, mine);
	return json;
}

/* Calls fn with each application that is offered to the account. */
static struct problem *
each_offered(struct call *c, struct problem *(*fn)(struct call *c,
    const char *offerer, const struct object *app, void *state), void *state)
{
	static const struct page_query all = { .start.id = "",
		.ascending = true, .limit = OFFERED_MAX };
	struct account_lines above;
	struct object_list list;
	struct problem *p;
	size_t i, j;

	p = account_parents(c->db, c->arena, c->account_id, &above);
	for (i = 0; p == NULL && i <= above.count; i++) {
		/* The master account, the reseller; the account of its own. */
		const char *offerer = i < above.count ? above.lines[i].id :
		    c->account_id;

		if (i > 0 && i < above.count && strcmp(offerer,
		    c->session->target_reseller_id) != 0)
			continue;
		p = object_list(c->db, c->arena, offerer, kind_of_noun("apps"),
		    &all, &list);
		for (j = 0; p == NULL && j < list.count; j++)
			p = fn(c, offerer, &list.objects[j], state);
	}
	return p;
}

/* What is withdrawn is not offered; who has it keeps it. */
static bool
is_offered(struct json_object *app, struct json_object *store_document,
    const char *id)
{
	struct json_object *published = json_at(app, "published");
	struct json_object *enabled = json_at(app, "enabled");

	return (published == NULL || json_object_get_boolean(published)) &&
	    (enabled == NULL || json_object_get_boolean(enabled)) &&
	    !is_blacklisted(store_document, id);
}

static struct problem *
show_offered(struct call *c, const char *offerer, const struct object *app,
    void *state)
{
	if (is_offered(app->document, state, app->id))
		json_tree(&c->response->json, app_json(c, offerer, app, state));
	return NULL;
}

struct problem *
apps_store_list(struct call *c)
{
	struct json_object *document;
	struct problem *p;
	bool there;

	if ((p = load_store(c, &document, &there)) != NULL)
		return p;
	json_begin_array(&c->response->json);
	p = each_offered(c, show_offered, document);
	json_end(&c->response->json);
	return p;
}

struct looking {
	const char *id;
	struct json_object *store;
	struct json_object *found;
	const char *name;
};

static struct problem *
look_at(struct call *c, const char *offerer, const struct object *app,
    void *state)
{
	struct looking *l = state;

	if (strcmp(app->id, l->id) == 0 &&
	    is_offered(app->document, l->store, app->id)) {
		l->found = app_json(c, offerer, app, l->store);
		l->name = json_string_at(app->document, "name");
	}
	return NULL;
}

static struct problem *
find_app(struct call *c, const char *id, struct json_object *document,
    struct looking *l)
{
	struct problem *p;

	*l = (struct looking){ .id = id, .store = document };
	p = each_offered(c, look_at, l);
	return p == NULL && (l->found == NULL || l->name == NULL) ?
	    problem_bad_identifier(c->arena, id) : p;
}

struct problem *
apps_store_show(struct call *c)
{
	struct json_object *document;
	struct looking l;
	struct problem *p;
	bool there;

	if ((p = load_store(c, &document, &there)) != NULL ||
	    (p = find_app(c, c->parameters[0], document, &l)) != NULL)
		return p;
	commit_answer(c, l.found);
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
	struct looking l;
	struct problem *p;
	bool has = json_object_object_get_ex(apps, id, &mine);

	if ((p = find_app(c, id, document, &l)) != NULL ||
	    (p = commit_if_match(c, l.found)) != NULL)
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
	struct looking l;
	struct problem *p = find_app(c, id, document, &l);

	if (p != NULL && p->kind != PROBLEM_BAD_IDENTIFIER)
		return p;
	if (!json_object_object_get_ex(apps, id, &mine))
		return problem_bad_identifier(c->arena, id);
	if (p == NULL && (p = commit_if_match(c, l.found)) != NULL)
		return p;
	json_object_object_del(apps, id);
	return NULL;
}

static struct problem *
prepare_app(struct object_request *r)
{
	struct call *c = r->call;
	struct json_object *before, *after, *body;
	struct problem *p;
	bool there;

	if ((p = object_body(c, c->request->data, &body)) != NULL ||
	    (p = load_store(c, &before, &there)) != NULL)
		return p;
	after = json_own(c->arena, json_public_copy(before));
	p = c->request->method == METHOD_DELETE ? uninstall(c, after) :
	    install(c, after, body);
	return p != NULL ? p : object_request_add(r, store(), store()->noun,
	    there ? before : NULL, after, "");
}

static struct problem *
answer_app(struct object_request *r)
{
	struct call *c = r->call;
	struct looking l;
	struct problem *p = find_app(c, c->parameters[0],
	    r->batch.changes[0].document, &l);

	if (p != NULL)
		return p;
	if (c->request->method == METHOD_PUT)
		c->response->status = 201;
	commit_answer(c, l.found);
	return NULL;
}

/* As the account had it. */
static struct problem *
answer_uninstalled(struct object_request *r)
{
	struct call *c = r->call;
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct json_object *read_only = json_object_new_object();

	overlay_patch(json, json_at(json_object_at(r->batch.changes[0].before,
	    "apps"), c->parameters[0]));
	json_put_string(json, "id", c->parameters[0]);
	json_put_bool(read_only, "deleted", true);
	json_object_object_add(json, "_read_only", read_only);
	commit_answer(c, json);
	return NULL;
}

struct problem *
apps_store_change(struct call *c)
{
	struct object_request r = {
		.call = c,
		.prepare = prepare_app,
		.answer = c->request->method == METHOD_DELETE ?
		    answer_uninstalled : answer_app,
	};

	return object_request_commit(&r);
}

/* ---- which it does not see ---- */

static struct json_object *
blacklist_json(struct call *c, struct json_object *document)
{
	struct json_object *list = json_array_at(document, "blacklist");
	struct json_object *json = json_own(c->arena, json_object_new_object());

	json_object_object_add(json, "blacklist", list == NULL ?
	    json_object_new_array() : json_object_get(list));
	return json;
}

struct problem *
apps_store_blacklist(struct call *c)
{
	struct json_object *document;
	struct problem *p;
	bool there;

	p = load_store(c, &document, &there);
	if (p == NULL)
		commit_answer(c, blacklist_json(c, document));
	return p;
}

static struct problem *
prepare_blacklist(struct object_request *r)
{
	struct call *c = r->call;
	struct json_object *before, *after, *body, *list;
	struct problem *p;
	bool there;

	if ((p = object_body(c, c->request->data, &body)) != NULL ||
	    (p = load_store(c, &before, &there)) != NULL ||
	    (p = commit_if_match(c, blacklist_json(c, before))) != NULL)
		return p;
	list = json_at(body, "blacklist");
	after = json_own(c->arena, json_public_copy(before));
	json_object_object_add(after, "blacklist", list == NULL ?
	    json_object_new_array() : json_object_get(list));
	return object_request_add(r, store(), store()->noun,
	    there ? before : NULL, after, "");
}

static struct problem *
answer_saved_blacklist(struct object_request *r)
{
	commit_answer(r->call, blacklist_json(r->call,
	    r->batch.changes[0].document));
	return NULL;
}

struct problem *
apps_store_blacklist_change(struct call *c)
{
	struct object_request r = {
		.call = c,
		.prepare = prepare_blacklist,
		.answer = answer_saved_blacklist,
	};

	return object_request_commit(&r);
}

/* ---- port requests come into a state ---- */

static struct problem *
prepare_transition(struct object_request *r)
{
	struct call *c = r->call;
	const struct kind *kind = kind_of_noun("port_requests");
	struct json_object *after;
	struct object *object;
	struct problem *p;

	if ((p = object_find(c, kind, c->parameters[0], &object)) != NULL ||
	    (p = commit_if_match(c, object_json(c->arena, kind, c->account_id,
	    object->id, object->document))) != NULL)
		return p;
	after = json_own(c->arena, json_public_copy(object->document));
	port_request_enter(c->arena, after, c->parameters[1], c->now);
	return object_request_add(r, kind, object->id, object->document, after,
	    "");
}

static struct problem *
answer_transition(struct object_request *r)
{
	commit_answer(r->call, object_json(r->call->arena, r->batch.changes[0].kind,
	    r->call->account_id, r->batch.changes[0].id, r->batch.changes[0].document));
	return NULL;
}

struct problem *
port_requests_transition(struct call *c)
{
	struct object_request r = {
		.call = c,
		.prepare = prepare_transition,
		.answer = answer_transition,
	};

	return object_request_commit(&r);
}

/* ---- whose pages a domain shows ---- */

struct problem *
whitelabel_lookup(struct call *c)
{
	struct json_object *json;
	struct object *object;
	struct problem *p;

	p = object_by_claim(c->db, c->arena, kind_of_noun("whitelabel"),
	    c->parameters[0], &object);
	if (p != NULL)
		return p;
	if (object == NULL)
		return problem_bad_identifier(c->arena, c->parameters[0]);
	json = object_json(c->arena, object->kind, "", object->id,
	    object->document);
	json_object_object_del(json, "billing"); /* none of the public's business */
	commit_answer(c, json);
	return NULL;
}
