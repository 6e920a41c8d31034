/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/migration_routines.h"

#include <string.h>

#include "base/buffer.h"
#include "store/migration_grants.h"
#include "store/migration_lease.h"

#define NEEDED_ATTEMPTS 3

/* A procedure's comment is put behind this line of its file. */
#define COMMENT_PLACE "SQL SECURITY DEFINER\n"

static const struct field routine_columns[] = {
	FIELD(TEXT, struct migration_routine, name),
	FIELD(TEXT, struct migration_routine, checksum),
};

static const struct db_procedure migration_routine_list_call = {
	PROCEDURE(MIGRATION_ROUTINE_LIST, "migration_routine_list", READ),
	GIVES(struct migration_routine, routine_columns),
};

static const char *
drop_statement(struct migration *m, const char *name)
{
	return arena_printf(m->arena, "DROP PROCEDURE IF EXISTS %s", name);
}

/* The statement of a file, with the file's checksum as its comment. */
static const char *
create_statement(struct migration *m, const char *text)
{
	const char *place = strstr(text, COMMENT_PLACE);
	size_t before = place == NULL ? 0 :
	    (size_t)(place - text) + strlen(COMMENT_PLACE);

	if (place == NULL)
		return migration_without_comments(m, text);
	return migration_without_comments(m, arena_printf(m->arena,
	    "%.*sCOMMENT '%s'\n%s", (int)before, text,
	    migration_checksum(m, text), text + before));
}

struct problem *
migration_call_needed(struct migration *m,
    const struct db_procedure *procedure, const void *arguments,
    struct db_result *result)
{
	const char *name = procedure->name, *file, *text;
	struct problem *p, *unread;
	int attempt;

	file = arena_printf(m->arena, "routines/%s.sql", name);
	for (attempt = 0; ; attempt++) {
		p = db_call(m->db, m->arena, procedure, arguments, result);
		if (p == NULL || attempt == NEEDED_ATTEMPTS ||
		    (p->kind != PROBLEM_FAULT && !db_procedure_missing(m->db)))
			return p;
		if ((unread = migration_read_file(m, file, &text)) != NULL)
			return unread;
		if (p->kind == PROBLEM_FAULT && migration_run_statement(m, file,
		    drop_statement(m, name)) != NULL)
			return p;
		(void)!migration_run_statement(m, file,
		    create_statement(m, text));
	}
}

struct problem *
migration_read_routines(struct migration *m)
{
	struct migration_routine *one;
	const char **files;
	struct buffer all;
	struct problem *p;
	size_t count = 0;

	if ((p = migration_list_files(m, "routines", &files)) != NULL)
		return p;
	while (files[count] != NULL)
		count++;
	m->routines = arena_alloc(m->arena, (count + 1) * sizeof(*m->routines));
	buffer_init(&all, m->arena, 0);
	for (one = m->routines; *files != NULL; files++, one++) {
		one->name = migration_stem(m, *files);
		p = migration_read_file(m, arena_printf(m->arena,
		    "routines/%s", *files), &one->text);
		if (p != NULL)
			return p;
		one->checksum = migration_checksum(m, one->text);
		buffer_puts(&all, one->text);
	}
	m->routines_digest = migration_checksum(m, all.text);
	return NULL;
}

static struct problem *
create(struct migration *m, const struct migration_routine *one)
{
	const char *file = arena_printf(m->arena, "%s.sql", one->name);
	struct problem *p;

	if ((p = migration_keep_lease(m)) != NULL ||
	    (p = migration_run_statement(m, file,
	    drop_statement(m, one->name))) != NULL)
		return p;
	p = migration_run_statement(m, file, create_statement(m, one->text));
	return p != NULL ? p : migration_grant(m, one);
}

static bool
is_there(const struct db_result *there, const struct migration_routine *one)
{
	const struct migration_routine *found = there->rows;
	size_t i;

	for (i = 0; i < there->count; i++)
		if (strcmp(found[i].name, one->name) == 0)
			return strcmp(found[i].checksum, one->checksum) == 0;
	return false;
}

/* The procedures that are there as this migrate would create them. */
static struct problem *
list_routines(struct migration *m, struct db_result *there)
{
	const char *name = migration_routine_list_call.name;
	const struct migration_routine *one = m->routines;
	struct problem *p;

	while (one->name != NULL && strcmp(one->name, name) != 0)
		one++;
	if (one->name != NULL && (p = create(m, one)) != NULL)
		return p;
	return db_call(m->db, m->arena, &migration_routine_list_call, NULL,
	    there);
}

struct problem *
migration_create_routines(struct migration *m)
{
	const struct migration_routine *one;
	struct db_result there;
	struct problem *p;

	migration_say(m, "comparing procedures with", "routines/");
	if ((p = list_routines(m, &there)) != NULL)
		return p;
	for (one = m->routines; one->name != NULL; one++) {
		if (is_there(&there, one))
			continue;
		migration_say(m, "creating", one->name);
		if ((p = create(m, one)) != NULL)
			return p;
	}
	return NULL;
}
