/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#if ADDRESS_SANITIZER
#include <sanitizer/asan_interface.h>
#define RED_ZONE 16
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define RED_ZONE 0
#endif

/* No honest request is this large; the limit also keeps sums from wrapping. */
#define ALLOC_MAX (SIZE_MAX / 4)

struct chunk {
	struct chunk *older;
	size_t size;
	size_t taken;
	alignas(max_align_t) char bytes[];
};

struct defer {
	struct defer *older;
	void (*fn)(void *);
	void *arg;
};

struct arena {
	struct chunk *first;   /* the oldest, kept by resets */
	struct chunk *current; /* the one that is being filled */
	struct defer *defers;
	size_t used;
};

static struct chunk *
chunk_new(size_t size)
{
	struct chunk *c;

	if (size > ALLOC_MAX)
		memory_exhausted(size);
	c = malloc(sizeof(*c) + size);
	if (c == NULL)
		memory_exhausted(size);
	c->older = NULL;
	c->size = size;
	c->taken = 0;
	ASAN_POISON_MEMORY_REGION(c->bytes, c->size);
	return c;
}

static void
chunk_free(struct chunk *c)
{
	ASAN_UNPOISON_MEMORY_REGION(c->bytes, c->size);
	free(c);
}

/* Returns a chunk with room for bytes: the current one, or a new one. */
static struct chunk *
chunk_with_room(struct arena *a, size_t bytes)
{
	struct chunk *c;

	if (bytes <= a->current->size - a->current->taken)
		return a->current;
	if (bytes > a->first->size) {
		/* A separate chunk, inserted behind the current one, whose
		 * rest stays in use. */
		c = chunk_new(bytes);
		c->older = a->current->older;
		a->current->older = c;
		return c;
	}
	c = chunk_new(a->first->size);
	c->older = a->current;
	a->current = c;
	return c;
}

static void
run_defers(struct arena *a)
{
	struct defer *d;

	while ((d = a->defers) != NULL) {
		a->defers = d->older;
		d->fn(d->arg);
	}
}

struct arena *
arena_new(size_t chunk_bytes)
{
	struct arena *a;

	a = calloc(1, sizeof(*a));
	if (a == NULL)
		memory_exhausted(sizeof(*a));
	a->first = chunk_new(chunk_bytes);
	a->current = a->first;
	return a;
}

void
arena_free(struct arena **a)
{
	if (a == NULL || *a == NULL)
		return;
	arena_reset(*a);
	chunk_free((*a)->first);
	free(*a);
	*a = NULL;
}

void
arena_reset(struct arena *a)
{
	struct chunk *c, *older;

	run_defers(a);
	/* A big chunk may follow the first one, so the first is not always the
	 * last of the list. */
	for (c = a->current; c != NULL; c = older) {
		older = c->older;
		if (c != a->first)
			chunk_free(c);
	}
	a->first->older = NULL;
	a->first->taken = 0;
	ASAN_POISON_MEMORY_REGION(a->first->bytes, a->first->size);
	a->current = a->first;
	a->used = 0;
}

void *
arena_room(struct arena *a, size_t bytes)
{
	const size_t align = alignof(max_align_t);
	struct chunk *c;
	size_t taking;
	void *p;

	if (bytes > ALLOC_MAX - RED_ZONE - align)
		memory_exhausted(bytes);
	taking = bytes == 0 ? 1 : bytes;
	taking = (taking + align - 1) / align * align + RED_ZONE;
	c = chunk_with_room(a, taking);
	p = c->bytes + c->taken;
	c->taken += taking;
	a->used += bytes;
	ASAN_UNPOISON_MEMORY_REGION(p, bytes);
	return p;
}

void *
arena_alloc(struct arena *a, size_t bytes)
{
	return memset(arena_room(a, bytes), 0, bytes);
}

char *
arena_strdup(struct arena *a, const char *text)
{
	if (text == NULL)
		return NULL;
	return arena_strndup(a, text, strlen(text));
}

char *
arena_strndup(struct arena *a, const char *text, size_t length)
{
	char *copy;

	if (length >= ALLOC_MAX)
		memory_exhausted(length);
	length = length == 0 ? 0 : strnlen(text, length);
	copy = arena_room(a, length + 1);
	if (length > 0)
		memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *
arena_lower(struct arena *a, const char *text)
{
	char *copy = arena_strdup(a, text), *c;

	for (c = copy; c != NULL && *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
	return copy;
}

char *
arena_printf(struct arena *a, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	va_start(args, format);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		memory_exhausted(SIZE_MAX); /* a text beyond INT_MAX */
	text = arena_room(a, (size_t)length + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
	struct defer *d;

	d = arena_alloc(a, sizeof(*d));
	d->fn = fn;
	d->arg = arg;
	d->older = a->defers;
	a->defers = d;
}

static void
free_inner(void *arena)
{
	struct arena *inner = arena;

	arena_free(&inner);
}

struct arena *
arena_new_within(struct arena *outer, size_t chunk_bytes)
{
	struct arena *inner = arena_new(chunk_bytes);

	arena_defer(outer, free_inner, inner);
	return inner;
}

size_t
arena_used(const struct arena *a)
{
	return a->used;
}
