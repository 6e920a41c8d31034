/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "service/receiver.h"

#include "stack.h"

TestSuite(receiver, .init = stack_begin, .fini = stack_end);

#define LINES "'plan':{'devices':{'fax':{'rate':1,'minimum':1}}}"

Test(receiver, payments_go_through_a_bookkeeper_that_moves_money)
{
	static const struct {
		const char *plan, *id;
		bool moves;
	} rows[] = {
		{ "{'name':'P'," LINES "}", "default_bookkeeper", false },
		{ "{'name':'P'," LINES ",'bookkeeper':{'type':'default',"
		  "'id':'b'}}", "b", false },
		/* The later request fails, because it is missing. */
		{ "{'name':'P'," LINES ",'bookkeeper':{'type':'http',"
		  "'id':'b'}}", "b", true },
	};
	struct bookkeeper found;
	const char *account;
	size_t i;
	bool moves;

	for (i = 0; i < NELEM(rows); i++) {
		account = stack_account(NULL, "{}");
		stack_assign(account, rows[i].plan);
		WELL(receiver_find_for_payments(db, a, account, &found,
		    &moves));
		cr_expect_eq(moves, rows[i].moves, "%s", rows[i].plan);
		cr_expect_str_eq(found.id, rows[i].id);
	}
}

Test(receiver, bookkeepers_that_cannot_be_told)
{
	const char *account = stack_account(NULL, "{}");
	const char *stranger = stack_account(NULL, "{}");
	const struct {
		struct bookkeeper bookkeeper;
		bool known;
	} rows[] = {
		{ { "b", "default", stranger }, true },
		{ { "b", "http", stranger }, false },
		{ { "b", "http", account }, false },
		{ { "b", "http", "nobody" }, false },
		{ { NULL, "http", account }, false },
	};
	struct bookkeeper_document document;
	const char *why;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		WELL(receiver_find_bookkeeper(db, a, account,
		    &rows[i].bookkeeper, &document, &why));
		cr_expect_eq(why == NULL, rows[i].known, "row %zu: %s", i, why);
	}
}

Test(receiver, the_account_must_exist)
{
	char id[ID_SIZE];
	struct bookkeeper found;
	bool moves;

	id_new(id);
	REFUSED(PROBLEM_BAD_IDENTIFIER, receiver_find_for_payments(db, a, id,
	    &found, &moves));
}
