/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Refusals about phone numbers, with the names and the shape that Kazoo gives
 * them: {code, error, cause, message} (rules/ports 9). */
#ifndef REEVE_SERVICE_NUMBER_REFUSAL_H
#define REEVE_SERVICE_NUMBER_REFUSAL_H

#include <stdbool.h>

#include "base/problem.h"

enum number_refusal {
	NUMBER_EXISTS,            /* 409: an account has it */
	NUMBER_IS_PORTING,        /* 400: it is in an open port request */
	NUMBER_IS_UNKNOWN,        /* 404: the account does not have it */
	NUMBER_IS_NONE,           /* 404: the text is no phone number */
	NUMBER_STATE_UNREACHABLE, /* 400: not from the state that it has */
	NUMBER_STATE_FORBIDDEN,   /* 403: only its seller may set that state */
	NUMBER_REFUSAL__MAX
};

/* Makes the problem of one number. cause: NULL: the number. */
struct problem *refusal_of_number(struct arena *a, enum number_refusal why,
    const char *number, const char *cause);

/* Is a problem (or NULL) such a refusal? */
bool refusal_is_number(const struct problem *p);

/* Makes one problem of the refusals of several: {NUMBER: its data, ...}. NULL:
 * there are none. */
struct problem *refusal_of_numbers(struct arena *a, struct json_object *refused);

#endif
