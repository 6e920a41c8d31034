/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/flights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/clock.h"
#include "base/gregorian.h"
#include "base/json.h"
#include "base/log.h"
#include "courier/errand.h"

#define FLIGHT_CHUNK (16 * 1024)
#define QUEUE_CHUNK 1024

#define AT_A_HOST 2         /* transfers at the same time */
#define WAITING_AT_A_HOST 4 /* messages claimed for it beyond these */
#define SLOW_MS 1000        /* a host that takes longer is passed over */
#define GIVEN_BACK_AT_ONCE 16
#define RESTING_MAX 64
#define TARGET_SIZE 161

#define LANES 3 /* of enum outbox_lane */

struct flight {
	struct flight *next;
	struct arena *arena; /* has the flight itself */
	struct errand errand;
	enum outbox_lane lane;
	const char *queue;
	const char *host;
	struct http_transfer *transfer; /* NULL: it waits for its host */
	int64_t begun_ms;               /* of the transfer */
};

/* A receiver that is passed over for a moment: its messages would be claimed in
 * vain. */
struct resting {
	char target[TARGET_SIZE];
	int64_t until_ms; /* in the past: the place is free */
};

struct flights {
	const struct courier *courier;
	struct resting resting[RESTING_MAX];
	size_t next_resting; /* the place that is taken next */
	struct http_transfers *transfers;
	struct flight *first; /* the oldest */
	size_t count;
	struct {
		size_t count;
		struct arena *arena; /* of after */
		const char *after;   /* the queue whose turn was last */
	} lanes[LANES];
};

/* ---- places ---- */

/* The places that a lane may take: the other one always has some left. Mail has
 * places of its own, so that a smarthost that hangs takes none from the others. */
static size_t
lane_most(const struct flights *f, enum outbox_lane lane)
{
	size_t places = (size_t)f->courier->config->courier_transfers;

	if (lane == OUTBOX_TO_SMARTHOST)
		return places < 16 ? 1 : places / 16;
	if (places == 1)
		return 1;
	return places - (places < 16 ? 1 : places / 8);
}

static bool
has_room(const struct flights *f, enum outbox_lane lane)
{
	size_t places = (size_t)f->courier->config->courier_transfers;

	return f->lanes[lane].count < lane_most(f, lane) &&
	    (lane == OUTBOX_TO_SMARTHOST ||
	    f->count - f->lanes[OUTBOX_TO_SMARTHOST].count < places);
}

static size_t
count_at_host(const struct flights *f, const char *host, bool waiting)
{
	const struct flight *flight;
	size_t count = 0;

	for (flight = f->first; flight != NULL; flight = flight->next)
		count += (flight->transfer == NULL) == waiting &&
		    strcmp(flight->host, host) == 0;
	return count;
}

static bool
is_slow(const struct flights *f, const char *host)
{
	int64_t limit_ms = clock_monotonic_ms() - SLOW_MS;
	const struct flight *flight;

	for (flight = f->first; flight != NULL; flight = flight->next)
		if (flight->transfer != NULL && flight->begun_ms < limit_ms &&
		    strcmp(flight->host, host) == 0)
			return true;
	return false;
}

/* True if the queue of a flight has its share of the places, or if what it has
 * next is likely to be for a host that has enough and will soon have room. */
static bool
is_full(const struct flights *f, const struct flight *of)
{
	const struct flight *flight;
	size_t count = 0, share = lane_most(f, of->lane) / 4;

	if (of->transfer == NULL &&
	    count_at_host(f, of->host, true) >= WAITING_AT_A_HOST &&
	    !is_slow(f, of->host))
		return true;
	for (flight = f->first; flight != NULL; flight = flight->next)
		count += strcmp(flight->queue, of->queue) == 0;
	return count >= (share == 0 ? 1 : share);
}

static const char *
list_full_queues(const struct flights *f, struct arena *a)
{
	struct json_object *list = json_own(a, json_object_new_array());
	const struct flight *flight;

	for (flight = f->first; flight != NULL; flight = flight->next)
		if (is_full(f, flight))
			json_object_array_add(list,
			    json_object_new_string(flight->queue));
	return json_canonical_text(a, list);
}

/* ---- receivers that rest ---- */

static void
let_rest(struct flights *f, const char *target)
{
	struct resting *place = &f->resting[f->next_resting];

	f->next_resting = (f->next_resting + 1) % RESTING_MAX;
	snprintf(place->target, sizeof(place->target), "%s", target);
	place->until_ms = clock_monotonic_ms() + ERRAND_REST_S * 1000;
}

static const char *
list_resting(const struct flights *f, struct arena *a)
{
	struct json_object *list = json_own(a, json_object_new_array());
	int64_t now_ms = clock_monotonic_ms();
	size_t i;

	for (i = 0; i < RESTING_MAX; i++)
		if (f->resting[i].until_ms > now_ms)
			json_object_array_add(list, json_object_new_string(
			    f->resting[i].target));
	return json_canonical_text(a, list);
}

/* ---- all flights ---- */

struct flights *
flights_new(const struct courier *courier)
{
	struct flights *f = calloc(1, sizeof(*f));
	size_t i;

	if (f == NULL)
		log_fatal(71, "out of memory");
	f->courier = courier;
	f->transfers = http_transfers_new();
	for (i = 0; i < LANES; i++) {
		f->lanes[i].arena = arena_new(QUEUE_CHUNK);
		f->lanes[i].after = "";
	}
	return f;
}

