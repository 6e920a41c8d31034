/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of keys, and the way from a file to a struct config. */
#include <config.h>

#include "base/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/config_row.h"

#ifndef REEVE_SYSCONFDIR
#define REEVE_SYSCONFDIR "/etc"
#endif
#ifndef REEVE_PKGDATADIR
#define REEVE_PKGDATADIR "/usr/share/reeve"
#endif

#define SECRET_LENGTH_MIN 32
#define SECRET_FILE_LINE_MAX 1024
#define TEXT_MAX 4095

#define KIB INT64_C(1024)
#define GIB (1024 * 1024 * KIB)
#define HOUR INT64_C(3600)
#define DAY (24 * HOUR)

/* ---- the table ---- */

#define RELOADABLE 1u
#define SECRET 2u

#define ROW(group_, type_, name_, member_, default_, min_, max_, flags_, \
    help_, file_key_) { \
	.key = { \
		.name = (name_), \
		.default_text = (default_), \
		.help = (help_), \
		.reloadable = ((flags_) & RELOADABLE) != 0, \
		.secret = ((flags_) & SECRET) != 0, \
	}, \
	.group = CONFIG_##group_, \
	.type = CONFIG_##type_, \
	.offset = offsetof(struct config, member_), \
	.min = (min_), \
	.max = (max_), \
	.file_key = (file_key_), \
}

/* A key named as its member is; one whose member adds the unit, _s; and a
 * secret, which may also come from a file. */
