/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * port_requests/{ID}/{STATE}: a port request comes into a state. Where it is
 * completed, its numbers become phone numbers of the account.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "api/actor.h"
#include "api/authorization.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "api/resource.h"
#include "base/gregorian.h"
#include "base/json.h"
#include "base/zone.h"
#include "billing/number_state.h"
#include "billing/port_state.h"
#include "service/object_document.h"
#include "service/port_request.h"

#define REASON_MAX 1024 /* bytes */

/* ---- the parameters ---- */

/* A value of data, else of the query or beside data; NULL: there is none. */
static struct json_object *
find_parameter(const struct call *c, const char *name)
{
	struct json_object *given = json_at(c->request->data, name);
	const char *text;

	if (given != NULL)
		return given;
	if ((given = json_at(c->request->envelope, name)) != NULL)
		return given;
	text = request_query(c->request, name);
	return text == NULL ? NULL :
	    json_own(c->arena, json_object_new_string(text));
}

/* A text, or an object of which code and message are taken. */
static struct problem *
read_reason(struct call *c, struct json_object **out)
{
	struct json_object *given = find_parameter(c, "reason");

	*out = NULL;
	if (given == NULL)
		return NULL;
	if (json_object_is_type(given, json_type_object))
		given = members_named(c->arena, given, "code message");
	else if (!json_object_is_type(given, json_type_string))
		return problem_invalid(c->arena, "reason", "type",
		    "Value did not match type(s): string, object");
	if (strlen(json_canonical_text(c->arena, given)) > REASON_MAX)
		return problem_invalid(c->arena, "reason", "maxLength",
		    "A reason has at most %d bytes", REASON_MAX);
	*out = given;
	return NULL;
}

/* Gregorian seconds, as a number or a text of digits; or {date_time, timezone}.
 * False: neither. */
static bool
read_moment(struct json_object *given, int64_t *out)
{
	const char *text, *zone;
	char *end;

	switch (json_object_get_type(given)) {
	case json_type_int:
		*out = json_object_get_int64(given);
		return true;
	case json_type_string:
		text = json_object_get_string(given);
		*out = strtoll(text, &end, 10);
		return text[0] >= '0' && text[0] <= '9' && *end == '\0';
	case json_type_object:
		text = json_string_at(given, "date_time");
		zone = json_string_at(given, "timezone");
		return text != NULL &&
		    zone_moment(zone == NULL ? "UTC" : zone, text, out);
	default:
		return false;
	}
}

/* Sets when a request is to be carried out. */
static struct problem *
set_schedule(struct call *c, struct json_object *document)
{
	struct json_object *given = find_parameter(c, "schedule_on");
	int64_t moment;

	if (given == NULL)
		return problem_invalid(c->arena, "schedule_on", "required",
		    "Field is required but missing");
	if (!read_moment(given, &moment) || moment > GREGORIAN_MAX)
		return problem_invalid(c->arena, "schedule_on", "invalid",
		    "neither Gregorian seconds nor {date_time: \"YYYY-MM-DD "
		    "hh:mm\", timezone}");
	if (moment <= c->now)
		return problem_invalid(c->arena, "schedule_on", "minimum",
		    "the moment is past");
	json_object_object_add(document, "schedule_on",
	    json_object_is_type(given, json_type_object) ?
	    json_object_get(members_named(c->arena, given,
	    "date_time timezone")) : json_object_new_int64(moment));
	json_put_int(document, "scheduled_date", moment);
	return NULL;
}

/* ---- the step ---- */

static struct problem *
refuse_step(struct call *c, const char *code, const char *to, const char *text)
{
	struct problem *p = problem_invalid(c->arena, "port_state", code, "%s",
	    text);

	problem_set_string(p, "port_state", code, "cause", to);
	return p;
}

