/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/log.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/reeve-log-XXXXXX";
static char path[64], moved[64];
static char content[65536];

static void
setup(void)
{
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/log", folder);
	snprintf(moved, sizeof(moved), "%s/log.1", folder);
}

static void
teardown(void)
{
	unlink(path);
	unlink(moved);
	rmdir(folder);
}

TestSuite(log, .init = setup, .fini = teardown);

static const char *
read_file(const char *name)
{
	FILE *file = fopen(name, "r");
	size_t length;

	cr_assert_not_null(file, "%s", name);
	length = fread(content, 1, sizeof(content) - 1, file);
	content[length] = '\0';
	fclose(file);
	return content;
}

/* The rest of a line after "TIME level [pid] ". */
static const char *
after_process(const char *line)
{
	const char *bracket = strstr(line, "] ");

	cr_assert_not_null(bracket, "%s", line);
	return bracket + 2;
}

Test(log, a_line_is_time_level_process_request_text)
{
	int year, month, day, hour, minute, second, end = 0;
	char level[8], request[16];
	long process;

	cr_assert(log_open(path, LOG_LEVEL_DEBUG));
	log_request("abc123");
	log_warn("text of %d", 7);
	cr_assert_eq(sscanf(read_file(path),
	    "%4d-%2d-%2dT%2d:%2d:%2dZ %7s [%ld] %15s text of 7%n", &year,
	    &month, &day, &hour, &minute, &second, level, &process, request,
	    &end), 9, "%s", content);
	cr_expect_str_eq(content + end, "\n");
	cr_expect_eq(content[20], ' ', "%s", content);
	cr_expect_str_eq(level, "warn");
	cr_expect_str_eq(request, "abc123");
	cr_expect_eq(process, (long)getpid());
}

Test(log, levels_below_the_minimum_are_omitted)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	char expected[8];
	size_t least, i;

	for (least = 0; least < NELEM(names); least++) {
		unlink(path);
		cr_assert(log_open(path, (enum log_level)least));
		log_debug("0");
		log_info("1");
		log_warn("2");
		log_error("3");
		read_file(path);
		for (i = 0; i < NELEM(names); i++) {
			snprintf(expected, sizeof(expected), " %s ", names[i]);
			cr_expect_eq(strstr(content, expected) != NULL,
			    i >= least, "%s at least, %s", names[least],
			    names[i]);
		}
	}
}

Test(log, control_characters_are_escaped)
{
	static const struct {
		const char *text, *line;
	} rows[] = {
		{ "plain", "- plain\n" },
		{ "", "- \n" },
		{ "a\nb", "- a\\x0ab\n" },
		{ "a\r\nb", "- a\\x0d\\x0ab\n" },
		{ "\x1b[31m", "- \\x1b[31m\n" },
		{ "\x01\x1f\x7f", "- \\x01\\x1f\\x7f\n" },
		{ "\ttab", "- \\x09tab\n" },
		{ "\xc3\xa9\xff", "- \xc3\xa9\xff\n" },
		{ "%s%n", "- %s%n\n" },
	};
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		unlink(path);
		cr_assert(log_open(path, LOG_LEVEL_INFO));
		log_info("%s", rows[i].text);
		cr_expect_str_eq(after_process(read_file(path)), rows[i].line,
		    "row %zu: %s", i, content);
	}
}

Test(log, the_request_is_escaped_copied_and_bounded)
{
	char id[300], expected[160];

	cr_assert(log_open(path, LOG_LEVEL_INFO));
	strcpy(id, "one\ntwo");
	log_request(id);
	strcpy(id, "changed");
	log_info("x");
	cr_expect_str_eq(after_process(read_file(path)), "one\\x0atwo x\n");

	unlink(path);
	log_reopen();
	memset(id, 'r', sizeof(id) - 1);
	id[sizeof(id) - 1] = '\0';
	log_request(id);
	log_info("x");
	memset(expected, 'r', 128);
	strcpy(expected + 128, " x\n");
	cr_expect_str_eq(after_process(read_file(path)), expected);
}

