/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/payments.h"

#include <string.h>

#include "base/json.h"

static const char *const type_names[] = {
	[PAYMENT_SALE] = "sale", [PAYMENT_REFUND] = "refund",
	[PAYMENT_CREDIT] = "credit", [PAYMENT_DEBIT] = "debit",
};

static const char *const status_names[] = {
	[PAYMENT_PENDING] = "pending", [PAYMENT_COMPLETED] = "completed",
	[PAYMENT_FAILED] = "failed",
};

const char *
payment_type_name(enum payment_type type)
{
	return type_names[type];
}

const char *
payment_status_name(enum payment_status status)
{
	return status_names[status];
}

/* The place of a name among names; the first where it is none of them. */
static unsigned
place_of(const char *name, const char *const *names, size_t count)
{
	unsigned i;

	for (i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return 0;
}

static struct problem *
read_tree(struct arena *a, const struct db_cell *cell,
    struct json_object **out)
{
	const char *error;

	*out = NULL;
	if (cell->text == NULL)
		return NULL;
	*out = json_parse(a, cell->text, (size_t)cell->number, &error);
	return *out != NULL ? NULL :
	    problem_fault(a, "a payment cannot be read: %s", error);
}

/* The columns of payment_show. */
static struct problem *
read_payment(struct arena *a, const struct db_cell *row, struct payment *out)
{
	struct problem *p;

	*out = (struct payment){
		.account_id = row[0].text,
		.id = row[1].text,
		.type = place_of(row[2].text, type_names, NELEM(type_names)),
		.status = place_of(row[3].text, status_names,
		    NELEM(status_names)),
		.created = row[5].number,
		.executor = row[6].text,
		.credits = row[7].number != 0,
		.bookkeeper = { .id = row[8].text, .type = row[9].text,
		    .vendor_id = row[10].text },
		.reason = row[11].text,
		.message = row[12].text,
	};
	if (!money_parse(row[4].text, &out->amount))
		return problem_fault(a, "payment %s: amount %s", out->id,
		    row[4].text);
	p = read_tree(a, &row[13], &out->details);
	return p != NULL ? p : read_tree(a, &row[14], &out->document);
}

static struct problem *
read_payments(struct arena *a, const struct db_rows *rows,
    struct payment_list *out)
{
	struct problem *p = NULL;
	size_t i;

	out->count = rows->count;
	out->payments = arena_alloc(a, rows->count * sizeof(*out->payments));
	for (i = 0; i < rows->count && p == NULL; i++)
		p = read_payment(a, db_row(rows, i), &out->payments[i]);
	return p;
}

struct problem *
payment_begin(struct db *db, struct arena *a, const struct payment *payment,
    const char *request_key, int64_t alone_since, bool *noted,
    struct payment *out)
{
	char amount[MONEY_TEXT_SIZE];
	struct db_rows rows;
	struct problem *p;

	money_format(payment->amount, amount);

	const struct db_value args[] = {
		db_text(payment->account_id),
		db_text(payment->id),
		db_text(payment_type_name(payment->type)),
		db_text(payment_status_name(payment->status)),
		db_text(amount),
		db_int(payment->created),
		db_text(request_key),
		db_text(payment->executor),
		db_int(payment->credits),
		db_text(payment->bookkeeper.id),
		db_text(payment->bookkeeper.type),
		db_text(payment->bookkeeper.vendor_id),
		db_text(json_canonical_text(a, payment->document)),
		db_moment(alone_since),
	};

	p = db_call(db, a, PAYMENT_BEGIN, args, NELEM(args), &rows);
	*noted = p == NULL && rows.count > 0;
	return *noted ? read_payment(a, db_row(&rows, 0), out) : p;
}

struct problem *
payment_show(struct db *db, struct arena *a, const char *account_id,
    const char *id, bool lock, struct payment **out)
{
	const struct db_value args[] = {
		db_text(account_id), db_text(id), db_int(lock),
	};
	struct db_rows rows;
	struct problem *p;

	*out = NULL;
	p = db_call(db, a, PAYMENT_SHOW, args, NELEM(args), &rows);
	if (p != NULL || rows.count == 0)
		return p;
	*out = arena_alloc(a, sizeof(**out));
	return read_payment(a, db_row(&rows, 0), *out);
}

struct problem *
payment_turn(struct db *db, struct arena *a, const struct payment *payment,
    bool waited, int64_t now, int64_t until, enum payment_turn *turn,
    bool *first)
{
	static const char *const turns[] = {
		[PAYMENT_TURN_TAKEN] = "taken",
		[PAYMENT_TURN_BUSY] = "busy",
		[PAYMENT_TURN_OVER] = "over",
	};
	const struct db_value args[] = {
		db_text(payment->account_id),
		db_text(payment->id),
		db_int(waited),
		db_int(now),
		db_int(until),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, PAYMENT_TURN, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	*turn = place_of(db_row(&rows, 0)[0].text, turns, NELEM(turns));
	*first = db_row(&rows, 0)[1].number == 0;
	return NULL;
}

struct problem *
payment_settle(struct db *db, struct arena *a, const struct payment *payment,
    int64_t now)
{
	const struct db_value args[] = {
		db_text(payment->account_id),
		db_text(payment->id),
		db_text(payment_status_name(payment->status)),
		db_text(payment->reason),
		db_text(payment->message),
		db_text(payment->details == NULL ? NULL :
		    json_canonical_text(a, payment->details)),
		db_int(now),
	};

	return db_call(db, a, PAYMENT_SETTLE, args, NELEM(args), NULL);
}

struct problem *
payment_list(struct db *db, struct arena *a, const char *account_id,
    const struct page_query *query, struct payment_list *out)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_int(query->from),
		db_int(query->to),
		db_int(query->start.created),
		db_text(query->start.id),
		db_int(query->ascending),
		db_int(query->limit),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, PAYMENT_LIST, args, NELEM(args), &rows);
	return p != NULL ? p : read_payments(a, &rows, out);
}

struct problem *
payment_pending_list(struct db *db, struct arena *a, const char *account_id,
    int64_t before, int64_t limit, struct payment_list *out)
{
	const struct db_value args[] = {
		db_text(account_id), db_int(before), db_int(limit),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, PAYMENT_PENDING_LIST, args, NELEM(args), &rows);
	return p != NULL ? p : read_payments(a, &rows, out);
}
