/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells public network addresses from others, and hosts from each other. Pure. */
#ifndef REEVE_BASE_ADDRESS_H
#define REEVE_BASE_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/arena.h"

/*
 * True for an address of the public network. False for this host, private,
 * link-local and carriers' shared networks, multicast, documentation,
 * benchmarks, reserved networks, IPv6 forms of such an IPv4 address, and
 * anything that is not an IP address.
 */
bool address_is_public(const struct sockaddr *address);

/* The host of a URL as "NAME:PORT", in lower case; the arena's. url may be NULL
 * or no URL: then it is a text that is the same for the same URL. */
const char *address_host(struct arena *a, const char *url);

#endif
