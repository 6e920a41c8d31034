/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl run-due: the table of tasks, and the loops over their accounts and
 * periods. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "base/ids.h"
#include "base/json.h"
#include "ctl/due.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "service/month.h"
#include "store/due.h"
#include "store/programs.h"

#define PAGE 500 /* accounts read at a time */
#define ARENA_CHUNK (256 * 1024)

/* Tasks are done in this order. */
static const struct due_task tasks[] = {
	{ MONTH_COLLECT, "accounts told to collect, or debited",
	    due_when_month_begins, true, DUE_OF_ARRIVAL, due_collect },
	{ MONTH_ROLL_OVER, "balances carried over", due_when_month_begins, true,
	    DUE_OF_LEDGER, due_rollover },
	{ MONTH_KEEP_QUANTITIES, "quantities kept", due_when_month_begins, true,
	    DUE_OF_ALL, due_snapshot },
	{ MONTH_REMIND, "accounts reminded", due_when_month_ends, false,
	    DUE_OF_ALL, due_remind },
	{ "payments", "accounts whose payments are settled", due_when_run,
	    false, DUE_OF_PAYMENTS, due_payments },
	{ "topup", "accounts topped up", due_when_topping_up, false,
	    DUE_OF_TOPUPS, due_topup },
	{ "pricing", "accounts whose monthly charges are found out",
	    due_when_run, false, DUE_OF_PRICING, due_pricing },
};

/* ---- when ---- */

static void
month_of(int64_t moment, struct due_period *out)
{
	out->start = gregorian_month_start(moment);
	gregorian_month(moment, out->name);
}

bool
due_when_month_begins(const struct config *config, int64_t at,
    struct due_period *out)
{
	(void)config;
	month_of(at, out);
	return at >= month_due(out->start);
}

bool
due_when_month_ends(const struct config *config, int64_t at,
    struct due_period *out)
{
	month_of(at, out);
	return config->bill_reminders != 0 && at >= gregorian_next_month(at) -
	    config->reminder_days * GREGORIAN_DAY;
}

bool
due_when_run(const struct config *config, int64_t at, struct due_period *out)
{
	(void)config;
	month_of(at, out);
	return true;
}

bool
due_when_topping_up(const struct config *config, int64_t at,
    struct due_period *out)
{
	month_of(at, out);
	return config->automatic_topup != 0;
}

/* The start of the month of a stored period name, "YYYYMM". */
static int64_t
month_start_of(struct arena *a, const char *name)
{
	int64_t start = 0;

	return gregorian_parse_day(arena_printf(a, "%.4s-%.2s-01", name,
	    name + 4), &start) ? start : 0;
}

/*
 * The start of the first open period. A task that was never done for any
 * account starts with the current period: the time before it was in use is not
 * charged.
 */
static int64_t
first_open(struct arena *a, const struct due_task *task,
    const struct due_account *account, int64_t current)
{
	int64_t start, begun;

	if (account->last != NULL)
		return gregorian_next_month(month_start_of(a, account->last));
	start = gregorian_next_month(account->since);
	if (task->of == DUE_OF_LEDGER)
		return start;
	begun = account->first == NULL ? current :
	    month_start_of(a, account->first);
	return start > begun ? start : begun;
}

/* ---- the run ---- */

struct outcome {
	int64_t done;    /* accounts times periods */
	int64_t failed;  /* accounts with a problem */
	int64_t oldest;  /* start of the oldest period done, 0: none */
};

struct run {
	struct ctl *ctl;
	const struct due_task *task;
	const char *account_id; /* NULL: all */
	int64_t at;
	int64_t now;
	bool dry;
	struct due_period period; /* the task's current one */
	struct arena *arena;      /* of one visit */
	struct progress progress;
	struct outcome outcome;   /* of the task */
};

static struct problem *
visit(struct run *r, const struct due_account *account,
    const struct due_period *period)
{
	struct due_visit v = {
		.ctl = r->ctl,
		.arena = r->arena,
		.account_id = account->id,
		.account_name = account->name,
		.period = period,
		.now = r->now,
		.dry = r->dry,
	};
	struct problem *p = r->task->run(&v);

	if (p == NULL && v.done) {
		r->outcome.done++;
		if (r->outcome.oldest == 0 ||
		    period->start < r->outcome.oldest)
			r->outcome.oldest = period->start;
	}
	return p;
}

/* Does an account's open periods, oldest first: later ones depend on earlier
 * ones. A problem lives until the next visit. */
static struct problem *
run_account(struct run *r, const struct due_account *account)
{
	int64_t start = r->period.start;
	struct due_period period;
	struct problem *p = NULL;

	arena_reset(r->arena);
	if (r->task->catches_up)
		start = first_open(r->arena, r->task, account, start);
	for (; p == NULL && start <= r->period.start;
	    start = gregorian_next_month(start)) {
		month_of(start, &period);
		arena_reset(r->arena);
		p = visit(r, account, &period);
	}
	return p;
}

