/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/ledger.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "base/json_splice.h"
#include "base/json_walk.h"
#include "base/schema.h"
#include "base/secret.h"
#include "billing/schemas.h"

/* ---- duplicates ---- */

/* Room for the longest names, in UTF-8, and the other parts. */
#define DEDUPE_TEXT_SIZE 2048

static const char *
moment_text(int64_t moment, char text[24])
{
	text[0] = '\0';
	if (moment != 0)
		snprintf(text, 24, "%" PRId64, moment);
	return text;
}

struct json_object *
ledger_automatic_metadata(struct arena *a)
{
	struct json_object *json = json_own(a, json_object_new_object());

	json_put_bool(json, "automatic_description", true);
	return json;
}

/* Neither the service nor the parts after the source's id contain line feeds, so
 * different entries have different texts. */
void
ledger_dedupe(const struct ledger *ledger, char dedupe[LEDGER_DEDUPE_SIZE])
{
	char text[DEDUPE_TEXT_SIZE], start[24], end[24];
	unsigned char digest[DIGEST_BYTES];

	snprintf(text, sizeof(text), "%s\n%s\n%s\n%s\n%s", ledger->service,
	    ledger->source_id, ledger->for_id != NULL ? ledger->for_id :
	    ledger->account_id, moment_text(ledger->period_start, start),
	    moment_text(ledger->period_end, end));
	secret_digest(text, strlen(text), digest);
	secret_hex(digest, ID_LENGTH / 2, dedupe);
}

/* ---- the stored document ---- */

static void
put_moment_member(struct json_object *object, const char *key, int64_t moment)
{
	if (moment != 0)
		json_put_int(object, key, moment);
}

static struct json_object *
period_json(const struct ledger *l)
{
	struct json_object *json = json_object_new_object();

	put_moment_member(json, "start", l->period_start);
	put_moment_member(json, "end", l->period_end);
	return json;
}

static struct json_object *
usage_json(const struct ledger *l)
{
	struct json_object *json = json_object_new_object();

	json_put_int(json, "quantity", l->usage_quantity);
	json_put_string(json, "type", l->usage_type);
	json_put_string(json, "unit", l->usage_unit);
	return json;
}

/* Returns an object with two texts. */
static struct json_object *
pair_json(const char *key, const char *text, const char *other_key,
    const char *other)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, key, text);
	json_put_string(json, other_key, other);
	return json;
}

void
ledger_copy_texts(struct arena *a, struct ledger *l)
{
	const char **const texts[] = { &l->account_id, &l->id, &l->service,
		&l->source_id, &l->usage_type, &l->usage_unit, &l->for_id,
		&l->for_name, &l->document };
	size_t i;

	for (i = 0; i < NELEM(texts); i++)
		*texts[i] = arena_strdup(a, *texts[i]);
}

void
ledger_complete(struct arena *a, struct ledger *l,
    const struct ledger_note *note)
{
	struct json_object *json = json_object_new_object();
	char month[GREGORIAN_MONTH_SIZE], dedupe[LEDGER_DEDUPE_SIZE];

	gregorian_month(l->created, month);
	ledger_dedupe(l, dedupe);
	l->id = arena_printf(a, "%s-%s", month, dedupe);
	json_object_object_add(json, "account", pair_json("id",
	    l->for_id != NULL ? l->for_id : l->account_id, "name", l->for_name));
	json_object_object_add(json, "source", pair_json("service", l->service,
	    "id", l->source_id));
	if (l->period_start != 0 || l->period_end != 0)
		json_object_object_add(json, "period", period_json(l));
	if (l->has_usage)
		json_object_object_add(json, "usage", usage_json(l));
	json_put_string(json, "description", note->description);
	if (note->metadata != NULL)
		json_object_object_add(json, "metadata",
		    json_object_get(note->metadata));
	json_object_object_add(json, "executor", pair_json("trigger",
	    note->trigger, "module", note->module));
	if (note->audit != NULL)
		json_object_object_add(json, "audit",
		    json_object_get(note->audit));
	l->document = json_canonical_text(a, json);
	json_object_put(json);
}

/* ---- bodies ---- */

static const char *
text_or_none(struct json_object *body, const char *path)
{
	const char *text = json_string_at(body, path);

	return text == NULL || text[0] == '\0' ? NULL : text;
}

/* Reads the members that all bodies share, after the check by a schema. */
static struct problem *
read_body(struct arena *a, struct json_object *body, const char *place,
    struct ledger *l, struct ledger_note *note)
{
	struct json_object *amount = json_at(body, "amount");
	const char *text = amount == NULL ? "0" :
	    json_object_to_json_string(amount);

	l->service = json_string_at(body, "source.service");
	l->source_id = json_string_at(body, "source.id");
	l->usage_type = text_or_none(body, "usage.type");
	l->usage_unit = text_or_none(body, "usage.unit");
	l->has_usage = json_int_at(body, "usage.quantity", &l->usage_quantity);
	(void)json_int_at(body, "period.start", &l->period_start);
	(void)json_int_at(body, "period.end", &l->period_end);
	note->description = json_string_at(body, "description");
	note->metadata = json_object_at(body, "metadata");
	if (!money_parse_even(text, &l->amount))
		return problem_invalid(a, problem_path(a, place, "amount"),
		    "maximum", "it is too large");
	l->rounded = !money_exact(text);
	if (l->rounded && text[0] == '-')
		return problem_invalid(a, problem_path(a, place, "amount"),
		    "minimum", "it is negative");
	if (l->period_end != 0 && l->period_end < (l->period_start != 0 ?
	    l->period_start : l->created))
		return problem_invalid(a, problem_path(a, place, "period.end"),
		    "minimum", "it is before period.start");
	return NULL;
}

