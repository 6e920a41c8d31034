/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phone_numbers, one by one and as a collection. */
#include "config.h"

#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "api/named_objects.h"

#define DIGITS_MAX 15 /* of a number, by E.164 */
#define SHORT_MAX 6   /* of one that is dialled as it is */
#define NATIONAL 10   /* digits of a number of the North American plan */

/* As +COUNTRY...: a national number of ten digits is one of the North American
 * plan; a short one stays. */
static struct problem *
read_number(struct call *c, const char *text, const char *field,
    const char **out)
{
	char digits[DIGITS_MAX + 1];
	size_t n = 0;
	const char *at;

	for (at = text; *at != '\0' && n <= DIGITS_MAX; at++) {
		if (*at >= '0' && *at <= '9' && n < DIGITS_MAX)
			digits[n++] = *at;
		else if ((*at >= '0' && *at <= '9') ||
		    strchr("+-(). ", *at) == NULL)
			break;
	}
	if (*at != '\0' || n == 0)
		return problem_invalid(c->arena, field, "invalid",
		    "'%s' is no phone number", text);
	digits[n] = '\0';
	*out = n <= SHORT_MAX && text[0] != '+' ?
	    arena_strdup(c->arena, digits) : arena_printf(c->arena, "+%s%s",
	    n == NATIONAL && text[0] != '+' ? "1" : "", digits);
	return NULL;
}

static const struct named_kind numbers = {
	.kind = &kind_phone_numbers,
	.read_id = read_number,
	.ids = "numbers",
	.keyed = true,
};

/* ---- reading ---- */

/* Counts the numbers of all descendants. */
static struct problem *
count_below(struct call *c, int64_t *out)
{
	struct service service;
	struct problem *p;

	p = store_service_load(c->db, c->arena, c->account_id, SERVICE_LOOK,
	    &service);
	return p != NULL ? p : quantity_table_sum(
	    &service.quantities[QUANTITY_CASCADE], "phone_numbers", out) ?
	    NULL : problem_fault(c->arena, "the numbers below account %s are "
	    "more than can be counted", c->account_id);
}

struct problem *
numbers_list(struct call *c)
{
	struct json_writer *w = &c->response->json;
	struct problem *p;
	int64_t descendants;

	if ((p = count_below(c, &descendants)) != NULL)
		return p;
	json_begin_object(w);
	json_member_int(w, "casquade_quantity", descendants);
	json_key(w, "numbers");
	if ((p = named_objects_list(c, &numbers)) != NULL)
		return p;
	json_end(w);
	return NULL;
}

struct problem *
numbers_show(struct call *c)
{
	return named_object_show(c, &numbers);
}

/* ---- changing one ---- */

/* The change that the method asks for. */
static struct named_change
change_of_method(const struct call *c)
{
	enum method method = c->request->method;

	return (struct named_change){
		.named = &numbers,
		.action = method == METHOD_PUT ? NAMED_CREATE :
		    method == METHOD_DELETE ? NAMED_DELETE : NAMED_CHANGE,
		.created = method == METHOD_PUT,
	};
}

struct problem *
numbers_change(struct call *c)
{
	struct named_change change = change_of_method(c);

	return named_object_change(c, &change);
}

static struct problem *
change_state(struct call *c, const char *state)
{
	struct named_change change = {
		.named = &numbers,
		.action = NAMED_CREATE_OR_CHANGE,
		.state = state,
		.stays = true,
	};

	return named_object_change(c, &change);
}

struct problem *
numbers_activate(struct call *c)
{
	return change_state(c, "in_service");
}

struct problem *
numbers_reserve(struct call *c)
{
	return change_state(c, "reserved");
}

/* ---- changing several ---- */

/* {"success": {NUMBER: ...}, "error": {}}: all were done, or none. */
static struct problem *
answer_collection(struct resource_request *r)
{
	const struct named_change *change = r->state;
	struct json_object *json = json_own(r->call->arena,
	    json_object_new_object());
	struct json_object *success = json_object_new_object();
	size_t i;

	for (i = 0; i < r->batch.count; i++)
		json_object_object_add(success, r->batch.changes[i].id,
		    json_object_get(resource_change_json(r,
		    &r->batch.changes[i])));
	json_object_object_add(json, "success", success);
	json_object_object_add(json, "error", json_object_new_object());
	if (change->created)
		r->call->response->status = 201;
	entity_answer(r->call, json);
	return NULL;
}

struct problem *
numbers_collection(struct call *c)
{
	struct named_change change = change_of_method(c);

	change.body = resource_body(c, c->body);
	change.ids = json_array_at(change.body, numbers.ids);
	if (change.ids == NULL)
		return problem_invalid(c->arena, numbers.ids, "required",
		    "Field is required but missing");
	change.ids = json_own(c->arena, json_object_get(change.ids));
	json_object_object_del(change.body, numbers.ids);
	return named_objects_change(c, &change, answer_collection);
}
