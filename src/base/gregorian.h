/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time as the API has it: Gregorian seconds, UTC, counted from the year 0.
 * Days are UTC days.
 */
#ifndef REEVE_BASE_GREGORIAN_H
#define REEVE_BASE_GREGORIAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/attr.h"

#define GREGORIAN_UNIX_EPOCH INT64_C(62167219200)
#define GREGORIAN_DAY INT64_C(86400)
#define GREGORIAN_MAX INT64_C(315569519999) /* 9999-12-31T23:59:59 */

#define GREGORIAN_DAY_SIZE 11   /* "YYYY-MM-DD" */
#define GREGORIAN_MONTH_SIZE 7  /* "YYYYMM" */
#define GREGORIAN_ISO_SIZE 21   /* "YYYY-MM-DDTHH:MM:SSZ" */

/* Now, in Gregorian seconds. */
int64_t gregorian_now(void);

/*
 * The calendar forms of a moment between 0 and GREGORIAN_MAX (others are
 * clamped to that range).
 */
void gregorian_day(int64_t seconds, char text[GREGORIAN_DAY_SIZE]);
void gregorian_month(int64_t seconds, char text[GREGORIAN_MONTH_SIZE]);
void gregorian_iso8601(int64_t seconds, char text[GREGORIAN_ISO_SIZE]);

/*
 * The number of the day (day 0 = 0000-01-01), and its first second; moments
 * are clamped alike.
 */
int64_t gregorian_day_number(int64_t seconds);
int64_t gregorian_day_start(int64_t seconds);

/* The first second of the month seconds is in, and of the one after it. */
int64_t gregorian_month_start(int64_t seconds);
int64_t gregorian_next_month(int64_t seconds);

/* Reads "YYYY-MM-DD" of a day that exists; *out is its first second. */
bool gregorian_parse_day(const char *text, int64_t *out) MUSTCHECK;

/*
 * Reads "YYYY-MM-DD", which may be followed by T, t or a blank and "hh:mm:ss",
 * a fraction (".5" or ",5", which is left out), and the offset from UTC: "Z",
 * "+hh:mm", "+hhmm" or "+hh", perhaps behind a blank. Without one it is UTC. A
 * second of 60 is that after 59.
 */
bool gregorian_parse_moment(const char *text, int64_t *out) MUSTCHECK;

#endif
