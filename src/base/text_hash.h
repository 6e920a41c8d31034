/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fast number of texts, FNV-1a, for tables of a few hundred places. It keeps
 * nobody from finding texts of one number: against such, base/secret.h. */
#ifndef REEVE_BASE_TEXT_HASH_H
#define REEVE_BASE_TEXT_HASH_H

#include <stdint.h>

#define TEXT_HASH_BEGIN UINT64_C(14695981039346656037)

/* The number of a text behind those of before (TEXT_HASH_BEGIN: none): the end of
 * each counts, so that texts do not run together. Never 0. */
uint64_t text_hash(uint64_t before, const char *text);

#endif
