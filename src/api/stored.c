/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/stored.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/gregorian.h"
#include "store/migration.h"
#include "store/outbox.h"

static void
tell(struct stored *out, const char *what, const char *why)
{
	snprintf(out->why, sizeof(out->why), "%s: %s", what, why);
}

static const char *
reason(const struct problem *p)
{
	return p->log[0] != '\0' ? p->log : p->text;
}

void
stored_read(struct db *db, struct arena *a, struct stored *out)
{
	const char *missing = NULL;
	struct problem *p;
	bool due;

	*out = (struct stored){ .at_ms = clock_monotonic_ms() };
	if ((p = migration_check(db, a, &missing)) != NULL) {
		tell(out, "database", reason(p));
		return;
	}
	out->answers = true;
	if (missing != NULL) {
		tell(out, "schema", missing);
		return;
	}
	out->fits = true;
	if ((p = store_outbox_due(db, a, gregorian_now(), &due)) != NULL)
		tell(out, "outbox", reason(p));
	else
		out->delivers = true;
}

bool
stored_is_ready(const struct stored *s)
{
	return s->answers && s->fits && s->delivers;
}

void
stored_gather_hosts(const struct config *config, struct figures *f)
{
	struct db_host_state *hosts;
	size_t i, count = db_host_list(config, f->arena, &hosts);

	for (i = 0; i < count; i++)
		figures_add(f, FIGURE_HOST_FIT, hosts[i].text, NULL,
		    hosts[i].fault == NULL);
	for (i = 0; i < count; i++)
		if (hosts[i].fault != NULL)
			figures_add(f, FIGURE_HOST_UNFIT, hosts[i].text,
			    hosts[i].fault, hosts[i].unfit_ms * 1000);
}

void
stored_gather(const struct stored *s, struct figures *f, int64_t now_ms)
{
	if (s->at_ms == 0)
		return;
	figures_add(f, FIGURE_DATABASE_UP, NULL, NULL, s->answers);
	figures_add(f, FIGURE_DATABASE_AGE, NULL, NULL,
	    (now_ms - s->at_ms) * 1000);
}
