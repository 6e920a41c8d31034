/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Deliveries of many messages at the same time: each is claimed, sent without
 * waiting for the others, and ended when its receiver has answered. Each has an
 * arena of its own.
 *
 * Bookkeepers and webhooks are lanes: neither takes the last eighth of the
 * places. Mail is one, too, with places of its own, a sixteenth as many. In a lane
 * the owners of receivers take turns, and each takes a quarter at most. A host is
 * sent two messages at a time; a few more wait for it here, within their leases.
 */
#ifndef REEVE_COURIER_FLIGHTS_H
#define REEVE_COURIER_FLIGHTS_H

#include <stddef.h>

#include "courier/courier.h"

struct flights;

/* courier is lent; its stop is not called: the caller decides how long it
 * waits. */
struct flights *flights_new(const struct courier *courier);

/* Frees *f, of which nothing is under way, and sets it to NULL. */
void flights_free(struct flights **f);

/* The number of messages under way or waiting for their hosts. */
size_t flights_count(const struct flights *f);

/*
 * Claims due messages until all places (courier_transfers) are taken or none is
 * due. *ended: messages whose outcome was known without sending them. Problems:
 * those of the database; a is theirs.
 */
struct problem *flights_fill(struct flights *f, struct arena *a, size_t *ended)
    MUSTCHECK;

/*
 * Waits until a receiver has answered, wait_ms at most, and records the outcomes
 * of all that have. *ended: how many. Problems: as above; others go on.
 */
struct problem *flights_wait(struct flights *f, struct arena *a, int wait_ms,
    size_t *ended) MUSTCHECK;

/* Breaks off all that is under way and gives back what is not: the messages wait
 * again, and the tries do not count. Problems: as above; of the first. */
struct problem *flights_break_off(struct flights *f, struct arena *a)
    MUSTCHECK;

#endif
