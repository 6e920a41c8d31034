/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses of the network are anybody's to reach. Pure. */
#ifndef REEVE_COURIER_ADDRESS_H
#define REEVE_COURIER_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * Is it an address of the public network? Not so: this host, private and
 * link-local networks, carrier's shared ones, multicast, documentation and
 * benchmarks, what is reserved, IPv6 forms that hold such an IPv4 address, and
 * whatever is no IP address at all.
 */
bool address_is_public(const struct sockaddr *address);

#endif
