/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/flights.h"

#include <stdlib.h>

#include "base/log.h"
#include "courier/errand.h"

#define FLIGHT_CHUNK (16 * 1024)

struct flight {
	struct flight *next;
	struct arena *arena; /* has the flight itself */
	struct errand errand;
	struct http_transfer *transfer;
};

struct flights {
	const struct courier *courier;
	struct http_transfers *transfers;
	struct flight *first;
	size_t count;
};

struct flights *
flights_new(const struct courier *courier)
{
	struct flights *f = calloc(1, sizeof(*f));

	if (f == NULL)
		log_fatal(71, "out of memory");
	f->courier = courier;
	f->transfers = http_transfers_new();
	return f;
}

void
flights_free(struct flights **f)
{
	http_transfers_free(&(*f)->transfers);
	free(*f);
	*f = NULL;
}

size_t
flights_count(const struct flights *f)
{
	return f->count;
}

/* ---- one flight ---- */

static struct flight *
flight_new(const struct flights *f)
{
	struct arena *arena = arena_new(FLIGHT_CHUNK);
	struct flight *flight = arena_alloc(arena, sizeof(*flight));

	flight->arena = arena;
	flight->errand.courier = f->courier;
	return flight;
}

static void
flight_free(struct flight *own_flight)
{
	struct arena *arena = own_flight->arena;

	arena_free(&arena);
}

/* Records the outcome and frees the flight; a problem moves to a. */
static struct problem *
flight_end(struct flight *own_flight, struct arena *a,
    const struct http_answer *http)
{
	struct courier_step step;
	struct problem *p;

	p = errand_end(&own_flight->errand, own_flight->arena, http, &step);
	if (p != NULL)
		p = problem_copy(a, p);
	flight_free(own_flight);
	return p;
}

static void
take_off(struct flights *f, struct flight *own_flight)
{
	own_flight->next = f->first;
	f->first = own_flight;
	f->count++;
	own_flight->transfer = http_transfer_begin(f->transfers,
	    own_flight->arena, &own_flight->errand.post, own_flight);
}

static struct problem *
land(struct flights *f, struct arena *a, struct flight *flight)
{
	struct flight **at = &f->first;
	struct http_answer http;

	while (*at != flight)
		at = &(*at)->next;
	*at = flight->next;
	f->count--;
	http_transfer_end(flight->transfer, &http);
	return flight_end(flight, a, &http);
}

/* ---- all of them ---- */

struct problem *
flights_fill(struct flights *f, struct arena *a, size_t *ended)
{
	size_t places = (size_t)f->courier->config->courier_transfers;
	struct problem *p = NULL;
	struct flight *flight;
	bool found = true;

	*ended = 0;
	while (p == NULL && found && f->count < places) {
		flight = flight_new(f);
		p = errand_begin(&flight->errand, flight->arena, &found);
		if (p != NULL || !found) {
			if (p != NULL)
				p = problem_copy(a, p);
			flight_free(flight);
		} else if (flight->errand.sends) {
			take_off(f, flight);
		} else {
			p = flight_end(flight, a, NULL);
			++*ended;
		}
	}
	return p;
}

struct problem *
flights_wait(struct flights *f, struct arena *a, int wait_ms, size_t *ended)
{
	struct problem *p = NULL, *of_one;
	void *flight;

	for (*ended = 0;; ++*ended) {
		if (!http_transfers_wait(f->transfers,
		    *ended == 0 ? wait_ms : 0, &flight))
			log_fatal(71, "libcurl is unable to go on");
		if (flight == NULL)
			return p;
		of_one = land(f, a, flight);
		if (p == NULL)
			p = of_one;
	}
}

struct problem *
flights_break_off(struct flights *f, struct arena *a)
{
	struct problem *p = NULL, *of_one;

	while (f->first != NULL) {
		of_one = land(f, a, f->first);
		if (p == NULL)
			p = of_one;
	}
	return p;
}
