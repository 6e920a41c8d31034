/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of documents: lines of JSON, and dumps. */
#include "config.h"

#include "ctl/import_reader.h"

#include "fuzz.h"

struct seen {
	struct arena *arena;
	struct fuzz_part file;
	size_t most; /* items that are wanted; 0: all */
	size_t count;
	int64_t line;
	int64_t offset;
	struct buffer text; /* of all items, for a comparison */
};

static bool
take(void *state, struct arena *a, const struct import_item *item)
{
	struct seen *s = state;

	s->count++;
	demand((item->document == NULL) == (item->reason != NULL));
	demand(item->line >= 1);
	demand(item->offset >= s->offset &&
	    item->offset <= (int64_t)s->file.length);
	s->line = item->line;
	s->offset = item->offset;
	if (item->document == NULL)
		demand(item->reason[0] != '\0');
	else
		demand(json_object_is_type(item->document, json_type_object));
	buffer_printf(&s->text, "%s\n", item->document == NULL ? "?" :
	    json_canonical_text(a, item->document));
	return s->count != s->most;
}

static void
read_file(struct arena *a, struct fuzz_part part, size_t most,
    struct seen *seen)
{
	static struct fuzz_file file;
	const char *error = NULL;

	fuzz_write(&file, part);
	*seen = (struct seen){ .arena = a, .file = part, .most = most };
	buffer_init(&seen->text, a, 0);
	demand(import_read(file.path, take, seen, &error));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct fuzz_part part = { (const char *)bytes, length };
	struct arena *a = arena_new(4096);
	struct seen all, longer, first;
	char *text;

	read_file(a, part, 0, &all);
	/* A line end at the end of the file changes nothing. */
	text = arena_printf(a, "%.*s\n", (int)length, (const char *)bytes);
	if (length > 0 && strlen(text) == length + 1) {
		read_file(a, (struct fuzz_part){ text, length + 1 }, 0, &longer);
		demand(longer.count == all.count);
		demand(fuzz_same(longer.text.text, all.text.text));
	}
	/* A caller with enough is given nothing further. */
	read_file(a, part, 1, &first);
	demand(first.count == (all.count > 0));
	demand(strncmp(all.text.text, first.text.text, first.text.length) == 0);
	arena_free(&a);
	return 0;
}
