/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Payers that are neither the account itself nor its parent. */
#ifndef REEVE_STORE_PAYERS_H
#define REEVE_STORE_PAYERS_H

#include <stdint.h>

#include "store/db.h"

struct far_payer {
	const char *account_id;
	const char *account_name;
	const char *payer_id;
	const char *payer_name;
};

struct far_payers {
	size_t count;
	struct far_payer *rows;
};

/* By account id, from the one after an id; "": the first. */
struct problem *store_payers_far(struct db *db, struct arena *a,
    const char *after, int64_t limit, struct far_payers *out) MUSTCHECK;

#endif
