/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One function per route, in a file per noun. Each writes data into the
 * call's response and returns NULL, or returns what went wrong. Authorization
 * has been decided before (routes.c).
 */
#ifndef REEVE_API_HANDLERS_H
#define REEVE_API_HANDLERS_H

#include "api/call.h"

/* login.c (api.md 7.5 - 7.9) */
handler_fn user_auth_create, api_auth_create;
handler_fn token_auth_show, token_auth_delete;

/* audit.c (api.md 13.7) */
handler_fn audit_list, audit_show;

/* audit_summary.c (api.md 13.8; the seed document) */
handler_fn audit_summary, audit_quantities_summary;

#endif
