/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/auth.h"

#include <string.h>

/* What a token is kept as: the argument, made in digest. */
static struct db_value
token_digest(const char *token, unsigned char digest[DIGEST_BYTES])
{
	secret_digest(token, strlen(token), digest);
	return db_bytes(digest, DIGEST_BYTES);
}

struct problem *
session_find(struct db *db, struct arena *a, const char *token,
    const char *target, struct session **out)
{
	unsigned char digest[DIGEST_BYTES];
	const struct db_value args[] = {
		token_digest(token, digest),
		db_text(target),
	};
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;

	*out = NULL;
	p = db_call(db, a, SESSION_FIND, args, NELEM(args), &rows);
	if (p != NULL || rows.count == 0)
		return p;
	row = db_row(&rows, 0);
	*out = arena_alloc(a, sizeof(**out));
	**out = (struct session){
		.account_id = row[0].text,
		.user_id = row[1].text,
		.method = row[2].text,
		.token_expires = row[3].number,
		.account_name = row[4].text,
		.account_enabled = row[5].number != 0,
		.account_expires = row[6].number,
		.reseller_id = row[7].text,
		.is_reseller = row[8].number != 0,
		.is_master = row[9].number != 0,
		.language = row[10].text,
		.user_enabled = row[1].text == NULL || row[11].number != 0,
		.target_id = row[12].text,
		.target_name = row[13].text,
		.target_reseller_id = row[14].text,
		.depth = row[15].text == NULL ? -1 : row[15].number,
		.username = row[16].text,
		.first_name = row[17].text,
		.last_name = row[18].text,
		.email = row[19].text,
		.target_reseller_is_master = row[20].number != 0,
	};
	return NULL;
}

struct problem *
token_issue(struct db *db, struct arena *a, const char *account_id,
    const char *user_id, const char *api_key_id, const char *method,
    int64_t now, int64_t expires, char token[TOKEN_SIZE])
{
	unsigned char digest[DIGEST_BYTES];

	secret_token(token);

	const struct db_value args[] = {
		token_digest(token, digest),
		db_text(account_id),
		db_text(user_id),
		db_text(api_key_id),
		db_text(method),
		db_int(now),
		db_moment(expires),
	};

	return db_call(db, a, TOKEN_ISSUE, args, NELEM(args), NULL);
}

struct problem *
token_revoke(struct db *db, struct arena *a, const char *token, bool *revoked)
{
	unsigned char digest[DIGEST_BYTES];
	const struct db_value args[] = { token_digest(token, digest) };
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, TOKEN_REVOKE, args, NELEM(args), &rows);
	if (p == NULL)
		*revoked = db_row(&rows, 0)[0].number > 0;
	return p;
}

struct problem *
login_by_credential(struct db *db, struct arena *a, const char *method,
    const unsigned char lookup[DIGEST_BYTES], struct login_list *out)
{
	const struct db_value args[] = {
		db_bytes(lookup, DIGEST_BYTES),
		db_text(method),
	};
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, USER_BY_CREDENTIAL, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->logins = arena_alloc(a, rows.count * sizeof(*out->logins));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		out->logins[i] = (struct login){
			.account_id = row[0].text,
			.user_id = row[1].text,
			.verifier = row[2].text,
			.account_name = row[3].text,
			.name_key = row[4].text,
			.realm = row[5].text,
			.enabled = row[6].number != 0,
			.expires = row[7].number,
			.reseller_id = row[8].text,
			.is_reseller = row[9].number != 0,
			.is_master = row[10].number != 0,
			.language = row[11].text,
		};
	}
	return NULL;
}

struct problem *
login_by_api_key(struct db *db, struct arena *a,
    const unsigned char digest[DIGEST_BYTES], struct login **out)
{
	const struct db_value args[] = { db_bytes(digest, DIGEST_BYTES) };
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;

	*out = NULL;
	p = db_call(db, a, KEY_FIND, args, NELEM(args), &rows);
	if (p != NULL || rows.count == 0)
		return p;
	row = db_row(&rows, 0);
	*out = arena_alloc(a, sizeof(**out));
	**out = (struct login){
		.api_key_id = row[0].text,
		.account_id = row[1].text,
		.account_name = row[2].text,
		.enabled = row[3].number != 0,
		.expires = row[4].number,
		.reseller_id = row[5].text,
		.is_reseller = row[6].number != 0,
		.is_master = row[7].number != 0,
		.language = row[8].text,
	};
	return NULL;
}

struct problem *
login_take(struct db *db, struct arena *a, const struct config *config,
    const char *client, int64_t now, int64_t *wait_s)
{
	const struct db_value args[] = {
		db_text(client),
		db_int(config->login_burst),
		db_int(config->login_refill_s),
		db_int(now),
	};
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, LOGIN_TAKE, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	row = db_row(&rows, 0);
	*wait_s = row[0].number ? 0 : row[1].number < 1 ? 1 : row[1].number;
	return NULL;
}

struct problem *
credential_save(struct db *db, struct arena *a, const struct user_key *user,
    const struct credential *credential)
{
	const struct db_value args[] = {
		db_text(user->account_id),
		db_text(user->id),
		db_text(credential->method),
		db_bytes(credential->lookup, DIGEST_BYTES),
		db_text(credential->verifier),
	};

	return db_call(db, a, USER_CREDENTIAL_SET, args, NELEM(args), NULL);
}

struct problem *
key_create(struct db *db, struct arena *a, const struct key *key)
{
	const struct db_value args[] = {
		db_text(key->id),
		db_text(key->account_id),
		db_text(key->label),
		db_bytes(key->digest, DIGEST_BYTES),
		db_int(key->created),
	};

	return db_call(db, a, KEY_CREATE, args, NELEM(args), NULL);
}

struct problem *
key_serial(struct db *db, struct arena *a, const char *account_id, bool renew,
    int64_t *serial)
{
	const struct db_value args[] = { db_text(account_id), db_int(renew) };
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, KEY_SERIAL, args, NELEM(args), &rows);
	if (p == NULL)
		*serial = db_row(&rows, 0)[0].number;
	return p;
}

struct problem *
key_revoke(struct db *db, struct arena *a, const char *id,
    const unsigned char digest[DIGEST_BYTES], bool *revoked)
{
	const struct db_value args[] = {
		db_text(id),
		db_bytes(digest, DIGEST_BYTES),
	};
	struct db_rows rows;
	struct problem *p;

	p = db_call(db, a, KEY_REVOKE, args, NELEM(args), &rows);
	if (p == NULL)
		*revoked = db_row(&rows, 0)[0].number > 0;
	return p;
}
