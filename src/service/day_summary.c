/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/day_summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/gregorian.h"

/* The first day a DATE holds: nothing is ever older. */
#define FIRST_MOMENT (INT64_C(365243) * GREGORIAN_DAY) /* 1000-01-01 */

static int
by_service_then_day(const void *x, const void *y)
{
	const struct audit_day *a = x, *b = y;
	int order = strcmp(a->service, b->service);

	if (order == 0)
		order = strcmp(a->day, b->day);
	/* Of a plan item and a ledger of one name, the later comes last. */
	if (order == 0)
		order = (a->last_timestamp > b->last_timestamp) -
		    (a->last_timestamp < b->last_timestamp);
	return order != 0 ? order : a->usage - b->usage;
}

/* Is the service in the configured, comma-separated list? */
static bool
is_usage_service(const char *list, const char *service)
{
	size_t n = strlen(service), length;

	for (; *list != '\0'; list += length + strspn(list + length, ", ")) {
		length = strcspn(list, ", ");
		if (length == n && memcmp(list, service, n) == 0)
			return true;
	}
	return false;
}

/*
 * A plan item may have the name of a ledger. Kazoo folds the two into
 * one row in order of time: it has the shape of the last, and if that is usage,
 * the earlier quantity is added (rules/audit 19).
 */
static void
fold(struct audit_day *into, const struct audit_day *next)
{
	int64_t before = into->quantity;

	*into = *next;
	if (next->usage)
		into->quantity += before;
}

/* Drops what is not counted, sorts, folds. */
static void
arrange(const struct config *config, struct audit_days *days)
{
	size_t i, n = 0;

	for (i = 0; i < days->count; i++)
		if (!days->days[i].usage || is_usage_service(
		    config->usage_services, days->days[i].service))
			days->days[n++] = days->days[i];
	days->count = n;
	if (n == 0)
		return;
	qsort(days->days, n, sizeof(*days->days), by_service_then_day);
	for (i = 1, n = 1; i < days->count; i++) {
		if (strcmp(days->days[n - 1].service, days->days[i].service) == 0 &&
		    strcmp(days->days[n - 1].day, days->days[i].day) == 0)
			fold(&days->days[n - 1], &days->days[i]);
		else
			days->days[n++] = days->days[i];
	}
	days->count = n;
}

/* Cuts what no DATE holds. */
static struct audit_day_query
within_dates(const struct audit_day_query *wanted)
{
	struct audit_day_query query = *wanted;

	if (query.from < FIRST_MOMENT)
		query.from = FIRST_MOMENT;
	if (query.to < FIRST_MOMENT)
		query.to = FIRST_MOMENT;
	return query;
}

struct problem *
day_summary_load(struct db *db, struct arena *a, const struct config *config,
    const struct audit_day_query *wanted, struct audit_days *out)
{
	const struct audit_day_query query = within_dates(wanted);
	struct problem *p;

	p = store_audit_day_list(db, a, &query, out);
	if (p == NULL)
		arrange(config, out);
	return p;
}

static int
by_service(const void *x, const void *y)
{
	const struct audit_opening *a = x, *b = y;

	return strcmp(a->service, b->service);
}

struct problem *
day_summary_opening(struct db *db, struct arena *a,
    const struct audit_day_query *wanted, struct audit_openings *out)
{
	const struct audit_day_query query = within_dates(wanted);
	struct problem *p = store_audit_opening_list(db, a, &query, out);

	if (p == NULL && out->count > 0)
		qsort(out->rows, out->count, sizeof(*out->rows), by_service);
	return p;
}