Test(log, no_request)
{
	static const char *const none[] = { NULL, "" };
	size_t i;

	for (i = 0; i < NELEM(none); i++) {
		unlink(path);
		cr_assert(log_open(path, LOG_LEVEL_INFO));
		log_request("one");
		log_request(none[i]);
		log_info("x");
		cr_expect_str_eq(after_process(read_file(path)), "- x\n",
		    "row %zu", i);
	}
}

/* Texts around the max length, with and without escaped bytes. */
Test(log, long_lines_are_cut)
{
	static const char *const units[] = { "x", "\n", "\xe2\x82\xac" };
	char text[20001];
	size_t length, unit, width, line;

	for (unit = 0; unit < NELEM(units); unit++) {
		width = strlen(units[unit]);
		for (length = 0; length + width < sizeof(text); length += width)
			memcpy(text + length, units[unit], width);
		for (length = 900; length < sizeof(text); length += 97) {
			unlink(path);
			cr_assert(log_open(path, LOG_LEVEL_INFO));
			log_info("%.*s", (int)(length / width * width), text);
			line = strlen(read_file(path));
			cr_assert_leq(line, 4096, "unit %zu, %zu bytes", unit,
			    length);
			cr_assert_eq(strcspn(content, "\n"), line - 1,
			    "unit %zu, %zu bytes", unit, length);
			if (length < 1000)
				continue;
			cr_assert_eq(strcmp(content + line - 4, "...\n") == 0,
			    length > 4200 || (unit == 1 && length > 1030) ||
			    line > 4093, "unit %zu, %zu bytes: %s", unit,
			    length, content + line - 8);
		}
	}
	/* An escape is never cut in two. */
	unlink(path);
	cr_assert(log_open(path, LOG_LEVEL_INFO));
	memset(text, '\n', 5000);
	text[5000] = '\0';
	log_info("%s", text);
	line = strlen(read_file(path));
	cr_expect_str_eq(content + line - 8, "\\x0a...\n");
}

Test(log, reopen_follows_a_rotation)
{
	cr_assert(log_open(path, LOG_LEVEL_INFO));
	log_info("old");
	cr_assert_eq(rename(path, moved), 0);
	log_info("still old");
	log_reopen();
	log_info("new");
	cr_expect_not_null(strstr(read_file(moved), "still old\n"));
	cr_expect_null(strstr(content, "new"));
	cr_expect_str_eq(after_process(read_file(path)), "- new\n");
}

Test(log, a_reopen_that_fails_keeps_the_old_file)
{
	cr_assert(log_open(path, LOG_LEVEL_INFO));
	cr_assert_eq(rename(path, moved), 0);
	cr_assert_eq(mkdir(path, 0700), 0);
	log_reopen();
	log_info("after");
	cr_expect_not_null(strstr(read_file(moved), "cannot be reopened"));
	cr_expect_not_null(strstr(content, "- after\n"));
	cr_expect_eq(rmdir(path), 0);
}

Test(log, an_open_that_fails_keeps_the_old_sink)
{
	cr_assert(log_open(path, LOG_LEVEL_INFO));
	cr_expect_not(log_open("/nonexistent/folder/log", LOG_LEVEL_DEBUG));
	log_debug("not this");
	log_info("this");
	cr_expect_str_eq(after_process(read_file(path)), "- this\n");
}

Test(log, the_file_is_private_and_not_inherited)
{
	struct stat status;

	umask(0);
	cr_assert(log_open(path, LOG_LEVEL_INFO));
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_mode & 0777, 0640);
}

Test(log, stderr_is_a_sink_that_stays_open)
{
	int saved = dup(STDERR_FILENO), fd;

	fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	cr_assert_geq(fd, 0);
	dup2(fd, STDERR_FILENO);
	cr_assert(log_open("stderr", LOG_LEVEL_INFO));
	log_info("one");
	log_reopen();
	cr_assert(log_open("stderr", LOG_LEVEL_INFO));
	log_info("two");
	cr_assert(log_open("syslog", LOG_LEVEL_FATAL));
	log_info("three");
	cr_assert(log_open("stderr", LOG_LEVEL_INFO));
	log_info("four");
	dup2(saved, STDERR_FILENO);
	read_file(path);
	cr_expect_not_null(strstr(content, "- one\n"));
	cr_expect_not_null(strstr(content, "- two\n"));
	cr_expect_null(strstr(content, "three"));
	cr_expect_not_null(strstr(content, "- four\n"));
}

