/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/object.h"

#include <string.h>

#include "base/address.h"
#include "base/domain.h"
#include "base/json.h"
#include "service/contact_check.h"
#include "service/credential.h"
#include "service/dependants.h"
#include "service/last_admin.h"
#include "service/number_refusal.h"
#include "service/object_document.h"
#include "service/port_request.h"
#include "service/portal.h"
#include "service/user_document.h"
#include "store/accounts.h"

const char *
object_claim(struct arena *a, const char *account_id, const struct kind *kind,
    const char *id, struct json_object *document)
{
	const char *what;

	if (kind->claim == CLAIM_NOTHING)
		return NULL;
	what = kind->claimed == NULL ? id :
	    json_string_at(document, kind->claimed);
	if (what == NULL || what[0] == '\0')
		return NULL;
	if (kind == &kind_whitelabel && !domain_is_site(domain_normal(a, what)))
		return NULL;
	return kind_claim(a, kind, kind->claim == CLAIM_EVERYWHERE ? what :
	    arena_printf(a, "%s/%s", account_id, what));
}

/* Sets the claim of a record. The domain of the operator's own pages is one of the
 * master account only, also where another one had it before. */
static struct problem *
settle_claim(struct db *db, struct arena *a, const struct config *config,
    struct object_record *record)
{
	struct account *account;
	struct problem *p;

	record->claim = object_claim(a, record->account_id, record->kind,
	    record->id, record->document);
	if (record->claim == NULL || record->kind != &kind_whitelabel ||
	    !portal_has_domain(a, config, record->document))
		return NULL;
	p = store_account_show(db, a, record->account_id, &account);
	if (p == NULL && (account == NULL || !account->is_master))
		record->claim = NULL;
	return p;
}

/* Reports a conflict of claims as a failure of the claiming field. */
static struct problem *
name_claim(struct arena *a, struct problem *p,
    const struct object_change *change)
{
	const struct kind *kind = change->kind;

	if (!problem_concerns(p, PROBLEM_CONFLICT, "claim"))
		return p;
	if (kind == &kind_phone_numbers)
		return refusal_of_number(a, NUMBER_EXISTS, change->id, NULL);
	if (kind->claimed == NULL)
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
		.role = json_string_at(document, "role"),
		.enabled = enabled == NULL || json_object_get_boolean(enabled),
	};

	return store_user_save(db, a, &user, credentials, now);
}

/* A renamed user needs new credentials. */
static bool
keeps_credentials(const struct object_change *change)
{
	const char *old = json_string_at(change->before, "username");
	const char *new = json_string_at(change->document, "username");

	return old != NULL && new != NULL && strcmp(old, new) == 0;
}

static struct problem *
save_one(struct db *db, struct arena *a, const char *account_id,
    const struct count_context *with, const struct object_change *change,
    int64_t now)
{
	const struct counted_object what = { change->kind->rules, change->id,
	    change->document };
	struct object_record record = {
		.account_id = account_id,
		.kind = change->kind,
		.id = change->id,
		.document = change->document,
	};
	struct problem *p;

	if ((p = settle_claim(db, a, db_config(db), &record)) != NULL ||
	    (p = object_sources(a, &what, with, &record.sources)) != NULL)
		return p;
	p = store_object_save(db, a, &record, change->before == NULL, now);
	if (p != NULL)
		return name_claim(a, p, change);
	if (change->kind == &kind_port_requests)
		return port_request_hold(db, a, account_id, change->id,
		    change->document, false);
	return !change->kind->logs_in ? NULL :
	    save_user(db, a, &record, keeps_credentials(change), now);
}

static struct problem *
save_all(struct db *db, struct arena *a, const struct object_batch *batch,
    const struct count_context *with)
{
	const struct object_change *change;
	struct problem *p = NULL;
	size_t i;

	/* Deletions first: another object of the batch may take over a
	 * claim. */
	for (i = 0; i < batch->count && p == NULL; i++) {
		change = &batch->changes[i];
		if (change->document == NULL)
			p = store_object_delete(db, a, batch->account_id,
			    change->kind, change->id);
	}
	for (i = 0; i < batch->count && p == NULL; i++)
		if (batch->changes[i].document != NULL)
			p = save_one(db, a, batch->account_id, with,
			    &batch->changes[i], batch->actor->now);
	return p;
}

