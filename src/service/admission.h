/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Admission of a change: its charges were accepted, and the payer is in good
 * standing and can pay them. */
#ifndef REEVE_SERVICE_ADMISSION_H
#define REEVE_SERVICE_ADMISSION_H

#include "service/part.h"

/*
 * Problems: CHARGES with the annotated invoices; BILLING_ISSUE; QUOTE_DIFFERS;
 * BAD_IDENTIFIER (the quote); those of the database.
 */
struct problem *admission_check(const struct part *part,
    const struct invoices *annotated) MUSTCHECK;

#endif
