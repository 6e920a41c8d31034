/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads documents from files: JSON lines, or one dump {"docs": [...]} or
 * {"rows": [{"doc": ...}]} in any layout. One document is in memory at a time. A
 * byte order mark before a file or a line does not count.
 */
#ifndef REEVE_CTL_IMPORT_READER_H
#define REEVE_CTL_IMPORT_READER_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/attr.h"

/* One document, or the reason why it cannot be read. */
struct import_item {
	const char *file;
	int64_t line;     /* from 1; in a dump: the document's number */
	int64_t offset;   /* bytes of the file read so far */
	struct json_object *document; /* NULL: see reason; on the arena */
	const char *reason;
};

/*
 * Calls each(state, item) for every document of a file until it returns false.
 * The arena lives for that call only. False: the file cannot be read, *error
 * (static) says why.
 */
bool import_read(const char *path,
    bool (*each)(void *state, struct arena *item_arena,
    const struct import_item *item), void *state, const char **error) MUSTCHECK;

/* Copies what is left of a file to another. False: errno says why. */
bool import_copy(FILE *from, FILE *to) MUSTCHECK;

/* The size of a file in bytes; 0: not known. */
int64_t import_size(const char *path);

#endif
