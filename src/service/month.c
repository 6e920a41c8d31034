/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/month.h"

#include <string.h>

#include "base/json.h"
#include "billing/invoice.h"
#include "billing/invoice_document.h"
#include "service/terms.h"
#include "store/due.h"
#include "store/holds.h"
#include "store/ledgers.h"
#include "store/outbox.h"
#include "store/services.h"
#include "store/snapshots.h"

/* ---- once per month ---- */

/* locked: the account's services where the task locks them, else NULL. */
typedef struct problem *month_work(struct db *db, struct arena *a,
    const struct month *month, const struct service *locked);

struct monthly_task {
	const struct month *month;
	const char *task;
	month_work *work;
	bool *done;
	bool locks; /* the services, before the trail, as a change does */
};

static struct problem *
mark_and_work(struct db *db, struct arena *a, void *state)
{
	const struct monthly_task *task = state;
	const struct month *m = task->month;
	struct service service;
	struct problem *p;

	if (task->locks && (p = store_service_load(db, a, m->account_id,
	    SERVICE_LOCK, &service)) != NULL)
		return p;
	p = store_due_take(db, a, &(struct due_mark){ m->account_id, task->task,
	    m->name }, m->now, task->done);
	return p != NULL || !*task->done ? p :
	    task->work(db, a, m, task->locks ? &service : NULL);
}

/* Does the work in one transaction with its mark, unless the mark is set. */
static struct problem *
do_once(struct db *db, struct arena *a, struct monthly_task task)
{
	return db_transaction(db, a, mark_and_work, &task);
}

/* ---- recurring charges ---- */

int64_t
month_due(int64_t start)
{
	return start + 1;
}

/*
 * The current price of an account, also for missed months, which nobody was
 * told about at the time. No invoices for a disabled account: a month that
 * begins while it is disabled is not charged.
 */
static struct problem *
price_services(struct arena *a, const struct service *service,
    struct invoices *out)
{
	struct billed_state state;

	*out = (struct invoices){ .count = 0 };
	if (!service->is_enabled)
		return NULL;
	terms_state(service, &state);
	return invoices_price(a, &state, false, out);
}

/* Leaves a message for an invoice's bookkeeper; document is the arena's. */
static struct problem *
leave_message(struct db *db, struct arena *a, const struct month *m,
    const struct invoice *invoice, enum bookkeeper_message message,
    struct json_object *document)
{
	struct outbox_message out = outbox_message_to_bookkeeper(a,
	    &invoice->bookkeeper, message, document);

	out.account_id = m->account_id;
	return store_outbox_add(db, a, &out, m->now);
}

/* ---- collect ---- */

static struct problem *
ask_to_collect(struct db *db, struct arena *a, const struct month *m,
    const struct invoice *invoice)
{
	struct json_object *json = json_own(a, json_object_new_object());

	json_put_int(json, "due", month_due(m->start));
	return leave_message(db, a, m, invoice, BOOKKEEPER_SAYS_COLLECT,
	    json);
}

static struct problem *
debit(struct db *db, struct arena *a, const struct month *m, money_t total)
{
	const struct ledger_note note = {
		.description = arena_printf(a, "Recurring charges for %s",
		    m->name),
		.metadata = ledger_automatic_metadata(a),
		.trigger = "recurring",
		.module = "kz_services_recurring",
	};
	struct ledger entry = {
		.account_id = m->account_id,
		.debit = true,
		.service = "services",
		.source_id = m->name,
		.amount = total,
		.period_start = m->start,
		.period_end = gregorian_next_month(m->start) - 1,
		.created = month_due(m->start),
		.for_name = m->account_name,
	};
	struct ledger_result result;

	ledger_complete(a, &entry, &note);
	return store_ledger_add(
	    db, a, &(struct ledger_batch){ NULL, &entry, 1, m->now }, &result);
}

static struct problem *
collect(struct db *db, struct arena *a, const struct month *m,
    const struct service *locked)
{
	struct invoices all;
	struct problem *p;
	money_t total = 0;
	size_t i;

	p = price_services(a, locked, &all);
	for (i = 0; p == NULL && i < all.count; i++) {
		if (bookkeeper_moves_money(&all.invoices[i].bookkeeper))
			p = ask_to_collect(db, a, m, &all.invoices[i]);
		else if (!money_add(total, all.invoices[i].recurring, &total))
			p = problem_fault(a, "what recurs is too much");
	}
	/* Discounts above the price do not make it a payment to the customer. */
	if (p == NULL && total > 0 && m->config->recurring_debits != 0)
		p = debit(db, a, m, total);
	return p != NULL || !locked->is_enabled ? p :
	    store_hold_release(db, a, m->account_id);
}

