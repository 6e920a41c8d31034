/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_source.h"

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
}

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
