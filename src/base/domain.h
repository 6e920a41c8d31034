/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of domains. Pure. */
#ifndef REEVE_BASE_DOMAIN_H
#define REEVE_BASE_DOMAIN_H

#include <stdbool.h>

#include "base/arena.h"

/* True for labels of ASCII letters, digits and hyphens, with dots between them. */
bool domain_is_name(const char *text);

/* True for such a name, in the form of domain_normal(), of two labels or more, and
 * of at most 253 bytes; a browser takes it for no address. */
bool domain_is_site(const char *text);

/* In lower case, and without the dot that may stand at its end: the same text for
 * the same domain. */
const char *domain_normal(struct arena *a, const char *text);

/* The host in "http(s)://HOST[:PORT]...", in lower case; "": it is none that a
 * browser would read as we do. */
const char *domain_of_url(struct arena *a, const char *url);

#endif
