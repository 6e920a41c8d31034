/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/config.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buffer.h"

#define SECRET32 "0123456789abcdef0123456789ABCDEF"
#define KEYS_MAX 200

static struct arena *a;
static char folder[] = "/tmp/reeve-config-XXXXXX";
static char path[64], secret_path[64];

static void
setup(void)
{
	a = arena_new(4096);
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/reeve.conf", folder);
	snprintf(secret_path, sizeof(secret_path), "%s/secret", folder);
}

static void
teardown(void)
{
	unlink(path);
	unlink(secret_path);
	rmdir(folder);
	arena_free(&a);
}

TestSuite(config, .init = setup, .fini = teardown);

static void
write_bytes(const char *name, const char *bytes, size_t length, mode_t mode)
{
	FILE *file = fopen(name, "w");

	cr_assert_not_null(file, "%s", name);
	cr_assert_eq(fwrite(bytes, 1, length, file), length);
	cr_assert_eq(fclose(file), 0);
	cr_assert_eq(chmod(name, mode), 0);
}

static const struct config *
load_bytes(const char *bytes, size_t length, const char **error)
{
	write_bytes(path, bytes, length, 0600);
	return config_load(a, path, AS_OWNER, error);
}

static const struct config *
load(const char *text)
{
	const char *error = "";
	const struct config *c;

	c = load_bytes(text, strlen(text), &error);
	cr_assert_not_null(c, "%s", error);
	return c;
}

/* The error after the path, which it must start with. */
static const char *
refused(const char *text)
{
	const char *error = NULL;

	cr_assert_null(load_bytes(text, strlen(text), &error), "taken: %s",
	    text);
	cr_assert_not_null(error, "%s", text);
	cr_assert_eq(strncmp(error, path, strlen(path)), 0, "%s", error);
	return error + strlen(path);
}

static const char *
printed(const struct config *c)
{
	size_t size;
	char *text, *copy;
	FILE *file = open_memstream(&text, &size);

	if (c == NULL)
		config_print_sample(file, false);
	else
		config_print(c, file);
	fclose(file);
	copy = arena_strdup(a, text);
	free(text);
	return copy;
}

static const struct config *
defaults(void)
{
	const char *error = "";
	const struct config *c = config_load(a, NULL, AS_OWNER, &error);

	cr_assert_not_null(c, "%s", error);
	return c;
}

