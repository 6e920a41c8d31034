/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The types of configuration values: checking, storing, printing. */
#include <config.h>

#include "base/config_row.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "base/log.h"
#include "base/role.h"

#define SOCKET_PATH_MAX (sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1)
#define MASK "********"

struct unit {
	char letter;
	int64_t factor;
};

static const struct unit no_units[] = { { '\0', 0 } };
static const struct unit time_units[] = {
	{ 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 }, { '\0', 0 },
};
static const struct unit byte_units[] = {
	{ 'G', 1 << 30 }, { 'M', 1 << 20 }, { 'K', 1 << 10 }, { '\0', 0 },
};

/* Returns the error in a value and what to do, or NULL; see struct kind. */
typedef const char *check_fn(struct arena *a, const struct config_row *row,
    const char *text);

static const char *
number_bound(struct arena *a, const struct config_row *row, int64_t value)
{
	return arena_printf(a, row->type == CONFIG_MODE ? "%04llo" : "%lld",
	    (long long)value);
}

static const char *
check_length(struct arena *a, const struct config_row *row, const char *text)
{
	size_t length = strlen(text);

	if (length < (size_t)row->min)
		return "is empty; give a value or leave the line out";
	if (length > (size_t)row->max)
		return arena_printf(a, "is longer than %lld characters; "
		    "shorten it", (long long)row->max);
	return NULL;
}

static const char *
check_path(struct arena *a, const struct config_row *row, const char *text)
{
	if (*text != '\0' && *text != '/')
		return "is not an absolute path; start it with '/'";
	return check_length(a, row, text);
}

/* Returns the ":port" at the end of text, as a number; 0 if there is none. */
static long
port_of(const char *text)
{
	const char *colon = strrchr(text, ':');
	char *end;
	long port;

	if (colon == NULL || colon[1] < '0' || colon[1] > '9')
		return 0;
	port = strtol(colon + 1, &end, 10);
	return *end == '\0' && port <= 65535 ? port : 0;
}

/* host:port; a host that contains colons must be in brackets. */
static bool
is_host_port(const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t host;

	if (port_of(text) == 0)
		return false;
	host = (size_t)(colon - text);
	if (*text == '[')
		return host > 2 && text[host - 1] == ']';
	return host > 0 && strcspn(text, ":/[] ") == host;
}

static const char *
check_address(struct arena *a, const struct config_row *row, const char *text)
{
	if (*text == '/' && strlen(text) > SOCKET_PATH_MAX)
		return arena_printf(a, "is longer than the %zu characters a "
		    "unix socket may have; use a shorter path",
		    SOCKET_PATH_MAX);
	if (*text != '\0' && *text != '/' && !is_host_port(text))
		return "is neither an absolute path nor host:port with a port "
		    "of 1 to 65535; write /path/to.sock, host:port or "
		    "[host]:port";
	return check_length(a, row, text);
}

static const char *
check_target(struct arena *a, const struct config_row *row, const char *text)
{
	if (strcmp(text, "stderr") == 0 || strcmp(text, "syslog") == 0)
		return NULL;
	if (*text != '\0' && *text != '/')
		return "is no place for a log; write an absolute path, stderr "
		    "or syslog";
	return check_length(a, row, text);
}

static const char *
check_level(struct arena *a, const struct config_row *row, const char *text)
{
	enum log_level level;

	(void)a;
	(void)row;
	if (!log_level_parse(text, &level))
		return "is no log level; write debug, info, warn or error";
	return NULL;
}

static bool
is_one_of(const char *text, const char *const *known, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (strcmp(text, known[i]) == 0)
			return true;
	return false;
}

static const char *
check_tls(struct arena *a, const struct config_row *row, const char *text)
{
	static const char *const known[] = { "", "off", "required", "verify" };

	(void)a;
	(void)row;
	return is_one_of(text, known, NELEM(known)) ? NULL :
	    "is no kind of TLS; write off, required or verify";
}

static const char *
check_asked(struct arena *a, const struct config_row *row, const char *text)
{
	static const char *const known[] = { "actor", "owner", "both" };

	(void)a;
	(void)row;
	return is_one_of(text, known, NELEM(known)) ? NULL :
	    "names nobody who is asked; write actor, owner or both";
}

static const char *
check_role(struct arena *a, const struct config_row *row, const char *text)
{
	enum role role;

	(void)a;
	(void)row;
	if (*text != '\0' && !role_parse(text, &role))
		return "is no role; write user, viewer, clerk or admin";
	return NULL;
}

/*
 * Reading and storing the values of a type. Texts are stored unchanged after
 * check has found no error; numbers are read with base and units.
 */
struct kind {
	check_fn *check; /* NULL: a number */
	int base;
	const struct unit *units;
	const char *expected;
};

