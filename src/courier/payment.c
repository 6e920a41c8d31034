/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "courier/payment.h"

#include <time.h>

#include "base/breakers.h"
#include "base/gregorian.h"
#include "base/json.h"
#include "base/log.h"
#include "base/places.h"
#include "courier/courier.h"

#define LOOK_EVERY_NS 100000000

/* Another caller's turn, and then this one's. */
#define TRIAL_MS(config) (2 * 1000 * PAYMENT_TURN_S(config))

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

static const char *
none(const char *text)
{
	return text == NULL ? "-" : text;
}

static struct problem *
ask(const struct courier *courier, struct arena *a, int64_t now,
    struct payment *payment)
{
	struct pay_turn turn = {
		.length_s = PAYMENT_TURN_S(courier->config),
	};
	struct bookkeeper_request request;
	struct bookkeeper_answer answer;
	struct problem *p = wait_for_turn(courier->db, a, payment, &turn);

	if (p != NULL || turn.outcome != PAYMENT_TURN_TAKEN)
		return p;
	request = pay_build_request(a, payment);
	p = courier_ask(courier, a, &request, &answer);
	if (p != NULL || (p = pay_settle(courier->db, a, payment, &answer,
	    turn.first, now)) != NULL)
		return p;
	if (payment->status == PAYMENT_PENDING)
		log_warn("payment %s of account %s is not confirmed: %s: %s",
		    payment->id, payment->account_id, none(answer.reason),
		    none(answer.message));
	return NULL;
}

/* Leaves a payment that is pending to the couriers. Its message has the delivery
 * id that the bookkeeper gets, so it is left once. One that cannot be left is
 * noted, and no reason to tell the client that nothing was done. */
static void
leave(const struct courier *courier, struct arena *a, int64_t now,
    const struct payment *payment)
{
	struct json_object *json = json_own(a, json_object_new_object());
	struct outbox_message message = {
		.account_id = payment->account_id,
		.target = arena_printf(a, PAYMENT_TARGET "%s/%s",
		    payment->bookkeeper.vendor_id, payment->bookkeeper.id),
		.message = "payment",
		.bookkeeper = payment->bookkeeper,
		.delivery_id = pay_build_request(a, payment).delivery_id,
	};
	struct problem *p;

	if (courier->config->couriers == 0)
		return;
	json_put_string(json, "id", payment->id);
	message.document = json_canonical_text(a, json);
	p = store_outbox_add(courier->db, a, &message, now);
	if (p != NULL)
		log_warn("payment %s of account %s is not left to the courier: "
		    "%s", payment->id, payment->account_id, p->text);
}

struct problem *
courier_pay(struct db *db, struct arena *a, const struct config *config,
    const struct payment_order *order, int64_t now, struct payment *payment)
{
	const struct courier courier = { .config = config, .db = db };
	struct breaker_pass pass;
	struct problem *p = NULL;

	if (order != NULL &&
	    (p = pay_begin(db, a, order, now, payment)) != NULL)
		return p;
	if (payment->id == NULL || payment->status != PAYMENT_PENDING)
		return NULL;
	if (!breaker_enter(outbox_bookkeeper_target(a, &payment->bookkeeper),
	    TRIAL_MS(config), &pass)) {
		leave(&courier, a, now, payment);
		return NULL;
	}
	if (place_take(PLACE_BOOKKEEPER, payment->account_id))
		p = ask(&courier, a, now, payment);
	else
		leave(&courier, a, now, payment);
	breaker_leave(&pass);
	return p;
}
