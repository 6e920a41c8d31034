/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/sums.h"

#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "service/terms.h"
#include "store/figures.h"

struct sums_part {
	struct sums_part *next;
	const char *account_id;
	money_t recurring;
};

void
sums_add(const struct part *part, const struct invoices *annotated)
{
	struct sums *sums = part->sums;
	struct sums_part *one;

	if (sums == NULL ||
	    (annotated->recurring == annotated->recurring_before &&
	    strcmp(part->before->standing, part->after->standing) == 0))
		return;
	one = arena_alloc(part->arena, sizeof(*one));
	*one = (struct sums_part){ sums->first, part->after->account_id,
		annotated->recurring };
	sums->first = one;
}

static struct problem *
save(struct db *db, struct arena *a, const struct sums_part *one,
    int64_t now)
{
	char month[GREGORIAN_MONTH_SIZE], amount[MONEY_TEXT_SIZE];
	struct json_writer w;
	struct buffer text;

	gregorian_month(now, month);
	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_array(&w);
	for (; one != NULL; one = one->next) {
		json_begin_object(&w);
		json_member_string(&w, "account", one->account_id);
		money_format(one->recurring, amount);
		json_member_string(&w, "recurring", amount);
		json_end(&w);
	}
	json_end(&w);
	return store_figures_save(db, a, text.text, month);
}

struct problem *
sums_save(const struct part *part)
{
	const struct sums_part *first = part->sums->first;

	return first == NULL ? NULL :
	    save(part->db, part->arena, first, part->change->now);
}

/* ---- without a change ---- */

/* Prices the services as they are; they stay locked. */
static struct problem *
price(struct db *db, struct arena *a, const char *account_id,
    money_t *recurring)
{
	struct billed_state state;
	struct invoices invoices;
	struct service service;
	struct problem *p;

	if ((p = store_service_load(db, a, account_id, SERVICE_LOCK,
	    &service)) != NULL)
		return p;
	terms_state(&service, &state);
	if ((p = invoices_price(a, &state, false, &invoices)) == NULL)
		*recurring = invoices.recurring;
	return p;
}

struct problem *
sums_price(struct db *db, struct arena *a, const char *account_id,
    int64_t now)
{
	struct sums_part one = { NULL, account_id, 0 };
	struct problem *p = price(db, a, account_id, &one.recurring);

	return p != NULL ? p : save(db, a, &one, now);
}

/* Locks services before the procedure locks audit_head, as changes do. */
static struct problem *
rebuild(struct db *db, struct arena *a, void *state)
{
	struct sums_part one = { NULL, state, 0 };
	struct problem *p = price(db, a, state, &one.recurring), *q;

	if (p != NULL && p->kind != PROBLEM_BAD_IDENTIFIER &&
	    p->kind != PROBLEM_VALIDATION)
		return p;
	if ((q = store_figures_rebuild(db, a, state)) != NULL || p != NULL)
		return q;
	return save(db, a, &one, gregorian_now());
}

struct problem *
sums_rebuild(struct db *db, struct arena *a, const char *account_id)
{
	return db_transaction(db, a, rebuild, (void *)(uintptr_t)account_id);
}

struct verification {
	const char *account_id;
	const char *why;
};

static const char *
find_difference(struct arena *a, const struct figures_check *check,
    money_t recurring)
{
	char now[MONEY_TEXT_SIZE];
	money_t kept;

	if (check->wrong != NULL)
		return arena_printf(a, "its figure \"%s\" is wrong",
		    check->wrong);
	if (check->recurring == NULL ||
	    (money_parse(check->recurring, &kept) && kept == recurring))
		return NULL;
	money_format(recurring, now);
	return arena_printf(a, "its figure \"recurring\" is %s, its invoices "
	    "add up to %s", check->recurring, now);
}

/* The lock keeps a change from coming between the two looks. */
static struct problem *
verify(struct db *db, struct arena *a, void *state)
{
	struct verification *v = state;
	struct figures_check *check;
	money_t recurring = 0;
	struct problem *p;

	v->why = NULL;
	p = price(db, a, v->account_id, &recurring);
	if (p != NULL)
		return p->kind == PROBLEM_BAD_IDENTIFIER ||
		    p->kind == PROBLEM_VALIDATION ? NULL : p;
	p = store_figures_verify(db, a, v->account_id, &check);
	if (p == NULL && check != NULL)
		v->why = find_difference(a, check, recurring);
	return p;
}

struct problem *
sums_verify(struct db *db, struct arena *a, const char *account_id,
    const char **why)
{
	struct verification v = { .account_id = account_id };
	struct problem *p = db_transaction(db, a, verify, &v);

	*why = v.why;
	return p;
}
