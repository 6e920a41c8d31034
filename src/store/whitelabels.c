/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/whitelabels.h"

#include "billing/kind.h"
#include "store/field.h"

struct claim_search {
	const char *claim;
	const char *account_id;
	const char *reserved;
	int64_t now;
};

static const struct field search_parameters[] = {
	FIELD(TEXT, struct claim_search, claim),
	FIELD_AS("account", TEXT, struct claim_search, account_id),
	FIELD(TEXT, struct claim_search, reserved),
	FIELD(INTEGER, struct claim_search, now),
};

static const struct field whitelabel_columns[] = {
	FIELD(TEXT, struct whitelabel, account_id),
	FIELD(TEXT, struct whitelabel, domain),
	FIELD(JSON, struct whitelabel, document),
	FIELD(BOOL, struct whitelabel, has_logo),
	FIELD(BOOL, struct whitelabel, has_icon),
};

static const struct db_procedure whitelabel_find_call = {
	PROCEDURE(WHITELABEL_FIND, "whitelabel_find", READ),
	TAKES(search_parameters),
	GIVES(struct whitelabel, whitelabel_columns),
};

struct problem *
store_whitelabel_find(struct db *db, struct arena *a,
    const struct whitelabel_search *search, struct whitelabel **out)
{
	const struct claim_search claims = {
		.claim = search->domain == NULL ? NULL :
		    kind_claim(a, &kind_whitelabel, search->domain),
		.account_id = search->account_id,
		.reserved = search->reserved[0] == '\0' ? "" :
		    kind_claim(a, &kind_whitelabel, search->reserved),
		.now = search->now,
	};
	struct db_result found;
	struct problem *p = db_call(db, a, &whitelabel_find_call, &claims,
	    &found);

	*out = p == NULL ? db_first(&found) : NULL;
	return p;
}
