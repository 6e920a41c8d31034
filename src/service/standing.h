/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What bookkeepers' answers mean for the standing of accounts. */
#ifndef REEVE_SERVICE_STANDING_H
#define REEVE_SERVICE_STANDING_H

#include "base/config.h"
#include "billing/bookkeeper.h"
#include "store/db.h"

/*
 * The standing that an answer gives who pays for an account: delinquent after
 * DELINQUENT; good again after DONE of one that was asked, if a bookkeeper had
 * made it delinquent; else as it was. In a transaction of the caller's; audited
 * as any change.
 */
struct problem *standing_note(struct db *db, struct arena *a,
    const struct config *config, const struct bookkeeper_request *request,
    const struct bookkeeper_answer *answer, int64_t now) MUSTCHECK;

#endif
