/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/import_settle.h"

#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "base/memory.h"
#include "billing/quantity_document.h"
#include "ctl/import_source.h"
#include "ctl/spool.h"
#include "service/imported_quantities.h"
#include "service/object_count.h"
#include "service/terms.h"
#include "store/imported.h"

#define AT_ONCE 500
#define ACCOUNT_CHUNK (64 * 1024)

/* The key of a row is the account, a slash, and the object as its source is
 * called (NOUN/ID), or nothing: the services document, which comes first. */
#define SOURCE_AT ID_LENGTH + 1

struct import_settle {
	struct ctl *ctl;
	const struct number_classes *classes;
	struct spool *rows;
	struct spool_row row;
	bool has_row;
};

struct problem *
import_settle_new(struct ctl *ctl, struct import_settle **out)
{
	struct import_settle *settle = calloc(1, sizeof(*settle));

	if (settle == NULL)
		memory_exhausted(sizeof(*settle));
	*out = settle;
	settle->ctl = ctl;
	settle->rows = spool_new();
	return object_classes(ctl->config, ctl->arena, &settle->classes);
}

void
import_settle_free(struct import_settle **settle)
{
	if (*settle != NULL)
		spool_free(&(*settle)->rows);
	free(*settle);
	*settle = NULL;
}

/* ---- what the dump has ---- */

static void
keep(struct import_settle *settle, struct import_source *s, const char *source,
    const struct quantity_table *table)
{
	const char *text = json_canonical_text(s->arena, json_own(s->arena,
	    quantity_table_json(table)));

	spool_add(settle->rows, arena_printf(s->arena, "%s/%s", s->account_id,
	    source), text, strlen(text));
}

static void
see_services(struct import_settle *settle, struct import_source *s)
{
	struct import_quantities quantities;

	if (import_quantities_read(s->arena, s->document, &quantities) == NULL)
		keep(settle, s, "", &quantities.tables[QUANTITY_ACCOUNT]);
}

/* Objects that count the account's users count as they do here. */
static void
see_object(struct import_settle *settle, struct import_source *s,
    const struct object *object)
{
	const struct count_context with = { .classes = settle->classes };
	const struct counted_object what = { object->kind->rules, object->id,
	    object->document };
	struct quantity_table table = { .count = 0 };

	if (!counts_users(object->kind->rules) &&
	    count_object(s->arena, &what, &with, 1, &table))
		keep(settle, s, arena_printf(s->arena, "%s/%s",
		    object->kind->noun, object->id), &table);
}

void
import_settle_see(struct import_settle *settle, const struct importer *importer,
    struct arena *a, struct json_object *document)
{
	struct import_source s = { .importer = importer, .arena = a,
		.document = document };
	const char *why, *name;
	const struct import_kind *kind = import_kind_of(a, document, &why);
	struct object object;
	struct user_copy user;

	if (kind == NULL || import_begin(&s, kind) != NULL ||
	    s.account_id == NULL)
		return;
	name = import_kind_name(kind);
	if (strcmp(name, "service") == 0) {
		see_services(settle, &s);
	} else if (strcmp(name, "object") == 0) {
		object = import_object_read(&s);
		see_object(settle, &s, &object);
	} else if (strcmp(name, "user") == 0 &&
	    import_user_read(&s, &object, &user) == NULL &&
	    user_copy_settle(a, &user) == NULL) {
		see_object(settle, &s, &object);
	}
}

/* ---- an account ---- */

/* An object, and what it counts as in the dump. */
struct seen_object {
	const char *source;
	struct quantity_table table;
};

struct settled {
	const struct importer *importer;
	const char *id;
	bool has_services;
	struct quantity_table named; /* by the services document */
	size_t count, room;
	struct seen_object *objects; /* by source */
	/* Of a transaction, which may be repeated. */
	bool settles; /* the services of the account were imported */
	size_t noted_count, noted_room;
	const char **noted; /* sources of imported objects */
	struct quantity_table here, there; /* what objects count as */
};

