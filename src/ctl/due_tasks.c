/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What reevectl run-due does for an account: a function for each task. */
#include "config.h"

#include <string.h>

#include "base/json.h"
#include "billing/invoice.h"
#include "billing/invoice_document.h"
#include "courier/bookkeeper.h"
#include "ctl/due.h"
#include "service/terms.h"
#include "store/accounts.h"
#include "store/due.h"
#include "store/ledgers.h"
#include "store/outbox.h"
#include "store/services.h"
#include "store/snapshots.h"

/* ---- once ---- */

struct once {
	struct due_visit *visit;
	struct problem *(*work)(struct db *db, struct arena *a,
	    struct due_visit *visit);
};

static struct problem *
take_and_work(struct db *db, struct arena *a, void *state)
{
	const struct once *once = state;
	struct due_visit *v = once->visit;
	struct problem *p;

	p = due_take(db, a, v->account_id, v->task, v->period->name, v->now,
	    &v->done);
	return p != NULL || !v->done ? p : once->work(db, a, v);
}

struct problem *
due_once(struct due_visit *visit, struct problem *(*work)(struct db *db,
    struct arena *a, struct due_visit *visit))
{
	struct once once = { visit, work };

	if (visit->dry) {
		visit->done = true;
		return NULL;
	}
	return db_transaction(visit->ctl->db, visit->arena, take_and_work,
	    &once);
}

/* ---- entries ---- */

/* {"automatic_description": true}: nobody typed it. */
static struct json_object *
automatic(struct arena *a)
{
	struct json_object *json = json_own(a, json_object_new_object());

	json_put_bool(json, "automatic_description", true);
	return json;
}

/* ---- what recurs ---- */

/* When what recurs is due: in the second second of a month (domain.md 13.1). */
static int64_t
due_moment(int64_t month_start)
{
	return month_start + 1;
}

/* What an account pays now; also for months that were missed, of which nobody
 * was told at the time. */
static struct problem *
price(struct db *db, struct arena *a, const struct due_visit *v,
    struct invoices *out)
{
	struct billed_state state;
	struct service service;
	struct problem *p;

	p = service_load(db, a, v->account_id, SERVICE_LOOK, &service);
	if (p != NULL)
		return p;
	service_state(&service, &state);
	return invoices_price(a, &state, false, out);
}

/* Leaves a message for an invoice's bookkeeper; document is the arena's. */
static struct problem *
tell_bookkeeper(struct db *db, struct arena *a, const struct due_visit *v,
    const struct invoice *invoice, enum bookkeeper_message message,
    struct json_object *document)
{
	const struct outbox_message out = {
		.account_id = v->account_id,
		.target = outbox_target_bookkeeper(a, &invoice->bookkeeper),
		.message = bookkeeper_message_name(message),
		.bookkeeper = invoice->bookkeeper,
		.document = json_canonical_text(a, document),
	};

	return outbox_add(db, a, &out, v->now);
}

/* ---- collect ---- */

static struct problem *
ask_to_collect(struct db *db, struct arena *a, const struct due_visit *v,
    const struct invoice *invoice)
{
	struct json_object *json = json_own(a, json_object_new_object());

	json_put_int(json, "due", due_moment(v->period->start));
	return tell_bookkeeper(db, a, v, invoice, BOOKKEEPER_SAYS_COLLECT,
	    json);
}

static struct problem *
debit(struct db *db, struct arena *a, const struct due_visit *v, money_t total)
{
	const struct ledger_note note = {
		.description = arena_printf(a, "Recurring charges for %s",
		    v->period->name),
		.metadata = automatic(a),
		.trigger = "recurring",
		.module = "kz_services_recurring",
	};
	struct ledger entry = {
		.account_id = v->account_id,
		.debit = total > 0,
		.service = "services",
		.source_id = v->period->name,
		.amount = total > 0 ? total : -total,
		.period_start = v->period->start,
		.period_end = gregorian_next_month(v->period->start) - 1,
		.created = due_moment(v->period->start),
		.for_name = v->account_name,
	};
	struct ledger_result result;

	ledger_complete(a, &entry, &note);
	return ledger_add(db, a, NULL, &entry, 1, v->now, &result);
}

