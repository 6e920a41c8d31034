/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/month.h"

#include "stack.h"

#include "store/ledgers.h"
#include "store/outbox.h"
#include "store/snapshots.h"

TestSuite(month, .init = stack_begin, .fini = stack_end);

#define PLAN(type) "{'name':'P','plan':{'devices':{'fax':{'rate':5," \
	"'minimum':2}}},'bookkeeper':{'type':'" type "','id':'b'}}"

/* This month of an account. */
static struct month
month_of(const char *account)
{
	struct month month = {
		.config = &config,
		.account_id = account,
		.account_name = "Made by a test",
		.start = gregorian_month_start(now),
		.now = now,
	};

	gregorian_month(now, month.name);
	return month;
}

static money_t
balance_of(const char *account)
{
	money_t balance;

	WELL(store_ledger_balance(db, a, account, &balance));
	return balance;
}

/* The number of waiting messages of a kind for an account's bookkeepers. */
static int
told(const char *account, const char *message)
{
	const struct outbox_query query = { .account_id = account, .limit = 100 };
	struct outbox_list list;
	int count = 0;
	size_t i;

	WELL(store_outbox_list(db, a, &query, &list));
	for (i = 0; i < list.count; i++)
		count += strcmp(list.entries[i].message.message, message) == 0;
	return count;
}

Test(month, recurring_charges_are_debited_once)
{
	const char *account = stack_account(NULL, "{}");
	const struct month month = month_of(account);
	bool done;

	config.recurring_debits = 1;
	stack_assign(account, PLAN("default"));
	WELL(month_collect(db, a, &month, &done));
	cr_expect(done);
	cr_expect_eq(balance_of(account), -10 * MONEY_ONE);
	WELL(month_collect(db, a, &month, &done));
	cr_expect_not(done);
	cr_expect_eq(balance_of(account), -10 * MONEY_ONE);
	cr_expect_eq(told(account, "collect_recurring"), 0);
}

Test(month, a_discount_above_the_price_is_no_payment)
{
	static const char *const plans[] = {
		"{'name':'P','plan':{'devices':{'fax':{'rate':1,'minimum':2,"
		"'discounts':{'single':{'rate':5}}}}}}",
		"{'name':'P','plan':{'devices':{'fax':{'rate':1,'minimum':2,"
		"'discounts':{'cumulative':{'rate':3,'maximum':9}}}}}}",
		"{'name':'P','plan':{'devices':{'fax':{'rate':1,'minimum':2},"
		"'sip_device':{'rate':1,'minimum':1,'discounts':{'single':{"
		"'rate':5}}}}}}",
		"{'name':'P','plan':{'devices':{'fax':{'rate':-1,'minimum':2}}}}",
	};
	size_t i;

	config.recurring_debits = 1;
	for (i = 0; i < NELEM(plans); i++) {
		const char *account = stack_account(NULL, "{}");
		const struct month month = month_of(account);
		bool done;

		stack_assign(account, plans[i]);
		WELL(month_collect(db, a, &month, &done));
		cr_expect(done);
		cr_expect_eq(balance_of(account), 0, "row %zu", i);
	}
}

Test(month, debits_must_be_configured)
{
	const char *account = stack_account(NULL, "{}");
	const struct month month = month_of(account);
	bool done;

	config.recurring_debits = 0;
	stack_assign(account, PLAN("default"));
	WELL(month_collect(db, a, &month, &done));
	cr_expect(done);
	cr_expect_eq(balance_of(account), 0);
}

/* A bookkeeper that moves money collects, and nothing is debited here. */
Test(month, bookkeepers_are_told_to_collect_and_to_remind)
{
	const char *account = stack_account(NULL, "{}");
	const struct month month = month_of(account);
	bool done;
	int i;

	config.recurring_debits = 1;
	stack_assign(account, PLAN("http"));
	for (i = 0; i < 2; i++) {
		WELL(month_collect(db, a, &month, &done));
		cr_expect_eq(done, i == 0);
		WELL(month_remind(db, a, &month, &done));
		cr_expect_eq(done, i == 0);
	}
	cr_expect_eq(told(account, "collect_recurring"), 1);
	cr_expect_eq(told(account, "bill_reminder"), 1);
	cr_expect_eq(balance_of(account), 0);
}