/* ---- a batch ---- */

static struct problem *
settle_user(struct object_batch *batch, struct arena *a,
    struct object_change *change)
{
	struct problem *p = user_document_settle(a, change->before,
	    change->document, change->place, &change->password);

	if (p != NULL || change->password == NULL ||
	    (p = user_password_check(a, batch->actor->config, change->password,
	    change->place)) != NULL)
		return p;
	if (++batch->passwords > PASSWORDS_AT_ONCE)
		return problem_invalid(a, problem_path(a, change->place,
		    "password"), "maxItems",
		    "at most %d passwords are taken at once",
		    PASSWORDS_AT_ONCE);
	return batch->actor->config->secret[0] != '\0' ? NULL :
	    problem_fault(a, "no secret is configured: users cannot be given "
	    "passwords");
}

/* Names are not resolved here: delivery checks what they lead to. An address
 * that was stored before this rule stays until it is changed. */
static struct problem *
check_receiver(const struct object_batch *batch, struct arena *a,
    const struct object_change *change)
{
	const char *member = change->kind->receives, *url, *before, *why;

	url = json_string_at(change->document, member);
	before = json_string_at(change->before, member);
	if (url == NULL || (before != NULL && strcmp(before, url) == 0))
		return NULL;
	why = address_refusal(a, url,
	    batch->actor->config->courier_private != 0);
	return why == NULL ? NULL : problem_invalid(a,
	    problem_path(a, change->place, member), "forbidden",
	    "The address %s: nothing would be delivered to it", why);
}

struct problem *
object_batch_add(struct object_batch *batch, struct arena *a,
    const struct object_change *change)
{
	struct object_change *added = &batch->changes[batch->count];
	struct problem *p = NULL;

	if (batch->count == OBJECTS_AT_ONCE)
		return problem_invalid(a, "data", "maxItems",
		    "The list is more than %d items", OBJECTS_AT_ONCE);
	*added = *change;
	if (added->document != NULL) {
		p = object_document_check(a, added->kind, added->document,
		    batch->forgives ? added->before : NULL, added->place);
		if (p == NULL && added->kind->logs_in &&
		    (p = contact_check(a, added->before, added->document,
		    added->place)) == NULL)
			p = settle_user(batch, a, added);
		if (p == NULL && added->kind->receives != NULL)
			p = check_receiver(batch, a, added);
	}
	if (p == NULL && added->kind == &kind_port_requests)
		p = port_request_settle(batch, a, added);
	batch->count += p == NULL;
	return p;
}

/* Refuses a batch that creates objects of a kind of which the account would
 * then have too many. One that has too many already keeps and changes them. */
static struct problem *
check_most(struct db *db, struct arena *a, const struct object_batch *batch,
    const struct kind *kind)
{
	int64_t created = 0, deleted = 0;
	struct page_query query = { .start = { .id = "" }, .ascending = true };
	struct object_list list;
	struct problem *p;
	size_t i;

	for (i = 0; i < batch->count; i++) {
		if (batch->changes[i].kind != kind)
			continue;
		created += batch->changes[i].before == NULL;
		deleted += batch->changes[i].document == NULL;
	}
	if (kind->most == 0 || created == 0)
		return NULL;
	query.limit = kind->most + deleted;
	p = store_object_list(db, a, batch->account_id, kind, &query, &list);
	if (p != NULL || (int64_t)list.count - deleted + created <= kind->most)
		return p;
	p = problem_invalid(a, kind->noun, "maxItems",
	    "An account has at most %d %s", kind->most, kind->noun);
	problem_set_int(p, kind->noun, "maxItems", "target", kind->most);
	return p;
}

