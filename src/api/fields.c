/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/fields.h"

#include <string.h>

#include "base/json.h"

#define LENGTH_MAX 4096 /* bytes of the parameter */

/* ---- the parameter ---- */

static struct problem *
refuse(struct call *c, const char *code, const char *why)
{
	return problem_invalid(c->arena, "fields", code, "%s", why);
}

static struct problem *
add_path(struct call *c, struct fields *fields, const char *path)
{
	if (path == NULL || path[0] == '\0')
		return refuse(c, "type", "it is not a list of names");
	if (fields->count == FIELDS_MAX)
		return refuse(c, "maxItems", "the list has too many names");
	fields->paths[fields->count++] = path;
	return NULL;
}

static struct problem *
read_list(struct call *c, struct fields *fields, const char *text)
{
	const char *error;
	struct json_object *name, *list = json_parse(c->arena, text,
	    strlen(text), &error);
	size_t i, n = json_object_is_type(list, json_type_array) ?
	    json_object_array_length(list) : 0;
	struct problem *p = n > 0 ? NULL : add_path(c, fields, NULL);

	for (i = 0; p == NULL && i < n; i++) {
		name = json_object_array_get_idx(list, i);
		p = add_path(c, fields, json_object_is_type(name,
		    json_type_string) ? json_object_get_string(name) : NULL);
	}
	return p;
}

static struct problem *
read_names(struct call *c, struct fields *fields, const char *text)
{
	char *rest = arena_strdup(c->arena, text), *name;
	struct problem *p = NULL;

	while (p == NULL && (name = strsep(&rest, ",")) != NULL) {
		name += strspn(name, " ");
		name[strcspn(name, " ")] = '\0';
		p = add_path(c, fields, name);
	}
	return p;
}

struct problem *
fields_read(struct call *c)
{
	const char *text = request_query(c->request, "fields");
	struct fields *fields;
	struct problem *p;

	if (text == NULL)
		return NULL;
	if (strlen(text) > LENGTH_MAX)
		return refuse(c, "maxLength", "the list is too long");
	fields = arena_alloc(c->arena, sizeof(*fields));
	p = text[0] == '[' ? read_list(c, fields, text) :
	    read_names(c, fields, text);
	c->fields = fields;
	return p;
}

/* ---- the answer ---- */

/* Adds what stands at a path; nothing, if there is nothing. The names of members
 * may have dots themselves. */
static void
pick_path(struct arena *a, struct json_object *from, struct json_object *to,
    const char *path)
{
	const char *dot = strchr(path, '.');
	struct json_object *value, *inner = NULL, *fresh;
	const char *name;

	if (json_object_object_get_ex(from, path, &value)) {
		json_object_object_add(to, path, json_object_get(value));
		return;
	}
	if (dot == NULL)
		return;
	name = arena_strndup(a, path, (size_t)(dot - path));
	if (!json_object_object_get_ex(from, name, &value) ||
	    !json_object_is_type(value, json_type_object))
		return;
	json_object_object_get_ex(to, name, &inner);
	if (inner == value) /* the whole of it was named, too */
		return;
	fresh = inner == NULL ? json_object_new_object() :
	    json_object_get(inner);
	pick_path(a, value, fresh, dot + 1);
	if (inner == NULL && json_object_object_length(fresh) > 0)
		json_object_object_add(to, name, json_object_get(fresh));
	json_object_put(fresh);
}

struct json_object *
fields_pick(struct arena *a, const struct fields *fields,
    struct json_object *document)
{
	struct json_object *picked;
	size_t i;

	if (!json_object_is_type(document, json_type_object))
		return document;
	picked = json_own(a, json_object_new_object());
	for (i = 0; i < fields->count; i++)
		pick_path(a, document, picked, fields->paths[i]);
	return picked;
}

static struct json_object *
pick_all(struct arena *a, const struct fields *fields,
    struct json_object *data)
{
	struct json_object *list;
	size_t i, n;

	if (!json_object_is_type(data, json_type_array))
		return fields_pick(a, fields, data);
	list = json_own(a, json_object_new_array());
	n = json_object_array_length(data);
	for (i = 0; i < n; i++)
		json_object_array_add(list, json_object_get(fields_pick(a,
		    fields, json_object_array_get_idx(data, i))));
	return list;
}

void
fields_reduce(const struct call *c)
{
	struct response *rs = c->response;
	struct json_object *data;
	const char *error;
	char etag[33];

	if (c->fields == NULL || rs->picked || rs->begun ||
	    rs->media_type != NULL || rs->data.length == 0 || rs->data.failed)
		return;
	data = json_parse(c->arena, rs->data.text, rs->data.length, &error);
	if (data == NULL)
		return;
	response_etag(&rs->data, etag);
	rs->whole_etag = arena_strdup(c->arena, etag);
	buffer_init(&rs->data, c->arena, rs->limit);
	json_writer_init(&rs->json, &rs->data);
	json_tree(&rs->json, pick_all(c->arena, c->fields, data));
}
