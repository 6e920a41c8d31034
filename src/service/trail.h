/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the audit entries of a change and the messages to bookkeepers. The
 * account's services are locked. Also reads the entries of a trail.
 */
#ifndef REEVE_SERVICE_TRAIL_H
#define REEVE_SERVICE_TRAIL_H

#include "base/ids.h"
#include "service/part.h"
#include "store/audit.h"

/*
 * Writes the entry of one invoice, and its message if money moves. If
 * part->audited is false, only the message is written, under id, without an
 * entry.
 */
struct problem *trail_write_invoice(const struct part *part,
    const struct invoice *invoice, char id[MONTH_ID_SIZE]) MUSTCHECK;

/* Writes all entries of one account; sets part->audited. everything: write an
 * entry even if no invoice changed. */
struct problem *trail_write_part(struct part *part,
    const struct invoices *annotated, bool everything) MUSTCHECK;

/*
 * Called with each entry of an account, of both forms, in the order of writing.
 * document includes the outcome and is valid during the call. Return false to
 * stop.
 */
typedef bool trail_fn(void *state, const struct audit_entry *entry,
    struct json_object *document);

struct problem *trail_each(struct db *db, struct arena *a,
    const char *account_id, trail_fn *fn, void *state) MUSTCHECK;

#endif
