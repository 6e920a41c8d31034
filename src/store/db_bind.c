/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_bind.h"

#include <string.h>

#define COLUMNS_MAX 32
#define INLINE_BYTES 256 /* longer values are fetched a second time */

/* ---- arguments ---- */

static enum enum_field_types
buffer_type(enum field_type type)
{
	return field_is_number(type) ? MYSQL_TYPE_LONGLONG :
	    field_is_binary(type) ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
}

bool
db_bind_arguments(MYSQL_STMT *stmt, struct arena *a,
    const struct db_procedure *procedure, const void *arguments)
{
	size_t count = procedure->parameter_count, i;
	MYSQL_BIND *binds = arena_alloc(a, count * sizeof(*binds));
	struct field_value *values = arena_alloc(a, count * sizeof(*values));
	const struct field *field;

	for (i = 0; i < count; i++) {
		field = &procedure->parameters[i];
		values[i] = field_get(a, field, arguments);
		if (values[i].is_null) {
			binds[i].buffer_type = MYSQL_TYPE_NULL;
			continue;
		}
		binds[i].buffer_type = buffer_type(field->type);
		binds[i].buffer = field_is_number(field->type) ?
		    (void *)&values[i].number :
		    (void *)(uintptr_t)values[i].bytes;
		binds[i].buffer_length = values[i].length;
	}
	return mysql_stmt_bind_param(stmt, binds) == 0;
}

/* ---- rows ---- */

/* A result set, and the place of a row's values before they are copied to the
 * struct. */
struct row_reader {
	MYSQL_STMT *stmt;
	struct arena *arena;
	const struct db_procedure *procedure;
	unsigned columns; /* that arrived */
	unsigned places[COLUMNS_MAX]; /* by field: its column */
	MYSQL_BIND binds[COLUMNS_MAX];
	unsigned long lengths[COLUMNS_MAX];
	int64_t numbers[COLUMNS_MAX];
	char bytes[COLUMNS_MAX][INLINE_BYTES + 1];
#ifdef MARIADB_PACKAGE_VERSION
	my_bool nulls[COLUMNS_MAX];
#else
	bool nulls[COLUMNS_MAX];
#endif
};

/* True if a column's values can be read as the field's type. */
static bool
type_fits(enum enum_field_types column, enum field_type type)
{
	switch ((int)column) {
	case MYSQL_TYPE_NULL:
		return true;
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
		return field_is_number(type);
	case MYSQL_TYPE_NEWDECIMAL:
		return type == FIELD_MONEY;
	case MYSQL_TYPE_DATE:
		return type == FIELD_TEXT;
	case MYSQL_TYPE_VARCHAR:
	case MYSQL_TYPE_VAR_STRING:
	case MYSQL_TYPE_STRING:
	case MYSQL_TYPE_TINY_BLOB:
	case MYSQL_TYPE_BLOB:
	case MYSQL_TYPE_MEDIUM_BLOB:
	case MYSQL_TYPE_LONG_BLOB:
	case MYSQL_TYPE_ENUM:
		return !field_is_number(type);
	default:
		return false;
	}
}

/* Columns mostly come in the order of the table; then the first comparison
 * finds the column. */
static struct problem *
find_column(struct row_reader *r, const MYSQL_FIELD *columns, size_t f)
{
	const struct field *field = &r->procedure->columns[f];
	unsigned i, at = (unsigned)f;

	for (i = 0; i < r->columns; i++, at++) {
		if (at >= r->columns)
			at = 0;
		if (strcmp(columns[at].name, field->name) == 0)
			break;
	}
	if (i == r->columns)
		return problem_fault(r->arena, "%s: it has no column %s",
		    r->procedure->name, field->name);
	if (!type_fits(columns[at].type, field->type))
		return problem_fault(r->arena, "%s: column %s is of type %d",
		    r->procedure->name, field->name, (int)columns[at].type);
	r->places[f] = at;
	return NULL;
}

/*
 * Done for every result set: a procedure may be replaced while the connection
 * is open, and comparing names is cheap.
 */
