/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/repeats.h"

#include <stdio.h>
#include <string.h>

static bool
is_over(const struct repeat *e, int64_t now_ms)
{
	return now_ms - e->begin_ms >= REPEATS_PERIOD_MS;
}

static struct repeat *
find(struct repeats *r, const char *event, int level)
{
	uint64_t i;

	for (i = 0; i < r->used; i++)
		if (r->list[i].level == level &&
		    strncmp(r->list[i].event, event, REPEATS_TEXT - 1) == 0)
			return &r->list[i];
	return NULL;
}

/* The place of a new event: one that is free, or the one that rests longest. */
static struct repeat *
make_room(struct repeats *r, struct repeat *gone)
{
	struct repeat *oldest = r->list;
	uint64_t i;

	if (r->used < REPEATS_EVENTS)
		return &r->list[r->used++];
	for (i = 1; i < r->used; i++)
		if (r->list[i].last_ms < oldest->last_ms)
			oldest = &r->list[i];
	*gone = *oldest;
	return oldest;
}

bool
repeats_note(struct repeats *r, const char *event, int level, int64_t now_ms,
    struct repeat *gone)
{
	struct repeat *e = find(r, event, level);

	gone->count = 0;
	if (e != NULL && !is_over(e, now_ms)) {
		e->last_ms = now_ms;
		if (e->count++ == 0 && (r->due_ms == 0 ||
		    e->begin_ms + REPEATS_PERIOD_MS < r->due_ms))
			r->due_ms = e->begin_ms + REPEATS_PERIOD_MS;
		return false;
	}
	if (e == NULL)
		e = make_room(r, gone);
	else
		*gone = *e;
	*e = (struct repeat){ .level = level, .begin_ms = now_ms,
		.last_ms = now_ms };
	snprintf(e->event, sizeof(e->event), "%s", event);
	return true;
}

static void
find_due(struct repeats *r)
{
	uint64_t i;
	int64_t due_ms;

	r->due_ms = 0;
	for (i = 0; i < r->used; i++) {
		due_ms = r->list[i].begin_ms + REPEATS_PERIOD_MS;
		if (r->list[i].count > 0 &&
		    (r->due_ms == 0 || due_ms < r->due_ms))
			r->due_ms = due_ms;
	}
}

bool
repeats_take(struct repeats *r, bool all, int64_t now_ms, struct repeat *out)
{
	bool found = false;
	uint64_t i;

	if (r->due_ms == 0 || (!all && now_ms < r->due_ms))
		return false;
	for (i = 0; i < r->used && !found; i++) {
		found = r->list[i].count > 0 &&
		    (all || is_over(&r->list[i], now_ms));
		if (found) {
			*out = r->list[i];
			r->list[i] = r->list[--r->used];
		}
	}
	find_due(r);
	return found;
}

int64_t
repeats_seconds(const struct repeat *r)
{
	int64_t s = (r->last_ms - r->begin_ms + 999) / 1000;

	return s < 1 ? 1 : s;
}
