/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Admission of a change: its charges were accepted, and the payer is in good
 * standing. Whether the payer can pay is seen when they are held (reserve.h). */
#ifndef REEVE_SERVICE_ADMISSION_H
#define REEVE_SERVICE_ADMISSION_H

#include "service/part.h"

/*
 * Problems: CHARGES with the annotated invoices; BILLING_ISSUE; QUOTE_DIFFERS;
 * BAD_IDENTIFIER (the quote); those of the database.
 */
struct problem *admission_check(const struct part *part,
    const struct invoices *annotated) MUSTCHECK;

/* The BILLING_ISSUE of a payer who may not buy. message: NULL: the usual one. */
struct problem *admission_billing_issue(const struct part *part,
    const char *reason, const char *message, money_t amount);

#endif