static struct problem *
check_domains(const struct object_batch *batch, struct arena *a,
    const struct service *current)
{
	const struct object_change *change;
	struct problem *p = NULL;
	size_t i;

	for (i = 0; i < batch->count && p == NULL; i++) {
		change = &batch->changes[i];
		if (change->kind == &kind_whitelabel &&
		    change->document != NULL)
			p = portal_check(a, batch->actor->config,
			    current->is_master, change->before,
			    change->document, change->place);
	}
	return p;
}

static struct problem *
propose(struct db *db, struct arena *a, const struct service *current,
    struct service *proposed, void *state)
{
	struct object_batch *batch = state;
	const struct number_classes *classes;
	const struct kind *kind;
	struct problem *p;
	size_t i;

	if ((p = object_classes(batch->actor->config, a, &classes)) != NULL ||
	    (p = batch->prepare(batch, db, a)) != NULL ||
	    (p = check_domains(batch, a, current)) != NULL ||
	    (p = dependants_check(db, a, batch->account_id, batch->changes,
	    batch->count)) != NULL ||
	    (p = port_numbers_check(db, a, batch, false)) != NULL)
		return p;
	for (i = 0; (kind = kind_at(i)) != NULL; i++)
		if ((p = check_most(db, a, batch, kind)) != NULL)
			return p;
	return objects_count(db, a, classes, batch->changes, &batch->count,
	    proposed);
}

static struct problem *
write_batch(struct db *db, struct arena *a, const struct service *done,
    void *state)
{
	struct object_batch *batch = state;
	const struct number_classes *classes;
	const struct object_change *change;
	struct count_context with;
	struct problem *p;
	size_t i;

	if ((p = object_classes(batch->actor->config, a, &classes)) != NULL ||
	    (p = objects_counting(a, classes, done, &with)) != NULL)
		return p;
	p = save_all(db, a, batch, &with);
	if (p == NULL)
		p = port_numbers_check(db, a, batch, true);
	if (p == NULL)
		p = last_admin_check(db, a, batch->account_id, batch->changes,
		    batch->count);
	for (i = 0; i < batch->count && p == NULL; i++) {
		change = &batch->changes[i];
		if (change->document == NULL || change->password == NULL)
			continue;
		p = credential_set_password(db, a, batch->actor->config,
		    &(struct user_key){ batch->account_id, change->id },
		    json_string_at(change->document, "username"),
		    change->password);
	}
	return p;
}

struct problem *
object_batch_commit(struct db *db, struct arena *a, const struct actor *actor,
    struct object_batch *batch)
{
	struct change change = change_by(actor, batch->rule,
	    batch->account_id);
	struct service done;

	batch->actor = actor;
	batch->count = batch->passwords = 0;
	/* Objects that are recounted with them come last. */
	batch->changes = arena_alloc(a,
	    (OBJECTS_AT_ONCE + 1) * sizeof(*batch->changes));
	change.cascades = true;
	change.propose = propose;
	change.write = write_batch;
	change.state = batch;
	return change_commit(db, a, &change, &done);
}

/* ---- import ---- */

static struct problem *
explain_dependent(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, const struct object *object)
{
	const struct counted_object what = { object->kind->rules, object->id,
	    object->document };
	const struct number_classes *classes;
	struct count_context with;
	struct service service;
	const char *sources;
	struct problem *p;

	if ((p = object_classes(config, a, &classes)) != NULL ||
	    (p = store_service_load(db, a, account_id, SERVICE_LOOK,
	    &service)) != NULL ||
	    (p = objects_counting(a, classes, &service, &with)) != NULL ||
	    (p = object_sources(a, &what, &with, &sources)) != NULL)
		return p;
	return store_source_explain(db, a, account_id, arena_printf(a, "%s/%s",
	    object->noun, object->id), sources);
}

struct problem *
object_count_dependent(struct db *db, struct arena *a,
    const struct config *config, const char *account_id)
{
	const struct kind *kind;
	struct object *object;
	struct problem *p;
	size_t i;

	for (i = 0; (kind = kind_at(i)) != NULL; i++) {
		if (!counts_users(kind->rules))
			continue;
		p = store_object_show(
		    db, a, account_id, kind, kind->noun, &object);
		if (p != NULL || object == NULL)
			return p;
		p = explain_dependent(db, a, config, account_id, object);
		if (p != NULL)
			return p;
	}
	return NULL;
}

