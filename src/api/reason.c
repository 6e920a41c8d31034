/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/reason.h"

#include "base/json.h"
#include "base/utf8.h"

#define CHARACTERS_MAX 1000

/* The member of the envelope has to be a text: a number is no reason. */
static struct problem *
read_text(const struct call *c, const char **out)
{
	struct json_object *member = json_at(c->request->envelope,
	    "change_reason");

	if (member != NULL && !json_object_is_type(member, json_type_string))
		return problem_invalid(c->arena, "change_reason", "type",
		    "Value is of wrong type, it must be a string");
	*out = request_control(c->request, "change_reason");
	if (*out == NULL)
		*out = request_header(c->request, "HTTP_X_REEVE_REASON");
	return NULL;
}

struct problem *
reason_read(struct call *c)
{
	const char *text = NULL;
	struct problem *p;

	if (c->request->method == METHOD_GET ||
	    c->request->method == METHOD_HEAD)
		return NULL;
	if ((p = read_text(c, &text)) != NULL)
		return p;
	if (text == NULL || text[0] == '\0')
		return NULL;
	if (!utf8_is_valid(text))
		return problem_invalid(c->arena, "change_reason", "format",
		    "Value is not UTF-8");
	if (utf8_characters(text) > CHARACTERS_MAX)
		return problem_invalid(c->arena, "change_reason", "maxLength",
		    "String must not be more than 1000 characters");
	c->change_reason = text;
	return NULL;
}
