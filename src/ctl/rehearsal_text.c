/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of a rehearsal as text. */
#include "config.h"

#include "base/json.h"
#include "ctl/print.h"
#include "ctl/rehearsal_report.h"

#define RESULT_CHUNK (64 * 1024)

static const char *
text_at(struct json_object *tree, const char *path)
{
	const char *text = json_string_at(tree, path);

	return text == NULL ? "" : text;
}

/* ---- an account ---- */

static void
print_side(struct arena *a, struct json_object *result, const char *side,
    const char *title)
{
	struct json_object *tree = json_object_at(result, side);
	struct json_object *quantities = json_object_at(tree, "quantities");
	struct json_object *months = json_object_at(tree, "months");

	ctl_print("  %s a month %s, balance %s\n", title,
	    rehearsal_figure(tree, "recurring"),
	    rehearsal_figure(tree, "balance"));
	ctl_print("         quantities %s\n", quantities == NULL ?
	    "not in the dump" : rehearsal_quantities(a, quantities));
	ctl_print("         invoice %s\n", rehearsal_lines(a,
	    json_array_at(tree, "invoice")));
	if (months != NULL && json_object_object_length(months) > 0)
		ctl_print("         ledgers %s\n", rehearsal_months(a, months));
}

static void
print_difference(struct arena *a, struct json_object *difference)
{
	const char *why = text_at(difference, "why");
	const char *figures = rehearsal_figures(a, difference);

	ctl_print("  %s %s%s%s (%s%s%s)\n",
	    json_true_at(difference, "follows") ? " -" : "**",
	    rehearsal_subject(a, difference), figures[0] == '\0' ? "" : ": ",
	    figures, text_at(difference, "rule"), why[0] == '\0' ? "" : ": ",
	    why);
}

static void
print_missing(struct json_object *list)
{
	size_t n = json_object_array_length(list), i;

	for (i = 0; i < n; i++)
		ctl_print("  not in the dump: %s\n", json_object_get_string(
		    json_object_array_get_idx(list, i)));
}

static void
print_account(struct arena *a, struct json_object *result)
{
	struct json_object *differences = json_array_at(result, "differences");
	struct json_object *missing = json_array_at(result, "missing");
	size_t n = json_object_array_length(differences), i;
	bool same = n == 0 && json_object_array_length(missing) == 0;

	ctl_print("%s %s: %s\n", text_at(result, "account.id"),
	    text_at(result, "account.name"),
	    n == 0 ? "nothing differs" : "differs");
	if (!same)
		print_side(a, result, "old", "old  ");
	print_side(a, result, "reeve", same ? "both " : "Reeve");
	for (i = 0; i < n; i++)
		print_difference(a,
		    json_object_array_get_idx(differences, i));
	print_missing(missing);
	ctl_print("  users who can log in: %s with md5, %s with sha1 only; not: "
	    "%s without, %s disabled; API key: %s\n",
	    rehearsal_figure(result, "logins.md5"),
	    rehearsal_figure(result, "logins.sha1"),
	    rehearsal_figure(result, "logins.none"),
	    rehearsal_figure(result, "logins.disabled"),
	    json_true_at(result, "logins.api_key") ? "yes" : "no");
}

/* ---- the summary ---- */

static void
print_groups(struct json_object *list)
{
	struct json_object *one;
	size_t n = json_object_array_length(list), i;

	for (i = 0; i < n; i++) {
		one = json_object_array_get_idx(list, i);
		ctl_print("  %s: %s accounts (%s)\n",
		    text_at(one, "difference"),
		    rehearsal_figure(one, "accounts"), text_at(one, "rule"));
	}
}

static void
print_reasons(struct json_object *list)
{
	struct json_object *one, *place;
	size_t n = json_object_array_length(list), i, j;

	for (i = 0; i < n; i++) {
		one = json_object_array_get_idx(list, i);
		ctl_print("  %s: %s\n", rehearsal_figure(one, "documents"),
		    text_at(one, "reason"));
		for (j = 0; j < json_object_array_length(json_array_at(one,
		    "examples")); j++) {
			place = json_object_array_get_idx(json_array_at(one,
			    "examples"), j);
			ctl_print("     %s%s%s %s\n", text_at(place, "file"),
			    json_at(place, "line") == NULL ? "" : ":",
			    json_at(place, "line") == NULL ? "" :
			    rehearsal_figure(place, "line"),
			    text_at(place, "id"));
		}
	}
}

static void
print_sums(struct json_object *s)
{
	ctl_print("documents: %s, %s left out, %s of them unreadable\n",
	    rehearsal_figure(s, "documents"), rehearsal_figure(s, "skipped"),
	    rehearsal_figure(s, "unreadable"));
	print_reasons(json_array_at(s, "reasons"));
	ctl_print("accounts: %s, %s compared, %s differ; %s left out\n",
	    rehearsal_figure(s, "accounts"), rehearsal_figure(s, "compared"),
	    rehearsal_figure(s, "differing"),
	    rehearsal_figure(s, "accounts_left_out"));
	ctl_print("a month, of %s accounts with an invoice in the dump: old %s, "
	    "Reeve %s (all accounts: %s)\n", rehearsal_figure(s, "invoices"),
	    rehearsal_figure(s, "old.recurring"),
	    rehearsal_figure(s, "reeve.recurring"),
	    rehearsal_figure(s, "reeve.recurring_of_all"));
	ctl_print("balances, of %s accounts with ledgers: old %s, Reeve %s\n",
	    rehearsal_figure(s, "ledgers"), rehearsal_figure(s, "old.balance"),
	    rehearsal_figure(s, "reeve.balance"));
	ctl_print("users who can log in the next day: %s with md5, %s with sha1 "
	    "only; not: %s without, %s disabled; API keys: %s\n",
	    rehearsal_figure(s, "logins.md5"),
	    rehearsal_figure(s, "logins.sha1"),
	    rehearsal_figure(s, "logins.none"),
	    rehearsal_figure(s, "logins.disabled"),
	    rehearsal_figure(s, "logins.api_keys"));
	if (!json_true_at(s, "logins.secret"))
		ctl_print("nobody can log in with them: no secret is "
		    "configured\n");
}

void
rehearsal_report_text(struct rehearsal *r, struct json_object *summary)
{
	struct arena *a = arena_new(RESULT_CHUNK);
	struct json_object *result;
	const char *about;

	spool_rewind(r->results);
	while ((result = rehearsal_result(r, a)) != NULL) {
		print_account(a, result);
		arena_reset(a);
	}
	print_sums(summary);
	ctl_print("differences: %s, and %s that follow from others\n",
	    rehearsal_figure(summary, "differences"),
	    rehearsal_figure(summary, "following"));
	print_groups(json_array_at(summary, "groups"));
	about = rehearsal_about_accounts(r, a);
	if (about != NULL)
		ctl_print("%s\n", about);
	arena_free(&a);
	ctl_print("%s\n", text_at(summary, "says"));
}
