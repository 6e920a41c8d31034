/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS, and passwords that the server wants encrypted, for connections to
 * db_hosts. Private to store/db*.c. */
#ifndef REEVE_STORE_DB_TLS_H
#define REEVE_STORE_DB_TLS_H

#include <mysql.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/config.h"

/* Sets the options of a connection over TCP that is not open yet. strict: a first
 * attempt, which shows whether the server has TLS. False: out of memory. */
bool db_tls_prepare(MYSQL *mysql, const struct config *config, bool strict)
    MUSTCHECK;

/* True if an attempt that failed may be repeated and not be strict: the server
 * has TLS, and its certificate need not be one that is trusted. */
bool db_tls_may_trust(MYSQL *mysql, const struct config *config);

/* The reason to give up a connection that was opened; NULL: it is as it was
 * asked for. */
const char *db_tls_refuse(MYSQL *mysql, const struct config *config);

/* The last error of an attempt to connect, with what to do about it. */
const char *db_tls_explain(MYSQL *mysql, struct arena *a);

#endif
