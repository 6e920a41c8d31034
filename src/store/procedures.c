/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/procedures.h"

/* clang-format off */
static const struct procedure_row procedures[PROCEDURE__MAX] = {
	[LEDGER_ADD]          = { "ledger_add",          "ttbi",          "tt",           PROCEDURE_WRITE },
	[LEDGER_BALANCE_SHOW] = { "ledger_balance_show", "t",             "t",            PROCEDURE_READ },
	[LEDGER_BALANCE_VERIFY] = { "ledger_balance_verify", "t",         "tt",           PROCEDURE_WRITE },
	[LEDGER_IMPORT]       = { "ledger_import",       "tttttttitiiii" "tttt", "i",     PROCEDURE_WRITE },
	[LEDGER_LIST]         = { "ledger_list",         "ttiiitii",      "ttttitt",      PROCEDURE_READ },
	[LEDGER_ROLLOVER]     = { "ledger_rollover",     "ttitti",        "i",            PROCEDURE_WRITE },
	[LEDGER_SCAN]         = { "ledger_scan",         "tti",           "ttttitt",      PROCEDURE_READ },
	[LEDGER_SHOW]         = { "ledger_show",         "tt",            "ttttitt",      PROCEDURE_READ },
	[LEDGER_TOTAL_LIST]   = { "ledger_total_list",   "tii",           "tttt" "itt",   PROCEDURE_READ },
	[LEDGER_USAGE_SUM]    = { "ledger_usage_sum",    "tttii",         "ii",           PROCEDURE_READ },
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
	[PAYMENT_BEGIN]       = { "payment_begin",       "tttttit" "titttti", "ttttt" "itittt" "tttt", PROCEDURE_WRITE },
	[PAYMENT_LIST]        = { "payment_list",        "tiiitii",      "ttttt" "itittt" "tttt", PROCEDURE_READ },
	[PAYMENT_PENDING_LIST] = { "payment_pending_list", "tii",        "ttttt" "itittt" "tttt", PROCEDURE_READ },
	[PAYMENT_SETTLE]      = { "payment_settle",      "tttttti",      "",             PROCEDURE_WRITE },
	[PAYMENT_SHOW]        = { "payment_show",        "tti",          "ttttt" "itittt" "tttt", PROCEDURE_READ },
	[PAYMENT_TURN]        = { "payment_turn",        "ttiii",        "ti",           PROCEDURE_WRITE },
	[SERVICE_ANCESTOR_LIST] = { "service_ancestor_list", "t",            "t",             PROCEDURE_READ },
	[SERVICE_ASSIGNMENT_LIST] = { "service_assignment_list", "t",            "ttttiit",       PROCEDURE_READ },
	[SERVICE_COUNT]       = { "service_count",       "t",            "ttti",          PROCEDURE_READ },
	[SERVICE_FOLLOWER_LIST] = { "service_follower_list", "ttti",     "t",             PROCEDURE_READ },
	[SERVICE_IMPORT]      = { "service_import",      "ttttttti",     "i",             PROCEDURE_WRITE },
	[SERVICE_QUANTITY_LIST] = { "service_quantity_list", "t",        "ttti",          PROCEDURE_READ },
	[SERVICE_SAVE]        = { "service_save",        "ttttittti",    "",              PROCEDURE_WRITE },
	[SERVICE_SHOW]        = { "service_show",        "ti",           "tttittittiii",   PROCEDURE_READ },
	[SNAPSHOT_LIST]       = { "snapshot_list",       "ttttti",       "tttt",          PROCEDURE_READ },
	[SNAPSHOT_SAVE]       = { "snapshot_save",       "tttt",         "",              PROCEDURE_WRITE },
	[SOURCE_EXPLAIN]      = { "source_explain",      "ttt",          "",             PROCEDURE_WRITE },
	[SOURCE_IMPORT_LIST]  = { "source_import_list",  "t",            "ttti",         PROCEDURE_READ },
	[SOURCE_REPLACE]      = { "source_replace",      "tit",          "",             PROCEDURE_WRITE },
	[SOURCE_SAVE]         = { "source_save",         "ttt",          "",             PROCEDURE_WRITE },
	[USER_SAVE]           = { "user_save",           "ttttttt" "iii", "",             PROCEDURE_WRITE },
};
/* clang-format on */

const struct procedure_row *
procedure_row(enum procedure procedure)
{
	return &procedures[procedure];
}
