/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The database users of the configuration, each with what stands in for it. */
#ifndef REEVE_STORE_DB_LOGIN_H
#define REEVE_STORE_DB_LOGIN_H

#include "base/config.h"

struct db_login {
	const char *name;
	const char *password; /* "": none, or it was not read (config_load) */
};

/* The user's login; that of the pool's user if it has none of its own. */
struct db_login db_login(const struct config *config, enum database_user user);

/* Where the users may log in from, as the server names it in their names. */
const char *db_login_host(const struct config *config);

#endif
