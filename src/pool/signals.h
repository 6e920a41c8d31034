/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signals, without races. They are blocked from the start. The master takes
 * them out of the queue one by one. A worker unblocks them only while it waits
 * for a connection, so a request is never interrupted.
 */
#ifndef REEVE_POOL_SIGNALS_H
#define REEVE_POOL_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* The master's orders to its workers. */
#define SIGNAL_WORKER_LEAVE SIGTERM /* after the current request */
#define SIGNAL_WORKER_DRAIN SIGQUIT /* after all waiting requests, too */
#define SIGNAL_WORKER_REOPEN SIGUSR1

/* The order to a worker, the strongest last. */
enum order { ORDER_NONE, ORDER_DRAIN, ORDER_LEAVE };

/* Blocks the signals of master and workers; SIGPIPE is ignored. */
void signals_block(void);

/* Returns the master's next signal, or 0 after timeout_ms. */
int signals_wait(int timeout_ms);

/* Installs a worker's handlers: its signals become orders. */
void signals_become_worker(void);

/* Delivers pending signals; a busy worker never gets to ppoll(). */
void signals_let_in(void);

/* Returns the mask with which ppoll() unblocks a worker's signals. */
const sigset_t *signals_open_mask(void);

enum order signals_order(void);

/* True if an order to reopen the log has come since the last call. */
bool signals_take_reopen(void);

#endif
