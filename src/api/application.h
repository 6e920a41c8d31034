/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The API as one object, which answers a worker's requests. It has one database
 * connection and one request arena.
 */
#ifndef REEVE_API_APPLICATION_H
#define REEVE_API_APPLICATION_H

#include "base/config.h"
#include "http/gateway.h"

struct application;
struct figure_source;
struct limits;

/* Compiles the schemas; called once, before anything is forked. Ends the
 * program with status 70 if one cannot be used. */
void application_prepare(void);

/* Borrows all; limits and figures: those of the pool, NULL: there is none.
 * Connects to the database at the first request. */
struct application *application_new(const struct config *config,
    struct limits *limits, const struct figure_source *figures);

/* Tells reevectl migrate that this process uses the database, while it has no
 * request. */
void application_rest(struct application *app);
void application_free(struct application **app);

/*
 * Answers one request, from its first parameter to the last byte of the
 * response, and forgets everything about it. Never fails: what goes wrong is
 * the response. Returns the HTTP status it answered, 0 when nothing was
 * answered because the request was cut off.
 */
int application_serve(struct application *app, struct gateway *g);

/*
 * Does the database hold the schema this program was built for? Called by the
 * master before it forks. 1: yes; 0: it does not, *why (static) says what and
 * what to do; -1: the database cannot be asked now, *why says so.
 */
int application_check_schema(const struct config *config, const char **why);

#endif
