/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The wire format of bookkeepers: makes the texts that are sent, and reads the
 * verdict from the answer. Pure, except for the arena.
 */
#ifndef REEVE_COURIER_WIRE_H
#define REEVE_COURIER_WIRE_H

#include <stdint.h>

#include "billing/bookkeeper.h"
#include "courier/http_post.h"

/* ---- the request ---- */

/* The body of the request, as JSON. */
const char *wire_body(struct arena *a, enum bookkeeper_form form,
    const struct bookkeeper_request *request);

/*
 * The headers of the request, ended by NULL: type, ids, authorization and
 * signature. The signature covers the body and unix_time.
 */
const char *const *wire_headers(struct arena *a,
    const struct bookkeeper_document *document,
    const struct bookkeeper_request *request, const char *body,
    int64_t unix_time);

/* The signature "t=TIME,v1=HEX": the HMAC-SHA-256 of "TIME.body" with the
 * secret as its key. */
const char *wire_signature(struct arena *a, const char *secret,
    int64_t unix_time, const char *body);

/* ---- the answer ---- */

/* Reads the verdict from an answer; its strings are the arena's. */
void wire_judge(struct arena *a, enum bookkeeper_form form,
    enum bookkeeper_message message, const struct http_answer *http,
    struct bookkeeper_answer *out);

#endif
