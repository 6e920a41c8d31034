/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/print.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"

static const struct {
	const char *text, *line, *document;
} texts[] = {
	{ "", "", "" },
	{ "Müller & Söhne 東京", "Müller & Söhne 東京", "Müller & Söhne 東京" },
	{ "\033[2J\033]0;x\007", "\\u001b[2J\\u001b]0;x\\u0007",
	    "\\u001b[2J\\u001b]0;x\\u0007" },
	{ "a\nb\tc\rd", "a\\nb\\tc\\u000dd", "a\nb\tc\\u000dd" },
	{ "a\\nb", "a\\\\nb", "a\\nb" },
	{ "\177\302\233" "31m", "\\u007f\\u009b31m", "\\u007f\\u009b31m" },
	{ "\302\240", "\302\240", "\302\240" },
	{ "gnp.\xe2\x80\xae" "exe", "gnp.\\u202eexe", "gnp.\\u202eexe" },
	{ "a\xe2\x80\xa8\xe2\x81\xa6", "a\\u2028\\u2066", "a\\u2028\\u2066" },
	{ "\xff\xc3", "\\xff\\xc3", "\\ufffd\\ufffd" },
	{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\ufffd\\ufffd\\ufffd" },
	{ "\xf0\x9f\x99\x82", "\xf0\x9f\x99\x82", "\xf0\x9f\x99\x82" },
};

static char written[256];

static void
print(const char *format, ...) PRINTF(1, 2);

static void
print(const char *format, ...)
{
	FILE *to = fmemopen(written, sizeof(written), "w");
	va_list args;

	va_start(args, format);
	ctl_vprint(to, format, args);
	va_end(args);
	fclose(to);
}

Test(print, texts_stay_in_their_line)
{
	size_t i;

	for (i = 0; i < NELEM(texts); i++) {
		print("%s", texts[i].text);
		cr_expect_str_eq(written, texts[i].line);
	}
}

Test(print, documents_keep_their_lines)
{
	size_t i;
	FILE *to;

	for (i = 0; i < NELEM(texts); i++) {
		to = fmemopen(written, sizeof(written), "w");
		ctl_put_document(to, texts[i].text);
		fclose(to);
		cr_expect_str_eq(written, texts[i].document);
	}
}

/* Each is compared with the C library's own. */
#define SAME(...) do { \
	char expected[256]; \
	snprintf(expected, sizeof(expected), __VA_ARGS__); \
	print(__VA_ARGS__); \
	cr_expect_str_eq(written, expected); \
} while (0)

Test(print, formats_are_those_of_printf)
{
	SAME("\r\033[K100%%\n");
	SAME("%d %u %lld %zu", -5, 4000000000u, -9000000000000000000LL,
	    (size_t)7);
	SAME("%3d|%-5lld|%05d|%*d", 7, 8LL, -9, 4, 1);
	SAME("%8s|%-8s|%.2s|%*s|%.*s%s", "a", "b", "cde", 4, "", 3, "fghi", "");
	SAME("%c%c", 'x', '|');
	SAME("%lu %ld", 4000000000ul, -4000000000l);
}

Test(print, widths_count_characters)
{
	print("%-4s|%4s|", "ü", "\n");
	cr_expect_str_eq(written, "ü   |  \\n|");
}
