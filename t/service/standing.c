/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/standing.h"

#include "stack.h"

TestSuite(standing, .init = stack_begin, .fini = stack_end);

/* One answer about an account. */
struct told {
	const char *account_id;
	enum bookkeeper_message message;
	struct bookkeeper_answer answer;
};

static struct problem *
note(struct db *in, struct arena *arena, void *state)
{
	const struct told *told = state;
	const struct bookkeeper_request request = {
		.message = told->message,
		.delivery_id = "d",
		.account_id = told->account_id,
		.bookkeeper = { "b", "http", "v" },
	};

	return standing_note(in, arena, &config, &request, &told->answer, now);
}

static struct service
service_of(const char *account)
{
	struct service service;

	WELL(store_service_load(db, a, account, SERVICE_LOOK, &service));
	return service;
}

static void
answer(const char *account, enum bookkeeper_message message,
    enum bookkeeper_verdict verdict, int64_t status)
{
	struct told told = { account, message, { .verdict = verdict,
		.status = status, .message = "pay" } };

	WELL(db_transaction(db, a, note, &told));
}

Test(standing, a_debtor_is_delinquent_until_it_pays)
{
	const char *account = stack_account(NULL, "{}");
	struct service service;

	answer(account, BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DELINQUENT, 402);
	service = service_of(account);
	cr_expect_str_eq(service.standing, STANDING_DELINQUENT);
	cr_expect_str_eq(service.reason, "pay");
	cr_expect_eq(service.reason_code, 402);
	answer(account, BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DONE, 200);
	service = service_of(account);
	cr_expect_str_eq(service.standing, STANDING_GOOD);
	cr_expect_null(service.reason);
	cr_expect_not(service.has_reason_code);
}

Test(standing, answers_that_do_not_concern_debts)
{
	static const struct {
		enum bookkeeper_message message;
		enum bookkeeper_verdict verdict;
		int64_t status;
	} rows[] = {
		{ BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DECLINED, 200 },
		{ BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_AGAIN, 500 },
		{ BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_BROKEN_OFF, 0 },
		/* Nobody was asked. */
		{ BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DONE, 0 },
		{ BOOKKEEPER_SAYS_REMIND, BOOKKEEPER_DONE, 200 },
	};
	const char *good = stack_account(NULL, "{}");
	const char *owing = stack_account(NULL, "{}");
	size_t i;

	answer(owing, BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DELINQUENT, 402);
	for (i = 0; i < NELEM(rows); i++) {
		answer(good, rows[i].message, rows[i].verdict, rows[i].status);
		answer(owing, rows[i].message, rows[i].verdict, rows[i].status);
		cr_expect_str_eq(service_of(good).standing, STANDING_GOOD,
		    "row %zu", i);
		cr_expect_str_eq(service_of(owing).standing,
		    STANDING_DELINQUENT, "row %zu", i);
	}
}

/* A standing set by an administrator, and a payer. */
static struct problem *
propose(struct db *in, struct arena *arena, const struct service *current,
    struct service *proposed, void *state)
{
	(void)in;
	(void)arena;
	(void)current;
	if (state != NULL)
		proposed->billing_id = state;
	else
		proposed->standing = STANDING_DELINQUENT;
	return NULL;
}

static struct problem *
change(struct db *in, struct arena *arena, void *state)
{
	const struct actor actor = stack_actor();
	const char *const *ids = state;
	struct change wanted = change_by(&actor, CHANGE_UNASKED, ids[0]);
	struct service done;

	wanted.propose = propose;
	wanted.state = (void *)ids[1];
	return change_commit(in, arena, &wanted, &done);
}

Test(standing, a_standing_set_by_an_administrator_stays)
{
	const char *ids[] = { stack_account(NULL, "{}"), NULL };

	WELL(db_transaction(db, a, change, ids));
	answer(ids[0], BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DONE, 200);
	cr_expect_str_eq(service_of(ids[0]).standing, STANDING_DELINQUENT);
}

Test(standing, the_payer_s_standing_changes)
{
	const char *payer = stack_account(NULL, "{}");
	const char *ids[] = { stack_account(payer, "{}"), payer };

	WELL(db_transaction(db, a, change, ids));
	answer(ids[0], BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DELINQUENT, 402);
	cr_expect_str_eq(service_of(payer).standing, STANDING_DELINQUENT);
	cr_expect_str_eq(service_of(ids[0]).standing, STANDING_GOOD);
}

Test(standing, a_deleted_account_has_no_standing)
{
	char id[ID_SIZE];

	id_new(id);
	answer(id, BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DELINQUENT, 402);
}
