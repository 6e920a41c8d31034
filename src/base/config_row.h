/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of the configuration's table, for the files config_*.c alone;
 * everybody else wants config.h.
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
	const char *file_key; /* the key naming a file that holds this one */
};

/* NULL past the last. */
const struct config_row *config_row(size_t index);

/*
 * Reads text as the row's type says and stores it in c. Not NULL: what is
 * wrong and what to do, on a, and nothing was stored.
 */
const char *config_value_set(struct arena *a, struct config *c,
    const struct config_row *row, const char *text) MUSTCHECK;

/* Prints the stored value so that it can be read back; secrets masked. */
void config_value_print(const struct config *c, const struct config_row *row,
    FILE *out);

/* The stored text of a row of one of the types that are texts. */
const char **config_value_text(struct config *c, const struct config_row *row);

#endif