Test(config, defaults)
{
	const struct config *c = defaults();
	const struct {
		const char *name, *is, *expected;
	} texts[] = {
		{ "listen", c->listen, "/run/reeve/reeve.sock" },
		{ "listen_owner", c->listen_owner, "" },
		{ "listen_group", c->listen_group, "" },
		{ "status_listen", c->status_listen, "" },
		{ "user_role", c->user_role, "" },
		{ "status_socket", c->status_socket, "" },
		{ "user", c->user, "" },
		{ "group", c->group, "" },
		{ "pid_file", c->pid_file, "" },
		{ "log", c->log, "stderr" },
		{ "log_level", c->log_level, "info" },
		{ "db_hosts", c->db_hosts, "localhost" },
		{ "db_socket", c->db_socket, "" },
		{ "db_name", c->db_name, "reeve" },
		{ "db_user", c->db_user, "reeve" },
		{ "db_password", c->db_password, "" },
		{ "db_password_file", c->db_password_file, "" },
		{ "db_user_host", c->db_user_host, "" },
		{ "db_reevectl_user", c->db_reevectl_user, "" },
		{ "db_reevectl_password", c->db_reevectl_password, "" },
		{ "db_reevectl_password_file", c->db_reevectl_password_file, "" },
		{ "db_admin_user", c->db_admin_user, "" },
		{ "db_admin_password", c->db_admin_password, "" },
		{ "db_admin_password_file", c->db_admin_password_file, "" },
		{ "ask_charges", c->ask_charges, "both" },
		{ "db_tls", c->db_tls, "" },
		{ "db_tls_ca", c->db_tls_ca, "" },
		{ "db_public_key_file", c->db_public_key_file, "" },
		{ "secret", c->secret, "" },
		{ "secret_file", c->secret_file, "" },
		{ "previous_secret", c->previous_secret, "" },
		{ "previous_secret_file", c->previous_secret_file, "" },
		{ "usage_services", c->usage_services, "per-minute-voip" },
		{ "number_classes", c->number_classes,
		    "tollfree_us:^[+]1(8(00|22|33|44|55|66|77|8[0-9]))[0-9]{7}$ "
		    "toll_us:^[+]1900[0-9]{7}$ emergency:^911$ "
		    "caribbean:^[+]1(684|264|268|242|246|441|284|345|767|809|"
		    "829|849|473|671|876|664|670|787|939|869|758|784|721|868|"
		    "649|340)[0-9]{7}$ did_us:^[+]1[2-9][0-9]{9}$ "
		    "international:^[+][0-9]+$" },
		{ "number_trunk", c->number_trunk, "0" },
		{ "port_in_carrier", c->port_in_carrier, "" },
		{ "realm_suffix", c->realm_suffix, "sip.local" },
		{ "ui_url", c->ui_url, "" },
		{ "mail_smarthost", c->mail_smarthost, "" },
		{ "mail_tls", c->mail_tls, "verify" },
		{ "mail_tls_ca", c->mail_tls_ca, "" },
		{ "mail_user", c->mail_user, "" },
		{ "mail_password", c->mail_password, "" },
		{ "mail_password_file", c->mail_password_file, "" },
		{ "mail_from", c->mail_from, "" },
	};
	const struct {
		const char *name;
		int64_t is, expected;
	} numbers[] = {
		{ "listen_mode", c->listen_mode, 0660 },
		{ "listen_backlog", c->listen_backlog, 1024 },
		{ "workers", c->workers, 8 },
		{ "max_requests", c->max_requests, 10000 },
		{ "request_terminate_timeout",
		    c->request_terminate_timeout_s, 30 },
		{ "process_control_timeout", c->process_control_timeout_s, 10 },
		{ "db_public_key_ask", c->db_public_key_ask, 0 },
		{ "db_connect_timeout", c->db_connect_timeout_s, 2 },
		{ "db_read_timeout", c->db_read_timeout_s, 20 },
		{ "token_expiry", c->token_expiry_s, 3600 },
		{ "verifier_memory", c->verifier_memory, 33554432 },
		{ "verifier_passes", c->verifier_passes, 2 },
		{ "password_length_min", c->password_length_min, 8 },
		{ "login_burst", c->login_burst, 20 },
		{ "login_refill", c->login_refill_s, 6 },
		{ "login_delay", c->login_delay_s, 1 },
		{ "recovery_burst", c->recovery_burst, 10 },
		{ "recovery_refill", c->recovery_refill_s, 60 },
		{ "token_rate", c->token_rate, 600000 },
		{ "token_burst", c->token_burst, 60000 },
		{ "address_rate", c->address_rate, 60000 },
		{ "address_burst", c->address_burst, 20000 },
		{ "couriers", c->couriers, 1 },
		{ "courier_transfers", c->courier_transfers, 64 },
		{ "courier_connect_timeout", c->courier_connect_timeout_s, 5 },
		{ "courier_timeout", c->courier_timeout_s, 20 },
		{ "courier_lease", c->courier_lease_s, 120 },
		{ "courier_attempts", c->courier_attempts, 30 },
		{ "webhook_give_up", c->webhook_give_up_s, 86400 },
		{ "courier_pause", c->courier_pause_s, 5 },
		{ "courier_pause_max", c->courier_pause_max_s, 3600 },
		{ "outbox_stuck_after", c->outbox_stuck_after_s, 600 },
		{ "synchronization_timeout", c->synchronization_timeout_s, 20 },
		{ "courier_private", c->courier_private, 0 },
		{ "courier_keep", c->courier_keep_s, 2592000 },
		{ "mail_give_up", c->mail_give_up_s, 172800 },
		{ "max_body", c->max_body, 8000000 },
		{ "max_batch_body", c->max_batch_body, 16000000 },
		{ "max_values", c->max_values, 200000 },
		{ "slow_log", c->slow_log_s, 5 },
		{ "memory_limit", c->memory_limit, 134217728 },
		{ "page_size", c->page_size, 50 },
		{ "max_page_size", c->max_page_size, 1000 },
		{ "max_range", c->max_range_s, 2682000 },
		{ "summary_max_range", c->summary_max_range_s, 31540000 },
		{ "prompt_service_changes", c->prompt_service_changes, 1 },
		{ "unique_account_names", c->unique_account_names, 1 },
		{ "audit_master", c->audit_master, 0 },
		{ "prorate", c->prorate, 0 },
		{ "require_balance", c->require_balance, 0 },
		{ "automatic_topup", c->automatic_topup, 0 },
		{ "recurring_debits", c->recurring_debits, 0 },
		{ "bill_reminders", c->bill_reminders, 0 },
		{ "clock_difference_max", c->clock_difference_max_s, 300 },
		{ "reminder_days", c->reminder_days, 5 },
		{ "number_country", c->number_country, 1 },
		{ "quote_expiry", c->quote_expiry_s, 900 },
		{ "idempotency_expiry", c->idempotency_expiry_s, 86400 },
	};
	size_t i;

	for (i = 0; i < NELEM(texts); i++)
		cr_expect_str_eq(texts[i].is, texts[i].expected, "%s is %s",
		    texts[i].name, texts[i].is);
	for (i = 0; i < NELEM(numbers); i++)
		cr_expect_eq(numbers[i].is, numbers[i].expected,
		    "%s is %" PRId64, numbers[i].name, numbers[i].is);
	cr_expect_not_null(strstr(c->sql_dir, "/sql"));
	cr_expect_eq(NELEM(texts) + NELEM(numbers) + 1,
	    sizeof(struct config) / 8,
	    "a key without a row in texts[] or numbers[] of this test");
}

