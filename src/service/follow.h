/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts whose plans are not pinned to a version follow the newest one. */
#ifndef REEVE_SERVICE_FOLLOW_H
#define REEVE_SERVICE_FOLLOW_H

#include "store/services.h"

/* Takes the newest version of every plan that is not pinned to one, and keeps
 * it from being deleted until the transaction ends. */
struct problem *service_follow_plans(struct db *db, struct arena *a,
    struct service *service) MUSTCHECK;

#endif
