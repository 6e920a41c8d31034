/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/gregorian.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define UNIX(seconds) (GREGORIAN_UNIX_EPOCH + INT64_C(seconds))

static const struct {
	int64_t seconds;
	const char *iso;
} moments[] = {
	{ 0, "0000-01-01T00:00:00Z" },
	{ 1, "0000-01-01T00:00:01Z" },
	{ 86399, "0000-01-01T23:59:59Z" },
	{ 86400, "0000-01-02T00:00:00Z" },
	{ 59 * GREGORIAN_DAY, "0000-02-29T00:00:00Z" },
	{ 60 * GREGORIAN_DAY, "0000-03-01T00:00:00Z" },
	{ 365 * GREGORIAN_DAY, "0000-12-31T00:00:00Z" },
	{ 366 * GREGORIAN_DAY, "0001-01-01T00:00:00Z" },
	{ UNIX(-2203891200), "1900-03-01T00:00:00Z" },
	{ UNIX(-2203891201), "1900-02-28T23:59:59Z" },
	{ UNIX(-1), "1969-12-31T23:59:59Z" },
	{ UNIX(0), "1970-01-01T00:00:00Z" },
	{ UNIX(86399), "1970-01-01T23:59:59Z" },
	{ UNIX(951782400), "2000-02-29T00:00:00Z" },
	{ UNIX(951868799), "2000-02-29T23:59:59Z" },
	{ UNIX(951868800), "2000-03-01T00:00:00Z" },
	{ INT64_C(63721540230), "2019-04-03T19:50:30Z" },
	{ UNIX(2147483648), "2038-01-19T03:14:08Z" },
	{ UNIX(4107542400), "2100-03-01T00:00:00Z" },
	{ GREGORIAN_MAX, "9999-12-31T23:59:59Z" },
	/* clamped */
	{ -1, "0000-01-01T00:00:00Z" },
	{ INT64_MIN, "0000-01-01T00:00:00Z" },
	{ GREGORIAN_MAX + 1, "9999-12-31T23:59:59Z" },
	{ INT64_MAX, "9999-12-31T23:59:59Z" },
};

Test(gregorian, calendar_forms)
{
	char iso[GREGORIAN_ISO_SIZE], day[GREGORIAN_DAY_SIZE];
	char month[GREGORIAN_MONTH_SIZE];
	size_t i;

	for (i = 0; i < NELEM(moments); i++) {
		const char *expected = moments[i].iso;

		gregorian_iso8601(moments[i].seconds, iso);
		cr_expect_str_eq(iso, expected, "%s gave %s", expected, iso);
		gregorian_day(moments[i].seconds, day);
		cr_expect_eq(strncmp(day, expected, 10), 0, "%s gave %s",
		    expected, day);
		cr_expect_eq(strlen(day), 10, "%s", expected);
		gregorian_month(moments[i].seconds, month);
		cr_expect_eq(strncmp(month, expected, 4), 0, "%s gave %s",
		    expected, month);
		cr_expect_eq(strncmp(month + 4, expected + 5, 2), 0,
		    "%s gave %s", expected, month);
		cr_expect_eq(strlen(month), 6, "%s", expected);
	}
}

/* Compared with libc's calendar, for every day. */
Test(gregorian, every_day_agrees_with_libc)
{
	char ours[GREGORIAN_DAY_SIZE], theirs[64];
	int64_t day, start, seconds;
	struct tm tm;
	time_t t;

	for (day = 0; day * GREGORIAN_DAY <= GREGORIAN_MAX; day++) {
		seconds = day * GREGORIAN_DAY;
		t = (time_t)(seconds - GREGORIAN_UNIX_EPOCH);
		cr_assert_not_null(gmtime_r(&t, &tm));
		snprintf(theirs, sizeof(theirs), "%04d-%02d-%02d",
		    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
		gregorian_day(seconds + day % GREGORIAN_DAY, ours);
		if (strcmp(ours, theirs) != 0)
			cr_assert_fail("day %" PRId64 ": %s, not %s", day,
			    ours, theirs);
		if (!gregorian_parse_day(ours, &start) || start != seconds)
			cr_assert_fail("%s is not read back", ours);
	}
	cr_assert_eq(day, 3652425);
}

Test(gregorian, day_numbers_and_starts)
{
	static const struct {
		int64_t seconds, number;
	} rows[] = {
		{ 0, 0 }, { 86399, 0 }, { 86400, 1 }, { 172799, 1 },
		{ UNIX(0), 719528 }, { UNIX(86399), 719528 },
		{ UNIX(-1), 719527 }, { GREGORIAN_MAX, 3652424 },
		{ -1, 0 }, { INT64_MIN, 0 }, { INT64_MAX, 3652424 },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		cr_expect_eq(gregorian_day_number(rows[i].seconds),
		    rows[i].number, "%" PRId64, rows[i].seconds);
		cr_expect_eq(gregorian_day_start(rows[i].seconds),
		    rows[i].number * GREGORIAN_DAY, "%" PRId64,
		    rows[i].seconds);
	}
}

Test(gregorian, months_start_and_end)
{
	static const struct {
		const char *day, *start, *next;
	} rows[] = {
		{ "0000-01-31", "0000-01-01", "0000-02-01" },
		{ "2024-02-29", "2024-02-01", "2024-03-01" },
		{ "2026-02-28", "2026-02-01", "2026-03-01" },
		{ "2026-12-01", "2026-12-01", "2027-01-01" },
		{ "2026-12-31", "2026-12-01", "2027-01-01" },
	};
	int64_t day, start, next;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		cr_assert(gregorian_parse_day(rows[i].day, &day));
		cr_assert(gregorian_parse_day(rows[i].start, &start));
		cr_assert(gregorian_parse_day(rows[i].next, &next));
		day += GREGORIAN_DAY - 1;
		cr_expect_eq(gregorian_month_start(day), start, "%s",
		    rows[i].day);
		cr_expect_eq(gregorian_next_month(day), next, "%s",
		    rows[i].day);
	}
	cr_expect_eq(gregorian_next_month(GREGORIAN_MAX), GREGORIAN_MAX + 1);
}

