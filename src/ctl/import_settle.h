/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Own quantities after an import since a moment. An account has what its objects
 * here count as, and what no object explained in the system that the dump comes
 * from: what the dump's services document says beyond the dump's objects. So an
 * object that was changed, made or deleted here counts as it is here, once,
 * whatever that document says; and a recount finds the same.
 *
 * Of objects that were imported and are not in the dump, those here count as if
 * they were: a part of a dump adds nothing. Quantities of an account without a
 * services document in the dump follow its objects alone.
 */
#ifndef REEVE_CTL_IMPORT_SETTLE_H
#define REEVE_CTL_IMPORT_SETTLE_H

#include "ctl/command.h"
#include "ctl/import_document.h"

struct import_settle;

/* Problems: FAULT (the configuration). */
struct problem *import_settle_new(struct ctl *ctl, struct import_settle **out)
    MUSTCHECK;
void import_settle_free(struct import_settle **settle);

/* Remembers what a document of the dump counts as. The arena is for the call. */
void import_settle_see(struct import_settle *settle,
    const struct importer *importer, struct arena *a,
    struct json_object *document);

/* differences: "CATEGORY.ITEM HERE (THERE there), ...". */
typedef void import_settle_tell(void *state, const char *account_id,
    const char *differences);

/*
 * Settles the quantities of each account, and tells those that count otherwise
 * here than in the dump. Problems: those of the database; FAULT (a temporary
 * file).
 */
struct problem *import_settle_accounts(struct import_settle *settle,
    const struct importer *importer, import_settle_tell *tell, void *state)
    MUSTCHECK;

#endif
