/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of reevectl, as getopt_long() reads them, but by their whole
 * names only: an abbreviation of today would be ambiguous tomorrow.
 */
#ifndef REEVE_CTL_OPTIONS_H
#define REEVE_CTL_OPTIONS_H

#include "ctl/command.h"

/*
 * Reads what stands before a command into ctl; *at: the index of the word after
 * it. --version is answered here, and ends the program. Returns 0, or
 * EXIT_USAGE when it has said what is wrong.
 */
int options_before_command(struct ctl *ctl, int argc, char **argv, int *at,
    bool *help) MUSTCHECK;

/*
 * Reads options and operands, in any order, of ctl->command; argv[0] is the
 * command's last word. "--" ends the options. Returns as above.
 */
int options_of_command(struct ctl *ctl, int argc, char **argv, bool *help)
    MUSTCHECK;

#endif
