/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/number_refusal.h"

#include "base/attr.h"
#include "base/json.h"

static const struct {
	const char *name;
	const char *text; /* behind the number */
	enum problem_kind kind;
	int status;
} refusals[] = {
	[NUMBER_EXISTS] = { "number_exists", "already exists",
	    PROBLEM_CONFLICT, 409 },
	[NUMBER_IS_PORTING] = { "number_is_porting", "is being ported",
	    PROBLEM_VALIDATION, 400 },
	[NUMBER_IS_UNKNOWN] = { "not_found", "is not one of the account",
	    PROBLEM_BAD_IDENTIFIER, 404 },
	[NUMBER_IS_NONE] = { "not_reconcilable", "is no phone number",
	    PROBLEM_BAD_IDENTIFIER, 404 },
	[NUMBER_STATE_UNREACHABLE] = { "invalid_state_transition",
	    "cannot come into that state", PROBLEM_VALIDATION, 400 },
	[NUMBER_STATE_FORBIDDEN] = { "forbidden",
	    "is brought into that state by the account's seller only",
	    PROBLEM_FORBIDDEN, 403 },
};

_Static_assert(NELEM(refusals) == NUMBER_REFUSAL__MAX, "a row for each");

struct problem *
refusal_of_number(struct arena *a, enum number_refusal why, const char *number,
    const char *cause)
{
	struct problem *p = problem_text(a, refusals[why].kind, "number %s %s",
	    number, refusals[why].text);

	p->name = refusals[why].name;
	p->data = json_own(a, json_object_new_object());
	json_put_int(p->data, "code", refusals[why].status);
	json_put_string(p->data, "error", p->name);
	json_put_string(p->data, "cause", cause == NULL ? number : cause);
	json_put_string(p->data, "message", p->text);
	return p;
}

bool
refusal_is_number(const struct problem *p)
{
	size_t i;

	for (i = 0; p != NULL && i < NELEM(refusals); i++)
		if (p->name == refusals[i].name)
			return true;
	return false;
}

struct problem *
refusal_of_numbers(struct arena *a, struct json_object *refused)
{
	struct problem *p;

	if (json_object_object_length(refused) == 0)
		return NULL;
	p = problem_text(a, PROBLEM_VALIDATION,
	    "some of the numbers are refused: nothing was changed");
	p->name = "client error";
	p->data = refused;
	return p;
}
