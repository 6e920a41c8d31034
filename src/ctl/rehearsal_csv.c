/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of a rehearsal as CSV: a row for each figure that is compared, for
 * what is not in the dump, for logins, and for each reason why documents are left
 * out; the last one is the verdict. */
#include "config.h"

#include "base/json.h"
#include "ctl/csv_cell.h"
#include "ctl/print.h"
#include "ctl/rehearsal_report.h"

#define RESULT_CHUNK (64 * 1024)

static const char *const columns[] = { "account_id", "account_name", "of",
	"scope", "month", "service", "category", "item", "plan", "vendor",
	"field", "old", "reeve", "counted", "differs", "follows", "rule",
	"why" };

enum { FIRST_OF_DIFFERENCE = 3, LAST_OF_DIFFERENCE = 9 };

static void
print_cell(struct arena *a, const char *text)
{
	ctl_print_cell(a, text == NULL ? "" : text);
}

static void
print_next(struct arena *a, const char *text)
{
	ctl_print(",");
	print_cell(a, text);
}

static void
print_start(struct arena *a, struct json_object *result, const char *what)
{
	print_cell(a, json_string_at(result, "account.id"));
	print_next(a, json_string_at(result, "account.name"));
	print_next(a, what);
}

static const char *
number(struct json_object *tree, const char *path)
{
	struct json_object *value = json_at(tree, path);

	return value == NULL ? "" : json_object_get_string(value);
}

/* A row that is not of a difference; NULL: an empty cell. */
struct plain_row {
	const char *of, *field, *old, *reeve, *why;
};

/* result: of its account, NULL: of none. */
static void
print_row(struct arena *a, struct json_object *result,
    const struct plain_row *row)
{
	int i;

	print_start(a, result, row->of);
	for (i = FIRST_OF_DIFFERENCE; i <= LAST_OF_DIFFERENCE; i++)
		ctl_print(",");
	print_next(a, row->field);
	print_next(a, row->old);
	print_next(a, row->reeve);
	ctl_print(",,,,");
	print_next(a, row->why);
	ctl_print("\n");
}

/* A sum of the account; empty where the dump does not have it. */
static void
print_sum(struct arena *a, struct json_object *result, const char *name)
{
	const char *old = number(json_object_at(result, "old"), name);
	const char *reeve = number(json_object_at(result, "reeve"), name);

	print_row(a, result, &(struct plain_row){ "account", name, old, reeve,
	    NULL });
}

static void
print_missing(struct arena *a, struct json_object *result)
{
	struct json_object *list = json_array_at(result, "missing");
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++)
		print_row(a, result, &(struct plain_row){ "missing",
		    json_object_get_string(json_object_array_get_idx(list, i)),
		    NULL, NULL, "not in the dump" });
}

static void
print_logins(struct arena *a, struct json_object *result)
{
	json_object_object_foreach(json_object_at(result, "logins"), name,
	    value)
		print_row(a, result, &(struct plain_row){ "logins", name, NULL,
		    json_object_get_string(value), NULL });
}

static void
print_reasons(struct arena *a, struct json_object *list)
{
	struct json_object *one;
	size_t i;

	for (i = 0; i < json_object_array_length(list); i++) {
		one = json_object_array_get_idx(list, i);
		print_row(a, NULL, &(struct plain_row){ "left out", "documents",
		    number(one, "documents"), NULL,
		    json_string_at(one, "reason") });
	}
}

static void
print_figure(struct arena *a, struct json_object *result,
    struct json_object *difference, const char *field,
    struct json_object *figures)
{
	int i;

	print_start(a, result, json_string_at(difference, "of"));
	for (i = FIRST_OF_DIFFERENCE; i <= LAST_OF_DIFFERENCE; i++)
		print_next(a, json_string_at(difference, columns[i]));
	print_next(a, field);
	print_next(a, number(figures, "old"));
	print_next(a, number(figures, "reeve"));
	print_next(a, number(figures, "counted"));
	print_next(a, "true");
	print_next(a, json_true_at(difference, "follows") ? "true" : "false");
	print_next(a, json_string_at(difference, "rule"));
	print_next(a, json_string_at(difference, "why"));
	ctl_print("\n");
}

static void
print_difference(struct arena *a, struct json_object *result,
    struct json_object *difference)
{
	struct json_object *fields = json_object_at(difference, "fields");

	if (fields == NULL) {
		print_figure(a, result, difference, NULL, difference);
		return;
	}
	json_object_object_foreach(fields, name, figures)
		print_figure(a, result, difference, name, figures);
}

void
rehearsal_report_csv(struct rehearsal *r, struct json_object *summary)
{
	struct arena *a = arena_new(RESULT_CHUNK);
	struct json_object *result, *list;
	size_t i;

	for (i = 0; i < NELEM(columns); i++)
		ctl_print("%s%s", i == 0 ? "" : ",", columns[i]);
	ctl_print("\n");
	spool_rewind(r->results);
	while ((result = rehearsal_result(r, a)) != NULL) {
		print_sum(a, result, "recurring");
		print_sum(a, result, "balance");
		list = json_array_at(result, "differences");
		for (i = 0; i < json_object_array_length(list); i++)
			print_difference(a, result,
			    json_object_array_get_idx(list, i));
		print_missing(a, result);
		print_logins(a, result);
		arena_reset(a);
	}
	print_reasons(a, json_array_at(summary, "reasons"));
	print_row(a, NULL, &(struct plain_row){ "verdict",
	    json_string_at(summary, "verdict"), NULL, NULL,
	    json_string_at(summary, "says") });
	ctl_tell("reevectl: %s\n", json_string_at(summary, "says"));
	arena_free(&a);
}
