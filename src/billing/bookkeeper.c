/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "billing/bookkeeper.h"

#include <string.h>

#include "base/json.h"

/* ---- identity ---- */

bool
bookkeeper_moves_money(const struct bookkeeper *bookkeeper)
{
	return bookkeeper->type == NULL ||
	    strcmp(bookkeeper->type, BOOKKEEPER_TYPE_DEFAULT) != 0;
}

int
bookkeeper_compare(const struct bookkeeper *a, const struct bookkeeper *b)
{
	int order = strcmp(a->id, b->id);

	if (order == 0)
		order = strcmp(a->type, b->type);
	return order != 0 ? order : strcmp(a->vendor_id, b->vendor_id);
}

struct json_object *
bookkeeper_json(const struct bookkeeper *b)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "id", b->id);
	json_put_string(json, "type", b->type);
	json_put_string(json, "vendor_id", b->vendor_id);
	return json;
}

/* True of a secret that could not be opened (store/sealed.h). */
static bool
is_sealed(struct json_object *document, const char *member)
{
	return json_object_at(document, member) != NULL;
}

bool
bookkeeper_read(struct json_object *document, struct bookkeeper_document *out,
    const char **why)
{
	const char *type = json_string_at(document, "bookkeeper.type");
	const char *form = json_string_at(document, "form");
	struct json_object *enabled = json_at(document, "enabled");

	*out = (struct bookkeeper_document){
		.moves_nothing = type != NULL &&
		    strcmp(type, BOOKKEEPER_TYPE_DEFAULT) == 0,
		.enabled = enabled == NULL || json_object_get_boolean(enabled),
		.url = json_string_at(document, "url"),
		.form = form != NULL && strcmp(form, "2015") == 0 ?
		    BOOKKEEPER_2015 : BOOKKEEPER_UPDATE,
		.secret = json_string_at(document, "secret"),
		.authorization = json_string_at(document, "authorization"),
		.idempotent = json_true_at(document, "idempotent"),
	};
	if (json_at(document, "timeout_ms") != NULL &&
	    !json_int_at(document, "timeout_ms", &out->timeout_ms))
		out->timeout_ms = 0;
	if (!out->enabled)
		*why = "the bookkeeper is not enabled";
	else if (!out->moves_nothing && (type == NULL ||
	    strcmp(type, "http") != 0))
		*why = "the type of the bookkeeper's document is unknown";
	else if (!out->moves_nothing && out->url == NULL)
		*why = "the bookkeeper's document has no url";
	else if (is_sealed(document, "secret") ||
	    is_sealed(document, "authorization"))
		*why = "the bookkeeper's secret cannot be opened: it was sealed "
		    "under another secret_file, or for another bookkeeper";
	else
		return true;
	return false;
}

/* ---- messages ---- */

static const char *const message_names[] = {
	[BOOKKEEPER_SAYS_UPDATE] = "update",
	[BOOKKEEPER_SAYS_STANDING] = "standing",
	[BOOKKEEPER_SAYS_SALE] = "sale",
	[BOOKKEEPER_SAYS_REFUND] = "refund",
	[BOOKKEEPER_SAYS_COLLECT] = "collect_recurring",
	[BOOKKEEPER_SAYS_REMIND] = "bill_reminder",
};

const char *
bookkeeper_message_name(enum bookkeeper_message message)
{
	return message_names[message];
}

bool
bookkeeper_message_named(const char *name, enum bookkeeper_message *out)
{
	size_t i;

	for (i = 0; i < NELEM(message_names); i++) {
		if (strcmp(message_names[i], name) == 0) {
			*out = (enum bookkeeper_message)i;
			return true;
		}
	}
	return false;
}

bool
bookkeeper_form_has(enum bookkeeper_form form, enum bookkeeper_message message)
{
	return form == BOOKKEEPER_UPDATE || message == BOOKKEEPER_SAYS_UPDATE;
}

/* ---- answers ---- */

const char *
bookkeeper_results(struct arena *a, const struct bookkeeper_answer *answer)
{
	struct json_object *list = json_own(a, json_object_new_array());
	struct json_object *one = json_object_new_object();

	json_put_string(one, "status", answer->verdict == BOOKKEEPER_DONE ?
	    "success" : "error");
	json_put_string(one, "reason", answer->reason);
	json_put_string(one, "message", answer->message);
	if (answer->status != 0)
		json_put_int(one, "http_status", answer->status);
	if (answer->details != NULL)
		json_object_object_add(one, "details",
		    json_object_get(answer->details));
	json_object_array_add(list, one);
	return json_canonical_text(a, list);
}
