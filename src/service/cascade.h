/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a change adds to the accounts above: only quantities of 1 and more count
 * there. The whole path is locked (SERVICE_LOCK_PATH), and before and after of
 * the part below are set. Problems: BAD_IDENTIFIER (an account above),
 * VALIDATION of "cascade" (overflow), those of the database.
 */
#ifndef REEVE_SERVICE_CASCADE_H
#define REEVE_SERVICE_CASCADE_H

#include "service/part.h"

/* An account above, before and after what changes below it; nothing is
 * written. */
struct problem *cascade_price(const struct part *below,
    const char *ancestor_id, struct service *before, struct service *after,
    struct invoices *annotated) MUSTCHECK;

/* Brings what changes below into one account above. */
struct problem *cascade_to(const struct part *below, const char *ancestor_id)
    MUSTCHECK;

/* Brings it into all accounts above, if the account's own table changed. */
struct problem *cascade_all(const struct part *part) MUSTCHECK;

#endif
