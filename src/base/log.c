/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/gregorian.h"
#include "base/repeats.h"
#include "base/utf8.h"

#define LINE_MAX_BYTES 4096 /* the newline included */
#define REQUEST_MAX 128
#define CUT "..."

static const struct level {
	const char *name;
	int priority; /* syslog's */
} levels[] = {
	[LOG_LEVEL_DEBUG] = { "debug", LOG_DEBUG },
	[LOG_LEVEL_INFO] = { "info", LOG_INFO },
	[LOG_LEVEL_WARN] = { "warn", LOG_WARNING },
	[LOG_LEVEL_ERROR] = { "error", LOG_ERR },
	[LOG_LEVEL_FATAL] = { "fatal", LOG_CRIT },
};

/* The sink: the path of its file, NULL if it is none; its descriptor, -1 for
 * syslog. */
static char *sink_path;
static int sink_fd = STDERR_FILENO;
static enum log_level sink_level = LOG_LEVEL_INFO;
static char request[REQUEST_MAX + 1];

/* This process. A child does not tell what its parent has counted. */
static struct {
	long pid; /* 0: not known yet */
	bool has_counts;
	struct repeats repeats;
} self;

static void
forget_self(void)
{
	memset(&self, 0, sizeof(self));
}

static void
know_self(void)
{
	static bool forgets;

	if (!forgets)
		forgets = pthread_atfork(NULL, NULL, forget_self) == 0;
	if (self.pid == 0 || !forgets)
		self.pid = (long)getpid();
}

struct line {
	char text[LINE_MAX_BYTES];
	size_t length;
	bool cut;
};

/* There is always room for the cut mark and the newline. */
static size_t
line_room(const struct line *line)
{
	return sizeof(line->text) - sizeof(CUT) - line->length;
}

static void
line_add(struct line *line, const char *bytes, size_t length)
{
	if (line->cut)
		return;
	if (length > line_room(line)) {
		line->cut = true;
		return;
	}
	memcpy(line->text + line->length, bytes, length);
	line->length += length;
}

/* Returns the number of bytes that need no escape and are a character each. */
static size_t
plain_length(const char *text)
{
	size_t n = 0;

	while (text[n] >= 0x20 && text[n] < 0x7f)
		n++;
	return n;
}

/* Adds as many of these as there is room for. */
static void
line_add_plain(struct line *line, const char *bytes, size_t length)
{
	size_t room = line_room(line);

	line_add(line, bytes, length < room ? length : room);
	line->cut |= length > room;
}

/* Adds whole characters and escapes only, so that a cut splits neither. */
static void
line_add_escaped(struct line *line, const char *text)
{
	size_t left, length;
	char escape[5];
	unsigned char c;

	for (left = strlen(text); left > 0; text += length, left -= length) {
		length = plain_length(text);
		if (length > 0) {
			line_add_plain(line, text, length);
			continue;
		}
		length = utf8_length(text, left);
		if (length == 0)
			length = 1;
		c = (unsigned char)*text;
		if (c < 0x20 || c == 0x7f) {
			snprintf(escape, sizeof(escape), "\\x%02x", c);
			line_add(line, escape, strlen(escape));
		} else {
			line_add(line, text, length);
		}
	}
}

static void PRINTF(2, 3)
line_printf(struct line *line, const char *format, ...)
{
	char text[128];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	line_add(line, text, strlen(text));
}

static void
line_end(struct line *line)
{
	if (line->cut) {
		memcpy(line->text + line->length, CUT, sizeof(CUT) - 1);
		line->length += sizeof(CUT) - 1;
	}
	line->text[line->length++] = '\n';
}

static void
line_write(const struct line *line)
{
	ssize_t written;

	do
		written = write(sink_fd, line->text, line->length);
	while (written < 0 && errno == EINTR);
}

/* syslog adds time and process itself. */
static void
line_to_syslog(enum log_level level, const struct line *line)
{
	syslog(levels[level].priority, "%.*s", (int)line->length - 1,
	    line->text);
}

static void
write_text(enum log_level level, const char *id, const char *text)
{
	char now[GREGORIAN_ISO_SIZE];
	struct line line;

	line.length = 0;
	line.cut = false;
	know_self();
	if (sink_fd >= 0) {
		gregorian_iso8601(gregorian_now(), now);
		line_printf(&line, "%s %s [%ld] ", now, levels[level].name,
		    self.pid);
	}
	line_add_escaped(&line, id[0] == '\0' ? "-" : id);
	line_add(&line, " ", 1);
	line_add_escaped(&line, text);
	line_end(&line);
	if (sink_fd >= 0)
		line_write(&line);
	else
		line_to_syslog(level, &line);
}

