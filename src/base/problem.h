/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What went wrong, in the API's own terms. A function that can fail returns a
 * struct problem * (NULL: it went well), allocated on the request's arena; the
 * envelope alone turns it into bytes. What errors look like: rules/requests 7.
 */
#ifndef REEVE_BASE_PROBLEM_H
#define REEVE_BASE_PROBLEM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct json_object;

enum problem_kind {
	PROBLEM_VALIDATION,          /* 400 validation error */
	PROBLEM_INVALID_CREDENTIALS, /* 401 unknown, forged or missing token */
	PROBLEM_EXPIRED_CREDENTIALS, /* 401 a token that was once good */
	PROBLEM_CHARGES,             /* 402 it would cost money; data: the invoices */
	PROBLEM_NO_PAYMENT_TOKEN,    /* 402 there is nothing to pay with; data: a list */
	PROBLEM_BILLING_ISSUE,       /* 402 whoever pays is not in good standing */
	PROBLEM_FORBIDDEN,           /* 403 */
	PROBLEM_NOT_FOUND,           /* 404 no such path */
	PROBLEM_BAD_IDENTIFIER,      /* 404 no such document */
	PROBLEM_INVALID_METHOD,      /* 405 */
	PROBLEM_NOT_ACCEPTABLE,      /* 406 */
	PROBLEM_CONFLICT,            /* 409 */
	PROBLEM_HAS_DESCENDANTS,     /* 409 accounts below forbid it */
	PROBLEM_QUOTE_DIFFERS,       /* 409 what was quoted is not what it would be */
	PROBLEM_PRECONDITION,        /* 412 If-Match names another state */
	PROBLEM_TOO_LARGE,           /* 413 */
	PROBLEM_UNSUPPORTED_TYPE,    /* 415 */
	PROBLEM_KEY_REUSED,          /* 422 an Idempotency-Key of another request */
	PROBLEM_TOO_MANY_REQUESTS,   /* 429 */
	PROBLEM_PAYMENT,             /* 500 a bookkeeper did not make it; data: it */
	PROBLEM_FAULT,               /* 500 a bug of ours; details go to the log */
	PROBLEM_NOT_IMPLEMENTED,     /* 501 unknown method */
	PROBLEM_UNAVAILABLE,         /* 503 the database does not answer; safe to
	                                repeat */
	PROBLEM_UNCERTAIN,           /* 503 a write may or may not have happened */
	PROBLEM__MAX
};

struct problem {
	enum problem_kind kind;
	int status;              /* HTTP status */
	const char *name;        /* the envelope's "message" */
	const char *text;        /* for people; never holds a secret */
	const char *field;       /* dotted path of the input at fault: the first
	                            that failed, or what a procedure named; NULL:
	                            none. Decisions look here, never at words */
	struct json_object *data; /* the envelope's "data", or NULL: built from
	                             text; owned by the arena */
	int retry_after_s;       /* Retry-After, 0: none */
	char log[256];           /* for the log only, "" when text says it all */
};

/* A problem of this kind with the kind's own text. */
struct problem *problem_new(struct arena *a, enum problem_kind kind);

/* The same with a text of its own. */
struct problem *problem_text(struct arena *a, enum problem_kind kind,
    const char *format, ...) PRINTF(3, 4);

/* The same problem in another arena, which lives longer. */
struct problem *problem_copy(struct arena *a, const struct problem *p);

/* 500 for the client, the formatted text for the log. */
struct problem *problem_fault(struct arena *a, const char *format, ...)
    PRINTF(2, 3);

/* 404 bad_identifier with {"cause": cause}. */
struct problem *problem_bad_identifier(struct arena *a, const char *cause);

/*
 * 400 validation error: data = {field: {code: {"message": text}}}. field is a
 * dotted path; codes are words such as "required" (rules/requests 8).
 */
struct problem *problem_invalid(struct arena *a, const char *field,
    const char *code, const char *format, ...) PRINTF(4, 5);

/*
 * Adds one more failure to a validation problem (made when p is NULL) and
 * returns it: all failures of a body are told at once.
 */
struct problem *problem_also_invalid(struct arena *a, struct problem *p,
    const char *field, const char *code, const char *format, ...)
    PRINTF(5, 6);

/* Is it a problem of this kind with this field? NULL: it is none. */
bool problem_concerns(const struct problem *p, enum problem_kind kind,
    const char *field);

/* The path of a field below place (NULL or "": at the top). */
const char *problem_path(struct arena *a, const char *place,
    const char *field);

/*
 * Sets a member beside "message" of the failure field/code: target, cause...
 * Does nothing where there is no such failure.
 */
void problem_set_int(struct problem *p, const char *field, const char *code,
    const char *member, int64_t value);
void problem_set_string(struct problem *p, const char *field,
    const char *code, const char *member, const char *value);

#endif
