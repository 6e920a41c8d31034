/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/object.h"

#include <string.h>

#include "base/json.h"

#define AT_ONCE 1000 /* objects read or written at a time, counting anew */

/* The source of what the account itself counts as. */
#define SOURCE_ACCOUNT "account"

/* ---- counting ---- */

static int64_t
item_of(struct json_object *table, const char *category, const char *item)
{
	struct json_object *found = json_object_at(table, category);

	return found != NULL && json_object_object_get_ex(found, item, &found) ?
	    json_object_get_int64(found) : 0;
}

static struct counting
counting_of(const struct number_classes *classes, struct json_object *account)
{
	struct counting with = { .classes = classes };
	struct json_object *users = json_object_at(account, "users");

	with.admins = item_of(account, "users", "admin");
	if (users != NULL) {
		json_object_object_foreach(users, level, n) {
			(void)level;
			with.users += json_object_get_int64(n);
		}
	}
	return with;
}

/* What counts an account's users, when they changed and it did not itself. */
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
		p = object_show(db, a, proposed->account_id, kind, kind->noun,
		    &object);
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

struct problem *
objects_count(struct db *db, struct arena *a,
    const struct number_classes *classes, struct object_change *changes,
    size_t *count, struct service *proposed)
{
	struct counting old = counting_of(classes, proposed->account), new;
	struct json_object *table = proposed->account;
	struct problem *p;
	size_t i;

	/* First who the users are: others count them. */
	for (i = 0; i < *count; i++) {
		if (counts_users(changes[i].kind->rules))
			continue;
		count_object(changes[i].kind->rules, changes[i].id,
		    changes[i].before, &old, -1, table);
		count_object(changes[i].kind->rules, changes[i].id,
		    changes[i].document, &old, 1, table);
	}
	new = counting_of(classes, table);
	if ((new.users != old.users || new.admins != old.admins) &&
	    (p = add_dependent(db, a, proposed, changes, count)) != NULL)
		return p;
	for (i = 0; i < *count; i++) {
		if (!counts_users(changes[i].kind->rules))
			continue;
		count_object(changes[i].kind->rules, changes[i].id,
		    changes[i].before, &old, -1, table);
		count_object(changes[i].kind->rules, changes[i].id,
		    changes[i].document, &new, 1, table);
	}
	return NULL;
}

/* ---- saving ---- */

/* [[category, item, n], ...], with the source in front when there is one. */
static void
write_sources(struct json_writer *w, const char *source,
    struct json_object *table)
{
	json_object_object_foreach(table, category, items) {
		json_object_object_foreach(items, item, n) {
			json_begin_array(w);
			if (source != NULL)
				json_string(w, source);
			json_string(w, category);
			json_string(w, item);
			json_int(w, json_object_get_int64(n));
			json_end(w);
		}
	}
}

static const char *
sources_text(struct arena *a, const struct kind *kind, const char *id,
    struct json_object *document, const struct counting *with)
{
	struct json_object *table = json_own(a, json_object_new_object());
	struct json_writer w;
	struct buffer text;

	count_object(kind->rules, id, document, with, 1, table);
	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	write_sources(&w, NULL, table);
	json_end(&w);
	return text.text;
}

/* What nobody else may have; NULL: nothing. */
static const char *
claim_of(struct arena *a, const char *account_id, const struct kind *kind,
    const char *id, struct json_object *document)
{
	const char *what;

	if (kind->claim == CLAIM_NOTHING)
		return NULL;
	what = strcmp(kind->claimed, "id") == 0 ? id :
	    json_string_at(document, kind->claimed);
	if (what == NULL || what[0] == '\0')
		return NULL;
	what = arena_lower(a, what);
	return kind->claim == CLAIM_EVERYWHERE ?
	    arena_printf(a, "%s/%s", kind->noun, what) :
	    arena_printf(a, "%s/%s/%s", kind->noun, account_id, what);
}

/* A conflict about what is claimed, as a failure of the field that claims. */
static struct problem *
name_claim(struct arena *a, struct problem *p,
    const struct object_change *change)
{
	const struct kind *kind = change->kind;

	if (!problem_concerns(p, PROBLEM_CONFLICT, "claim"))
		return p;
	if (strcmp(kind->claimed, "id") == 0)
		return problem_text(a, PROBLEM_CONFLICT, "id: another account "
		    "has it, or this one already");
	return problem_invalid(a, problem_path(a, change->place, kind->claimed),
	    "unique",
	    "another of the %s has it already", kind->noun);
}

