/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/port_state.h"

#include <string.h>

#include "base/attr.h"

static const struct {
	const char *name;
	bool open;
	bool edited;
	bool deleted;
} states[] = {
	{ PORT_FIRST,     true,  true,  true },
	{ "submitted",    true,  false, false },
	{ "pending",      true,  false, false },
	{ PORT_SCHEDULED, true,  false, false },
	{ "rejected",     true,  true,  true },
	{ PORT_COMPLETED, false, false, false },
	{ "canceled",     false, false, true },
};

static const struct state_step steps[] = {
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

const struct state_step *
porting_step(const char *from, const char *to)
{
	return state_step_find(steps, NELEM(steps), from, to);
}

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

bool
porting_open(const char *state)
{
	return states[state_index(state)].open;
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
