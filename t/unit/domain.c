/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/domain.h"

#include <criterion/criterion.h>

#include "base/attr.h"

#define LABEL "a23456789012345678901234567890123456789012345678901234567890123"

static struct arena *a;

static void
setup(void)
{
	a = arena_new(1024);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(domain, .init = setup, .fini = teardown);

Test(domain, sites)
{
	static const struct {
		const char *text;
		bool fits;
	} rows[] = {
		{ "portal.example.com", true },
		{ "a.b", true },
		{ "xn--bcher-kva.example", true },
		{ "1and1.example", true },
		{ "a.0xg", true },
		{ LABEL ".example", true },
		{ LABEL "x.example", false },
		{ LABEL "." LABEL "." LABEL "." LABEL, false },
		{ "", false },
		{ ".", false },
		{ "localhost", false },
		{ "127.0.0.1", false },
		{ "127.1", false },
		{ "0x7f.0x1", false },
		{ "a.0x", false },
		{ "a.1", false },
		{ "a..b", false },
		{ ".a.b", false },
		{ "a.b.", false },
		{ "-a.b", false },
		{ "a-.b", false },
		{ "a_b.example", false },
		{ "a.b:80", false },
		{ "a b.example", false },
		{ "[::1]", false },
		{ "b\xc3\xbc" "cher.example", false },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_eq(domain_is_site(rows[i].text), rows[i].fits, "%s",
		    rows[i].text);
}

Test(domain, one_form)
{
	static const struct {
		const char *text;
		const char *normal;
	} rows[] = {
		{ "portal.example.com", "portal.example.com" },
		{ "Portal.EXAMPLE.com.", "portal.example.com" },
		{ "a.b..", "a.b." }, /* no name, in any form */
		{ ".", "" },
		{ "", "" },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_str_eq(domain_normal(a, rows[i].text),
		    rows[i].normal, "%s", rows[i].text);
}

Test(domain, of_url)
{
	static const struct {
		const char *url;
		const char *host;
	} rows[] = {
		{ "https://Portal.example.com:8443/ui/?a#b",
		  "portal.example.com" },
		{ "http://portal.example.com", "portal.example.com" },
		{ "https://portal.example.com.", "portal.example.com." },
		{ "https://a@portal.example.com/", "" },
		{ "https://portal.example.com:80x/", "" },
		{ "ftp://portal.example.com/", "" },
		{ "https://[::1]/", "" },
		{ "portal.example.com", "" },
		{ "", "" },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_str_eq(domain_of_url(a, rows[i].url), rows[i].host,
		    "%s", rows[i].url);
}
