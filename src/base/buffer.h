/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing text on an arena. Without a limit it is never cut off: out of
 * memory ends the process, as in the arena. With a limit, single writes do not
 * fail: past the limit the buffer is marked failed and ignores further writes,
 * and the code that set the limit checks once at the end.
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
	size_t limit;    /* max bytes */
	bool failed;     /* past the limit: text is cut off, do not use it */
};

/* Makes an empty buffer that may grow to limit bytes; 0: no limit. */
void buffer_init(struct buffer *b, struct arena *a, size_t limit);

/* Forgets the text and keeps the room; a failed buffer stays failed. */
static inline void
buffer_clear(struct buffer *b)
{
	b->length = 0;
	b->text[0] = '\0';
}

/* Reserves room for this many further bytes, if the number is known. */
void buffer_reserve(struct buffer *b, size_t bytes);

/* The part of buffer_add() that has to grow the buffer. */
void buffer_add_growing(struct buffer *b, const char *bytes, size_t length);

/* Inline, because an answer is written in thousands of small pieces. */
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
