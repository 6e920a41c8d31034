/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The log: one line per event with time, level, process, request id, text.
 * Control characters are escaped. Never log a body, token or password.
 */
#ifndef REEVE_BASE_LOG_H
#define REEVE_BASE_LOG_H

#include <stdbool.h>

#include "base/attr.h"

enum log_level {
	LOG_LEVEL_DEBUG,
	LOG_LEVEL_INFO,
	LOG_LEVEL_WARN,
	LOG_LEVEL_ERROR,
	LOG_LEVEL_FATAL
};

/*
 * Opens the log: the path of a file, "stderr" or "syslog". May be called again.
 * False: the file cannot be opened, as root also if it is a link; the old
 * destination stays.
 */
bool log_open(const char *target, enum log_level min_level) MUSTCHECK;

/* Reopens the log file, after a rotation. */
void log_reopen(void);

/* Sets the request id of the following lines; NULL or "": none. Copied. */
void log_request(const char *request_id);

void log_debug(const char *format, ...) PRINTF(1, 2);
void log_info(const char *format, ...) PRINTF(1, 2);
void log_warn(const char *format, ...) PRINTF(1, 2);
void log_error(const char *format, ...) PRINTF(1, 2);

/*
 * Logs a line of an event that may happen hundreds of times a minute. The first
 * line of an event is written, those of the following minute are counted by each
 * process, and their number is a line of its own ("428 times in 60 s: event"):
 * when the minute is over, or the process ends. Not for lines that somebody
 * needs one by one. event: its cause, without what differs each time.
 */
void log_event(enum log_level level, const char *event, const char *format, ...)
    PRINTF(3, 4);

/* Writes the counts whose minute is over. Each line does so, too: only a process
 * that may have nothing to log needs to call it. */
void log_counts(void);

/* Logs, and ends the process with a status of sysexits.h. */
void log_fatal(int status, const char *format, ...) PRINTF(2, 3) NORETURN;

/* Reads "debug", "info", "warn" or "error"; false: anything else. */
bool log_level_parse(const char *text, enum log_level *out) MUSTCHECK;

#endif
