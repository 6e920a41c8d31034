/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/api_key.h"

#include "stack.h"

TestSuite(api_key, .init = stack_begin, .fini = stack_end);

static struct problem *
renew_in(struct db *in, struct arena *arena, void *state)
{
	return api_key_renew(in, arena, &config, state, now);
}

static bool
is_good(const char *key)
{
	struct login *login;

	WELL(api_key_find(db, a, &config, key, &login));
	return login != NULL;
}

Test(api_key, the_displayed_key)
{
	char *account = arena_strdup(a, stack_account(NULL, "{}"));
	char first[API_KEY_SIZE], second[API_KEY_SIZE];

	WELL(api_key_show(db, a, &config, account, first));
	cr_expect_str_eq(first, "");
	WELL(db_transaction(db, a, renew_in, account));
	WELL(api_key_show(db, a, &config, account, first));
	cr_expect(is_good(first));
	WELL(db_transaction(db, a, renew_in, account));
	WELL(api_key_show(db, a, &config, account, second));
	cr_expect_str_neq(first, second);
	cr_expect(is_good(second));
	cr_expect_not(is_good(first), "the previous key still works");
}

Test(api_key, without_a_secret)
{
	char *account = arena_strdup(a, stack_account(NULL, "{}"));

	config.secret = "";
	REFUSED(PROBLEM_FAULT, db_transaction(db, a, renew_in, account));
}

Test(api_key, imported_once)
{
	const struct key_owner owner = { arena_strdup(a, stack_account(NULL,
		"{}")), "test", now };
	const struct key_owner other = { stack_account(NULL, "{}"), "test",
		now };
	char key[API_KEY_SIZE];
	bool flag;

	secret_api_key(key);
	WELL(api_key_take_over(db, a, &config, &owner, key, &flag));
	cr_expect(flag);
	WELL(api_key_take_over(db, a, &config, &owner, key, &flag));
	cr_expect(flag, "it is the account's already");
	WELL(api_key_take_over(db, a, &config, &other, key, &flag));
	cr_expect_not(flag, "it is another account's");
	WELL(api_key_revoke(db, a, &config, key, &flag));
	cr_expect(flag);
	cr_expect_not(is_good(key));
	WELL(api_key_revoke(db, a, &config, key, &flag));
	cr_expect_not(flag);
}
