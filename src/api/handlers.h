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

/* services.c (domain.md 7 and 8, 15.2.2) */
handler_fn services_show, services_current, services_change;
handler_fn services_plan_assign, services_plan_unassign;
handler_fn services_plans_unassign;
handler_fn services_overrides_show, services_overrides_change;
handler_fn services_manual_show, services_manual_change;
handler_fn services_status_show, services_status_change;
handler_fn services_reconcile;

/* service_summary.c (domain.md 6.6), services_quote.c (6.7) */
handler_fn services_summary, services_quote;

/* editable.c (domain.md 7.2) */
handler_fn services_editable, schemas_service_plans;

/* service_plans.c (domain.md 2, 7.1, 15.2.3) */
handler_fn plans_list, plans_create, plans_show, plans_change, plans_delete;
handler_fn plans_available_list, plans_available_show;

#endif
