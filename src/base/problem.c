/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/problem.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"

static const struct kind {
	int status;
	const char *name;
	const char *text;
	int retry_after_s;
	bool empty_data; /* "data" is {}, without the text */
} kinds[] = {
	[PROBLEM_VALIDATION] = {
	    400, "validation error", "validation error", 0, false },
	[PROBLEM_INVALID_CREDENTIALS] = {
	    401, "invalid_credentials", "invalid credentials", 0, false },
	[PROBLEM_EXPIRED_CREDENTIALS] = {
	    401, "invalid credentials", "invalid credentials", 0, true },
	[PROBLEM_CHARGES] = {
	    402, "accept charges", "accept charges", 0, false },
	[PROBLEM_NO_PAYMENT_TOKEN] = {
	    402, "no_payment_token", "no payment token", 0, false },
	[PROBLEM_BILLING_ISSUE] = {
	    402, "billing_issue", "There is a billing issue with this account, "
	    "please contact your sales representative.", 0, false },
	[PROBLEM_FORBIDDEN] = {
	    403, "forbidden", "forbidden", 0, false },
	[PROBLEM_NOT_FOUND] = {
	    404, "not_found", "not found", 0, false },
	[PROBLEM_BAD_IDENTIFIER] = {
	    404, "bad_identifier", "bad identifier", 0, false },
	[PROBLEM_INVALID_METHOD] = {
	    405, "invalid_method", "method not allowed", 0, false },
	[PROBLEM_NOT_ACCEPTABLE] = {
	    406, "not_acceptable", "not acceptable", 0, false },
	[PROBLEM_CONFLICT] = {
	    409, "datastore_conflict", "conflicting documents", 0, false },
	[PROBLEM_HAS_DESCENDANTS] = {
	    409, "account_has_descendants", "account has descendants",
	    0, false },
	[PROBLEM_QUOTE_DIFFERS] = {
	    409, "quote differs", "the change is not what was quoted",
	    0, false },
	[PROBLEM_UNCERTAIN] = {
	    409, "uncertain",
	    "the change may or may not have been made: look before it is "
	    "made again", 0, false },
	[PROBLEM_PRECONDITION] = {
	    412, "precondition failed",
	    "it has changed: read it again, then send If-Match with its ETag",
	    0, false },
	[PROBLEM_TOO_LARGE] = {
	    413, "payload_too_large", "payload too large", 0, false },
	[PROBLEM_UNSUPPORTED_TYPE] = {
	    415, "unsupported_media_type", "unsupported media type",
	    0, false },
	[PROBLEM_KEY_REUSED] = {
	    422, "idempotency key reused",
	    "this Idempotency-Key was sent with another request before",
	    0, false },
	[PROBLEM_TOO_MANY_REQUESTS] = {
	    429, "too_many_requests", "too many requests", 0, false },
	[PROBLEM_PAYMENT] = {
	    500, "unspecified_fault", "the payment was not made", 0, false },
	[PROBLEM_FAULT] = {
	    500, "unspecified_fault", "unspecified fault", 0, false },
	[PROBLEM_NOT_IMPLEMENTED] = {
	    501, "not_implemented", "not implemented", 0, false },
	[PROBLEM_UNAVAILABLE] = {
	    503, "datastore_unreachable", "datastore timeout", 5, false },
};

_Static_assert(NELEM(kinds) == PROBLEM__MAX, "a row for every kind");

/* Returns the member key of parent; creates it if it is missing. */
static struct json_object *
member_object(struct json_object *parent, const char *key)
{
	struct json_object *child;

	if (json_object_object_get_ex(parent, key, &child))
		return child;
	child = json_object_new_object();
	json_object_object_add(parent, key, child);
	return child;
}

/* Returns the failure {"message": ...} of field and code, or NULL. */
static struct json_object *
failure_find(const struct problem *p, const char *field, const char *code)
{
	struct json_object *of_field, *failure;

	if (!json_object_object_get_ex(p->data, field, &of_field) ||
	    !json_object_object_get_ex(of_field, code, &failure))
		return NULL;
	return failure;
}

static struct problem *PRINTF(5, 0)
add_invalid(struct arena *a, struct problem *p, const char *field,
    const char *code, const char *format, va_list args)
{
	struct json_object *failure;
	struct buffer text;

	if (p == NULL)
		p = problem_new(a, PROBLEM_VALIDATION);
	/* Any other kind of problem takes precedence over a wrong field. */
	if (p->kind != PROBLEM_VALIDATION)
		return p;
	if (p->field == NULL)
		p->field = arena_strdup(a, field);
	if (p->data == NULL)
		p->data = json_own(a, json_object_new_object());
	buffer_init(&text, a, 0);
	buffer_vprintf(&text, format, args);
	failure = member_object(member_object(p->data, field), code);
	json_put_string(failure, "message", text.text);
	return p;
}

