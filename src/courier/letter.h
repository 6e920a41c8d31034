/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of an e-mail as it travels: headers and body by RFC 5322, 2045 and
 * 2047. Pure, except for the arena. Whatever the texts are, they add no header.
 */
#ifndef REEVE_COURIER_LETTER_H
#define REEVE_COURIER_LETTER_H

#include <stdint.h>

#include "base/arena.h"

struct letter {
	const char *from; /* these two fit (base/mail_address.h) */
	const char *to;
	const char *subject; /* UTF-8, as text is */
	const char *text;    /* with lines of any end */
	const char *id;      /* of letters, digits: the same when it is sent
	                        again */
	int64_t created;     /* Gregorian seconds */
};

/* Lines end with CRLF; the arena's. */
const char *letter_write(struct arena *a, const struct letter *letter);

#endif
