/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts that all forms of the report share, and the form JSON. */
#include "config.h"

#include "ctl/rehearsal_report.h"

#include <stdio.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "ctl/print.h"

#define REASONS_MAX 200
#define EXAMPLES_MAX 3
#define RESULT_CHUNK (64 * 1024)

/* ---- the verdict ---- */

enum rehearsal_verdict
rehearsal_verdict_of(const struct rehearsal *r)
{
	const struct rehearsal_totals *t = &r->totals;

	if (t->unreadable > 0)
		return REHEARSAL_UNREADABLE;
	if (t->compared == 0)
		return REHEARSAL_NOTHING;
	if (t->differing > 0)
		return REHEARSAL_DIFFERS;
	if (t->left_out > 0)
		return REHEARSAL_LEAVES_OUT;
	return t->priced_invoices == 0 && t->priced > 0 ? REHEARSAL_NOTHING :
	    REHEARSAL_SAME;
}

static const struct {
	const char *name;
	const char *text;
} verdicts[] = {
	[REHEARSAL_SAME] = { "same", "nothing differs" },
	[REHEARSAL_DIFFERS] = { "differs", "something differs" },
	[REHEARSAL_LEAVES_OUT] = { "left out", "accounts are left out; of the "
	    "others nothing differs" },
	[REHEARSAL_NOTHING] = { "not comparable", "not comparable" },
	[REHEARSAL_UNREADABLE] = { "unreadable", "a part of the dump cannot be "
	    "read" },
};

/* The sort of documents that the dump lacks; "": no verdict needs more. */
static const char *
lack_of(const struct rehearsal *r)
{
	if (rehearsal_verdict_of(r) != REHEARSAL_NOTHING)
		return "";
	if (r->totals.accounts == 0 && r->totals.left_out > 0)
		return ": every account is left out";
	return r->totals.compared == 0 ? ": the dump has no services document "
	    "of an account in it" : ": the dump has no invoice (audit_log) of "
	    "an account with a plan";
}

const char *
rehearsal_verdict_text(const struct rehearsal *r, struct arena *a)
{
	const struct rehearsal_totals *t = &r->totals;

	return arena_printf(a, "%s%s (compared: the quantities of %lld of %lld "
	    "accounts, the invoices of %lld of %lld with a plan, the ledgers "
	    "of %lld; accounts left out: %lld)",
	    verdicts[rehearsal_verdict_of(r)].text, lack_of(r),
	    (long long)t->compared, (long long)t->accounts,
	    (long long)t->priced_invoices, (long long)t->priced,
	    (long long)t->ledgers, (long long)t->left_out);
}

/* ---- the summary ---- */

/* Adds a place where a document was left out, of the first few. */
static void
add_example(struct json_object *reason, struct json_object *place)
{
	struct json_object *examples = json_array_at(reason, "examples");

	if (json_object_array_length(examples) == EXAMPLES_MAX)
		return;
	place = json_object_get(place);
	json_object_object_del(place, "documents");
	json_object_array_add(examples, place);
}

static struct json_object *
new_reason(const char *text)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "reason", text);
	json_object_object_add(json, "examples", json_object_new_array());
	return json;
}

static struct json_object *
reasons_json(struct rehearsal *r)
{
	struct json_object *list = json_object_new_array(), *last = NULL, *place;
	struct arena *a = arena_new(RESULT_CHUNK); /* of a row */
	struct spool_row row;
	const char *error;
	int64_t n, all = 0;

	spool_rewind(r->skips);
	while (spool_next(r->skips, &row)) {
		place = json_parse(a, row.value, row.length, &error);
		if (last == NULL || (json_object_array_length(list) <
		    REASONS_MAX && strcmp(json_string_at(last, "reason"),
		    row.key) != 0)) {
			last = new_reason(json_object_array_length(list) ==
			    REASONS_MAX - 1 ? "others" : row.key);
			json_object_array_add(list, last);
			all = 0;
		}
		if (json_int_at(place, "documents", &n))
			all += n;
		json_put_int(last, "documents", all);
		add_example(last, place);
		arena_reset(a);
	}
	arena_free(&a);
	return list;
}