Test(config, an_empty_file_is_every_default)
{
	cr_expect_str_eq(printed(load("")), printed(defaults()));
	cr_expect_str_eq(printed(load("# only\n\n  ; comments\n \t \n")),
	    printed(defaults()));
}

static const struct {
	const char *text, *value;
} lines[] = {
	{ "db_name=x", "x" },
	{ "db_name = x\n", "x" },
	{ "\t db_name\t=\tx \t\r\n", "x" },
	{ "# db_name = y\ndb_name = x\n#db_name = z", "x" },
	{ "db_name = \"x\"", "x" },
	{ "db_name = \" x \"", " x " },
	{ "db_name = \"x\"y\"", "x\"y" },
	{ "db_name = x\"", "x\"" },
	{ "db_name = \"\"\"", "\"" },
	{ "db_name = a = b", "a = b" },
	{ "db_name = a # b", "a # b" },
	{ "db_name = a;b", "a;b" },
	{ "db_name = \"#a\"", "#a" },
	{ "db_name = caf\xc3\xa9", "caf\xc3\xa9" },
	{ "db_name = "
	    "0123456789012345678901234567890123456789012345678901234567890123",
	    "0123456789012345678901234567890123456789012345678901234567890123"
	},
};

Test(config, lines)
{
	size_t i;

	for (i = 0; i < NELEM(lines); i++) {
		const struct config *c = load(lines[i].text);

		cr_expect_str_eq(c->db_name, lines[i].value, "%s gave %s",
		    lines[i].text, c->db_name);
	}
}

static const struct {
	const char *text;
	size_t offset;
	int64_t value;
} numbers[] = {
	{ "workers = 0", offsetof(struct config, workers), 0 },
	{ "workers = 1024", offsetof(struct config, workers), 1024 },
	{ "workers = 008", offsetof(struct config, workers), 8 },
	{ "workers = \"8\"", offsetof(struct config, workers), 8 },
	{ "listen_backlog = 1", offsetof(struct config, listen_backlog), 1 },
	{ "listen_mode = 0600", offsetof(struct config, listen_mode), 0600 },
	{ "listen_mode = 777", offsetof(struct config, listen_mode), 0777 },
	{ "listen_mode = 0", offsetof(struct config, listen_mode), 0 },
	{ "token_expiry = 0", offsetof(struct config, token_expiry_s), 0 },
	{ "token_expiry = 90", offsetof(struct config, token_expiry_s), 90 },
	{ "token_expiry = 90s", offsetof(struct config, token_expiry_s), 90 },
	{ "token_expiry = 2m", offsetof(struct config, token_expiry_s), 120 },
	{ "token_expiry = 2h", offsetof(struct config, token_expiry_s), 7200 },
	{ "token_expiry = 2d", offsetof(struct config, token_expiry_s),
	    172800 },
	{ "max_body = 5", offsetof(struct config, max_body), 5 },
	{ "max_body = 5K", offsetof(struct config, max_body), 5120 },
	{ "max_body = 5M", offsetof(struct config, max_body), 5242880 },
	{ "max_body = 1G", offsetof(struct config, max_body), 1073741824 },
	{ "verifier_memory = 64K", offsetof(struct config, verifier_memory),
	    65536 },
};

Test(config, numbers_and_units)
{
	size_t i;

	for (i = 0; i < NELEM(numbers); i++) {
		const struct config *c = load(numbers[i].text);
		int64_t value;

		memcpy(&value, (const char *)c + numbers[i].offset,
		    sizeof(value));
		cr_expect_eq(value, numbers[i].value, "%s gave %" PRId64,
		    numbers[i].text, value);
	}
}

