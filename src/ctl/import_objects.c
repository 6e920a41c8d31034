/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Import of accounts, users and other objects. */
#include "config.h"

#include "ctl/import_source.h"

#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "billing/number_features.h"
#include "service/account.h"
#include "service/api_key.h"
#include "service/object.h"
#include "service/user.h"
#include "store/accounts.h"
#include "store/imported.h"
#include "store/objects.h"
#include "store/services.h"

/* ---- account ---- */

const char *
import_parent(struct import_source *s)
{
	struct json_object *tree = json_array_at(s->document, "pvt_tree");
	size_t n = tree == NULL ? 0 : json_object_array_length(tree);
	struct json_object *last;

	if (n == 0)
		return NULL;
	last = json_object_array_get_idx(tree, n - 1);
	return json_object_is_type(last, json_type_string) ?
	    json_object_get_string(last) : "";
}

/* A key that was imported and is no longer here was revoked here: it does not come
 * back. */
static struct problem *
write_account_key(struct import_source *s)
{
	const struct config *config = s->importer->actor.config;
	const struct key_owner owner = { s->id, "imported",
		s->importer->actor.now };
	const char *key = json_string_at(s->document, "pvt_api_key");
	struct import_here here = { s->id, IMPORTED_KEY, 0, false };
	struct imported known = { s->id, IMPORTED_KEY, s->id, 0 };
	struct problem *p;
	bool kept, found;

	if (key == NULL || key[0] == '\0' || config->secret[0] == '\0')
		return NULL;
	here.state = import_again_digest(key);
	p = store_imported_show(s->db, s->arena, &known, &found);
	if (p != NULL || (found && known.state == here.state))
		return p;
	p = api_key_take_over(s->db, s->arena, config, &owner, key, &kept);
	if (p == NULL && !kept)
		s->outcome.note = "its pvt_api_key is another account's: left out";
	return p != NULL || !kept ? p : import_again_note(s, &here);
}

/* An empty name is as good as none. */
static void
forget_empty(struct json_object *document, const char *name)
{
	const char *text = json_string_at(document, name);

	if (text != NULL && text[0] == '\0')
		json_object_object_del(document, name);
}

static struct problem *
note_account(struct import_source *s, int64_t modified)
{
	return import_again_note(s, &(struct import_here){ s->id,
	    IMPORTED_ACCOUNTS, modified, false });
}

static struct problem *
replace_account(struct import_source *s, const struct account *known,
    const struct account_copy *copy)
{
	struct problem *p;

	if (import_parent(s) != NULL && (known->parent_id == NULL ||
	    strcmp(import_parent(s), known->parent_id) != 0)) {
		s->outcome.result = IMPORT_CONFLICT;
		s->outcome.note = "it was moved there: reevectl account move";
		return NULL;
	}
	json_object_object_del(s->public_fields, "pvt_tree");
	p = account_replace(s->db, s->arena, &s->importer->actor, copy);
	if (p != NULL && p->kind == PROBLEM_HAS_DESCENDANTS)
		return import_skip(s, p->text);
	if (p != NULL)
		return import_skip_unfit(s, p);
	return (p = write_account_key(s)) != NULL ? p :
	    note_account(s, s->modified);
}

/* An earlier version that imported the account kept no notes of its objects, and
 * none of its services. */
static struct problem *
tell_unnoted(struct import_source *s)
{
	bool found;
	struct imported noted = { s->id, IMPORTED_SERVICES, s->id, 0 };
	struct service services;
	struct problem *p = store_imported_show(s->db, s->arena, &noted, &found);

	if (p != NULL || found)
		return p;
	p = store_service_load(s->db, s->arena, s->id, SERVICE_LOOK, &services);
	if (p == NULL && s->outcome.note == NULL && services.document != NULL &&
	    json_object_object_length(services.document) > 0)
		s->outcome.note = "an earlier version imported it: objects of it "
		    "that were deleted here before this import come back";
	return p;
}

static struct problem *
decide_account(struct import_source *s, const struct account *known,
    const struct account_copy *copy)
{
	const struct import_here here = { s->id, IMPORTED_ACCOUNTS,
		known->modified, true };
	struct problem *p;
	bool replace;

	p = import_again_decide(s, &here, &replace);
	if (p == NULL && s->first_noted)
		return tell_unnoted(s);
	return p != NULL || !replace ? p : replace_account(s, known, copy);
}

/* An account gets what it lacks when it is created: the members that it was
 * given are compared. */
static struct problem *
compare_account(struct import_source *s, const struct account_copy *copy)
{
	struct import_stored stored = { .completed = true };
	struct account *known;
	struct problem *p = store_account_show(s->db, s->arena, s->id, &known);

	if (p != NULL)
		return p;
	if (known != NULL) {
		forget_empty(s->public_fields, "name");
		stored.document = known->document;
		stored.modified = known->modified;
		json_put_string(stored.document, "id", known->id);
		json_put_string(stored.document, "name", known->name);
		json_put_string(stored.document, "realm", known->realm);
		json_put_string(stored.document, "language", known->language);
		json_put_bool(stored.document, "enabled", known->enabled);
		json_put_string(stored.document, "pvt_tree", known->parent_id);
		json_put_string(s->public_fields, "pvt_tree", import_parent(s));
	}
	import_compare(s, s->public_fields, &stored);
	return known == NULL ? NULL : decide_account(s, known, copy);
}