static void
add_object(struct arena *a, struct settled *x, const char *source,
    const struct quantity_table *table)
{
	struct seen_object *grown;

	if (x->count > 0 && strcmp(x->objects[x->count - 1].source, source) == 0)
		return;
	if (x->count == x->room) {
		x->room = x->room * 2 + 64;
		grown = arena_alloc(a, x->room * sizeof(*grown));
		if (x->count > 0)
			memcpy(grown, x->objects, x->count * sizeof(*grown));
		x->objects = grown;
	}
	x->objects[x->count++] = (struct seen_object){
		arena_strdup(a, source), *table };
}

/* Reads the rows of the next account. A document that the dump has twice counts
 * once. */
static void
read_account(struct import_settle *settle, struct arena *a, struct settled *x)
{
	struct quantity_table table;
	struct json_object *json;
	const char *error, *source;

	x->id = arena_strndup(a, settle->row.key, ID_LENGTH);
	while (settle->has_row &&
	    strncmp(settle->row.key, x->id, ID_LENGTH) == 0) {
		source = settle->row.key + SOURCE_AT;
		table = (struct quantity_table){ .count = 0 };
		json = json_parse(a, settle->row.value, settle->row.length,
		    &error);
		if (json == NULL || quantity_table_read(a, json, "",
		    QUANTITY_KEPT, &table) != NULL)
			table.count = 0;
		if (source[0] != '\0') {
			add_object(a, x, source, &table);
		} else if (!x->has_services) {
			x->has_services = true;
			x->named = table;
		}
		settle->has_row = spool_next(settle->rows, &settle->row);
	}
}

static void
add_noted(struct arena *a, struct settled *x, const struct imported *document)
{
	const char **grown;

	if (x->noted_count == x->noted_room) {
		x->noted_room = x->noted_room * 2 + 64;
		grown = arena_alloc(a, x->noted_room * sizeof(*grown));
		if (x->noted_count > 0)
			memcpy(grown, x->noted, x->noted_count *
			    sizeof(*grown));
		x->noted = grown;
	}
	x->noted[x->noted_count++] = arena_printf(a, "%s/%s", document->kind,
	    document->id);
}

