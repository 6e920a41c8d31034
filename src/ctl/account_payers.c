/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl account payers */
#include "config.h"

#include <stdio.h>

#include "base/ids.h"
#include "base/json.h"
#include "ctl/command.h"
#include "ctl/print.h"
#include "store/payers.h"

#define PAGE 500
#define PAGE_CHUNK (64 * 1024)

static void
print_row(const struct ctl *ctl, struct arena *page,
    const struct far_payer *row)
{
	struct json_object *json;

	if (!ctl->json) {
		ctl_print("%s  %s, paid by %s  %s\n", row->account_id,
		    row->account_name, row->payer_id, row->payer_name);
		return;
	}
	json = json_own(page, json_object_new_object());
	json_put_string(json, "account_id", row->account_id);
	json_put_string(json, "account_name", row->account_name);
	json_put_string(json, "billing_id", row->payer_id);
	json_put_string(json, "billing_name", row->payer_name);
	ctl_print_document(json_canonical_text(page, json));
}

int
command_account_payers(struct ctl *ctl)
{
	struct arena *page = arena_new(PAGE_CHUNK);
	char after[ID_SIZE] = "";
	struct far_payers list;
	struct problem *p;
	size_t i;

	do {
		arena_reset(page);
		p = store_payers_far(ctl->db, page, after, PAGE, &list);
		for (i = 0; p == NULL && i < list.count; i++) {
			print_row(ctl, page, &list.rows[i]);
			snprintf(after, sizeof(after), "%s",
			    list.rows[i].account_id);
		}
	} while (p == NULL && list.count == PAGE);
	if (p != NULL)
		p = problem_copy(ctl->arena, p);
	arena_free(&page);
	return p == NULL ? 0 : ctl_problem(ctl, p);
}
