/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/object_count.h"

#include "base/json.h"
#include "service/terms.h"

struct problem *
object_classes(const struct config *config, struct arena *a,
    const struct number_classes **out)
{
	/* Compiled once: the configuration of a process does not change. */
	static const struct number_classes *kept;
	static const char *kept_of;
	static struct arena *arena;
	const char *why;

	if (kept_of != config->number_classes) {
		if (arena != NULL)
			arena_free(&arena);
		arena = arena_new(16 * 1024);
		kept_of = config->number_classes;
		kept = number_classes_read(arena, kept_of, &why);
		if (kept == NULL) {
			kept_of = NULL;
			return problem_fault(a, "number_classes: %s", why);
		}
	}
	*out = kept;
	return NULL;
}

struct problem *
objects_counting(struct arena *a, const struct number_classes *classes,
    const struct service *service, struct count_context *out)
{
	const struct quantity_table *own =
	    &service->quantities[QUANTITY_ACCOUNT];

	*out = (struct count_context){ .classes = classes };
	quantity_table_get(own, "users", "admin", &out->admins);
	return quantity_table_sum(own, "users", &out->users) ? NULL :
	    terms_overflow(a, service);
}

/* Appends the object that counts the account's users, if users changed and the
 * object did not. */
static struct problem *
add_dependent(struct db *db, struct arena *a, const struct service *proposed,
    struct object_change *changes, size_t *count)
{
	const struct kind *kind;
	struct object *object;
	struct problem *p;
	size_t i, j;

	for (i = 0; (kind = kind_at(i)) != NULL; i++) {
		if (!counts_users(kind->rules))
			continue;
		for (j = 0; j < *count; j++)
			if (changes[j].kind == kind)
				return NULL;
		p = store_object_show(
		    db, a, proposed->account_id, kind, kind->noun, &object);
		if (p != NULL || object == NULL)
			return p;
		changes[(*count)++] = (struct object_change){
			.kind = kind,
			.id = object->id,
			.document = object->document,
			.before = object->document,
		};
		return NULL;
	}
	return NULL;
}

/* Counts a changed object, before and after; the users counted with it may have
 * changed meanwhile. */
static struct problem *
count_change(struct arena *a, const struct object_change *change,
    const struct count_context *before, const struct count_context *after,
    struct service *proposed)
{
	const struct count_rule *rules = change->kind->rules;
	const struct counted_object was = { rules, change->id, change->before };
	const struct counted_object is = { rules, change->id, change->document };
	struct quantity_table *own = &proposed->quantities[QUANTITY_ACCOUNT];

	return count_object(a, &was, before, -1, own) &&
	    count_object(a, &is, after, 1, own) ? NULL :
	    terms_overflow(a, proposed);
}

struct problem *
objects_count(struct db *db, struct arena *a,
    const struct number_classes *classes, struct object_change *changes,
    size_t *count, struct service *proposed)
{
	struct count_context old, new;
	struct problem *p = objects_counting(a, classes, proposed, &old);
	size_t i;

	/* Users first: other objects count them. */
	for (i = 0; i < *count && p == NULL; i++)
		if (!counts_users(changes[i].kind->rules))
			p = count_change(a, &changes[i], &old, &old, proposed);
	if (p != NULL ||
	    (p = objects_counting(a, classes, proposed, &new)) != NULL)
		return p;
	if ((new.users != old.users || new.admins != old.admins) &&
	    (p = add_dependent(db, a, proposed, changes, count)) != NULL)
		return p;
	for (i = 0; i < *count && p == NULL; i++)
		if (counts_users(changes[i].kind->rules))
			p = count_change(a, &changes[i], &old, &new, proposed);
	return p;
}

/* ---- stored sources ---- */

void
sources_write(struct json_writer *w, const char *source,
    const struct quantity_table *table)
{
	const struct quantity *row;
	size_t i;

	for (i = 0; i < table->count; i++) {
		row = &table->rows[i];
		json_begin_object(w);
		if (source != NULL)
			json_member_string(w, "source", source);
		json_member_string(w, "category", row->category);
		json_member_string(w, "item", row->item);
		json_member_int(w, "quantity", row->number);
		json_end(w);
	}
}

struct problem *
object_sources(struct arena *a, const struct counted_object *what,
    const struct count_context *with, const char **out)
{
	struct quantity_table table = { .count = 0 };
	struct json_writer w;
	struct buffer text;

	if (!count_object(a, what, with, 1, &table))
		return problem_invalid(a, "quantities", "overflow",
		    "%s counts as more than can be", what->id);
	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	sources_write(&w, NULL, &table);
	json_end(&w);
	*out = text.text;
	return NULL;
}

/* ---- the account itself ---- */

struct counted_object
account_counted(struct arena *a)
{
	return (struct counted_object){ kind_account_rules, "",
		json_own(a, json_object_new_object()) };
}

struct problem *
account_count(struct arena *a, struct service *proposed)
{
	struct quantity_table *own = &proposed->quantities[QUANTITY_ACCOUNT];
	const struct counted_object itself = account_counted(a);
	int64_t known;

	/* An account created before accounts were counted does not count. */
	quantity_table_get(own, "accounts", "account", &known);
	return known > 0 || count_object(a, &itself, NULL, 1, own) ? NULL :
	    terms_overflow(a, proposed);
}

struct problem *
account_count_save(struct db *db, struct arena *a, const char *account_id)
{
	const struct counted_object what = account_counted(a);
	const char *sources;
	struct problem *p = object_sources(a, &what, NULL, &sources);

	return p != NULL ? p :
	    store_source_save(db, a, account_id, SOURCE_ACCOUNT, sources);
}

struct problem *
account_import_count(struct db *db, struct arena *a, const char *account_id)
{
	const struct counted_object what = account_counted(a);
	const char *sources;
	struct problem *p = object_sources(a, &what, NULL, &sources);

	return p != NULL ? p :
	    store_source_explain(db, a, account_id, SOURCE_ACCOUNT, sources);
}
