/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * phone_numbers, one by one and as a collection, and ips: objects whose id is
 * what they are.
 */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "api/listing.h"
#include "api/object_request.h"

#define DIGITS_MAX 15 /* of a number, by E.164 */
#define SHORT_MAX 6   /* of one that is dialled as it is */
#define NATIONAL 10   /* digits of a number of the North American plan */

/* ---- what they are ---- */

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

static struct problem *
read_address(struct call *c, const char *text, const char *field,
    const char **out)
{
	unsigned char address[sizeof(struct in6_addr)];
	char shown[INET6_ADDRSTRLEN];
	int family = strchr(text, ':') == NULL ? AF_INET : AF_INET6;

	if (inet_pton(family, text, address) != 1 ||
	    inet_ntop(family, address, shown, sizeof(shown)) == NULL)
		return problem_invalid(c->arena, field, "invalid",
		    "'%s' is no IP address", text);
	*out = arena_strdup(c->arena, shown);
	return NULL;
}

static struct problem *
read_id(struct call *c, const struct kind *kind, const char *text,
    const char *field, const char **out)
{
	return kind == &kind_phone_numbers ? read_number(c, text, field, out) :
	    read_address(c, text, field, out);
}

static struct json_object *
json_of(struct call *c, const struct kind *kind, const char *id,
    struct json_object *document)
{
	return object_json(c->arena, kind, c->account_id, id, document);
}

/* ---- reading ---- */

static struct problem *
read_kind(struct call *c, void *state,
    const struct page_query *query, struct list_page *out)
{
	const struct kind *const *kind = state;
	struct object_list list;
	struct json_object *json;
	struct problem *p;
	struct object *o;
	size_t i;

	p = object_list(c->db, c->arena, c->account_id, *kind, query, &list);
	if (p != NULL)
		return p;
	out->count = list.count;
	out->items = arena_alloc(c->arena, list.count * sizeof(*out->items));
	for (i = 0; i < list.count; i++) {
		o = &list.objects[i];
		json = json_of(c, *kind, o->id, o->document);
		json_put_int(json, "created", o->created);
		json_put_int(json, "updated", o->modified);
		out->items[i] = (struct list_item){ { o->id, o->created, 0 },
		    o->modified, json };
	}
	return NULL;
}

static struct json_object *
number_line(struct call *c, void *state, struct json_object *whole)
{
	(void)c;
	(void)state;
	json_object_object_del(whole, "id"); /* it is the key */
	return whole;
}

/* How many numbers all accounts below have. */
static struct problem *
count_below(struct call *c, int64_t *out)
{
	struct service service;
	struct problem *p;

	p = service_load(c->db, c->arena, c->account_id, SERVICE_LOOK,
	    &service);
	return p != NULL ? p : quantity_table_sum(
	    &service.quantities[QUANTITY_CASCADE], "phone_numbers", out) ?
	    NULL : problem_fault(c->arena, "the numbers below account %s are "
	    "more than can be counted", c->account_id);
}

struct problem *
numbers_list(struct call *c)
{
	const struct kind *kind = &kind_phone_numbers;
	const struct listing listing = {
		.file_name = "phone_numbers",
		.keyed = true,
		.read = read_kind,
		.shown = number_line,
		.state = &kind,
	};
	struct json_writer *w = &c->response->json;
	struct problem *p;
	int64_t descendants;

	if ((p = count_below(c, &descendants)) != NULL)
		return p;
	json_begin_object(w);
	json_member_int(w, "casquade_quantity", descendants);
	json_key(w, "numbers");
	if ((p = listing_answer(c, &listing)) != NULL)
		return p;
	json_end(w);
	return NULL;
}

struct problem *
ips_list(struct call *c)
{
	const struct kind *kind = &kind_ips;
	const struct listing listing = {
		.file_name = "ips",
		.read = read_kind,
		.state = &kind,
	};

	return listing_answer(c, &listing);
}

static struct problem *
show(struct call *c, const struct kind *kind)
{
	struct object *object;
	const char *id;
	struct problem *p;

	if ((p = read_id(c, kind, c->parameters[0], "id", &id)) != NULL ||
	    (p = object_find(c, kind, id, &object)) != NULL)
		return p;
	entity_answer(c, json_of(c, kind, id, object->document));
	return NULL;
}

