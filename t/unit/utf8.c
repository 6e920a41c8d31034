/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/utf8.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/attr.h"

/* An encoder for comparison; false if it is not a character. */
static bool
encode(unsigned long point, char text[5])
{
	memset(text, 0, 5);
	if (point < 0x80) {
		text[0] = (char)point;
	} else if (point < 0x800) {
		text[0] = (char)(0xc0 | point >> 6);
		text[1] = (char)(0x80 | (point & 0x3f));
	} else if (point < 0x10000) {
		text[0] = (char)(0xe0 | point >> 12);
		text[1] = (char)(0x80 | (point >> 6 & 0x3f));
		text[2] = (char)(0x80 | (point & 0x3f));
	} else {
		text[0] = (char)(0xf0 | point >> 18);
		text[1] = (char)(0x80 | (point >> 12 & 0x3f));
		text[2] = (char)(0x80 | (point >> 6 & 0x3f));
		text[3] = (char)(0x80 | (point & 0x3f));
	}
	return point < 0x110000 && (point < 0xd800 || point > 0xdfff);
}

Test(utf8, every_code_point)
{
	unsigned long point;
	char text[5];
	size_t length, expected;

	for (point = 1; point < 0x1fffff; point++) {
		expected = encode(point, text) ? strlen(text) : 0;
		length = utf8_length(text, strlen(text));
		if (length != expected)
			cr_assert_fail("U+%04lX: %zu, not %zu", point, length,
			    expected);
		if (expected > 1 && utf8_length(text, expected - 1) != 0)
			cr_assert_fail("U+%04lX cut short is taken", point);
	}
}

Test(utf8, broken_text)
{
	static const char *const rows[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(",
		"\xe0\x80\x80", "\xe0\x9f\xbf", "\xe2\x82", "\xe2(\xa1",
		"\xe2\x82(", "\xed\xa0\x80", "\xed\xbf\xbf",
		"\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
		"\xf0\x90\x8d", "\xf0\x90(\x88", "\xf8\x88\x80\x80\x80",
		"\xfe", "\xff",
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_eq(utf8_length(rows[i], strlen(rows[i])), 0,
		    "row %zu", i);
	cr_expect_eq(utf8_length("", 0), 0);
	cr_expect_eq(utf8_length("", 1), 1, "NUL is a character");
}

Test(utf8, whole_texts)
{
	cr_expect(utf8_is_valid(""));
	cr_expect(utf8_is_valid("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x9e"));
	cr_expect_not(utf8_is_valid("a\xff"));
	cr_expect_not(utf8_is_valid("a\xe2\x82"), "cut off");
}

Test(utf8, characters)
{
	cr_expect_eq(utf8_characters(""), 0);
	cr_expect_eq(utf8_characters("abc"), 3);
	cr_expect_eq(utf8_characters("\xc3\xa4\xe2\x82\xac\xf0\x9f\x93\x9e"), 3);
}
