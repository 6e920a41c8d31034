/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/object_request.h"

#include <string.h>

#include "api/authorization.h"
#include "api/service_body.h"
#include "base/schema.h"
#include "billing/overlay.h"
#include "billing/schemas.h"
#include "service/change.h"
#include "service/credential.h"

#define ID_LENGTH_MAX 64

/* ---- numbers ---- */

struct problem *
object_classes(const struct call *c, const struct number_classes **out)
{
	/* Compiled once: the configuration of a process stays what it is. */
	static const struct number_classes *kept;
	static const char *kept_of;
	static struct arena *arena;
	const char *why;

	if (kept_of != c->config->number_classes) {
		if (arena != NULL)
			arena_free(&arena);
		arena = arena_new(16 * 1024);
		kept_of = c->config->number_classes;
		kept = number_classes_read(arena, kept_of, &why);
		if (kept == NULL) {
			kept_of = NULL;
			return problem_fault(c->arena, "number_classes: %s",
			    why);
		}
	}
	*out = kept;
	return NULL;
}

/* ---- documents ---- */

struct problem *
object_find(struct call *c, const struct kind *kind, const char *id,
    struct object **out)
{
	struct problem *p = NULL;

	*out = NULL;
	if (strlen(id) <= ID_LENGTH_MAX)
		p = object_show(c->db, c->arena, c->account_id, kind, id, out);
	return p == NULL && *out == NULL ?
	    problem_bad_identifier(c->arena, id) : p;
}

struct problem *
object_body(struct call *c, struct json_object *data, struct json_object **out)
{
	struct problem *p = service_body_of(c, data, out);

	if (p != NULL)
		return p;
	*out = json_own(c->arena, json_public_copy(*out));
	json_object_object_del(*out, "id");
	json_object_object_del(*out, "_read_only");
	return NULL;
}

struct json_object *
object_transitions(struct json_object *list)
{
	struct json_object *copy = json_object_new_array();
	size_t i, n = list == NULL ? 0 : json_object_array_length(list);

	for (i = 0; i < n; i++)
		json_object_array_add(copy, json_object_get(
		    json_object_array_get_idx(list, i)));
	return copy;
}

/* A port request begins in a state. */
static void
begin_port(const struct call *c, struct json_object *document)
{
	struct json_object *list = json_object_new_array();
	struct json_object *one = json_object_new_object();

	json_put_string(one, "new", "unconfirmed");
	json_put_int(one, "timestamp", c->now);
	json_object_array_add(list, one);
	json_put_string(document, "port_state", "unconfirmed");
	json_object_object_add(document, "transitions", list);
}

struct json_object *
object_changed(struct call *c, const struct kind *kind,
    struct json_object *before, struct json_object *body)
{
	return object_merged(c, kind, before, body,
	    c->request->method == METHOD_PATCH);
}

/* Members that are named stay what they were, whatever the body says. */
static void
keep_members(struct call *c, const char *names, struct json_object *before,
    struct json_object *document)
{
	char *rest = names == NULL ? NULL : arena_strdup(c->arena, names), *name;
	struct json_object *value;

	while ((name = strsep(&rest, " ")) != NULL) {
		json_object_object_del(document, name);
		if ((value = json_at(before, name)) != NULL)
			json_object_object_add(document, name,
			    json_object_get(value));
	}
}

struct json_object *
object_merged(struct call *c, const struct kind *kind,
    struct json_object *before, struct json_object *body, bool stays)
{
	struct json_object *document = json_own(c->arena,
	    json_object_new_object());

	if (stays)
		overlay_patch(document, before);
	overlay_patch(document, body);
	if (kind == NULL)
		return document;
	if (before != NULL)
		kind_keep_hidden(kind, before, body, document);
	keep_members(c, kind->kept, before, document);
	if (!caller_sells(c))
		keep_members(c, kind->sold, before, document);
	if (before == NULL && strcmp(kind->type, "port_request") == 0)
		begin_port(c, document);
	return document;
}

/* What a number is shown with besides what was said of it. */
static void
put_number(struct json_object *json, const char *account_id)
{
	json_object_object_add(json, "features", number_features(json));
	json_put_string(json, "assigned_to", account_id);
}

struct json_object *
object_json(struct arena *a, const struct kind *kind, const char *account_id,
    const char *id, struct json_object *document)
{
	struct json_object *json = json_own(a, json_object_new_object());

	overlay_patch(json, document);
	kind_hide(kind, json);
	schema_defaults(schema_named(kind->noun), json);
	json_put_string(json, "id", id);
	if (strcmp(kind->type, "number") == 0)
		put_number(json, account_id);
	return json;
}

/* ---- users ---- */

/*
 * Takes the password out of a user's document. What he logs in with is made
 * of his name, too: he who is called otherwise needs a new one.
 */
static struct problem *
take_password(struct object_request *r, struct json_object *before,
    struct json_object *document, const char *place, const char **password)
{
	struct arena *a = r->call->arena;
	const char *given = json_string_at(document, "password");
	const char *username = json_string_at(document, "username");
	const char *old = json_string_at(before, "username");

