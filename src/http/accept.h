/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Negotiation of the answer's format (rules/requests 9). */
#ifndef REEVE_HTTP_ACCEPT_H
#define REEVE_HTTP_ACCEPT_H

#include <stdbool.h>

#include "base/attr.h"
#include "http/request.h"

/*
 * Chooses by the Accept header (NULL: anything) and the accept parameter
 * ("csv", "json" or a media type; NULL: not given), which overrides the header.
 * False: no offered format is acceptable.
 */
bool accept_format(const char *header, const char *parameter,
    enum format *out) MUSTCHECK;

/* True if the header names application/problem+json, with q above 0. */
bool accept_wants_problem_json(const char *header);

#endif
