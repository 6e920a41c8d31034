/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/quotes.h"

static const struct field quote_parameters[] = {
	FIELD(TEXT, struct quote, id),
	FIELD_AS("account", TEXT, struct quote, account_id),
	FIELD_AS("vendor", TEXT, struct quote, vendor_id),
	FIELD(JSON, struct quote, document),
	FIELD(INTEGER, struct quote, created),
	FIELD(INTEGER, struct quote, expires),
	FIELD(JSON, struct quote, asker),
};

static const struct db_procedure quote_create_call = {
	PROCEDURE(QUOTE_CREATE, "quote_create", WRITE),
	TAKES(quote_parameters),
};

struct problem *
store_quote_create(struct db *db, struct arena *a, const struct quote *quote)
{
	return db_call(db, a, &quote_create_call, quote, NULL);
}

static const struct field id_parameters[] = {
	FIELD(TEXT, struct quote, id),
};

static const struct field quote_columns[] = {
	FIELD(TEXT, struct quote, account_id),
	FIELD(TEXT, struct quote, vendor_id),
	FIELD(INTEGER, struct quote, expires),
	FIELD(JSON, struct quote, document),
	FIELD(JSON, struct quote, asker),
};

static const struct db_procedure quote_show_call = {
	PROCEDURE(QUOTE_SHOW, "quote_show", READ),
	TAKES(id_parameters),
	GIVES(struct quote, quote_columns),
};

struct problem *
store_quote_show(
    struct db *db, struct arena *a, const char *id, struct quote **out)
{
	const struct quote wanted = { .id = id };
	struct db_result found;
	struct problem *p = db_call(db, a, &quote_show_call, &wanted, &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}
