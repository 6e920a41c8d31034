/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the options of reevectl with getopt_long(). Names must be complete: an
 * abbreviation that is unique today may be ambiguous tomorrow.
 */
#ifndef REEVE_CTL_OPTIONS_H
#define REEVE_CTL_OPTIONS_H

#include "ctl/command.h"

/*
 * Reads the options before the command into ctl; *at is the index of the first
 * word after them. --version prints the version and ends the program. Returns
 * 0, or EXIT_USAGE after printing what is wrong.
 */
int options_before_command(struct ctl *ctl, int argc, char **argv, int *at,
    bool *help) MUSTCHECK;

/*
 * Reads the options and operands of ctl->command, in any order. argv[0] is the
 * command's last word; "--" ends the options. Returns 0, or EXIT_USAGE after
 * printing what is wrong.
 */
int options_of_command(struct ctl *ctl, int argc, char **argv, bool *help)
    MUSTCHECK;

#endif
