/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/payment.h"

#include <time.h>

#include "base/breakers.h"
#include "base/gregorian.h"
#include "base/places.h"
#include "courier/courier.h"

#define TURN_SPARE_S 3            /* to record the outcome */
#define LOOK_EVERY_NS 100000000

/* Another caller's turn, and then this one's. */
#define TRIAL_MS(config) \
	(2 * 1000 * ((config)->courier_timeout_s + TURN_SPARE_S))

/* Waits while another process asks the bookkeeper. */
static struct problem *
wait_for_turn(struct db *db, struct arena *a, struct payment *payment,
    struct pay_turn *turn)
{
	const struct timespec pause = { .tv_nsec = LOOK_EVERY_NS };
	struct problem *p;

	for (;;) {
		p = pay_take_turn(db, a, payment, turn, gregorian_now());
		if (p != NULL || turn->outcome != PAYMENT_TURN_BUSY)
			return p;
		nanosleep(&pause, NULL);
	}
}

static struct problem *
ask(const struct courier *courier, struct arena *a, int64_t now,
    struct payment *payment)
{
	struct pay_turn turn = {
		.length_s = courier->config->courier_timeout_s + TURN_SPARE_S,
	};
	struct bookkeeper_request request;
	struct bookkeeper_answer answer;
	struct problem *p = wait_for_turn(courier->db, a, payment, &turn);

	if (p != NULL || turn.outcome != PAYMENT_TURN_TAKEN)
		return p;
	request = pay_build_request(a, payment);
	p = courier_ask(courier, a, &request, &answer);
	return p != NULL ? p : pay_settle(courier->db, a, payment, &answer,
	    turn.first, now);
}

struct problem *
courier_pay(struct db *db, struct arena *a, const struct config *config,
    const struct payment_order *order, int64_t now, struct payment *payment)
{
	const struct courier courier = { .config = config, .db = db };
	struct breaker_pass pass;
	struct problem *p;

	if (order != NULL &&
	    (p = pay_begin(db, a, order, now, payment)) != NULL)
		return p;
	if (payment->id == NULL || payment->status != PAYMENT_PENDING)
		return NULL;
	if (!breaker_enter(outbox_bookkeeper_target(a, &payment->bookkeeper),
	    TRIAL_MS(config), &pass))
		return NULL;
	p = place_take(PLACE_BOOKKEEPER, payment->account_id) ?
	    ask(&courier, a, now, payment) : NULL;
	breaker_leave(&pass);
	return p;
}
