/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/account.h"

#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "base/schema.h"
#include "billing/overlay.h"
#include "billing/schemas.h"
#include "service/api_key.h"
#include "service/contact_check.h"
#include "service/object_count.h"

#define LANGUAGE_DEFAULT "en-us"
#define REALM_TRIES 8

/* Members that are computed; clients cannot set them. */
static const char *const computed[] = { "billing_mode", "created", "id",
    "is_reseller", "reseller_id", "superduper_admin", "wnm_allow_additions" };

/* ---- documents ---- */

static const char *
generate_realm(struct arena *a, const struct config *config)
{
	char id[ID_SIZE];

	id_new(id);
	return arena_printf(a, "%.6s.%s", id, config->realm_suffix);
}

/* Checks a document against the schema, and reads name, realm, language and
 * enabled from it. */
static struct problem *
read_document(struct arena *a, const struct config *config,
    struct json_object *document, struct account *account)
{
	const struct schema *schema = schemas_of(SCHEMA_ACCOUNTS);
	const char *text;
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(computed); i++)
		json_object_object_del(document, computed[i]);
	schema_defaults(schema, document);
	p = schema_check(a, schema, document, "", false);
	if (p != NULL)
		return p;
	account->document = document;
	account->name = json_string_at(document, "name");
	text = json_string_at(document, "realm");
	if (text != NULL)
		account->realm = arena_lower(a, text);
	else if (account->realm == NULL)
		account->realm = generate_realm(a, config);
	json_put_string(document, "realm", account->realm);
	text = json_string_at(document, "language");
	account->language = text == NULL ? LANGUAGE_DEFAULT : text;
	account->enabled = !json_false_at(document, "enabled");
	return NULL;
}

/* The realm is the only name that can conflict. */
static struct problem *
report_realm(struct arena *a, struct problem *p)
{
	return problem_concerns(p, PROBLEM_CONFLICT, "realm") ?
	    problem_invalid(a, "realm", "unique",
	    "another account has this realm") : p;
}

struct problem *
account_check_name(struct db *db, struct arena *a, const struct config *config,
    const char *id, const char *parent_id, const char *name)
{
	struct problem *p;

	if (parent_id == NULL || !config->unique_account_names)
		return NULL;
	p = store_account_name_check(db, a, id, parent_id, name);
	if (!problem_concerns(p, PROBLEM_CONFLICT, "name"))
		return p;
	p = problem_invalid(a, "name", "unique",
	    "another account below the same one has this name");
	problem_set_string(p, "name", "unique", "cause", name);
	return p;
}

static struct json_object *
create_event_note(struct arena *a, const char *event)
{
	struct json_object *note = json_own(a, json_object_new_object());

	json_put_string(note, "event", event);
	return note;
}

/* ---- create ---- */

/*
 * Writes the account. A generated realm is short, so another account may have
 * it: then the next one is tried. The procedure refuses before it writes.
 * asked: a client wants it, so name and contact are checked, too.
 */
static struct problem *
create_with_realm(struct db *db, struct arena *a, const struct actor *actor,
    bool asked, struct account *account, struct json_object *document)
{
	bool generated = account->realm == NULL &&
	    json_string_at(document, "realm") == NULL;
	struct problem *p = read_document(a, actor->config, document, account);
	int tries = 0;

	if (p != NULL || (asked && ((p = contact_check(a, NULL, document,
	    "")) != NULL || (p = account_check_name(db, a, actor->config,
	    account->id, account->parent_id, account->name)) != NULL)))
		return p;
	for (;;) {
		p = store_account_create(db, a, account, json_canonical_text(a,
		    document), actor->now);
		if (!generated || ++tries == REALM_TRIES ||
		    !problem_concerns(p, PROBLEM_CONFLICT, "realm"))
			return report_realm(a, p);
		account->realm = generate_realm(a, actor->config);
		json_put_string(document, "realm", account->realm);
	}
}

