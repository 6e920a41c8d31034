/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What bodies about services say, read into proposals. Clients
 * add things of their own to every body; those are nobody's category or plan.
 */
#ifndef REEVE_API_SERVICE_BODY_H
#define REEVE_API_SERVICE_BODY_H

#include "api/call.h"
#include "service/assignment.h"
#include "store/services.h"

/*
 * The request's data without ui_metadata and accept_charges. Problems:
 * VALIDATION when it is no object.
 */
struct problem *service_body(struct call *c, struct json_object **out)
    MUSTCHECK;

/* The same of one element of it. */
struct problem *service_body_of(struct call *c, struct json_object *data,
    struct json_object **out) MUSTCHECK;

/* accept_charges, in data, query or envelope. */
bool service_charges_accepted(const struct call *c);

/* "merge": true in the envelope, or PATCH. */
bool service_merges(const struct call *c);

/*
 * Takes plans into a proposal: those of "add" (or else "plans"), then those of
 * "delete" out of it, then account-wide "overrides". Problems: VALIDATION
 * naming the member; BAD_IDENTIFIER of a plan that the account's reseller does
 * not offer, or that is to be deleted and not assigned.
 */
struct problem *service_take_plans(struct call *c, struct json_object *body,
    struct service *proposed) MUSTCHECK;

/* The plans of a proposal, as the request changes them. */
struct assignment service_assignment(struct call *c, struct service *proposed);

/* Unassigns those of a list of ids; name: of the list, in problems. */
struct problem *service_unassign_all(struct call *c, struct service *proposed,
    struct json_object *list, const char *name) MUSTCHECK;

#endif
