/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "store/migration_lease.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/ids.h"
#include "base/machine.h"
#include "store/migration_routines.h"

#define LEASE "migrate"
#define LEASE_S 60
#define RENEW_MS 10000
#define LOOK_MS 200
#define WAIT_MOST_MS 3600000

struct lease_claim {
	const char *name;
	const char *owner;
	int64_t seconds;
};

static const struct field claim_parameters[] = {
	FIELD(TEXT, struct lease_claim, name),
	FIELD(TEXT, struct lease_claim, owner),
	FIELD(INTEGER, struct lease_claim, seconds),
};

struct lease_state {
	bool taken;
	const char *owner;
	int64_t seconds; /* until it expires */
};

static const struct field state_columns[] = {
	FIELD(BOOL, struct lease_state, taken),
	FIELD(TEXT, struct lease_state, owner),
	FIELD(INTEGER, struct lease_state, seconds),
};

static const struct db_procedure lease_take_call = {
	PROCEDURE(LEASE_TAKE, "lease_take", WRITE),
	TAKES(claim_parameters),
	GIVES(struct lease_state, state_columns),
};

static const struct field return_parameters[] = {
	FIELD(TEXT, struct lease_claim, name),
	FIELD(TEXT, struct lease_claim, owner),
};

static const struct db_procedure lease_give_back_call = {
	PROCEDURE(LEASE_GIVE_BACK, "lease_give_back", WRITE),
	TAKES(return_parameters),
};

static const char *
owner_name(struct migration *m)
{
	char id[ID_SIZE];

	id_new(id);
	return arena_printf(m->arena, "reevectl migrate on %s (process %ld, "
	    "%.8s)", machine_name(m->arena), (long)getpid(), id);
}

static struct problem *
take(struct migration *m, struct lease_state *state)
{
	const struct lease_claim claim = { LEASE, m->owner, LEASE_S };
	struct db_result found;
	struct problem *p;

	*state = (struct lease_state){ .owner = "" };
	p = migration_call_needed(m, &lease_take_call, &claim, &found);
	if (p == NULL && found.count > 0)
		*state = *(const struct lease_state *)found.rows;
	if (state->taken)
		m->renewed_ms = clock_monotonic_ms();
	return p;
}

static void
pause_briefly(void)
{
	const struct timespec pause = { .tv_nsec = LOOK_MS * 1000000L };

	nanosleep(&pause, NULL);
}

struct problem *
migration_take_lease(struct migration *m)
{
	int64_t until_ms = clock_monotonic_ms() + WAIT_MOST_MS;
	const char *holder = "";
	struct lease_state state;
	struct problem *p;

	m->owner = owner_name(m);
	while ((p = take(m, &state)) == NULL && !state.taken) {
		if (clock_monotonic_ms() > until_ms)
			return problem_text(m->arena, PROBLEM_UNAVAILABLE,
			    "%s has been running for an hour: try again when "
			    "it is done", state.owner);
		if (strcmp(holder, state.owner) != 0)
			migration_say(m, "waiting for", arena_printf(m->arena,
			    "%s, whose lease expires in %lld s unless it is "
			    "renewed or its connection is open", state.owner,
			    (long long)state.seconds));
		holder = state.owner;
		pause_briefly();
	}
	return p;
}

struct problem *
migration_keep_lease(struct migration *m)
{
	return clock_monotonic_ms() - m->renewed_ms < RENEW_MS ? NULL :
	    migration_renew_lease(m);
}

struct problem *
migration_renew_lease(struct migration *m)
{
	struct lease_state state;
	struct problem *p = take(m, &state);

	if (p != NULL || state.taken)
		return p;
	return problem_text(m->arena, PROBLEM_CONFLICT, "a statement took longer "
	    "than the lease of %d s, and %s has it now and goes on", LEASE_S,
	    state.owner);
}

struct problem *
migration_give_lease_back(struct migration *m)
{
	const struct lease_claim claim = { .name = LEASE, .owner = m->owner };

	return db_call(m->db, m->arena, &lease_give_back_call, &claim, NULL);
}
