/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ctl/usage_reader.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/gregorian.h"
#include "base/json.h"
#include "base/utf8.h"

#define COLUMNS_MAX 200
#define METADATA "metadata."

enum field_type { FIELD_TEXT, FIELD_NUMBER, FIELD_MOMENT };

/* The fields of a row, and their names in the API's own CSV. */
static const struct field {
	const char *path;
	const char *heading;
	enum field_type type;
} fields[] = {
	{ "account.id", "Account ID", FIELD_TEXT },
	{ "account.name", "Account Name", FIELD_TEXT },
	{ "amount", "Amount", FIELD_NUMBER },
	{ "description", "Description", FIELD_TEXT },
	{ "period.end", "End Time", FIELD_MOMENT },
	{ "period.start", "Start Time", FIELD_MOMENT },
	{ "source.id", "Source ID", FIELD_TEXT },
	{ "source.service", "Source Service", FIELD_TEXT },
	{ "usage.quantity", "Usage Quantity", FIELD_NUMBER },
	{ "usage.type", "Usage Type", FIELD_TEXT },
	{ "usage.unit", "Usage Unit", FIELD_TEXT },
};

struct csv_reader {
	const char *path;
	const struct usage_map *map;
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

/* ---- fields ---- */

static const struct field *
find_field(const char *path)
{
	size_t i;

	for (i = 0; i < NELEM(fields); i++)
		if (strcmp(fields[i].path, path) == 0)
			return &fields[i];
	return NULL;
}

static bool
is_field(const char *path)
{
	return find_field(path) != NULL || (strncmp(path, METADATA,
	    sizeof(METADATA) - 1) == 0 && path[sizeof(METADATA) - 1] != '\0');
}

/*
 * Takes the next "LEFT=RIGHT" off a comma-separated list. Without '=' *right is
 * "". False: the list is at its end.
 */
static bool
next_pair(char **rest, const char **left, const char **right)
{
	char *pair = strsep(rest, ","), *sign;

	if (pair == NULL)
		return false;
	*left = pair;
	*right = "";
	if ((sign = strchr(pair, '=')) != NULL) {
		*sign = '\0';
		*right = sign + 1;
	}
	return true;
}

bool
usage_map_valid(struct arena *a, const char *pairs, bool field_first,
    const char **wrong)
{
	char *rest = pairs == NULL ? NULL : arena_strdup(a, pairs);
	const char *left, *right;

	while (next_pair(&rest, &left, &right)) {
		*wrong = field_first ? left : right;
		if (!is_field(*wrong))
			return false;
	}
	return true;
}

/* The field of a column, NULL: none. */
static const char *
field_of_column(struct csv_reader *r, const char *name)
{
	char *rest = r->map->columns == NULL ? NULL :
	    arena_strdup(r->arena, r->map->columns);
	const char *left, *right;
	size_t i;

	while (next_pair(&rest, &left, &right))
		if (strcmp(left, name) == 0)
			return right;
	if (is_field(name))
		return name;
	for (i = 0; i < NELEM(fields); i++)
		if (strcmp(fields[i].heading, name) == 0)
			return fields[i].path;
	return NULL;
}

/* ---- values ---- */

/* Reads "YYYY-MM-DD", optionally followed by a blank or T, "hh:mm:ss" and an
 * optional Z. */
static bool
read_moment(const char *text, int64_t *out)
{
	char day[GREGORIAN_DAY_SIZE];
	int hour = 0, minute = 0, second = 0, used = 0;

	if (strlen(text) < sizeof(day) - 1)
		return false;
	memcpy(day, text, sizeof(day) - 1);
	day[sizeof(day) - 1] = '\0';
	if (!gregorian_parse_day(day, out))
		return false;
	text += sizeof(day) - 1;
	if (*text == '\0')
		return true;
	if ((*text != 'T' && *text != ' ') || sscanf(text + 1,
	    "%2d:%2d:%2d%n", &hour, &minute, &second, &used) != 3 ||
	    hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
	    second > 60)
		return false;
	*out += hour * 3600 + minute * 60 + second;
	text += 1 + used;
	return strcmp(text, "") == 0 || strcmp(text, "Z") == 0;
}

/* A text that is not a number stays a text, which the schema refuses. */
static struct json_object *
number_json(struct arena *a, const char *text)
{
	struct json_object *json;
	const char *error;

	json = json_parse(a, text, strlen(text), &error);
	return json_object_is_type(json, json_type_int) ||
	    json_object_is_type(json, json_type_double) ?
	    json_object_get(json) : json_object_new_string(text);
}

static struct json_object *
value_json(struct arena *a, enum field_type type, const char *text)
{
	int64_t moment;

	if (type == FIELD_TEXT)
		return json_object_new_string(text);
	if (type == FIELD_MOMENT && read_moment(text, &moment))
		return json_object_new_int64(moment);
	return number_json(a, text);
}

/* Sets a field of a row; a dot leads to a member of a member, as in
 * "usage.quantity". */
static void
put_field(struct arena *a, struct json_object *row, const char *path,
    const char *text)
{
	const struct field *field = find_field(path);
	struct json_object *value = value_json(a,
	    field == NULL ? FIELD_TEXT : field->type, text), *inner;
	const char *dot = strchr(path, '.');
	const char *outer;

	if (dot == NULL) {
		json_object_object_add(row, path, value);
		return;
	}
	outer = arena_printf(a, "%.*s", (int)(dot - path), path);
	if (!json_object_object_get_ex(row, outer, &inner)) {
		inner = json_object_new_object();
		json_object_object_add(row, outer, inner);
	}
	json_object_object_add(inner, dot + 1, value);
}

static void
put_constants(struct csv_reader *r)
{
	char *rest = r->map->constants == NULL ? NULL :
	    arena_strdup(r->row_arena, r->map->constants);
	const char *field, *text;

	while (next_pair(&rest, &field, &text))
		put_field(r->row_arena, r->row, field, text);
}

/* ---- rows ---- */

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
		put_constants(r);
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
take_column(void *bytes, size_t length, void *state)
{
	struct csv_reader *r = state;
	size_t at;
	const char *text;

	if (r->stopped)
		return;
	begin_row(r);
	at = r->at++;
	if (at >= COLUMNS_MAX) {
		r->wrong = "it has too many columns";
		return;
	}
	if (!is_text(bytes, length)) {
		r->wrong = "it is not UTF-8, or has a NUL byte";
		return;
	}
	text = arena_printf(r->line == 0 ? r->arena : r->row_arena, "%.*s",
	    (int)length, (const char *)bytes);
	if (r->line == 0) {
		r->names[at] = text;
		r->columns[at] = field_of_column(r, text);
		r->column_count = at + 1;
	} else if (at < r->column_count && r->columns[at] != NULL &&
	    text[0] != '\0') {
		if (r->signed_amounts && strcmp(r->columns[at], "amount") == 0)
			text = amount_of_debit(r->row_arena, text);
		put_field(r->row_arena, r->row, r->columns[at], text);
	}
}

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
static void
check_first_row(struct csv_reader *r)
{
	char *rest = r->map->columns == NULL ? NULL :
	    arena_strdup(r->arena, r->map->columns);
	const char *name, *unused;

	if (r->wrong != NULL)
		r->error = arena_printf(r->arena, "the first row: %s",
		    r->wrong);
	while (r->error == NULL && next_pair(&rest, &name, &unused))
		if (!has_column(r, name))
			r->error = arena_printf(r->arena, "--map: the first "
			    "row has no column \"%s\"", name);
	r->stopped = r->error != NULL;
	r->signed_amounts = !r->stopped && has_column(r, "Amount") &&
	    has_column(r, "Source Service") && has_column(r, "Source ID");
}

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
	if (r->wrong != NULL) {
		item.document = NULL;
		item.reason = r->wrong;
	}
	r->stopped = !r->each(r->state, r->row_arena, &item);
}

