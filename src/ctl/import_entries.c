/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import of audit and ledger entries. */
#include "config.h"

#include "ctl/import_source.h"

#include <string.h>

#include "billing/audit_lines.h"
#include "base/json.h"
#include "service/trail_document.h"
#include "store/ledgers.h"

/* ---- audit ---- */

/* The answer of a bookkeeper may have come since the entry was pending. */
static void
forget_outcome(struct json_object *given, struct json_object *stored)
{
	static const char *const names[] = { "status", "reason", "message" };
	const char *status = json_string_at(given, "status");
	struct json_object *documents[] = { given, stored };
	size_t i, j;

	if (status != NULL && strcmp(status, "pending") != 0)
		return;
	for (i = 0; i < NELEM(documents); i++) {
		for (j = 0; j < NELEM(names); j++)
			json_object_object_del(documents[i], names[j]);
		if (json_object_at(documents[i], "bookkeeper") != NULL)
			json_object_object_del(json_object_at(documents[i],
			    "bookkeeper"), "results");
	}
}

static struct problem *
compare_audit(struct import_source *s, const struct audit_entry *entry)
{
	struct import_stored stored = { .document = NULL };
	struct json_object *given;
	struct audit_entry *known;
	struct problem *p;

	if ((p = store_audit_entry_known(s->db, s->arena, s->account_id, s->id,
	    &known)) != NULL || (p = trail_document_read(s->arena, entry,
	    &given)) != NULL || (known != NULL &&
	    (p = trail_document_read(s->arena, known,
	    &stored.document)) != NULL))
		return p;
	if (known != NULL) {
		forget_outcome(given, stored.document);
		json_put_int(given, "pvt_created", entry->created);
		json_put_int(stored.document, "pvt_created", known->created);
	}
	import_compare(s, given, &stored);
	return NULL;
}

const char *
import_audit_read(struct import_source *s, enum audit_form form,
    struct audit_entry *out)
{
	*out = (struct audit_entry){
		.account_id = s->account_id,
		.id = s->id,
		.form = form,
		.created = s->created,
		.recorded = s->importer->actor.now,
	};
	trail_document_split(s->arena, s->public_fields, out);
	return (out->status != NULL && strlen(out->status) > 32) ||
	    (out->reason != NULL && strlen(out->reason) > 255) ?
	    "its status or reason is too long" : NULL;
}

static struct problem *
write_audit(struct import_source *s, enum audit_form form)
{
	struct audit_entry entry;
	const char *why = import_audit_read(s, form, &entry);
	struct audit_lines lines;
	struct problem *p;
	bool written;

	if (why != NULL)
		return import_skip(s, why);
	if (!audit_lines_of(s->arena, entry.document, form, &lines, &why))
		s->outcome.note = arena_printf(s->arena,
		    "not counted in the daily summary: %s", why);
	p = store_audit_entry_import(s->db, s->arena, &entry, &lines, &written);
	if (p == NULL && !written)
		return compare_audit(s, &entry);
	if (p == NULL)
		import_mark(s, written);
	return p;
}

struct problem *
import_audit_log(struct import_source *s)
{
	return write_audit(s, AUDIT_INVOICE);
}

struct problem *
import_yearly_audit(struct import_source *s)
{
	return write_audit(s, AUDIT_QUANTITIES);
}

/* ---- ledger ---- */

/* The amount of a ledger document, in units of 1/10 000, never negative. False:
 * it has none. */
static bool
ledger_amount(struct json_object *document, money_t *amount)
{
	struct json_object *units = json_at(document, "amount");

	*amount = 0;
	if (units == NULL)
		return true;
	if (!json_object_is_type(units, json_type_int) &&
	    !json_object_is_type(units, json_type_double))
		return false;
	if (!money_from_units(json_object_to_json_string(units), amount))
		return false;
	if (*amount < 0)
		*amount = -*amount;
	return true;
}

static struct json_object *
ledger_with_moment(struct import_source *s, const struct ledger_entry *entry)
{
	struct json_object *json = ledger_entry_document(s->arena, entry);

	json_put_int(json, "pvt_created", entry->created);
	return json;
}

/* Both as they would be exported; the balance of that moment is no part of
 * them. */
static struct problem *
compare_ledger(struct import_source *s, const struct ledger *ledger)
{
	const struct ledger_entry given = {
		.id = s->id,
		.service = ledger->service,
		.debit = ledger->debit,
		.amount = ledger->amount,
		.created = ledger->created,
		.document = s->public_fields,
	};
	struct import_stored stored = { .ignored = "audit" };
	struct ledger_entry *known;
	struct problem *p = store_ledger_show(s->db, s->arena, s->account_id,
	    s->id, &known);

	if (p != NULL)
		return p;
	if (known != NULL)
		stored.document = ledger_with_moment(s, known);
	import_compare(s, ledger_with_moment(s, &given), &stored);
	return NULL;
}

static const struct import_length ledger_lengths[] = {
	{ "source.service", SERVICE_NAME_MAX }, { "source.id", 255 },
	{ "usage.type", 64 }, { "usage.unit", 32 }, { "account.id", 64 },
	{ "account.name", 255 },
};

const char *
import_ledger_read(struct import_source *s, struct ledger *out)
{
	const char *why = import_misfit(s, ledger_lengths,
	    NELEM(ledger_lengths));
	const char *type = json_string_at(s->document, "pvt_ledger_type");

	*out = (struct ledger){
		.account_id = s->account_id,
		.id = s->id,
		.debit = type == NULL || strcmp(type, "credit") != 0,
		.service = json_string_at(s->document, "source.service"),
		.source_id = json_string_at(s->document, "source.id"),
		.usage_type = json_string_at(s->document, "usage.type"),
		.has_usage = json_object_at(s->document, "usage") != NULL,
		.usage_unit = json_string_at(s->document, "usage.unit"),
		.created = s->created,
		.recorded = s->importer->actor.now,
		.for_id = json_string_at(s->document, "account.id"),
		.for_name = json_string_at(s->document, "account.name"),
		.document = s->public_text,
	};
	if (why != NULL)
		return why;
	if (out->for_id != NULL && strcmp(out->for_id, s->account_id) == 0)
		out->for_id = NULL;
	if (out->service == NULL || out->service[0] == '\0')
		return "it has no usable source.service";
	if (!ledger_amount(s->document, &out->amount))
		return "its amount is no number of units, or too large";
	if (json_at(s->document, "usage.quantity") != NULL &&
	    !json_int_at(s->document, "usage.quantity", &out->usage_quantity))
		return "its usage.quantity is not a whole number";
	(void)json_int_at(s->document, "period.start", &out->period_start);
	(void)json_int_at(s->document, "period.end", &out->period_end);
	return NULL;
}

struct problem *
import_ledger(struct import_source *s)
{
	struct ledger ledger;
	const char *why = import_ledger_read(s, &ledger);
	struct problem *p;
	bool written;

	if (why != NULL)
		return import_skip(s, why);
	p = store_ledger_import(s->db, s->arena, &ledger, &written);
	if (p == NULL && !written)
		return compare_ledger(s, &ledger);
	if (p == NULL)
		import_mark(s, written);
	return p;
}
