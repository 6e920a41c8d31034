/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of CSV that reevectl prints. */
#ifndef REEVE_CTL_CSV_CELL_H
#define REEVE_CTL_CSV_CELL_H

#include "base/arena.h"

/* Prints a cell, which no spreadsheet takes for a formula, on standard output. */
void ctl_print_cell(struct arena *a, const char *text);

#endif
