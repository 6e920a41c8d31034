/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl deliver, outbox list, outbox replay */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "courier/courier.h"
#include "ctl/command.h"
#include "ctl/print.h"
#include "ctl/progress.h"

#define AT_ONCE 500
#define ARENA_CHUNK (64 * 1024)

/* ---- deliver ---- */

/* Set by a signal: the current attempt is aborted, and its message stays in the
 * outbox. */
static volatile sig_atomic_t end_requested;

static void
take_signal(int number)
{
	(void)number;
	end_requested = 1;
}

static bool
must_end(void *state)
{
	(void)state;
	return end_requested != 0;
}

struct delivery_counts {
	int64_t delivered;
	int64_t postponed;
	int64_t dead;
};

static void
count_step(struct delivery_counts *d, const struct courier_step *step)
{
	if (step->lost)
		return;
	d->delivered += step->state == OUTBOX_DELIVERED;
	d->postponed += step->state == OUTBOX_WAITING;
	d->dead += step->state == OUTBOX_DEAD;
	if (step->state != OUTBOX_DELIVERED)
		ctl_tell("reevectl: message %lld of account %s to %s: "
		    "%s%s: %s\n", (long long)step->id, step->account_id,
		    step->target, step->state == OUTBOX_DEAD ? "given up: " :
		    "", step->reason, step->detail);
}

static void
print_delivered(const struct ctl *ctl, const struct delivery_counts *d)
{
	ctl_print(ctl->json ? "{\"delivered\":%lld,\"postponed\":%lld,"
	    "\"dead\":%lld}\n" :
	    "%lld delivered, %lld to be tried again, %lld given up\n",
	    (long long)d->delivered, (long long)d->postponed,
	    (long long)d->dead);
}

int
command_deliver(struct ctl *ctl)
{
	const struct courier courier = { .config = ctl->config,
		.db = ctl->db, .stop = must_end };
	bool once = ctl_option(ctl, "once") != NULL;
	struct delivery_counts d = { .delivered = 0 };
	struct courier_step step;
	struct progress progress;
	struct problem *p;
	struct arena *a = arena_new(ARENA_CHUNK);

	signal(SIGTERM, take_signal);
	signal(SIGINT, take_signal);
	progress_begin(&progress, "delivering", 0);
	do {
		p = courier_deliver(&courier, a, &step);
		if (p == NULL && step.found) {
			progress_at(&progress, d.delivered);
			count_step(&d, &step);
		}
		if (p == NULL)
			arena_reset(a);
	} while (p == NULL && step.found && !once && !must_end(NULL));
	if (p == NULL)
		p = courier_purge(&courier, a);
	progress_end(&progress);
	if (p != NULL)
		p = problem_copy(ctl->arena, p);
	arena_free(&a);
	print_delivered(ctl, &d);
	if (p != NULL)
		return ctl_problem(ctl, p);
	return d.postponed + d.dead > 0 ? EXIT_NOT_WELL : 0;
}

/* ---- list ---- */

static struct json_object *
entry_json(struct arena *a, const struct outbox_entry *e)
{
	struct json_object *json = json_own(a, json_object_new_object());

	json_put_int(json, "id", e->message.id);
	json_put_string(json, "delivery_id", e->message.delivery_id);
	json_put_string(json, "account_id", e->message.account_id);
	json_put_string(json, "target", e->message.target);
	json_put_string(json, "message", e->message.message);
	json_put_string(json, "audit_id", e->message.audit_id);
	json_put_string(json, "state", outbox_state_name(e->state));
	json_put_int(json, "created", e->message.created);
	json_put_int(json, "attempts", e->attempts);
	if (e->state == OUTBOX_WAITING && e->due != 0)
		json_put_int(json, "due", e->due);
	if (e->status != 0)
		json_put_int(json, "http_status", e->status);
	json_put_string(json, "reason", e->reason);
	json_put_string(json, "detail", e->detail);
	return json;
}

