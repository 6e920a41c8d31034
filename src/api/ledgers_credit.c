/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PUT ledgers/credit and ledgers/debit, by hand (rules/ledgers 1 to 7). */
#include "config.h"

#include <string.h>

#include "api/actor.h"
#include "api/commit.h"
#include "api/entity.h"
#include "api/handlers.h"
#include "billing/ledger.h"
#include "service/posting.h"
#include "store/accounts.h"
#include "store/ledgers.h"

static struct problem *
stored_entry(struct call *c, const struct ledger *ledger,
    struct json_object **out)
{
	struct ledger_entry *entry = NULL;
	struct problem *p;

	p = store_ledger_show(
	    c->db, c->arena, ledger->account_id, ledger->id, &entry);
	if (p == NULL && entry == NULL)
		p = problem_fault(c->arena, "ledger entry %s is not there",
		    ledger->id);
	if (p == NULL)
		*out = ledger_entry_json(c->arena, entry);
	return p;
}

/* {"ledger", "available_dollars", "is_reseller"} by account
 * (rules/ledgers 7). */
static struct problem *
answer_both(struct call *c, const struct posting *posting)
{
	struct json_object *json = json_own(c->arena, json_object_new_object());
	struct json_object *part, *entry;
	struct account *account;
	struct problem *p;
	money_t balance;
	size_t i;

	for (i = 0; i < posting->count; i++) {
		const char *id = posting->entries[i].account_id;

		if ((p = stored_entry(c, &posting->entries[i], &entry)) !=
		        NULL ||
		    (p = store_ledger_balance(c->db, c->arena, id, &balance)) !=
		        NULL ||
		    (p = store_account_show(c->db, c->arena, id, &account)) !=
		        NULL)
			return p;
		part = json_object_new_object();
		json_object_object_add(part, "ledger", json_object_get(entry));
		json_put_money(part, "available_dollars", balance);
		json_put_bool(part, "is_reseller", account != NULL &&
		    account->is_reseller);
		json_object_object_add(json, id, part);
	}
	entity_answer(c, json);
	return NULL;
}

static struct problem *
answer_one(struct call *c, const struct posting *posting)
{
	struct json_object *json;
	struct problem *p = stored_entry(c, &posting->entries[0], &json);

	if (p == NULL)
		entity_answer(c, json);
	return p;
}

static struct problem *
read_posting(struct call *c, bool debit, struct posting *posting)
{
	const char *seller_id = c->session->target_reseller_id;
	struct ledger own = {
		.account_id = c->account_id,
		.for_name = c->session->target_name,
		.debit = debit,
		.created = c->now,
	};
	struct ledger_note note = {
		.trigger = "crossbar",
		.module = "cb_ledgers",
		.audit = actor_of_call(c).audit,
	};
	struct problem *p = ledger_read(c->arena, c->body, &own, &note);

	if (p != NULL)
		return p;
	posting_begin(c->arena, &own, &note, posting);
	if (!request_control_is(c->request, "impact_reseller", "true") ||
	    strcmp(seller_id, c->account_id) == 0)
		return NULL;
	if (!debit && !c->session->is_master)
		return problem_text(c->arena, PROBLEM_FORBIDDEN,
		    "impact_reseller: nobody credits itself: ask who sells to "
		    "the reseller");
	posting_add_copy(c->arena, seller_id, &note, posting);
	return NULL;
}

static struct problem *
write_posting(struct call *c, void *state)
{
	const struct posting *posting = state;
	struct problem *p;

	p = posting_write(c->db, c->arena, posting, c->now);
	if (p != NULL)
		return p;
	c->response->status = 201;
	return posting->count == 2 ? answer_both(c, posting) :
	    answer_one(c, posting);
}

static struct problem *
post(struct call *c, bool debit)
{
	struct posting posting;
	struct problem *p = read_posting(c, debit, &posting);

	return p != NULL ? p : commit_request(c, write_posting, &posting);
}

struct problem *
ledgers_credit(struct call *c)
{
	return post(c, false);
}

struct problem *
ledgers_debit(struct call *c)
{
	return post(c, true);
}
