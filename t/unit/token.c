/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/token.h"

#include <criterion/criterion.h>
#include <string.h>

#include "base/attr.h"
#include "base/secret.h"

#define ID "0123456789abcdef0123456789abcdef"
#define USER "fedcba9876543210fedcba9876543210"

static struct arena *a;

static void
begin(void)
{
	cr_assert(secret_init());
	a = arena_new(4096);
}

static void
end(void)
{
	arena_free(&a);
}

TestSuite(token, .init = begin, .fini = end);

/* The bytes of a part, as a text. */
static const char *
part(const char *token, int number, size_t *length)
{
	char *text = arena_alloc(a, TOKEN_SIZE);
	char *bytes = arena_alloc(a, TOKEN_SIZE);

	while (number-- > 0)
		token = strchr(token, '.') + 1;
	memcpy(text, token, strcspn(token, "."));
	text[strcspn(token, ".")] = '\0';
	cr_assert(secret_unbase64url(text, bytes, TOKEN_SIZE - 1, length),
	    "%s", text);
	bytes[*length] = '\0';
	return bytes;
}

/* clang-format off */
static const struct {
	const char *label;
	struct token_content content;
	const char *json;
} tokens[] = {
	{ "of a user", { ID, USER, "cb_user_auth", 1796000000 },
	  "{\"account_id\":\"" ID "\",\"owner_id\":\"" USER "\","
	  "\"method\":\"cb_user_auth\",\"exp\":1796000000}" },
	{ "of an API key", { ID, NULL, "cb_api_auth", 1796000000 },
	  "{\"account_id\":\"" ID "\",\"method\":\"cb_api_auth\","
	  "\"exp\":1796000000}" },
	{ "that never expires", { ID, NULL, "reevectl", 0 },
	  "{\"account_id\":\"" ID "\",\"method\":\"reevectl\"}" },
};
/* clang-format on */

Test(token, has_three_parts)
{
	char token[TOKEN_SIZE];
	size_t length, i;

	for (i = 0; i < NELEM(tokens); i++) {
		cr_assert(token_new(a, &tokens[i].content, token), "%s",
		    tokens[i].label);
		cr_expect_str_eq(part(token, 0, &length), "{\"typ\":\"reeve\"}",
		    "%s", tokens[i].label);
		cr_expect_str_eq(part(token, 1, &length), tokens[i].json, "%s",
		    tokens[i].label);
		part(token, 2, &length);
		cr_expect_eq(length, 32, "%s", tokens[i].label);
		cr_expect_null(strchr(strrchr(token, '.') + 1, '.'));
		cr_expect_lt(strlen(token), 300, "%s: %zu", tokens[i].label,
		    strlen(token));
		cr_expect(token_may_be(token), "%s", tokens[i].label);
	}
}

Test(token, each_is_another)
{
	char token[TOKEN_SIZE], other[TOKEN_SIZE];

	cr_assert(token_new(a, &tokens[0].content, token));
	cr_assert(token_new(a, &tokens[0].content, other));
	cr_expect_str_neq(token, other);
}

/* No other character in any of the parts makes the same digest. */
Test(token, is_found_by_the_whole)
{
	unsigned char mac[DIGEST_BYTES], other[DIGEST_BYTES];
	char token[TOKEN_SIZE];
	size_t i;

	cr_assert(token_new(a, &tokens[0].content, token));
	secret_token_digest("secret", token, mac);
	for (i = 0; token[i] != '\0'; i++) {
		token[i] ^= 1;
		secret_token_digest("secret", token, other);
		cr_expect_neq(memcmp(mac, other, sizeof(mac)), 0, "%zu", i);
		token[i] ^= 1;
	}
}

Test(token, is_not_longer_than_links_allow)
{
	struct token_content content = { ID, USER, "cb_user_auth", 1 };
	char method[TOKEN_SIZE], token[TOKEN_SIZE];
	size_t length;

	for (length = 0; length < sizeof(method) - 1; length++) {
		memset(method, 'm', length);
		method[length] = '\0';
		content.method = method;
		if (!token_new(a, &content, token))
			break;
		cr_expect_leq(strlen(token), TOKEN_MAX);
	}
	cr_expect_gt(length, 128);
	cr_expect_lt(length, sizeof(method) - 1);
	cr_expect_geq(strlen(token), TOKEN_MAX - 2);
}

Test(token, of_earlier_versions_is_looked_up_too)
{
	char text[TOKEN_MAX + 2];

	memset(text, 'x', sizeof(text));
	text[TOKEN_MAX] = '\0';
	cr_expect(token_may_be(text));
	text[TOKEN_MAX] = 'x';
	text[TOKEN_MAX + 1] = '\0';
	cr_expect_not(token_may_be(text));
	cr_expect(token_may_be(
	    "reeve.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}
