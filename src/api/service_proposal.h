/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Takes the plans of request bodies into proposals. */
#ifndef REEVE_API_SERVICE_PROPOSAL_H
#define REEVE_API_SERVICE_PROPOSAL_H

#include "api/call.h"
#include "service/assignment.h"
#include "store/services.h"

/* The plans of a proposal, as the request changes those that the account has;
 * current is lent. */
struct assignment proposal_assignment(struct call *c,
    const struct service *current, struct service *proposed);

/*
 * Takes plans into a proposal: those of "add" (or else "plans"), then those of
 * "delete" out of it, then account-wide "overrides". Problems: VALIDATION
 * naming the member; BAD_IDENTIFIER of a plan that the account's reseller does
 * not offer, or that is to be deleted and not assigned.
 */
struct problem *proposal_take_plans(struct call *c,
    const struct assignment *assignment) MUSTCHECK;

/* Does the body name plans to be assigned? */
bool proposal_names_plans(const struct call *c);

/* *only: the body names plans, and all of them are this vendor's. Problems:
 * VALIDATION naming the list. */
struct problem *proposal_names_only_plans_of(struct call *c,
    const char *vendor_id, bool *only) MUSTCHECK;

/* Unassigns those of a list of ids; name: of the list, in problems. */
struct problem *proposal_unassign_all(const struct assignment *assignment,
    struct json_object *list, const char *name) MUSTCHECK;

#endif
