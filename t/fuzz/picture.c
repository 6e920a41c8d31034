/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures: what is taken is whole, has nothing behind it, and nothing in it may
 * run. */
#include "config.h"

#include "base/picture.h"

#include "fuzz.h"

/* The same bytes with something at the end, or without the last one. */
static bool
is_taken(struct arena *a, const void *bytes, size_t length, const char *more)
{
	enum picture_form form;
	char *other = arena_alloc(a, length + strlen(more) + 1);

	memcpy(other, bytes, length);
	memcpy(other + length, more, strlen(more));
	return picture_refusal(a, other, length + strlen(more), &form) == NULL;
}

static void
check_svg(struct arena *a, const char *text, size_t length)
{
	const char *copy = arena_strndup(a, text, length);
	const char *end = strrchr(copy, '<');

	demand(strlen(copy) == length && fuzz_is_utf8(copy));
	demand(strstr(copy, "http://www.w3.org/2000/svg") != NULL);
	demand(strstr(copy, "<!DOCTYPE") == NULL ||
	    strstr(copy, "<!--") != NULL || strstr(copy, "<![CDATA[") != NULL);
	/* Where the root ends by a tag of its own, a script before that ends
	 * it. */
	if (strncmp(end, "</", 2) != 0)
		return;
	demand(!is_taken(a, text, (size_t)(end - copy), arena_printf(a,
	    "<script xmlns='http://www.w3.org/2000/svg'/>%s", end)));
	demand(!is_taken(a, text, (size_t)(end - copy), arena_printf(a,
	    "<g onload=''/>%s", end)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena *a = arena_new(4096);
	enum picture_form form = PICTURE__MAX;
	const char *why = picture_refusal(a, bytes, length, &form);

	if (why != NULL) {
		demand(why[0] >= 'a' && why[0] <= 'z' && fuzz_is_utf8(why));
	} else {
		demand(form < PICTURE__MAX && length <= PICTURE_BYTES_MAX);
		demand(!is_taken(a, bytes, length, "x"));
		if (form == PICTURE_SVG)
			check_svg(a, (const char *)bytes, length);
		else
			demand(!is_taken(a, bytes, length - 1, ""));
	}
	arena_free(&a);
	return 0;
}
