/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reevectl import: writes documents to the store, many in one transaction, and
 * reports those left out and why. Every file is read once in each phase; in
 * that of accounts once for each depth of their tree, so that only one
 * transaction's documents are in memory.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/gregorian.h"
#include "base/ids.h"
#include "base/json.h"
#include "ctl/command.h"
#include "ctl/import_document.h"
#include "ctl/import_missing.h"
#include "ctl/import_reader.h"
#include "ctl/import_settle.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "ctl/rehearsal.h"

#define BATCH 500
#define BATCH_MAX 100000

/* A transaction that creates accounts locks their ancestors, which each change
 * below them waits for. */
#define ACCOUNTS_MAX 1000
#define NO_DEPTH INT64_MAX

/* A document waiting for its batch. */
struct pending_document {
	const struct import_kind *kind;
	struct json_object *document;
	const char *file;
	int64_t line;
	int64_t order;
	size_t arrival;
	/* Of the last attempt: a transaction may be repeated. */
	struct import_outcome outcome;
};

struct import {
	struct ctl *ctl;
	struct importer importer;
	struct arena *batch_arena;
	struct pending_document *batch;
	size_t count;
	size_t capacity;
	int phase;
	int64_t depth;      /* of the accounts that this reading imports */
	int64_t next_depth; /* of those that the next one does */
	struct progress progress;
	int64_t progress_base; /* bytes of files done */
	int64_t written, known, conflicts, skipped, uncertain, bad;
	int64_t replaced, older, lost, deleted;
	struct import_missing *missing; /* NULL: it is not looked for */
	struct import_settle *settle;   /* NULL, too */
	/* Accounts that were left out: the parent that was missing, by account;
	 * and the documents left out with each, by that parent. */
	struct json_object *orphans, *missed;
	bool reported;           /* --json: the list of reports is begun */
	struct problem *stopped; /* the problem that ended the import */
};

/* ---- the report ---- */

static void
begin_reports(struct import *im)
{
	ctl_print(im->reported ? "," : "{\"reports\":[");
	im->reported = true;
}

