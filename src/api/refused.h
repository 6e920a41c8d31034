/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names that change the meaning of a request elsewhere, or look as if they did,
 * and that Reeve does not build: a client that sends one would take the answer
 * for another. All other unknown names are ignored in queries, and kept in
 * documents. t/check/refused compares the table with the documentation, and
 * t/api/test_refused.py tries each row.
 */
#ifndef REEVE_API_REFUSED_H
#define REEVE_API_REFUSED_H

#include "api/call.h"

/* Problems: VALIDATION naming what stands in the query, beside data, or in
 * data. */
struct problem *refused_check(const struct call *c) MUSTCHECK;

#endif
