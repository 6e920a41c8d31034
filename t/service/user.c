/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/user.h"

#include "proposal.h"

#include "service/credential.h"
#include "service/login.h"

TestSuite(user, .init = begin_priced, .fini = stack_end);

static const struct quantity_wanted admins = { QUANTITY_ACCOUNT, "users",
	"admin", 0 };

/* A user, created or imported. */
struct deed {
	struct new_user new;
	struct user_copy copy;
	bool written;
	const char *password; /* set */
};

static struct problem *
make_in(struct db *in, struct arena *arena, void *state)
{
	const struct deed *d = state;
	const struct actor actor = stack_actor();

	return user_make(in, arena, &actor, &d->new);
}

static struct problem *
take_over_in(struct db *in, struct arena *arena, void *state)
{
	struct deed *d = state;
	struct object user = {
		.id = d->new.id,
		.created = now,
		.modified = now,
		.document = json_own(a, json_public_copy(d->new.document)),
	};

	d->copy.account_id = d->new.account_id;
	d->copy.user = &user;
	return user_take_over(in, arena, &config, &d->copy, &d->written);
}

static struct problem *
set_in(struct db *in, struct arena *arena, void *state)
{
	const struct deed *d = state;

	return user_set_password(in, arena, &config, d->new.account_id, "ANN",
	    d->password);
}

static struct deed
deed_of(const char *document)
{
	char *id = arena_alloc(a, ID_SIZE);

	id_new(id);
	return (struct deed){ .new = { stack_account(NULL, "{}"), id,
	    quoted(a, document) } };
}

/* NULL: there is none. */
static struct object *
shown(const struct deed *d)
{
	struct object *user;

	WELL(store_object_show(db, a, d->new.account_id, kind_of_noun("users"),
	    d->new.id, &user));
	return user;
}

static bool
logs_in(const struct deed *d, const char *username, const char *password)
{
	char md5[MD5_HEX_SIZE];
	struct login_list logins;
	size_t i;

	secret_md5_credentials(username, password, md5);
	WELL(credential_find_candidates(db, a, &config, "md5", md5, &logins));
	for (i = 0; i < logins.count; i++)
		if (strcmp(logins.logins[i].user_id, d->new.id) == 0)
			return credential_fits(&logins.logins[i], md5);
	return false;
}

/* The login of a user by this password; it must be good. */
static const struct login *
found(const struct deed *d, const char *password)
{
	char md5[MD5_HEX_SIZE];
	struct login_list logins;
	size_t i = 0;

	secret_md5_credentials("ann", password, md5);
	WELL(credential_find_candidates(db, a, &config, "md5", md5, &logins));
	while (i < logins.count &&
	    strcmp(logins.logins[i].user_id, d->new.id) != 0)
		i++;
	cr_assert_lt(i, logins.count, "nobody logs in by %s", password);
	return &logins.logins[i];
}

#define ANN "'username':'Ann','priv_level':'admin'"

/* Created or imported, it is the same user. */
static void
expect_whole(const struct deed *d)
{
	const struct object *user = shown(d);

	cr_assert_not_null(user);
	assert_json(a, "{'username':'ann','priv_level':'admin','enabled':true,"
	    "'first_name':'ann','last_name':'Admin'}", user->document, "ann");
	cr_expect_eq(quantity_now(d->new.account_id, &admins), 1);
}

Test(user, made)
{
	struct deed d = deed_of("{" ANN ",'password':'secret-1'}");

	WELL(db_transaction(db, a, make_in, &d));
	expect_whole(&d);
	cr_expect(logs_in(&d, "ann", "secret-1"));
	cr_expect_not(logs_in(&d, "ann", "secret-2"));
	cr_expect(entries_of(d.new.account_id) > 0);
	cr_expect_str_eq(json_string_at(d.new.document, "password"), "secret-1",
	    "a document is lent");
}

/* Their password is changed after a login was found and before its token. */
Test(user, gets_no_token_by_the_password_of_before)
{
	struct deed d = deed_of("{" ANN ",'password':'secret-1'}");
	const struct token_terms terms = { "test", now, 60, NULL };
	const struct login *login;
	struct session *session;
	char token[TOKEN_SIZE];

	WELL(db_transaction(db, a, make_in, &d));
	login = found(&d, "secret-1");
	WELL(login_issue(db, a, login, &terms, token));
	d.password = "secret-2";
	WELL(db_transaction(db, a, set_in, &d));
	WELL(store_session_find(db, a, token, "", &session));
	cr_expect_null(session);
	REFUSED(PROBLEM_INVALID_CREDENTIALS, login_issue(db, a, login, &terms,
	    token));
	WELL(login_issue(db, a, found(&d, "secret-2"), &terms, token));
}

Test(user, taken_over)
{
	struct deed d = deed_of("{" ANN "}");
	char md5[MD5_HEX_SIZE];

	secret_md5_credentials("Ann", "x", md5);
	d.copy.md5 = md5;
	WELL(db_transaction(db, a, take_over_in, &d));
	cr_expect(d.written);
	expect_whole(&d);
	cr_expect(logs_in(&d, "Ann", "x"), "as they could before");
	WELL(db_transaction(db, a, take_over_in, &d));
	cr_expect_not(d.written);
}

Test(user, refused_at_every_door)
{
	static const struct {
		const char *document, *field;
	} rows[] = {
		{ "{" ANN ",'email':'nonsense'}", "email" },
		{ "{" ANN ",'email':'a@b c'}", "email" },
		{ "{" ANN ",'first_name':''}", "first_name" },
		{ "{'username':'a:b'}", "username" },
		{ "{'username':'ann','priv_level':'x'}", "priv_level" },
		{ "{'username':'ann','enabled':1}", "enabled" },
	};
	struct problem *(*const doors[])(struct db *, struct arena *,
	    void *) = { make_in, take_over_in };
	struct problem *p;
	struct deed d;
	size_t i, j;

	for (i = 0; i < NELEM(rows); i++)
		for (j = 0; j < NELEM(doors); j++) {
			d = deed_of(rows[i].document);
			p = db_transaction(db, a, doors[j], &d);
			cr_assert(problem_concerns(p, PROBLEM_VALIDATION,
			    rows[i].field), "row %zu, door %zu", i, j);
			cr_expect_null(shown(&d));
		}
}

Test(user, a_user_without_a_name_gets_one)
{
	static const struct {
		const char *document, *first, *last;
	} rows[] = {
		{ "{'username':'bob'}", "bob", "User" },
		{ "{'priv_level':'admin'}", "Account", "Admin" },
		{ "{'username':'bob','last_name':'Lee'}", "bob", "Lee" },
		{ "{'first_name':'Bob','last_name':'Lee'}", "Bob", "Lee" },
	};
	struct deed d;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		d = deed_of(rows[i].document);
		WELL(db_transaction(db, a, make_in, &d));
		cr_expect_str_eq(json_string_at(shown(&d)->document,
		    "first_name"), rows[i].first);
		cr_expect_str_eq(json_string_at(shown(&d)->document,
		    "last_name"), rows[i].last);
	}
}

Test(user, another_password)
{
	struct deed d = deed_of("{" ANN ",'password':'secret-1'}");

	d.password = "secret-2";
	REFUSED(PROBLEM_BAD_IDENTIFIER, db_transaction(db, a, set_in, &d));
	WELL(db_transaction(db, a, make_in, &d));
	WELL(db_transaction(db, a, set_in, &d));
	cr_expect(logs_in(&d, "ann", "secret-2"));
	cr_expect_not(logs_in(&d, "ann", "secret-1"));
}
