/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Being a daemon: the background, the pid file, and telling who started us. */
#ifndef REEVE_POOL_PROCESS_H
#define REEVE_POOL_PROCESS_H

#include <stdbool.h>

#include "base/attr.h"

/*
 * Goes on in the background. The process in front ends when the one behind is
 * ready, with its exit status should it end before.
 */
void process_daemonize(void);

/* Ready for requests: tells systemd and the process in front, if there are. */
void process_ready(void);

/* Tells systemd, if it started us: "STOPPING=1" and the like. */
void process_notify(const char *state);

/* Writes our process id. "" does nothing; false: errno says why. */
bool process_write_pid(const char *path) MUSTCHECK;

/* Removes the file if it still holds our process id. */
void process_remove_pid(const char *path);

#endif
