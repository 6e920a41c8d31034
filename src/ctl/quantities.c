/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl quantities */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "ctl/command.h"
#include "ctl/csv_cell.h"
#include "ctl/print.h"
#include "store/snapshots.h"

#define PAGE 500
#define ARENA_CHUNK (256 * 1024)

struct print {
	struct ctl *ctl;
	struct arena *arena; /* of a page */
	const char *from;
	const char *to;
};

/* ---- a row ---- */

static void
print_quantity(bool known, int64_t quantity)
{
	if (known)
		ctl_print("%lld", (long long)quantity);
}

static struct json_object *
row_json(const struct snapshot *s, const struct quantity_pair *pair)
{
	struct json_object *json = json_object_new_object();

	json_put_string(json, "account_id", s->account_id);
	json_object_object_add(json, "year",
	    json_object_new_string_len(s->month, 4));
	json_put_string(json, "month", s->month + 4);
	json_put_string(json, "category", pair->category);
	json_put_string(json, "item", pair->item);
	if (pair->was)
		json_put_int(json, "quantity_bom", pair->before);
	if (pair->is)
		json_put_int(json, "quantity_eom", pair->after);
	return json;
}

static void
print_row(const struct print *out, const struct snapshot *s,
    const struct quantity_pair *pair)
{
	if (out->ctl->json) {
		ctl_print_document(json_canonical_text(out->arena,
		    json_own(out->arena, row_json(s, pair))));
		return;
	}
	ctl_print("%s,%.4s,%s,", s->account_id, s->month, s->month + 4);
	ctl_print_cell(out->arena, pair->category);
	ctl_print(",");
	ctl_print_cell(out->arena, pair->item);
	ctl_print(",");
	print_quantity(pair->was, pair->before);
	ctl_print(",");
	print_quantity(pair->is, pair->after);
	ctl_print("\n");
}

/* ---- a snapshot ---- */

static void
print_snapshot(const struct print *out, const struct snapshot *s)
{
	struct quantity_walk walk = {
		.before = &s->began,
		.after = &s->ended,
	};
	struct quantity_pair pair;

	while (quantity_walk_pair(&walk, &pair))
		print_row(out, s, &pair);
}

/* ---- the command ---- */

static struct problem *
print_all(struct print *out, const char *top)
{
	char account[ID_SIZE] = "", month[GREGORIAN_MONTH_SIZE] = "";
	const struct snapshot_query query = { top, out->from, out->to, account,
		month, PAGE };
	struct snapshots list;
	struct problem *p;
	size_t i;

	do {
		arena_reset(out->arena);
		p = store_snapshot_list(
		    out->ctl->db, out->arena, &query, &list);
		if (p != NULL)
			return problem_copy(out->ctl->arena, p);
		for (i = 0; i < list.count; i++)
			print_snapshot(out, &list.snapshots[i]);
		if (list.count > 0) {
			snprintf(account, sizeof(account), "%s",
			    list.snapshots[list.count - 1].account_id);
			snprintf(month, sizeof(month), "%s",
			    list.snapshots[list.count - 1].month);
		}
	} while (list.count == PAGE);
	return NULL;
}

static bool
is_month(const char *text)
{
	return strlen(text) == 6 && strspn(text, "0123456789") == 6 &&
	    strcmp(text + 4, "01") >= 0 && strcmp(text + 4, "12") <= 0;
}

int
command_quantities(struct ctl *ctl)
{
	const char *top = ctl_named(ctl, "", 0);
	const char *from = ctl_option(ctl, "from"), *to = ctl_option(ctl, "to");
	struct print out = {
		.ctl = ctl,
		.from = from == NULL ? "000000" : from,
		.to = to == NULL ? "999999" : to,
	};
	struct account *account;
	struct problem *p;
	int status;

	if ((from != NULL && !is_month(from)) || (to != NULL && !is_month(to)))
		return ctl_usage(ctl, "--from and --to need YYYYMM");
	if (top != NULL && (status = ctl_find_account(ctl, top, &account)) != 0)
		return status;
	if (!ctl->json)
		ctl_print("account_id,year,month,category,item,quantity_bom,"
		    "quantity_eom\n");
	out.arena = arena_new(ARENA_CHUNK);
	p = print_all(&out, top);
	arena_free(&out.arena);
	return p == NULL ? 0 : ctl_problem(ctl, p);
}
