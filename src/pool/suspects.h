/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests during which workers died. One that has ended three of them is
 * refused for a minute: it would end the others, too. The table is in memory
 * shared with the workers; only the master writes it.
 */
#ifndef REEVE_POOL_SUSPECTS_H
#define REEVE_POOL_SUSPECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "http/gateway.h"

#define SUSPECT_DEATHS 3
#define SUSPECT_REFUSED_MS 60000
/* A request without a death for so long is trusted again. */
#define SUSPECT_FORGOTTEN_MS (2 * SUSPECT_REFUSED_MS)

struct suspects;

/* Returns an empty table, shared with children forked later; NULL: no memory. */
struct suspects *suspects_new(void);

/* A digest of method, path, query and length of the body; never 0. */
uint64_t suspects_fingerprint(struct gateway *g);

/* Records a death during the request. True: it is refused from now on. */
bool suspects_note_death(struct suspects *s, uint64_t fingerprint,
    int64_t now_ms);

/* True if the request is refused at now_ms. */
bool suspects_refuse(const struct suspects *s, uint64_t fingerprint,
    int64_t now_ms);

#endif
