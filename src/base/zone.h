/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments that are written in the local time of a place. */
#ifndef REEVE_BASE_ZONE_H
#define REEVE_BASE_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

/* Does the system know a time zone of this name (Europe/Berlin, UTC)? */
bool zone_known(const char *zone);

/* The same; where the system has no time zones, true for all that could be. */
bool zone_may_be(const char *zone);

/*
 * The moment, in Gregorian seconds, of "YYYY-MM-DD hh:mm" in a time zone. Of two
 * that the end of summer time repeats it is either; one that summer time leaves
 * out moves by the hour. False: another form, no such day, or an unknown zone.
 */
bool zone_moment(const char *zone, const char *text, int64_t *out) MUSTCHECK;

#endif