static const struct {
	const char *text, *error;
} errors[] = {
	{ "nothing here", ":1: no '=' here; write key = value, or '#' in front "
	    "of a comment" },
	{ "\n\ndb_name", ":3: no '=' here; write key = value, or '#' in front "
	    "of a comment" },
	{ "[section]", ":1: no '=' here; write key = value, or '#' in front "
	    "of a comment" },
	{ "db_nam = x", ":1: db_nam: is no key; check its spelling against "
	    "the sample file" },
	{ "DB_NAME = x", ":1: DB_NAME: is no key; check its spelling against "
	    "the sample file" },
	{ "token_expiry_s = 1", ":1: token_expiry_s: is no key; check its "
	    "spelling against the sample file" },
	{ "= x", ":1: : is no key; check its spelling against the sample "
	    "file" },
	{ "db_name = x\n#\ndb_name = x", ":3: db_name: was given on line 1 "
	    "already; keep one of the two" },
	{ "db_name = \"x", ":1: db_name: has a quote that does not end; close "
	    "it at the end of the line" },
	{ "db_name = \"", ":1: db_name: has a quote that does not end; close "
	    "it at the end of the line" },
	{ "db_name =", ":1: db_name: is empty; give a value or leave the line "
	    "out" },
	{ "db_name = \"\"", ":1: db_name: is empty; give a value or leave the "
	    "line out" },
	{ "db_name = 01234567890123456789012345678901234567890123456789012345"
	    "678901234", ":1: db_name: is longer than 64 characters; shorten "
	    "it" },
	/* numbers */
	{ "workers =", ":1: workers: is not a number; write digits only" },
	{ "workers = many", ":1: workers: is not a number; write digits "
	    "only" },
	{ "workers = -1", ":1: workers: is not a number; write digits only" },
	{ "workers = +1", ":1: workers: is not a number; write digits only" },
	{ "workers = 8 # eight", ":1: workers: does not end as a number "
	    "should, but with ' # eight'; write digits only" },
	{ "workers = 8s", ":1: workers: does not end as a number should, but "
	    "with 's'; write digits only" },
	{ "workers = 0x8", ":1: workers: does not end as a number should, but "
	    "with 'x8'; write digits only" },
	{ "workers = 1.5", ":1: workers: does not end as a number should, but "
	    "with '.5'; write digits only" },
	{ "workers = 1025", ":1: workers: is out of bounds; the least is 0, "
	    "the most 1024" },
	{ "workers = 9223372036854775808", ":1: workers: is out of bounds; "
	    "the least is 0, the most 1024" },
	{ "workers = 18446744073709551617", ":1: workers: is out of bounds; "
	    "the least is 0, the most 1024" },
	{ "workers = 99999999999999999999999999999999999999", ":1: workers: "
	    "is out of bounds; the least is 0, the most 1024" },
	{ "listen_backlog = 0", ":1: listen_backlog: is out of bounds; the "
	    "least is 1, the most 65535" },
	{ "listen_mode = 0888", ":1: listen_mode: does not end as a number "
	    "should, but with '888'; write octal digits, such as 0660" },
	{ "listen_mode = 1000", ":1: listen_mode: is out of bounds; the least "
	    "is 0000, the most 0777" },
	{ "listen_mode = rw-rw----", ":1: listen_mode: is not a number; write "
	    "octal digits, such as 0660" },
	{ "token_expiry = 1w", ":1: token_expiry: does not end as a number "
	    "should, but with 'w'; write digits and one of s, m, h or d, such "
	    "as 30s" },
	{ "token_expiry = 1 h", ":1: token_expiry: does not end as a number "
	    "should, but with ' h'; write digits and one of s, m, h or d, "
	    "such as 30s" },
	{ "token_expiry = 1M", ":1: token_expiry: does not end as a number "
	    "should, but with 'M'; write digits and one of s, m, h or d, such "
	    "as 30s" },
	{ "token_expiry = 1hh", ":1: token_expiry: does not end as a number "
	    "should, but with 'hh'; write digits and one of s, m, h or d, "
	    "such as 30s" },
	{ "token_expiry = h", ":1: token_expiry: is not a number; write "
	    "digits and one of s, m, h or d, such as 30s" },
	/* 2^63 seconds less some, in days: wraps if multiplied unchecked */
	{ "token_expiry = 213503982334602d", ":1: token_expiry: is out of "
	    "bounds; the least is 0, the most 315360000" },
	{ "max_body = 1k", ":1: max_body: does not end as a number should, "
	    "but with 'k'; write digits and perhaps one of K, M or G, such as "
	    "32M" },
	{ "max_body = 17179869185G", ":1: max_body: is out of bounds; the "
	    "least is 1, the most 1073741824" },
	{ "max_body = 0", ":1: max_body: is out of bounds; the least is 1, "
	    "the most 1073741824" },
	/* places */
	{ "pid_file = run/pid", ":1: pid_file: is not an absolute path; start "
	    "it with '/'" },
	{ "db_socket = ./s", ":1: db_socket: is not an absolute path; start "
	    "it with '/'" },
	{ "sql_dir =", ":1: sql_dir: is empty; give a value or leave the line "
	    "out" },
	{ "log = reeve.log", ":1: log: is no place for a log; write an "
	    "absolute path, stderr or syslog" },
	{ "log =", ":1: log: is empty; give a value or leave the line out" },
	{ "log_level = loud", ":1: log_level: is no log level; write debug, "
	    "info, warn or error" },
	{ "log_level =", ":1: log_level: is no log level; write debug, info, "
	    "warn or error" },
	{ "user_role = root", ":1: user_role: is no role; write user, viewer, "
	    "clerk or admin" },
	/* conflicting keys */
	{ "mail_smarthost = mail.example.com",
	    ":1: mail_smarthost: is no smarthost; write smtp://HOST:587 or "
	    "smtps://HOST:465" },
	{ "mail_smarthost = smtp://me:secret@mail.example.com",
	    ":1: mail_smarthost: has a user in it; set mail_user and "
	    "mail_password_file" },
	{ "mail_smarthost = smtps://mail.example.com\nmail_tls = off",
	    ":2: mail_tls: does not go with mail_smarthost; write required or "
	    "verify" },
	{ "mail_smarthost = smtp://mail.example.com",
	    ":1: mail_from: is no address; write one such as "
	    "portal@example.com" },
	{ "mail_tls = off\nmail_tls_ca = /ca.pem",
	    ":2: mail_tls_ca: is used by mail_tls = verify only; set that, or "
	    "remove this key" },
	{ "ui_url = portal.example.com",
	    ":1: ui_url: is no address of pages; write one such as "
	    "https://portal.example.com/" },
	{ "courier_timeout = 2m", ":1: courier_lease: is not more than "
	    "courier_timeout, 120 s; a message would be delivered by two at "
	    "once" },
	{ "courier_timeout = 9s\ncourier_lease = 9s", ":2: courier_lease: is "
	    "not more than courier_timeout, 9 s; a message would be delivered "
	    "by two at once" },
	{ "page_size = 2000", ":1: page_size: is more than max_page_size, "
	    "1000; lower the one or raise the other" },
	{ "\nmax_page_size = 10", ":2: page_size: is more than max_page_size, "
	    "10; lower the one or raise the other" },
	{ "secret = 0123456789abcdef0123456789ABCDE", ":1: secret: has only "
	    "31 characters; give 32 or more, such as those of openssl rand "
	    "-hex 32" },
	{ "secret = " SECRET32 "\nprevious_secret = 0123456789abcdef",
	    ":2: previous_secret: has only 16 characters; give 32 or more, "
	    "such as those of openssl rand -hex 32" },
	{ "previous_secret = " SECRET32, ":1: previous_secret: is given without "
	    "a secret; set secret_file" },
	{ "previous_secret = " SECRET32 "\nsecret = " SECRET32, ":1: "
	    "previous_secret: is the secret itself; put a new one into "
	    "secret_file, or remove this key" },
	{ "db_password = x\ndb_password_file = /x", ":1: db_password: "
	    "db_password_file is given too, on line 2; keep one of the two" },
	{ "#\nsecret_file = relative", ":2: secret_file: is not an absolute "
	    "path; start it with '/'" },
	{ "secret_file = /nonexistent/file", ":1: secret_file: "
	    "/nonexistent/file cannot be opened: No such file or directory; "
	    "create it, or let this user read it" },
	{ "secret_file = /dev/null", ":1: secret_file: /dev/null is not a "
	    "file; name a regular file" },
	{ "ask_charges = all", ":1: ask_charges: names nobody who is asked; write "
	    "actor, owner or both" },
	{ "db_tls = yes", ":1: db_tls: is no kind of TLS; write off, required "
	    "or verify" },
	{ "db_tls = required\ndb_tls_ca = /x", ":2: db_tls_ca: is used by db_tls "
	    "= verify only; set that, or remove this key" },
	{ "db_admin_password_file = /tmp", ":1: db_admin_password_file: /tmp "
	    "is not a file; name a regular file" },
};

