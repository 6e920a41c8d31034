/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests that end workers are refused for a while. */
#include <config.h>

#include "pool/suspects.h"

#include <criterion/criterion.h>
#include <string.h>

struct parameters {
	const char *method, *path, *length;
};

static const char *
param(struct gateway *g, const char *name)
{
	const struct parameters *p = g->state;

	return strcmp(name, "REQUEST_METHOD") == 0 ? p->method :
	    strcmp(name, "PATH_INFO") == 0 ? p->path :
	    strcmp(name, "CONTENT_LENGTH") == 0 ? p->length : NULL;
}

static uint64_t
fingerprint(const char *method, const char *path, const char *length)
{
	struct parameters parameters = { method, path, length };
	struct gateway g = { .param = param, .state = &parameters };

	return suspects_fingerprint(&g);
}

Test(suspects, the_fingerprint_is_of_method_path_and_length)
{
	uint64_t one = fingerprint("PUT", "/v2/x", "12");

	cr_expect_eq(one, fingerprint("PUT", "/v2/x", "12"));
	cr_expect_neq(one, fingerprint("POST", "/v2/x", "12"));
	cr_expect_neq(one, fingerprint("PUT", "/v2/y", "12"));
	cr_expect_neq(one, fingerprint("PUT", "/v2/x", "13"));
	cr_expect_neq(one, fingerprint("PUT", "/v2/", "x12"));
	cr_expect_neq(one, 0);
}

/* Tells the table of deaths of one request at these times; the last refuses. */
static struct suspects *
refused_at(int64_t first, int64_t second, int64_t third)
{
	struct suspects *s = suspects_new();

	cr_assert_not_null(s);
	cr_expect_not(suspects_note_death(s, 7, first));
	cr_expect_not(suspects_note_death(s, 7, second));
	cr_expect_not(suspects_refuse(s, 7, second));
	cr_expect(suspects_note_death(s, 7, third));
	return s;
}

Test(suspects, three_deaths_refuse_it_for_a_minute)
{
	struct suspects *s = refused_at(1000000, 1030000, 1060000);

	cr_expect(suspects_refuse(s, 7, 1060000));
	cr_expect(suspects_refuse(s, 7, 1119999));
	cr_expect_not(suspects_refuse(s, 7, 1120000));
	cr_expect_not(suspects_refuse(s, 8, 1060000));
}

Test(suspects, one_more_death_soon_after_refuses_it_again)
{
	struct suspects *s = refused_at(1000000, 1000001, 1000002);

	cr_expect(suspects_note_death(s, 7, 1061000));
	cr_expect(suspects_refuse(s, 7, 1120999));
}

Test(suspects, deaths_long_ago_do_not_count)
{
	struct suspects *s = refused_at(1000000, 1000001, 1000002);

	cr_expect_not(suspects_note_death(s, 7, 1120003));
	cr_expect_not(suspects_refuse(s, 7, 1120003));
}

Test(suspects, a_full_table_forgets_the_oldest)
{
	struct suspects *s = refused_at(1000000, 1000001, 1000002);
	uint64_t other;

	for (other = 100; other < 163; other++)
		cr_expect_not(suspects_note_death(s, other, 1000003));
	cr_expect(suspects_refuse(s, 7, 1000004));
	cr_expect_not(suspects_note_death(s, 200, 1000004));
	cr_expect_not(suspects_refuse(s, 7, 1000005));
}
