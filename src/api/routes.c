/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "api/routes.h"

#include <string.h>

#include "api/handlers.h"
#include "base/buffer.h"
#include "base/counters.h"
#include "billing/kind.h"

/*
 * Of two paths that both fit, the one that stands first is meant: literal
 * segments go before {PARAMETERS}. {KIND} and {SETTING} are nouns of the table
 * of kinds (billing/kind.c) of which an account has many, or one.
 */
/* clang-format off */
static const struct route routes[] = {
	{ METHOD_PUT,    "user_auth",  WHO_ANYONE, ROLE_USER, user_auth_create, SCHEMA_USER_AUTH,
	  "Exchange a user's credentials for a token" },
	{ METHOD_PUT,    "user_auth/recovery", WHO_ANYONE, ROLE_USER, recovery_create, SCHEMA_USER_AUTH_RECOVERY,
	  "Ask for a link to choose a new password, by e-mail" },
	{ METHOD_POST,   "user_auth/recovery", WHO_ANYONE, ROLE_USER, recovery_redeem_link, SCHEMA_USER_AUTH_RESET,
	  "Exchange the id in such a link for a token" },
	{ METHOD_PUT,    "api_auth",   WHO_ANYONE, ROLE_USER, api_auth_create, SCHEMA_API_AUTH,
	  "Exchange an API key for a token" },
	{ METHOD_GET,    "token_auth", WHO_CALLER, ROLE_USER, token_auth_show, SCHEMA_NONE,
	  "Describe the token of the request" },
	{ METHOD_DELETE, "token_auth", WHO_CALLER, ROLE_USER, token_auth_delete, SCHEMA_NONE,
	  "Revoke the token of the request" },
	{ METHOD_PUT,    "auth", WHO_CALLER, ROLE_USER, auth_act, SCHEMA_AUTH,
	  "Exchange the token of the request for another" },
	{ METHOD_GET,    "auth/tokeninfo", WHO_ANYONE, ROLE_USER, auth_tokeninfo, SCHEMA_NONE,
	  "Describe the token of the query" },
	{ METHOD_POST,   "auth/tokeninfo", WHO_ANYONE, ROLE_USER, auth_tokeninfo, SCHEMA_TOKENINFO,
	  "Describe a token" },
	{ METHOD_GET,    "requests/{REQUEST}", WHO_CALLER, ROLE_VIEWER, requests_show, SCHEMA_NONE,
	  "The fate of a request, by its id or Idempotency-Key" },
	{ METHOD_GET,    "system/status", WHO_ADMIN, ROLE_VIEWER, system_status_show, SCHEMA_NONE,
	  "The figures of the pool" },
	{ METHOD_GET,    "schemas", WHO_ANYONE, ROLE_USER, schemas_list, SCHEMA_NONE,
	  "The names of the JSON schemas" },
	{ METHOD_GET,    "schemas/{SCHEMA}", WHO_ANYONE, ROLE_USER, schemas_show, SCHEMA_NONE,
	  "A JSON schema that bodies are checked against" },
	{ METHOD_PUT,    "accounts", WHO_CALLER, ROLE_ADMIN, accounts_create, SCHEMA_DOCUMENT,
	  "Create a child of the caller's account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}", WHO_FAMILY, ROLE_USER, accounts_show, SCHEMA_NONE,
	  "An account" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}", WHO_FAMILY, ROLE_ADMIN, accounts_create, SCHEMA_DOCUMENT,
	  "Create a child account" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}", WHO_FAMILY, ROLE_ADMIN, accounts_change, SCHEMA_DOCUMENT,
	  "Replace an account's document" },
	{ METHOD_PATCH,  "accounts/{ACCOUNT_ID}", WHO_FAMILY, ROLE_ADMIN, accounts_change, SCHEMA_DOCUMENT,
	  "Change an account's document; null removes a field" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}", WHO_ABOVE, ROLE_ADMIN, accounts_delete, SCHEMA_NONE,
	  "Delete an account without descendants; its history stays" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/api_key", WHO_FAMILY, ROLE_ADMIN, accounts_key_show, SCHEMA_NONE,
	  "The account's API key" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/api_key", WHO_FAMILY, ROLE_ADMIN, accounts_key_renew, SCHEMA_NONE,
	  "Issue another API key; the previous one is revoked" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/children", WHO_FAMILY, ROLE_USER, accounts_children, SCHEMA_NONE,
	  "The children of an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/customers", WHO_FAMILY, ROLE_VIEWER, customers_list, SCHEMA_NONE,
	  "The accounts that an account sells to, with their figures" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/descendants", WHO_FAMILY, ROLE_VIEWER, accounts_descendants, SCHEMA_NONE,
	  "The descendants of an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/descendants/port_requests", WHO_FAMILY, ROLE_VIEWER, port_requests_below, SCHEMA_NONE,
	  "The port requests of an account and of all accounts below it" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/move", WHO_ADMIN, ROLE_ADMIN, accounts_move, SCHEMA_ACCOUNTS_MOVE,
	  "Move an account and its descendants to another parent" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/overview", WHO_FAMILY, ROLE_USER, customers_overview, SCHEMA_NONE,
	  "The figures of an account, and who sells to it and pays" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/parents", WHO_FAMILY, ROLE_VIEWER, accounts_parents, SCHEMA_NONE,
	  "The ancestors of an account that the caller may see" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/reseller", WHO_ADMIN, ROLE_ADMIN, accounts_resell, SCHEMA_NONE,
	  "Make an account a reseller" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/reseller", WHO_ADMIN, ROLE_ADMIN, accounts_resell, SCHEMA_NONE,
	  "Make a reseller an ordinary account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/siblings", WHO_FAMILY, ROLE_VIEWER, accounts_siblings, SCHEMA_NONE,
	  "The siblings of an account that the caller may see" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/token_restrictions", WHO_FAMILY, ROLE_VIEWER, token_restrictions_show, SCHEMA_NONE,
	  "The template of what an account's tokens may be used for" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/token_restrictions", WHO_FAMILY, ROLE_ADMIN, token_restrictions_change, SCHEMA_DOCUMENT,
	  "Set that template; tokens made under another one end" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/token_restrictions", WHO_FAMILY, ROLE_ADMIN, token_restrictions_change, SCHEMA_NONE,
	  "Delete that template; tokens made under it end" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/tree", WHO_FAMILY, ROLE_VIEWER, accounts_parents, SCHEMA_NONE,
	  "The ancestors of an account that the caller may see" },
	{ METHOD_GET,    "services/editable", WHO_CALLER, ROLE_VIEWER, services_editable, SCHEMA_NONE,
	  "The fields that a service plan may set for each item" },
	{ METHOD_POST,   "services/quote", WHO_CALLER, ROLE_CLERK, services_quote, SCHEMA_SERVICES_QUOTE,
	  "The cost of plans for a new account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services", WHO_FAMILY, ROLE_VIEWER, services_show, SCHEMA_NONE,
	  "The plans assigned to an account" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/services", WHO_SELLER, ROLE_ADMIN, services_change, SCHEMA_SERVICES,
	  "Assign and unassign plans, set overrides, choose the payer" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/available", WHO_FAMILY, ROLE_VIEWER, plans_available_list, SCHEMA_NONE,
	  "The plans an account's reseller offers" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/editable", WHO_FAMILY, ROLE_VIEWER, services_editable, SCHEMA_NONE,
	  "The fields that a service plan may set for each item" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/manual", WHO_SELLER, ROLE_VIEWER, services_manual_show, SCHEMA_NONE,
	  "The manual quantities of an account" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/services/manual", WHO_SELLER, ROLE_ADMIN, services_manual_change, SCHEMA_QUANTITIES,
	  "Replace the manual quantities" },
	{ METHOD_PATCH,  "accounts/{ACCOUNT_ID}/services/manual", WHO_SELLER, ROLE_ADMIN, services_manual_change, SCHEMA_QUANTITIES,
	  "Change some manual quantities; null removes one" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/overrides", WHO_FAMILY, ROLE_VIEWER, services_overrides_show, SCHEMA_NONE,
	  "The account-wide overrides" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/services/overrides", WHO_SELLER, ROLE_ADMIN, services_overrides_change, SCHEMA_DOCUMENT,
	  "Replace the account-wide overrides" },
	{ METHOD_PATCH,  "accounts/{ACCOUNT_ID}/services/overrides", WHO_SELLER, ROLE_ADMIN, services_overrides_change, SCHEMA_DOCUMENT,
	  "Change some account-wide overrides; null removes one" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/services/quote", WHO_FAMILY, ROLE_CLERK, services_quote, SCHEMA_SERVICES_QUOTE,
	  "The cost of plans for the account, as a binding quote" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/services/reconciliation", WHO_SELLER, ROLE_ADMIN, services_reconcile, SCHEMA_DOCUMENT,
	  "Count quantities again" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/status", WHO_FAMILY, ROLE_VIEWER, services_status_show, SCHEMA_NONE,
	  "The standing of an account" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/services/status", WHO_ADMIN, ROLE_ADMIN, services_status_change, SCHEMA_SERVICES_STATUS,
	  "Set the standing of an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/summary", WHO_FAMILY, ROLE_USER, services_summary, SCHEMA_NONE,
	  "The invoices of an account, with plans and quantities" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/services/synchronization", WHO_SELLER, ROLE_CLERK, services_synchronize, SCHEMA_NONE,
	  "Send every bookkeeper its invoice now" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/services/topup", WHO_FAMILY, ROLE_CLERK, services_topup, SCHEMA_SERVICES_TOPUP,
	  "Top up the balance" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit", WHO_FAMILY, ROLE_VIEWER, audit_list, SCHEMA_NONE,
	  "Audit entries of an account, newest first" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit/summary", WHO_FAMILY, ROLE_VIEWER, audit_quantities_summary, SCHEMA_NONE,
	  "Changes of quantities per service and day" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit/summary/{SOURCE_SERVICE}", WHO_FAMILY, ROLE_VIEWER, audit_quantities_summary, SCHEMA_NONE,
	  "Changes of one service's quantity per day, each year newest first" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit/verify", WHO_FAMILY, ROLE_VIEWER, audit_verify, SCHEMA_NONE,
	  "Verify the chain of an account's audit entries, some at a time" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit/{AUDIT_ID}", WHO_FAMILY, ROLE_VIEWER, audit_show, SCHEMA_NONE,
	  "One audit entry" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit_summary", WHO_FAMILY, ROLE_VIEWER, audit_summary, SCHEMA_NONE,
	  "Billable changes and usage per service and day" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/services/audit_summary/{SOURCE_SERVICE}", WHO_FAMILY, ROLE_VIEWER, audit_summary, SCHEMA_NONE,
	  "Billable changes or usage of one service per day, newest first" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/services/{PLAN_ID}", WHO_SELLER, ROLE_ADMIN, services_plan_assign, SCHEMA_ASSIGNMENT,
	  "Assign a plan, with its overrides and contract" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/services/{PLAN_ID}", WHO_SELLER, ROLE_ADMIN, services_plan_unassign, SCHEMA_DOCUMENT,
	  "Unassign a plan" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/service_plans", WHO_FAMILY, ROLE_VIEWER, plans_list, SCHEMA_NONE,
	  "The plans an account offers" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/service_plans", WHO_FAMILY, ROLE_ADMIN, plans_create, SCHEMA_DOCUMENT,
	  "Offer a new plan" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/service_plans", WHO_SELLER, ROLE_ADMIN, services_change, SCHEMA_SERVICES,
	  "Assign and unassign plans (the earlier noun)" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/service_plans", WHO_SELLER, ROLE_ADMIN, services_plans_unassign, SCHEMA_DOCUMENT,
	  "Unassign the plans of a list (the earlier noun)" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/service_plans/available", WHO_FAMILY, ROLE_VIEWER, plans_available_list, SCHEMA_NONE,
	  "The plans an account's reseller offers (the earlier noun)" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/service_plans/available/{PLAN_ID}", WHO_FAMILY, ROLE_VIEWER, plans_available_show, SCHEMA_NONE,
	  "A plan the account's reseller offers (the earlier noun)" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/service_plans/current", WHO_FAMILY, ROLE_VIEWER, services_current, SCHEMA_NONE,
	  "Plans, quantities and prices in the form used before 4.3" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/service_plans/editable", WHO_FAMILY, ROLE_VIEWER, services_editable, SCHEMA_NONE,
	  "The fields that a service plan may set for each item (the earlier noun)" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/service_plans/reconciliation", WHO_SELLER, ROLE_ADMIN, services_reconcile, SCHEMA_DOCUMENT,
	  "Count quantities again (the earlier noun)" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/service_plans/synchronization", WHO_SELLER, ROLE_CLERK, services_synchronize, SCHEMA_NONE,
	  "Send every bookkeeper its invoice now (the earlier noun)" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}", WHO_FAMILY, ROLE_VIEWER, plans_show, SCHEMA_NONE,
	  "A plan the account offers, or an earlier version of it" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}", WHO_FAMILY, ROLE_ADMIN, plans_change, SCHEMA_DOCUMENT,
	  "Replace a plan with a new version" },
	{ METHOD_PATCH,  "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}", WHO_FAMILY, ROLE_ADMIN, plans_change, SCHEMA_DOCUMENT,
	  "Change a plan, as a new version; null removes a field" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}", WHO_FAMILY, ROLE_ADMIN, plans_delete, SCHEMA_NONE,
	  "Withdraw a plan that is not assigned" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/service_plans/{PLAN_ID}/versions", WHO_FAMILY, ROLE_VIEWER, plans_versions, SCHEMA_NONE,
	  "The versions of a plan the account offers, newest first" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/ledgers", WHO_FAMILY, ROLE_USER, ledgers_sums, SCHEMA_NONE,
	  "The sums of the ledgers" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/ledgers/available", WHO_FAMILY, ROLE_USER, ledgers_available, SCHEMA_NONE,
	  "The names of the ledgers" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/ledgers/credit", WHO_SELLER, ROLE_CLERK, ledgers_credit, SCHEMA_LEDGERS,
	  "Credit an account" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/ledgers/debit", WHO_SELLER, ROLE_CLERK, ledgers_debit, SCHEMA_LEDGERS,
	  "Debit an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/ledgers/entries", WHO_FAMILY, ROLE_VIEWER, ledgers_entries, SCHEMA_NONE,
	  "The entries of all ledgers, newest first, with the balance after each" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/ledgers/summary/{MONTH}", WHO_FAMILY, ROLE_VIEWER, ledgers_summary, SCHEMA_NONE,
	  "The sums of a month's ledgers, in all and by account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/ledgers/total", WHO_FAMILY, ROLE_USER, ledgers_total, SCHEMA_NONE,
	  "The balance of an account" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/ledgers/usage", WHO_SELLER | WHO_SELF_RESELLER, ROLE_CLERK, ledgers_usage, SCHEMA_LEDGERS_USAGE,
	  "Add a batch of usage; repeated entries count once" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/ledgers/{SOURCE_SERVICE}", WHO_FAMILY, ROLE_USER, ledgers_list, SCHEMA_NONE,
	  "The entries of a ledger, newest first" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/ledgers/{SOURCE_SERVICE}/{LEDGER_ID}", WHO_FAMILY, ROLE_VIEWER, ledgers_show, SCHEMA_NONE,
	  "One ledger entry" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/transactions", WHO_FAMILY, ROLE_USER, transactions_list, SCHEMA_NONE,
	  "Payments of an account, newest first" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/transactions/credit", WHO_SELLER, ROLE_CLERK, transactions_credit, SCHEMA_TRANSACTIONS,
	  "Credit an account by hand" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/transactions/current_balance", WHO_FAMILY, ROLE_VIEWER, transactions_balance, SCHEMA_NONE,
	  "The balance of an account (the earlier noun)" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/transactions/debit", WHO_SELLER, ROLE_CLERK, transactions_debit, SCHEMA_TRANSACTIONS,
	  "Debit an account by hand" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/transactions/refund", WHO_SELLER, ROLE_CLERK, transactions_refund, SCHEMA_TRANSACTIONS,
	  "Refund money through the account's bookkeeper" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/transactions/sale", WHO_SELLER, ROLE_CLERK, transactions_sale, SCHEMA_TRANSACTIONS,
	  "Charge money through the account's bookkeeper" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/transactions/{TRANSACTION_ID}", WHO_FAMILY, ROLE_VIEWER, transactions_show, SCHEMA_NONE,
	  "One payment" },
	{ METHOD_GET,    "whitelabel/{DOMAIN}", WHO_ANYONE, ROLE_USER, whitelabel_lookup, SCHEMA_NONE,
	  "The whitelabel of a domain" },
	{ METHOD_GET,    "phone_numbers/classifiers", WHO_CALLER, ROLE_USER, numbers_classifiers, SCHEMA_NONE,
	  "The classes of phone numbers" },
	{ METHOD_GET,    "whitelabel/{DOMAIN}/logo", WHO_ANYONE, ROLE_USER, pictures_of_domain, SCHEMA_NONE,
	  "The logo of a domain's whitelabel" },
	{ METHOD_GET,    "whitelabel/{DOMAIN}/icon", WHO_ANYONE, ROLE_USER, pictures_of_domain, SCHEMA_NONE,
	  "The icon of a domain's whitelabel" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/whitelabel/logo", WHO_FAMILY, ROLE_USER, pictures_show, SCHEMA_NONE,
	  "The logo of an account's whitelabel" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/whitelabel/logo", WHO_FAMILY, ROLE_ADMIN, pictures_save, SCHEMA_NONE,
	  "Set the logo of an account's whitelabel" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/whitelabel/logo", WHO_FAMILY, ROLE_ADMIN, pictures_save, SCHEMA_NONE,
	  "Replace the logo of an account's whitelabel" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/whitelabel/logo", WHO_FAMILY, ROLE_ADMIN, pictures_delete, SCHEMA_NONE,
	  "Remove the logo of an account's whitelabel" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/whitelabel/icon", WHO_FAMILY, ROLE_USER, pictures_show, SCHEMA_NONE,
	  "The icon of an account's whitelabel" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/whitelabel/icon", WHO_FAMILY, ROLE_ADMIN, pictures_save, SCHEMA_NONE,
	  "Set the icon of an account's whitelabel" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/whitelabel/icon", WHO_FAMILY, ROLE_ADMIN, pictures_save, SCHEMA_NONE,
	  "Replace the icon of an account's whitelabel" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/whitelabel/icon", WHO_FAMILY, ROLE_ADMIN, pictures_delete, SCHEMA_NONE,
	  "Remove the icon of an account's whitelabel" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon", WHO_FAMILY, ROLE_USER, pictures_show, SCHEMA_NONE,
	  "The icon of an application of the account's own" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon", WHO_FAMILY, ROLE_ADMIN, pictures_save, SCHEMA_NONE,
	  "Set the icon of an application of the account's own" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon", WHO_FAMILY, ROLE_ADMIN, pictures_save, SCHEMA_NONE,
	  "Replace the icon of an application of the account's own" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/apps/{APP_ID}/icon", WHO_FAMILY, ROLE_ADMIN, pictures_delete, SCHEMA_NONE,
	  "Remove the icon of an application of the account's own" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/phone_numbers", WHO_FAMILY, ROLE_VIEWER, numbers_list, SCHEMA_NONE,
	  "The phone numbers of an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/phone_numbers/classifiers", WHO_FAMILY, ROLE_USER, numbers_classifiers, SCHEMA_NONE,
	  "The classes of phone numbers" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/phone_numbers/collection", WHO_FAMILY, ROLE_ADMIN, numbers_collection, SCHEMA_DOCUMENT,
	  "Add the phone numbers of a list, all or none" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/phone_numbers/collection", WHO_FAMILY, ROLE_ADMIN, numbers_collection, SCHEMA_DOCUMENT,
	  "Replace the phone numbers of a list" },
	{ METHOD_PATCH,  "accounts/{ACCOUNT_ID}/phone_numbers/collection", WHO_FAMILY, ROLE_ADMIN, numbers_collection, SCHEMA_DOCUMENT,
	  "Change the phone numbers of a list" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/phone_numbers/collection", WHO_FAMILY, ROLE_ADMIN, numbers_collection, SCHEMA_DOCUMENT,
	  "Remove the phone numbers of a list" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/phone_numbers/collection/activate", WHO_FAMILY, ROLE_ADMIN, numbers_activate_collection, SCHEMA_DOCUMENT,
	  "Bring the phone numbers of a list into service, all or none" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}", WHO_FAMILY, ROLE_VIEWER, numbers_show, SCHEMA_NONE,
	  "A phone number" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}", WHO_FAMILY, ROLE_ADMIN, numbers_change, SCHEMA_DOCUMENT,
	  "Add a phone number" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}", WHO_FAMILY, ROLE_ADMIN, numbers_change, SCHEMA_DOCUMENT,
	  "Replace a phone number's document" },
	{ METHOD_PATCH,  "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}", WHO_FAMILY, ROLE_ADMIN, numbers_change, SCHEMA_DOCUMENT,
	  "Change a phone number's document; null removes a field" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}", WHO_FAMILY, ROLE_ADMIN, numbers_change, SCHEMA_DOCUMENT,
	  "Remove a phone number" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}/activate", WHO_FAMILY, ROLE_ADMIN, numbers_activate, SCHEMA_DOCUMENT,
	  "Activate a phone number" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/phone_numbers/{NUMBER}/reserve", WHO_FAMILY, ROLE_ADMIN, numbers_reserve, SCHEMA_DOCUMENT,
	  "Reserve a phone number" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/ips", WHO_FAMILY, ROLE_VIEWER, ips_list, SCHEMA_NONE,
	  "The dedicated IP addresses of an account" },
	/* Its body is a list, or an object with the list in ips. The handler
	 * reads it: a schema would name the members of a bare list 0, 1..., but
	 * answers name them ips.0, ips.1... in both forms. */
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/ips", WHO_SELLER, ROLE_ADMIN, ips_assign, SCHEMA_NONE,
	  "Assign dedicated IP addresses to an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/ips/assigned", WHO_FAMILY, ROLE_VIEWER, ips_list, SCHEMA_NONE,
	  "The dedicated IP addresses of an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/ips/{IP}", WHO_FAMILY, ROLE_VIEWER, ips_show, SCHEMA_NONE,
	  "A dedicated IP address of an account" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/ips/{IP}", WHO_SELLER, ROLE_ADMIN, ips_change, SCHEMA_DOCUMENT,
	  "Assign a dedicated IP address to an account" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/ips/{IP}", WHO_SELLER, ROLE_ADMIN, ips_change, SCHEMA_DOCUMENT,
	  "Remove an IP address from an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/apps_store", WHO_FAMILY, ROLE_USER, apps_store_list, SCHEMA_NONE,
	  "The applications offered to an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/apps_store/blacklist", WHO_FAMILY, ROLE_USER, apps_store_blacklist, SCHEMA_NONE,
	  "The applications hidden from an account" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/apps_store/blacklist", WHO_ABOVE, ROLE_ADMIN, apps_store_blacklist_change, SCHEMA_DOCUMENT,
	  "Set the applications hidden from an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}/icon", WHO_FAMILY, ROLE_USER, pictures_of_app, SCHEMA_NONE,
	  "The icon of an application offered to an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}", WHO_FAMILY, ROLE_USER, apps_store_show, SCHEMA_NONE,
	  "An application offered to an account" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}", WHO_FAMILY, ROLE_ADMIN, apps_store_change, SCHEMA_DOCUMENT,
	  "Install an application" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}", WHO_FAMILY, ROLE_ADMIN, apps_store_change, SCHEMA_DOCUMENT,
	  "Set the users of an application" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/apps_store/{APP_ID}", WHO_FAMILY, ROLE_ADMIN, apps_store_change, SCHEMA_DOCUMENT,
	  "Uninstall an application" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/users/{ID}/tokens", WHO_FAMILY, ROLE_ADMIN | OR_OWN, user_tokens_list, SCHEMA_NONE,
	  "The tokens of a user, newest first, without the tokens themselves" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/users/{ID}/tokens", WHO_FAMILY, ROLE_ADMIN | OR_OWN, user_tokens_end, SCHEMA_NONE,
	  "End all tokens of a user" },
	{ METHOD_PATCH,  "accounts/{ACCOUNT_ID}/port_requests/{ID}/{STATE}", WHO_FAMILY, ROLE_ADMIN, port_requests_transition, SCHEMA_NONE,
	  "Change the state of a port request" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/deliveries", WHO_FAMILY, ROLE_ADMIN, deliveries_list, SCHEMA_NONE,
	  "Messages to an account's receivers that wait or were given up" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/deliveries/{ID}/replay", WHO_ADMIN, ROLE_ADMIN, deliveries_replay, SCHEMA_NONE,
	  "Repeat a message that was given up" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/webhooks/{ID}/attempts", WHO_FAMILY, ROLE_VIEWER, webhooks_attempts, SCHEMA_NONE,
	  "Delivery attempts of a webhook, newest first" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/webhooks/{ID}/replay", WHO_FAMILY, ROLE_ADMIN, webhooks_replay, SCHEMA_WEBHOOKS_REPLAY,
	  "Repeat the messages to a webhook that were given up" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/allotments", WHO_FAMILY, ROLE_VIEWER, allotments_show, SCHEMA_NONE,
	  "Free seconds by class of number" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/allotments", WHO_FAMILY, ROLE_ADMIN, allotments_change, SCHEMA_DOCUMENT,
	  "Set the free seconds of every class" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/allotments/consumed", WHO_FAMILY, ROLE_VIEWER, allotments_consumed, SCHEMA_NONE,
	  "The free seconds that have been used" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/access_lists", WHO_FAMILY, ROLE_USER, telephony_show, SCHEMA_NONE,
	  "No access lists; empty here" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/channels", WHO_FAMILY, ROLE_USER, telephony_show, SCHEMA_NONE,
	  "No calls; empty here" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/configs/{NAME}", WHO_FAMILY, ROLE_USER, telephony_show, SCHEMA_NONE,
	  "No configuration of telephony; empty here" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/devices/status", WHO_FAMILY, ROLE_USER, telephony_show, SCHEMA_NONE,
	  "No registrations of devices; empty here" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/directories", WHO_FAMILY, ROLE_USER, telephony_show, SCHEMA_NONE,
	  "No directories; empty here" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/groups", WHO_FAMILY, ROLE_USER, telephony_show, SCHEMA_NONE,
	  "No groups; empty here" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/multi_factor", WHO_FAMILY, ROLE_USER, telephony_show, SCHEMA_NONE,
	  "No second factors; empty here" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/security", WHO_FAMILY, ROLE_USER, telephony_show, SCHEMA_NONE,
	  "No configuration of log-ins; empty here" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/{SETTING}", WHO_FAMILY, ROLE_VIEWER, settings_show, SCHEMA_NONE,
	  "Limits or whitelabel of an account" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/{SETTING}", WHO_FAMILY, ROLE_ADMIN, settings_change, SCHEMA_DOCUMENT,
	  "Create limits or the whitelabel of an account" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/{SETTING}", WHO_FAMILY, ROLE_ADMIN, settings_change, SCHEMA_DOCUMENT,
	  "Replace limits or the whitelabel of an account" },
	{ METHOD_PATCH,  "accounts/{ACCOUNT_ID}/{SETTING}", WHO_FAMILY, ROLE_ADMIN, settings_change, SCHEMA_DOCUMENT,
	  "Change limits or the whitelabel; null removes a field" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/{SETTING}", WHO_FAMILY, ROLE_ADMIN, settings_delete, SCHEMA_NONE,
	  "Delete limits or the whitelabel of an account" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/{KIND}", WHO_FAMILY, ROLE_VIEWER, objects_list, SCHEMA_NONE,
	  "The objects of a kind" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/{KIND}", WHO_FAMILY, ROLE_ADMIN, objects_create, SCHEMA_DOCUMENT,
	  "Create an object" },
	{ METHOD_PUT,    "accounts/{ACCOUNT_ID}/{KIND}/collection", WHO_FAMILY, ROLE_ADMIN, objects_create_many, SCHEMA_DOCUMENTS,
	  "Create up to 1000 objects, all or none" },
	{ METHOD_GET,    "accounts/{ACCOUNT_ID}/{KIND}/{ID}", WHO_FAMILY, ROLE_VIEWER | OR_OWN, objects_show, SCHEMA_NONE,
	  "An object" },
	{ METHOD_POST,   "accounts/{ACCOUNT_ID}/{KIND}/{ID}", WHO_FAMILY, ROLE_ADMIN | OR_OWN, objects_change, SCHEMA_DOCUMENT,
	  "Replace an object" },
	{ METHOD_PATCH,  "accounts/{ACCOUNT_ID}/{KIND}/{ID}", WHO_FAMILY, ROLE_ADMIN | OR_OWN, objects_change, SCHEMA_DOCUMENT,
	  "Change an object; null removes a field" },
	{ METHOD_DELETE, "accounts/{ACCOUNT_ID}/{KIND}/{ID}", WHO_FAMILY, ROLE_ADMIN, objects_change, SCHEMA_NONE,
	  "Delete an object" },
};
/* clang-format on */

