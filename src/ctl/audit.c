/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl audit verify, rebuild */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "ctl/command.h"
#include "ctl/progress.h"
#include "service/trail_verify.h"
#include "store/accounts.h"
#include "store/audit.h"

#define PAGE 1000
#define FIRST_DAY "1000-01-01"
#define LAST_DAY "9999-12-31"

/* Calls work for the account of the operand, or with --all for every
 * account. */
static int
on_accounts(struct ctl *ctl, int (*work)(struct ctl *, const char *account))
{
	const char *id = ctl_named(ctl, "", 0), *after = "";
	struct account_list list;
	struct problem *p;
	int status, worst = 0;
	size_t i;

	if (ctl_option(ctl, "all") == NULL) {
		status = ctl_check_id(ctl, "account", id);
		return status != 0 ? status : work(ctl, id);
	}
	if (id != NULL)
		return ctl_usage(ctl, "either an account or --all");
	do {
		p = store_account_list(
		    ctl->db, ctl->arena, NULL, after, PAGE, &list);
		if (p != NULL)
			return ctl_problem(ctl, p);
		for (i = 0; i < list.count; i++) {
			after = list.accounts[i].id;
			status = work(ctl, after);
			if (status > EXIT_NOT_WELL)
				return status;
			if (status > worst)
				worst = status;
		}
	} while (list.count == PAGE);
	return worst;
}

/* ---- verify ---- */

static void
show_progress(void *state, int64_t entries)
{
	progress_at(state, entries);
}

static void
print_verdict(struct ctl *ctl, const char *account,
    const struct audit_verdict *v)
{
	struct json_writer w;
	struct buffer text;

	if (!ctl->json) {
		printf("%s  %lld entries  ", account, (long long)v->entries);
		if (v->broken_why != NULL)
			printf("BROKEN at %s: %s\n", v->broken_id[0] == '\0' ?
			    "the end" : v->broken_id, v->broken_why);
		else if (v->days_wrong > 0)
			printf("chain ok, DAYS WRONG (%lld): %s; reevectl audit "
			    "rebuild %s corrects them\n", (long long)v->days_wrong,
			    v->first_day, account);
		else if (v->balance_why != NULL)
			printf("chain and days ok, BALANCE WRONG: %s; reevectl "
			    "audit rebuild %s corrects it\n", v->balance_why,
			    account);
		else
			printf("ok\n");
		return;
	}
	buffer_init(&text, ctl->arena, 0);
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
	json_end(&w);
	printf("%s\n", text.text);
}

static int
verify_account(struct ctl *ctl, const char *account)
{
	struct audit_verdict verdict;
	struct progress progress;
	struct problem *p;

	progress_begin(&progress, "verifying", 0);
	p = trail_verify(ctl->db, ctl->arena, account, show_progress, &progress,
	    &verdict);
	progress_end(&progress);
	if (p != NULL)
		return ctl_problem(ctl, p);
	print_verdict(ctl, account, &verdict);
	return trail_verdict_ok(&verdict) ? 0 : EXIT_NOT_WELL;
}

int
command_audit_verify(struct ctl *ctl)
{
	return on_accounts(ctl, verify_account);
}

/* ---- rebuild ---- */

static const char *
day_option(struct ctl *ctl, const char *name, const char *fallback)
{
	const char *text = ctl_option(ctl, name);
	int64_t unused;

	if (text == NULL)
		return fallback;
	return gregorian_parse_day(text, &unused) &&
	    strcmp(text, FIRST_DAY) >= 0 ? text : NULL;
}

static int
rebuild_account(struct ctl *ctl, const char *account)
{
	const char *from = day_option(ctl, "from", FIRST_DAY);
	const char *to = day_option(ctl, "to", LAST_DAY);
	struct problem *p;
	int64_t days;

	if (from == NULL || to == NULL)
		return ctl_usage(ctl, "--from and --to need a day as YYYY-MM-DD, "
		    "not before " FIRST_DAY);
	p = store_audit_day_rebuild(
	    ctl->db, ctl->arena, account, from, to, &days);
	if (p != NULL)
		return ctl_problem(ctl, p);
	if (ctl->json)
		printf("{\"account_id\":\"%s\",\"days\":%lld}\n", account,
		    (long long)days);
	else
		printf("%s  %lld day rows\n", account, (long long)days);
	return 0;
}

int
command_audit_rebuild(struct ctl *ctl)
{
	return on_accounts(ctl, rebuild_account);
}
