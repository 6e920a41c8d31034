/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/usage_reader.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/formula.h"
#include "base/json.h"
#include "base/utf8.h"
#include "ctl/usage_rows.h"
#include "ctl/usage_text.h"

#define COLUMNS_MAX 200
#define NO_TEXT "it is not UTF-8, or has a NUL byte"

struct csv_reader {
	const char *path;
	const struct usage_csv *csv;
	struct arena *arena;  /* of the file */
	struct arena *row_arena;
	bool (*each)(void *, struct arena *, const struct import_item *);
	void *state;
	const char *names[COLUMNS_MAX];   /* of the first row */
	const char *columns[COLUMNS_MAX]; /* their fields; NULL: left out */
	size_t column_count;
	bool signed_amounts;     /* the API's own CSV: debits are negative */
	struct json_object *row; /* the row being read; NULL: none */
	size_t at;               /* index of the column being read */
	int64_t line;
	int64_t offset;
	const char *wrong; /* the row's fault; NULL: none */
	const char *error; /* the file's fault; NULL: none */
	bool stopped;
};

/* ---- cells ---- */

static bool
is_text(const char *bytes, size_t length)
{
	size_t at, step;

	for (at = 0; at < length; at += step) {
		step = utf8_length(bytes + at, length - at);
		if (step == 0 || bytes[at] == '\0')
			return false;
	}
	return true;
}

static void
begin_row(struct csv_reader *r)
{
	if (r->row != NULL)
		return;
	r->row = json_own(r->row_arena, json_object_new_object());
	if (r->line > 0)
		usage_map_put_constants(r->row_arena, &r->csv->map, r->row);
}

/* A credit is no usage: its amount stays negative, which is refused. */
static const char *
amount_of_debit(struct arena *a, const char *amount)
{
	if (amount[0] == '-')
		return amount + 1;
	return strspn(amount, "0.") == strlen(amount) ? amount :
	    arena_printf(a, "-%s", amount);
}

static void
name_column(struct csv_reader *r, size_t at, const char *name)
{
	if (name[0] == '\'' && is_formula(name + 1))
		name++;
	r->names[at] = name;
	r->columns[at] = usage_map_field(r->arena, &r->csv->map, name);
	r->column_count = at + 1;
}

/*
 * Why an empty cell cannot be left out; NULL: it can. Without these fields a row
 * would be charged nothing, or to the owner of the file, or today.
 */
static const char *
fault_of_empty(struct csv_reader *r, const char *field)
{
	bool is_amount = strcmp(field, "amount") == 0;

	if (!is_amount && ((strcmp(field, "account.id") != 0 &&
	    strcmp(field, "period.start") != 0) ||
	    usage_map_is_constant(r->row_arena, &r->csv->map, field)))
		return NULL;
	return arena_printf(r->row_arena, "%s: the cell is empty", field);
}

static void
put_cell(struct csv_reader *r, const char *field, const char *text)
{
	if (text[0] == '\0') {
		if (r->wrong == NULL)
			r->wrong = fault_of_empty(r, field);
		return;
	}
	if (r->signed_amounts && strcmp(field, "amount") == 0)
		text = amount_of_debit(r->row_arena, text);
	usage_map_put(r->row_arena, r->row, field, text);
}

static void
take_cell(void *state, const char *bytes, size_t length)
{
	struct csv_reader *r = state;
	const char *text;
	size_t at;

	if (r->stopped)
		return;
	begin_row(r);
	at = r->at++;
	if (at >= COLUMNS_MAX) {
		r->wrong = "it has too many columns";
		return;
	}
	if (!is_text(bytes, length)) {
		r->wrong = NO_TEXT;
		return;
	}
	text = arena_strndup(r->line == 0 ? r->arena : r->row_arena, bytes,
	    length);
	if (r->line == 0)
		name_column(r, at, text);
	else if (at < r->column_count && r->columns[at] != NULL)
		put_cell(r, r->columns[at], text);
}

/* ---- the first row ---- */

static bool
has_column(const struct csv_reader *r, const char *name)
{
	size_t i;

	for (i = 0; i < r->column_count; i++)
		if (strcmp(r->names[i], name) == 0)
			return true;
	return false;
}

