/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "billing/number_form.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/attr.h"

static const struct number_plan america = { 1, "0" }, germany = { 49, "0" },
    denmark = { 45, "" };

Test(number_form, a_number_has_one_form)
{
	static const struct {
		const struct number_plan *plan;
		const char *text, *form; /* NULL: it is none */
	} cases[] = {
		/* the North American plan */
		{ &america, "+14155551234", "+14155551234" },
		{ &america, "+1 (415) 555-1234", "+14155551234" },
		{ &america, "(+1) 415.555.1234", "+14155551234" },
		{ &america, "4155551234", "+14155551234" },
		{ &america, "14155551234", "+14155551234" },
		{ &america, "01149301234567", "+49301234567" },
		{ &america, "0049301234567", "+49301234567" },
		{ &america, "011441134960000", "+441134960000" },
		{ &america, "+0049301234567", "+49301234567" },
		{ &america, "+01149301234567", "+49301234567" },
		{ &america, "49301234567", "+49301234567" },
		{ &america, "41234567", "+41234567" },
		{ &america, "+4155551234", "+4155551234" },
		{ &america, "+1", "+1" },
		/* dialled as they are */
		{ &america, "911", "911" },
		{ &america, "001234", "001234" },
		{ &germany, "110", "110" },
		{ &germany, "030123", "030123" },
		/* a country with a trunk prefix */
		{ &germany, "030 1234567", "+49301234567" },
		{ &germany, "0049 30 1234567", "+49301234567" },
		{ &germany, "+49 30 1234567", "+49301234567" },
		{ &germany, "49301234567", "+49301234567" },
		{ &germany, "0114155512", "+49114155512" },
		{ &germany, "0014155551234", "+14155551234" },
		/* a country without one */
		{ &denmark, "32123456", "+4532123456" },
		{ &denmark, "45123456", "+4545123456" },
		{ &denmark, "4545123456", "+4545123456" },
		{ &denmark, "004532123456", "+4532123456" },
		/* none */
		{ &america, "", NULL },
		{ &america, "+", NULL },
		{ &america, "()", NULL },
		{ &america, "+141510010+15", NULL },
		{ &america, "++14155551234", NULL },
		{ &america, "1+4155551234", NULL },
		{ &america, "+1415555x234", NULL },
		{ &america, "+1234567890123456", NULL },
		{ &america, "+123456789012345", "+123456789012345" },
		{ &america, "00123456789012345", "+123456789012345" },
		{ &america, "12345678901234567890", NULL },
		{ &america, "+0155551234", NULL },
		{ &germany, "0001234567", NULL },
	};
	struct arena *a = arena_new(4096);
	const char *form;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		form = number_form(a, cases[i].plan, cases[i].text);
		cr_expect(cases[i].form == NULL ? form == NULL :
		    form != NULL && strcmp(form, cases[i].form) == 0,
		    "'%s' in %d: %s", cases[i].text,
		    (int)cases[i].plan->country, form == NULL ? "none" : form);
	}
	arena_free(&a);
}

Test(number_form, a_whole_number_has_its_country_and_all_digits)
{
	static const struct {
		const char *form;
		bool whole;
	} cases[] = {
		{ "+14155551234", true },
		{ "+1415555123", false },
		{ "+141555512345", false },
		{ "+1", false },
		{ "+1415", false },
		{ "911", false },
		{ "001234", false },
		{ "+911", false },
		{ "+491234", false },
		{ "+4912345", true },
		{ "+49301234567", true },
		{ "+234567890123456", true },
	};
	size_t i;

	for (i = 0; i < NELEM(cases); i++)
		cr_expect_eq(number_is_whole(cases[i].form), cases[i].whole,
		    "%s", cases[i].form);
}

Test(number_form, the_form_of_a_form_is_the_same)
{
	static const char *const forms[] = { "+14155551234", "+49301234567",
		"911", "+1", "001234" };
	struct arena *a = arena_new(4096);
	size_t i;

	for (i = 0; i < NELEM(forms); i++) {
		cr_expect_str_eq(number_form(a, &america, forms[i]), forms[i]);
		cr_expect_str_eq(number_form(a, &germany, forms[i]), forms[i]);
		cr_expect_str_eq(number_form(a, &denmark, forms[i]), forms[i]);
	}
	arena_free(&a);
}
