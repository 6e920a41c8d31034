/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reevectl compare: what this database says of accounts and days, beside what a
 * running Kazoo says.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "billing/invoice_document.h"
#include "ctl/command.h"
#include "ctl/compare_figures.h"
#include "ctl/compare_remote.h"
#include "ctl/csv_cell.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "service/day_summary.h"
#include "service/terms.h"
#include "store/accounts.h"

#define AT_ONCE 500
#define ARENA_CHUNK (256 * 1024)
#define DAYS_MAX 365 /* of one request, as a Kazoo allows */

/* The daily summaries; a Kazoo has one of them, by its version. */
static const struct {
	const char *path;
	enum audit_view view;
} summaries[] = {
	{ "audit_summary", AUDIT_VIEW_SERVICES },
	{ "audit/summary", AUDIT_VIEW_QUANTITIES },
};

struct compare {
	struct ctl *ctl;
	struct remote *remote;
	struct arena *arena; /* of one account */
	struct progress progress;
	const char *top; /* NULL: all */
	const char *last; /* the id of the account that was compared last */
	int64_t from, to; /* the first seconds of days */
	bool csv;
	/* The summaries of the other system, as far as is known. */
	bool absent[NELEM(summaries)], present[NELEM(summaries)];
	bool reported; /* --json: the list of reports is begun */
	const char *account_id; /* the account that is compared */
	int64_t accounts, different, differences, failed;
	const char *stopped; /* the reason why it does not go on */
	int status; /* the exit status of that */
};

/* ---- the report ---- */

static const char *
number_text(struct compare *c, money_t number)
{
	char *text = arena_alloc(c->arena, MONEY_TEXT_SIZE);

	money_format(number, text);
	return text;
}