#define KEY(group, type, name, default_, min, max, flags, help) \
	ROW(group, type, #name, name, default_, min, max, flags, help, NULL)
#define TIME(group, name, default_, min, max, flags, help) \
	ROW(group, SECONDS, #name, name##_s, default_, min, max, flags, help, \
	    NULL)
#define HIDDEN(group, name, help) \
	ROW(group, STRING, #name, name, "", 0, TEXT_MAX, \
	    RELOADABLE | SECRET, help, #name "_file")

/* Those of a Kazoo, less what only other countries' numbers fit. */
#define NUMBER_CLASSES \
	"tollfree_us:^[+]1(8(00|22|33|44|55|66|77|8[0-9]))[0-9]{7}$ " \
	"toll_us:^[+]1900[0-9]{7}$ emergency:^911$ " \
	"caribbean:^[+]1(684|264|268|242|246|441|284|345|767|809|829|849|473|" \
	"671|876|664|670|787|939|869|758|784|721|868|649|340)[0-9]{7}$ " \
	"did_us:^[+]1[2-9][0-9]{9}$ international:^[+][0-9]+$"

static const struct config_row rows[] = {
	/* the pool */
	KEY(POOL, ADDRESS, listen, "/run/reeve/reeve.sock", 1, TEXT_MAX, 0,
	    "Where the web server finds us: the path of a unix socket, "
	    "host:port or [host]:port."),
	KEY(POOL, MODE, listen_mode, "0660", 0, 0777, 0,
	    "Mode of a unix socket, in octal."),
	KEY(POOL, STRING, listen_owner, "", 0, 255, 0,
	    "User who owns a unix socket; empty: who starts us."),
	KEY(POOL, STRING, listen_group, "", 0, 255, 0,
	    "Group of a unix socket, usually the web server's; empty: that of "
	    "who starts us."),
	KEY(POOL, INTEGER, listen_backlog, "1024", 1, 65535, 0,
	    "Connections that may wait for a worker; with fewer, peaks are "
	    "refused at once."),
	KEY(POOL, INTEGER, workers, "8", 0, 1024, RELOADABLE,
	    "Worker processes; each holds one database connection. 0: serve "
	    "in one process, without a master."),
	KEY(POOL, INTEGER, max_requests, "10000", 0, 1000000000, RELOADABLE,
	    "Requests before a worker is replaced by a fresh one. 0: never."),
	TIME(POOL, request_terminate_timeout, "30s", 0, DAY, RELOADABLE,
	    "A worker busy with one request for longer is killed. 0: never."),
	TIME(POOL, process_control_timeout, "10s", 1, DAY, RELOADABLE,
	    "How long a graceful stop or reload waits for busy workers."),
	KEY(POOL, STRING, user, "", 0, 255, 0,
	    "User the workers run as, when started by root. Empty: stay who "
	    "we are."),
	KEY(POOL, STRING, group, "", 0, 255, 0,
	    "Group the workers run as; empty: the user's own."),
	KEY(POOL, PATH, pid_file, "", 0, TEXT_MAX, 0,
	    "File for the master's process id; empty: none."),
	KEY(POOL, TARGET, log, "stderr", 1, TEXT_MAX, RELOADABLE,
	    "Where the error log goes: a file's path, stderr or syslog."),
	KEY(POOL, LEVEL, log_level, "info", 1, 16, RELOADABLE,
	    "The least level logged: debug, info, warn or error."),

	/* the database */
	KEY(DATABASE, STRING, db_hosts, "localhost", 1, TEXT_MAX, RELOADABLE,
	    "host[:port],... of the database, tried in order."),
	KEY(DATABASE, PATH, db_socket, "", 0, TEXT_MAX, RELOADABLE,
	    "Unix socket of a database on this host; then db_hosts is "
	    "unused."),
	KEY(DATABASE, STRING, db_name, "reeve", 1, 64, RELOADABLE,
	    "The database's name."),
	KEY(DATABASE, STRING, db_user, "reeve", 1, 128, RELOADABLE,
	    "The user the pool connects as; it needs EXECUTE, nothing else."),
	HIDDEN(DATABASE, db_password,
	    "That user's password; better kept in db_password_file."),
	KEY(DATABASE, PATH, db_password_file, "", 0, TEXT_MAX, RELOADABLE,
	    "File whose first line is the password."),
	KEY(DATABASE, STRING, db_admin_user, "", 0, 128, RELOADABLE,
	    "The user reevectl migrate connects as; empty: db_user."),
	HIDDEN(DATABASE, db_admin_password,
	    "That user's password; better kept in db_admin_password_file."),
	KEY(DATABASE, PATH, db_admin_password_file, "", 0, TEXT_MAX,
	    RELOADABLE,
	    "File whose first line is the password of db_admin_user."),
	TIME(DATABASE, db_connect_timeout, "3s", 1, HOUR, RELOADABLE,
	    "How long to wait for a connection to one host."),
	TIME(DATABASE, db_read_timeout, "20s", 1, DAY, RELOADABLE,
	    "How long to wait for one answer of the database."),

	/* authentication */
	HIDDEN(AUTHENTICATION, secret,
	    "The key of the credential index: 32 or more random characters, "
	    "the same on every host, never changed; better kept in "
	    "secret_file."),
	KEY(AUTHENTICATION, PATH, secret_file, "", 0, TEXT_MAX, RELOADABLE,
	    "File whose first line is the secret."),
	TIME(AUTHENTICATION, token_expiry, "1h", 0, 3650 * DAY, RELOADABLE,
	    "How long a token is good for. 0: for ever."),
	KEY(AUTHENTICATION, BYTES, verifier_memory, "32M", 64 * KIB, 2 * GIB,
	    RELOADABLE,
	    "Memory that checking one password takes (argon2id); for new "
	    "hashes."),
	KEY(AUTHENTICATION, INTEGER, verifier_passes, "2", 1, 64, RELOADABLE,
	    "Passes over that memory."),
	KEY(AUTHENTICATION, INTEGER, login_burst, "20", 1, 1000000, RELOADABLE,
	    "Logins a client may try at once, good or bad."),
	TIME(AUTHENTICATION, login_refill, "6s", 1, DAY, RELOADABLE,
	    "Time until a client may try one more."),

	/* the courier */
	KEY(COURIER, INTEGER, couriers, "1", 0, 64, RELOADABLE,
	    "Processes of the pool that deliver messages to bookkeepers. 0: "
	    "none; then run reevectl deliver now and then."),
	TIME(COURIER, courier_connect_timeout, "5s", 1, HOUR, RELOADABLE,
	    "How long to wait for a connection to a bookkeeper."),
	TIME(COURIER, courier_timeout, "20s", 1, HOUR, RELOADABLE,
	    "How long one attempt may take in all; a bookkeeper's own "
	    "timeout_ms may say less."),
	TIME(COURIER, courier_lease, "2m", 2, DAY, RELOADABLE,
	    "When the message of a courier that died is another's; more than "
	    "courier_timeout."),
	KEY(COURIER, INTEGER, courier_attempts, "30", 1, 10000, RELOADABLE,
	    "Attempts before a message is given up."),
	TIME(COURIER, courier_pause, "5s", 1, DAY, RELOADABLE,
	    "Pause after the first attempt that failed; each one doubles it."),
	TIME(COURIER, courier_pause_max, "1h", 1, 30 * DAY, RELOADABLE,
	    "The longest pause."),
	TIME(COURIER, synchronization_timeout, "20s", 1, 300, RELOADABLE,
	    "How long POST services/synchronization waits for bookkeepers."),
	KEY(COURIER, INTEGER, courier_private, "0", 0, 1, RELOADABLE,
	    "1: bookkeepers and webhooks may be at private addresses, such "
	    "as those of this host and its network."),
	TIME(COURIER, courier_keep, "30d", 0, 3650 * DAY, RELOADABLE,
	    "How long messages are kept that were delivered. 0: for ever."),

	/* the API */
	KEY(API, BYTES, max_body, "8000000", 1, GIB, RELOADABLE,
	    "Largest request body; a larger one gets 413."),
	KEY(API, INTEGER, page_size, "50", 1, 1000000, RELOADABLE,
	    "Items on one page of a list, when the client does not say."),
	KEY(API, INTEGER, max_page_size, "1000", 1, 1000000, RELOADABLE,
	    "Most items a client may ask for."),
	TIME(API, max_range, "2682000s", 1, 36500 * DAY, RELOADABLE,
	    "Longest created_from..created_to of a list."),
	TIME(API, summary_max_range, "31540000s", 1, 36500 * DAY, RELOADABLE,
	    "Longest created_from..created_to of a daily summary."),
	KEY(API, STRING, usage_services, "per-minute-voip", 0, TEXT_MAX,
	    RELOADABLE,
	    "Ledgers counted in the daily summary, with commas between."),
	KEY(API, INTEGER, prompt_service_changes, "1", 0, 1, RELOADABLE,
	    "1: a change of plans, overrides or manual quantities that costs "
	    "more must be accepted (402). 0: it is done at once."),
	KEY(API, INTEGER, audit_master, "0", 0, 1, RELOADABLE,
	    "1: the master account's own services are audited too."),
	KEY(API, INTEGER, prorate, "0", 0, 1, RELOADABLE,
	    "1: invoices with changes show what each changed line whose plan "
	    "asks for it costs, by day, for the rest of the month. 0: only "
	    "explain says so."),
	KEY(API, INTEGER, require_balance, "0", 0, 1, RELOADABLE,
	    "1: what costs more of a bookkeeper that moves no money needs a "
	    "balance of as much, or limits that let the account owe it (402 "
	    "billing_issue). 0: good standing is enough."),
	KEY(API, INTEGER, automatic_topup, "0", 0, 1, RELOADABLE,
	    "1: run-due tops accounts up whose balance is below topup.threshold "
	    "of their document. 0: it does not."),
	KEY(API, INTEGER, recurring_debits, "0", 0, 1, RELOADABLE,
	    "1: on the first of a month, run-due debits the ledger with what "
	    "recurs and no bookkeeper collects. 0: it does not."),
	KEY(API, INTEGER, bill_reminders, "0", 0, 1, RELOADABLE,
	    "1: before a month ends, run-due reminds bookkeepers of what will "
	    "be due. 0: it does not."),
	KEY(API, INTEGER, reminder_days, "5", 1, 28, RELOADABLE,
	    "How many days before the end of a month reminders are sent."),
	TIME(API, quote_expiry, "15m", 1, 365 * DAY, RELOADABLE,
	    "How long a quote may be held to."),
	TIME(API, idempotency_expiry, "1d", 1, 365 * DAY, RELOADABLE,
	    "How long the answer to an Idempotency-Key is remembered."),
	KEY(API, STRING, number_classes, NUMBER_CLASSES, 0, TEXT_MAX,
	    RELOADABLE,
	    "What phone numbers are called in plans: NAME:EXPRESSION with "
	    "blanks between; the first that fits counts, unknown if none."),
	KEY(API, STRING, realm_suffix, "sip.local", 1, 240, RELOADABLE,
	    "What realms end in that are made for new accounts."),
	KEY(API, PATH, sql_dir, REEVE_PKGDATADIR "/sql", 1, TEXT_MAX,
	    RELOADABLE,
	    "Where reevectl migrate finds schema and routines."),
};

#define ROWS NELEM(rows)

static const struct config_row *
row_find(const char *name)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (strcmp(rows[i].key.name, name) == 0)
			return &rows[i];
	return NULL;
}

/* ---- the file ---- */

struct loading {
	struct arena *arena;
	struct config *config;
	const char *path;
	unsigned line;            /* the one being read */
	unsigned line_of[ROWS];   /* where each key was given, 0: nowhere */
	const char *error;
};

static bool PRINTF(4, 5)
fail(struct loading *l, unsigned line, const char *key, const char *format, ...)
{
	struct buffer text;
	va_list args;

	buffer_init(&text, l->arena, 0);
	buffer_printf(&text, "%s:%u: ", l->path, line);
	if (key != NULL)
		buffer_printf(&text, "%s: ", key);
	va_start(args, format);
	buffer_vprintf(&text, format, args);
	va_end(args);
	l->error = text.text;
	return false;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Cuts the blanks off both ends, in place. */
static char *
trim(char *text)
{
	size_t length;

	while (is_blank(*text))
		text++;
	length = strlen(text);
	while (length > 0 && is_blank(text[length - 1]))
		length--;
	text[length] = '\0';
	return text;
}

/* Takes off the quotes around a value. False: only one is there. */
static bool
unquote(char **value)
{
	size_t length = strlen(*value);

	if (**value != '"')
		return true;
	if (length < 2 || (*value)[length - 1] != '"')
		return false;
	(*value)[length - 1] = '\0';
	(*value)++;
	return true;
}

static bool
take_pair(struct loading *l, const char *name, char *value)
{
	const struct config_row *row = row_find(name);
	const char *wrong;
	unsigned *line_of;

	if (row == NULL)
		return fail(l, l->line, name, "is no key; check its spelling "
		    "against the sample file");
	line_of = &l->line_of[row - rows];
	if (*line_of != 0)
		return fail(l, l->line, name, "was given on line %u already; "
		    "keep one of the two", *line_of);
	*line_of = l->line;
	if (!unquote(&value))
		return fail(l, l->line, name, "has a quote that does not end; "
		    "close it at the end of the line");
	wrong = config_value_set(l->arena, l->config, row, value);
	if (wrong != NULL)
		return fail(l, l->line, name, "%s", wrong);
	return true;
}

static bool
take_line(struct loading *l, char *text)
{
	char *equals;

	text = trim(text);
	if (*text == '\0' || *text == '#' || *text == ';')
		return true;
	equals = strchr(text, '=');
	if (equals == NULL)
		return fail(l, l->line, NULL, "no '=' here; write key = value, "
		    "or '#' in front of a comment");
	*equals = '\0';
	return take_pair(l, trim(text), trim(equals + 1));
}

static bool
take_lines(struct loading *l, FILE *file)
{
	char *text = NULL;
	bool good = true;
	size_t size = 0;
	ssize_t length;

	while (good && (length = getline(&text, &size, file)) >= 0) {
		l->line++;
		if (strlen(text) != (size_t)length)
			good = fail(l, l->line, NULL, "a NUL byte; this must "
			    "be a text file");
		else
			good = take_line(l, text);
	}
	if (good && ferror(file))
		good = fail(l, l->line, NULL, "cannot be read on: %s; check "
		    "what kind of file it is", strerror(errno));
	if (text != NULL)
		explicit_bzero(text, size); /* passwords were in it */
	free(text);
	return good;
}

static bool
take_file(struct loading *l)
{
	bool good;
	FILE *file;

	file = fopen(l->path, "re");
	if (file == NULL) {
		l->error = arena_printf(l->arena, "%s: cannot be opened: %s; "
		    "create it from the sample file, or check its permissions",
		    l->path, strerror(errno));
		return false;
	}
	good = take_lines(l, file);
	fclose(file);
	return good;
}

/* ---- secrets in files of their own ---- */

/* A descriptor of a file only its owner and group can read; -1: failed. */
static int
open_secret_file(struct loading *l, const struct config_row *row,
    const char *path)
{
	unsigned line = l->line_of[row - rows];
	struct stat status;
	int fd;

	/* Without O_NONBLOCK a FIFO would hold us here. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		fail(l, line, row->key.name, "%s cannot be opened: %s; create "
		    "it, or let this user read it", path, strerror(errno));
		return -1;
	}
	if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		fail(l, line, row->key.name, "%s is not a file; name a "
		    "regular file", path);
	else if ((status.st_mode & 007) != 0)
		fail(l, line, row->key.name, "%s is open to everybody; run "
		    "chmod o= on it", path);
	else
		return fd;
	close(fd);
	return -1;
}

/* Checks what was read, length bytes and a NUL, and cuts it to one line. */
static bool
first_line(struct loading *l, const struct config_row *row, const char *path,
    char *text, size_t length)
{
	unsigned line = l->line_of[row - rows];
	char *end = memchr(text, '\n', length);

	if (end == NULL && length > SECRET_FILE_LINE_MAX)
		return fail(l, line, row->key.name, "the first line of %s is "
		    "longer than %d characters; shorten it", path,
		    SECRET_FILE_LINE_MAX);
	if (end == NULL)
		end = text + length;
	if (memchr(text, '\0', (size_t)(end - text)) != NULL)
		return fail(l, line, row->key.name, "the first line of %s "
		    "holds a NUL byte; it must be text", path);
	if (end > text && end[-1] == '\r')
		end--;
	*end = '\0';
	if (end == text)
		return fail(l, line, row->key.name, "the first line of %s is "
		    "empty; write the secret there", path);
	return true;
}

static ssize_t
read_all(int fd, char *bytes, size_t size)
{
	size_t length = 0;
	ssize_t got;

	while (length < size) {
		got = read(fd, bytes + length, size - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		length += (size_t)got;
	}
	return (ssize_t)length;
}

/* Reads the file named by file_row into the secret of row. */
static bool
take_secret_file(struct loading *l, const struct config_row *row,
    const struct config_row *file_row)
{
	const char *path = *config_value_text(l->config, file_row);
	char text[SECRET_FILE_LINE_MAX + 2];
	bool good = false;
	ssize_t length;
	int fd;

	fd = open_secret_file(l, file_row, path);
	if (fd < 0)
		return false;
	length = read_all(fd, text, sizeof(text) - 1);
	if (length < 0) {
		fail(l, l->line_of[file_row - rows], file_row->key.name,
		    "%s cannot be read: %s; check the file", path,
		    strerror(errno));
	} else {
		text[length] = '\0';
		good = first_line(l, file_row, path, text, (size_t)length);
	}
	if (good)
		*config_value_text(l->config, row) =
		    arena_strdup(l->arena, text);
	close(fd);
	explicit_bzero(text, sizeof(text));
	return good;
}

static bool
take_secret(struct loading *l, const struct config_row *row)
{
	const struct config_row *file_row = row_find(row->file_key);

	if (**config_value_text(l->config, file_row) == '\0')
		return true;
	if (**config_value_text(l->config, row) != '\0')
		return fail(l, l->line_of[row - rows], row->key.name,
		    "%s is given too, on line %u; keep one of the two",
		    row->file_key, l->line_of[file_row - rows]);
	return take_secret_file(l, row, file_row);
}

static bool
take_secrets(struct loading *l)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (rows[i].file_key != NULL && !take_secret(l, &rows[i]))
			return false;
	return true;
}

/* ---- what no single row can say ---- */

/* The line of the one that was given, of two keys that disagree. */
static unsigned
line_of_either(const struct loading *l, const char *name, const char *other)
{
	unsigned line = l->line_of[row_find(name) - rows];

	return line != 0 ? line : l->line_of[row_find(other) - rows];
}

static bool
check_together(struct loading *l)
{
	const struct config *c = l->config;
	size_t length = strlen(c->secret);

	if (length > 0 && length < SECRET_LENGTH_MIN)
		return fail(l, line_of_either(l, "secret", "secret_file"),
		    "secret", "has only %zu characters; give %d or more, such "
		    "as those of openssl rand -hex 32", length,
		    SECRET_LENGTH_MIN);
	if (c->courier_lease_s <= c->courier_timeout_s)
		return fail(l, line_of_either(l, "courier_lease",
		    "courier_timeout"), "courier_lease", "is not more than "
		    "courier_timeout, %lld s; a message would be delivered by "
		    "two at once", (long long)c->courier_timeout_s);
	if (c->page_size > c->max_page_size)
		return fail(l, line_of_either(l, "page_size", "max_page_size"),
		    "page_size", "is more than max_page_size, %lld; lower the "
		    "one or raise the other", (long long)c->max_page_size);
	return true;
}

static void
set_defaults(struct arena *a, struct config *c)
{
	const char *wrong;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		wrong = config_value_set(a, c, &rows[i],
		    rows[i].key.default_text);
		if (wrong != NULL) {
			fprintf(stderr, "reeve: bug: the default of %s %s\n",
			    rows[i].key.name, wrong);
			abort();
		}
	}
}

const struct config *
config_load(struct arena *a, const char *path, const char **error)
{
	struct loading l = { .arena = a, .path = path };

	l.config = arena_alloc(a, sizeof(*l.config));
	set_defaults(a, l.config);
	if (path == NULL)
		return l.config;
	if (!take_file(&l) || !take_secrets(&l) || !check_together(&l)) {
		*error = l.error;
		return NULL;
	}
	return l.config;
}

const char *
config_default_path(void)
{
	const char *path = getenv("REEVE_CONFIG");

	if (path != NULL && *path != '\0')
		return path;
	return REEVE_SYSCONFDIR "/reeve/reeve.conf";
}

const struct config_row *
config_row(size_t index)
{
	return index < ROWS ? &rows[index] : NULL;
}

const struct config_key *
config_key(size_t index)
{
	return index < ROWS ? &rows[index].key : NULL;
}
