/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/migration_secrets.h"

#include <string.h>

#include "store/auth.h"
#include "store/migration_lease.h"
#include "store/objects.h"

#define AT_ONCE 500

static struct problem *
need_secret(struct migration *m, const char *what)
{
	return m->config->secret[0] != '\0' ? NULL :
	    problem_text(m->arena, PROBLEM_CONFLICT, "%s cannot be kept safely "
	    "without a secret: set secret_file, and run reevectl migrate again",
	    what);
}

/* ---- tokens ---- */

static struct problem *
key_page(struct db *db, struct arena *a, void *state)
{
	const struct unkeyed_tokens *page = state;
	unsigned char renewed[DIGEST_BYTES];
	struct problem *p = NULL;
	size_t i;

	for (i = 0; p == NULL && i < page->count; i++) {
		secret_token_mac(db_config(db)->secret,
		    page->tokens[i].digest, renewed);
		p = store_token_rekey(db, a, page->tokens[i].digest, renewed);
	}
	return p;
}

/* Tokens of before are found by the HMAC of their digest, as all are. */
static struct problem *
key_tokens(struct migration *m)
{
	struct unkeyed_token after = { { 0 } };
	struct unkeyed_tokens page;
	struct problem *p;

	do {
		if ((p = migration_keep_lease(m)) != NULL ||
		    (p = store_token_unkeyed_list(m->db, m->arena, &after,
		    AT_ONCE, &page)) != NULL || page.count == 0)
			return p;
		if ((p = need_secret(m, "tokens")) != NULL ||
		    (p = db_transaction(m->db, m->arena, key_page,
		    &page)) != NULL)
			return p;
		after = page.tokens[page.count - 1];
	} while (page.count == AT_ONCE);
	return NULL;
}

/* ---- sealed secrets ---- */

static struct problem *
seal_page(struct migration *m, const struct kind *kind,
    const struct secret_objects *page)
{
	struct problem *p = NULL;
	bool opened;
	size_t i;

	for (i = 0; p == NULL && i < page->count; i++)
		p = store_object_reseal(m->db, m->arena, kind,
		    &page->objects[i], &opened);
	return p;
}

static struct problem *
seal_kind(struct migration *m, const struct kind *kind)
{
	struct secret_object after = { "", "", "" };
	struct secret_objects page;
	struct problem *p;

	do {
		if ((p = migration_keep_lease(m)) != NULL ||
		    (p = store_object_secret_list(m->db, m->arena, kind,
		    &after, AT_ONCE, &page)) != NULL || page.count == 0)
			return p;
		if ((p = need_secret(m, kind->noun)) != NULL ||
		    (p = seal_page(m, kind, &page)) != NULL)
			return p;
		after = page.objects[page.count - 1];
	} while (page.count == AT_ONCE);
	return NULL;
}

static struct problem *
seal_secrets(struct migration *m)
{
	const struct kind *kind;
	struct problem *p = NULL;
	size_t i;

	for (i = 0; p == NULL && (kind = kind_at(i)) != NULL; i++)
		if (kind->hidden != NULL)
			p = seal_kind(m, kind);
	return p;
}

/* ---- the steps ---- */

static const struct {
	const char *name;
	struct problem *(*run)(struct migration *m);
} steps[] = {
	{ "0029-token-digests", key_tokens },
	{ "0030-sealed-secrets", seal_secrets },
};

struct problem *
migration_use_secret(struct migration *m, const char *name)
{
	size_t i;

	for (i = 0; i < NELEM(steps); i++)
		if (strcmp(steps[i].name, name) == 0)
			return steps[i].run(m);
	return NULL;
}
