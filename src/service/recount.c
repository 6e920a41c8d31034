/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/recount.h"

#include "base/json.h"
#include "service/object_count.h"
#include "service/terms.h"

#define AT_ONCE 1000 /* objects read or written at a time */
#define PAGE_CHUNK (64 * 1024)

/* A pass over all objects of an account. */
struct pass {
	struct db *db;
	struct arena *arena;
	struct arena *batch; /* of the sources not yet written */
	struct service *service;
	struct count_context with;
	bool write;
	bool begun; /* sources were written */
	bool postponed; /* there are objects that count users */
	size_t batched;
	struct buffer text;
	struct json_writer writer;
};

static void
begin_batch(struct pass *r)
{
	arena_reset(r->batch);
	buffer_init(&r->text, r->batch, 0);
	json_writer_init(&r->writer, &r->text);
	json_begin_array(&r->writer);
	r->batched = 0;
}

static struct problem *
end_batch(struct pass *r)
{
	struct problem *p = NULL;

	json_end(&r->writer);
	if (r->write)
		p = store_source_replace(r->db, r->arena,
		    r->service->account_id, !r->begun, r->text.text);
	r->begun = true;
	begin_batch(r);
	return p;
}

static struct problem *
recount_item(struct pass *r, const char *category, const char *item,
    int64_t n)
{
	return quantity_table_add(r->arena,
	    &r->service->quantities[QUANTITY_ACCOUNT], category, item, n) ?
	    NULL : terms_overflow(r->arena, r->service);
}

/* Adds one source to the account's table, and to the batch. */
static struct problem *
recount_source(struct pass *r, const char *source,
    const struct counted_object *what)
{
	struct quantity_table table = { .count = 0 };
	struct problem *p = NULL;
	size_t i;

	if (!count_object(r->batch, what, &r->with, 1, &table))
		return terms_overflow(r->arena, r->service);
	for (i = 0; i < table.count && p == NULL; i++)
		p = recount_item(r, table.rows[i].category, table.rows[i].item,
		    table.rows[i].number);
	if (p != NULL)
		return p;
	sources_write(&r->writer, source, &table);
	return ++r->batched < AT_ONCE ? NULL : end_batch(r);
}

static struct problem *
recount_object(struct pass *r, const struct object *object)
{
	const struct counted_object what = { object->kind->rules, object->id,
	    object->document };

	return recount_source(r, arena_printf(r->batch, "%s/%s", object->noun,
	    object->id), &what);
}

/* Recounts the objects of one batch. *last: the id of the last one; it outlives
 * the batch. */
static struct problem *
recount_batch(struct pass *r, const struct object_list *list,
    bool dependent, struct object *last)
{
	struct problem *p = NULL;
	const struct object *o;
	size_t i;

	for (i = 0; i < list->count && p == NULL; i++) {
		o = &list->objects[i];
		if (o->kind == NULL)
			continue;
		if (counts_users(o->kind->rules) == dependent)
			p = recount_object(r, o);
		else
			r->postponed = true;
	}
	if (list->count > 0) {
		o = &list->objects[list->count - 1];
		last->noun = arena_strdup(r->arena, o->noun);
		last->id = arena_strdup(r->arena, o->id);
	}
	return p;
}

/* dependent: only objects that count users; else all others. */
static struct problem *
recount_pass(struct pass *r, bool dependent)
{
	struct object last = { .noun = "", .id = "" };
	struct object_list list;
	struct arena *batch;
	struct problem *p;

	do {
		batch = arena_new(PAGE_CHUNK); /* accounts may have many */
		p = store_object_scan(r->db, batch, r->service->account_id,
		    &last, AT_ONCE, &list);
		if (p == NULL)
			p = recount_batch(r, &list, dependent, &last);
		else
			p = problem_copy(r->arena, p);
		arena_free(&batch);
	} while (p == NULL && list.count == AT_ONCE);
	return p;
}

static struct problem *
recount_imported(struct pass *r)
{
	struct source_list list;
	struct problem *p;
	size_t i;

	p = store_source_import_list(
	    r->db, r->arena, r->service->account_id, &list);
	for (i = 0; p == NULL && i < list.count; i++)
		p = recount_item(r, list.items[i].category,
		    list.items[i].item, list.items[i].n);
	return p;
}

static struct problem *
recount_objects(struct db *db, struct arena *a,
    const struct number_classes *classes, struct service *service, bool write)
{
	struct pass r = {
		.db = db,
		.arena = a,
		.batch = arena_new_within(a, PAGE_CHUNK),
		.service = service,
		.with = { .classes = classes },
		.write = write,
	};
	const struct counted_object itself = account_counted(a);
	struct problem *p;

	service->quantities[QUANTITY_ACCOUNT] =
	    (struct quantity_table){ .count = 0 };
	begin_batch(&r);
	if ((p = recount_source(&r, SOURCE_ACCOUNT, &itself)) != NULL ||
	    (p = recount_imported(&r)) != NULL ||
	    (p = recount_pass(&r, false)) != NULL)
		return p;
	if (r.postponed &&
	    ((p = objects_counting(a, classes, service, &r.with)) != NULL ||
	    (p = recount_pass(&r, true)) != NULL))
		return p;
	return end_batch(&r);
}

/* ---- an account ---- */

struct attempt {
	const char *account_id;
	const struct number_classes *classes;
	bool write;
};

static struct problem *
count(struct db *db, struct arena *a, const struct attempt *t,
    struct service *proposed)
{
	struct problem *p = store_service_count(db, a, proposed);

	return p != NULL ? p :
	    recount_objects(db, a, t->classes, proposed, t->write);
}

static struct problem *
propose(struct db *db, struct arena *a, const struct service *current,
    struct service *proposed, void *state)
{
	(void)current;
	return count(db, a, state, proposed);
}

/* True if there is nothing to correct or report. */
static bool
is_unchanged(const struct recount *r)
{
	return quantity_table_equal(&r->before.quantities[QUANTITY_ACCOUNT],
	    &r->after.quantities[QUANTITY_ACCOUNT]) &&
	    quantity_table_equal(&r->before.quantities[QUANTITY_CASCADE],
	    &r->after.quantities[QUANTITY_CASCADE]);
}

static struct problem *
compare(struct db *db, struct arena *a, const struct attempt *t,
    enum service_lock lock, struct recount *out)
{
	const char *account_id = t->account_id;
	struct problem *p = store_service_load(db, a, account_id, lock,
	    &out->before);

	if (p != NULL)
		return p;
	service_copy(a, &out->before, &out->after);
	return count(db, a, t, &out->after);
}

struct problem *
recount_account(struct db *db, struct arena *a, const struct actor *actor,
    const char *account_id, bool dry, struct recount *out)
{
	struct change change = change_by(actor, CHANGE_UNASKED, account_id);
	struct attempt t = { .account_id = account_id, .write = !dry };
	struct problem *p;

	if ((p = object_classes(actor->config, a, &t.classes)) != NULL ||
	    (p = compare(db, a, &t, dry ? SERVICE_LOOK : SERVICE_LOCK_PATH,
	    out)) != NULL || is_unchanged(out))
		return p;
	if (dry) /* a change may have come between the two looks */
		return compare(db, a, &t, SERVICE_LOCK_PATH, out);
	t.write = false; /* they are */
	change.cascades = true;
	change.note = json_own(a, json_object_new_object());
	json_put_string(change.note, "event", "recounted");
	change.propose = propose;
	change.state = &t;
	return change_commit(db, a, &change, &out->after);
}