struct problem *
numbers_show(struct call *c)
{
	return show(c, &kind_phone_numbers);
}

struct problem *
ips_show(struct call *c)
{
	return show(c, &kind_ips);
}

/* ---- changing ---- */

/* A request to change the objects of one or several ids. */
struct number_request {
	const struct kind *kind;
	enum { MAKE, MAKE_OR_CHANGE, CHANGE, REMOVE } action;
	const char *state; /* the new state; NULL: as in the body */
	bool stays;        /* members missing from the body keep their values */
	struct json_object *body;
	struct json_object *ids; /* of a collection; NULL: the id is in the
	                            path */
	bool given;  /* the answer to a creation is 201 */
};

/* The new document; *after NULL: the object is deleted. */
static struct problem *
document_after(struct call *c, const struct number_request *n,
    struct object *object, const char *id, struct json_object **after)
{
	struct json_object *before = object == NULL ? NULL : object->document;

	if (object == NULL && (n->action == CHANGE || n->action == REMOVE))
		return problem_bad_identifier(c->arena, id);
	*after = NULL;
	if (n->action == REMOVE)
		return NULL;
	*after = n->stays ? object_merged(c, n->kind, before, n->body, true) :
	    object_changed(c, n->kind, before, n->body);
	if (n->state != NULL)
		json_put_string(*after, "state", n->state);
	if (n->kind == &kind_ips)
		json_put_string(*after, "ip", id);
	return NULL;
}

static bool
is_listed_twice(const struct object_request *r, const char *id)
{
	size_t i;

	for (i = 0; i < r->batch.count; i++)
		if (strcmp(r->batch.changes[i].id, id) == 0)
			return true;
	return false;
}

static struct problem *
add_one(struct object_request *r, const char *text, const char *field)
{
	const struct number_request *n = r->state;
	struct call *c = r->call;
	struct json_object *after = NULL;
	struct object *object;
	const char *id;
	struct problem *p;

	if ((p = read_id(c, n->kind, text, field, &id)) != NULL)
		return p;
	if (is_listed_twice(r, id))
		return NULL;
	p = object_show(c->db, c->arena, c->account_id, n->kind, id, &object);
	if (p != NULL)
		return p;
	if (object != NULL && n->action == MAKE)
		return problem_text(c->arena, PROBLEM_CONFLICT,
		    "%s: the account has it already", id);
	if (object != NULL && n->ids == NULL && (p = entity_match(c,
	    json_of(c, n->kind, id, object->document))) != NULL)
		return p;
	if ((p = document_after(c, n, object, id, &after)) != NULL)
		return p;
	return object_request_add(r, n->kind, id,
	    object == NULL ? NULL : object->document, after, "");
}

static struct problem *
prepare(struct object_request *r)
{
	struct number_request *n = r->state;
	struct json_object *one;
	struct problem *p = NULL;
	const char *field;
	size_t i, count;

	if (n->ids == NULL)
		return add_one(r, r->call->parameters[0], "id");
	count = json_object_array_length(n->ids);
	for (i = 0; i < count && p == NULL; i++) {
		one = json_object_array_get_idx(n->ids, i);
		field = arena_printf(r->call->arena, "%s.%zu",
		    n->kind == &kind_phone_numbers ? "numbers" : "ips", i);
		p = json_object_is_type(one, json_type_string) ?
		    add_one(r, json_object_get_string(one), field) :
		    problem_invalid(r->call->arena, field, "type",
		    "Value did not match type(s): string");
	}
	return p;
}

static struct json_object *
changed_json(struct object_request *r, const struct object_change *change)
{
	struct json_object *json = json_of(r->call, change->kind, change->id,
	    change->document != NULL ? change->document : change->before);
	struct json_object *read_only;

	if (change->document == NULL) {
		read_only = json_object_new_object();
		json_put_bool(read_only, "deleted", true);
		json_object_object_add(json, "_read_only", read_only);
	}
	return json;
}

