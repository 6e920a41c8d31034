/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/path_pattern.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/attr.h"

#define WORDS_MAX 16

static bool
fits(const char *pattern, const char *path)
{
	const char *words[WORDS_MAX];
	char text[256], *rest = text, *word;
	struct path p = { words, 0 };

	snprintf(text, sizeof(text), "%s", path);
	while (path[0] != '\0' && (word = strsep(&rest, "/")) != NULL)
		words[p.count++] = word;
	return path_pattern_fits(pattern, strlen(pattern), &p);
}

Test(path_pattern, words_and_signs)
{
	static const struct {
		const char *pattern, *fitting, *other;
	} table[] = {
		{ "", "", "a" },
		{ "/", "", "a" },
		{ "a", "a", "b" },
		{ "a", "a", "a/b" },
		{ "a", "a", "" },
		{ "a", "a", "ab" },
		{ "ab", "ab", "a" },
		{ "a/b", "a/b", "a" },
		{ "a/b", "a/b", "b/a" },
		{ "/a/b/", "a/b", "a/b/c" },
		{ "*", "a", "" },
		{ "*", "*", "a/b" },
		{ "a/*", "a/b", "a" },
		{ "a/*", "a/b", "a/b/c" },
		{ "*/b", "a/b", "b" },
		{ "*/*", "a/b", "a/b/c" },
		{ "a/*/c", "a/b/c", "a/c" },
		{ "a*", "a*", "ab" },
		{ "a/#", "a", "b" },
		{ "a/#", "a/b/c/d", "b/a" },
		{ "#/c", "c", "" },
		{ "#/c", "a/b/c", "a/c/b" },
		{ "a/#/d", "a/d", "a/b" },
		{ "a/#/d", "a/b/d/d", "a/b/d/c" },
		{ "#/b/#", "b", "a" },
		{ "#/b/#", "a/b/c", "a/c" },
		{ "#/*", "a", "" },
		{ "#/*/#", "a/b/c", "" },
		{ "#/a/*/#/b", "x/a/y/z/b", "x/a/b" },
		{ "#/a/b/#/c", "a/a/b/a/c", "a/a/c" },
		{ "##", "##", "a" },
	};
	size_t i;

	for (i = 0; i < NELEM(table); i++) {
		cr_expect(fits(table[i].pattern, table[i].fitting), "%s %s",
		    table[i].pattern, table[i].fitting);
		cr_expect_not(fits(table[i].pattern, table[i].other), "%s %s",
		    table[i].pattern, table[i].other);
	}
}

Test(path_pattern, a_hash_fits_every_path)
{
	cr_expect(fits("#", ""));
	cr_expect(fits("#", "a"));
	cr_expect(fits("#", "a/b/c/d/e/f/g/h"));
	cr_expect(fits("#/#/#", ""));
}

/* By trying each length of every "#": what it should be, at any price. */
static bool
fits_by_trial(const char *pattern, const char *path)
{
	if (*pattern == '\0')
		return *path == '\0';
	if (*pattern == '#')
		return fits_by_trial(pattern + 1, path) ||
		    (*path != '\0' && fits_by_trial(pattern, path + 1));
	return *path != '\0' && (*pattern == '*' || *pattern == *path) &&
	    fits_by_trial(pattern + 1, path + 1);
}

/* The text of a number in a base, of letters of an alphabet. */
static size_t
spell(size_t number, const char *letters, char *out)
{
	size_t n = 0, base = strlen(letters) + 1;

	for (; number > 0; number /= base)
		if (number % base > 0)
			out[n++] = letters[number % base - 1];
	out[n] = '\0';
	return n;
}

Test(path_pattern, as_by_trial_of_every_length)
{
	char pattern[16], path[16], separated[32];
	const char *words[WORDS_MAX];
	static const char *const letter[] = { "a", "b" };
	struct path p = { words, 0 };
	size_t i, j, k, n;

	for (i = 0; i < 3125; i++) {
		n = spell(i, "ab*#", pattern);
		for (k = 0; k < n; k++) {
			separated[2 * k] = pattern[k];
			separated[2 * k + 1] = '/';
		}
		for (j = 0; j < 243; j++) {
			p.count = spell(j, "ab", path);
			for (k = 0; k < p.count; k++)
				words[k] = letter[path[k] - 'a'];
			cr_assert_eq(path_pattern_fits(separated, 2 * n, &p),
			    fits_by_trial(pattern, path), "%s %s", pattern,
			    path);
		}
	}
}

/* By trial this takes longer than the universe is old. */
Test(path_pattern, many_hashes_cost_little)
{
	const char *words[WORDS_MAX];
	struct path p = { words, WORDS_MAX };
	static char pattern[8193];
	clock_t begun = clock();
	size_t i;

	for (i = 0; i < WORDS_MAX; i++)
		words[i] = "a";
	for (i = 0; i + 4 < sizeof(pattern); i += 4)
		memcpy(pattern + i, "#/a/", 4);
	memcpy(pattern + 40, "#/b", 4);
	for (i = 0; i < 10000; i++) {
		cr_assert_not(path_pattern_fits(pattern, 43, &p));
		cr_assert_not(path_pattern_fits(pattern, 8192, &p));
	}
	cr_expect_lt((clock() - begun) / CLOCKS_PER_SEC, 5);
}
