/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/audit_search.h"

#include <stdlib.h>
#include <string.h>

static const struct field search_parameters[] = {
	FIELD(TEXT, struct audit_search, top),
	FIELD(BOOL, struct audit_search, below),
	FIELD(TEXT, struct audit_search, service),
	FIELD(TEXT, struct audit_search, who),
	FIELD_AS("request", TEXT, struct audit_search, request_id),
	FIELD_AS("low_created", INTEGER, struct audit_search, low.created),
	FIELD_AS("low_account", TEXT, struct audit_search, low.account_id),
	FIELD_AS("low_sequence", INTEGER, struct audit_search, low.sequence),
	FIELD_AS("high_created", INTEGER, struct audit_search, high.created),
	FIELD_AS("high_account", TEXT, struct audit_search, high.account_id),
	FIELD_AS("high_sequence", INTEGER, struct audit_search, high.sequence),
	FIELD(INTEGER, struct audit_search, limit),
};

static const struct field found_columns[] = {
	FIELD_AS("account_id", TEXT, struct audit_found, entry.account_id),
	FIELD(TEXT, struct audit_found, account_name),
	FIELD_AS("id", TEXT, struct audit_found, entry.id),
	FIELD_AS("created", INTEGER, struct audit_found, entry.created),
	FIELD_AS("recorded", INTEGER, struct audit_found, entry.recorded),
	FIELD_AS("sequence", INTEGER, struct audit_found, entry.sequence),
	FIELD_AS("status", TEXT, struct audit_found, entry.status),
	FIELD_AS("reason", TEXT, struct audit_found, entry.reason),
	FIELD_AS("message", TEXT, struct audit_found, entry.message),
	FIELD_AS("document", TEXT, struct audit_found, entry.document),
	FIELD_AS("line_items", TEXT, struct audit_found, lines),
};

static const struct db_procedure audit_search_list_call = {
	PROCEDURE(AUDIT_SEARCH_LIST, "audit_search_list", READ),
	TAKES(search_parameters),
	GIVES(struct audit_found, found_columns),
};

static int
newest_first(const void *x, const void *y)
{
	const struct audit_entry *a = &((const struct audit_found *)x)->entry;
	const struct audit_entry *b = &((const struct audit_found *)y)->entry;
	int order = (a->created < b->created) - (a->created > b->created);

	if (order == 0)
		order = strcmp(b->account_id, a->account_id);
	return order != 0 ? order :
	    (a->sequence < b->sequence) - (a->sequence > b->sequence);
}

struct problem *
store_audit_search_list(struct db *db, struct arena *a,
    const struct audit_search *wanted, struct audit_founds *out)
{
	struct db_result found;
	struct problem *p = db_call(db, a, &audit_search_list_call, wanted,
	    &found);

	if (p != NULL)
		return p;
	out->count = found.count;
	out->rows = found.rows;
	if (out->count > 0)
		qsort(out->rows, out->count, sizeof(*out->rows), newest_first);
	return NULL;
}

static const struct field end_columns[] = {
	FIELD(INTEGER, struct audit_place, created),
	FIELD(TEXT, struct audit_place, account_id),
	FIELD(INTEGER, struct audit_place, sequence),
};

static const struct db_procedure audit_search_end_call = {
	PROCEDURE(AUDIT_SEARCH_END, "audit_search_end", READ),
	TAKES(search_parameters),
	GIVES(struct audit_place, end_columns),
};

struct problem *
store_audit_search_end(struct db *db, struct arena *a,
    const struct audit_search *wanted, struct audit_place **out)
{
	struct db_result found;
	struct problem *p = db_call(db, a, &audit_search_end_call, wanted,
	    &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}
