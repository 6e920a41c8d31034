/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "http/client.h"

#include <criterion/criterion.h>

#include "base/attr.h"

Test(client, addresses_and_what_counts_as_one_client)
{
	static const struct {
		const char *remote_addr, *address, *network;
	} rows[] = {
		{ "192.0.2.1", "192.0.2.1", "192.0.2.1" },
		{ "::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1" },
		{ "::FFFF:c000:201", "192.0.2.1", "192.0.2.1" },
		{ "2001:DB8:0:1:2:3:4:5", "2001:db8:0:1:2:3:4:5",
		    "2001:db8:0:1::/64" },
		{ "2001:db8:0:1::9", "2001:db8:0:1::9", "2001:db8:0:1::/64" },
		{ "2001:db8:0:2::9", "2001:db8:0:2::9", "2001:db8:0:2::/64" },
		{ "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
		    "ffff:ffff:ffff:ffff::/64" },
		{ "::1", "::1", "::/64" },
		{ "fe80::1%eth0", "fe80::1", "fe80::/64" },
		{ "192.0.2.1 6.6.6.6", "-", "unknown" },
		{ "192.0.2.256", "-", "unknown" },
		{ "unix:", "-", "unknown" },
		{ "", "-", "unknown" },
		{ "0000000000000000000000000000000000000000000000000000",
		    "-", "unknown" },
		{ NULL, "-", "unknown" },
	};
	struct client client;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		client_of(rows[i].remote_addr, &client);
		cr_expect_str_eq(client.address, rows[i].address, "row %zu: %s",
		    i, client.address);
		cr_expect_str_eq(client.network, rows[i].network, "row %zu: %s",
		    i, client.network);
	}
}
