/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/status_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_SIZE 32
#define NAME_COLUMN 34
#define VALUE_COLUMN 46

static const struct form {
	const char *word; /* of the query */
	const char *type;
} forms[] = {
	[PAGE_TEXT] = { "text", "text/plain; charset=utf-8" },
	[PAGE_JSON] = { "json", "application/json" },
	[PAGE_OPENMETRICS] = { "openmetrics",
	    "application/openmetrics-text; version=1.0.0; charset=utf-8" },
	[PAGE_HTML] = { "html", "text/html; charset=utf-8" },
};

struct page_choice
figures_choose(const char *query)
{
	struct page_choice choice = { PAGE_TEXT, false };
	const char *at = query == NULL ? "" : query;
	size_t i, n;

	for (; *at != '\0'; at += n + (at[n] == '&')) {
		n = strcspn(at, "&");
		for (i = 0; i < NELEM(forms); i++)
			if (strlen(forms[i].word) == n &&
			    memcmp(forms[i].word, at, n) == 0)
				choice.form = (enum page_form)i;
		choice.full |= n == 4 && memcmp(at, "full", n) == 0;
	}
	return choice;
}

const char *
figures_type(enum page_form form)
{
	return forms[form].type;
}

/* ---- parts of all forms ---- */

/* unknown: how the form writes that. */
static const char *
number(const struct figure_sample *s, const char *unknown,
    char text[NUMBER_SIZE])
{
	if (s->value == FIGURE_UNKNOWN)
		return unknown;
	if (figure_family(s->figure)->is_time)
		snprintf(text, NUMBER_SIZE, "%" PRId64 ".%06" PRId64,
		    s->value / 1000000, s->value % 1000000);
	else
		snprintf(text, NUMBER_SIZE, "%" PRId64, s->value);
	return text;
}

/* The value as people read it. */
static const char *
number_in_words(const struct figure_sample *s, char text[NUMBER_SIZE])
{
	if (!figure_family(s->figure)->is_bounded ||
	    s->value <= FIGURE_COUNTED_TO)
		return number(s, "unknown", text);
	snprintf(text, NUMBER_SIZE, "more than %d", FIGURE_COUNTED_TO);
	return text;
}

/* The samples of a figure stand together; returns their end. */
static size_t
end_of(const struct figures *f, size_t from)
{
	size_t end = from;

	while (end < f->count && f->samples[end].figure ==
	    f->samples[from].figure)
		end++;
	return end;
}

/* ---- text ---- */

/* Two blanks at least, up to the column of a line that began at start. */
static void
pad(struct buffer *out, size_t start, size_t column)
{
	buffer_puts(out, "  ");
	while (out->length - start < column)
		buffer_putc(out, ' ');
}

static void
write_text_sample(struct buffer *out, const struct figure_sample *s)
{
	const struct figure_family *family = figure_family(s->figure);
	size_t start = out->length, i;
	char value[NUMBER_SIZE];

	buffer_printf(out, "%s%s:", family->name, family->type ==
	    FIGURE_HISTOGRAM || family->type == FIGURE_CONTINUED ?
	    family->suffix : "");
	pad(out, start, NAME_COLUMN);
	buffer_puts(out, number_in_words(s, value));
	for (i = 0; i < FIGURE_LABELS && s->labels[i] != NULL; i++) {
		pad(out, start, VALUE_COLUMN);
		buffer_puts(out, s->labels[i]);
	}
	buffer_putc(out, '\n');
}

static void
write_text_process(struct buffer *out, const struct figure_process *p)
{
	buffer_printf(out, "\npid:       %" PRId64 "\nrole:      %s\n"
	    "state:     %s\nfor:       %" PRId64 " ms\nserved:    %" PRId64
	    "\n", p->pid, p->role, p->state, p->state_ms, p->served);
	if (p->call != NULL)
		buffer_printf(out, "call:      %s\n", p->call);
	if (p->memory_kib >= 0)
		buffer_printf(out, "memory:    %" PRId64 " KiB\n",
		    p->memory_kib);
}

