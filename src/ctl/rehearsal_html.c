/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report of a rehearsal as a page of HTML that stands alone: no scripts, no
 * pictures or styles from elsewhere, and every text of the dump is escaped.
 */
#include "config.h"

#include <stdio.h>

#include "base/json.h"
#include "ctl/print.h"
#include "ctl/rehearsal_report.h"

#define RESULT_CHUNK (64 * 1024)
#define BAR_WIDTH 600

static const char head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'\">\n"
    "<title>Rehearsal of the import</title>\n"
    "<style>\n"
    "body { font: 15px/1.45 sans-serif; margin: 2em auto; max-width: 62em;\n"
    "  padding: 0 1em; color: #222; }\n"
    "h1 { font-size: 1.5em; } h2 { font-size: 1.2em; margin-top: 2em; }\n"
    "h3 { font-size: 1em; margin: 1.6em 0 .3em; }\n"
    "table { border-collapse: collapse; width: 100%; }\n"
    "td, th { text-align: left; vertical-align: top; padding: .2em .6em;\n"
    "  border-bottom: 1px solid #ccc; overflow-wrap: anywhere; }\n"
    "td.n, th.n { text-align: right; white-space: nowrap; }\n"
    ".verdict { padding: .6em 1em; border-left: .5em solid; }\n"
    ".same { border-color: #2a7; background: #efe; }\n"
    ".other { border-color: #c33; background: #fee; }\n"
    ".follows { color: #777; } .small { font-size: .87em; color: #555; }\n"
    "@media print { body { margin: 0; max-width: none; font-size: 10pt; }\n"
    "  tr, h3 { break-inside: avoid; break-after: avoid; } }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<h1>Rehearsal of the import</h1>\n";

/* ---- texts ---- */

/* Prints a text that no markup can come out of. */
static void
put_text(struct arena *a, const char *text)
{
	struct buffer escaped;

	buffer_init(&escaped, a, 0);
	for (; text != NULL && *text != '\0'; text++)
		switch (*text) {
		case '&':
			buffer_puts(&escaped, "&amp;");
			break;
		case '<':
			buffer_puts(&escaped, "&lt;");
			break;
		case '>':
			buffer_puts(&escaped, "&gt;");
			break;
		case '"':
			buffer_puts(&escaped, "&quot;");
			break;
		case '\'':
			buffer_puts(&escaped, "&#39;");
			break;
		default:
			buffer_putc(&escaped, *text);
		}
	ctl_put_document(stdout, escaped.text);
}

/* Prints an element with a text; class may be "". */
static void
put_element(struct arena *a, const char *name, const char *class,
    const char *text)
{
	ctl_print("<%s%s%s%s>", name, class[0] == '\0' ? "" : " class=\"",
	    class, class[0] == '\0' ? "" : "\"");
	put_text(a, text);
	ctl_print("</%s>", name);
}

static void
put_row(struct arena *a, const char *title, const char *old, const char *reeve)
{
	ctl_print("<tr>");
	put_element(a, "th", "", title);
	put_element(a, "td", "n", old);
	put_element(a, "td", "n", reeve);
	ctl_print("</tr>\n");
}

/* ---- the summary ---- */

/* A picture of how many accounts match. */
static void
put_bar(const struct rehearsal_totals *t)
{
	int differing = t->accounts == 0 ? 0 :
	    (int)((t->differing * BAR_WIDTH + t->accounts - 1) / t->accounts);
	int alone = t->accounts == 0 ? 0 :
	    (int)((t->accounts - t->compared) * BAR_WIDTH / t->accounts);

	if (differing + alone > BAR_WIDTH)
		alone = BAR_WIDTH - differing;
	ctl_print("<svg viewBox=\"0 0 %d 24\" width=\"100%%\" height=\"24\" "
	    "role=\"img\" aria-label=\"%lld of %lld accounts differ\">"
	    "<rect width=\"%d\" height=\"24\" fill=\"#2a7\"/>"
	    "<rect width=\"%d\" height=\"24\" fill=\"#c33\"/>"
	    "<rect x=\"%d\" width=\"%d\" height=\"24\" fill=\"#bbb\"/></svg>\n",
	    BAR_WIDTH, (long long)t->differing, (long long)t->accounts,
	    BAR_WIDTH, differing, BAR_WIDTH - alone, alone);
	ctl_print("<p class=\"small\">%lld accounts differ (red), %lld cannot "
	    "be compared (grey), of %lld; %lld more are left out.</p>\n", (long long)t->differing,
	    (long long)(t->accounts - t->compared), (long long)t->accounts,
	    (long long)t->left_out);
}

