/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/rehearsal_read.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "billing/quantity_document.h"
#include "service/object_count.h"

#define ROW_CHUNK (16 * 1024)

/* Reading one account. */
struct reading {
	struct rehearsal *rehearsal;
	struct arena *arena;
	struct arena *row_arena; /* of one row */
	struct rehearsed *out;
	struct left_out *left_out;
};

/* The id of an object that is not imported. */
struct left_out {
	const char *id; /* noun/id */
	struct left_out *next;
};

void
rehearsal_read_begin(struct rehearsal *r, enum rehearsal_extent extent)
{
	spool_rewind(r->rows);
	r->has_row = spool_next(r->rows, &r->row);
	if (extent != REHEARSAL_ALL)
		return;
	spool_rewind(r->below);
	r->has_part = spool_next(r->below, &r->part);
}

/* ---- counting ---- */

static void
add(struct reading *g, struct quantity_table *table, struct json_object *count,
    size_t place)
{
	const char *category = json_object_get_string(
	    json_object_array_get_idx(count, 0));
	const char *item = json_object_get_string(
	    json_object_array_get_idx(count, 1));
	int64_t n = json_object_get_int64(json_object_array_get_idx(count,
	    place));

	if (!quantity_table_add(g->arena, table, category, item, n))
		g->out->overflow = true;
}

static void
add_counts(struct reading *g, struct json_object *counts)
{
	size_t n = counts == NULL ? 0 : json_object_array_length(counts), i;

	for (i = 0; i < n; i++)
		add(g, &g->out->counted, json_object_array_get_idx(counts, i),
		    2);
}

/* The larger figure of two, for each item. */
static void
take_larger(struct reading *g)
{
	struct rehearsed *out = g->out;
	struct quantity_walk walk = { .before = &out->old[QUANTITY_ACCOUNT],
		.after = &out->counted };
	struct quantity_pair pair;

	out->own = (struct quantity_table){ .count = 0 };
	while (quantity_walk_pair(&walk, &pair))
		quantity_table_set(g->arena, &out->own, pair.category,
		    pair.item, !pair.is || (pair.was &&
		    pair.before > pair.after) ? pair.before : pair.after);
}

/* ---- rows ---- */

static void
read_account(struct reading *g, struct json_object *row)
{
	struct rehearsed *out = g->out;
	const struct counted_object itself = account_counted(g->row_arena);
	int64_t expires = 0;

	out->account = rehearsal_tree_find(&g->rehearsal->tree, out->id);
	if (out->account != NULL && out->account->trouble != NULL)
		out->account = NULL;
	out->name = arena_strdup(g->arena, json_string_at(row, "name"));
	(void)json_int_at(row, "expires", &expires);
	/* Others cannot log in. */
	out->enabled = json_true_at(row, "enabled") && (expires == 0 ||
	    expires > g->rehearsal->importer.actor.now);
	out->has_key = json_true_at(row, "key") && out->enabled;
	if (!count_object(g->arena, &itself, NULL, 1, &out->counted))
		out->overflow = true;
}

/* Own quantities that no object of the exporting Reeve explained: import counts
 * them without objects, too. */
static void
add_unexplained(struct reading *g)
{
	struct quantity_table table = { .count = 0 };
	struct problem *p = quantity_table_read(g->arena,
	    json_object_at(g->out->source.document, "pvt_unexplained"), "",
	    QUANTITY_KEPT, &table);
	size_t i;

	for (i = 0; p == NULL && i < table.count; i++)
		if (!quantity_table_add(g->arena, &g->out->counted,
		    table.rows[i].category, table.rows[i].item,
		    table.rows[i].number))
			g->out->overflow = true;
}

static void
read_service(struct reading *g)
{
	struct rehearsed *out = g->out;
	const struct spool_row *row = &g->rehearsal->row;
	struct import_quantities quantities;
	const struct import_kind *kind;
	const char *error, *why;

	out->source = (struct import_source){
		.importer = &g->rehearsal->importer,
		.arena = g->arena,
		.document = json_parse(g->arena, row->value, row->length,
		    &error),
	};
	kind = import_kind_of(g->arena, out->source.document, &why);
	out->has_services = kind != NULL &&
	    import_begin(&out->source, kind) == NULL &&
	    import_service_read(&out->source, &quantities,
	    &out->services) == NULL;
	if (!out->has_services)
		return;
	memcpy(out->old, quantities.tables, sizeof(out->old));
	out->has_cascade = !quantities.flat;
	add_unexplained(g);
}

static void
read_object(struct reading *g, struct json_object *row)
{
	const char *login = json_string_at(row, "login");
	struct rehearsed *out = g->out;

	add_counts(g, json_array_at(row, "counts"));
	if (login == NULL)
		return;
	if (json_true_at(row, "disabled") || !out->enabled)
		out->disabled++;
	else if (strcmp(login, "md5") == 0)
		out->md5++;
	else if (strcmp(login, "sha") == 0)
		out->sha++;
	else
		out->none++;
}

static void
leave_out(struct reading *g, const char *id)
{
	struct left_out *one = arena_alloc(g->arena, sizeof(*one));

	one->id = arena_strdup(g->arena, id);
	one->next = g->left_out;
	g->left_out = one;
}

static bool
is_left_out(const struct reading *g, const char *id)
{
	const struct left_out *one;

	for (one = g->left_out; one != NULL; one = one->next)
		if (strcmp(one->id, id) == 0)
			return true;
	return false;
}

