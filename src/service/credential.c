/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/credential.h"

#include <string.h>

/* An errand: it takes long, and holds no locks meanwhile. */
static struct problem *
make_verifier(struct arena *a, const struct db_errand *errand,
    const void **out)
{
	const struct config *config = errand->settings;
	char *verifier = arena_alloc(a, VERIFIER_SIZE);

	if (!secret_verifier(errand->text,
	    (uint32_t)(config->verifier_memory / 1024),
	    (uint32_t)config->verifier_passes, verifier))
		return problem_fault(a, "no memory to hash a credential");
	*out = verifier;
	return NULL;
}

struct problem *
credential_set(struct db *db, struct arena *a, const struct config *config,
    const struct user_key *user, const char *method, const char *credential)
{
	const struct db_errand hashing = { credential, config, make_verifier };
	struct credential kept = { .method = method };
	const void *verifier;
	struct problem *p;

	p = db_do_outside(db, a, &hashing, &verifier);
	if (p != NULL || verifier == NULL)
		return p;
	memcpy(kept.verifier, verifier, VERIFIER_SIZE);
	secret_hmac(config->secret, strlen(config->secret), credential,
	    kept.lookup);
	return store_credential_save(db, a, user, &kept);
}

struct problem *
credential_set_password(struct db *db, struct arena *a,
    const struct config *config, const struct user_key *user,
    const char *username, const char *password)
{
	char md5[MD5_HEX_SIZE], sha1[SHA1_HEX_SIZE];
	struct problem *p;

	secret_md5_credentials(username, password, md5);
	secret_sha1_credentials(username, password, sha1);
	p = credential_set(db, a, config, user, "md5", md5);
	return p != NULL ? p : credential_set(db, a, config, user, "sha", sha1);
}

struct problem *
credential_find_candidates(struct db *db, struct arena *a,
    const struct config *config, const char *method, const char *credential,
    struct login_list *out)
{
	unsigned char lookup[DIGEST_BYTES];

	secret_hmac(config->secret, strlen(config->secret), credential, lookup);
	return store_login_by_credential(db, a, method, lookup, out);
}

bool
credential_fits(const struct login *login, const char *credential)
{
	return secret_verify(login->verifier, credential);
}
