/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/role.h"

#include <stddef.h>
#include <string.h>

static const char *const names[] = {
	[ROLE_USER] = "user",
	[ROLE_VIEWER] = "viewer",
	[ROLE_CLERK] = "clerk",
	[ROLE_ADMIN] = "admin",
};

bool
role_parse(const char *name, enum role *out)
{
	enum role role;

	for (role = ROLE_USER; role < NELEM(names) && name != NULL; role++)
		if (strcmp(names[role], name) == 0) {
			*out = role;
			return true;
		}
	return false;
}

const char *
role_name(enum role role)
{
	return names[role];
}

enum role
role_of(const struct role_said *said, enum role others)
{
	enum role role;

	if (role_parse(said->role, &role))
		return role;
	return said->priv_level != NULL &&
	    strcmp(said->priv_level, "admin") == 0 ? ROLE_ADMIN : others;
}