static void
put_sums(struct arena *a, struct json_object *s)
{
	ctl_print("<table><tr><th></th><th class=\"n\">old system</th>"
	    "<th class=\"n\">Reeve</th></tr>\n");
	put_row(a, arena_printf(a, "A month, of %s accounts with an invoice in "
	    "the dump", rehearsal_figure(s, "invoices")),
	    rehearsal_figure(s, "old.recurring"),
	    rehearsal_figure(s, "reeve.recurring"));
	put_row(a, "A month, of all accounts", "",
	    rehearsal_figure(s, "reeve.recurring_of_all"));
	put_row(a, arena_printf(a, "Balances, of %s accounts with ledgers",
	    rehearsal_figure(s, "ledgers")),
	    rehearsal_figure(s, "old.balance"),
	    rehearsal_figure(s, "reeve.balance"));
	ctl_print("</table>\n<p>");
	put_text(a, arena_printf(a, "%s differences, and %s that follow from "
	    "others.", rehearsal_figure(s, "differences"),
	    rehearsal_figure(s, "following")));
	ctl_print("</p>\n");
}

static void
put_groups(struct arena *a, struct json_object *list)
{
	size_t n = json_object_array_length(list), i;
	struct json_object *one;

	if (n == 0)
		return;
	ctl_print("<h2>What differs</h2>\n<table><tr><th>difference</th>"
	    "<th>rule</th><th class=\"n\">accounts</th></tr>\n");
	for (i = 0; i < n; i++) {
		one = json_object_array_get_idx(list, i);
		ctl_print("<tr>");
		put_element(a, "td", "", json_string_at(one, "difference"));
		put_element(a, "td", "", json_string_at(one, "rule"));
		put_element(a, "td", "n", rehearsal_figure(one, "accounts"));
		ctl_print("</tr>\n");
	}
	ctl_print("</table>\n");
}

static void
put_logins(struct arena *a, struct json_object *s)
{
	static const struct {
		const char *path;
		const char *title;
	} rows[] = {
		{ "logins.md5", "users with an MD5 digest: they can log in" },
		{ "logins.sha1", "users with a SHA-1 digest only: they can log "
		    "in" },
		{ "logins.none", "users without a digest: they need a new "
		    "password" },
		{ "logins.disabled", "users who are disabled, or whose account "
		    "is" },
		{ "logins.api_keys", "accounts with an API key, which keeps "
		    "working" },
	};
	size_t i;

	ctl_print("<h2>Logging in the next day</h2>\n");
	if (!json_true_at(s, "logins.secret"))
		ctl_print("<p class=\"verdict other\">Nobody can: no secret is "
		    "configured.</p>\n");
	ctl_print("<table>\n");
	for (i = 0; i < NELEM(rows); i++) {
		ctl_print("<tr>");
		put_element(a, "td", "n", rehearsal_figure(s, rows[i].path));
		put_element(a, "td", "", rows[i].title);
		ctl_print("</tr>\n");
	}
	ctl_print("</table>\n");
}

static void
put_examples(struct arena *a, struct json_object *list)
{
	size_t n = json_object_array_length(list), i;
	struct json_object *place;
	const char *file, *id;

	ctl_print("<td class=\"small\">");
	for (i = 0; i < n; i++) {
		place = json_object_array_get_idx(list, i);
		file = json_string_at(place, "file");
		id = json_string_at(place, "id");
		put_text(a, arena_printf(a, "%s%s%s %s", file == NULL ? "" :
		    file, file == NULL ? "" : ":", file == NULL ? "" :
		    rehearsal_figure(place, "line"), id == NULL ? "" : id));
		ctl_print("<br>");
	}
	ctl_print("</td>");
}

static void
put_reasons(struct arena *a, struct json_object *s)
{
	struct json_object *list = json_array_at(s, "reasons"), *one;
	size_t n = json_object_array_length(list), i;

	ctl_print("<h2>Documents left out</h2>\n<p>");
	put_text(a, arena_printf(a, "%s of %s documents.",
	    rehearsal_figure(s, "skipped"), rehearsal_figure(s, "documents")));
	ctl_print("</p>\n");
	if (n == 0)
		return;
	ctl_print("<table><tr><th class=\"n\">documents</th><th>reason</th>"
	    "<th>for example</th></tr>\n");
	for (i = 0; i < n; i++) {
		one = json_object_array_get_idx(list, i);
		ctl_print("<tr>");
		put_element(a, "td", "n", rehearsal_figure(one, "documents"));
		put_element(a, "td", "", json_string_at(one, "reason"));
		put_examples(a, json_array_at(one, "examples"));
		ctl_print("</tr>\n");
	}
	ctl_print("</table>\n");
}

/* ---- accounts ---- */

