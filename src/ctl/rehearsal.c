/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl import --rehearse: the passes of a rehearsal. */
#include "config.h"

#include "ctl/rehearsal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "ctl/rehearsal_claims.h"
#include "ctl/rehearsal_compare.h"
#include "ctl/rehearsal_read.h"
#include "ctl/rehearsal_report.h"
#include "service/object_count.h"

#define ACCOUNT_CHUNK (256 * 1024)

/* ---- taking documents ---- */

struct taking_files {
	struct rehearsal *rehearsal;
	struct progress progress;
	int64_t base; /* bytes of files done */
};

static bool
take_item(void *state, struct arena *a, const struct import_item *item)
{
	struct taking_files *t = state;

	progress_at(&t->progress, t->base + item->offset);
	return rehearsal_take(t->rehearsal, a, item);
}

/* A file is read once, so that a pipe will do. Returns 0, or a status. */
static int
take_files(struct rehearsal *r)
{
	struct ctl *ctl = r->ctl;
	struct taking_files t = { .rehearsal = r };
	const char *path, *error;
	int64_t total = 0;
	size_t i;

	for (i = 0; i < ctl->operand_count; i++)
		total += import_size(ctl->operands[i]);
	progress_begin(&t.progress, "documents", total);
	for (i = 0; i < ctl->operand_count; i++) {
		path = strcmp(ctl->operands[i], "-") == 0 ? "/dev/stdin" :
		    ctl->operands[i];
		if (!import_read(path, take_item, &t, &error)) {
			progress_end(&t.progress);
			ctl_tell("reevectl: %s: %s\n", ctl->operands[i], error);
			return EXIT_NO_INPUT;
		}
		t.base += import_size(ctl->operands[i]);
	}
	progress_end(&t.progress);
	return 0;
}

/* ---- counting ---- */

static void
skip_account(struct rehearsal *r, struct arena *a,
    const struct rehearsed *account)
{
	const struct rehearsal_account *known = rehearsal_tree_find(&r->tree,
	    account->id);

	if (account->rows == 0)
		return;
	r->totals.left_out += known != NULL;
	rehearsal_skip(r, a, known == NULL ? "its account is not in the dump, "
	    "or left out" : arena_printf(a, "%s, with its documents",
	    rehearsal_tree_reason(a, known)), NULL, account->id,
	    account->rows);
}

/* Adds what an account counts as to the cascades of its ancestors. Only
 * quantities of 1 and more count there. */
static void
add_below(struct rehearsal *r, struct arena *a,
    const struct rehearsed *account)
{
	struct quantity_walk walk = {
		.before = &account->old[QUANTITY_ACCOUNT],
		.after = &account->own,
	};
	const struct rehearsal_account *above;
	struct quantity_pair pair;
	struct json_object *part;
	const char *text;

	if (account->account->parent == NULL)
		return;
	while (quantity_walk_pair(&walk, &pair)) {
		if (pair.before < 1 && pair.after < 1)
			continue;
		part = json_own(a, json_object_new_array());
		json_object_array_add(part,
		    json_object_new_string(pair.category));
		json_object_array_add(part, json_object_new_string(pair.item));
		json_object_array_add(part, json_object_new_int64(
		    pair.before < 1 ? 0 : pair.before));
		json_object_array_add(part, json_object_new_int64(
		    pair.after < 1 ? 0 : pair.after));
		text = json_canonical_text(a, part);
		for (above = account->account->parent; above != NULL;
		    above = above->parent)
			spool_add(r->below, above->id, text, strlen(text));
	}
}

/* ---- passes over the accounts ---- */

static void
count_account(struct rehearsal *r, struct arena *a, struct rehearsed *account)
{
	if (account->account == NULL)
		skip_account(r, a, account);
	else
		add_below(r, a, account);
}

static void
compare_account(struct rehearsal *r, struct arena *a,
    struct rehearsed *account)
{
	if (account->account != NULL)
		rehearsal_compare(r, a, account);
}