static void
end_row(int unused, void *state)
{
	struct csv_reader *r = state;

	(void)unused;
	if (r->stopped)
		return;
	if (++r->line == 1)
		check_first_row(r);
	else
		give_row(r);
	r->row = NULL;
	r->wrong = NULL;
	r->at = 0;
	arena_reset(r->row_arena);
}

/* ---- the file ---- */

/* The length of a byte order mark, in bytes: it does not belong to the first
 * name. */
static size_t
mark_length(const char *block, size_t length)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t n = sizeof(mark) - 1;

	return length >= n && memcmp(block, mark, n) == 0 ? n : 0;
}

static bool
parse_file(struct csv_reader *r, FILE *f, const char **error)
{
	struct csv_parser parser;
	char block[65536];
	size_t n, from;
	bool ok;

	if (csv_init(&parser, CSV_APPEND_NULL) != 0) {
		*error = "the CSV library cannot begin";
		return false;
	}
	while (!r->stopped && (n = fread(block, 1, sizeof(block), f)) > 0) {
		from = r->offset == 0 ? mark_length(block, n) : 0;
		r->offset += (int64_t)n;
		if (csv_parse(&parser, block + from, n - from, take_column,
		    end_row, r) != n - from)
			break;
	}
	ok = csv_error(&parser) == 0 && !ferror(f);
	if (!ok)
		*error = ferror(f) ? strerror(errno) :
		    csv_strerror(csv_error(&parser));
	else if (!r->stopped)
		csv_fini(&parser, take_column, end_row, r);
	csv_free(&parser);
	return ok;
}

bool
usage_read_csv(struct arena *a, const char *path, const struct usage_map *map,
    bool (*each)(void *state, struct arena *item_arena,
    const struct import_item *item), void *state, const char **error)
{
	struct csv_reader r = {
		.path = path,
		.map = map,
		.arena = a,
		.each = each,
		.state = state,
	};
	FILE *f = fopen(path, "r");
	bool ok;

	if (f == NULL) {
		*error = strerror(errno);
		return false;
	}
	r.row_arena = arena_new(64 * 1024);
	ok = parse_file(&r, f, error);
	if (ok && r.error != NULL) {
		*error = r.error;
		ok = false;
	}
	arena_free(&r.row_arena);
	fclose(f);
	return ok;
}
