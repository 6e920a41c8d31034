/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/auth.h"

#include <string.h>

#include "base/gregorian.h"
#include "store/shared_fields.h"

static struct secret_turns
turns_of(const struct db *db)
{
	return secret_turns(db_config(db)->secret,
	    db_config(db)->previous_secret);
}

/* A row that is stored under one digest, and from now on under another. */
struct rekeyed {
	unsigned char digest[DIGEST_BYTES];
	unsigned char renewed[DIGEST_BYTES];
	const char *secret; /* the name of that of renewed */
};

static const struct field rekeyed_parameters[] = {
	FIELD(DIGEST, struct rekeyed, digest),
	FIELD(DIGEST, struct rekeyed, renewed),
	FIELD(TEXT, struct rekeyed, secret),
};

static struct rekeyed
rekeyed_as(struct arena *a, const struct db *db,
    const unsigned char digest[DIGEST_BYTES],
    const unsigned char renewed[DIGEST_BYTES])
{
	struct rekeyed rekeyed = {
		.secret = secret_name(a, db_config(db)->secret),
	};

	memcpy(rekeyed.digest, digest, DIGEST_BYTES);
	memcpy(rekeyed.renewed, renewed, DIGEST_BYTES);
	return rekeyed;
}

/* False: there was no such token or key. */
struct revocation {
	bool revoked;
};

static const struct field revocation_columns[] = {
	FIELD(BOOL, struct revocation, revoked),
};

/* ---- sessions ---- */

struct session_query {
	unsigned char digest[DIGEST_BYTES];
	const char *target;
};

static const struct field session_parameters[] = {
	FIELD(DIGEST, struct session_query, digest),
	FIELD(TEXT, struct session_query, target),
};

struct session_row {
	struct session session;
	bool is_below; /* the target is at or below the account */
};

static const struct field session_columns[] = {
	FIELD_AS("account_id", TEXT, struct session_row, session.account_id),
	FIELD_AS("user_id", TEXT, struct session_row, session.user_id),
	FIELD_AS("method", TEXT, struct session_row, session.method),
	FIELD_AS("token_expires", NONZERO, struct session_row,
	    session.token_expires),
	FIELD_AS("account_name", TEXT, struct session_row,
	    session.account_name),
	FIELD_AS("account_enabled", BOOL, struct session_row,
	    session.account_enabled),
	FIELD_AS("account_expires", NONZERO, struct session_row,
	    session.account_expires),
	FIELD_AS("reseller_id", TEXT, struct session_row, session.reseller_id),
	FIELD_AS("is_reseller", BOOL, struct session_row, session.is_reseller),
	FIELD_AS("is_master", BOOL, struct session_row, session.is_master),
	FIELD_AS("language", TEXT, struct session_row, session.language),
	FIELD_AS("user_enabled", BOOL, struct session_row,
	    session.user_enabled),
	FIELD_AS("target_id", TEXT, struct session_row, session.target_id),
	FIELD_AS("target_name", TEXT, struct session_row, session.target_name),
	FIELD_AS("target_reseller_id", TEXT, struct session_row,
	    session.target_reseller_id),
	FIELD_MAYBE("depth", INTEGER, struct session_row, session.depth,
	    is_below),
	FIELD_AS("username", TEXT, struct session_row, session.username),
	FIELD_AS("first_name", TEXT, struct session_row, session.first_name),
	FIELD_AS("last_name", TEXT, struct session_row, session.last_name),
	FIELD_AS("email", TEXT, struct session_row, session.email),
	FIELD_AS("target_reseller_is_master", BOOL, struct session_row,
	    session.target_reseller_is_master),
	FIELD_AS("priv_level", TEXT, struct session_row, session.priv_level),
	FIELD_AS("role", TEXT, struct session_row, session.role),
	FIELD_AS("had_users", BOOL, struct session_row, session.had_users),
	FIELD_AS("restrictions", TEXT, struct session_row,
	    session.restrictions),
	FIELD_AS("rules", TEXT, struct session_row, session.rules),
};

