/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/imported_quantities.h"

#include "base/json.h"
#include "billing/quantities.h"
#include "service/object_count.h"
#include "service/terms.h"

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
    const struct quantity_table *explained, const struct quantity_table *own)
{
	struct quantity_walk walk = { .before = explained, .after = own };
	struct quantity_table rest = { .count = 0 };
	struct quantity_pair pair;
	struct json_writer w;
	struct buffer text;

	while (quantity_walk_difference(&walk, &pair))
		if (pair.after != pair.before)
			quantity_table_set(a, &rest, pair.category, pair.item,
			    pair.after - pair.before);
	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	sources_write(&w, NULL, &rest);
	json_end(&w);
	return store_source_save(db, a, account_id, SOURCE_IMPORT, text.text);
}

struct problem *
imported_quantities_settle(struct db *db, struct arena *a,
    const struct service *before, const struct quantity_table *named,
    int64_t now)
{
	struct quantity_table own, explained = { .count = 0 };
	struct service after;
	struct source_list totals;
	const struct source_item *item;
	struct problem *p;
	int64_t number;
	size_t i;

	p = store_source_total_list(db, a, before->account_id, &totals);
	if (p != NULL)
		return p;
	quantity_table_copy(a, named, &own);
	for (i = 0; i < totals.count; i++) {
		item = &totals.items[i];
		quantity_table_set(a, &explained, item->category, item->item,
		    item->n);
		if (!quantity_table_get(&own, item->category, item->item,
		    &number) || number < item->n)
			quantity_table_set(a, &own, item->category, item->item,
			    item->n);
	}
	p = save_rest(db, a, before->account_id, &explained, &own);
	if (p != NULL)
		return p;
	service_copy(a, before, &after);
	after.quantities[QUANTITY_ACCOUNT] = own;
	if (service_equal(before, &after))
		return NULL;
	p = store_service_save(db, a, before, &after, now);
	return p != NULL ? p : cascade(db, a, before, &after, now);
}
