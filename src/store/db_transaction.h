/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What calls share with transactions. Private to store/db*.c. */
#ifndef REEVE_STORE_DB_TRANSACTION_H
#define REEVE_STORE_DB_TRANSACTION_H

/* Waits some milliseconds, by chance and longer with each attempt (from 0). */
void pause_before_attempt(int attempt);

#endif