const char *
import_account_read(struct import_source *s, struct account_copy *out)
{
	*out = (struct account_copy){
		.account = {
			.id = s->id,
			.parent_id = import_parent(s),
			.is_reseller = json_true_at(s->document,
			    "pvt_reseller"),
			.document = s->public_fields,
		},
		.created = s->created,
		.modified = s->modified,
	};
	if (!id_valid(s->id))
		return "its id is not 32 lower-case hex digits";
	if (out->account.parent_id != NULL && !id_valid(out->account.parent_id))
		return "its pvt_tree does not end in an account id";
	if (json_false_at(s->document, "pvt_enabled"))
		json_put_bool(s->public_fields, "enabled", false);
	(void)json_int_at(s->document, "pvt_trial_expires", &out->expires);
	return NULL;
}

struct problem *
import_account(struct import_source *s)
{
	struct account_copy copy;
	const char *why = import_account_read(s, &copy);
	struct problem *p;
	bool written;

	if (why != NULL)
		return import_skip(s, why);
	p = account_take_over(s->db, s->arena, &s->importer->actor, &copy,
	    &written);
	if (p != NULL)
		return import_skip_unfit(s, p);
	import_mark(s, written);
	if (!written)
		return compare_account(s, &copy);
	p = write_account_key(s);
	return p != NULL ? p : note_account(s, s->modified);
}

/* ---- user ---- */

static struct object
object_of(struct import_source *s)
{
	json_object_object_del(s->public_fields, "id");
	return (struct object){
		.id = s->id,
		.created = s->created,
		.modified = s->modified,
		.document = s->public_fields,
	};
}

static const struct {
	const char *member, *method;
} credentials[] = { { "pvt_md5_auth", "md5" }, { "pvt_sha1_auth", "sha" } };

/* Gives both documents members that differ where credentials do: these are stored
 * as digests. Without a moment they are not compared. */
static struct problem *
mark_credentials(struct import_source *s, const struct user_copy *copy,
    struct json_object *stored)
{
	struct problem *p;
	bool has;
	size_t i;

	if (s->importer->since == 0 ||
	    s->importer->actor.config->secret[0] == '\0')
		return NULL;
	for (i = 0; i < NELEM(credentials); i++) {
		p = user_has_credential(s->db, s->arena,
		    s->importer->actor.config, copy, credentials[i].method,
		    &has);
		if (p != NULL)
			return p;
		json_put_bool(copy->user->document, credentials[i].member, true);
		json_put_bool(stored, credentials[i].member, has);
	}
	return NULL;
}

static void
unmark_credentials(struct json_object *document)
{
	size_t i;

	for (i = 0; i < NELEM(credentials); i++)
		json_object_object_del(document, credentials[i].member);
}

/* copy: of a user; NULL: another object. *replace: it is to be replaced. */
static struct problem *
compare_object(struct import_source *s, const struct object *given,
    const struct user_copy *copy, bool *replace)
{
	struct import_stored stored = { .document = NULL };
	struct object *known;
	struct problem *p = store_object_show(s->db, s->arena, s->account_id,
	    given->kind, s->id, &known);

	*replace = false;
	if (p != NULL)
		return p;
	if (known != NULL) {
		stored.document = known->document;
		stored.modified = known->modified;
	}
	if (known != NULL && copy != NULL &&
	    (p = mark_credentials(s, copy, known->document)) != NULL)
		return p;
	import_compare(s, given->document, &stored);
	unmark_credentials(given->document);
	if (known == NULL) {
		s->outcome.note = "deleted here since it was imported: it stays "
		    "so";
		return NULL;
	}
	return import_again_decide(s,
	    &(struct import_here){ s->account_id, given->kind->noun,
	    known->modified, given->kind->logs_in }, replace);
}

/* After an object was replaced. */
static struct problem *
settle_object(struct import_source *s, const struct kind *kind)
{
	struct problem *p = import_again_settle(s->db, s->arena, s->account_id,
	    s->modified);

	return p != NULL ? p : import_again_note(s, &(struct import_here){ s->account_id,
	    kind->noun, s->modified, false });
}

const char *
import_user_read(struct import_source *s, struct object *user,
    struct user_copy *out)
{
	*user = object_of(s);
	*out = (struct user_copy){
		.account_id = s->account_id,
		.user = user,
		.md5 = json_string_at(s->document, "pvt_md5_auth"),
		.sha = json_string_at(s->document, "pvt_sha1_auth"),
	};
	return id_valid(s->id) ? NULL :
	    "its id is not 32 lower-case hex digits";
}