static struct problem *
check_step(struct call *c, const char *from, const char *to)
{
	const struct state_step *step = porting_step(from, to);

	if (!porting_known(to))
		return refuse_step(c, "enum", to, "there is no such state");
	if (step == NULL)
		return refuse_step(c, "enum", to, arena_printf(c->arena,
		    "a request that is %s cannot become %s", from, to));
	return !step->seller || caller_sells(c) ? NULL :
	    refuse_step(c, "forbidden", to, arena_printf(c->arena,
	    "only the account's seller makes a request that is %s %s", from,
	    to));
}

/* ---- completion ---- */

/* The document of a number that a request brings. */
static struct json_object *
ported_number(struct call *c, const char *port_id, struct json_object *settings)
{
	struct json_object *json = json_own(c->arena,
	    json_object_new_object());

	json_put_string(json, "state", NUMBER_IN_SERVICE);
	json_put_string(json, "used_by", json_string_at(settings, "used_by"));
	json_put_string(json, "port_id", port_id);
	json_put_bool(json, "ported_in", true);
	if (c->config->port_in_carrier[0] != '\0')
		json_put_string(json, "carrier_name",
		    c->config->port_in_carrier);
	return json;
}

/* Creates a number, or brings one that the account has in another state into
 * service. */
static struct problem *
add_ported(struct resource_request *r, const char *port_id, const char *number,
    struct json_object *settings)
{
	struct call *c = r->call;
	struct json_object *body;
	struct object *known;
	struct problem *p;

	p = store_object_show(c->db, c->arena, c->account_id,
	    &kind_phone_numbers, number, &known);
	if (p != NULL)
		return p;
	if (known == NULL)
		return resource_add(r, &kind_phone_numbers, number, NULL,
		    ported_number(c, port_id, settings), "");
	body = json_own(c->arena, json_object_new_object());
	json_put_string(body, "state", NUMBER_IN_SERVICE);
	json_put_string(body, "port_id", port_id);
	json_put_bool(body, "ported_in", true);
	return resource_add(r, &kind_phone_numbers, number, known->document,
	    resource_merged(c, &kind_phone_numbers, known->document, body,
	    true), "");
}

/* The document holds normal forms: it has been added. */
static struct problem *
add_all_ported(struct resource_request *r, const char *port_id,
    struct json_object *document)
{
	struct json_object *numbers = json_object_at(document, "numbers");
	struct problem *p = NULL;

	if (numbers == NULL)
		return NULL;
	json_object_object_foreach(numbers, number, settings) {
		if (p == NULL)
			p = add_ported(r, port_id, number, settings);
	}
	return p;
}

/* ---- the request ---- */

static struct problem *
prepare_transition(struct resource_request *r)
{
	struct call *c = r->call;
	const struct kind *kind = &kind_port_requests;
	struct port_entry entry = {
		.state = c->parameters[1],
		.now = c->now,
		.authorization = actor_authorization(c),
	};
	struct json_object *after;
	struct object *object;
	struct problem *p;

	if ((p = resource_find(c, kind, c->parameters[0], &object)) != NULL ||
	    (p = entity_match(c, resource_object_shown(c, object))) != NULL ||
	    (p = check_step(c, port_request_state(object->document),
	    entry.state)) != NULL ||
	    (p = read_reason(c, &entry.reason)) != NULL)
		return p;
	after = json_own(c->arena, json_public_copy(object->document));
	if (strcmp(entry.state, PORT_SCHEDULED) == 0 &&
	    (p = set_schedule(c, after)) != NULL)
		return p;
	port_request_enter(c->arena, after, &entry);
	if ((p = resource_add(r, kind, object->id, object->document, after,
	    "")) != NULL)
		return p;
	r->batch.changes[0].created = object->created;
	return strcmp(entry.state, PORT_COMPLETED) != 0 ? NULL :
	    add_all_ported(r, object->id, after);
}

struct problem *
port_requests_transition(struct call *c)
{
	struct resource_request r = {
		.call = c,
		.prepare = prepare_transition,
		.answer = resource_answer,
	};

	return resource_commit(&r);
}
