/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pause between attempts of calls and transactions. Private to
 * store/db*.c. */
#ifndef REEVE_STORE_DB_TRANSACTION_H
#define REEVE_STORE_DB_TRANSACTION_H

/* Waits some random milliseconds, longer with each attempt (counted from 0). */
void pause_before_attempt(int attempt);

#endif
