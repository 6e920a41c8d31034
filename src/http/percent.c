/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/percent.h"

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
percent_decode(char *text, bool plus_is_space)
{
	char *out = text;
	int high, low;

	for (; *text != '\0'; text++) {
		if (*text != '%') {
			*out++ = *text == '+' && plus_is_space ? ' ' : *text;
			continue;
		}
		high = hex_digit(text[1]);
		low = high < 0 ? -1 : hex_digit(text[2]);
		if (low < 0 || high + low == 0)
			return false;
		*out++ = (char)(high * 16 + low);
		text += 2;
	}
	*out = '\0';
	return true;
}
