/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/quotes.h"

#include "base/json.h"

struct problem *
quote_create(struct db *db, struct arena *a, const char *account_id,
    const char *vendor_id, struct json_object *document, int64_t now,
    int64_t expires, char id[ID_SIZE])
{
	id_new(id);

	const struct db_value args[] = {
		db_text(id),
		db_text(account_id),
		db_text(vendor_id),
		db_text(json_canonical_text(a, document)),
		db_int(now),
		db_int(expires),
	};

	return db_call(db, a, QUOTE_CREATE, args, NELEM(args), NULL);
}

struct problem *
quote_show(struct db *db, struct arena *a, const char *id, struct quote **out)
{
	const struct db_value args[] = { db_text(id) };
	const struct db_cell *row;
	struct quote *quote;
	struct db_rows rows;
	struct problem *p;
	const char *error;

	*out = NULL;
	p = db_call(db, a, QUOTE_SHOW, args, NELEM(args), &rows);
	if (p != NULL || rows.count == 0)
		return p;
	row = db_row(&rows, 0);
	*out = quote = arena_alloc(a, sizeof(*quote));
	quote->account_id = row[0].text;
	quote->vendor_id = row[1].text;
	quote->expires = row[2].number;
	quote->document = json_parse(a, row[3].text, (size_t)row[3].number,
	    &error);
	return quote->document != NULL ? NULL :
	    problem_fault(a, "quote %s: %s", id, error);
}