Test(log, errno_is_preserved)
{
	cr_assert(log_open(path, LOG_LEVEL_INFO));
	errno = ENOTTY;
	log_info("%s", strerror(EACCES));
	cr_expect_eq(errno, ENOTTY);
	errno = ENOTTY;
	log_debug("x");
	cr_expect_eq(errno, ENOTTY);
}

Test(log, fatal_ends_the_process_with_its_status, .exit_code = 78)
{
	cr_assert(log_open("/dev/null", LOG_LEVEL_INFO));
	teardown();
	log_fatal(78, "configuration %s", "broken");
}

/* Runs at exit; sets the status to the verdict. */
static void
judge_fatal_line(void)
{
	const char *line = read_file(path);
	bool good = strstr(line, " fatal [") != NULL &&
	    strcmp(after_process(line), "- no memory\n") == 0;

	teardown();
	_exit(good ? 42 : 1);
}

Test(log, fatal_is_written, .exit_code = 42)
{
	cr_assert(log_open(path, LOG_LEVEL_FATAL));
	cr_assert_eq(atexit(judge_fatal_line), 0);
	log_fatal(71, "no %s", "memory");
}

Test(log, level_names)
{
	static const struct {
		const char *text;
		bool known;
		enum log_level level;
	} rows[] = {
		{ "debug", true, LOG_LEVEL_DEBUG },
		{ "info", true, LOG_LEVEL_INFO },
		{ "warn", true, LOG_LEVEL_WARN },
		{ "error", true, LOG_LEVEL_ERROR },
		{ "fatal", false, LOG_LEVEL_FATAL },
		{ "", false, LOG_LEVEL_FATAL },
		{ "INFO", false, LOG_LEVEL_FATAL },
		{ "info ", false, LOG_LEVEL_FATAL },
		{ "warning", false, LOG_LEVEL_FATAL },
	};
	enum log_level level;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		level = LOG_LEVEL_FATAL;
		cr_expect_eq(log_level_parse(rows[i].text, &level),
		    rows[i].known, "\"%s\"", rows[i].text);
		cr_expect_eq(level, rows[i].level, "\"%s\"", rows[i].text);
	}
}

/* ---- events that repeat ---- */

Test(log, an_event_is_a_line_and_then_a_count)
{
	int i, status;
	pid_t child = fork();

	if (child == 0) {
		if (!log_open(path, LOG_LEVEL_INFO))
			_exit(1);
		log_request("first");
		for (i = 0; i < 5; i++)
			log_event(LOG_LEVEL_ERROR, "read-only", "row %d: "
			    "read-only", i);
		log_info("another line");
		log_event(LOG_LEVEL_DEBUG, "unseen", "unseen");
		exit(0);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(status, 0);
	read_file(path);
	cr_expect_not_null(strstr(content, "] first row 0: read-only\n"));
	cr_expect_null(strstr(content, "row 1"));
	cr_expect_not_null(strstr(content, "] first another line\n"));
	cr_expect_not_null(strstr(content,
	    "] - 4 times in 1 s: read-only\n"), "%s", content);
	cr_expect_null(strstr(content, "unseen"));
}

Test(log, a_child_does_not_tell_the_counts_of_its_parent)
{
	int status;
	pid_t child;

	cr_assert(log_open(path, LOG_LEVEL_INFO));
	log_event(LOG_LEVEL_WARN, "full", "full");
	log_event(LOG_LEVEL_WARN, "full", "full");
	child = fork();
	if (child == 0) {
		log_event(LOG_LEVEL_WARN, "empty", "empty");
		log_event(LOG_LEVEL_WARN, "empty", "empty");
		exit(0);
	}
	cr_assert_eq(waitpid(child, &status, 0), child);
	read_file(path);
	cr_expect_not_null(strstr(content, "1 times in 1 s: empty\n"));
	cr_expect_null(strstr(content, "s: full"), "%s", content);
}