/* The record of an imported object; its sources come later where they count
 * users. */
static struct problem *
record_of(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, const struct object *object,
    struct object_record *out)
{
	struct count_context with = { .classes = NULL };
	const struct counted_object what = { object->kind->rules, object->id,
	    object->document };
	struct problem *p;

	*out = (struct object_record){
		.account_id = account_id,
		.kind = object->kind,
		.id = object->id,
		.document = object->document,
		.sources = "[]",
	};
	if ((p = settle_claim(db, a, config, out)) != NULL)
		return p;
	if (object->kind == &kind_port_requests && (p = port_request_normalize(
	    a, config, object->document, true, "")) != NULL)
		return p;
	if ((p = object_classes(config, a, &with.classes)) != NULL ||
	    counts_users(object->kind->rules))
		return p;
	return object_sources(a, &what, &with, &out->sources);
}

/* An imported port request holds its numbers that are free. */
static struct problem *
hold_imported(struct db *db, struct arena *a, const char *account_id,
    const struct object *object)
{
	return object->kind != &kind_port_requests ? NULL :
	    port_request_hold(db, a, account_id, object->id, object->document,
	    true);
}

/* Another object has what an imported one claims. */
static struct problem *
name_import_claim(struct arena *a, struct problem *p, const struct kind *kind)
{
	return !problem_concerns(p, PROBLEM_CONFLICT, "claim") ? p :
	    problem_text(a, PROBLEM_CONFLICT, "%s: another has it",
	    kind->claimed == NULL ? "id" : kind->claimed);
}

struct problem *
object_take_over(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, const struct object *object, bool *written)
{
	bool dependent = counts_users(object->kind->rules);
	struct object_record record;
	struct problem *p = record_of(db, a, config, account_id, object,
	    &record);

	if (p != NULL)
		return p;
	p = store_object_import(
	    db, a, &record, object->created, object->modified, written);
	if (p != NULL)
		return name_import_claim(a, p, object->kind);
	if (*written && (p = hold_imported(db, a, account_id, object)) != NULL)
		return p;
	if (*written && object->kind->logs_in) {
		p = save_user(db, a, &record, true, object->modified);
		dependent = true;
	}
	return p == NULL && *written && dependent ?
	    object_count_dependent(db, a, config, account_id) : p;
}

struct problem *
object_replace(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, const struct object *object)
{
	struct object_record record;
	struct problem *p = record_of(db, a, config, account_id, object,
	    &record);

	if (p != NULL)
		return p;
	p = store_object_save(db, a, &record, false, object->modified);
	if (p != NULL)
		return name_import_claim(a, p, object->kind);
	if ((p = hold_imported(db, a, account_id, object)) != NULL)
		return p;
	if (object->kind->logs_in)
		p = save_user(db, a, &record, true, object->modified);
	return p != NULL ? p :
	    object_count_dependent(db, a, config, account_id);
}

struct problem *
object_withdraw(struct db *db, struct arena *a, const struct actor *actor,
    const char *account_id, const struct object *object)
{
	const struct object_change removal = {
		.kind = object->kind,
		.id = object->id,
		.before = object->document,
		.place = "",
	};
	struct change change = change_by(actor, CHANGE_UNASKED, account_id);
	struct service service;
	struct problem *p;

	if ((p = store_service_load(db, a, account_id, SERVICE_LOCK_PATH,
	        &service)) != NULL ||
	    (p = dependants_check(db, a, account_id, &removal, 1)) != NULL ||
	    (p = store_object_delete(db, a, account_id, object->kind,
	    object->id)) != NULL ||
	    (p = object_count_dependent(db, a, actor->config, account_id)) !=
	        NULL)
		return p;
	change.note = json_own(a, json_object_new_object());
	json_put_string(change.note, "event", "withdrawn");
	json_put_string(change.note, "type", object->kind->type);
	json_put_string(change.note, "id", object->id);
	return change_note(db, a, &change, &service);
}
