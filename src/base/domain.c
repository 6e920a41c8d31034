/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/domain.h"

#include <stddef.h>
#include <string.h>

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

#define LABEL_MAX 63 /* bytes, as DNS has it */
#define NAME_MAX_BYTES 253

static bool
is_label(const char *text, size_t length)
{
	return length > 0 && length <= LABEL_MAX && text[0] != '-' &&
	    text[length - 1] != '-' &&
	    strspn(text, LETTERS CAPITALS DIGITS "-") == length;
}

bool
domain_is_name(const char *text)
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

/* A name that ends with a number is an IPv4 address, or none; "0x" begins one,
 * too. */
static bool
is_number(const char *label)
{
	if (strncmp(label, "0x", 2) == 0)
		return label[2 + strspn(label + 2, DIGITS "abcdef")] == '\0';
	return label[strspn(label, DIGITS)] == '\0';
}

bool
domain_is_site(const char *text)
{
	const char *last = strrchr(text, '.');

	return last != NULL && strlen(text) <= NAME_MAX_BYTES &&
	    domain_is_name(text) && !is_number(last + 1);
}

const char *
domain_normal(struct arena *a, const char *text)
{
	const char *name = arena_lower(a, text);
	size_t length = strlen(name);

	return length > 0 && name[length - 1] == '.' ?
	    arena_strndup(a, name, length - 1) : name;
}

const char *
domain_of_url(struct arena *a, const char *url)
{
	const char *begin = strstr(url, "://");
	const char *host, *port;
	size_t length;

	if (begin == NULL || (strncmp(url, "http://", 7) != 0 &&
	    strncmp(url, "https://", 8) != 0))
		return "";
	host = arena_lower(a, arena_strndup(a, begin + 3,
	    strcspn(begin + 3, "/?#")));
	length = strspn(host, LETTERS DIGITS ".-");
	port = host + length;
	if (port[0] == ':')
		port += 1 + strspn(port + 1, DIGITS);
	return *port == '\0' ? arena_strndup(a, host, length) : "";
}