static const struct db_procedure session_find_call = {
	PROCEDURE(SESSION_FIND, "session_find", READ),
	TAKES(session_parameters),
	GIVES(struct session_row, session_columns),
};

static const struct db_procedure token_rekey_call = {
	PROCEDURE(TOKEN_REKEY, "token_rekey", WRITE),
	TAKES(rekeyed_parameters),
};

struct problem *
store_token_rekey(struct db *db, struct arena *a,
    const unsigned char digest[DIGEST_BYTES],
    const unsigned char renewed[DIGEST_BYTES])
{
	const struct rekeyed rekeyed = rekeyed_as(a, db, digest, renewed);

	return db_call(db, a, &token_rekey_call, &rekeyed, NULL);
}

/* Finds the row of a token under the secrets in turn, and rewrites it if it was
 * under the previous one. *out is NULL when there is none. */
static struct problem *
find_session(struct db *db, struct arena *a, const char *token,
    struct session_query *query, struct session_row **out)
{
	const struct secret_turns turns = turns_of(db);
	unsigned char renewed[DIGEST_BYTES];
	struct db_result found;
	struct problem *p = NULL;
	size_t i;

	*out = NULL;
	if (!token_may_be(token))
		return NULL;
	for (i = 0; p == NULL && *out == NULL && turns.secrets[i] != NULL;
	    i++) {
		secret_token_digest(turns.secrets[i], token, query->digest);
		p = db_call(db, a, &session_find_call, query, &found);
		if (p == NULL)
			*out = db_first(&found);
	}
	if (p != NULL || *out == NULL || i != 2)
		return p;
	secret_token_digest(turns.secrets[0], token, renewed);
	return store_token_rekey(db, a, query->digest, renewed);
}

struct problem *
store_session_find(struct db *db, struct arena *a, const char *token,
    const char *target, struct session **out)
{
	struct session_query query = { .target = target };
	struct session_row *row;
	struct problem *p;

	*out = NULL;
	p = find_session(db, a, token, &query, &row);
	if (p != NULL || row == NULL)
		return p;
	*out = &row->session;
	if (!row->is_below)
		(*out)->depth = -1;
	if ((*out)->user_id == NULL)
		(*out)->user_enabled = true;
	return NULL;
}

/* ---- the installation ---- */

struct installation {
	bool had_users;
};

static const struct field installation_columns[] = {
	FIELD(BOOL, struct installation, had_users),
};

static const struct db_procedure installation_show_call = {
	PROCEDURE(INSTALLATION_SHOW, "installation_show", READ),
	GIVES(struct installation, installation_columns),
};

struct problem *
store_installation_had_users(struct db *db, struct arena *a, bool *out)
{
	struct installation installation = { false };
	struct problem *p;

	p = db_call_for_row(db, a, &installation_show_call, NULL,
	    &installation);
	*out = installation.had_users;
	return p;
}

/* ---- tokens ---- */

struct issue {
	unsigned char digest[DIGEST_BYTES];
	struct token_grant grant;
	int64_t now;
	const char *secret; /* the name of that of digest */
};

static const struct field issue_parameters[] = {
	FIELD(DIGEST, struct issue, digest),
	FIELD_AS("account", TEXT, struct issue, grant.account_id),
	FIELD_AS("user", TEXT, struct issue, grant.user_id),
	FIELD_AS("api_key", TEXT, struct issue, grant.api_key_id),
	FIELD_AS("method", TEXT, struct issue, grant.method),
	FIELD_AS("created", INTEGER, struct issue, now),
	FIELD_AS("expires", NONZERO, struct issue, grant.expires),
	FIELD(TEXT, struct issue, secret),
	FIELD_AS("restrictions", TEXT, struct issue, grant.restrictions),
	FIELD_AS("rules", TEXT, struct issue, grant.rules),
};

static const struct db_procedure token_issue_call = {
	PROCEDURE(TOKEN_ISSUE, "token_issue", WRITE),
	TAKES(issue_parameters),
};

