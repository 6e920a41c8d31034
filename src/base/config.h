/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration: one table of keys (config.c) that the parser, check-config,
 * the sample file and the manual page all come from. Files are lines of
 * "key = value"; '#' and ';' start a comment line; values may stand in double
 * quotes; units: s, m, h, d and K, M, G.
 */
#ifndef REEVE_BASE_CONFIG_H
#define REEVE_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/attr.h"

struct config {
	/* the pool */
	const char *listen;       /* /path/to.sock, host:port or [host]:port */
	int64_t listen_mode;      /* octal mode of a unix socket */
	const char *listen_owner; /* "", or a user name */
	const char *listen_group; /* "", or a group name */
	int64_t listen_backlog;
	int64_t workers;          /* 0: serve in this process, no master */
	int64_t max_requests;     /* requests before a worker is replaced, 0: never */
	int64_t request_terminate_timeout_s; /* 0: never */
	int64_t process_control_timeout_s;   /* patience of a graceful stop */
	const char *user;         /* "": stay who we are */
	const char *group;
	const char *pid_file;     /* "": none */
	const char *log;          /* path, stderr or syslog */
	const char *log_level;
	/* the database */
	const char *db_hosts;     /* host[:port],...; tried in order */
	const char *db_socket;    /* "", or a unix socket: then db_hosts is unused */
	const char *db_name;
	const char *db_user;
	const char *db_password;
	const char *db_password_file;
	const char *db_admin_user; /* for reevectl migrate; "": db_user */
	const char *db_admin_password;
	const char *db_admin_password_file;
	int64_t db_connect_timeout_s;
	int64_t db_read_timeout_s;
	/* authentication */
	const char *secret;       /* key of the credential index, 32+ characters */
	const char *secret_file;
	int64_t token_expiry_s;   /* 0: tokens do not expire */
	int64_t verifier_memory;  /* bytes argon2 uses for a new hash */
	int64_t verifier_passes;
	int64_t login_burst;      /* failed or not, logins at once per client */
	int64_t login_refill_s;   /* seconds until one more is allowed */
	/* the courier */
	int64_t couriers;         /* processes of the pool; 0: none */
	int64_t courier_connect_timeout_s;
	int64_t courier_timeout_s;  /* of a whole attempt */
	int64_t courier_lease_s;    /* until another may take a message over */
	int64_t courier_attempts;   /* before a message is given up */
	int64_t courier_pause_s;    /* after the first attempt, then doubling */
	int64_t courier_pause_max_s;
	int64_t courier_private;    /* 0 or 1: private addresses are reached */
	int64_t synchronization_timeout_s; /* for results of what is told now */
	int64_t courier_keep_s;     /* delivered messages, 0: for ever */
	/* the API */
	int64_t max_body;         /* bytes of a request body */
	int64_t page_size;
	int64_t max_page_size;
	int64_t max_range_s;      /* created_from..created_to of lists */
	int64_t summary_max_range_s;
	const char *number_classes; /* "name:expression ..." in order */
	const char *realm_suffix;
	const char *usage_services; /* ledgers counted in the daily summary */
	int64_t prompt_service_changes; /* 0 or 1 */
	int64_t audit_master;           /* 0 or 1 */
	int64_t prorate;                /* 0 or 1 */
	int64_t require_balance;        /* 0 or 1 */
	int64_t automatic_topup;        /* 0 or 1 */
	int64_t recurring_debits;       /* 0 or 1 */
	int64_t bill_reminders;         /* 0 or 1 */
	int64_t reminder_days;
	int64_t quote_expiry_s;
	int64_t idempotency_expiry_s;
	const char *sql_dir;      /* where reevectl migrate finds sql/ */
};

/*
 * The configuration of a file (NULL: every default), its secrets read from
 * their files, checked. Strings live on a. On failure NULL, and *error (on a)
 * says file, line, key, and what to do.
 */
const struct config *config_load(struct arena *a, const char *path,
    const char **error) MUSTCHECK;

/*
 * Where to look when nobody said: $REEVE_CONFIG, else the compiled-in
 * SYSCONFDIR/reeve/reeve.conf.
 */
const char *config_default_path(void);

/* Prints every key with its value (secrets masked) and whether a reload takes
 * it; with sample: the commented sample file of all defaults. */
void config_print(const struct config *c, FILE *out);
void config_print_sample(FILE *out);

/* One row of the table, for documentation and tests. NULL past the last. */
struct config_key {
	const char *name;
	const char *default_text;
	const char *help;
	bool reloadable;
	bool secret;
};
const struct config_key *config_key(size_t index);

/* Has the key of that row the same value in both? */
bool config_same(const struct config *x, const struct config *y, size_t index);

#endif