static void
pass(struct rehearsal *r, enum rehearsal_extent extent, const char *what,
    void (*each)(struct rehearsal *r, struct arena *a,
    struct rehearsed *account))
{
	struct arena *a = arena_new(ACCOUNT_CHUNK);
	struct progress progress;
	struct rehearsed account;
	int64_t done = 0;

	progress_begin(&progress, what, (int64_t)r->tree.count);
	rehearsal_read_begin(r, extent);
	while (rehearsal_read(r, a, extent, &account)) {
		each(r, a, &account);
		arena_reset(a);
		progress_at(&progress, ++done);
	}
	progress_end(&progress);
	arena_free(&a);
}

/* The failure of a temporary file; NULL: there was none. */
static const char *
failure_of(const struct rehearsal *r)
{
	const struct spool *spools[] = { r->rows, r->claims, r->below,
		r->results, r->skips };
	const char *why = rehearsal_plans_failure(r->plans);
	size_t i;

	for (i = 0; why == NULL && i < NELEM(spools); i++)
		why = spool_failure(spools[i]);
	return why;
}

/* ---- the command ---- */

static void
report(struct rehearsal *r)
{
	struct json_object *summary = rehearsal_summary(r, r->ctl->arena);

	if (r->ctl->json)
		rehearsal_report_json(r, summary);
	else if (ctl_option(r->ctl, "csv") != NULL)
		rehearsal_report_csv(r, summary);
	else if (ctl_option(r->ctl, "html") != NULL)
		rehearsal_report_html(r, summary);
	else
		rehearsal_report_text(r, summary);
}

static int
status_of(const struct rehearsal *r)
{
	switch (rehearsal_verdict_of(r)) {
	case REHEARSAL_SAME:
		return 0;
	case REHEARSAL_DIFFERS:
	case REHEARSAL_LEAVES_OUT:
		return EXIT_NOT_WELL;
	default:
		return EXIT_DATA;
	}
}

static int
rehearse(struct rehearsal *r)
{
	const char *why;
	int status = take_files(r);

	if (status != 0)
		return status;
	rehearsal_tree_settle(&r->tree);
	rehearsal_claims_settle(r);
	rehearsal_plans_settle(r->plans);
	pass(r, REHEARSAL_COUNTS, "counting ", count_account);
	pass(r, REHEARSAL_ALL, "comparing", compare_account);
	if ((why = failure_of(r)) == NULL) {
		report(r);
		why = failure_of(r);
	}
	if (why != NULL) {
		ctl_tell("reevectl: temporary files: %s: is there room in "
		    "TMPDIR?\n", why);
		return EXIT_NO_INPUT;
	}
	if (fflush(stdout) != 0) {
		ctl_tell("reevectl: standard output: %s\n", strerror(errno));
		return EXIT_NO_INPUT;
	}
	return status_of(r);
}

int
rehearsal_run(struct ctl *ctl, const struct importer *importer, int64_t batch,
    int64_t account_batch)
{
	struct rehearsal r = {
		.ctl = ctl,
		.importer = *importer,
		.batch = batch,
		.account_batch = account_batch,
	};
	struct problem *p;
	int status;

	if (ctl->json + (ctl_option(ctl, "csv") != NULL) +
	    (ctl_option(ctl, "html") != NULL) > 1)
		return ctl_usage(ctl, "--json, --csv and --html: one of them");
	if ((p = object_classes(ctl->config, ctl->arena, &r.classes)) != NULL)
		return ctl_problem(ctl, p);
	r.plans = rehearsal_plans_new();
	r.rows = spool_new();
	r.claims = spool_new();
	r.below = spool_new();
	r.results = spool_new();
	r.skips = spool_new();
	status = rehearse(&r);
	spool_free(&r.skips);
	spool_free(&r.results);
	spool_free(&r.below);
	spool_free(&r.claims);
	spool_free(&r.rows);
	rehearsal_plans_free(&r.plans);
	rehearsal_tree_free(&r.tree);
	return status;
}