/* Puts a row of --json, which is freed. */
static void
put_report(struct import *im, struct json_object *row)
{
	begin_reports(im);
	ctl_put_document(stdout, json_object_to_json_string_ext(row,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(row);
}

static void
report(struct import *im, const char *file, int64_t line, const char *id,
    enum import_result result, const char *why)
{
	static const char *const words[] = {
		[IMPORT_WRITTEN] = "imported",
		[IMPORT_KNOWN] = "here already",
		[IMPORT_REPLACED] = "replaced",
		[IMPORT_CONFLICT] = "conflict",
		[IMPORT_SKIPPED] = "skipped",
		[IMPORT_UNCERTAIN] = "uncertain",
	};
	struct json_object *row;

	if (!im->ctl->json) {
		progress_end(&im->progress);
		ctl_tell("%s:%lld: %s%s%s: %s\n", file,
		    (long long)line, words[result],
		    id == NULL ? "" : " ", id == NULL ? "" : id, why);
		return;
	}
	row = json_object_new_object();
	json_put_string(row, "file", file);
	json_put_int(row, "line", line);
	if (id != NULL)
		json_put_string(row, "id", id);
	json_put_bool(row, "skipped", result == IMPORT_SKIPPED);
	if (result == IMPORT_CONFLICT)
		json_put_bool(row, "conflict", true);
	if (result == IMPORT_UNCERTAIN)
		json_put_bool(row, "uncertain", true);
	json_put_string(row, "reason", why);
	put_report(im, row);
}

/* Notes the parent whose lack leaves a document out: that of its account,
 * or the one for which the parent itself was left out. */
static void
note_orphan(struct import *im, const struct pending_document *w)
{
	const char *id = import_document_id(w->document);
	const char *parent = w->outcome.parent_id, *root;
	int64_t count = 0;

	if (w->outcome.result != IMPORT_SKIPPED || parent == NULL ||
	    id == NULL)
		return;
	root = json_string_at(im->orphans, parent);
	if (root == NULL && !w->outcome.is_account)
		return;
	if (root == NULL)
		root = parent;
	(void)json_int_at(im->missed, root, &count);
	json_put_int(im->missed, root, count + 1);
	if (w->outcome.is_account)
		json_put_string(im->orphans, id, root);
}

static void
settle(struct import *im, const struct pending_document *w)
{
	note_orphan(im, w);
	im->written += w->outcome.result == IMPORT_WRITTEN;
	im->known += w->outcome.result == IMPORT_KNOWN;
	im->replaced += w->outcome.result == IMPORT_REPLACED;
	im->conflicts += w->outcome.result == IMPORT_CONFLICT;
	im->skipped += w->outcome.result == IMPORT_SKIPPED;
	im->uncertain += w->outcome.result == IMPORT_UNCERTAIN;
	if (w->outcome.note != NULL)
		report(im, w->file, w->line, import_document_id(w->document),
		    w->outcome.result, w->outcome.note);
}

/* The documents that the transaction wrote may be there or not. */
static void
settle_uncertain(struct import *im, struct pending_document *first,
    size_t count)
{
	struct pending_document *w;

	for (w = first; w < first + count; w++) {
		if (w->outcome.result == IMPORT_WRITTEN ||
		    w->outcome.result == IMPORT_REPLACED) {
			w->outcome.result = IMPORT_UNCERTAIN;
			w->outcome.note = w->outcome.note == NULL ?
			    "it may or may not be imported" :
			    arena_printf(im->batch_arena, "it may or may not be "
			    "imported; if it is: %s", w->outcome.note);
		}
		settle(im, w);
	}
}

/* ---- batches ---- */

static int
by_order(const void *x, const void *y)
{
	const struct pending_document *a = x, *b = y;
	const char *ia, *ib;
	int order;

	if (a->order != b->order)
		return a->order < b->order ? -1 : 1;
	/* Within a second by id, as in Kazoo's views. */
	ia = import_document_id(a->document);
	ib = import_document_id(b->document);
	order = ia == NULL || ib == NULL ? 0 : strcmp(ia, ib);
	if (order != 0)
		return order;
	return a->arrival < b->arrival ? -1 : 1;
}

struct attempt {
	struct import *import;
	struct pending_document *first;
	size_t count;
	bool begun; /* some may have been written */
};

static struct problem *
write_batch(struct db *db, struct arena *a, void *state)
{
	struct attempt *t = state;
	struct problem *p = NULL;
	size_t i;

	t->begun = true;
	for (i = 0; i < t->count && p == NULL; i++)
		p = import_document(&t->import->importer, db, a, t->first[i].kind,
		    t->first[i].document, &t->first[i].outcome);
	return p;
}

/* Writes one document alone, after a document of its batch failed. False: the
 * import cannot go on. */
static bool
write_alone(struct import *im, struct pending_document *w)
{
	struct attempt one = { im, w, 1, false };
	struct problem *p;

	p = db_transaction(im->ctl->db, im->batch_arena, write_batch, &one);
	if (p != NULL && (p->kind == PROBLEM_UNAVAILABLE ||
	    p->kind == PROBLEM_UNCERTAIN)) {
		im->stopped = problem_copy(im->ctl->arena, p);
		if (p->kind == PROBLEM_UNCERTAIN && one.begun)
			settle_uncertain(im, w, 1);
		return false;
	}
	if (p != NULL) {
		w->outcome.result = IMPORT_SKIPPED;
		w->outcome.note = p->log[0] != '\0' ? p->log : p->text;
	}
	return true;
}

static bool
flush_batch(struct import *im)
{
	struct attempt all = { im, im->batch, im->count, false };
	struct problem *p;
	size_t i;

	if (im->count == 0)
		return true;
	qsort(im->batch, im->count, sizeof(*im->batch), by_order);
	p = db_transaction(im->ctl->db, im->batch_arena, write_batch, &all);
	if (p != NULL && p->kind == PROBLEM_UNCERTAIN) {
		im->stopped = problem_copy(im->ctl->arena, p);
		if (all.begun)
			settle_uncertain(im, im->batch, im->count);
		return false;
	}
	for (i = 0; i < im->count; i++) {
		if (p != NULL && !write_alone(im, &im->batch[i]))
			return false;
		settle(im, &im->batch[i]);
	}
	im->count = 0;
	arena_reset(im->batch_arena);
	return true;
}

/* ---- reading documents ---- */

/* A parent may be behind its children in the file, so accounts wait for the
 * reading of their depth. */
static bool
is_turn(struct import *im, int64_t order)
{
	if (im->phase != 0)
		return true;
	if (order > im->depth && order < im->next_depth)
		im->next_depth = order;
	return order == im->depth;
}

/* Remembers what the dump has, at the last reading. */
static bool
see(struct import *im, struct arena *item_arena, struct json_object *document)
{
	struct import_identity seen;

	if (im->missing == NULL || im->phase != IMPORT_PHASES - 1)
		return true;
	import_settle_see(im->settle, &im->importer, item_arena, document);
	if (!import_identity(&im->importer, document, &seen) ||
	    import_missing_see(im->missing, &seen))
		return true;
	im->stopped = problem_fault(im->ctl->arena, "a temporary file: %s",
	    strerror(errno));
	return false;
}

static bool
take(void *state, struct arena *item_arena, const struct import_item *item)
{
	struct import *im = state;
	const struct import_kind *kind = NULL;
	const char *reason = item->reason;
	struct pending_document *w;
	int64_t order;

	progress_at(&im->progress, im->progress_base + item->offset);
	if (item->document != NULL && !see(im, item_arena, item->document))
		return false;
	if (item->document != NULL)
		kind = import_kind_of(item_arena, item->document, &reason);
	if (kind == NULL) {
		/* Reported in the last phase only: every phase reads every
		 * file. */
		if (im->phase == IMPORT_PHASES - 1) {
			im->skipped++;
			im->bad += item->document == NULL;
			report(im, item->file, item->line,
			    item->document == NULL ? NULL :
			    import_document_id(item->document), IMPORT_SKIPPED,
			    reason);
		}
		return true;
	}
	order = import_order(kind, item->document);
	if (import_kind_phase(kind) != im->phase || !is_turn(im, order))
		return true;
	if (import_is_older(&im->importer, item->document)) {
		im->older++;
		return true;
	}
	w = &im->batch[im->count];
	*w = (struct pending_document){
		.kind = kind,
		.document = json_own(im->batch_arena,
		    json_object_get(item->document)),
		.file = item->file,
		.line = item->line,
		.order = order,
		.arrival = im->count,
	};
	im->count++;
	return im->count < im->capacity || flush_batch(im);
}

static int
read_files(struct import *im, const char *const *files)
{
	const char *error;
	size_t i;

	im->progress_base = 0;
	for (i = 0; files[i] != NULL; i++) {
		if (!import_read(files[i], take, im, &error)) {
			progress_end(&im->progress);
			ctl_tell("reevectl: %s: %s\n", files[i], error);
			return EXIT_NO_INPUT;
		}
		if (im->stopped != NULL)
			break;
		im->progress_base += import_size(files[i]);
	}
	if (im->stopped == NULL)
		(void)flush_batch(im);
	progress_end(&im->progress);
	return im->stopped == NULL ? 0 : ctl_problem(im->ctl, im->stopped);
}

/* ---- copies of what can be read only once ---- */

/* Copies standard input ("-") or another file. NULL: errno says why. */
static const char *
keep_copy(struct arena *a, const char *name)
{
	const char *folder = getenv("TMPDIR");
	char *path = arena_printf(a, "%s/reeve-import-XXXXXX",
	    folder == NULL ? "/tmp" : folder);
	FILE *from = strcmp(name, "-") == 0 ? stdin : fopen(name, "r");
	int fd = from == NULL ? -1 : mkstemp(path);
	FILE *to = fd < 0 ? NULL : fdopen(fd, "w");
	bool ok = to != NULL && import_copy(from, to);

	if (to != NULL && fclose(to) != 0)
		ok = false;
	if (from != NULL && from != stdin)
		fclose(from);
	if (!ok && fd >= 0)
		unlink(path);
	return ok ? path : NULL;
}

/* True of a file that can be opened and read again; also if there is none. */
static bool
lasts(const char *name)
{
	struct stat st;

	return strcmp(name, "-") != 0 &&
	    (stat(name, &st) != 0 || S_ISREG(st.st_mode));
}

static void
forget_copies(const char *const *copies)
{
	for (; *copies != NULL; copies++)
		unlink(*copies);
}

/* The files to read, which are read more than once, and the copies among them.
 * NULL: it was said why. */
static const char *const *
usable_files(struct ctl *ctl, const char ***copies)
{
	size_t count = ctl->operand_count + 1, i, copied = 0;
	const char **files = arena_alloc(ctl->arena, count * sizeof(*files));

	*copies = arena_alloc(ctl->arena, count * sizeof(**copies));
	for (i = 0; i < ctl->operand_count; i++) {
		files[i] = ctl->operands[i];
		if (lasts(files[i]))
			continue;
		files[i] = keep_copy(ctl->arena, files[i]);
		if (files[i] == NULL) {
			ctl_tell("reevectl: cannot keep a copy of %s: "
			    "%s\n", ctl->operands[i], strerror(errno));
			forget_copies(*copies);
			return NULL;
		}
		(*copies)[copied++] = files[i];
	}
	return files;
}

/* ---- what the dump no longer has ---- */

static void
tell_lost(void *state, const struct import_lost *lost)
{
	struct import *im = state;
	const char *what = lost->what.deleted ? "deleted there" :
	    "not in the dump";
	const char *here = lost->loss == LOSS_DELETED ? ", and deleted here" :
	    "";
	struct json_object *row;

	im->lost += lost->loss != LOSS_DELETED;
	im->deleted += lost->loss == LOSS_DELETED;
	if (!im->ctl->json) {
		ctl_tell("%s: %s %s: %s%s%s%s\n", lost->what.account_id,
		    lost->what.kind, lost->what.id, what, here,
		    lost->why == NULL ? "" : "; it stays: ",
		    lost->why == NULL ? "" : lost->why);
		return;
	}
	row = json_object_new_object();
	json_put_bool(row, "missing", true);
	json_put_string(row, "account_id", lost->what.account_id);
	json_put_string(row, "kind", lost->what.kind);
	json_put_string(row, "id", lost->what.id);
	json_put_bool(row, "deleted_there", lost->what.deleted);
	json_put_bool(row, "deleted", lost->loss == LOSS_DELETED);
	if (lost->why != NULL)
		json_put_string(row, "reason", lost->why);
	put_report(im, row);
}

static int
find_missing(struct import *im)
{
	struct import_search search = {
		.ctl = im->ctl,
		.importer = &im->importer,
		.deletes = ctl_option(im->ctl, "delete-missing") != NULL,
		.tell = tell_lost,
		.state = im,
	};
	struct problem *p;

	if (im->missing == NULL)
		return 0;
	if ((p = import_missing_find(im->missing, &search)) != NULL)
		return ctl_problem(im->ctl, p);
	if (search.uncompared > 0)
		ctl_tell("reevectl: the dump has no objects of %lld accounts: "
		    "theirs are not compared\n", (long long)search.uncompared);
	return 0;
}

/* ---- missing parents ---- */

static void
tell_orphans(struct import *im)
{
	struct json_object *row;
	const char *reason;

	json_object_object_foreach(im->missed, parent, number) {
		reason = arena_printf(im->ctl->arena, "this parent is not here: "
		    "%lld documents were left out with the accounts below it",
		    (long long)json_object_get_int64(number));
		if (!im->ctl->json) {
			ctl_tell("%s: %s\n", parent, reason);
			continue;
		}
		row = json_object_new_object();
		json_put_string(row, "missing_parent", parent);
		json_put_int(row, "left_out", json_object_get_int64(number));
		json_put_string(row, "reason", reason);
		put_report(im, row);
	}
}

/* ---- quantities ---- */

static void
tell_quantities(void *state, const char *account_id, const char *differences)
{
	struct import *im = state;
	const char *reason = arena_printf(im->ctl->arena, "its objects count "
	    "otherwise here: %s", differences);
	struct json_object *row;

	if (!im->ctl->json) {
		ctl_tell("%s: %s\n", account_id, reason);
		return;
	}
	row = json_object_new_object();
	json_put_bool(row, "counts_otherwise", true);
	json_put_string(row, "account_id", account_id);
	json_put_string(row, "reason", reason);
	put_report(im, row);
}

static int
settle_quantities(struct import *im)
{
	struct problem *p = im->settle == NULL ? NULL :
	    import_settle_accounts(im->settle, &im->importer, tell_quantities,
	    im);

	return p == NULL ? 0 : ctl_problem(im->ctl, p);
}

/* ---- the command ---- */

static void
print_totals(struct import *im)
{
	if (im->ctl->json && !im->reported)
		begin_reports(im);
	ctl_print(im->ctl->json ?
	    "],\"imported\":%lld,\"known\":%lld,\"skipped\":%lld" :
	    "%lld imported, %lld here already, %lld skipped",
	    (long long)im->written, (long long)im->known,
	    (long long)im->skipped);
	if (im->importer.since != 0)
		ctl_print(im->ctl->json ? ",\"replaced\":%lld,\"older\":%lld,"
		    "\"missing\":%lld,\"deleted\":%lld" :
		    ", %lld replaced, %lld older, %lld missing, %lld deleted",
		    (long long)im->replaced, (long long)im->older,
		    (long long)im->lost, (long long)im->deleted);
	if (im->conflicts > 0)
		ctl_print(im->ctl->json ? ",\"conflict\":%lld" :
		    ", %lld in conflict", (long long)im->conflicts);
	if (im->uncertain > 0)
		ctl_print(im->ctl->json ? ",\"uncertain\":%lld" :
		    ", %lld uncertain", (long long)im->uncertain);
	ctl_print(im->ctl->json ? "}\n" : "\n");
}

static void
say_how_to_go_on(const struct import *im)
{
	if (im->uncertain > 0)
		ctl_tell("reevectl: %lld documents may or may not be "
		    "imported: the connection was lost while they were "
		    "committed. Running it again is safe: it finds those that "
		    "are here\n", (long long)im->uncertain);
	ctl_tell("reevectl: %lld documents are imported; run it again "
	    "to go on\n", (long long)im->written);
}

static int
run_phase(struct import *im, const char *const *files, int64_t total)
{
	int status;

	im->next_depth = 0;
	do {
		im->depth = im->next_depth;
		im->next_depth = NO_DEPTH;
		progress_begin(&im->progress, im->phase == 0 ?
		    "accounts " : "documents", total);
		status = read_files(im, files);
	} while (status == 0 && im->next_depth != NO_DEPTH);
	return status;
}

/* The accounts in a transaction. */
static int64_t
accounts_in(int64_t batch)
{
	return batch > ACCOUNTS_MAX ? ACCOUNTS_MAX : batch;
}

static int
run_phases(struct import *im, const char *const *files, size_t batch)
{
	int64_t total = 0;
	int status = 0;
	size_t i;

	for (i = 0; files[i] != NULL; i++)
		total += import_size(files[i]);
	for (im->phase = 0; im->phase < IMPORT_PHASES && status == 0; im->phase++) {
		im->capacity = im->phase == 0 ? (size_t)accounts_in(
		    (int64_t)batch) : batch;
		status = run_phase(im, files, total);
	}
	if (status == 0)
		status = find_missing(im);
	if (status == 0)
		status = settle_quantities(im);
	tell_orphans(im);
	print_totals(im);
	if (status != 0)
		say_how_to_go_on(im);
	return status;
}

/* Without the option *since stays 0. False: the text is not a moment. Numbers of
 * Unix time would be moments before 1970. */
static bool
read_since(const struct ctl *ctl, int64_t *since)
{
	const char *text = ctl_option(ctl, "since");
	char *end;

	if (text == NULL || gregorian_parse_moment(text, since))
		return true;
	errno = 0;
	*since = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0' && *since >= GREGORIAN_UNIX_EPOCH &&
	    *since <= GREGORIAN_MAX;
}

/* Options that exclude each other, and those that need another. Returns 0, or the
 * status of a usage error. */
static int
check_options(struct ctl *ctl)
{
	static const char *const excluded[][2] = {
		{ "sample", "rehearse" }, { "sample", "since" },
		{ "sample", "delete-missing" }, { "sample", "account" },
		{ "sample", "batch" }, { "sample", "csv" },
		{ "sample", "html" }, { "rehearse", "since" },
		{ "rehearse", "delete-missing" },
	};
	static const char *const needed[][2] = {
		{ "delete-missing", "since" }, { "csv", "rehearse" },
		{ "html", "rehearse" },
	};
	size_t i;

	for (i = 0; i < NELEM(excluded); i++)
		if (ctl_option(ctl, excluded[i][0]) != NULL &&
		    ctl_option(ctl, excluded[i][1]) != NULL)
			return ctl_usage(ctl, "--%s and --%s: one of them",
			    excluded[i][0], excluded[i][1]);
	for (i = 0; i < NELEM(needed); i++)
		if (ctl_option(ctl, needed[i][0]) != NULL &&
		    ctl_option(ctl, needed[i][1]) == NULL)
			return ctl_usage(ctl, "--%s needs --%s", needed[i][0],
			    needed[i][1]);
	if (ctl_option(ctl, "sample") != NULL &&
	    (ctl->operand_count > 0 || ctl->json))
		return ctl_usage(ctl, "--sample reads no file, and has no JSON");
	return 0;
}

/* Reads the options that are not about files. Returns 0, or the status of a usage
 * error. */
static int
read_options(struct ctl *ctl, struct importer *importer, int64_t *batch)
{
	const char *batch_text = ctl_option(ctl, "batch");
	int status;

	importer->account = ctl_option(ctl, "account");
	if (ctl->operand_count == 0)
		return ctl_usage(ctl, "which file?");
	if (importer->account != NULL && (status = ctl_check_id(ctl, "account",
	    importer->account)) != 0)
		return status;
	if (batch_text != NULL &&
	    (!ctl_count(batch_text, batch) || *batch > BATCH_MAX))
		return ctl_usage(ctl, "--batch needs a number from 1 to %d",
		    BATCH_MAX);
	if (!read_since(ctl, &importer->since))
		return ctl_usage(ctl, "--since needs Gregorian seconds, "
		    "YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ");
	return ctl_need_classes(ctl);
}

static int
import_files(struct import *im, size_t batch)
{
	const char *const *files;
	const char **copies;
	int status;

	if ((files = usable_files(im->ctl, &copies)) == NULL)
		return EXIT_NO_INPUT;
	im->orphans = json_own(im->ctl->arena, json_object_new_object());
	im->missed = json_own(im->ctl->arena, json_object_new_object());
	im->batch_arena = arena_new(1024 * 1024);
	im->batch = calloc(batch, sizeof(*im->batch));
	if (im->batch == NULL)
		return EXIT_BUG;
	status = run_phases(im, files, batch);
	free(im->batch);
	arena_free(&im->batch_arena);
	forget_copies(copies);
	/* The other lines are imported; the status still tells of those that
	 * cannot be read, or say something else than what is here. */
	return status == 0 && im->bad + im->conflicts > 0 ? EXIT_DATA : status;
}

int
command_import(struct ctl *ctl)
{
	struct import im = {
		.ctl = ctl,
		.importer = { .actor = ctl_actor(ctl, ctl->arena) },
	};
	int64_t batch = BATCH;
	struct problem *p;
	int status;

	if ((status = check_options(ctl)) != 0)
		return status;
	if (ctl_option(ctl, "sample") != NULL) {
		config_print_sample(stdout, true);
		return 0;
	}
	if ((status = read_options(ctl, &im.importer, &batch)) != 0)
		return status;
	if (ctl_option(ctl, "rehearse") != NULL)
		return rehearsal_run(ctl, &im.importer, batch,
		    accounts_in(batch));
	if (im.importer.since != 0 &&
	    (im.missing = import_missing_new()) == NULL) {
		ctl_tell("reevectl: no temporary files: %s\n", strerror(errno));
		return EXIT_NO_INPUT;
	}
	if (im.missing != NULL &&
	    (p = import_settle_new(ctl, &im.settle)) != NULL)
		status = ctl_problem(ctl, p);
	else
		status = import_files(&im, (size_t)batch);
	import_settle_free(&im.settle);
	import_missing_free(&im.missing);
	return status;
}