/* An unreachable database ends the run; a problem of one account does not stop
 * the others. */
static bool
ends_run(const struct problem *p)
{
	return p->kind == PROBLEM_UNAVAILABLE || p->kind == PROBLEM_UNCERTAIN;
}

static struct problem *
run_page(struct run *r, const struct due_accounts *page)
{
	struct problem *p;
	size_t i;

	for (i = 0; i < page->count; i++) {
		p = run_account(r, &page->accounts[i]);
		/* The account was deleted meanwhile. */
		if (p != NULL && p->kind == PROBLEM_BAD_IDENTIFIER)
			p = NULL;
		if (p != NULL && ends_run(p))
			return problem_copy(r->ctl->arena, p);
		if (p != NULL) {
			r->outcome.failed++;
			ctl_tell("reevectl: %s of account %s: %s%s%s\n",
			    r->task->name, page->accounts[i].id,
			    ctl_describe(r->arena, p),
			    p->log[0] != '\0' ? ": " : "", p->log);
		}
		progress_at(&r->progress, r->outcome.done);
	}
	return NULL;
}

static struct problem *
run_task(struct run *r)
{
	struct arena *page = arena_new(ARENA_CHUNK);
	struct due_accounts list;
	char after[ID_SIZE] = "";
	const struct due_query query = {
		.task = r->task->name,
		.period = r->period.name,
		.of = r->task->of,
		.account_id = r->account_id,
		.after = after,
		.limit = PAGE,
	};
	struct problem *p;

	progress_begin(&r->progress, r->task->name, 0);
	do {
		arena_reset(page);
		p = store_due_account_list(r->ctl->db, page, &query, &list);
		if (p != NULL)
			p = problem_copy(r->ctl->arena, p);
		else if (list.count > 0)
			snprintf(after, sizeof(after), "%s",
			    list.accounts[list.count - 1].id);
		if (p == NULL)
			p = run_page(r, &list);
	} while (p == NULL && list.count == PAGE);
	progress_end(&r->progress);
	arena_free(&page);
	return p;
}

/* ---- the report ---- */

static void
print_outcome(const struct run *r)
{
	char oldest[GREGORIAN_MONTH_SIZE] = "";

	ctl_print("%-10s %lld %s%s", r->task->name, (long long)r->outcome.done,
	    r->dry ? "due: " : "", r->task->what);
	if (r->outcome.oldest != 0 &&
	    r->outcome.oldest < r->period.start) {
		gregorian_month(r->outcome.oldest, oldest);
		ctl_print(", from %s on", oldest);
	}
	if (r->outcome.failed > 0)
		ctl_print(", %lld accounts failed", (long long)r->outcome.failed);
	ctl_print("\n");
}

static void
add_outcome(const struct run *r, struct json_object *report)
{
	struct json_object *one = json_object_new_object();
	char oldest[GREGORIAN_MONTH_SIZE];

	json_put_int(one, r->dry ? "due" : "done", r->outcome.done);
	json_put_int(one, "failed", r->outcome.failed);
	json_put_string(one, "period", r->period.name);
	if (r->outcome.oldest != 0) {
		gregorian_month(r->outcome.oldest, oldest);
		json_put_string(one, "oldest", oldest);
	}
	json_object_object_add(report, r->task->name, one);
}

/* ---- the command ---- */

/* Reads "YYYY-MM-DD" or "YYYY-MM-DD hh:mm:ss". */
static bool
parse_moment(struct arena *a, const char *text, int64_t *out)
{
	unsigned hour = 0, minute = 0, second = 0;
	int used = 0;

	if (strlen(text) < 10 ||
	    !gregorian_parse_day(arena_strndup(a, text, 10), out))
		return false;
	text += 10;
	if (*text == '\0')
		return true;
	if ((*text != ' ' && *text != 'T') || strlen(text) != 9 ||
	    sscanf(text + 1, "%2u:%2u:%2u%n", &hour, &minute, &second,
	    &used) != 3 || used != 8 || hour > 23 || minute > 59 || second > 59)
		return false;
	*out += (int64_t)hour * 3600 + minute * 60 + second;
	return true;
}

static bool
in_list(const char *list, const char *name)
{
	size_t length = strlen(name), n;

	for (; *list != '\0'; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (n == length && memcmp(list, name, n) == 0)
			return true;
	}
	return false;
}

