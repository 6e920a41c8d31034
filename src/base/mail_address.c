/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/mail_address.h"

#include <stddef.h>
#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

#define LOCAL_MAX 64 /* bytes, as SMTP has it */
#define WHOLE_MAX 254
#define LABEL_MAX 63

static bool
is_local_part(const char *text, size_t length)
{
	static const char signs[] = LETTERS DIGITS "!#$%&'*+/=?^_`{|}~-.";

	return length > 0 && length <= LOCAL_MAX && text[0] != '.' &&
	    text[length - 1] != '.' && strspn(text, signs) == length;
}

static bool
is_label(const char *text, size_t length)
{
	return length > 0 && length <= LABEL_MAX && text[0] != '-' &&
	    text[length - 1] != '-' &&
	    strspn(text, LETTERS DIGITS "-") == length;
}

static bool
is_domain(const char *text)
{
	size_t length;

	for (;; text += length + 1) {
		length = strcspn(text, ".");
		if (!is_label(text, length))
			return false;
		if (text[length] == '\0')
			return true;
	}
}

bool
is_mail_address(const char *text)
{
	const char *at = strrchr(text, '@');

	return at != NULL && strlen(text) <= WHOLE_MAX &&
	    is_local_part(text, (size_t)(at - text)) && is_domain(at + 1);
}
