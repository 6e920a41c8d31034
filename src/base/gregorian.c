/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/gregorian.h"

#include <string.h>
#include <time.h>

#define DIGITS "0123456789"

/* Days in 400 years, after which the calendar repeats. */
#define ERA_DAYS 146097

struct date {
	int year, month, day; /* month and day from 1 */
};

static const int days_before_month[2][13] = {
	{ 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 },
	{ 0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366 },
};

static int
is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Returns the days before the first of January of year, which may be 0. */
static int64_t
days_before_year(int year)
{
	int64_t y = year;

	if (y == 0)
		return 0;
	/* One more, because year 0 is a leap year. */
	return y * 365 + (y - 1) / 4 - (y - 1) / 100 + (y - 1) / 400 + 1;
}

static int64_t
clamped(int64_t seconds)
{
	if (seconds < 0)
		return 0;
	return seconds > GREGORIAN_MAX ? GREGORIAN_MAX : seconds;
}

static struct date
date_of(int64_t day_number)
{
	struct date date;
	const int *before;
	int day;

	/* A first guess, never early, sometimes a little late. */
	date.year = (int)(day_number * 400 / ERA_DAYS) + 1;
	while (days_before_year(date.year) > day_number)
		date.year--;
	day = (int)(day_number - days_before_year(date.year));
	before = days_before_month[is_leap(date.year)];
	date.month = 12;
	while (before[date.month - 1] > day)
		date.month--;
	date.day = day - before[date.month - 1] + 1;
	return date;
}

/* Writes value in exactly width digits; returns the end of the text. */
static char *
put_digits(char *text, int value, int width)
{
	int i;

	for (i = width - 1; i >= 0; i--) {
		text[i] = (char)('0' + value % 10);
		value /= 10;
	}
	return text + width;
}

static bool
take_digits(const char **text, int width, int *out)
{
	int value = 0;

	for (; width > 0; width--, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		value = value * 10 + (**text - '0');
	}
	*out = value;
	return true;
}

static bool
take_dash(const char **text)
{
	if (**text != '-')
		return false;
	(*text)++;
	return true;
}

static bool
date_exists(const struct date *date)
{
	const int *before = days_before_month[is_leap(date->year)];

	return date->month >= 1 && date->month <= 12 && date->day >= 1 &&
	    date->day <= before[date->month] - before[date->month - 1];
}

static char *
put_day(char *text, int64_t day_number)
{
	struct date date = date_of(day_number);

	text = put_digits(text, date.year, 4);
	*text++ = '-';
	text = put_digits(text, date.month, 2);
	*text++ = '-';
	return put_digits(text, date.day, 2);
}

int64_t
gregorian_now(void)
{
	return (int64_t)time(NULL) + GREGORIAN_UNIX_EPOCH;
}

void
gregorian_day(int64_t seconds, char text[GREGORIAN_DAY_SIZE])
{
	*put_day(text, gregorian_day_number(seconds)) = '\0';
}

void
gregorian_month(int64_t seconds, char text[GREGORIAN_MONTH_SIZE])
{
	struct date date = date_of(gregorian_day_number(seconds));

	text = put_digits(text, date.year, 4);
	*put_digits(text, date.month, 2) = '\0';
}

void
gregorian_iso8601(int64_t seconds, char text[GREGORIAN_ISO_SIZE])
{
	int second = (int)(clamped(seconds) % GREGORIAN_DAY);

	text = put_day(text, gregorian_day_number(seconds));
	*text++ = 'T';
	text = put_digits(text, second / 3600, 2);
	*text++ = ':';
	text = put_digits(text, second / 60 % 60, 2);
	*text++ = ':';
	text = put_digits(text, second % 60, 2);
	*text++ = 'Z';
	*text = '\0';
}

int64_t
gregorian_day_number(int64_t seconds)
{
	return clamped(seconds) / GREGORIAN_DAY;
}

int64_t
gregorian_day_start(int64_t seconds)
{
	return gregorian_day_number(seconds) * GREGORIAN_DAY;
}

int64_t
gregorian_month_start(int64_t seconds)
{
	int64_t day = gregorian_day_number(seconds);

	return (day - date_of(day).day + 1) * GREGORIAN_DAY;
}

int64_t
gregorian_next_month(int64_t seconds)
{
	int64_t day = gregorian_day_number(seconds);
	struct date date = date_of(day);
	const int *before = days_before_month[is_leap(date.year)];

	return (day - date.day + 1 + before[date.month] -
	    before[date.month - 1]) * GREGORIAN_DAY;
}

bool
gregorian_parse_day(const char *text, int64_t *out)
{
	struct date date;

	if (!take_digits(&text, 4, &date.year) || !take_dash(&text) ||
	    !take_digits(&text, 2, &date.month) || !take_dash(&text) ||
	    !take_digits(&text, 2, &date.day) || *text != '\0' ||
	    !date_exists(&date))
		return false;
	*out = GREGORIAN_DAY * (days_before_year(date.year) +
	    days_before_month[is_leap(date.year)][date.month - 1] +
	    date.day - 1);
	return true;
}

/* ---- moments ---- */

/* Reads two digits up to a greatest value. */
static bool
take_part(const char **text, int greatest, int *out)
{
	return take_digits(text, 2, out) && *out <= greatest;
}

static bool
take_char(const char **text, const char *any)
{
	if (**text == '\0' || strchr(any, **text) == NULL)
		return false;
	++*text;
	return true;
}

/* Reads "hh:mm:ss" and a fraction. */
static bool
take_clock(const char **text, int64_t *seconds)
{
	int hour, minute, second;

	if (!take_part(text, 23, &hour) || !take_char(text, ":") ||
	    !take_part(text, 59, &minute) || !take_char(text, ":") ||
	    !take_part(text, 60, &second))
		return false;
	*seconds = hour * 3600 + minute * 60 + second;
	if (!take_char(text, ".,"))
		return true;
	if (!take_char(text, DIGITS))
		return false;
	*text += strspn(*text, DIGITS);
	return true;
}

/* Reads the offset from UTC, in seconds; none is 0. */
static bool
take_offset(const char **text, int64_t *seconds)
{
	int hours, minutes = 0;
	bool behind;

	*seconds = 0;
	(void)take_char(text, " ");
	if (take_char(text, "Zz"))
		return true;
	behind = **text == '-';
	if (!take_char(text, "+-"))
		return true;
	if (!take_part(text, 18, &hours))
		return false;
	if ((take_char(text, ":") || **text != '\0') &&
	    !take_part(text, 59, &minutes))
		return false;
	*seconds = (hours * 60 + minutes) * (behind ? -60 : 60);
	return true;
}

bool
gregorian_parse_moment(const char *text, int64_t *out)
{
	char day[GREGORIAN_DAY_SIZE];
	int64_t start, clock, offset;

	if (strlen(text) < sizeof(day) - 1)
		return false;
	memcpy(day, text, sizeof(day) - 1);
	day[sizeof(day) - 1] = '\0';
	if (!gregorian_parse_day(day, &start))
		return false;
	text += sizeof(day) - 1;
	clock = offset = 0;
	if (*text != '\0' && (!take_char(&text, "Tt ") || !take_clock(&text, &clock) ||
	    !take_offset(&text, &offset) || *text != '\0'))
		return false;
	*out = start + clock - offset;
	return true;
}
