/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/rate_limit.h"

#include <string.h>

#include "base/clock.h"
#include "http/client.h"

static uint64_t
hash_text(const struct limits *l, const char *text)
{
	return secret_short_hash(l->key, text, strlen(text));
}

/* From 1 on. */
static int64_t
age_ms(const struct limits *l)
{
	return clock_monotonic_ms() - l->begun_ms + 1;
}

/* Milliseconds to wait, 0: none. A rate of 0: no limit. */
static int64_t
take(const struct limits *l, struct rate_table *t, uint64_t hash,
    struct rate rate)
{
	return rate.per_minute == 0 ? 0 :
	    rate_table_take(t, hash, &rate, age_ms(l));
}

struct problem *
rate_limit_take(struct call *c, const char *token)
{
	const struct rate of_token = { c->config->token_rate,
		c->config->token_burst };
	const struct rate of_address = { c->config->address_rate,
		c->config->address_burst };
	struct limits *l = c->limits;
	struct client client;
	struct problem *p;
	uint64_t hash;
	int64_t wait_ms;

	if (l == NULL)
		return NULL;
	hash = hash_text(l, token);
	if (token[0] != '\0' && rate_table_has(&l->tokens, hash)) {
		wait_ms = take(l, &l->tokens, hash, of_token);
	} else {
		client_of(request_header(c->request, "REMOTE_ADDR"), &client);
		wait_ms = take(l, &l->addresses, hash_text(l, client.network),
		    of_address);
	}
	if (wait_ms == 0)
		return NULL;
	p = problem_new(c->arena, PROBLEM_TOO_MANY_REQUESTS);
	p->retry_after_s = (int)((wait_ms + 999) / 1000);
	return p;
}

void
rate_limit_accept(struct call *c, const char *token)
{
	struct limits *l = c->limits;

	if (l != NULL)
		rate_table_add(&l->tokens, hash_text(l, token),
		    age_ms(l));
}
