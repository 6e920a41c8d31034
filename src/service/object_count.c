/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/object_count.h"

#include "base/json.h"

struct problem *
object_classes(const struct config *config, struct arena *a,
    const struct number_classes **out)
{
	/* Compiled once: the configuration of a process stays what it is. */
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

static int64_t
item_of(struct json_object *table, const char *category, const char *item)
{
	struct json_object *found = json_object_at(table, category);

	return found != NULL && json_object_object_get_ex(found, item, &found) ?
	    json_object_get_int64(found) : 0;
}

struct counting
objects_counting(const struct number_classes *classes,
    struct json_object *account)
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
	struct counting old = objects_counting(classes, proposed->account), new;
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
	new = objects_counting(classes, table);
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

/* ---- as the database keeps it ---- */

void
sources_write(struct json_writer *w, const char *source,
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

const char *
object_sources(struct arena *a, const struct kind *kind, const char *id,
    struct json_object *document, const struct counting *with)
{
	struct json_object *table = json_own(a, json_object_new_object());
	struct json_writer w;
	struct buffer text;

	count_object(kind->rules, id, document, with, 1, table);
	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	sources_write(&w, NULL, table);
	json_end(&w);
	return text.text;
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
	sources_write(&w, NULL, table);
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
