/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The status page: figures in one of its forms. Pure. */
#ifndef REEVE_API_STATUS_PAGE_H
#define REEVE_API_STATUS_PAGE_H

#include <stdbool.h>

#include "api/figures.h"
#include "base/buffer.h"
#include "base/json.h"

enum page_form { PAGE_TEXT, PAGE_JSON, PAGE_OPENMETRICS, PAGE_HTML };

struct page_choice {
	enum page_form form;
	bool full; /* with a part for each process; OpenMetrics has none */
};

/* Reads the query of a URL, "json&full"; the last form counts, words that are
 * none are ignored. NULL or "": text. */
struct page_choice figures_choose(const char *query);

/* Returns the media type of a form. */
const char *figures_type(enum page_form form);

/* Appends the page. */
void figures_write(struct buffer *out, const struct figures *f,
    const struct page_choice *choice);

/* Appends the members of the JSON form as one object. */
void figures_write_json(struct json_writer *w, const struct figures *f, bool full);

#endif
