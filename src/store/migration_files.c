/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/migration_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/secret.h"
#include "store/db_admin.h"
#include "store/db_login.h"

#define FILES_MAX 4096

/* Each waits for as long as the session's lock_wait_timeout. */
#define LOCK_ATTEMPTS 12

void
migration_say(const struct migration *m, const char *what, const char *name)
{
	if (m->say != NULL)
		m->say(arena_printf(m->arena, "%s %s", what, name));
}

/* ---- files ---- */

struct problem *
migration_read_file(struct migration *m, const char *name, const char **text)
{
	char *path = arena_printf(m->arena, "%s/%s", m->config->sql_dir, name);
	struct buffer content;
	char block[4096];
	FILE *f = fopen(path, "r");
	size_t n;

	if (f == NULL)
		return problem_text(m->arena, PROBLEM_BAD_IDENTIFIER,
		    "cannot read %s: %s; set sql_dir to where sql/ was installed",
		    path, strerror(errno));
	buffer_init(&content, m->arena, 0);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buffer_add(&content, block, n);
	fclose(f);
	*text = content.text;
	return NULL;
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

struct problem *
migration_list_files(struct migration *m, const char *folder, const char ***out)
{
	char *path = arena_printf(m->arena, "%s/%s", m->config->sql_dir, folder);
	const char **names = arena_alloc(m->arena,
	    (FILES_MAX + 1) * sizeof(*names));
	struct dirent *entry;
	DIR *dir = opendir(path);
	size_t n = 0, length;

	if (dir == NULL)
		return problem_text(m->arena, PROBLEM_BAD_IDENTIFIER,
		    "cannot read %s: %s; set sql_dir to where sql/ was installed",
		    path, strerror(errno));
	while ((entry = readdir(dir)) != NULL && n < FILES_MAX) {
		length = strlen(entry->d_name);
		if (length > 4 && entry->d_name[0] != '.' &&
		    strcmp(entry->d_name + length - 4, ".sql") == 0)
			names[n++] = arena_strdup(m->arena, entry->d_name);
	}
	closedir(dir);
	qsort(names, n, sizeof(*names), by_name);
	*out = names;
	return NULL;
}

const char *
migration_stem(const struct migration *m, const char *file)
{
	return arena_strndup(m->arena, file, strlen(file) - strlen(".sql"));
}

const char *
migration_checksum(struct migration *m, const char *text)
{
	unsigned char digest[DIGEST_BYTES];
	char *hex = arena_alloc(m->arena, DIGEST_HEX_SIZE);

	secret_digest(text, strlen(text), digest);
	secret_hex(digest, sizeof(digest), hex);
	return hex;
}

/* ---- statements ---- */

struct problem *
migration_blame(struct migration *m, const char *file, const char *statement,
    struct problem *p)
{
	p->text = arena_printf(m->arena, "%s: %s: %.60s...", file,
	    p->log[0] != '\0' ? p->log : p->text, statement);
	return p;
}

bool
migration_may_try_again(const struct migration *m, const char *file,
    const struct problem *p, int *attempt)
{
	if (p == NULL || !db_waited_for_lock(m->db) ||
	    ++*attempt == LOCK_ATTEMPTS)
		return false;
	migration_say(m, "waiting for a lock, and trying again:", file);
	return true;
}

struct problem *
migration_run_statement(struct migration *m, const char *file,
    const char *statement)
{
	struct problem *p;
	int attempt = 0;

	do {
		p = db_run_file_statement(m->db, m->arena, statement);
	} while (migration_may_try_again(m, file, p, &attempt));
	return p == NULL ? NULL : migration_blame(m, file, statement, p);
}

char *
migration_without_comments(struct migration *m, const char *text)
{
	char *out = arena_alloc(m->arena, strlen(text) + 1);
	const char *end;
	size_t n = 0, length;

	for (; *text != '\0'; text = end) {
		end = strchr(text, '\n');
		end = end == NULL ? text + strlen(text) : end + 1;
		length = (size_t)(end - text);
		if (strncmp(text, "--", 2) == 0)
			continue;
		memcpy(out + n, text, length);
		n += length;
	}
	out[n] = '\0';
	return out;
}

const char *
migration_next_statement(char **rest)
{
	char *statement = *rest, *end;

	if (statement[strspn(statement, " \n\t")] == '\0')
		return NULL;
	end = strstr(statement, ";\n");
	if (end == NULL) {
		*rest += strlen(statement);
	} else {
		*end = '\0';
		*rest = end + 2;
	}
	return statement;
}

struct problem *
migration_run_statements(struct migration *m, const char *file,
    const char *text)
{
	char *rest = migration_without_comments(m, text);
	const char *statement;
	struct problem *p = NULL;

	while (p == NULL &&
	    (statement = migration_next_statement(&rest)) != NULL)
		p = migration_run_statement(m, file, statement);
	return p;
}

struct placeholder {
	const char *name;
	const char *value;
};

static const char *
filled_in(struct migration *m, const char *text,
    const struct placeholder *placeholders, size_t count)
{
	struct buffer out;
	size_t i;

	buffer_init(&out, m->arena, 0);
	while (*text != '\0') {
		for (i = 0; i < count; i++)
			if (strncmp(text, placeholders[i].name,
			    strlen(placeholders[i].name)) == 0)
				break;
		if (i < count) {
			buffer_puts(&out, placeholders[i].value);
			text += strlen(placeholders[i].name);
		} else {
			buffer_putc(&out, *text++);
		}
	}
	return out.text;
}

/* The names of procedures come from those of files. */
static bool
is_plain(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

struct problem *
migration_run_template(struct migration *m,
    const struct migration_template *template)
{
	const struct config *c = m->config;
	const struct db_login login = db_login(c, template->user);
	const char *procedure = template->procedure, *text;
	struct placeholder values[] = {
		{ "@database@", NULL }, { "@user@", NULL }, { "@host@", NULL },
		{ "@password@", NULL }, { "@procedure@", NULL },
	};
	struct problem *p;

	if (!is_plain(c->db_name))
		return problem_text(m->arena, PROBLEM_FAULT,
		    "db_name: only letters, digits and _ can be used");
	if (procedure != NULL && !is_plain(procedure))
		return problem_text(m->arena, PROBLEM_FAULT,
		    "routines/%s.sql: no name of a procedure", procedure);
	values[0].value = arena_printf(m->arena, "`%s`", c->db_name);
	values[4].value = procedure == NULL ? "" : procedure;
	if ((p = db_quote(m->db, m->arena, login.name, &values[1].value)) != NULL ||
	    (p = db_quote(m->db, m->arena, db_login_host(c),
	    &values[2].value)) != NULL ||
	    (p = db_quote(m->db, m->arena, login.password,
	    &values[3].value)) != NULL ||
	    (p = migration_read_file(m, template->file, &text)) != NULL)
		return p;
	if (procedure == NULL)
		migration_say(m, "running", template->file);
	return migration_run_statements(m, template->file,
	    filled_in(m, text, values, NELEM(values)));
}
