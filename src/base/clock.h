/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock for intervals: it never goes back, and knows no date. */
#ifndef REEVE_BASE_CLOCK_H
#define REEVE_BASE_CLOCK_H

#include <stdint.h>

/* The clocks of hosts, by date, may differ by this without harm. */
#define CLOCKS_DIFFER_S 60

/* Milliseconds since some moment before the program started. */
int64_t clock_monotonic_ms(void);

/* The same in microseconds. */
int64_t clock_monotonic_us(void);

#endif
