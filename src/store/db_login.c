/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_login.h"

struct db_login
db_login(const struct config *config, enum database_user user)
{
	if (user == AS_OWNER && config->db_admin_user[0] != '\0')
		return (struct db_login){ config->db_admin_user,
			config->db_admin_password };
	if (user == AS_REEVECTL && config_has_reevectl_user(config))
		return (struct db_login){ config->db_reevectl_user,
			config->db_reevectl_password };
	return (struct db_login){ config->db_user, config->db_password };
}

const char *
db_login_host(const struct config *config)
{
	if (config->db_user_host[0] != '\0')
		return config->db_user_host;
	return config->db_socket[0] != '\0' ? "localhost" : "%";
}
