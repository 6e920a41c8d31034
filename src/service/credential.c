/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/credential.h"

#include <string.h>

static void
compute_lookup(const char *secret, const char *credential,
    unsigned char lookup[DIGEST_BYTES])
{
	secret_hmac(secret, strlen(secret), credential, lookup);
}

/* True of hex digits. The HMAC of other texts may be known: displayed API keys
 * are derived by it (service/api_key.c). */
static bool
is_credential(const char *text)
{
	return text[strspn(text, "0123456789abcdef")] == '\0';
}

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
	compute_lookup(config->secret, credential, kept.lookup);
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

static struct problem *
find_under(struct db *db, struct arena *a, const char *secret,
    const char *method, const char *credential, struct login_list *out)
{
	unsigned char lookup[DIGEST_BYTES];

	compute_lookup(secret, credential, lookup);
	return store_login_by_credential(db, a, method, lookup, out);
}

static void
join(struct arena *a, struct login_list *list, const struct login_list *more)
{
	struct login *all = arena_alloc(a,
	    (list->count + more->count + 1) * sizeof(*all));
	size_t i;

	for (i = 0; i < list->count + more->count; i++)
		all[i] = i < list->count ? list->logins[i] :
		    more->logins[i - list->count];
	*list = (struct login_list){ i, all };
}

struct problem *
credential_find_candidates(struct db *db, struct arena *a,
    const struct config *config, const char *method, const char *credential,
    struct login_list *out)
{
	struct login_list current;
	struct problem *p = NULL;

	*out = (struct login_list){ 0 };
	if (!is_credential(credential))
		return NULL;
	/* First: one that is rewritten meanwhile is found twice. */
	if (config->previous_secret[0] != '\0')
		p = find_under(db, a, config->previous_secret, method,
		    credential, out);
	if (p == NULL)
		p = find_under(db, a, config->secret, method, credential,
		    &current);
	if (p == NULL)
		join(a, out, &current);
	return p;
}

struct problem *
credential_renew(struct db *db, struct arena *a, const struct config *config,
    const struct login *login, const struct credential_text *text)
{
	const struct user_key user = { login->account_id, login->user_id };
	unsigned char lookup[DIGEST_BYTES], renewed[DIGEST_BYTES];

	if (config->previous_secret[0] == '\0')
		return NULL;
	compute_lookup(config->previous_secret, text->credential, lookup);
	compute_lookup(config->secret, text->credential, renewed);
	return store_credential_rekey(db, a, &user, text->method, lookup,
	    renewed);
}

bool
credential_fits(const struct login *login, const char *credential)
{
	return secret_verify(login->verifier, credential);
}
