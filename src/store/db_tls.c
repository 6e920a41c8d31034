/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_tls.h"

#include <errmsg.h>
#include <string.h>

static bool
is_set_to(const struct config *config, const char *value)
{
	return strcmp(config->db_tls, value) == 0;
}

/*
 * MariaDB's library takes a connection for encrypted once TLS was asked for, and
 * then sends passwords of caching_sha2_password as they are: also to a server
 * that has no TLS, unless its certificate is to be verified.
 */
#ifdef MARIADB_PACKAGE_VERSION

static bool
set_mode(MYSQL *mysql, const struct config *config, bool strict)
{
	const my_bool verifies = strict && !is_set_to(config, "off");
	const my_bool asks = !is_set_to(config, "off");

	return mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &asks) == 0 &&
	    mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT,
	    &verifies) == 0;
}

/* It asks without being told to. */
static bool
set_asking(MYSQL *mysql, const struct config *config)
{
	(void)mysql;
	(void)config;
	return true;
}

bool
db_tls_may_trust(MYSQL *mysql, const struct config *config)
{
	return is_set_to(config, "required") &&
	    mysql_errno(mysql) == CR_SSL_CONNECTION_ERROR &&
	    (mysql->server_capabilities & CLIENT_SSL) != 0;
}

#else

static bool
set_mode(MYSQL *mysql, const struct config *config, bool strict)
{
	unsigned mode = is_set_to(config, "off") ? SSL_MODE_DISABLED :
	    is_set_to(config, "required") ? SSL_MODE_REQUIRED :
	    SSL_MODE_VERIFY_IDENTITY;

	(void)strict;
	return mysql_options(mysql, MYSQL_OPT_SSL_MODE, &mode) == 0;
}

static bool
set_asking(MYSQL *mysql, const struct config *config)
{
	const bool asks = config->db_public_key_ask == 1;

	return mysql_options(mysql, MYSQL_OPT_GET_SERVER_PUBLIC_KEY,
	    &asks) == 0;
}

bool
db_tls_may_trust(MYSQL *mysql, const struct config *config)
{
	(void)mysql;
	(void)config;
	return false;
}

#endif

bool
db_tls_prepare(MYSQL *mysql, const struct config *config, bool strict)
{
	const char *ca = config->db_tls_ca, *key = config->db_public_key_file;

	return (is_set_to(config, "") || set_mode(mysql, config, strict)) &&
	    (ca[0] == '\0' ||
	    mysql_options(mysql, MYSQL_OPT_SSL_CA, ca) == 0) &&
	    (key[0] == '\0' ||
	    mysql_options(mysql, MYSQL_SERVER_PUBLIC_KEY, key) == 0) &&
	    set_asking(mysql, config);
}

const char *
db_tls_refuse(MYSQL *mysql, const struct config *config)
{
	if (!is_set_to(config, "required") && !is_set_to(config, "verify"))
		return NULL;
	return mysql_get_ssl_cipher(mysql) != NULL ? NULL : "the server has no "
	    "TLS, which db_tls asks for: set it up there, or set db_tls to off";
}

static const struct {
	unsigned number;
	const char *advice;
} errors[] = {
	{ CR_SSL_CONNECTION_ERROR, "does the server have TLS, is db_tls_ca the "
	    "authority that signed its certificate, and is the name in that the "
	    "one in db_hosts?" },
	{ 2061, "without TLS the server takes this password only encrypted: set "
	    "db_tls to required, or db_public_key_file" },
	{ 3159, "the server takes connections with TLS only: set db_tls to "
	    "required" },
};

const char *
db_tls_explain(MYSQL *mysql, struct arena *a)
{
	const char *said = mysql_error(mysql);
	size_t i;

	for (i = 0; i < NELEM(errors); i++)
		if (errors[i].number == mysql_errno(mysql))
			return arena_printf(a, "%s: %s", said, errors[i].advice);
	return arena_strdup(a, said);
}
