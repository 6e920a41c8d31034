/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of keys, and reading a file into a struct config. */
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
#include "base/mail_address.h"

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

/* The readers of the file of a secret. */
#define BY_ALL (1u << AS_POOL | 1u << AS_REEVECTL | 1u << AS_OWNER)
#define BY_POOL (1u << AS_POOL | 1u << AS_OWNER)
#define BY_REEVECTL (1u << AS_REEVECTL | 1u << AS_OWNER)
#define BY_OWNER (1u << AS_OWNER)
#define BY_COURIER (1u << AS_POOL)

/* The offset of a member that has its row's type; the wrong one does not
 * compile. */
#define MEMBER(name, c_type) \
	_Generic(((struct config *)0)->name, \
	    c_type: offsetof(struct config, name))
#define MEMBER_STRING(name) MEMBER(name, const char *)
#define MEMBER_PATH(name) MEMBER(name, const char *)
#define MEMBER_ADDRESS(name) MEMBER(name, const char *)
#define MEMBER_TARGET(name) MEMBER(name, const char *)
#define MEMBER_LEVEL(name) MEMBER(name, const char *)
#define MEMBER_ROLE(name) MEMBER(name, const char *)
#define MEMBER_TLS(name) MEMBER(name, const char *)
#define MEMBER_ASKED(name) MEMBER(name, const char *)
#define MEMBER_INTEGER(name) MEMBER(name, int64_t)
#define MEMBER_MODE(name) MEMBER(name, int64_t)
#define MEMBER_SECONDS(name) MEMBER(name, int64_t)
#define MEMBER_BYTES(name) MEMBER(name, int64_t)

#define ROW(group_, type_, name_, member_, default_, min_, max_, flags_, \
    help_, file_key_, readers_) { \
	.key = { \
		.name = (name_), \
		.default_text = (default_), \
		.help = (help_), \
		.reloadable = ((flags_) & RELOADABLE) != 0, \
		.secret = ((flags_) & SECRET) != 0, \
	}, \
	.group = CONFIG_##group_, \
	.type = CONFIG_##type_, \
	.offset = MEMBER_##type_(member_), \
	.min = (min_), \
	.max = (max_), \
	.file_key = (file_key_), \
	.readers = (readers_), \
}

/* KEY: the member has the key's name. TIME: the member adds the unit, _s.
 * HIDDEN: a secret, which may also come from a file. */
