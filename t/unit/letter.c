/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "courier/letter.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/buffer.h"
#include "base/mail_address.h"

static struct arena *a;

static void
setup(void)
{
	a = arena_new(4096);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(letter, .init = setup, .fini = teardown);

static const char *
written(const char *subject, const char *text)
{
	return letter_write(a, &(struct letter){
		.from = "portal@example.com",
		.to = "who@example.net",
		.subject = subject,
		.text = text,
		.id = "0123",
		.created = 63721468800 + 3661,
	});
}

static const char *
repeated(const char *text, int times)
{
	struct buffer b;

	buffer_init(&b, a, 0);
	while (times-- > 0)
		buffer_puts(&b, text);
	return b.text;
}

Test(letter, whole)
{
	cr_expect_str_eq(written("Your password", "Hello.\n.\nA \\ b"),
	    "Date: Wed, 3 Apr 2019 01:01:01 +0000\r\n"
	    "From: <portal@example.com>\r\n"
	    "To: <who@example.net>\r\n"
	    "Subject: Your password\r\n"
	    "Message-ID: <0123@example.com>\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n"
	    "\r\n"
	    "Hello.\r\n.\r\nA \\ b\r\n");
}

/* The characters of an encoded word belong together (RFC 2047, 5). */
Test(letter, subjects)
{
	const struct {
		const char *subject, *line;
	} cases[] = {
		{ "a b", "a b" },
		{ "a\r\nBcc: x@evil.example", "a  Bcc: x@evil.example" },
		{ "a\x01\x7f" "b", "a  b" },
		{ "=?UTF-8?Q?x?=", "=?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=" },
		{ "caf\xc3\xa9", "=?UTF-8?B?Y2Fmw6k=?=" },
		{ "\xc3\xa9\r\nBcc: x", "=?UTF-8?B?w6kgIEJjYzogeA==?=" },
		/* 41 bytes, then one of two: not cut between them */
		{ "01234567890123456789012345678901234567890\xc3\xa9",
		    "=?UTF-8?B?MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1N"
		    "jc4OTA=?=\r\n =?UTF-8?B?w6k=?=" },
	};
	const char *text, *line;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		text = written(cases[i].subject, "");
		line = arena_printf(a, "\r\nSubject: %s\r\nMessage-ID: ",
		    cases[i].line);
		cr_expect_not_null(strstr(text, line), "%s: %s",
		    cases[i].subject, text);
	}
}

Test(letter, long_subjects_have_short_lines)
{
	const char *text = written(repeated("x\xe2\x82\xac", 200), ""), *end;

	for (; (end = strstr(text, "\r\n")) != NULL; text = end + 2)
		cr_expect_leq(end - text, 78, "%s", text);
}

Test(letter, bodies)
{
	const struct {
		const char *label, *text, *end;
	} cases[] = {
		{ "nothing", "", ": 7bit\r\n\r\n\r\n" },
		{ "lines of any end", "a\nb\r\nc\rd\n",
		    ": 7bit\r\n\r\na\r\nb\r\nc\r\nd\r\n" },
		{ "controls", "a\x02\x7f\tb", ": 7bit\r\n\r\na\tb\r\n" },
		{ "no ASCII", "caf\xc3\xa9",
		    ": base64\r\n\r\nY2Fmw6kNCg==\r\n" },
		{ "a long line", repeated("x", 998),
		    arena_printf(a, ": 7bit\r\n\r\n%s\r\n", repeated("x", 998)) },
		{ "a line that is too long", repeated("x", 999), "=\r\n" },
	};
	const char *text;
	size_t i;

	for (i = 0; i < NELEM(cases); i++) {
		text = written("s", cases[i].text);
		cr_expect_str_eq(text + strlen(text) - strlen(cases[i].end),
		    cases[i].end, "%s: %s", cases[i].label, text);
	}
}

Test(letter, addresses)
{
	static const struct {
		const char *text;
		bool is_one;
	} cases[] = {
		{ "a@b", true },
		{ "jane.doe+x=y@mail.example.com", true },
		{ "o'neil@x-1.example", true },
		{ "", false },
		{ "a", false },
		{ "@b", false },
		{ "a@", false },
		{ "a@b.", false },
		{ "a@.b", false },
		{ "a@-b", false },
		{ ".a@b", false },
		{ "a.@b", false },
		{ "a@b@c", false },
		{ "a b@c", false },
		{ "a\n@c", false },
		{ "a@b\r\nx", false },
		{ "<a@b>", false },
		{ "a,c@b", false },
		{ "\"a\"@b", false },
		{ "a@[127.0.0.1]", false },
		{ "\xc3\xa9@b", false },
	};
	size_t i;

	for (i = 0; i < NELEM(cases); i++)
		cr_expect_eq(is_mail_address(cases[i].text), cases[i].is_one,
		    "%s", cases[i].text);
	cr_expect(is_mail_address(arena_printf(a, "%s@b", repeated("x", 64))));
	cr_expect(!is_mail_address(arena_printf(a, "%s@b",
	    repeated("x", 65))));
	cr_expect(!is_mail_address(arena_printf(a, "a@%s", repeated("x", 64))));
	cr_expect(!is_mail_address(arena_printf(a, "a@%sb",
	    repeated("xxxx.", 51))));
}
