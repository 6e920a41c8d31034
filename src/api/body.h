/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bodies of requests: read in one place, each held against the schema that the
 * route's row names. Clients add members of their own to any body (ui_metadata,
 * accept_charges): no schema and no handler sees those.
 */
#ifndef REEVE_API_BODY_H
#define REEVE_API_BODY_H

#include "api/call.h"
#include "billing/schema_names.h"

/*
 * Holds the body against a schema and sets c->body; SCHEMA_NONE: does nothing.
 * Problems: VALIDATION naming every member that is wrong; "data" when it is the
 * body itself.
 */
struct problem *body_read(struct call *c, enum schema_name schema) MUSTCHECK;

/* accept_charges, in data, query or envelope. */
bool body_accepts_charges(const struct call *c);

/* "merge": true in the envelope, or PATCH. */
bool body_merges(const struct call *c);

#endif