struct problem *
store_token_issue(struct db *db, struct arena *a,
    const struct token_grant *grant, int64_t now, char token[TOKEN_SIZE])
{
	const char *secret = db_config(db)->secret;
	struct issue issue = { .grant = *grant, .now = now };
	const struct token_content content = {
		.account_id = grant->account_id,
		.owner_id = grant->user_id,
		.method = grant->method,
		.exp = grant->expires == 0 ? 0 :
		    grant->expires - GREGORIAN_UNIX_EPOCH,
	};

	if (secret[0] == '\0')
		return problem_fault(a, "no secret is configured: there can be "
		    "no tokens");
	if (!token_new(a, &content, token))
		return problem_fault(a, "a token would be too long");
	secret_token_digest(secret, token, issue.digest);
	issue.secret = secret_name(a, secret);
	return db_call(db, a, &token_issue_call, &issue, NULL);
}

struct token_key {
	unsigned char digest[DIGEST_BYTES];
};

static const struct field token_parameters[] = {
	FIELD(DIGEST, struct token_key, digest),
};

static const struct field held_token_columns[] = {
	FIELD_AS("account_id", TEXT, struct held_token, grant.account_id),
	FIELD_AS("user_id", TEXT, struct held_token, grant.user_id),
	FIELD_AS("api_key_id", TEXT, struct held_token, grant.api_key_id),
	FIELD_AS("method", TEXT, struct held_token, grant.method),
	FIELD_AS("life", NONZERO, struct held_token, life_s),
	FIELD_AS("restrictions", TEXT, struct held_token, grant.restrictions),
	FIELD_AS("rules", TEXT, struct held_token, grant.rules),
};

static const struct db_procedure token_hold_call = {
	PROCEDURE(TOKEN_HOLD, "token_hold", WRITE),
	TAKES(token_parameters),
	GIVES(struct held_token, held_token_columns),
};

struct problem *
store_token_hold(struct db *db, struct arena *a, const char *token,
    struct held_token **out)
{
	struct token_key key;
	struct db_result found;
	struct problem *p;

	secret_token_digest(db_config(db)->secret, token, key.digest);
	p = db_call(db, a, &token_hold_call, &key, &found);
	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}

static const struct db_procedure token_revoke_call = {
	PROCEDURE(TOKEN_REVOKE, "token_revoke", WRITE),
	TAKES(token_parameters),
	GIVES(struct revocation, revocation_columns),
};

struct problem *
store_token_revoke(
    struct db *db, struct arena *a, const char *token, bool *revoked)
{
	const struct secret_turns turns = turns_of(db);
	struct revocation revocation = { false };
	struct token_key key;
	struct problem *p = NULL;
	size_t i;

	for (i = 0; p == NULL && !revocation.revoked &&
	    turns.secrets[i] != NULL; i++) {
		secret_token_digest(turns.secrets[i], token, key.digest);
		p = db_call_for_row(db, a, &token_revoke_call, &key,
		    &revocation);
	}
	*revoked = revocation.revoked;
	return p;
}

struct unkeyed_query {
	struct unkeyed_token after;
	int64_t limit;
};

static const struct field unkeyed_parameters[] = {
	FIELD_AS("after", DIGEST, struct unkeyed_query, after.digest),
	FIELD(INTEGER, struct unkeyed_query, limit),
};

static const struct field unkeyed_columns[] = {
	FIELD(DIGEST, struct unkeyed_token, digest),
};

static const struct db_procedure token_unkeyed_list_call = {
	PROCEDURE(TOKEN_UNKEYED_LIST, "token_unkeyed_list", READ),
	TAKES(unkeyed_parameters),
	GIVES(struct unkeyed_token, unkeyed_columns),
};

struct problem *
store_token_unkeyed_list(struct db *db, struct arena *a,
    const struct unkeyed_token *after, int64_t limit,
    struct unkeyed_tokens *out)
{
	const struct unkeyed_query query = { *after, limit };
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &token_unkeyed_list_call, &query, &found);
	*out = (struct unkeyed_tokens){ found.count, found.rows };
	return p;
}