	if (username != NULL) {
		username = arena_lower(a, username);
		json_put_string(document, "username", username);
	}
	if (given != NULL)
		*password = arena_strdup(a, given);
	json_object_object_del(document, "password");
	if (*password != NULL && ++r->password_count > PASSWORDS_AT_ONCE)
		return problem_invalid(a, problem_path(a, place, "password"),
		    "maxItems", "at most %d passwords are taken at once",
		    PASSWORDS_AT_ONCE);
	if (*password != NULL && username == NULL)
		return problem_invalid(a, problem_path(a, place, "username"),
		    "required",
		    "Field is required but missing");
	if (*password == NULL && old != NULL && username != NULL &&
	    strcmp(old, username) != 0)
		return problem_invalid(a, problem_path(a, place, "password"),
		    "required",
		    "The password must be provided when updating the user "
		    "name");
	if (*password != NULL && r->call->config->secret[0] == '\0')
		return problem_fault(a, "no secret is configured: users cannot "
		    "be given passwords");
	return NULL;
}

/* ---- the request ---- */

/*
 * A PATCH is not held to account for members that were missing before it, in
 * what was made when less was asked for.
 */
static struct problem *
forgive_missing(const struct object_request *r, struct json_object *before,
    struct problem *p)
{
	struct json_object *rest, *code;

	if (p == NULL || before == NULL ||
	    r->call->request->method != METHOD_PATCH)
		return p;
	rest = json_own(r->call->arena, json_object_new_object());
	p->field = NULL;
	json_object_object_foreach(p->data, field, failures) {
		if (json_object_object_get_ex(failures, "required", &code) &&
		    json_at(before, field) == NULL)
			continue;
		if (p->field == NULL)
			p->field = arena_strdup(r->call->arena, field);
		json_object_object_add(rest, field, json_object_get(failures));
	}
	p->data = rest;
	return json_object_object_length(rest) == 0 ? NULL : p;
}

struct problem *
object_request_add(struct object_request *r, const struct kind *kind,
    const char *id, struct json_object *before, struct json_object *document,
    const char *place)
{
	struct arena *a = r->call->arena;
	struct json_object *schema = schema_named(kind->noun);
	struct problem *p;

	if (r->count == OBJECTS_AT_ONCE)
		return problem_invalid(a, "data", "maxItems",
		    "The list is more than %d items", OBJECTS_AT_ONCE);
	r->passwords[r->count] = NULL;
	if (document != NULL) {
		schema_defaults(schema, document);
		p = forgive_missing(r, before, schema_check(a, schema, schema,
		    document, place, false));
		if (p == NULL && strcmp(kind->type, "user") == 0)
			p = take_password(r, before, document, place,
			    &r->passwords[r->count]);
		if (p != NULL)
			return p;
	}
	r->changes[r->count++] = (struct object_change){
		.kind = kind,
		.id = id,
		.document = document,
		.create = before == NULL,
		.before = before,
		.place = place,
	};
	return NULL;
}

static struct problem *
propose(struct db *db, struct arena *a, const struct service *current,
    struct service *proposed, void *state)
{
	struct object_request *r = state;
	const struct number_classes *classes;
	struct problem *p;

	(void)current;
	r->count = r->password_count = 0;
	if ((p = object_classes(r->call, &classes)) != NULL ||
	    (p = r->prepare(r)) != NULL)
		return p;
	return objects_count(db, a, classes, r->changes, &r->count, proposed);
}

static struct problem *
write_objects(struct db *db, struct arena *a, const struct service *done,
    void *state)
{
	struct object_request *r = state;
	const struct number_classes *classes;
	struct problem *p;
	size_t i;

	if ((p = object_classes(r->call, &classes)) != NULL ||
	    (p = objects_save(db, a, classes, done, r->changes, r->count,
	    r->call->now)) != NULL)
		return p;
	for (i = 0; i < r->count && p == NULL; i++)
		if (r->changes[i].document != NULL && r->passwords[i] != NULL)
			p = credential_set_password(db, a, r->call->config,
			    &(struct user_key){ r->call->account_id,
			    r->changes[i].id },
			    json_string_at(r->changes[i].document, "username"),
			    r->passwords[i]);
	return p;
}

static struct problem *
work(struct call *c, void *state)
{
	struct object_request *r = state;
	struct change change = commit_change(c, CHANGE_COUNTED);
	struct service done;
	struct problem *p;

	change.propose = propose;
	change.write = write_objects;
	change.state = r;
	p = change_commit(c->db, c->arena, &change, &done);
	return p != NULL ? p : r->answer(r);
}

struct problem *
object_request_commit(struct object_request *r)
{
	struct call *c = r->call;

	/* What is counted again with them comes after them. */
	r->changes = arena_alloc(c->arena,
	    (OBJECTS_AT_ONCE + 1) * sizeof(*r->changes));
	r->passwords = arena_alloc(c->arena,
	    (OBJECTS_AT_ONCE + 1) * sizeof(*r->passwords));
	return commit_request(c, work, r);
}
