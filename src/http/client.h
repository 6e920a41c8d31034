/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The client of a request, as logs name it and limits count it. Pure. */
#ifndef REEVE_HTTP_CLIENT_H
#define REEVE_HTTP_CLIENT_H

#include <netinet/in.h>

#define CLIENT_NETWORK_SIZE (INET6_ADDRSTRLEN + 4)

struct client {
	/* In its shortest form; an IPv4 address mapped into IPv6 as IPv4;
	 * "-": it is not an address. */
	char address[INET6_ADDRSTRLEN];
	/* A customer of a provider has one: an IPv4 address, the first 64 bits
	 * of an IPv6 address ("2001:db8::/64"), or "unknown". */
	char network[CLIENT_NETWORK_SIZE];
};

/* remote_addr: REMOTE_ADDR of the web server; NULL: it was not sent. */
void client_of(const char *remote_addr, struct client *client);

#endif