struct problem *
import_user(struct import_source *s)
{
	const struct config *config = s->importer->actor.config;
	struct object user;
	struct user_copy copy;
	const char *why = import_user_read(s, &user, &copy);
	struct problem *p;
	bool written, replace;

	if (why != NULL)
		return import_skip(s, why);
	if ((p = import_again_lock(s)) != NULL)
		return p;
	if ((p = user_take_over(s->db, s->arena, config, &copy, &written)) != NULL)
		return import_skip_unfit(s, p);
	if (!written) {
		if ((p = compare_object(s, &user, &copy, &replace)) != NULL || !replace)
			return p;
		p = user_replace(s->db, s->arena, config, &copy);
		return p != NULL ? import_skip_unfit(s, p) :
		    settle_object(s, &kind_users);
	}
	import_mark(s, written);
	if (written && config->secret[0] == '\0' &&
	    (copy.md5 != NULL || copy.sha != NULL))
		s->outcome.note = "no secret is configured: the user cannot log in";
	return NULL;
}

/* ---- other objects ---- */

static bool
is_empty(struct json_object *value)
{
	return value == NULL || (json_object_is_type(value, json_type_object) &&
	    json_object_object_length(value) == 0);
}

/* Makes members public that Kazoo keeps private but Reeve shows: those of
 * numbers, port requests, queues, addresses and limits. */
static void
reveal(struct import_source *s)
{
	static const struct {
		const char *hidden, *shown;
	} fields[] = {
		{ "pvt_module_name", "carrier_name" },
		{ "pvt_state", "state" },
		{ "pvt_port_state", "port_state" },
		{ "pvt_offering", "offering" },
		{ "pvt_zone", "zone" },
		{ "pvt_host", "host" },
		{ "pvt_allow_postpay", "allow_postpay" },
	};
	struct json_object *value, *features;
	size_t i;

	for (i = 0; i < NELEM(fields); i++)
		if ((value = json_at(s->document, fields[i].hidden)) != NULL)
			json_object_object_add(s->public_fields,
			    fields[i].shown, json_object_get(value));
	features = json_object_at(s->document, "pvt_features");
	if (features != NULL) {
		json_object_object_foreach(features, name, feature)
			if (!is_empty(feature) &&
			    json_at(s->public_fields, name) == NULL)
				json_object_object_add(s->public_fields, name,
				    json_object_get(feature));
	}
	value = json_array_at(s->document, "pvt_transitions");
	if (value != NULL)
		json_object_object_add(s->public_fields, "transitions",
		    json_object_get(value));
}

/* A number keeps the list of its features; older documents have names alone. */
static void
keep_features(struct import_source *s)
{
	struct json_object *given = json_at(s->document, NUMBER_FEATURES);
	struct json_object *list = json_object_new_object(), *name;
	size_t i, n = json_object_is_type(given, json_type_array) ?
	    json_object_array_length(given) : 0;

	for (i = 0; i < n; i++) {
		name = json_object_array_get_idx(given, i);
		if (json_object_is_type(name, json_type_string))
			json_object_object_add(list, json_object_get_string(
			    name), json_object_new_object());
	}
	if (json_object_is_type(given, json_type_object)) {
		json_object_object_foreach(given, key, value)
			json_object_object_add(list, key, value == NULL ?
			    json_object_new_object() : json_object_get(value));
	}
	json_object_object_add(s->public_fields, NUMBER_FEATURES, list);
	number_features_settle(s->arena, s->public_fields);
}

/* An amount that may be owed, which is stored with either sign. */
static void
reveal_postpay(struct import_source *s)
{
	struct json_object *amount = json_at(s->document,
	    "pvt_max_postpay_amount");
	const char *text;

	if (!json_object_is_type(amount, json_type_int) &&
	    !json_object_is_type(amount, json_type_double))
		return;
	text = json_object_get_string(amount);
	json_object_object_add(s->public_fields, "max_postpay_amount",
	    text[0] != '-' ? json_object_get(amount) :
	    json_object_new_double_s(0, text + 1));
}

struct object
import_object_read(struct import_source *s)
{
	struct object object = object_of(s);

	reveal(s);
	reveal_postpay(s);
	object.kind = kind_of_type(import_type(s->document));
	if (object.kind->has_features)
		keep_features(s);
	if (object.kind->assigned &&
	    json_at(s->public_fields, "ip") == NULL)
		json_put_string(s->public_fields, "ip", s->id);
	return object;
}

struct problem *
import_object(struct import_source *s)
{
	const struct config *config = s->importer->actor.config;
	struct object object = import_object_read(s);
	struct number_holders before;
	struct problem *p;
	bool written, replace;

	if ((p = import_again_lock(s)) != NULL ||
	    (p = import_ports_before(s, &object, &before)) != NULL ||
	    (p = object_take_over(s->db, s->arena, config, s->account_id,
	    &object, &written)) != NULL)
		return p;
	if (written) {
		import_mark(s, written);
		return import_ports_tell(s, &object, &before);
	}
	if ((p = compare_object(s, &object, NULL, &replace)) != NULL || !replace)
		return p;
	p = object_replace(s->db, s->arena, config, s->account_id, &object);
	if (p == NULL)
		p = settle_object(s, object.kind);
	return p != NULL ? p : import_ports_tell(s, &object, &before);
}
