/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl audit verify, rebuild */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/json.h"
#include "ctl/command.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "service/sums.h"
#include "service/trail_rebuild.h"
#include "service/trail_verify.h"
#include "store/audit.h"

#define AT_ONCE 1000 /* accounts */
#define DAY_SIZE 16

/* The work of a command for one account; the arena is emptied after it. */
typedef int account_work(struct ctl *ctl, struct arena *a,
    const struct audit_head *head);

static int
on_account(struct ctl *ctl, account_work *work, const char *id)
{
	int status = ctl_check_id(ctl, "account", id);
	struct audit_head head;
	struct problem *p;

	if (status != 0)
		return status;
	p = store_audit_chain_head(ctl->db, ctl->arena, id, &head);
	return p != NULL ? ctl_problem(ctl, p) : work(ctl, ctl->arena, &head);
}

/* Returns the greatest status; one beyond EXIT_NOT_WELL ends the work. */
static int
on_each(struct ctl *ctl, account_work *work, const struct audit_heads *heads)
{
	struct arena *a = arena_new(64 * 1024);
	int status, worst = 0;
	size_t i;

	for (i = 0; i < heads->count && worst <= EXIT_NOT_WELL; i++) {
		status = work(ctl, a, &heads->heads[i]);
		if (status > worst)
			worst = status;
		arena_reset(a);
	}
	arena_free(&a);
	return worst;
}

static int
on_all(struct ctl *ctl, account_work *work)
{
	struct arena *page = arena_new(256 * 1024);
	char after[ID_SIZE] = "";
	struct audit_heads heads = { .count = AT_ONCE };
	struct problem *p;
	int status, worst = 0;

	while (heads.count == AT_ONCE && worst <= EXIT_NOT_WELL) {
		p = store_audit_chain_head_list(
		    ctl->db, page, after, AT_ONCE, &heads);
		status = p != NULL ? ctl_problem(ctl, p) :
		    on_each(ctl, work, &heads);
		if (status > worst)
			worst = status;
		if (p == NULL && heads.count > 0)
			snprintf(after, sizeof(after), "%s",
			    heads.heads[heads.count - 1].account_id);
		arena_reset(page);
	}
	arena_free(&page);
	return worst;
}

/* Works for the account of the operand, or with --all for every account. */
static int
on_accounts(struct ctl *ctl, account_work *work)
{
	const char *id = ctl_named(ctl, "", 0);

	if (ctl_option(ctl, "all") == NULL)
		return on_account(ctl, work, id);
	return id == NULL ? on_all(ctl, work) :
	    ctl_usage(ctl, "either an account or --all");
}

/* ---- verify ---- */

static void
show_progress(void *state, int64_t entries)
{
	progress_at(state, entries);
}

static void
print_verdict(struct ctl *ctl, struct arena *a, const char *account,
    const struct audit_verdict *v)
{
	struct json_writer w;
	struct buffer text;

	if (!ctl->json) {
		ctl_print("%s  %lld entries  ", account, (long long)v->entries);
		if (v->broken_why != NULL)
			ctl_print("BROKEN at %s: %s\n", v->broken_id[0] == '\0' ?
			    "the end" : v->broken_id, v->broken_why);
		else if (v->days_wrong > 0)
			ctl_print("chain ok, DAYS WRONG (%lld): %s; reevectl audit "
			    "rebuild %s corrects them\n", (long long)v->days_wrong,
			    v->first_day, account);
		else if (v->balance_why != NULL)
			ctl_print("chain and days ok, BALANCE WRONG: %s; reevectl "
			    "audit rebuild %s corrects it\n", v->balance_why,
			    account);
		else if (v->figure_why != NULL)
			ctl_print("chain, days and balance ok, FIGURES WRONG: "
			    "%s; reevectl audit rebuild %s corrects them\n",
			    v->figure_why, account);
		else
			ctl_print("ok\n");
		return;
	}
	buffer_init(&text, a, 0);
	json_writer_init(&w, &text);
	json_begin_object(&w);
	json_member_string(&w, "account_id", account);
	json_member_int(&w, "entries", v->entries);
	json_member_bool(&w, "ok", trail_verdict_ok(v));
	if (v->broken_why != NULL) {
		json_member_string(&w, "broken_id", v->broken_id);
		json_member_string(&w, "broken_why", v->broken_why);
	}
	json_member_int(&w, "days_wrong", v->days_wrong);
	if (v->first_day != NULL)
		json_member_string(&w, "first_day", v->first_day);
	if (v->balance_why != NULL)
		json_member_string(&w, "balance_wrong", v->balance_why);
	if (v->figure_why != NULL)
		json_member_string(&w, "figures_wrong", v->figure_why);
	json_end(&w);
	ctl_print_document(text.text);
}

