/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The effect of bookkeepers' answers on the standing of accounts. */
#ifndef REEVE_SERVICE_STANDING_H
#define REEVE_SERVICE_STANDING_H

#include "base/config.h"
#include "billing/bookkeeper.h"
#include "store/db.h"

/*
 * Updates the standing of an account's payer after an answer: delinquent after
 * DELINQUENT; good again after DONE from a bookkeeper that moves money, if a
 * bookkeeper had made the payer delinquent; else unchanged. Only a bookkeeper
 * that the payer's own seller assigned to the account decides. It is audited as
 * any change. The caller opens the transaction.
 */
struct problem *standing_note(struct db *db, struct arena *a,
    const struct config *config, const struct bookkeeper_request *request,
    const struct bookkeeper_answer *answer, int64_t now) MUSTCHECK;

#endif