/* Returns 0 if every name of the list is a task's. */
static int
check_only(const struct ctl *ctl, const char *list)
{
	size_t n, i;

	for (; *list != '\0'; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		for (i = 0; i < NELEM(tasks); i++)
			if (strlen(tasks[i].name) == n &&
			    memcmp(tasks[i].name, list, n) == 0)
				break;
		if (i < NELEM(tasks))
			continue;
		ctl_tell("reevectl: the tasks are");
		for (i = 0; i < NELEM(tasks); i++)
			ctl_tell(" %s", tasks[i].name);
		ctl_tell("\n");
		return ctl_usage(ctl, "'%.*s' is no task", (int)n, list);
	}
	return 0;
}

/* Sets the moment of the run and returns 0. A moment in the future needs
 * --dry-run: the usage of its periods is not complete yet. */
static int
find_moment(struct run *r)
{
	const char *text = ctl_option(r->ctl, "at");

	r->at = r->now;
	if (text == NULL)
		return 0;
	if (!parse_moment(r->ctl->arena, text, &r->at))
		return ctl_usage(r->ctl, "--at needs YYYY-MM-DD or "
		    "\"YYYY-MM-DD hh:mm:ss\"");
	/* A day without a time means its last second. */
	if (strlen(text) == 10)
		r->at += GREGORIAN_DAY - 1;
	if (strlen(text) == 10 && r->at > r->now &&
	    r->at - r->now < GREGORIAN_DAY)
		r->at = r->now;
	return r->at <= r->now || r->dry ? 0 :
	    ctl_usage(r->ctl, "--at %s is still to come: with --dry-run only",
	    text);
}

/* A dry run, or one of one account, does not count. */
static struct problem *
note_run(const struct run *r, enum due_result result)
{
	if (r->dry || r->account_id != NULL)
		return NULL;
	return store_due_run_note(r->ctl->db, r->ctl->arena, result,
	    gregorian_now());
}

static struct problem *
begin_run(const struct run *r)
{
	struct problem *p = note_run(r, DUE_RUNNING);

	return p != NULL || r->dry || r->account_id != NULL ? p :
	    store_program_purge(r->ctl->db, r->ctl->arena);
}

static struct problem *
run_tasks(struct run *r, const char *only, struct json_object *report,
    bool *well)
{
	struct problem *p = begin_run(r), *unsaid;
	size_t i;

	for (i = 0; i < NELEM(tasks) && p == NULL; i++) {
		r->task = &tasks[i];
		r->outcome = (struct outcome){ .done = 0 };
		if ((only != NULL && !in_list(only, r->task->name)) ||
		    !r->task->when(r->ctl->config, r->at, &r->period))
			continue;
		p = run_task(r);
		if (r->ctl->json)
			add_outcome(r, report);
		else
			print_outcome(r);
		*well = *well && r->outcome.failed == 0 &&
		    (!r->dry || r->outcome.done == 0);
	}
	unsaid = note_run(r, p != NULL ? DUE_BROKEN_OFF : *well ? DUE_WELL :
	    DUE_ACCOUNTS_FAILED);
	return p != NULL ? p : unsaid;
}

/* A clock that is wrong would begin a month too early, or charge it too late. */
static int
check_clock(const struct ctl *ctl)
{
	const int64_t most_s = ctl->config->clock_difference_max_s;
	int64_t ahead_s;

	if (most_s == 0 || !db_clock_ahead(ctl->db, ctl->arena, &ahead_s) ||
	    (ahead_s <= most_s && ahead_s >= -most_s))
		return 0;
	ctl_tell("reevectl: the database's clock is %lld s %s that of "
	    "this host, more than clock_difference_max: nothing was done; set "
	    "both clocks by NTP\n", (long long)(ahead_s < 0 ? -ahead_s :
	    ahead_s), ahead_s < 0 ? "behind" : "ahead of");
	return EXIT_UNAVAILABLE;
}

int
command_run_due(struct ctl *ctl)
{
	const char *only = ctl_option(ctl, "only");
	struct run r = {
		.ctl = ctl,
		.account_id = ctl_named(ctl, "", 0),
		.now = gregorian_now(),
		.dry = ctl_option(ctl, "dry-run") != NULL,
	};
	struct json_object *report = json_own(ctl->arena,
	    json_object_new_object());
	struct account *account;
	struct problem *p;
	bool well = true;
	int status;

	if ((status = find_moment(&r)) != 0 ||
	    (status = check_clock(ctl)) != 0 ||
	    (only != NULL && (status = check_only(ctl, only)) != 0) ||
	    (r.account_id != NULL &&
	    (status = ctl_find_account(ctl, r.account_id, &account)) != 0))
		return status;
	r.arena = arena_new(ARENA_CHUNK);
	p = run_tasks(&r, only, report, &well);
	arena_free(&r.arena);
	if (ctl->json)
		ctl_print_document(json_canonical_text(ctl->arena, report));
	if (p != NULL)
		return ctl_problem(ctl, p);
	return well ? 0 : EXIT_NOT_WELL;
}
