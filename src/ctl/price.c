/* SPDX-License-Identifier: GPL-3.0-or-later */
/* reevectl price: the pricing engine as a filter. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "billing/question.h"
#include "ctl/command.h"
#include "ctl/print.h"
#include "ctl/progress.h"

#define ARENA_CHUNK (256 * 1024)

struct filter {
	struct ctl *ctl;
	struct arena *arena; /* of one line */
	const char *name;    /* of the file, for messages */
	int64_t line;
	int64_t bad;
	struct progress progress;
};

static void
report(struct filter *f, const char *message, struct json_object *data)
{
	struct json_writer w;
	struct buffer text;

	f->bad++;
	ctl_tell("reevectl: %s, line %lld: %s\n", f->name,
	    (long long)f->line, message);
	buffer_init(&text, f->arena, 0);
	json_writer_init(&w, &text);
	json_begin_object(&w);
	json_key(&w, "error");
	json_begin_object(&w);
	json_member_int(&w, "line", f->line);
	json_member_string(&w, "message", message);
	if (data != NULL) {
		json_key(&w, "data");
		json_tree(&w, data);
	}
	json_end(&w);
	json_end(&w);
	ctl_print_document(text.text);
}

static void
price_line(struct filter *f, const char *text, size_t length)
{
	struct json_object *question, *answer;
	struct json_writer w;
	struct problem *p;
	struct buffer out;
	const char *error;

	question = json_parse_strict(f->arena, text, length, &error);
	if (question == NULL) {
		report(f, error, NULL);
		return;
	}
	p = question_answer(f->arena, question,
	    ctl_option(f->ctl, "explain") != NULL, &answer);
	if (p != NULL) {
		report(f, ctl_describe(f->arena, p), p->data);
		return;
	}
	buffer_init(&out, f->arena, 0);
	json_writer_init(&w, &out);
	json_tree(&w, answer);
	ctl_print_document(out.text);
}

/* Prices a file line by line. False: it could not be read. */
static bool
price_stream(struct filter *f, FILE *in)
{
	size_t capacity = 0;
	char *text = NULL;
	int64_t done = 0;
	ssize_t length;
	struct stat st;

	progress_begin(&f->progress, "pricing",
	    fstat(fileno(in), &st) == 0 && S_ISREG(st.st_mode) ? st.st_size : 0);
	for (f->line = 1; (length = getline(&text, &capacity, in)) > 0;
	    f->line++) {
		price_line(f, text, (size_t)length);
		arena_reset(f->arena);
		done += length;
		progress_at(&f->progress, f->progress.total == 0 ?
		    f->line : done);
	}
	progress_end(&f->progress);
	free(text);
	return ferror(in) == 0;
}

static int
price_file(struct filter *f, const char *path)
{
	FILE *in = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	bool read;

	f->name = in == stdin ? "standard input" : path;
	if (in == NULL) {
		ctl_tell("reevectl: %s: %s\n", path, strerror(errno));
		return EXIT_NO_INPUT;
	}
	read = price_stream(f, in);
	if (!read)
		ctl_tell("reevectl: %s: %s\n", f->name, strerror(errno));
	if (in != stdin)
		fclose(in);
	return read ? 0 : EXIT_NO_INPUT;
}

int
command_price(struct ctl *ctl)
{
	struct filter f = { .ctl = ctl, .arena = arena_new(ARENA_CHUNK) };
	int status = 0;
	size_t i;

	if (ctl->operand_count == 0)
		status = price_file(&f, "-");
	for (i = 0; i < ctl->operand_count && status == 0; i++)
		status = price_file(&f, ctl->operands[i]);
	arena_free(&f.arena);
	if (fflush(stdout) != 0 && status == 0) {
		ctl_tell("reevectl: standard output: %s\n",
		    strerror(errno));
		return EXIT_NO_INPUT;
	}
	return status != 0 ? status : f.bad > 0 ? EXIT_DATA : 0;
}
