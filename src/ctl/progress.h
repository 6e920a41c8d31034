/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A progress bar on standard error for long work, if that is a terminal. */
#ifndef REEVE_CTL_PROGRESS_H
#define REEVE_CTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;
	int64_t total; /* 0: not known */
	bool shown;
	int64_t last_ms;
};

/* Starts a bar; it shows nothing unless standard error is a terminal. */
void progress_begin(struct progress *p, const char *what, int64_t total);

/* Redraws the bar, at most ten times a second. */
void progress_at(struct progress *p, int64_t done);

/* Erases the bar. */
void progress_end(struct progress *p);

#endif