struct token_query {
	struct user_key user;
	unsigned char own[DIGEST_BYTES];
	int64_t now;
	int64_t limit;
};

static const struct field token_query_parameters[] = {
	FIELD_AS("account", TEXT, struct token_query, user.account_id),
	FIELD_AS("user", TEXT, struct token_query, user.id),
	FIELD(DIGEST, struct token_query, own),
	FIELD(INTEGER, struct token_query, now),
	FIELD(INTEGER, struct token_query, limit),
};

static const struct field user_token_columns[] = {
	FIELD(INTEGER, struct user_token, created),
	FIELD(NONZERO, struct user_token, expires),
	FIELD(TEXT, struct user_token, method),
	FIELD(BOOL, struct user_token, restricted),
	FIELD(BOOL, struct user_token, is_own),
};

static const struct db_procedure token_list_call = {
	PROCEDURE(TOKEN_LIST, "token_list", READ),
	TAKES(token_query_parameters),
	GIVES(struct user_token, user_token_columns),
};

struct problem *
store_token_list(struct db *db, struct arena *a, const struct user_key *user,
    const struct token_viewer *viewer, struct user_tokens *out)
{
	struct token_query query = { .user = *user, .now = viewer->now,
		.limit = viewer->limit };
	struct db_result found;
	struct problem *p;

	secret_token_digest(db_config(db)->secret, viewer->token, query.own);
	p = db_call(db, a, &token_list_call, &query, &found);
	*out = (struct user_tokens){ found.count, found.rows };
	return p;
}

static const struct field user_key_parameters[] = {
	FIELD_AS("account", TEXT, struct user_key, account_id),
	FIELD_AS("user", TEXT, struct user_key, id),
};

struct ended_tokens {
	int64_t ended;
};

static const struct field ended_columns[] = {
	FIELD(INTEGER, struct ended_tokens, ended),
};

static const struct db_procedure token_end_all_call = {
	PROCEDURE(TOKEN_END_ALL, "token_end_all", WRITE),
	TAKES(user_key_parameters),
	GIVES(struct ended_tokens, ended_columns),
};

struct problem *
store_token_end_all(struct db *db, struct arena *a, const struct user_key *user,
    int64_t *ended)
{
	struct ended_tokens tokens = { 0 };
	struct problem *p;

	p = db_call_for_row(db, a, &token_end_all_call, user, &tokens);
	*ended = tokens.ended;
	return p;
}

/* ---- templates of tokens ---- */

struct template_row {
	const char *template;
};

static const struct field template_columns[] = {
	FIELD(TEXT, struct template_row, template),
};

static const struct db_procedure token_template_show_call = {
	PROCEDURE(TOKEN_TEMPLATE_SHOW, "token_template_show", READ),
	TAKES(account_ref_parameters),
	GIVES(struct template_row, template_columns),
};

struct problem *
store_token_template_show(struct db *db, struct arena *a,
    const char *account_id, const char **out)
{
	const struct account_ref ref = { account_id };
	const struct template_row *row;
	struct db_result found;
	struct problem *p;

	*out = NULL;
	p = db_call(db, a, &token_template_show_call, &ref, &found);
	if (p == NULL && (row = db_first(&found)) != NULL)
		*out = row->template;
	return p;
}

struct kept_template {
	const char *account_id;
	const char *template;
	int64_t now;
};

static const struct field kept_template_parameters[] = {
	FIELD_AS("account", TEXT, struct kept_template, account_id),
	FIELD(TEXT, struct kept_template, template),
	FIELD(INTEGER, struct kept_template, now),
};

static const struct db_procedure token_template_save_call = {
	PROCEDURE(TOKEN_TEMPLATE_SAVE, "token_template_save", WRITE),
	TAKES(kept_template_parameters),
};

struct problem *
store_token_template_save(struct db *db, struct arena *a,
    const char *account_id, const char *template, int64_t now)
{
	const struct kept_template kept = { account_id, template, now };

	return db_call(db, a, &token_template_save_call, &kept, NULL);
}

