/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/api_key.h"

#include <string.h>

static void
compute_digest(const struct config *config, const char *key,
    unsigned char digest[DIGEST_BYTES])
{
	secret_hmac(config->secret, strlen(config->secret), key, digest);
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
	};

	id_new(id);
	compute_digest(config, key, kept.digest);
	return store_key_create(db, a, &kept);
}

struct problem *
api_key_find(struct db *db, struct arena *a, const struct config *config,
    const char *key, struct login **out)
{
	unsigned char digest[DIGEST_BYTES];

	compute_digest(config, key, digest);
	return store_login_by_api_key(db, a, digest, out);
}

struct problem *
api_key_take_over(struct db *db, struct arena *a, const struct config *config,
    const struct key_owner *owner, const char *key, bool *kept)
{
	struct login *known;
	struct problem *p = api_key_find(db, a, config, key, &known);
	char id[ID_SIZE];

	*kept = p == NULL && known == NULL;
	return *kept ? api_key_keep(db, a, config, owner, key, id) : p;
}

struct problem *
api_key_revoke(struct db *db, struct arena *a, const struct config *config,
    const char *key_or_id, bool *revoked)
{
	unsigned char digest[DIGEST_BYTES];

	compute_digest(config, key_or_id, digest);
	return store_key_revoke(db, a, id_valid(key_or_id) ? key_or_id : NULL,
	    digest, revoked);
}

/* ---- the displayed key ---- */

static void
derive(struct arena *a, const struct config *config, const char *account_id,
    int64_t serial, char key[API_KEY_SIZE])
{
	unsigned char digest[DIGEST_BYTES];

	compute_digest(config, arena_printf(a, "api_key %s %lld", account_id,
	    (long long)serial), digest);
	secret_hex(digest, sizeof(digest), key);
}

struct problem *
api_key_show(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, char key[API_KEY_SIZE])
{
	int64_t serial;
	struct problem *p = store_key_serial(db, a, account_id, false, &serial);

	if (p != NULL)
		return p;
	key[0] = '\0';
	if (serial > 0)
		derive(a, config, account_id, serial, key);
	return NULL;
}

struct problem *
api_key_renew(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, int64_t now)
{
	const struct key_owner owner = { account_id, "account", now };
	char key[API_KEY_SIZE], id[ID_SIZE];
	int64_t serial;
	struct problem *p;
	bool revoked;

	if (config->secret[0] == '\0')
		return problem_fault(a, "no secret is configured: there can be "
		    "no API keys");
	if ((p = store_key_serial(db, a, account_id, true, &serial)) != NULL)
		return p;
	derive(a, config, account_id, serial, key);
	p = api_key_keep(db, a, config, &owner, key, id);
	if (p != NULL || serial == 1)
		return p;
	derive(a, config, account_id, serial - 1, key);
	return api_key_revoke(db, a, config, key, &revoked);
}
