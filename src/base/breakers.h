/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Breakers of receivers: everybody who waits for a silent one waits in
 * vain. After three time-outs in a row the breaker of the receiver is open: one
 * attempt at a time tries, others do not begin. Any answer closes it.
 *
 * The table is in memory that the processes of a pool share, without locks: a
 * process that dies leaves nothing that others wait for, and its trial ends at
 * its deadline. Only receivers that time out have a slot. One that finds no slot
 * has no breaker.
 */
#ifndef REEVE_BASE_BREAKERS_H
#define REEVE_BASE_BREAKERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

#define BREAKERS_MAX 512
#define BREAKER_TIMEOUTS 3 /* in a row, that open one */

#define BREAKER_NAME_SIZE 168
#define BREAKER_HOST_SIZE 128

struct breaker {
	_Atomic uint64_t key; /* hash of the receiver; 0: the slot is free */
	_Atomic int64_t timeouts;   /* in a row */
	_Atomic int64_t touched_ms; /* monotonic, as all times here */
	_Atomic int64_t trial_ms; /* until then one tries; 0: nobody does */
	char receiver[BREAKER_NAME_SIZE];
	char host[BREAKER_HOST_SIZE];
};

/* All zero: all are closed. */
struct breakers {
	struct breaker slots[BREAKERS_MAX];
	_Atomic uint64_t refused; /* attempts that did not begin */
};

/* Gives this process the table. NULL: no breaker is ever open. */
void breakers_join(struct breakers *table);

/* A begun attempt. All zero: it is not a trial. */
struct breaker_pass {
	struct breaker *slot; /* NULL: the breaker was closed */
	int64_t until_ms;
};

/*
 * Asks whether an attempt to reach a receiver may begin. False: its breaker is
 * open and another attempt tries. length_ms: how long this one takes at most;
 * after that, another may try. A pass that was given goes to breaker_leave.
 */
bool breaker_enter(const char *receiver, int64_t length_ms,
    struct breaker_pass *pass) MUSTCHECK;

/* Notes the outcome of an attempt: an answer of any kind, or that there was none
 * in time. One log line tells when the breaker opens, and when it closes. host
 * is for people. True: this answer closed it. */
bool breaker_hear(const char *receiver, const char *host, bool timed_out);

/* Ends an attempt, after breaker_hear. */
void breaker_leave(struct breaker_pass *pass);

/* True if breaker_enter would say no. */
bool breaker_refuses(const char *receiver);

/* An open breaker. */
struct breaker_row {
	char receiver[BREAKER_NAME_SIZE]; /* cut off where it is longer */
	char host[BREAKER_HOST_SIZE];     /* likewise */
	int64_t timeouts;                 /* in a row */
	bool tries; /* an attempt is under way */
};

/* Lists open breakers, most at most, for the status page; returns how many are
 * open. Any process that shares the table may ask. */
size_t breakers_list(const struct breakers *table, struct breaker_row *rows,
    size_t most);

#endif
