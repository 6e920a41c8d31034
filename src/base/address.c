/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
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
