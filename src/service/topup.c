/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/topup.h"

#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "service/receiver.h"
#include "store/accounts.h"
#include "store/ledgers.h"

#define MODULE "kz_services_topup"
#define TOP_UP_EVERY_S (24 * 3600)
#define PAYMENTS_OF_A_DAY 10000 /* max payments that are searched */

/* ---- manual ---- */

struct payment_order
topup_order_manual(money_t amount)
{
	return (struct payment_order){
		.type = PAYMENT_SALE,
		.credits = true,
		.amount = amount,
		.trigger = "manual",
		.module = MODULE,
		.description = "Manual top-up",
	};
}

struct problem *
topup_credit(struct db *db, struct arena *a, const struct payment_order *order,
    int64_t now, struct json_object **ledger)
{
	struct payment_order unasked = *order;
	char source_id[ID_SIZE];
	const struct payment_credit credit = { &unasked, source_id, now };

	id_new(source_id);
	unasked.bookkeeper = (struct bookkeeper){ 0 };
	return pay_credit(db, a, &credit, now, ledger);
}

/* ---- automatic ---- */

static bool
read_amount(struct json_object *document, const char *path, money_t *out)
{
	struct json_object *amount = json_at(document, path);

	return (json_object_is_type(amount, json_type_int) ||
	    json_object_is_type(amount, json_type_double)) &&
	    money_parse(json_object_to_json_string(amount), out) && *out > 0;
}

/* The gap rounded up to whole steps. False: that is beyond MONEY_MAX. */
static bool
cover_gap(money_t balance, money_t threshold, money_t step, money_t *out)
{
	money_t gap;

	return money_subtract(threshold, balance, &gap) &&
	    money_times(step, gap / step + (gap % step != 0), out);
}

/* *amount: as many times topup.amount as the balance needs. *why: the reason why
 * no top-up is due, or NULL. */
static struct problem *
check_due(struct db *db, struct arena *a, const struct account *account,
    money_t *amount, const char **why)
{
	money_t threshold, balance;
	bool how_much, below_what;
	struct problem *p;

	how_much = read_amount(account->document, "topup.amount", amount);
	below_what = read_amount(account->document, "topup.threshold",
	    &threshold);
	*why = !how_much && !below_what ? "amount_and_threshold_undefined" :
	    !how_much ? "amount_undefined" :
	    !below_what ? "threshold_undefined" : NULL;
	if (*why != NULL)
		return NULL;
	p = store_ledger_balance(db, a, account->id, &balance);
	if (p != NULL)
		return p;
	if (balance >= threshold)
		*why = "balance_above_threshold";
	else if (!cover_gap(balance, threshold, *amount, amount))
		return problem_fault(a, "the top-up of account %s is too much",
		    account->id);
	return NULL;
}

struct problem *
topup_order_automatic(struct db *db, struct arena *a, const char *account_id,
    int64_t now, struct payment_order *order, const char **why)
{
	struct account *account;
	struct problem *p;
	bool moves;

	*order = (struct payment_order){
		.type = PAYMENT_SALE,
		.account_id = account_id,
		.credits = true,
		.trigger = "automatic",
		.module = MODULE,
		.description = "Automatic top-up",
		.terms.alone_since = now - TOP_UP_EVERY_S,
	};
	p = store_account_show(db, a, account_id, &account);
	if (p == NULL && account == NULL)
		p = problem_bad_identifier(a, account_id);
	if (p != NULL || (p = check_due(db, a, account,
	    &order->amount, why)) != NULL || *why != NULL)
		return p;
	if (!account->enabled) {
		*why = "account_disabled";
		return NULL;
	}
	order->account_name = account->name;
	p = receiver_find_for_payments(db, a, account_id, &order->bookkeeper,
	    &moves);
	if (p == NULL && !moves)
		*why = "invalid_bookkeeper";
	return p;
}

static bool
is_automatic_top_up(const struct payment *payment)
{
	return payment->credits && payment->status == PAYMENT_COMPLETED &&
	    strcmp(payment->executor, "automatic") == 0;
}

/* *had: there is one already, by the rule of pay_begin. */
static struct problem *
find_recent(struct db *db, struct arena *a, const struct payment_order *order,
    int64_t now, bool *had)
{
	const struct page_query since = {
		.from = order->terms.alone_since + 1,
		.to = now,
		.start.id = "",
		.ascending = true,
		.limit = PAYMENTS_OF_A_DAY,
	};
	struct payment_list recent, pending;
	struct problem *p;
	size_t i;

	*had = false;
	if ((p = store_payment_list(db, a, order->account_id, &since,
	    &recent)) != NULL ||
	    (p = store_payment_pending_list(db, a, order->account_id, now + 1,
	    PAYMENTS_OF_A_DAY, &pending)) != NULL)
		return p;
	for (i = 0; i < recent.count; i++)
		*had = *had || is_automatic_top_up(&recent.payments[i]);
	for (i = 0; i < pending.count; i++)
		*had = *had || pending.payments[i].credits;
	return NULL;
}

struct problem *
topup_is_due(struct db *db, struct arena *a, const char *account_id,
    int64_t now, bool *due)
{
	struct payment_order order;
	struct problem *p;
	const char *why;
	bool had;

	*due = false;
	p = topup_order_automatic(db, a, account_id, now, &order, &why);
	if (p != NULL || why != NULL ||
	    (p = find_recent(db, a, &order, now, &had)) != NULL)
		return p;
	*due = !had;
	return NULL;
}