static void
print_entry(const struct ctl *ctl, struct arena *a,
    const struct outbox_entry *e)
{
	char since[GREGORIAN_ISO_SIZE];

	if (ctl->json) {
		ctl_print_document(json_canonical_text(a, entry_json(a, e)));
		return;
	}
	gregorian_iso8601(e->message.created, since);
	ctl_print("%lld  %s  %s  %s  %s  %lld attempts%s%s%s%s\n",
	    (long long)e->message.id, outbox_state_name(e->state), since,
	    e->message.account_id, e->message.target, (long long)e->attempts,
	    e->reason == NULL ? "" : "  ", e->reason == NULL ? "" : e->reason,
	    e->detail == NULL ? "" : ": ", e->detail == NULL ? "" : e->detail);
}

/* Calls fn for each message; a page that is not full is the last. */
static struct problem *
each_entry(struct ctl *ctl, const char *account_id, bool dead,
    struct problem *(*fn)(struct ctl *ctl, struct arena *a,
    const struct outbox_entry *e, void *state), void *state)
{
	struct arena *page = arena_new(ARENA_CHUNK);
	struct outbox_list list;
	struct outbox_query query = { account_id, dead, 0, AT_ONCE };
	struct problem *p;
	size_t i;

	do {
		arena_reset(page);
		p = store_outbox_list(ctl->db, page, &query, &list);
		for (i = 0; p == NULL && i < list.count; i++) {
			query.after = list.entries[i].message.id;
			p = fn(ctl, page, &list.entries[i], state);
		}
	} while (p == NULL && list.count == AT_ONCE);
	if (p != NULL)
		p = problem_copy(ctl->arena, p);
	arena_free(&page);
	return p;
}

static struct problem *
list_one(struct ctl *ctl, struct arena *a, const struct outbox_entry *e,
    void *state)
{
	(void)state;
	print_entry(ctl, a, e);
	return NULL;
}

int
command_outbox_list(struct ctl *ctl)
{
	const char *account = ctl_named(ctl, "", 0);
	struct problem *p;
	int status;

	if (account != NULL &&
	    (status = ctl_check_id(ctl, "account", account)) != 0)
		return status;
	p = each_entry(ctl, account, ctl_option(ctl, "dead") != NULL, list_one,
	    NULL);
	return p != NULL ? ctl_problem(ctl, p) : 0;
}

/* ---- replay ---- */

struct replay {
	int64_t count;
	struct progress progress;
};

static struct problem *
replay_one(struct ctl *ctl, struct arena *a, const struct outbox_entry *e,
    void *state)
{
	struct replay *r = state;
	struct problem *p = store_outbox_replay(ctl->db, a, e->message.id,
	    gregorian_now());

	/* Another process has replayed it meanwhile. */
	if (p != NULL && p->kind == PROBLEM_CONFLICT)
		return NULL;
	if (p == NULL)
		progress_at(&r->progress, ++r->count);
	return p;
}

int
command_outbox_replay(struct ctl *ctl)
{
	bool all = ctl_option(ctl, "all") != NULL;
	const char *named = ctl_named(ctl, "", 0);
	struct replay r = { .count = 0 };
	struct problem *p;
	int64_t id;

	if (all == (named != NULL))
		return ctl_usage(ctl, "which message? give its id, or --all");
	if (!all && !ctl_count(named, &id))
		return ctl_usage(ctl, "'%s' is no id of outbox list", named);
	progress_begin(&r.progress, "replaying", 0);
	if (all) {
		p = each_entry(ctl, NULL, true, replay_one, &r);
	} else {
		p = store_outbox_replay(
		    ctl->db, ctl->arena, id, gregorian_now());
		r.count = 1;
	}
	progress_end(&r.progress);
	if (p != NULL)
		return ctl_problem(ctl, p);
	ctl_print(ctl->json ? "{\"replayed\":%lld}\n" : "%lld replayed\n",
	    (long long)r.count);
	return 0;
}
