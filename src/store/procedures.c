/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/procedures.h"

#include <assert.h>

#include "base/attr.h"

/* clang-format off */
static const struct procedure_row procedures[] = {
	[ACCOUNT_CHILDREN]    = { "account_children",    "ttii",         "tttiiit",      PROCEDURE_READ },
	[ACCOUNT_CREATE]      = { "account_create",      "tttttiiittii", "t",             PROCEDURE_WRITE },
	[ACCOUNT_DELETE]      = { "account_delete",      "ti",           "",             PROCEDURE_WRITE },
	[ACCOUNT_DESCENDANTS] = { "account_descendants", "ttii",         "tttiiit",      PROCEDURE_READ },
	[ACCOUNT_LIST]        = { "account_list",        "tti",          "tttiiiitttiiiit", PROCEDURE_READ },
	[ACCOUNT_MOVE]        = { "account_move",        "tti",          "",             PROCEDURE_WRITE },
	[ACCOUNT_PARENTS]     = { "account_parents",     "t",            "tt",           PROCEDURE_READ },
	[ACCOUNT_RESELL]      = { "account_resell",      "tii",          "",             PROCEDURE_WRITE },
	[ACCOUNT_SHOW]        = { "account_show",        "t",            "tttiiiitttiiiit", PROCEDURE_READ },
	[ACCOUNT_UPDATE]      = { "account_update",      "ttttitti",     "",             PROCEDURE_WRITE },
	[ANSWER_KEEP]         = { "answer_keep",         "ttiittt",      "",              PROCEDURE_WRITE },
	[ANSWER_TAKE]         = { "answer_take",         "ttbii",        "iiiittt",        PROCEDURE_WRITE },
	[AUDIT_CHAIN]         = { "audit_chain",         "tii",          "ittiittb",      PROCEDURE_READ },
	[AUDIT_CHAIN_HEAD]    = { "audit_chain_head",    "t",            "ib",            PROCEDURE_READ },
	[AUDIT_DAY_LIST]      = { "audit_day_list",      "tttii",        "ttiiiiit",      PROCEDURE_READ },
	[AUDIT_DAY_REBUILD]   = { "audit_day_rebuild",   "ttt",          "i",             PROCEDURE_WRITE },
	[AUDIT_DAY_VERIFY]    = { "audit_day_verify",    "t",            "itttiiiit",     PROCEDURE_WRITE },
	[AUDIT_ENTRY_IMPORT]  = { "audit_entry_import",  "tttiitttttt",  "i",             PROCEDURE_WRITE },
	[AUDIT_ENTRY_LIST]    = { "audit_entry_list",    "tiiiiii",      "tiittttt",      PROCEDURE_READ },
	[AUDIT_ENTRY_SHOW]    = { "audit_entry_show",    "tt",           "tiittttt",      PROCEDURE_READ },
	[AUDIT_ENTRY_WRITE]   = { "audit_entry_write",   "tttiitttttt",  "",              PROCEDURE_WRITE },
	[AUDIT_SCAN]          = { "audit_scan",          "tii",          "tiittttt" "t",  PROCEDURE_READ },
	[EXPIRED_PURGE]       = { "expired_purge",       "i",            "",              PROCEDURE_WRITE },
	[KEY_CREATE]          = { "key_create",          "tttbi",        "",              PROCEDURE_WRITE },
	[KEY_FIND]            = { "key_find",            "b",            "tttiitiit",     PROCEDURE_READ },
	[KEY_REVOKE]          = { "key_revoke",          "tb",           "i",             PROCEDURE_WRITE },
	[KEY_SERIAL]          = { "key_serial",          "ti",           "i",            PROCEDURE_WRITE },
	[LEDGER_ADD]          = { "ledger_add",          "tti",           "ttt",          PROCEDURE_WRITE },
	[LEDGER_BALANCE_SHOW] = { "ledger_balance_show", "t",             "t",            PROCEDURE_READ },
	[LEDGER_BALANCE_VERIFY] = { "ledger_balance_verify", "t",         "tt",           PROCEDURE_WRITE },
	[LEDGER_IMPORT]       = { "ledger_import",       "tttttttitiiii" "tttt", "i",     PROCEDURE_WRITE },
	[LEDGER_LIST]         = { "ledger_list",         "ttiiitii",      "ttttitt",      PROCEDURE_READ },
	[LEDGER_SCAN]         = { "ledger_scan",         "tti",           "ttttitt",      PROCEDURE_READ },
	[LEDGER_SHOW]         = { "ledger_show",         "tt",            "ttttitt",      PROCEDURE_READ },
	[LEDGER_TOTAL_LIST]   = { "ledger_total_list",   "tii",           "tttt" "itt",   PROCEDURE_READ },
	[LEDGER_USAGE_SUM]    = { "ledger_usage_sum",    "tttii",         "ii",           PROCEDURE_READ },
	[LOGIN_TAKE]          = { "login_take",          "tiii",         "ii",            PROCEDURE_WRITE },
	[MIGRATION_LIST]      = { "migration_list",      "",             "tt",            PROCEDURE_READ },
	[MIGRATION_LOCK]      = { "migration_lock",      "i",            "i",             PROCEDURE_READ },
	[MIGRATION_RECORD]    = { "migration_record",    "tti",          "",              PROCEDURE_WRITE },
	[MIGRATION_UNLOCK]    = { "migration_unlock",    "",             "",              PROCEDURE_READ },
	[OBJECT_BY_CLAIM]     = { "object_by_claim",     "t",            "ttiit",        PROCEDURE_READ },
	[OBJECT_DELETE]       = { "object_delete",       "ttt",          "",             PROCEDURE_WRITE },
	[OBJECT_IMPORT]       = { "object_import",       "ttttttii",     "i",            PROCEDURE_WRITE },
	[OBJECT_LIST]         = { "object_list",         "tttii",        "ttiit",        PROCEDURE_READ },
	[OBJECT_SAVE]         = { "object_save",         "ttttttii",     "",             PROCEDURE_WRITE },
	[OBJECT_SCAN]         = { "object_scan",         "ttti",         "ttiit",        PROCEDURE_READ },
	[OBJECT_SHOW]         = { "object_show",         "ttt",          "ttiit",        PROCEDURE_READ },
	[OUTBOX_ADD]          = { "outbox_add",          "tttttttt" "ti", "",             PROCEDURE_WRITE },
	[OUTBOX_CLAIM]        = { "outbox_claim",        "tii",          "itttttttt" "iit", PROCEDURE_WRITE },
	[OUTBOX_DUE]          = { "outbox_due",          "i",            "i",             PROCEDURE_READ },
	[OUTBOX_LIST]         = { "outbox_list",         "tiii",         "itttttt" "iiiii" "tt", PROCEDURE_READ },
	[OUTBOX_PURGE]        = { "outbox_purge",        "i",            "i",             PROCEDURE_WRITE },
	[OUTBOX_REPLAY]       = { "outbox_replay",       "ii",           "",              PROCEDURE_WRITE },
	[OUTBOX_REST]         = { "outbox_rest",         "ti",           "",              PROCEDURE_WRITE },
	[OUTBOX_SETTLE]       = { "outbox_settle",       "ittiittt" "tii", "",            PROCEDURE_WRITE },
	[PAYMENT_BEGIN]       = { "payment_begin",       "tttttit" "titttti", "ttttt" "itittt" "tttt", PROCEDURE_WRITE },
	[PAYMENT_LIST]        = { "payment_list",        "tiiitii",      "ttttt" "itittt" "tttt", PROCEDURE_READ },
	[PAYMENT_PENDING_LIST] = { "payment_pending_list", "ii",         "ttttt" "itittt" "tttt", PROCEDURE_READ },
	[PAYMENT_SETTLE]      = { "payment_settle",      "tttttti",      "",             PROCEDURE_WRITE },
	[PAYMENT_SHOW]        = { "payment_show",        "tti",          "ttttt" "itittt" "tttt", PROCEDURE_READ },
	[PLAN_DELETE]         = { "plan_delete",         "tti",          "i",             PROCEDURE_WRITE },
	[PLAN_IMPORT]         = { "plan_import",         "ttttii",       "i",             PROCEDURE_WRITE },
	[PLAN_LIST]           = { "plan_list",           "ttii",         "tiiiit",        PROCEDURE_READ },
	[PLAN_SAVE]           = { "plan_save",           "tttttii",      "i",             PROCEDURE_WRITE },
	[PLAN_SHOW]           = { "plan_show",           "ttii",         "tiiiit",        PROCEDURE_READ },
	[QUOTE_CREATE]        = { "quote_create",        "ttttii",       "",              PROCEDURE_WRITE },
	[QUOTE_SHOW]          = { "quote_show",          "t",            "ttit",          PROCEDURE_READ },
	[SERVICE_ANCESTOR_LIST] = { "service_ancestor_list", "t",            "t",             PROCEDURE_READ },
	[SERVICE_ASSIGNMENT_LIST] = { "service_assignment_list", "t",            "ttttiit",       PROCEDURE_READ },
	[SERVICE_COUNT]       = { "service_count",       "t",            "ttti",          PROCEDURE_READ },
	[SERVICE_FOLLOWER_LIST] = { "service_follower_list", "ttti",     "t",             PROCEDURE_READ },
	[SERVICE_IMPORT]      = { "service_import",      "ttttttti",     "i",             PROCEDURE_WRITE },
	[SERVICE_QUANTITY_LIST] = { "service_quantity_list", "t",        "ttti",          PROCEDURE_READ },
	[SERVICE_SAVE]        = { "service_save",        "ttttittti",    "",              PROCEDURE_WRITE },
	[SERVICE_SHOW]        = { "service_show",        "ti",           "tttittittiii",   PROCEDURE_READ },
	[SESSION_FIND]        = { "session_find",        "bt",           "tttitiitiitittti" "tttti", PROCEDURE_READ },
	[SOURCE_EXPLAIN]      = { "source_explain",      "ttt",          "",             PROCEDURE_WRITE },
	[SOURCE_IMPORT_LIST]  = { "source_import_list",  "t",            "ttti",         PROCEDURE_READ },
	[SOURCE_REPLACE]      = { "source_replace",      "tit",          "",             PROCEDURE_WRITE },
	[SOURCE_SAVE]         = { "source_save",         "ttt",          "",             PROCEDURE_WRITE },
	[TOKEN_ISSUE]         = { "token_issue",         "btttt" "ii",   "",              PROCEDURE_WRITE },
	[TOKEN_REVOKE]        = { "token_revoke",        "b",            "i",             PROCEDURE_WRITE },
	[USER_BY_CREDENTIAL]  = { "user_by_credential",  "bt",           "tttttt" "iitiit", PROCEDURE_READ },
	[USER_CREDENTIAL_SET] = { "user_credential_set", "tttbt",        "",              PROCEDURE_WRITE },
	[USER_SAVE]           = { "user_save",           "ttttttt" "iii", "",             PROCEDURE_WRITE },
};
/* clang-format on */

static_assert(NELEM(procedures) == PROCEDURE__MAX, "a row for every procedure");

const struct procedure_row *
procedure_row(enum procedure procedure)
{
	return &procedures[procedure];
}
