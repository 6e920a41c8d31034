/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/email.h"

#include <ctype.h>
#include <string.h>

#define LOCAL_MAX 64 /* bytes before the @ */

static bool
is_local_part(const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if ((unsigned char)text[i] <= ' ' || text[i] == 0x7f ||
		    strchr("\"(),:;<>@[\\]", text[i]) != NULL)
			return false;
	return length > 0 && length <= LOCAL_MAX;
}

static bool
is_domain(const char *text)
{
	const char *c;

	for (c = text; *c != '\0'; c++)
		if (*c == '.' ? c == text || c[1] == '.' || c[1] == '\0' :
		    (*c & 0x80) == 0 && *c != '-' &&
		    !isalnum((unsigned char)*c))
			return false;
	return c > text;
}

bool
email_is_valid(const char *text)
{
	const char *at = strchr(text, '@');

	return at != NULL && is_local_part(text, (size_t)(at - text)) &&
	    is_domain(at + 1);
}