/* Every column of the map must be there, or amounts would be lost silently. */
static const char *
missing_column(struct csv_reader *r)
{
	char *rest = arena_strdup(r->arena, r->csv->map.columns);
	const char *name, *unused;

	while (usage_map_next(&rest, &name, &unused))
		if (!has_column(r, name))
			return arena_printf(r->arena, "--map: the first row has "
			    "no column \"%s\"", name);
	return NULL;
}

/* Of two columns for one field, one would be lost. */
static const char *
repeated_column(struct csv_reader *r)
{
	size_t i, j;

	for (i = 0; i < r->column_count; i++)
		for (j = 0; r->columns[i] != NULL && j < i; j++)
			if (r->columns[j] != NULL &&
			    strcmp(r->columns[i], r->columns[j]) == 0)
				return arena_printf(r->arena, "the first row: "
				    "\"%s\" and \"%s\" are both %s", r->names[j],
				    r->names[i], r->columns[i]);
	return NULL;
}

static void
check_first_row(struct csv_reader *r)
{
	if (r->wrong != NULL)
		r->error = arena_printf(r->arena, "the first row: %s%s",
		    r->wrong, strcmp(r->wrong, NO_TEXT) == 0 ? ": --encoding "
		    "names another encoding" : "");
	if (r->error == NULL)
		r->error = missing_column(r);
	if (r->error == NULL)
		r->error = repeated_column(r);
	r->stopped = r->error != NULL;
	r->signed_amounts = !r->stopped && has_column(r, "Amount") &&
	    has_column(r, "Source Service") && has_column(r, "Source ID");
}

/* ---- rows ---- */

static void
give_row(struct csv_reader *r)
{
	struct import_item item = {
		.file = r->path,
		.offset = r->offset,
		.line = r->line,
		.document = r->row,
	};

	if (r->wrong == NULL && r->at > r->column_count)
		r->wrong = "it has more columns than the first row";
	if (r->wrong == NULL && r->at < r->column_count)
		r->wrong = "it has fewer columns than the first row";
	if (r->wrong != NULL) {
		item.document = NULL;
		item.reason = r->wrong;
	}
	r->stopped = !r->each(r->state, r->row_arena, &item);
}

/* "sep=;" says the delimiter, and is no row. */
static bool
is_separator(const struct csv_reader *r)
{
	return r->line == 0 && r->at == 2 && r->wrong == NULL &&
	    strcasecmp(r->names[0], "sep=") == 0 && r->names[1][0] == '\0';
}

static void
end_row(void *state, const char *fault)
{
	struct csv_reader *r = state;

	if (r->stopped)
		return;
	if (fault != NULL)
		r->wrong = fault;
	if (is_separator(r))
		r->column_count = 0;
	else if (++r->line == 1)
		check_first_row(r);
	else
		give_row(r);
	r->row = NULL;
	r->wrong = NULL;
	r->at = 0;
	arena_reset(r->row_arena);
}

/* ---- the file ---- */

static bool
read_rows(struct csv_reader *r, struct usage_text *text)
{
	struct usage_rows rows = {
		.delimiter = r->csv->delimiter,
		.take_cell = take_cell,
		.end_row = end_row,
		.state = r,
	};
	char block[USAGE_TEXT_BLOCK];
	size_t length;

	usage_rows_init(&rows, r->arena);
	while (!r->stopped) {
		if (!usage_text_read(text, block, &length))
			return false;
		if (length == 0)
			break;
		if (rows.delimiter == '\0')
			rows.delimiter = usage_rows_delimiter(block, length);
		r->offset = text->offset;
		usage_rows_feed(&rows, block, length);
	}
	if (!r->stopped)
		usage_rows_end(&rows);
	return true;
}

bool
usage_read_csv(struct arena *a, const char *path, const struct usage_csv *csv,
    bool (*each)(void *state, struct arena *item_arena,
    const struct import_item *item), void *state, const char **error)
{
	struct csv_reader r = {
		.path = path,
		.csv = csv,
		.arena = a,
		.each = each,
		.state = state,
	};
	struct usage_text *text = arena_alloc(a, sizeof(*text));

	r.row_arena = arena_new(64 * 1024);
	if (!usage_text_open(text, path, csv->encoding) ||
	    !read_rows(&r, text))
		r.error = strerror(errno);
	arena_free(&r.row_arena);
	usage_text_close(text);
	if (r.error != NULL)
		*error = r.error;
	return r.error == NULL;
}