struct problem *
problem_new(struct arena *a, enum problem_kind kind)
{
	const struct kind *k = &kinds[kind];
	struct problem *p;

	p = arena_alloc(a, sizeof(*p));
	p->kind = kind;
	p->status = k->status;
	p->name = k->name;
	p->text = k->text;
	p->retry_after_s = k->retry_after_s;
	if (k->empty_data)
		p->data = json_own(a, json_object_new_object());
	return p;
}

struct problem *
problem_text(struct arena *a, enum problem_kind kind, const char *format, ...)
{
	struct problem *p = problem_new(a, kind);
	struct buffer text;
	va_list args;

	buffer_init(&text, a, 0);
	va_start(args, format);
	buffer_vprintf(&text, format, args);
	va_end(args);
	p->text = text.text;
	return p;
}

struct problem *
problem_copy(struct arena *a, const struct problem *p)
{
	struct problem *copy = arena_alloc(a, sizeof(*copy));

	*copy = *p;
	copy->text = arena_strdup(a, p->text);
	if (p->field != NULL)
		copy->field = arena_strdup(a, p->field);
	if (p->data != NULL)
		copy->data = json_own(a, json_object_get(p->data));
	return copy;
}

struct problem *
problem_fault(struct arena *a, const char *format, ...)
{
	struct problem *p = problem_new(a, PROBLEM_FAULT);
	va_list args;

	va_start(args, format);
	vsnprintf(p->log, sizeof(p->log), format, args);
	va_end(args);
	return p;
}

struct problem *
problem_uncertain(struct arena *a, const char *log)
{
	struct problem *p = problem_new(a, PROBLEM_UNCERTAIN);
	struct json_object *failure;

	p->data = json_own(a, json_object_new_object());
	failure = member_object(member_object(p->data, "request"), p->name);
	json_put_string(failure, "message", p->text);
	snprintf(p->log, sizeof(p->log), "%s", log == NULL ? "" : log);
	return p;
}

struct problem *
problem_bad_identifier(struct arena *a, const char *cause)
{
	struct problem *p = problem_new(a, PROBLEM_BAD_IDENTIFIER);

	p->data = json_own(a, json_object_new_object());
	json_put_string(p->data, "cause", cause);
	json_put_string(p->data, "message", p->text);
	return p;
}

struct problem *
problem_invalid(struct arena *a, const char *field, const char *code,
    const char *format, ...)
{
	struct problem *p;
	va_list args;

	va_start(args, format);
	p = add_invalid(a, NULL, field, code, format, args);
	va_end(args);
	return p;
}

struct problem *
problem_unlisted(struct arena *a, const char *field)
{
	return problem_invalid(a, field, "enum",
	    "Value not found in enumerated list of values");
}

struct problem *
problem_also_invalid(struct arena *a, struct problem *p, const char *field,
    const char *code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	p = add_invalid(a, p, field, code, format, args);
	va_end(args);
	return p;
}

bool
problem_concerns(const struct problem *p, enum problem_kind kind,
    const char *field)
{
	return p != NULL && p->kind == kind && p->field != NULL &&
	    strcmp(p->field, field) == 0;
}

const char *
problem_path(struct arena *a, const char *place, const char *field)
{
	return place == NULL || place[0] == '\0' ? arena_strdup(a, field) :
	    arena_printf(a, "%s.%s", place, field);
}

void
problem_set_int(struct problem *p, const char *field, const char *code,
    const char *member, int64_t value)
{
	struct json_object *failure = failure_find(p, field, code);

	if (failure != NULL)
		json_object_object_add(failure, member,
		    json_object_new_int64(value));
}

void
problem_set_string(struct problem *p, const char *field, const char *code,
    const char *member, const char *value)
{
	struct json_object *failure = failure_find(p, field, code);

	if (failure != NULL)
		json_object_object_add(failure, member,
		    json_object_new_string(value));
}

/* {"message": text, RULE: {"message": text}}: some clients look for the text in
 * the field, some in the rule. */
static void
put_conflict(struct json_object *data, const struct problem *p)
{
	struct json_object *of_field = member_object(data,
	    p->field != NULL ? p->field : "request");

	if (!json_object_is_type(of_field, json_type_object))
		return;
	json_put_string(of_field, "message", p->text);
	json_put_string(member_object(of_field, p->name), "message", p->text);
}

struct json_object *
problem_data(struct arena *a, const struct problem *p)
{
	struct json_object *data = p->data;

	if (data == NULL) {
		data = json_own(a, json_object_new_object());
		json_put_string(data, "message", p->text);
	}
	if (p->status == 409 && json_object_is_type(data, json_type_object))
		put_conflict(data, p);
	return data;
}
