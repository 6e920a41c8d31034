/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/contact_check.h"

#include <string.h>

#include "base/json.h"
#include "base/mail_address.h"
#include "base/zone.h"

static bool
is_zone(const char *text)
{
	return strcmp(text, "inherit") == 0 || zone_may_be(text);
}

static bool
is_printable(const char *text)
{
	const char *c = text;

	while (*c != '\0' && (unsigned char)*c >= ' ' && *c != 0x7f)
		c++;
	return *c == '\0';
}

static const struct {
	const char *member;
	bool (*fits)(const char *text);
	const char *wanted;
} members[] = {
	{ "email", is_mail_address, "an e-mail address" },
	{ "timezone", is_zone, "a time zone, such as Europe/Berlin" },
	{ "username", is_printable, "without control characters" },
};

struct problem *
contact_check(struct arena *a, struct json_object *before,
    struct json_object *document, const char *place)
{
	struct problem *p = NULL;
	const char *new, *old;
	size_t i;

	for (i = 0; i < NELEM(members); i++) {
		new = json_string_at(document, members[i].member);
		old = json_string_at(before, members[i].member);
		if (new == NULL || new[0] == '\0' || members[i].fits(new) ||
		    (old != NULL && strcmp(old, new) == 0))
			continue;
		p = problem_also_invalid(a, p, problem_path(a, place,
		    members[i].member), "format", "The value is not %s",
		    members[i].wanted);
	}
	return p;
}
