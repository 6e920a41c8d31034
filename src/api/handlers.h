/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One function per route, in a file per noun. Each writes data into the
 * call's response and returns NULL, or returns what went wrong. Authorization
 * has been decided before (routes.c).
 */
#ifndef REEVE_API_HANDLERS_H
#define REEVE_API_HANDLERS_H

#include "api/call.h"

/* accounts.c (rules/accounts) */
handler_fn accounts_create, accounts_show, accounts_change, accounts_delete;
handler_fn accounts_move, accounts_resell;
handler_fn accounts_children, accounts_descendants, accounts_siblings;
handler_fn accounts_parents;
handler_fn accounts_key_show, accounts_key_renew;

/* objects.c (rules/counting) */
handler_fn objects_list, objects_create, objects_create_many;
handler_fn objects_show, objects_change;
handler_fn settings_show, settings_change, settings_delete;
handler_fn schemas_list, schemas_show;

/* phone_numbers.c (rules/counting 5) */
handler_fn numbers_list, numbers_show, numbers_change, numbers_collection;
handler_fn numbers_activate, numbers_activate_collection, numbers_reserve;

/* customers.c */
handler_fn customers_list, customers_overview;

/* classifiers.c (rules/counting 5) */
handler_fn numbers_classifiers;

/* telephony.c */
handler_fn telephony_show;

/* ips.c */
handler_fn ips_list, ips_show, ips_change, ips_assign;

/* apps_store.c, apps_blacklist.c */
handler_fn apps_store_list, apps_store_show, apps_store_change;
handler_fn apps_store_blacklist, apps_store_blacklist_change;

/* token_restrictions.c */
handler_fn token_restrictions_show, token_restrictions_change;

/* user_tokens.c */
handler_fn user_tokens_list, user_tokens_end;

/* system.c */
handler_fn system_status_show;

/* port_requests.c, port_requests_list.c (rules/ports) */
handler_fn port_requests_transition;
handler_fn port_requests_list, port_requests_below;

/* whitelabel.c */
handler_fn whitelabel_lookup;

/* ledgers.c (rules/ledgers) */
handler_fn ledgers_sums, ledgers_available, ledgers_total, ledgers_summary;
handler_fn ledgers_list, ledgers_show;

/* ledgers_credit.c (rules/ledgers 1 to 7) */
handler_fn ledgers_credit, ledgers_debit;

/* ledgers_entries.c (rules/ledgers 15 to 17) */
handler_fn ledgers_entries;

/* ledgers_usage.c (rules/ledgers 14) */
handler_fn ledgers_usage;

/* pictures.c */
handler_fn pictures_show, pictures_of_domain, pictures_of_app;
handler_fn pictures_save, pictures_delete;

/* deliveries.c (rules/bookkeepers 3) */
handler_fn deliveries_list, deliveries_replay;

/* webhooks.c */
handler_fn webhooks_attempts, webhooks_replay;

/* allotments.c (rules/ledgers 14) */
handler_fn allotments_show, allotments_change, allotments_consumed;

/* transactions.c (rules/bookkeepers 11) */
handler_fn transactions_list, transactions_show, transactions_balance;
handler_fn transactions_sale, transactions_refund;
handler_fn transactions_credit, transactions_debit;

/* topup.c (rules/bookkeepers 9) */
handler_fn services_topup;

/* requests.c (rules/requests 22) */
handler_fn requests_show;

/* login.c (rules/accounts 10) */
handler_fn user_auth_create, api_auth_create;
handler_fn token_auth_show, token_auth_delete;

/* auth.c (rules/accounts 24) */
handler_fn auth_tokeninfo, auth_act;

/* recovery.c (rules/accounts 26) */
handler_fn recovery_create, recovery_redeem_link;

/* audit.c (rules/audit) */
handler_fn audit_list, audit_show, audit_verify;

/* audit_summary.c (rules/audit 15) */
handler_fn audit_summary, audit_quantities_summary;

/* services.c (rules/changes) */
handler_fn services_show, services_current, services_change;
handler_fn services_plan_assign, services_plan_unassign;
handler_fn services_plans_unassign;
handler_fn services_overrides_show, services_overrides_change;
handler_fn services_manual_show, services_manual_change;
handler_fn services_status_show, services_status_change;
handler_fn services_reconcile;

/* synchronization.c (rules/bookkeepers 6) */
handler_fn services_synchronize;

/* service_summary.c, services_quote.c (rules/changes 12) */
handler_fn services_summary, services_quote;

/* editable.c (rules/counting 3) */
handler_fn services_editable;

/* service_plans.c (rules/merging 3) */
handler_fn plans_list, plans_create, plans_show, plans_change, plans_delete,
    plans_versions;
handler_fn plans_available_list, plans_available_show;

#endif
