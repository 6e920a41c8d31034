/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantities counted anew from the objects they are of. */
#ifndef REEVE_SERVICE_RECOUNT_H
#define REEVE_SERVICE_RECOUNT_H

#include "billing/number_class.h"
#include "store/services.h"

/*
 * Counts all objects of an account anew into the account table of service, a
 * change's proposal; what was taken over from elsewhere and no object explains
 * stays. write: the sources, too, are written anew.
 */
struct problem *objects_recount(struct db *db, struct arena *a,
    const struct number_classes *classes, struct service *service, bool write)
    MUSTCHECK;

#endif
