/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * reevectl usage import: writes usage from files to ledgers, as PUT
 * ledgers/usage does, many entries in one transaction. Entries that are already
 * stored are recognized, so an interrupted import is repeated from the start; one
 * that says something else than what is stored is a conflict. Each row or line is
 * one of created, known, in conflict and refused.
 */
#include "config.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "ctl/command.h"
#include "ctl/print.h"
#include "ctl/progress.h"
#include "ctl/usage_reader.h"
#include "ctl/usage_text.h"
#include "store/accounts.h"
#include "store/ledgers.h"

#define BATCH 1000
#define BATCH_MAX 10000

struct usage_import {
	struct ctl *ctl;
	const char *account_id; /* owner of entries that name no account */
	int64_t now;
	struct arena *arena; /* of the batch */
	struct ledger *ledgers;
	struct ledger_result *results;
	int64_t *lines;
	const char *file;
	size_t count;
	size_t read; /* since the last batch, with those that were refused */
	size_t capacity;
	struct progress progress;
	int64_t progress_base; /* bytes of files done */
	int64_t created, known, conflicts, bad;
	int64_t rounded; /* of created: amounts that were rounded */
	struct problem *stopped; /* the problem that ended the import */
};

static void
tell(struct usage_import *u, int64_t line, const char *why)
{
	progress_end(&u->progress);
	ctl_tell("%s:%lld: %s\n", u->file, (long long)line, why);
}

static void
refuse(struct usage_import *u, int64_t line, const char *why)
{
	tell(u, line, why);
	u->bad++;
}

static void
settle(struct usage_import *u, size_t i)
{
	const struct ledger_result *result = &u->results[i];

	if (result->outcome == LEDGER_FOREIGN) {
		refuse(u, u->lines[i], "account.id: no such account at "
		    "or below the one it is imported for");
	} else if (result->differences != 0) {
		u->conflicts++;
		tell(u, u->lines[i], arena_printf(u->arena,
		    "conflict: %s is stored, and differs: %s", result->id,
		    ledger_difference_names(u->arena, result->differences)));
	} else {
		u->known += result->outcome == LEDGER_KNOWN;
		u->created += result->outcome == LEDGER_WRITTEN;
		u->rounded += result->outcome == LEDGER_WRITTEN &&
		    u->ledgers[i].rounded;
	}
}

static struct problem *
write_batch(struct db *db, struct arena *a, void *state)
{
	struct usage_import *u = state;

	return store_ledger_add(db, a, &(struct ledger_batch){ u->account_id,
	    u->ledgers, u->count, u->now }, u->results);
}

static bool
flush(struct usage_import *u)
{
	struct problem *p;
	size_t i;

	p = u->count == 0 ? NULL :
	    db_transaction(u->ctl->db, u->arena, write_batch, u);
	if (p != NULL) {
		u->stopped = problem_copy(u->ctl->arena, p);
		return false;
	}
	for (i = 0; i < u->count; i++)
		settle(u, i);
	u->count = 0;
	u->read = 0;
	arena_reset(u->arena);
	return true;
}

static bool
take(void *state, struct arena *item_arena, const struct import_item *item)
{
	struct usage_import *u = state;
	struct ledger_note note = { .trigger = "reevectl", .module = "usage" };
	struct ledger *l = &u->ledgers[u->count];
	struct problem *p;

	(void)item_arena;
	progress_at(&u->progress, u->progress_base + item->offset);
	if (item->document == NULL) {
		refuse(u, item->line, item->reason);
		return true;
	}
	*l = (struct ledger){ .account_id = u->account_id, .created = u->now };
	u->read++;
	p = ledger_read_usage(u->arena, json_own(u->arena,
	    json_object_get(item->document)), "", l, &note);
	if (p != NULL) {
		refuse(u, item->line, ctl_describe(u->arena, p));
		/* Nothing waits in the arena: the batch begins again. */
		return (u->count > 0 && u->read < u->capacity) || flush(u);
	}
	ledger_complete(u->arena, l, &note);
	u->lines[u->count++] = item->line;
	return u->read < u->capacity || flush(u);
}

static bool
is_csv(const struct ctl *ctl, const char *file)
{
	size_t n = strlen(file);

	return ctl_option(ctl, "csv") != NULL || (n > 4 &&
	    (strcasecmp(file + n - 4, ".csv") == 0 ||
	    strcasecmp(file + n - 4, ".tsv") == 0));
}

/* The delimiter that --delimiter names; NUL: none is. */
static char
delimiter_of(const struct ctl *ctl)
{
	const char *given = ctl_option(ctl, "delimiter");

	if (given == NULL)
		return '\0';
	return strcmp(given, "tab") == 0 ? '\t' : given[0];
}

static int
import_file(struct usage_import *u, const char *file)
{
	const struct usage_csv csv = {
		.map = { ctl_option(u->ctl, "map"), ctl_option(u->ctl, "set") },
		.encoding = ctl_option(u->ctl, "encoding"),
		.delimiter = delimiter_of(u->ctl),
	};
	const char *error = "";
	bool ok;

	u->file = file;
	ok = is_csv(u->ctl, file) ?
	    usage_read_csv(u->ctl->arena, file, &csv, take, u, &error) :
	    import_read(file, take, u, &error);
	if (!ok) {
		progress_end(&u->progress);
		ctl_tell("reevectl: %s: %s\n", file, error);
		return EXIT_NO_INPUT;
	}
	if (u->stopped == NULL)
		(void)flush(u);
	u->progress_base += import_size(file);
	return u->stopped == NULL ? 0 : ctl_problem(u->ctl, u->stopped);
}

