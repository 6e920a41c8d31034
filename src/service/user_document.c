/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/user_document.h"

#include <string.h>

#include "base/json.h"
#include "base/utf8.h"

#define FIRST_NAME_MAX 128 /* characters, as in the schema */

struct problem *
user_document_settle(struct arena *a, struct json_object *before,
    struct json_object *document, const char *place, const char **password)
{
	const char *username = json_string_at(document, "username");
	const char *old = json_string_at(before, "username");

	if (username != NULL) {
		username = arena_lower(a, username);
		json_put_string(document, "username", username);
	}
	*password = arena_strdup(a, json_string_at(document, "password"));
	json_object_object_del(document, "password");
	if (*password != NULL && username == NULL)
		return problem_invalid(a, problem_path(a, place, "username"),
		    "required",
		    "Field is required but missing");
	if (*password == NULL && old != NULL && username != NULL &&
	    strcmp(old, username) != 0)
		return problem_invalid(a, problem_path(a, place, "password"),
		    "required",
		    "The password must be provided when updating the user "
		    "name");
	return NULL;
}

struct problem *
user_password_check(struct arena *a, const struct config *config,
    const char *password, const char *place)
{
	const char *field = problem_path(a, place, "password");
	struct problem *p;

	if ((int64_t)utf8_characters(password) >= config->password_length_min)
		return NULL;
	p = problem_invalid(a, field, "minLength",
	    "String must be at least %lld characters",
	    (long long)config->password_length_min);
	problem_set_int(p, field, "minLength", "target",
	    config->password_length_min);
	return p;
}

struct json_object *
user_document_features(struct json_object *document)
{
	/* Features that are true members. */
	static const struct {
		const char *feature;
		const char *path;
	} switched[] = {
		{ "conferencing", "smartpbx.conferencing.enabled" },
		{ "faxing", "smartpbx.faxing.enabled" },
		{ "hotdesk", "hotdesk.enabled" },
		{ "call_forward", "call_forward.enabled" },
		{ "vm_to_email", "vm_to_email_enabled" },
	};
	struct json_object *list = json_object_new_array();
	const char *number = json_string_at(document,
	    "caller_id.internal.number");
	size_t i;

	for (i = 0; i < NELEM(switched); i++)
		if (json_true_at(document, switched[i].path))
			json_object_array_add(list, json_object_new_string(
			    switched[i].feature));
	if (number != NULL && number[0] != '\0')
		json_object_array_add(list,
		    json_object_new_string("caller_id"));
	return list;
}

void
user_document_name(struct arena *a, struct json_object *document)
{
	const char *username = json_string_at(document, "username");
	const char *level = json_string_at(document, "priv_level");

	/* A user name may be longer than a first name. */
	if (json_at(document, "first_name") == NULL)
		json_put_string(document, "first_name", username != NULL &&
		    utf8_characters(username) <= FIRST_NAME_MAX ?
		    arena_lower(a, username) : "Account");
	if (json_at(document, "last_name") == NULL)
		json_put_string(document, "last_name", level != NULL &&
		    strcmp(level, "admin") == 0 ? "Admin" : "User");
}
