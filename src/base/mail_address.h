/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of e-mail. Pure. */
#ifndef REEVE_BASE_MAIL_ADDRESS_H
#define REEVE_BASE_MAIL_ADDRESS_H

#include <stdbool.h>

/*
 * True for LOCAL@DOMAIN of ASCII letters, digits and the signs that need no
 * quotes, so that neither a header nor a command of SMTP can be made with it. A
 * quoted local part, an address literal and a name that is not ASCII are none.
 */
bool is_mail_address(const char *text);

#endif
