/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The entries of a change in the audit trail, and the messages to bookkeepers that
 * go with them. */
#ifndef REEVE_SERVICE_TRAIL_H
#define REEVE_SERVICE_TRAIL_H

#include "base/ids.h"
#include "service/part.h"

/* An entry of one invoice, and where money moves its message; id is set. */
struct problem *trail_invoice(const struct part *part,
    const struct invoice *invoice, char id[MONTH_ID_SIZE]) MUSTCHECK;

/* All entries of one account. everything: also of what no invoice shows. */
struct problem *trail_part(struct part *part, const struct invoices *annotated,
    bool everything) MUSTCHECK;

#endif
