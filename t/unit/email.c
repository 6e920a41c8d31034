/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/email.h"

#include <criterion/criterion.h>

#include "base/attr.h"

struct row {
	const char *text;
	bool fits;
};

Test(email, addresses)
{
	static const struct row rows[] = {
		{ "a@b", true },
		{ "ada.lovelace+x@mail.example.org", true },
		{ "o'brien_&co@example.org", true },
		{ "j\xc3\xbcrgen@b\xc3\xbc" "cher.example", true },
		{ "", false },
		{ "a", false },
		{ "@b", false },
		{ "a@", false },
		{ "a@b@c", false },
		{ "a b@c", false },
		{ "a@b c", false },
		{ "a@b\nBcc: x@y", false },
		{ "a\n@b", false },
		{ "a,b@c", false },
		{ "<a@b>", false },
		{ "\"a\"@b", false },
		{ "a@.b", false },
		{ "a@b.", false },
		{ "a@b..c", false },
		{ "a@[127.0.0.1]", false },
		{ "0123456789012345678901234567890123456789012345678901234567890"
		  "123@b", true },
		{ "0123456789012345678901234567890123456789012345678901234567890"
		  "1234@b", false },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		cr_expect_eq(email_is_valid(rows[i].text), rows[i].fits, "%s",
		    rows[i].text);
}
