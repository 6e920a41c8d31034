/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/accounts.h"

#include <ctype.h>
#include <string.h>

#include "base/json.h"

struct problem *
account_create(struct db *db, struct arena *a, const struct account *account,
    const char *document, int64_t now)
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
		db_int(now),
	};

	return db_call(db, a, ACCOUNT_CREATE, args, NELEM(args), NULL);
}

static struct problem *
account_of_row(struct arena *a, const struct db_cell *row, struct account *out)
{
	const char *error;

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
		.deleted = row[13].number,
	};
	out->document = json_parse(a, row[14].text, (size_t)row[14].number,
	    &error);
	return out->document != NULL ? NULL :
	    problem_fault(a, "account %s: %s", out->id, error);
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
	return account_of_row(a, db_row(&rows, 0), *out);
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
	for (i = 0; i < rows.count && p == NULL; i++)
		p = account_of_row(a, db_row(&rows, i), &out->accounts[i]);
	return p;
}

struct problem *
account_update(struct db *db, struct arena *a, const struct account *account,
    int64_t now)
{
	const struct db_value args[] = {
		db_text(account->id),
		db_text(account->name),
		db_text(account_name_key(a, account->name)),
		db_text(account->realm),
		db_int(account->enabled),
		db_text(account->language),
		db_text(json_canonical_text(a, account->document)),
		db_int(now),
	};

	return db_call(db, a, ACCOUNT_UPDATE, args, NELEM(args), NULL);
}

struct problem *
account_delete(struct db *db, struct arena *a, const char *id, int64_t now)
{
	const struct db_value args[] = { db_text(id), db_int(now) };

	return db_call(db, a, ACCOUNT_DELETE, args, NELEM(args), NULL);
}

struct problem *
account_move(struct db *db, struct arena *a, const char *id,
    const char *to_id, int64_t now)
{
	const struct db_value args[] = {
		db_text(id),
		db_text(to_id),
		db_int(now),
	};

	return db_call(db, a, ACCOUNT_MOVE, args, NELEM(args), NULL);
}

struct problem *
account_resell(struct db *db, struct arena *a, const char *id, bool resell,
    int64_t now)
{
	const struct db_value args[] = {
		db_text(id),
		db_int(resell),
		db_int(now),
	};

	return db_call(db, a, ACCOUNT_RESELL, args, NELEM(args), NULL);
}

static struct problem *
load_lines(struct db *db, struct arena *a, enum procedure procedure,
    const struct db_value *args, size_t count, bool short_rows,
    struct account_lines *out)
{
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;
	size_t i;

	p = db_call(db, a, procedure, args, count, &rows);
	if (p != NULL)
		return p;
	out->count = rows.count;
	out->lines = arena_alloc(a, rows.count * sizeof(*out->lines));
	for (i = 0; i < rows.count; i++) {
		row = db_row(&rows, i);
		out->lines[i].id = row[0].text;
		out->lines[i].name = row[1].text;
		if (short_rows)
			continue;
		out->lines[i].realm = row[2].text;
		out->lines[i].descendants = row[3].number;
		out->lines[i].created = row[4].number;
		out->lines[i].modified = row[5].number;
		out->lines[i].tree = row[6].text;
	}
	return NULL;
}

struct problem *
account_kin(struct db *db, struct arena *a, enum account_kin kin,
    const char *id, const struct page_query *query,
    struct account_lines *out)
{
	const struct db_value args[] = {
		db_text(id),
		db_text(query->start.id),
		db_int(query->ascending),
		db_int(query->limit),
	};

	return load_lines(db, a, kin == KIN_CHILDREN ? ACCOUNT_CHILDREN :
	    ACCOUNT_DESCENDANTS, args, NELEM(args), false, out);
}

struct problem *
account_parents(struct db *db, struct arena *a, const char *id,
    struct account_lines *out)
{
	const struct db_value args[] = { db_text(id) };

	return load_lines(db, a, ACCOUNT_PARENTS, args, NELEM(args), true, out);
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