static const struct kind kinds[] = {
	[CONFIG_STRING] = { check_length, 0, NULL, NULL },
	[CONFIG_PATH] = { check_path, 0, NULL, NULL },
	[CONFIG_ADDRESS] = { check_address, 0, NULL, NULL },
	[CONFIG_TARGET] = { check_target, 0, NULL, NULL },
	[CONFIG_LEVEL] = { check_level, 0, NULL, NULL },
	[CONFIG_ROLE] = { check_role, 0, NULL, NULL },
	[CONFIG_TLS] = { check_tls, 0, NULL, NULL },
	[CONFIG_ASKED] = { check_asked, 0, NULL, NULL },
	[CONFIG_INTEGER] = { NULL, 10, no_units, "write digits only" },
	[CONFIG_MODE] = { NULL, 8, no_units,
	    "write octal digits, such as 0660" },
	[CONFIG_SECONDS] = { NULL, 10, time_units,
	    "write digits and one of s, m, h or d, such as 30s" },
	[CONFIG_BYTES] = { NULL, 10, byte_units,
	    "write digits and perhaps one of K, M or G, such as 32M" },
};

static int64_t
unit_factor(const struct unit *units, const char *suffix)
{
	if (*suffix == '\0')
		return 1;
	for (; units->letter != '\0'; units++)
		if (suffix[0] == units->letter && suffix[1] == '\0')
			return units->factor;
	return 0;
}

static const char *
read_number(struct arena *a, const struct config_row *row, const char *text,
    int64_t *out)
{
	const struct kind *kind = &kinds[row->type];
	bool overflow;
	int64_t factor, value;
	char *end;

	if (*text < '0' || *text > '9')
		return arena_printf(a, "is not a number; %s", kind->expected);
	errno = 0;
	value = strtoll(text, &end, kind->base);
	overflow = errno == ERANGE;
	factor = unit_factor(kind->units, end);
	if (factor == 0)
		return arena_printf(a, "does not end as a number should, but "
		    "with '%s'; %s", end, kind->expected);
	if (overflow || __builtin_mul_overflow(value, factor, &value) ||
	    value < row->min || value > row->max)
		return arena_printf(a, "is out of bounds; the least is %s, "
		    "the most %s", number_bound(a, row, row->min),
		    number_bound(a, row, row->max));
	*out = value;
	return NULL;
}

static int64_t *
number_of(struct config *c, const struct config_row *row)
{
	return (int64_t *)(void *)((char *)c + row->offset);
}

const char **
config_value_text(struct config *c, const struct config_row *row)
{
	return (const char **)(void *)((char *)c + row->offset);
}

const char *
config_value_set(struct arena *a, struct config *c,
    const struct config_row *row, const char *text)
{
	const struct kind *kind = &kinds[row->type];
	const char *wrong;

	if (kind->check == NULL)
		return read_number(a, row, text, number_of(c, row));
	wrong = kind->check(a, row, text);
	if (wrong == NULL)
		*config_value_text(c, row) = arena_strdup(a, text);
	return wrong;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
print_number(const struct config_row *row, int64_t value, FILE *out)
{
	const struct unit *unit = kinds[row->type].units;

	if (row->type == CONFIG_MODE) {
		fprintf(out, "%04llo", (unsigned long long)value);
		return;
	}
	/* The largest unit without a remainder; 0 needs none. */
	while (unit->letter != '\0' && value % unit->factor != 0)
		unit++;
	if (value == 0 || unit->letter == '\0')
		fprintf(out, "%lld", (long long)value);
	else
		fprintf(out, "%lld%c", (long long)(value / unit->factor),
		    unit->letter);
}

/* Prints quotes if reading the value back would otherwise change it. */
static void
print_text(const char *text, FILE *out)
{
	size_t length = strlen(text);
	bool quoted = length > 0 && (*text == '"' || is_blank(*text) ||
	    is_blank(text[length - 1]));

	fprintf(out, quoted ? "\"%s\"" : "%s", text);
}

void
config_value_print(const struct config *c, const struct config_row *row,
    FILE *out)
{
	struct config copy = *c;
	const char *text;

	if (kinds[row->type].check == NULL) {
		print_number(row, *number_of(&copy, row), out);
		return;
	}
	text = *config_value_text(&copy, row);
	if (row->key.secret && *text != '\0')
		text = MASK;
	print_text(text, out);
}

bool
config_same(const struct config *x, const struct config *y, size_t index)
{
	const struct config_row *row = config_row(index);
	struct config first = *x, second = *y;

	if (kinds[row->type].check == NULL)
		return *number_of(&first, row) == *number_of(&second, row);
	return strcmp(*config_value_text(&first, row),
	    *config_value_text(&second, row)) == 0;
}
