/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The effect of a change on the ancestors: only quantities of 1 and more count
 * there. The whole path is locked (SERVICE_LOCK_PATH), and before and after of
 * the descendant's part are set. Problems: BAD_IDENTIFIER (an ancestor),
 * VALIDATION of "cascade" (overflow), those of the database.
 */
#ifndef REEVE_SERVICE_CASCADE_H
#define REEVE_SERVICE_CASCADE_H

#include "service/part.h"

/* Prices an ancestor before and after a change of a descendant; nothing is
 * written. */
struct problem *cascade_price(const struct part *descendant,
    const char *ancestor_id, struct service *before, struct service *after,
    struct invoices *annotated) MUSTCHECK;

/* Applies a change of a descendant to one ancestor. */
struct problem *cascade_apply(const struct part *descendant,
    const char *ancestor_id)
    MUSTCHECK;

/* Applies a change to all ancestors, if the account's own table changed. */
struct problem *cascade_all(const struct part *part) MUSTCHECK;

#endif
