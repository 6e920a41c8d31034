/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/procedures.h"

/* clang-format off */
static const struct procedure_row procedures[PROCEDURE__MAX] = {
};
/* clang-format on */

const struct procedure_row *
procedure_row(enum procedure procedure)
{
	return &procedures[procedure];
}
