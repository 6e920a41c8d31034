/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The configuration. The parser, check-config and the sample file use one table
 * of keys (config.c), and the manual page is compared with it. A file has lines
 * of "key = value"; '#' and ';' start a comment line; values may be in double
 * quotes; units are s, m, h, d and K, M, G.
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
	const char *status_listen; /* as listen; "": none */
	const char *status_socket; /* a path; "": none */
	int64_t workers;          /* 0: serve in this process, no master */
	int64_t max_requests;     /* of a worker until it is replaced; 0: never */
	int64_t memory_limit;     /* bytes of a worker or courier; 0: none */
	int64_t request_terminate_timeout_s; /* 0: never */
	int64_t process_control_timeout_s;   /* limit of a graceful stop */
	const char *user;         /* "": the user who starts the pool */
	const char *group;
	const char *pid_file;     /* "": none */
	const char *log;          /* path, stderr or syslog */
	const char *log_level;
	int64_t slow_log_s;
	/* the database */
	const char *db_hosts;     /* host[:port],...; tried in order */
	const char *db_socket;    /* "", or a unix socket instead of db_hosts */
	const char *db_name;
	const char *db_user;
	const char *db_password;
	const char *db_password_file;
	const char *db_user_host; /* "": localhost with db_socket, else % */
	const char *db_reevectl_user; /* for reevectl; "": db_user */
	const char *db_reevectl_password;
	const char *db_reevectl_password_file;
	const char *db_admin_user; /* for reevectl migrate; "": db_user */
	const char *db_admin_password;
	const char *db_admin_password_file;
	const char *db_tls;       /* off, required, verify; "": library's */
	const char *db_tls_ca;    /* a file; "": the system's */
	const char *db_public_key_file; /* of the server; "": none */
	int64_t db_public_key_ask; /* 0 or 1 */
	int64_t db_connect_timeout_s;
	int64_t db_read_timeout_s;
	/* authentication */
	const char *secret;       /* of all digests and seals, 32+ characters */
	const char *secret_file;
	const char *previous_secret; /* accepted as well; "": none */
	const char *previous_secret_file;
	int64_t token_expiry_s;   /* 0: tokens do not expire */
	const char *user_role;    /* of users who say none; "": user, or admin
	                             if there were users before roles */
	int64_t password_length_min; /* characters */
	int64_t verifier_memory;  /* bytes that argon2 uses for a new hash */
	int64_t verifier_passes;
	int64_t login_burst;      /* failed logins in a row */
	int64_t login_refill_s;   /* until one of them is forgotten */
	int64_t login_delay_s;    /* of logins to an account with too many */
	int64_t recovery_burst;   /* asks for a new password, from an address */
	int64_t recovery_refill_s; /* until one of them is forgotten */
	int64_t token_rate;       /* requests a minute; 0: no limit */
	int64_t token_burst;
	int64_t address_rate;     /* of requests without a token; 0: no limit */
	int64_t address_burst;
	/* the courier */
	int64_t couriers;         /* processes of the pool; 0: none */
	int64_t courier_transfers; /* at the same time, of one process */
	int64_t courier_connect_timeout_s;
	int64_t courier_timeout_s;  /* of a whole attempt */
	int64_t courier_lease_s;    /* until another may take over a message */
	int64_t courier_attempts;   /* before a bookkeeper is given up */
	int64_t webhook_give_up_s;  /* since the event, or its replay */
	int64_t courier_pause_s;    /* after the first attempt, then doubling */
	int64_t courier_pause_max_s;
	int64_t outbox_stuck_after_s; /* for /ready; 0: never */
	int64_t courier_private;    /* 1: private addresses are allowed */
	int64_t synchronization_timeout_s; /* of waiting for bookkeepers */
	int64_t courier_keep_s;     /* of delivered messages; 0: no limit */
	const char *mail_smarthost; /* smtp://HOST:PORT, smtps://...; "": none */
	const char *mail_tls;       /* off, required, verify */
	const char *mail_tls_ca;    /* a file; "": the system's */
	const char *mail_user;      /* "": no login */
	const char *mail_password;
	const char *mail_password_file;
	const char *mail_from;      /* an address; "" without a smarthost */
	int64_t mail_give_up_s;     /* since it was left, or its replay */
	/* the API */
	int64_t max_body;         /* bytes of a request body */
	int64_t max_batch_body;   /* bytes of a batch */
	int64_t max_values;       /* JSON values of a body */
	int64_t page_size;
	int64_t max_page_size;
	int64_t max_range_s;      /* from created_from to created_to of lists */
	int64_t summary_max_range_s;
	const char *number_classes; /* "name:expression ..." in order */
	int64_t number_country;     /* of numbers without a country code */
	const char *number_trunk;   /* of national numbers; "": none */
	const char *port_in_carrier; /* of numbers that were ported; "": none */
	const char *realm_suffix;
	const char *ui_url; /* of the pages that links lead to; "": none */
	const char *usage_services; /* ledgers counted in the daily summary */
	int64_t prompt_service_changes; /* 0 or 1 */
	int64_t unique_account_names;   /* 0 or 1 */
	const char *ask_charges;        /* "actor", "owner" or "both" */
	int64_t audit_master;           /* 0 or 1 */
	int64_t prorate;                /* 0 or 1 */
	int64_t require_balance;        /* 0 or 1 */
	int64_t automatic_topup;        /* 0 or 1 */
	int64_t recurring_debits;       /* 0 or 1 */
	int64_t bill_reminders;         /* 0 or 1 */
	int64_t clock_difference_max_s; /* for run-due; 0: any */
	int64_t reminder_days;
	int64_t quote_expiry_s;
	int64_t idempotency_expiry_s;
	const char *sql_dir;      /* the folder sql/, for reevectl migrate */
};

/* The database users. Each has the name of another where its own is not set:
 * store/db_login.h. */
enum database_user {
	AS_POOL,     /* also run-due and deliver */
	AS_REEVECTL,
	AS_OWNER,    /* of the tables and procedures: migrate */
};

/*
 * Reads and checks a configuration file (NULL: all defaults) and the files of
 * its secrets; of the files with passwords of database users only that of this
 * user, and for the owner, who makes the others, all. Strings are on a. NULL:
 * *error (on a) has file, line, key, and what to do.
 */
const struct config *config_load(struct arena *a, const char *path,
    enum database_user user, const char **error) MUSTCHECK;

/* True if reevectl has a database user of its own. */
bool config_has_reevectl_user(const struct config *c);

/*
 * Returns the default path: $REEVE_CONFIG, else the compiled-in
 * SYSCONFDIR/reeve/reeve.conf.
 */
const char *config_default_path(void);

/* config_print: every key with its value (secrets masked), marked if a reload
 * applies it. config_print_sample: the commented file of all defaults;
 * as_kazoo: with those keys set by which a Kazoo's clients see no difference. */
void config_print(const struct config *c, FILE *out);
void config_print_sample(FILE *out, bool as_kazoo);

/* Returns a row of the table, for documentation and tests; NULL at the end. */
struct config_key {
	const char *name;
	const char *default_text;
	const char *help;
	bool reloadable;
	bool secret;
};
const struct config_key *config_key(size_t index);

/* True if the key of that row has the same value in both. */
bool config_same(const struct config *x, const struct config *y, size_t index);

#endif
