/* SPDX-License-Identifier: GPL-3.0-or-later */
/* phone_numbers, one by one and as a collection. */
#include "config.h"

#include <string.h>

#include "api/authorization.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/named_objects.h"
#include "base/json.h"
#include "billing/number_form.h"
#include "billing/number_state.h"
#include "service/number_refusal.h"

static struct problem *
read_number(struct call *c, const char *text, const char *field,
    const char **out)
{
	const struct number_plan plan = { c->config->number_country,
		c->config->number_trunk };

	*out = number_form(c->arena, &plan, text);
	if (*out != NULL)
		return NULL;
	return strncmp(field, "numbers.", strlen("numbers.")) == 0 ?
	    refusal_of_number(c->arena, NUMBER_IS_NONE, text, NULL) :
	    problem_invalid(c->arena, field, "invalid",
	    "'%s' is no phone number", text);
}

/* Reads the state that a body wants a number to have; *out stays if it says
 * none. */
static struct problem *
read_state(struct call *c, struct json_object *body, const char *member,
    const char **out)
{
	struct json_object *value = json_at(body, member);

	if (value == NULL)
		return NULL;
	if (!json_object_is_type(value, json_type_string))
		return problem_invalid(c->arena, member, "type",
		    "Value did not match type(s): string");
	*out = json_object_get_string(value);
	return NULL;
}

/* Refuses a state unless the caller may bring the number there. */
static struct problem *
check_step(struct call *c, const char *id, const char *from, const char *to)
{
	const struct state_step *step = number_step(from, to);

	if (strcmp(from, to) == 0 ||
	    (step != NULL && (!step->seller || caller_sells(c))))
		return NULL;
	return refusal_of_number(c->arena, step == NULL ?
	    NUMBER_STATE_UNREACHABLE : NUMBER_STATE_FORBIDDEN, id,
	    from[0] == '\0' ? arena_printf(c->arena, "created as %s", to) :
	    arena_printf(c->arena, "from %s to %s", from, to));
}

static struct problem *
settle_state(struct call *c, const struct named_change *change, const char *id,
    struct json_object *before, struct json_object *after)
{
	const char *from = before == NULL ? "" :
	    json_string_at(before, "state"), *to;
	struct problem *p;

	if (from == NULL)
		from = NUMBER_IN_SERVICE;
	to = before == NULL ? NUMBER_IN_SERVICE : from;
	if ((p = read_state(c, change->body, "state", &to)) != NULL ||
	    (before == NULL && (p = read_state(c, change->body,
	    "create_with_state", &to)) != NULL))
		return p;
	if (change->state != NULL)
		to = change->state;
	json_object_object_del(after, "create_with_state");
	json_put_string(after, "state", to);
	return check_step(c, id, from, to);
}

static const struct named_kind numbers = {
	.kind = &kind_phone_numbers,
	.read_id = read_number,
	.settle = settle_state,
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
	json_member_int(w, "cascade_quantity", descendants);
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

/* The change that brings a number into a state. */
static struct named_change
change_into(const char *state)
{
	return (struct named_change){
		.named = &numbers,
		.action = NAMED_CHANGE,
		.state = state,
		.stays = true,
		.created = true,
	};
}

static struct problem *
change_state(struct call *c, const char *state)
{
	struct named_change change = change_into(state);

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

static struct problem *
change_listed(struct call *c, struct named_change *change)
{
	change->body = resource_body(c, c->body);
	change->ids = json_array_at(change->body, numbers.ids);
	if (change->ids == NULL)
		return problem_invalid(c->arena, numbers.ids, "required",
		    "Field is required but missing");
	change->ids = json_own(c->arena, json_object_get(change->ids));
	json_object_object_del(change->body, numbers.ids);
	return named_objects_change(c, change, answer_collection);
}

struct problem *
numbers_collection(struct call *c)
{
	struct named_change change = change_of_method(c);

	return change_listed(c, &change);
}

struct problem *
numbers_activate_collection(struct call *c)
{
	struct named_change change = change_into("in_service");

	return change_listed(c, &change);
}
