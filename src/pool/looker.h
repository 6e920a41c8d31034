/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the database without waiting for it: a child process has the connection,
 * and may hang in it. It is started when first needed, and again if it has died.
 */
#ifndef REEVE_POOL_LOOKER_H
#define REEVE_POOL_LOOKER_H

#include "api/stored.h"
#include "base/config.h"

struct looker {
	const struct config *config;
	int fd;           /* to the child; -1: there is none */
	int64_t asked_ms; /* when the open question was asked; 0: none is open */
	struct stored last;
};

void looker_init(struct looker *l, const struct config *config);

/* Asks, unless a question is open or the last answer is fresh. */
void looker_ask(struct looker *l);

/* Takes what the child has sent; call it when fd can be read. */
void looker_take(struct looker *l);

/*
 * True if there is nothing to wait for: an answer that was fresh at the moment,
 * or none for a question that has been open for patience_ms.
 */
bool looker_has_done(const struct looker *l, int64_t since_ms,
    int64_t patience_ms);

/* Ends the child. */
void looker_end(struct looker *l);

#endif
