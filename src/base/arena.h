/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory with the lifetime of one request (or one command): allocated piece by
 * piece, freed as a whole. Allocation never fails: out of memory ends the
 * request or the process (base/memory.h).
 */
#ifndef REEVE_BASE_ARENA_H
#define REEVE_BASE_ARENA_H

#include <stddef.h>

#include "base/attr.h"

struct arena;

/* Makes an arena. Its first chunk has chunk_bytes and is kept by resets. */
struct arena *arena_new(size_t chunk_bytes);

/* Makes an arena that ends with another, for work that is reset in between. */
struct arena *arena_new_within(struct arena *outer, size_t chunk_bytes);

/* Resets and frees *a, and sets it to NULL. *a may be NULL. */
void arena_free(struct arena **a);

/*
 * Runs the deferred functions, last first, then frees every allocation. The
 * memory is poisoned under AddressSanitizer.
 */
void arena_reset(struct arena *a);

/* Returns zeroed memory, aligned for any type; for 0 bytes a unique pointer. */
void *arena_alloc(struct arena *a, size_t bytes);
/* The same, not zeroed: for bytes that are written anyway. */
void *arena_room(struct arena *a, size_t bytes);

/*
 * Return copies that end in NUL; arena_strndup copies at most length bytes.
 * arena_strdup(a, NULL) is NULL.
 */
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t length);
/* Returns a copy with ASCII letters in lower case; of NULL: NULL. */
char *arena_lower(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *format, ...) PRINTF(2, 3);

/*
 * Calls fn(arg) when the arena is reset or freed. This is how a foreign
 * resource (a json-c object, a result set) is tied to a request.
 */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);

/* Returns the bytes allocated since the last reset. */
size_t arena_used(const struct arena *a);

#endif
