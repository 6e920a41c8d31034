/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Public network addresses, other ones, and the hosts of URLs. Pure. */
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

/*
 * Why a URL that the rule of schemas accepts ("http://HOST..." without a user) is
 * not delivered to: its host is an address that is not public, however it is
 * written, or a name that the public network does not have, such as localhost;
 * its port is none. The words continue "The address". NULL: names are to be
 * resolved to know. private_allowed: only what no delivery accepts is refused.
 */
const char *address_refusal(struct arena *a, const char *url,
    bool private_allowed);

/* The host of a URL as "NAME:PORT", in lower case; the arena's. url may be NULL
 * or no URL: then it is a text that is the same for the same URL. */
const char *address_host(struct arena *a, const char *url);

#endif
