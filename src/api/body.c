/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/body.h"

#include <string.h>
#include <strings.h>

#include "base/schema.h"
#include "billing/schemas.h"

struct problem *
body_read(struct call *c, enum schema_name schema)
{
	struct json_object *data = c->request->data;

	if (schema == SCHEMA_NONE)
		return NULL;
	c->body = json_object_is_type(data, json_type_object) ?
	    json_without_client_members(c->arena, data) : data;
	return schema_check(c->arena, schemas_of(schema), c->body, "", false);
}

static bool
says_yes(const char *text)
{
	return strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
}

bool
body_accepts_charges(const struct call *c)
{
	struct json_object *given = json_at(c->request->data, "accept_charges");
	const char *text = given == NULL ?
	    request_control(c->request, "accept_charges") :
	    json_object_get_string(given);

	return text != NULL && says_yes(text);
}

bool
body_merges(const struct call *c)
{
	return c->request->method == METHOD_PATCH ||
	    request_control_is(c->request, "merge", "true");
}
