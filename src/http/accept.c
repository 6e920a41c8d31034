/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/accept.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The offered types, best first; JSON stands for any wildcard. */
static const struct offer {
	const char *type;
	enum format format;
} offers[] = {
	{ "application/json", FORMAT_JSON },
	{ "application/x-json", FORMAT_JSON },
	{ "application/problem+json", FORMAT_JSON },
	{ "text/csv", FORMAT_CSV },
	{ "application/octet-stream", FORMAT_CSV },
	{ "text/comma-separated-values", FORMAT_CSV },
};

/* One element of an Accept header. */
struct range {
	const char *type;
	size_t length;
	int quality; /* thousandths */
};

/* Reads "q=0.5" in thousandths, without floating point. */
static int
quality_of(const char *parameters, size_t length)
{
	const char *q = parameters, *end = parameters + length;
	int value, scale = 100;

	for (; q + 2 < end; q++)
		if ((q[0] == 'q' || q[0] == 'Q') && q[1] == '=' &&
		    (q == parameters || strchr("; \t", q[-1]) != NULL))
			break;
	if (q + 2 >= end)
		return 1000;
	q += 2;
	value = *q == '1' ? 1000 : 0;
	if (q + 1 < end && q[1] == '.')
		for (q += 2; q < end && *q >= '0' && *q <= '9'; q++, scale /= 10)
			value += (*q - '0') * scale;
	return value > 1000 ? 1000 : value;
}

/* Reads the next element of the header; false at its end. */
static bool
next_range(const char **header, struct range *out)
{
	const char *p = *header + strspn(*header, ", \t");
	size_t length = strcspn(p, ",");

	if (length == 0)
		return false;
	out->type = p;
	out->length = strcspn(p, ";, \t");
	out->quality = quality_of(p + out->length, length - out->length);
	*header = p + length;
	return true;
}

/* Ranks the match of range and type: 3 exact, 2 family, 1 wildcard. */
static int
match(const struct range *r, const char *type)
{
	size_t family = strcspn(type, "/") + 1;

	if (r->length == strlen(type) && strncasecmp(r->type, type, r->length) == 0)
		return 3;
	if (r->length == family + 1 && r->type[family] == '*' &&
	    strncasecmp(r->type, type, family) == 0)
		return 2;
	return (r->length == 3 && strncmp(r->type, "*/*", 3) == 0) ||
	    (r->length == 1 && r->type[0] == '*');
}

/* Returns the quality of the most exact range; 0: not acceptable. */
static int
quality_for(const char *header, const char *type)
{
	int best = 0, quality = 0, exactness;
	struct range r;

	while (next_range(&header, &r)) {
		exactness = match(&r, type);
		if (exactness > best) {
			best = exactness;
			quality = r.quality;
		}
	}
	return quality;
}

static bool
parameter_format(const char *parameter, enum format *out)
{
	size_t i;

	for (i = 0; i < NELEM(offers); i++)
		if (strcasecmp(parameter, offers[i].type) == 0 ||
		    (strcasecmp(parameter, "csv") == 0 &&
		    offers[i].format == FORMAT_CSV) ||
		    (strcasecmp(parameter, "json") == 0 &&
		    offers[i].format == FORMAT_JSON)) {
			*out = offers[i].format;
			return true;
		}
	return false;
}

bool
accept_format(const char *header, const char *parameter, enum format *out)
{
	int best = 0, quality;
	size_t i;

	*out = FORMAT_JSON;
	if (parameter != NULL)
		return parameter_format(parameter, out);
	if (header == NULL || header[strspn(header, ", \t")] == '\0')
		return true;
	for (i = 0; i < NELEM(offers); i++) {
		quality = quality_for(header, offers[i].type);
		if (quality > best) {
			best = quality;
			*out = offers[i].format;
		}
	}
	return best > 0;
}

bool
accept_wants_problem_json(const char *header)
{
	struct range r;

	while (header != NULL && next_range(&header, &r))
		if (match(&r, "application/problem+json") == 3 && r.quality > 0)
			return true;
	return false;
}
