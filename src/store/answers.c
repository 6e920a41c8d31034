/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/answers.h"

struct problem *
answer_take(struct db *db, struct arena *a, const char *account_id,
    const char *name, const unsigned char fingerprint[DIGEST_BYTES],
    int64_t now, int64_t expires, struct answer **known)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(name),
		db_bytes(fingerprint, DIGEST_BYTES),
		db_int(now),
		db_int(expires),
	};
	const struct db_cell *row;
	struct db_rows rows;
	struct problem *p;

	*known = NULL;
	p = db_call(db, a, ANSWER_TAKE, args, NELEM(args), &rows);
	if (p != NULL)
		return p;
	row = db_row(&rows, 0);
	if (row[0].number != 0)
		return NULL;
	if (row[1].number == 0)
		return problem_new(a, PROBLEM_KEY_REUSED);
	*known = arena_alloc(a, sizeof(**known));
	(*known)->status = row[2].number;
	(*known)->entity = row[3].number != 0;
	(*known)->location = row[4].text;
	(*known)->body = row[5].text == NULL ? "{}" : row[5].text;
	(*known)->metadata = row[6].text;
	return NULL;
}

struct problem *
answer_keep(struct db *db, struct arena *a, const char *account_id,
    const char *name, const struct answer *answer)
{
	const struct db_value args[] = {
		db_text(account_id),
		db_text(name),
		db_int(answer->status),
		db_int(answer->entity),
		db_text(answer->location),
		db_text(answer->body),
		db_text(answer->metadata),
	};

	return db_call(db, a, ANSWER_KEEP, args, NELEM(args), NULL);
}

struct problem *
expired_purge(struct db *db, struct arena *a, int64_t now)
{
	const struct db_value args[] = { db_int(now) };

	return db_call(db, a, EXPIRED_PURGE, args, NELEM(args), NULL);
}
