/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/ids.h"

#include <stddef.h>

#include "base/gregorian.h"
#include "base/secret.h"

#define TAIL_MAX 57 /* bytes after the '-' of a document id */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_tail(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
}

void
id_new(char id[ID_SIZE])
{
	unsigned char bytes[ID_LENGTH / 2];

	secret_random(bytes, sizeof(bytes));
	secret_hex(bytes, sizeof(bytes), id);
}

void
id_new_in_month(int64_t seconds, char id[MONTH_ID_SIZE])
{
	gregorian_month(seconds, id);
	id[GREGORIAN_MONTH_SIZE - 1] = '-';
	id_new(id + GREGORIAN_MONTH_SIZE);
}

bool
id_valid(const char *id)
{
	size_t i;

	for (i = 0; i < ID_LENGTH; i++)
		if (!is_digit(id[i]) && !(id[i] >= 'a' && id[i] <= 'f'))
			return false;
	return id[ID_LENGTH] == '\0';
}

bool
id_month_valid(const char *id)
{
	size_t digits = 0, tail = 0;

	while (is_digit(id[digits]))
		digits++;
	if ((digits != 6 && digits != 4) || id[digits] != '-')
		return false;
	id += digits + 1;
	while (is_tail(id[tail]))
		tail++;
	return id[tail] == '\0' && tail >= 1 && tail <= TAIL_MAX;
}