static struct problem *
answer_one(struct object_request *r)
{
	const struct number_request *n = r->state;
	struct response *rs = r->call->response;

	if (n->given) {
		rs->status = 201;
		rs->location = arena_printf(r->call->arena,
		    "/v2/accounts/%s/%s/%s", r->call->account_id, n->kind->noun,
		    r->batch.changes[0].id);
	}
	rs->entity = n->action != REMOVE;
	entity_answer(r->call, changed_json(r, &r->batch.changes[0]));
	return NULL;
}

/* {"success": {NUMBER: ...}, "error": {}}: all were done, or none. */
static struct problem *
answer_numbers(struct object_request *r)
{
	const struct number_request *n = r->state;
	struct json_object *json = json_own(r->call->arena,
	    json_object_new_object());
	struct json_object *success = json_object_new_object();
	size_t i;

	for (i = 0; i < r->batch.count; i++)
		json_object_object_add(success, r->batch.changes[i].id,
		    json_object_get(changed_json(r, &r->batch.changes[i])));
	json_object_object_add(json, "success", success);
	json_object_object_add(json, "error", json_object_new_object());
	if (n->given)
		r->call->response->status = 201;
	entity_answer(r->call, json);
	return NULL;
}

static struct problem *
answer_ips(struct object_request *r)
{
	struct json_object *list = json_own(r->call->arena,
	    json_object_new_array());
	size_t i;

	for (i = 0; i < r->batch.count; i++)
		json_object_array_add(list, json_object_get(changed_json(r,
		    &r->batch.changes[i])));
	entity_answer(r->call, list);
	return NULL;
}

static struct problem *
commit_named(struct call *c, struct number_request *n,
    struct problem *(*answer)(struct object_request *r))
{
	struct object_request r = {
		.call = c,
		.prepare = prepare,
		.answer = answer,
		.state = n,
	};

	return object_request_commit(&r);
}

/* One that the path names. */
static struct problem *
change_one(struct call *c, struct number_request *n)
{
	n->body = object_body(c, c->body);
	n->given = c->request->method == METHOD_PUT;
	return commit_named(c, n, answer_one);
}

struct problem *
numbers_change(struct call *c)
{
	struct number_request n = { .kind = &kind_phone_numbers };

	n.action = c->request->method == METHOD_PUT ? MAKE :
	    c->request->method == METHOD_DELETE ? REMOVE : CHANGE;
	return change_one(c, &n);
}

struct problem *
numbers_activate(struct call *c)
{
	struct number_request n = { .kind = &kind_phone_numbers,
		.action = MAKE_OR_CHANGE, .state = "in_service", .stays = true };

	return change_one(c, &n);
}

struct problem *
numbers_reserve(struct call *c)
{
	struct number_request n = { .kind = &kind_phone_numbers,
		.action = MAKE_OR_CHANGE, .state = "reserved", .stays = true };

	return change_one(c, &n);
}

/* Those that the body lists. */
struct problem *
numbers_collection(struct call *c)
{
	struct number_request n = { .kind = &kind_phone_numbers,
		.body = object_body(c, c->body) };

	n.ids = json_array_at(n.body, "numbers");
	if (n.ids == NULL)
		return problem_invalid(c->arena, "numbers", "required",
		    "Field is required but missing");
	n.ids = json_own(c->arena, json_object_get(n.ids));
	json_object_object_del(n.body, "numbers");
	n.given = c->request->method == METHOD_PUT;
	n.action = n.given ? MAKE :
	    c->request->method == METHOD_DELETE ? REMOVE : CHANGE;
	return commit_named(c, &n, answer_numbers);
}

struct problem *
ips_change(struct call *c)
{
	struct number_request n = { .kind = &kind_ips };

	n.action = c->request->method == METHOD_DELETE ? REMOVE : MAKE_OR_CHANGE;
	return change_one(c, &n);
}

struct problem *
ips_assign(struct call *c)
{
	struct number_request n = { .kind = &kind_ips, .action = MAKE_OR_CHANGE,
		.stays = true };
	struct json_object *data = c->request->data;

	n.ids = json_object_is_type(data, json_type_array) ? data :
	    json_array_at(data, "ips");
	if (n.ids == NULL)
		return problem_invalid(c->arena, "ips", "required",
		    "a list of IP addresses is needed");
	n.body = json_own(c->arena, json_object_new_object());
	return commit_named(c, &n, answer_ips);
}
