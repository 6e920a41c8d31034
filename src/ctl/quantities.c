/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl quantities */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "ctl/command.h"
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
print_field(const char *text)
{
	if (text[strcspn(text, ",\"\r\n")] == '\0') {
		fputs(text, stdout);
		return;
	}
	putchar('"');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putchar('"');
		putchar(*text);
	}
	putchar('"');
}

/* Of the account's own; NULL: not known, or none. */
static struct json_object *
quantity_in(struct json_object *tables, const char *category, const char *item)
{
	struct json_object *found = NULL;

	return json_object_object_get_ex(tables, "account", &found) &&
	    json_object_object_get_ex(found, category, &found) &&
	    json_object_object_get_ex(found, item, &found) ? found : NULL;
}

static void
print_quantity(struct json_object *quantity)
{
	if (quantity != NULL)
		printf("%lld", (long long)json_object_get_int64(quantity));
}

static struct json_object *
row_json(const struct snapshot *s, const char *category, const char *item)
{
	struct json_object *json = json_object_new_object();
	struct json_object *began = quantity_in(s->began, category, item);
	struct json_object *ended = quantity_in(s->ended, category, item);

	json_put_string(json, "account_id", s->account_id);
	json_object_object_add(json, "year",
	    json_object_new_string_len(s->month, 4));
	json_put_string(json, "month", s->month + 4);
	json_put_string(json, "category", category);
	json_put_string(json, "item", item);
	if (began != NULL)
		json_object_object_add(json, "quantity_bom",
		    json_object_get(began));
	if (ended != NULL)
		json_object_object_add(json, "quantity_eom",
		    json_object_get(ended));
	return json;
}

static void
print_row(const struct print *out, const struct snapshot *s,
    const char *category, const char *item)
{
	if (out->ctl->json) {
		puts(json_canonical_text(out->arena, json_own(out->arena,
		    row_json(s, category, item))));
		return;
	}
	printf("%s,%.4s,%s,", s->account_id, s->month, s->month + 4);
	print_field(category);
	putchar(',');
	print_field(item);
	putchar(',');
	print_quantity(quantity_in(s->began, category, item));
	putchar(',');
	print_quantity(quantity_in(s->ended, category, item));
	putchar('\n');
}

/* ---- a snapshot ---- */

struct name {
	const char *category;
	const char *item;
};

static int
by_name(const void *x, const void *y)
{
	const struct name *a = x, *b = y;
	int order = strcmp(a->category, b->category);

	return order != 0 ? order : strcmp(a->item, b->item);
}

/* Adds each name of a table to names, which has room for all. */
static size_t
add_names(struct json_object *tables, struct name *names, size_t count)
{
	struct json_object *own = NULL;

	if (!json_object_object_get_ex(tables, "account", &own))
		return count;
	json_object_object_foreach(own, category, items) {
		json_object_object_foreach(items, item, quantity) {
			(void)quantity;
			if (names != NULL)
				names[count] = (struct name){ category, item };
			count++;
		}
	}
	return count;
}

static void
print_snapshot(const struct print *out, const struct snapshot *s)
{
	size_t n = add_names(s->ended, NULL, add_names(s->began, NULL, 0)), i;
	struct name *names = arena_alloc(out->arena, (n + 1) * sizeof(*names));

	n = add_names(s->ended, names, add_names(s->began, names, 0));
	qsort(names, n, sizeof(*names), by_name);
	for (i = 0; i < n; i++)
		if (i == 0 || by_name(&names[i - 1], &names[i]) != 0)
			print_row(out, s, names[i].category, names[i].item);
}

/* ---- the command ---- */

static struct problem *
print_all(struct print *out, const char *top)
{
	char account[ID_SIZE] = "", month[GREGORIAN_MONTH_SIZE] = "";
	struct snapshots list;
	struct problem *p;
	size_t i;

	do {
		arena_reset(out->arena);
		p = snapshot_list(out->ctl->db, out->arena, top, out->from,
		    out->to, account, month, PAGE, &list);
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
quantities_command(struct ctl *ctl)
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
		puts("account_id,year,month,category,item,quantity_bom,"
		    "quantity_eom");
	out.arena = arena_new(ARENA_CHUNK);
	p = print_all(&out, top);
	arena_free(&out.arena);
	return p == NULL ? 0 : ctl_problem(ctl, p);
}