/* Writes a new account with an API key. */
static struct problem *
create(struct db *db, struct arena *a, const struct actor *actor, bool asked,
    const struct new_account *new, struct account *account)
{
	struct json_object *document = json_own(a, json_object_new_object());
	struct problem *p;

	account->id = new->id;
	account->parent_id = new->parent_id;
	account->is_reseller = new->is_reseller;
	overlay_patch(document, new->document);
	p = create_with_realm(db, a, actor, asked, account, document);
	if (p != NULL)
		return p;
	return actor->config->secret[0] == '\0' ? NULL :
	    api_key_renew(db, a, actor->config, account->id, actor->now);
}

static struct problem *
propose_new(struct db *db, struct arena *a, const struct service *current,
    struct service *proposed, void *state)
{
	(void)db;
	(void)current;
	(void)state;
	return account_count(a, proposed);
}

static struct problem *
write_count(struct db *db, struct arena *a, const struct service *done,
    void *state)
{
	(void)state;
	return account_count_save(db, a, done->account_id);
}

struct problem *
account_make(struct db *db, struct arena *a, const struct actor *actor,
    enum change_rule rule, const struct new_account *new)
{
	struct change change = change_by(actor, rule, new->id);
	struct account account = {
		.created = actor->now,
		.modified = actor->now,
	};
	struct service done;
	struct problem *p = create(db, a, actor, rule != CHANGE_UNASKED, new,
	    &account);

	if (p != NULL)
		return p;
	change.cascades = true;
	change.note = create_event_note(a, "created");
	change.propose = propose_new;
	change.write = write_count;
	change.state = &account;
	return change_commit(db, a, &change, &done);
}

/* ---- change ---- */

struct account_change {
	const struct actor *actor;
	const struct account_edit *edit;
	struct account account;
	bool renamed;
};

static struct problem *
propose_change(struct db *db, struct arena *a, const struct service *current,
    struct service *proposed, void *state)
{
	struct account_change *c = state;
	struct json_object *document;
	struct account *known;
	struct problem *p;

	(void)current;
	if ((p = store_account_show(db, a, c->edit->account_id, &known)) !=
	    NULL)
		return p;
	if (known == NULL)
		return problem_bad_identifier(a, c->edit->account_id);
	c->account = *known;
	/* Adds members that only columns have. */
	json_put_string(known->document, "name", known->name);
	if ((p = c->edit->edit(a, known, &document, c->edit->state)) != NULL ||
	    (p = read_document(a, c->actor->config, document,
	    &c->account)) != NULL ||
	    (p = contact_check(a, known->document, document, "")) != NULL)
		return p;
	c->renamed = strcmp(known->name, c->account.name) != 0;
	return account_count(a, proposed);
}

static struct problem *
write_change(struct db *db, struct arena *a, const struct service *done,
    void *state)
{
	struct account_change *c = state;
	struct problem *p;

	/* An account that shares its name since before the rule may keep it. */
	if (c->renamed && (p = account_check_name(db, a, c->actor->config,
	    c->account.id, c->account.parent_id, c->account.name)) != NULL)
		return p;
	p = report_realm(a, store_account_update(db, a, &c->account,
	    c->actor->now));
	return p != NULL ? p : write_count(db, a, done, &c->account);
}

struct problem *
account_change(struct db *db, struct arena *a, const struct actor *actor,
    enum change_rule rule, const struct account_edit *edit)
{
	struct change change = change_by(actor, rule, edit->account_id);
	struct account_change c = { .actor = actor, .edit = edit };
	struct service done;

	change.cascades = true;
	change.propose = propose_change;
	change.write = write_change;
	change.state = &c;
	return change_commit(db, a, &change, &done);
}

/* ---- delete ---- */

/* Removes everything that anybody pays for. */
static struct problem *
propose_nothing(struct db *db, struct arena *a, const struct service *current,
    struct service *proposed, void *state)
{
	static const struct quantity_table none;

	(void)db;
	(void)a;
	(void)current;
	(void)state;
	proposed->quantities[QUANTITY_ACCOUNT] = none;
	proposed->quantities[QUANTITY_MANUAL] = none;
	proposed->plans.count = 0;
	return NULL;
}

