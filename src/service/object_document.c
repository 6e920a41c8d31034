/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/object_document.h"

#include <string.h>

#include "base/json.h"
#include "base/schema.h"
#include "billing/number_features.h"
#include "billing/overlay.h"
#include "billing/schemas.h"

/* As the history of a request in Kazoo has it. */
static struct json_object *
transition_json(const char *previous, const struct port_entry *entry)
{
	struct json_object *json = json_object_new_object();
	struct json_object *states = json_object_new_object();

	json_put_string(states, "previous", previous);
	json_put_string(states, "new", entry->state);
	json_put_string(json, "type", "transition");
	json_object_object_add(json, "transition", states);
	json_put_int(json, "timestamp", entry->now);
	if (entry->reason != NULL)
		json_object_object_add(json, "reason",
		    json_object_get(entry->reason));
	if (entry->authorization != NULL)
		json_object_object_add(json, "authorization",
		    json_object_get(entry->authorization));
	return json;
}

void
port_request_enter(struct arena *a, struct json_object *document,
    const struct port_entry *entry)
{
	struct json_object *old = json_array_at(document, "transitions");
	struct json_object *list = json_own(a, json_object_new_array());
	size_t i, n = old == NULL ? 0 : json_object_array_length(old);

	for (i = 0; i < n; i++)
		json_object_array_add(list, json_object_get(
		    json_object_array_get_idx(old, i)));
	json_object_array_add(list, transition_json(
	    json_string_at(document, "port_state"), entry));
	json_put_string(document, "port_state", entry->state);
	json_object_object_add(document, "transitions", json_object_get(list));
}

/* Restores the named members to their previous values. */
static void
keep_members(struct arena *a, const char *names, struct json_object *before,
    struct json_object *document)
{
	char *rest = names == NULL ? NULL : arena_strdup(a, names), *name;
	struct json_object *value;

	while ((name = strsep(&rest, " ")) != NULL) {
		json_object_object_del(document, name);
		if ((value = json_at(before, name)) != NULL)
			json_object_object_add(document, name,
			    json_object_get(value));
	}
}

struct json_object *
object_document(struct arena *a, const struct kind *kind,
    struct json_object *before, const struct object_edit *edit)
{
	struct json_object *document = json_own(a, json_object_new_object());

	if (edit->stays)
		overlay_patch(document, before);
	overlay_patch(document, edit->body);
	if (before != NULL)
		kind_keep_hidden(kind, before, edit->body, document);
	keep_members(a, kind->kept, before, document);
	if (!edit->sells)
		keep_members(a, kind->sold, before, document);
	if (kind->has_features)
		number_features_follow(before, document);
	if (before == NULL && kind->first_state != NULL)
		port_request_enter(a, document, &(struct port_entry){
		    .state = kind->first_state,
		    .now = edit->now,
		    .authorization = edit->authorization,
		});
	return document;
}

/* Removes failures of members that were missing before. */
static struct problem *
forgive_missing(struct arena *a, struct json_object *before, struct problem *p)
{
	struct json_object *rest = json_own(a, json_object_new_object()), *code;

	p->field = NULL;
	json_object_object_foreach(p->data, field, failures) {
		if (json_object_object_get_ex(failures, "required", &code) &&
		    json_at(before, field) == NULL)
			continue;
		if (p->field == NULL)
			p->field = arena_strdup(a, field);
		json_object_object_add(rest, field, json_object_get(failures));
	}
	p->data = rest;
	return json_object_object_length(rest) == 0 ? NULL : p;
}

struct problem *
object_document_check(struct arena *a, const struct kind *kind,
    struct json_object *document, struct json_object *before,
    const char *place)
{
	const struct schema *schema = schemas_of_kind(kind);
	struct problem *p;

	schema_defaults(schema, document);
	p = schema_check(a, schema, document, place, false);
	return p == NULL || before == NULL ? p : forgive_missing(a, before, p);
}
