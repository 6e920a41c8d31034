/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/imported_quantities.h"

#include "base/json.h"
#include "billing/quantities.h"
#include "service/object_count.h"
#include "service/terms.h"
#include "store/figures.h"

/* The source of what no object explains. */
#define SOURCE_IMPORT "import"

static struct problem *
cascade(struct db *db, struct arena *a,
    const struct service *before, const struct service *after, int64_t now)
{
	const struct quantity_table *was = &before->quantities[QUANTITY_ACCOUNT];
	const struct quantity_table *is = &after->quantities[QUANTITY_ACCOUNT];
	struct service known, changed;
	struct account_ids ancestors;
	struct problem *p;
	size_t i;

	if (quantity_table_equal(was, is))
		return NULL;
	p = store_service_ancestors(db, a, after->account_id, &ancestors);
	for (i = 0; p == NULL && i < ancestors.count; i++) {
		p = store_service_load(db, a, ancestors.ids[i], SERVICE_LOOK,
		    &known);
		if (p != NULL)
			return p;
		service_copy(a, &known, &changed);
		if (!quantities_cascade(a, was, is,
		    &changed.quantities[QUANTITY_CASCADE]))
			return terms_overflow(a, &known);
		if (!service_equal(&known, &changed))
			p = store_service_save(db, a, &known, &changed, now);
	}
	return p;
}

/* Stores what the objects do not explain. */
static struct problem *
save_rest(struct db *db, struct arena *a, const char *account_id,
    const struct quantity_table *rest)
{
	struct json_writer w;
	struct buffer text;

	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	sources_write(&w, NULL, rest);
	json_end(&w);
	return store_source_save(db, a, account_id, SOURCE_IMPORT, text.text);
}

/* False: a sum exceeds 64 bits. */
static bool
add_items(struct arena *a, const struct source_list *list,
    struct quantity_table *table)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (!quantity_table_add(a, table, list->items[i].category,
		    list->items[i].item, list->items[i].n))
			return false;
	return true;
}

struct problem *
imported_quantities_settle(struct db *db, struct arena *a,
    const struct service *before, const struct quantity_table *rest,
    int64_t now)
{
	struct service after;
	struct source_list objects, known;
	struct problem *p;
	struct quantity_table *own, kept = { .count = 0 };
	size_t i;

	if ((p = store_source_list(db, a, before->account_id,
	    &objects)) != NULL || (p = store_source_import_list(db, a,
	    before->account_id, &known)) != NULL)
		return p;
	if (!add_items(a, &known, &kept))
		return terms_overflow(a, before);
	if (rest != NULL && !quantity_table_equal(rest, &kept)) {
		kept = *rest;
		if ((p = save_rest(db, a, before->account_id, rest)) != NULL)
			return p;
	}
	service_copy(a, before, &after);
	own = &after.quantities[QUANTITY_ACCOUNT];
	*own = (struct quantity_table){ .count = 0 };
	if (!add_items(a, &objects, own))
		return terms_overflow(a, before);
	for (i = 0; i < kept.count; i++)
		if (!quantity_table_add(a, own, kept.rows[i].category,
		    kept.rows[i].item, kept.rows[i].number))
			return terms_overflow(a, before);
	if (service_equal(before, &after))
		return NULL;
	if ((p = store_service_save(db, a, before, &after, now)) != NULL ||
	    (p = cascade(db, a, before, &after, now)) != NULL)
		return p;
	return store_figures_forget(db, a, before->account_id);
}