static void
print_totals(const struct usage_import *u)
{
	const long long created = u->created, known = u->known, bad = u->bad;
	const long long conflicts = u->conflicts, rounded = u->rounded;

	if (u->ctl->json) {
		ctl_print("{\"created\":%lld,\"duplicate\":%lld,"
		    "\"conflict\":%lld,\"error\":%lld,\"rounded\":%lld}\n",
		    created, known, conflicts, bad, rounded);
		return;
	}
	ctl_print("%lld imported, %lld here already, %lld refused", created, known,
	    bad);
	if (conflicts > 0)
		ctl_print(", %lld in conflict", conflicts);
	if (rounded > 0)
		ctl_print("; %lld amounts were rounded to six decimals", rounded);
	ctl_print("\n");
}

static int
import_files(struct usage_import *u)
{
	int64_t total = 0;
	int status = 0;
	size_t i;

	for (i = 0; i < u->ctl->operand_count; i++)
		total += import_size(u->ctl->operands[i]);
	progress_begin(&u->progress, "usage", total);
	for (i = 0; i < u->ctl->operand_count && status == 0; i++)
		status = import_file(u, u->ctl->operands[i]);
	progress_end(&u->progress);
	print_totals(u);
	if (status == EXIT_UNAVAILABLE)
		ctl_tell("reevectl: run it again: what is in is not counted "
		    "twice\n");
	return status != 0 ? status : u->bad + u->conflicts > 0 ? EXIT_DATA : 0;
}

static int
check_map(struct ctl *ctl, const char *option, bool field_first)
{
	const char *wrong = usage_map_fault(ctl->arena,
	    ctl_option(ctl, option), field_first);

	return wrong == NULL ? 0 : ctl_usage(ctl, "--%s: %s", option, wrong);
}

static int
check_text(struct ctl *ctl)
{
	const char *delimiter = ctl_option(ctl, "delimiter");
	const char *encoding = ctl_option(ctl, "encoding");

	if (delimiter != NULL && strcmp(delimiter, "tab") != 0 &&
	    (strlen(delimiter) != 1 || strchr("\"\r\n ", delimiter[0]) != NULL ||
	    isalnum((unsigned char)delimiter[0]) ||
	    (unsigned char)delimiter[0] > 127))
		return ctl_usage(ctl, "--delimiter needs one character, or tab");
	if (encoding != NULL && !usage_text_knows(encoding))
		return ctl_usage(ctl, "--encoding: \"%s\" is not known",
		    encoding);
	return 0;
}

/* JSON lines name their fields themselves, and are UTF-8: none of these options
 * is for them. */
static int
check_forms(struct ctl *ctl)
{
	static const char *const options[] = { "map", "set", "delimiter",
		"encoding" };
	size_t i, j;

	for (i = 0; i < NELEM(options); i++)
		for (j = 0; ctl_option(ctl, options[i]) != NULL &&
		    j < ctl->operand_count; j++)
			if (!is_csv(ctl, ctl->operands[j]))
				return ctl_usage(ctl, "--%s is for CSV: if %s "
				    "is, --csv says so", options[i],
				    ctl->operands[j]);
	return 0;
}

/* The account of --account, or else the master account, the ancestor of all. */
static int
find_account(struct ctl *ctl, const char **id)
{
	const char *given = ctl_option(ctl, "account");
	struct account *account;
	struct problem *p;
	int status;

	if (given != NULL &&
	    (status = ctl_check_id(ctl, "account", given)) != 0)
		return status;
	p = store_account_show(ctl->db, ctl->arena, given, &account);
	if (p == NULL && account == NULL)
		p = problem_bad_identifier(ctl->arena, given == NULL ?
		    "the master account" : given);
	if (p != NULL)
		return ctl_problem(ctl, p);
	*id = account->id;
	return 0;
}

int
command_usage_import(struct ctl *ctl)
{
	const char *batch = ctl_option(ctl, "batch");
	struct usage_import u = { .ctl = ctl, .now = gregorian_now() };
	int64_t capacity = BATCH;
	int status;

	if (ctl->operand_count == 0)
		return ctl_usage(ctl, "a file is needed");
	if (batch != NULL && (!ctl_count(batch, &capacity) ||
	    capacity > BATCH_MAX))
		return ctl_usage(ctl, "--batch needs a number from 1 to %d",
		    BATCH_MAX);
	if ((status = check_map(ctl, "map", false)) != 0 ||
	    (status = check_map(ctl, "set", true)) != 0 ||
	    (status = check_text(ctl)) != 0 ||
	    (status = check_forms(ctl)) != 0 ||
	    (status = find_account(ctl, &u.account_id)) != 0)
		return status;
	u.capacity = (size_t)capacity;
	u.arena = arena_new(1024 * 1024);
	u.ledgers = arena_alloc(ctl->arena, u.capacity * sizeof(*u.ledgers));
	u.results = arena_alloc(ctl->arena, u.capacity * sizeof(*u.results));
	u.lines = arena_alloc(ctl->arena, u.capacity * sizeof(*u.lines));
	status = import_files(&u);
	arena_free(&u.arena);
	return status;
}
