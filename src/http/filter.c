/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "http/filter.h"

#include <string.h>

#include "http/paging.h"

/* Returns the value as a text; "" if there is none. */
static const char *
text_at(struct json_object *document, const char *path)
{
	struct json_object *value = json_at(document, path);

	return value == NULL ? "" : json_object_get_string(value);
}

/* True if the list has an element with this text. */
static bool
has_element(struct json_object *list, const char *text)
{
	struct json_object *element;
	size_t i, n = json_object_array_length(list);

	for (i = 0; i < n; i++) {
		element = json_object_array_get_idx(list, i);
		if (element != NULL &&
		    strcmp(json_object_get_string(element), text) == 0)
			return true;
	}
	return false;
}

/* True if text is the value, or an element if the value is a JSON list. */
static bool
is_among(struct arena *a, const char *text, const char *value)
{
	struct json_object *list;
	const char *error;

	if (strcmp(text, value) == 0)
		return true;
	if (value[0] != '[')
		return false;
	list = json_parse(a, value, strlen(value), &error);
	return json_object_is_type(list, json_type_array) &&
	    has_element(list, text);
}

/* Returns the rest after the prefix; NULL: the name has another prefix. */
static const char *
after(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(name, prefix, n) == 0 ? name + n : NULL;
}

/* True if what the document has at the path matches the value of a filter. */
static bool
matches(struct arena *a, struct json_object *document, const char *path,
    const char *value)
{
	struct json_object *list = json_at(document, path);

	return is_among(a, text_at(document, path), value) ||
	    (json_object_is_type(list, json_type_array) &&
	    has_element(list, value));
}

static bool
fits(struct arena *a, const struct query_pair *pair,
    struct json_object *document)
{
	const char *key;

	if ((key = after(pair->name, "filter_not_")) != NULL)
		return !matches(a, document, key, pair->value);
	if ((key = after(pair->name, "filter_")) != NULL)
		return matches(a, document, key, pair->value);
	if (strcmp(pair->name, "has_key") == 0)
		return json_at(document, pair->value) != NULL;
	if (strcmp(pair->name, "key_missing") == 0)
		return json_at(document, pair->value) == NULL;
	if (strcmp(pair->name, "has_value") == 0)
		return text_at(document, pair->value)[0] != '\0';
	if (strcmp(pair->name, "value_missing") == 0)
		return text_at(document, pair->value)[0] == '\0';
	return true;
}

bool
filter_wants(struct arena *a, const struct request *rq,
    struct json_object *document)
{
	size_t i;

	for (i = 0; i < rq->query_count; i++)
		if (!fits(a, &rq->query[i], document))
			return false;
	return true;
}

bool
filter_looks_at_documents(const struct request *rq)
{
	static const char *const names[] = {
		"has_key", "key_missing", "has_value", "value_missing",
	};
	size_t i, j;

	for (i = 0; i < rq->query_count; i++) {
		if (after(rq->query[i].name, "filter_") != NULL)
			return true;
		for (j = 0; j < NELEM(names); j++)
			if (strcmp(rq->query[i].name, names[j]) == 0)
				return true;
	}
	return false;
}

struct problem *
filter_read_times(const struct request *rq, struct time_filter *out)
{
	struct problem *p;

	if ((p = moment_read(rq, "created_from", &out->created_from_given,
	    &out->created_from)) != NULL ||
	    (p = moment_read(rq, "created_to", &out->created_to_given,
	    &out->created_to)) != NULL ||
	    (p = moment_read(rq, "modified_from", &out->modified_from_given,
	    &out->modified_from)) != NULL)
		return p;
	return moment_read(rq, "modified_to", &out->modified_to_given,
	    &out->modified_to);
}

bool
filter_wants_times(const struct time_filter *f, int64_t created,
    int64_t modified)
{
	return (!f->created_from_given || created >= f->created_from) &&
	    (!f->created_to_given || created <= f->created_to) &&
	    (!f->modified_from_given || modified >= f->modified_from) &&
	    (!f->modified_to_given || modified <= f->modified_to);
}