static void
print_json(struct compare *c, struct json_object *own_row)
{
	ctl_print(c->reported ? "," : "{\"reports\":[");
	c->reported = true;
	ctl_put_document(stdout, json_object_to_json_string_ext(own_row,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(own_row);
}

static void
print_csv(struct compare *c, const char *name, const char *theirs,
    const char *ours)
{
	const char *const cells[] = { c->account_id, name, theirs, ours };
	size_t i;

	for (i = 0; i < NELEM(cells); i++) {
		ctl_print_cell(c->arena, cells[i]);
		ctl_print(i + 1 < NELEM(cells) ? "," : "\n");
	}
}

static void
tell_difference(void *state, const char *name, money_t theirs, money_t ours)
{
	struct compare *c = state;
	struct json_object *row;

	c->differences++;
	if (c->csv) {
		print_csv(c, name, number_text(c, theirs), number_text(c, ours));
		return;
	}
	if (!c->ctl->json) {
		progress_end(&c->progress);
		ctl_print("%s: %s: theirs %s, ours %s\n", c->account_id, name,
		    number_text(c, theirs), number_text(c, ours));
		return;
	}
	row = json_object_new_object();
	json_put_string(row, "account_id", c->account_id);
	json_put_string(row, "name", name);
	json_put_money(row, "theirs", theirs);
	json_put_money(row, "ours", ours);
	print_json(c, row);
}

/* An account, or a part of it, that cannot be compared. */
static void
tell_failure(struct compare *c, const char *what, const char *why)
{
	struct json_object *row;

	c->failed++;
	if (!c->ctl->json) {
		progress_end(&c->progress);
		ctl_tell("%s: %s: cannot be compared: %s\n", c->account_id, what,
		    why);
		return;
	}
	row = json_object_new_object();
	json_put_string(row, "account_id", c->account_id);
	json_put_string(row, "name", what);
	json_put_string(row, "error", why);
	print_json(c, row);
}

/* ---- one account ---- */

static struct problem *
add_own_summary(struct compare *c, struct compared *ours)
{
	struct json_object *summary = json_own(c->arena,
	    json_object_new_object());
	struct billed_state state;
	struct invoices invoices;
	struct service service;
	struct problem *p;

	p = store_service_load(c->ctl->db, c->arena, c->account_id,
	    SERVICE_LOOK, &service);
	if (p != NULL)
		return p;
	terms_state(&service, &state);
	if ((p = invoices_price(c->arena, &state, false, &invoices)) != NULL)
		return p;
	json_object_object_add(summary, "quantities", json_object_get(
	    terms_quantities_json(c->arena, &service)));
	json_object_object_add(summary, "invoices", invoices_json(&invoices));
	return compared_add_summary(ours, summary) ? NULL :
	    problem_fault(c->arena, "the summary of account %s cannot be read",
	    c->account_id);
}

static struct problem *
add_own_days(struct compare *c, size_t which, int64_t from, int64_t to,
    struct compared *ours)
{
	struct json_object *services = json_own(c->arena,
	    json_object_new_object()), *days, *row;
	struct audit_days found;
	const struct audit_day *day;
	struct problem *p;
	size_t i;

	p = day_summary_load(c->ctl->db, c->arena, c->ctl->config,
	    &(struct audit_day_query){ c->account_id, summaries[which].view, "",
	    from, to }, &found);
	for (i = 0; p == NULL && i < found.count; i++) {
		day = &found.days[i];
		if (!json_object_object_get_ex(services, day->service, &days)) {
			days = json_object_new_object();
			json_object_object_add(services, day->service, days);
		}
		row = json_object_new_object();
		json_put_int(row, "addition", day->addition);
		json_put_int(row, "removal", day->removal);
		json_put_int(row, "quantity", day->quantity);
		json_object_object_add(days, day->day, row);
	}
	return p != NULL || compared_add_days(ours, summaries[which].path,
	    services) ? p : problem_fault(c->arena,
	    "the days of account %s cannot be read", c->account_id);
}

static void
stop(struct compare *c, const struct remote_answer *answer)
{
	c->stopped = arena_strdup(c->ctl->arena, answer->why);
	c->status = answer->status == 0 || answer->status == 429 ||
	    answer->status == 503 ? EXIT_UNAVAILABLE : EXIT_REFUSED;
}

/* Of at most DAYS_MAX days. */
static struct problem *
compare_days(struct compare *c, size_t which, int64_t from, int64_t to)
{
	struct compared *theirs = compared_new(c->arena);
	struct compared *ours = compared_new(c->arena);
	struct remote_answer answer;
	struct problem *p;

	remote_get(c->remote, c->arena, c->account_id, arena_printf(c->arena,
	    "services/%s?created_from=%lld&created_to=%lld",
	    summaries[which].path, (long long)from, (long long)to), &answer);
	if (answer.end == REMOTE_STOP)
		stop(c, &answer);
	else if (answer.end == REMOTE_ABSENT && !c->present[which])
		c->absent[which] = true;
	else if (answer.end != REMOTE_ANSWERED)
		tell_failure(c, summaries[which].path, answer.why);
	else if (!compared_add_days(theirs, summaries[which].path, answer.data))
		tell_failure(c, summaries[which].path,
		    "its answer is not a daily summary");
	else if ((p = add_own_days(c, which, from, to, ours)) != NULL)
		return p;
	else
		compared_each_difference(theirs, ours, tell_difference, c);
	c->present[which] |= answer.end == REMOTE_ANSWERED;
	return NULL;
}

static struct problem *
compare_all_days(struct compare *c, size_t which)
{
	int64_t from, to, most = DAYS_MAX * GREGORIAN_DAY;
	struct problem *p = NULL;

	for (from = c->from; p == NULL && from <= c->to && c->stopped == NULL &&
	    !c->absent[which]; from += most) {
		to = from + most < c->to + GREGORIAN_DAY ? from + most - 1 :
		    c->to + GREGORIAN_DAY - 1;
		p = compare_days(c, which, from, to);
	}
	return p;
}

/* *found: the other system has the account. */
static struct problem *
compare_summary(struct compare *c, bool *found)
{
	struct compared *theirs = compared_new(c->arena);
	struct compared *ours = compared_new(c->arena);
	struct remote_answer answer;
	struct problem *p;

	*found = false;
	remote_get(c->remote, c->arena, c->account_id, "services/summary",
	    &answer);
	if (answer.end == REMOTE_STOP) {
		stop(c, &answer);
		return NULL;
	}
	if (answer.end != REMOTE_ANSWERED) {
		tell_failure(c, "summary", answer.why);
		return NULL;
	}
	*found = true;
	if (!compared_add_summary(theirs, answer.data)) {
		tell_failure(c, "summary", "its answer is not a summary");
		return NULL;
	}
	if ((p = add_own_summary(c, ours)) != NULL)
		return p;
	compared_each_difference(theirs, ours, tell_difference, c);
	return NULL;
}

static struct problem *
compare_account(struct compare *c, const char *account_id)
{
	int64_t before = c->differences;
	struct problem *p;
	bool found;
	size_t i;

	arena_reset(c->arena);
	c->account_id = account_id;
	p = compare_summary(c, &found);
	for (i = 0; p == NULL && found && i < NELEM(summaries); i++)
		p = compare_all_days(c, i);
	if (p != NULL)
		return problem_copy(c->ctl->arena, p);
	if (c->stopped != NULL)
		return NULL;
	c->last = arena_strdup(c->ctl->arena, account_id);
	c->accounts++;
	c->different += c->differences > before;
	progress_at(&c->progress, c->accounts);
	return NULL;
}

/* ---- all accounts ---- */

static struct problem *
compare_all(struct compare *c)
{
	struct arena *page = arena_new(ARENA_CHUNK), *next;
	struct account_list list;
	struct problem *p = NULL;
	const char *after = c->last;
	size_t i;

	do {
		next = arena_new(ARENA_CHUNK);
		p = store_account_list(c->ctl->db, next, c->top, after, AT_ONCE,
		    &list);
		if (p != NULL)
			p = problem_copy(c->ctl->arena, p);
		arena_free(&page);
		page = next;
		for (i = 0; p == NULL && i < list.count && c->stopped == NULL;
		    i++) {
			if (list.accounts[i].deleted == 0)
				p = compare_account(c, list.accounts[i].id);
			after = list.accounts[i].id;
		}
	} while (p == NULL && c->stopped == NULL && list.count == AT_ONCE);
	arena_free(&page);
	return p;
}

static void
print_totals(struct compare *c)
{
	if (c->csv)
		return;
	if (c->ctl->json && !c->reported)
		ctl_print("{\"reports\":[");
	ctl_print(c->ctl->json ? "],\"accounts\":%lld,\"different\":%lld,"
	    "\"differences\":%lld,\"failed\":%lld}\n" : "%lld accounts, %lld of "
	    "them differ, %lld differences, %lld cannot be compared\n",
	    (long long)c->accounts, (long long)c->different,
	    (long long)c->differences, (long long)c->failed);
}

/* ---- the command ---- */

/* A day of an option. False: it is none, which was said. */
static bool
day_option(const struct ctl *ctl, const char *name, int64_t otherwise,
    int64_t *day)
{
	const char *text = ctl_option(ctl, name);

	*day = otherwise;
	return text == NULL || gregorian_parse_day(text, day);
}

static int
read_options(struct compare *c, const char **token)
{
	struct ctl *ctl = c->ctl;
	int64_t now = gregorian_now();
	int status;

	c->csv = ctl_option(ctl, "csv") != NULL;
	c->top = ctl_option(ctl, "account");
	if (ctl->operand_count == 0)
		return ctl_usage(ctl, "which URL?");
	if (strncmp(ctl->operands[0], "http://", 7) != 0 &&
	    strncmp(ctl->operands[0], "https://", 8) != 0)
		return ctl_usage(ctl, "the URL begins with https:// or http://");
	if (!day_option(ctl, "from", gregorian_month_start(now), &c->from) ||
	    !day_option(ctl, "to", gregorian_day_start(now), &c->to) ||
	    c->from > c->to)
		return ctl_usage(ctl, "--from and --to need days as YYYY-MM-DD, "
		    "the first before the last");
	if (c->top != NULL &&
	    (status = ctl_check_id(ctl, "account", c->top)) != 0)
		return status;
	if ((c->last = ctl_option(ctl, "after")) == NULL)
		c->last = "";
	else if ((status = ctl_check_id(ctl, "after", c->last)) != 0)
		return status;
	if ((*token = ctl_secret(ctl, "token", &status)) == NULL)
		return status;
	if (**token == '\0' || strpbrk(*token, " \t\r\n") != NULL)
		return ctl_usage(ctl, "the token is empty, or has blanks");
	return 0;
}

static int
status_of(const struct compare *c)
{
	if (c->stopped != NULL)
		return c->status;
	if (c->failed > 0)
		return EXIT_DATA;
	return c->differences > 0 ? EXIT_NOT_WELL : 0;
}

static void
tell_stop(const struct compare *c)
{
	ctl_tell("reevectl: %s: %s\n", c->ctl->operands[0], c->stopped);
	if (c->last[0] != '\0')
		ctl_tell("reevectl: to go on there: --after %s\n", c->last);
}

static int
finish(struct compare *c, struct problem *p)
{
	progress_end(&c->progress);
	print_totals(c);
	if (p != NULL)
		return ctl_problem(c->ctl, p);
	if (c->stopped != NULL)
		tell_stop(c);
	else if (c->accounts > 0 && c->absent[0] && c->absent[1])
		ctl_tell("reevectl: it has no daily summaries: days are not "
		    "compared\n");
	return status_of(c);
}

int
command_compare(struct ctl *ctl)
{
	struct compare c = { .ctl = ctl };
	struct account *top;
	const char *token = NULL;
	struct problem *p;
	int status;

	if ((status = read_options(&c, &token)) != 0)
		return status;
	if ((p = store_account_show(ctl->db, ctl->arena, c.top, &top)) != NULL)
		return ctl_problem(ctl, p);
	if (top == NULL)
		return ctl_problem(ctl, problem_text(ctl->arena,
		    PROBLEM_BAD_IDENTIFIER, "there is no such account"));
	c.arena = arena_new(ARENA_CHUNK);
	c.remote = remote_new(ctl->arena, ctl->operands[0], token);
	if (c.csv)
		ctl_print("account_id,name,theirs,ours\n");
	progress_begin(&c.progress, "accounts", top->below + 1);
	p = compare_all(&c);
	status = finish(&c, p);
	remote_free(c.remote);
	arena_free(&c.arena);
	return status;
}
