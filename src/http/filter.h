/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which documents of a list a client wants (api.md 10.1). */
#ifndef REEVE_HTTP_FILTER_H
#define REEVE_HTTP_FILTER_H

#include <stdbool.h>

#include "http/request.h"

/*
 * Does a document fit every filter of the query? filter_KEY=VALUE,
 * filter_not_KEY=VALUE (KEY a dotted path; VALUE a text, or a JSON list of
 * which one is meant), has_key=KEY, key_missing=KEY, has_value=KEY,
 * value_missing=KEY. Values are compared as texts, nothing being "".
 */
bool filter_wants(const struct request *rq, struct json_object *document);

#endif