static const struct field token_selection_parameters[] = {
	FIELD_AS("account", TEXT, struct token_selection, account_id),
	FIELD(TEXT, struct token_selection, method),
	FIELD(TEXT, struct token_selection, priv_level),
	FIELD(TEXT, struct token_selection, rules),
};

static const struct db_procedure token_end_call = {
	PROCEDURE(TOKEN_END, "token_end", WRITE),
	TAKES(token_selection_parameters),
};

struct problem *
store_token_end(struct db *db, struct arena *a,
    const struct token_selection *those)
{
	return db_call(db, a, &token_end_call, those, NULL);
}

/* ---- logins ---- */

struct credential_query {
	unsigned char lookup[DIGEST_BYTES];
	const char *method;
};

static const struct field credential_parameters[] = {
	FIELD(DIGEST, struct credential_query, lookup),
	FIELD(TEXT, struct credential_query, method),
};

static const struct field credential_columns[] = {
	FIELD(TEXT, struct login, account_id),
	FIELD(TEXT, struct login, user_id),
	FIELD(TEXT, struct login, verifier),
	FIELD_AS("name", TEXT, struct login, account_name),
	FIELD(TEXT, struct login, name_key),
	FIELD(TEXT, struct login, realm),
	FIELD(BOOL, struct login, enabled),
	FIELD(NONZERO, struct login, expires),
	FIELD(TEXT, struct login, reseller_id),
	FIELD(BOOL, struct login, is_reseller),
	FIELD(BOOL, struct login, is_master),
	FIELD(TEXT, struct login, language),
};

static const struct db_procedure user_by_credential_call = {
	PROCEDURE(USER_BY_CREDENTIAL, "user_by_credential", READ),
	TAKES(credential_parameters),
	GIVES(struct login, credential_columns),
};

struct problem *
store_login_by_credential(struct db *db, struct arena *a, const char *method,
    const unsigned char lookup[DIGEST_BYTES], struct login_list *out)
{
	struct credential_query query = { .method = method };
	struct db_result found;
	struct problem *p;

	memcpy(query.lookup, lookup, DIGEST_BYTES);
	p = db_call(db, a, &user_by_credential_call, &query, &found);
	*out = (struct login_list){ found.count, found.rows };
	return p;
}

struct key_query {
	unsigned char digest[DIGEST_BYTES];
};

static const struct field key_parameters[] = {
	FIELD(DIGEST, struct key_query, digest),
};

static const struct field key_columns[] = {
	FIELD(TEXT, struct login, api_key_id),
	FIELD(TEXT, struct login, account_id),
	FIELD_AS("name", TEXT, struct login, account_name),
	FIELD(BOOL, struct login, enabled),
	FIELD(NONZERO, struct login, expires),
	FIELD(TEXT, struct login, reseller_id),
	FIELD(BOOL, struct login, is_reseller),
	FIELD(BOOL, struct login, is_master),
	FIELD(TEXT, struct login, language),
};

static const struct db_procedure key_find_call = {
	PROCEDURE(KEY_FIND, "key_find", READ),
	TAKES(key_parameters),
	GIVES(struct login, key_columns),
};

struct problem *
store_login_by_api_key(struct db *db, struct arena *a,
    const unsigned char digest[DIGEST_BYTES], struct login **out)
{
	struct key_query query;
	struct db_result found;
	struct problem *p;

	memcpy(query.digest, digest, DIGEST_BYTES);
	p = db_call(db, a, &key_find_call, &query, &found);
	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}

static const struct field hold_parameters[] = {
	FIELD_AS("account", TEXT, struct login, account_id),
	FIELD_AS("user", TEXT, struct login, user_id),
	FIELD(TEXT, struct login, verifier),
	FIELD_AS("api_key", TEXT, struct login, api_key_id),
};

static const struct field hold_columns[] = {
	FIELD(BOOL, struct held_login, good),
	FIELD(TEXT, struct held_login, priv_level),
	FIELD(TEXT, struct held_login, template),
};