static struct json_object *
groups_json(const struct quantity_table *groups)
{
	struct json_object *list = json_object_new_array(), *json;
	size_t i;

	for (i = 0; i < groups->count; i++) {
		json = json_object_new_object();
		json_put_string(json, "difference", groups->rows[i].category);
		json_put_string(json, "rule", groups->rows[i].item);
		json_put_int(json, "accounts", groups->rows[i].number);
		json_object_array_add(list, json);
	}
	return list;
}

static void
put_counts(struct json_object *json, const struct rehearsal_totals *t)
{
	json_put_int(json, "documents", t->documents);
	json_put_int(json, "unreadable", t->unreadable);
	json_put_int(json, "skipped", t->skipped);
	json_put_int(json, "accounts", t->accounts);
	json_put_int(json, "accounts_left_out", t->left_out);
	json_put_int(json, "with_plans", t->priced);
	json_put_int(json, "compared", t->compared);
	json_put_int(json, "without_accounts", t->without_accounts);
	json_put_int(json, "differing", t->differing);
	json_put_int(json, "differences", t->differences);
	json_put_int(json, "following", t->following);
	json_put_int(json, "invoices", t->invoices);
	json_put_int(json, "ledgers", t->ledgers);
}

static struct json_object *
logins_json(const struct rehearsal *r)
{
	const struct rehearsal_totals *t = &r->totals;
	struct json_object *json = json_object_new_object();

	json_put_int(json, "md5", t->md5);
	json_put_int(json, "sha1", t->sha);
	json_put_int(json, "none", t->none);
	json_put_int(json, "disabled", t->disabled);
	json_put_int(json, "api_keys", t->keys);
	json_put_bool(json, "secret", r->ctl->config->secret[0] != '\0');
	return json;
}

static struct json_object *
sums_json(money_t recurring, money_t balance)
{
	struct json_object *json = json_object_new_object();

	json_put_money(json, "recurring", recurring);
	json_put_money(json, "balance", balance);
	return json;
}

struct json_object *
rehearsal_summary(struct rehearsal *r, struct arena *a)
{
	const struct rehearsal_totals *t = &r->totals;
	struct json_object *json = json_own(a, json_object_new_object());
	struct json_object *reeve;
	enum rehearsal_verdict verdict = rehearsal_verdict_of(r);
	char made[GREGORIAN_ISO_SIZE];

	gregorian_iso8601(r->importer.actor.now, made);
	json_put_string(json, "made", made);
	json_put_string(json, "verdict", verdicts[verdict].name);
	json_put_string(json, "says", rehearsal_verdict_text(r, a));
	put_counts(json, t);
	json_object_object_add(json, "old",
	    sums_json(t->old_recurring, t->old_balance));
	reeve = sums_json(t->recurring, t->balance);
	json_put_money(reeve, "recurring_of_all", t->recurring_all);
	json_object_object_add(json, "reeve", reeve);
	json_object_object_add(json, "logins", logins_json(r));
	json_object_object_add(json, "groups", groups_json(&t->groups));
	json_object_object_add(json, "reasons", reasons_json(r));
	return json;
}

const char *
rehearsal_about_accounts(const struct rehearsal *r, struct arena *a)
{
	return r->totals.without_accounts == 0 ? NULL : arena_printf(a,
	    "%lld services documents count no accounts, as before 5.0. Reeve "
	    "counts them (doc/rules/counting 3): it costs something only where "
	    "a plan prices them.", (long long)r->totals.without_accounts);
}

/* ---- an account ---- */

struct json_object *
rehearsal_result(struct rehearsal *r, struct arena *a)
{
	struct spool_row row;
	const char *error;

	return spool_next(r->results, &row) ?
	    json_parse(a, row.value, row.length, &error) : NULL;
}

const char *
rehearsal_figure(struct json_object *tree, const char *path)
{
	struct json_object *value = json_at(tree, path);

	return value == NULL ? "not in the dump" :
	    json_object_get_string(value);
}