static struct problem *
save_user(struct db *db, struct arena *a, const struct object_record *record,
    bool credentials, int64_t now)
{
	struct json_object *document = record->document;
	const char *username = json_string_at(document, "username");
	const char *level = json_string_at(document, "priv_level");
	struct json_object *enabled = json_at(document, "enabled");
	const struct user user = {
		.account_id = record->account_id,
		.id = record->id,
		.username = username == NULL ? "" : arena_lower(a, username),
		.first_name = json_string_at(document, "first_name"),
		.last_name = json_string_at(document, "last_name"),
		.email = json_string_at(document, "email"),
		.priv_level = level == NULL ? "user" : level,
		.enabled = enabled == NULL || json_object_get_boolean(enabled),
	};

	return user_save(db, a, &user, credentials, now);
}

/* A user who is called otherwise cannot log in by what he was called. */
static bool
keeps_credentials(const struct object_change *change)
{
	const char *old = json_string_at(change->before, "username");
	const char *new = json_string_at(change->document, "username");

	return old != NULL && new != NULL && strcmp(old, new) == 0;
}

static struct problem *
save_one(struct db *db, struct arena *a, const char *account_id,
    const struct counting *with, const struct object_change *change,
    int64_t now)
{
	const struct object_record record = {
		.account_id = account_id,
		.kind = change->kind,
		.id = change->id,
		.claim = claim_of(a, account_id, change->kind, change->id,
		    change->document),
		.document = change->document,
		.sources = sources_text(a, change->kind, change->id,
		    change->document, with),
	};
	struct problem *p = object_save(db, a, &record, change->create, now);

	if (p != NULL)
		return name_claim(a, p, change);
	return strcmp(change->kind->noun, "users") != 0 ? NULL :
	    save_user(db, a, &record, keeps_credentials(change), now);
}

struct problem *
objects_save(struct db *db, struct arena *a,
    const struct number_classes *classes, const struct service *proposed,
    const struct object_change *changes, size_t count, int64_t now)
{
	struct counting with = counting_of(classes, proposed->account);
	struct problem *p = NULL;
	size_t i;

	/* First what goes: what it claimed may be another's in the same change. */
	for (i = 0; i < count && p == NULL; i++)
		if (changes[i].document == NULL)
			p = object_delete(db, a, proposed->account_id,
			    changes[i].kind, changes[i].id);
	for (i = 0; i < count && p == NULL; i++)
		if (changes[i].document != NULL)
			p = save_one(db, a, proposed->account_id, &with,
			    &changes[i], now);
	return p;
}

struct problem *
objects_import_dependent(struct db *db, struct arena *a,
    const char *account_id, const struct number_classes *classes)
{
	const struct kind *kind;
	struct counting with;
	struct service service;
	struct object *object;
	struct problem *p;
	size_t i;

	for (i = 0; (kind = kind_at(i)) != NULL; i++) {
		if (!counts_users(kind->rules))
			continue;
		p = object_show(db, a, account_id, kind, kind->noun, &object);
		if (p != NULL || object == NULL)
			return p;
		p = service_load(db, a, account_id, SERVICE_LOOK, &service);
		if (p != NULL)
			return p;
		with = counting_of(classes, service.account);

		p = source_explain(db, a, account_id, arena_printf(a, "%s/%s",
		    kind->noun, object->id), sources_text(a, kind, object->id,
		    object->document, &with));
		if (p != NULL)
			return p;
	}
	return NULL;
}

struct problem *
object_take_over(struct db *db, struct arena *a, const char *account_id,
    const struct number_classes *classes, const struct object *object,
    bool *written)
{
	struct counting with = { .classes = classes };
	bool dependent = counts_users(object->kind->rules);
	const struct object_record record = {
		.account_id = account_id,
		.kind = object->kind,
		.id = object->id,
		.claim = claim_of(a, account_id, object->kind, object->id,
		    object->document),
		.document = object->document,
		.sources = dependent ? "[]" : sources_text(a, object->kind,
		    object->id, object->document, &with),
	};
	struct problem *p;

	p = object_import(db, a, &record, object->created, object->modified,
	    written);
	if (problem_concerns(p, PROBLEM_CONFLICT, "claim"))
		return problem_text(a, PROBLEM_CONFLICT,
		    "%s: another has it", object->kind->claimed);
	if (p != NULL)
		return p;
	if (*written && strcmp(object->kind->noun, "users") == 0) {
		p = save_user(db, a, &record, true, object->modified);
		dependent = true;
	}
	return p == NULL && *written && dependent ?
	    objects_import_dependent(db, a, account_id, classes) : p;
}

/* ---- the account itself ---- */

static void
count_account(struct json_object *table, bool enabled, int sign)
{
	struct json_object *document = json_object_new_object();

	json_put_bool(document, "enabled", enabled);
	count_object(kind_account_rules, "", document, NULL, sign, table);
	json_object_put(document);
}

void
account_count(struct service *proposed, bool did, bool does)
{
	/* One made before accounts were counted was not. */
	if (item_of(proposed->account, "accounts", "account") > 0)
		count_account(proposed->account, did, -1);
	count_account(proposed->account, does, 1);
}