static void
write_text(struct buffer *out, const struct figures *f, bool full)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		write_text_sample(out, &f->samples[i]);
	for (i = 0; full && i < f->process_count; i++)
		write_text_process(out, &f->processes[i]);
}

/* ---- JSON ---- */

static void
write_json_sample(struct json_writer *w, const struct figure_sample *s)
{
	const struct figure_family *family = figure_family(s->figure);
	char text[NUMBER_SIZE];
	const char *value = number(s, "null", text);
	size_t i;

	if (family->labels[0] == NULL) {
		json_raw(w, value, strlen(value));
		return;
	}
	json_begin_object(w);
	for (i = 0; i < FIGURE_LABELS && family->labels[i] != NULL; i++)
		json_member_string(w, family->labels[i], s->labels[i]);
	json_key(w, "value");
	json_raw(w, value, strlen(value));
	json_end(w);
}

static void
write_json_process(struct json_writer *w, const struct figure_process *p)
{
	json_begin_object(w);
	json_member_int(w, "pid", p->pid);
	json_member_string(w, "role", p->role);
	json_member_string(w, "state", p->state);
	json_member_int(w, "state_ms", p->state_ms);
	json_member_int(w, "served", p->served);
	if (p->call != NULL)
		json_member_string(w, "call", p->call);
	if (p->memory_kib >= 0)
		json_member_int(w, "memory_kib", p->memory_kib);
	json_end(w);
}

/* A figure's member has the name of its samples in OpenMetrics, without "_total"
 * and "_info". */
static void
write_json_key(struct json_writer *w, const struct figure_family *family)
{
	char key[96];

	snprintf(key, sizeof(key), "%s%s", family->name, family->type ==
	    FIGURE_HISTOGRAM || family->type == FIGURE_CONTINUED ?
	    family->suffix : "");
	json_key(w, key);
}

void
figures_write_json(struct json_writer *w, const struct figures *f, bool full)
{
	const struct figure_family *family;
	size_t i, end;

	json_begin_object(w);
	for (i = 0; i < f->count; i = end) {
		end = end_of(f, i);
		family = figure_family(f->samples[i].figure);
		write_json_key(w, family);
		if (family->labels[0] != NULL)
			json_begin_array(w);
		for (; i < end; i++)
			write_json_sample(w, &f->samples[i]);
		if (family->labels[0] != NULL)
			json_end(w);
	}
	if (full) {
		json_key(w, "each_process");
		json_begin_array(w);
		for (i = 0; i < f->process_count; i++)
			write_json_process(w, &f->processes[i]);
		json_end(w);
	}
	json_end(w);
}

/* ---- OpenMetrics ---- */

static const char *const metric_types[] = {
	[FIGURE_COUNTER] = "counter",
	[FIGURE_GAUGE] = "gauge",
	[FIGURE_INFO] = "info",
	[FIGURE_HISTOGRAM] = "histogram",
};

/* Writes the value of a label. */
static void
write_label(struct buffer *out, const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			buffer_putc(out, '\\');
		buffer_putc(out, *text);
	}
}

static void
write_metric(struct buffer *out, const struct figure_sample *s)
{
	const struct figure_family *family = figure_family(s->figure);
	char value[NUMBER_SIZE];
	size_t i;

	buffer_printf(out, "reeve_%s%s", family->name, family->suffix);
	for (i = 0; i < FIGURE_LABELS && family->labels[i] != NULL; i++) {
		buffer_printf(out, "%s%s=\"", i == 0 ? "{" : ",",
		    family->labels[i]);
		write_label(out, s->labels[i]);
		buffer_putc(out, '"');
	}
	buffer_printf(out, "%s %s\n", i == 0 ? "" : "}",
	    number(s, "NaN", value));
}

