/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/formula.h"

#include <criterion/criterion.h>

#include "base/attr.h"

static const struct {
	const char *text;
	bool formula;
} texts[] = {
	{ "=1+1", true },
	{ "=cmd|' /C calc'!A0", true },
	{ "+a", true },
	{ "-2+3", true },
	{ "@SUM(A1)", true },
	{ "\tx", true },
	{ "\rx", true },
	{ "''=x", true },
	{ "+49 (30) 1", true },
	{ "-1e5", true },
	{ "", false },
	{ "'", false },
	{ "-", false },
	{ "-12.5", false },
	{ "-1,234.50", false },
	{ "+49 30 901820", false },
	{ "'+49", false },
	{ "a=1", false },
	{ " =1+1", false },
	{ "'abc", false },
};

Test(formula, texts)
{
	size_t i;

	for (i = 0; i < NELEM(texts); i++)
		cr_expect_eq(is_formula(texts[i].text), texts[i].formula,
		    "\"%s\"", texts[i].text);
}
