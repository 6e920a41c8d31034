/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks of run-due about months: each calls service/month.h for one visit. */
#include "config.h"

#include <string.h>

#include "ctl/due.h"
#include "service/month.h"

static struct problem *
visit(struct due_visit *v, struct problem *(*work)(struct db *db,
    struct arena *a, const struct month *month, bool *done))
{
	struct month month = {
		.config = v->ctl->config,
		.account_id = v->account_id,
		.account_name = v->account_name,
		.start = v->period->start,
		.now = v->now,
	};

	/* Accounts where the task is done are not visited. */
	if (v->dry) {
		v->done = true;
		return NULL;
	}
	memcpy(month.name, v->period->name, sizeof(month.name));
	return work(v->ctl->db, v->arena, &month, &v->done);
}

struct problem *
due_collect(struct due_visit *v)
{
	return visit(v, month_collect);
}

struct problem *
due_remind(struct due_visit *v)
{
	return visit(v, month_remind);
}

struct problem *
due_rollover(struct due_visit *v)
{
	return visit(v, month_roll_over);
}

struct problem *
due_snapshot(struct due_visit *v)
{
	return visit(v, month_keep_quantities);
}
