/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The memory limit of a process, and the end of a request that reaches it.
 *
 * Memory of requests comes from an arena or from json-c, and no caller checks
 * those for failure: if memory is exhausted, the guard takes over, or without
 * one the process ends with status 71. The linker puts the functions of
 * memory.c in front of those of json-c that allocate (Makefile.am).
 */
#ifndef REEVE_BASE_MEMORY_H
#define REEVE_BASE_MEMORY_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* Limits the process's memory; 0: no limit. Has no effect with sanitizers, which
 * reserve memory of their own. */
void memory_limit(int64_t bytes);

/* True if this many bytes could be allocated now. */
bool memory_has_room(size_t bytes) MUSTCHECK;

/* Returns zeroed memory, shared with children forked later; NULL: no memory. */
void *memory_shared(size_t bytes) MUSTCHECK;

/*
 * Sets the place to continue at when memory is exhausted; NULL: none. The code
 * there forgets all that was going on: it resets the arena and gives up a
 * connection in the middle of a call.
 */
void memory_guard(jmp_buf *guard);

/* Continues at the guard, or ends the process and says how many bytes were
 * wanted; 0: not known. */
void memory_exhausted(size_t bytes) NORETURN;

/* Returns unused memory to the system; for after a large request. */
void memory_trim(void);

#endif
