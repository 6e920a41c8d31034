/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/rehearsal_plans.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "ctl/spool.h"

#define FIRST_ROOM 64

/* A version of a plan in the file. */
struct place {
	char *name; /* vendor/id */
	int64_t version;
	size_t arrival;
	off_t at;
	size_t length;
};

struct rehearsal_plans {
	FILE *file;
	struct place *places;
	size_t count;
	size_t room;
	off_t end;
	int failure; /* an errno; 0: none */
};

struct rehearsal_plans *
rehearsal_plans_new(void)
{
	struct rehearsal_plans *plans = calloc(1, sizeof(*plans));

	if (plans == NULL)
		memory_exhausted(sizeof(*plans));
	if ((plans->file = spool_file()) == NULL)
		plans->failure = errno;
	return plans;
}

void
rehearsal_plans_free(struct rehearsal_plans **plans)
{
	size_t i;

	for (i = 0; i < (*plans)->count; i++)
		free((*plans)->places[i].name);
	free((*plans)->places);
	if ((*plans)->file != NULL)
		fclose((*plans)->file);
	free(*plans);
	*plans = NULL;
}

const char *
rehearsal_plans_failure(const struct rehearsal_plans *plans)
{
	return plans->failure == 0 ? NULL : strerror(plans->failure);
}

static const char *
name_of(struct arena *a, const char *vendor_id, const char *id)
{
	return arena_printf(a, "%s/%s", vendor_id, id);
}

static void
make_room(struct rehearsal_plans *plans)
{
	if (plans->count < plans->room)
		return;
	plans->room = plans->room == 0 ? FIRST_ROOM : plans->room * 2;
	plans->places = realloc(plans->places,
	    plans->room * sizeof(*plans->places));
	if (plans->places == NULL)
		memory_exhausted(plans->room * sizeof(*plans->places));
}

void
rehearsal_plans_add(struct rehearsal_plans *plans, struct arena *a,
    const char *vendor_id, const struct plan *plan)
{
	const char *text = json_canonical_text(a, plan->document);
	struct place *place;

	if (plans->failure != 0)
		return;
	make_room(plans);
	place = &plans->places[plans->count];
	*place = (struct place){
		.name = strdup(name_of(a, vendor_id, plan->id)),
		.version = plan->version == 0 ? 1 : plan->version,
		.arrival = plans->count,
		.at = plans->end,
		.length = strlen(text),
	};
	if (place->name == NULL)
		memory_exhausted(0);
	plans->count++;
	plans->end += (off_t)place->length;
	if (fwrite(text, 1, place->length, plans->file) != place->length)
		plans->failure = errno;
}

static int
by_name(const void *x, const void *y)
{
	const struct place *a = x, *b = y;
	int order = strcmp(a->name, b->name);

	if (order != 0)
		return order;
	if (a->version != b->version)
		return a->version < b->version ? -1 : 1;
	return a->arrival < b->arrival ? -1 : a->arrival > b->arrival;
}

void
rehearsal_plans_settle(struct rehearsal_plans *plans)
{
	if (plans->count > 0)
		qsort(plans->places, plans->count, sizeof(*plans->places),
		    by_name);
	if (plans->failure == 0 && fflush(plans->file) != 0)
		plans->failure = errno;
}

/* The first place that is not before a name and version. */
static size_t
find(const struct rehearsal_plans *plans, const char *name, int64_t version)
{
	const struct place wanted = { .name = (char *)name,
		.version = version };
	size_t low = 0, high = plans->count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (by_name(&plans->places[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* NULL: the dump does not have it. */
static const struct place *
place_of(const struct rehearsal_plans *plans, const char *name,
    int64_t version)
{
	const struct place *place;
	size_t at;

	if (version == 0) {
		at = find(plans, name, INT64_MAX);
		if (at == 0 || strcmp(plans->places[at - 1].name, name) != 0)
			return NULL;
		version = plans->places[at - 1].version;
	}
	at = find(plans, name, version);
	if (at == plans->count)
		return NULL;
	place = &plans->places[at];
	return strcmp(place->name, name) == 0 && place->version == version ?
	    place : NULL;
}

struct json_object *
rehearsal_plans_load(struct rehearsal_plans *plans, struct arena *a,
    const struct plan_key *key, int64_t *version)
{
	const struct place *place = place_of(plans,
	    name_of(a, key->vendor_id, key->id), key->version);
	const char *error;
	char *text;

	if (place == NULL || plans->failure != 0)
		return NULL;
	*version = place->version;
	text = arena_room(a, place->length + 1);
	if (fseeko(plans->file, place->at, SEEK_SET) != 0 ||
	    fread(text, 1, place->length, plans->file) != place->length) {
		plans->failure = errno == 0 ? EIO : errno;
		return NULL;
	}
	text[place->length] = '\0';
	return json_parse(a, text, place->length, &error);
}