static struct problem *
find_columns(struct row_reader *r, bool *failed)
{
	MYSQL_RES *metadata = mysql_stmt_result_metadata(r->stmt);
	struct problem *p = NULL;
	size_t f;

	/* There is a result set: its columns did not fit into memory. */
	if ((*failed = metadata == NULL))
		return NULL;
	r->columns = mysql_num_fields(metadata);
	if (r->columns != r->procedure->column_count ||
	    r->columns > COLUMNS_MAX)
		p = problem_fault(r->arena, "%s: %u columns instead of %zu",
		    r->procedure->name, r->columns, r->procedure->column_count);
	for (f = 0; p == NULL && f < r->procedure->column_count; f++)
		p = find_column(r, mysql_fetch_fields(metadata), f);
	mysql_free_result(metadata);
	return p;
}

static bool
bind_columns(struct row_reader *r)
{
	const struct field *fields = r->procedure->columns;
	MYSQL_BIND *bind;
	unsigned i, place;

	memset(r->binds, 0, sizeof(r->binds));
	for (i = 0; i < r->columns; i++) {
		place = r->places[i];
		bind = &r->binds[place];
		bind->buffer_type = buffer_type(fields[i].type);
		bind->length = &r->lengths[place];
		bind->is_null = &r->nulls[place];
		if (field_is_number(fields[i].type)) {
			bind->buffer = &r->numbers[place];
			continue;
		}
		bind->buffer = r->bytes[place];
		bind->buffer_length = INLINE_BYTES;
	}
	return mysql_stmt_bind_result(r->stmt, r->binds) == 0 &&
	    mysql_stmt_store_result(r->stmt) == 0;
}

/* A value that is not NULL. False: the statement has an error. */
static bool
read_value(struct row_reader *r, const struct field *field, unsigned column,
    struct field_value *out)
{
	unsigned long length = r->lengths[column];
	MYSQL_BIND whole;
	char *text;

	if (field_is_number(field->type)) {
		out->number = r->numbers[column];
		return true;
	}
	out->bytes = text = r->bytes[column];
	out->length = length;
	if (length > INLINE_BYTES || field_keeps_bytes(field->type))
		out->bytes = text = arena_alloc(r->arena, length + 1);
	if (length > INLINE_BYTES) {
		whole = r->binds[column];
		whole.buffer = text;
		whole.buffer_length = length;
		return mysql_stmt_fetch_column(r->stmt, &whole, column, 0) == 0;
	}
	if (text != r->bytes[column])
		memcpy(text, r->bytes[column], length);
	text[length] = '\0';
	return true;
}

/* The name of a row, for the text of a problem. */
static const char *
row_name(const struct row_reader *r, const void *row)
{
	const struct field *first = r->procedure->columns;
	const char *name = NULL;

	if (first->type == FIELD_TEXT)
		name = *(const char *const *)(const void *)
		    ((const char *)row + first->offset);
	return name == NULL ? "a row" : name;
}

static struct problem *
read_row(struct row_reader *r, void *row, bool *failed)
{
	const struct field *field = r->procedure->columns;
	const struct field *end = field + r->procedure->column_count;
	const unsigned *place = r->places;
	struct field_value value;
	const char *why;

	for (; field < end; field++, place++) {
		value = (struct field_value){ .is_null = r->nulls[*place] };
		if (!value.is_null && !read_value(r, field, *place, &value)) {
			*failed = true;
			return NULL;
		}
		if ((why = field_set(r->arena, field, row, &value)) != NULL)
			return problem_fault(r->arena, "%s: %s of %s: %s",
			    r->procedure->name, field->name, row_name(r, row),
			    why);
	}
	return NULL;
}

struct problem *
db_read_rows(MYSQL_STMT *stmt, struct arena *a,
    const struct db_procedure *procedure, struct db_result *result,
    bool *failed)
{
	struct row_reader r;
	size_t size = procedure->row_size, capacity;
	struct problem *p;
	char *row;
	int code;

	r.stmt = stmt;
	r.arena = a;
	r.procedure = procedure;
	if ((p = find_columns(&r, failed)) != NULL || *failed)
		return p;
	if ((*failed = !bind_columns(&r)))
		return NULL;
	capacity = (size_t)mysql_stmt_num_rows(stmt);
	result->rows = row = arena_alloc(a, capacity * size);
	for (; p == NULL && !*failed && result->count < capacity;
	    result->count++, row += size) {
		code = mysql_stmt_fetch(stmt);
		*failed = code != 0 && code != MYSQL_DATA_TRUNCATED;
		if (!*failed)
			p = read_row(&r, row, failed);
	}
	/* Rows before a failure must not pass for the whole result. */
	if (p != NULL || *failed)
		result->count = 0;
	return p;
}
