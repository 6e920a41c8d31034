/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The hosts of db_hosts, and which of them are unfit: one that did not serve is
 * left alone for some seconds, and then tried by one process at a time. Private
 * to store/db*.c, except that all processes share what they learn
 * (db_share_hosts in store/db.h).
 */
#ifndef REEVE_STORE_DB_HOSTS_H
#define REEVE_STORE_DB_HOSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define HOST_UNFIT_MS 5000

struct host_fitness;

/* Why a host is unfit. */
enum host_fault {
	HOST_UNREACHED, /* there is no connection within the time for it */
	HOST_SILENT,    /* it does not answer */
	HOST_READ_ONLY,
	HOST_REFUSES    /* its disk is full, or it is outside of its cluster */
};

struct db_host {
	const char *text; /* as configured, for the log */
	const char *name;
	unsigned port;    /* 0: the default */
	struct host_fitness *fitness;
};

/* Reads "host[:port], ..."; returns how many there are. */
size_t hosts_parse(struct arena *a, const char *list, struct db_host **out);

/*
 * True if the caller may try the host at now_ms: it is fit, or its time is over
 * and no other process has taken the try; then it counts as unfit for others.
 */
bool host_take(const struct db_host *host, int64_t now_ms);

/* The host whose time ends first. count > 0. */
const struct db_host *hosts_first_again(const struct db_host *hosts,
    size_t count);

/* Makes the host unfit for HOST_UNFIT_MS from now_ms, and logs why, once. */
void host_mark_unfit(const struct db_host *host, int64_t now_ms,
    enum host_fault fault, const char *why);

/* Makes the host fit, and logs it if it was not. */
void host_mark_fit(const struct db_host *host);

#endif
