/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Port requests and the numbers that they hold (rules/ports): a number is a
 * phone number of one account, or held by one open request, or free.
 */
#ifndef REEVE_SERVICE_PORT_REQUEST_H
#define REEVE_SERVICE_PORT_REQUEST_H

#include "service/object.h"
#include "store/ports.h"

/* Max numbers of a request: it is completed with all of them in one batch. */
#define PORT_NUMBERS_MAX 500

/* The state of a request. */
const char *port_request_state(struct json_object *document);

/*
 * Brings the numbers of a request into normal form, in place. lenient: texts
 * that are none stay. Problems: VALIDATION (invalid, unique).
 */
struct problem *port_request_normalize(struct arena *a,
    const struct config *config, struct json_object *document, bool lenient,
    const char *place) MUSTCHECK;

/*
 * Checks a change of a request that is not an entry into another state, and
 * normalizes its numbers. Problems: VALIDATION; INVALID_METHOD (it is not
 * deleted in its state).
 */
struct problem *port_request_settle(const struct object_batch *batch,
    struct arena *a, struct object_change *change) MUSTCHECK;

/* Saves the numbers of a request that is written. An import holds what no older
 * request holds, and takes it from younger ones. Problems: VALIDATION (another
 * request has one). */
struct problem *port_request_hold(struct db *db, struct arena *a,
    const char *account_id, const char *id, struct json_object *document,
    bool import) MUSTCHECK;

/* The accounts that have the members of numbers, or requests that hold them; of
 * NULL none. */
struct problem *port_number_holders(struct db *db, struct arena *a,
    struct json_object *numbers, struct number_holders *out) MUSTCHECK;

/*
 * Checks the numbers that a batch takes: its new phone numbers, and those that
 * are new in its open port requests. written: the batch has been written, and
 * others who take them meanwhile are waited for. Problems: those of
 * refusal_of_number, or of refusal_of_numbers where batch->refused collects them;
 * VALIDATION naming the numbers of a request, or "data" (they are more than
 * OBJECTS_AT_ONCE).
 */
struct problem *port_numbers_check(struct db *db, struct arena *a,
    struct object_batch *batch, bool written) MUSTCHECK;

#endif