struct problem *
month_collect(struct db *db, struct arena *a, const struct month *month,
    bool *done)
{
	return do_once(db, a, (struct monthly_task){ month, MONTH_COLLECT,
	    collect, done, true });
}

/* ---- remind ---- */

static struct problem *
send_reminder(struct db *db, struct arena *a, const struct month *m,
    const struct invoice *invoice)
{
	struct json_object *json = json_own(a, json_object_new_object());
	struct json_object *document = json_own(a, invoice_json(invoice, false));
	struct json_object *items = json_array_at(document, "items");

	json_put_int(json, "due", month_due(gregorian_next_month(m->start)));
	json_put_int(json, "told", m->now);
	json_object_object_add(json, "items", json_object_get(items));
	return leave_message(db, a, m, invoice, BOOKKEEPER_SAYS_REMIND, json);
}

static struct problem *
remind(struct db *db, struct arena *a, const struct month *m,
    const struct service *locked)
{
	struct service service;
	struct invoices all;
	struct problem *p;
	size_t i;

	(void)locked;
	p = store_service_load(db, a, m->account_id, SERVICE_LOOK, &service);
	if (p == NULL)
		p = price_services(a, &service, &all);
	for (i = 0; p == NULL && i < all.count; i++)
		if (bookkeeper_moves_money(&all.invoices[i].bookkeeper))
			p = send_reminder(db, a, m, &all.invoices[i]);
	return p;
}

struct problem *
month_remind(struct db *db, struct arena *a, const struct month *month,
    bool *done)
{
	return do_once(db, a, (struct monthly_task){ month, MONTH_REMIND,
	    remind, done, false });
}

/* ---- rollover ---- */

static struct problem *
roll_over(struct db *db, struct arena *a, const struct month *m,
    const struct service *locked)
{
	const char *month = m->name;
	const struct ledger_note note = {
		.description = arena_printf(a, "Monthly rollover for %s",
		    month),
		.metadata = ledger_automatic_metadata(a),
		.trigger = "automatic",
		.module = "kz_ledgers",
	};
	struct ledger entry = {
		.account_id = m->account_id,
		.service = "rollovers",
		.source_id = month,
		.period_start = m->start,
		.created = m->start,
		.recorded = m->now,
		.for_name = m->account_name,
	};
	bool written;

	(void)locked;
	ledger_complete(a, &entry, &note);
	/* An imported rollover counts as well. */
	return store_ledger_rollover(db, a, &entry, &written);
}

struct problem *
month_roll_over(struct db *db, struct arena *a, const struct month *month,
    bool *done)
{
	return do_once(db, a, (struct monthly_task){ month, MONTH_ROLL_OVER,
	    roll_over, done, false });
}

/* ---- snapshot ---- */

/*
 * The quantities at a time are the current ones minus the changes since,
 * according to the audit trail. The mark locks the account's trail, so no
 * change comes in between.
 */
static struct problem *
subtract_change(struct db *db, struct arena *a, const struct month *m,
    struct service *service)
{
	struct quantity_changes since;
	const struct quantity_change *one;
	struct problem *p;
	size_t i;

	p = store_quantity_change_list(db, a, m->account_id, m->start, &since);
	for (i = 0; p == NULL && i < since.count; i++) {
		one = &since.changes[i];
		if (!quantity_table_add(a, &service->quantities[one->scope],
		    one->category, one->item, -one->difference))
			p = problem_fault(a, "the trail of account %s does "
			    "not lead to its quantities", m->account_id);
	}
	return p;
}

static struct problem *
keep_quantities(struct db *db, struct arena *a, const struct month *m,
    const struct service *locked)
{
	struct service now, then;
	struct problem *p;

	(void)locked;
	p = store_service_load(db, a, m->account_id, SERVICE_LOOK, &now);
	if (p != NULL)
		return p;
	service_copy(a, &now, &then);
	if ((p = subtract_change(db, a, m, &then)) != NULL)
		return p;
	return store_snapshot_save(
	    db, a, m->account_id, m->start, then.quantities);
}

struct problem *
month_keep_quantities(struct db *db, struct arena *a,
    const struct month *month, bool *done)
{
	return do_once(db, a, (struct monthly_task){ month,
	    MONTH_KEEP_QUANTITIES, keep_quantities, done, false });
}