Test(month, a_disabled_account_is_not_charged)
{
	const char *account = stack_account(NULL, "{}");
	const struct month month = month_of(account);
	struct account *stored;
	bool done;

	config.recurring_debits = 1;
	stack_assign(account, PLAN("default"));
	WELL(store_account_show(db, a, account, &stored));
	stored->enabled = false;
	WELL(store_account_update(db, a, stored, now));
	WELL(month_collect(db, a, &month, &done));
	cr_expect(done, "and not again when it is enabled");
	cr_expect_eq(balance_of(account), 0);
}

static struct problem *
earn(struct db *in, struct arena *arena, void *state)
{
	const struct month *month = state;
	struct ledger credit = {
		.account_id = month->account_id,
		.service = "adjustments",
		.source_id = "s",
		.amount = 7 * MONEY_ONE,
		.period_start = month->start - 1,
		.created = month->start - 1,
	};
	struct ledger_result result;

	ledger_complete(arena, &credit, &(const struct ledger_note){ 0 });
	return store_ledger_add(in, arena,
	    &(struct ledger_batch){ NULL, &credit, 1, now }, &result);
}

Test(month, a_rollover_restates_the_balance_and_does_not_count)
{
	const char *account = stack_account(NULL, "{}");
	struct month month = month_of(account);
	struct ledger_entry *entry;
	bool done;

	WELL(db_transaction(db, a, earn, &month));
	WELL(month_roll_over(db, a, &month, &done));
	cr_expect(done);
	WELL(store_ledger_show(db, a, account, arena_printf(a,
	    "%s-ledgers_monthly_rollover", month.name), &entry));
	cr_assert_not_null(entry);
	cr_expect_eq(entry->amount, 7 * MONEY_ONE);
	cr_expect_eq(balance_of(account), 7 * MONEY_ONE);
	WELL(month_roll_over(db, a, &month, &done));
	cr_expect_not(done);
}

/* Sets a quantity of an account from a time on. */
struct counting {
	const char *account_id;
	int64_t number;
	int64_t at;
};

static struct problem *
propose_number(struct db *in, struct arena *arena,
    const struct service *current, struct service *proposed, void *state)
{
	const struct counting *counting = state;

	(void)in;
	(void)current;
	quantity_table_set(arena, &proposed->quantities[QUANTITY_ACCOUNT],
	    "months", "thing", counting->number);
	return NULL;
}

static struct problem *
count_in(struct db *in, struct arena *arena, void *state)
{
	struct counting *counting = state;
	struct actor actor = stack_actor();
	struct change change;
	struct service done;

	actor.now = counting->at;
	change = change_by(&actor, CHANGE_UNASKED, counting->account_id);
	change.cascades = true;
	change.propose = propose_number;
	change.state = counting;
	return change_commit(in, arena, &change, &done);
}

Test(month, quantities_of_the_start_of_the_month_are_stored)
{
	const char *account = stack_account(NULL, "{}");
	const struct month month = month_of(account);
	struct counting rows[] = {
		{ account, 2, month.start - 1 },
		{ account, 5, month.start },
	};
	const struct snapshot_query query = { account, month.name, month.name,
		"", "", 10 };
	struct snapshots kept;
	int64_t number;
	bool done;
	size_t i;

	for (i = 0; i < NELEM(rows); i++)
		WELL(db_transaction(db, a, count_in, &rows[i]));
	WELL(month_keep_quantities(db, a, &month, &done));
	WELL(store_snapshot_list(db, a, &query, &kept));
	cr_assert_eq(kept.count, 1);
	cr_expect(quantity_table_get(&kept.snapshots[0].began, "months",
	    "thing", &number));
	cr_expect_eq(number, 2);
}

Test(month, the_account_must_exist)
{
	char id[ID_SIZE];
	struct month month;
	bool done;

	id_new(id);
	month = month_of(id);
	REFUSED(PROBLEM_BAD_IDENTIFIER, month_collect(db, a, &month, &done));
	REFUSED(PROBLEM_BAD_IDENTIFIER, month_keep_quantities(db, a, &month,
	    &done));
}
