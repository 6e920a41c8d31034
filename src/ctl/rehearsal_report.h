/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report of a rehearsal, in four forms: text, JSON, CSV and HTML. Each prints
 * on standard output, and reads the accounts once, the worst first, so that its
 * memory does not grow with them.
 */
#ifndef REEVE_CTL_REHEARSAL_REPORT_H
#define REEVE_CTL_REHEARSAL_REPORT_H

#include "ctl/rehearsal.h"

/* The outcome of a rehearsal. */
enum rehearsal_verdict {
	REHEARSAL_SAME,
	REHEARSAL_DIFFERS,
	REHEARSAL_LEAVES_OUT, /* accounts; of the others nothing differs */
	REHEARSAL_NOTHING,   /* nothing differs, and what has to be compared is
	                      * not in the dump */
	REHEARSAL_UNREADABLE /* a part of the dump cannot be read */
};

enum rehearsal_verdict rehearsal_verdict_of(const struct rehearsal *r);

/* The verdict in a sentence, with how much was compared; the arena's. */
const char *rehearsal_verdict_text(const struct rehearsal *r,
    struct arena *a);

/* The sums, and the reasons for which documents are left out; the arena's. */
struct json_object *rehearsal_summary(struct rehearsal *r, struct arena *a);

/* A sentence about services documents that count no accounts; NULL: all do. The
 * arena's. */
const char *rehearsal_about_accounts(const struct rehearsal *r,
    struct arena *a);

/* Reads the next account's result; the arena's. NULL: there is none. Go to the
 * first with spool_rewind(r->results). */
struct json_object *rehearsal_result(struct rehearsal *r, struct arena *a);

/* A number of a result as text: "12.5"; "not in the dump" if it is not there. */
const char *rehearsal_figure(struct json_object *tree, const char *path);

/* The subject of a difference, in words: "account devices/sip_device"; the
 * arena's. */
const char *rehearsal_subject(struct arena *a, struct json_object *difference);

/* The differing figures of a difference, in words: "old 5, Reeve 6", or "" if it
 * has none; the arena's. */
const char *rehearsal_figures(struct arena *a, struct json_object *difference);

/* Quantities in words: "devices/sip_device 5, users/user 2"; the arena's. */
const char *rehearsal_quantities(struct arena *a, struct json_object *tables);

/* The lines of an invoice in words: "devices/sip_device 2 x 1.25 = 2.5", or "not
 * in the dump" for NULL; the arena's. */
const char *rehearsal_lines(struct arena *a, struct json_object *lines);

/* Sums by month and service in words; the arena's. */
const char *rehearsal_months(struct arena *a, struct json_object *months);

/* The forms. summary is that of rehearsal_summary(). */
void rehearsal_report_text(struct rehearsal *r, struct json_object *summary);
void rehearsal_report_json(struct rehearsal *r, struct json_object *summary);
void rehearsal_report_csv(struct rehearsal *r, struct json_object *summary);
void rehearsal_report_html(struct rehearsal *r, struct json_object *summary);

#endif
