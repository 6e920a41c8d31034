/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Quantities of an account after what was imported for it was replaced: they
 * become what they were if the new documents had been the first. Nobody is
 * asked and told, and no entry is written: the system that the documents come
 * from has done so. The caller holds the lock of the account's path.
 */
#ifndef REEVE_SERVICE_IMPORTED_QUANTITIES_H
#define REEVE_SERVICE_IMPORTED_QUANTITIES_H

#include "store/services.h"

/*
 * Sets the own quantities of an account to those that its imported services
 * document names, or to what its objects add up to where that is more, and
 * changes the cascades of its ancestors by the difference. before: its services
 * as they are now. Problems: VALIDATION (overflow).
 */
struct problem *imported_quantities_settle(struct db *db, struct arena *a,
    const struct service *before, const struct quantity_table *named,
    int64_t now) MUSTCHECK;

#endif
