/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Identifiers: 32 lower-case hex digits, some after their month. */
#ifndef REEVE_BASE_IDS_H
#define REEVE_BASE_IDS_H

#include <stdbool.h>
#include <stdint.h>

#define ID_LENGTH 32
#define ID_SIZE (ID_LENGTH + 1)
#define MONTH_ID_SIZE (6 + 1 + ID_SIZE)

/* Makes a random id. */
void id_new(char id[ID_SIZE]);

/* Makes "YYYYMM-" and a random id; the month is that of Gregorian seconds. */
void id_new_in_month(int64_t seconds, char id[MONTH_ID_SIZE]);

/* True for exactly 32 lower-case hex digits. */
bool id_valid(const char *id);

/*
 * True if text can be the id of an audit or ledger document: six digits (a
 * month) or four (a year), '-', then 1 to 57 of [A-Za-z0-9_.-].
 */
bool id_month_valid(const char *id);

#endif
