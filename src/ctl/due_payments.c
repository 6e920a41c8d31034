/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks of run-due about payments: settling payments whose outcome is unknown,
 * and automatic top-ups. */
#include "config.h"

#include "courier/payment.h"
#include "ctl/due.h"
#include "ctl/print.h"
#include "service/topup.h"

struct problem *
due_payments(struct due_visit *v)
{
	struct payment_list list;
	struct problem *p;
	size_t i;

	p = pay_list_forgotten(v->ctl->db, v->arena, v->account_id, v->now,
	    &list);
	if (v->dry) {
		v->done = p == NULL && list.count > 0;
		return p;
	}
	for (i = 0; p == NULL && i < list.count; i++) {
		p = courier_pay(v->ctl->db, v->arena, v->ctl->config, NULL,
		    v->now, &list.payments[i]);
		v->done = v->done ||
		    list.payments[i].status != PAYMENT_PENDING;
	}
	return p;
}

struct problem *
due_topup(struct due_visit *v)
{
	struct payment_order order;
	struct payment payment;
	struct problem *p;
	const char *why;

	if (v->dry)
		return topup_is_due(v->ctl->db, v->arena, v->account_id,
		    v->now, &v->done);
	p = topup_order_automatic(v->ctl->db, v->arena, v->account_id, v->now,
	    &order, &why);
	if (p == NULL && why == NULL)
		p = courier_pay(v->ctl->db, v->arena, v->ctl->config, &order,
		    v->now, &payment);
	if (p != NULL || why != NULL || payment.id == NULL)
		return p;
	v->done = payment.status == PAYMENT_COMPLETED;
	if (!v->done)
		ctl_tell("%s: not topped up: %s\n", v->account_id,
		    payment.message != NULL ? payment.message :
		    payment.reason != NULL ? payment.reason : "no answer");
	return NULL;
}
