/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roles of users, each with the rights of those before it. Pure. */
#ifndef REEVE_BASE_ROLE_H
#define REEVE_BASE_ROLE_H

#include <stdbool.h>

#include "base/attr.h"

/* The least is not 0: what says no role is none. */
enum role {
	ROLE_USER = 1, /* reads what clients show of the own account, and
	                  writes the own user */
	ROLE_VIEWER,   /* reads */
	ROLE_CLERK,    /* books and pays */
	ROLE_ADMIN     /* everything */
};

/* False: there is no role of this name. name may be NULL. */
bool role_parse(const char *name, enum role *out) MUSTCHECK;

/* Its name, as role_parse reads it. */
const char *role_name(enum role role);

/* Two members of a user's document; each may be NULL. */
struct role_said {
	const char *role;       /* decides if it is the name of one */
	const char *priv_level; /* "admin" is an admin without it */
};

/* The role of a user; others: that of users of whom the document says none. */
enum role role_of(const struct role_said *said, enum role others);

#endif
