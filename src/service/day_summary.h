/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The daily summary of an account's trail and usage (rules/audit). */
#ifndef REEVE_SERVICE_DAY_SUMMARY_H
#define REEVE_SERVICE_DAY_SUMMARY_H

#include "base/config.h"
#include "store/audit.h"

/*
 * Loads the rows that count, by service and day; one of a ledger and one of a
 * plan item of the same name are one (rules/audit 19). Days before the year 1000
 * have none.
 */
struct problem *day_summary_load(struct db *db, struct arena *a,
    const struct config *config, const struct audit_day_query *wanted,
    struct audit_days *out) MUSTCHECK;

/*
 * Loads the quantity of each service before the first day of the query, sorted
 * by service. A service without changes before it has none, nor has usage.
 */
struct problem *day_summary_opening(struct db *db, struct arena *a,
    const struct audit_day_query *wanted, struct audit_openings *out) MUSTCHECK;

#endif
