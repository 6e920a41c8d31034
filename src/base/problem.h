/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Errors, in terms of the API. A function that can fail returns a struct
 * problem * (NULL: success) on the request's arena; only http/response.c turns
 * it into bytes. The format of errors: rules/requests 7.
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
	PROBLEM_EXPIRED_CREDENTIALS, /* 401 a token that has expired */
	PROBLEM_CHARGES,             /* 402 charges to accept; data: the invoices */
	PROBLEM_NO_PAYMENT_TOKEN,    /* 402 no means of payment; data: a list */
	PROBLEM_BILLING_ISSUE,       /* 402 the payer is not in good standing */
	PROBLEM_FORBIDDEN,           /* 403 */
	PROBLEM_NOT_FOUND,           /* 404 no such path */
	PROBLEM_BAD_IDENTIFIER,      /* 404 no such document */
	PROBLEM_INVALID_METHOD,      /* 405 */
	PROBLEM_NOT_ACCEPTABLE,      /* 406 */
	PROBLEM_CONFLICT,            /* 409 */
	PROBLEM_HAS_DESCENDANTS,     /* 409 descendants forbid it */
	PROBLEM_QUOTE_DIFFERS,       /* 409 the result would not match the quote */
	PROBLEM_UNCERTAIN,           /* 409 a change may or may not have been made:
	                                below 500, so that nobody repeats it by
	                                itself */
	PROBLEM_PRECONDITION,        /* 412 the ETag of If-Match is not current */
	PROBLEM_TOO_LARGE,           /* 413 */
	PROBLEM_UNSUPPORTED_TYPE,    /* 415 */
	PROBLEM_KEY_REUSED,          /* 422 an Idempotency-Key of another request */
	PROBLEM_TOO_MANY_REQUESTS,   /* 429 */
	PROBLEM_PAYMENT,             /* 500 a payment failed; data: the payment */
	PROBLEM_FAULT,               /* 500 our bug; details go to the log */
	PROBLEM_NOT_IMPLEMENTED,     /* 501 unknown method */
	PROBLEM_UNAVAILABLE,         /* 503 nothing was changed; safe to repeat */
	PROBLEM__MAX
};

struct problem {
	enum problem_kind kind;
	int status;              /* HTTP status */
	const char *name;        /* the envelope's "message" */
	const char *text;        /* for people; never holds a secret */
	const char *field;       /* dotted path of the wrong input: the first
	                            that failed, or the one that a procedure
	                            named; NULL: none. Decisions use it, never
	                            the text */
	struct json_object *data; /* the envelope's "data", or NULL: built from
	                             text; owned by the arena */
	int retry_after_s;       /* Retry-After, 0: none */
	const char *cause;       /* what the log counts such problems by, a
	                            literal; NULL: what it says of them */
	char log[256];           /* for the log only; "": text has everything */
};

/* Makes a problem with the text of its kind. */
struct problem *problem_new(struct arena *a, enum problem_kind kind);

/* Makes a problem with another text. */
struct problem *problem_text(struct arena *a, enum problem_kind kind,
    const char *format, ...) PRINTF(3, 4);

/* Copies a problem to another arena, which lives longer. */
struct problem *problem_copy(struct arena *a, const struct problem *p);

/* 500 for the client, the formatted text for the log. */
struct problem *problem_fault(struct arena *a, const char *format, ...)
    PRINTF(2, 3);

/* 409 uncertain, in the shape of a validation error. log: NULL, or why. */
struct problem *problem_uncertain(struct arena *a, const char *log);

/* 404 bad_identifier with {"cause": cause}. */
struct problem *problem_bad_identifier(struct arena *a, const char *cause);

/*
 * 400 validation error: data = {field: {code: {"message": text}}}. field is a
 * dotted path; code is a word such as "required" (rules/requests 8).
 */
struct problem *problem_invalid(struct arena *a, const char *field,
    const char *code, const char *format, ...) PRINTF(4, 5);

/* The same, code "enum": the value is none of those that there are. */
struct problem *problem_unlisted(struct arena *a, const char *field);

/*
 * Adds a failure to a validation problem (a new one if p is NULL) and returns
 * it: an answer lists all failures of a body.
 */
struct problem *problem_also_invalid(struct arena *a, struct problem *p,
    const char *field, const char *code, const char *format, ...)
    PRINTF(5, 6);

/*
 * The envelope's "data" of a problem; the arena's. That of a 409 has the text
 * under a field and a rule, too: clients show it there (rules/requests 7).
 */
struct json_object *problem_data(struct arena *a, const struct problem *p);

/* True if p is a problem of this kind with this field. p may be NULL. */
bool problem_concerns(const struct problem *p, enum problem_kind kind,
    const char *field);

/* Returns the path of a field below place (NULL or "": the top). */
const char *problem_path(struct arena *a, const char *place,
    const char *field);

/*
 * Sets a member next to "message" of the failure field/code: target, cause...
 * Does nothing if there is no such failure.
 */
void problem_set_int(struct problem *p, const char *field, const char *code,
    const char *member, int64_t value);
void problem_set_string(struct problem *p, const char *field,
    const char *code, const char *member, const char *value);

#endif
