/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/json_splice.h"

#include "base/json.h"
#include "base/json_walk.h"

struct splice {
	struct buffer *out;
	const struct json_patch *patches;
	size_t count;
	bool done[JSON_PATCHES_MAX]; /* by patch */
	bool comma; /* before the next member */
};

static void
put_member(struct splice *s, const char *name, size_t length,
    const struct json_span *value)
{
	buffer_add(s->out, ",\"", s->comma ? 2 : 0);
	if (!s->comma)
		buffer_putc(s->out, '"');
	s->comma = true;
	buffer_add(s->out, name, length);
	buffer_add(s->out, "\":", 2);
	buffer_add(s->out, value->at, value->length);
}

static void
put_patch(struct splice *s, size_t i)
{
	const char *name = s->patches[i].name, *text = s->patches[i].text;
	const struct json_span value = { text, strlen(text) };

	s->done[i] = true;
	put_member(s, name, strlen(name), &value);
}

/* Writes the patch of a member instead of it. False: it has none. */
static bool
is_patched(struct splice *s, const struct json_span *name)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->patches[i].text != NULL &&
		    json_span_is(name, s->patches[i].name)) {
			put_patch(s, i);
			return true;
		}
	return false;
}

void
json_splice(struct buffer *out, const char *text, size_t length,
    const struct json_patch *patches, size_t count)
{
	struct splice s = { out, patches, count, { false }, false };
	struct json_walk w = json_walk_begin(text, length);
	struct json_span name, value;
	size_t i;

	buffer_putc(out, '{');
	if (json_walk_enter(&w, '{')) {
		while (json_walk_member(&w, &name)) {
			value = json_walk_skip(&w);
			if (value.at != NULL && !json_is_private(name.at) &&
			    !is_patched(&s, &name))
				put_member(&s, name.at, name.length, &value);
		}
	}
	for (i = 0; i < count; i++)
		if (patches[i].text != NULL && !s.done[i])
			put_patch(&s, i);
	buffer_putc(out, '}');
}