static int
by_text(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static struct problem *
read_noted(struct db *db, struct arena *a, struct settled *x)
{
	struct imported last = { x->id, "", "", 0 };
	struct imported_list list;
	struct problem *p;
	size_t i;

	x->noted_count = x->noted_room = 0;
	do {
		p = store_imported_list(db, a, &last, AT_ONCE, &list);
		for (i = 0; p == NULL && i < list.count; i++) {
			last = list.documents[i];
			last.account_id = x->id;
			add_noted(a, x, &last);
		}
	} while (p == NULL && list.count == AT_ONCE);
	if (x->noted_count > 0)
		qsort(x->noted, x->noted_count, sizeof(*x->noted), by_text);
	return p;
}

static bool
is_noted(const struct settled *x, const char *source)
{
	return x->noted_count > 0 && bsearch(&source, x->noted, x->noted_count,
	    sizeof(*x->noted), by_text) != NULL;
}

static int
by_source(const void *x, const void *y)
{
	const struct seen_object *a = x, *b = y;

	return strcmp(a->source, b->source);
}

static bool
is_in_dump(const struct settled *x, const char *source)
{
	const struct seen_object key = { .source = source };

	return x->count > 0 && bsearch(&key, x->objects, x->count,
	    sizeof(*x->objects), by_source) != NULL;
}

/* Counts here and there. False: a number exceeds 64 bits. */
static bool
count_both(struct arena *a, struct settled *x, const struct source_list *list)
{
	const struct quantity *row;
	const struct source_item *item;
	size_t i, j;

	x->here = x->there = (struct quantity_table){ .count = 0 };
	for (i = 0; i < list->count; i++) {
		item = &list->items[i];
		if (!quantity_table_add(a, &x->here, item->category,
		    item->item, item->n))
			return false;
		if ((strcmp(item->source, SOURCE_ACCOUNT) == 0 ||
		    (is_noted(x, item->source) &&
		    !is_in_dump(x, item->source))) &&
		    !quantity_table_add(a, &x->there, item->category,
		    item->item, item->n))
			return false;
	}
	for (i = 0; i < x->count; i++) {
		row = x->objects[i].table.rows;
		for (j = 0; j < x->objects[i].table.count; j++, row++)
			if (is_noted(x, x->objects[i].source) &&
			    !quantity_table_add(a, &x->there, row->category,
			    row->item, row->number))
				return false;
	}
	return true;
}

/* The quantities of the services document that no object there explains. */
static struct quantity_table
rest_of(struct arena *a, const struct settled *x)
{
	struct quantity_walk walk = { .before = &x->there, .after = &x->named };
	struct quantity_table rest = { .count = 0 };
	struct quantity_pair pair;

	while (quantity_walk_difference(&walk, &pair))
		if (pair.after > pair.before || (!pair.was && pair.after != 0))
			quantity_table_set(a, &rest, pair.category, pair.item,
			    pair.after - pair.before);
	return rest;
}

static struct problem *
settle_account(struct db *db, struct arena *a, void *state)
{
	struct settled *x = state;
	struct service service;
	struct source_list list;
	struct quantity_table rest;
	struct problem *p;

	if ((p = store_service_load(db, a, x->id, SERVICE_LOCK_PATH,
	    &service)) != NULL || (p = store_source_list(db, a, x->id,
	    &list)) != NULL || (p = read_noted(db, a, x)) != NULL)
		return p;
	x->settles = is_noted(x, arena_printf(a, "%s/%s", IMPORTED_SERVICES,
	    x->id));
	if (!x->settles)
		return NULL;
	if (!count_both(a, x, &list))
		return terms_overflow(a, &service);
	rest = rest_of(a, x);
	return imported_quantities_settle(db, a, &service, &rest,
	    x->importer->actor.now);
}

static void
tell_account(struct arena *a, const struct settled *x, import_settle_tell *tell,
    void *state)
{
	struct quantity_walk walk = { .before = &x->there, .after = &x->here };
	struct quantity_pair pair;
	struct buffer text;

	buffer_init(&text, a, 0);
	while (quantity_walk_difference(&walk, &pair))
		if (pair.before != pair.after)
			buffer_printf(&text, "%s%s.%s %lld (%lld there)",
			    text.length > 0 ? ", " : "", pair.category,
			    pair.item, (long long)pair.after,
			    (long long)pair.before);
	if (text.length > 0)
		tell(state, x->id, text.text);
}

struct problem *
import_settle_accounts(struct import_settle *settle,
    const struct importer *importer, import_settle_tell *tell, void *state)
{
	struct problem *p = NULL;
	struct settled account;
	struct arena *a;

	spool_rewind(settle->rows);
	settle->has_row = spool_next(settle->rows, &settle->row);
	while (p == NULL && settle->has_row) {
		a = arena_new(ACCOUNT_CHUNK);
		account = (struct settled){ .importer = importer };
		read_account(settle, a, &account);
		if (account.has_services)
			p = db_transaction(settle->ctl->db, a, settle_account,
			    &account);
		/* The account was left out. */
		if (p != NULL && p->kind == PROBLEM_BAD_IDENTIFIER)
			p = NULL;
		else if (p == NULL && account.settles)
			tell_account(a, &account, tell, state);
		if (p != NULL)
			p = problem_copy(settle->ctl->arena, p);
		arena_free(&a);
	}
	if (p == NULL && spool_failure(settle->rows) != NULL)
		p = problem_fault(settle->ctl->arena, "a temporary file: %s",
		    spool_failure(settle->rows));
	return p;
}
