/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks a running API of Kazoo for what accounts have. It waits and asks again
 * where the other side is busy or does not answer. */
#ifndef REEVE_CTL_COMPARE_REMOTE_H
#define REEVE_CTL_COMPARE_REMOTE_H

#include <json-c/json.h>

#include "base/arena.h"

struct remote;

/* url: of the API, with or without "/v2" at its end. Both are lent. */
struct remote *remote_new(struct arena *a, const char *url, const char *token);
void remote_free(struct remote *remote);

enum remote_end {
	REMOTE_ANSWERED, /* data is what it says */
	REMOTE_ABSENT,   /* it has no such thing: 404 or 405 */
	REMOTE_REFUSED,  /* another answer than 200, or nonsense */
	REMOTE_STOP      /* no other request would be answered either */
};

struct remote_answer {
	enum remote_end end;
	struct json_object *data; /* the arena's; NULL unless answered */
	const char *why; /* unless answered */
	int status;      /* of HTTP; 0: there was no answer */
};

/* Gets accounts/ACCOUNT/rest. */
void remote_get(struct remote *remote, struct arena *a, const char *account_id,
    const char *rest, struct remote_answer *answer);

#endif
