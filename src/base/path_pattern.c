/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/path_pattern.h"

#include <string.h>

/* The rest of a pattern, and the word before it. */
struct pattern {
	const char *at;
	const char *end;
	const char *word;
	size_t length;
};

static bool
next_word(struct pattern *p)
{
	const char *slash;

	while (p->at < p->end && *p->at == '/')
		p->at++;
	if (p->at == p->end)
		return false;
	slash = memchr(p->at, '/', (size_t)(p->end - p->at));
	p->word = p->at;
	p->at = slash == NULL ? p->end : slash;
	p->length = (size_t)(p->at - p->word);
	return true;
}

static bool
is_sign(const struct pattern *p, char sign)
{
	return p->length == 1 && p->word[0] == sign;
}

static bool
fits_word(const struct pattern *p, const char *word)
{
	return is_sign(p, '*') || (strlen(word) == p->length &&
	    memcmp(word, p->word, p->length) == 0);
}

/*
 * After a word that does not fit, the last "#" takes one word more: those before
 * it need not be tried again, as it can take what they would leave.
 */
bool
path_pattern_fits(const char *pattern, size_t length, const struct path *path)
{
	struct pattern p = { .at = pattern, .end = pattern + length };
	const char *behind = NULL; /* the last "#" */
	size_t at = 0, taken = 0;

	for (;;) {
		if (!next_word(&p)) {
			if (at == path->count)
				return true;
		} else if (is_sign(&p, '#')) {
			behind = p.at;
			taken = at;
			continue;
		} else if (at < path->count && fits_word(&p, path->words[at])) {
			at++;
			continue;
		}
		if (behind == NULL || taken == path->count)
			return false;
		at = ++taken;
		p.at = behind;
	}
}
