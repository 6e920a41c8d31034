/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A request that changes an account's services, from its body to its answer. */
#ifndef REEVE_API_SERVICE_CHANGE_H
#define REEVE_API_SERVICE_CHANGE_H

#include "api/call.h"
#include "service/change.h"

struct service_change {
	/* Makes the proposal that the body asks for. */
	struct problem *(*propose)(struct call *c,
	    const struct service *current, struct service *proposed);
	/* The document that GET of the resource shows; If-Match names its
	 * ETag. */
	struct json_object *(*represent)(struct arena *a,
	    const struct service *service);
	/* Writes the answer; NULL: the answer is the document of represent. */
	struct problem *(*answer)(struct call *c, const struct service *done);
	bool asks;     /* an increase must be accepted */
	bool cascades; /* account quantities may change */
	bool quotes;   /* "quote" may stand in data, too */
};

/* Runs the request. Problems: those of the proposal and of change_commit. */
struct problem *run_service_change(struct call *c,
    const struct service_change *change) MUSTCHECK;

#endif
