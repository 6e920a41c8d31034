/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One account's part of a change, shared by the files that implement a
 * change. */
#ifndef REEVE_SERVICE_PART_H
#define REEVE_SERVICE_PART_H

#include "service/change.h"

struct reserve;
struct sums;

/* One account's part of a change. */
struct part {
	struct db *db;
	struct arena *arena;
	const struct change *change;
	const struct service *origin; /* the account the change was made to */
	const struct service *before;
	const struct service *after;
	struct reserve *reserve; /* what the change holds; NULL: nothing is */
	struct sums *sums; /* that the change changes; NULL: none */
	bool audited; /* false: only the bookkeepers are told */
};

/* The proration that the change applies. */
struct proration part_proration(const struct part *part);

#endif
