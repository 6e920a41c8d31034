/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/synchronization.h"

#include "stack.h"

#include "store/outbox.h"

TestSuite(synchronization, .init = stack_begin, .fini = stack_end);

#define PLAN(type) "{'name':'P','plan':{'devices':{'fax':{'rate':5," \
	"'minimum':2}}},'bookkeeper':{'type':'" type "','id':'b'}}"

static struct synchronization
synchronized(const char *account)
{
	const struct actor actor = stack_actor();
	struct synchronization s;

	WELL(synchronization_begin(db, a, &actor, account, &s));
	WELL(synchronization_look(db, a, &s));
	return s;
}

Test(synchronization, a_bookkeeper_that_moves_no_money_needs_no_answer)
{
	const char *account = stack_account(NULL, "{}");
	struct synchronization s;

	stack_assign(account, PLAN("default"));
	s = synchronized(account);
	cr_assert_eq(s.count, 1);
	cr_expect_not(s.pending);
	cr_expect_str_eq(s.entries[0].status, "completed");
}

/* Each call writes an entry and a message, even without a change. */
Test(synchronization, a_bookkeeper_that_moves_money_is_told_at_once)
{
	const char *account = stack_account(NULL, "{}");
	const struct outbox_query query = { .account_id = account, .limit = 10 };
	struct synchronization s;
	struct outbox_list list;
	size_t i, before, found = 0;

	stack_assign(account, PLAN("http"));
	WELL(store_outbox_list(db, a, &query, &list));
	before = list.count;
	s = synchronized(account);
	cr_assert_eq(s.count, 1);
	cr_expect(s.pending);
	WELL(store_outbox_list(db, a, &query, &list));
	cr_assert_eq(list.count, before + 1);
	for (i = 0; i < list.count; i++)
		found += list.entries[i].message.audit_id != NULL &&
		    strcmp(list.entries[i].message.audit_id,
		    s.entries[0].id) == 0;
	cr_expect_eq(found, 1);
}

Test(synchronization, the_account_must_exist)
{
	const struct actor actor = stack_actor();
	struct synchronization s;
	char id[ID_SIZE];

	id_new(id);
	REFUSED(PROBLEM_BAD_IDENTIFIER, synchronization_begin(db, a, &actor,
	    id, &s));
}