const struct route *
route_at(size_t index)
{
	return index < NELEM(routes) ? &routes[index] : NULL;
}

size_t
route_index(const struct route *route)
{
	_Static_assert(NELEM(routes) < COUNTERS_ROUTES, "each is counted");

	return route == NULL ? NELEM(routes) : (size_t)(route - routes);
}

bool
route_takes_batch(const struct route *route)
{
	static handler_fn *const batches[] = { ledgers_usage,
		numbers_collection, objects_create_many };
	size_t i;

	for (i = 0; i < NELEM(batches); i++)
		if (batches[i] == route->handler)
			return true;
	return false;
}

bool
route_takes_picture(const struct route *route)
{
	static handler_fn *const pictures[] = { pictures_show,
		pictures_of_domain, pictures_of_app, pictures_save };
	size_t i;

	for (i = 0; i < NELEM(pictures); i++)
		if (pictures[i] == route->handler)
			return true;
	return false;
}

bool
route_divides(const struct route *route)
{
	return route->handler == ledgers_usage;
}

bool
route_reserves(const char *word)
{
	/* Of routes that come with later parts of the API. */
	static const char *const later[] = { "override", "plan" };
	static const char *const nouns[] = { "accounts/{ACCOUNT_ID}/services/",
	    "accounts/{ACCOUNT_ID}/service_plans/" };
	const char *rest;
	size_t i, j, n = strlen(word);

	for (i = 0; i < NELEM(later); i++)
		if (strcmp(later[i], word) == 0)
			return true;
	for (i = 0; i < NELEM(routes); i++) {
		for (j = 0; j < NELEM(nouns); j++) {
			rest = routes[i].path + strlen(nouns[j]);
			if (strncmp(routes[i].path, nouns[j],
			    strlen(nouns[j])) == 0 &&
			    strcspn(rest, "/") == n &&
			    memcmp(rest, word, n) == 0)
				return true;
		}
	}
	return false;
}