/* Counts an object that counts users, after all users. */
static void
read_dependent(struct reading *g, struct json_object *row, const char *id)
{
	const struct kind *kind = kind_of_noun(arena_strndup(g->row_arena, id,
	    strcspn(id, "/")));
	struct service service = { .account_id = g->out->id };
	struct count_context with;
	struct counted_object what;

	take_larger(g);
	service.quantities[QUANTITY_ACCOUNT] = g->out->own;
	what = (struct counted_object){ kind->rules, id, row };
	if (objects_counting(g->row_arena, g->rehearsal->classes, &service,
	    &with) != NULL || !count_object(g->arena, &what, &with, 1,
	    &g->out->counted))
		g->out->overflow = true;
}

/* Of each bookkeeper the last one stays that shows something: rows are in the order
 * of time. */
static void
read_audit(struct reading *g, struct json_object *row)
{
	const char *bookkeeper = json_string_at(row, "bookkeeper");
	struct rehearsal_invoice *invoice;

	for (invoice = g->out->invoices; invoice != NULL;
	    invoice = invoice->next)
		if (strcmp(invoice->bookkeeper, bookkeeper) == 0)
			break;
	if (invoice != NULL && json_true_at(row, "silent"))
		return;
	if (invoice == NULL) {
		invoice = arena_alloc(g->arena, sizeof(*invoice));
		invoice->bookkeeper = arena_strdup(g->arena, bookkeeper);
		invoice->next = g->out->invoices;
		buffer_init(&invoice->text, g->arena, 0);
		g->out->invoices = invoice;
	}
	(void)json_int_at(row, "created", &invoice->created);
	buffer_clear(&invoice->text);
	buffer_add(&invoice->text, g->rehearsal->row.value,
	    g->rehearsal->row.length);
}

static void
read_row(struct reading *g, enum rehearsal_extent extent)
{
	const struct spool_row *row = &g->rehearsal->row;
	const char *id = row->key + ID_LENGTH + 1, *error;
	enum rehearsal_tag tag = row->key[ID_LENGTH];
	struct json_object *json;

	if (tag == REHEARSAL_LEFT_OUT) {
		leave_out(g, id);
		return;
	}
	if ((tag == REHEARSAL_OBJECT || tag == REHEARSAL_DEPENDENT) &&
	    is_left_out(g, id))
		return;
	g->out->rows++;
	if (extent == REHEARSAL_COUNTS && tag >= REHEARSAL_AUDIT)
		return;
	arena_reset(g->row_arena);
	json = json_parse(g->row_arena, row->value, row->length, &error);
	switch (tag) {
	case REHEARSAL_LEFT_OUT:
		break;
	case REHEARSAL_ACCOUNT:
		read_account(g, json);
		break;
	case REHEARSAL_SERVICE:
		read_service(g);
		break;
	case REHEARSAL_OBJECT:
		read_object(g, json);
		break;
	case REHEARSAL_DEPENDENT:
		read_dependent(g, json, id);
		break;
	case REHEARSAL_AUDIT:
		read_audit(g, json);
		break;
	case REHEARSAL_LEDGER:
		rehearsal_ledger_add(g->arena, &g->out->ledger, id, json);
		break;
	}
}

/* ---- an account ---- */

/* Reads the rows of the account. A document that stands twice in the dump is
 * imported once. */
static void
read_rows(struct reading *g, enum rehearsal_extent extent)
{
	struct rehearsal *r = g->rehearsal;
	struct arena *key_arena = arena_new(ROW_CHUNK);
	struct buffer last;

	buffer_init(&last, key_arena, 0);
	while (r->has_row && strncmp(r->row.key, g->out->id, ID_LENGTH) == 0) {
		if (strcmp(last.text, r->row.key) != 0)
			read_row(g, extent);
		buffer_clear(&last);
		buffer_puts(&last, r->row.key);
		r->has_row = spool_next(r->rows, &r->row);
	}
	arena_free(&key_arena);
}

/* Adds up what the accounts below count as. */
static void
read_parts(struct reading *g)
{
	struct rehearsal *r = g->rehearsal;
	struct json_object *part;
	const char *error;
	int order;

	while (r->has_part && (order = strcmp(r->part.key, g->out->id)) <= 0) {
		arena_reset(g->row_arena);
		part = json_parse(g->row_arena, r->part.value, r->part.length,
		    &error);
		if (order == 0 && part != NULL) {
			add(g, &g->out->old_below, part, 2);
			add(g, &g->out->below, part, 3);
		}
		r->has_part = spool_next(r->below, &r->part);
	}
}

bool
rehearsal_read(struct rehearsal *r, struct arena *a,
    enum rehearsal_extent extent, struct rehearsed *out)
{
	struct reading g = { r, a, NULL, out, NULL };

	if (!r->has_row)
		return false;
	*out = (struct rehearsed){ .account = NULL };
	snprintf(out->id, sizeof(out->id), "%.*s", ID_LENGTH, r->row.key);
	g.row_arena = arena_new(ROW_CHUNK);
	read_rows(&g, extent);
	take_larger(&g);
	if (extent == REHEARSAL_ALL) {
		read_parts(&g);
		if (out->ledger.entries > 0)
			rehearsal_ledger_end(&out->ledger);
	}
	arena_free(&g.row_arena);
	return true;
}
