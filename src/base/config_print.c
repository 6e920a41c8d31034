/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration as text: the current values, and the sample file. */
#include <config.h>

#include "base/config_row.h"

#include <string.h>

#define SAMPLE_WIDTH 78

static const char *const group_titles[CONFIG_GROUP__MAX] = {
	[CONFIG_POOL] = "the pool",
	[CONFIG_DATABASE] = "the database",
	[CONFIG_AUTHENTICATION] = "authentication",
	[CONFIG_COURIER] = "the courier",
	[CONFIG_API] = "the API",
};

static void
print_title(size_t i, FILE *out)
{
	enum config_group group = config_row(i)->group;

	if (i == 0 || group != config_row(i - 1)->group)
		fprintf(out, "%s# ---- %s ----\n\n", i == 0 ? "" : "\n",
		    group_titles[group]);
}

/* Prints the help as comment lines, broken between words. */
static void
print_help(const char *help, FILE *out)
{
	size_t column = 1, word;

	fputc('#', out);
	for (; *help != '\0'; help += word, help += *help == ' ') {
		word = strcspn(help, " ");
		if (column + 1 + word > SAMPLE_WIDTH) {
			fputs("\n#", out);
			column = 1;
		}
		fprintf(out, " %.*s", (int)word, help);
		column += 1 + word;
	}
	fputc('\n', out);
}

void
config_print(const struct config *c, FILE *out)
{
	const struct config_row *row;
	size_t i;

	for (i = 0; (row = config_row(i)) != NULL; i++) {
		print_title(i, out);
		fprintf(out, "# taken at %s\n%s = ",
		    row->key.reloadable ? "reload" : "restart", row->key.name);
		config_value_print(c, row, out);
		fputc('\n', out);
	}
}

/* The values that keep what programs know from a Kazoo, where they are not the
 * defaults. */
static const struct {
	const char *name, *value;
} kazoo_values[] = {
	{ "ask_charges", "actor" },
};

static const char *
kazoo_value(const char *name)
{
	size_t i;

	for (i = 0; i < NELEM(kazoo_values); i++)
		if (strcmp(kazoo_values[i].name, name) == 0)
			return kazoo_values[i].value;
	return NULL;
}

void
config_print_sample(FILE *out, bool as_kazoo)
{
	const struct config_row *row;
	const char *value;
	size_t i;

	fputs("# Configuration of reeve: key = value. Commented lines show "
	    "the defaults.\n", out);
	if (as_kazoo)
		fputs("# The other lines do as a Kazoo does.\n", out);
	fputc('\n', out);
	for (i = 0; (row = config_row(i)) != NULL; i++) {
		print_title(i, out);
		print_help(row->key.help, out);
		value = as_kazoo ? kazoo_value(row->key.name) : NULL;
		fprintf(out, "%s%s = %s\n", value == NULL ? "#" : "",
		    row->key.name, value == NULL ? row->key.default_text : value);
	}
}
