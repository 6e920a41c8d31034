/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells public network addresses from others. Pure. */
#ifndef REEVE_COURIER_ADDRESS_H
#define REEVE_COURIER_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * True for an address of the public network. False for this host, private,
 * link-local and carriers' shared networks, multicast, documentation,
 * benchmarks, reserved networks, IPv6 forms of such an IPv4 address, and
 * anything that is not an IP address.
 */
bool address_is_public(const struct sockaddr *address);

#endif
