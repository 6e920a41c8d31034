/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bodies of requests: read in one place, each checked by the schema that the
 * route's row names. Clients add members of their own to any body (ui_metadata,
 * accept_charges); they are removed before the schema and the handler see it.
 */
#ifndef REEVE_API_BODY_H
#define REEVE_API_BODY_H

#include "api/call.h"
#include "billing/schema_names.h"

/*
 * Checks the body by a schema and sets c->body; SCHEMA_NONE: does nothing.
 * Problems: VALIDATION naming every wrong member, or "data" for the body
 * itself.
 */
struct problem *body_read(struct call *c, enum schema_name schema) MUSTCHECK;

/* True if accept_charges is set in data, query or envelope. */
bool body_accepts_charges(const struct call *c);

/* True for PATCH, and for "merge": true in the envelope. */
bool body_merges(const struct call *c);

#endif
