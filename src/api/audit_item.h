/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An audit entry as lists show it (rules/audit 7). */
#ifndef REEVE_API_AUDIT_ITEM_H
#define REEVE_API_AUDIT_ITEM_H

#include "base/arena.h"
#include "store/audit_search.h"

/* JSON text of the arena's. found: also the account, who made the change, with
 * what request, and what changed; NULL: not these. */
const char *search_item_text(struct arena *a, const struct audit_entry *entry,
    const struct audit_found *found);

#endif
