/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/port_state.h"

#include <string.h>

#include "base/attr.h"

static const struct {
	const char *name;
	bool open;
	bool holds;
	bool filled;
	bool edited;
	bool deleted;
} states[] = {
	{ PORT_FIRST,     true,  false, false, true,  true },
	{ "submitted",    true,  true,  true,  false, false },
	{ "pending",      true,  true,  true,  false, false },
	{ PORT_SCHEDULED, true,  true,  true,  false, false },
	{ "rejected",     true,  true,  false, true,  true },
	{ PORT_COMPLETED, false, false, true,  false, false },
	{ "canceled",     false, false, false, false, true },
};

/* The state of requests that were imported in one of no name here. */
#define UNKNOWN "unknown"

static const struct state_step steps[] = {
	{ UNKNOWN,        PORT_FIRST,     true },
	{ UNKNOWN,        "canceled",     true },
	{ PORT_FIRST,     "submitted",    false },
	{ PORT_FIRST,     "canceled",     false },
	{ "submitted",    "pending",      true },
	{ "submitted",    PORT_SCHEDULED, true },
	{ "submitted",    PORT_COMPLETED, true },
	{ "submitted",    "rejected",     true },
	{ "submitted",    "canceled",     true },
	{ "pending",      PORT_SCHEDULED, true },
	{ "pending",      PORT_COMPLETED, true },
	{ "pending",      "rejected",     true },
	{ "pending",      "canceled",     true },
	{ PORT_SCHEDULED, PORT_COMPLETED, true },
	{ PORT_SCHEDULED, "rejected",     true },
	{ PORT_SCHEDULED, "canceled",     true },
	{ "rejected",     "submitted",    false },
	{ "rejected",     PORT_COMPLETED, true },
	{ "rejected",     "canceled",     true },
};

static const struct {
	const char *name;
	const char *states;
} types[] = {
	{ "active", "unconfirmed,submitted,pending,scheduled,rejected" },
	{ "progressing", "submitted,pending,scheduled" },
	{ "suspended", "unconfirmed,rejected" },
	{ "completed", "completed,canceled" },
	{ "all", "unconfirmed,submitted,pending,scheduled,rejected,completed,"
	    "canceled" },
};

/* The index of a state; that of the first for names of none. */
static size_t
state_index(const char *state)
{
	size_t i;

	for (i = 0; i < NELEM(states); i++)
		if (strcmp(states[i].name, state) == 0)
			return i;
	return 0;
}

bool
porting_known(const char *state)
{
	return strcmp(states[state_index(state)].name, state) == 0;
}

const struct state_step *
porting_step(const char *from, const char *to)
{
	return state_step_find(steps, NELEM(steps),
	    porting_known(from) ? from : UNKNOWN, to);
}

bool
porting_open(const char *state)
{
	return states[state_index(state)].open;
}

bool
porting_holds(const char *state)
{
	return states[state_index(state)].holds;
}

bool
porting_filled(const char *state)
{
	return states[state_index(state)].filled;
}

bool
porting_edited(const char *state)
{
	return states[state_index(state)].edited;
}

bool
porting_deleted(const char *state)
{
	return states[state_index(state)].deleted;
}

const char *
porting_states(const char *type)
{
	size_t i;

	for (i = 0; i < NELEM(types); i++)
		if (strcmp(types[i].name, type) == 0)
			return types[i].states;
	return porting_known(type) ? states[state_index(type)].name : NULL;
}
