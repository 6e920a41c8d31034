/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/client.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Without the zone that follows a link-local address ("fe80::1%eth0"). */
static bool
parse(const char *text, struct in6_addr *v6, struct in_addr *v4, bool *is_v4)
{
	char address[INET6_ADDRSTRLEN];
	size_t n = strcspn(text, "%");

	if (n >= sizeof(address))
		return false;
	memcpy(address, text, n);
	address[n] = '\0';
	*is_v4 = inet_pton(AF_INET, address, v4) == 1;
	if (*is_v4)
		return true;
	if (inet_pton(AF_INET6, address, v6) != 1)
		return false;
	*is_v4 = IN6_IS_ADDR_V4MAPPED(v6);
	if (*is_v4)
		memcpy(v4, v6->s6_addr + 12, sizeof(*v4));
	return true;
}

void
client_of(const char *remote_addr, struct client *client)
{
	char prefix[INET6_ADDRSTRLEN];
	struct in6_addr v6;
	struct in_addr v4;
	bool is_v4;

	if (remote_addr == NULL || !parse(remote_addr, &v6, &v4, &is_v4)) {
		strcpy(client->address, "-");
		strcpy(client->network, "unknown");
	} else if (is_v4) {
		inet_ntop(AF_INET, &v4, client->address,
		    sizeof(client->address));
		strcpy(client->network, client->address);
	} else {
		inet_ntop(AF_INET6, &v6, client->address,
		    sizeof(client->address));
		memset(v6.s6_addr + 8, 0, 8);
		inet_ntop(AF_INET6, &v6, prefix, sizeof(prefix));
		snprintf(client->network, sizeof(client->network), "%s/64",
		    prefix);
	}
}
