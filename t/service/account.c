/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/account.h"

#include "proposal.h"

#include "service/api_key.h"

TestSuite(account, .init = begin_priced, .fini = stack_end);

static const struct quantity_wanted itself = { QUANTITY_ACCOUNT, "accounts",
	"account", 0 };
static const struct quantity_wanted below = { QUANTITY_CASCADE, "accounts",
	"account", 0 };

/* Work in one transaction, as the administrator. */
struct deed {
	struct account_copy copy;
	struct account_edit edit;
	const struct account *account; /* removed */
	bool promote;
	bool written;
};

static struct problem *
make_in(struct db *in, struct arena *arena, void *state)
{
	const struct deed *d = state;
	const struct actor actor = stack_actor();

	return account_make(in, arena, &actor, CHANGE_UNASKED,
	    &d->copy.account);
}

static struct problem *
take_over_in(struct db *in, struct arena *arena, void *state)
{
	struct deed *d = state;
	const struct actor actor = stack_actor();

	return account_take_over(in, arena, &actor, &d->copy, &d->written);
}

static struct problem *
change_in(struct db *in, struct arena *arena, void *state)
{
	const struct deed *d = state;
	const struct actor actor = stack_actor();

	return account_change(in, arena, &actor, CHANGE_UNASKED, &d->edit);
}

static struct problem *
remove_in(struct db *in, struct arena *arena, void *state)
{
	const struct deed *d = state;
	const struct actor actor = stack_actor();

	return account_remove(in, arena, &actor, CHANGE_UNASKED, d->account);
}

static struct problem *
promote_in(struct db *in, struct arena *arena, void *state)
{
	const struct deed *d = state;
	const struct actor actor = stack_actor();

	return account_promote(in, arena, &actor, d->copy.account.id,
	    d->promote);
}

/* A new account below one of its own. */
static struct deed
deed_of(const char *document)
{
	char *id = arena_alloc(a, ID_SIZE);

	id_new(id);
	return (struct deed){ .copy = {
		.account = {
			.id = id,
			.parent_id = stack_account(NULL, "{}"),
			.document = quoted(a, document),
		},
		.created = now - 1000,
		.modified = now - 500,
	} };
}

static struct account *
shown(const char *id)
{
	struct account *account;

	WELL(store_account_show(db, a, id, &account));
	return account;
}

static bool
has_key(const char *id)
{
	char key[API_KEY_SIZE];
	struct login *login;

	WELL(api_key_show(db, a, &config, id, key));
	if (key[0] == '\0')
		return false;
	WELL(api_key_find(db, a, &config, key, &login));
	return login != NULL && strcmp(login->account_id, id) == 0;
}

/* Created or imported, it is the same account. */
static void
expect_whole(const struct deed *d, bool enabled)
{
	const char *id = d->copy.account.id;
	const struct account *account = shown(id);
	const char *suffix;

	cr_assert_not_null(account);
	cr_expect_str_eq(account->name, "A");
	cr_expect_str_eq(account->language, "en-us");
	suffix = strchr(account->realm, '.');
	cr_assert_not_null(suffix, "%s", account->realm);
	cr_expect_str_eq(suffix + 1, config.realm_suffix);
	cr_expect_str_eq(json_string_at(account->document, "realm"),
	    account->realm);
	cr_expect_eq(account->enabled, enabled);
	cr_expect_null(json_at(account->document, "is_reseller"));
	cr_expect(has_key(id));
	/* An account counts, enabled or not (rules/counting 2). */
	cr_expect_eq(quantity_now(id, &itself), 1);
	cr_expect_eq(quantity_now(account->parent_id, &below), 1);
}

Test(account, made)
{
	struct deed d = deed_of("{'name':'A','is_reseller':true}");

	WELL(db_transaction(db, a, make_in, &d));
	expect_whole(&d, true);
	cr_expect_eq(shown(d.copy.account.id)->created, now);
	cr_expect(entries_of(d.copy.account.id) > 0);
}

Test(account, created_disabled)
{
	struct deed d = deed_of("{'name':'A','enabled':false}");

	WELL(db_transaction(db, a, make_in, &d));
	expect_whole(&d, false);
}

Test(account, imported)
{
	struct deed d = deed_of("{'name':'A','created':5}");
	const char *id = d.copy.account.id;

	WELL(db_transaction(db, a, take_over_in, &d));
	cr_expect(d.written);
	expect_whole(&d, true);
	cr_expect_eq(shown(id)->created, now - 1000);
	cr_expect_eq(shown(id)->modified, now - 500);
	cr_expect_eq(entries_of(id), 0, "its trail comes with it");
	WELL(db_transaction(db, a, take_over_in, &d));
	cr_expect_not(d.written);
}

Test(account, imported_without_a_name)
{
	struct deed by_realm = deed_of("{'realm':'old.example.com'}");
	struct deed by_id = deed_of("{'name':''}");
	char realm[ID_SIZE + 8];

	snprintf(realm, sizeof(realm), "%s.example", by_realm.copy.account.id);
	json_put_string(by_realm.copy.account.document, "realm", realm);
	WELL(db_transaction(db, a, take_over_in, &by_realm));
	cr_expect_str_eq(shown(by_realm.copy.account.id)->name, realm);
	WELL(db_transaction(db, a, take_over_in, &by_id));
	cr_expect_str_eq(shown(by_id.copy.account.id)->name,
	    by_id.copy.account.id);
}

