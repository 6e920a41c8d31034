/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/quote.h"

#include "proposal.h"
#include "service/price.h"
#include "stack.h"

TestSuite(quote, .init = begin_priced, .fini = stack_end);

#define USERS "{'name':'P','plan':{'users':{'user':{'rate':8}}}}"
#define HOUR 3600

/* Quotes an additional number of users. */
static void
quote_users(const char *account_id, struct quantity_wanted *wanted,
    char id[ID_SIZE])
{
	const struct proration proration = { .now = now };
	struct service current, proposed;
	struct invoices annotated;
	struct quote kept;

	WELL(store_service_load(db, a, account_id, SERVICE_LOOK, &current));
	service_copy(a, &current, &proposed);
	WELL(propose_quantity(db, a, &current, &proposed, wanted));
	WELL(price_service(a, &current, &proposed, &proration, false,
	    &annotated));
	WELL(quote_keep(db, a, &(struct quote_order){ account_id, &proposed,
	    &annotated, now, HOUR, json_own(a, json_object_new_object()) },
	    &kept));
	snprintf(id, ID_SIZE, "%s", kept.id);
}

static struct problem *
change_as_quoted(const char *account_id, const char *quote_id,
    struct quantity_wanted *wanted, int64_t at)
{
	struct actor actor = stack_actor();
	struct change change;

	actor.now = at;
	change = change_by(&actor, CHANGE_COUNTED, account_id);
	change.propose = propose_quantity;
	change.state = wanted;
	change.quote_id = quote_id;
	return commit(&change);
}

Test(quote, a_quote_binds_the_change)
{
	struct quantity_wanted two = { QUANTITY_MANUAL, "users", "user", 2 };
	struct quantity_wanted three = { QUANTITY_MANUAL, "users", "user", 3 };
	const char *account = stack_account(NULL, "{}");
	char id[ID_SIZE];
	struct problem *p;

	stack_assign(account, USERS);
	quote_users(account, &two, id);
	p = change_as_quoted(account, id, &three, now);
	cr_assert(p != NULL && p->kind == PROBLEM_QUOTE_DIFFERS);
	cr_expect_not_null(json_at(p->data, "quoted.quantities"));
	cr_expect_not_null(json_at(p->data, "now.quantities"));
	cr_expect_eq(quantity_now(account, &two), 0);
	/* Charges accepted with the quote need no confirmation. */
	WELL(change_as_quoted(account, id, &two, now));
	cr_expect_eq(quantity_now(account, &two), 2);
}

Test(quote, a_quote_is_valid_until_the_second_before_expiry)
{
	struct quantity_wanted two = { QUANTITY_MANUAL, "users", "user", 2 };
	const char *account = stack_account(NULL, "{}");
	char id[ID_SIZE];

	stack_assign(account, USERS);
	quote_users(account, &two, id);
	REFUSED(PROBLEM_QUOTE_DIFFERS, change_as_quoted(account, id, &two,
	    now + HOUR));
	WELL(change_as_quoted(account, id, &two, now + HOUR - 1));
}

Test(quote, quotes_of_other_accounts_are_not_found)
{
	struct quantity_wanted two = { QUANTITY_MANUAL, "users", "user", 2 };
	const char *account = stack_account(NULL, "{}");
	const char *other = stack_account(NULL, "{}");
	char id[ID_SIZE];

	stack_assign(account, USERS);
	quote_users(account, &two, id);
	REFUSED(PROBLEM_BAD_IDENTIFIER, change_as_quoted(other, id, &two, now));
	REFUSED(PROBLEM_BAD_IDENTIFIER, change_as_quoted(account, "no id",
	    &two, now));
}