Test(config, errors_say_where_what_and_what_to_do)
{
	size_t i;

	for (i = 0; i < NELEM(errors); i++) {
		const char *error = refused(errors[i].text);

		cr_expect_str_eq(error, errors[i].error, "%s: %s",
		    errors[i].text, error);
	}
}

Test(config, addresses)
{
	static const struct {
		const char *listen;
		bool good;
	} rows[] = {
		{ "/run/x.sock", true },
		{ "127.0.0.1:9000", true },
		{ "localhost:1", true },
		{ "[::1]:65535", true },
		{ "", false },
		{ "x.sock", false },
		{ "run/x:9000", false },
		{ "localhost", false },
		{ "localhost:", false },
		{ "localhost:0", false },
		{ "localhost:65536", false },
		{ "localhost:99999999999999999999", false },
		{ "localhost:90x", false },
		{ "localhost:-1", false },
		{ "localhost: 1", false },
		{ ":9000", false },
		{ "9000", false },
		{ "::1:9000", false },
		{ "[]:9000", false },
		{ "[::1:9000", false },
		{ "[::1]9000", false },
	};
	const char *error;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		const char *text = arena_printf(a, "listen = %s",
		    rows[i].listen);

		cr_expect_eq(load_bytes(text, strlen(text), &error) != NULL,
		    rows[i].good, "\"%s\"", rows[i].listen);
	}
	/* A unix socket's path is shorter than other paths. */
	cr_expect_not_null(load(arena_printf(a, "listen = /%0106d", 0)));
	cr_expect_not_null(strstr(refused(arena_printf(a, "listen = /%0107d",
	    0)), "is longer than the 107 characters a unix socket may have"));
}