/* Nobody is charged for a month that begins while he is disabled; done it is. */
static struct problem *
is_disabled(struct db *db, struct arena *a, const struct due_visit *v,
    bool *disabled)
{
	struct account *account;
	struct problem *p = account_show(db, a, v->account_id, &account);

	*disabled = p == NULL && account != NULL && !account->enabled;
	return p;
}

static struct problem *
collect(struct db *db, struct arena *a, struct due_visit *v)
{
	struct problem *p;
	struct invoices all;
	money_t total = 0;
	bool disabled;
	size_t i;

	p = is_disabled(db, a, v, &disabled);
	if (p != NULL || disabled)
		return p;
	p = price(db, a, v, &all);
	for (i = 0; p == NULL && i < all.count; i++) {
		if (bookkeeper_moves_money(&all.invoices[i].bookkeeper))
			p = ask_to_collect(db, a, v, &all.invoices[i]);
		else if (!money_add(total, all.invoices[i].recurring, &total))
			p = problem_fault(a, "what recurs is too much");
	}
	if (p != NULL || total == 0 || v->ctl->config->recurring_debits == 0)
		return p;
	return debit(db, a, v, total);
}

struct problem *
due_collect(struct due_visit *visit)
{
	return due_once(visit, collect);
}

/* ---- remind ---- */

static struct problem *
remind_of(struct db *db, struct arena *a, const struct due_visit *v,
    const struct invoice *invoice)
{
	struct json_object *json = json_own(a, json_object_new_object());
	struct json_object *told = json_own(a, invoice_json(invoice, false));
	struct json_object *items = json_array_at(told, "items");

	json_put_int(json, "due",
	    due_moment(gregorian_next_month(v->period->start)));
	json_put_int(json, "told", v->now);
	json_object_object_add(json, "items", json_object_get(items));
	return tell_bookkeeper(db, a, v, invoice, BOOKKEEPER_SAYS_REMIND, json);
}

static struct problem *
remind(struct db *db, struct arena *a, struct due_visit *v)
{
	struct problem *p;
	struct invoices all;
	bool disabled;
	size_t i;

	p = is_disabled(db, a, v, &disabled);
	if (p != NULL || disabled)
		return p;
	p = price(db, a, v, &all);
	for (i = 0; p == NULL && i < all.count; i++)
		if (bookkeeper_moves_money(&all.invoices[i].bookkeeper))
			p = remind_of(db, a, v, &all.invoices[i]);
	return p;
}

struct problem *
due_remind(struct due_visit *visit)
{
	return due_once(visit, remind);
}

/* ---- rollover ---- */

static struct problem *
roll_over(struct db *db, struct arena *a, struct due_visit *v)
{
	const char *month = v->period->name;
	const struct ledger_note note = {
		.description = arena_printf(a, "Monthly rollover for %s",
		    month),
		.metadata = automatic(a),
		.trigger = "automatic",
		.module = "kz_ledgers",
	};
	struct ledger entry = {
		.account_id = v->account_id,
		.service = "rollovers",
		.source_id = month,
		.period_start = v->period->start,
		.created = v->period->start,
		.recorded = v->now,
		.for_name = v->account_name,
	};
	bool written;

	ledger_complete(a, &entry, &note);
	/* One that was imported is as good. */
	return ledger_rollover(db, a, &entry, &written);
}

struct problem *
due_rollover(struct due_visit *visit)
{
	return due_once(visit, roll_over);
}

/* ---- snapshot ---- */

static struct problem *
keep_quantities(struct db *db, struct arena *a, struct due_visit *v)
{
	struct service service;
	struct problem *p;

	p = snapshot_take(db, a, v->account_id, v->period->start, &service);
	return p != NULL ? p : snapshot_save(db, a, v->account_id,
	    v->period->start, quantities_json(a, &service));
}

struct problem *
due_snapshot(struct due_visit *visit)
{
	return due_once(visit, keep_quantities);
}
