/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/api_key.h"

#include <string.h>

#include "base/seal.h"

static void
compute_digest(const char *secret, const char *key,
    unsigned char digest[DIGEST_BYTES])
{
	secret_hmac(secret, strlen(secret), key, digest);
}

struct problem *
api_key_keep(struct db *db, struct arena *a, const struct config *config,
    const struct key_owner *owner, const char *key, char id[ID_SIZE])
{
	struct key kept = {
		.id = id,
		.account_id = owner->account_id,
		.label = owner->label,
		.created = owner->now,
		.secret = secret_name(a, config->secret),
	};

	id_new(id);
	compute_digest(config->secret, key, kept.digest);
	return store_key_create(db, a, &kept);
}

struct problem *
api_key_find(struct db *db, struct arena *a, const struct config *config,
    const char *key, struct login **out)
{
	const struct secret_turns turns = secret_turns(config->secret,
	    config->previous_secret);
	unsigned char digest[DIGEST_BYTES], renewed[DIGEST_BYTES];
	struct problem *p = NULL;
	size_t i;

	*out = NULL;
	for (i = 0; p == NULL && *out == NULL && turns.secrets[i] != NULL;
	    i++) {
		compute_digest(turns.secrets[i], key, digest);
		p = store_login_by_api_key(db, a, digest, out);
	}
	if (p != NULL || *out == NULL || i != 2)
		return p;
	compute_digest(config->secret, key, renewed);
	return store_key_rekey(db, a, digest, renewed);
}

struct problem *
api_key_take_over(struct db *db, struct arena *a, const struct config *config,
    const struct key_owner *owner, const char *key, bool *kept)
{
	struct login *known;
	struct problem *p = api_key_find(db, a, config, key, &known);
	char id[ID_SIZE];

	*kept = p == NULL && (known == NULL ||
	    strcmp(known->account_id, owner->account_id) == 0);
	return *kept && known == NULL ? api_key_keep(db, a, config, owner, key,
	    id) : p;
}

struct problem *
api_key_revoke(struct db *db, struct arena *a, const struct config *config,
    const char *key_or_id, bool *revoked)
{
	const struct secret_turns turns = secret_turns(config->secret,
	    config->previous_secret);
	unsigned char digest[DIGEST_BYTES];
	struct problem *p = NULL;
	size_t i;

	*revoked = false;
	for (i = 0; p == NULL && !*revoked && turns.secrets[i] != NULL; i++) {
		compute_digest(turns.secrets[i], key_or_id, digest);
		p = store_key_revoke(db, a, id_valid(key_or_id) ? key_or_id :
		    NULL, digest, revoked);
	}
	return p;
}

/* ---- the displayed key ---- */

/* The name of a displayed key: it is derived from this, and sealed for it. */
static const char *
name_of(struct arena *a, const char *account_id, int64_t serial)
{
	return arena_printf(a, "api_key %s %lld", account_id,
	    (long long)serial);
}

static void
derive(const char *secret, const char *name, char key[API_KEY_SIZE])
{
	unsigned char digest[DIGEST_BYTES];

	compute_digest(secret, name, digest);
	secret_hex(digest, sizeof(digest), key);
}

/* key is "" if neither secret opens it. */
static void
unseal(struct arena *a, const struct config *config, const char *name,
    const char *sealed, char key[API_KEY_SIZE])
{
	const char *text = seal_open_by_either(a, config->secret,
	    config->previous_secret, name, sealed);

	if (text == NULL || strlen(text) >= API_KEY_SIZE)
		text = "";
	memcpy(key, text, strlen(text) + 1);
}

/* The key of a number; "": neither secret opens it. Without a seal it was derived
 * from the secret, or from the previous one: then that of the secret does not
 * exist. */
static struct problem *
find_text(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, const struct shown_key *shown,
    char key[API_KEY_SIZE])
{
	const char *name = name_of(a, account_id, shown->serial);
	unsigned char digest[DIGEST_BYTES];
	struct login *login;
	struct problem *p;

	if (shown->sealed != NULL) {
		unseal(a, config, name, shown->sealed, key);
		return NULL;
	}
	derive(config->secret, name, key);
	if (config->previous_secret[0] == '\0')
		return NULL;
	compute_digest(config->secret, key, digest);
	p = store_login_by_api_key(db, a, digest, &login);
	if (p == NULL && login == NULL)
		derive(config->previous_secret, name, key);
	return p;
}

struct problem *
api_key_show(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, char key[API_KEY_SIZE])
{
	struct shown_key shown;
	struct problem *p = store_key_serial(db, a, account_id, false, &shown);

	key[0] = '\0';
	if (p != NULL || shown.serial == 0)
		return p;
	p = find_text(db, a, config, account_id, &shown, key);
	return p != NULL || key[0] != '\0' ? p : problem_fault(a, "the API key "
	    "of account %s cannot be opened: it was sealed under another "
	    "secret_file", account_id);
}

struct problem *
api_key_renew(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, int64_t now)
{
	const struct key_owner owner = { account_id, "account", now };
	char key[API_KEY_SIZE], id[ID_SIZE];
	struct shown_key shown;
	struct problem *p;
	bool revoked;

	if (config->secret[0] == '\0')
		return problem_fault(a, "no secret is configured: there can be "
		    "no API keys");
	if ((p = store_key_serial(db, a, account_id, true, &shown)) != NULL)
		return p;
	derive(config->secret, name_of(a, account_id, shown.serial), key);
	p = api_key_keep(db, a, config, &owner, key, id);
	if (p != NULL || shown.serial == 1)
		return p;
	shown.serial--;
	p = find_text(db, a, config, account_id, &shown, key);
	/* One that does not open no longer works. */
	return p != NULL || key[0] == '\0' ? p :
	    api_key_revoke(db, a, config, key, &revoked);
}

/* ---- another secret ---- */

struct resealing {
	const struct config *config;
	const char *account_id;
	enum api_key_seal seal;
};

static struct problem *
reseal(struct db *db, struct arena *a, void *state)
{
	struct resealing *r = state;
	struct shown_key shown;
	struct login *login;
	char key[API_KEY_SIZE];
	struct problem *p;

	p = store_key_serial(db, a, r->account_id, false, &shown);
	r->seal = API_KEY_NONE;
	if (p != NULL || shown.serial == 0)
		return p;
	p = find_text(db, a, r->config, r->account_id, &shown, key);
	r->seal = key[0] == '\0' ? API_KEY_CLOSED : API_KEY_SEALED;
	if (p != NULL || r->seal == API_KEY_CLOSED ||
	    (p = api_key_find(db, a, r->config, key, &login)) != NULL)
		return p;
	shown.sealed = seal_make(a, r->config->secret, name_of(a,
	    r->account_id, shown.serial), key);
	return store_key_seal(db, a, r->account_id, &shown);
}

struct problem *
api_key_reseal(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, enum api_key_seal *out)
{
	struct resealing r = { .config = config, .account_id = account_id };
	struct problem *p = db_transaction(db, a, reseal, &r);

	*out = r.seal;
	return p;
}
