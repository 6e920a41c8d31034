/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stored objects as clients see them, made of their texts without a tree. For
 * documents that were written as canonical text: what is copied is already what
 * printing a tree would give.
 */
#ifndef REEVE_BASE_JSON_SPLICE_H
#define REEVE_BASE_JSON_SPLICE_H

#include "base/buffer.h"

/* A member that is shown in the place of the stored one, or behind the others
 * if there is none. */
struct json_patch {
	const char *name; /* ASCII that needs no escape */
	const char *text; /* JSON; NULL: the stored member is shown, if any */
};

#define JSON_PATCHES_MAX 8

/* Writes an object as json_public_copy() copies it, with members patched. */
void json_splice(struct buffer *out, const char *text, size_t length,
    const struct json_patch *patches, size_t count);

#endif
