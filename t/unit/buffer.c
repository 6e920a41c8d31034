/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>
#include <sysexits.h>

static struct arena *a;

static void
setup(void)
{
	a = arena_new(1024);
}

static void
teardown(void)
{
	arena_free(&a);
}

TestSuite(buffer, .init = setup, .fini = teardown);

Test(buffer, begins_empty)
{
	struct buffer b;

	buffer_init(&b, a, 0);
	cr_expect_str_eq(b.text, "");
	cr_expect_eq(b.length, 0);
	cr_expect_not(b.failed);
}

Test(buffer, joins_all_parts)
{
	struct buffer b;

	buffer_init(&b, a, 0);
	buffer_puts(&b, "one");
	buffer_putc(&b, ' ');
	buffer_add(&b, "two-and-more", 3);
	buffer_add(&b, NULL, 0);
	buffer_printf(&b, " %03d", 3);
	cr_expect_str_eq(b.text, "one two 003");
	cr_expect_eq(b.length, strlen(b.text));
}

Test(buffer, holds_nul_bytes)
{
	struct buffer b;

	buffer_init(&b, a, 0);
	buffer_add(&b, "a\0b", 3);
	cr_expect_eq(b.length, 3);
	cr_expect_eq(memcmp(b.text, "a\0b", 4), 0);
}

Test(buffer, grows_and_keeps_every_byte)
{
	struct buffer b;
	size_t i;

	buffer_init(&b, a, 0);
	for (i = 0; i < 100000; i++) {
		buffer_putc(&b, (char)('a' + i % 26));
		cr_assert_eq(b.text[b.length], '\0', "byte %zu", i);
		cr_assert_lt(b.length, b.capacity, "byte %zu", i);
	}
	cr_assert_eq(b.length, 100000);
	for (i = 0; i < 100000; i++)
		cr_assert_eq(b.text[i], (char)('a' + i % 26), "byte %zu", i);
}

Test(buffer, printing_across_every_boundary)
{
	struct buffer b;
	int width;

	for (width = 240; width < 530; width++) {
		buffer_init(&b, a, 0);
		buffer_putc(&b, '<');
		buffer_printf(&b, "%*d", width, 7);
		buffer_putc(&b, '>');
		cr_assert_eq(b.length, (size_t)width + 2, "width %d", width);
		cr_assert_str_eq(b.text + width, "7>", "width %d", width);
	}
}

Test(buffer, the_limit_itself_fits_and_one_more_does_not)
{
	static const size_t limits[] = { 1, 2, 255, 256, 257, 1000 };
	char bytes[1001];
	struct buffer b;
	size_t i;

	memset(bytes, 'x', sizeof(bytes));
	for (i = 0; i < NELEM(limits); i++) {
		buffer_init(&b, a, limits[i]);
		buffer_add(&b, bytes, limits[i]);
		cr_expect_not(b.failed, "limit %zu", limits[i]);
		cr_expect_eq(b.length, limits[i], "limit %zu", limits[i]);
		buffer_putc(&b, 'y');
		cr_expect(b.failed, "limit %zu", limits[i]);
		cr_expect_eq(b.length, limits[i], "limit %zu", limits[i]);
		cr_expect_eq(b.text[b.length], '\0', "limit %zu", limits[i]);
		cr_expect_lt(b.length, b.capacity, "limit %zu", limits[i]);
	}
}

Test(buffer, a_failed_buffer_takes_nothing_more)
{
	struct buffer b;

	buffer_init(&b, a, 4);
	buffer_puts(&b, "abc");
	buffer_puts(&b, "too long");
	buffer_puts(&b, "d");
	buffer_printf(&b, "%d", 5);
	cr_expect(b.failed);
	cr_expect_str_eq(b.text, "abc");
}

Test(buffer, printing_past_the_limit_fails)
{
	struct buffer b;

	buffer_init(&b, a, 300);
	buffer_puts(&b, "abc");
	buffer_printf(&b, "%298d", 1);
	cr_expect(b.failed);
	cr_expect_str_eq(b.text, "abc");
	buffer_init(&b, a, 300);
	buffer_puts(&b, "abc");
	buffer_printf(&b, "%297d", 1);
	cr_expect_not(b.failed);
	cr_expect_eq(b.length, 300);
}

Test(buffer, without_a_limit_nothing_is_cut)
{
	struct buffer b;

	buffer_init(&b, a, 0);
	cr_expect_gt(b.limit, SIZE_MAX / 16, "as large as memory");
}

Test(buffer, exhausted_memory_ends_the_process,
    .exit_code = EX_OSERR)
{
	volatile size_t absurd = SIZE_MAX - 1;
	struct buffer b;

	buffer_init(&b, a, 0);
	buffer_add(&b, "x", absurd);
	cr_assert_fail("came back");
}

Test(buffer, a_sum_that_wraps_fails)
{
	volatile size_t absurd = SIZE_MAX - 1;
	struct buffer b;

	buffer_init(&b, a, SIZE_MAX);
	buffer_puts(&b, "abc");
	buffer_add(&b, "x", absurd);
	cr_expect(b.failed);
	cr_expect_str_eq(b.text, "abc");
}
