/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/customers.h"

#include "store/field.h"

static const struct field customer_columns[] = {
	FIELD(TEXT, struct customer, id),
	FIELD(TEXT, struct customer, name),
	FIELD(TEXT, struct customer, realm),
	FIELD(INTEGER, struct customer, created),
	FIELD(BOOL, struct customer, enabled),
	FIELD(BOOL, struct customer, is_reseller),
	FIELD(TEXT, struct customer, standing),
	FIELD(TEXT, struct customer, payer_id),
	FIELD(MONEY, struct customer, balance),
	FIELD(MONEY, struct customer, held),
	FIELD(MONEY, struct customer, available),
	FIELD_MAYBE("recurring", MONEY, struct customer, recurring,
	    has_recurring),
	FIELD(MONEY, struct customer, used),
	FIELD_MAYBE("changed", MONEY, struct customer, changed,
	    has_changed),
	FIELD(TEXT, struct customer, months),
	FIELD(TEXT, struct customer, payer_name),
	FIELD(TEXT, struct customer, seller_id),
	FIELD(TEXT, struct customer, seller_name),
	FIELD(TEXT, struct customer, reason),
};

static const struct field list_parameters[] = {
	FIELD_AS("seller", TEXT, struct customer_query, seller_id),
	FIELD(TEXT, struct customer_query, sort),
	FIELD(BOOL, struct customer_query, descending),
	FIELD_AS("like", TEXT, struct customer_query, match.like),
	FIELD_AS("number", TEXT, struct customer_query, match.number),
	FIELD_AS("standing", TEXT, struct customer_query, match.standing),
	FIELD_MAYBE("reseller", BOOL, struct customer_query, match.is_reseller,
	    match.by_reseller),
	FIELD(TEXT, struct customer_query, month),
	FIELD(TEXT, struct customer_query, since),
	FIELD(TEXT, struct customer_query, at),
	FIELD(INTEGER, struct customer_query, offset),
	FIELD(INTEGER, struct customer_query, limit),
};

static const struct db_procedure customer_list_call = {
	PROCEDURE(CUSTOMER_LIST, "customer_list", READ),
	TAKES(list_parameters),
	GIVES(struct customer, customer_columns),
};

struct problem *
store_customer_list(struct db *db, struct arena *a,
    const struct customer_query *query, struct customers *out)
{
	struct db_result found;
	struct problem *p = db_call(db, a, &customer_list_call, query, &found);

	*out = (struct customers){ found.count, found.rows };
	return p;
}

static const struct field totals_parameters[] = {
	FIELD_AS("seller", TEXT, struct customer_query, seller_id),
	FIELD_AS("like", TEXT, struct customer_query, match.like),
	FIELD_AS("number", TEXT, struct customer_query, match.number),
	FIELD_AS("standing", TEXT, struct customer_query, match.standing),
	FIELD_MAYBE("reseller", BOOL, struct customer_query, match.is_reseller,
	    match.by_reseller),
	FIELD(TEXT, struct customer_query, month),
};

static const struct field totals_columns[] = {
	FIELD(INTEGER, struct customer_totals, matches),
	FIELD(MONEY, struct customer_totals, balance),
	FIELD(MONEY, struct customer_totals, held),
	FIELD(MONEY, struct customer_totals, available),
	FIELD(MONEY, struct customer_totals, recurring),
	FIELD(MONEY, struct customer_totals, used),
	FIELD(MONEY, struct customer_totals, changed),
};

static const struct db_procedure customer_total_show_call = {
	PROCEDURE(CUSTOMER_TOTAL_SHOW, "customer_total_show", READ),
	TAKES(totals_parameters),
	GIVES(struct customer_totals, totals_columns),
};

struct problem *
store_customer_totals(struct db *db, struct arena *a,
    const struct customer_query *query, struct customer_totals *out)
{
	return db_call_for_row(db, a, &customer_total_show_call, query, out);
}

struct customer_ref {
	const char *account_id;
	const char *month;
	const char *since;
};

static const struct field ref_parameters[] = {
	FIELD_AS("account", TEXT, struct customer_ref, account_id),
	FIELD(TEXT, struct customer_ref, month),
	FIELD(TEXT, struct customer_ref, since),
};

static const struct db_procedure customer_show_call = {
	PROCEDURE(CUSTOMER_SHOW, "customer_show", READ),
	TAKES(ref_parameters),
	GIVES(struct customer, customer_columns),
};

struct problem *
store_customer_show(struct db *db, struct arena *a, const char *account_id,
    const char *month, const char *since, struct customer **out)
{
	const struct customer_ref of = { account_id, month, since };
	struct db_result found;
	struct problem *p = db_call(db, a, &customer_show_call, &of, &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}
