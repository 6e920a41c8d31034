/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/login_limit.h"

#include <criterion/criterion.h>

#include "base/config.h"

#define NOW INT64_C(63900000000)

Test(login_limit, the_wait_until_one_more_may_fail)
{
	static const struct {
		int64_t burst, refill_s, forgotten, wait_s;
	} rows[] = {
		{ 3, 60, 0, 0 },               /* no failure */
		{ 3, 60, NOW - 1, 0 },         /* all forgotten */
		{ 3, 60, NOW, 0 },
		{ 3, 60, NOW + 120, 0 },       /* two */
		{ 3, 60, NOW + 121, 1 },       /* three, one soon forgotten */
		{ 3, 60, NOW + 180, 60 },      /* three */
		{ 3, 60, NOW + 360, 240 },     /* six */
		{ 1, 60, NOW + 60, 60 },
		{ 1, 60, NOW, 0 },
		{ 1000000, 86400, NOW + INT64_C(86400000000), 86400 },
	};
	struct config config;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		config.login_burst = rows[i].burst;
		config.login_refill_s = rows[i].refill_s;
		cr_expect_eq(login_limit_wait_s(&config, rows[i].forgotten,
		    NOW), rows[i].wait_s, "row %zu", i);
	}
}
