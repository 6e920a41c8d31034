/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The change from one secret to another. While the previous one is configured
 * too, what was made under it is accepted, and rewritten where it is used. This
 * rewrites the rest, as far as the texts are known here, and counts what is left.
 * Each row is rewritten by itself, if it is still as it was read: it may be done
 * beside a running pool, be broken off, and be done again.
 */
#ifndef REEVE_SERVICE_REKEY_H
#define REEVE_SERVICE_REKEY_H

#include "store/auth.h"

struct rekeying {
	int64_t keys;    /* displayed API keys that are sealed */
	int64_t objects; /* bookkeepers and webhooks whose secrets are sealed */
	int64_t closed;  /* those that neither secret opens; they stay */
	struct left_under_secrets left;
};

/* Opens transactions. */
struct problem *rekey_all(struct db *db, struct arena *a,
    const struct config *config, int64_t now, struct rekeying *out) MUSTCHECK;

/* True if nothing is left that needs the previous secret. */
bool rekey_is_done(const struct rekeying *rekeying) MUSTCHECK;

#endif