static void
put_difference(struct arena *a, struct json_object *difference)
{
	const char *why = json_string_at(difference, "why");

	ctl_print(json_true_at(difference, "follows") ?
	    "<tr class=\"follows\">" : "<tr>");
	put_element(a, "td", "", rehearsal_subject(a, difference));
	put_element(a, "td", "", rehearsal_figures(a, difference));
	put_element(a, "td", "", json_string_at(difference, "rule"));
	put_element(a, "td", "small", why == NULL ? "" : why);
	ctl_print("</tr>\n");
}

static void
put_side(struct arena *a, struct json_object *result, const char *side,
    const char *title)
{
	struct json_object *tree = json_object_at(result, side);
	struct json_object *tables = json_object_at(tree, "quantities");
	struct json_object *months = json_object_at(tree, "months");

	ctl_print("<p class=\"small\">");
	put_text(a, arena_printf(a, "%s: %s a month, balance %s. Quantities: "
	    "%s. Invoice: %s. Ledgers: %s.", title, rehearsal_figure(tree, "recurring"),
	    rehearsal_figure(tree, "balance"), tables == NULL ?
	    "not in the dump" : rehearsal_quantities(a, tables),
	    rehearsal_lines(a, json_array_at(tree, "invoice")),
	    months == NULL ? "not in the dump" :
	    rehearsal_months(a, months)));
	ctl_print("</p>\n");
}

/* Logins, and what the dump lacks. */
static void
put_rest(struct arena *a, struct json_object *result)
{
	struct json_object *missing = json_array_at(result, "missing");
	size_t i;

	ctl_print("<p class=\"small\">");
	put_text(a, arena_printf(a, "Users: %s with MD5, %s with SHA-1 only, %s "
	    "without, %s disabled. API key: %s.",
	    rehearsal_figure(result, "logins.md5"),
	    rehearsal_figure(result, "logins.sha1"),
	    rehearsal_figure(result, "logins.none"),
	    rehearsal_figure(result, "logins.disabled"),
	    json_true_at(result, "logins.api_key") ? "yes" : "no"));
	for (i = 0; i < json_object_array_length(missing); i++)
		put_text(a, arena_printf(a, "%s%s", i == 0 ?
		    " Not in the dump: " : ", ", json_object_get_string(
		    json_object_array_get_idx(missing, i))));
	ctl_print("</p>\n");
}

static void
put_account(struct arena *a, struct json_object *result)
{
	struct json_object *list = json_array_at(result, "differences");
	size_t n = json_object_array_length(list), i;
	const char *name = json_string_at(result, "account.name");

	ctl_print("<h3>");
	put_text(a, name == NULL ? "" : name);
	ctl_print(" <span class=\"small\">");
	put_text(a, json_string_at(result, "account.id"));
	ctl_print("</span></h3>\n");
	if (n > 0) {
		ctl_print("<table>\n");
		for (i = 0; i < n; i++)
			put_difference(a, json_object_array_get_idx(list, i));
		ctl_print("</table>\n");
	}
	put_side(a, result, "old", "Old");
	put_side(a, result, "reeve", "Reeve");
	put_rest(a, result);
}

/* The accounts that differ come first; the others are folded away. */
static void
put_accounts(struct rehearsal *r)
{
	struct arena *a = arena_new(RESULT_CHUNK);
	struct json_object *result;
	bool folded = false;

	ctl_print("<h2>Accounts that differ, the worst first</h2>\n");
	if (r->totals.differing == 0)
		ctl_print("<p>None.</p>\n");
	spool_rewind(r->results);
	while ((result = rehearsal_result(r, a)) != NULL) {
		if (!folded && json_object_array_length(json_array_at(result,
		    "differences")) == 0) {
			ctl_print("<details><summary>Accounts of which nothing "
			    "differs</summary>\n");
			folded = true;
		}
		put_account(a, result);
		arena_reset(a);
	}
	if (folded)
		ctl_print("</details>\n");
	arena_free(&a);
}

void
rehearsal_report_html(struct rehearsal *r, struct json_object *summary)
{
	struct arena *a = arena_new(RESULT_CHUNK);
	enum rehearsal_verdict verdict = rehearsal_verdict_of(r);

	ctl_put_document(stdout, head);
	ctl_print("<p class=\"verdict %s\"><strong>",
	    verdict == REHEARSAL_SAME ? "same" : "other");
	put_text(a, rehearsal_verdict_text(r, a));
	ctl_print("</strong></p>\n<p class=\"small\">");
	put_text(a, json_string_at(summary, "made"));
	ctl_print("</p>\n");
	put_bar(&r->totals);
	put_sums(a, summary);
	put_groups(a, json_array_at(summary, "groups"));
	if (rehearsal_about_accounts(r, a) != NULL)
		put_element(a, "p", "", rehearsal_about_accounts(r, a));
	put_accounts(r);
	put_reasons(a, summary);
	put_logins(a, summary);
	ctl_print("</body>\n</html>\n");
	arena_free(&a);
}
