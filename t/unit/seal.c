/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/seal.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/secret.h"

#define SECRET "a secret of thirty-two characters"
#define OTHER "another secret of many characters"

static struct arena *a;

static void
setup(void)
{
	cr_assert(secret_init());
	a = arena_new(1024);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(seal, .init = setup, .fini = teardown);

static const char *const texts[] = {
	"", "x", "between the two of us", "\xc3\xa4\xe2\x82\xac", "\"{}\\",
};

Test(seal, opens_for_its_place_and_secret_only)
{
	const char *seal;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		seal = seal_make(a, SECRET, "object a 1", texts[i]);
		cr_expect_str_eq(seal_open(a, SECRET, "object a 1", seal),
		    texts[i]);
		cr_expect_null(seal_open(a, OTHER, "object a 1", seal));
		cr_expect_null(seal_open(a, SECRET, "object a 2", seal));
		cr_expect_null(seal_open(a, SECRET, "object a 1 ", seal));
		cr_expect_null(seal_open(a, SECRET, "", seal));
	}
}

Test(seal, is_another_each_time)
{
	cr_expect_str_neq(seal_make(a, SECRET, "p", "x"),
	    seal_make(a, SECRET, "p", "x"));
}

Test(seal, a_changed_one_does_not_open)
{
	char *seal = arena_strdup(a, seal_make(a, SECRET, "p", "text"));
	size_t i, n = strlen(seal);
	char was;

	for (i = 0; i < n; i++) {
		was = seal[i];
		seal[i] = was == 'A' ? 'B' : 'A';
		cr_expect_null(seal_open(a, SECRET, "p", seal), "at %zu", i);
		seal[i] = was;
	}
	for (i = 0; i < n; i++)
		cr_expect_null(seal_open(a, SECRET, "p",
		    arena_strndup(a, seal, i)), "%zu characters", i);
	cr_expect_null(seal_open(a, SECRET, "p", "between the two of us"));
	cr_expect_null(seal_open(a, SECRET, "p",
	    arena_printf(a, "%sA", seal)));
}
