/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signals, without a moment in which one could be missed. They are blocked from
 * the start. The master takes them out of the queue one by one; a worker lets
 * them in only where it waits for a connection, so a request is never
 * interrupted.
 */
#ifndef REEVE_POOL_SIGNALS_H
#define REEVE_POOL_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* What the master tells its workers. */
#define SIGNAL_WORKER_LEAVE SIGTERM /* after the request at hand */
#define SIGNAL_WORKER_DRAIN SIGQUIT /* after all that are waiting, too */
#define SIGNAL_WORKER_REOPEN SIGUSR1

/* What a worker was told, the stronger last. */
enum order { ORDER_NONE, ORDER_DRAIN, ORDER_LEAVE };

/* Blocks what the two kinds of process wait for; SIGPIPE is ignored. */
void signals_block(void);

/* The master: the next signal, 0 when none came within timeout_ms. */
int signals_wait(int timeout_ms);

/* A worker: from now on its signals become orders. */
void signals_become_worker(void);

/* Lets in what is pending. Waiting alone would not, while work is there. */
void signals_let_in(void);

/* The mask for ppoll() that lets a worker's signals in. */
const sigset_t *signals_open_mask(void);

enum order signals_order(void);

/* Was the worker told to reopen its log since the last call? */
bool signals_take_reopen(void);

#endif