const char *
rehearsal_subject(struct arena *a, struct json_object *difference)
{
	static const char *const parts[] = { "scope", "month", "service",
		"category", "item", "plan", "vendor" };
	struct buffer text;
	const char *part;
	size_t i;

	buffer_init(&text, a, 0);
	buffer_puts(&text, json_string_at(difference, "of"));
	for (i = 0; i < NELEM(parts); i++) {
		part = json_string_at(difference, parts[i]);
		if (part != NULL)
			buffer_printf(&text, "%s%s",
			    strcmp(parts[i], "item") == 0 ? "/" :
			    strcmp(parts[i], "vendor") == 0 ? " of " : " ",
			    part);
	}
	return text.text;
}

static void
add_figures(struct buffer *text, const char *before,
    struct json_object *pair)
{
	buffer_printf(text, "%s%s, Reeve %s", before,
	    json_at(pair, "old") == NULL ? "none" :
	    json_object_get_string(json_at(pair, "old")),
	    json_at(pair, "reeve") == NULL ? "none" :
	    json_object_get_string(json_at(pair, "reeve")));
	if (json_at(pair, "counted") != NULL)
		buffer_printf(text, ", counted %s",
		    json_object_get_string(json_at(pair, "counted")));
}

const char *
rehearsal_figures(struct arena *a, struct json_object *difference)
{
	struct json_object *fields = json_object_at(difference, "fields");
	struct buffer text;

	buffer_init(&text, a, 0);
	if (fields == NULL) {
		if (json_at(difference, "old") != NULL ||
		    json_at(difference, "reeve") != NULL)
			add_figures(&text, "old ", difference);
		return text.text;
	}
	json_object_object_foreach(fields, name, pair) {
		add_figures(&text, arena_printf(a, "%s%s ", text.length == 0 ?
		    "old " : "; ", name), pair);
	}
	return text.text;
}

/* {outer: {inner: number}} as "outer/inner number, ...". */
static void
add_leaves(struct buffer *text, struct json_object *table)
{
	json_object_object_foreach(table, outer, inner) {
		json_object_object_foreach(inner, name, value)
			buffer_printf(text, "%s%s/%s %s",
			    text->length == 0 ? "" : ", ", outer, name,
			    json_object_get_string(value));
	}
}

const char *
rehearsal_quantities(struct arena *a, struct json_object *tables)
{
	struct buffer text, part;

	buffer_init(&text, a, 0);
	json_object_object_foreach(tables, scope, table) {
		buffer_init(&part, a, 0);
		add_leaves(&part, table);
		if (part.length > 0)
			buffer_printf(&text, "%s%s: %s",
			    text.length == 0 ? "" : "; ", scope, part.text);
	}
	if (text.length == 0)
		buffer_puts(&text, "none");
	return text.text;
}

static const char *
word(struct json_object *line, const char *name)
{
	struct json_object *value = json_at(line, name);

	return value == NULL ? "?" : json_object_get_string(value);
}

const char *
rehearsal_lines(struct arena *a, struct json_object *lines)
{
	struct json_object *line;
	struct buffer text;
	const char *discount;
	size_t i;

	if (lines == NULL)
		return "not in the dump";
	buffer_init(&text, a, 0);
	for (i = 0; i < json_object_array_length(lines); i++) {
		line = json_object_array_get_idx(lines, i);
		discount = word(line, "discount");
		buffer_printf(&text, "%s%s/%s %s x %s%s%s = %s",
		    i == 0 ? "" : ", ", word(line, "category"),
		    word(line, "item"), word(line, "billable"),
		    word(line, "rate"), strcmp(discount, "0") == 0 ? "" :
		    " less ", strcmp(discount, "0") == 0 ? "" : discount,
		    word(line, "total"));
	}
	return text.length == 0 ? "no lines" : text.text;
}

const char *
rehearsal_months(struct arena *a, struct json_object *months)
{
	struct buffer text;

	buffer_init(&text, a, 0);
	add_leaves(&text, months);
	return text.text;
}

/* ---- JSON ---- */

void
rehearsal_report_json(struct rehearsal *r, struct json_object *summary)
{
	struct arena *a = arena_new(RESULT_CHUNK);
	struct json_object *json;
	struct spool_row row;

	spool_rewind(r->results);
	while (spool_next(r->results, &row))
		ctl_print_document(row.value);
	json = json_own(a, json_object_new_object());
	json_object_object_add(json, "summary", json_object_get(summary));
	ctl_print_document(json_canonical_text(a, json));
	arena_free(&a);
}