struct problem *
ledger_read(struct arena *a, struct json_object *body, struct ledger *l,
    struct ledger_note *note)
{
	struct problem *p = read_body(a, body, "", l, note);

	if (p == NULL && l->period_start == 0)
		l->period_start = l->created;
	return p;
}

struct problem *
ledger_read_usage(struct arena *a, struct json_object *body,
    const char *place, struct ledger *l, struct ledger_note *note)
{
	const char *account_id;
	struct problem *p;

	if ((p = schema_check(a, schemas_of(SCHEMA_USAGE), body, place,
	    false)) != NULL)
		return p;
	/* Without a start it would count today, whenever it ended. */
	if (json_at(body, "period.end") != NULL &&
	    json_at(body, "period.start") == NULL)
		return problem_invalid(a, problem_path(a, place,
		    "period.start"), "required",
		    "Field is required but missing");
	if ((p = read_body(a, body, place, l, note)) != NULL)
		return p;
	l->debit = true;
	if ((account_id = json_string_at(body, "account.id")) != NULL)
		l->account_id = account_id;
	if (json_string_at(body, "account.name") != NULL)
		l->for_name = json_string_at(body, "account.name");
	/* A day is enough for clocks that differ. */
	if (l->period_start > l->created + GREGORIAN_DAY)
		return problem_invalid(a, problem_path(a, place,
		    "period.start"), "maximum", "it is in the future");
	if (l->period_start != 0)
		l->created = l->period_start;
	return NULL;
}

/* ---- the shown document ---- */

/* Clients rely on the start, so it is always present. */
static struct json_object *
with_start(struct json_object *period, int64_t created)
{
	struct json_object *json = period == NULL ? json_object_new_object() :
	    json_public_copy(period);

	if (json_at(json, "start") == NULL)
		json_put_int(json, "start", created);
	return json;
}

/* Adds the balance before the entry, in units (rules/ledgers 2). */
static struct json_object *
audit_json(struct json_object *audit, money_t available)
{
	struct json_object *json = json_public_copy(audit);
	char units[MONEY_TEXT_SIZE];

	money_to_units(available, units);
	json_object_object_add(json, "available_units",
	    json_object_new_double_s(0, units));
	return json;
}

struct json_object *
ledger_entry_document(struct arena *a, const struct ledger_entry *entry)
{
	struct json_object *json = json_own(a, json_public_copy(
	    entry->document));
	struct json_object *audit = json_object_at(json, "audit");

	json_put_string(json, "id", entry->id);
	json_put_money(json, "amount", entry->debit ? -entry->amount :
	    entry->amount);
	if (audit != NULL && entry->has_available)
		json_object_object_add(json, "audit",
		    audit_json(audit, entry->available));
	return json;
}

struct json_object *
ledger_entry_json(struct arena *a, const struct ledger_entry *entry)
{
	struct json_object *json = ledger_entry_document(a, entry);

	json_object_object_add(json, "period", with_start(
	    json_object_at(json, "period"), entry->created));
	return json;
}

/* ---- the same from texts ---- */

static const char *
string_text(struct arena *a, const char *string)
{
	struct json_writer w;
	struct buffer out;

	buffer_init(&out, a, 0);
	json_writer_init(&w, &out);
	json_string(&w, string);
	return out.text;
}

static const char *
amount_text(struct arena *a, money_t amount)
{
	char *text = arena_alloc(a, MONEY_TEXT_SIZE);

	money_format(amount, text);
	return text;
}

/* An object of an entry with one member patched. */
static const char *
patched_object(struct arena *a, const struct json_span *object,
    const struct json_patch *patch)
{
	struct buffer out;

	buffer_init(&out, a, 0);
	json_splice(&out, object->at, object->length, patch, 1);
	return out.text;
}

static const char *
period_text(struct arena *a, const struct ledger_entry *entry)
{
	struct json_span period = json_span_at(entry->text,
	    strlen(entry->text), "period");
	struct json_span start;
	struct json_patch patch = { "start", NULL };

	if (period.at == NULL || period.at[0] != '{')
		period.length = 0;
	start = json_span_at(period.at, period.length, "start");
	if (start.at == NULL)
		patch.text = arena_printf(a, "%lld", (long long)entry->created);
	return patched_object(a, &period, &patch);
}

static const char *
audit_text(struct arena *a, const struct ledger_entry *entry)
{
	const struct json_span audit = json_span_at(entry->text,
	    strlen(entry->text), "audit");
	char *units = arena_alloc(a, MONEY_TEXT_SIZE);
	const struct json_patch patch = { "available_units", units };

	if (audit.at == NULL || audit.at[0] != '{' || !entry->has_available)
		return NULL;
	money_to_units(entry->available, units);
	return patched_object(a, &audit, &patch);
}

const char *
ledger_entry_text(struct arena *a, const struct ledger_entry *entry)
{
	const struct json_patch patches[] = {
		{ "id", string_text(a, entry->id) },
		{ "amount", amount_text(a, entry->debit ? -entry->amount :
		    entry->amount) },
		{ "audit", audit_text(a, entry) },
		{ "period", period_text(a, entry) },
	};
	struct buffer out;

	buffer_init(&out, a, 0);
	json_splice(&out, entry->text, strlen(entry->text), patches,
	    NELEM(patches));
	return out.text;
}
