/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/number_form.h"

#include <inttypes.h>
#include <string.h>

#include "base/attr.h"

#define DIGITS_MAX 15  /* of a number with its country, by E.164 */
#define PREFIX_MAX 4   /* digits in front of it, which are dialled only */
#define SHORT_MAX 6    /* digits of a number that stays as it is */
#define ABROAD_MIN 5   /* digits behind a prefix for calls abroad */
#define NATIONAL 10    /* digits of a number of the North American plan */
#define WHOLE_MIN 7    /* digits of a number with its country */
#define SUBSCRIBER 7   /* digits behind a country code that has no "+" */

#define NORTH_AMERICA 1

/* A text as it was read. */
struct written {
	char digits[DIGITS_MAX + PREFIX_MAX + 1];
	bool plus; /* in front of the first digit */
};

/* False: other characters, a "+" elsewhere, no digits or too many. */
static bool
read_digits(const char *text, struct written *out)
{
	size_t n = 0;
	const char *at;

	out->plus = false;
	for (at = text; *at != '\0'; at++) {
		if (*at >= '0' && *at <= '9') {
			if (n == sizeof(out->digits) - 1)
				return false;
			out->digits[n++] = *at;
		} else if (*at == '+') {
			if (out->plus || n > 0)
				return false;
			out->plus = true;
		} else if (strchr("-(). ", *at) == NULL) {
			return false;
		}
	}
	out->digits[n] = '\0';
	return n > 0;
}

/* The digits behind a prefix; NULL: it is not there, or too few are. */
static const char *
behind(const char *digits, const char *prefix, size_t least)
{
	size_t n = strlen(prefix);

	return strncmp(digits, prefix, n) == 0 && strlen(digits) >= n + least ?
	    digits + n : NULL;
}

/* The number behind a prefix for calls abroad; NULL: there is none. */
static const char *
abroad(const struct number_plan *plan, const char *digits)
{
	const char *rest = behind(digits, "00", ABROAD_MIN);

	return rest != NULL || plan->country != NORTH_AMERICA ? rest :
	    behind(digits, "011", ABROAD_MIN);
}

/* The national part of a number without "+"; NULL: the country is in it. */
static const char *
national(const struct number_plan *plan, const char *country,
    const char *digits)
{
	if (plan->country == NORTH_AMERICA)
		return strlen(digits) == NATIONAL ? digits : NULL;
	if (plan->trunk[0] != '\0')
		return behind(digits, plan->trunk, 1);
	return behind(digits, country, SUBSCRIBER) == NULL ? digits : NULL;
}

const char *
number_form(struct arena *a, const struct number_plan *plan, const char *text)
{
	const char *country = arena_printf(a, "%" PRId64, plan->country);
	struct written w;
	const char *rest, *form;

	if (!read_digits(text, &w))
		return NULL;
	if (!w.plus && strlen(w.digits) <= SHORT_MAX)
		return arena_strdup(a, w.digits);
	if ((rest = abroad(plan, w.digits)) == NULL && !w.plus &&
	    (rest = national(plan, country, w.digits)) != NULL)
		form = arena_printf(a, "+%s%s", country, rest);
	else
		form = arena_printf(a, "+%s", rest == NULL ? w.digits : rest);
	/* No country has a code that begins with 0. */
	return form[1] == '0' || strlen(form) > DIGITS_MAX + 1 ? NULL : form;
}

bool
number_is_whole(const char *form)
{
	size_t digits = strlen(form) - 1;

	if (form[0] != '+')
		return false;
	/* All countries with 1 are in the North American plan. */
	return form[1] == '1' ? digits == NATIONAL + 1 : digits >= WHOLE_MIN;
}
