/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quantities of an account after what was imported for it was replaced. It asks
 * and tells nobody, and writes no entry: the system that the documents come from
 * has done so. The caller holds the lock of the account's path.
 */
#ifndef REEVE_SERVICE_IMPORTED_QUANTITIES_H
#define REEVE_SERVICE_IMPORTED_QUANTITIES_H

#include "store/services.h"

/*
 * Sets the own quantities of an account to what its objects add up to and what no
 * object explains, and changes the cascades of its ancestors by the difference.
 * rest: the latter from now on; NULL: as it is. before: its services as they are
 * now. Problems: VALIDATION (overflow).
 */
struct problem *imported_quantities_settle(struct db *db, struct arena *a,
    const struct service *before, const struct quantity_table *rest,
    int64_t now) MUSTCHECK;

#endif
