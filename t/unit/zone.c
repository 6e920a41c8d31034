/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/zone.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/attr.h"
#include "base/gregorian.h"

Test(zone, local_times_are_moments)
{
	static const struct {
		const char *zone, *text, *moment; /* NULL: it is none */
	} cases[] = {
		{ "UTC", "2027-06-24 12:00", "2027-06-24 12:00:00" },
		{ "America/Los_Angeles", "2027-06-24 12:00",
		  "2027-06-24 19:00:00" },
		{ "America/Los_Angeles", "2027-01-24 12:00",
		  "2027-01-24 20:00:00" },
		{ "Europe/Berlin", "2027-06-24 00:30", "2027-06-23 22:30:00" },
		{ "Asia/Kolkata", "2027-06-24 12:00", "2027-06-24 06:30:00" },
		{ "Mars/Phobos", "2027-06-24 12:00", NULL },
		{ "../../../etc/passwd", "2027-06-24 12:00", NULL },
		{ "America/", "2027-06-24 12:00", NULL },
		{ "", "2027-06-24 12:00", NULL },
		{ "UTC", "2027-02-30 12:00", NULL },
		{ "UTC", "2027-06-24", NULL },
		{ "UTC", "2027-06-24 12:00:00", NULL },
		{ "UTC", "24 June 2027 at 8", NULL },
	};
	int64_t moment, expected;
	bool is;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		moment = expected = 0;
		is = zone_moment(cases[i].zone, cases[i].text, &moment);
		cr_expect_eq(is, cases[i].moment != NULL, "%s in %s",
		    cases[i].text, cases[i].zone);
		if (!is || cases[i].moment == NULL)
			continue;
		cr_assert(gregorian_parse_moment(cases[i].moment, &expected));
		cr_expect_eq(moment, expected, "%s in %s: %lld",
		    cases[i].text, cases[i].zone, (long long)moment);
	}
}

Test(zone, the_zone_of_the_process_stays)
{
	int64_t moment;

	setenv("TZ", "Europe/Berlin", 1);
	cr_assert(zone_moment("Asia/Kolkata", "2027-06-24 12:00", &moment));
	cr_expect_str_eq(getenv("TZ"), "Europe/Berlin");
	unsetenv("TZ");
	cr_assert(zone_moment("Asia/Kolkata", "2027-06-24 12:00", &moment));
	cr_expect_null(getenv("TZ"));
}
