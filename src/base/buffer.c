/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NO_LIMIT (SIZE_MAX / 8)
#define FIRST_CAPACITY ((size_t)256)

static size_t
lesser(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Marks the buffer failed, or ends the process if it has no limit. */
static void
fail(struct buffer *b)
{
	if (b->limit == NO_LIMIT)
		arena_alloc(b->arena, SIZE_MAX); /* ends the process */
	b->failed = true;
}

/* Reserves room for more bytes and the NUL. False: the buffer has failed. */
static bool
reserve(struct buffer *b, size_t more)
{
	size_t capacity;
	char *text;

	if (b->failed)
		return false;
	if (more > b->limit - b->length) {
		fail(b);
		return false;
	}
	if (more < b->capacity - b->length)
		return true;
	capacity = b->capacity;
	while (capacity - b->length <= more)
		capacity *= 2;
	capacity = lesser(capacity, b->limit + 1);
	text = arena_room(b->arena, capacity);
	memcpy(text, b->text, b->length + 1);
	b->text = text;
	b->capacity = capacity;
	return true;
}

void
buffer_init(struct buffer *b, struct arena *a, size_t limit)
{
	b->arena = a;
	b->limit = limit == 0 ? NO_LIMIT : lesser(limit, NO_LIMIT - 1);
	b->capacity = lesser(FIRST_CAPACITY, b->limit + 1);
	b->text = arena_room(a, b->capacity);
	b->text[0] = '\0';
	b->length = 0;
	b->failed = false;
}

void
buffer_reserve(struct buffer *b, size_t bytes)
{
	/* Reserving more than the limit is not a failure yet. */
	if (!b->failed && bytes <= b->limit - b->length)
		(void)reserve(b, bytes);
}

void
buffer_add_growing(struct buffer *b, const char *bytes, size_t length)
{
	if (length == 0 || !reserve(b, length))
		return;
	memcpy(b->text + b->length, bytes, length);
	b->length += length;
	b->text[b->length] = '\0';
}

void
buffer_puts(struct buffer *b, const char *text)
{
	buffer_add(b, text, strlen(text));
}

void
buffer_vprintf(struct buffer *b, const char *format, va_list args)
{
	size_t room = b->capacity - b->length;
	va_list again;
	int length;

	if (b->failed)
		return;
	va_copy(again, args);
	length = vsnprintf(b->text + b->length, room, format, args);
	if (length >= 0 && (size_t)length >= room) {
		/* It was cut off: grow, and print again. */
		b->text[b->length] = '\0';
		if (reserve(b, (size_t)length))
			vsnprintf(b->text + b->length, (size_t)length + 1,
			    format, again);
	}
	va_end(again);
	if (length < 0)
		fail(b);
	if (b->failed)
		b->text[b->length] = '\0';
	else
		b->length += (size_t)length;
}

void
buffer_printf(struct buffer *b, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buffer_vprintf(b, format, args);
	va_end(args);
}