Test(config, nul_bytes_are_refused)
{
	const char *error = NULL;

	cr_expect_null(load_bytes("db_name = x\0y\n", 14, &error));
	cr_expect_not_null(strstr(error, ":1: a NUL byte; "), "%s", error);
	cr_expect_null(load_bytes("# x\n# \0\n", 8, &error));
	cr_expect_not_null(strstr(error, ":2: a NUL byte; "), "%s", error);
}

Test(config, files_that_cannot_be_read)
{
	const char *error = NULL;

	cr_expect_null(config_load(a, "/nonexistent/reeve.conf", AS_POOL,
	    &error));
	cr_expect_str_eq(error, "/nonexistent/reeve.conf: cannot be opened: "
	    "No such file or directory; create it from the sample file, or "
	    "check its permissions");
	cr_expect_null(config_load(a, folder, AS_POOL, &error));
	cr_expect_str_eq(error, arena_printf(a, "%s:0: cannot be read on: Is "
	    "a directory; check what kind of file it is", folder));
}

static const struct {
	const char *bytes;
	size_t length;
	const char *secret; /* NULL: refused */
} secrets[] = {
	{ SECRET32, 32, SECRET32 },
	{ SECRET32 "\n", 33, SECRET32 },
	{ SECRET32 "\r\n", 34, SECRET32 },
	{ SECRET32 "\nsecond line\n", 45, SECRET32 },
	{ SECRET32 "\nbinary \0 second line\n", 54, SECRET32 },
	{ " " SECRET32 " \n", 35, " " SECRET32 " " },
	{ "", 0, NULL },
	{ "\n", 1, NULL },
	{ "\r\n", 2, NULL },
	{ "\n" SECRET32 "\n", 34, NULL },
	{ SECRET32 "\0\n", 34, NULL },
	{ "\0" SECRET32 "\n", 34, NULL },
	{ "too short\n", 10, NULL },
};

Test(config, secrets_from_files)
{
	const char *text = arena_printf(a, "secret_file = %s\n", secret_path);
	const struct config *c;
	const char *error;
	size_t i;

	for (i = 0; i < NELEM(secrets); i++) {
		write_bytes(secret_path, secrets[i].bytes, secrets[i].length,
		    0640);
		error = "";
		c = load_bytes(text, strlen(text), &error);
		cr_assert_eq(c != NULL, secrets[i].secret != NULL,
		    "row %zu: %s", i, error);
		if (c != NULL)
			cr_expect_str_eq(c->secret, secrets[i].secret,
			    "row %zu: %s", i, c->secret);
		else
			cr_expect_eq(strncmp(error + strlen(path), ":1: secret",
			    10), 0, "row %zu: %s", i, error);
	}
}

Test(config, each_secret_has_its_file)
{
	const struct config *c;

	write_bytes(secret_path, "pass word\n", 10, 0600);
	c = load(arena_printf(a, "db_password_file = %s", secret_path));
	cr_expect_str_eq(c->db_password, "pass word");
	cr_expect_str_eq(c->db_admin_password, "");
	c = load(arena_printf(a, "db_admin_password_file = %s", secret_path));
	cr_expect_str_eq(c->db_admin_password, "pass word");
	cr_expect_str_eq(c->db_password, "");
}

#define OWN_USER "db_reevectl_user = own\n"

