/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/receiver.h"

#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "billing/kind.h"
#include "billing/plan_layers.h"
#include "service/terms.h"
#include "store/objects.h"

/*
 * A plan can name any vendor, but messages go to the account's ancestors only.
 */
static struct problem *
is_vendor_of(struct db *db, struct arena *a, const char *vendor_id,
    const char *account_id, bool *is)
{
	struct account_ids above;
	struct problem *p;
	size_t i;

	*is = strcmp(vendor_id, account_id) == 0;
	if (*is)
		return NULL;
	p = store_service_ancestors(db, a, account_id, &above);
	for (i = 0; p == NULL && i < above.count; i++)
		*is = *is || strcmp(above.ids[i], vendor_id) == 0;
	return p;
}

/* Could there be a document of it? */
static bool
names_document(const struct bookkeeper *bookkeeper)
{
	return bookkeeper->vendor_id != NULL && bookkeeper->id != NULL &&
	    id_valid(bookkeeper->vendor_id) && strlen(bookkeeper->id) <= 64;
}

/* *is: the vendor is one of the account. *object: NULL if there is none, or
 * the vendor is another. */
static struct problem *
find_document(struct db *db, struct arena *a, const char *account_id,
    const struct bookkeeper *bookkeeper, bool *is, struct object **object)
{
	struct problem *p;

	*object = NULL;
	p = is_vendor_of(db, a, bookkeeper->vendor_id, account_id, is);
	return p != NULL || !*is ? p : store_object_show(db, a,
	    bookkeeper->vendor_id, &kind_bookkeepers, bookkeeper->id, object);
}

struct problem *
receiver_find_name(struct db *db, struct arena *a, const char *account_id,
    const struct bookkeeper *bookkeeper, const char **name)
{
	struct object *object = NULL;
	struct problem *p = NULL;
	bool is;

	*name = NULL;
	if (bookkeeper->id == NULL ||
	    strcmp(bookkeeper->id, BOOKKEEPER_ID_DEFAULT) == 0) {
		*name = "Default bookkeeper";
		return NULL;
	}
	if (names_document(bookkeeper))
		p = find_document(db, a, account_id, bookkeeper, &is, &object);
	if (object != NULL)
		*name = json_string_at(object->document, "name");
	if (*name == NULL)
		*name = bookkeeper->id;
	return p;
}

struct problem *
receiver_find_bookkeeper(struct db *db, struct arena *a, const char *account_id,
    const struct bookkeeper *bookkeeper, struct bookkeeper_document *out,
    const char **why)
{
	struct object *object;
	struct problem *p;
	bool is;

	*why = NULL;
	memset(out, 0, sizeof(*out));
	if (!bookkeeper_moves_money(bookkeeper)) {
		out->moves_nothing = true;
		return NULL;
	}
	if (!names_document(bookkeeper)) {
		*why = "the plan names no bookkeeper that can be";
		return NULL;
	}
	p = find_document(db, a, account_id, bookkeeper, &is, &object);
	if (p != NULL)
		return p;
	if (!is)
		*why = arena_printf(a, "the vendor %s of the bookkeeper is not "
		    "above the account", bookkeeper->vendor_id);
	else if (object == NULL)
		*why = arena_printf(a, "account %s has no bookkeeper %s",
		    bookkeeper->vendor_id, bookkeeper->id);
	else if (bookkeeper_read(object->document, out, why))
		*why = NULL;
	return NULL;
}

/*
 * *moves: the bookkeeper can be asked for payments, because its type is not
 * default, neither in the plan nor in its document. A missing bookkeeper counts
 * as one that moves money; the request then fails with the reason.
 */
static struct problem *
moves_money(struct db *db, struct arena *a, const char *account_id,
    const struct bookkeeper *bookkeeper, bool *moves)
{
	struct bookkeeper_document document;
	const char *why;
	struct problem *p = receiver_find_bookkeeper(db, a, account_id,
	    bookkeeper, &document, &why);

	*moves = p == NULL && !document.moves_nothing;
	return p;
}

struct problem *
receiver_find_for_payments(struct db *db, struct arena *a,
    const char *account_id, struct bookkeeper *out, bool *moves)
{
	struct billed_state state;
	struct invoices invoices;
	struct service service;
	struct problem *p;
	size_t i;

	p = store_service_load(db, a, account_id, SERVICE_LOOK, &service);
	if (p != NULL)
		return p;
	terms_state(&service, &state);
	if ((p = invoices_price(a, &state, false, &invoices)) != NULL)
		return p;
	*out = state.bookkeeper;
	p = moves_money(db, a, account_id, out, moves);
	for (i = 0; p == NULL && !*moves && i < invoices.count; i++) {
		*out = invoices.invoices[i].bookkeeper;
		p = moves_money(db, a, account_id, out, moves);
	}
	return p;
}

bool
receiver_is_assigned_by(struct arena *a, const char *seller_id,
    const struct service *account, const struct bookkeeper *bookkeeper)
{
	const struct assigned_plan *plan;
	struct layered_plan layered = { 0 };
	struct billed_state state;
	size_t i;

	if (strcmp(account->reseller_id, seller_id) != 0)
		return false;
	terms_state(account, &state);
	if (strcmp(state.bookkeeper.vendor_id, seller_id) == 0 &&
	    bookkeeper_compare(&state.bookkeeper, bookkeeper) == 0)
		return true;
	for (i = 0; i < account->plans.count; i++) {
		plan = &account->plans.plans[i];
		plan_layer(a, plan, account->overrides, &state.bookkeeper,
		    false, &layered);
		/* A former seller's plan is kept, and decides nothing unless
		 * the new one has laid their own bookkeeper over it. */
		if ((strcmp(plan->vendor_id, seller_id) == 0 ||
		    strcmp(layered.bookkeeper.vendor_id, seller_id) == 0) &&
		    bookkeeper_compare(&layered.bookkeeper, bookkeeper) == 0)
			return true;
	}
	return false;
}
