/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ips: dedicated IP addresses, one by one and several at once. */
#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "api/entity.h"
#include "api/handlers.h"
#include "api/named_objects.h"

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

static const struct named_kind ips = {
	.kind = &kind_ips,
	.read_id = read_address,
	.ids = "ips",
	.id_member = "ip",
};

struct problem *
ips_list(struct call *c)
{
	return named_objects_list(c, &ips);
}

struct problem *
ips_show(struct call *c)
{
	return named_object_show(c, &ips);
}

struct problem *
ips_change(struct call *c)
{
	struct named_change change = {
		.named = &ips,
		.action = c->request->method == METHOD_DELETE ? NAMED_DELETE :
		    NAMED_CREATE_OR_CHANGE,
	};

	return named_object_change(c, &change);
}

static struct problem *
answer_list(struct resource_request *r)
{
	struct json_object *list = json_own(r->call->arena,
	    json_object_new_array());
	size_t i;

	for (i = 0; i < r->batch.count; i++)
		json_object_array_add(list, json_object_get(resource_change_json(r,
		    &r->batch.changes[i])));
	entity_answer(r->call, list);
	return NULL;
}

struct problem *
ips_assign(struct call *c)
{
	struct json_object *data = c->request->data;
	struct named_change change = {
		.named = &ips,
		.action = NAMED_CREATE_OR_CHANGE,
		.stays = true,
	};

	change.ids = json_object_is_type(data, json_type_array) ? data :
	    json_array_at(data, "ips");
	if (change.ids == NULL)
		return problem_invalid(c->arena, "ips", "required",
		    "a list of IP addresses is needed");
	change.body = json_own(c->arena, json_object_new_object());
	return named_objects_change(c, &change, answer_list);
}