/* The files of the other passwords are not even there. */
Test(config, a_password_file_is_read_by_who_needs_it)
{
	static const struct {
		enum database_user user;
		const char *text;
		const char *key; /* of the file that is there; NULL: none */
		bool good;
	} rows[] = {
		{ AS_POOL, OWN_USER, "db_password", true },
		{ AS_REEVECTL, OWN_USER, "db_reevectl_password", true },
		{ AS_REEVECTL, "", "db_password", true },
		{ AS_REEVECTL, "db_user = x\ndb_reevectl_user = x\n",
		    "db_password", true },
		{ AS_POOL, OWN_USER, NULL, false },
		{ AS_POOL, OWN_USER, "db_reevectl_password", false },
		{ AS_POOL, OWN_USER, "db_admin_password", false },
		{ AS_REEVECTL, OWN_USER, NULL, false },
		{ AS_REEVECTL, OWN_USER, "db_password", false },
		{ AS_REEVECTL, OWN_USER, "db_admin_password", false },
		{ AS_OWNER, OWN_USER, "db_admin_password", false },
	};
	const char *keys[] = { "db_password", "db_reevectl_password",
		"db_admin_password" };
	const char *text, *error;
	size_t i, k;

	write_bytes(secret_path, "pass word\n", 10, 0600);
	for (i = 0; i < NELEM(rows); i++) {
		text = rows[i].text;
		for (k = 0; k < NELEM(keys); k++)
			text = arena_printf(a, "%s%s_file = %s\n", text, keys[k],
			    rows[i].key != NULL &&
			    strcmp(keys[k], rows[i].key) == 0 ? secret_path :
			    "/nonexistent/file");
		write_bytes(path, text, strlen(text), 0600);
		error = "";
		cr_expect_eq(config_load(a, path, rows[i].user, &error) != NULL,
		    rows[i].good, "row %zu: %s", i, error);
	}
}

Test(config, a_previous_secret_from_a_file)
{
	const struct config *c;

	write_bytes(secret_path, SECRET32 "x\n", 34, 0600);
	c = load(arena_printf(a, "secret = " SECRET32 "\n"
	    "previous_secret_file = %s", secret_path));
	cr_expect_str_eq(c->previous_secret, SECRET32 "x");
	cr_expect_str_eq(c->secret, SECRET32);
}

Test(config, long_secrets)
{
	const char *text = arena_printf(a, "db_password_file = %s\n",
	    secret_path);
	char bytes[3000];

	memset(bytes, 'x', sizeof(bytes));
	write_bytes(secret_path, bytes, 1024, 0600);
	cr_expect_eq(strlen(load(text)->db_password), 1024);
	bytes[1024] = '\n';
	write_bytes(secret_path, bytes, sizeof(bytes), 0600);
	cr_expect_eq(strlen(load(text)->db_password), 1024);
	bytes[1024] = 'x';
	write_bytes(secret_path, bytes, 1025, 0600);
	cr_expect_not_null(strstr(refused(text), "longer than 1024"));
	write_bytes(secret_path, bytes, sizeof(bytes), 0600);
	cr_expect_not_null(strstr(refused(text), "longer than 1024"));
}

Test(config, secret_files_must_not_be_open_to_everybody)
{
	static const struct {
		mode_t mode;
		bool good;
	} rows[] = {
		{ 0600, true }, { 0400, true }, { 0640, true }, { 0660, true },
		{ 0644, false }, { 0604, false }, { 0602, false },
		{ 0601, false },
	};
	const char *text = arena_printf(a, "secret_file = %s\n", secret_path);
	const char *error;
	size_t i;

	for (i = 0; i < NELEM(rows); i++) {
		write_bytes(secret_path, SECRET32, 32, rows[i].mode);
		error = "";
		cr_expect_eq(load_bytes(text, strlen(text), &error) != NULL,
		    rows[i].good, "mode %04o: %s", rows[i].mode, error);
		if (!rows[i].good)
			cr_expect_not_null(strstr(error, "chmod o="), "%s",
			    error);
	}
}

/* A FIFO nobody writes to must not hold the start. */
Test(config, a_fifo_is_no_secret_file, .timeout = 10)
{
	cr_assert_eq(mkfifo(secret_path, 0600), 0);
	cr_expect_not_null(strstr(refused(arena_printf(a, "secret_file = %s",
	    secret_path)), "is not a file"));
}

Test(config, printing_masks_secrets_and_nothing_else)
{
	const char *text = printed(load("secret = " SECRET32 "\n"
	    "db_password = hush-1\ndb_admin_password = hush-2\n"
	    "db_user = someone\n"));

	cr_expect_null(strstr(text, SECRET32));
	cr_expect_null(strstr(text, "hush"));
	cr_expect_not_null(strstr(text, "\nsecret = ********\n"));
	cr_expect_not_null(strstr(text, "\ndb_password = ********\n"));
	cr_expect_not_null(strstr(text, "\ndb_admin_password = ********\n"));
	cr_expect_not_null(strstr(text, "\ndb_user = someone\n"));
	cr_expect_not_null(strstr(printed(defaults()), "\nsecret = \n"));
}

