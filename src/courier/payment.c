/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/payment.h"

#include <time.h>

#include "base/gregorian.h"
#include "base/places.h"
#include "courier/courier.h"

#define TURN_SPARE_S 3            /* to record the outcome */
#define LOOK_EVERY_NS 100000000

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

struct problem *
courier_pay(struct db *db, struct arena *a, const struct config *config,
    const struct payment_order *order, int64_t now, struct payment *payment)
{
	const struct courier courier = { .config = config, .db = db };
	struct pay_turn turn = {
		.length_s = config->courier_timeout_s + TURN_SPARE_S,
	};
	struct bookkeeper_request request;
	struct bookkeeper_answer answer;
	struct problem *p;

	if (order != NULL &&
	    (p = pay_begin(db, a, order, now, payment)) != NULL)
		return p;
	if (payment->id == NULL || payment->status != PAYMENT_PENDING)
		return NULL;
	if (!place_take(PLACE_BOOKKEEPER, payment->account_id))
		return NULL;
	p = wait_for_turn(db, a, payment, &turn);
	if (p != NULL || turn.outcome != PAYMENT_TURN_TAKEN)
		return p;
	request = pay_build_request(a, payment);
	p = courier_ask(&courier, a, &request, &answer);
	return p != NULL ? p :
	    pay_settle(db, a, payment, &answer, turn.first, now);
}
