/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The entries of a change in the audit trail, and the messages to bookkeepers
 * that go with them. The account's services are locked.
 */
#ifndef REEVE_SERVICE_TRAIL_H
#define REEVE_SERVICE_TRAIL_H

#include "base/ids.h"
#include "service/part.h"
#include "store/audit.h"

/*
 * An entry of one invoice, and where money moves its message. Where part->audited
 * is false there is only the message; id names it, and no entry.
 */
struct problem *trail_invoice(const struct part *part,
    const struct invoice *invoice, char id[MONTH_ID_SIZE]) MUSTCHECK;

/* All entries of one account; sets part->audited. everything: an entry also where
 * no invoice changed. */
struct problem *trail_part(struct part *part, const struct invoices *annotated,
    bool everything) MUSTCHECK;

/*
 * Called with each entry of an account, of both forms, in the order in which
 * they were written; document has its outcome and lasts for the call. False
 * ends it.
 */
typedef bool trail_fn(void *state, const struct audit_entry *entry,
    struct json_object *document);

struct problem *trail_each(struct db *db, struct arena *a,
    const char *account_id, trail_fn *fn, void *state) MUSTCHECK;

#endif
