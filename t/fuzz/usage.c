/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Files of usage, as reevectl usage import reads them: a first line with the map
 * of columns, a second with constants, then CSV; or lines of JSON from the
 * beginning.
 */
#include "config.h"

#include "ctl/usage_reader.h"

#include "base/gregorian.h"
#include "billing/ledger.h"
#include "fuzz.h"

#define NOW INT64_C(63961000000)

struct seen {
	int64_t length; /* of the file */
	bool in_rows;   /* it is CSV: each row is given once */
	int64_t line;
	int64_t offset;
};

/* An entry that is read can be stored, and has the same key each time. */
static void
check_entry(struct arena *a, struct ledger *l, struct ledger_note *note)
{
	char dedupe[LEDGER_DEDUPE_SIZE], again[LEDGER_DEDUPE_SIZE];
	struct json_object *document;
	const char *error;

	demand(l->debit && l->amount >= 0 && l->amount <= MONEY_MAX);
	demand(l->service != NULL && l->source_id != NULL);
	demand(l->created >= 0 && l->created <= GREGORIAN_MAX);
	demand(l->period_start >= 0 && l->period_end <= GREGORIAN_MAX);
	ledger_dedupe(l, dedupe);
	ledger_complete(a, l, note);
	demand(id_month_valid(l->id));
	document = json_parse(a, l->document, strlen(l->document), &error);
	demand(json_object_is_type(document, json_type_object));
	demand(fuzz_same(json_canonical_text(a, document), l->document));
	ledger_dedupe(l, again);
	demand(fuzz_same(dedupe, again));
}

static bool
take(void *state, struct arena *a, const struct import_item *item)
{
	struct ledger_note note = { .trigger = "reevectl", .module = "usage" };
	struct ledger l = { .account_id = "5b1c3e9f7a2d4c60b8e4d19a6f03c752",
		.created = NOW };
	struct seen *s = state;
	struct problem *p;

	demand((item->document == NULL) == (item->reason != NULL));
	demand(item->line >= 1);
	demand(!s->in_rows || item->line == s->line + 1);
	demand(item->offset >= s->offset && item->offset <= s->length);
	s->line = item->line;
	s->offset = item->offset;
	if (item->document == NULL)
		return true;
	p = ledger_read_usage(a, json_own(a, json_object_get(item->document)),
	    "", &l, &note);
	if (p != NULL)
		fuzz_demand_invalid(p);
	else
		check_entry(a, &l, &note);
	return true;
}

static void
read_csv(struct arena *a, struct fuzz_part rest)
{
	static struct fuzz_file file;
	const char *columns = fuzz_text(a, fuzz_take(&rest, "\n"));
	const char *constants = fuzz_text(a, fuzz_take(&rest, "\n"));
	const struct usage_csv csv = { .map = {
		columns[0] == '\0' ? NULL : columns,
		constants[0] == '\0' ? NULL : constants,
	} };
	struct seen seen = { .length = (int64_t)rest.length, .in_rows = true,
		.line = 1 };
	const char *error = NULL;

	if (usage_map_fault(a, csv.map.columns, false) != NULL ||
	    usage_map_fault(a, csv.map.constants, true) != NULL)
		return;
	fuzz_write(&file, rest);
	if (!usage_read_csv(a, file.path, &csv, take, &seen, &error))
		demand(error != NULL && error[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	const struct fuzz_part part = { (const char *)bytes, length };
	static struct fuzz_file file;
	struct seen seen = { .length = (int64_t)length };
	struct arena *a = arena_new(4096);
	const char *error = NULL;

	if (length > 0 && bytes[0] == '{') {
		fuzz_write(&file, part);
		demand(import_read(file.path, take, &seen, &error));
	} else {
		read_csv(a, part);
	}
	arena_free(&a);
	return 0;
}
