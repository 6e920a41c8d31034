/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/role.h"

#include <criterion/criterion.h>

Test(role, names)
{
	static const struct {
		const char *name;
		enum role role; /* 0: none */
	} table[] = {
		{ "user", ROLE_USER },
		{ "viewer", ROLE_VIEWER },
		{ "clerk", ROLE_CLERK },
		{ "admin", ROLE_ADMIN },
		{ "Admin", 0 },
		{ "admin ", 0 },
		{ "", 0 },
		{ NULL, 0 },
	};
	enum role role;
	size_t i;

	for (i = 0; i < NELEM(table); i++) {
		role = 0;
		cr_expect_eq(role_parse(table[i].name, &role),
		    table[i].role != 0, "%s", table[i].name);
		cr_expect_eq(role, table[i].role, "%s", table[i].name);
	}
}

Test(role, each_has_the_rights_of_those_before_it)
{
	cr_expect_lt(ROLE_USER, ROLE_VIEWER);
	cr_expect_lt(ROLE_VIEWER, ROLE_CLERK);
	cr_expect_lt(ROLE_CLERK, ROLE_ADMIN);
}

Test(role, of_a_user)
{
	static const struct {
		struct role_said said;
		enum role others, expected;
	} table[] = {
		{ { NULL, NULL }, ROLE_USER, ROLE_USER },
		{ { NULL, "user" }, ROLE_USER, ROLE_USER },
		{ { NULL, "user" }, ROLE_ADMIN, ROLE_ADMIN },
		{ { NULL, "admin" }, ROLE_USER, ROLE_ADMIN },
		{ { "viewer", "admin" }, ROLE_ADMIN, ROLE_VIEWER },
		{ { "clerk", "user" }, ROLE_ADMIN, ROLE_CLERK },
		{ { "admin", "user" }, ROLE_USER, ROLE_ADMIN },
		{ { "Sales", "user" }, ROLE_USER, ROLE_USER },
	};
	size_t i;

	for (i = 0; i < NELEM(table); i++)
		cr_expect_eq(role_of(&table[i].said, table[i].others),
		    table[i].expected, "row %zu", i);
}
