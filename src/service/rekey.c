/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/rekey.h"

#include <string.h>

#include "service/api_key.h"
#include "store/accounts.h"
#include "store/objects.h"

#define AT_ONCE 500
#define PAGE_CHUNK (64 * 1024)

/* ---- displayed keys ---- */

static struct problem *
reseal_keys(struct db *db, struct arena *page, const struct config *config,
    const struct account_list *accounts, struct rekeying *out)
{
	struct problem *p = NULL;
	enum api_key_seal seal;
	size_t i;

	for (i = 0; p == NULL && i < accounts->count; i++) {
		if (accounts->accounts[i].deleted != 0)
			continue;
		p = api_key_reseal(db, page, config,
		    accounts->accounts[i].id, &seal);
		if (p == NULL) {
			out->keys += seal == API_KEY_SEALED;
			out->closed += seal == API_KEY_CLOSED;
		} else if (p->kind == PROBLEM_BAD_IDENTIFIER) {
			p = NULL; /* deleted meanwhile */
		}
	}
	return p;
}

static struct problem *
reseal_all_keys(struct db *db, struct arena *a, const struct config *config,
    struct rekeying *out)
{
	struct arena *page = arena_new(PAGE_CHUNK);
	struct account_list list;
	char after[ID_SIZE] = "";
	struct problem *p;

	do {
		p = store_account_list(db, page, NULL, after, AT_ONCE, &list);
		if (p == NULL)
			p = reseal_keys(db, page, config, &list, out);
		if (p == NULL && list.count > 0)
			strcpy(after, list.accounts[list.count - 1].id);
		if (p == NULL)
			arena_reset(page);
	} while (p == NULL && list.count == AT_ONCE);
	if (p != NULL)
		p = problem_copy(a, p);
	arena_free(&page);
	return p;
}

/* ---- sealed secrets ---- */

static struct problem *
reseal_kind(struct db *db, struct arena *a, const struct kind *kind,
    struct rekeying *out)
{
	struct secret_object after = { "", "", "" };
	struct secret_objects page;
	struct problem *p;
	bool opened;
	size_t i;

	do {
		p = store_object_secret_list(db, a, kind, &after, AT_ONCE,
		    &page);
		for (i = 0; p == NULL && i < page.count; i++) {
			p = store_object_reseal(db, a, kind, &page.objects[i],
			    &opened);
			out->objects += p == NULL && opened;
			out->closed += p == NULL && !opened;
		}
		if (p == NULL && page.count > 0)
			after = page.objects[page.count - 1];
	} while (p == NULL && page.count == AT_ONCE);
	return p;
}

struct problem *
rekey_all(struct db *db, struct arena *a, const struct config *config,
    int64_t now, struct rekeying *out)
{
	const struct kind *kind;
	struct problem *p;
	size_t i;

	*out = (struct rekeying){ 0 };
	p = reseal_all_keys(db, a, config, out);
	for (i = 0; p == NULL && (kind = kind_at(i)) != NULL; i++)
		if (kind->hidden != NULL)
			p = reseal_kind(db, a, kind, out);
	return p != NULL ? p :
	                   store_left_under_secrets(db, a, now, &out->left);
}

bool
rekey_is_done(const struct rekeying *rekeying)
{
	return rekeying->left.tokens == 0 && rekeying->left.api_keys == 0 &&
	    rekeying->left.credentials == 0;
}