Test(gregorian, parse_day_takes_days_that_exist)
{
	static const struct {
		const char *text;
		int64_t start;
	} rows[] = {
		{ "0000-01-01", 0 },
		{ "0000-02-29", 59 * GREGORIAN_DAY },
		{ "1970-01-01", UNIX(0) },
		{ "2000-02-29", UNIX(951782400) },
		{ "2019-04-03", INT64_C(63721540230) - 71430 },
		{ "2024-02-29", UNIX(1709164800) },
		{ "9999-12-31", GREGORIAN_MAX - 86399 },
	};
	int64_t start;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		start = -77;
		cr_expect(gregorian_parse_day(rows[i].text, &start), "%s",
		    rows[i].text);
		cr_expect_eq(start, rows[i].start, "%s gave %" PRId64,
		    rows[i].text, start);
	}
}

Test(gregorian, parse_day_refuses_everything_else)
{
	static const char *const rows[] = {
		"", "2019", "2019-04", "2019-4-3", "2019-04-3", "19-04-03",
		"2019-04-03 ", " 2019-04-03", "2019-04-03T", "2019-04-031",
		"2019/04/03", "20190403", "+019-04-03", "-001-04-03",
		"2019-00-03", "2019-13-03", "2019-04-00", "2019-04-31",
		"2019-02-29", "1900-02-29", "2100-02-29", "2000-02-30",
		"2019-06-31", "2019-09-31", "2019-11-31", "2019-12-32",
		"2019-1a-03", "20a9-04-03", "10000-01-01", "2019-04--3",
	};
	int64_t start = -77;
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_not(gregorian_parse_day(rows[i], &start), "\"%s\"",
		    rows[i]);
	cr_expect_eq(start, -77);
}

Test(gregorian, now_is_the_time_of_the_system)
{
	int64_t now = gregorian_now(), t = (int64_t)time(NULL);

	cr_expect_leq(now - GREGORIAN_UNIX_EPOCH, t);
	cr_expect_geq(now - GREGORIAN_UNIX_EPOCH, t - 5);
}

static const struct {
	const char *text;
	int64_t after; /* the beginning of the day in UTC, in seconds */
} read_moments[] = {
	{ "2026-11-01", 0 },
	{ "2026-11-01 10:00:00", 36000 },
	{ "2026-11-01T10:00:00Z", 36000 },
	{ "2026-11-01t10:00:00z", 36000 },
	{ "2026-11-01T10:00:00.999Z", 36000 },
	{ "2026-11-01 10:00:00,5", 36000 },
	{ "2026-11-01T10:00:00+02:00", 28800 },
	{ "2026-11-01T10:00:00.25-0330", 48600 },
	{ "2026-11-01 10:00:00 +05", 18000 },
	{ "2026-11-01T00:30:00+01:00", -1800 },
	{ "2026-11-01 10:00:00 Z", 36000 },
	{ "2026-11-01 23:59:60", 86400 },
};

static const char *const no_moments[] = {
	"", "x", "2026-11-1", "2026-13-01", "2026-11-01T", "2026-11-01 10:00",
	"2026-11-01 +1:+2:+3", "2026-11-01 10:00:00.", "2026-11-01 10:00:00.x",
	"2026-11-01 24:00:00", "2026-11-01 10:60:00", "2026-11-01 10:00:61",
	"2026-11-01 10:00:00+", "2026-11-01 10:00:00+2", "2026-11-01 10:00:00+02:",
	"2026-11-01 10:00:00+19:00", "2026-11-01 10:00:00+02:60",
	"2026-11-01 10:00:00ZZ", "2026-11-01 10:00:00 PM", "2026-11-01Z",
	"2026-11-01  10:00:00", "2026-11-01 10:00:00+02:000",
};

Test(gregorian, moments_with_fractions_and_offsets)
{
	int64_t start, moment = 7;
	size_t i;

	cr_assert(gregorian_parse_day("2026-11-01", &start));
	for (i = 0; i < NELEM(read_moments); i++) {
		cr_assert(gregorian_parse_moment(read_moments[i].text, &moment),
		    "%s", read_moments[i].text);
		cr_expect_eq(moment - start, read_moments[i].after, "%s",
		    read_moments[i].text);
	}
	moment = 7;
	for (i = 0; i < NELEM(no_moments); i++)
		cr_expect_not(gregorian_parse_moment(no_moments[i], &moment),
		    "%s", no_moments[i]);
	cr_expect_eq(moment, 7);
}
