/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/standing.h"

#include "stack.h"

TestSuite(standing, .init = stack_begin, .fini = stack_end);

/* A plan whose bookkeeper is the one that answers. */
#define PLAN "{'bookkeeper': {'id': 'b', 'type': 'http', 'vendor_id': 'v'}, " \
	"'plan': {'devices': {'sip_device': {'rate': 1}}}}"

/* An account whose seller assigned that bookkeeper to it. */
static const char *
customer(const char *parent_id)
{
	const char *account = stack_account(parent_id, "{}");

	stack_assign(account, PLAN);
	return account;
}

/* One answer about an account. */
struct told {
	const char *account_id, *vendor_id;
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
		.bookkeeper = { "b", "http", told->vendor_id },
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
	struct told told = { account, "v", message, { .verdict = verdict,
		.status = status, .message = "pay" } };

	WELL(db_transaction(db, a, note, &told));
}

/* A bookkeeper of that vendor says that the account owes. */
static void
answer_from(const char *vendor_id, const char *account, int64_t status)
{
	struct told told = { account, vendor_id, BOOKKEEPER_SAYS_UPDATE, {
		.verdict = BOOKKEEPER_DELINQUENT, .status = status } };

	WELL(db_transaction(db, a, note, &told));
}

Test(standing, a_debtor_is_delinquent_until_it_pays)
{
	const char *account = customer(NULL);
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
	const char *good = customer(NULL);
	const char *owing = customer(NULL);
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
	const char *ids[] = { customer(NULL), NULL };

	WELL(db_transaction(db, a, change, ids));
	answer(ids[0], BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DONE, 200);
	cr_expect_str_eq(service_of(ids[0]).standing, STANDING_DELINQUENT);
}

Test(standing, the_payer_s_standing_changes)
{
	const char *payer = stack_account(NULL, "{}");
	const char *ids[] = { customer(payer), payer };

	WELL(db_transaction(db, a, change, ids));
	answer(ids[0], BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DELINQUENT, 402);
	cr_expect_str_eq(service_of(payer).standing, STANDING_DELINQUENT);
	cr_expect_str_eq(service_of(ids[0]).standing, STANDING_GOOD);
}

/* ---- who decides ---- */

static struct problem *
resell(struct db *in, struct arena *arena, void *state)
{
	return store_account_resell(in, arena, state, true, now);
}

static const char *
reseller(const char *parent_id)
{
	const char *account = stack_account(parent_id, "{}");

	WELL(db_transaction(db, a, resell, (void *)account));
	return account;
}

static void
pay_by(const char *account, const char *payer)
{
	const char *ids[] = { account, payer };

	WELL(db_transaction(db, a, change, ids));
}

Test(standing, only_a_bookkeeper_that_the_payer_s_seller_assigned_decides)
{
	const char *seller = reseller(NULL), *master, *below;
	const char *nobodys = stack_account(NULL, "{}");
	const char *of_seller = customer(seller);
	const char *of_master = customer(seller);
	const char *of_parent, *of_below;
	struct account *top;
	size_t i;

	WELL(store_account_show(db, a, NULL, &top));
	master = top->id;
	below = reseller(seller);
	of_parent = customer(below);
	of_below = customer(of_parent);
	pay_by(of_seller, seller);
	pay_by(of_master, master);
	pay_by(of_parent, below);
	pay_by(of_below, of_parent);

	const struct {
		const char *why, *about, *payer;
		bool decides;
	} rows[] = {
		{ "the seller's customer, paid by the seller", of_seller,
		    seller, false },
		{ "the seller's customer, paid by the master account",
		    of_master, master, false },
		{ "a lower reseller's customer, paid by that reseller",
		    of_parent, below, false },
		{ "no plan names the bookkeeper", nobodys, nobodys, false },
		{ "account and payer have one seller", of_below, of_parent,
		    true },
	};
	for (i = 0; i < NELEM(rows); i++) {
		answer(rows[i].about, BOOKKEEPER_SAYS_UPDATE,
		    BOOKKEEPER_DELINQUENT, 402);
		cr_expect_eq(strcmp(service_of(rows[i].payer).standing,
		    STANDING_DELINQUENT) == 0, rows[i].decides, "%s",
		    rows[i].why);
	}
}

Test(standing, no_account_clears_itself_by_its_own_bookkeeper)
{
	const char *seller = reseller(NULL), *below;

	/* The bookkeeper that its seller assigned has made it delinquent. */
	stack_assign(seller, PLAN);
	answer(seller, BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DELINQUENT, 402);
	cr_expect_str_eq(service_of(seller).standing, STANDING_DELINQUENT);
	/* A plan of its own names even the same one. */
	below = customer(seller);
	pay_by(below, seller);
	answer(below, BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DONE, 200);
	cr_expect_str_eq(service_of(seller).standing, STANDING_DELINQUENT);
	answer(seller, BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DONE, 200);
	cr_expect_str_eq(service_of(seller).standing, STANDING_GOOD);
}

static struct problem *
propose_own_bookkeeper(struct db *own_db, struct arena *arena,
    const struct service *current, struct service *proposed, void *state)
{
	(void)own_db;
	(void)state;
	proposed->overrides = quoted(arena, arena_printf(arena,
	    "{'bookkeeper': {'vendor_id': '%s'}}", current->reseller_id));
	return NULL;
}

/* The account's seller overrides the vendor of every bookkeeper. */
static struct problem *
name_own_bookkeeper(struct db *in, struct arena *arena, void *state)
{
	const struct actor actor = stack_actor();
	struct change change = change_by(&actor, CHANGE_UNASKED, state);
	struct service done;

	change.propose = propose_own_bookkeeper;
	return change_commit(in, arena, &change, &done);
}

Test(standing, a_former_seller_s_bookkeeper_decides_nothing)
{
	const char *seller = reseller(NULL);
	const char *moved = customer(seller);
	struct account *top;

	WELL(store_account_show(db, a, NULL, &top));
	WELL(store_account_move(db, a, moved, top->id, now));
	answer(moved, BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DELINQUENT, 402);
	cr_expect_str_eq(service_of(moved).standing, STANDING_GOOD);

	/* The new seller lays their own over it. */
	WELL(db_transaction(db, a, name_own_bookkeeper, (void *)moved));
	answer(moved, BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DELINQUENT, 402);
	cr_expect_str_eq(service_of(moved).standing, STANDING_GOOD);
	answer_from(top->id, moved, 402);
	cr_expect_str_eq(service_of(moved).standing, STANDING_DELINQUENT);
}

Test(standing, a_deleted_account_has_no_standing)
{
	char id[ID_SIZE];

	id_new(id);
	answer(id, BOOKKEEPER_SAYS_UPDATE, BOOKKEEPER_DELINQUENT, 402);
}
