/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/audit_item.h"

#include <string.h>

#include "base/json.h"
#include "base/json_walk.h"

static void
put_string(struct json_writer *w, const char *key, const char *text)
{
	if (text != NULL)
		json_member_string(w, key, text);
}

/* Writes a value of the document as it is stored. */
static void
put_stored(struct json_writer *w, const char *key, const char *document,
    size_t length, const char *path)
{
	const struct json_span value = json_span_at(document, length, path);

	if (value.at == NULL)
		return;
	json_key(w, key);
	json_raw(w, value.at, value.length);
}

/* When it happened; and when it was written here, if that is not the same. */
static void
put_times(struct json_writer *w, const struct audit_entry *entry)
{
	json_member_int(w, "created", entry->created);
	if (entry->recorded != entry->created)
		json_member_int(w, "recorded", entry->recorded);
}

/* {member: value}: the first of the paths that has one. */
struct detail {
	const char *name;
	const char *paths[3];
};

static const struct detail who_details[] = {
	{ "account_id", { "audit.agent.account_id",
	    "audit.authentication.account_id" } },
	{ "user_id", { "audit.agent.type_id" } },
	{ "name", { "audit.agent.full_name", "audit.operator.user",
	    "audit.authentication.account_name" } },
};

static void
put_detail(struct json_writer *w, const struct detail *detail,
    const char *document, size_t length)
{
	size_t i;

	for (i = 0; i < NELEM(detail->paths) && detail->paths[i] != NULL; i++)
		if (json_span_at(document, length, detail->paths[i]).at != NULL) {
			put_stored(w, detail->name, document, length,
			    detail->paths[i]);
			return;
		}
}

/* The lines of the entry: [service, category, difference, quantity]. */
static void
put_services(struct arena *a, struct json_writer *w, const char *text)
{
	static const char *const names[] = { "service", "category",
		"difference", "quantity" };
	struct json_object *lines, *line;
	const char *error;
	size_t i, n;

	lines = json_parse(a, text, strlen(text), &error);
	json_key(w, "services");
	json_begin_array(w);
	for (i = 0; i < json_object_array_length(lines); i++) {
		line = json_object_array_get_idx(lines, i);
		json_begin_object(w);
		for (n = 0; n < NELEM(names); n++) {
			json_key(w, names[n]);
			json_tree(w, json_object_array_get_idx(line, n));
		}
		json_end(w);
	}
	json_end(w);
}

static void
put_details(struct arena *a, struct json_writer *w,
    const struct audit_found *found, size_t length)
{
	const char *document = found->entry.document;
	size_t i;

	json_key(w, "account");
	json_begin_object(w);
	json_member_string(w, "id", found->entry.account_id);
	json_member_string(w, "name", found->account_name);
	json_end(w);
	json_key(w, "who");
	json_begin_object(w);
	for (i = 0; i < NELEM(who_details); i++)
		put_detail(w, &who_details[i], document, length);
	json_end(w);
	put_stored(w, "request_id", document, length, "audit.request.id");
	put_stored(w, "remote_address", document, length,
	    "audit.request.client_ip");
	put_services(a, w, found->lines);
}

const char *
search_item_text(struct arena *a, const struct audit_entry *entry,
    const struct audit_found *found)
{
	size_t length = strlen(entry->document);
	struct json_writer w;
	struct buffer text;

	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_object(&w);
	json_member_string(&w, "id", entry->id);
	put_times(&w, entry);
	put_string(&w, "status", entry->status);
	put_string(&w, "reason", entry->reason);
	put_string(&w, "message", entry->message);
	put_stored(&w, "type", entry->document, length, "audit.changes.type");
	put_stored(&w, "summary", entry->document, length, "invoice.summary");
	put_stored(&w, "change_reason", entry->document, length,
	    "audit.change_reason");
	if (found != NULL)
		put_details(a, &w, found, length);
	json_end(&w);
	return text.text;
}
