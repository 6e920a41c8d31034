/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/address.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "base/attr.h"

static bool
is_public(const char *text)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in four = { .sin_family = AF_INET };

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return address_is_public((const struct sockaddr *)&four);
	cr_assert_eq(inet_pton(AF_INET6, text, &six.sin6_addr), 1, "%s", text);
	return address_is_public((const struct sockaddr *)&six);
}

Test(address, public_addresses)
{
	static const char *const rows[] = {
		"1.1.1.1", "9.255.255.255", "11.0.0.0", "93.184.216.34",
		"100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
		"169.253.255.255", "169.255.0.0", "172.15.255.255",
		"172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0",
		"198.17.255.255", "198.20.0.0", "223.255.255.255",
		"2606:4700::1111", "2001:4860::8888", "2a00::1",
		"::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1",
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect(is_public(rows[i]), "%s", rows[i]);
}

Test(address, private_addresses)
{
	static const char *const rows[] = {
		"0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255",
		"100.64.0.0", "100.127.255.255", "127.0.0.1", "127.255.0.1",
		"169.254.169.254", "172.16.0.0", "172.31.255.255", "192.0.0.1",
		"192.0.2.1", "192.168.0.1", "192.168.255.255", "198.18.0.0",
		"198.19.255.255", "198.51.100.1", "203.0.113.255", "224.0.0.1",
		"239.1.1.1", "240.0.0.1", "255.255.255.255",
		"::", "::1", "fe80::1", "fc00::1", "fdff::1", "ff02::1",
		"fec0::1", "2001::1", "2001:db8::1", "3fff::1", "100::1",
		"::ffff:127.0.0.1", "::ffff:10.1.2.3", "64:ff9b::192.168.0.1",
		"2002:7f00:1::1", "::127.0.0.1",
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_not(is_public(rows[i]), "%s", rows[i]);
}

Test(address, other_families_are_not_public)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };

	cr_expect_not(address_is_public((const struct sockaddr *)&un));
}

Test(address, hosts)
{
	static const struct {
		const char *url;
		const char *want;
	} rows[] = {
		{ "http://a.example/x", "a.example:80" },
		{ "http://A.Example", "a.example:80" },
		{ "HTTPS://a.example?x", "a.example:443" },
		{ "https://a.example:8443/", "a.example:8443" },
		{ "http://a.example:80#x", "a.example:80" },
		{ "http://me:word@a.example/", "a.example:80" },
		{ "http://[::1]/", "[::1]:80" },
		{ "http://[::1]:81/a:b", "[::1]:81" },
		{ "http://a.example/http://b.example/", "a.example:80" },
		{ "nothing", "nothing" },
		{ "", "" },
		{ NULL, "" },
	};
	struct arena *a = arena_new(512);
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_str_eq(address_host(a, rows[i].url), rows[i].want,
		    "%s", rows[i].url);
	arena_free(&a);
}

#define LABEL_63 \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

Test(address, urls_that_are_not_delivered_to)
{
	static const struct {
		const char *url;
		const char *why;         /* part of it; NULL: none */
		const char *why_private; /* where private ones are allowed */
	} rows[] = {
		{ "https://a.example.org/", NULL, NULL },
		{ "https://a.example.org:8443/x?y", NULL, NULL },
		{ "http://93.184.216.34/", NULL, NULL },
		{ "http://[2606:4700::1111]/", NULL, NULL },
		{ "http://1.1/", NULL, NULL }, /* 1.0.0.1 */
		{ "http://127.0.0.1/", "public", NULL },
		{ "http://127.0.0.1.:80/", "public", NULL },
		{ "http://127.1/", "public", NULL },
		{ "http://0x7f000001/", "public", NULL },
		{ "http://2130706433:8080/", "public", NULL },
		{ "http://0177.0.0.1/", "public", NULL },
		{ "http://169.254.169.254/latest", "public", NULL },
		{ "http://10.1.2.3?x", "public", NULL },
		{ "http://[::1]:80/", "public", NULL },
		{ "http://[::ffff:10.0.0.1]/", "public", NULL },
		{ "http://[fe80::1]", "public", NULL },
		{ "http://localhost/", "public", NULL },
		{ "http://LOCALHOST.:81", "public", NULL },
		{ "http://a.localhost/", "public", NULL },
		{ "http://db/", "public", NULL },
		{ "http://printer.local/", "public", NULL },
		{ "http://metadata.google.internal/", "public", NULL },
		{ "http://%31%32%37.0.0.1/", "host", "host" },
		{ "http://[fe80::1%25eth0]/", "host", "host" },
		{ "http://[::1/", "host", "host" },
		{ "http://[nonsense]/", "host", "host" },
		{ "http://./", "host", "host" },
		/* Hosts that libcurl or every name server refuses. */
		{ "http://b\xc3\xbc" "cher.example.org/", NULL, NULL },
		{ "http://a_b.example.org/<x>\"", NULL, NULL },
		{ "http://xn--bcher-kva.example.org./", NULL, NULL },
		{ "http://a!b.example.org/", "host", "host" },
		{ "http://a;b.example.org/", "host", "host" },
		{ "http://a,b.example.org/", "host", "host" },
		{ "http://a'b.example.org/", "host", "host" },
		{ "http://a*b.example.org/", "host", "host" },
		{ "http://$a.example.org/", "host", "host" },
		{ "http://a&b.example.org/", "host", "host" },
		{ "http://a(b).example.org/", "host", "host" },
		{ "http://a=b.example.org/", "host", "host" },
		{ "http://a|b.example.org/", "host", "host" },
		{ "http://a.example.org\\x/", "host", "host" },
		{ "http://a..example.org/", "host", "host" },
		{ "http://.example.org/", "host", "host" },
		{ "http://a.example.org../", "host", "host" },
		{ "http://1.2.3.256/", "host", "host" },
		{ "http://1.2.3.4.5/", "host", "host" },
		{ "http://" LABEL_63 ".example.org/", NULL, NULL },
		{ "http://" LABEL_63 "a.example.org/", "host", "host" },
		{ "http://" LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63
		    ".org/", "host", "host" },
		{ "http://[1.2.3.4]/", "host", "host" },
		{ "http://a.example.org/\n", "control", "control" },
		{ "http://a.example.org/?\tx", "control", "control" },
		{ "http://a.example.org/\x7f", "control", "control" },
		{ "http://a.example.org/\x01", "control", "control" },
		{ "http://a.example.org:0/", "port", "port" },
		{ "http://a.example.org:65536/", "port", "port" },
		{ "http://a.example.org:x/", "port", "port" },
		{ "http://a.example.org:/", "port", "port" },
		{ "http://[::1]:/", "port", "port" },
	};
	struct arena *a = arena_new(4096);
	const char *why, *wanted;
	size_t i;
	int allowed;

	for (i = 0; i < NELEM(rows); i++)
		for (allowed = 0; allowed < 2; allowed++) {
			why = address_refusal(a, rows[i].url, allowed != 0);
			wanted = allowed ? rows[i].why_private : rows[i].why;
			cr_expect((wanted == NULL) == (why == NULL) &&
			    (why == NULL || strstr(why, wanted) != NULL),
			    "%s, %d: %s", rows[i].url, allowed,
			    why == NULL ? "-" : why);
		}
	arena_free(&a);
}
