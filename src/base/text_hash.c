/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <config.h>

#include "base/text_hash.h"

uint64_t
text_hash(uint64_t before, const char *text)
{
	uint64_t hash = before;

	do
		hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
	while (*text++ != '\0');
	return hash == 0 ? 1 : hash;
}