static int
verify_account(struct ctl *ctl, struct arena *a, const struct audit_head *head)
{
	struct audit_verdict verdict;
	struct progress progress;
	struct problem *p;

	progress_begin(&progress, "verifying", 0);
	p = trail_verify(ctl->db, a, head, show_progress, &progress, &verdict);
	progress_end(&progress);
	if (p != NULL)
		return ctl_problem(ctl, p);
	print_verdict(ctl, a, head->account_id, &verdict);
	return trail_verdict_ok(&verdict) ? 0 : EXIT_NOT_WELL;
}

int
command_audit_verify(struct ctl *ctl)
{
	return on_accounts(ctl, verify_account);
}

/* ---- rebuild ---- */

/* Progress of one account. */
struct months {
	struct progress progress;
	int64_t done;
	char last_day[DAY_SIZE]; /* "": none is done */
};

static void
note_month(void *state, const char *last_day)
{
	struct months *months = state;

	snprintf(months->last_day, sizeof(months->last_day), "%s", last_day);
	progress_at(&months->progress, ++months->done);
}

/* NULL: it is none. */
static const char *
day_option(struct ctl *ctl, const char *name, const char *fallback)
{
	const char *text = ctl_option(ctl, name);
	int64_t unused;

	if (text == NULL)
		return fallback;
	return gregorian_parse_day(text, &unused) &&
	    strcmp(text, AUDIT_FIRST_DAY) >= 0 ? text : NULL;
}

static int
rebuild_account(struct ctl *ctl, struct arena *a,
    const struct audit_head *head)
{
	struct months months = { .done = 0 };
	const struct trail_days days = {
		.account_id = head->account_id,
		.from = day_option(ctl, "from", AUDIT_FIRST_DAY),
		.to = day_option(ctl, "to", AUDIT_LAST_DAY),
		.progress = note_month,
		.state = &months,
	};
	struct problem *p;
	int64_t rows = 0;

	progress_begin(&months.progress, "rebuilding, months:", 0);
	p = head->is_bare ?
	    sums_rebuild(ctl->db, a, head->account_id) :
	    trail_rebuild(ctl->db, a, &days, &rows);
	progress_end(&months.progress);
	if (p != NULL) {
		if (months.done > 0)
			ctl_tell("reevectl: the days of %s up to %s are "
			    "rebuilt; --from begins after them\n",
			    head->account_id, months.last_day);
		return ctl_problem(ctl, p);
	}
	if (ctl->json)
		ctl_print("{\"account_id\":\"%s\",\"days\":%lld}\n",
		    head->account_id, (long long)rows);
	else
		ctl_print("%s  %lld day rows\n", head->account_id,
		    (long long)rows);
	return 0;
}

int
command_audit_rebuild(struct ctl *ctl)
{
	if (day_option(ctl, "from", "") == NULL ||
	    day_option(ctl, "to", "") == NULL)
		return ctl_usage(ctl, "--from and --to need a day as YYYY-MM-DD, "
		    "not before " AUDIT_FIRST_DAY);
	return on_accounts(ctl, rebuild_account);
}
