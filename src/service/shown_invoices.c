/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/shown_invoices.h"

#include "base/json.h"
#include "billing/invoice_document.h"
#include "service/receiver.h"

struct problem *
shown_invoice_add(struct db *db, struct arena *a, const char *account_id,
    const struct invoice *invoice, bool asked, struct json_object *list)
{
	struct json_object *json;
	const char *name;
	struct problem *p = receiver_find_name(db, a, account_id,
	    &invoice->bookkeeper, &name);

	if (p != NULL)
		return p;
	json = asked ? invoice_asked_json(a, invoice) :
	    invoice_json(invoice, true);
	json_put_string(json_object_at(json, "bookkeeper"), "name", name);
	json_object_array_add(list, json);
	return NULL;
}

struct problem *
shown_invoices(struct db *db, struct arena *a, const char *account_id,
    const struct invoices *invoices, struct json_object **list)
{
	struct problem *p = NULL;
	size_t i;

	*list = json_own(a, json_object_new_array());
	for (i = 0; i < invoices->count && p == NULL; i++)
		p = shown_invoice_add(db, a, account_id,
		    &invoices->invoices[i], false, *list);
	return p;
}
