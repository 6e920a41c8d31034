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

/* Adds a figure of the database's reading: unknown until there is one. */
static void
add(const struct stored *s, struct figures *f, enum figure figure,
    const char *label, int64_t value)
{
	figures_add(f, figure, label, NULL, s->status_ms == 0 ?
	    FIGURE_UNKNOWN : value);
}

static void
gather_status(const struct stored *s, struct figures *f, int64_t now_ms)
{
	const struct status *status = &s->status;

	add(s, f, FIGURE_STORED_AGE, NULL, (now_ms - s->status_ms) * 1000);
	add(s, f, FIGURE_OUTBOX, "bookkeeper", status->bookkeepers);
	add(s, f, FIGURE_OUTBOX, "webhook", status->webhooks);
	add(s, f, FIGURE_OUTBOX, "mail", status->mails);
	add(s, f, FIGURE_OUTBOX_OLDEST, "bookkeeper",
	    age_us(s, status->bookkeepers_since));
	add(s, f, FIGURE_OUTBOX_OLDEST, "webhook",
	    age_us(s, status->webhooks_since));
	add(s, f, FIGURE_OUTBOX_OLDEST, "mail",
	    age_us(s, status->mails_since));
	add(s, f, FIGURE_OUTBOX_DUE, NULL, age_us(s, status->due));
	add(s, f, FIGURE_OUTBOX_DEAD, NULL, status->dead);
	add(s, f, FIGURE_PAYMENTS, NULL, status->payments);
	add(s, f, FIGURE_RUN_DUE, s->status_ms == 0 ? "unknown" :
	    due_result_words[status->run_result],
	    status->run_at == 0 ? FIGURE_UNKNOWN : age_us(s, status->run_at));
}

void
stored_gather(const struct stored *s, struct figures *f, int64_t now_ms)
{
	figures_add(f, FIGURE_DATABASE_UP, NULL, NULL, s->at_ms == 0 ?
	    FIGURE_UNKNOWN : s->answers);
	figures_add(f, FIGURE_DATABASE_AGE, NULL, NULL, s->at_ms == 0 ?
	    FIGURE_UNKNOWN : (now_ms - s->at_ms) * 1000);
	gather_status(s, f, now_ms);
}