static void
write_openmetrics(struct buffer *out, const struct figures *f)
{
	const struct figure_family *family;
	size_t i, end;

	for (i = 0; i < f->count; i = end) {
		end = end_of(f, i);
		family = figure_family(f->samples[i].figure);
		if (family->is_named)
			continue;
		if (family->type != FIGURE_CONTINUED)
			buffer_printf(out, "# TYPE reeve_%s %s\n"
			    "# HELP reeve_%s %s.\n", family->name,
			    metric_types[family->type], family->name,
			    family->help);
		for (; i < end; i++)
			write_metric(out, &f->samples[i]);
	}
	buffer_puts(out, "# EOF\n");
}

/* ---- HTML ---- */

static void
write_cell(struct buffer *out, const char *text)
{
	buffer_puts(out, "<td>");
	for (; *text != '\0'; text++)
		if (*text == '<' || *text == '&')
			buffer_puts(out, *text == '<' ? "&lt;" : "&amp;");
		else
			buffer_putc(out, *text);
}

static void
write_html_processes(struct buffer *out, const struct figures *f)
{
	const struct figure_process *p;
	size_t i;

	buffer_puts(out, "<h2>Processes</h2>\n<table>\n<tr><th>pid<th>role"
	    "<th>state<th>for, ms<th>served<th>call<th>memory, KiB</tr>\n");
	for (i = 0; i < f->process_count; i++) {
		p = &f->processes[i];
		buffer_printf(out, "<tr><td>%" PRId64 "<td>%s<td>%s<td>%" PRId64
		    "<td>%" PRId64 "<td>%s<td>", p->pid, p->role, p->state,
		    p->state_ms, p->served, p->call == NULL ? "" : p->call);
		if (p->memory_kib >= 0)
			buffer_printf(out, "%" PRId64, p->memory_kib);
		buffer_puts(out, "</tr>\n");
	}
	buffer_puts(out, "</table>\n");
}

/* A figure: what it says, and its samples. */
static void
write_html_figure(struct buffer *out, const struct figure_sample *from,
    const struct figure_sample *end)
{
	const struct figure_family *family = figure_family(from->figure);
	char value[NUMBER_SIZE];
	size_t i;

	if (family->help != NULL)
		buffer_printf(out, "<tr><th colspan=\"4\">%s</tr>\n",
		    family->help);
	for (; from < end; from++) {
		buffer_puts(out, "<tr>");
		write_cell(out, family->name);
		buffer_puts(out, family->suffix);
		for (i = 0; i < FIGURE_LABELS; i++)
			write_cell(out, from->labels[i] == NULL ? "" :
			    from->labels[i]);
		write_cell(out, number_in_words(from, value));
		buffer_puts(out, "</tr>\n");
	}
}

static void
write_html(struct buffer *out, const struct figures *f, bool full)
{
	size_t i, end;

	buffer_puts(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"refresh\" content=\"5\">\n"
	    "<title>Reeve</title>\n<style>\nth { text-align: left; }\n"
	    "td { padding: 0 1em; }\ntd:nth-child(4) { text-align: right; }\n"
	    "</style>\n</head>\n<body>\n<h1>Reeve</h1>\n<table>\n");
	for (i = 0; i < f->count; i = end) {
		end = end_of(f, i);
		write_html_figure(out, &f->samples[i], &f->samples[end]);
	}
	buffer_puts(out, "</table>\n");
	if (full)
		write_html_processes(out, f);
	buffer_puts(out, "</body>\n</html>\n");
}

void
figures_write(struct buffer *out, const struct figures *f,
    const struct page_choice *choice)
{
	struct json_writer w;

	switch (choice->form) {
	case PAGE_TEXT:
		write_text(out, f, choice->full);
		break;
	case PAGE_JSON:
		json_writer_init(&w, out);
		figures_write_json(&w, f, choice->full);
		buffer_putc(out, '\n');
		break;
	case PAGE_OPENMETRICS:
		write_openmetrics(out, f);
		break;
	case PAGE_HTML:
		write_html(out, f, choice->full);
		break;
	}
}