static const struct db_procedure login_hold_call = {
	PROCEDURE(LOGIN_HOLD, "login_hold", WRITE),
	TAKES(hold_parameters),
	GIVES(struct held_login, hold_columns),
};

struct problem *
store_login_hold(struct db *db, struct arena *a, const struct login *login,
    struct held_login *out)
{
	*out = (struct held_login){ false };
	return db_call_for_row(db, a, &login_hold_call, login, out);
}

/* ---- credentials ---- */

struct kept_credential {
	struct user_key user;
	struct credential credential;
	const char *verifier;
	const char *secret; /* the name of that of lookup */
};

static const struct field kept_credential_parameters[] = {
	FIELD_AS("account", TEXT, struct kept_credential, user.account_id),
	FIELD_AS("user", TEXT, struct kept_credential, user.id),
	FIELD_AS("method", TEXT, struct kept_credential, credential.method),
	FIELD_AS("lookup", DIGEST, struct kept_credential, credential.lookup),
	FIELD(TEXT, struct kept_credential, verifier),
	FIELD(TEXT, struct kept_credential, secret),
};

static const struct db_procedure user_credential_set_call = {
	PROCEDURE(USER_CREDENTIAL_SET, "user_credential_set", WRITE),
	TAKES(kept_credential_parameters),
};

struct problem *
store_credential_save(struct db *db, struct arena *a,
    const struct user_key *user, const struct credential *credential)
{
	const struct kept_credential kept = { *user, *credential,
		credential->verifier, secret_name(a, db_config(db)->secret) };

	return db_call(db, a, &user_credential_set_call, &kept, NULL);
}

struct credential_rekeyed {
	struct user_key user;
	const char *method;
	struct rekeyed how;
};

static const struct field credential_rekeyed_parameters[] = {
	FIELD_AS("account", TEXT, struct credential_rekeyed, user.account_id),
	FIELD_AS("user", TEXT, struct credential_rekeyed, user.id),
	FIELD(TEXT, struct credential_rekeyed, method),
	FIELD_AS("lookup", DIGEST, struct credential_rekeyed, how.digest),
	FIELD_AS("renewed", DIGEST, struct credential_rekeyed, how.renewed),
	FIELD_AS("secret", TEXT, struct credential_rekeyed, how.secret),
};

static const struct db_procedure user_credential_rekey_call = {
	PROCEDURE(USER_CREDENTIAL_REKEY, "user_credential_rekey", WRITE),
	TAKES(credential_rekeyed_parameters),
};

struct problem *
store_credential_rekey(struct db *db, struct arena *a,
    const struct user_key *user, const char *method,
    const unsigned char lookup[DIGEST_BYTES],
    const unsigned char renewed[DIGEST_BYTES])
{
	const struct credential_rekeyed rekeyed = { *user, method,
		rekeyed_as(a, db, lookup, renewed) };

	return db_call(db, a, &user_credential_rekey_call, &rekeyed, NULL);
}

/* ---- API keys ---- */

static const struct field new_key_parameters[] = {
	FIELD(TEXT, struct key, id),
	FIELD_AS("account", TEXT, struct key, account_id),
	FIELD(TEXT, struct key, label),
	FIELD(DIGEST, struct key, digest),
	FIELD(INTEGER, struct key, created),
	FIELD(TEXT, struct key, secret),
};

static const struct db_procedure key_create_call = {
	PROCEDURE(KEY_CREATE, "key_create", WRITE),
	TAKES(new_key_parameters),
};

struct problem *
store_key_create(struct db *db, struct arena *a, const struct key *key)
{
	return db_call(db, a, &key_create_call, key, NULL);
}

static const struct db_procedure key_rekey_call = {
	PROCEDURE(KEY_REKEY, "key_rekey", WRITE),
	TAKES(rekeyed_parameters),
};

struct problem *
store_key_rekey(struct db *db, struct arena *a,
    const unsigned char digest[DIGEST_BYTES],
    const unsigned char renewed[DIGEST_BYTES])
{
	const struct rekeyed rekeyed = rekeyed_as(a, db, digest, renewed);

	return db_call(db, a, &key_rekey_call, &rekeyed, NULL);
}

