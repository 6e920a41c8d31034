/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pool, for the master account. */
#include "config.h"

#include "api/handlers.h"
#include "api/status_page.h"
#include "api/stored.h"
#include "base/clock.h"

struct problem *
system_status_show(struct call *c)
{
	struct stored stored;
	struct figures f;

	if (c->figures == NULL)
		return problem_text(c->arena, PROBLEM_NOT_IMPLEMENTED,
		    "a CGI program has no figures: its processes end with "
		    "their requests");
	figures_init(&f, c->arena);
	c->figures->gather(c->figures->state, &f);
	stored_read(c->db, c->arena, &stored);
	stored_gather_hosts(c->config, &f);
	stored_gather(&stored, &f, clock_monotonic_ms());
	figures_write_json(&c->response->json, &f, false);
	return NULL;
}
