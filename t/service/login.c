/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/login.h"

#include "service/api_key.h"
#include "stack.h"

TestSuite(login, .init = stack_begin, .fini = stack_end);

Test(login, by_api_key)
{
	const char *account = stack_account(NULL, "{}");
	const struct key_owner owner = { account, "test", now };
	const struct token_terms terms = { "test", now, 60, NULL };
	char key[API_KEY_SIZE], id[ID_SIZE], token[TOKEN_SIZE];
	const struct login *login;
	struct session *session;

	secret_api_key(key);
	REFUSED(PROBLEM_INVALID_CREDENTIALS, login_find_by_key(db, a, &config,
	    key, &login));
	WELL(api_key_keep(db, a, &config, &owner, key, id));
	WELL(login_find_by_key(db, a, &config, key, &login));
	cr_expect_str_eq(login->account_id, account);
	WELL(login_issue(db, a, login, &terms, token));
	WELL(store_session_find(db, a, token, account, &session));
	cr_assert_not_null(session);
	cr_expect_str_eq(session->account_id, account);
	cr_expect_eq(session->token_expires, now + 60);
}

Test(login, a_key_that_is_revoked_meanwhile)
{
	const char *account = stack_account(NULL, "{}");
	const struct key_owner owner = { account, "test", now };
	const struct token_terms terms = { "test", now, 60, NULL };
	char key[API_KEY_SIZE], id[ID_SIZE], token[TOKEN_SIZE];
	const struct login *login;
	bool revoked;

	secret_api_key(key);
	WELL(api_key_keep(db, a, &config, &owner, key, id));
	WELL(login_find_by_key(db, a, &config, key, &login));
	WELL(api_key_revoke(db, a, &config, key, &revoked));
	cr_assert(revoked);
	REFUSED(PROBLEM_INVALID_CREDENTIALS, login_issue(db, a, login, &terms,
	    token));
}

Test(login, a_disabled_or_expired_account)
{
	static const struct {
		bool enabled;
		int64_t expires; /* from now on, 0: never */
		const char *code;
	} rows[] = {
		{ true, 0, NULL },
		{ true, 1, NULL },
		{ true, -1, "expired" },
		{ false, 0, "disabled" },
		{ false, -1, "expired" },
	};
	struct problem *p;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		p = login_check_account(a, rows[i].enabled,
		    rows[i].expires == 0 ? 0 : now + rows[i].expires, now);
		cr_assert_eq(p == NULL, rows[i].code == NULL, "row %zu", i);
		cr_expect(p == NULL || json_at(json_at(p->data, "account"),
		    rows[i].code) != NULL, "row %zu", i);
	}
	/* Expired in the second of its expiry. */
	cr_expect_not_null(login_check_account(a, true, now, now));
}
