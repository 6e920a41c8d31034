/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A document as a client sees it: its keys in one order, so that one state has
 * one ETag, and If-Match can tell whether the client has seen it.
 */
#ifndef REEVE_API_ENTITY_H
#define REEVE_API_ENTITY_H

#include "api/call.h"

/*
 * PRECONDITION unless If-Match, if sent, names the ETag of current, which is
 * what GET of this resource shows now.
 */
struct problem *entity_match(const struct call *c,
    struct json_object *current) MUSTCHECK;

/* As entity_match, of a document that is shown as this text, or these bytes. */
struct problem *entity_match_text(const struct call *c,
    const char *current) MUSTCHECK;
struct problem *entity_match_bytes(const struct call *c, const void *current,
    size_t length) MUSTCHECK;

/* {"id", "name"}, of an account; name may be NULL. */
struct json_object *entity_named(const char *id, const char *name);

/* Answers with a tree, its keys in one order: of one state, one ETag. */
void entity_answer(struct call *c, struct json_object *tree);

#endif
