/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/procedures.h"

/* clang-format off */
static const struct procedure_row procedures[PROCEDURE__MAX] = {
	[OBJECT_BY_CLAIM]     = { "object_by_claim",     "t",            "ttiit",        PROCEDURE_READ },
	[OBJECT_DELETE]       = { "object_delete",       "ttt",          "",             PROCEDURE_WRITE },
	[OBJECT_IMPORT]       = { "object_import",       "ttttttii",     "i",            PROCEDURE_WRITE },
	[OBJECT_LIST]         = { "object_list",         "tttii",        "ttiit",        PROCEDURE_READ },
	[OBJECT_SAVE]         = { "object_save",         "ttttttii",     "",             PROCEDURE_WRITE },
	[OBJECT_SCAN]         = { "object_scan",         "ttti",         "ttiit",        PROCEDURE_READ },
	[OBJECT_SHOW]         = { "object_show",         "ttt",          "ttiit",        PROCEDURE_READ },
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
