/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Seals: texts that the database keeps and only a program with the configured
 * secret can read, XChaCha20-Poly1305 by libsodium. A seal belongs to a place, a
 * text such as "api_key ACCOUNT 1": moved to another, it does not open.
 */
#ifndef REEVE_BASE_SEAL_H
#define REEVE_BASE_SEAL_H

#include "base/arena.h"
#include "base/attr.h"

/* Seals text: base64url of a random nonce and the ciphertext. The arena's. */
const char *seal_make(struct arena *a, const char *secret, const char *place,
    const char *text) MUSTCHECK;

/* The sealed text, the arena's. NULL: it was sealed under another secret or for
 * another place, or was changed. */
const char *seal_open(struct arena *a, const char *secret, const char *place,
    const char *seal) MUSTCHECK;

/* The same under a secret, else under the one before it; "": there is none. */
const char *seal_open_by_either(struct arena *a, const char *secret,
    const char *previous, const char *place, const char *seal) MUSTCHECK;

#endif