#define KEY(group, type, name, default_, min, max, flags, help) \
	ROW(group, type, #name, name, default_, min, max, flags, help, NULL, 0)
#define TIME(group, name, default_, min, max, flags, help) \
	ROW(group, SECONDS, #name, name##_s, default_, min, max, flags, help, \
	    NULL, 0)
#define HIDDEN(group, name, readers, help) \
	ROW(group, STRING, #name, name, "", 0, TEXT_MAX, \
	    RELOADABLE | SECRET, help, #name "_file", readers)

/* Kazoo's classes, except those that match numbers of other countries only. */
#define NUMBER_CLASSES \
	"tollfree_us:^[+]1(8(00|22|33|44|55|66|77|8[0-9]))[0-9]{7}$ " \
	"toll_us:^[+]1900[0-9]{7}$ emergency:^911$ " \
	"caribbean:^[+]1(684|264|268|242|246|441|284|345|767|809|829|849|473|" \
	"671|876|664|670|787|939|869|758|784|721|868|649|340)[0-9]{7}$ " \
	"did_us:^[+]1[2-9][0-9]{9}$ international:^[+][0-9]+$"

static const struct config_row rows[] = {
	/* the pool */
	KEY(POOL, ADDRESS, listen, "/run/reeve/reeve.sock", 1, TEXT_MAX, 0,
	    "Address of the pool: the path of a unix socket, host:port or "
	    "[host]:port."),
	KEY(POOL, MODE, listen_mode, "0660", 0, 0777, 0,
	    "Mode of a unix socket, in octal."),
	KEY(POOL, STRING, listen_owner, "", 0, 255, 0,
	    "Owner of a unix socket; empty: the user who starts the pool."),
	KEY(POOL, STRING, listen_group, "", 0, 255, 0,
	    "Group of a unix socket, usually the web server's; empty: the "
	    "group of the user who starts the pool."),
	KEY(POOL, INTEGER, listen_backlog, "1024", 1, 65535, 0,
	    "Max connections that wait for a worker; further ones are "
	    "refused."),
	KEY(POOL, ADDRESS, status_listen, "", 0, TEXT_MAX, 0,
	    "Address of the status page, such as 127.0.0.1:8080; empty: none. "
	    "It must not be reached from outside."),
	KEY(POOL, PATH, status_socket, "", 0, TEXT_MAX, 0,
	    "Unix socket of the status page, with the mode, owner and group "
	    "of listen; empty: none."),
	KEY(POOL, INTEGER, workers, "8", 0, 1024, RELOADABLE,
	    "Worker processes; each holds one database connection. 0: serve "
	    "in one process, without a master."),
	KEY(POOL, INTEGER, max_requests, "10000", 0, 1000000000, RELOADABLE,
	    "Number of requests after which a worker is replaced. 0: never."),
	KEY(POOL, BYTES, memory_limit, "128M", 0, 1024 * GIB, RELOADABLE,
	    "Max memory of a worker; a request that needs more ends with 413 "
	    "or 503. Couriers have it, too, and are replaced. 0: no limit."),
	TIME(POOL, request_terminate_timeout, "30s", 0, DAY, RELOADABLE,
	    "Max time for one request; a worker that takes longer is killed. "
	    "0: no limit."),
	TIME(POOL, process_control_timeout, "10s", 1, DAY, RELOADABLE,
	    "How long a graceful stop or reload waits for busy workers."),
	KEY(POOL, STRING, user, "", 0, 255, 0,
	    "User that the workers run as when root starts the pool. Empty: "
	    "the user who starts it."),
	KEY(POOL, STRING, group, "", 0, 255, 0,
	    "Group that the workers run as; empty: the group of user."),
	KEY(POOL, PATH, pid_file, "", 0, TEXT_MAX, 0,
	    "File for the master's process id; empty: none."),
	KEY(POOL, TARGET, log, "stderr", 1, TEXT_MAX, RELOADABLE,
	    "Destination of the log: the path of a file, stderr or syslog."),
	KEY(POOL, LEVEL, log_level, "info", 1, 16, RELOADABLE,
	    "The lowest level that is logged: debug, info, warn or error."),
	TIME(POOL, slow_log, "5s", 0, DAY, RELOADABLE,
	    "A request that takes longer is logged as slow, with its time in "
	    "the database. 0: none is."),

	/* the database */
	KEY(DATABASE, STRING, db_hosts, "localhost", 1, TEXT_MAX, RELOADABLE,
	    "host[:port],... of the database; tried in this order."),
	KEY(DATABASE, PATH, db_socket, "", 0, TEXT_MAX, RELOADABLE,
	    "Unix socket of a database on this host, used instead of "
	    "db_hosts."),
	KEY(DATABASE, STRING, db_name, "reeve", 1, 64, RELOADABLE,
	    "Name of the database."),
	KEY(DATABASE, STRING, db_user, "reeve", 1, 128, RELOADABLE,
	    "Database user of the pool, run-due and deliver; it may call their "
	    "procedures and nothing else."),
	HIDDEN(DATABASE, db_password, BY_POOL,
	    "That user's password; better kept in db_password_file."),
	KEY(DATABASE, PATH, db_password_file, "", 0, TEXT_MAX, RELOADABLE,
	    "File whose first line is the password."),
	KEY(DATABASE, STRING, db_user_host, "", 0, 255, RELOADABLE,
	    "Where the database users may log in from, as the database names "
	    "it, for reevectl migrate; empty: localhost with db_socket, else %."),
	KEY(DATABASE, STRING, db_reevectl_user, "", 0, 128, RELOADABLE,
	    "Database user of the other commands of reevectl, which may call "
	    "more; empty: db_user."),
	HIDDEN(DATABASE, db_reevectl_password, BY_REEVECTL,
	    "That user's password; better kept in db_reevectl_password_file."),
	KEY(DATABASE, PATH, db_reevectl_password_file, "", 0, TEXT_MAX,
	    RELOADABLE,
	    "File whose first line is the password of db_reevectl_user; only "
	    "reevectl reads it."),
	KEY(DATABASE, STRING, db_admin_user, "", 0, 128, RELOADABLE,
	    "Database user of reevectl migrate, who owns tables and procedures; "
	    "empty: db_user."),
	HIDDEN(DATABASE, db_admin_password, BY_OWNER,
	    "That user's password; better kept in db_admin_password_file."),
	KEY(DATABASE, PATH, db_admin_password_file, "", 0, TEXT_MAX,
	    RELOADABLE,
	    "File whose first line is the password of db_admin_user; only "
	    "reevectl migrate reads it."),
	KEY(DATABASE, TLS, db_tls, "", 0, 16, RELOADABLE,
	    "TLS to db_hosts: off, required, or verify: the server must have a "
	    "certificate of db_tls_ca for its name in db_hosts. Empty: as the "
	    "client library does; MySQL's uses what the server has."),
	KEY(DATABASE, PATH, db_tls_ca, "", 0, TEXT_MAX, RELOADABLE,
	    "File with the certificates of the authorities that db_tls = verify "
	    "trusts; empty: those of the system."),
	KEY(DATABASE, PATH, db_public_key_file, "", 0, TEXT_MAX, RELOADABLE,
	    "File with the server's public key, to encrypt passwords of "
	    "caching_sha2_password where there is no TLS; empty: none."),
	KEY(DATABASE, INTEGER, db_public_key_ask, "0", 0, 1, RELOADABLE,
	    "1: asks the server for that key, which trusts the network. "
	    "MariaDB's client library always asks if it has no file."),
	TIME(DATABASE, db_connect_timeout, "2s", 1, HOUR, RELOADABLE,
	    "Max time for connecting to one host."),
	TIME(DATABASE, db_read_timeout, "20s", 1, DAY, RELOADABLE,
	    "Max time for one answer of the database."),

	/* authentication */
	HIDDEN(AUTHENTICATION, secret, BY_ALL,
	    "The key for digests of tokens, credentials and API keys and for "
	    "sealed secrets: 32 or more random characters, the same on every "
	    "host, changed by reevectl secret rotate only; better kept in "
	    "secret_file."),
	KEY(AUTHENTICATION, PATH, secret_file, "", 0, TEXT_MAX, RELOADABLE,
	    "File whose first line is the secret."),
	HIDDEN(AUTHENTICATION, previous_secret, BY_ALL,
	    "The secret before this one, accepted as well until reevectl secret "
	    "rotate says that nothing needs it; better kept in "
	    "previous_secret_file."),
	KEY(AUTHENTICATION, PATH, previous_secret_file, "", 0, TEXT_MAX,
	    RELOADABLE,
	    "File whose first line is the previous secret."),
	TIME(AUTHENTICATION, token_expiry, "1h", 0, 3650 * DAY, RELOADABLE,
	    "Lifetime of a token. 0: no limit."),
	KEY(AUTHENTICATION, ROLE, user_role, "", 0, 16, RELOADABLE,
	    "Role of users whose document says neither a role nor priv_level "
	    "admin: user, viewer, clerk or admin. Empty: user; admin where there "
	    "were users before they had roles."),
	KEY(AUTHENTICATION, INTEGER, password_length_min, "8", 1, 256,
	    RELOADABLE,
	    "Min characters of a new password."),
	KEY(AUTHENTICATION, BYTES, verifier_memory, "32M", 64 * KIB, 2 * GIB,
	    RELOADABLE,
	    "Memory used to check one password (argon2id); for new hashes."),
	KEY(AUTHENTICATION, INTEGER, verifier_passes, "2", 1, 64, RELOADABLE,
	    "Passes over that memory."),
	KEY(AUTHENTICATION, INTEGER, login_burst, "20", 1, 1000000, RELOADABLE,
	    "Failed logins in a row until a client address is refused, and "
	    "logins to an account are delayed."),
	TIME(AUTHENTICATION, login_refill, "6s", 1, DAY, RELOADABLE,
	    "Time after which one failed login is forgotten."),
	TIME(AUTHENTICATION, login_delay, "1s", 0, 5, RELOADABLE,
	    "How long a login to an account with too many failed ones waits. "
	    "0: it does not."),
	KEY(AUTHENTICATION, INTEGER, recovery_burst, "10", 1, 1000000,
	    RELOADABLE,
	    "Asks for a new password by e-mail in a row until a client address "
	    "is refused; about one account, four times as many."),
	TIME(AUTHENTICATION, recovery_refill, "1m", 1, DAY, RELOADABLE,
	    "Time after which one of them is forgotten."),
	KEY(AUTHENTICATION, INTEGER, token_rate, "600000", 0, 1000000,
	    RELOADABLE,
	    "Requests a minute that one token may make all the time. 0: no "
	    "limit."),
	KEY(AUTHENTICATION, INTEGER, token_burst, "60000", 1, 1000000,
	    RELOADABLE,
	    "Requests that it may make at once after a pause."),
	KEY(AUTHENTICATION, INTEGER, address_rate, "60000", 0, 1000000,
	    RELOADABLE,
	    "Requests a minute without a valid token, from one address. 0: no "
	    "limit."),
	KEY(AUTHENTICATION, INTEGER, address_burst, "20000", 1, 1000000,
	    RELOADABLE,
	    "Those it may make at once after a pause."),

	/* the courier */
	KEY(COURIER, INTEGER, couriers, "1", 0, 64, RELOADABLE,
	    "Processes of the pool that deliver messages to bookkeepers. 0: "
	    "none; then run reevectl deliver regularly."),
	KEY(COURIER, INTEGER, courier_transfers, "64", 1, 1000, RELOADABLE,
	    "Messages that such a process sends at the same time."),
	TIME(COURIER, courier_connect_timeout, "5s", 1, HOUR, RELOADABLE,
	    "Max time for connecting to a bookkeeper."),
	TIME(COURIER, courier_timeout, "20s", 1, HOUR, RELOADABLE,
	    "Max time for one attempt; a bookkeeper's timeout_ms may shorten "
	    "it."),
	TIME(COURIER, courier_lease, "2m", 2, DAY, RELOADABLE,
	    "Time after which another courier takes over the message of a "
	    "courier that died; more than courier_timeout."),
	KEY(COURIER, INTEGER, courier_attempts, "30", 1, 10000, RELOADABLE,
	    "Attempts before a message to a bookkeeper is given up."),
	TIME(COURIER, webhook_give_up, "1d", 1, 30 * DAY, RELOADABLE,
	    "Time after which an event is given up that its webhook did not "
	    "take."),
	TIME(COURIER, courier_pause, "5s", 1, DAY, RELOADABLE,
	    "Pause after the first failed attempt; it doubles with each "
	    "further one."),
	TIME(COURIER, courier_pause_max, "1h", 1, 30 * DAY, RELOADABLE,
	    "The longest pause."),
	TIME(COURIER, outbox_stuck_after, "10m", 0, DAY, RELOADABLE,
	    "How long a message may be due while no courier delivers any; then "
	    "the pool is not ready. 0: it is ready."),
	TIME(COURIER, synchronization_timeout, "20s", 1, 300, RELOADABLE,
	    "How long POST services/synchronization waits for bookkeepers."),
	KEY(COURIER, INTEGER, courier_private, "0", 0, 1, RELOADABLE,
	    "1: bookkeepers and webhooks may have private addresses, such as "
	    "those of this host and its network."),
	TIME(COURIER, courier_keep, "30d", 0, 3650 * DAY, RELOADABLE,
	    "How long delivered messages are kept. 0: without limit."),
	KEY(COURIER, STRING, mail_smarthost, "", 0, TEXT_MAX, RELOADABLE,
	    "Server that takes our e-mail: smtp://HOST:587, or smtps://HOST:465 "
	    "with TLS from the start. Empty: no mail is sent, and nobody recovers "
	    "a password by it."),
	KEY(COURIER, TLS, mail_tls, "verify", 1, 16, RELOADABLE,
	    "TLS to it, by STARTTLS with smtp: off, required, or verify: it must "
	    "have a certificate of mail_tls_ca for its name."),
	KEY(COURIER, PATH, mail_tls_ca, "", 0, TEXT_MAX, RELOADABLE,
	    "File with the certificates of the authorities that mail_tls = "
	    "verify trusts; empty: those of the system."),
	KEY(COURIER, STRING, mail_user, "", 0, TEXT_MAX, RELOADABLE,
	    "User who logs in to the smarthost; empty: nobody does."),
	HIDDEN(COURIER, mail_password, BY_COURIER,
	    "That user's password; better kept in mail_password_file."),
	KEY(COURIER, PATH, mail_password_file, "", 0, TEXT_MAX, RELOADABLE,
	    "File whose first line is the password of mail_user; only the pool, "
	    "run-due and deliver read it."),
	KEY(COURIER, STRING, mail_from, "", 0, 254, RELOADABLE,
	    "Address that mail comes from, such as portal@example.com."),
	TIME(COURIER, mail_give_up, "2d", 1, 30 * DAY, RELOADABLE,
	    "Time after which a mail is given up that the smarthost did not "
	    "take."),

	/* the API */
	KEY(API, BYTES, max_body, "8000000", 1, GIB, RELOADABLE,
	    "Max size of a request body; a larger one gets 413. Requests "
	    "without a token may have 64K."),
	KEY(API, BYTES, max_batch_body, "16000000", 1, GIB, RELOADABLE,
	    "The same for batches of usage and collections of objects."),
	KEY(API, INTEGER, max_values, "200000", 1, 1000000000, RELOADABLE,
	    "Max number of JSON values in a body, except in batches."),
	KEY(API, INTEGER, page_size, "50", 1, 1000000, RELOADABLE,
	    "Items on one page of a list, unless the client asks for another "
	    "number."),
	KEY(API, INTEGER, max_page_size, "1000", 1, 1000000, RELOADABLE,
	    "Max items on one page."),
	TIME(API, max_range, "2682000s", 1, 36500 * DAY, RELOADABLE,
	    "Max time from created_from to created_to of a list."),
	TIME(API, summary_max_range, "31540000s", 1, 36500 * DAY, RELOADABLE,
	    "Max time from created_from to created_to of a daily summary."),
	KEY(API, STRING, usage_services, "per-minute-voip", 0, TEXT_MAX,
	    RELOADABLE,
	    "Ledgers counted in the daily summary, separated by commas."),
	KEY(API, INTEGER, prompt_service_changes, "1", 0, 1, RELOADABLE,
	    "1: a change of objects, accounts, plans, overrides or manual "
	    "quantities that costs more must be accepted (402). 0: it is made "
	    "immediately."),
	KEY(API, ASKED, ask_charges, "both", 1, 16, RELOADABLE,
	    "Whose invoice is asked about: actor, that of the account that "
	    "makes the change, as a Kazoo does; owner, that of the account "
	    "that changes; both."),
	KEY(API, INTEGER, unique_account_names, "1", 0, 1, RELOADABLE,
	    "1: a request may not give an account the name of another account "
	    "of the same parent."),
	KEY(API, INTEGER, audit_master, "0", 0, 1, RELOADABLE,
	    "1: the master account's own services are audited too."),
	KEY(API, INTEGER, prorate, "0", 0, 1, RELOADABLE,
	    "1: invoices with changes show the cost of each changed line, by "
	    "day, for the rest of the month, if its plan asks for it. 0: only "
	    "explain shows it."),
	KEY(API, INTEGER, require_balance, "0", 0, 1, RELOADABLE,
	    "1: if the bookkeeper moves no money, the payer's balance must "
	    "cover an increase, unless limits let the payer owe it (402 "
	    "billing_issue). 0: good standing is enough."),
	KEY(API, INTEGER, automatic_topup, "0", 0, 1, RELOADABLE,
	    "1: run-due tops up accounts whose balance is below "
	    "topup.threshold of their document. 0: it does not."),
	KEY(API, INTEGER, recurring_debits, "0", 0, 1, RELOADABLE,
	    "1: on the first of a month, run-due debits recurring charges that "
	    "no bookkeeper collects. 0: it does not."),
	KEY(API, INTEGER, bill_reminders, "0", 0, 1, RELOADABLE,
	    "1: before a month ends, run-due tells bookkeepers the amounts "
	    "that will be due. 0: it does not."),
	TIME(API, clock_difference_max, "5m", 0, 3650 * DAY, RELOADABLE,
	    "run-due does nothing while the clocks of this host and of the "
	    "database differ by more. 0: it does not compare them."),
	KEY(API, INTEGER, reminder_days, "5", 1, 28, RELOADABLE,
	    "How many days before the end of a month reminders are sent."),
	TIME(API, quote_expiry, "15m", 1, 365 * DAY, RELOADABLE,
	    "How long a quote is binding."),
	TIME(API, idempotency_expiry, "1d", 1, 365 * DAY, RELOADABLE,
	    "How long the answer to an Idempotency-Key is kept."),
	KEY(API, STRING, number_classes, NUMBER_CLASSES, 0, TEXT_MAX,
	    RELOADABLE,
	    "Classes of phone numbers in plans: NAME:EXPRESSION, separated by "
	    "blanks; the first match counts, unknown if none."),
	KEY(API, INTEGER, number_country, "1", 1, 999, RELOADABLE,
	    "Country code of phone numbers that are written without one. 1: "
	    "the North American plan."),
	KEY(API, STRING, number_trunk, "0", 0, 4, RELOADABLE,
	    "Digits that national numbers begin with, and the country code "
	    "replaces; empty: none. Ignored where number_country is 1."),
	KEY(API, STRING, port_in_carrier, "", 0, 64, RELOADABLE,
	    "carrier_name of the numbers of completed port requests; empty: "
	    "none."),
	KEY(API, STRING, realm_suffix, "sip.local", 1, 240, RELOADABLE,
	    "End of the realms generated for new accounts."),
	KEY(API, STRING, ui_url, "", 0, TEXT_MAX, RELOADABLE,
	    "Address of the pages, such as https://portal.example.com/, for links "
	    "in mails to users of accounts without a whitelabel domain."),
	KEY(API, PATH, sql_dir, REEVE_PKGDATADIR "/sql", 1, TEXT_MAX,
	    RELOADABLE,
	    "Directory with schema and procedures, for reevectl migrate."),
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

struct loader {
	struct arena *arena;
	struct config *config;
	const char *path;
	enum database_user user;
	unsigned line;            /* the current line */
	unsigned line_of[ROWS];   /* line of each key; 0: not given */
	const char *error;
};

static bool PRINTF(4, 5)
fail(struct loader *l, unsigned line, const char *key, const char *format, ...)
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

/* Removes blanks at both ends, in place. */
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

/* Removes the quotes around a value. False: there is only one. */
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
take_pair(struct loader *l, const char *name, char *value)
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
take_line(struct loader *l, char *text)
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
take_lines(struct loader *l, FILE *file)
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
take_file(struct loader *l)
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

/* ---- files of secrets ---- */

/* Opens a file that only its owner and group can read; -1: failed. */
static int
open_secret_file(struct loader *l, const struct config_row *row,
    const char *path)
{
	unsigned line = l->line_of[row - rows];
	struct stat status;
	int fd;

	/* Without O_NONBLOCK, opening a FIFO would block. */
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

/* Checks the text, length bytes and a NUL, and cuts it to one line. */
static bool
first_line(struct loader *l, const struct config_row *row, const char *path,
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
take_secret_file(struct loader *l, const struct config_row *row,
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

bool
config_has_reevectl_user(const struct config *c)
{
	return c->db_reevectl_user[0] != '\0' &&
	    strcmp(c->db_reevectl_user, c->db_user) != 0;
}

static bool
is_for_this_user(const struct loader *l, const struct config_row *row)
{
	enum database_user user = l->user;

	if (user == AS_REEVECTL && !config_has_reevectl_user(l->config))
		user = AS_POOL;
	return (row->readers & 1u << user) != 0;
}

static bool
take_secret(struct loader *l, const struct config_row *row)
{
	const struct config_row *file_row = row_find(row->file_key);

	if (**config_value_text(l->config, file_row) == '\0')
		return true;
	if (**config_value_text(l->config, row) != '\0')
		return fail(l, l->line_of[row - rows], row->key.name,
		    "%s is given too, on line %u; keep one of the two",
		    row->file_key, l->line_of[file_row - rows]);
	return !is_for_this_user(l, row) || take_secret_file(l, row, file_row);
}

static bool
take_secrets(struct loader *l)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (rows[i].file_key != NULL && !take_secret(l, &rows[i]))
			return false;
	return true;
}

/* ---- rules about several keys ---- */

/* Returns the line of the given one of two conflicting keys. */
static unsigned
line_of_either(const struct loader *l, const char *name, const char *other)
{
	unsigned line = l->line_of[row_find(name) - rows];

	return line != 0 ? line : l->line_of[row_find(other) - rows];
}

static bool
check_secret(struct loader *l, const char *key, const char *file_key,
    const char *secret)
{
	size_t length = strlen(secret);

	return length == 0 || length >= SECRET_LENGTH_MIN ||
	    fail(l, line_of_either(l, key, file_key), key, "has only %zu "
	    "characters; give %d or more, such as those of openssl rand -hex "
	    "32", length, SECRET_LENGTH_MIN);
}

static bool
check_secrets(struct loader *l)
{
	const struct config *c = l->config;
	unsigned line = line_of_either(l, "previous_secret",
	    "previous_secret_file");

	if (!check_secret(l, "secret", "secret_file", c->secret) ||
	    !check_secret(l, "previous_secret", "previous_secret_file",
	    c->previous_secret))
		return false;
	if (c->previous_secret[0] == '\0')
		return true;
	if (c->secret[0] == '\0')
		return fail(l, line, "previous_secret", "is given without a "
		    "secret; set secret_file");
	return strcmp(c->secret, c->previous_secret) != 0 ||
	    fail(l, line, "previous_secret", "is the secret itself; put a new "
	    "one into secret_file, or remove this key");
}

static bool
begins_with(const char *text, const char *begin)
{
	return strncmp(text, begin, strlen(begin)) == 0;
}

static bool
check_mail(struct loader *l)
{
	const struct config *c = l->config;
	const char *smarthost = c->mail_smarthost;

	if (c->mail_tls_ca[0] != '\0' && strcmp(c->mail_tls, "verify") != 0)
		return fail(l, line_of_either(l, "mail_tls_ca", "mail_tls"),
		    "mail_tls_ca", "is used by mail_tls = verify only; set that, "
		    "or remove this key");
	if (smarthost[0] == '\0')
		return true;
	if (!begins_with(smarthost, "smtp://") &&
	    !begins_with(smarthost, "smtps://"))
		return fail(l, line_of_either(l, "mail_smarthost",
		    "mail_smarthost"), "mail_smarthost", "is no smarthost; "
		    "write smtp://HOST:587 or smtps://HOST:465");
	if (strchr(smarthost, '@') != NULL)
		return fail(l, line_of_either(l, "mail_smarthost",
		    "mail_smarthost"), "mail_smarthost", "has a user in it; set "
		    "mail_user and mail_password_file");
	if (c->mail_tls[0] == '\0' || (begins_with(smarthost, "smtps://") &&
	    strcmp(c->mail_tls, "off") == 0))
		return fail(l, line_of_either(l, "mail_tls", "mail_smarthost"),
		    "mail_tls", "does not go with mail_smarthost; write "
		    "required or verify");
	return is_mail_address(c->mail_from) || fail(l,
	    line_of_either(l, "mail_from", "mail_smarthost"), "mail_from",
	    "is no address; write one such as portal@example.com");
}

static bool
check_ui_url(struct loader *l)
{
	const char *url = l->config->ui_url;
	const char *c;

	for (c = url; *c > ' ' && *c <= '~'; c++)
		;
	return url[0] == '\0' || (*c == '\0' && (begins_with(url, "https://") ||
	    begins_with(url, "http://"))) || fail(l, line_of_either(l, "ui_url",
	    "ui_url"), "ui_url", "is no address of pages; write one such as "
	    "https://portal.example.com/");
}

static bool
check_together(struct loader *l)
{
	const struct config *c = l->config;

	if (!check_secrets(l) || !check_mail(l) || !check_ui_url(l))
		return false;
	if (c->db_tls_ca[0] != '\0' && strcmp(c->db_tls, "verify") != 0)
		return fail(l, line_of_either(l, "db_tls_ca", "db_tls"),
		    "db_tls_ca", "is used by db_tls = verify only; set that, or "
		    "remove this key");
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
config_load(struct arena *a, const char *path, enum database_user user,
    const char **error)
{
	struct loader l = { .arena = a, .path = path, .user = user };

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
