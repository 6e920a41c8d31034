/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/standing.h"

#include <string.h>

#include "base/json.h"
#include "service/change.h"
#include "service/receiver.h"

/* A standing set by an admin stays until an admin changes it. */
static bool
is_set_by_bookkeeper(const struct service *payer)
{
	return payer->has_reason_code &&
	    payer->reason_code == BOOKKEEPER_STATUS_OWES;
}

static struct problem *
propose_standing(struct db *db, struct arena *a, const struct service *current,
    struct service *proposed, void *state)
{
	const struct bookkeeper_answer *answer = state;
	bool owes = answer->verdict == BOOKKEEPER_DELINQUENT;

	(void)db;
	(void)a;
	if (owes == (strcmp(current->standing, STANDING_DELINQUENT) == 0) ||
	    (!owes && !is_set_by_bookkeeper(current)))
		return NULL; /* changed meanwhile */
	proposed->standing = owes ? STANDING_DELINQUENT : STANDING_GOOD;
	proposed->reason = owes ? answer->message : NULL;
	proposed->has_reason_code = owes;
	proposed->reason_code = owes ? answer->status : 0;
	return NULL;
}

static struct json_object *
build_cause(struct arena *a, const struct bookkeeper_request *request)
{
	struct json_object *json = json_own(a, json_object_new_object());
	struct json_object *authentication = json_object_new_object();

	json_put_string(authentication, "type", "bookkeeper");
	json_put_string(authentication, "bookkeeper_id",
	    request->bookkeeper.id);
	json_put_string(authentication, "vendor_id",
	    request->bookkeeper.vendor_id);
	json_put_string(authentication, "delivery_id", request->delivery_id);
	json_put_bool(json, "crossbar_request", false);
	json_object_object_add(json, "authentication", authentication);
	return json;
}

struct problem *
standing_note(struct db *db, struct arena *a, const struct config *config,
    const struct bookkeeper_request *request,
    const struct bookkeeper_answer *answer, int64_t now)
{
	struct bookkeeper_answer cut = *answer;
	struct service account, payer, done;
	const struct actor actor = {
		.config = config,
		.audit = build_cause(a, request),
		.now = now,
	};
	struct change change;
	struct problem *p;
	bool owes;

	/* A bookkeeper that moves no money was not asked and knows no debt. */
	if (answer->verdict != BOOKKEEPER_DELINQUENT &&
	    (answer->verdict != BOOKKEEPER_DONE || answer->status == 0 ||
	    request->message == BOOKKEEPER_SAYS_REMIND))
		return NULL;
	if ((p = store_service_load(db, a, request->account_id, SERVICE_LOOK,
	    &account)) != NULL ||
	    (p = store_service_load(db, a, account.billing_id, SERVICE_LOOK,
	    &payer)) != NULL)
		/* An account that was deleted has no standing. */
		return p->kind == PROBLEM_BAD_IDENTIFIER ? NULL : p;
	if (!receiver_is_assigned_by(a, payer.reseller_id, &account,
	    &request->bookkeeper))
		return NULL;
	owes = answer->verdict == BOOKKEEPER_DELINQUENT;
	if (!owes && !is_set_by_bookkeeper(&payer))
		return NULL;
	if (owes == (strcmp(payer.standing, STANDING_DELINQUENT) == 0))
		return NULL;
	if (cut.message != NULL && strlen(cut.message) > 255)
		cut.message = NULL;
	change = change_by(&actor, CHANGE_UNASKED, payer.account_id);
	change.propose = propose_standing;
	change.state = &cut;
	return change_commit(db, a, &change, &done);
}
