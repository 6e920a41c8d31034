/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing text on an arena. Without a limit it is never cut: where there is no
 * memory for it the process ends, as the arena has it. With one, writers do not
 * fail one by one: past the limit the buffer is marked failed, further writes do
 * nothing, and whoever gave the limit looks once at the end.
 */
#ifndef REEVE_BASE_BUFFER_H
#define REEVE_BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"

struct buffer {
	struct arena *arena;
	char *text;      /* always NUL-ended, never NULL after buffer_init */
	size_t length;   /* bytes before the NUL */
	size_t capacity; /* bytes allocated, the NUL included */
	size_t limit;    /* most bytes it may ever hold */
	bool failed;     /* the limit was hit; text is cut, do not use it */
};

/* An empty buffer that may grow to limit bytes; limit 0: there is none. */
void buffer_init(struct buffer *b, struct arena *a, size_t limit);

/* Makes room for so many bytes more at once, when they can be foreseen. */
void buffer_reserve(struct buffer *b, size_t bytes);

/* buffer_add for when there is no room yet. */
void buffer_add_growing(struct buffer *b, const char *bytes, size_t length);

/* Inline: an answer is written in pieces of a few bytes, by the thousand. */
static inline void
buffer_add(struct buffer *b, const char *bytes, size_t length)
{
	if (length >= b->capacity - b->length || b->failed) {
		buffer_add_growing(b, bytes, length);
		return;
	}
	if (length > 0)
		memcpy(b->text + b->length, bytes, length);
	b->length += length;
	b->text[b->length] = '\0';
}

static inline void
buffer_putc(struct buffer *b, char c)
{
	buffer_add(b, &c, 1);
}

void buffer_puts(struct buffer *b, const char *text);
void buffer_printf(struct buffer *b, const char *format, ...) PRINTF(2, 3);
void buffer_vprintf(struct buffer *b, const char *format, va_list args)
    PRINTF(2, 0);

#endif
