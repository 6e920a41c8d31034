/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The caller's reason for a change, which its audit entries carry: change_reason
 * of the envelope or the query, or the header X-Reeve-Reason (rules/audit).
 */
#ifndef REEVE_API_REASON_H
#define REEVE_API_REASON_H

#include "api/call.h"

/*
 * Sets c->change_reason; NULL: none was given, or the request changes nothing.
 * Problems: VALIDATION naming change_reason (no text, longer than 1000
 * characters, not UTF-8).
 */
struct problem *reason_read(struct call *c) MUSTCHECK;

#endif
