/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/procedures.h"

/* clang-format off */
static const struct procedure_row procedures[PROCEDURE__MAX] = {
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
};
/* clang-format on */

const struct procedure_row *
procedure_row(enum procedure procedure)
{
	return &procedures[procedure];
}
