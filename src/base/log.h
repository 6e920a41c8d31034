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
 * False: the file cannot be opened; the old destination stays.
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

/* Logs, and ends the process with a status of sysexits.h. */
void log_fatal(int status, const char *format, ...) PRINTF(2, 3) NORETURN;

/* Reads "debug", "info", "warn" or "error"; false: anything else. */
bool log_level_parse(const char *text, enum log_level *out) MUSTCHECK;

#endif
