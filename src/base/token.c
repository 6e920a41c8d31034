/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/token.h"

#include <sodium.h>
#include <string.h>

#include "base/json.h"
#include "base/secret.h"

#define TOKEN_HEADER "{\"typ\":\"reeve\"}"
#define TOKEN_BYTES 32

/* Characters that base64url needs for n bytes, without padding. */
#define ENCODED(n) ((4 * (n) + 2) / 3)

static void
write_content(struct buffer *out, const struct token_content *content)
{
	struct json_writer w;

	json_writer_init(&w, out);
	json_begin_object(&w);
	json_member_string(&w, "account_id", content->account_id);
	if (content->owner_id != NULL)
		json_member_string(&w, "owner_id", content->owner_id);
	json_member_string(&w, "method", content->method);
	if (content->exp != 0)
		json_member_int(&w, "exp", content->exp);
	json_end(&w);
}

/* Returns the end of the text. */
static char *
add_part(char *text, const void *bytes, size_t length)
{
	secret_base64url(bytes, length, text, ENCODED(length) + 1);
	return text + ENCODED(length);
}

bool
token_new(struct arena *a, const struct token_content *content,
    char token[TOKEN_SIZE])
{
	const size_t around = ENCODED(sizeof(TOKEN_HEADER) - 1) + 1 + 1 +
	    ENCODED(TOKEN_BYTES);
	unsigned char bytes[TOKEN_BYTES];
	struct buffer json;
	char *end = token;

	buffer_init(&json, a, 0);
	write_content(&json, content);
	if (around + ENCODED(json.length) > TOKEN_MAX)
		return false;
	end = add_part(end, TOKEN_HEADER, sizeof(TOKEN_HEADER) - 1);
	*end++ = '.';
	end = add_part(end, json.text, json.length);
	*end++ = '.';
	secret_random(bytes, sizeof(bytes));
	(void)add_part(end, bytes, sizeof(bytes));
	sodium_memzero(bytes, sizeof(bytes));
	return true;
}

bool
token_may_be(const char *text)
{
	return strnlen(text, TOKEN_MAX + 1) <= TOKEN_MAX;
}
