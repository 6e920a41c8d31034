/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of the configuration's table, only for the files config_*.c; all
 * others include config.h.
 */
#ifndef REEVE_BASE_CONFIG_ROW_H
#define REEVE_BASE_CONFIG_ROW_H

#include "base/config.h"

enum config_type {
	CONFIG_STRING,  /* min..max bytes */
	CONFIG_PATH,    /* absolute; "" where min is 0 */
	CONFIG_ADDRESS, /* an absolute path or host:port */
	CONFIG_TARGET,  /* an absolute path, stderr or syslog */
	CONFIG_LEVEL,   /* a log level */
	CONFIG_ROLE,    /* a role, or "" */
	CONFIG_TLS,     /* how much encryption */
	CONFIG_ASKED,   /* whose invoices are asked about */
	CONFIG_INTEGER,
	CONFIG_MODE,    /* octal */
	CONFIG_SECONDS,
	CONFIG_BYTES
};

enum config_group {
	CONFIG_POOL,
	CONFIG_DATABASE,
	CONFIG_AUTHENTICATION,
	CONFIG_COURIER,
	CONFIG_API,
	CONFIG_GROUP__MAX
};

struct config_row {
	struct config_key key;
	enum config_group group;
	enum config_type type;
	size_t offset;
	int64_t min, max;
	const char *file_key; /* the key that names a file with this value */
	unsigned readers; /* of that file: a bit for each enum database_user */
};

/* Returns a row; NULL at the end. */
const struct config_row *config_row(size_t index);

/*
 * Reads text by the row's type and stores it in c. Returns NULL, or the error
 * and what to do (on a), in which case nothing was stored.
 */
const char *config_value_set(struct arena *a, struct config *c,
    const struct config_row *row, const char *text) MUSTCHECK;

/* Prints the stored value so that it can be read back; secrets masked. */
void config_value_print(const struct config *c, const struct config_row *row,
    FILE *out);

/* Returns the stored value of a row whose type is a text. */
const char **config_value_text(struct config *c, const struct config_row *row);

#endif
