/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whitelabels as everybody sees them, by their domain. */
#ifndef REEVE_API_WHITELABEL_H
#define REEVE_API_WHITELABEL_H

#include "api/call.h"
#include "store/whitelabels.h"

/* The one of the domain in the path. Problems: BAD_IDENTIFIER (none is in use). */
struct problem *whitelabel_in_use(struct call *c, struct whitelabel **out)
    MUSTCHECK;

#endif
