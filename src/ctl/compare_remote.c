/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/compare_remote.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "courier/http_get.h"

#define ANSWER_MAX (16 * 1024 * 1024)
#define CONNECT_MS 10000
#define TIMEOUT_MS 60000

#define TRIES 5
#define PAUSE_S 1      /* before the second try; twice as long before each other */
#define PAUSE_MAX_S 60 /* also if the server asks for more */

struct remote {
	struct http_client *client;
	const char *base;
	const char *headers[3];
	bool answered; /* it has answered something */
};

struct remote *
remote_new(struct arena *a, const char *url, const char *token)
{
	struct remote *remote = arena_alloc(a, sizeof(*remote));
	size_t length = strlen(url);

	while (length > 0 && url[length - 1] == '/')
		length--;
	if (length > 3 && strncmp(url + length - 3, "/v2", 3) == 0)
		length -= 3;
	remote->base = arena_printf(a, "%.*s/v2", (int)length, url);
	remote->headers[0] = arena_printf(a, "X-Auth-Token: %s", token);
	remote->headers[1] = "Accept: application/json";
	remote->headers[2] = NULL;
	remote->client = http_client_new();
	return remote;
}

void
remote_free(struct remote *remote)
{
	http_client_free(&remote->client);
}

static void
pause_s(int64_t seconds)
{
	struct timespec left = { .tv_sec = (time_t)seconds };

	while (nanosleep(&left, &left) != 0)
		;
}

static bool
may_come_later(const struct http_got *got)
{
	return got->status == 0 || got->status == 429 || got->status == 503;
}

static void
get(struct remote *remote, struct arena *a, const char *url,
    struct http_got *got)
{
	const struct http_get wanted = { url, remote->headers, CONNECT_MS,
		TIMEOUT_MS, ANSWER_MAX };
	int64_t pause = PAUSE_S, asked;
	int try;

	for (try = 1;; try++) {
		http_get(remote->client, a, &wanted, got);
		remote->answered |= got->status != 0;
		/* Perhaps the address is wrong. */
		if (!may_come_later(got) || try == TRIES || !remote->answered)
			return;
		asked = got->retry_after_s > pause ? got->retry_after_s : pause;
		pause_s(asked < PAUSE_MAX_S ? asked : PAUSE_MAX_S);
		pause *= 2;
	}
}

/* The data of an answer with status 200. */
static void
read_data(struct arena *a, const struct http_got *got,
    struct remote_answer *answer)
{
	struct json_object *envelope;
	const char *error;

	answer->end = REMOTE_REFUSED;
	if (got->cut) {
		answer->why = "its answer is longer than 16 MiB";
		return;
	}
	envelope = json_parse(a, got->body, got->length, &error);
	if (envelope == NULL) {
		answer->why = arena_printf(a, "its answer is not JSON: %s",
		    error);
		return;
	}
	answer->data = json_at(envelope, "data");
	if (answer->data == NULL) {
		answer->why = "its answer has no data";
		return;
	}
	answer->end = REMOTE_ANSWERED;
}

void
remote_get(struct remote *remote, struct arena *a, const char *account_id,
    const char *rest, struct remote_answer *answer)
{
	struct http_got got;

	get(remote, a, arena_printf(a, "%s/accounts/%s/%s", remote->base,
	    account_id, rest), &got);
	*answer = (struct remote_answer){ .end = REMOTE_STOP,
		.status = got.status };
	if (got.status == 200) {
		read_data(a, &got, answer);
	} else if (may_come_later(&got)) {
		answer->why = got.status == 0 ? got.why : arena_printf(a,
		    "it is busy: HTTP %d, %d times", got.status, TRIES);
	} else if (got.status == 401) {
		answer->why = "it does not know the token (HTTP 401)";
	} else if (got.status >= 300 && got.status < 400) {
		answer->why = arena_printf(a, "it redirects to %s, which is not "
		    "followed: the token would go there (HTTP %d)",
		    got.location == NULL ? "nowhere" : got.location, got.status);
	} else {
		answer->end = got.status == 404 || got.status == 405 ?
		    REMOTE_ABSENT : REMOTE_REFUSED;
		answer->why = arena_printf(a, "HTTP %d", got.status);
	}
}