/* Is the segment the noun of a kind of this shape? */
static bool
fits_kind(const char *segment, enum kind_shape shape, struct call *c)
{
	c->kind = kind_of_noun(segment);
	return c->kind != NULL && c->kind->shape == shape;
}

/* Fits the path, filling in the parameters? */
static bool
fits(const char *path, const struct request *rq, struct call *c)
{
	size_t i, n, parameter = 0;

	memset(c->parameters, 0, sizeof(c->parameters));
	c->account_id = NULL;
	c->kind = NULL;
	for (i = 0; i < rq->segment_count; i++) {
		n = strcspn(path, "/");
		if (n == 0)
			return false;
		if (path[0] != '{') {
			if (strncmp(rq->segments[i], path, n) != 0 ||
			    rq->segments[i][n] != '\0')
				return false;
		} else if (strncmp(path, "{ACCOUNT_ID}", n) == 0) {
			c->account_id = rq->segments[i];
		} else if (strncmp(path, "{KIND}", n) == 0) {
			if (!fits_kind(rq->segments[i], KIND_MANY, c))
				return false;
		} else if (strncmp(path, "{SETTING}", n) == 0) {
			if (!fits_kind(rq->segments[i], KIND_ONE, c))
				return false;
		} else {
			c->parameters[parameter++] = rq->segments[i];
		}
		path += n;
		path += *path == '/';
	}
	return *path == '\0';
}