static struct problem *
write_removal(struct db *db, struct arena *a, const struct service *done,
    void *state)
{
	const struct actor *actor = state;

	return store_account_delete(db, a, done->account_id, actor->now);
}

struct problem *
account_remove(struct db *db, struct arena *a, const struct actor *actor,
    enum change_rule rule, const struct account *account)
{
	struct change change = change_by(actor, rule, account->id);
	struct actor lent = *actor;
	struct service done;

	if (account->is_master)
		return problem_text(a, PROBLEM_FORBIDDEN,
		    "the master account cannot be deleted");
	change.cascades = true;
	change.note = create_event_note(a, "deleted");
	change.propose = propose_nothing;
	change.write = write_removal;
	change.state = &lent;
	return change_commit(db, a, &change, &done);
}

/* ---- promote ---- */

struct problem *
account_promote(struct db *db, struct arena *a, const struct actor *actor,
    const char *account_id, bool promote)
{
	struct change change = change_by(actor, CHANGE_UNASKED, account_id);
	struct service service;
	struct problem *p;

	if ((p = store_service_load(db, a, account_id, SERVICE_LOCK,
	    &service)) != NULL ||
	    (p = store_account_resell(db, a, account_id, promote,
	    actor->now)) != NULL || service.is_reseller == promote)
		return p;
	change.note = create_event_note(a, promote ? "promoted" : "demoted");
	return change_note(db, a, &change, &service);
}

/* ---- import ---- */

/* An account without a name is named after its realm, or else its id. */
static void
name_nameless(struct json_object *document, const char *id)
{
	const char *realm = json_string_at(document, "realm");
	const char *name = json_string_at(document, "name");

	if (json_at(document, "name") == NULL ||
	    (name != NULL && name[0] == '\0'))
		json_put_string(document, "name", realm != NULL ? realm : id);
}

struct problem *
account_copy_check(struct arena *a, const struct config *config,
    const struct account_copy *copy, struct account *out)
{
	struct json_object *document = json_own(a, json_object_new_object());

	*out = (struct account){
		.id = copy->account.id,
		.parent_id = copy->account.parent_id,
		.is_reseller = copy->account.is_reseller,
		.expires = copy->expires,
	};
	name_nameless(copy->account.document, copy->account.id);
	overlay_patch(document, copy->account.document);
	return read_document(a, config, document, out);
}

struct problem *
account_take_over(struct db *db, struct arena *a, const struct actor *actor,
    const struct account_copy *copy, bool *written)
{
	struct account account = {
		.expires = copy->expires,
		.created = copy->created,
		.modified = copy->modified,
	}, *known;
	struct problem *p = store_account_show(db, a, copy->account.id, &known);

	*written = false;
	if (p != NULL || known != NULL)
		return p;
	name_nameless(copy->account.document, copy->account.id);
	if ((p = create(db, a, actor, false, &copy->account,
	    &account)) != NULL)
		return p;
	*written = true;
	return account_import_count(db, a, account.id);
}

struct problem *
account_replace(struct db *db, struct arena *a, const struct actor *actor,
    const struct account_copy *copy)
{
	struct json_object *document = json_own(a, json_object_new_object());
	const char *id = copy->account.id;
	struct account account, *known;
	struct service service;
	struct problem *p;

	if ((p = store_service_load(db, a, id, SERVICE_LOCK_PATH,
	        &service)) != NULL ||
	    (p = store_account_show(db, a, id, &known)) != NULL)
		return p;
	if (known == NULL)
		return problem_bad_identifier(a, id);
	name_nameless(copy->account.document, id);
	overlay_patch(document, copy->account.document);
	account = *known;
	if ((p = read_document(a, actor->config, document, &account)) != NULL ||
	    (p = report_realm(a, store_account_update(db, a, &account,
	    copy->modified))) != NULL)
		return p;
	/* The master account is one, whatever the other system says. */
	return known->parent_id == NULL ||
	    known->is_reseller == copy->account.is_reseller ? NULL :
	    account_promote(db, a, actor, id, copy->account.is_reseller);
}
