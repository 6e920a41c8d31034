/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/formula.h"

#include <string.h>

bool
is_formula(const char *text)
{
	text += strspn(text, "'");
	if (*text == '\0' || strchr("=+-@\t\r", *text) == NULL)
		return false;
	text++;
	return text[strspn(text, "0123456789 .,")] != '\0';
}