/* ---- events that repeat ---- */

static void
write_count(const struct repeat *r)
{
	char text[REPEATS_TEXT + 64];

	snprintf(text, sizeof(text), "%llu times in %lld s: %s",
	    (unsigned long long)r->count, (long long)repeats_seconds(r),
	    r->event);
	write_text((enum log_level)r->level, "", text);
}

static void
write_counts(bool all)
{
	struct repeat counted;

	if (!self.has_counts)
		return;
	while (repeats_take(&self.repeats, all, clock_monotonic_ms(),
	    &counted))
		write_count(&counted);
	self.has_counts = self.repeats.due_ms != 0;
}

static void
write_all_counts(void)
{
	write_counts(true);
}

/* Returns true if this one is written whole. */
static bool
note_event(enum log_level level, const char *event)
{
	static bool told_at_end;
	struct repeat gone;

	if (!told_at_end)
		told_at_end = atexit(write_all_counts) == 0;
	know_self();
	if (!repeats_note(&self.repeats, event, (int)level,
	    clock_monotonic_ms(), &gone)) {
		self.has_counts = true;
		return false;
	}
	if (gone.count > 0)
		write_count(&gone);
	return true;
}

void
log_counts(void)
{
	write_counts(false);
}

/* ---- lines ---- */

static void PRINTF(2, 0)
emit(enum log_level level, const char *format, va_list args)
{
	char text[LINE_MAX_BYTES + 1];
	int saved_errno = errno;

	if (level < sink_level)
		return;
	write_counts(false);
	/* Keep the caller's errno for %m. */
	errno = saved_errno;
	if (vsnprintf(text, sizeof(text), format, args) < 0)
		snprintf(text, sizeof(text), "(a message that cannot be "
		    "printed)");
	write_text(level, request, text);
	errno = saved_errno;
}

static int
open_file(const char *path)
{
	/* The maker of a link does not choose where root writes. */
	int links = geteuid() == 0 ? O_NOFOLLOW : 0;

	return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | links,
	    0640);
}

/* Sets the sink; takes over both parameters. */
static void
sink_set(int own_fd, char *own_path)
{
	if (sink_path != NULL && sink_fd >= 0)
		close(sink_fd);
	free(sink_path);
	sink_fd = own_fd;
	sink_path = own_path;
}

static bool
sink_to_file(const char *path)
{
	char *copy;
	int fd;

	fd = open_file(path);
	if (fd < 0)
		return false;
	copy = strdup(path);
	if (copy == NULL) {
		close(fd);
		return false;
	}
	sink_set(fd, copy);
	return true;
}

bool
log_open(const char *target, enum log_level min_level)
{
	if (strcmp(target, "stderr") == 0) {
		sink_set(STDERR_FILENO, NULL);
	} else if (strcmp(target, "syslog") == 0) {
		openlog("reeve", LOG_PID, LOG_DAEMON);
		sink_set(-1, NULL);
	} else if (!sink_to_file(target)) {
		return false;
	}
	sink_level = min_level;
	return true;
}

void
log_reopen(void)
{
	int fd;

	if (sink_path == NULL)
		return;
	fd = open_file(sink_path);
	if (fd < 0) {
		log_error("log file %s cannot be reopened: %s; still writing "
		    "to the old one", sink_path, strerror(errno));
		return;
	}
	close(sink_fd);
	sink_fd = fd;
}

void
log_request(const char *request_id)
{
	snprintf(request, sizeof(request), "%s",
	    request_id == NULL ? "" : request_id);
}

void
log_debug(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit(LOG_LEVEL_DEBUG, format, args);
	va_end(args);
}

void
log_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit(LOG_LEVEL_INFO, format, args);
	va_end(args);
}

void
log_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit(LOG_LEVEL_WARN, format, args);
	va_end(args);
}

void
log_error(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit(LOG_LEVEL_ERROR, format, args);
	va_end(args);
}

void
log_event(enum log_level level, const char *event, const char *format, ...)
{
	int saved_errno = errno;
	va_list args;

	if (level < sink_level || !note_event(level, event))
		return;
	errno = saved_errno;
	va_start(args, format);
	emit(level, format, args);
	va_end(args);
}

void
log_fatal(int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	emit(LOG_LEVEL_FATAL, format, args);
	va_end(args);
	exit(status);
}

bool
log_level_parse(const char *text, enum log_level *out)
{
	enum log_level level;

	/* "fatal" is not offered, because it would hide every error. */
	for (level = LOG_LEVEL_DEBUG; level < LOG_LEVEL_FATAL; level++) {
		if (strcmp(text, levels[level].name) == 0) {
			*out = level;
			return true;
		}
	}
	return false;
}
