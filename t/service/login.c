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

/* A token of an API key that was found; its life in seconds, 0: unlimited. */
static void
issue_by_key(const char *account, int64_t life_s, char key[API_KEY_SIZE],
    char token[TOKEN_SIZE])
{
	const struct key_owner owner = { account, "test", now };
	const struct token_terms terms = { "test", now, life_s,
		"{\"get\":[\"#\"]}" };
	const struct login *login;
	char id[ID_SIZE];

	secret_api_key(key);
	WELL(api_key_keep(db, a, &config, &owner, key, id));
	WELL(login_find_by_key(db, a, &config, key, &login));
	WELL(login_issue(db, a, login, &terms, token));
}

Test(login, a_token_is_renewed_as_it_is)
{
	static const struct {
		int64_t life_s, most_s, renewed_s; /* 0: unlimited */
	} rows[] = {
		{ 60, 3600, 60 }, { 3600, 60, 60 }, { 0, 60, 60 }, { 60, 0, 60 },
		{ 0, 0, 0 },
	};
	const char *account = stack_account(NULL, "{}");
	char key[API_KEY_SIZE], token[TOKEN_SIZE], renewed[TOKEN_SIZE];
	struct session *before, *session;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		issue_by_key(account, rows[i].life_s, key, token);
		WELL(login_renew(db, a, token, now + 7, rows[i].most_s,
		    renewed));
		cr_expect_str_neq(token, renewed);
		WELL(store_session_find(db, a, token, account, &before));
		cr_assert_not_null(before, "it stays");
		WELL(store_session_find(db, a, renewed, account, &session));
		cr_assert_not_null(session);
		cr_expect_str_eq(session->account_id, account);
		cr_expect_null(session->user_id);
		cr_expect_str_eq(session->method, "test");
		cr_expect_str_eq(session->restrictions, before->restrictions);
		cr_expect_eq(session->token_expires, rows[i].renewed_s == 0 ?
		    0 : now + 7 + rows[i].renewed_s, "row %zu", i);
	}
}

Test(login, a_renewed_token_ends_with_its_key)
{
	const char *account = stack_account(NULL, "{}");
	char key[API_KEY_SIZE], token[TOKEN_SIZE], renewed[TOKEN_SIZE];
	struct session *session;
	bool revoked;

	issue_by_key(account, 60, key, token);
	WELL(login_renew(db, a, token, now, 60, renewed));
	WELL(login_renew(db, a, renewed, now, 60, renewed));
	WELL(api_key_revoke(db, a, &config, key, &revoked));
	WELL(store_session_find(db, a, renewed, account, &session));
	cr_expect_null(session);
	REFUSED(PROBLEM_INVALID_CREDENTIALS, login_renew(db, a, token, now, 60,
	    renewed));
}

Test(login, a_token_that_nobody_could_end_is_not_renewed)
{
	const struct token_grant grant = {
		.account_id = stack_account(NULL, "{}"),
		.method = "reevectl",
		.expires = now + 60,
	};
	char token[TOKEN_SIZE], renewed[TOKEN_SIZE];

	WELL(store_token_issue(db, a, &grant, now, token));
	REFUSED(PROBLEM_FORBIDDEN, login_renew(db, a, token, now, 60, renewed));
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
