/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/rehearsal_ledger.h"

#include <stdio.h>
#include <string.h>

#define ROLLOVER "-ledgers_monthly_rollover"
#define MONTH_LENGTH (GREGORIAN_MONTH_SIZE - 1)

/* As sql/routines/ledger_import.sql decides. */
static bool
is_rollover(const char *id, const char *service)
{
	size_t length = strlen(id), suffix = strlen(ROLLOVER);

	return strcmp(service, "rollovers") == 0 && length >= suffix &&
	    strcmp(id + length - suffix, ROLLOVER) == 0;
}

static void
add(struct rehearsal_ledger *l, money_t *sum, money_t amount)
{
	if (!money_add(*sum, amount, sum))
		l->overflow = true;
}

/* The month in whose database the entry was: that of its id. */
static void
old_month(const char *id, int64_t created, char month[GREGORIAN_MONTH_SIZE])
{
	if (strspn(id, "0123456789") == MONTH_LENGTH && id[MONTH_LENGTH] == '-')
		snprintf(month, GREGORIAN_MONTH_SIZE, "%.6s", id);
	else
		gregorian_month(created, month);
}

/* Notes a rollover that is wrong by another amount than the one before it: that
 * one explains the others. */
static void
check_rollover(struct rehearsal_ledger *l)
{
	struct rehearsal_break *wrong;
	money_t fault;

	if (!money_subtract(l->rollover, l->entries_before, &fault)) {
		l->overflow = true;
		return;
	}
	if (fault != 0 && fault != l->fault &&
	    l->break_count < REHEARSAL_BREAKS_MAX) {
		wrong = &l->breaks[l->break_count++];
		*wrong = (struct rehearsal_break){ .said = l->rollover,
			.sum = l->balance_before };
		memcpy(wrong->month, l->month, sizeof(wrong->month));
	}
	l->fault = fault;
}

/* Ends a month of the old system: its balance is the rollover, or else what was
 * before, with the entries of the month. */
static void
end_month(struct rehearsal_ledger *l)
{
	if (l->has_rollover && l->has_before)
		check_rollover(l);
	if (l->has_rollover)
		l->before = l->rollover;
	add(l, &l->before, l->sum);
	l->has_before = l->has_before || l->month[0] != '\0';
	l->has_rollover = false;
	l->sum = 0;
	l->entries_before = l->entries_sum;
	l->balance_before = l->balance;
}

static void
add_month(struct arena *a, struct rehearsal_ledger *l,
    struct quantity_table *table, const char *month, struct json_object *entry)
{
	money_t amount = 0;
	struct json_object *value = json_at(entry, "amount");

	if (!money_parse(json_object_to_json_string(value), &amount) ||
	    !quantity_table_add(a, table, month,
	    json_string_at(entry, "service"), amount))
		l->overflow = true;
}

/* Reeve counts a rollover only where nothing earlier is known. */
static void
count(struct rehearsal_ledger *l, const char *id, bool rollover,
    money_t amount)
{
	if (!l->begun)
		snprintf(l->first, sizeof(l->first), "%.6s", id);
	l->begun = true;
	if (!rollover || strncmp(l->first, id, MONTH_LENGTH) >= 0)
		add(l, &l->balance, amount);
}

void
rehearsal_ledger_add(struct arena *a, struct rehearsal_ledger *l,
    const char *id, struct json_object *entry)
{
	const char *service = json_string_at(entry, "service");
	bool rollover = is_rollover(id, service);
	char month[GREGORIAN_MONTH_SIZE], own_month[GREGORIAN_MONTH_SIZE];
	int64_t created = 0;
	money_t amount = 0;

	(void)json_int_at(entry, "created", &created);
	if (!money_parse(json_object_to_json_string(json_at(entry, "amount")),
	    &amount))
		l->overflow = true;
	l->entries++;
	old_month(id, created, month);
	gregorian_month(created, own_month);
	if (strcmp(month, l->month) != 0)
		end_month(l);
	memcpy(l->month, month, sizeof(month));
	/* A rollover restates entries of before. */
	if (!rollover || !l->has_before)
		add(l, &l->entries_sum, amount);
	l->leaves_out |= json_true_at(entry, "skipped");
	if (!json_true_at(entry, "skipped"))
		count(l, id, rollover, amount);
	if (rollover) {
		l->has_rollover = true;
		l->rollover = amount;
		return;
	}
	add(l, &l->sum, amount);
	add_month(a, l, &l->old_months, month, entry);
	if (!json_true_at(entry, "skipped"))
		add_month(a, l, &l->months, own_month, entry);
}

void
rehearsal_ledger_end(struct rehearsal_ledger *l)
{
	end_month(l);
	l->old_balance = l->before;
}
