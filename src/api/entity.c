/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/entity.h"

struct problem *
entity_match(const struct call *c, struct json_object *current)
{
	return entity_match_text(c, json_canonical_text(c->arena, current));
}

struct problem *
entity_match_text(const struct call *c, const char *current)
{
	const char *wanted = request_header(c->request, "HTTP_IF_MATCH");
	struct buffer text;
	char etag[33];

	if (wanted == NULL)
		return NULL;
	buffer_init(&text, c->arena, 0);
	buffer_puts(&text, current);
	response_etag(&text, etag);
	return response_etag_in(wanted, etag) ? NULL :
	    problem_new(c->arena, PROBLEM_PRECONDITION);
}

void
entity_answer(struct call *c, struct json_object *tree)
{
	const char *text = json_canonical_text(c->arena, tree);

	json_raw(&c->response->json, text, strlen(text));
}
