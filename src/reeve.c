/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reeve program: arguments, configuration, and the way it was started. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "api/application.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/places.h"
#include "base/secret.h"
#include "http/cgi.h"
#include "pool/master.h"
#include "pool/process.h"
#include "pool/reload.h"
#include "pool/signals.h"

#define WORKERS_MOST 1024

enum action { ACTION_RUN, ACTION_TEST, ACTION_SAMPLE, ACTION_VERSION,
	ACTION_HELP };

struct arguments {
	enum action action;
	const char *config_path;
	bool daemonize;
	int64_t workers; /* -1: not given */
};

/* ---- the options, for parsing and for --help ---- */

static const struct option_row {
	char letter;
	const char *name;
	const char *value; /* name of the value; NULL: none */
	const char *help;
} option_rows[] = {
	{ 'c', "config", "FILE",
	    "configuration file, by default $REEVE_CONFIG or as below" },
	{ 'F', "foreground", NULL, "stay in the foreground (the default)" },
	{ 'D', "daemonize", NULL, "run in the background, return when ready" },
	{ 'w', "workers", "N",
	    "number of workers; 0: serve in one process" },
	{ 't', "test", NULL, "check the configuration and exit" },
	{ 's', "sample-config", NULL,
	    "print a sample configuration of all defaults and exit" },
	{ 'V', "version", NULL, "print the version and exit" },
	{ 'h', "help", NULL, "print this help and exit" },
};

#define OPTIONS NELEM(option_rows)

static void
print_help(void)
{
	const struct option_row *row;
	char shown[64];

	printf("usage: reeve [option...]\n\n"
	    "Serves the billing and audit API to a web server: over FastCGI, "
	    "on a socket\npassed by systemd, spawn-fcgi or mod_fcgid or on "
	    "the configured one, or as a CGI\nprogram.\n\n");
	for (row = option_rows; row < option_rows + OPTIONS; row++) {
		snprintf(shown, sizeof(shown), "--%s%s%s", row->name,
		    row->value == NULL ? "" : " ",
		    row->value == NULL ? "" : row->value);
		printf("  -%c, %-18s %s\n", row->letter, shown, row->help);
	}
	printf("\nSignals: QUIT graceful stop, TERM and INT fast stop, USR1 "
	    "reopen the log,\nUSR2 and HUP reload. Configuration: %s\n",
	    config_default_path());
}

/* Fills the two tables of getopt_long(). */
static void
make_getopt_tables(struct option *longs, char *shorts)
{
	size_t i;

	*shorts++ = ':';
	for (i = 0; i < OPTIONS; i++) {
		longs[i].name = option_rows[i].name;
		longs[i].has_arg = option_rows[i].value != NULL;
		longs[i].val = option_rows[i].letter;
		*shorts++ = option_rows[i].letter;
		if (option_rows[i].value != NULL)
			*shorts++ = ':';
	}
	*shorts = '\0';
}

static void NORETURN
usage_error(const char *what, const char *which)
{
	fprintf(stderr, "reeve: %s%s; see reeve --help\n", what, which);
	exit(EX_USAGE);
}

static int64_t
parse_workers(const char *text)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 ||
	    n > WORKERS_MOST)
		usage_error("--workers takes a number from 0 to 1024, not ",
		    text);
	return n;
}

static void
take_option(struct arguments *args, int letter, char **argv)
{
	switch (letter) {
	case 'c':
		args->config_path = optarg;
		break;
	case 'F':
		args->daemonize = false;
		break;
	case 'D':
		args->daemonize = true;
		break;
	case 'w':
		args->workers = parse_workers(optarg);
		break;
	case 't':
		args->action = ACTION_TEST;
		break;
	case 's':
		args->action = ACTION_SAMPLE;
		break;
	case 'V':
		args->action = ACTION_VERSION;
		break;
	case 'h':
		args->action = ACTION_HELP;
		break;
	case ':':
		usage_error("a value is missing after ", argv[optind - 1]);
	default:
		usage_error("no such option: ", argv[optind - 1]);
	}
}

static void
parse_arguments(struct arguments *args, int argc, char **argv)
{
	struct option longs[OPTIONS + 1] = { { 0 } };
	char shorts[2 * OPTIONS + 2];
	int letter;

	make_getopt_tables(longs, shorts);
	while ((letter = getopt_long(argc, argv, shorts, longs, NULL)) != -1)
		take_option(args, letter, argv);
	if (optind < argc)
		usage_error("unexpected argument: ", argv[optind]);
}

/* ---- starting ---- */

/* Otherwise a socket opened later could become the standard error. */
static void
fill_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

/* Makes a path absolute, because the daemon changes its directory. */
static const char *
absolute_path(struct arena *a, const char *path)
{
	char *real = realpath(path, NULL);

	if (real == NULL)
		return path; /* opening it reports the error */
	path = arena_strdup(a, real);
	free(real);
	return path;
}

static const struct config *
load(struct arena *a, const struct arguments *args)
{
	const struct config *config;
	const char *error = NULL;

	config = reload_first(a, args->config_path, args->workers, &error);
	if (config == NULL) {
		fprintf(stderr, "reeve: %s\n", error);
		exit(EX_CONFIG);
	}
	return config;
}

