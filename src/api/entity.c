/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/entity.h"

#include <string.h>

#include "base/secret.h"

struct problem *
entity_match(const struct call *c, struct json_object *current)
{
	return request_header(c->request, "HTTP_IF_MATCH") == NULL ? NULL :
	    entity_match_text(c, json_canonical_text(c->arena, current));
}

struct problem *
entity_match_text(const struct call *c, const char *current)
{
	return entity_match_bytes(c, current, strlen(current));
}

struct problem *
entity_match_bytes(const struct call *c, const void *current, size_t length)
{
	const char *wanted = request_header(c->request, "HTTP_IF_MATCH");
	char etag[33];

	if (wanted == NULL)
		return NULL;
	secret_etag(current, length, etag);
	return response_etag_in(wanted, etag) ? NULL :
	    problem_new(c->arena, PROBLEM_PRECONDITION);
}

struct json_object *
entity_named(const char *id, const char *name)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "id", id);
	json_put_string(json, "name", name);
	return json;
}

void
entity_answer(struct call *c, struct json_object *tree)
{
	const char *text = json_canonical_text(c->arena, tree);

	json_raw(&c->response->json, text, strlen(text));
}
