/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/db_hosts.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text_hash.h"
#include "store/db.h"

#define SLOTS 64

struct host_fitness {
	_Atomic uint64_t host;    /* digest of its text; 0: the slot is free */
	_Atomic int64_t until_ms; /* unfit until then, and not tried since; 0:
	                             fit */
	_Atomic int64_t since_ms; /* when it became unfit */
	_Atomic int32_t fault;    /* why, as seen last */
};

/* Of this process alone until it is shared. */
static struct host_fitness own_slots[SLOTS];
static struct host_fitness *slots = own_slots;

void
db_share_hosts(void)
{
	void *memory = memory_shared(sizeof(own_slots));

	/* Without it each process learns by itself. */
	if (memory != NULL)
		slots = memory;
}

/* If all slots are taken, hosts share one: they are tried together. */
static struct host_fitness *
find_fitness(const char *text)
{
	uint64_t hash = text_hash(TEXT_HASH_BEGIN, text), seen;
	size_t i;

	for (i = 0; i < SLOTS - 1; i++) {
		seen = 0;
		if (atomic_compare_exchange_strong(&slots[i].host, &seen,
		    hash) || seen == hash)
			break;
	}
	return &slots[i];
}

size_t
hosts_parse(struct arena *a, const char *list, struct db_host **out)
{
	char *copy = arena_strdup(a, list), *save = NULL, *host, *colon;
	struct db_host *hosts = arena_alloc(a,
	    (strlen(list) + 1) / 2 * sizeof(*hosts));
	size_t count = 0;

	*out = hosts;
	for (host = strtok_r(copy, ", ", &save); host != NULL;
	    host = strtok_r(NULL, ", ", &save)) {
		hosts[count] = (struct db_host){ .name = host,
			.text = arena_strdup(a, host),
			.fitness = find_fitness(host) };
		colon = strrchr(host, ':');
		if (colon != NULL && strchr(host, ':') == colon) {
			*colon = '\0';
			hosts[count].port = (unsigned)atoi(colon + 1);
		}
		count++;
	}
	return count;
}

bool
host_take(const struct db_host *host, int64_t now_ms)
{
	int64_t until_ms = host->fitness->until_ms;

	return until_ms == 0 || (now_ms >= until_ms &&
	    atomic_compare_exchange_strong(&host->fitness->until_ms, &until_ms,
	    now_ms + HOST_UNFIT_MS));
}

const struct db_host *
hosts_first_again(const struct db_host *hosts, size_t count)
{
	const struct db_host *first = hosts;
	size_t i;

	for (i = 1; i < count; i++)
		if (hosts[i].fitness->until_ms < first->fitness->until_ms)
			first = &hosts[i];
	return first;
}

void
host_mark_unfit(const struct db_host *host, int64_t now_ms,
    enum host_fault fault, const char *why)
{
	host->fitness->fault = (int32_t)fault;
	if (host->fitness->until_ms == 0)
		host->fitness->since_ms = now_ms;
	if (atomic_exchange(&host->fitness->until_ms,
	    now_ms + HOST_UNFIT_MS) == 0)
		log_warn("database host %s does not serve: %s; it is tried "
		    "again every %d s", host->text, why, HOST_UNFIT_MS / 1000);
}

void
host_mark_fit(const struct db_host *host)
{
	if (atomic_exchange(&host->fitness->until_ms, 0) != 0)
		log_info("database host %s serves again", host->text);
}

/* ---- for the status page ---- */

static const char *const faults[] = {
	[HOST_UNREACHED] = "no connection",
	[HOST_SILENT] = "no answer",
	[HOST_READ_ONLY] = "read-only",
	[HOST_REFUSES] = "refuses",
};

size_t
db_host_list(const struct config *config, struct arena *a,
    struct db_host_state **out)
{
	int64_t now_ms = clock_monotonic_ms();
	const struct host_fitness *fitness;
	struct db_host *hosts;
	size_t i, count;

	if (config->db_socket[0] != '\0')
		return 0;
	count = hosts_parse(a, config->db_hosts, &hosts);
	if (count < 2)
		return 0;
	*out = arena_alloc(a, count * sizeof(**out));
	for (i = 0; i < count; i++) {
		fitness = hosts[i].fitness;
		(*out)[i] = (struct db_host_state){ .text = hosts[i].text };
		if (fitness->until_ms == 0)
			continue;
		(*out)[i].fault = faults[fitness->fault];
		(*out)[i].unfit_ms = now_ms - fitness->since_ms;
	}
	return count;
}
