/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells a service manager how things stand ($NOTIFY_SOCKET), if there is one. */
#ifndef REEVE_POOL_NOTIFY_H
#define REEVE_POOL_NOTIFY_H

void notify_ready(void);
void notify_stopping(void);

#endif
