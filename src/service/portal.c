/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "service/portal.h"

#include <string.h>

#include "base/domain.h"
#include "base/json.h"

#define MEMBER "domain"

const char *
portal_host(struct arena *a, const struct config *config)
{
	return domain_normal(a, domain_of_url(a, config->ui_url));
}

bool
portal_has_domain(struct arena *a, const struct config *config,
    struct json_object *document)
{
	const char *domain = json_string_at(document, MEMBER);

	return domain != NULL && domain[0] != '\0' && strcmp(domain_normal(a,
	    domain), portal_host(a, config)) == 0;
}

struct problem *
portal_check(struct arena *a, const struct config *config, bool is_master,
    struct json_object *before, struct json_object *document,
    const char *place)
{
	const char *domain = json_string_at(document, MEMBER);
	const char *old = json_string_at(before, MEMBER);
	const char *field = problem_path(a, place, MEMBER);

	if (domain == NULL || (old != NULL && strcmp(old, domain) == 0))
		return NULL;
	if (!domain_is_site(domain_normal(a, domain)))
		return problem_invalid(a, field, "format",
		    "The value is not a domain, such as portal.example.com");
	if (!is_master && portal_has_domain(a, config, document))
		return problem_invalid(a, field, "forbidden",
		    "The domain is that of the operator's own pages");
	return NULL;
}
