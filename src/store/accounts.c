/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/accounts.h"

#include <ctype.h>
#include <string.h>

struct problem *
account_create(struct db *db, struct arena *a, const struct account *account,
    const char *document)
{
	const struct db_value args[] = {
		db_text(account->id),
		db_text(account->parent_id),
		db_text(account->name),
		db_text(account_name_key(a, account->name)),
		db_text(account->realm),
		db_int(account->is_reseller),
		db_int(account->enabled),
		db_moment(account->expires),
		db_text(account->language),
		db_text(document),
		db_int(account->created),
		db_int(account->modified),
	};

	return db_call(db, a, ACCOUNT_CREATE, args, NELEM(args), NULL);
}

static void
account_of_row(const struct db_cell *row, struct account *out)
{
	*out = (struct account){
		.id = row[0].text,
		.parent_id = row[1].text,
		.reseller_id = row[2].text,
		.is_reseller = row[3].number != 0,
		.is_master = row[4].number != 0,
		.enabled = row[5].number != 0,
		.expires = row[6].number,
		.name = row[7].text,
		.realm = row[8].text,
		.language = row[9].text,
		.created = row[10].number,
		.modified = row[11].number,
		.below = row[12].number,
	};
}

struct problem *
account_show(struct db *db, struct arena *a, const char *id,
    struct account **out)
{
	const struct db_value args[] = { db_text(id) };
	struct db_rows rows;
	struct problem *p;

	*out = NULL;
	p = db_call(db, a, ACCOUNT_SHOW, args, NELEM(args), &rows);
	if (p != NULL || rows.count == 0)
		return p;
	*out = arena_alloc(a, sizeof(**out));
	account_of_row(db_row(&rows, 0), *out);
	return NULL;
}

struct problem *
account_list(struct db *db, struct arena *a, const char *top,
    const char *after, int64_t limit, struct account_list *out)
{
	const struct db_value args[] = {
		db_text(top),
		db_text(after),
		db_int(limit),
	};
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, ACCOUNT_LIST, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->accounts = arena_alloc(a, rows.count * sizeof(*out->accounts));
	for (i = 0; i < rows.count; i++)
		account_of_row(db_row(&rows, i), &out->accounts[i]);
	return NULL;
}

const char *
account_name_key(struct arena *a, const char *name)
{
	char *key = arena_strdup(a, name);
	size_t n = 0;

	for (; *name != '\0'; name++)
		if (isalnum((unsigned char)*name))
			key[n++] = (char)tolower((unsigned char)*name);
	key[n] = '\0';
	return key;
}

struct problem *
user_create(struct db *db, struct arena *a, const struct user *user,
    const char *document)
{
	const struct db_value args[] = {
		db_text(user->account_id),
		db_text(user->id),
		db_text(user->username),
		db_text(user->first_name),
		db_text(user->last_name),
		db_text(user->email),
		db_text(user->priv_level),
		db_int(user->enabled),
		db_text(document),
		db_int(user->created),
		db_int(user->modified),
	};

	return db_call(db, a, USER_CREATE, args, NELEM(args), NULL);
}

struct problem *
user_credential_set(struct db *db, struct arena *a,
    const struct config *config, const struct user *user, const char *method,
    const char *credential)
{
	unsigned char lookup[DIGEST_BYTES];
	char verifier[VERIFIER_SIZE];

	secret_hmac(config->secret, strlen(config->secret), credential, lookup);
	if (!secret_verifier(credential,
	    (uint32_t)(config->verifier_memory / 1024),
	    (uint32_t)config->verifier_passes, verifier))
		return problem_fault(a, "no memory to hash a credential");

	const struct db_value args[] = {
		db_text(user->account_id),
		db_text(user->id),
		db_text(method),
		db_bytes(lookup, sizeof(lookup)),
		db_text(verifier),
	};

	return db_call(db, a, USER_CREDENTIAL_SET, args, NELEM(args), NULL);
}
