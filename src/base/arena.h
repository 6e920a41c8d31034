/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory with the lifetime of one request (or one command): taken piece by
 * piece, given back whole. Allocation never fails: out of memory ends the
 * process, which its master replaces.
 */
#ifndef REEVE_BASE_ARENA_H
#define REEVE_BASE_ARENA_H

#include <stddef.h>

#include "base/attr.h"

struct arena;

/* A new arena whose first chunk holds chunk_bytes and is kept by resets. */
struct arena *arena_new(size_t chunk_bytes);

/* Resets and frees *a, and sets it to NULL. NULL is fine. */
void arena_free(struct arena **a);

/*
 * Runs the deferred functions, last first, then forgets every allocation.
 * Memory handed out before is poisoned under AddressSanitizer.
 */
void arena_reset(struct arena *a);

/* Zeroed memory, aligned for any type. bytes may be 0 (a unique pointer). */
void *arena_alloc(struct arena *a, size_t bytes);

/*
 * Copies that end in NUL; arena_strndup's of at most length bytes.
 * arena_strdup(a, NULL) is NULL.
 */
char *arena_strdup(struct arena *a, const char *text);
char *arena_strndup(struct arena *a, const char *text, size_t length);
/* A copy with ASCII letters in lower case; of NULL: NULL. */
char *arena_lower(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *format, ...) PRINTF(2, 3);

/*
 * Calls fn(arg) when the arena is reset or freed: the one way to tie a foreign
 * resource (a json-c object, a result set) to a request.
 */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

#endif