/* Returns the row behind those of the path: rows of one path stand together. */
static size_t
end_of_path(size_t first)
{
	size_t i = first + 1;

	while (i < NELEM(routes) &&
	    strcmp(routes[i].path, routes[first].path) == 0)
		i++;
	return i;
}

static const char *
methods_of(struct arena *a, size_t first, size_t end)
{
	struct buffer out;
	size_t i;

	buffer_init(&out, a, 0);
	for (i = first; i < end; i++) {
		buffer_puts(&out, method_name(routes[i].method));
		buffer_puts(&out, routes[i].method == METHOD_GET ?
		    ", HEAD, " : ", ");
	}
	buffer_puts(&out, "OPTIONS");
	return out.text;
}

struct problem *
route_find(const struct request *rq, const struct route **out, struct call *c,
    const char **methods)
{
	enum method wanted = rq->method == METHOD_HEAD ? METHOD_GET : rq->method;
	size_t first, end, i;

	*out = NULL;
	*methods = NULL;
	for (first = 0; first < NELEM(routes); first = end) {
		end = end_of_path(first);
		if (fits(routes[first].path, rq, c))
			break;
	}
	if (first == NELEM(routes))
		return problem_new(rq->arena, PROBLEM_NOT_FOUND);
	*methods = methods_of(rq->arena, first, end);
	if (wanted == METHOD_OPTIONS)
		return NULL;
	for (i = first; i < end; i++)
		if (routes[i].method == wanted)
			*out = &routes[i];
	return *out == NULL ?
	    problem_new(rq->arena, PROBLEM_INVALID_METHOD) : NULL;
}
