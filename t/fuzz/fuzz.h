/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shared parts of fuzz targets. A target reads its input with a function of Reeve,
 * as Reeve does, and demands what must hold whatever the input is.
 */
#ifndef REEVE_T_FUZZ_H
#define REEVE_T_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/json.h"
#include "base/problem.h"
#include "base/utf8.h"

/* libFuzzer calls it with each input; it returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

#define demand(property) \
	fuzz_demand(property, __FILE__, __LINE__, #property)

static inline void
fuzz_demand(bool holds, const char *file, int line, const char *property)
{
	if (holds)
		return;
	fprintf(stderr, "%s:%d: it does not hold that %s\n", file, line,
	    property);
	abort();
}

static inline bool
fuzz_same(const char *text, const char *other)
{
	return strcmp(text, other) == 0;
}

static inline bool
fuzz_is_utf8(const char *text)
{
	size_t left = strlen(text), n;

	for (; left > 0; text += n, left -= n)
		if ((n = utf8_length(text, left)) == 0)
			return false;
	return true;
}

/* A refusal by a rule of the input's form, which says where and why. */
static inline void
fuzz_demand_invalid(const struct problem *p)
{
	demand(p->kind == PROBLEM_VALIDATION && p->status == 400);
	demand(p->field != NULL && p->field[0] != '\0');
	demand(json_object_is_type(p->data, json_type_object) &&
	    json_object_object_length(p->data) > 0);
}

/* ---- inputs in parts ---- */

struct fuzz_part {
	const char *text;
	size_t length;
};

/* Takes what stands before the first separator; the separator is skipped. */
static inline struct fuzz_part
fuzz_take(struct fuzz_part *rest, const char *separator)
{
	struct fuzz_part part = *rest;
	size_t n = strlen(separator);
	const char *end = memmem(rest->text, rest->length, separator, n);

	if (end == NULL) {
		rest->text += rest->length;
		rest->length = 0;
		return part;
	}
	part.length = (size_t)(end - part.text);
	rest->text += part.length + n;
	rest->length -= part.length + n;
	return part;
}

static inline const char *
fuzz_text(struct arena *a, struct fuzz_part part)
{
	return arena_strndup(a, part.text, part.length);
}

/* The value of a text that must be JSON. */
static inline struct json_object *
fuzz_parse(struct arena *a, const char *text)
{
	const char *error = "";
	struct json_object *tree = json_parse(a, text, strlen(text), &error);

	demand(tree != NULL);
	return tree;
}

/* The JSON value of a part, copied so that ASan sees a step beyond it; NULL: it
 * is none. */
static inline struct json_object *
fuzz_json(struct arena *a, struct fuzz_part part, const char **error)
{
	char *copy = malloc(part.length);
	struct json_object *tree;

	memcpy(copy, part.text, part.length);
	tree = json_parse(a, copy, part.length, error);
	free(copy);
	return tree;
}

/* ---- inputs as files ---- */

/* A file in memory, whose path is what a reader opens. */
struct fuzz_file {
	int fd;
	char path[32];
};

static inline void
fuzz_write(struct fuzz_file *file, struct fuzz_part part)
{
	if (file->path[0] == '\0') {
		file->fd = memfd_create("input", 0);
		demand(file->fd >= 0);
		snprintf(file->path, sizeof(file->path), "/proc/self/fd/%d",
		    file->fd);
	}
	demand(ftruncate(file->fd, 0) == 0);
	demand(pwrite(file->fd, part.text, part.length, 0) ==
	    (ssize_t)part.length);
}

#endif
