/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rows are collected in a buffer. A full one is sorted and written to a file as a
 * run; many runs are merged to one. Reading merges the runs that are left.
 */
#include "config.h"

#include "ctl/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

#define CHUNK_BYTES ((size_t)1024 * 1024) /* sorted in memory */
#define RUNS_MAX 48 /* merged at a time */
#define READ_BYTES ((size_t)16 * 1024) /* of a run at a time, to begin with */

/* The head of a row; key and value, each with its NUL, follow. */
struct row_head {
	uint32_t key_bytes; /* with the NUL */
	uint32_t value_bytes;
};

/* Sorted rows in a file. */
struct run {
	FILE *file;
	char *row; /* the row at which it stands */
	size_t room;
	bool ended;
};

struct spool {
	char *chunk;
	size_t used;
	size_t room;
	size_t *places; /* of rows in the chunk */
	size_t count;
	size_t places_room;
	struct run runs[RUNS_MAX];
	size_t run_count;
	size_t current; /* the run of the row that was read last; run_count: none */
	int failure; /* an errno; 0: none */
};

/* ---- memory and files ---- */

static void *
grow(void *own_memory, size_t bytes)
{
	void *memory = realloc(own_memory, bytes);

	if (memory == NULL)
		memory_exhausted(bytes);
	return memory;
}

static void
fail(struct spool *s)
{
	if (s->failure == 0)
		s->failure = errno != 0 ? errno : EIO;
}

