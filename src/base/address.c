/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/attr.h"

#define IP(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

/* Networks of the registry of special addresses (RFC 6890 and its
 * successors). */
static const struct {
	uint32_t network;
	unsigned bits;
} not_public[] = {
	{ IP(0, 0, 0, 0), 8 },
	{ IP(10, 0, 0, 0), 8 },
	{ IP(100, 64, 0, 0), 10 },
	{ IP(127, 0, 0, 0), 8 },
	{ IP(169, 254, 0, 0), 16 },
	{ IP(172, 16, 0, 0), 12 },
	{ IP(192, 0, 0, 0), 24 },
	{ IP(192, 0, 2, 0), 24 },
	{ IP(192, 88, 99, 0), 24 },
	{ IP(192, 168, 0, 0), 16 },
	{ IP(198, 18, 0, 0), 15 },
	{ IP(198, 51, 100, 0), 24 },
	{ IP(203, 0, 113, 0), 24 },
	{ IP(224, 0, 0, 0), 4 },
	{ IP(240, 0, 0, 0), 4 },
};

static bool
ipv4_is_public(uint32_t address)
{
	size_t i;

	for (i = 0; i < NELEM(not_public); i++)
		if ((address ^ not_public[i].network) >>
		    (32 - not_public[i].bits) == 0)
			return false;
	return true;
}

static uint32_t
ipv4_at(const uint8_t *bytes)
{
	return IP(bytes[0], bytes[1], bytes[2], bytes[3]);
}

static bool
begins_with(const uint8_t *address, const char *bytes, size_t length)
{
	return memcmp(address, bytes, length) == 0;
}

/* Only 2000::/3 is allocated; some of its networks lead elsewhere. */
static bool
ipv6_is_public(const uint8_t address[16])
{
	/* IPv4 in IPv6: mapped, and the translator's 64:ff9b::/96. */
	if (begins_with(address, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) ||
	    begins_with(address, "\0\x64\xff\x9b\0\0\0\0\0\0\0\0", 12))
		return ipv4_is_public(ipv4_at(address + 12));
	if (begins_with(address, "\x20\x02", 2)) /* 6to4 */
		return ipv4_is_public(ipv4_at(address + 2));
	return (address[0] & 0xe0) == 0x20 &&
	    /* Teredo and others of 2001::/23, documentation. */
	    !(begins_with(address, "\x20\x01", 2) && address[2] < 2) &&
	    !begins_with(address, "\x20\x01\x0d\xb8", 4) &&
	    !(begins_with(address, "\x3f\xff", 2) && address[2] < 0x10);
}

bool
address_is_public(const struct sockaddr *address)
{
	struct sockaddr_in6 six;
	struct sockaddr_in four;

	switch (address->sa_family) {
	case AF_INET:
		memcpy(&four, address, sizeof(four));
		return ipv4_is_public(ntohl(four.sin_addr.s_addr));
	case AF_INET6:
		memcpy(&six, address, sizeof(six));
		return ipv6_is_public(six.sin6_addr.s6_addr);
	default:
		return false;
	}
}

const char *
address_host(struct arena *a, const char *url)
{
	const char *begin = url == NULL ? NULL : strstr(url, "://"), *name;
	char *host;

	if (begin == NULL)
		return url == NULL ? "" : arena_strdup(a, url);
	begin += strlen("://");
	host = arena_lower(a, arena_strndup(a, begin, strcspn(begin, "/?#")));
	name = strrchr(host, '@');
	name = name == NULL ? host : name + 1;
	/* A colon within brackets is not that of the port. */
	if (strchr(name[0] == '[' ? name + strcspn(name, "]") : name, ':') !=
	    NULL)
		return name;
	return arena_printf(a, "%s:%d", name,
	    strncasecmp(url, "https", 5) == 0 ? 443 : 80);
}

/* ---- what a URL says without being resolved ---- */

static bool
ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), n = strlen(end);

	return length >= n && strcmp(text + length - n, end) == 0;
}

/* Names for which the public network has no servers. */
static bool
is_inner_name(const char *name)
{
	static const char *const domains[] = { ".localhost", ".localdomain",
		".local", ".internal", ".intranet", ".lan", ".home.arpa",
		".test", ".invalid" };
	size_t i;

	if (strchr(name, '.') == NULL)
		return true;
	for (i = 0; i < NELEM(domains); i++)
		if (ends_with(name, domains[i]))
			return true;
	return false;
}

#define NAME_MAX_BYTES 253
#define LABEL_MAX_BYTES 63

/* A label of a name; one of another script is longer in the form that is asked
 * for, and may be longer here. */
static bool
is_label(const char *label, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if ((label[i] & 0x80) != 0)
			return true;
		else if (!isalnum((unsigned char)label[i]) &&
		    label[i] != '-' && label[i] != '_')
			return false;
	return length > 0 && length <= LABEL_MAX_BYTES;
}

/* Other names are resolved by nobody, or not taken by libcurl. A name whose last
 * label is a number would be an address, but is none. */
static bool
is_name(const char *name)
{
	struct in_addr four;
	const char *label = name, *last = name;
	size_t n;

	if (strlen(name) > NAME_MAX_BYTES)
		return false;
	for (;;) {
		n = strcspn(label, ".");
		if (!is_label(label, n))
			return false;
		last = label;
		if (label[n] == '\0')
			break;
		label += n + 1;
	}
	return last[strspn(last, "0123456789")] != '\0' ||
	    inet_aton(name, &four) != 0;
}

static const char *
six_refusal(const char *text, bool private_allowed)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET6, text, &six.sin6_addr) != 1)
		return "has no valid host";
	return private_allowed || address_is_public((struct sockaddr *)&six) ?
	    NULL : "is not a public one";
}

static const char *
host_refusal(char *host, bool private_allowed)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	size_t length = strlen(host);

	if (host[0] == '[' && host[length - 1] == ']') {
		host[length - 1] = '\0';
		return six_refusal(host + 1, private_allowed);
	}
	if (length > 0 && host[length - 1] == '.')
		host[length - 1] = '\0';
	if (!is_name(host))
		return "has no valid host";
	if (private_allowed)
		return NULL;
	/* 127.1, 0x7f.0.0.1 and 2130706433 are addresses, too. */
	if (inet_aton(host, &four.sin_addr) != 0)
		return address_is_public((struct sockaddr *)&four) ? NULL :
		    "is not a public one";
	return is_inner_name(host) ? "is not a public one" : NULL;
}

static bool
is_port(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && digits <= 5 && text[digits] == '\0' &&
	    atoi(text) > 0 && atoi(text) <= 65535;
}

const char *
address_refusal(struct arena *a, const char *url, bool private_allowed)
{
	char *host = arena_strdup(a, address_host(a, url));
	char *colon = strrchr(host, ':');
	const char *c;

	for (c = url; c != NULL && *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return "has a control character or a blank";
	if (colon == NULL || colon[strcspn(colon, "]")] == ']')
		return "has no valid host";
	*colon = '\0';
	return is_port(colon + 1) ? host_refusal(host, private_allowed) :
	    "has no valid port";
}
