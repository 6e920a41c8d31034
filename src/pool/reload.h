/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loads the configuration of a pool, at the start and at a reload. */
#ifndef REEVE_POOL_RELOAD_H
#define REEVE_POOL_RELOAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/config.h"

/*
 * Reads the configuration file onto a; workers, if not -1, overrides the number
 * in it. NULL: *error (on a) has the reason, also that the workers' user may write
 * where root would write the log or the pid file.
 */
const struct config *reload_first(struct arena *a, const char *path,
    int64_t workers, const char **error) MUSTCHECK;

/*
 * The same at a reload: warns about each changed key that needs a restart, and
 * opens the log of the new configuration. NULL: it cannot be used, which is
 * logged; nothing has changed.
 */
const struct config *reload_again(struct arena *a, const char *path,
    int64_t workers, const struct config *started) MUSTCHECK;

/* Opens the configured log. False: errno has the reason. */
bool reload_log(const struct config *config) MUSTCHECK;

#endif
