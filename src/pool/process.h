/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The daemon: background, pid file, and the message that it is ready. */
#ifndef REEVE_POOL_PROCESS_H
#define REEVE_POOL_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/attr.h"

/*
 * Continues in the background. The foreground process exits when the background
 * one is ready, or with its exit status if it ends before.
 */
void process_daemonize(void);

/* Tells systemd and the foreground process, if any, that we are ready. */
void process_ready(void);

/* Sends a state such as "STOPPING=1" to systemd, if it started us. */
void process_notify(const char *state);

/* Writes our process id. "" does nothing; false: errno has the reason. */
bool process_write_pid(const char *path) MUSTCHECK;

/* Returns the process of the file if it runs this program, otherwise 0. */
pid_t process_read_pid(const char *path);

/* Removes the file if it still holds our process id. */
void process_remove_pid(const char *path);

#endif