struct serial_query {
	const char *account_id;
	bool renew;
};

static const struct field serial_parameters[] = {
	FIELD_AS("account", TEXT, struct serial_query, account_id),
	FIELD(BOOL, struct serial_query, renew),
};

static const struct field serial_columns[] = {
	FIELD(INTEGER, struct shown_key, serial),
	FIELD(TEXT, struct shown_key, sealed),
};

static const struct db_procedure key_serial_call = {
	PROCEDURE(KEY_SERIAL, "key_serial", WRITE),
	TAKES(serial_parameters),
	GIVES(struct shown_key, serial_columns),
};

struct problem *
store_key_serial(struct db *db, struct arena *a, const char *account_id,
    bool renew, struct shown_key *out)
{
	const struct serial_query query = { account_id, renew };

	*out = (struct shown_key){ 0 };
	return db_call_for_row(db, a, &key_serial_call, &query, out);
}

struct key_seal {
	const char *account_id;
	struct shown_key shown;
};

static const struct field key_seal_parameters[] = {
	FIELD_AS("account", TEXT, struct key_seal, account_id),
	FIELD_AS("serial", INTEGER, struct key_seal, shown.serial),
	FIELD_AS("sealed", TEXT, struct key_seal, shown.sealed),
};

static const struct db_procedure key_seal_call = {
	PROCEDURE(KEY_SEAL, "key_seal", WRITE),
	TAKES(key_seal_parameters),
};

struct problem *
store_key_seal(struct db *db, struct arena *a, const char *account_id,
    const struct shown_key *shown)
{
	const struct key_seal seal = { account_id, *shown };

	return db_call(db, a, &key_seal_call, &seal, NULL);
}

struct key_or_id {
	const char *id; /* NULL: not an id */
	unsigned char digest[DIGEST_BYTES];
};

static const struct field key_or_id_parameters[] = {
	FIELD(TEXT, struct key_or_id, id),
	FIELD(DIGEST, struct key_or_id, digest),
};

static const struct db_procedure key_revoke_call = {
	PROCEDURE(KEY_REVOKE, "key_revoke", WRITE),
	TAKES(key_or_id_parameters),
	GIVES(struct revocation, revocation_columns),
};

struct problem *
store_key_revoke(struct db *db, struct arena *a, const char *id,
    const unsigned char digest[DIGEST_BYTES], bool *revoked)
{
	struct key_or_id which = { .id = id };
	struct revocation revocation = { false };
	struct problem *p;

	memcpy(which.digest, digest, DIGEST_BYTES);
	p = db_call_for_row(db, a, &key_revoke_call, &which, &revocation);
	*revoked = revocation.revoked;
	return p;
}

/* ---- another secret ---- */

struct left_query {
	const char *secret; /* name of the configured one */
	int64_t now;
};

static const struct field left_parameters[] = {
	FIELD(TEXT, struct left_query, secret),
	FIELD(INTEGER, struct left_query, now),
};

static const struct field left_columns[] = {
	FIELD(INTEGER, struct left_under_secrets, tokens),
	FIELD(INTEGER, struct left_under_secrets, endless),
	FIELD(INTEGER, struct left_under_secrets, last_expires),
	FIELD(INTEGER, struct left_under_secrets, api_keys),
	FIELD(INTEGER, struct left_under_secrets, credentials),
};

static const struct db_procedure secret_left_call = {
	PROCEDURE(SECRET_LEFT, "secret_left", READ),
	TAKES(left_parameters),
	GIVES(struct left_under_secrets, left_columns),
};

struct problem *
store_left_under_secrets(struct db *db, struct arena *a, int64_t now,
    struct left_under_secrets *out)
{
	const struct left_query query = {
		secret_name(a, db_config(db)->secret), now };

	*out = (struct left_under_secrets){ 0 };
	return db_call_for_row(db, a, &secret_left_call, &query, out);
}
