/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns of paths: words between slashes, where "*" stands for one word and
 * "#" for any number. Pure. */
#ifndef REEVE_BASE_PATH_PATTERN_H
#define REEVE_BASE_PATH_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

/* The words of a path, in order. */
struct path {
	const char *const *words;
	size_t count;
};

/*
 * Does a pattern fit the whole path? Slashes at its ends count for nothing, so
 * "" and "/" fit the path without words. It takes at most as many steps as the
 * product of both lengths, and no memory.
 */
bool path_pattern_fits(const char *pattern, size_t length,
    const struct path *path);

#endif
