/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What form of answer a client wants (rules/requests 9). */
#ifndef REEVE_HTTP_ACCEPT_H
#define REEVE_HTTP_ACCEPT_H

#include <stdbool.h>

#include "base/attr.h"
#include "http/request.h"

/*
 * Chooses by the Accept header (NULL: anything) and the accept parameter,
 * which overrides it ("csv", "json" or a media type; NULL: not given). False:
 * nothing that can be offered is acceptable.
 */
bool accept_format(const char *header, const char *parameter,
    enum format *out) MUSTCHECK;

/* Does the header name application/problem+json (with q above 0)? */
bool accept_wants_problem_json(const char *header);

#endif