static const char *
account_sources(struct arena *a, bool does)
{
	struct json_object *table = json_own(a, json_object_new_object());
	struct json_writer w;
	struct buffer text;

	count_account(table, does, 1);
	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	write_sources(&w, NULL, table);
	json_end(&w);
	return text.text;
}

struct problem *
account_count_save(struct db *db, struct arena *a, const char *account_id,
    bool does)
{
	return source_save(db, a, account_id, SOURCE_ACCOUNT,
	    account_sources(a, does));
}

struct problem *
account_import_count(struct db *db, struct arena *a, const char *account_id)
{
	return source_explain(db, a, account_id, SOURCE_ACCOUNT,
	    account_sources(a, true));
}

/* ---- counting anew ---- */

/* A pass over all objects of an account. */
struct recount {
	struct db *db;
	struct arena *arena;
	struct service *service;
	struct counting with;
	bool write;
	bool begun; /* sources were written */
	size_t batched;
	struct buffer text;
	struct json_writer writer;
};

static void
begin_batch(struct recount *r)
{
	buffer_init(&r->text, r->arena, 0);
	json_writer_init(&r->writer, &r->text);
	json_begin_array(&r->writer);
	r->batched = 0;
}

static struct problem *
end_batch(struct recount *r)
{
	struct problem *p = NULL;

	json_end(&r->writer);
	if (r->write)
		p = source_replace(r->db, r->arena, r->service->account_id,
		    !r->begun, r->text.text);
	r->begun = true;
	begin_batch(r);
	return p;
}

/* Adds one source to the account's table, and to the batch. */
static struct problem *
recount_source(struct recount *r, const char *source,
    const struct count_rule *rules, const char *id,
    struct json_object *document)
{
	struct json_object *table = json_own(r->arena, json_object_new_object());

	count_object(rules, id, document, &r->with, 1, table);
	json_object_object_foreach(table, category, items) {
		json_object_object_foreach(items, item, n)
			count_item(r->service->account, category, item,
			    json_object_get_int64(n));
	}
	write_sources(&r->writer, source, table);
	return ++r->batched < AT_ONCE ? NULL : end_batch(r);
}

/* Those of one batch. *last: the last one, kept beyond the batch. */
static struct problem *
recount_batch(struct recount *r, const struct object_list *list,
    bool dependent, struct object *last)
{
	struct problem *p = NULL;
	const struct object *o;
	size_t i;

	for (i = 0; i < list->count && p == NULL; i++) {
		o = &list->objects[i];
		if (o->kind != NULL && counts_users(o->kind->rules) == dependent)
			p = recount_source(r, arena_printf(r->arena, "%s/%s",
			    o->noun, o->id), o->kind->rules, o->id, o->document);
	}
	if (list->count > 0) {
		o = &list->objects[list->count - 1];
		last->noun = arena_strdup(r->arena, o->noun);
		last->id = arena_strdup(r->arena, o->id);
	}
	return p;
}

/* dependent: only those that count users; else all others. */
static struct problem *
recount_pass(struct recount *r, bool dependent)
{
	struct object last = { .noun = "", .id = "" };
	struct object_list list;
	struct arena *batch;
	struct problem *p;

	do {
		batch = arena_new(256 * 1024); /* accounts may have many */
		p = object_scan(r->db, batch, r->service->account_id, &last,
		    AT_ONCE, &list);
		if (p == NULL)
			p = recount_batch(r, &list, dependent, &last);
		else
			p = problem_copy(r->arena, p);
		arena_free(&batch);
	} while (p == NULL && list.count == AT_ONCE);
	return p;
}

static struct problem *
recount_imported(struct recount *r)
{
	struct source_list list;
	struct problem *p;
	size_t i;

	p = source_import_list(r->db, r->arena, r->service->account_id, &list);
	for (i = 0; p == NULL && i < list.count; i++)
		count_item(r->service->account, list.items[i].category,
		    list.items[i].item, list.items[i].n);
	return p;
}

struct problem *
objects_recount(struct db *db, struct arena *a,
    const struct number_classes *classes, struct service *service, bool write)
{
	struct recount r = {
		.db = db,
		.arena = a,
		.service = service,
		.with = { .classes = classes },
		.write = write,
	};
	struct json_object *document = json_own(a, json_object_new_object());
	struct problem *p;

	service->account = json_own(a, json_object_new_object());
	begin_batch(&r);
	json_put_bool(document, "enabled", service->is_enabled);
	p = recount_source(&r, SOURCE_ACCOUNT, kind_account_rules,
	    service->account_id, document);
	if (p != NULL || (p = recount_imported(&r)) != NULL ||
	    (p = recount_pass(&r, false)) != NULL)
		return p;
	r.with = counting_of(classes, service->account);
	if ((p = recount_pass(&r, true)) != NULL)
		return p;
	return end_batch(&r);
}
