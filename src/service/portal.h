/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operator's own pages, and the domains of whitelabels, which could be theirs
 * (rules/accounts 9): a login page shows everybody the whitelabel of its host. */
#ifndef REEVE_SERVICE_PORTAL_H
#define REEVE_SERVICE_PORTAL_H

#include <stdbool.h>

#include <json-c/json.h>

#include "base/config.h"
#include "base/problem.h"

/* The host of the operator's own pages (ui_url), which only the master account's
 * whitelabel may have; "": there is none. */
const char *portal_host(struct arena *a, const struct config *config);

/*
 * Checks the domain of a whitelabel, unless it is that of before (NULL: nothing).
 * place: prefix of fields in problems. Problems: VALIDATION "format", "forbidden"
 * (it is that host, and is_master is false).
 */
struct problem *portal_check(struct arena *a, const struct config *config,
    bool is_master, struct json_object *before, struct json_object *document,
    const char *place) MUSTCHECK;

/* True if the domain of a whitelabel is that host. */
bool portal_has_domain(struct arena *a, const struct config *config,
    struct json_object *document);

#endif
