/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a change adds to the accounts above. */
#ifndef REEVE_SERVICE_CASCADE_H
#define REEVE_SERVICE_CASCADE_H

#include "service/part.h"

/* An account above, before and after what changes below it. Problems:
 * VALIDATION (overflow). */
struct problem *cascade_price(const struct part *below,
    const char *ancestor_id, struct service *before, struct service *after,
    struct invoices *annotated) MUSTCHECK;

/* Brings what changes below into one account above. */
struct problem *cascade_to(const struct part *below, const char *ancestor_id)
    MUSTCHECK;

/* Brings it into all accounts above. */
struct problem *cascade_all(const struct part *part) MUSTCHECK;

#endif
