/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_source.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"
#include "ctl/command.h"

struct problem *
import_skip(struct import_source *s, const char *why)
{
	s->outcome.result = IMPORT_SKIPPED;
	s->outcome.note = why;
	return NULL;
}

struct problem *
import_skip_unfit(struct import_source *s, struct problem *p)
{
	return p->kind != PROBLEM_VALIDATION ? p :
	    import_skip(s, ctl_describe(s->arena, p));
}

void
import_mark(struct import_source *s, bool written)
{
	s->outcome.result = written ? IMPORT_WRITTEN : IMPORT_KNOWN;
	if (!written)
		s->outcome.note = NULL;
}

/* ---- comparing ---- */

/* Numbers are compared as they are written: amounts are exact. */
static bool
differs(struct import_source *s, struct json_object *x, struct json_object *y,
    const char *name)
{
	struct json_object *one = NULL, *other = NULL;

	json_object_object_get_ex(x, name, &one);
	json_object_object_get_ex(y, name, &other);
	if (one == NULL || other == NULL)
		return one != other;
	return strcmp(json_canonical_text(s->arena, one),
	    json_canonical_text(s->arena, other)) != 0;
}

static void
add_name(struct buffer *names, const struct import_stored *stored,
    const char *name)
{
	if (stored->ignored == NULL || strcmp(stored->ignored, name) != 0)
		buffer_printf(names, "%s%s", names->length > 0 ? ", " : "",
		    name);
}

/* The names of members that differ, separated by commas. */
static const char *
differences(struct import_source *s, struct json_object *given,
    const struct import_stored *stored)
{
	struct buffer names;

	buffer_init(&names, s->arena, 0);
	json_object_object_foreach(given, name, value) {
		/* A null is not there, and may have been added. */
		if ((value != NULL || !stored->completed) &&
		    differs(s, given, stored->document, name))
			add_name(&names, stored, name);
	}
	if (stored->completed)
		return names.text;
	{
		json_object_object_foreach(stored->document, other, unused) {
			(void)unused;
			if (!json_object_object_get_ex(given, other, NULL))
				add_name(&names, stored, other);
		}
	}
	return names.text;
}

void
import_compare(struct import_source *s, struct json_object *given,
    const struct import_stored *stored)
{
	const char *names;

	import_mark(s, false);
	if (stored->document == NULL)
		return;
	names = differences(s, given, stored);
	if (names[0] == '\0')
		return;
	s->differing = names;
	if (stored->modified > s->modified) {
		s->outcome.note = arena_printf(s->arena,
		    "changed here since: %s", names);
		return;
	}
	s->outcome.result = IMPORT_CONFLICT;
	s->outcome.note = arena_printf(s->arena, "what is here differs: %s",
	    names);
}

/* ---- texts ---- */

const char *
import_text(struct import_source *s, struct json_object *tree)
{
	struct buffer text;

	buffer_init(&text, s->arena, 0);
	if (tree == NULL)
		buffer_puts(&text, "{}");
	else
		json_canonical(&text, tree);
	return text.text;
}

const char *
import_misfit(struct import_source *s, const struct import_length *lengths,
    size_t count)
{
	const char *text;
	size_t i;

	for (i = 0; i < count; i++) {
		text = json_string_at(s->document, lengths[i].path);
		if (text != NULL && utf8_characters(text) > lengths[i].max)
			return arena_printf(s->arena, "its %s is longer than %zu "
			    "characters", lengths[i].path, lengths[i].max);
	}
	return NULL;
}