static void
open_log(const struct config *config, const struct arguments *args)
{
	if (!reload_log(config))
		log_fatal(EX_CANTCREAT, "log %s: %s", config->log,
		    strerror(errno));
	if (args->daemonize && strcmp(config->log, "stderr") == 0)
		log_fatal(EX_CONFIG, "log = stderr does not work in the "
		    "background; set log to a file or syslog");
}

static void
find_identity(struct pool *pool, struct arena *a)
{
	const char *error = NULL;

	if (!identity_find(&pool->identity, a, pool->config, &error))
		log_fatal(EX_CONFIG, "%s", error);
	identity_give_log(&pool->identity, pool->config->log);
}

static void
check_schema(const struct config *config)
{
	const char *why = "";

	switch (application_check_schema(config, &why)) {
	case 1:
		break;
	case 0:
		log_fatal(EX_UNAVAILABLE, "%s", why);
	default:
		log_warn("cannot reach the database; requests get 503 until "
		    "it answers: %s", why);
	}
}

static void
open_status(struct pool *pool, struct arena *a)
{
	const char *const addresses[STATUS_LISTENERS] = {
		pool->config->status_listen, pool->config->status_socket };
	const char *error = NULL;
	size_t i;

	for (i = 0; i < STATUS_LISTENERS; i++) {
		pool->status[i].fd = -1;
		if (addresses[i][0] == '\0')
			continue;
		if (pool->config->workers == 0)
			log_warn("%s: one process has no status page",
			    addresses[i]);
		else if (!listener_open_at(&pool->status[i], a, pool->config,
		    addresses[i], pool->listener.predecessor, &error)) {
			listener_retire(&pool->listener);
			log_fatal(EX_CANTCREAT, "%s", error);
		}
	}
}

static void
take_over_one(struct pool *pool, struct listener *l)
{
	if (listener_take_over(l))
		return;
	log_error("%s cannot take the place of %s: %s", l->path,
	    l->public_path, strerror(errno));
	listener_retire(&pool->listener);
	exit(EX_CANTCREAT);
}

/* From the pool that runs, which is told to stop gracefully. */
static void
take_over(struct pool *pool)
{
	const struct listener *l = &pool->listener;
	size_t i;

	for (i = 0; i < STATUS_LISTENERS; i++)
		take_over_one(pool, &pool->status[i]);
	take_over_one(pool, &pool->listener);
	if (l->public_path == NULL)
		return;
	log_info("took the place of the pool of process %ld, which is told to "
	    "stop gracefully", (long)l->predecessor);
	kill(l->predecessor, SIGQUIT);
}

static int
run_pool(struct arena *a, const struct arguments *args,
    const struct config *config)
{
	struct pool pool = {
		.config_path = args->config_path,
		.workers = args->workers,
		.config = config,
	};
	const char *error = NULL;
	int status;

	signals_block();
	open_log(config, args);
	find_identity(&pool, a);
	check_schema(config);
	/* LISTEN_PID is our process id only before daemonizing. */
	if (!listener_open(&pool.listener, a, config, args->daemonize ?
	    process_read_pid(config->pid_file) : 0, &error))
		log_fatal(EX_CANTCREAT, "%s", error);
	open_status(&pool, a);
	if (args->daemonize)
		process_daemonize();
	if (!process_write_pid(config->pid_file)) {
		listener_retire(&pool.listener);
		log_fatal(EX_CANTCREAT, "pid_file %s: %s", config->pid_file,
		    strerror(errno));
	}
	take_over(&pool);
	process_ready();
	status = config->workers == 0 ? master_run_alone(&pool) :
	    master_run(&pool);
	process_remove_pid(config->pid_file);
	return status;
}

static int
run(const struct arguments *args)
{
	struct arena *a = arena_new(64 * 1024);
	struct arguments absolute = *args;
	const struct config *config;
	int status;

	application_prepare();
	absolute.config_path = absolute_path(a, args->config_path);
	config = load(a, &absolute);
	if (args->action == ACTION_TEST) {
		printf("reeve: %s is valid\n", absolute.config_path);
		status = EX_OK;
	} else {
		status = run_pool(a, &absolute, config);
	}
	arena_free(&a);
	return status;
}

/*
 * Ignores the arguments: some web servers pass the query string as arguments,
 * so any client could set options.
 */
static int
run_as_cgi(void)
{
	struct arguments args = { .config_path = config_default_path(),
		.workers = -1 };
	struct arena *a = arena_new(16 * 1024);
	const struct config *config = load(a, &args);
	struct application *app;
	int status;

	/* The request can be answered without the log. */
	if (!reload_log(config))
		log_warn("log %s: %s", config->log, strerror(errno));
	places_join(NULL, 0, 0);
	app = application_new(config, NULL, NULL);
	status = application_serve(app, cgi_gateway());
	application_free(&app);
	arena_free(&a);
	return status == 0 ? EX_IOERR : EX_OK;
}

int
main(int argc, char **argv)
{
	struct arguments args = { .config_path = config_default_path(),
		.workers = -1 };

	fill_standard_descriptors();
	if (!secret_init())
		log_fatal(EX_SOFTWARE, "no source of randomness");
	if (cgi_requested())
		return run_as_cgi();
	parse_arguments(&args, argc, argv);
	switch (args.action) {
	case ACTION_SAMPLE:
		config_print_sample(stdout, false);
		break;
	case ACTION_VERSION:
		printf("reeve %s\n", PACKAGE_VERSION);
		break;
	case ACTION_HELP:
		print_help();
		break;
	default:
		return run(&args);
	}
	return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}
