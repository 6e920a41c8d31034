/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/arena.h"

#include <criterion/criterion.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define POISONED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONED 1
#endif
#endif

#ifdef POISONED
#include <sanitizer/asan_interface.h>

Test(arena, unused_memory_is_poisoned)
{
	struct arena *a = arena_new(1024);
	char *p = arena_alloc(a, 16), *big = arena_alloc(a, 2000);
	char *q = arena_alloc(a, 5);

	cr_expect_null(__asan_region_is_poisoned(p, 16));
	cr_expect_null(__asan_region_is_poisoned(big, 2000));
	cr_expect_null(__asan_region_is_poisoned(q, 5));
	cr_expect(__asan_address_is_poisoned(p + 16), "no red zone");
	cr_expect(__asan_address_is_poisoned(big + 2000), "no red zone");
	cr_expect(__asan_address_is_poisoned(q + 5), "no red zone");
	arena_reset(a);
	cr_expect(__asan_address_is_poisoned(p), "usable after its reset");
	cr_expect(__asan_address_is_poisoned(q), "usable after its reset");
	arena_free(&a);
}
#endif

static char order[8];

static void
note(void *letter)
{
	strcat(order, letter);
}

static bool
all_zero(const unsigned char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

Test(arena, memory_is_zeroed_even_after_use_and_reset)
{
	struct arena *a = arena_new(4096);
	size_t sizes[] = { 1, 15, 16, 17, 1000, 4095, 4096, 4097, 100000 };
	int round;
	size_t i;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < NELEM(sizes); i++) {
			unsigned char *p = arena_alloc(a, sizes[i]);

			cr_expect(all_zero(p, sizes[i]), "round %d, %zu bytes",
			    round, sizes[i]);
			memset(p, 0xa5, sizes[i]);
		}
		arena_reset(a);
	}
	arena_free(&a);
}

Test(arena, allocations_are_aligned_and_do_not_overlap)
{
	struct arena *a = arena_new(512);
	unsigned char *p[200];
	size_t i, j;

	for (i = 0; i < NELEM(p); i++) {
		p[i] = arena_alloc(a, i + 1);
		cr_expect_eq((uintptr_t)p[i] % alignof(max_align_t), 0,
		    "%zu bytes", i + 1);
		memset(p[i], (int)i, i + 1);
	}
	for (i = 0; i < NELEM(p); i++)
		for (j = 0; j <= i; j++)
			cr_assert_eq(p[i][j], i, "byte %zu of %zu", j, i + 1);
	arena_free(&a);
}

Test(arena, an_empty_allocation_is_unique)
{
	struct arena *a = arena_new(64);
	void *p = arena_alloc(a, 0), *q = arena_alloc(a, 0);

	cr_expect_not_null(p);
	cr_expect_neq(p, q);
	cr_expect_eq(arena_used(a), 0);
	arena_free(&a);
}

Test(arena, an_arena_of_size_0_works)
{
	struct arena *a = arena_new(0);

	cr_expect_str_eq(arena_strdup(a, "still"), "still");
	arena_reset(a);
	cr_expect_str_eq(arena_strdup(a, "again"), "again");
	arena_free(&a);
}

Test(arena, used_counts_since_the_last_reset)
{
	struct arena *a = arena_new(64);

	arena_alloc(a, 10);
	arena_alloc(a, 1000);
	arena_alloc(a, 7);
	cr_expect_eq(arena_used(a), 1017);
	arena_reset(a);
	cr_expect_eq(arena_used(a), 0);
	arena_free(&a);
}

Test(arena, reset_keeps_the_first_chunk)
{
	struct arena *a = arena_new(4096);
	void *first = arena_alloc(a, 8), *again;

	arena_alloc(a, 100000); /* after the first chunk in the list */
	arena_alloc(a, 4000);
	arena_alloc(a, 4000);
	arena_reset(a);
	again = arena_alloc(a, 8);
	cr_expect_eq(first, again);
	arena_free(&a);
}

Test(arena, deferred_functions_run_last_first_and_once)
{
	struct arena *a = arena_new(64);

	arena_defer(a, note, (void *)(uintptr_t)"a");
	arena_defer(a, note, (void *)(uintptr_t)"b");
	arena_defer(a, note, (void *)(uintptr_t)"c");
	arena_reset(a);
	cr_expect_str_eq(order, "cba");
	arena_reset(a);
	cr_expect_str_eq(order, "cba", "run again by a second reset");
	arena_defer(a, note, (void *)(uintptr_t)"d");
	arena_free(&a);
	cr_expect_str_eq(order, "cbad", "not run by arena_free");
}

Test(arena, free_sets_null_and_takes_null)
{
	struct arena *a = arena_new(64);

	arena_free(&a);
	cr_expect_null(a);
	arena_free(&a);
	arena_free(NULL);
	cr_expect_null(a);
}

Test(arena, texts_are_copied)
{
	struct arena *a = arena_new(16);
	char source[] = "reeve";
	char *copy = arena_strdup(a, source);

	source[0] = 'x';
	cr_expect_str_eq(copy, "reeve");
	cr_expect_null(arena_strdup(a, NULL));
	cr_expect_str_eq(arena_strndup(a, "account", 3), "acc");
	cr_expect_str_eq(arena_strndup(a, NULL, 0), "");
	cr_expect_str_eq(arena_printf(a, "%d-%s", 42, "x"), "42-x");
	cr_expect_eq(strlen(arena_printf(a, "%5000d", 1)), 5000);
	arena_free(&a);
}

/* Still reachable when the process ends, so no leak to a leak checker. */
static struct arena *volatile kept;

Test(arena, an_absurd_size_ends_the_process, .exit_code = 71)
{
	volatile size_t absurd = SIZE_MAX;

	kept = arena_new(64);
	arena_alloc(kept, absurd);
	cr_assert_fail("came back");
}

Test(arena, an_absurd_text_ends_the_process, .exit_code = 71)
{
	volatile size_t absurd = SIZE_MAX;

	kept = arena_new(64);
	arena_strndup(kept, "x", absurd);
	cr_assert_fail("came back");
}

Test(arena, lower_case_is_for_ascii_letters)
{
	struct arena *b = arena_new(64);

	cr_expect_str_eq(arena_lower(b, "Ab.Z[@-9\xc3\x84"), "ab.z[@-9\xc3\x84");
	cr_expect_str_eq(arena_lower(b, ""), "");
	cr_expect_null(arena_lower(b, NULL));
	arena_free(&b);
}
