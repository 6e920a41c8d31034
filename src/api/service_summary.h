/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forms in which an account's services are shown as a whole. */
#ifndef REEVE_API_SERVICE_SUMMARY_H
#define REEVE_API_SERVICE_SUMMARY_H

#include "api/call.h"
#include "store/services.h"

/* When the request came, and whether what it changes is billed by day. */
struct proration summary_proration(const struct call *c);

/* The summary; the arena's. */
struct problem *summary_of_service(struct call *c,
    const struct service *service, const struct invoices *invoices,
    struct json_object **out) MUSTCHECK;

/*
 * The form of before 4.3 (rules/bookkeepers 5), priced; the arena's. Problems:
 * VALIDATION (overflow).
 */
struct problem *summary_earlier_form(struct call *c,
    const struct service *service, struct json_object **out) MUSTCHECK;

#endif
