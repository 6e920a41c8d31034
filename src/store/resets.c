/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/resets.h"

#include <string.h>

static void
digest_of(const char *secret, const char *id, unsigned char digest[DIGEST_BYTES])
{
	unsigned char key[DERIVED_KEY_BYTES];

	secret_derive(secret, SECRET_FOR_RESETS, key);
	secret_hmac(key, sizeof(key), id, digest);
}

/* ---- asking ---- */

static const struct field claim_parameters[] = {
	FIELD_AS("account", TEXT, struct recovery_claim, account_id),
	FIELD(TEXT, struct recovery_claim, realm),
	FIELD_AS("name", TEXT, struct recovery_claim, name_key),
	FIELD(TEXT, struct recovery_claim, username),
	FIELD(INTEGER, struct recovery_claim, now),
};

static const struct field user_columns[] = {
	FIELD(TEXT, struct recovering_user, account_id),
	FIELD(TEXT, struct recovering_user, user_id),
	FIELD(TEXT, struct recovering_user, email),
};

static const struct db_procedure recovery_find_call = {
	PROCEDURE(RECOVERY_FIND, "recovery_find", READ),
	TAKES(claim_parameters),
	GIVES(struct recovering_user, user_columns),
};

struct problem *
store_recovery_find(struct db *db, struct arena *a,
    const struct recovery_claim *claim, struct recovering_user **out)
{
	struct db_result found;
	struct problem *p;

	p = db_call(db, a, &recovery_find_call, claim, &found);
	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}

struct addition {
	unsigned char digest[DIGEST_BYTES];
	struct recovering_user user;
	struct new_reset reset;
};

static const struct field addition_parameters[] = {
	FIELD(DIGEST, struct addition, digest),
	FIELD_AS("account", TEXT, struct addition, user.account_id),
	FIELD_AS("user", TEXT, struct addition, user.user_id),
	FIELD_AS("email", TEXT, struct addition, user.email),
	FIELD_AS("soon", TEXT, struct addition, reset.soon),
	FIELD_AS("often", TEXT, struct addition, reset.often),
	FIELD_AS("gap", INTEGER, struct addition, reset.gap_s),
	FIELD_AS("most", INTEGER, struct addition, reset.most),
	FIELD_AS("now", INTEGER, struct addition, reset.now),
	FIELD_AS("expires", INTEGER, struct addition, reset.expires),
};

struct added {
	bool added;
};

static const struct field added_columns[] = {
	FIELD(BOOL, struct added, added),
};

static const struct db_procedure reset_add_call = {
	PROCEDURE(RESET_ADD, "reset_add", WRITE),
	TAKES(addition_parameters),
	GIVES(struct added, added_columns),
};

struct problem *
store_reset_add(struct db *db, struct arena *a, const struct new_reset *reset,
    bool *added)
{
	const char *secret = db_config(db)->secret;
	struct addition addition = { .user = *reset->user, .reset = *reset };
	struct added answer = { false };
	struct problem *p;

	if (secret[0] == '\0')
		return problem_fault(a, "no secret is configured: passwords "
		    "cannot be recovered");
	digest_of(secret, reset->id, addition.digest);
	p = db_call_for_row(db, a, &reset_add_call, &addition, &answer);
	*added = answer.added;
	return p;
}

/* ---- redeeming ---- */

struct reset_query {
	unsigned char digest[DIGEST_BYTES];
	int64_t now;
};

static const struct field reset_parameters[] = {
	FIELD(DIGEST, struct reset_query, digest),
	FIELD(INTEGER, struct reset_query, now),
};

static const struct field reset_columns[] = {
	FIELD_AS("account_id", TEXT, struct found_reset, login.account_id),
	FIELD_AS("user_id", TEXT, struct found_reset, login.user_id),
	FIELD_AS("name", TEXT, struct found_reset, login.account_name),
	FIELD_AS("enabled", BOOL, struct found_reset, login.enabled),
	FIELD_AS("expires", NONZERO, struct found_reset, login.expires),
	FIELD_AS("reseller_id", TEXT, struct found_reset, login.reseller_id),
	FIELD_AS("is_reseller", BOOL, struct found_reset, login.is_reseller),
	FIELD_AS("is_master", BOOL, struct found_reset, login.is_master),
	FIELD_AS("language", TEXT, struct found_reset, login.language),
};

static const struct db_procedure reset_show_call = {
	PROCEDURE(RESET_SHOW, "reset_show", READ),
	TAKES(reset_parameters),
	GIVES(struct found_reset, reset_columns),
};

struct problem *
store_reset_find(struct db *db, struct arena *a, const char *id, int64_t now,
    struct found_reset **out)
{
	const struct secret_turns turns = secret_turns(db_config(db)->secret,
	    db_config(db)->previous_secret);
	struct reset_query query = { .now = now };
	struct db_result found;
	struct problem *p = NULL;
	size_t i;

	*out = NULL;
	for (i = 0; p == NULL && *out == NULL && i < 2 &&
	    turns.secrets[i] != NULL; i++) {
		digest_of(turns.secrets[i], id, query.digest);
		p = db_call(db, a, &reset_show_call, &query, &found);
		if (p == NULL && (*out = db_first(&found)) != NULL)
			memcpy((*out)->digest, query.digest, DIGEST_BYTES);
	}
	return p;
}

struct taking {
	struct found_reset reset;
	int64_t now;
};

static const struct field taking_parameters[] = {
	FIELD_AS("digest", DIGEST, struct taking, reset.digest),
	FIELD_AS("account", TEXT, struct taking, reset.login.account_id),
	FIELD_AS("user", TEXT, struct taking, reset.login.user_id),
	FIELD(INTEGER, struct taking, now),
};

struct taken {
	bool taken;
};

static const struct field taken_columns[] = {
	FIELD(BOOL, struct taken, taken),
};

static const struct db_procedure reset_take_call = {
	PROCEDURE(RESET_TAKE, "reset_take", WRITE),
	TAKES(taking_parameters),
	GIVES(struct taken, taken_columns),
};

struct problem *
store_reset_take(struct db *db, struct arena *a,
    const struct found_reset *reset, int64_t now, bool *taken)
{
	const struct taking taking = { *reset, now };
	struct taken answer = { false };
	struct problem *p;

	p = db_call_for_row(db, a, &reset_take_call, &taking, &answer);
	*taken = answer.taken;
	return p;
}
