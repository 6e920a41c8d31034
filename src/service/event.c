/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/event.h"

#include <string.h>

#include "base/json.h"
#include "service/trail_document.h"
#include "store/outbox.h"
#include "store/webhooks.h"

static bool
is_subscribed(struct json_object *document, const char *event, bool own)
{
	struct json_object *hooks = json_array_at(document, "hooks");
	size_t i, n = hooks == NULL ? 0 : json_object_array_length(hooks);
	const char *hook;

	if (json_false_at(document, "enabled") ||
	    (!own && json_false_at(document, "include_subaccounts")))
		return false;
	for (i = 0; i < n; i++) {
		hook = json_object_get_string(json_object_array_get_idx(hooks,
		    i));
		if (hook != NULL && strcmp(hook, event) == 0)
			return true;
	}
	return false;
}

static const char *
format_event(struct arena *a, const struct event *event)
{
	struct json_object *json = json_own(a, json_object_new_object());

	json_put_string(json, "event", event->name);
	json_put_string(json, "account_id", event->account_id);
	json_put_int(json, "timestamp", event->now);
	json_object_object_add(json, "data", json_object_get(event->what));
	return json_canonical_text(a, json);
}

struct problem *
event_tell(struct db *db, struct arena *a, const struct event *event)
{
	struct outbox_message message = {
		.account_id = event->account_id,
		.message = event->name,
	};
	const struct webhook *webhook;
	struct webhook_list list;
	struct problem *p;
	size_t i;

	p = store_webhook_list(db, a, event->account_id, &list);
	for (i = 0; p == NULL && i < list.count; i++) {
		webhook = &list.webhooks[i];
		if (!is_subscribed(webhook->document, event->name,
		    webhook->depth == 0))
			continue;
		if (message.document == NULL)
			message.document = format_event(a, event);
		message.target = store_webhook_target(a, webhook->account_id,
		    webhook->id);
		p = store_outbox_add(db, a, &message, event->now);
	}
	return p;
}

/* ---- changes ---- */

/* {"account", "changes", "recurring": {"before","after"}, "today"} */
static struct json_object *
build_services_event(const struct part *part, const struct invoices *annotated)
{
	struct json_object *json = json_own(part->arena,
	    json_object_new_object());
	struct json_object *recurring = json_object_new_object();

	json_object_object_add(json, "account",
	    trail_document_account("id", "name", part->after));
	json_object_object_add(json, "changes", trail_document_changes(part));
	json_put_money(recurring, "before", annotated->recurring_before);
	json_put_money(recurring, "after", annotated->recurring);
	json_object_object_add(json, "recurring", recurring);
	json_put_money(json, "today", annotated->today);
	return json;
}

static struct json_object *
build_standing(const struct service *service)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "standing", service->standing);
	json_put_string(json, "reason", service->reason);
	return json;
}

static struct json_object *
build_standing_event(const struct part *part)
{
	struct json_object *json = json_own(part->arena,
	    json_object_new_object());

	json_object_object_add(json, "account",
	    trail_document_account("id", "name", part->after));
	json_object_object_add(json, "before", build_standing(part->before));
	json_object_object_add(json, "after", build_standing(part->after));
	return json;
}

struct problem *
event_tell_change(const struct part *part, const struct invoices *annotated)
{
	struct service as_it_stood = *part->after;
	int64_t now = part->change->now;
	struct problem *p = NULL;

	/* Most accounts have none: the look-up would be a change's dearest. */
	if (!part->before->has_webhooks)
		return NULL;
	as_it_stood.standing = part->before->standing;
	as_it_stood.reason = part->before->reason;
	as_it_stood.has_reason_code = part->before->has_reason_code;
	as_it_stood.reason_code = part->before->reason_code;
	if (!service_equal(part->before, &as_it_stood))
		p = event_tell(part->db, part->arena, &(struct event){
		    EVENT_SERVICES_CHANGED, part->after->account_id,
		    build_services_event(part, annotated), now });
	if (p == NULL && strcmp(part->before->standing,
	    part->after->standing) != 0)
		p = event_tell(part->db, part->arena, &(struct event){
		    EVENT_STANDING_CHANGED, part->after->account_id,
		    build_standing_event(part), now });
	return p;
}
