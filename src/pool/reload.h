/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The configuration of a running pool, read again. */
#ifndef REEVE_POOL_RELOAD_H
#define REEVE_POOL_RELOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/config.h"

/*
 * The configuration of a file on a, with as many workers as the command line
 * said (-1: it said nothing). On failure NULL, and *error (on a) says why.
 */
const struct config *reload_first(struct arena *a, const char *path,
    int64_t workers, const char **error) MUSTCHECK;

/*
 * The same for a pool that was started with another: warns of every difference
 * that only a restart takes, and opens the log the new one names. NULL: it
 * cannot be used, which is logged; nothing has changed.
 */
const struct config *reload_again(struct arena *a, const char *path,
    int64_t workers, const struct config *started) MUSTCHECK;

/* Opens the log that the configuration names. False: errno says why not. */
bool reload_log(const struct config *config) MUSTCHECK;

#endif
