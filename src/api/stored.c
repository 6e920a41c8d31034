/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/stored.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/gregorian.h"
#include "store/migration.h"

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
	p = store_status_show(db, a, FIGURE_COUNTED_TO + 1, &out->status);
	if (p != NULL) {
		tell(out, "outbox", reason(p));
		return;
	}
	out->delivers = true;
	out->status_ms = clock_monotonic_ms();
	out->status_at = gregorian_now();
}

void
stored_complete(struct stored *s, const struct stored *older)
{
	if (s->status_ms != 0)
		return;
	s->status_ms = older->status_ms;
	s->status_at = older->status_at;
	s->status = older->status;
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

/* From a moment to the reading, in microseconds; 0: there was none. */
static int64_t
age_us(const struct stored *s, int64_t moment)
{
	return moment == 0 || moment >= s->status_at ? 0 :
	    (s->status_at - moment) * 1000000;
}

bool
stored_is_overdue(const struct stored *s, int64_t most_s)
{
	return s->status_ms != 0 && age_us(s, s->status.due) > most_s * 1000000;
}

static void
gather_unknown(struct figures *f)
{
	static const struct {
		enum figure figure;
		const char *label;
	} rows[] = {
		{ FIGURE_STORED_AGE, NULL },
		{ FIGURE_OUTBOX, "bookkeeper" },
		{ FIGURE_OUTBOX, "webhook" },
		{ FIGURE_OUTBOX_OLDEST, "bookkeeper" },
		{ FIGURE_OUTBOX_OLDEST, "webhook" },
		{ FIGURE_OUTBOX_DUE, NULL },
		{ FIGURE_OUTBOX_DEAD, NULL },
		{ FIGURE_PAYMENTS, NULL },
		{ FIGURE_RUN_DUE, "unknown" },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		figures_add(f, rows[i].figure, rows[i].label, NULL,
		    FIGURE_UNKNOWN);
}

static void
gather_status(const struct stored *s, struct figures *f, int64_t now_ms)
{
	const struct status *status = &s->status;

	figures_add(f, FIGURE_STORED_AGE, NULL, NULL,
	    (now_ms - s->status_ms) * 1000);
	figures_add(f, FIGURE_OUTBOX, "bookkeeper", NULL, status->bookkeepers);
	figures_add(f, FIGURE_OUTBOX, "webhook", NULL, status->webhooks);
	figures_add(f, FIGURE_OUTBOX_OLDEST, "bookkeeper", NULL,
	    age_us(s, status->bookkeepers_since));
	figures_add(f, FIGURE_OUTBOX_OLDEST, "webhook", NULL,
	    age_us(s, status->webhooks_since));
	figures_add(f, FIGURE_OUTBOX_DUE, NULL, NULL, age_us(s, status->due));
	figures_add(f, FIGURE_OUTBOX_DEAD, NULL, NULL, status->dead);
	figures_add(f, FIGURE_PAYMENTS, NULL, NULL, status->payments);
	figures_add(f, FIGURE_RUN_DUE, due_result_words[status->run_result],
	    NULL, status->run_at == 0 ? FIGURE_UNKNOWN :
	    age_us(s, status->run_at));
}

void
stored_gather(const struct stored *s, struct figures *f, int64_t now_ms)
{
	figures_add(f, FIGURE_DATABASE_UP, NULL, NULL, s->at_ms == 0 ?
	    FIGURE_UNKNOWN : s->answers);
	figures_add(f, FIGURE_DATABASE_AGE, NULL, NULL, s->at_ms == 0 ?
	    FIGURE_UNKNOWN : (now_ms - s->at_ms) * 1000);
	if (s->status_ms == 0)
		gather_unknown(f);
	else
		gather_status(s, f, now_ms);
}
