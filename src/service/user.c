/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/user.h"

#include <string.h>

#include "base/json.h"
#include "billing/overlay.h"
#include "service/credential.h"
#include "service/object.h"
#include "service/object_document.h"
#include "service/user_document.h"

static struct problem *
prepare_new(struct object_batch *batch, struct db *db, struct arena *a)
{
	const struct new_user *user = batch->state;
	struct object_change change = {
		.kind = &kind_users,
		.id = user->id,
		.document = json_own(a, json_object_new_object()),
		.place = "",
	};

	(void)db;
	/* A copy: the transaction may begin again. */
	overlay_patch(change.document, user->document);
	user_document_name(a, change.document);
	return object_batch_add(batch, a, &change);
}

struct problem *
user_make(struct db *db, struct arena *a, const struct actor *actor,
    const struct new_user *user)
{
	struct new_user lent = *user;
	struct object_batch batch = {
		.account_id = user->account_id,
		.rule = CHANGE_UNASKED,
		.prepare = prepare_new,
		.state = &lent,
	};

	return object_batch_commit(db, a, actor, &batch);
}

struct problem *
user_set_password(struct db *db, struct arena *a, const struct config *config,
    const char *account_id, const char *username, const char *password)
{
	struct object *user;
	struct problem *p;

	if ((p = user_password_check(a, config, password, "")) != NULL)
		return p;
	p = store_object_by_claim(db, a, &kind_users,
	    arena_printf(a, "%s/%s", account_id, username), &user);
	if (p != NULL)
		return p;
	if (user == NULL)
		return problem_text(a, PROBLEM_BAD_IDENTIFIER,
		    "account %s has no user %s", account_id, username);
	return credential_set_password(db, a, config,
	    &(struct user_key){ account_id, user->id },
	    arena_lower(a, username), password);
}

/* ---- import ---- */

static struct problem *
import_credentials(struct db *db, struct arena *a, const struct config *config,
    const struct user_copy *copy)
{
	const struct user_key key = { copy->account_id, copy->user->id };
	struct problem *p = NULL;

	if (config->secret[0] == '\0')
		return NULL;
	if (copy->md5 != NULL)
		p = credential_set(db, a, config, &key, "md5",
		    arena_lower(a, copy->md5));
	return p != NULL || copy->sha == NULL ? p : credential_set(db, a,
	    config, &key, "sha", arena_lower(a, copy->sha));
}

struct problem *
user_copy_settle(struct arena *a, const struct user_copy *copy)
{
	struct object *user = copy->user;
	const char *password; /* dropped: the credentials replace it */
	struct problem *p;

	user->kind = &kind_users;
	user_document_name(a, user->document);
	p = object_document_check(a, user->kind, user->document, NULL, "");
	return p != NULL ? p :
	    user_document_settle(a, NULL, user->document, "", &password);
}

struct problem *
user_take_over(struct db *db, struct arena *a, const struct config *config,
    const struct user_copy *copy, bool *written)
{
	struct problem *p = user_copy_settle(a, copy);

	if (p != NULL || (p = object_take_over(db, a, config, copy->account_id,
	    copy->user, written)) != NULL)
		return p;
	return *written ? import_credentials(db, a, config, copy) : NULL;
}

struct problem *
user_has_credential(struct db *db, struct arena *a,
    const struct config *config, const struct user_copy *copy,
    const char *method, bool *has)
{
	const char *credential = strcmp(method, "md5") == 0 ? copy->md5 :
	    copy->sha;
	const char *id = copy->user->id;
	struct login_list found;
	struct object *known;
	struct problem *p;
	size_t i;

	if ((*has = credential == NULL))
		return NULL;
	p = store_object_show(db, a, copy->account_id, &kind_users, id, &known);
	if (p != NULL)
		return p;
	*has = known == NULL || json_false_at(known->document, "enabled");
	p = *has ? NULL : credential_find_candidates(db, a, config, method,
	    arena_lower(a, credential), &found);
	for (i = 0; p == NULL && !*has && i < found.count; i++)
		*has = strcmp(found.logins[i].user_id, id) == 0 &&
		    strcmp(found.logins[i].account_id, copy->account_id) == 0;
	return p;
}

struct problem *
user_replace(struct db *db, struct arena *a, const struct config *config,
    const struct user_copy *copy)
{
	struct problem *p = user_copy_settle(a, copy);

	if (p != NULL || (p = object_replace(db, a, config, copy->account_id,
	    copy->user)) != NULL)
		return p;
	return import_credentials(db, a, config, copy);
}
