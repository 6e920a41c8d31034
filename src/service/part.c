/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/part.h"

struct proration
part_proration(const struct part *part)
{
	return (struct proration){
		.now = part->change->now,
		.billed = part->change->prorate,
	};
}
