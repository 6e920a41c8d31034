/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line per event to the error log: time, level, process, request id, text.
 * Control characters of anything logged are escaped. Never a body, token or
 * password.
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
 * Where lines go: a file's path, "stderr" or "syslog". May be called again
 * (reopen). False: the file cannot be opened; the old sink stays.
 */
bool log_open(const char *target, enum log_level least) MUSTCHECK;

/* Reopens the file it writes to, after a rotation. */
void log_reopen(void);

/* The request that following lines belong to; NULL or "": none. Copied. */
void log_request(const char *request_id);

void log_debug(const char *format, ...) PRINTF(1, 2);
void log_info(const char *format, ...) PRINTF(1, 2);
void log_warn(const char *format, ...) PRINTF(1, 2);
void log_error(const char *format, ...) PRINTF(1, 2);

/* Logs and ends the process with EX_CONFIG-like status (sysexits.h). */
void log_fatal(int status, const char *format, ...) PRINTF(2, 3) NORETURN;

/* "debug", "info", "warn", "error"; false: none of them. */
bool log_level_parse(const char *text, enum log_level *out) MUSTCHECK;

#endif
