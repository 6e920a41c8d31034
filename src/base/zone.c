/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/gregorian.h"

#define ZONE_MAX 64
#define ZONES "/usr/share/zoneinfo/"

static bool
has_form(const char *zone)
{
	const char *at;

	/* Names begin with a capital, so none leads out of the folder. */
	if (zone[0] < 'A' || zone[0] > 'Z' || strlen(zone) > ZONE_MAX)
		return false;
	for (at = zone; *at != '\0'; at++)
		if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		    "0123456789_+-/", *at) == NULL)
			return false;
	return true;
}

bool
zone_known(const char *zone)
{
	char path[sizeof(ZONES) + ZONE_MAX];
	struct stat found;

	if (strcmp(zone, "UTC") == 0)
		return true;
	if (!has_form(zone))
		return false;
	snprintf(path, sizeof(path), "%s%s", ZONES, zone);
	return stat(path, &found) == 0 && S_ISREG(found.st_mode);
}

bool
zone_may_be(const char *zone)
{
	return zone_known(zone) ||
	    (!zone_known("Etc/UTC") && has_form(zone));
}

/* The offset of a zone's local time from UTC when its clocks show a time. */
static int64_t
offset_at(const char *zone, int64_t shown)
{
	const char *before = getenv("TZ");
	char *kept = before == NULL ? NULL : strdup(before);
	time_t as_utc = (time_t)(shown - GREGORIAN_UNIX_EPOCH), moment;
	struct tm local;

	gmtime_r(&as_utc, &local);
	local.tm_isdst = -1;
	setenv("TZ", zone, 1);
	tzset();
	moment = mktime(&local);
	if (kept == NULL)
		unsetenv("TZ");
	else
		setenv("TZ", kept, 1);
	tzset();
	free(kept);
	return (int64_t)(as_utc - moment);
}

bool
zone_moment(const char *zone, const char *text, int64_t *out)
{
	char whole[sizeof("YYYY-MM-DD hh:mm:00")];
	int64_t shown;

	if (strlen(text) != strlen("YYYY-MM-DD hh:mm") || !zone_known(zone))
		return false;
	snprintf(whole, sizeof(whole), "%s:00", text);
	if (!gregorian_parse_moment(whole, &shown))
		return false;
	*out = shown - offset_at(zone, shown);
	return true;
}
