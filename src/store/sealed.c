/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/sealed.h"

#include "base/json.h"
#include "base/seal.h"

#define SEALED "sealed"

static const char *
place_of(struct arena *a, const struct sealed_place *place, const char *member)
{
	return arena_printf(a, "object %s %s %s %s", place->account_id,
	    place->kind->noun, place->id, member);
}

static struct json_object *
copy_of(struct arena *a, struct json_object *document)
{
	struct json_object *copy = json_own(a, json_object_new_object());

	json_object_object_foreach(document, key, value)
		json_object_object_add(copy, key, json_object_get(value));
	return copy;
}

static struct json_object *
seal_of(struct arena *a, const struct config *config, const char *place,
    const char *text)
{
	struct json_object *seal = json_object_new_object();

	json_put_string(seal, SEALED, seal_make(a, config->secret, place, text));
	return seal;
}

struct problem *
sealed_document(struct arena *a, const struct config *config,
    const struct sealed_place *place, struct json_object *document,
    struct json_object **out)
{
	char member[KIND_MEMBER_SIZE];
	const char *text;
	size_t i;

	*out = document;
	for (i = 0; kind_hidden(place->kind, i, member); i++) {
		if ((text = json_string_at(document, member)) == NULL)
			continue;
		if (config->secret[0] == '\0')
			return problem_fault(a, "no secret is configured: %s "
			    "of %s cannot be sealed", member,
			    place->kind->noun);
		if (*out == document)
			*out = copy_of(a, document);
		json_object_object_add(*out, member, seal_of(a, config,
		    place_of(a, place, member), text));
	}
	return NULL;
}

size_t
sealed_open(struct arena *a, const struct config *config,
    const struct sealed_place *place, struct json_object *document)
{
	char member[KIND_MEMBER_SIZE];
	const char *seal, *text;
	size_t i, stay = 0;

	for (i = 0; kind_hidden(place->kind, i, member); i++) {
		seal = json_string_at(json_object_at(document, member),
		    SEALED);
		if (seal == NULL)
			continue;
		text = seal_open_by_either(a, config->secret,
		    config->previous_secret, place_of(a, place, member), seal);
		if (text != NULL)
			json_put_string(document, member, text);
		else
			stay++;
	}
	return stay;
}
