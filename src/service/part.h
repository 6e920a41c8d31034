/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One account's part of a change: what the files of a change work on. */
#ifndef REEVE_SERVICE_PART_H
#define REEVE_SERVICE_PART_H

#include "service/change.h"

/* One account's part of a change. */
struct part {
	struct db *db;
	struct arena *arena;
	const struct change *change;
	const struct service *origin; /* the account the change was made to */
	const struct service *before;
	const struct service *after;
	bool audited; /* else only the bookkeepers are told */
};

/* How the change bills what falls within a month. */
struct proration part_proration(const struct part *part);

#endif
