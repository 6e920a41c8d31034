/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/adjustment.h"

#include "base/json.h"
#include "store/ledgers.h"

#define TRIGGER "crossbar"
#define MODULE "cb_transactions"

/* The public document of the adjustment. */
static struct json_object *
build_document(struct arena *a, const struct adjustment *adjustment)
{
	struct json_object *json = json_own(a, json_object_new_object());
	struct json_object *executor = json_object_new_object();

	json_put_string(json, "description", adjustment->description);
	json_put_string(json, "reason", adjustment->reason);
	json_put_string(json, "credit_type", adjustment->credit_type);
	json_put_string(json, "order_id", adjustment->order_id);
	if (adjustment->metadata != NULL)
		json_object_object_add(json, "metadata",
		    json_object_get(adjustment->metadata));
	json_put_string(executor, "trigger", TRIGGER);
	json_put_string(executor, "module", MODULE);
	json_object_object_add(json, "executor", executor);
	json_object_object_add(json, "audit",
	    json_object_get(adjustment->audit));
	return json;
}

static struct problem *
add_to_ledger(struct db *db, struct arena *a,
    const struct adjustment *adjustment, const char *id, int64_t now)
{
	const struct ledger_note note = {
		.description = adjustment->description != NULL ?
		    adjustment->description : adjustment->reason,
		.metadata = adjustment->metadata,
		.trigger = TRIGGER,
		.module = MODULE,
		.audit = adjustment->audit,
	};
	struct ledger entry = {
		.account_id = adjustment->account_id,
		.for_name = adjustment->account_name,
		.debit = adjustment->type == PAYMENT_DEBIT,
		.service = "adjustments",
		.source_id = id,
		.amount = adjustment->amount,
		.period_start = now,
		.created = now,
	};
	struct ledger_result result;

	ledger_complete(a, &entry, &note);
	return store_ledger_add(
	    db, a, &(struct ledger_batch){ NULL, &entry, 1, now }, &result);
}

struct problem *
adjustment_make(struct db *db, struct arena *a,
    const struct adjustment *adjustment, int64_t now, struct payment *out)
{
	char id[MONTH_ID_SIZE];
	const struct payment payment = {
		.account_id = adjustment->account_id,
		.id = id,
		.type = adjustment->type,
		.status = PAYMENT_COMPLETED,
		.amount = adjustment->amount,
		.created = now,
		.executor = TRIGGER,
		.document = build_document(a, adjustment),
	};
	struct payment *noted;
	struct problem *p;

	id_new_in_month(now, id);
	p = store_payment_begin(db, a, &payment,
	    &(struct payment_terms){ 0 }, &noted);
	if (p != NULL)
		return p;
	*out = *noted;
	return add_to_ledger(db, a, adjustment, out->id, now);
}
