/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/utf8.h"

#include <string.h>

#include "base/attr.h"

/*
 * The second bytes that each kind of lead byte allows. This alone excludes
 * overlong forms, surrogates and characters beyond U+10FFFF.
 */
static const struct lead {
	unsigned char first, last;
	unsigned char second_min, second_max;
	unsigned char length;
} leads[] = {
	{ 0x00, 0x7f, 0x00, 0x00, 1 },
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 },
	{ 0xed, 0xed, 0x80, 0x9f, 3 },
	{ 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 },
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 },
	{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static const struct lead *
lead_find(unsigned char c)
{
	size_t i;

	for (i = 0; i < NELEM(leads); i++)
		if (c >= leads[i].first && c <= leads[i].last)
			return &leads[i];
	return NULL;
}

size_t
utf8_length(const char *bytes, size_t left)
{
	const unsigned char *c = (const unsigned char *)bytes;
	const struct lead *lead;
	size_t i;

	if (left == 0)
		return 0;
	lead = lead_find(c[0]);
	if (lead == NULL || lead->length > left)
		return 0;
	if (lead->length > 1 &&
	    (c[1] < lead->second_min || c[1] > lead->second_max))
		return 0;
	for (i = 2; i < lead->length; i++)
		if ((c[i] & 0xc0) != 0x80)
			return 0;
	return lead->length;
}

bool
utf8_is_valid(const char *text)
{
	size_t left = strlen(text), length;

	for (; left > 0; text += length, left -= length)
		if ((length = utf8_length(text, left)) == 0)
			return false;
	return true;
}

size_t
utf8_characters(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += ((unsigned char)*text & 0xc0) != 0x80;
	return n;
}