Test(config, the_output_can_be_read)
{
	static const char text[] = "workers = 3\nlisten = [::1]:9000\n"
	    "listen_mode = 0007\ntoken_expiry = 36h\nlogin_refill = 61\n"
	    "max_body = 3M\nverifier_memory = 65537\ndb_name = \" x \"\n"
	    "db_user = \"\"q\"\nusage_services =\nmax_range = 2d\n"
	    "request_terminate_timeout = 0\nlog = /var/log/reeve.log\n";
	const char *once = printed(load(text));

	cr_expect_str_eq(printed(load(once)), once);
	cr_expect_not_null(strstr(once, "\nlisten_mode = 0007\n"));
	cr_expect_not_null(strstr(once, "\ntoken_expiry = 36h\n"));
	cr_expect_not_null(strstr(once, "\nlogin_refill = 61s\n"));
	cr_expect_not_null(strstr(once, "\nmax_body = 3M\n"));
	cr_expect_not_null(strstr(once, "\nverifier_memory = 65537\n"));
	cr_expect_not_null(strstr(once, "\nmax_range = 2d\n"));
	cr_expect_not_null(strstr(once, "\nrequest_terminate_timeout = 0\n"));
	cr_expect_not_null(strstr(once, "\ndb_name = \" x \"\n"));
	cr_expect_not_null(strstr(once, "\ndb_user = \"\"q\"\n"));
}

Test(config, printing_marks_reloadable_keys)
{
	const char *text = printed(defaults());

	cr_expect_not_null(strstr(text, "# taken at restart\nlisten = "));
	cr_expect_not_null(strstr(text, "# taken at reload\nlog_level = "));
}

Test(config, the_sample_is_every_default)
{
	const char *sample = printed(NULL), *line, *end;
	struct buffer uncommented;
	size_t keys = 0;

	cr_expect_str_eq(printed(load(sample)), printed(defaults()));
	buffer_init(&uncommented, a, 0);
	for (line = sample; *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		cr_assert_not_null(end);
		/* Help has a blank after the '#'. */
		if (*line == '#' && line[1] != ' ') {
			line++;
			keys++;
		} else {
			cr_expect_leq(end - line, 78, "%.*s",
			    (int)(end - line), line);
			cr_expect(*line == '#' || *line == '\n', "%.*s",
			    (int)(end - line), line);
		}
		buffer_add(&uncommented, line, (size_t)(end - line) + 1);
	}
	cr_expect_eq(keys, sizeof(struct config) / 8);
	cr_expect_str_eq(printed(load(uncommented.text)), printed(defaults()));
}

Test(config, the_sample_of_import_asks_as_kazoo_does)
{
	const struct config *c;
	size_t size;
	char *text;
	FILE *file = open_memstream(&text, &size);

	config_print_sample(file, true);
	fclose(file);
	c = load(text);
	free(text);
	cr_assert_not_null(c);
	cr_expect_str_eq(c->ask_charges, "actor");
}

Test(config, keys_are_listed)
{
	const char *names[KEYS_MAX], *sample = printed(NULL);
	const struct config_key *key;
	size_t i, j;

	for (i = 0; (key = config_key(i)) != NULL; i++) {
		cr_assert_lt(i, KEYS_MAX);
		names[i] = key->name;
		for (j = 0; j < i; j++)
			cr_expect_str_neq(names[j], key->name);
		cr_assert_gt(strlen(key->help), 10, "%s has no help",
		    key->name);
		cr_expect_eq(key->help[strlen(key->help) - 1], '.',
		    "the help of %s is no sentence", key->name);
		cr_expect_not_null(strstr(sample, arena_printf(a,
		    "\n#%s = %s\n", key->name, key->default_text)), "%s",
		    key->name);
		cr_expect_eq(key->secret, strcmp(key->name, "secret") == 0 ||
		    strcmp(key->name, "previous_secret") == 0 ||
		    strcmp(key->name, "db_password") == 0 ||
		    strcmp(key->name, "db_reevectl_password") == 0 ||
		    strcmp(key->name, "mail_password") == 0 ||
		    strcmp(key->name, "db_admin_password") == 0, "%s",
		    key->name);
	}
	cr_expect_eq(i, sizeof(struct config) / 8, "%zu rows in config.c, but "
	    "%zu members in config.h", i, sizeof(struct config) / 8);
	cr_expect_null(config_key(SIZE_MAX));
}

Test(config, the_default_path)
{
	unsetenv("REEVE_CONFIG");
	cr_expect_not_null(strstr(config_default_path(), "/reeve/reeve.conf"));
	setenv("REEVE_CONFIG", "", 1);
	cr_expect_not_null(strstr(config_default_path(), "/reeve/reeve.conf"));
	setenv("REEVE_CONFIG", "/elsewhere", 1);
	cr_expect_str_eq(config_default_path(), "/elsewhere");
}
