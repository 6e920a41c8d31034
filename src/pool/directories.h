/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directories in which root writes files while others run the workers. */
#ifndef REEVE_POOL_DIRECTORIES_H
#define REEVE_POOL_DIRECTORIES_H

#include "base/arena.h"
#include "base/attr.h"
#include "pool/identity.h"

/*
 * Returns a directory of a path in which the identity may put another file or
 * directory in the place of what is there; NULL: none. A sticky bit protects the
 * directories of a path, not its file. Access lists are not looked at.
 */
const char *directory_open_to(const struct identity *id, struct arena *a,
    const char *path) MUSTCHECK;

#endif
