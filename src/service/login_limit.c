/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/login_limit.h"

#include <string.h>

#include "base/secret.h"
#include "store/accounts.h"

const char *
login_limit_subject(struct arena *a, const char *kind, const char *text)
{
	unsigned char digest[DIGEST_BYTES];
	char hex[DIGEST_HEX_SIZE];

	secret_digest(text, strlen(text), digest);
	secret_hex(digest, sizeof(digest), hex);
	return arena_printf(a, "%s:%s", kind, hex);
}

/* As service/login.c compares them, so that no spelling counts apart. */
static struct login_subjects
make_subjects(struct arena *a, const struct login_attempt *attempt)
{
	struct login_subjects s = { .network = attempt->network };

	if (attempt->account_id != NULL) {
		s.name = login_limit_subject(a, "id",
		    arena_lower(a, attempt->account_id));
		return s;
	}
	if (attempt->account_name != NULL)
		s.name = login_limit_subject(a, "name",
		    store_account_name_key(a, attempt->account_name));
	if (attempt->realm != NULL)
		s.realm = login_limit_subject(a, "realm",
		    arena_lower(a, attempt->realm));
	return s;
}

int64_t
login_limit_wait_s(const struct config *config, int64_t forgotten, int64_t now)
{
	int64_t wait = forgotten - now -
	    (config->login_burst - 1) * config->login_refill_s;

	return wait > 0 ? wait : 0;
}

struct problem *
login_limit_check(struct db *db, struct arena *a, const struct config *config,
    const struct login_attempt *attempt, struct login_limit *out)
{
	const struct login_subjects subjects = make_subjects(a, attempt);
	struct login_failures failures;
	struct problem *p;

	p = store_login_failures(db, a, &subjects, &failures);
	if (p != NULL)
		return p;
	out->refused_s = login_limit_wait_s(config, failures.network,
	    attempt->now);
	out->delayed = login_limit_wait_s(config, failures.account,
	    attempt->now) > 0;
	return NULL;
}

struct problem *
login_limit_fail(struct db *db, struct arena *a, const struct config *config,
    const struct login_attempt *attempt)
{
	const struct login_subjects subjects = make_subjects(a, attempt);
	/* Bounded, so that many clients cannot delay an account for days. */
	const struct login_memory memory = { 2 * config->login_burst,
		config->login_refill_s };

	return store_login_fail(db, a, &subjects, &memory, attempt->now);
}