Test(account, no_key_without_a_secret)
{
	struct deed d = deed_of("{'name':'A'}");

	config.secret = "";
	WELL(db_transaction(db, a, make_in, &d));
	cr_expect_not(has_key(d.copy.account.id));
}

Test(account, refused_at_every_door)
{
	static const struct {
		const char *document, *field;
		size_t doors; /* an imported account may have no name */
	} rows[] = {
		{ "{}", "name", 1 },
		{ "{'name':''}", "name", 1 },
		{ "{'name':5}", "name", 2 },
		{ "{'name':'A','realm':'bad realm'}", "realm", 2 },
		{ "{'name':'A','realm':'a.b'}", "realm", 2 },
		{ "{'name':'A','language':'seventeen letters'}", "language",
		  2 },
		{ "{'name':'A','enabled':'x'}", "enabled", 2 },
	};
	struct problem *(*const doors[])(struct db *, struct arena *,
	    void *) = { make_in, take_over_in };
	struct problem *p;
	struct deed d;
	size_t i, j;

	for (i = 0; i < NELEM(rows); i++)
		for (j = 0; j < rows[i].doors; j++) {
			d = deed_of(rows[i].document);
			p = db_transaction(db, a, doors[j], &d);
			cr_assert_not_null(p, "row %zu, door %zu", i, j);
			cr_expect_eq(p->kind, PROBLEM_VALIDATION);
			cr_expect_str_eq(p->field, rows[i].field);
			cr_expect_null(shown(d.copy.account.id));
		}
}

Test(account, a_realm_is_unique)
{
	struct deed first = deed_of("{'name':'A'}"), second = first;
	struct problem *p;
	char id[ID_SIZE];

	WELL(db_transaction(db, a, make_in, &first));
	id_new(id);
	second.copy.account.id = id;
	json_put_string(second.copy.account.document, "realm",
	    shown(first.copy.account.id)->realm);
	p = db_transaction(db, a, make_in, &second);
	cr_assert(problem_concerns(p, PROBLEM_VALIDATION, "realm"));
	p = db_transaction(db, a, take_over_in, &second);
	cr_assert(problem_concerns(p, PROBLEM_VALIDATION, "realm"));
}

/* ---- change ---- */

static struct problem *
edit(struct arena *arena, const struct account *known,
    struct json_object **document, void *state)
{
	if (state == NULL)
		return problem_new(arena, PROBLEM_PRECONDITION);
	*document = known->document;
	json_put_bool(*document, "enabled", false);
	json_put_string(*document, "realm", state);
	return NULL;
}

Test(account, changed)
{
	struct deed d = deed_of("{'name':'A'}");
	const char *id = d.copy.account.id;

	WELL(db_transaction(db, a, make_in, &d));
	d.edit = (struct account_edit){ id, edit, NULL };
	REFUSED(PROBLEM_PRECONDITION, db_transaction(db, a, change_in, &d));
	d.edit.state = (char[]){ "bad realm" };
	REFUSED(PROBLEM_VALIDATION, db_transaction(db, a, change_in, &d));
	cr_expect_eq(quantity_now(id, &itself), 1);
	d.edit.state = arena_printf(a, "%s.EXAMPLE", id);
	WELL(db_transaction(db, a, change_in, &d));
	cr_expect_str_eq(shown(id)->realm, arena_lower(a, d.edit.state));
	cr_expect_not(shown(id)->enabled);
	cr_expect_eq(quantity_now(id, &itself), 1);
	cr_expect_eq(quantity_now(d.copy.account.parent_id, &below), 1);
}

Test(account, removed)
{
	struct deed d = deed_of("{'name':'A'}");
	int64_t entries;

	WELL(db_transaction(db, a, make_in, &d));
	entries = entries_of(d.copy.account.id);
	d.account = shown(NULL);
	REFUSED(PROBLEM_FORBIDDEN, db_transaction(db, a, remove_in, &d));
	d.account = shown(d.copy.account.parent_id);
	REFUSED(PROBLEM_HAS_DESCENDANTS, db_transaction(db, a, remove_in, &d));
	d.account = shown(d.copy.account.id);
	WELL(db_transaction(db, a, remove_in, &d));
	cr_expect_eq(quantity_now(d.copy.account.parent_id, &below), 0);
	cr_expect(entries_of(d.copy.account.id) > entries);
}

Test(account, promoted_and_demoted)
{
	struct deed d = deed_of("{'name':'A'}");
	const char *id = d.copy.account.id;
	int64_t entries;

	WELL(db_transaction(db, a, make_in, &d));
	entries = entries_of(id);
	d.promote = true;
	WELL(db_transaction(db, a, promote_in, &d));
	WELL(db_transaction(db, a, promote_in, &d));
	cr_expect(shown(id)->is_reseller);
	cr_expect_eq(entries_of(id), entries + 1, "once only");
	d.promote = false;
	WELL(db_transaction(db, a, promote_in, &d));
	cr_expect_not(shown(id)->is_reseller);
}
