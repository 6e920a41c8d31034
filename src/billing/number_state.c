/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/number_state.h"

#include "base/attr.h"

static const struct state_step steps[] = {
	{ "",                NUMBER_IN_SERVICE, false },
	{ "",                NUMBER_RESERVED,   false },
	{ "",                "port_in",         false },
	{ "",                "port_out",        true },
	{ "",                "available",       true },
	{ "",                "aging",           true },
	{ NUMBER_IN_SERVICE, NUMBER_RESERVED,   false },
	{ NUMBER_IN_SERVICE, "port_out",        true },
	{ NUMBER_IN_SERVICE, "available",       true },
	{ NUMBER_IN_SERVICE, "aging",           true },
	{ NUMBER_RESERVED,   NUMBER_IN_SERVICE, false },
	{ NUMBER_RESERVED,   "available",       true },
	{ NUMBER_RESERVED,   "aging",           true },
	{ "port_in",         NUMBER_IN_SERVICE, true },
	{ "port_out",        NUMBER_IN_SERVICE, true },
	{ "port_out",        "available",       true },
	{ "available",       NUMBER_IN_SERVICE, false },
	{ "available",       NUMBER_RESERVED,   false },
	{ "available",       "aging",           true },
	{ "aging",           NUMBER_IN_SERVICE, false },
	{ "aging",           "available",       true },
	{ "discovery",       NUMBER_IN_SERVICE, false },
	{ "discovery",       NUMBER_RESERVED,   false },
	{ "released",        "available",       true },
	{ "released",        "aging",           true },
};

const struct state_step *
number_step(const char *from, const char *to)
{
	return state_step_find(steps, NELEM(steps), from, to);
}