void
flights_free(struct flights **f)
{
	size_t i;

	for (i = 0; i < LANES; i++)
		arena_free(&(*f)->lanes[i].arena);
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

/* False: the receiver's breaker is open. */
static bool
take_off(const struct flights *f, struct flight *flight)
{
	if (!errand_may_fly(&flight->errand, flight->arena))
		return false;
	flight->begun_ms = clock_monotonic_ms();
	flight->transfer = http_transfer_begin(f->transfers, flight->arena,
	    &flight->errand.post, flight);
	return true;
}

static void
append(struct flights *f, struct flight *own_flight)
{
	struct flight **at = &f->first;

	while (*at != NULL)
		at = &(*at)->next;
	*at = own_flight;
	f->count++;
	f->lanes[own_flight->lane].count++;
}

static void
take_out(struct flights *f, const struct flight *flight)
{
	struct flight **at = &f->first;

	while (*at != flight)
		at = &(*at)->next;
	*at = flight->next;
	f->count--;
	f->lanes[flight->lane].count--;
}

/* Gives a message back that was not sent. */
static struct problem *
give_back(const struct flights *f, struct arena *a, struct flight *own_flight)
{
	struct problem *p = store_outbox_release(f->courier->db, a,
	    own_flight->errand.message, gregorian_now());

	flight_free(own_flight);
	return p;
}

/* Gives a message back; its receiver rests for a moment. */
static struct problem *
pass_over(struct flights *f, struct arena *a, struct flight *own_flight)
{
	struct problem *p = errand_pass_over(&own_flight->errand, a);

	let_rest(f, own_flight->errand.message->target);
	flight_free(own_flight);
	return p;
}

static struct problem *
land(struct flights *f, struct arena *a, struct flight *flight)
{
	struct http_answer http;

	take_out(f, flight);
	if (flight->transfer == NULL)
		return give_back(f, a, flight);
	http_transfer_end(flight->transfer, &http);
	return flight_end(flight, a, &http);
}

/* ---- claiming ---- */

/* The counts of one flights_fill(). */
struct filling {
	bool found; /* a message, in the last call of take() */
	size_t ended;
	size_t given_back;
};

/* Sends a message unless its host has enough: then it waits, or, if enough wait
 * there, too, is given back; so is one whose receiver's breaker is open. */
static struct problem *
line_up(struct flights *f, struct arena *a, struct flight *own_flight,
    struct filling *filling)
{
	bool room;

	own_flight->host = address_host(own_flight->arena,
	    own_flight->errand.post.url);
	room = count_at_host(f, own_flight->host, false) < AT_A_HOST;
	if (room ? !take_off(f, own_flight) :
	    count_at_host(f, own_flight->host, true) >= WAITING_AT_A_HOST) {
		filling->given_back++;
		return pass_over(f, a, own_flight);
	}
	append(f, own_flight);
	return NULL;
}

static void
note_turn(struct flights *f, const struct flight *flight)
{
	struct arena *arena = f->lanes[flight->lane].arena;

	arena_reset(arena);
	f->lanes[flight->lane].after = arena_strdup(arena, flight->queue);
}

static struct problem *
take(struct flights *f, struct arena *a, enum outbox_lane lane,
    struct filling *filling)
{
	struct flight *flight = flight_new(f);
	struct errand *e = &flight->errand;
	const struct outbox_turn turn = { lane, f->lanes[lane].after,
		list_full_queues(f, flight->arena),
		list_resting(f, flight->arena) };
	struct problem *p;

	p = errand_begin(e, flight->arena, &turn, &filling->found);
	if (p != NULL || !filling->found) {
		if (p != NULL)
			p = problem_copy(a, p);
		flight_free(flight);
		return p;
	}
	flight->lane = lane;
	flight->queue = outbox_queue(flight->arena, e->message->target);
	note_turn(f, flight);
	if (e->sends)
		return line_up(f, a, flight, filling);
	filling->ended++;
	return flight_end(flight, a, NULL);
}

struct problem *
flights_fill(struct flights *f, struct arena *a, size_t *ended)
{
	struct filling filling = { .ended = 0 };
	struct problem *p = NULL;
	bool found;
	int lane;

	do {
		found = false;
		for (lane = 0; lane < LANES && p == NULL; lane++) {
			if (!has_room(f, (enum outbox_lane)lane))
				continue;
			p = take(f, a, (enum outbox_lane)lane, &filling);
			found |= filling.found;
		}
	} while (p == NULL && found &&
	    filling.given_back < GIVEN_BACK_AT_ONCE);
	*ended = filling.ended;
	return p;
}

/* ---- waiting ---- */

/* Sends what waits for a host that has room again, and gives back what would
 * outlive its lease. */
static struct problem *
look_after_waiting(struct flights *f, struct arena *a)
{
	struct flight *flight, *next;
	const struct errand *e;
	struct problem *p = NULL;

	for (flight = f->first; flight != NULL && p == NULL; flight = next) {
		next = flight->next;
		e = &flight->errand;
		if (flight->transfer != NULL)
			continue;
		if (gregorian_now() + e->post.timeout_ms / 1000 + 1 >= e->until)
			p = land(f, a, flight);
		else if (count_at_host(f, flight->host, false) < AT_A_HOST &&
		    !take_off(f, flight)) {
			take_out(f, flight);
			p = pass_over(f, a, flight);
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
			break;
		of_one = land(f, a, flight);
		if (p == NULL)
			p = of_one;
	}
	of_one = look_after_waiting(f, a);
	return p != NULL ? p : of_one;
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
