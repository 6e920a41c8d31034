/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What goes over the wire to a bookkeeper, and what comes back: documents in,
 * texts and verdicts out. Pure, but for the arena.
 */
#ifndef REEVE_COURIER_WIRE_H
#define REEVE_COURIER_WIRE_H

#include <stdint.h>

#include "billing/bookkeeper.h"
#include "courier/http_post.h"

/* ---- what it is told ---- */

/* The body of the request, JSON. */
const char *wire_body(struct arena *a, enum bookkeeper_form form,
    const struct bookkeeper_request *request);

/*
 * The headers, ended by NULL: type, ids, authorization and signature.
 * unix_time is what the signature is made of, beside the body.
 */
const char *const *wire_headers(struct arena *a,
    const struct bookkeeper_document *document,
    const struct bookkeeper_request *request, const char *body,
    int64_t unix_time);

/* "t=TIME,v1=HEX": HMAC-SHA-256 of "TIME.body" under the secret. */
const char *wire_signature(struct arena *a, const char *secret,
    int64_t unix_time, const char *body);

/* ---- what it answers ---- */

/* Strings live on a. */
void wire_judge(struct arena *a, enum bookkeeper_form form,
    enum bookkeeper_message message, const struct http_answer *http,
    struct bookkeeper_answer *out);

#endif
