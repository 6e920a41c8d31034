/* SPDX-License-Identifier: GPL-3.0-or-later */
/* services/audit with filters: entries with details, also of accounts below, of up
 * to 367 days (rules/audit 23 to 25). */
#ifndef REEVE_API_AUDIT_SEARCH_H
#define REEVE_API_AUDIT_SEARCH_H

#include "api/call.h"

/* True if the query has one of the filters, or asks for details. */
bool search_is_asked(const struct call *c);

/* Writes the page that is asked for, newest first. Problems: VALIDATION naming
 * the parameter. */
struct problem *search_answer(struct call *c);

#endif
