/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/mail_address.h"

#include <stddef.h>
#include <string.h>

#include "base/domain.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

#define LOCAL_MAX 64 /* bytes, as SMTP has it */
#define WHOLE_MAX 254

static bool
is_local_part(const char *text, size_t length)
{
	static const char signs[] = LETTERS DIGITS "!#$%&'*+/=?^_`{|}~-.";

	return length > 0 && length <= LOCAL_MAX && text[0] != '.' &&
	    text[length - 1] != '.' && strspn(text, signs) == length;
}

bool
is_mail_address(const char *text)
{
	const char *at = strrchr(text, '@');

	return at != NULL && strlen(text) <= WHOLE_MAX &&
	    is_local_part(text, (size_t)(at - text)) && domain_is_name(at + 1);
}