FILE *
spool_file(void)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];
	int fd;

	if (folder == NULL || folder[0] == '\0')
		folder = "/tmp";
	if (snprintf(path, sizeof(path), "%s/reeve-XXXXXX", folder) >=
	    (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	if ((fd = mkostemp(path, O_CLOEXEC)) < 0)
		return NULL;
	unlink(path);
	return fdopen(fd, "w+");
}

struct spool *
spool_new(void)
{
	struct spool *s = calloc(1, sizeof(*s));

	if (s == NULL)
		memory_exhausted(sizeof(*s));
	return s;
}

static void
close_runs(struct spool *s)
{
	size_t i;

	for (i = 0; i < s->run_count; i++) {
		fclose(s->runs[i].file);
		free(s->runs[i].row);
	}
	s->run_count = 0;
}

void
spool_free(struct spool **s)
{
	if (*s == NULL)
		return;
	close_runs(*s);
	free((*s)->chunk);
	free((*s)->places);
	free(*s);
	*s = NULL;
}

const char *
spool_failure(const struct spool *s)
{
	return s->failure == 0 ? NULL : strerror(s->failure);
}

/* ---- rows ---- */

static const char *
key_of(const char *row)
{
	return row + sizeof(struct row_head);
}

static size_t
row_bytes(const struct row_head *head)
{
	return sizeof(*head) + head->key_bytes + head->value_bytes;
}

static size_t
bytes_of(const char *row)
{
	struct row_head head;

	memcpy(&head, row, sizeof(head));
	return row_bytes(&head);
}

/* Equal keys are in the order of their places, which is that of arrival. */
static int
by_key(const void *x, const void *y, void *chunk)
{
	const size_t *a = x, *b = y;
	int order = strcmp(key_of((char *)chunk + *a),
	    key_of((char *)chunk + *b));

	return order != 0 ? order : *a < *b ? -1 : *a > *b;
}

/* Reads the next row of a run. */
static void
advance(struct spool *s, struct run *run)
{
	struct row_head head;
	size_t bytes;

	if (fread(&head, sizeof(head), 1, run->file) != 1) {
		run->ended = true;
		if (ferror(run->file))
			fail(s);
		return;
	}
	bytes = row_bytes(&head);
	if (bytes > run->room) {
		run->room = bytes < READ_BYTES ? READ_BYTES : bytes;
		run->row = grow(run->row, run->room);
	}
	memcpy(run->row, &head, sizeof(head));
	if (fread(run->row + sizeof(head), bytes - sizeof(head), 1,
	    run->file) != 1) {
		run->ended = true;
		fail(s);
	}
}

static void
begin_runs(struct spool *s)
{
	size_t i;

	for (i = 0; i < s->run_count; i++) {
		if (fflush(s->runs[i].file) != 0)
			fail(s);
		rewind(s->runs[i].file);
		s->runs[i].ended = false;
		advance(s, &s->runs[i]);
	}
	s->current = s->run_count;
}

/* The run with the first key; of equal ones the oldest. NULL: all have ended. */
static struct run *
first_run(struct spool *s)
{
	struct run *first = NULL, *run;

	for (run = s->runs; run < s->runs + s->run_count; run++)
		if (!run->ended && (first == NULL ||
		    strcmp(key_of(run->row), key_of(first->row)) < 0))
			first = run;
	return first;
}

/* ---- writing ---- */

static void
write_row(struct spool *s, FILE *to, const char *row)
{
	if (fwrite(row, bytes_of(row), 1, to) != 1)
		fail(s);
}

/* Merges all runs to one. */
static void
merge_runs(struct spool *s)
{
	FILE *to = spool_file();
	struct run *run;

	if (to == NULL) {
		fail(s);
		return;
	}
	begin_runs(s);
	while (s->failure == 0 && (run = first_run(s)) != NULL) {
		write_row(s, to, run->row);
		advance(s, run);
	}
	close_runs(s);
	s->runs[s->run_count++] = (struct run){ .file = to };
}

/* Writes the chunk as a run. */
static void
flush_chunk(struct spool *s)
{
	FILE *to;
	size_t i;

	if (s->count == 0)
		return;
	if (s->run_count == RUNS_MAX)
		merge_runs(s);
	if (s->failure != 0 || (to = spool_file()) == NULL) {
		fail(s);
		return;
	}
	qsort_r(s->places, s->count, sizeof(*s->places), by_key, s->chunk);
	for (i = 0; i < s->count; i++)
		write_row(s, to, s->chunk + s->places[i]);
	s->runs[s->run_count++] = (struct run){ .file = to };
	s->count = s->used = 0;
}

static void
make_room(struct spool *s, size_t bytes)
{
	if (s->used > 0 && s->used + bytes > CHUNK_BYTES)
		flush_chunk(s);
	if (s->used + bytes > s->room) {
		s->room = s->used + bytes < CHUNK_BYTES ? CHUNK_BYTES :
		    s->used + bytes;
		s->chunk = grow(s->chunk, s->room);
	}
	if (s->count == s->places_room) {
		s->places_room = s->places_room == 0 ? 1024 :
		    s->places_room * 2;
		s->places = grow(s->places,
		    s->places_room * sizeof(*s->places));
	}
}

void
spool_add(struct spool *s, const char *key, const char *value, size_t length)
{
	const struct row_head head = { (uint32_t)strlen(key) + 1,
		(uint32_t)length + 1 };
	char *row;

	if (s->failure != 0)
		return;
	make_room(s, row_bytes(&head));
	if (s->failure != 0)
		return;
	s->places[s->count++] = s->used;
	row = s->chunk + s->used;
	memcpy(row, &head, sizeof(head));
	memcpy(row + sizeof(head), key, head.key_bytes);
	memcpy(row + sizeof(head) + head.key_bytes, value, length);
	*(row + row_bytes(&head) - 1) = '\0';
	s->used += row_bytes(&head);
}

/* ---- reading ---- */

void
spool_rewind(struct spool *s)
{
	flush_chunk(s);
	free(s->chunk);
	free(s->places);
	s->chunk = NULL;
	s->places = NULL;
	s->room = s->places_room = 0;
	if (s->failure == 0)
		begin_runs(s);
}

bool
spool_next(struct spool *s, struct spool_row *out)
{
	struct row_head head;
	struct run *run;

	if (s->failure == 0 && s->current < s->run_count)
		advance(s, &s->runs[s->current]);
	if (s->failure != 0 || (run = first_run(s)) == NULL)
		return false;
	s->current = (size_t)(run - s->runs);
	memcpy(&head, run->row, sizeof(head));
	*out = (struct spool_row){ key_of(run->row),
		key_of(run->row) + head.key_bytes, head.value_bytes - 1 };
	return true;
}
