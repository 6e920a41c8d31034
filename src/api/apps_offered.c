/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/apps_offered.h"

#include <string.h>

#include "base/json.h"
#include "billing/counting.h"
#include "billing/overlay.h"
#include "store/accounts.h"

#define OFFERED_MAX 1000 /* of one account */

struct problem *
apps_store_load(struct call *c, struct json_object **out, bool *there)
{
	struct object *object;
	struct problem *p;

	p = store_object_show(c->db, c->arena, c->account_id, &kind_apps_store,
	    kind_apps_store.noun, &object);
	if (p != NULL)
		return p;
	*there = object != NULL;
	*out = object != NULL ? object->document :
	    json_own(c->arena, json_object_new_object());
	return NULL;
}

struct json_object *
app_offered_json(struct call *c, const char *offerer, const struct object *app,
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

struct problem *
apps_offered_each(struct call *c, struct problem *(*fn)(struct call *c,
    const char *offerer, const struct object *app, void *state), void *state)
{
	static const struct page_query all = { .start.id = "",
		.ascending = true, .limit = OFFERED_MAX };
	struct account_lines ancestors;
	struct object_list list;
	struct problem *p;
	size_t i, j;

	p = store_account_parents(c->db, c->arena, c->account_id, &ancestors);
	for (i = 0; p == NULL && i <= ancestors.count; i++) {
		/* The master account, the reseller; the account of its own. */
		const char *offerer = i < ancestors.count ?
		    ancestors.lines[i].id : c->account_id;

		if (i > 0 && i < ancestors.count && strcmp(offerer,
		    c->session->target_reseller_id) != 0)
			continue;
		p = store_object_list(c->db, c->arena, offerer, &kind_apps,
		    &all, &list);
		for (j = 0; p == NULL && j < list.count; j++)
			p = fn(c, offerer, &list.objects[j], state);
	}
	return p;
}

bool
app_is_offered(struct json_object *app, struct json_object *store_document,
    const char *id)
{
	struct json_object *published = json_at(app, "published");
	struct json_object *enabled = json_at(app, "enabled");

	return (published == NULL || json_object_get_boolean(published)) &&
	    (enabled == NULL || json_object_get_boolean(enabled)) &&
	    !counts_as_blacklisted(store_document, id);
}

static struct problem *
look_at(struct call *c, const char *offerer, const struct object *app,
    void *state)
{
	struct offered_app *l = state;

	if (strcmp(app->id, l->id) == 0 &&
	    app_is_offered(app->document, l->store, app->id)) {
		l->found = app_offered_json(c, offerer, app, l->store);
		l->name = json_string_at(app->document, "name");
		l->offerer = offerer;
	}
	return NULL;
}

struct problem *
apps_offered_find(struct call *c, const char *id, struct json_object *document,
    struct offered_app *l)
{
	struct problem *p;

	*l = (struct offered_app){ .id = id, .store = document };
	p = apps_offered_each(c, look_at, l);
	return p == NULL && (l->found == NULL || l->name == NULL) ?
	    problem_bad_identifier(c->arena, id) : p;
}
