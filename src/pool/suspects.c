/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "pool/suspects.h"

#include <stddef.h>

#include "base/attr.h"
#include "base/memory.h"
#include "base/text_hash.h"

#define SUSPECTS 64

struct suspect {
	_Atomic uint64_t fingerprint; /* 0: none */
	_Atomic int64_t refused_until_ms;
	int64_t died_ms; /* the last death */
	unsigned deaths;
};

struct suspects {
	struct suspect list[SUSPECTS];
};

struct suspects *
suspects_new(void)
{
	return memory_shared(sizeof(struct suspects));
}

uint64_t
suspects_fingerprint(struct gateway *g)
{
	static const char *const names[] = { "REQUEST_METHOD", "PATH_INFO",
		"REQUEST_URI", "QUERY_STRING", "CONTENT_LENGTH" };
	uint64_t hash = TEXT_HASH_BEGIN;
	const char *value;
	size_t i;

	for (i = 0; i < NELEM(names); i++) {
		value = g->param(g, names[i]);
		hash = text_hash(hash, value == NULL ? "" : value);
	}
	return hash;
}

static const struct suspect *
find(const struct suspects *s, uint64_t fingerprint)
{
	size_t i;

	for (i = 0; i < SUSPECTS; i++)
		if (s->list[i].fingerprint == fingerprint)
			return &s->list[i];
	return NULL;
}

/* The place of one that is free, or whose last death is the oldest. */
static struct suspect *
take_place(struct suspects *s, uint64_t fingerprint)
{
	struct suspect *oldest = s->list;
	size_t i;

	for (i = 0; i < SUSPECTS; i++)
		if (s->list[i].died_ms < oldest->died_ms)
			oldest = &s->list[i];
	oldest->refused_until_ms = 0;
	oldest->deaths = 0;
	oldest->fingerprint = fingerprint;
	return oldest;
}

bool
suspects_note_death(struct suspects *s, uint64_t fingerprint, int64_t now_ms)
{
	const struct suspect *known = find(s, fingerprint);
	struct suspect *suspect = known != NULL ?
	    &s->list[known - s->list] : take_place(s, fingerprint);

	if (now_ms - suspect->died_ms > SUSPECT_FORGOTTEN_MS)
		suspect->deaths = 0;
	suspect->died_ms = now_ms;
	if (++suspect->deaths < SUSPECT_DEATHS)
		return false;
	suspect->refused_until_ms = now_ms + SUSPECT_REFUSED_MS;
	return true;
}

bool
suspects_refuse(const struct suspects *s, uint64_t fingerprint, int64_t now_ms)
{
	const struct suspect *suspect = find(s, fingerprint);

	return suspect != NULL && now_ms < suspect->refused_until_ms;
}
